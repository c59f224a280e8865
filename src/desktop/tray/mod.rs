//! An icon in the desktop's panel: how things stand at a glance, and a menu to start a break,
//! pause, resume, snooze, learn anew and quit.
//!
//! Panels of Linux desktops take icons through the StatusNotifierItem protocol (KDE,
//! freedesktop.org), which ksni speaks. What is shown is a [`View`], made from the domain's status;
//! its icon is drawn here (`glyph`), so that no icon theme needs to know it. All that waits for a
//! bus or a panel is on a thread of its own (`panel`): without a bus or a panel there is no icon,
//! and all else works the same. Elsewhere than under Linux there is never an icon.

#[cfg(target_os = "linux")]
mod glyph;
#[cfg(target_os = "linux")]
mod item;
#[cfg(target_os = "linux")]
mod menu;
#[cfg(target_os = "linux")]
mod panel;
mod view;

use std::io;
use std::sync::Arc;

use tokio::sync::{Notify, watch};

pub use view::{Look, View};

use super::{Buttons, Voice};

/// Where the wishes of whoever uses the menu go.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// To start a break, pause, resume, snooze or learn anew.
    pub buttons: Buttons,
    /// Told when the program is to end; a permit is kept until somebody waits.
    pub quit: Arc<Notify>,
}

/// The near end of the icon; the icon goes when it is dropped, within a second.
#[derive(Debug)]
pub struct Tray {
    view: watch::Sender<View>,
}

impl Tray {
    /// Shows an icon in every panel that comes, on a thread of its own. It and its
    /// menu speak with `voice`.
    ///
    /// # Errors
    /// When the thread cannot be started, or there are no such icons on this system.
    pub fn start(wishes: Wishes, voice: Voice) -> io::Result<Self> {
        let (view, seen) = watch::channel(View::starting(voice.texts()));
        start(seen, wishes, voice)?;
        Ok(Self { view })
    }

    /// Shows `view` from now on. Does not block: the icon follows within a second.
    pub fn show(&self, view: View) {
        self.view.send_if_modified(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }
}

#[cfg(target_os = "linux")]
fn start(view: watch::Receiver<View>, wishes: Wishes, voice: Voice) -> io::Result<()> {
    let follow = move || {
        // Built here, since a runtime must not be dropped in the caller's async context.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        match runtime {
            Ok(runtime) => runtime.block_on(panel::follow(view, &wishes, voice)),
            Err(error) => tracing::debug!("no tray icon: {error}"),
        }
    };
    std::thread::Builder::new()
        .name("tray".to_owned())
        .spawn(follow)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn start(_: watch::Receiver<View>, _: Wishes, _: Voice) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::ENGLISH;

    #[test]
    fn only_what_differs_is_news() {
        let starting = View::starting(ENGLISH);
        let (view, mut seen) = watch::channel(starting.clone());
        let tray = Tray { view };
        tray.show(starting.clone());
        assert!(!seen.has_changed().unwrap());
        let other = View {
            headline: "Good".to_owned(),
            ..starting
        };
        tray.show(other.clone());
        assert!(seen.has_changed().unwrap());
        assert_eq!(*seen.borrow_and_update(), other);
        drop(tray);
        assert!(seen.has_changed().is_err(), "dropped is gone");
    }
}
