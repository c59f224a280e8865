//! When the camera is open, for those who want its light off: for two seconds every so often.

use std::time::Duration;

use super::settings::Sampling;
use super::time::Moment;

/// How long a sample is looked at from its first picture on: at three pictures a second the median
/// of five fills in the first half, and the verdict comes from the second.
const LENGTH: Duration = Duration::from_secs(2);

/// Before a sample has been seen for this long, it tells nothing: smoothing begins anew with it,
/// and what it gives first is one picture's scatter.
pub const SETTLE: Duration = Duration::from_secs(1);

/// How much later than planned a sample may be seen, for a camera that opens slowly or is opened
/// again because it did not begin.
pub const LATE: Duration = Duration::from_secs(15);

/// Follows when the camera is open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampler {
    sample: Option<Sample>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    /// When it was asked for.
    began: Moment,
    /// Its first picture.
    seen: Option<Moment>,
    /// Whether it has been seen for long enough.
    over: bool,
}

impl Sampler {
    /// Takes that a picture was seen.
    pub fn see(&mut self, at: Moment) {
        if let Some(sample) = &mut self.sample {
            sample.seen.get_or_insert(at);
        }
    }

    /// Whether the camera is to be open at `at`; `needed` when it must be, whatever the light does.
    pub fn is_open(&mut self, at: Moment, sampling: Sampling, needed: bool) -> bool {
        if needed {
            self.sample = None;
            return true;
        }
        let sample = self.sample.get_or_insert(Sample::new(at));
        if sample.over && sample.next(sampling).elapsed <= at.elapsed {
            *sample = Sample::new(at);
        }
        sample.over |= sample.end().is_some_and(|end| end.elapsed <= at.elapsed);
        !sample.over
    }

    /// When to ask again, should nothing happen before.
    #[must_use]
    pub fn next_change(&self, sampling: Sampling) -> Option<Moment> {
        let sample = self.sample?;
        if sample.over {
            Some(sample.next(sampling))
        } else {
            sample.end()
        }
    }
}

impl Sample {
    fn new(began: Moment) -> Self {
        Self {
            began,
            seen: None,
            over: false,
        }
    }

    /// When it has been seen for long enough, once it is seen.
    fn end(&self) -> Option<Moment> {
        Some(self.seen?.plus(LENGTH))
    }

    /// When the next one begins.
    fn next(&self, sampling: Sampling) -> Moment {
        self.began.plus(sampling.every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::WallTime;

    const EVERY: Sampling = Sampling {
        every: Duration::from_secs(30),
    };

    fn at(seconds: f64) -> Moment {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        Moment::after(start, Duration::from_secs_f64(seconds))
    }

    #[test]
    fn a_sample_lasts_two_seconds_from_its_first_picture() {
        let mut sampler = Sampler::default();
        assert!(sampler.is_open(at(0.0), EVERY, false));
        assert_eq!(sampler.next_change(EVERY), None);
        // The camera takes its time.
        assert!(sampler.is_open(at(4.0), EVERY, false));
        sampler.see(at(4.0));
        assert_eq!(sampler.next_change(EVERY), Some(at(6.0)));
        assert!(sampler.is_open(at(5.9), EVERY, false));
        assert!(!sampler.is_open(at(6.0), EVERY, false));
        assert_eq!(sampler.next_change(EVERY), Some(at(30.0)));
        // A picture that was under way does not open it again.
        sampler.see(at(6.1));
        assert!(!sampler.is_open(at(29.9), EVERY, false));
        assert!(sampler.is_open(at(30.0), EVERY, false));
        assert_eq!(sampler.next_change(EVERY), None);
    }

    #[test]
    fn a_camera_that_opens_late_keeps_its_two_seconds() {
        let mut sampler = Sampler::default();
        assert!(sampler.is_open(at(0.0), EVERY, false));
        sampler.see(at(40.0));
        assert!(sampler.is_open(at(40.0), EVERY, false));
        assert!(!sampler.is_open(at(42.0), EVERY, false));
        assert!(sampler.is_open(at(42.1), EVERY, false));
    }

    #[test]
    fn what_needs_the_camera_keeps_it_and_a_whole_sample_follows() {
        let mut sampler = Sampler::default();
        assert!(sampler.is_open(at(0.0), EVERY, true));
        sampler.see(at(0.1));
        assert!(sampler.is_open(at(9.0), EVERY, true));
        assert!(sampler.is_open(at(9.1), EVERY, false));
        sampler.see(at(9.2));
        assert!(!sampler.is_open(at(11.3), EVERY, false));
    }
}
