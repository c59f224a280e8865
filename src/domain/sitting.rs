//! How long the person has been sitting, and which absences are breaks.

use std::time::Duration;

use super::settings::SittingPolicy;
use super::time::Moment;

/// Somebody must be there this long for an absence to be over: a colleague passing an empty chair
/// does not cut a break in two.
const RETURN_AFTER: Duration = Duration::from_secs(10);

/// Counts the minutes of a bout of sitting.
#[derive(Clone, Debug)]
pub struct Sitting {
    policy: SittingPolicy,
    /// Time between two looks that is counted at most.
    longest_step: Duration,
    /// Time of the present bout; absences shorter than a break count as part of it.
    sat: Duration,
    last: Option<Moment>,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// Nobody has been seen sitting yet.
    Unknown,
    /// On the chair.
    Seated,
    /// Away since, and back since when somebody is there again; a break when it was long enough.
    Away {
        since: Moment,
        back: Option<Moment>,
        /// Time that the machine slept meanwhile, which moments do not count.
        asleep: Duration,
        is_break: bool,
    },
}

/// A change that matters to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SittingChange {
    /// An absence has become long enough to end the bout.
    BreakBegan,
    /// The person is back from a break of this length.
    BreakEnded(Duration),
}

impl Sitting {
    /// Nobody has sat yet. Between two looks at most `longest_step` is counted.
    #[must_use]
    pub fn new(policy: SittingPolicy, longest_step: Duration) -> Self {
        Self {
            policy,
            longest_step,
            sat: Duration::ZERO,
            last: None,
            place: Place::Unknown,
        }
    }

    /// Goes by `policy` from now on, and counts at most `longest_step` between two looks.
    pub fn set_policy(&mut self, policy: SittingPolicy, longest_step: Duration) {
        (self.policy, self.longest_step) = (policy, longest_step);
    }

    /// Takes whether somebody is there; `None` when that cannot be told, and then no time passes.
    pub fn push(&mut self, at: Moment, present: Option<bool>) -> Option<SittingChange> {
        self.push_within(at, self.longest_step, present)
    }

    /// The same, counting at most `longest` since the last time.
    pub fn push_within(
        &mut self,
        at: Moment,
        longest: Duration,
        present: Option<bool>,
    ) -> Option<SittingChange> {
        let step = self
            .last
            .map_or(Duration::ZERO, |last| at.since(last).min(longest));
        self.last = Some(at);
        match (present?, self.place) {
            (true, Place::Unknown) => {
                self.place = Place::Seated;
                None
            }
            (false, Place::Unknown) => None,
            (true, Place::Seated) => {
                self.sat += step;
                None
            }
            (false, Place::Seated) => {
                self.sat += step;
                self.place = Place::Away {
                    since: at,
                    back: None,
                    asleep: Duration::ZERO,
                    is_break: false,
                };
                None
            }
            (
                true,
                Place::Away {
                    since,
                    back,
                    asleep,
                    is_break,
                },
            ) => {
                let back = back.unwrap_or(at);
                if !is_break {
                    self.sat += step;
                }
                if at.since(back) < RETURN_AFTER {
                    self.place = Place::Away {
                        since,
                        back: Some(back),
                        asleep,
                        is_break,
                    };
                    return None;
                }
                self.place = Place::Seated;
                if !is_break {
                    return None;
                }
                self.sat = at.since(back);
                Some(SittingChange::BreakEnded(back.since(since) + asleep))
            }
            (
                false,
                Place::Away {
                    since,
                    asleep,
                    is_break,
                    ..
                },
            ) => {
                let long = at.since(since) + asleep >= self.policy.break_after;
                self.place = Place::Away {
                    since,
                    back: None,
                    asleep,
                    is_break: is_break || long,
                };
                if is_break {
                    return None;
                }
                self.sat += step;
                if !long {
                    return None;
                }
                self.sat = Duration::ZERO;
                Some(SittingChange::BreakBegan)
            }
        }
    }

    /// The machine slept for `span`, which no moment counts. Who was away stayed away.
    pub fn sleep(&mut self, span: Duration) {
        if let Place::Away { asleep, .. } = &mut self.place {
            *asleep += span;
        }
    }

    /// Time of the present bout of sitting.
    #[must_use]
    pub fn sat(&self) -> Duration {
        self.sat
    }

    /// On the chair, or away for less than a break.
    #[must_use]
    pub fn is_bout_open(&self) -> bool {
        match self.place {
            Place::Unknown => false,
            Place::Seated => true,
            Place::Away { is_break, .. } => !is_break,
        }
    }

    /// The prompt that is due, if any.
    #[must_use]
    pub fn prompt_due(&self) -> Option<Firmness> {
        let first = self.policy.prompt?;
        if self.place != Place::Seated {
            return None;
        }
        if self.sat >= self.policy.firm {
            Some(Firmness::Firm)
        } else if self.sat >= first {
            Some(Firmness::Gentle)
        } else {
            None
        }
    }
}

/// How firmly a break is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// The first prompt.
    Gentle,
    /// The second, after sitting on.
    Firm,
}
