//! What can be wrong with a session file, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a session could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is a file of that name, and a recording never replaces another.
    #[error("session file {path:?} exists already; give another name, or move the file away")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be made.
    #[error(
        "cannot create session file {path:?}: {error}; \
         give a name in a folder that exists and may be written to"
    )]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file could not be added to: the disk is full, or gone.
    #[error(
        "cannot write session file {path:?}: {error}; \
         what came before can still be replayed, make room and start another recording"
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A line was offered after an error of writing had ended the recording.
    #[error("session file {path:?} ended with an earlier error; start another recording")]
    Ended {
        /// The file.
        path: PathBuf,
    },
    /// A value cannot be written: it is not a finite number, or a time is past 97 days. The line
    /// was left out; the recording goes on.
    #[error("cannot write a line of session file {path:?}: {reason}; the line is left out")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What cannot be written.
        reason: String,
    },
    /// The file could not be opened.
    #[error("cannot open session file {path:?}: {error}; check the name")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file could not be read on.
    #[error(
        "cannot read session file {path:?} after line {line}: {error}; \
         take another copy of the file"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// How many lines had been read, the header included.
        line: u64,
        /// What the system or the decoder said.
        error: io::Error,
    },
    /// There is nothing in the file.
    #[error("session file {path:?} is empty; record another with `backstay record`")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file does not begin as a session does.
    #[error("{path:?} is not a backstay session: {reason}; give a file made by `backstay record`")]
    NotASession {
        /// The file.
        path: PathBuf,
        /// How the beginning differs.
        reason: String,
    },
    /// The file was made by a newer program.
    #[error(
        "session file {path:?} has format version {found}, \
         and backstay {program} reads up to version {known}; update backstay",
        program = env!("CARGO_PKG_VERSION"),
        known = super::VERSION
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        found: u32,
    },
    /// The header says it is one, and is broken.
    #[error("session file {path:?} has a broken header: {reason}; mend line 1, or record another")]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A line is not as the format has it.
    #[error("session file {path:?} is broken in line {line}: {reason}; mend or delete that line")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, the header being 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

/// The reason that a time is before the one it follows.
pub(super) fn backwards(latest: Duration, t: Duration) -> String {
    format!(
        "time goes back from {} s to {} s",
        latest.as_secs_f64(),
        t.as_secs_f64()
    )
}

/// The reason `serde_json` gives, with the column and without the line: what is parsed is always
/// one line of a file.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(reason) => format!("{reason} (column {})", error.column()),
        None => text,
    }
}
