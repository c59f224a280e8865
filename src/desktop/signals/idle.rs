//! How long ago keyboard and mouse were used.
//!
//! Asked of, in this order:
//!
//! - GNOME's compositor: `GetIdletime` of org.gnome.Mutter.IdleMonitor, in milliseconds (mutter,
//!   org.gnome.Mutter.IdleMonitor.xml).
//! - KDE Plasma: `GetSessionIdleTime` of org.freedesktop.ScreenSaver, which Plasma gives in
//!   milliseconds (kscreenlocker, by KIdleTime). On Wayland KIdleTime cannot know and says 0, so 0
//!   is no answer. gnome-screensaver documented the same method as the seconds since the session
//!   *became* idle, 0 before: another unit and another thing. So only Plasma is asked, by the name
//!   org.kde.screensaver, which its locker has too.
//! - logind's `IdleHint` with `IdleSinceHint`, which the desktop sets after minutes. Its absence
//!   says nothing: many desktops never set it.
//!
//! wlroots compositors tell it on Wayland only (ext-idle-notify), which is not spoken here.

use std::cell::RefCell;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use zbus::Connection;

use super::bus::{Object, Trouble, ask, property};
use super::session::{LOGIND, SESSION, own_session};
use crate::domain::io::Signal;
use crate::domain::time::WallTime;

/// How often is asked.
const EVERY: Duration = Duration::from_secs(10);

const MUTTER: Object<'_> = Object {
    service: "org.gnome.Mutter.IdleMonitor",
    path: "/org/gnome/Mutter/IdleMonitor/Core",
    interface: "org.gnome.Mutter.IdleMonitor",
};

const PLASMA: Object<'_> = Object {
    service: "org.kde.screensaver",
    path: "/org/freedesktop/ScreenSaver",
    interface: "org.freedesktop.ScreenSaver",
};

/// The connections there are just now.
#[derive(Debug, Default)]
pub(super) struct Buses {
    pub(super) session: RefCell<Option<Connection>>,
    pub(super) system: RefCell<Option<Connection>>,
}

/// Who can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Teller {
    Mutter,
    Plasma,
    Logind,
}

impl Teller {
    /// All of them, the best first.
    const ALL: [Self; 3] = [Self::Mutter, Self::Plasma, Self::Logind];

    /// Whom it is, for a person.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mutter => "GNOME's compositor",
            Self::Plasma => "KDE Plasma",
            Self::Logind => "logind",
        }
    }

    /// The time since the last use, if it can be told.
    async fn ask(self, buses: &Buses, wall: fn() -> WallTime) -> Result<Option<Duration>, Trouble> {
        let bus = match self {
            Self::Mutter | Self::Plasma => &buses.session,
            Self::Logind => &buses.system,
        };
        let Some(bus) = bus.borrow().clone() else {
            return Ok(None);
        };
        match self {
            Self::Mutter => {
                let ms: u64 = ask(&bus, MUTTER, "GetIdletime", &()).await?;
                Ok(Some(Duration::from_millis(ms)))
            }
            Self::Plasma => {
                let ms = ask(&bus, PLASMA, "GetSessionIdleTime", &()).await?;
                Ok(plasma_idle(ms))
            }
            Self::Logind => {
                let path = own_session(&bus, LOGIND).await?;
                let session = Object {
                    service: LOGIND,
                    path: path.as_str(),
                    interface: SESSION,
                };
                let hint = property(&bus, session, "IdleHint").await?;
                let since_us = property(&bus, session, "IdleSinceHint").await?;
                Ok(logind_idle(hint, since_us, wall()))
            }
        }
    }
}

/// Plasma's answer in milliseconds; 0 is what it says when it cannot know.
fn plasma_idle(ms: u32) -> Option<Duration> {
    (ms != 0).then(|| Duration::from_millis(ms.into()))
}

/// logind's answer: since when the session is idle, in microseconds since 1970.
fn logind_idle(hint: bool, since_us: u64, now: WallTime) -> Option<Duration> {
    let now_ms = u64::try_from(now.unix_ms).ok()?;
    let known = hint && since_us != 0;
    known.then(|| Duration::from_millis(now_ms.saturating_sub(since_us / 1000)))
}

/// The first who can tell it now, with the answer.
pub(super) async fn first(buses: &Buses, wall: fn() -> WallTime) -> Option<(Teller, Duration)> {
    for teller in Teller::ALL {
        if let Ok(Some(idle)) = teller.ask(buses, wall).await {
            return Some((teller, idle));
        }
    }
    None
}

/// Asks every ten seconds and sends the answers to `to`, for ever. Who has answered is asked again,
/// the others only when that one does not answer any more.
pub(super) async fn watch(buses: &Buses, wall: fn() -> WallTime, to: &mpsc::Sender<Signal>) {
    let mut kept: Option<Teller> = None;
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let answer = match kept {
            Some(teller) => teller.ask(buses, wall).await.ok().flatten(),
            None => None,
        };
        let idle = match answer {
            Some(idle) => Some(idle),
            None => {
                let found = first(buses, wall).await;
                // logind comes last and tells least: a desktop that has come up since is better.
                let keep = found.map(|(teller, _)| teller);
                kept = keep.filter(|teller| *teller != Teller::Logind);
                found.map(|(_, idle)| idle)
            }
        };
        if let Some(idle) = idle
            && to.send(Signal::Idle(idle)).await.is_err()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plasma_counts_milliseconds_and_nought_is_no_answer() {
        assert_eq!(plasma_idle(61_500), Some(Duration::from_millis(61_500)));
        assert_eq!(plasma_idle(0), None);
    }

    #[test]
    fn logind_counts_microseconds_and_only_while_idle() {
        let now = WallTime {
            unix_ms: 1_000_000,
            utc_offset_s: 7200,
        };
        let idle = |hint, since_us| logind_idle(hint, since_us, now);
        assert_eq!(idle(true, 700_000_000), Some(Duration::from_secs(300)));
        assert_eq!(idle(false, 700_000_000), None);
        assert_eq!(idle(true, 0), None);
        // A clock that was set back.
        assert_eq!(idle(true, 2_000_000_000), Some(Duration::ZERO));
    }
}
