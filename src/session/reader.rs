//! Reads a session.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde_json::error::Category;

use super::error::{self, SessionError};
use super::header::{Header, HeaderLine, Mark};
use super::line::{Body, ReadLine};
use super::timeline::Timeline;
use super::{LINE_LIMIT, VERSION, is_compressed};
use crate::domain::io::{Effect, Input};
use crate::domain::time::Moment;

/// What a line of a session tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The monitor was handed this.
    Input(Moment, Input),
    /// The monitor wanted this, of the input before it at the same moment.
    Effect(Moment, Effect),
}

/// Reads a session line by line: an iterator that ends after the last line or the first error.
///
/// A last line that is half-written, as a crash leaves it, is left out, and so is all that a
/// compressed file has lost at its end; [`notice`](Self::notice) tells so after the end.
pub struct SessionReader {
    path: PathBuf,
    header: Header,
    lines: Lines,
    timeline: Timeline,
    notice: Option<String>,
    ended: bool,
}

impl SessionReader {
    /// Opens the file and reads its header. A file whose name ends in `.zst` is decompressed.
    ///
    /// # Errors
    /// When the file cannot be read, is empty, is not a session, is of a newer format, or has a
    /// broken header.
    pub fn open(path: &Path) -> Result<Self, SessionError> {
        let mut lines = Lines::open(path).map_err(|error| SessionError::Open {
            path: path.into(),
            error,
        })?;
        let header = read_header(path, &mut lines)?;
        Ok(Self {
            path: path.into(),
            timeline: Timeline::new(header.started),
            header,
            lines,
            notice: None,
            ended: false,
        })
    }

    /// What stands in the first line.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What was left out at the end of the file, for the person; none before the end.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// The next line; none at the end.
    fn read(&mut self) -> Result<Option<Line>, SessionError> {
        let end = self
            .lines
            .next()
            .map_err(|error| self.lines.read_error(&self.path, error))?;
        if end == End::Lost {
            self.notice = Some(format!(
                "session file {:?} is cut off in the middle of its compressed data; \
                 what could be decompressed is read",
                self.path
            ));
        }
        if end == End::TooLong {
            return Err(self.broken(TOO_LONG.to_owned()));
        }
        if self.lines.buffer.is_empty() {
            return match end {
                End::Newline => Err(self.broken("the line is empty".to_owned())),
                _ => Ok(None),
            };
        }
        match serde_json::from_slice(&self.lines.buffer) {
            Ok(line) => self.restore(line).map(Some),
            // What is whole JSON and yet wrong was not written by a crash.
            Err(error) if end != End::Newline && error.classify() != Category::Data => {
                self.notice.get_or_insert_with(|| {
                    format!(
                        "session file {:?} ends in a half-written line, {}; it is left out",
                        self.path, self.lines.number
                    )
                });
                Ok(None)
            }
            Err(error) => Err(self.broken(error::reason(&error))),
        }
    }

    fn restore(&mut self, line: ReadLine) -> Result<Line, SessionError> {
        let elapsed = line.t.0;
        if elapsed < self.timeline.latest {
            return Err(self.broken(error::backwards(self.timeline.latest, elapsed)));
        }
        let at = self.timeline.advance(elapsed, line.wall);
        Ok(match line.body {
            Body::In(input) => Line::Input(at, input.into_input(self.header.frame)),
            Body::Out(out) => Line::Effect(at, out.into()),
        })
    }

    fn broken(&self, reason: String) -> SessionError {
        SessionError::Line {
            path: self.path.clone(),
            line: self.lines.number,
            reason,
        }
    }
}

impl Iterator for SessionReader {
    type Item = Result<Line, SessionError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = self.read().transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

const TOO_LONG: &str = "the line is longer than 1 MiB";

fn read_header(path: &Path, lines: &mut Lines) -> Result<Header, SessionError> {
    let not_a_session = |reason: String| SessionError::NotASession {
        path: path.into(),
        reason,
    };
    let end = match lines.next() {
        Ok(end) => end,
        // A decoder that stumbles over the first bytes has been given something else.
        Err(error) if lines.compressed && error.kind() == ErrorKind::Other => {
            return Err(not_a_session(format!(
                "it cannot be decompressed as its name promises ({error})"
            )));
        }
        Err(error) => return Err(lines.read_error(path, error)),
    };
    if end == End::TooLong {
        return Err(not_a_session(TOO_LONG.to_owned()));
    }
    if lines.buffer.is_empty() && end == End::File {
        return Err(SessionError::Empty { path: path.into() });
    }
    let mark: Mark = serde_json::from_slice(&lines.buffer).map_err(|error| {
        not_a_session(if end != End::Newline && error.is_eof() {
            "its first line is cut off".to_owned()
        } else {
            format!("its first line is no header: {}", error::reason(&error))
        })
    })?;
    match mark.backstay_session {
        0 => return Err(not_a_session("there is no format version 0".to_owned())),
        VERSION => {}
        found => {
            return Err(SessionError::Newer {
                path: path.into(),
                found,
            });
        }
    }
    let header: HeaderLine =
        serde_json::from_slice(&lines.buffer).map_err(|error| SessionError::Header {
            path: path.into(),
            reason: error::reason(&error),
        })?;
    Ok(header.into())
}

/// How a line ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// As it should.
    Newline,
    /// With the file.
    File,
    /// Where the compressed data break off.
    Lost,
    /// It goes on past [`LINE_LIMIT`].
    TooLong,
}

/// The lines of a file, one at a time, in a buffer that is used again.
struct Lines {
    source: Box<dyn BufRead + Send>,
    compressed: bool,
    /// The latest line, without its newline.
    buffer: Vec<u8>,
    /// Its number, from 1.
    number: u64,
    /// How many lines with a newline have been read.
    complete: u64,
}

impl Lines {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let compressed = is_compressed(path);
        let source: Box<dyn BufRead + Send> = if compressed {
            Box::new(BufReader::new(zstd::Decoder::new(file)?))
        } else {
            Box::new(BufReader::new(file))
        };
        Ok(Self {
            source,
            compressed,
            buffer: Vec::new(),
            number: 0,
            complete: 0,
        })
    }

    fn next(&mut self) -> io::Result<End> {
        self.buffer.clear();
        self.number += 1;
        let limit = LINE_LIMIT as u64 + 1;
        let read = (&mut self.source)
            .take(limit)
            .read_until(b'\n', &mut self.buffer);
        match read {
            Err(error) if self.compressed && error.kind() == ErrorKind::UnexpectedEof => {
                return Ok(End::Lost);
            }
            read => read?,
        };
        if self.buffer.pop_if(|last| *last == b'\n').is_some() {
            self.complete += 1;
            return Ok(End::Newline);
        }
        Ok(if self.buffer.len() as u64 == limit {
            End::TooLong
        } else {
            End::File
        })
    }

    fn read_error(&self, path: &Path, error: io::Error) -> SessionError {
        SessionError::Read {
            path: path.into(),
            line: self.complete,
            error,
        }
    }
}
