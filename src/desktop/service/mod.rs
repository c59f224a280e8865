//! The service manager that started the program: told when it is at work, and that it still is.
//!
//! What systemd hands to a service of `Type=notify` is spoken here; without it nothing is said.

#[cfg(target_os = "linux")]
mod line;
#[cfg(not(target_os = "linux"))]
mod no_line;

#[cfg(target_os = "linux")]
use line::{Line, watchdog};
#[cfg(not(target_os = "linux"))]
use no_line::{Line, watchdog};

use std::sync::Arc;
use std::time::Duration;

/// The service manager, if one listens. Clones speak to the same one; the clone that the main loop
/// has is to [`beat`](Self::beat).
#[derive(Clone, Debug, Default)]
pub struct ServiceManager {
    line: Option<Arc<Line>>,
    /// The longest time between two signs of life, where they are wanted.
    every: Option<Duration>,
    /// When the next sign of life is due; `None` before the first.
    next: Option<Duration>,
}

impl ServiceManager {
    /// The one that the environment names. A socket that is missing or refuses is none: the program
    /// works the same without.
    #[must_use]
    pub fn from_env() -> Self {
        let line = Line::from_env().map(Arc::new);
        Self {
            // Half of what is allowed, so that one late sign does not count as death.
            every: line.as_ref().and(watchdog()).map(|limit| limit / 2),
            line,
            next: None,
        }
    }

    /// To be called by the main loop whenever it comes round, with the time on its clock: says that
    /// the program is at work, the first time, and that it lives, whenever that is due. Gives the
    /// time of the next call that is needed. A loop that hangs calls no more, and is noticed.
    pub fn beat(&mut self, now: Duration) -> Option<Duration> {
        let line = self.line.as_ref()?;
        match self.next {
            None => line.ready(),
            Some(next) if now < next => return Some(next),
            Some(_) => {}
        }
        // Without a watchdog no later time is reached.
        let next = self.every.map_or(Duration::MAX, |every| now + every);
        self.next = Some(next);
        self.every.map(|_| {
            line.alive();
            next
        })
    }

    /// Tells in a few words what the program is at.
    pub fn status(&self, words: &str) {
        if let Some(line) = &self.line {
            line.status(words);
        }
    }

    /// Says that the program is about to end.
    pub fn stopping(&self) {
        if let Some(line) = &self.line {
            line.stopping();
        }
    }
}
