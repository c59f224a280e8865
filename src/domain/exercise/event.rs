//! What can wake the coach, what it says, and what there is to show.

use std::time::Duration;

use super::super::hindrance::Hindrance;
use super::super::io::Observation;
use super::outcome::{ExerciseResult, Outcome};
use super::rule::{Hint, Side};

/// What can wake the coach.
#[derive(Clone, Debug, PartialEq)]
pub enum CoachInput {
    /// Vision saw something.
    Observation(Box<Observation>),
    /// The camera gives pictures, or not any more.
    Camera(bool),
    /// The person asks for something.
    Command(CoachCommand),
    /// The time that the coach asked for has come.
    Tick,
}

/// What the person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoachCommand {
    /// On to the next exercise.
    Skip,
    /// Stop the clock.
    Pause,
    /// Go on.
    Resume,
    /// End the whole plan.
    End,
}

/// Where an exercise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is announced, and the person gets ready.
    GetReady,
    /// The person sits as usual and looks ahead: their neutral is captured.
    Neutral,
    /// Do the movement, to this side where it has one.
    Go(Option<Side>),
    /// It is right: hold it.
    Hold(Option<Side>),
    /// It counts: let go.
    Release,
    /// All is over.
    Over,
}

impl Phase {
    /// The word used in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GetReady => "get_ready",
            Self::Neutral => "neutral",
            Self::Go(_) => "go",
            Self::Hold(_) => "hold",
            Self::Release => "release",
            Self::Over => "over",
        }
    }
}

/// What the coach says.
#[derive(Clone, Debug, PartialEq)]
pub enum CoachEvent {
    /// The exercise with this number in the plan comes next, in so long.
    Announced(usize, Duration),
    /// The phase changed.
    Phase(Phase),
    /// What keeps the neutral from being captured; `None`: nothing any more.
    InTheWay(Option<Hindrance>),
    /// The exercise goes by time, as it cannot be seen (true), or is seen again (false).
    Timing(bool),
    /// A repetition counts.
    Counted {
        /// Those that count so far, of both sides together.
        done: u32,
        /// Those asked for.
        wanted: u32,
        /// The camera saw it; false: it went by time.
        verified: bool,
    },
    /// What is missing, or why a repetition does not count; `None`: nothing any more.
    Hint(Option<Hint>),
    /// An exercise is over.
    Ended(ExerciseResult),
    /// The clock was stopped (true) or goes on.
    Paused(bool),
    /// The plan is over. Nothing comes after it.
    Finished(Outcome),
}

/// What there is to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoachProgress {
    /// The exercise's number in the plan.
    pub exercise: usize,
    /// Where it is.
    pub phase: Phase,
    /// How much of this phase is left, where that is known.
    pub left: Option<Duration>,
    /// How long the present repetition has been held, and how long it is to be.
    pub held: (Duration, Duration),
    /// Repetitions that count, and those asked for.
    pub done: (u32, u32),
    /// Whether it goes by time.
    pub timing: bool,
    /// What is missing.
    pub hint: Option<Hint>,
    /// What keeps the neutral from being captured.
    pub in_the_way: Option<Hindrance>,
    /// Whether the clock is stopped.
    pub paused: bool,
}
