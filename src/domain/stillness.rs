//! Time held in one pose, and posture shifts: movement counts for as much as a good posture.

use std::collections::VecDeque;
use std::time::Duration;

use super::measures::{Measures, Quantity};
use super::time::Moment;

/// A change of this much makes another pose: a head 6 % larger, 5 % lower over the shoulders, eyes
/// lower by 0.3 distances between the ears, shoulders sloping by 4 degrees more; from the side,
/// neck or torso leaning by 4 degrees more.
const ANOTHER_POSE: [(Quantity, f64); 6] = [
    (Quantity::HeadSize, 0.06),
    (Quantity::HeadDrop, 0.05),
    (Quantity::EyeSink, 0.3),
    (Quantity::Tilt, 4.0),
    (Quantity::NeckInclination, 4.0),
    (Quantity::TorsoInclination, 4.0),
];

/// A pose must be held this long to be a shift and not a gesture.
const HELD_FOR: Duration = Duration::from_secs(5);

/// The span shifts are counted over.
const HOUR: Duration = Duration::from_secs(3600);

/// Less than this seen says nothing about an hour.
const ENOUGH: Duration = Duration::from_secs(600);

/// Holding still for this long is worth a hint, by default. RULA calls a posture static from 10 minutes on;
/// 30 shifts an hour cut discomfort of the neck against 10 (docs/science.md).
pub const STILL_HINT: Duration = Duration::from_secs(20 * 60);

/// Follows how still a person sits.
#[derive(Clone, Debug, Default)]
pub struct Stillness {
    /// The pose that is held, and since when.
    held: Option<(Moment, Measures)>,
    /// A pose that may become the next one, since when.
    next: Option<(Moment, Measures)>,
    shifts: VecDeque<Moment>,
    began: Option<Moment>,
    hinted: bool,
}

impl Stillness {
    /// Takes the smoothed measures of a pose that could be judged. True, once, when it has now been
    /// held for `hint`.
    pub fn push(&mut self, at: Moment, measures: &Measures, hint: Option<Duration>) -> bool {
        self.began.get_or_insert(at);
        self.shifts.retain(|then| at.since(*then) < HOUR);
        let (since, held) = *self.held.get_or_insert((at, *measures));
        if !is_another(&held, measures) {
            self.next = None;
            let long = hint.is_some_and(|hint| at.since(since) >= hint);
            let due = long && !self.hinted;
            self.hinted |= due;
            return due;
        }
        match self.next {
            Some((began, pose)) if !is_another(&pose, measures) => {
                if at.since(began) >= HELD_FOR {
                    self.shifts.push_back(at);
                    self.held = Some((began, *measures));
                    self.next = None;
                    self.hinted = false;
                }
            }
            _ => self.next = Some((at, *measures)),
        }
        false
    }

    /// The person left: getting up is the largest shift there is.
    pub fn left(&mut self, at: Moment) {
        if self.held.take().is_some() {
            self.shifts.push_back(at);
        }
        self.next = None;
        self.hinted = false;
    }

    /// How long the present pose has been held.
    #[must_use]
    pub fn held(&self, at: Moment) -> Duration {
        self.held
            .map_or(Duration::ZERO, |(since, _)| at.since(since))
    }

    /// Shifts an hour, over the last hour or what there was of it.
    #[must_use]
    pub fn shifts_per_hour(&self, at: Moment) -> Option<f64> {
        let seen = at.since(self.began?).min(HOUR);
        (seen >= ENOUGH).then(|| self.shifts.len() as f64 * HOUR.as_secs_f64() / seen.as_secs_f64())
    }
}

fn is_another(a: &Measures, b: &Measures) -> bool {
    ANOTHER_POSE.iter().any(|(quantity, by)| {
        matches!((a.value(*quantity), b.value(*quantity)), (Some(a), Some(b)) if (a - b).abs() > *by)
    })
}
