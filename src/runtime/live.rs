//! Inputs as they happen.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, UnboundedReceiver};
use tokio::sync::oneshot;

use super::clock::LiveClock;
use super::inputs::{Inputs, next_of};
use super::profiles::Rooms;
use super::watch::Seen;
use crate::control::request::{Request, Wish};
use crate::desktop::service::ServiceManager;
use crate::domain::io::{Command, Input, Signal};
use crate::domain::settings::Settings;
use crate::domain::time::Moment;

/// How a live run came to its end.
#[derive(Debug, Default)]
pub enum End {
    /// It has not.
    #[default]
    None,
    /// The person or the system stopped it.
    Stopped,
    /// The source had no more.
    SourceEnded,
    /// The camera is lost for good.
    CameraGone(String),
}

/// What the vision thread sees, what the person asks for, what the system tells, and the passing of
/// time.
pub struct LiveInputs {
    clock: LiveClock,
    seen: UnboundedReceiver<Seen>,
    commands: Option<Receiver<Command>>,
    /// What the machine and the desktop tell.
    pub signals: Option<Receiver<Signal>>,
    /// Settings that the person has changed.
    pub settings: Option<Receiver<Box<Settings>>>,
    /// What is asked from outside.
    pub requests: Option<Receiver<Request>>,
    /// How long the person had sat when the run before this one ended: told before anything else.
    pub earlier: Option<Duration>,
    /// A request that the monitor sees to now.
    pending: Option<oneshot::Sender<()>>,
    /// Commands to be given at fixed times, such as a calibration at the start.
    planned: VecDeque<(Duration, Command)>,
    stop: Pin<Box<dyn Future<Output = ()>>>,
    stop_after: Option<Duration>,
    /// How the run ended.
    pub end: End,
    /// Pictures passed over because they were bad.
    pub bad_frames: u64,
    /// Where the prints of rooms are put.
    pub rooms: Rooms,
    /// Told by the loop itself that it goes round.
    pub service: ServiceManager,
}

impl LiveInputs {
    /// Inputs of a run whose source and `clock` begin together, until `stop` comes true.
    #[must_use]
    pub fn new(
        clock: LiveClock,
        seen: UnboundedReceiver<Seen>,
        commands: Receiver<Command>,
        stop: impl Future<Output = ()> + 'static,
    ) -> Self {
        Self {
            clock,
            seen,
            commands: Some(commands),
            signals: None,
            settings: None,
            requests: None,
            earlier: None,
            pending: None,
            planned: VecDeque::new(),
            stop: Box::pin(stop),
            stop_after: None,
            end: End::None,
            bad_frames: 0,
            rooms: Rooms::default(),
            service: ServiceManager::default(),
        }
    }

    /// Gives `command` when `at` has passed since the beginning; times must not go back.
    pub fn plan(&mut self, at: Duration, command: Command) {
        self.planned.push_back((at, command));
    }

    /// Ends the run by itself after `span`.
    pub fn stop_after(&mut self, span: Duration) {
        self.stop_after = Some(span);
    }

    fn now(&mut self) -> Moment {
        self.clock.moment(self.clock.elapsed())
    }

    fn bad_frame(&mut self, bad: &crate::vision::picture::BadFrame) {
        self.bad_frames += 1;
        // One bad frame is the world being odd; a stream of them would fill the log.
        if self.bad_frames.is_power_of_two() {
            tracing::warn!(
                "passed over a bad picture ({} so far): {bad}",
                self.bad_frames
            );
        }
    }
}

impl Inputs for LiveInputs {
    async fn next(&mut self, deadline: Option<Moment>) -> anyhow::Result<Option<(Moment, Input)>> {
        if let Some(done) = self.pending.take() {
            // Who asked may have gone.
            let _ = done.send(());
        }
        if let Some(sat) = self.earlier.take() {
            return Ok(Some((self.now(), Input::Earlier(sat))));
        }
        loop {
            let beat = self.service.beat(self.clock.elapsed());
            let planned = self.planned.front().map(|(at, _)| *at);
            if planned.is_some_and(|at| at <= self.clock.elapsed())
                && let Some((at, command)) = self.planned.pop_front()
            {
                return Ok(Some((self.clock.moment(at), Input::Command(command))));
            }
            let due = deadline.map(|moment| moment.elapsed);
            let wake = [planned, due, self.stop_after, beat]
                .into_iter()
                .flatten()
                .min();
            // Without anything to wait for a far deadline keeps the arms below alike.
            let wake_at = self
                .clock
                .instant(wake.unwrap_or(self.clock.elapsed() + Duration::from_secs(3600)));
            tokio::select! {
                biased;
                () = &mut self.stop => {
                    self.end = End::Stopped;
                    return Ok(None);
                }
                Request { what, done } = next_of(&mut self.requests) => match what {
                    Wish::Look => {
                        self.pending = Some(done);
                        return Ok(Some((self.now(), Input::Tick)));
                    }
                    Wish::Command(command) => {
                        self.pending = Some(done);
                        return Ok(Some((self.now(), Input::Command(command))));
                    }
                    Wish::Break(taken) => {
                        self.pending = Some(done);
                        return Ok(Some((self.now(), Input::Break(taken))));
                    }
                    Wish::Stop => {
                        let _ = done.send(());
                        self.end = End::Stopped;
                        return Ok(None);
                    }
                },
                command = next_of(&mut self.commands) => {
                    return Ok(Some((self.now(), Input::Command(command))));
                }
                settings = next_of(&mut self.settings) => {
                    return Ok(Some((self.now(), Input::Settings(settings))));
                }
                signal = next_of(&mut self.signals) => {
                    return Ok(Some((self.now(), Input::Signal(signal))));
                }
                seen = self.seen.recv() => match seen {
                    Some(Seen::Observation(at, observation)) => {
                        return Ok(Some((self.clock.moment(at), Input::Observation(observation))));
                    }
                    Some(Seen::Report(at, report)) => {
                        return Ok(Some((self.clock.moment(at), Input::Camera(report))));
                    }
                    Some(Seen::Room(scene, print)) => {
                        self.rooms.borrow_mut().insert(scene, print);
                    }
                    Some(Seen::BadFrame(bad)) => self.bad_frame(&bad),
                    Some(Seen::Failed(error)) => return Err(error),
                    Some(Seen::CameraGone(why)) => {
                        self.end = End::CameraGone(why);
                        return Ok(None);
                    }
                    Some(Seen::End) | None => {
                        self.end = End::SourceEnded;
                        return Ok(None);
                    }
                },
                () = tokio::time::sleep_until(wake_at) => {
                    let now = self.clock.elapsed();
                    if self.stop_after.is_some_and(|stop| stop <= now) {
                        self.end = End::Stopped;
                        return Ok(None);
                    }
                    if due.is_some_and(|due| due <= now) {
                        return Ok(Some((self.clock.moment(now), Input::Tick)));
                    }
                }
            }
        }
    }
}
