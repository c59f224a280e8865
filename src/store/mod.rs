//! The history: an SQLite database that its owner alone can read, `history.db` in the data folder.
//!
//! The run writes the stretches of time at the desk, `backstay break` what came of a break, `backstay
//! report` reads. They may do so at once: each change is one transaction, and whoever comes second
//! waits for a moment.

mod migrate;
mod read;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use write::BreakRecord;

/// The name of the file.
pub const FILE: &str = "history.db";

/// Another program's change takes some milliseconds; whoever waits longer than this meets one that
/// hangs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Its folder cannot be made, or the file not.
    #[error("cannot make the history \"{}\"", path.display())]
    Make {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A newer program has made it.
    #[error(
        "the history \"{}\" is of a newer backstay (version {version}, this one knows {known}); \
         update backstay", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: i64,
        /// The latest that this program knows.
        known: i64,
    },
    /// It is something else, or broken.
    #[error(
        "the history \"{}\" is no history of backstay, or broken; move it away and a new one is made",
        path.display()
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// It cannot be read or written now.
    #[error("cannot use the history \"{}\"", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
}

/// The history, opened.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

impl Store {
    /// Opens the history at `path`, which is made where there is none (mode 0600, its folder 0700).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Make {
            path: path.to_owned(),
            source,
        };
        // Made before SQLite does: the files that it keeps beside it get the same mode.
        crate::private::touch(path).map_err(failed)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|it| error(path, it))?;
        let mut store = Self {
            path: path.to_owned(),
            connection,
        };
        store.set_up().map_err(|it| error(path, it))?;
        store.migrate()?;
        Ok(store)
    }

    /// Opens the history at `path` for reading; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_if_there(path: &Path) -> Result<Option<Self>, StoreError> {
        match path.exists() {
            true => Self::open(path).map(Some),
            false => Ok(None),
        }
    }

    fn set_up(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(PATIENCE)?;
        // Readers do not wait for writers. What was written in the last moments before the machine
        // lost its power may be lost; the file stays whole.
        self.connection.pragma_update(None, "journal_mode", "wal")?;
        self.connection
            .pragma_update(None, "synchronous", "normal")?;
        self.connection.pragma_update(None, "foreign_keys", true)
    }

    fn tell<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|source| error(&self.path, source))
    }
}

fn error(path: &Path, source: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => StoreError::Broken { path, source },
        _ => StoreError::Failed { path, source },
    }
}
