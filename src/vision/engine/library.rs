//! Which ONNX Runtime library may be loaded into this process.
//!
//! Loading runs the library's own code, a truncated file kills the process with SIGBUS, and versions
//! from 1.29 on write telemetry files as soon as they are loaded unless `ORT_DISABLE_TELEMETRY=1` is in
//! the environment. The environment cannot be changed safely from inside a running program, so the
//! choice of library has to settle all three:
//!
//! - Unasked, only the pinned version is loaded, from where `backstay engine install` put it, and only
//!   after its sha256 has been checked. It writes no telemetry files.
//! - Another library is loaded only when the person names it (`ORT_DYLIB_PATH`) and has switched
//!   telemetry off (`ORT_DISABLE_TELEMETRY=1`); a pinned one may be named without that.
//!
//! Telemetry is switched off through the library's own interface besides (Windows builds have it).

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::pins::{self, Pin};
use crate::vision::model::hex;

/// Where a library may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryPlaces {
    /// The program's data folder, where `backstay engine install` puts it.
    pub data_folder: PathBuf,
    /// A library named by the person; taken rather than the installed one.
    pub named: Option<PathBuf>,
    /// Whether the environment already forbids ONNX Runtime to write telemetry files.
    pub telemetry_disabled: bool,
}

impl LibraryPlaces {
    /// The data folder, and what the environment says (`ORT_DYLIB_PATH`, `ORT_DISABLE_TELEMETRY`).
    #[must_use]
    pub fn from_env(data_folder: PathBuf) -> Self {
        Self {
            data_folder,
            named: std::env::var_os("ORT_DYLIB_PATH")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            telemetry_disabled: std::env::var_os("ORT_DISABLE_TELEMETRY").is_some_and(|v| v == "1"),
        }
    }
}

/// A library that may be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// The file.
    pub path: PathBuf,
    /// Its version, where its sha256 is one of the pinned ones.
    pub version: Option<&'static str>,
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.version {
            Some(version) => write!(f, "ONNX Runtime {version}, \"{path}\", sha256 checked"),
            None => write!(f, "ONNX Runtime as named by ORT_DYLIB_PATH, \"{path}\""),
        }
    }
}

/// Why no library can be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// None is installed, none is named.
    #[error(
        "ONNX Runtime is not installed; run \"backstay engine install\" for an engine about four times as fast"
    )]
    NotInstalled,
    /// None can be installed.
    #[error(
        "there is no build of ONNX Runtime for {} on {}; use engine \"rten\"",
        std::env::consts::OS,
        std::env::consts::ARCH
    )]
    NoBuild,
    /// The file cannot be read.
    #[error("cannot read library \"{}\"", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The installed file is not what was installed.
    #[error(
        "library \"{}\" is damaged: its sha256 does not match; run \"backstay engine install\" again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The named file is of unknown version, and telemetry is not switched off.
    #[error(
        "library \"{}\" (ORT_DYLIB_PATH) is not the version this program knows; unset ORT_DYLIB_PATH, \
         or set ORT_DISABLE_TELEMETRY=1 as well: newer versions write telemetry files", path.display()
    )]
    Telemetry {
        /// The file.
        path: PathBuf,
    },
    /// The named file is cut off.
    #[error(
        "library \"{}\" (ORT_DYLIB_PATH) is cut off; copy it again, or unset ORT_DYLIB_PATH",
        path.display()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
    },
    /// The system refused to load it.
    #[error("cannot load library \"{}\": {reason}; use engine \"rten\"", path.display())]
    Load {
        /// The file.
        path: PathBuf,
        /// The loader's reason.
        reason: String,
    },
    /// This process has already loaded another one, and cannot change.
    #[error(
        "cannot load library \"{}\": this process already runs \"{}\"",
        path.display(), loaded.display()
    )]
    Another {
        /// The file.
        path: PathBuf,
        /// The file that is loaded.
        loaded: PathBuf,
    },
}

/// Finds a library that may be loaded, and checks it.
///
/// # Errors
/// See [`LibraryError`].
pub fn find(places: &LibraryPlaces) -> Result<Library, LibraryError> {
    match &places.named {
        Some(path) => named(path, places.telemetry_disabled),
        None => {
            let pin = Pin::for_this_platform().ok_or(LibraryError::NoBuild)?;
            installed(&pin, &places.data_folder)
        }
    }
}

