//! What is wanted on the desktop against what is there: decides the next call to the daemon.

use crate::desktop::per_kind::{KINDS, PerKind};
use crate::desktop::wanted::{Wanted, Wish};
use crate::domain::io::AlertKind;

/// A notification that is on the desktop. Ids begin anew when a daemon restarts, so an id means
/// something only together with the daemon that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bubble {
    /// The daemon's unique name on the bus.
    pub(super) daemon: String,
    /// The daemon's number for it.
    pub(super) id: u32,
}

/// The next thing to ask of the daemon.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Show a wish, in place of its kind's bubble where there is one.
    Show(Wish),
    /// Take the bubble of a kind away.
    Withdraw(AlertKind),
}

/// What is on the desktop, and which wishes have had their turn.
#[derive(Debug, Default)]
pub(super) struct Book {
    slots: PerKind<Slot>,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    bubble: Option<Bubble>,
    /// The serial of the last wish that was shown or refused: it had its turn.
    tried: u64,
    /// Whether that wish may have a second turn when another daemon comes. Only one: else a daemon
    /// that our notification makes crash would be crashed again after each restart.
    may_return: bool,
    /// Whether that wish is to have its second turn.
    again: bool,
}

impl Book {
    /// The next call that brings the desktop nearer to `wanted`; `None` when it is there.
    pub(super) fn next(&self, wanted: &Wanted) -> Option<Step> {
        KINDS.into_iter().find_map(|kind| {
            let slot = self.slots.get(kind);
            match wanted.get(kind) {
                Some(wish) if wish.serial != slot.tried || slot.again => {
                    Some(Step::Show(wish.clone()))
                }
                None if slot.bubble.is_some() => Some(Step::Withdraw(kind)),
                _ => None,
            }
        })
    }

    /// `wish` had its turn and is on the desktop as `bubble`; `None` when it was refused.
    pub(super) fn tried(&mut self, wish: &Wish, bubble: Option<Bubble>) {
        let slot = self.slots.get_mut(wish.alert.kind);
        if slot.tried != wish.serial {
            slot.tried = wish.serial;
            slot.may_return = true;
        }
        slot.again = false;
        slot.bubble = bubble;
    }

    /// We took the bubble of `kind` away.
    pub(super) fn withdrawn(&mut self, kind: AlertKind) {
        self.slots.get_mut(kind).bubble = None;
    }

    /// The daemon or the person closed `bubble`: it stays away until the next alert.
    pub(super) fn closed(&mut self, bubble: &Bubble) {
        if let Some(kind) = self.kind_of(bubble) {
            let slot = self.slots.get_mut(kind);
            slot.bubble = None;
            slot.may_return = false;
        }
    }

    /// A daemon came to the bus: what another one showed is gone, and what still holds is shown
    /// once more.
    pub(super) fn daemon_came(&mut self, daemon: &str) {
        for kind in KINDS {
            let slot = self.slots.get_mut(kind);
            // A daemon that our own call started may answer before its coming is announced.
            if slot.bubble.as_ref().is_some_and(|b| b.daemon == daemon) {
                continue;
            }
            slot.bubble = None;
            slot.again = std::mem::take(&mut slot.may_return);
        }
    }

    /// The bus is gone, and with it all bubbles.
    pub(super) fn bus_gone(&mut self) {
        for kind in KINDS {
            self.slots.get_mut(kind).bubble = None;
        }
    }

