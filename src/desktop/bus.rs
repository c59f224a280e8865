//! The thread behind the desktop's notifications: it alone talks to the bus.
//!
//! The wanted alerts are one shared value, not a queue: however slow the daemon is, at most one
//! call is under way, and the next one brings the newest state. A call is never given up, since its
//! late answer names the bubble that must be withdrawn; while it hangs, alerts go to stderr.

use std::error::Error;
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Sleep, sleep, timeout};

use super::book::{Book, Bubble, Step, Wanted, Wish};
use super::daemon::{Daemon, Signal, show, withdraw};
use super::lines::Lines;
use super::per_kind::{KINDS, PerKind};
use crate::domain::io::{AlertKind, Command};

/// How long the bus or the daemon may take for an answer before alerts go to stderr too. A daemon
/// that the bus must start first takes about a second.
const PATIENCE: Duration = Duration::from_secs(5);

type Call = Pin<Box<dyn Future<Output = Outcome>>>;

enum Outcome {
    Shown(Wish, zbus::Result<Bubble>),
    Withdrawn(AlertKind),
}

/// Why alerts cannot be shown.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("cannot reach the session bus")]
    NoBus(#[source] zbus::Error),
    #[error("the notification daemon refused")]
    Refused(#[source] zbus::Error),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Tardy,
}

/// Brings the desktop to what is wanted, until nobody wants anything any more.
pub(super) struct Server {
    wanted: watch::Receiver<Wanted>,
    commands: mpsc::Sender<Command>,
    snooze: Duration,
    book: Book,
    lines: Lines,
    /// The serial of the last wish that was written to stderr.
    written: PerKind<u64>,
    daemon: Option<Daemon>,
    call: Option<Call>,
    /// Ends when the call under way has lasted as long as our patience.
    patience: Option<Pin<Box<Sleep>>>,
    /// The call under way has lasted longer than our patience.
    tardy: bool,
    /// A warning was given, and nothing has worked since.
    warned: bool,
}

impl Server {
    /// A server that follows `wanted`, and sends a snooze of `snooze` to `commands` when its button
    /// is clicked.
    pub(super) fn new(
        wanted: watch::Receiver<Wanted>,
        commands: mpsc::Sender<Command>,
        snooze: Duration,
    ) -> Self {
        Self {
            wanted,
            commands,
            snooze,
            book: Book::default(),
            lines: Lines::default(),
            written: PerKind::default(),
            daemon: None,
            call: None,
            patience: None,
            tardy: false,
            warned: false,
        }
    }

    /// Runs until the sender of the wanted alerts is dropped, then withdraws what is shown.
    pub(super) async fn run(mut self) {
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            self.step(&wanted).await;
            tokio::select! {
                changed = self.wanted.changed() => if changed.is_err() { break },
                outcome = set(&mut self.call) => self.answered(outcome),
                () = set(&mut self.patience) => self.lose_patience(),
                signal = listen(&mut self.daemon) => self.heard(signal),
            }
        }
        self.say_goodbye().await;
    }

    /// Starts the next call, if there is one to make and none under way.
    async fn step(&mut self, wanted: &Wanted) {
        self.write_ends(wanted);
        if self.tardy {
            self.write(wanted);
        }
        if self.call.is_some() {
            return;
        }
        let Some(step) = self.book.next(wanted) else {
            return;
        };
        if self.daemon.is_none()
            && let Err(trouble) = self.connect().await
        {
            self.warn(&trouble);
            self.write(wanted);
            for wish in KINDS.into_iter().filter_map(|k| wanted.get(k).as_ref()) {
                self.book.tried(wish, None);
            }
            return;
        }
        if let Some(daemon) = &self.daemon {
            self.call = Some(call(daemon, step, self.snooze));
            self.patience = Some(Box::pin(sleep(PATIENCE)));
        }
    }

    async fn connect(&mut self) -> Result<(), Trouble> {
        let connected = timeout(PATIENCE, Daemon::connect()).await;
        let daemon = connected.map_err(|_| Trouble::Tardy)?;
        self.daemon = Some(daemon.map_err(Trouble::NoBus)?);
        Ok(())
    }

    fn answered(&mut self, outcome: Outcome) {
        self.forget_call();
        match outcome {
            Outcome::Shown(wish, Ok(bubble)) => {
                self.book.tried(&wish, Some(bubble));
                self.warned = false;
            }
            Outcome::Shown(wish, Err(error)) => {
                self.book.tried(&wish, None);
                self.warn(&Trouble::Refused(error));
                self.write_wish(&wish);
            }
            Outcome::Withdrawn(kind) => self.book.withdrawn(kind),
        }
    }

    fn lose_patience(&mut self) {
        self.patience = None;
        self.tardy = true;
        self.warn(&Trouble::Tardy);
    }

    fn heard(&mut self, signal: Option<Signal>) {
        match signal {
            Some(Signal::Closed(bubble)) => self.book.closed(&bubble),
            Some(Signal::Snoozed(bubble)) if self.book.kind_of(&bubble).is_some() => {
                // Full only when clicks are not read at all: then one more changes nothing.
                let _ = self.commands.try_send(Command::Snooze(self.snooze));
            }
            Some(Signal::Snoozed(_)) => {}
            Some(Signal::Came(daemon)) => self.book.daemon_came(&daemon),
            None => {
                self.daemon = None;
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
            if self.call.is_none() && self.daemon.is_some() {
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
        if self.warned {
            return;
        }
        self.warned = true;
        let cause = trouble.source().map(|e| format!(": {e}"));
        let cause = cause.unwrap_or_default();
        tracing::warn!(
            "cannot show notifications on the desktop: {trouble}{cause}; \\
             alerts are written to stderr until it works again"
        );
    }

    /// Writes the wishes that were not written yet.
    fn write(&mut self, wanted: &Wanted) {
        for wish in KINDS.into_iter().filter_map(|k| wanted.get(k).as_ref()) {
            self.write_wish(wish);
        }
    }

    fn write_wish(&mut self, wish: &Wish) {
        let written = self.written.get_mut(wish.alert.kind);
        if *written != wish.serial {
            *written = wish.serial;
            self.lines.alert(&wish.alert);
        }
    }

    /// Writes that alerts are over that were written and are no longer wanted.
    fn write_ends(&mut self, wanted: &Wanted) {
        for kind in KINDS {
            if wanted.get(kind).is_none()
                && let Some(bout) = self.lines.bout(kind)
            {
                self.lines.clear(kind, bout);
            }
        }
    }
}

fn call(daemon: &Daemon, step: Step, snooze: Duration) -> Call {
    let connection = daemon.connection();
    match step {
        Step::Show { wish, over } => Box::pin(async move {
            let shown = show(connection, wish.alert.clone(), over, snooze).await;
            Outcome::Shown(wish, shown)
        }),
        Step::Withdraw { kind, bubble } => Box::pin(async move {
            withdraw(connection, bubble).await;
            Outcome::Withdrawn(kind)
        }),
    }
}

/// What `future` gives; waits for ever when it is not set.
async fn set<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

/// The daemon's next signal; waits for ever without a connection.
async fn listen(daemon: &mut Option<Daemon>) -> Option<Signal> {
    match daemon {
        Some(daemon) => daemon.signal().await,
        None => pending().await,
    }
}
