//! One exercise being done: looked at where it can be seen, timed where it cannot.

use std::time::Duration;

use super::super::baseline::MIN_PRESENCE;
use super::super::filter::Smoother;
use super::super::io::Observation;
use super::count::{Counted, Counter, Look};
use super::event::{CoachEvent, Phase};
use super::neutral::{Features, Neutral};
use super::rule::{Condition, Exercise, Hint, Rhythm, Rule, Side, Verifiable};
use super::signal::Signal;
use super::trace::Trace;

/// Unseen for so long, it goes by time.
const UNSEEN: Duration = Duration::from_secs(3);

/// Seen again for so long, it is looked at again.
const SEEN: Duration = Duration::from_secs(1);

/// A signal outlives a picture that misses its joints by so long.
const BLINK: Duration = Duration::from_millis(600);

/// Between two movements the neutral follows how the person sits with this time constant. With 3 or
/// 4 s all shrugs of the rendered person are seen, whichever two seconds of rest came first.
const SETTLE: Duration = Duration::from_secs(3);

/// A change below this part of the limit to drop out by is no movement. With 0.7 the neutral follows
/// movements as they begin: of the eight rendered shrugs one is then lost.
const AT_REST: f64 = 0.5;

/// A movement that goes on for this many times its slowest is how the person sits now...
const STAYED: u32 = 2;

