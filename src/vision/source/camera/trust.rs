//! Whether what a camera gives is worth anything: pictures that change and can be decoded.

use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

/// The same picture, byte for byte, for this long is no picture of a room: every sensor has noise.
/// Long enough for a virtual camera that plays a slide show or stutters.
const FROZEN_AFTER: Duration = Duration::from_secs(5);

/// ...and this often, so that pictures fetched rarely are not called frozen by chance: a player that
/// loops over a few pictures can show the same one twice.
const FROZEN_COUNT: u32 = 5;

/// Nothing but damaged pictures for this long, and the camera is opened anew: the same patience as
/// with a camera that gives none.
const DAMAGED_FOR: Duration = Duration::from_secs(5);

/// What a picture is to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Another.
    New,
    /// The same: it tells nothing of now.
    Same,
    /// The same for too long.
    Frozen,
}

/// What is wrong with a camera's pictures, for as long as it has not given better ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Frozen,
    Damaged,
}

/// The memory of a camera's pictures, over several streams.
#[derive(Debug, Default)]
pub(super) struct Trust {
    fault: Option<Fault>,
    /// A digest of the newest picture, since when it has been this one, and how often it came again.
    newest: Option<(u64, Duration, u32)>,
    /// The newest picture is black: a covered lens may well give the same bytes for ever, and
    /// nothing is judged in the dark.
    is_dark: bool,
    /// Since when all pictures have been damaged.
    damaged_since: Option<Duration>,
}

impl Trust {
    /// Notes that a stream begins: its pictures are another's.
    pub(super) fn begin(&mut self) {
        self.newest = None;
        self.damaged_since = None;
    }

    /// Notes a picture that came at `at`.
    pub(super) fn picture(&mut self, at: Duration, bytes: &[u8]) -> News {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        let digest = hasher.finish();
        match &mut self.newest {
            Some((same, since, count)) if *same == digest && !self.is_dark => {
                *count += 1;
                if FROZEN_AFTER <= at.saturating_sub(*since) && FROZEN_COUNT <= *count {
                    self.fault = Some(Fault::Frozen);
                    return News::Frozen;
                }
                return News::Same;
            }
            Some(_) if self.fault == Some(Fault::Frozen) => self.fault = None,
            // Of a camera that was frozen, one picture shows nothing yet.
            None if self.fault == Some(Fault::Frozen) => {
                self.newest = Some((digest, at, 0));
                return News::Same;
            }
            Some(_) | None => {}
        }
        self.newest = Some((digest, at, 0));
        News::New
    }

    /// Notes that the newest picture could be decoded.
    pub(super) fn accept(&mut self, is_dark: bool) {
        self.is_dark = is_dark;
        self.damaged_since = None;
        if self.fault == Some(Fault::Damaged) {
            self.fault = None;
        }
    }

    /// Notes a damaged picture at `at`; true when there has been nothing else for too long.
    pub(super) fn reject(&mut self, at: Duration) -> bool {
        let since = *self.damaged_since.get_or_insert(at);
        let too_long = DAMAGED_FOR <= at.saturating_sub(since);
        if too_long {
            self.fault = Some(Fault::Damaged);
        }
        too_long
    }

    /// Whether the newest pictures were worth something.
    pub(super) fn holds(&self) -> bool {
        self.fault.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// What is said of the same picture three times a second.
    fn same(trust: &mut Trust, from: f64, seconds: f64) -> Vec<News> {
        let count = (seconds * 3.0) as u32;
        (0..count)
            .map(|n| trust.picture(s(from + f64::from(n) / 3.0), b"same"))
            .collect()
    }

    #[test]
    fn the_same_bytes_for_five_seconds_are_a_frozen_picture() {
        let mut trust = Trust::default();
        let told = same(&mut trust, 0.0, 6.0);
        assert_eq!(told[0], News::New);
        assert!(told[1..15].iter().all(|news| *news == News::Same));
        assert_eq!(told[15], News::Frozen);
        assert!(!trust.holds());
    }

    #[test]
    fn a_frozen_camera_is_believed_when_its_picture_changes() {
        let mut trust = Trust::default();
        same(&mut trust, 0.0, 6.0);
        trust.begin();
        assert_eq!(trust.picture(s(7.0), b"other"), News::Same);
        assert_eq!(trust.picture(s(7.3), b"other"), News::Same);
        assert!(!trust.holds());
        assert_eq!(trust.picture(s(7.6), b"next"), News::New);
        assert!(trust.holds());
    }

    #[test]
    fn a_player_that_repeats_pictures_is_not_frozen() {
        let mut trust = Trust::default();
        for n in 0..60_u8 {
            // Each three times, for a second.
            let news = trust.picture(s(f64::from(n) / 3.0), &[n / 3]);
            let wanted = if n % 3 == 0 { News::New } else { News::Same };
            assert_eq!(news, wanted, "{n}");
        }
        let mut rare = Trust::default();
        for n in 0..4 {
            assert_ne!(rare.picture(s(10.0 * f64::from(n)), b"same"), News::Frozen);
        }
    }

    #[test]
    fn a_covered_lens_is_dark_and_not_frozen() {
        let mut trust = Trust::default();
        assert_eq!(trust.picture(s(0.0), b"same"), News::New);
        trust.accept(true);
        assert!(
            same(&mut trust, 1.0, 20.0)
                .iter()
                .all(|news| *news == News::New)
        );
    }

    #[test]
    fn damaged_pictures_alone_are_a_fault_until_a_sound_one() {
        let mut trust = Trust::default();
        assert!(!trust.reject(s(0.0)));
        assert!(!trust.reject(s(4.0)));
        trust.accept(false);
        assert!(!trust.reject(s(6.0)));
        assert!(trust.holds());
        assert!(trust.reject(s(11.0)));
        trust.begin();
        assert!(!trust.holds());
        assert!(!trust.reject(s(12.0)), "a new stream gets its time");
        trust.accept(false);
        assert!(trust.holds());
    }
}
