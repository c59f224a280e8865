//! How often to look: said by the monitor, heeded by whoever makes observations.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The wanted rate in observations a second, shared between the loop and the vision thread.
#[derive(Clone, Debug)]
pub struct SharedRate(Arc<AtomicU64>);

impl SharedRate {
    /// Starts at `hz`.
    #[must_use]
    pub fn new(hz: f64) -> Self {
        Self(Arc::new(AtomicU64::new(hz.to_bits())))
    }

    /// Sets the rate.
    pub fn set(&self, hz: f64) {
        self.0.store(hz.to_bits(), Ordering::Relaxed);
    }

    /// The rate; 0 is "do not look".
    #[must_use]
    pub fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// Picks the frames that are due.
#[derive(Clone, Copy, Debug, Default)]
pub struct Due {
    last: Option<Duration>,
}

impl Due {
    /// Whether a frame taken at `at` is due at a rate of `hz`; if so it is taken as the last one.
    pub fn take(&mut self, at: Duration, hz: f64) -> bool {
        // A tenth of the interval is let off, so that a source at the wanted rate loses no frame
        // to the rounding of its times.
        let due = hz > 0.0
            && self
                .last
                .is_none_or(|last| at.saturating_sub(last).as_secs_f64() >= 0.9 / hz);
        if due {
            self.last = Some(at);
        }
        due
    }

    /// Takes the last frame back: it was of no use, and the next is due whenever it comes.
    pub fn again(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_at_the_wanted_rate_at_most() {
        let taken = |fps: u32, hz: f64| {
            let mut due = Due::default();
            (0..10 * fps)
                .filter(|n| due.take(Duration::from_secs(1) * *n / fps, hz))
                .count()
        };
        assert_eq!(taken(3, 3.0), 30);
        assert_eq!(taken(30, 3.0), 34);
        assert_eq!(taken(3, 1.0), 10);
        assert_eq!(taken(2, 3.0), 20);
        assert_eq!(taken(3, 0.0), 0);
    }

    #[test]
    fn a_frame_of_no_use_is_followed_by_the_next() {
        let mut due = Due::default();
        let ms = Duration::from_millis;
        assert!(due.take(ms(0), 1.0));
        assert!(!due.take(ms(200), 1.0));
        due.again();
        assert!(due.take(ms(400), 1.0));
    }
}
