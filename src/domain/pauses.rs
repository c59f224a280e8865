//! Why nothing is watched: reasons that come and go, each on its own.

use std::time::Duration;

use super::hours::to_next_minute_ms;
use super::settings::{BatteryPolicy, PausePolicy};
use super::time::Moment;

/// Why the monitor is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PauseReason {
    /// The person asked for it.
    User,
    /// The person asked for quiet, for a while.
    Snoozed,
    /// The screen is locked.
    Locked,
    /// The machine sleeps.
    Asleep,
    /// The camera gives no pictures.
    CameraLost,
    /// Another program has the camera.
    Yielded,
    /// It is one of the quiet hours, or none of the working hours.
    QuietHours,
    /// The person is in a call.
    Call,
    /// The screen is shared.
    ScreenShare,
    /// The machine runs on its battery.
    Battery,
}

impl PauseReason {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::User,
        Self::Snoozed,
        Self::Locked,
        Self::Asleep,
        Self::CameraLost,
        Self::Yielded,
        Self::QuietHours,
        Self::Call,
        Self::ScreenShare,
        Self::Battery,
    ];

    /// The word used in events, sessions and the control API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Snoozed => "snoozed",
            Self::Locked => "locked",
            Self::Asleep => "asleep",
            Self::CameraLost => "camera_lost",
            Self::Yielded => "yielded",
            Self::QuietHours => "quiet_hours",
            Self::Call => "call",
            Self::ScreenShare => "screen_share",
            Self::Battery => "battery",
        }
    }

    /// Whether the camera is closed for it. Where the camera itself is the trouble, it is tried
    /// again.
    #[must_use]
    pub fn closes_camera(self) -> bool {
        !matches!(self, Self::CameraLost | Self::Yielded)
    }
}

/// The reasons that hold: none, and the monitor runs.
///
/// What is told and what the person wants it to count for are kept apart, so that either may change
/// and the other stays.
#[derive(Clone, Debug)]
pub struct Pauses {
    /// What is so.
    told: [bool; PauseReason::ALL.len()],
    /// What is a reason when it is so.
    counts: [bool; PauseReason::ALL.len()],
    /// When the person's own reasons end by themselves.
    user_until: Option<Moment>,
    snoozed_until: Option<Moment>,
}

impl Pauses {
    /// Nothing is so yet; `policy` says what will count.
    #[must_use]
    pub fn new(policy: &PausePolicy) -> Self {
        let mut pauses = Self {
            told: [false; PauseReason::ALL.len()],
            counts: [true; PauseReason::ALL.len()],
            user_until: None,
            snoozed_until: None,
        };
        pauses.heed(policy);
        pauses
    }

    /// Has `policy` say what counts from now on.
    pub fn heed(&mut self, policy: &PausePolicy) {
        for (reason, counts) in [
            (PauseReason::Locked, policy.locked),
            (PauseReason::Call, policy.call),
            (PauseReason::ScreenShare, policy.screen_share),
            (PauseReason::Battery, policy.battery == BatteryPolicy::Pause),
        ] {
            self.counts[reason as usize] = counts;
        }
    }

    /// Tells whether what `reason` stands for is so.
    pub fn set(&mut self, reason: PauseReason, is_so: bool) {
        self.told[reason as usize] = is_so;
    }

    /// Whether what `reason` stands for is so, whether or not it counts.
    #[must_use]
    pub fn is_told(&self, reason: PauseReason) -> bool {
        self.told[reason as usize]
    }

    /// Lets the person's own reason `reason` come and end by itself at `until`, if that is said.
    pub fn hold_until(&mut self, reason: PauseReason, until: Option<Moment>) {
        match reason {
            PauseReason::User => self.user_until = until,
            PauseReason::Snoozed => self.snoozed_until = until,
            _ => {}
        }
        self.set(reason, true);
    }

    /// Ends what the person asked for.
    pub fn resume(&mut self) {
        self.set(PauseReason::User, false);
        self.set(PauseReason::Snoozed, false);
        (self.user_until, self.snoozed_until) = (None, None);
    }

    /// Lets go what ends by itself at `at`, and follows the hours.
    pub fn step(&mut self, at: Moment, policy: &PausePolicy) {
        for (reason, until) in [
            (PauseReason::User, &mut self.user_until),
            (PauseReason::Snoozed, &mut self.snoozed_until),
        ] {
            if until.is_some_and(|until| until.elapsed <= at.elapsed) {
                *until = None;
                self.told[reason as usize] = false;
            }
        }
        self.set(PauseReason::QuietHours, policy.is_quiet(at.wall));
    }

