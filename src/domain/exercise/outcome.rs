//! What came of a plan of exercises.

use std::time::Duration;

/// How an exercise ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All repetitions were done.
    Done,
    /// The person skipped it.
    Skipped,
    /// Its time was over before all repetitions were done.
    OutOfTime,
    /// The person ended the whole plan.
    Stopped,
}

impl End {
    /// The word used in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::OutOfTime => "out_of_time",
            Self::Stopped => "stopped",
        }
    }
}

/// What came of one exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExerciseResult {
    /// Which one.
    pub id: String,
    /// Repetitions asked for, those of both sides together.
    pub wanted: u32,
    /// Repetitions that the camera saw.
    pub verified: u32,
    /// Repetitions that went by time alone.
    pub timed: u32,
    /// How long the repetitions that count were held.
    pub held: Duration,
    /// How long the exercise took, without its announcement and pauses.
    pub took: Duration,
    /// How it ended.
    pub end: End,
}

impl ExerciseResult {
    /// Repetitions that count, seen or timed.
    #[must_use]
    pub fn counted(&self) -> u32 {
        self.verified + self.timed
    }

    /// Whether most of what was asked for was done, seen or timed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.counted() * 2 > self.wanted
    }

    /// Whether the camera saw most of what was asked for.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified * 2 > self.wanted
    }
}

/// What came of the whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The exercises in the order they were done; those never begun are missing.
    pub exercises: Vec<ExerciseResult>,
    /// How many the plan had.
    pub planned: usize,
}

impl Outcome {
    /// How many exercises the camera saw done: the n of "n of m".
    #[must_use]
    pub fn verified(&self) -> usize {
        let seen = |result: &&ExerciseResult| result.is_verified();
        self.exercises.iter().filter(seen).count()
    }

    /// How many were done at all, seen or timed, with more than half of their repetitions.
    #[must_use]
    pub fn done(&self) -> usize {
        let done = |result: &&ExerciseResult| result.is_done();
        self.exercises.iter().filter(done).count()
    }
}
