//! The labelled recordings at the places that a person names.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::cache::KEPT;
use super::labels::{Labels, LabelsError, plain};
use crate::vision::source::folder::is_picture;

/// The labels of a folder's pictures, and of its sessions that have none of their own.
const LABELS: &str = "labels.json";

/// A recording with what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Labelled {
    /// The last part of its path, or all of it where another has the same.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// A session, and not a folder of pictures.
    pub is_session: bool,
    /// What is true of it.
    pub labels: Labels,
}

impl Labelled {
    /// Who is seen: the recording's own name where the labels do not tell.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.labels.subject.as_deref().unwrap_or(&self.name)
    }
}

/// Why there are no recordings at a place.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nothing is there.
    #[error("there is no file or folder {0:?}; name a recording, or a folder of recordings")]
    Missing(PathBuf),
    /// The file is no session.
    #[error(
        "{0:?} is no session (.jsonl or .jsonl.zst); \
         name one, a folder of pictures, or a folder of recordings"
    )]
    OtherFile(PathBuf),
    /// The folder cannot be listed.
    #[error("cannot read folder {path:?}")]
    List {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Neither the folder nor those in it are labelled recordings.
    #[error(
        "folder {0:?} holds no labelled recordings; put labels.json beside the pictures, or \
         NAME.labels.json beside the session NAME.jsonl"
    )]
    Nothing(PathBuf),
    /// The labels of a recording are missing or wrong.
    #[error(transparent)]
    Labels(#[from] LabelsError),
}

/// The recordings at `paths`: each a folder of pictures, a session, or a folder that holds such
/// recordings, which are then taken in the order of their names. One that is named twice is taken
/// once.
///
/// # Errors
/// When nothing is there, or the labels are missing or wrong.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Labelled>, FindError> {
    let mut found: Vec<Labelled> = Vec::new();
    for path in paths {
        for recording in at(path)? {
            let known = |other: &Labelled| is_same(&other.path, &recording.path);
            if !found.iter().any(known) {
                found.push(recording);
            }
        }
    }
    let names: Vec<String> = found.iter().map(|r| r.name.clone()).collect();
    for recording in &mut found {
        if names.iter().filter(|name| **name == recording.name).count() > 1 {
            recording.name = plain(&recording.path.to_string_lossy());
        }
    }
    Ok(found)
}

fn at(path: &Path) -> Result<Vec<Labelled>, FindError> {
    if path.is_file() {
        return match session_stem(path) {
            Some(_) => Ok(vec![session(path)?]),
            None => Err(FindError::OtherFile(path.to_owned())),
        };
    }
    if !path.is_dir() {
        return Err(FindError::Missing(path.to_owned()));
    }
    let inside = list(path)?;
    if inside.iter().any(|file| is_picture(file)) {
        return Ok(vec![pictures(path)?]);
    }
    let mut found = Vec::new();
    for inner in inside {
        if inner.is_dir() {
            let has_pictures = || Ok::<_, FindError>(list(&inner)?.iter().any(|f| is_picture(f)));
            if inner.join(LABELS).is_file() && has_pictures()? {
                found.push(pictures(&inner)?);
            }
        } else if session_stem(&inner).is_some() && labels_of_session(&inner).is_file() {
            found.push(session(&inner)?);
        }
    }
    if found.is_empty() {
        return Err(FindError::Nothing(path.to_owned()));
    }
    Ok(found)
}

fn pictures(folder: &Path) -> Result<Labelled, LabelsError> {
    Ok(Labelled {
        name: name_of(folder),
        path: folder.to_owned(),
        is_session: false,
        labels: Labels::load(folder, &folder.join(LABELS))?,
    })
}

fn session(file: &Path) -> Result<Labelled, LabelsError> {
    let is_kept = file.file_name() == Some(OsStr::new(KEPT));
    let named = file.parent().filter(|_| is_kept).unwrap_or(file);
    Ok(Labelled {
        name: name_of(named),
        path: file.to_owned(),
        is_session: true,
        labels: Labels::load(file, &labels_of_session(file))?,
    })
}