    /// When to step again, should nothing happen before.
    #[must_use]
    pub fn next_change(&self, now: Moment, policy: &PausePolicy) -> Option<Moment> {
        let minute = policy
            .has_hours()
            .then(|| now.plus(Duration::from_millis(to_next_minute_ms(now.wall))));
        [self.user_until, self.snoozed_until, minute]
            .into_iter()
            .flatten()
            .min_by_key(|due| due.elapsed)
    }

    /// Whether `reason` holds.
    #[must_use]
    pub fn holds(&self, reason: PauseReason) -> bool {
        self.told[reason as usize] && self.counts[reason as usize]
    }

    /// The reasons that hold.
    #[must_use]
    pub fn reasons(&self) -> Vec<PauseReason> {
        let held = |reason: &PauseReason| self.holds(*reason);
        PauseReason::ALL.into_iter().filter(held).collect()
    }

    /// When `reason` ends by itself, if that is known.
    #[must_use]
    pub fn until(&self, reason: PauseReason) -> Option<Moment> {
        match reason {
            PauseReason::User => self.user_until,
            PauseReason::Snoozed => self.snoozed_until,
            _ => None,
        }
    }

    /// Whether a reason holds for which the camera is closed.
    #[must_use]
    pub fn close_camera(&self) -> bool {
        let closes = |reason: &PauseReason| reason.closes_camera() && self.holds(*reason);
        PauseReason::ALL.iter().any(closes)
    }

    /// Whether the person is not at work: the machine sleeps or is locked.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.holds(PauseReason::Locked) || self.holds(PauseReason::Asleep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::hours::Hours;
    use crate::domain::time::WallTime;

    fn at(seconds: u64) -> Moment {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        Moment::after(start, Duration::from_secs(seconds))
    }

    #[test]
    fn each_reason_comes_and_goes_on_its_own() {
        let policy = PausePolicy::default();
        let mut pauses = Pauses::new(&policy);
        assert!(!pauses.close_camera() && pauses.reasons().is_empty());
        pauses.set(PauseReason::Locked, true);
        pauses.hold_until(PauseReason::Snoozed, Some(at(900)));
        pauses.set(PauseReason::CameraLost, true);
        assert_eq!(
            pauses.reasons(),
            [
                PauseReason::Snoozed,
                PauseReason::Locked,
                PauseReason::CameraLost
            ]
        );
        pauses.set(PauseReason::Locked, false);
        assert!(pauses.close_camera());
        assert_eq!(pauses.next_change(at(5), &policy), Some(at(900)));
        pauses.step(at(899), &policy);
        assert!(pauses.holds(PauseReason::Snoozed));
        pauses.step(at(900), &policy);
        assert_eq!(pauses.reasons(), [PauseReason::CameraLost]);
        assert!(!pauses.close_camera());
        assert_eq!(pauses.next_change(at(901), &policy), None);
    }

    #[test]
    fn a_pause_without_end_lasts_until_it_is_ended() {
        let mut pauses = Pauses::new(&PausePolicy::default());
        pauses.hold_until(PauseReason::User, Some(at(60)));
        pauses.hold_until(PauseReason::User, None);
        pauses.step(at(1_000_000), &PausePolicy::default());
        assert!(pauses.holds(PauseReason::User));
        pauses.resume();
        assert!(pauses.reasons().is_empty());
    }

    #[test]
    fn what_is_so_counts_as_soon_as_it_is_wanted_to() {
        let mut policy = PausePolicy::default();
        let mut pauses = Pauses::new(&policy);
        pauses.set(PauseReason::Call, true);
        pauses.set(PauseReason::Battery, true);
        assert_eq!(pauses.reasons(), [PauseReason::Call]);
        policy.call = false;
        policy.battery = BatteryPolicy::Pause;
        pauses.heed(&policy);
        assert_eq!(pauses.reasons(), [PauseReason::Battery]);
        pauses.heed(&PausePolicy::default());
        assert_eq!(pauses.reasons(), [PauseReason::Call]);
        assert!(pauses.is_told(PauseReason::Battery));
    }

    #[test]
    fn outside_of_working_hours_and_in_quiet_ones_it_is_quiet() {
        // 1970-01-01 was a Thursday.
        let policy = PausePolicy {
            work: Hours::parse("thu 1:00-3:00").unwrap(),
            quiet: Hours::parse("daily 2:00-2:30").unwrap(),
            ..PausePolicy::default()
        };
        let mut pauses = Pauses::new(&policy);
        for (minute, quiet) in [
            (59, true),
            (60, false),
            (120, true),
            (150, false),
            (180, true),
        ] {
            pauses.step(at(60 * minute), &policy);
            assert_eq!(pauses.holds(PauseReason::QuietHours), quiet, "{minute}");
        }
        assert_eq!(pauses.next_change(at(61), &policy), Some(at(120)));
    }
}
