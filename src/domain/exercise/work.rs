//! One exercise being done: looked at where it can be seen, timed where it cannot.

use std::time::Duration;

use super::super::io::Observation;
use super::count::{Counted, Look};
use super::event::{CoachEvent, Phase};
use super::eyes::Eyes;
use super::neutral::Neutral;
use super::rule::{Exercise, Hint, Rhythm, Side, Verifiable};

/// Unseen for so long, it goes by time.
const UNSEEN: Duration = Duration::from_secs(3);

/// Seen again for so long, it is looked at again.
const SEEN: Duration = Duration::from_secs(1);

/// An exercise rated fair that has not counted for so many repetitions' time goes by time to its end:
/// some people's movement is too small for this camera.
const UNCOUNTED: u32 = 3;

/// An exercise of which nothing is missing any more ends after this many times its dose...
const PATIENCE: u32 = 3;

/// ...and this long.
const GRACE: Duration = Duration::from_secs(30);

/// A verdict on a repetition is shown for so long before hints on the next replace it.
const SAY: Duration = Duration::from_secs(2);

/// The exercise being done. Times are of the coach's clock, which pauses stop.
#[derive(Clone, Debug)]
pub(super) struct Work {
    exercise: Exercise,
    /// What it is looked at by; `None` where it goes by time alone.
    eyes: Option<Eyes>,
    began: Duration,
    /// Since when it has gone by time.
    timing: bool,
    /// When it was seen last, and since when without a break.
    seen_at: Duration,
    seen_since: Option<Duration>,
    /// When a repetition counted last.
    counted_at: Duration,
    /// What of the present repetition went by time, and of the rest before it.
    timed_for: Duration,
    resting: Duration,
    pub(super) verified: u32,
    pub(super) timed: u32,
    pub(super) held: Duration,
    hint: Option<Hint>,
    phase: Phase,
    /// A verdict on the last repetition stands until then.
    said_until: Duration,
}

impl Work {
    pub(super) fn new(exercise: Exercise, neutral: Option<Neutral>, now: Duration) -> Self {
        let eyes = match (&exercise.rule, neutral) {
            (Some(rule), Some(neutral)) => Some(Eyes::new(rule, neutral, &exercise)),
            _ => None,
        };
        Self {
            timing: eyes.is_none(),
            eyes,
            began: now,
            seen_at: now,
            counted_at: now,
            seen_since: Some(now),
            timed_for: Duration::ZERO,
            resting: Duration::ZERO,
            verified: 0,
            timed: 0,
            held: Duration::ZERO,
            hint: None,
            phase: Phase::GetReady,
            said_until: Duration::ZERO,
            exercise,
        }
    }

    /// How long it has taken.
    pub(super) fn took(&self, now: Duration) -> Duration {
        now.saturating_sub(self.began)
    }

    pub(super) fn is_done(&self) -> bool {
        self.verified + self.timed >= self.exercise.dose.wanted()
    }

    pub(super) fn is_out_of_time(&self, now: Duration) -> bool {
        self.took(now) >= self.limit()
    }

    fn limit(&self) -> Duration {
        self.exercise.dose.length() * PATIENCE + GRACE
    }

    /// How long until something changes without a picture.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        let until_over = self.limit().saturating_sub(self.took(now));
        let next = if self.timing {
            self.resting + self.exercise.dose.hold.saturating_sub(self.timed_for)
        } else {
            (self.seen_at + UNSEEN).saturating_sub(now)
        };
        next.min(until_over)
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    pub(super) fn hint(&self) -> Option<Hint> {
        self.hint
    }

    pub(super) fn is_timing(&self) -> bool {
        self.timing
    }

    /// How long the present repetition has been held.
    pub(super) fn holding(&self) -> Duration {
        match &self.eyes {
            Some(eyes) if !self.timing => eyes.counter.held,
            _ => self.timed_for,
        }
    }

    /// The side whose turn it is.
    fn side(&self) -> Option<Side> {
        let turn = [Side::Left, Side::Right][(self.verified + self.timed) as usize % 2];
        self.exercise.dose.both_sides.then_some(turn)
    }

