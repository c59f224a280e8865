//! Keeps what was seen before an alert that the person says was wrong.

use std::collections::VecDeque;
use std::time::Duration;

use super::clock;
use crate::domain::io::{Fault, Input, Observation};
use crate::domain::time::Moment;
use crate::session::Header;
use crate::session::feedback_file::{Feedback, FeedbackError, FeedbackFolder};

/// How much of what was seen is kept with a word of the person: the longest usual dwell and as much
/// again.
const WINDOW: Duration = Duration::from_secs(120);

/// Remembers the latest observations, and writes them down when they are asked for.
pub struct FeedbackKeeper {
    folder: FeedbackFolder,
    header: Header,
    seen: VecDeque<(Moment, Observation)>,
}

impl FeedbackKeeper {
    /// One that writes to `folder`, each time with `header`, whose frame is filled in.
    #[must_use]
    pub fn new(folder: FeedbackFolder, header: Header) -> Self {
        Self {
            folder,
            header,
            seen: VecDeque::new(),
        }
    }

    /// Remembers an observation for as long as it may be asked for.
    pub fn see(&mut self, at: Moment, observation: &Observation) {
        self.seen.push_back((at, *observation));
        while self
            .seen
            .front()
            .is_some_and(|(then, _)| at.since(*then) > WINDOW)
        {
            self.seen.pop_front();
        }
    }

    /// Writes down what was seen before an alert about `fault` that was wrong.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, at: Moment, fault: Fault) -> Result<Feedback, FeedbackError> {
        if let Some((_, first)) = self.seen.front() {
            self.header.frame = first.frame;
        }
        let seen = self.seen.iter();
        let inputs = seen.map(|(at, seen)| (*at, Input::Observation(*seen)));
        self.folder
            .add(&clock::stamp(at.wall), fault, &self.header, inputs)
    }
}
