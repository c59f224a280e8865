//! What pauses the monitor, and what comes of it.

use std::time::Duration;

use super::{Monitor, uncounted, unsure};
use crate::domain::calibration::Plan;
use crate::domain::io::{Doubt, Effect, Signal};
use crate::domain::pauses::{PauseReason, Pauses};
use crate::domain::sitting::Desk;
use crate::domain::time::Moment;

/// Who has just unlocked the screen or woken the machine is left alone for this long: they sit down,
/// type, and look for what they came for.
const GRACE: Duration = Duration::from_secs(20);

impl Monitor {
    pub(super) fn signal(&mut self, at: Moment, signal: Signal) -> Vec<Effect> {
        let (reason, is_so) = match signal {
            Signal::Locked(locked) => (PauseReason::Locked, locked),
            Signal::Asleep(asleep) => {
                self.note_sleep(at, asleep);
                (PauseReason::Asleep, asleep)
            }
            Signal::Call(call) => {
                self.note_engagement(at, PauseReason::Call, call);
                (PauseReason::Call, call)
            }
            Signal::ScreenShare(shared) => {
                self.note_engagement(at, PauseReason::ScreenShare, shared);
                (PauseReason::ScreenShare, shared)
            }
            Signal::OnBattery(on_battery) => (PauseReason::Battery, on_battery),
            Signal::DoNotDisturb(undisturbed) => {
                self.ladder.leave_undisturbed(undisturbed);
                return Vec::new();
            }
            Signal::Idle(span) => return self.hands_on(at, span),
        };
        self.change_pauses(at, |pauses| pauses.set(reason, is_so))
    }

    fn note_sleep(&mut self, at: Moment, asleep: bool) {
        if asleep {
            self.asleep_since.get_or_insert(at);
        } else if let Some(since) = self.asleep_since.take() {
            self.sitting.sleep(uncounted(since, at));
        }
    }

    /// Has the settings say what counts as a reason from now on.
    pub(super) fn heed_pause_policy(&mut self, at: Moment) -> Vec<Effect> {
        let policy = self.settings.pauses;
        self.change_pauses(at, |pauses| {
            pauses.heed(&policy);
            pauses.step(at, &policy);
        })
    }

    /// Lets pauses end that end by themselves, and follows the hours.
    pub(super) fn follow_pauses(&mut self, at: Moment) -> Vec<Effect> {
        let policy = self.settings.pauses;
        self.change_pauses(at, |pauses| pauses.step(at, &policy))
    }

    /// Changes the reasons for a pause, and does what follows when the camera is to be closed or
    /// opened again for it.
    pub(super) fn change_pauses(
        &mut self,
        at: Moment,
        change: impl FnOnce(&mut Pauses),
    ) -> Vec<Effect> {
        let (was_closed, was_left) = (self.pauses.close_camera(), self.pauses.is_left());
        change(&mut self.pauses);
        let (closed, left) = (self.pauses.close_camera(), self.pauses.is_left());
        let mut effects = Vec::new();
        if closed && !was_closed {
            self.last_seen = None;
            self.broken_off = self.calibration.take().map(|broken| broken.plan());
            self.judge.reset();
            self.verdict = unsure(Doubt::Paused);
            effects = self.ladder.withdraw();
            // What comes is no time seen.
            let changes = self.sitting.push(at, Desk::Unwatched);
            effects.extend(self.follow_sitting(changes));
        }
        // Who locks the screen or lets the machine sleep has left.
        if left != was_left {
            let changes = self.sitting.push(at, Desk::Left);
            effects.extend(self.follow_sitting(changes));
        }
        if was_left && !left {
            let changes = self.sitting.push(at, Desk::Unwatched);
            effects.extend(self.follow_sitting(changes));
            self.grace_until = Some(at.plus(GRACE));
        }
        if was_closed && !closed {
            self.hush(at);
            self.verdict = unsure(Doubt::NoCamera);
            // Nobody is there to see what a guided one asks for.
            if let Some(plan @ Plan::Fixed { .. }) = self.broken_off.take() {
                self.calibrate(at, plan);
            }
        }
        effects
    }

    /// The reasons for a pause, when they are not those told last.
    pub(super) fn tell_pauses(&mut self) -> Option<Effect> {
        let reasons = self.pauses.reasons();
        (reasons != self.told_pauses).then(|| {
            self.told_pauses.clone_from(&reasons);
            Effect::Paused(reasons)
        })
    }

    pub(super) fn pauses_left(&self) -> Vec<(PauseReason, Option<Duration>)> {
        let left = |reason| {
            let until = self.pauses.until(reason).zip(self.now);
            (reason, until.map(|(until, now)| until.since(now)))
        };
        self.pauses.reasons().into_iter().map(left).collect()
    }
}
