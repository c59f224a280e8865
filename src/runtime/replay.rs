//! Inputs from a recording, as fast as they can be taken, on a virtual clock.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use super::inputs::Inputs;
use super::progress::Progress;
use super::rate::{Due, SharedRate};
use super::sketch::Sketcher;
use super::watch::{Eye, Seen};
use crate::domain::io::{Command, Effect, Input};
use crate::domain::time::{Moment, WallTime};
use crate::session::{Line, SessionReader};
use crate::vision::picture::BadFrame;
use crate::vision::source::Recording;

/// The wall clock of recordings that do not tell theirs.
pub const NO_WALL: WallTime = WallTime {
    unix_ms: 0,
    utc_offset_s: 0,
};

/// Looks at the pictures of a recording.
pub struct FrameReplay {
    recording: Recording,
    eye: Eye,
    rate: SharedRate,
    due: Due,
    planned: VecDeque<(Duration, Command)>,
    ahead: Option<(Moment, Input)>,
    /// Takes each frame that was looked at.
    pub sketcher: Option<Rc<RefCell<Sketcher>>>,
    /// Frames read so far.
    pub read: usize,
    /// Pictures passed over because they were bad.
    pub bad_frames: u64,
    /// Shows how far the replay has come.
    pub progress: Option<Progress>,
    stop_after: Option<Duration>,
    stop: Option<Pin<Box<dyn Future<Output = ()>>>>,
    /// Whether any picture could be looked at.
    seen: bool,
    last_bad: Option<BadFrame>,
}

impl FrameReplay {
    /// Looks at `recording` as often as `rate` says.
    #[must_use]
    pub fn new(recording: Recording, eye: Eye, rate: SharedRate) -> Self {
        Self {
            recording,
            eye,
            rate,
            due: Due::default(),
            planned: VecDeque::new(),
            ahead: None,
            sketcher: None,
            read: 0,
            bad_frames: 0,
            progress: None,
            stop_after: None,
            stop: None,
            seen: false,
            last_bad: None,
        }
    }

    /// Gives `command` at a time of the recording; times must not go back.
    pub fn plan(&mut self, at: Duration, command: Command) {
        self.planned.push_back((at, command));
    }

    /// Ends the replay when the recording has come to `span`.
    pub fn stop_after(&mut self, span: Duration) {
        self.stop_after = Some(span);
    }

    /// Ends the replay when `stop` comes true.
    pub fn stop_when(&mut self, stop: impl Future<Output = ()> + 'static) {
        self.stop = Some(Box::pin(stop));
    }

    /// Whether somebody asked for the end. The work between two frames leaves the event loop no
    /// other moment to notice.
    async fn is_stopped(&mut self) -> bool {
        let Some(stop) = &mut self.stop else {
            return false;
        };
        tokio::select! {
            biased;
            () = stop => true,
            () = tokio::task::yield_now() => false,
        }
    }

    fn look(&mut self) -> anyhow::Result<Option<(Moment, Input)>> {
        loop {
            if let Some((at, _)) = self.planned.front()
                && at.is_zero()
                && let Some((at, command)) = self.planned.pop_front()
            {
                return Ok(Some((Moment::after(NO_WALL, at), Input::Command(command))));
            }
            let Some(frame) = self.recording.next_frame()? else {
                return match &self.last_bad {
                    Some(bad) if !self.seen => Err(anyhow::anyhow!(
                        "none of the {} pictures can be used: {bad}; give other pictures",
                        self.bad_frames
                    )),
                    _ => Ok(None),
                };
            };
            self.read += 1;
            if let Some(progress) = &mut self.progress {
                progress.show(self.read, self.recording.len());
            }
            if self.stop_after.is_some_and(|stop| frame.at >= stop) {
                return Ok(None);
            }
            if !self.due.take(frame.at, self.rate.get()) {
                continue;
            }
            let seen = self.eye.look(&frame);
            if let (Some(sketcher), Seen::Observation(..)) = (&self.sketcher, &seen) {
                sketcher.borrow_mut().frame(self.read, frame);
            }
            match seen {
                Seen::Observation(at, seen) => {
                    self.seen = true;
                    return Ok(Some((Moment::after(NO_WALL, at), Input::Observation(seen))));
                }
                Seen::BadFrame(bad) => {
                    self.bad_frames += 1;
                    if self.bad_frames.is_power_of_two() {
                        tracing::warn!("passed over bad picture number {}: {bad}", self.read);
                    }
                    self.last_bad = Some(bad);
                }
                Seen::Failed(error) => return Err(error),
                // An eye that looks at one frame says nothing else.
                Seen::Room(..) | Seen::Report(..) | Seen::CameraGone(_) | Seen::End => {}
            }
        }
    }
}

impl Inputs for FrameReplay {
    async fn next(&mut self, deadline: Option<Moment>) -> anyhow::Result<Option<(Moment, Input)>> {
        if self.ahead.is_none() {
            if self.is_stopped().await {
                return Ok(None);
            }
            self.ahead = self.look()?;
        }
        Ok(tick_or_take(deadline, &mut self.ahead))
    }
}

/// What comes first: the tick that is asked for, or the input ahead, which is taken.
pub(super) fn tick_or_take(
    deadline: Option<Moment>,
    ahead: &mut Option<(Moment, Input)>,
) -> Option<(Moment, Input)> {
    let (at, _) = ahead.as_ref()?;
    match deadline {
        Some(deadline) if deadline.elapsed < at.elapsed => Some((deadline, Input::Tick)),
        _ => ahead.take(),
    }
}

/// Reads a recorded session. It brings its own ticks: they came when they came.
pub struct SessionReplay {
    reader: SessionReader,
    planned: VecDeque<Command>,
    recalibrated: bool,
    /// The effects that were recorded.
    pub recorded: Vec<(Moment, Effect)>,
}

impl SessionReplay {
    /// Replays what `reader` reads.
    #[must_use]
    pub fn new(reader: SessionReader) -> Self {
        Self {
            reader,
            planned: VecDeque::new(),
            recalibrated: false,
            recorded: Vec::new(),
        }
    }

    /// Calibrates on the first `span` of the session, and not as was recorded.
    pub fn calibrate(&mut self, span: Duration) {
        self.planned.push_back(Command::Calibrate(span));
        self.recalibrated = true;
    }

    /// What the reader has to say about the file, such as a half-written last line.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.reader.notice()
    }
}

impl Inputs for SessionReplay {
    async fn next(&mut self, _: Option<Moment>) -> anyhow::Result<Option<(Moment, Input)>> {
        if let Some(command) = self.planned.pop_front() {
            let start = Moment::after(self.reader.header().started, Duration::ZERO);
            return Ok(Some((start, Input::Command(command))));
        }
        for line in self.reader.by_ref() {
            match line? {
                Line::Effect(at, effect) => self.recorded.push((at, effect)),
                Line::Input(
                    _,
                    Input::Command(Command::Calibrate(_) | Command::CalibrateGuided { .. }),
                ) if self.recalibrated => {}
                Line::Input(at, input) => return Ok(Some((at, input))),
            }
        }
        Ok(None)
    }
}
