//! Which camera was used last, from one run to the next.

use std::fs;
use std::io;
use std::path::Path;

use crate::config::folders;
use crate::private;

/// The file in the state folder: one line, the camera's id.
const FILE: &str = "last-camera";

/// An id is a line; what is longer is another file.
const MAX_BYTES: u64 = 4096;

/// The id of the camera used last; `None` when there was none, or it cannot be told any more, which
/// costs no more than the preference.
#[must_use]
pub fn load() -> Option<String> {
    read(&folders::state().ok()?.join(FILE))
}

/// Notes that the camera with this id is used. That it cannot be noted goes to the log only: the
/// camera works all the same.
pub fn save(id: &str) {
    let saved = folders::state()
        .map_err(io::Error::other)
        .and_then(|folder| write(&folder, id));
    if let Err(error) = saved {
        tracing::warn!("cannot note which camera is used: {error}");
    }
}

fn read(path: &Path) -> Option<String> {
    if MAX_BYTES < fs::metadata(path).ok()?.len() {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let id = text.lines().next()?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// Writes the file, for its owner's eyes only, whole or not at all, unless it says so already.
fn write(folder: &Path, id: &str) -> io::Result<()> {
    let path = folder.join(FILE);
    // A name may hold anything.
    let id = id.replace(char::is_control, " ");
    if read(&path).as_deref() == Some(&id) {
        return Ok(());
    }
    private::write(&path, format!("{id}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_again_and_private() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state/backstay");
        assert_eq!(read(&folder.join(FILE)), None);
        write(&folder, "usb-046d:0825-A1").unwrap();
        write(&folder, "name-Fake\nHD").unwrap();
        assert_eq!(read(&folder.join(FILE)).unwrap(), "name-Fake HD");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&folder.join(FILE)), 0o600);
            assert_eq!(mode(&folder), 0o700);
        }
    }

    #[test]
    fn what_is_no_id_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "\n").unwrap();
        assert_eq!(read(&path), None);
        fs::write(&path, "x".repeat(5000)).unwrap();
        assert_eq!(read(&path), None);
    }
}
