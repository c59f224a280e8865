//! What the machine and the desktop tell, turned into [`Signal`]s.
//!
//! Each source is on its own and none need be there: a bus or a service that is missing, comes
//! later, dies, hangs or answers nonsense is told once in the log (at debug level) and tried again.
//! What nobody tells any more is taken for false.
//!
//! | signal | from |
//! | --- | --- |
//! | [`Locked`](Signal::Locked) | logind's session, the desktops' screen savers |
//! | [`Asleep`](Signal::Asleep) | logind, which waits until the camera is closed |
//! | [`Idle`](Signal::Idle) | GNOME, KDE Plasma under X11, logind; every 10 s |
//! | [`DoNotDisturb`](Signal::DoNotDisturb) | KDE Plasma, GNOME |
//! | [`OnBattery`](Signal::OnBattery) | UPower |
//! | [`Call`](Signal::Call) | the kernel: a microphone that has been in use for 10 s |
//!
//! [`ScreenShare`](Signal::ScreenShare) is sent by nobody. The ScreenCast portal and Mutter's and
//! KWin's interfaces know the sessions that their caller has opened, and tell nobody of others;
//! only PipeWire knows the streams, and it is not on D-Bus. On X11 any program may read the screen,
//! unseen. What Plasma does while the screen is shared is heard as [`Signal::DoNotDisturb`].
//!
//! All of it is for Linux and other systems with D-Bus; on macOS and Windows nothing is heard.

#[cfg(all(unix, not(target_os = "macos")))]
mod asking;
#[cfg(all(unix, not(target_os = "macos")))]
mod banners;
#[cfg(all(unix, not(target_os = "macos")))]
mod board;
#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(all(unix, not(target_os = "macos")))]
mod flag;
#[cfg(all(unix, not(target_os = "macos")))]
mod idle;
#[cfg(all(unix, not(target_os = "macos")))]
mod lasting;
#[cfg(all(unix, not(target_os = "macos")))]
mod listen;
#[cfg(all(unix, not(target_os = "macos")))]
mod locks;
#[cfg(all(unix, not(target_os = "macos")))]
mod microphone;
#[cfg(all(unix, not(target_os = "macos")))]
mod presence;
#[cfg(all(unix, not(target_os = "macos")))]
mod saver;
#[cfg(all(unix, not(target_os = "macos")))]
mod session;

pub mod check;

use tokio::sync::{mpsc, oneshot};

use crate::domain::io::Signal;
use crate::domain::time::WallTime;

/// Listens on a thread of its own, until it is dropped or nobody receives any more.
#[derive(Debug)]
#[must_use = "dropped, it tells nothing any more"]
pub struct Signals {
    /// Its end ends the thread.
    _stop: oneshot::Sender<()>,
}

impl Signals {
    /// Sends to `to` what changes from now on: nothing holds at first. How long keyboard and mouse
    /// were not used is sent every 10 seconds where it is known; for that, `wall` reads the clock.
    ///
    /// It does not block. Where no thread can be started, nothing is sent.
    pub fn start(to: mpsc::Sender<Signal>, wall: fn() -> WallTime) -> Self {
        let (stop, stopped) = oneshot::channel();
        #[cfg(all(unix, not(target_os = "macos")))]
        listen::on_own_thread(to, wall, stopped);
        #[cfg(any(not(unix), target_os = "macos"))]
        drop((to, wall, stopped));
        Self { _stop: stop }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_it_stops() {
        let (to, mut told) = mpsc::channel(16);
        let wall = || WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        drop(Signals::start(to, wall));
        // Whatever this machine tells in between, the channel is closed in the end.
        while told.blocking_recv().is_some() {}
    }
}
