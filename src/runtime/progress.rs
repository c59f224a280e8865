//! How far long work has come, on a terminal.

use std::io::IsTerminal;

use super::stdio::tell;

/// Shows how many of a recording's frames have been read; takes the line away when dropped.
#[derive(Debug)]
pub struct Progress {
    live: bool,
    /// Stands before the numbers.
    name: String,
}

/// The line is drawn anew after so many frames: a few times a second.
const STEP: usize = 10;

impl Progress {
    /// Progress on stderr, if that is a terminal and stdout is none: events on the same terminal
    /// are progress enough.
    #[must_use]
    pub fn stderr() -> Self {
        Self {
            live: std::io::stderr().is_terminal() && !std::io::stdout().is_terminal(),
            name: String::new(),
        }
    }

    /// Progress with the recording called `name`, on stderr if that is a terminal: for work that
    /// tells nothing on stdout before it is done.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self {
            live: std::io::stderr().is_terminal(),
            name: format!("{name}: "),
        }
    }

    /// Notes that `read` frames, of `all` if that is known, have been read.
    pub fn show(&mut self, read: usize, all: Option<usize>) {
        if !self.live || !read.is_multiple_of(STEP) {
            return;
        }
        let name = &self.name;
        match all {
            Some(all) => tell(&format!("\r\x1b[2K{name}{read} of {all} pictures")),
            None => tell(&format!("\r\x1b[2K{name}{read} pictures")),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.live {
            tell("\r\x1b[2K");
        }
    }
}