    /// The kind of alert that `bubble` shows; `None` for a notification that is not ours.
    pub(super) fn kind_of(&self, bubble: &Bubble) -> Option<AlertKind> {
        KINDS
            .into_iter()
            .find(|&kind| self.slots.get(kind).bubble.as_ref() == Some(bubble))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::io::{Alert, Urgency};

    fn wish(kind: AlertKind, serial: u64) -> Wish {
        Wish {
            alert: Alert {
                kind,
                bout: 1,
                faults: Vec::new(),
                amount: None,
                lasted: Duration::from_secs(40),
                urgency: Urgency::Quiet,
                silenced: None,
            },
            serial,
        }
    }

    fn bubble(daemon: &str, id: u32) -> Bubble {
        Bubble {
            daemon: daemon.to_owned(),
            id,
        }
    }

    fn wanting(wish: &Wish) -> Wanted {
        let mut wanted = Wanted::default();
        *wanted.get_mut(wish.alert.kind) = Some(wish.clone());
        wanted
    }

    fn show(wish: &Wish) -> Option<Step> {
        Some(Step::Show(wish.clone()))
    }

    #[test]
    fn a_wish_is_shown_once_a_repeat_over_it_and_then_withdrawn() {
        let (first, repeat) = (wish(AlertKind::Posture, 1), wish(AlertKind::Posture, 2));
        let mut book = Book::default();
        assert_eq!(book.next(&wanting(&first)), show(&first));
        book.tried(&first, Some(bubble(":1.1", 7)));
        assert_eq!(book.next(&wanting(&first)), None);
        assert_eq!(book.next(&wanting(&repeat)), show(&repeat));
        assert_eq!(book.kind_of(&bubble(":1.1", 7)), Some(AlertKind::Posture));
        book.tried(&repeat, Some(bubble(":1.1", 7)));
        let step = Step::Withdraw(AlertKind::Posture);
        assert_eq!(book.next(&Wanted::default()), Some(step));
        book.withdrawn(AlertKind::Posture);
        assert_eq!(book.next(&Wanted::default()), None);
    }

    #[test]
    fn the_kinds_stand_side_by_side() {
        let (posture, sitting) = (wish(AlertKind::Posture, 1), wish(AlertKind::Sitting, 2));
        let mut wanted = wanting(&posture);
        *wanted.get_mut(AlertKind::Sitting) = Some(sitting.clone());
        let mut book = Book::default();
        book.tried(&posture, Some(bubble(":1.1", 1)));
        assert_eq!(book.next(&wanted), show(&sitting));
        book.tried(&sitting, Some(bubble(":1.1", 2)));
        assert_eq!(book.next(&wanted), None);
        assert_eq!(book.kind_of(&bubble(":1.1", 2)), Some(AlertKind::Sitting));
    }

    #[test]
    fn a_dismissed_or_refused_wish_waits_for_the_next_alert() {
        let (first, repeat) = (wish(AlertKind::Posture, 1), wish(AlertKind::Posture, 2));
        let mut book = Book::default();
        book.tried(&first, Some(bubble(":1.1", 7)));
        book.closed(&bubble(":1.1", 7));
        assert_eq!(book.next(&wanting(&first)), None);
        assert_eq!(book.next(&wanting(&repeat)), show(&repeat));
        book.tried(&repeat, None);
        assert_eq!(book.next(&wanting(&repeat)), None);
    }

    #[test]
    fn another_daemons_bubbles_are_not_ours() {
        let first = wish(AlertKind::Posture, 1);
        let mut book = Book::default();
        book.tried(&first, Some(bubble(":1.1", 7)));
        book.closed(&bubble(":1.9", 7));
        assert_eq!(book.kind_of(&bubble(":1.9", 7)), None);
        assert_eq!(book.kind_of(&bubble(":1.1", 7)), Some(AlertKind::Posture));
    }

    #[test]
    fn a_new_daemon_shows_what_holds_once_more_but_not_twice() {
        let first = wish(AlertKind::Posture, 1);
        let mut book = Book::default();
        book.tried(&first, Some(bubble(":1.1", 7)));
        book.daemon_came(":1.2");
        assert_eq!(book.kind_of(&bubble(":1.1", 7)), None);
        assert_eq!(book.next(&wanting(&first)), show(&first));
        book.tried(&first, Some(bubble(":1.2", 1)));
        book.daemon_came(":1.3");
        assert_eq!(book.next(&wanting(&first)), None);
        assert_eq!(book.next(&Wanted::default()), None);
    }

    #[test]
    fn a_refused_wish_is_shown_when_a_daemon_comes_a_dismissed_one_is_not() {
        let first = wish(AlertKind::Posture, 1);
        let mut book = Book::default();
        book.tried(&first, None);
        book.daemon_came(":1.2");
        assert_eq!(book.next(&wanting(&first)), show(&first));
        book.tried(&first, Some(bubble(":1.2", 1)));
        book.closed(&bubble(":1.2", 1));
        book.daemon_came(":1.3");
        assert_eq!(book.next(&wanting(&first)), None);
    }

    #[test]
    fn the_daemon_that_our_call_started_keeps_its_bubble() {
        let first = wish(AlertKind::Posture, 1);
        let mut book = Book::default();
        book.tried(&first, Some(bubble(":1.2", 1)));
        book.daemon_came(":1.2");
        assert_eq!(book.next(&wanting(&first)), None);
    }
}
