//! What holds now against what was told: only the difference is sent.

use std::cell::RefCell;

use tokio::sync::{Notify, mpsc};

use super::locks::Locks;
use crate::domain::io::Signal;

/// What holds. Nothing does, as long as nobody says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// The machine goes to sleep.
    pub(super) asleep: bool,
    /// It runs on its battery.
    pub(super) on_battery: bool,
    /// The notification server holds back what it is given.
    pub(super) inhibited: bool,
    /// The person has switched notifications off in GNOME.
    pub(super) without_banners: bool,
    /// A microphone is in use.
    pub(super) call: bool,
    locked: bool,
}

impl Facts {
    /// Whether the person asked the desktop not to be disturbed.
    fn undisturbed(self) -> bool {
        self.inhibited || self.without_banners
    }

    /// What is to be told to one who knows `told`.
    fn news(self, told: Self) -> impl Iterator<Item = Signal> {
        [
            (self.asleep, told.asleep, Signal::Asleep as fn(bool) -> _),
            (self.locked, told.locked, Signal::Locked),
            (self.on_battery, told.on_battery, Signal::OnBattery),
            (self.undisturbed(), told.undisturbed(), Signal::DoNotDisturb),
            (self.call, told.call, Signal::Call),
        ]
        .into_iter()
        .filter(|(now, told, _)| now != told)
        .map(|(now, _, signal)| signal(now))
    }
}

/// Where the sources write what holds. It is no queue: whoever reads late reads the newest.
#[derive(Debug, Default)]
pub(super) struct Board {
    facts: RefCell<Facts>,
    locks: RefCell<Locks>,
    changed: Notify,
}

impl Board {
    /// Changes what holds.
    pub(super) fn change(&self, change: impl FnOnce(&mut Facts)) {
        change(&mut self.facts.borrow_mut());
        self.changed.notify_one();
    }

    /// Hears a witness of the lock.
    pub(super) fn hear(&self, word: impl FnOnce(&mut Locks)) {
        word(&mut self.locks.borrow_mut());
        let locked = self.locks.borrow().is_locked();
        self.change(|facts| facts.locked = locked);
    }

    /// Sends every change to `to`, until nobody listens there.
    pub(super) async fn tell(&self, to: &mpsc::Sender<Signal>) {
        let mut told = Facts::default();
        loop {
            let now = *self.facts.borrow();
            for signal in now.news(told) {
                if to.send(signal).await.is_err() {
                    return;
                }
            }
            told = now;
            tokio::select! {
                () = self.changed.notified() => {}
                () = to.closed() => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::locks::Witness;
    use super::*;

    #[tokio::test]
    async fn changes_are_sent_once_and_repeats_are_not() {
        let board = Board::default();
        let (to, mut sent) = mpsc::channel(8);
        let listen = async {
            board.hear(|locks| locks.say(Witness::Hint, true));
            board.change(|facts| facts.on_battery = true);
            assert_eq!(sent.recv().await, Some(Signal::Locked(true)));
            assert_eq!(sent.recv().await, Some(Signal::OnBattery(true)));
            board.change(|facts| facts.on_battery = true);
            board.hear(|locks| locks.say(Witness::Saver(0), true));
            board.hear(|locks| locks.say(Witness::Saver(0), false));
            assert_eq!(sent.recv().await, Some(Signal::Locked(false)));
            board.change(|facts| facts.call = true);
            assert_eq!(sent.recv().await, Some(Signal::Call(true)));
            assert!(sent.try_recv().is_err());
            drop(sent);
        };
        // It ends, as nobody listens any more.
        tokio::join!(board.tell(&to), listen);
    }
}
