//! One fault over time: how a value past its limit becomes a bout, and how a bout ends.

use std::time::Duration;

use super::settings::Limit;
use super::time::Moment;

/// A value this many times its limit fills the dwell with haste.
const GROSS: f64 = 2.0;

/// After this long within the limit the person has recovered and the alert is taken back.
const CALM_TO_CLEAR_S: f64 = 5.0;

/// After this long within the limit the bout is over; before, a relapse belongs to it.
const CALM_TO_CLOSE_S: f64 = 20.0;

/// The bout of one fault.
#[derive(Clone, Debug, Default)]
pub struct Dwell {
    /// Seconds past the limit, leaking away while within it.
    filled_s: f64,
    /// When the value first went past the limit.
    since: Option<Moment>,
    /// Past the limit, with hysteresis.
    over: bool,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Default)]
enum Phase {
    /// No bout.
    #[default]
    Idle,
    /// The fault has lasted its dwell; so many seconds within the limit since.
    Bad { calm_s: f64 },
    /// The person has recovered; so many seconds within the limit.
    Ending { calm_s: f64 },
}

impl Dwell {
    /// Takes the value at a moment `dt` after the last one.
    pub fn push(&mut self, at: Moment, dt: Duration, value: f64, limit: Limit) {
        let dt = dt.as_secs_f64();
        let (past, within) = (value >= limit.enter, value <= limit.exit);
        self.over = past || (self.over && !within);
        let full = limit.dwell.as_secs_f64();
        if past {
            self.since.get_or_insert(at);
            let haste = if value >= GROSS * limit.enter {
                limit.haste
            } else {
                1.0
            };
            self.filled_s = (self.filled_s + haste * dt).min(full);
        } else if within {
            self.filled_s = (self.filled_s - dt).max(0.0);
        }
        self.phase = match self.phase {
            Phase::Idle | Phase::Ending { .. } if past && self.filled_s >= full => {
                Phase::Bad { calm_s: 0.0 }
            }
            Phase::Bad { .. } if past => Phase::Bad { calm_s: 0.0 },
            Phase::Bad { calm_s } if within && calm_s + dt >= CALM_TO_CLEAR_S => {
                // A relapse needs half the dwell, not all of it: the bout is still open.
                self.filled_s = full / 2.0;
                Phase::Ending {
                    calm_s: calm_s + dt,
                }
            }
            Phase::Bad { calm_s } if within => Phase::Bad {
                calm_s: calm_s + dt,
            },
            Phase::Ending { calm_s } if within && calm_s + dt >= CALM_TO_CLOSE_S => {
                self.filled_s = 0.0;
                Phase::Idle
            }
            Phase::Ending { calm_s } if within => Phase::Ending {
                calm_s: calm_s + dt,
            },
            same => same,
        };
        if self.filled_s <= 0.0 && self.phase == Phase::Idle {
            self.since = None;
        }
    }

    /// Forgets everything: the person left, or was not seen for long.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Past its limit, whether for its dwell or not.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The fault has lasted its dwell and the person has not recovered.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        matches!(self.phase, Phase::Bad { .. })
    }

    /// The bout is open: bad, or so recently that a relapse belongs to it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase != Phase::Idle
    }

    /// When the value first went past the limit in this bout.
    #[must_use]
    pub fn since(&self) -> Option<Moment> {
        self.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::WallTime;

    const LIMIT: Limit = Limit {
        enter: 1.0,
        exit: 0.6,
        dwell: Duration::from_secs(30),
        haste: 2.5,
    };

    struct Run {
        dwell: Dwell,
        at_s: u64,
    }

    impl Run {
        fn new() -> Self {
            Self {
                dwell: Dwell::default(),
                at_s: 0,
            }
        }

        fn hold(&mut self, value: f64, seconds: u64) -> &Dwell {
            let start = WallTime {
                unix_ms: 0,
                utc_offset_s: 0,
            };
            for _ in 0..seconds {
                self.at_s += 1;
                let at = Moment::after(start, Duration::from_secs(self.at_s));
                self.dwell.push(at, Duration::from_secs(1), value, LIMIT);
            }
            &self.dwell
        }
    }

    #[test]
    fn a_fault_must_last_its_dwell() {
        let mut run = Run::new();
        assert!(!run.hold(1.2, 29).is_bad());
        assert!(run.hold(1.2, 1).is_bad());
    }

    #[test]
    fn a_gross_fault_is_bad_after_12_seconds() {
        let mut run = Run::new();
        assert!(!run.hold(2.5, 11).is_bad());
        assert!(run.hold(2.5, 1).is_bad());
    }

    #[test]
    fn between_the_limits_nothing_changes() {
        let mut run = Run::new();
        run.hold(1.2, 20);
        assert!(!run.hold(0.8, 600).is_bad());
        assert!(run.dwell.is_over());
        assert!(run.hold(1.2, 10).is_bad());
        assert!(run.hold(0.8, 600).is_bad());
    }

    #[test]
    fn recovery_takes_five_seconds_and_the_bout_closes_after_twenty() {
        let mut run = Run::new();
        run.hold(1.2, 40);
        assert!(run.hold(0.1, 4).is_bad());
        assert!(!run.hold(0.1, 1).is_bad());
        assert!(run.hold(0.1, 14).is_open());
        assert!(!run.hold(0.1, 1).is_open());
        assert_eq!(run.dwell.since(), None);
    }

    #[test]
    fn a_relapse_belongs_to_the_open_bout() {
        let mut run = Run::new();
        run.hold(1.2, 40);
        let since = run.dwell.since();
        assert!(since.is_some());
        run.hold(0.1, 6);
        assert!(run.hold(1.2, 20).is_bad());
        assert_eq!(run.dwell.since(), since);
    }
}
