//! Installs the pinned ONNX Runtime: from a package index, or from a file at hand.
//!
//! Nothing is believed but the sha256 in the [`Pin`]: not the index, not the wheel's name, not the
//! connection. The wheel goes into a file without a name, the library into a `.partial-…` file that is
//! renamed when it is whole and right; whatever stops the program in between leaves nothing that would be
//! loaded, and the next install removes what is left.

mod fetch;
mod index;
pub mod pip;
mod place;
mod url;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::library::{self, LibraryError};
use super::pins::{self, Pin};
use pip::PipSettings;

/// Where the library is taken from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// A package index.
    Index(&'a PipSettings),
    /// A wheel or a library on this machine.
    File(&'a Path),
}

/// How an install ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The library was there, intact.
    Already(PathBuf),
    /// The library has been put there.
    Installed(PathBuf),
}

/// How far a download is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It begins.
    Started {
        /// Where from; without credentials.
        url: String,
        /// How long it will be, if the server says so.
        bytes: Option<u64>,
    },
    /// It goes on.
    Received {
        /// What has come so far.
        bytes: u64,
        /// How long it will be, if the server says so.
        of: Option<u64>,
    },
}

/// Why nothing was installed. URLs are shown without credentials.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A URL that cannot be used.
    #[error("cannot use index url \"{url}\": {reason}")]
    Url {
        /// The URL.
        url: String,
        /// What is wrong with it, and the remedy.
        reason: &'static str,
    },
    /// The certificates named for pip cannot be used.
    #[error("cannot read certificates \"{}\" (PIP_CERT or pip's \"cert\")", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The network, the server or the connection failed.
    #[error(
        "cannot fetch \"{url}\": {reason}; try again, set PIP_INDEX_URL, \
         or give the file with \"backstay engine install --from FILE\""
    )]
    Fetch {
        /// The URL.
        url: String,
        /// The reason.
        reason: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer is longer than anything expected.
    #[error(
        "cannot fetch \"{url}\": the answer is longer than {limit} bytes; set PIP_INDEX_URL to another index"
    )]
    TooLong {
        /// The URL.
        url: String,
        /// The most that is taken.
        limit: u64,
    },
    /// The answer is neither of the two known kinds of index page.
    #[error(
        "cannot read index page \"{url}\": {reason}; set PIP_INDEX_URL to the address of a Python package index"
    )]
    Page {
        /// The URL.
        url: String,
        /// The reason.
        reason: serde_json::Error,
    },
    /// The index lacks the wheel.
    #[error(
        "index \"{url}\" does not list \"{wheel}\"; set PIP_INDEX_URL to another index, \
         or give the file with \"backstay engine install --from FILE\""
    )]
    NotListed {
        /// The index page.
        url: String,
        /// The wheel's name.
        wheel: String,
    },
    /// The wheel is not the pinned one.
    #[error(
        "\"{name}\" is damaged or not genuine: its sha256 is {found}, not {wanted}; nothing was installed"
    )]
    WrongWheel {
        /// The URL or file.
        name: String,
        /// Its sha256.
        found: String,
        /// The pinned sha256.
        wanted: String,
    },
    /// The given file is nothing we know.
    #[error(
        "cannot install \"{}\": its sha256 is neither that of \"{wheel}\" nor that of the library in it; \
         download that wheel again", path.display()
    )]
    WrongFile {
        /// The file.
        path: PathBuf,
        /// The wheel's name.
        wheel: String,
    },
    /// The wheel cannot be unpacked, or has no library inside.
    #[error("cannot take \"{library}\" out of \"{wheel}\"")]
    Unpack {
        /// The library's path in the wheel.
        library: String,
        /// The wheel's name.
        wheel: String,
        /// The reason.
        source: zip::result::ZipError,
    },
    /// The library is not the pinned one.
    #[error(
        "library \"{library}\" is damaged or not genuine: its sha256 is {found}, not {wanted}; nothing was installed"
    )]
    WrongLibrary {
        /// The library's path in the wheel.
        library: String,
        /// Its sha256.
        found: String,
        /// The pinned sha256.
        wanted: String,
    },
    /// A file of ours cannot be written, or the given one not read.
    #[error("cannot {what} \"{}\"", path.display())]
    File {
        /// `read`, `write`, `create`.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
}

/// Puts the library of `pin` into `data_folder`, unless it is there and intact.
///
/// # Errors
/// See [`InstallError`]. After an error the folder holds what it held before.
pub fn install(
    pin: &Pin<'_>,
    data_folder: &Path,
    origin: Origin<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome, InstallError> {
    match library::installed(pin, data_folder) {
        Ok(library) => return Ok(Outcome::Already(library.path)),
        Err(LibraryError::Damaged { path } | LibraryError::Read { path, .. }) => {
            tracing::info!("replacing damaged library \"{}\"", path.display());
        }
        Err(_) => {}
    }
    let folder = place::prepare(&pins::engine_folder(data_folder))?;
    let path = match origin {
        Origin::Index(settings) => {
            let wheel = fetch::wheel(pin, settings, &folder, progress)?;
            place::from_wheel(pin, data_folder, wheel)?
        }
        Origin::File(path) => from_file(pin, data_folder, path)?,
    };
    Ok(Outcome::Installed(path))
}

fn from_file(pin: &Pin<'_>, data_folder: &Path, path: &Path) -> Result<PathBuf, InstallError> {
    let unreadable = |source| InstallError::File {
        what: "read",
        path: path.to_owned(),
        source,
    };
    let digest = library::sha256_of(path).map_err(unreadable)?;
    let file = File::open(path).map_err(unreadable)?;
    if digest == pin.wheel_sha256 {
        place::from_wheel(pin, data_folder, file)
    } else if digest == pin.library_sha256 {
        place::library(pin, data_folder, file, unreadable)
    } else {
        Err(InstallError::WrongFile {
            path: path.to_owned(),
            wheel: pin.wheel_name.to_owned(),
        })
    }
}
