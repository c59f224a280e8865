//! Whether the screen is locked, by several witnesses of whom none is always told.

use std::collections::BTreeSet;

/// Who tells of the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Witness {
    /// logind's signal that the session is to be locked: a wish, and no more until another witness
    /// says so too.
    Request,
    /// The session's hint, which the desktop sets.
    Hint,
    /// The screen saver at this place of the list.
    Saver(usize),
}

/// What the witnesses said last.
///
/// Locked is what any of them says. One that says "unlocked" after it had said "locked" speaks for
/// all: a desktop may tell each of them of the lock and only one of its end. One that had not said
/// "locked" has seen nothing end, as a screen saver that starts and finds the screen free.
#[derive(Debug, Default)]
pub(super) struct Locks {
    /// Those who say that it is locked.
    locked: BTreeSet<Witness>,
    /// Somebody else's session is on the screen.
    away: bool,
}

impl Locks {
    /// `witness` says that the screen is locked, or that it is not.
    pub(super) fn say(&mut self, witness: Witness, locked: bool) {
        if locked {
            self.locked.insert(witness);
        } else if self.locked.contains(&witness) {
            self.locked.clear();
        }
    }

    /// The session was told to unlock, whoever had locked it.
    pub(super) fn unlock(&mut self) {
        self.locked.clear();
    }

    /// What `witness` said counts no more: it is gone, or nobody has confirmed it.
    pub(super) fn forget(&mut self, witness: Witness) {
        self.locked.remove(&witness);
    }

    /// Whether the screen shows another session. The end of a lock does not change that.
    pub(super) fn set_away(&mut self, away: bool) {
        self.away = away;
    }

    /// Whether nobody works here.
    pub(super) fn is_locked(&self) -> bool {
        self.away || !self.locked.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Witness::{Hint, Request, Saver};
    use super::*;

    /// What holds after each of these words.
    fn check(words: &[(Witness, bool)], expected: &[bool]) {
        let mut locks = Locks::default();
        let after = words.iter().map(|(witness, locked)| {
            locks.say(*witness, *locked);
            locks.is_locked()
        });
        assert_eq!(after.collect::<Vec<_>>(), expected, "{words:?}");
    }

    #[test]
    fn each_witness_alone_locks_and_unlocks() {
        for witness in [Request, Hint, Saver(0), Saver(1)] {
            check(
                &[(witness, true), (witness, true), (witness, false)],
                &[true, true, false],
            );
        }
    }

    #[test]
    fn one_that_unlocks_speaks_for_those_who_are_never_told() {
        check(
            &[(Request, true), (Saver(0), true), (Saver(0), false)],
            &[true, true, false],
        );
        check(
            &[(Hint, true), (Saver(1), true), (Hint, false)],
            &[true, true, false],
        );
        // The others' late word changes nothing, and the next lock counts again.
        check(
            &[
                (Hint, true),
                (Saver(0), true),
                (Saver(0), false),
                (Hint, false),
                (Hint, true),
            ],
            &[true, true, false, false, true],
        );
    }

    #[test]
    fn one_that_has_seen_no_lock_unlocks_nothing() {
        check(&[(Hint, true), (Saver(0), false)], &[true, true]);
    }

    #[test]
    fn an_unconfirmed_request_passes_and_a_confirmed_one_stays() {
        let mut locks = Locks::default();
        locks.say(Request, true);
        locks.forget(Request);
        assert!(!locks.is_locked());
        locks.say(Request, true);
        locks.say(Hint, true);
        locks.forget(Request);
        assert!(locks.is_locked());
        locks.forget(Hint);
        assert!(!locks.is_locked());
    }

    #[test]
    fn another_session_on_the_screen_is_no_matter_of_the_lock() {
        let mut locks = Locks::default();
        locks.set_away(true);
        locks.say(Hint, true);
        locks.say(Hint, false);
        locks.unlock();
        assert!(locks.is_locked());
        locks.set_away(false);
        assert!(!locks.is_locked());
    }
}
