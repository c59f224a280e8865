//! Raw intervals: what each stretch of time at the desk was.
//!
//! What counts as a break changes every figure on sitting (docs/science.md), so the stretches
//! themselves are given out, and whoever keeps them may count them anew.

use std::time::Duration;

use super::time::Moment;

/// Nobody there for less than this is ignored: a reach for the printer, or a look that failed. What
/// was before goes on.
pub const IGNORED: Duration = Duration::from_secs(30);

/// Away for this long, and the session at the desk is over: it was more than a break.
pub const SESSION_ENDS: Duration = Duration::from_secs(15 * 60);

/// Standing for this long interrupts sitting. Active interruptions are counted from 2 min of
/// stepping or 5 min upright (docs/science.md).
pub const STOOD_ENOUGH: Duration = Duration::from_secs(5 * 60);

/// What a stretch of time was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntervalKind {
    /// Somebody sat there, reading and videos included.
    Sitting,
    /// Somebody stood there.
    Standing,
    /// Nobody was there for less than a break; shorter than [`IGNORED`] only next to a stretch that
    /// was not watched.
    MicroBreak,
    /// Nobody was there for as long as a break takes.
    Break,
    /// Nobody was there for [`SESSION_ENDS`] or more, or nobody had been there before.
    Away,
    /// Nobody can tell: paused, in the dark, or without a camera.
    Unwatched,
}

impl IntervalKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Sitting,
        Self::Standing,
        Self::MicroBreak,
        Self::Break,
        Self::Away,
        Self::Unwatched,
    ];

    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sitting => "sitting",
            Self::Standing => "standing",
            Self::MicroBreak => "micro_break",
            Self::Break => "break",
            Self::Away => "away",
            Self::Unwatched => "unwatched",
        }
    }
}

/// A stretch of time that was one thing. Each begins where the one before ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// What it was.
    pub kind: IntervalKind,
    /// When it began.
    pub from: Moment,
    /// When it ended.
    pub to: Moment,
    /// Time that the machine slept meanwhile, as far as the two moments do not count it.
    pub asleep: Duration,
    /// The screen was locked or the machine asleep for a part of it, which ends the session at the
    /// desk as well.
    pub locked: bool,
}

impl Interval {
    /// How long it was, sleep included.
    #[must_use]
    pub fn lasted(&self) -> Duration {
        self.to.since(self.from) + self.asleep
    }
}
