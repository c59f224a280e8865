//! The thread that listens: all sources side by side.

use std::cell::RefCell;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use zbus::Connection;

use super::board::Board;
use super::bus::Which;
use super::idle::Buses;
use super::lasting::Lasting;
use super::presence::{OnDrop, on_bus};
use super::{banners, flag, idle, microphone, saver, session};
use crate::domain::io::Signal;
use crate::domain::time::WallTime;

/// How often is looked whether a microphone is in use.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Starts the thread. It ends when `stopped` comes true, or nobody receives any more.
pub(super) fn on_own_thread(
    to: mpsc::Sender<Signal>,
    wall: fn() -> WallTime,
    stopped: oneshot::Receiver<()>,
) {
    let listening = move || {
        // Built here, since a runtime must not be dropped in the caller's async context.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        match runtime {
            Ok(runtime) => runtime.block_on(listen(&to, wall, stopped)),
            Err(error) => tracing::debug!("the system cannot be listened to: {error}"),
        }
    };
    let name = "signals".to_owned();
    if let Err(error) = thread::Builder::new().name(name).spawn(listening) {
        tracing::debug!("the system cannot be listened to: {error}");
    }
}

async fn listen(to: &mpsc::Sender<Signal>, wall: fn() -> WallTime, stopped: oneshot::Receiver<()>) {
    let board = Board::default();
    let buses = Buses::default();
    let sources = async {
        tokio::join!(
            on_bus(Which::System, async |bus| {
                let _lent = lend(bus, &buses.system);
                tokio::join!(
                    session::watch(bus, &board),
                    flag::watch(bus, flag::ON_BATTERY, |on_battery| {
                        board.change(|facts| facts.on_battery = on_battery);
                    }),
                );
            }),
            on_bus(Which::Session, async |bus| {
                let _lent = lend(bus, &buses.session);
                tokio::join!(
                    saver::watch_all(bus, &board),
                    flag::watch(bus, flag::INHIBITED, |inhibited| {
                        board.change(|facts| facts.inhibited = inhibited);
                    }),
                );
            }),
            banners::watch(|without| board.change(|facts| facts.without_banners = without)),
            idle::watch(&buses, wall, to),
            watch_microphones(Path::new(microphone::ASOUND), &board),
        )
    };
    tokio::select! {
        _ = stopped => {}
        () = board.tell(to) => {}
        _ = sources => {}
    }
}

/// Leaves `bus` in `place` as long as what is returned lives.
fn lend<'a>(bus: &Connection, place: &'a RefCell<Option<Connection>>) -> OnDrop<impl Fn() + 'a> {
    place.replace(Some(bus.clone()));
    OnDrop(move || drop(place.take()))
}

/// Looks at the microphones below `asound`, for ever.
async fn watch_microphones(asound: &Path, board: &Board) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut call = Lasting::default();
    let began = ticks.tick().await;
    loop {
        let at = ticks.tick().await.saturating_duration_since(began);
        let in_use = microphone::look(asound).is_some_and(|seen| seen.in_use);
        let holds = call.see(at, in_use);
        board.change(|facts| facts.call = holds);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_microphone_in_use_for_ten_seconds_is_a_call_until_ten_after() {
        let asound = tempfile::tempdir().unwrap();
        let stream = asound.path().join("card0/pcm0c/sub0");
        fs::create_dir_all(&stream).unwrap();
        let write = |status| fs::write(stream.join("status"), status).unwrap();
        let board = Board::default();
        let (to, mut sent) = mpsc::channel(8);
        let script = async {
            write("state: RUNNING\n");
            tokio::time::sleep(Duration::from_secs(8)).await;
            write("closed\n");
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert!(sent.try_recv().is_err(), "a blip is no call");
            write("state: RUNNING\n");
            let told = tokio::time::timeout(Duration::from_secs(16), sent.recv()).await;
            assert_eq!(told, Ok(Some(Signal::Call(true))));
            write("closed\n");
            tokio::time::sleep(Duration::from_secs(9)).await;
            assert!(sent.try_recv().is_err(), "a pause is no end");
            let told = tokio::time::timeout(Duration::from_secs(7), sent.recv()).await;
            assert_eq!(told, Ok(Some(Signal::Call(false))));
        };
        tokio::select! {
            () = script => {}
            () = board.tell(&to) => panic!("somebody listens"),
            () = watch_microphones(asound.path(), &board) => panic!("it looks for ever"),
        }
    }
}
