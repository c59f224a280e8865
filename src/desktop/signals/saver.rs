//! What the desktops' screen savers tell: whether they cover the screen.
//!
//! Each has the method `GetActive` and the signal `ActiveChanged`, after the interface that
//! gnome-screensaver began: KDE Plasma's locker as org.freedesktop.ScreenSaver (on GNOME another
//! program has that name and tells nothing), GNOME Shell, Cinnamon, MATE and Xfce under names of
//! their own. A picture that merely covers the screen counts as a lock: nobody works behind it.

use zbus::Connection;

use super::board::Board;
use super::bus::{Object, Trouble, ask, hear, is, next};
use super::locks::Witness;
use super::presence::whenever;

/// Names on the session bus, each also that of the interface.
pub(super) const SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// The path of the object at which a screen saver is to be asked.
pub(super) fn path(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

/// Watches all of them, for ever.
pub(super) async fn watch_all(bus: &Connection, board: &Board) {
    tokio::join!(
        watch(bus, board, 0),
        watch(bus, board, 1),
        watch(bus, board, 2),
        watch(bus, board, 3),
        watch(bus, board, 4),
    );
}

/// Watches the screen saver at place `which` of the list, for ever.
async fn watch(bus: &Connection, board: &Board, which: usize) {
    let name = SAVERS[which];
    let path = path(name);
    let say = |active| board.hear(|locks| locks.say(Witness::Saver(which), active));
    let work = async |owner: &str| -> Result<(), Trouble> {
        let saver = Object {
            service: owner,
            path: &path,
            interface: name,
        };
        let mut signals = hear(bus, saver).await?;
        match ask(bus, saver, "GetActive", &()).await {
            Ok(active) => say(active),
            // It may tell its changes all the same.
            Err(trouble) => tracing::debug!("{name} does not say whether it is on: {trouble}"),
        }
        while let Some(signal) = next(&mut signals).await {
            if is(&signal, "ActiveChanged")
                && let Ok(active) = signal.body().deserialize()
            {
                say(active);
            }
        }
        Ok(())
    };
    let forget = || board.hear(|locks| locks.forget(Witness::Saver(which)));
    whenever(bus, name, work, forget).await;
}