    /// Time passes, without a picture or before one is looked at.
    pub(super) fn pass(&mut self, now: Duration, dt: Duration, out: &mut Vec<CoachEvent>) {
        let fair = self.exercise.verifiable == Verifiable::Fair;
        let one = self.exercise.dose.hold + self.exercise.dose.rest;
        let uncounted = now.saturating_sub(self.counted_at);
        if !self.timing && fair && self.holding() == Duration::ZERO && uncounted >= one * UNCOUNTED
        {
            self.eyes = None;
            self.timing = true;
            out.push(CoachEvent::Timing(true));
            self.tell(None, now, out);
        } else if !self.timing && now.saturating_sub(self.seen_at) >= UNSEEN {
            self.timing = true;
            self.seen_since = None;
            // What was held before it went out of sight and since then is part of the repetition.
            let unseen = now.saturating_sub(self.seen_at);
            self.timed_for = (self.holding_before() + unseen).min(self.exercise.dose.hold);
            out.push(CoachEvent::Timing(true));
            self.tell(None, now, out);
        } else if self.timing {
            self.time(dt, now, out);
        }
        if self.timing && !self.is_done() {
            let phase = if self.resting > Duration::ZERO {
                Phase::Release
            } else {
                Phase::Hold(self.side())
            };
            self.enter(phase, out);
        }
    }

    fn holding_before(&self) -> Duration {
        let counter = self.eyes.as_ref().map(|eyes| &eyes.counter);
        counter
            .filter(|counter| counter.is_on())
            .map_or(Duration::ZERO, |counter| counter.held)
    }

    fn time(&mut self, mut dt: Duration, now: Duration, out: &mut Vec<CoachEvent>) {
        while !self.is_done() && dt > Duration::ZERO {
            let rest = self.resting.min(dt);
            self.resting -= rest;
            dt -= rest;
            let hold = self.exercise.dose.hold.saturating_sub(self.timed_for);
            let on = hold.min(dt);
            self.timed_for += on;
            dt -= on;
            if self.timed_for >= self.exercise.dose.hold {
                self.timed += 1;
                self.held += self.timed_for;
                self.timed_for = Duration::ZERO;
                self.resting = self.exercise.dose.rest;
                self.tell(None, now, out);
                out.push(self.counted(false));
            }
        }
    }

    fn counted(&self, verified: bool) -> CoachEvent {
        CoachEvent::Counted {
            done: self.verified + self.timed,
            wanted: self.exercise.dose.wanted(),
            verified,
        }
    }

    /// Looks at a picture taken at `now`, `dt` after the last.
    pub(super) fn look(
        &mut self,
        now: Duration,
        dt: Duration,
        seen: &Observation,
        out: &mut Vec<CoachEvent>,
    ) {
        let side = self.side();
        let Some(eyes) = &mut self.eyes else { return };
        let Some((look, hint)) = eyes.look(now, dt, seen, side) else {
            self.seen_since = None;
            return;
        };
        self.seen_at = now;
        let since = *self.seen_since.get_or_insert(now);
        if self.timing {
            if now.saturating_sub(since) < SEEN {
                return;
            }
            let least = match eyes.rhythm() {
                Rhythm::Hold(least) => least,
                Rhythm::Move(..) => self.exercise.dose.hold,
            };
            eyes.counter.reset();
            self.timing = false;
            self.resting = Duration::ZERO;
            let timed_for = std::mem::take(&mut self.timed_for);
            out.push(CoachEvent::Timing(false));
            if timed_for >= least {
                // Who comes back into sight after that long has let go: it counts as an early one.
                self.timed += 1;
                self.held += timed_for;
                out.push(self.counted(false));
            }
            return;
        }
        let before = eyes.counter.held;
        let counted = eyes.counter.push(now, dt, look, eyes.lasted());
        let held = eyes.counter.held.max(before);
        let (on, done) = (eyes.counter.is_on(), eyes.counter.done);
        match counted {
            Some(Counted::One) => {
                eyes.learn_side(side);
                self.verified += 1;
                self.counted_at = now;
                self.held += held;
                self.tell(None, now, out);
                out.push(self.counted(true));
            }
            Some(Counted::Not(hint)) => {
                self.tell(Some(hint), now, out);
                self.said_until = now + SAY;
            }
            None if now >= self.said_until => {
                let hint = if done && look != Look::Off {
                    None
                } else {
                    hint
                };
                self.tell(hint, now, out);
            }
            None => {}
        }
        if !self.is_done() {
            let phase = match (done, on) {
                (true, _) => Phase::Release,
                (false, true) => Phase::Hold(self.side()),
                (false, false) => Phase::Go(self.side()),
            };
            self.enter(phase, out);
        }
    }

    fn enter(&mut self, phase: Phase, out: &mut Vec<CoachEvent>) {
        if self.phase != phase {
            self.phase = phase;
            out.push(CoachEvent::Phase(phase));
        }
    }

    fn tell(&mut self, hint: Option<Hint>, now: Duration, out: &mut Vec<CoachEvent>) {
        if self.hint != hint {
            self.hint = hint;
            self.said_until = now;
            out.push(CoachEvent::Hint(hint));
        }
    }
}
