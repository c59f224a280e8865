//! From a checked wheel to a checked library in its place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::ZipArchive;

use super::InstallError;
use crate::private;
use crate::vision::engine::pins::{self, Pin};
use crate::vision::model::hex;

/// Begins the names of files that are being written.
const PARTIAL: &str = ".partial-";

/// Three times the largest library (30 MB): what unpacks to more is not it.
const MAX_LIBRARY_BYTES: u64 = 96 << 20;

/// Makes the folder of engines, readable by its owner only, and removes what an interrupted install left.
pub(super) fn prepare(folder: &Path) -> Result<PathBuf, InstallError> {
    create_private(folder)?;
    remove_leftovers(folder).map_err(|source| InstallError::File {
        what: "read",
        path: folder.to_owned(),
        source,
    })?;
    Ok(folder.to_owned())
}

/// Takes the library out of a wheel whose sha256 has been checked, and puts it in its place.
pub(super) fn from_wheel(
    pin: &Pin<'_>,
    data_folder: &Path,
    wheel: File,
) -> Result<PathBuf, InstallError> {
    let failed = |source| InstallError::Unpack {
        library: pin.library_path.to_owned(),
        wheel: pin.wheel_name.to_owned(),
        source,
    };
    let mut archive = ZipArchive::new(wheel).map_err(failed)?;
    let entry = archive.by_name(pin.library_path).map_err(failed)?;
    library(pin, data_folder, entry, |error| failed(error.into()))
}

/// Copies the library into its place, if its sha256 is right. `unreadable` names the source's failures.
pub(super) fn library(
    pin: &Pin<'_>,
    data_folder: &Path,
    source: impl Read,
    unreadable: impl FnOnce(io::Error) -> InstallError,
) -> Result<PathBuf, InstallError> {
    let folder = pins::engine_folder(data_folder);
    let target = pin.library_file(data_folder);
    let unwritable = |source| InstallError::File {
        what: "write",
        path: target.clone(),
        source,
    };
    // Created 0600, and removed on drop.
    let mut partial = tempfile::Builder::new()
        .prefix(PARTIAL)
        .tempfile_in(&folder)
        .map_err(unwritable)?;
    // Tells another install that this file is not a leftover. Where locks are not to be had, it may be
    // taken for one: then renaming it fails, and the install with it.
    if let Err(error) = partial.as_file().try_lock() {
        tracing::debug!("cannot lock \"{}\": {error}", partial.path().display());
    }
    let digest = match copy(source.take(MAX_LIBRARY_BYTES), &mut partial) {
        Ok(digest) => digest,
        Err(Failed::Reading(error)) => return Err(unreadable(error)),
        Err(Failed::Writing(error)) => return Err(unwritable(error)),
    };
    if digest != pin.library_sha256 {
        return Err(InstallError::WrongLibrary {
            library: pin.library_path.to_owned(),
            found: digest,
            wanted: pin.library_sha256.to_owned(),
        });
    }
    partial.as_file().sync_all().map_err(unwritable)?;
    let own_folder = pin.folder(data_folder);
    create_private(&own_folder)?;
    if let Err(error) = partial.persist(&target) {
        // Goes only if it is empty, that is, if it was made just now.
        let _ = fs::remove_dir(&own_folder);
        return Err(unwritable(error.error));
    }
    Ok(target)
}

/// Which side of a copy failed.
pub(super) enum Failed {
    Reading(io::Error),
    Writing(io::Error),
}

/// Copies everything; gives the sha256 of what was copied.
fn copy(mut source: impl Read, target: &mut NamedTempFile) -> Result<String, Failed> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                target.write_all(&buffer[..read]).map_err(Failed::Writing)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failed::Reading(error)),
        }
    }
}

fn create_private(folder: &Path) -> Result<(), InstallError> {
    private::make_folder(folder).map_err(|source| InstallError::File {
        what: "create",
        path: folder.to_owned(),
        source,
    })
}

/// Removes partial files that no running install holds locked.
fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(PARTIAL) {
            continue;
        }
        let path = entry.path();
        let unused = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if unused && let Err(error) = fs::remove_file(&path) {
            tracing::warn!("cannot remove \"{}\": {error}", path.display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_but_not_what_another_install_is_writing() {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join(".partial-old");
        let busy = folder.path().join(".partial-new");
        let other = folder.path().join("something-else");
        for path in [&stale, &busy, &other] {
            fs::write(path, "x").unwrap();
        }
        let held = File::open(&busy).unwrap();
        held.try_lock().unwrap();
        remove_leftovers(folder.path()).unwrap();
        assert!(!stale.exists());
        assert!(busy.exists() && other.exists());
    }
}
