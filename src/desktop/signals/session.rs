//! What logind tells: the session's lock, whether it is on the screen, and the machine's sleep.
//!
//! After org.freedesktop.login1(5), <https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html>:
//!
//! - The session's signals `Lock` and `Unlock` *ask* for a lock or its end (`loginctl
//!   lock-session`, a closed lid); nobody need obey, and nobody emits `Unlock` when the person types
//!   the password. So a `Lock` counts at once, and no longer than [`CONFIRMATION`] unless another
//!   witness confirms it: a locker that tells nobody else would hold the monitor for ever.
//! - `LockedHint` is set by the desktop, if it does (GNOME and KDE Plasma do).
//! - `Active` is false while another session of the seat is on the screen.
//! - `PrepareForSleep(true)` comes before sleep, which waits for those who hold a *delay* inhibitor
//!   (up to `InhibitDelayMaxSec`, 5 s), and `PrepareForSleep(false)` after it.

use std::time::Duration;

use tokio::time::sleep;
use zbus::Connection;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

use super::board::Board;
use super::bus::{Object, Trouble, ask, changed, hear, hear_properties, is, next, property};
use super::locks::Witness;
use super::presence::{persist, whenever};

/// logind's name on the system bus.
pub(super) const LOGIND: &str = "org.freedesktop.login1";

/// The interface of a session.
pub(super) const SESSION: &str = "org.freedesktop.login1.Session";

/// How long a wish to lock counts without a lock that is seen.
const CONFIRMATION: Duration = Duration::from_secs(10);

/// How long sleep is held up once it is told: the camera closes within tenths of a second.
const CLOSING: Duration = Duration::from_millis(500);

/// Far enough away for a timer that is not wanted.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// Watches logind, for ever.
pub(super) async fn watch(bus: &Connection, board: &Board) {
    let forget = || {
        board.hear(|locks| {
            locks.forget(Witness::Request);
            locks.forget(Witness::Hint);
            locks.set_away(false);
        });
        board.change(|facts| facts.asleep = false);
    };
    let work = async |logind: &str| {
        // Each on its own: a program outside of any session hears of sleep all the same.
        tokio::join!(
            persist("the own session", async || {
                watch_session(bus, logind, board).await
            }),
            persist("logind's sleep", async || {
                watch_sleep(bus, logind, board).await
            }),
        );
        Ok(())
    };
    whenever(bus, LOGIND, work, forget).await;
}

/// logind's manager.
pub(super) fn manager(logind: &str) -> Object<'_> {
    Object {
        service: logind,
        path: "/org/freedesktop/login1",
        interface: "org.freedesktop.login1.Manager",
    }
}

/// The session of this program, or else the one that logind takes for its: a program that the
/// desktop's service manager started is in none, and means the person's session on the screen.
pub(super) async fn own_session(
    bus: &Connection,
    logind: &str,
) -> Result<OwnedObjectPath, Trouble> {
    let manager = manager(logind);
    if let Ok(path) = ask(bus, manager, "GetSessionByPID", &std::process::id()).await {
        return Ok(path);
    }
    if let Ok(id) = std::env::var("XDG_SESSION_ID")
        && let Ok(path) = ask(bus, manager, "GetSession", &id).await
    {
        return Ok(path);
    }
    // Signals come from the session's own path.
    let auto = Object {
        path: "/org/freedesktop/login1/session/auto",
        interface: SESSION,
        ..manager
    };
    let id: String = property(bus, auto, "Id").await?;
    ask(bus, manager, "GetSession", &id).await
}

async fn watch_session(bus: &Connection, logind: &str, board: &Board) -> Result<(), Trouble> {
    let path = own_session(bus, logind).await?;
    let session = Object {
        service: logind,
        path: path.as_str(),
        interface: SESSION,
    };
    let mut wishes = hear(bus, session).await?;
    let mut changes = hear_properties(bus, session).await?;
    let hint = |locked| board.hear(|locks| locks.say(Witness::Hint, locked));
    let active = |active: bool| board.hear(|locks| locks.set_away(!active));
    hint(property(bus, session, "LockedHint").await?);
    active(property(bus, session, "Active").await?);
    let confirmed_until = sleep(NEVER);
    tokio::pin!(confirmed_until);
    loop {
        tokio::select! {
            wish = next(&mut wishes) => match wish {
                Some(wish) if is(&wish, "Lock") => {
                    board.hear(|locks| locks.say(Witness::Request, true));
                    confirmed_until.set(sleep(CONFIRMATION));
                }
                Some(wish) if is(&wish, "Unlock") => board.hear(|locks| locks.unlock()),
                Some(_) => {}
                None => return Ok(()),
            },
            change = next(&mut changes) => match change {
                Some(change) => {
                    if let Some(locked) = changed(&change, SESSION, "LockedHint") {
                        hint(locked);
                    }
                    if let Some(on_screen) = changed(&change, SESSION, "Active") {
                        active(on_screen);
                    }
                }
                None => return Ok(()),
            },
            () = &mut confirmed_until => {
                board.hear(|locks| locks.forget(Witness::Request));
                confirmed_until.set(sleep(NEVER));
            }
        }
    }
}

async fn watch_sleep(bus: &Connection, logind: &str, board: &Board) -> Result<(), Trouble> {
    let mut signals = hear(bus, manager(logind)).await?;
    let mut inhibitor = inhibit(bus, logind).await;
    while let Some(signal) = next(&mut signals).await {
        if !is(&signal, "PrepareForSleep") {
            continue;
        }
        match signal.body().deserialize() {
            Ok(true) => {
                board.change(|facts| facts.asleep = true);
                sleep(CLOSING).await;
                inhibitor = None;
            }
            Ok(false) => {
                board.change(|facts| facts.asleep = false);
                if inhibitor.is_none() {
                    inhibitor = inhibit(bus, logind).await;
                }
            }
            Err(_) => {}
        }
    }
    drop(inhibitor);
    Ok(())
}

/// Holds up sleep as long as it lives; `None` where that is refused: then sleep comes as it comes.
pub(super) async fn inhibit(bus: &Connection, logind: &str) -> Option<OwnedFd> {
    let what = ("sleep", "backstay", "closes the camera", "delay");
    match ask(bus, manager(logind), "Inhibit", &what).await {
        Ok(inhibitor) => Some(inhibitor),
        Err(trouble) => {
            tracing::debug!("sleep does not wait for the camera: {trouble}");
            None
        }
    }
}
