//! Records a session.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::{self, SessionError};
use super::header::{Header, HeaderLine};
use super::input::In;
use super::is_compressed;
use super::line::WrittenLine;
use super::number::Seconds;
use super::output::Out;
use super::timeline::Timeline;
use crate::domain::io::{Effect, Input};
use crate::domain::time::Moment;

/// Records a session into a file of its own.
///
/// Observations are collected; whoever records calls [`flush`](Self::flush) about once a second, so
/// that a crash costs no more than that. Commands, camera reports and effects are flushed at once.
/// After an error of writing (a full disk) the recording is over: each later call gives
/// [`SessionError::Ended`], and what the file holds can still be read.
///
/// Dropping the writer finishes the file as [`finish`](Self::finish) does, but nobody learns of an
/// error, and the system may keep the last of it in memory for a while.
pub struct SessionWriter {
    path: PathBuf,
    /// None once the recording is over.
    sink: Option<Sink>,
    frame: (u32, u32),
    timeline: Timeline,
}

impl SessionWriter {
    /// Makes the file, readable for its owner alone, and writes the header. A name that ends in
    /// `.zst` makes it compressed.
    ///
    /// # Errors
    /// When there is a file of that name, when it cannot be made or written, or when a number in
    /// the header is not finite.
    pub fn create(path: &Path, header: &Header) -> Result<Self, SessionError> {
        let line = serialized(path, &HeaderLine::from(header))?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => SessionError::Exists { path: path.into() },
            _ => SessionError::Create {
                path: path.into(),
                error,
            },
        })?;
        let mut writer = Self::over(path, file, header)?;
        writer.append(&line)?;
        writer.flush()?;
        Ok(writer)
    }

    /// Records that `input` came at `at`.
    ///
    /// # Errors
    /// [`SessionError::Unwritable`] when a number is not finite or the time goes back or is past 97
    /// days: that line is left out. [`SessionError::Write`] when the file cannot be added to.
    pub fn input(&mut self, at: Moment, input: &Input) -> Result<(), SessionError> {
        self.record(at, In::new(input, self.frame))?;
        match input {
            Input::Observation(_) | Input::Tick => Ok(()),
            Input::Command(_)
            | Input::Camera(_)
            | Input::Signal(_)
            | Input::Settings(_)
            | Input::Break(_)
            | Input::Earlier(_) => self.flush(),
        }
    }

    /// Records the effects that came of the input at `at`, those apart that follow from the rest
    /// ([`Effect::Publish`]).
    ///
    /// # Errors
    /// As [`input`](Self::input), the first of several; a line that is left out keeps none of the
    /// others out.
    pub fn effects(&mut self, at: Moment, effects: &[Effect]) -> Result<(), SessionError> {
        let mut recorded = false;
        let mut result = Ok(());
        for out in effects.iter().filter_map(Out::new) {
            result = result.and(self.record(at, out));
            recorded = true;
        }
        if recorded {
            result = result.and(self.flush());
        }
        result
    }

    /// Hands all that was recorded to the system: from here on a crash of the program cannot lose
    /// it.
    ///
    /// # Errors
    /// [`SessionError::Write`] when the file cannot be added to.
    pub fn flush(&mut self) -> Result<(), SessionError> {
        self.write(Sink::flush)
    }

    /// Ends the recording, and waits until it is on the disk.
    ///
    /// # Errors
    /// [`SessionError::Write`] when the rest cannot be written.
    pub fn finish(mut self) -> Result<(), SessionError> {
        let sink = self.sink.take().ok_or_else(|| self.ended())?;
        sink.finish()
            .and_then(|file| file.sync_all())
            .map_err(|error| SessionError::Write {
                path: self.path.clone(),
                error,
            })
    }

    /// A writer into `file`, which is new.
    fn over(path: &Path, file: File, header: &Header) -> Result<Self, SessionError> {
        let sink = Sink::new(path, file).map_err(|error| SessionError::Create {
            path: path.into(),
            error,
        })?;
        Ok(Self {
            path: path.into(),
            sink: Some(sink),
            frame: header.frame,
            timeline: Timeline::new(header.started),
        })
    }

    fn record(&mut self, at: Moment, body: impl Serialize) -> Result<(), SessionError> {
        if at.elapsed < self.timeline.latest {
            return Err(SessionError::Unwritable {
                path: self.path.clone(),
                reason: error::backwards(self.timeline.latest, at.elapsed),
            });
        }
        let jump = self.timeline.jump(at);
        let line = WrittenLine {
            t: Seconds(at.elapsed),
            wall: jump.map(|wall| (wall.unix_ms, wall.utc_offset_s)),
            body,
        };
        let line = serialized(&self.path, &line)?;
        self.append(&line)?;
        self.timeline.advance(at.elapsed, jump);
        Ok(())
    }

    fn append(&mut self, line: &[u8]) -> Result<(), SessionError> {
        self.write(|sink| sink.write_all(line))
    }

    /// Does `step` with the file; an error of it ends the recording, as part of a line may have
    /// been written, and nothing may follow that.
    fn write(
        &mut self,
        step: impl FnOnce(&mut Sink) -> io::Result<()>,
    ) -> Result<(), SessionError> {
        let Some(sink) = &mut self.sink else {
            return Err(self.ended());
        };
        step(sink).map_err(|error| {
            self.sink = None;
            SessionError::Write {
                path: self.path.clone(),
                error,
            }
        })
    }

    fn ended(&self) -> SessionError {
        SessionError::Ended {
            path: self.path.clone(),
        }
    }
}

