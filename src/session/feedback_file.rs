//! What the person said of alerts: a file each in a folder, which holds what was seen before the
//! alert that was wrong. It is a session like any other, and its name says when and of which fault.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Header, SessionError, SessionWriter};
use crate::domain::io::{Fault, Input};
use crate::domain::time::Moment;
use crate::private;

/// The ending of the files' names.
const ENDING: &str = ".jsonl";

/// One word of the person: an alert about this fault was wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feedback {
    /// Its name: the local time, `YYYY-MM-DDTHH-MM-SS`, and the fault.
    pub name: String,
    /// The fault that the alert was about.
    pub fault: Fault,
}

/// Why feedback cannot be kept, listed or undone.
#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    /// The system refuses.
    #[error("cannot {what} {path:?}")]
    System {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The session cannot be written.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// There is no such feedback.
    #[error("there is no feedback {name:?}; \"backstay feedback list\" tells which there is")]
    Missing {
        /// Its name.
        name: String,
    },
}

/// The folder that feedback is kept in.
#[derive(Clone, Debug)]
pub struct FeedbackFolder(PathBuf);

impl FeedbackFolder {
    /// The folder at `path`; it is made with the first feedback.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// All feedback, the oldest first. Other files are passed over.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<Feedback>, FeedbackError> {
        let cannot = |source| self.cannot("read folder", &self.0, source);
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(cannot)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry.map_err(cannot)?.file_name();
            found.extend(name.to_str().and_then(parse));
        }
        found.sort();
        Ok(found)
    }

    /// Keeps what was `seen` before an alert about `fault`, at a local time `stamp` of the form
    /// `YYYY-MM-DD HH:MM:SS`.
    ///
    /// # Errors
    /// When it cannot be written; a second one about the same fault in the same second cannot.
    pub fn add(
        &self,
        stamp: &str,
        fault: Fault,
        header: &Header,
        seen: impl IntoIterator<Item = (Moment, Input)>,
    ) -> Result<Feedback, FeedbackError> {
        private::make_folder(&self.0).map_err(|e| self.cannot("make folder", &self.0, e))?;
        let stamp = stamp.replace(' ', "T").replace(':', "-");
        let name = format!("{stamp}-{}", fault.name());
        let path = self.file(&name);
        let mut writer = SessionWriter::create(&path, header)?;
        for (at, input) in seen {
            writer.input(at, &input)?;
        }
        writer.finish()?;
        Ok(Feedback { name, fault })
    }

    /// Removes the feedback of this name.
    ///
    /// # Errors
    /// When there is none, or the system refuses.
    pub fn undo(&self, name: &str) -> Result<(), FeedbackError> {
        let known = self
            .list()?
            .into_iter()
            .any(|feedback| feedback.name == name);
        if !known {
            let name = name.to_owned();
            return Err(FeedbackError::Missing { name });
        }
        let path = self.file(name);
        fs::remove_file(&path).map_err(|e| self.cannot("remove", &path, e))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{ENDING}"))
    }

    fn cannot(&self, what: &'static str, path: &Path, source: io::Error) -> FeedbackError {
        FeedbackError::System {
            what,
            path: path.to_owned(),
            source,
        }
    }
}

/// The feedback whose file is called `file`.
fn parse(file: &str) -> Option<Feedback> {
    let name = file.strip_suffix(ENDING)?;
    let (stamp, fault) = name.split_at_checked("2026-01-01T00-00-00".len())?;
    let fault = fault.strip_prefix('-')?;
    let digits = |c: char| c.is_ascii_digit() || c == '-' || c == 'T';
    Some(Feedback {
        name: name.to_owned(),
        fault: Fault::ALL.into_iter().find(|known| known.name() == fault)?,
    })
    .filter(|_| stamp.chars().all(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Line, Model, SessionReader};
    use serde_json::Map;
    use std::time::Duration;

    use crate::domain::time::WallTime;

    fn header() -> Header {
        Header {
            program: "0.1.0".to_owned(),
            model: Model {
                name: "lightning".to_owned(),
                sha256: "ab".repeat(32),
            },
            engine: "rten".to_owned(),
            frame: (640, 480),
            started: START,
            settings: Map::new(),
            baseline: None,
            profiles: Vec::new(),
        }
    }

    const START: WallTime = WallTime {
        unix_ms: 0,
        utc_offset_s: 0,
    };

    #[test]
    fn feedback_is_kept_listed_and_undone() {
        let home = tempfile::tempdir().unwrap();
        let folder = FeedbackFolder::at(home.path().join("feedback"));
        assert_eq!(folder.list().unwrap(), []);
        let seen = |n: u64| (Moment::after(START, Duration::from_secs(n)), Input::Tick);
        let add = |stamp, fault| folder.add(stamp, fault, &header(), [seen(1), seen(2)]);
        let slouch = add("2026-11-26 15:04:05", Fault::Slouch).unwrap();
        assert_eq!(slouch.name, "2026-11-26T15-04-05-slouch");
        let lean = add("2026-11-25 09:00:00", Fault::LeanIn).unwrap();
        // A word given twice in a second is one word.
        assert!(add("2026-11-26 15:04:05", Fault::Slouch).is_err());
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        fs::write(folder.path().join("2026-11-26T15-04-05-yawn.jsonl"), "").unwrap();
        assert_eq!(folder.list().unwrap(), [lean.clone(), slouch.clone()]);

        let mut reader = SessionReader::open(&folder.file(&slouch.name)).unwrap();
        let lines: Vec<Line> = reader.by_ref().map(Result::unwrap).collect();
        assert_eq!(lines.len(), 2);

        folder.undo(&slouch.name).unwrap();
        assert_eq!(folder.list().unwrap(), [lean]);
        for name in [slouch.name.as_str(), "../notes", "notes.txt", ""] {
            let error = folder.undo(name).unwrap_err().to_string();
            assert!(error.contains("feedback list"), "{error}");
        }
        assert!(folder.path().join("notes.txt").exists());
    }
}
