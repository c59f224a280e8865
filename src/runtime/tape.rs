//! Recording a run: a session file that begins with the first observation.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::io::{Effect, Input};
use crate::domain::time::Moment;
use crate::session::{Header, SessionWriter};

/// Observations held back at most this long before they are on disk.
const FLUSH: Duration = Duration::from_secs(1);

/// A session being recorded. The file is made with the first observation, which tells the size of
/// the pictures; what came before waits.
pub struct Tape {
    path: PathBuf,
    header: Header,
    state: State,
    flushed_at: Duration,
}

enum State {
    Waiting(Vec<(Moment, Waiting)>),
    Writing(SessionWriter),
}

enum Waiting {
    Input(Input),
    Effects(Vec<Effect>),
}

impl Tape {
    /// Records to `path`, which must not exist; `header.frame` is filled in later.
    ///
    /// # Errors
    /// When something is at `path` already.
    pub fn new(path: &Path, header: Header) -> anyhow::Result<Self> {
        anyhow::ensure!(
            !path.exists(),
            "there is a file {path:?} already; name a new one for the session"
        );
        let state = State::Waiting(Vec::new());
        Ok(Self {
            path: path.to_owned(),
            header,
            state,
            flushed_at: Duration::ZERO,
        })
    }

    /// Records an input.
    ///
    /// # Errors
    /// When the session cannot be written.
    pub fn input(&mut self, at: Moment, input: &Input) -> anyhow::Result<()> {
        if let (State::Waiting(_), Input::Observation(first)) = (&self.state, input) {
            self.header.frame = first.frame;
            self.begin()?;
        }
        match &mut self.state {
            State::Waiting(waiting) => waiting.push((at, Waiting::Input(input.clone()))),
            State::Writing(writer) => {
                writer.input(at, input)?;
                if at.elapsed.saturating_sub(self.flushed_at) >= FLUSH {
                    writer.flush()?;
                    self.flushed_at = at.elapsed;
                }
            }
        }
        Ok(())
    }

    /// Records effects.
    ///
    /// # Errors
    /// When the session cannot be written.
    pub fn effects(&mut self, at: Moment, effects: &[Effect]) -> anyhow::Result<()> {
        match &mut self.state {
            State::Waiting(waiting) => waiting.push((at, Waiting::Effects(effects.to_vec()))),
            State::Writing(writer) => writer.effects(at, effects)?,
        }
        Ok(())
    }

    /// Closes the session. One without any observation is written too: it says so.
    ///
    /// # Errors
    /// When the session cannot be written.
    pub fn finish(mut self) -> anyhow::Result<()> {
        if matches!(self.state, State::Waiting(_)) {
            self.begin()?;
        }
        if let State::Writing(writer) = self.state {
            writer.finish()?;
        }
        Ok(())
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        let mut writer = SessionWriter::create(&self.path, &self.header)?;
        if let State::Waiting(waiting) = &self.state {
            for (at, line) in waiting {
                match line {
                    Waiting::Input(input) => writer.input(*at, input)?,
                    Waiting::Effects(effects) => writer.effects(*at, effects)?,
                }
            }
        }
        self.state = State::Writing(writer);
        Ok(())
    }
}
