//! How long a movement lasted: smoothing would draw it out.

use std::collections::VecDeque;
use std::time::Duration;

use super::rule::{Bound, Condition};

/// A movement's beginning lies at most so long before the smoothed signal tells of it.
const BEFORE: Duration = Duration::from_millis(600);

/// So much is kept: a movement that is shorter needs no closer look.
const KEPT: Duration = Duration::from_secs(4);

/// The latest values of one signal, each the median of three pictures: one outlier does not pass,
/// and what two pictures show keeps its length.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    raw: VecDeque<(Duration, f64)>,
    seen: VecDeque<(Duration, f64)>,
}

impl Trace {
    pub(super) fn push(&mut self, now: Duration, value: f64) {
        self.raw.push_back((now, value));
        if self.raw.len() < 3 {
            return;
        }
        let mut three = [0, 1, 2].map(|n: usize| self.raw[n].1);
        three.sort_by(f64::total_cmp);
        self.seen.push_back((self.raw[1].0, three[1]));
        self.raw.pop_front();
        while self
            .seen
            .front()
            .is_some_and(|(then, _)| now.saturating_sub(*then) > KEPT)
        {
            self.seen.pop_front();
        }
    }

    /// How long the movement that was noticed at `since` was beyond the limit by which `condition`
    /// drops out: about its summit, the times of crossing drawn straight from picture to picture.
    pub(super) fn beyond(&self, condition: &Condition, since: Duration) -> Duration {
        let over = |value: f64| match condition.bound {
            Bound::AtLeast => value - condition.exit,
            Bound::AtMost => condition.exit - value,
        };
        let from = since.saturating_sub(BEFORE);
        let seen: Vec<(f64, f64)> = self
            .seen
            .iter()
            .filter(|(then, _)| *then >= from)
            .map(|(then, value)| (then.as_secs_f64(), over(*value)))
            .collect();
        let summit = (0..seen.len()).max_by(|a, b| seen[*a].1.total_cmp(&seen[*b].1));
        let Some(summit) = summit.filter(|n| seen[*n].1 >= 0.0) else {
            return Duration::ZERO;
        };
        let down = crossing(seen[summit..].iter());
        let up = crossing(seen[..=summit].iter().rev());
        Duration::from_secs_f64((down - up).max(0.0))
    }
}

/// When values that begin above zero cross it; where they do not, when they end.
fn crossing<'a>(values: impl Iterator<Item = &'a (f64, f64)>) -> f64 {
    let mut last = (0.0, 0.0);
    for &(then, value) in values {
        if value < 0.0 {
            let part = last.1 / (last.1 - value);
            return last.0 + (then - last.0) * part;
        }
        last = (then, value);
    }
    last.0
}

#[cfg(test)]
mod tests {
    use super::super::rule::Hint;
    use super::super::signal::Signal;
    use super::*;

    const RISE: Condition = Condition {
        signal: Signal::ShoulderRise,
        bound: Bound::AtLeast,
        enter: 0.07,
        exit: 0.04,
        hint: Hint::LiftShoulders,
    };

    /// What is found of a rise by 0.12 that takes `way` seconds each way and stays `top` seconds.
    fn found(rate: f64, way: f64, top: f64) -> f64 {
        let mut trace = Trace::default();
        for n in 0..(4.0 * rate) as u32 {
            let t = f64::from(n) / rate;
            let (up, down) = ((t - 1.03) / way, (1.03 + 2.0 * way + top - t) / way);
            let part = up.min(down).clamp(0.0, 1.0);
            trace.push(Duration::from_secs_f64(t), 0.12 * part);
        }
        let since = Duration::from_millis(1300);
        trace.beyond(&RISE, since).as_secs_f64()
    }

    #[test]
    fn a_jerk_is_shorter_than_a_movement() {
        for rate in [5.0, 10.0] {
            let (jerk, quick, slow) = (
                found(rate, 0.01, 0.38),
                found(rate, 0.3, 0.2),
                found(rate, 0.5, 0.5),
            );
            assert!(jerk < 0.5, "{rate}: {jerk}");
            assert!((0.5..0.75).contains(&quick), "{rate}: {quick}");
            assert!((slow - 1.17).abs() < 0.1, "{rate}: {slow}");
        }
    }

    #[test]
    fn what_one_picture_shows_is_none() {
        let mut trace = Trace::default();
        for n in 0..20 {
            let value = if n == 10 { 0.2 } else { 0.0 };
            trace.push(Duration::from_millis(n * 200), value);
        }
        let since = Duration::from_secs(2);
        assert_eq!(trace.beyond(&RISE, since), Duration::ZERO);
    }
}
