//! The datagram socket of systemd's readiness protocol, sd_notify(3).

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use sd_notify::NotifyState;

/// How long the service manager waits for a sign of life, if it does.
pub(super) fn watchdog() -> Option<Duration> {
    // Nobody can keep up with signs in no time at all.
    sd_notify::watchdog_enabled().filter(|limit| Duration::from_millis(10) <= *limit)
}

/// A connection to the service manager.
#[derive(Debug)]
pub(super) struct Line(UnixDatagram);

impl Line {
    pub(super) fn from_env() -> Option<Self> {
        let name = env::var_os("NOTIFY_SOCKET")?;
        match Self::open(&name) {
            Ok(line) => Some(line),
            Err(error) => {
                tracing::info!("the service manager at {name:?} is told nothing: {error}");
                None
            }
        }
    }

    /// `sd_notify::notify` waits when the socket is full, and a manager that does not read would
    /// hold the main loop; it also knows no abstract names.
    fn open(name: &OsStr) -> io::Result<Self> {
        let address = match name.as_bytes() {
            [b'@', rest @ ..] => SocketAddr::from_abstract_name(rest)?,
            _ => SocketAddr::from_pathname(name)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        socket.connect_addr(&address)?;
        Ok(Self(socket))
    }

    pub(super) fn ready(&self) {
        self.send(&NotifyState::Ready);
    }

    pub(super) fn alive(&self) {
        self.send(&NotifyState::Watchdog);
    }

    pub(super) fn status(&self, words: &str) {
        // A line break would begin another message.
        self.send(&NotifyState::Status(&words.replace('\n', " ")));
    }

    pub(super) fn stopping(&self) {
        self.send(&NotifyState::Stopping);
    }

    fn send(&self, state: &NotifyState<'_>) {
        if let Err(error) = self.0.send(format!("{state}\n").as_bytes()) {
            tracing::debug!("the service manager is not told {state}: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(by: &UnixDatagram) -> String {
        let mut text = [0; 64];
        let length = by.recv(&mut text).unwrap();
        String::from_utf8_lossy(&text[..length]).into_owned()
    }

    #[test]
    fn words_arrive_as_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        let line = Line::open(path.as_os_str()).unwrap();
        line.ready();
        line.alive();
        line.status("bad:\nslouch");
        line.stopping();
        let said = [(); 4].map(|()| heard(&manager));
        let expected = [
            "READY=1\n",
            "WATCHDOG=1\n",
            "STATUS=bad: slouch\n",
            "STOPPING=1\n",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn an_abstract_name_is_understood() {
        let name = format!("backstay-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).unwrap();
        let manager = UnixDatagram::bind_addr(&address).unwrap();
        Line::open(OsStr::new(&format!("@{name}"))).unwrap().ready();
        assert_eq!(heard(&manager), "READY=1\n");
    }

    #[test]
    fn a_manager_that_does_not_listen_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        assert!(Line::open(path.as_os_str()).is_err());
        let manager = UnixDatagram::bind(&path).unwrap();
        let line = Line::open(path.as_os_str()).unwrap();
        // More than any queue takes.
        for _ in 0..20_000 {
            line.alive();
        }
        drop(manager);
        line.alive();
    }
}
