//! Where a run is reached, and that there is one at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::private;

/// The socket of the control API.
const SOCKET: &str = "control.sock";

/// Locked by the run as long as it lives, however it ends; holds its process number.
const LOCK: &str = "run.lock";

/// Why a run cannot have the place.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// There is a run already.
    #[error("backstay runs already{}; \"backstay status\" tells how it is, \"backstay stop\" ends it", of(*pid))]
    Taken {
        /// Its process, where that can be read.
        pid: Option<u32>,
    },
    /// The folder cannot be made or used.
    #[error(
        "cannot use {path:?} to be reached by; make it writable, or set XDG_RUNTIME_DIR to a folder that is"
    )]
    Unusable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn of(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

/// The place of the one run; let go with the value, and by the system when the process ends.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    _lock: File,
}

/// The socket in `folder`.
#[must_use]
pub fn socket(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// Claims the place in `folder` for this process.
///
/// # Errors
/// When another run has it, or the folder cannot be used.
pub fn claim(folder: &Path) -> Result<Place, PlaceError> {
    let unusable = |path: &Path| {
        let path = path.to_owned();
        move |source| PlaceError::Unusable { path, source }
    };
    make_private(folder).map_err(unusable(folder))?;
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut lock = options.open(&path).map_err(unusable(&path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Without a number it is said without.
            let _ = lock.read_to_string(&mut text);
            return Err(PlaceError::Taken {
                pid: text.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(error)) => return Err(unusable(&path)(error)),
    }
    let note = |lock: &mut File| -> io::Result<()> {
        lock.set_len(0)?;
        lock.rewind()?;
        writeln!(lock, "{}", std::process::id())
    };
    note(&mut lock).map_err(unusable(&path))?;
    Ok(Place {
        folder: folder.to_owned(),
        _lock: lock,
    })
}

/// Whether a run has the place in `folder`.
#[must_use]
pub fn is_taken(folder: &Path) -> bool {
    let lock = File::open(folder.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

impl Place {
    /// The socket's path; a socket that a run before has left there is gone.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn free_socket(&self) -> Result<PathBuf, PlaceError> {
        let path = socket(&self.folder);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(PlaceError::Unusable { path, source })
            }
            _ => Ok(path),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A socket that stays refuses connections, and the next run removes it.
        let _ = fs::remove_file(socket(&self.folder));
    }
}

/// Makes `folder`, readable by its owner alone, or takes the rights of others away.
fn make_private(folder: &Path) -> io::Result<()> {
    private::make_folder(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_at_a_time_and_the_second_learns_who() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("run");
        assert!(!is_taken(&folder));
        let place = claim(&folder).unwrap();
        assert!(is_taken(&folder));
        let error = claim(&folder).unwrap_err().to_string();
        let pid = format!("process {}", std::process::id());
        assert!(error.contains(&pid), "{error}");
        drop(place);
        assert!(!is_taken(&folder));
        assert!(claim(&folder).is_ok());
    }

    #[test]
    fn what_a_run_left_behind_is_removed() {
        let home = tempfile::tempdir().unwrap();
        let place = claim(home.path()).unwrap();
        fs::write(socket(home.path()), "").unwrap();
        let path = place.free_socket().unwrap();
        assert!(!path.exists());
        place.free_socket().unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let error = claim(&home.path().join("file/run")).unwrap_err();
        assert!(matches!(error, PlaceError::Unusable { .. }), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn folder_and_lock_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("run");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let _place = claim(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join(LOCK)), 0o600);
    }
}