impl Drop for SessionWriter {
    fn drop(&mut self) {
        if let Some(sink) = self.sink.take()
            && let Err(error) = sink.finish()
        {
            tracing::warn!("cannot finish session file {:?}: {error}", self.path);
        }
    }
}

/// Where the lines go.
enum Sink {
    Plain(BufWriter<File>),
    Compressed(Box<zstd::Encoder<'static, BufWriter<File>>>),
}

impl Sink {
    /// The level `zstd` itself takes as its default. Digits of joints hardly repeat: it leaves
    /// about two fifths of the size; level 9 saves a twelfth more, for several times the work.
    const LEVEL: i32 = 3;

    fn new(path: &Path, file: File) -> io::Result<Self> {
        let file = BufWriter::new(file);
        Ok(if is_compressed(path) {
            Self::Compressed(Box::new(zstd::Encoder::new(file, Self::LEVEL)?))
        } else {
            Self::Plain(file)
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Compressed(encoder) => encoder.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Compressed(encoder) => encoder.flush(),
        }
    }

    /// Writes what is collected, with the end of the compressed frame.
    fn finish(self) -> io::Result<File> {
        let file = match self {
            Self::Plain(file) => file,
            Self::Compressed(encoder) => encoder.finish()?,
        };
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// `line` as JSON with its newline.
fn serialized(path: &Path, line: &impl Serialize) -> Result<Vec<u8>, SessionError> {
    let mut bytes = serde_json::to_vec(line).map_err(|error| SessionError::Unwritable {
        path: path.into(),
        reason: error::reason(&error),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use crate::domain::io::Command;
    use crate::domain::time::WallTime;
    use crate::session::Model;

    /// A file that takes nothing, as on a full disk.
    fn over_full_disk(name: &str) -> (SessionWriter, Moment) {
        let started = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        let header = Header {
            program: "0.1.0".to_owned(),
            model: Model {
                name: "lightning".to_owned(),
                sha256: "0".repeat(64),
            },
            engine: "rten".to_owned(),
            frame: (640, 480),
            started,
            settings: serde_json::Map::new(),
            baseline: None,
            profiles: Vec::new(),
        };
        let file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let writer = SessionWriter::over(Path::new(name), file, &header).unwrap();
        (writer, Moment::after(started, std::time::Duration::ZERO))
    }

    #[test]
    fn a_full_disk_is_an_error_and_ends_the_recording() {
        for name in ["full.jsonl", "full.jsonl.zst"] {
            let (mut writer, at) = over_full_disk(name);
            let pause = Input::Command(Command::Pause(None));
            let first = writer.input(at, &pause).unwrap_err();
            assert!(
                matches!(&first, SessionError::Write { error, .. }
                    if error.kind() == ErrorKind::StorageFull),
                "{first}"
            );
            let later = writer.input(at, &pause).unwrap_err();
            assert!(matches!(later, SessionError::Ended { .. }), "{later}");
            assert!(matches!(writer.flush(), Err(SessionError::Ended { .. })));
            assert!(matches!(writer.finish(), Err(SessionError::Ended { .. })));
        }
    }

    #[test]
    fn finish_tells_that_the_rest_could_not_be_written() {
        for name in ["full.jsonl", "full.jsonl.zst"] {
            let (mut writer, at) = over_full_disk(name);
            writer.input(at, &Input::Tick).unwrap();
            assert!(matches!(writer.finish(), Err(SessionError::Write { .. })));
        }
    }
}
