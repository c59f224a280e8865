//! What lasts, told from what only flickers.

use std::time::Duration;

/// How long it must be there before it counts, and be gone before it does not: a voice assistant
/// that listens for a word, a level meter, and the pause between two calls are shorter.
const LASTING: Duration = Duration::from_secs(10);

/// A fact that is looked at now and then.
#[derive(Debug, Default)]
pub(super) struct Lasting {
    holds: bool,
    /// Since when it is seen otherwise.
    otherwise_since: Option<Duration>,
}

impl Lasting {
    /// Whether it holds, now that it is `seen` or not at `at` (on any clock that does not go back).
    pub(super) fn see(&mut self, at: Duration, seen: bool) -> bool {
        if seen == self.holds {
            self.otherwise_since = None;
        } else {
            let since = *self.otherwise_since.get_or_insert(at);
            if LASTING <= at.saturating_sub(since) {
                self.holds = seen;
                self.otherwise_since = None;
            }
        }
        self.holds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seen: &[(u64, bool)], expected: &[bool]) {
        let mut lasting = Lasting::default();
        let holds = seen
            .iter()
            .map(|(at, seen)| lasting.see(Duration::from_secs(*at), *seen));
        assert_eq!(holds.collect::<Vec<_>>(), expected, "{seen:?}");
    }

    #[test]
    fn what_is_there_for_ten_seconds_counts_and_what_is_gone_for_ten_does_not() {
        check(
            &[
                (0, true),
                (5, true),
                (10, true),
                (60, false),
                (69, false),
                (70, false),
            ],
            &[false, false, true, true, true, false],
        );
    }

    #[test]
    fn a_blip_and_a_short_pause_change_nothing() {
        check(
            &[(0, true), (5, false), (10, true), (15, true), (20, true)],
            &[false, false, false, false, true],
        );
        check(
            &[(0, true), (10, true), (15, false), (20, true), (26, false)],
            &[false, true, true, true, true],
        );
    }
}
