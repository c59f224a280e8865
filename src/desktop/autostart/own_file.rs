//! Files that the program has written and may therefore overwrite and remove.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::AutostartError;
use crate::private;

/// What tells our files, in one of their first lines.
pub(super) const MARK: &str = "Written by \"backstay autostart enable\"";

/// Our files begin with at most one line of the format's own.
const MARKED_WITHIN: usize = 3;

/// What bears a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Ours(String),
    Foreign,
}

/// What is at `path`. A link is foreign, wherever it leads: whoever made it wants it kept.
pub(super) fn find(path: &Path) -> Result<Found, AutostartError> {
    let cannot = |error| AutostartError::File {
        verb: "read",
        path: path.to_owned(),
        error,
    };
    match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(cannot(error)),
        Ok(found) if !found.is_file() => return Ok(Found::Foreign),
        Ok(_) => {}
    }
    let text = fs::read(path).map_err(cannot)?;
    Ok(match String::from_utf8(text) {
        Ok(text) if is_marked(&text) => Found::Ours(text),
        _ => Found::Foreign,
    })
}

fn is_marked(text: &str) -> bool {
    let mut first = text.lines().take(MARKED_WITHIN);
    first.any(|line| line.contains(MARK))
}

/// Writes `text`, for its owner's eyes only, whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), AutostartError> {
    let is_new = match find(path)? {
        Found::Nothing => true,
        Found::Ours(there) if there == text => return Ok(()),
        Found::Ours(_) => false,
        Found::Foreign => return Err(AutostartError::Foreign(path.to_owned())),
    };
    let cannot = |error| AutostartError::File {
        verb: "write",
        path: path.to_owned(),
        error,
    };
    let folder = path.parent().unwrap_or(Path::new("/"));
    private::make_folder(folder).map_err(cannot)?;
    // A temporary file is made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    // Half a file would lack the mark, and nobody would dare to mend it.
    file.as_file().sync_all().map_err(cannot)?;
    let kept = if is_new {
        file.persist_noclobber(path)
    } else {
        file.persist(path)
    };
    match kept {
        Ok(_) => Ok(()),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(AutostartError::Foreign(path.to_owned()))
        }
        Err(failed) => Err(cannot(failed.error)),
    }
}

/// Removes our file; false when there was none.
pub(super) fn remove(path: &Path) -> Result<bool, AutostartError> {
    match find(path)? {
        Found::Nothing => Ok(false),
        Found::Foreign => Err(AutostartError::Foreign(path.to_owned())),
        Found::Ours(_) => match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(AutostartError::File {
                verb: "remove",
                path: path.to_owned(),
                error,
            }),
        },
    }
}

/// Whether there is nothing of that name, or can be nothing because a file is in the way.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_is_overwritten_and_removed() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b");
        assert_eq!(find(&path).unwrap(), Found::Nothing);
        assert!(!remove(&path).unwrap());
        let text = |number| format!("# {MARK}\n{number}\n");
        for number in [1, 1, 2] {
            write(&path, &text(number)).unwrap();
            assert_eq!(find(&path).unwrap(), Found::Ours(text(number)));
        }
        assert!(remove(&path).unwrap());

        let foreign = format!("1\n2\n3\n# {MARK}\n");
        fs::write(&path, &foreign).unwrap();
        assert!(matches!(write(&path, &text(3)), Err(AutostartError::Foreign(p)) if p == path));
        assert!(matches!(remove(&path), Err(AutostartError::Foreign(p)) if p == path));
        assert_eq!(fs::read_to_string(&path).unwrap(), foreign);
        assert_eq!(fs::read_dir(home.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_foreign() {
        let home = tempfile::tempdir().unwrap();
        let (path, link) = (home.path().join("a"), home.path().join("b"));
        write(&path, MARK).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(find(&link).unwrap(), Found::Foreign);
        fs::remove_file(&path).unwrap();
        assert_eq!(find(&link).unwrap(), Found::Foreign);
    }
}
