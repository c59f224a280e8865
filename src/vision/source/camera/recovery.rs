//! When to try again after a failure, and when the camera's state has changed.

use std::time::Duration;

use crate::domain::io::CameraStatus;

/// The pause before the first new try: long enough for a driver to let go of the camera.
const FIRST_DELAY: Duration = Duration::from_millis(500);

/// The longest pause between two tries: a person who plugs a camera in waits this long at most, and
/// a process started twice a minute costs next to nothing.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// After pictures have come for this long, the next failure counts as the first again.
const HEALTHY: Duration = Duration::from_secs(60);

/// The history of a camera's failures, as far as it decides what to do next.
///
/// Times are monotonic and from one clock.
#[derive(Debug)]
pub(super) struct Recovery {
    /// The pause before the next new try.
    delay: Duration,
    /// The trouble that lasts, and since when it has been this one.
    trouble: Option<(CameraStatus, Duration)>,
    /// Since when pictures have come.
    pictures_since: Option<Duration>,
}

impl Recovery {
    /// A camera that has not failed.
    pub(super) fn new() -> Self {
        Self {
            delay: FIRST_DELAY,
            trouble: None,
            pictures_since: None,
        }
    }

    /// Notes a picture at `at`; true when it ends a trouble.
    pub(super) fn picture(&mut self, at: Duration) -> bool {
        self.pictures_since.get_or_insert(at);
        self.trouble.take().is_some()
    }

    /// Notes a failure at `at`. Returns when to try again, and whether `status` is news.
    pub(super) fn failure(&mut self, at: Duration, status: CameraStatus) -> (Duration, bool) {
        let pictures_since = self.pictures_since.take();
        if pictures_since.is_some_and(|since| HEALTHY <= at.saturating_sub(since)) {
            self.delay = FIRST_DELAY;
        }
        let retry_at = at + self.delay;
        self.delay = (self.delay * 2).min(LONGEST_DELAY);
        let news = self.lasts_not(status);
        if news {
            self.trouble = Some((status, at));
        }
        (retry_at, news)
    }

    /// Notes that the camera was given to another program at `at`; true when that is news.
    pub(super) fn given(&mut self, at: Duration) -> bool {
        self.pictures_since = None;
        let news = self.lasts_not(CameraStatus::Yielded);
        if news {
            self.trouble = Some((CameraStatus::Yielded, at));
        }
        news
    }

    /// Notes that the camera was released on purpose: the time without pictures is no failure.
    pub(super) fn released(&mut self) {
        self.pictures_since = None;
    }

    /// Whether the trouble, if any, is another than `status`.
    fn lasts_not(&self, status: CameraStatus) -> bool {
        self.trouble.is_none_or(|(before, _)| before != status)
    }

    /// Since when the camera has been lost without interruption; `None` when it is not.
    pub(super) fn lost_since(&self) -> Option<Duration> {
        self.trouble
            .filter(|(status, _)| *status == CameraStatus::Lost)
            .map(|(_, since)| since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let mut recovery = Recovery::new();
        let mut at = s(100.0);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            let (retry_at, _) = recovery.failure(at, CameraStatus::Lost);
            pauses.push((retry_at - at).as_secs_f64());
            at = retry_at;
        }
        assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
    }

    #[test]
    fn only_a_minute_of_pictures_starts_the_pauses_over() {
        let mut recovery = Recovery::new();
        recovery.failure(s(0.0), CameraStatus::Stalled);
        recovery.picture(s(1.0));
        assert_eq!(
            recovery.failure(s(60.9), CameraStatus::Stalled).0,
            s(61.9),
            "after 59.9 s of pictures"
        );
        recovery.picture(s(70.0));
        recovery.picture(s(100.0));
        assert_eq!(
            recovery.failure(s(130.0), CameraStatus::Stalled).0,
            s(130.5),
            "after 60 s of pictures"
        );
    }

    #[test]
    fn the_same_trouble_is_news_only_once() {
        let mut recovery = Recovery::new();
        assert!(!recovery.picture(s(0.0)), "no trouble before");
        assert!(recovery.failure(s(1.0), CameraStatus::Busy).1);
        assert!(!recovery.failure(s(2.0), CameraStatus::Busy).1);
        assert!(recovery.failure(s(3.0), CameraStatus::Lost).1);
        assert!(recovery.picture(s(4.0)));
        assert!(!recovery.picture(s(5.0)));
        assert!(recovery.failure(s(6.0), CameraStatus::Lost).1);
    }

    #[test]
    fn lost_counts_from_its_beginning_and_ends_with_another_state() {
        let mut recovery = Recovery::new();
        assert_eq!(recovery.lost_since(), None);
        recovery.failure(s(1.0), CameraStatus::Lost);
        recovery.failure(s(9.0), CameraStatus::Lost);
        assert_eq!(recovery.lost_since(), Some(s(1.0)));
        recovery.failure(s(10.0), CameraStatus::Busy);
        assert_eq!(recovery.lost_since(), None);
    }

    #[test]
    fn a_camera_given_away_is_no_failure_and_its_return_is_told() {
        let mut recovery = Recovery::new();
        recovery.picture(s(0.0));
        assert!(recovery.given(s(1.0)));
        assert!(!recovery.given(s(2.0)), "told once");
        assert_eq!(recovery.lost_since(), None);
        assert!(recovery.picture(s(100.0)));
        assert_eq!(recovery.failure(s(101.0), CameraStatus::Lost).0, s(101.5));
    }

    #[test]
    fn a_release_does_not_count_as_time_with_pictures() {
        let mut recovery = Recovery::new();
        recovery.failure(s(0.0), CameraStatus::Lost);
        recovery.picture(s(1.0));
        recovery.released();
        recovery.picture(s(100.0));
        assert_eq!(recovery.failure(s(101.0), CameraStatus::Lost).0, s(102.0));
    }
}
