//! The vision thread of a live run: frames in, dated observations out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::clock;
use super::rate::{Due, SharedRate};
use crate::domain::baseline::MIN_LIGHT;
use crate::domain::io::{CameraReport, Observation};
use crate::vision::frame::Frame;
use crate::vision::observer::{ObserveError, Observer};
use crate::vision::picture::BadFrame;
use crate::vision::source::Recording;
use crate::vision::source::camera::{CameraEvent, CameraSource};

/// How long the thread listens to the camera before it looks whether it should stop or change the
/// rate.
const LISTEN: Duration = Duration::from_millis(100);

/// A frame older than this when its turn comes is passed over for a newer one.
const LATE: Duration = Duration::from_millis(500);

/// What the vision thread says.
#[derive(Debug)]
pub enum Seen {
    /// An observation of a picture taken so long after the run began.
    Observation(Duration, Observation),
    /// The camera's state changed.
    Report(Duration, CameraReport),
    /// The print of a room that was not seen before, with the number of its scene.
    Room(u32, String),
    /// One picture was bad and is passed over.
    BadFrame(BadFrame),
    /// Vision failed for good.
    Failed(anyhow::Error),
    /// The camera is lost for good.
    CameraGone(String),
    /// The source has come to its end.
    End,
}

/// A running vision thread; dropping it stops the thread and waits for it.
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Watches a camera. `began` is the run's beginning on [`clock::elapsed_since_start`].
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn camera(
        mut camera: CameraSource,
        eye: Eye,
        began: Duration,
        rate: SharedRate,
        to: UnboundedSender<Seen>,
    ) -> std::io::Result<Self> {
        Self::spawn(move |stop| {
            let mut eye = eye;
            let mut told_rate = f64::NAN;
            let mut due = Due::default();
            let mut trouble = String::new();
            while !stop.load(Ordering::Relaxed) {
                let hz = rate.get();
                if hz.total_cmp(&told_rate).is_ne() {
                    camera.set_rate(hz);
                    told_rate = hz;
                }
                let said = match camera.next(LISTEN) {
                    None if camera.is_given_up() => {
                        let _ = to.send(Seen::CameraGone(trouble));
                        return;
                    }
                    None => continue,
                    Some(CameraEvent::Report(report)) => {
                        let at = clock::elapsed_since_start().saturating_sub(began);
                        trouble.clone_from(&report.detail);
                        Seen::Report(at, report)
                    }
                    Some(CameraEvent::Frame(mut frame)) => {
                        frame.at = frame.at.saturating_sub(began);
                        if !due.take(frame.at, hz) {
                            continue;
                        }
                        let said = eye.look(&frame);
                        // First the room, so that whatever is learnt in it can be kept with it.
                        if let Some(room) = eye.take_room()
                            && to.send(room).is_err()
                        {
                            return;
                        }
                        match &said {
                            Seen::Observation(_, seen) => {
                                camera.accept(f64::from(seen.light) < MIN_LIGHT);
                            }
                            Seen::BadFrame(_) => {
                                camera.reject();
                                due.again();
                            }
                            _ => {}
                        }
                        said
                    }
                    Some(CameraEvent::Damaged(why)) => Seen::BadFrame(BadFrame::Damaged(why)),
                };
                let failed = matches!(said, Seen::Failed(_));
                if to.send(said).is_err() || failed {
                    return;
                }
            }
        })
    }

    /// Watches a recording at its own pace.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn recording(
        mut recording: Recording,
        eye: Eye,
        began: Duration,
        rate: SharedRate,
        to: UnboundedSender<Seen>,
    ) -> std::io::Result<Self> {
        Self::spawn(move |stop| {
            let mut eye = eye;
            let mut due = Due::default();
            while !stop.load(Ordering::Relaxed) {
                let said = match recording.next_frame() {
                    Err(e) => Seen::Failed(e.into()),
                    Ok(None) => Seen::End,
                    Ok(Some(frame)) => {
                        if !wait_until(began + frame.at, stop) {
                            return;
                        }
                        let late = clock::elapsed_since_start().saturating_sub(began + frame.at);
                        if late > LATE || !due.take(frame.at, rate.get()) {
                            continue;
                        }
                        eye.look(&frame)
                    }
                };
                let last = matches!(said, Seen::Failed(_) | Seen::End);
                if to.send(said).is_err() || last {
                    return;
                }
            }
        })
    }

    fn spawn(work: impl FnOnce(&AtomicBool) + Send + 'static) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name("vision".into())
            .spawn(move || work(&heard))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A vision thread that panicked has nothing left to give back.
            let _ = thread.join();
        }
    }
}

/// An observer, and where the pictures it looks at are written if the person asked for that.
pub struct Eye {
    /// Looks at frames.
    pub observer: Observer,
    /// Writes the frames that were looked at.
    pub keep: Option<super::keep::FrameKeeper>,
    /// The scene seen last, and whether its print is still to be told.
    scene: Option<(u32, bool)>,
}

impl Eye {
    /// An eye that looks through `observer`.
    #[must_use]
    pub fn new(observer: Observer, keep: Option<super::keep::FrameKeeper>) -> Self {
        Self {
            observer,
            keep,
            scene: None,
        }
    }

    /// The room that was seen last, when it is another than before; told once.
    fn take_room(&mut self) -> Option<Seen> {
        let (scene, new) = self.scene.as_mut()?;
        let new = std::mem::take(new).then_some(*scene)?;
        Some(Seen::Room(new, self.observer.room_print(new)?))
    }

    /// Looks at a frame and dates what was seen.
    pub fn look(&mut self, frame: &Frame) -> Seen {
        if let Some(keep) = &mut self.keep
            && let Err(e) = keep.keep(frame)
        {
            return Seen::Failed(e);
        }
        match self.observer.observe(frame) {
            Ok(observation) => {
                if let Some(shift) = observation.camera
                    && self.scene.is_none_or(|(scene, _)| scene != shift.scene)
                {
                    self.scene = Some((shift.scene, true));
                }
                Seen::Observation(frame.at, observation)
            }
            Err(ObserveError::Frame(bad)) => Seen::BadFrame(bad),
            Err(ObserveError::Engine(e)) => Seen::Failed(e.into()),
        }
    }
}

/// Waits in short steps; false when it should stop.
fn wait_until(then: Duration, stop: &AtomicBool) -> bool {
    loop {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        let left = then.saturating_sub(clock::elapsed_since_start());
        if left.is_zero() {
            return true;
        }
        clock::sleep(left.min(LISTEN));
    }
}
