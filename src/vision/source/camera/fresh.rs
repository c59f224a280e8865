//! Which frames are new: some waited in the driver while this process, or the machine, was held up.

use std::time::Duration;

/// A frame that waited this much longer than the quickest one is old: a driver's four buffers are
/// full after 0.13 s at 30 frames a second and 0.8 s at 5, and what is judged is to be of now.
const LATE: Duration = Duration::from_millis(500);

/// Finds old frames by how long they were under way.
///
/// The driver's clock and ours begin at different times, so only the difference from the quickest
/// frame of the stream counts.
#[derive(Debug, Default)]
pub(super) struct Freshness {
    /// Our time less the driver's, in seconds, for the quickest frame.
    least: Option<f64>,
}

impl Freshness {
    /// Whether the frame taken at `taken_at` by the driver's clock, if that is known, and received at
    /// `at`, is new.
    pub(super) fn is_fresh(&mut self, taken_at: Option<Duration>, at: Duration) -> bool {
        let Some(taken_at) = taken_at else {
            return true;
        };
        let apart = at.as_secs_f64() - taken_at.as_secs_f64();
        let least = self.least.map_or(apart, |least| least.min(apart));
        self.least = Some(least);
        apart - least <= LATE.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_waited_are_old() {
        let ms = Duration::from_millis;
        let mut freshness = Freshness::default();
        let mut is_fresh = |taken, at| freshness.is_fresh(Some(ms(taken)), ms(at));
        assert!(is_fresh(70_000, 30));
        assert!(is_fresh(70_200, 260));
        assert!(is_fresh(70_400, 410), "quicker than the first");
        // Held up for ten seconds: the buffers are full of what was then.
        assert!(!is_fresh(70_600, 10_400));
        assert!(!is_fresh(70_800, 10_401));
        assert!(is_fresh(80_400, 10_410));
    }

    #[test]
    fn without_a_clock_of_the_drivers_every_frame_counts() {
        let mut freshness = Freshness::default();
        assert!(freshness.is_fresh(None, Duration::ZERO));
        assert!(freshness.is_fresh(None, Duration::from_secs(100)));
    }
}
