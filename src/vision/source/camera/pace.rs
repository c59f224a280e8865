//! Which frames of a stream are due.

use std::time::Duration;

/// Picks, out of the frames of a stream, those that keep to a wanted rate on average.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    /// When the next frame is due; `None` before the first.
    due: Option<Duration>,
    /// When the frame before came.
    last: Option<Duration>,
}

impl Pacer {
    /// Whether the frame that comes at `at` is due at `rate_hz` frames a second (above zero).
    ///
    /// A frame that is nearer to the due time than its successor will be counts as due: half a
    /// frame early at most. The schedule goes on from the due time, not from the frame, so that the
    /// rate holds when it does not divide the camera's.
    pub(super) fn is_due(&mut self, at: Duration, rate_hz: f64) -> bool {
        let period = period(rate_hz);
        let apart = self
            .last
            .map_or(Duration::ZERO, |last| at.saturating_sub(last));
        self.last = Some(at);
        // A due time set at a lower rate must not hold up the frames of a higher one.
        let due = self.due.unwrap_or(at).min(at + period);
        if at + (apart / 2).min(period / 2) < due {
            self.due = Some(due);
            return false;
        }
        let next = due + period;
        // Behind by more than a frame (a stall, or a camera slower than the rate): start over.
        self.due = Some(if next < at { at + period } else { next });
        true
    }
}

/// The time between two frames at `rate_hz`, an hour at most.
fn period(rate_hz: f64) -> Duration {
    const LONGEST: Duration = Duration::from_secs(3600);
    Duration::try_from_secs_f64(1.0 / rate_hz).map_or(LONGEST, |period| period.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of the frames of `seconds` at `fps` are due at `rate_hz`.
    fn count(fps: u32, rate_hz: f64, seconds: u32) -> usize {
        let mut pacer = Pacer::default();
        (0..fps * seconds)
            .filter(|n| pacer.is_due(Duration::from_secs(1) * *n / fps, rate_hz))
            .count()
    }

    #[test]
    fn the_rate_holds_on_average() {
        assert_eq!(count(30, 3.0, 100), 300);
        assert_eq!(count(5, 3.0, 100), 300);
        assert_eq!(count(30, 0.5, 100), 50);
        assert_eq!(count(15, 10.0, 100), 1000);
    }

    #[test]
    fn a_slow_camera_gives_every_frame() {
        assert_eq!(count(5, 10.0, 10), 50);
        assert_eq!(count(5, 5.0, 10), 50);
    }

    #[test]
    fn a_change_of_rate_counts_from_the_present() {
        let mut pacer = Pacer::default();
        let at = |ms| Duration::from_millis(ms);
        assert!(pacer.is_due(at(0), 0.1));
        assert!(!pacer.is_due(at(200), 0.1));
        let due = (2..12).filter(|n| pacer.is_due(at(n * 200), 5.0)).count();
        assert!((8..=10).contains(&due), "{due} of 10");
    }

    #[test]
    fn after_a_gap_the_missed_frames_are_not_made_up_for() {
        let mut pacer = Pacer::default();
        let at = |ms| Duration::from_millis(ms);
        assert!(pacer.is_due(at(0), 2.0));
        assert!(pacer.is_due(at(20_000), 2.0));
        assert!(!pacer.is_due(at(20_030), 2.0));
        assert!(!pacer.is_due(at(20_060), 2.0));
    }
}
