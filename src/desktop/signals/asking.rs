//! Asks everybody once, all at the same time.

use std::cell::RefCell;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::time::timeout;
use zbus::Connection;

use super::banners;
use super::bus::{Object, Trouble, Which, ask, property};
use super::check::{Hindrance, Source};
use super::flag::{Flag, INHIBITED, ON_BATTERY};
use super::idle::{self, Buses};
use super::microphone::{self, Microphones};
use super::saver::{self, SAVERS};
use super::session::{LOGIND, SESSION, inhibit, manager, own_session};
use crate::domain::time::WallTime;

/// How long a bus may take to be reached.
const REACHED: Duration = Duration::from_secs(1);

/// How long the answers about one signal may take together.
const ANSWERED: Duration = Duration::from_millis(1500);

/// How long all of it may take: more than the two.
const PATIENCE: Duration = Duration::from_secs(3);

type Found = Result<String, Hindrance>;

/// All sources, or none where no thread can be started.
pub(super) fn check(wall: fn() -> WallTime) -> Vec<Source> {
    let (say, heard) = mpsc::channel();
    // On a thread of its own, as the caller may be in a runtime already.
    let asking = thread::Builder::new()
        .name("signals check".into())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                let _ = say.send(runtime.block_on(ask_all(wall)));
            }
        });
    let sources = asking.ok().and_then(|_| heard.recv_timeout(PATIENCE).ok());
    sources.unwrap_or_default()
}

async fn ask_all(wall: fn() -> WallTime) -> Vec<Source> {
    let (session, system) = tokio::join!(reach(Which::Session), reach(Which::System));
    let buses = Buses {
        session: RefCell::new(session.as_ref().ok().cloned()),
        system: RefCell::new(system.as_ref().ok().cloned()),
    };
    let (lock, sleep, idle, undisturbed, battery) = tokio::join!(
        in_time(
            lock(&session, &system),
            "lock with your desktop's own locker, and run backstay inside of its session",
        ),
        in_time(sleep(&system), "systemd-logind or elogind tells it"),
        in_time(
            idle(&buses, wall),
            "GNOME, and KDE Plasma under X11, tell it; it counts your sitting out of the \
             camera's sight",
        ),
        in_time(
            undisturbed(&session),
            "KDE Plasma and GNOME tell it; elsewhere snooze, or set quiet_hours",
        ),
        in_time(flag(&system, ON_BATTERY), "install or start UPower"),
    );
    [
        ("lock", lock),
        ("sleep", sleep),
        ("idle", idle),
        ("do not disturb", undisturbed),
        ("battery", battery),
        (
            "calls",
            calls(microphone::look(Path::new(microphone::ASOUND))),
        ),
    ]
    .map(|(name, found)| Source { name, found })
    .into()
}

type Reached = Result<Connection, String>;

async fn reach(which: Which) -> Reached {
    match timeout(REACHED, which.connect()).await {
        Ok(Ok(bus)) => Ok(bus),
        Ok(Err(trouble)) => Err(format!("{which} cannot be reached: {trouble}")),
        Err(_) => Err(format!("{which} does not answer")),
    }
}

/// What is found, or why nothing is within the time there is.
async fn in_time(
    finding: impl Future<Output = Result<String, String>>,
    remedy: &'static str,
) -> Found {
    let found = timeout(ANSWERED, finding).await;
    let found = found.unwrap_or_else(|_| Err("no answer in time".to_owned()));
    found.map_err(|why| Hindrance { why, remedy })
}

/// All witnesses that answer.
async fn lock(session: &Reached, system: &Reached) -> Result<String, String> {
    let hint = async {
        let path = own_session(system.as_ref().ok()?, LOGIND).await.ok()?;
        let own = Object {
            service: LOGIND,
            path: path.as_str(),
            interface: SESSION,
        };
        let told: Result<bool, Trouble> = property(system.as_ref().ok()?, own, "LockedHint").await;
        told.ok().map(|_| "logind".to_owned())
    };
    let saver = async |name: &'static str| {
        let path = saver::path(name);
        let saver = Object {
            service: name,
            path: &path,
            interface: name,
        };
        let told: Result<bool, Trouble> =
            ask(session.as_ref().ok()?, saver, "GetActive", &()).await;
        told.ok().map(|_| name.to_owned())
    };
    let [a, b, c, d, e] = SAVERS;
    let told = tokio::join!(hint, saver(a), saver(b), saver(c), saver(d), saver(e));
    let told = [told.0, told.1, told.2, told.3, told.4, told.5];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if told.is_empty() {
        let unreached = system.as_ref().err().or(session.as_ref().err());
        return Err(unreached.map_or_else(|| "nobody tells it".to_owned(), Clone::clone));
    }
    Ok(told.join(", "))
}

async fn sleep(system: &Reached) -> Result<String, String> {
    let bus = system.as_ref()?;
    let asleep: Result<bool, Trouble> = property(bus, manager(LOGIND), "PreparingForSleep").await;
    asleep.map_err(|trouble| trouble.to_string())?;
    Ok(match inhibit(bus, LOGIND).await {
        Some(_) => "logind, which waits until the camera is closed".to_owned(),
        None => "logind, which does not wait until the camera is closed".to_owned(),
    })
}

async fn idle(buses: &Buses, wall: fn() -> WallTime) -> Result<String, String> {
    match idle::first(buses, wall).await {
        Some((teller, idle)) => Ok(format!("{}, {} s", teller.name(), idle.as_secs())),
        None => Err("nobody tells it".to_owned()),
    }
}

async fn undisturbed(session: &Reached) -> Result<String, String> {
    if !banners::is_gnome() {
        return flag(session, INHIBITED).await;
    }
    let value = banners::read().await.map_err(|error| error.to_string())?;
    Ok(format!("GNOME, {}", word(value)))
}

fn word(value: bool) -> &'static str {
    if value { "on" } else { "off" }
}

async fn flag(bus: &Reached, flag: Flag) -> Result<String, String> {
    let value = flag.read(bus.as_ref()?).await;
    let value = value.map_err(|trouble| trouble.to_string())?;
    Ok(format!("{}, {}", flag.service, word(value)))
}

fn calls(microphones: Option<Microphones>) -> Found {
    match microphones {
        Some(Microphones { in_use: true, .. }) => Err(Hindrance {
            why: "a microphone is in use, which counts as a call after 10 s".to_owned(),
            remedy: "if that is no call, set call = false under [pauses]",
        }),
        Some(Microphones { streams: 0, .. }) => Ok("no microphone".to_owned()),
        Some(_) => Ok("no microphone is in use".to_owned()),
        None => Err(Hindrance {
            why: format!("there is no {}", microphone::ASOUND),
            remedy: "load the sound driver (ALSA); or pause by hand",
        }),
    }
}
