//! GNOME's "do not disturb".
//!
//! GNOME keeps its switch as `show-banners` of `org.gnome.desktop.notifications` (gsettings-desktop-schemas)
//! and gives it to nobody on the bus: the settings portal of xdg-desktop-portal-gnome and -gtk has a
//! fixed list without it, and dconf's own service only writes. GLib's program `gsettings` reads it,
//! and `gsettings monitor` prints a line with each change; it is on every GNOME desktop. It is asked
//! under GNOME only: elsewhere the switch may stand and mean nothing.

use std::future::pending;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

/// Schema and key.
const KEY: [&str; 2] = ["org.gnome.desktop.notifications", "show-banners"];

/// From the end of the program that tells to the next one.
const RETRY: Duration = Duration::from_secs(60);

/// How long it may take to say how things are: it takes some hundredths of a second.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether this is GNOME's session, by the desktop's names (`XDG_CURRENT_DESKTOP`, Desktop Entry
/// Specification), such as "ubuntu:GNOME".
pub(super) fn is_gnome() -> bool {
    let names = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    names.split(':').any(|name| name == "GNOME")
}

/// Calls `set` with whether the person wants no notifications, at each change; for ever.
pub(super) async fn watch(set: impl Fn(bool)) {
    if !is_gnome() {
        return pending().await;
    }
    loop {
        if let Err(error) = follow(&set).await {
            tracing::debug!("gsettings does not tell show-banners: {error}");
        }
        set(false);
        sleep(RETRY).await;
    }
}

/// Whether the person wants no notifications now.
///
/// # Errors
/// When there is no program that tells, or it does not know the key.
pub(super) async fn read() -> io::Result<bool> {
    let told = timeout(PATIENCE, gsettings("get").output()).await??;
    let word = String::from_utf8_lossy(&told.stdout);
    match shown(word.trim()) {
        Some(shown) => Ok(!shown),
        None => Err(io::Error::other("gsettings does not know show-banners")),
    }
}

async fn follow(set: &impl Fn(bool)) -> io::Result<()> {
    // Before asking how things are, so that no change falls between.
    let mut monitor = gsettings("monitor").spawn()?;
    let out = monitor.stdout.take();
    let mut lines = BufReader::new(out.ok_or(io::ErrorKind::BrokenPipe)?).lines();
    set(read().await?);
    while let Some(line) = lines.next_line().await? {
        if let Some(shown) = line.rsplit(' ').next().and_then(shown) {
            set(!shown);
        }
    }
    Ok(())
}

fn gsettings(what: &str) -> Command {
    let mut command = Command::new("gsettings");
    command
        .arg(what)
        .args(KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

fn shown(word: &str) -> Option<bool> {
    word.parse().ok()
}
