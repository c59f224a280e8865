//! Recorded observations: versioned JSON Lines, never pixels.
//!
//! A session file is a [`Header`], then one line for each input of the monitor and each effect
//! that came of it, in the order of their moments. What is written is restored exactly, so that a
//! replay judges the very numbers the live run judged. The contract, with every field, is
//! `docs/session-format.md`.
//!
//! The domain knows no file format; the types that are written stand here, with conversions to the
//! domain's and back.

mod baseline;
pub mod baseline_file;
mod error;
pub mod feedback_file;
mod header;
mod input;
mod line;
mod number;
mod output;
mod profile;
pub mod profile_file;
mod reader;
pub mod settings;
mod taken;
mod timeline;
mod words;
mod writer;

pub use baseline::BaselineRecord;
pub use error::SessionError;
pub use header::{Header, Model};
pub use profile::NamedProfile;
pub use reader::{Line, SessionReader};
pub use writer::SessionWriter;

/// The version of the format this program writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// The longest line that is read, in bytes. An observation takes about 600 and a header with a
/// baseline about 2,000; anything near a mebibyte is another kind of file.
pub const LINE_LIMIT: usize = 1 << 20;

/// The ending of the names of files that are compressed with Zstandard.
const COMPRESSED: &str = "zst";

/// Whether the name of the file says that it is compressed.
fn is_compressed(path: &std::path::Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case(COMPRESSED))
}
