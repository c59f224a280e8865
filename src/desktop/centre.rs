//! Alerts through the notification centre of macOS or Windows.
//!
//! notify-rust can only show there: it has no call that replaces or withdraws, and waiting for a
//! click needs the main thread's run loop on macOS. So a bubble has no button, a repeat is another
//! bubble, and the system alone takes them away. Windows files them under PowerShell, whose
//! application id notify-rust borrows for programs that are not installed with one of their own;
//! macOS does not tell when it refuses.

use std::time::Duration;

use notify_rust::Notification;
use tokio::sync::watch;

use super::fallback::Fallback;
use super::per_kind::PerKind;
use super::wanted::Wanted;
use super::{Buttons, Voice};
use crate::domain::io::Alert;
use crate::wording;

/// Shows what is wanted, until nobody wants anything any more.
pub(super) struct Server {
    wanted: watch::Receiver<Wanted>,
    fallback: Fallback,
    voice: Voice,
    /// The serial of the last wish that had its turn.
    tried: PerKind<u64>,
}

impl Server {
    /// A server that follows `wanted`; it has no use for the rest, as it has no buttons.
    pub(super) fn new(wanted: watch::Receiver<Wanted>, _buttons: Buttons, voice: Voice) -> Self {
        Self {
            wanted,
            fallback: Fallback::new(voice.texts()),
            voice,
            tried: PerKind::default(),
        }
    }

    /// Runs until the sender of the wanted alerts is dropped.
    pub(super) async fn run(mut self) {
        loop {
            let wanted = self.wanted.borrow_and_update().clone();
            self.fallback.write_ends(&wanted);
            for wish in wanted.wishes() {
                let tried = self.tried.get_mut(wish.alert.kind);
                if std::mem::replace(tried, wish.serial) == wish.serial {
                    continue;
                }
                match show(self.voice, &wish.alert) {
                    Ok(()) => self.fallback.works(),
                    Err(error) => {
                        self.fallback.warn(&error.to_string());
                        self.fallback.write(wish);
                    }
                }
            }
            if self.wanted.changed().await.is_err() {
                return;
            }
        }
    }
}

fn show(voice: Voice, alert: &Alert) -> notify_rust::error::Result<()> {
    let text = wording::alert_without_buttons(voice.texts(), alert);
    let mut notification = Notification::new();
    notification.appname("backstay");
    notification.summary(&text.summary).body(&text.body);
    // The handle is of use only to who waits for clicks; on macOS dropping it is what shows.
    notification.show().map(drop)
}
