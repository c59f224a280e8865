//! The desktop: what the person is shown, and what it tells.
//!
//! [`notifier`] brings alerts to the person, as bubbles through notify-rust or as lines on stderr, and [`aloud`] with a tone or a command.
//! [`break_window`] opens a terminal for a break.
//! [`signals`] hears of lock, sleep, battery and the like. [`autostart`] has the session start the
//! program, and [`service`] tells the service manager that it lives; [`tray`] shows
//! in the panel how things stand.

#[cfg(any(not(unix), target_os = "macos"))]
mod centre;
#[cfg(all(unix, not(target_os = "macos")))]
mod daemon;
mod fallback;
mod lines;
#[cfg(all(unix, not(target_os = "macos")))]
mod markup;
mod per_kind;
mod wanted;

pub mod aloud;
pub mod autostart;
pub mod break_window;
pub mod check;
pub mod notice;
pub mod notifier;
pub mod service;
pub mod signals;
pub mod tray;

pub use notifier::Notifier;

use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::io::Command;
use crate::wording::{Language, Texts};

/// How the person is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// In which language.
    pub language: Language,
    /// The snooze that buttons offer, told in whole minutes.
    pub snooze: Duration,
}

/// What caused `trouble`, to be told after it; empty where nothing is known.
fn cause(trouble: &dyn std::error::Error) -> String {
    let cause = trouble.source().map(|cause| format!(": {cause}"));
    cause.unwrap_or_default()
}

/// Where the wishes of whoever clicks a button go.
#[derive(Clone, Debug)]
pub struct Buttons {
    /// What the run is to do.
    pub commands: mpsc::Sender<Command>,
    /// A break in a [window](break_window) of its own: the monitor need not know of it.
    pub breaks: mpsc::Sender<()>,
}

impl Buttons {
    /// Asks for `command`.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn command(&self, command: Command) {
        // Full only when clicks are not read at all: then one more changes nothing.
        let _ = self.commands.try_send(command);
    }

    /// Asks for a break.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn start_break(&self) {
        // Full when a click before this one waits: one break is enough.
        let _ = self.breaks.try_send(());
    }
}

impl Voice {
    /// The texts of its language.
    fn texts(self) -> Texts {
        self.language.texts()
    }

    /// The label of the button that snoozes.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn snooze_button(self) -> String {
        self.texts().snooze(self.snooze.as_secs() / 60)
    }
}