/// Labels of the session's own, else those of its folder.
fn labels_of_session(file: &Path) -> PathBuf {
    let stem = session_stem(file).unwrap_or_default();
    let own = file.with_file_name(format!("{stem}.{LABELS}"));
    let shared = file.with_file_name(LABELS);
    if !own.exists() && shared.exists() {
        shared
    } else {
        own
    }
}

/// The name of a session without its endings; `None` where it is no session's name.
fn session_stem(file: &Path) -> Option<&str> {
    let name = file.file_name()?.to_str()?;
    name.strip_suffix(".zst")
        .unwrap_or(name)
        .strip_suffix(".jsonl")
}

/// What a folder holds, in the order of the names.
fn list(folder: &Path) -> Result<Vec<PathBuf>, FindError> {
    let failed = |source| FindError::List {
        path: folder.to_owned(),
        source,
    };
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        inside.push(entry.map_err(failed)?.path());
    }
    inside.sort();
    Ok(inside)
}

/// The last part of a path, of `.` and the like too.
fn name_of(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    plain(
        &whole
            .file_name()
            .unwrap_or(whole.as_os_str())
            .to_string_lossy(),
    )
}

fn is_same(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"segments":[{"from":0,"to":5,"label":"x","verdict":"good"}]}"#;

    fn file(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn names(found: &[Labelled]) -> Vec<&str> {
        found.iter().map(|r| r.name.as_str()).collect()
    }

    #[test]
    fn recordings_are_found_one_level_down_in_order() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        for name in ["b/1.jpg", "a/1.png", "unlabelled/1.jpg", "deep/er/1.jpg"] {
            file(home, name, "");
        }
        for name in ["b/labels.json", "a/labels.json", "deep/er/labels.json"] {
            file(home, name, GOOD);
        }
        file(home, "s.jsonl.zst", "");
        file(home, "s.labels.json", GOOD);
        file(home, "alone.jsonl", "");
        let found = find(&[home.to_owned(), home.join("b")]).unwrap();
        assert_eq!(names(&found), ["a", "b", "s.jsonl.zst"]);
        assert_eq!(found.iter().filter(|r| r.is_session).count(), 1);
        assert_eq!(found[0].subject(), "a");
    }

    #[test]
    fn a_session_takes_its_own_labels_before_its_folders() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        file(home, "s.jsonl", "");
        file(home, "labels.json", GOOD);
        let of_folder = find(&[home.join("s.jsonl")]).unwrap();
        assert_eq!(of_folder[0].labels.end(), 5.0);
        file(home, "s.labels.json", &GOOD.replace(":5", ":7"));
        let own = find(&[home.join("s.jsonl")]).unwrap();
        assert_eq!(own[0].labels.end(), 7.0);
    }

    #[test]
    fn recordings_of_one_name_are_told_apart() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        for name in ["x/same", "y/same"] {
            file(home, &format!("{name}/1.jpg"), "");
            file(home, &format!("{name}/labels.json"), GOOD);
        }
        let found = find(&[home.join("x/same"), home.join("y/same")]).unwrap();
        assert!(found[0].name.ends_with("x/same") && found[1].name.ends_with("y/same"));
    }

    #[test]
    fn without_labels_the_remedy_is_told() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        file(home, "f/1.jpg", "");
        file(home, "s.jsonl", "");
        file(home, "x.txt", "");
        let why = |name: &str| find(&[home.join(name)]).unwrap_err().to_string();
        assert!(why("f").ends_with("f/labels.json\""), "{}", why("f"));
        assert!(
            why("s.jsonl").ends_with("s.labels.json\""),
            "{}",
            why("s.jsonl")
        );
        assert!(why("x.txt").contains("is no session"));
        assert!(why("nothing").contains("there is no file or folder"));
        assert!(why(".").contains("holds no labelled recordings"));
    }
}
