//! Smoothing of one measure: a median of five against outliers, then the One Euro filter.
//!
//! The median comes first because the One Euro filter follows an outlier as if it were a fast
//! movement. Source of the second stage: Casiez, Roussel and Vogel, "1 € Filter", CHI 2012.

use std::time::Duration;

/// Samples the median looks at.
const MEDIAN_WINDOW: usize = 5;

/// Cut-off of a measure at rest, in hertz: lower is calmer and slower. At three observations a
/// second this leaves 0.7 % of noise of 4 % and follows a step of 12 % within 1.3 s.
const MIN_CUTOFF_HZ: f64 = 0.15;

/// Cut-off of [`Smoother::quick`] at rest, in hertz: with three samples in the median it follows a
/// movement of half a second at five observations a second.
const QUICK_CUTOFF_HZ: f64 = 0.6;

/// Samples the median of [`Smoother::quick`] looks at: one outlier does not pass.
const QUICK_WINDOW: usize = 3;

/// How much the cut-off rises with speed, in hertz per unit a second.
const BETA: f64 = 1.5;

/// Cut-off of the speed estimate, in hertz, as the authors of the filter propose.
const SPEED_CUTOFF_HZ: f64 = 1.0;

/// A gap after which what was known is too old to smooth with.
const FORGET_AFTER: Duration = Duration::from_secs(5);

/// Smooths one measure over time.
#[derive(Clone, Debug)]
pub struct Smoother {
    /// Multiplies values to bring them to the size of the ratios the constants are made for.
    unit: f64,
    /// Samples the median looks at, at most [`MEDIAN_WINDOW`].
    window: usize,
    min_cutoff_hz: f64,
    recent: [f64; MEDIAN_WINDOW],
    count: usize,
    last: Option<(Duration, f64, f64)>,
}

impl Smoother {
    /// A smoother for a measure of which `typical` is a change that matters as much as a tenth of
    /// a ratio: the constants are made for ratios.
    #[must_use]
    pub fn new(typical: f64) -> Self {
        Self {
            unit: 0.1 / typical,
            window: MEDIAN_WINDOW,
            min_cutoff_hz: MIN_CUTOFF_HZ,
            recent: [0.0; MEDIAN_WINDOW],
            count: 0,
            last: None,
        }
    }

    /// A smoother for movements that take half a second to some seconds, seen five or ten times a
    /// second; `typical` as for [`Smoother::new`].
    #[must_use]
    pub fn quick(typical: f64) -> Self {
        Self {
            window: QUICK_WINDOW,
            min_cutoff_hz: QUICK_CUTOFF_HZ,
            ..Self::new(typical)
        }
    }

    /// Takes the value seen at time `at` and gives the smoothed one. Times must not go back;
    /// after a gap of five seconds smoothing begins anew.
    pub fn push(&mut self, at: Duration, value: f64) -> f64 {
        if self
            .last
            .is_some_and(|(then, ..)| at.saturating_sub(then) > FORGET_AFTER)
        {
            self.reset();
        }
        self.recent[self.count % self.window] = value * self.unit;
        self.count += 1;
        let x = self.median();
        let Some((then, before, speed)) = self.last else {
            self.last = Some((at, x, 0.0));
            return x / self.unit;
        };
        let dt = at.saturating_sub(then).as_secs_f64();
        if dt <= 0.0 {
            return before / self.unit;
        }
        let speed = lowpass(speed, (x - before) / dt, smoothing(SPEED_CUTOFF_HZ, dt));
        let cutoff = self.min_cutoff_hz + BETA * speed.abs();
        let smooth = lowpass(before, x, smoothing(cutoff, dt));
        self.last = Some((at, smooth, speed));
        smooth / self.unit
    }

    /// The latest smoothed value, if there is one not older than the gap that ends smoothing.
    #[must_use]
    pub fn latest(&self, at: Duration) -> Option<f64> {
        let (then, value, _) = self.last?;
        (at.saturating_sub(then) <= FORGET_AFTER).then_some(value / self.unit)
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.count = 0;
        self.last = None;
    }

    fn median(&self) -> f64 {
        let n = self.count.min(self.window);
        let mut window = self.recent;
        let window = &mut window[..n];
        window.sort_by(f64::total_cmp);
        // Of an even number the lower middle: the window is even for two samples after a reset only.
        window[(n - 1) / 2]
    }
}

fn lowpass(before: f64, now: f64, alpha: f64) -> f64 {
    alpha * now + (1.0 - alpha) * before
}

/// The weight of a new sample `dt` seconds after the last, for a cut-off in hertz.
fn smoothing(cutoff: f64, dt: f64) -> f64 {
    1.0 / (1.0 + 1.0 / (2.0 * std::f64::consts::PI * cutoff * dt))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(n: u32) -> Duration {
        Duration::from_secs(1) / 3 * n
    }

    #[test]
    fn a_constant_stays_what_it_is() {
        let mut s = Smoother::new(0.1);
        for n in 0..20 {
            assert!((s.push(at(n), 0.25) - 0.25).abs() < 1e-12);
        }
    }

    #[test]
    fn an_outlier_does_not_pass() {
        let mut s = Smoother::new(0.1);
        for n in 0..10 {
            s.push(at(n), 0.0);
        }
        let through = s.push(at(10), 0.9);
        assert!(through.abs() < 1e-12, "{through}");
    }

    #[test]
    fn a_step_of_12_percent_is_followed_within_two_seconds() {
        let mut s = Smoother::new(0.1);
        for n in 0..15 {
            s.push(at(n), 0.0);
        }
        let after: Vec<f64> = (15..21).map(|n| s.push(at(n), 0.12)).collect();
        assert!(after[5] > 0.8 * 0.12, "{after:?}");
    }

    #[test]
    fn a_quick_one_follows_a_movement_of_half_a_second() {
        for rate in [5_u32, 10] {
            let mut s = Smoother::quick(0.1);
            let step = Duration::from_secs(1) / rate;
            for n in 0..rate {
                s.push(step * n, 0.0);
            }
            let after: Vec<f64> = (rate..rate * 3 / 2 + 2)
                .map(|n| s.push(step * n, 0.14))
                .collect();
            assert!(after.iter().any(|v| *v > 0.7 * 0.14), "{rate}: {after:?}");
        }
    }

    #[test]
    fn a_gap_begins_anew() {
        let mut s = Smoother::new(0.1);
        s.push(at(0), 0.5);
        assert_eq!(s.latest(Duration::from_secs(6)), None);
        assert!((s.push(Duration::from_secs(6), 0.1) - 0.1).abs() < 1e-12);
    }
}