/// The installed library of `pin`, once its sha256 is right.
///
/// # Errors
/// [`LibraryError::NotInstalled`], [`LibraryError::Read`] and [`LibraryError::Damaged`].
pub fn installed(pin: &Pin<'_>, data_folder: &Path) -> Result<Library, LibraryError> {
    let path = pin.library_file(data_folder);
    let digest = match sha256_of(&path) {
        Ok(digest) => digest,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(LibraryError::NotInstalled);
        }
        Err(source) => return Err(LibraryError::Read { path, source }),
    };
    if digest != pin.library_sha256 {
        return Err(LibraryError::Damaged { path });
    }
    Ok(Library {
        path,
        version: pins::version_of(&digest),
    })
}

fn named(path: &Path, telemetry_disabled: bool) -> Result<Library, LibraryError> {
    let unreadable = |source| LibraryError::Read {
        path: path.to_owned(),
        source,
    };
    // The loader looks for a relative path in places of its own; what is checked must be what is loaded.
    let path = path.canonicalize().map_err(unreadable)?;
    let version = pins::version_of(&sha256_of(&path).map_err(unreadable)?);
    if version.is_none() {
        if !telemetry_disabled {
            return Err(LibraryError::Telemetry { path });
        }
        if is_cut_off(&path).map_err(unreadable)? {
            return Err(LibraryError::Truncated { path });
        }
    }
    Ok(Library { path, version })
}

/// Whether a 64-bit little-endian ELF file ends before its section headers do. Linkers put them last,
/// so any cut shows. Files of other kinds are left to their systems' loaders.
fn is_cut_off(path: &Path) -> io::Result<bool> {
    /// Length of the ELF header.
    const HEADER: usize = 64;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = Vec::with_capacity(HEADER);
    file.by_ref().take(HEADER as u64).read_to_end(&mut header)?;
    if !header.starts_with(b"\x7fELF\x02\x01") {
        return Ok(false);
    }
    let Ok(header) = <[u8; HEADER]>::try_from(header) else {
        return Ok(true);
    };
    let number = |at: usize, bytes: usize| {
        header[at..at + bytes]
            .iter()
            .rev()
            .fold(0_u64, |value, byte| value << 8 | u64::from(*byte))
    };
    // e_shoff, e_shentsize, e_shnum of the System V ABI's Elf64_Ehdr.
    let (offset, size, count) = (number(0x28, 8), number(0x3a, 2), number(0x3c, 2));
    Ok(offset.saturating_add(size * count) > length)
}

/// sha256 of a file, 64 lower-case hexadecimal digits.
pub(super) fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn places(folder: &Path, named: Option<PathBuf>, telemetry_disabled: bool) -> LibraryPlaces {
        LibraryPlaces {
            data_folder: folder.to_owned(),
            named,
            telemetry_disabled,
        }
    }

    fn pin<'a>(library_sha256: &'a str) -> Pin<'a> {
        Pin {
            version: "9.9.9",
            wheel_name: "onnxruntime-9.9.9.whl",
            wheel_sha256: "",
            library_path: "onnxruntime/capi/libonnxruntime.so.9.9.9",
            library_sha256,
        }
    }

    #[test]
    fn an_installed_library_is_taken_only_with_its_sha256() {
        let folder = tempfile::tempdir().unwrap();
        let digest = crate::vision::model::sha256(b"library");
        let pin = pin(&digest);
        let none = installed(&pin, folder.path()).unwrap_err();
        assert!(matches!(none, LibraryError::NotInstalled), "{none}");

        let path = pin.library_file(folder.path());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "libra").unwrap();
        let cut = installed(&pin, folder.path()).unwrap_err();
        assert!(matches!(cut, LibraryError::Damaged { .. }), "{cut}");

        fs::write(&path, "library").unwrap();
        assert_eq!(installed(&pin, folder.path()).unwrap().path, path);
    }

    #[test]
    fn an_unknown_library_needs_telemetry_switched_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libonnxruntime.so");
        fs::write(&path, "not pinned").unwrap();
        let error = find(&places(folder.path(), Some(path.clone()), false)).unwrap_err();
        assert!(matches!(error, LibraryError::Telemetry { .. }), "{error}");
        let library = find(&places(folder.path(), Some(path), true)).unwrap();
        assert_eq!(library.version, None);
    }

    #[test]
    fn a_named_library_that_is_missing_does_not_fall_back_on_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing.so");
        let error = find(&places(folder.path(), Some(path), true)).unwrap_err();
        assert!(matches!(error, LibraryError::Read { .. }), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_cut_off_library_is_noticed_before_it_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let whole = fs::read(std::env::current_exe().unwrap()).unwrap();
        let path = folder.path().join("lib.so");
        for (length, cut) in [
            (whole.len(), false),
            (whole.len() - 1, true),
            (4096, true),
            (10, true),
        ] {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(is_cut_off(&path).unwrap(), cut, "{length}");
        }
    }
}
