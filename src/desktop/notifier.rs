//! Brings alerts to the person. Nothing here blocks, except [`Notifier::close`], and that for a
//! second at most.

use std::io;
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::watch;

#[cfg(any(not(unix), target_os = "macos"))]
use super::centre::Server;
#[cfg(all(unix, not(target_os = "macos")))]
use super::daemon::Server;
use super::lines::Lines;
use super::wanted::{Wanted, Wish};
use super::{Buttons, Voice};
use crate::domain::io::{Alert, AlertKind};
use crate::wording::Language;

/// How long [`Notifier::close`] waits for the bubbles to be withdrawn. A daemon that is well
/// answers within milliseconds; the end of the program must not hang on one that is not.
const GOODBYE: Duration = Duration::from_secs(1);

/// Who tells the person.
#[derive(Debug)]
pub enum Notifier {
    /// The desktop's notification daemon, one bubble for each kind of alert.
    Bus(Bus),
    /// Lines on stderr.
    Stderr(Stderr),
    /// Nobody.
    Silent,
}

/// The near end of the thread that talks to the bus.
#[derive(Debug)]
pub struct Bus {
    wanted: watch::Sender<Wanted>,
    serial: u64,
    /// Says once whether the thread could start; closed when the thread ends.
    ended: std_mpsc::Receiver<io::Result<()>>,
}

/// What was written to stderr and is not yet over.
#[derive(Debug)]
pub struct Stderr(Lines);

impl Notifier {
    /// Shows alerts as bubbles, on a thread of its own that connects to the session bus with the
    /// first alert.
    ///
    /// Where the daemon offers buttons, a bubble has some, whose wishes go where `buttons` says; the
    /// snooze is the voice's. Without a session bus, and while the daemon is absent, refuses or
    /// does not answer, one warning is logged and alerts go to stderr; each alert tries the desktop
    /// again.
    ///
    /// On macOS and Windows the system's notification centre shows the bubbles: they have no
    /// button, and neither a repeat nor the end of an alert takes them away.
    #[must_use]
    pub fn bus(voice: Voice, buttons: Buttons) -> Self {
        match Bus::start(voice, buttons) {
            Ok(bus) => Self::Bus(bus),
            Err(error) => {
                tracing::warn!("cannot start notifications: {error}; alerts are written to stderr");
                Self::stderr(voice.language)
            }
        }
    }

    /// Writes a line to stderr for each alert, and one when it is over.
    #[must_use]
    pub fn stderr(language: Language) -> Self {
        Self::Stderr(Stderr(Lines::new(language.texts())))
    }

    /// Tells nobody.
    #[must_use]
    pub fn silent() -> Self {
        Self::Silent
    }

    /// Tells the person `alert`, in place of what is shown for the same kind.
    pub fn alert(&mut self, alert: &Alert) {
        match self {
            Self::Bus(bus) => bus.alert(alert),
            Self::Stderr(Stderr(lines)) => lines.alert(alert),
            Self::Silent => {}
        }
    }

    /// Withdraws the alert of `kind`, if it is this bout's.
    pub fn clear(&mut self, kind: AlertKind, bout: u64) {
        match self {
            Self::Bus(bus) => bus.clear(kind, bout),
            Self::Stderr(Stderr(lines)) => lines.clear(kind, bout),
            Self::Silent => {}
        }
    }

    /// Withdraws what is shown. Waits for that a second at most, then leaves the thread behind.
    ///
    /// Dropping the notifier withdraws as well, without waiting.
    pub fn close(self) {
        if let Self::Bus(Bus { wanted, ended, .. }) = self {
            drop(wanted);
            let end = ended.recv_timeout(GOODBYE);
            if matches!(end, Err(std_mpsc::RecvTimeoutError::Timeout)) {
                tracing::debug!("the notification daemon did not withdraw in time");
            }
        }
    }
}

impl Bus {
    fn start(voice: Voice, buttons: Buttons) -> io::Result<Self> {
        let (wanted, seen) = watch::channel(Wanted::default());
        let (tell, ended) = std_mpsc::channel();
        thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || {
                // Built here, since a runtime must not be dropped in the caller's async context.
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                match runtime {
                    Ok(runtime) => {
                        let _ = tell.send(Ok(()));
                        runtime.block_on(Server::new(seen, buttons, voice).run());
                    }
                    Err(error) => {
                        let _ = tell.send(Err(error));
                    }
                }
            })?;
        let started = ended
            .recv()
            .unwrap_or_else(|gone| Err(io::Error::other(gone)));
        started?;
        Ok(Self {
            wanted,
            serial: 0,
            ended,
        })
    }

    fn alert(&mut self, alert: &Alert) {
        self.serial += 1;
        let wish = Wish {
            alert: alert.clone(),
            serial: self.serial,
        };
        self.wanted
            .send_modify(|wanted| *wanted.get_mut(alert.kind) = Some(wish));
    }

    fn clear(&mut self, kind: AlertKind, bout: u64) {
        self.wanted.send_if_modified(|wanted| {
            let wish = wanted.get_mut(kind);
            wish.take_if(|wish| wish.alert.bout == bout).is_some()
        });
    }
}
