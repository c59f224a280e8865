//! Whether somebody is there, from the presence detector's scores.

use std::time::Duration;

use super::baseline::MIN_PRESENCE;
use super::time::Moment;

/// Scores must be low this long before the person counts as gone: the detector runs about once a
/// second, and one wrong score must not end a bout.
const GONE_AFTER: Duration = Duration::from_millis(1500);

/// Scores must be high this long before somebody counts as back: who only walks past an empty
/// chair is in the picture for a moment.
const BACK_AFTER: Duration = Duration::from_secs(3);

/// Follows the presence scores.
#[derive(Clone, Copy, Debug, Default)]
pub struct PresenceTracker {
    present: bool,
    /// Since when the scores say the opposite of `present`.
    doubted_since: Option<Moment>,
    began: bool,
}

impl PresenceTracker {
    /// Takes a score, 0 to 1, and tells whether somebody is there.
    pub fn push(&mut self, at: Moment, score: f32) -> bool {
        let seen = score >= MIN_PRESENCE;
        if !self.began {
            *self = Self {
                present: seen,
                doubted_since: None,
                began: true,
            };
        }
        if seen == self.present {
            self.doubted_since = None;
            return self.present;
        }
        let since = *self.doubted_since.get_or_insert(at);
        let patience = if self.present { GONE_AFTER } else { BACK_AFTER };
        if at.since(since) >= patience {
            self.present = seen;
            self.doubted_since = None;
        }
        self.present
    }

    /// Whether the latest score contradicts what counts as true.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.doubted_since.is_some()
    }
}