/// ...which the neutral follows with this time constant.
const SETTLE_ANEW: Duration = Duration::from_secs(1);

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
            let least = match eyes.rule.rhythm {
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

/// What looks at an exercise.
#[derive(Clone, Debug)]
struct Eyes {
    rule: Rule,
    neutral: Neutral,
    counter: Counter,
    smoothers: Vec<(Signal, Smoother)>,
    /// The latest value of each, and when it was.
    latest: Vec<Option<(Duration, f64)>>,
    /// Which conditions are met, those of the goal first.
    met: Vec<bool>,
    /// A mirrored picture shows left as right: found out with the first repetition to a side, which
    /// may be either.
    flipped: Option<bool>,
    /// The sign of the side to which the present movement goes, against the one asked for.
    guess: bool,
    sided: bool,
    /// The first signal of the goal.
    trace: Trace,
    /// The neutral is on its way to how the person has come to sit.
    settling: bool,
}

impl Eyes {
    fn new(rule: &Rule, neutral: Neutral, exercise: &Exercise) -> Self {
        let conditions = || rule.goal.iter().chain(&rule.keep);
        let mut smoothers: Vec<(Signal, Smoother)> = Vec::new();
        for condition in conditions() {
            let signal = condition.signal;
            if smoothers.iter().all(|(other, _)| *other != signal) {
                smoothers.push((signal, Smoother::quick(signal.typical())));
            }
        }
        Self {
            latest: vec![None; smoothers.len()],
            met: conditions().map(|_| false).collect(),
            counter: Counter::new(exercise.dose, rule.rhythm, rule.gap),
            sided: exercise.dose.both_sides && rule.goal.iter().any(|c| c.signal.is_sided()),
            rule: rule.clone(),
            neutral,
            smoothers,
            flipped: None,
            guess: false,
            trace: Trace::default(),
            settling: false,
        }
    }

    /// How long the movement that goes on has been beyond its limit, unsmoothed; nought for a hold.
    fn lasted(&self) -> Duration {
        match (self.rule.rhythm, self.counter.since()) {
            (Rhythm::Move(..), Some(since)) => self.trace.beyond(&self.rule.goal[0], since),
            _ => Duration::ZERO,
        }
    }

    /// Lets the neutral follow while no movement goes on: the same person sits a little otherwise
    /// after each.
    fn settle(&mut self, now: Duration, dt: Duration, seen: &Features) {
        let goal = &self.rule.goal[0];
        let Rhythm::Move(_, slowest) = self.rule.rhythm else {
            return;
        };
        let Some((_, value)) = self.latest[0].filter(|_| goal.signal.is_change()) else {
            return;
        };
        // Who leans or nods meanwhile comes back from it.
        let kept = self.met[self.rule.goal.len()..].iter().all(|met| *met);
        let rests = kept && !goal.is_met(value / AT_REST, true);
        let stayed = |since| now.saturating_sub(since) > slowest * STAYED;
        self.settling = !rests && (self.settling || self.counter.since().is_some_and(stayed));
        let time = if self.settling { SETTLE_ANEW } else { SETTLE };
        if rests || self.settling {
            let part = -(-dt.as_secs_f64() / time.as_secs_f64()).exp_m1();
            self.neutral.follow(seen, part);
        }
    }

    fn learn_side(&mut self, side: Option<Side>) {
        if self.sided && side.is_some() && self.flipped.is_none() {
            self.flipped = Some(self.guess);
        }
    }

    /// What a picture says, and what is missing; `None` when what is needed cannot be seen.
    fn look(
        &mut self,
        now: Duration,
        dt: Duration,
        seen: &Observation,
        side: Option<Side>,
    ) -> Option<(Look, Option<Hint>)> {
        let gone = seen.presence < MIN_PRESENCE;
        let features = Features::of(seen, self.neutral.upright.ear_span);
        let mut values: Vec<(Signal, Option<f64>)> = Vec::new();
        for ((signal, smoother), latest) in self.smoothers.iter_mut().zip(&mut self.latest) {
            let raw = if *signal == Signal::Gone && (gone || features.is_none()) {
                // An empty chair has no joints.
                Some(f64::from(u8::from(gone)))
            } else if gone {
                None
            } else {
                features.as_ref().and_then(|f| signal.of(f, &self.neutral))
            };
            if let Some(raw) = raw {
                *latest = Some((now, smoother.push(now, raw)));
                if *signal == self.rule.goal[0].signal {
                    let either_side = signal.is_sided();
                    let value = if either_side { raw.abs() } else { raw };
                    self.trace.push(now, value);
                }
            }
            let fresh = latest.filter(|(then, _)| now.saturating_sub(*then) <= BLINK);
            values.push((*signal, fresh.map(|(_, value)| value)));
        }
        let of = |signal: Signal| {
            let known = values.iter().find(|(other, _)| *other == signal);
            known.and_then(|(_, value)| *value)
        };
        let sign = self.sign(side, &of);
        let mut look = Look::Right;
        let mut hint = None;
        let conditions = self.rule.goal.iter().chain(&self.rule.keep);
        let goals = self.rule.goal.len();
        for (n, (condition, met)) in conditions.zip(&mut self.met).enumerate() {
            let is_goal = n < goals;
            let Some(value) = of(condition.signal) else {
                if is_goal && look != Look::Off {
                    // Without it nobody can say whether the goal is met; a part that is plainly
                    // not met before says so.
                    return None;
                }
                continue;
            };
            let value = if condition.signal.is_sided() {
                match sign {
                    Some(sign) => value * sign,
                    None => value.abs(),
                }
            } else {
                value
            };
            *met = condition.is_met(value, *met);
            if !*met {
                look = match (is_goal, look) {
                    (true, _) | (_, Look::Off) => Look::Off,
                    (false, _) => Look::Wrong,
                };
                // A movement of something else explains a goal that is not met.
                if hint.is_none() || !is_goal {
                    hint = Some(self::hint(condition, value, is_goal));
                }
            }
        }
        if let Some(features) = features {
            self.settle(now, dt, &features);
        }
        let slow = matches!(self.rule.rhythm, Rhythm::Move(..));
        let quiet = slow && look == Look::Off && !self.counter.is_on();
        Some((
            look,
            if quiet && self.counter.done {
                None
            } else {
                hint
            },
        ))
    }

    /// The sign of the side that counts; `None` where either does.
    fn sign(&mut self, side: Option<Side>, of: &dyn Fn(Signal) -> Option<f64>) -> Option<f64> {
        let asked = match side? {
            Side::Left => 1.0,
            Side::Right => -1.0,
        };
        if !self.sided {
            return Some(asked);
        }
        let Some(flipped) = self.flipped else {
            let goal = self.rule.goal.iter().find(|c| c.signal.is_sided())?;
            // While the movement goes on its side stays what it was.
            let value = of(goal.signal)?;
            if !self.counter.is_on() {
                self.guess = value * asked < 0.0;
            }
            return Some(if self.guess { -asked } else { asked });
        };
        Some(if flipped { -asked } else { asked })
    }
}

/// What to tell of a condition that is not met by `value`.
fn hint(condition: &Condition, value: f64, is_goal: bool) -> Hint {
    let other = is_goal && condition.signal.is_sided() && value <= -condition.enter.abs();
    if other {
        Hint::OtherSide
    } else {
        condition.hint
    }
}
