//! The thread behind the desktop's notifications: it alone talks to the bus.
//!
//! The wanted alerts are one shared value, not a queue: however slow the daemon is, at most one
//! call is under way, and the next one brings the newest state. A call is never given up, since its
//! late answer names the bubble that must be withdrawn; while it hangs, alerts go to stderr.

use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Sleep, sleep, timeout};

use super::book::{Book, Step};
use super::bubble::{Shown, Signal, show, withdraw};
use super::owner::Owner;
use crate::desktop::fallback::Fallback;
use crate::desktop::per_kind::{KINDS, PerKind};
use crate::desktop::wanted::{Wanted, Wish};
use crate::desktop::{Buttons, Voice, cause};
use crate::domain::io::{AlertKind, Command};

/// How long the bus or the daemon may take for an answer before alerts go to stderr too. A daemon
/// that the bus must start first takes about a second.
const PATIENCE: Duration = Duration::from_secs(5);

type Call = Pin<Box<dyn Future<Output = Outcome>>>;

enum Outcome {
    Shown(Wish, notify_rust::error::Result<Shown>),
    Withdrawn(AlertKind),
}

/// Why alerts cannot be shown.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("cannot reach the session bus")]
    NoBus(#[source] zbus::Error),
    #[error("the notification daemon refused")]
    Refused(#[source] notify_rust::error::Error),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Tardy,
}

/// Brings the desktop to what is wanted, until nobody wants anything any more.
pub(in crate::desktop) struct Server {
    wanted: watch::Receiver<Wanted>,
    buttons: Buttons,
    voice: Voice,
    book: Book,
    fallback: Fallback,
    /// The watch of the daemon's name; `None` without a bus.
    owner: Option<Owner>,
    /// The bubbles in the book, but for one that the call under way works on.
    shown: PerKind<Option<Shown>>,
    /// Where bubbles tell what becomes of them.
    tell: mpsc::UnboundedSender<Signal>,
    heard: mpsc::UnboundedReceiver<Signal>,
    call: Option<Call>,
    /// Ends when the call under way has lasted as long as our patience.
    patience: Option<Pin<Box<Sleep>>>,
    /// The call under way has lasted longer than our patience.
    tardy: bool,
}

impl Server {
    /// A server that follows `wanted`, speaks with `voice`, and sends what its buttons wish to where
    /// `buttons` says.
    pub(in crate::desktop) fn new(
        wanted: watch::Receiver<Wanted>,
        buttons: Buttons,
        voice: Voice,
    ) -> Self {
        let (tell, heard) = mpsc::unbounded_channel();
        Self {
            wanted,
            buttons,
            voice,
            book: Book::default(),
            fallback: Fallback::new(voice.texts()),
            owner: None,
            shown: PerKind::default(),
            tell,
            heard,
            call: None,
            patience: None,
            tardy: false,
        }
    }

    /// Runs until the sender of the wanted alerts is dropped, then withdraws what is shown.
    pub(in crate::desktop) async fn run(mut self) {
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            self.step(&wanted).await;
            tokio::select! {
                // In this order: a click or a closing is older than what a later call made of it.
                biased;
                Some(signal) = self.heard.recv() => self.hear(signal),
                changed = self.wanted.changed() => if changed.is_err() { break },
                outcome = set(&mut self.call) => self.answered(outcome),
                () = set(&mut self.patience) => self.lose_patience(),
                daemon = next(&mut self.owner) => self.daemon_came(daemon),
            }
        }
        self.say_goodbye().await;
    }

    /// Starts the next call, if there is one to make and none under way.
    async fn step(&mut self, wanted: &Wanted) {
        self.forget_gone();
        self.fallback.write_ends(wanted);
        if self.tardy {
            self.write(wanted);
        }
        if self.call.is_some() {
            return;
        }
        let Some(step) = self.book.next(wanted) else {
            return;
        };
        if self.owner.is_none()
            && let Err(trouble) = self.connect().await
        {
            self.warn(&trouble);
            self.write(wanted);
            for wish in wanted.wishes() {
                self.book.tried(wish, None);
            }
            return;
        }
        if let Some(call) = self.call_for(step) {
            self.call = Some(call);
            self.patience = Some(Box::pin(sleep(PATIENCE)));
        }
    }

    fn call_for(&mut self, step: Step) -> Option<Call> {
        let bus = self.owner.as_ref()?.bus();
        Some(match step {
            Step::Show(wish) => {
                let over = self.shown.get_mut(wish.alert.kind).take();
                let shown = show(bus, wish.alert.clone(), over, self.voice, self.tell.clone());
                Box::pin(async move { Outcome::Shown(wish, shown.await) })
            }
            Step::Withdraw(kind) => {
                let shown = self.shown.get_mut(kind).take();
                Box::pin(async move {
                    if let Some(shown) = shown {
                        withdraw(bus, shown).await;
                    }
                    Outcome::Withdrawn(kind)
                })
            }
        })
    }

    /// Drops the handles of bubbles that are gone.
    fn forget_gone(&mut self) {
        for kind in KINDS {
            let shown = self.shown.get_mut(kind);
            shown.take_if(|shown| self.book.kind_of(&shown.bubble) != Some(kind));
        }
    }

    async fn connect(&mut self) -> Result<(), Trouble> {
        let connected = timeout(PATIENCE, Owner::watch()).await;
        let owner = connected.map_err(|_| Trouble::Tardy)?;
        self.owner = Some(owner.map_err(Trouble::NoBus)?);
        Ok(())
    }

    fn answered(&mut self, outcome: Outcome) {
        self.forget_call();
        match outcome {
            Outcome::Shown(wish, Ok(shown)) => {
                self.book.tried(&wish, Some(shown.bubble.clone()));
                *self.shown.get_mut(wish.alert.kind) = Some(shown);
                self.fallback.works();
            }
            Outcome::Shown(wish, Err(error)) => {
                self.book.tried(&wish, None);
                self.warn(&Trouble::Refused(error));
                self.fallback.write(&wish);
            }
            Outcome::Withdrawn(kind) => self.book.withdrawn(kind),
        }
    }

    fn lose_patience(&mut self) {
        self.patience = None;
        self.tardy = true;
        self.warn(&Trouble::Tardy);
    }

    fn hear(&mut self, signal: Signal) {
        match signal {
            Signal::Closed(bubble) => self.book.closed(&bubble),
            Signal::Break(bubble) if self.book.kind_of(&bubble).is_some() => {
                self.buttons.start_break();
            }
            Signal::Snoozed(bubble) if self.book.kind_of(&bubble).is_some() => {
                self.buttons.command(Command::Snooze(self.voice.snooze));
            }
            Signal::Answered(bubble, yes) if self.book.kind_of(&bubble).is_some() => {
                self.buttons.command(Command::Answer(yes));
            }
            Signal::CalledWrong(bubble) if self.book.kind_of(&bubble).is_some() => {
                self.buttons.command(Command::Wrong);
            }
            Signal::Recalibrate(bubble) if self.book.kind_of(&bubble).is_some() => {
                self.buttons.command(Command::RECALIBRATE);
            }
            Signal::Break(_)
            | Signal::Snoozed(_)
            | Signal::Answered(..)
            | Signal::CalledWrong(_)
            | Signal::Recalibrate(_) => {}
        }
    }

    /// A daemon came to the bus; with `None`, the bus is gone.
    fn daemon_came(&mut self, daemon: Option<String>) {
        match daemon {
            Some(daemon) => self.book.daemon_came(&daemon),
            None => {
                self.owner = None;
                self.forget_call();
                self.book.bus_gone();
            }
        }
    }

    fn forget_call(&mut self) {
        self.call = None;
        self.patience = None;
        self.tardy = false;
    }

    /// Waits for the call under way and withdraws what is shown. A daemon that never answers keeps
    /// this waiting for ever: whoever ends the program must not wait for it.
    async fn say_goodbye(mut self) {
        let nothing = Wanted::default();
        loop {
            if self.call.is_none() && self.owner.is_some() {
                self.step(&nothing).await;
            }
            if self.call.is_none() {
                return;
            }
            let outcome = set(&mut self.call).await;
            self.answered(outcome);
        }
    }

    fn warn(&mut self, trouble: &Trouble) {
        self.fallback.warn(&format!("{trouble}{}", cause(trouble)));
    }

    /// Writes the wishes that were not written yet.
    fn write(&mut self, wanted: &Wanted) {
        for wish in wanted.wishes() {
            self.fallback.write(wish);
        }
    }
}

/// What `future` gives; waits for ever when it is not set.
async fn set<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

/// The next daemon that comes to the bus; waits for ever without a connection.
async fn next(owner: &mut Option<Owner>) -> Option<String> {
    match owner {
        Some(owner) => owner.next().await,
        None => pending().await,
    }
}
