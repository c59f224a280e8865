//! What looks at an exercise: signals against the neutral, conditions met or not, which side it was.

use std::time::Duration;

use super::super::baseline::MIN_PRESENCE;
use super::super::filter::Smoother;
use super::super::io::Observation;
use super::count::{Counter, Look};
use super::neutral::{Features, Neutral};
use super::rule::{Condition, Exercise, Hint, Rhythm, Rule, Side};
use super::signal::Signal;
use super::trace::Trace;

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

/// What looks at an exercise.
#[derive(Clone, Debug)]
pub(super) struct Eyes {
    rule: Rule,
    neutral: Neutral,
    pub(super) counter: Counter,
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
    pub(super) fn new(rule: &Rule, neutral: Neutral, exercise: &Exercise) -> Self {
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

    /// How a repetition goes.
    pub(super) fn rhythm(&self) -> Rhythm {
        self.rule.rhythm
    }

    /// How long the movement that goes on has been beyond its limit, unsmoothed; nought for a hold.
    pub(super) fn lasted(&self) -> Duration {
        match (self.rule.rhythm, self.counter.since()) {
            (Rhythm::Move(..), Some(since)) => self.trace.beyond(&self.rule.goal[0], since),
            _ => Duration::ZERO,
        }
    }

    /// The repetition that counts was to `side`, in a mirrored picture the other one.
    pub(super) fn learn_side(&mut self, side: Option<Side>) {
        if self.sided && side.is_some() && self.flipped.is_none() {
            self.flipped = Some(self.guess);
        }
    }

    /// What a picture says, and what is missing; `None` when what is needed cannot be seen.
    pub(super) fn look(
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
