//! One frame's way through vision: decode, look for a person, find the joints, hold the room
//! against what it was.

use std::time::Duration;

use super::background::{Background, Known, RoomPrint};
use super::detector::{Detector, Person};
use super::engine::{EngineError, EngineKind, EngineSetup};
use super::frame::Frame;
use super::model::{Model, ModelError};
use super::movenet::{MoveNet, round};
use super::people::other_person;
use super::picture::{BadFrame, Rgb, brightness, decode};
use crate::domain::baseline::MIN_PRESENCE;
use crate::domain::io::Observation;
use crate::domain::outline::{Unseen, outline};
use crate::domain::pose::Pose;

/// The revision of what an observer sees: raised by one whenever the same picture, looked at with
/// the same model and engine, would give another [`Observation`]. Kept observations of an earlier
/// revision are made anew.
pub const REVISION: u32 = 2;

/// The detector costs more than the pose model: it runs about once a second while there is doubt...
const DOUBTED_INTERVAL: Duration = Duration::from_secs(1);

/// ...and at every look of this number while it saw one person and the pose model sees the whole
/// head and shoulders, which it never does of an empty chair. Who looks more often, to be surer,
/// also looks sooner whether somebody else has come: every 3 s in a calibration, every 10 s while
/// the posture changes and every 30 s while it is steady.
const SETTLED_LOOKS: u32 = 30;

/// Head and shoulders seen this lately still count as seen: hair over an ear hides it in one
/// picture out of several.
const FLICKER: Duration = Duration::from_secs(2);

/// Looks at frames.
pub struct Observer {
    pose: MoveNet,
    detector: Detector,
    background: Background,
    engine: EngineKind,
    presence: f32,
    /// Those whom the detector saw last.
    people: Vec<Person>,
    detected_at: Option<Duration>,
    /// Looks since then.
    looks: u32,
    /// When the pose model last saw the whole head and shoulders of somebody.
    whole_at: Option<Duration>,
}

/// Why there is no observation of a frame.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// This one picture is bad.
    #[error(transparent)]
    Frame(#[from] BadFrame),
    /// The engine fails.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Why no observer can be made.
#[derive(Debug, thiserror::Error)]
pub enum ObserverError {
    /// A model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// An engine cannot be used.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Observer {
    /// An observer with the given pose model and the presence detector that comes with the
    /// program.
    ///
    /// # Errors
    /// When a model cannot be loaded.
    pub fn new(setup: &EngineSetup, pose: &Model) -> Result<Self, ObserverError> {
        let detector = Model::presence();
        Ok(Self {
            pose: MoveNet::new(pose, setup.load(pose)?),
            detector: Detector::new(&detector, setup.load(&detector)?),
            background: Background::default(),
            engine: setup.kind(),
            presence: 0.0,
            people: Vec::new(),
            detected_at: None,
            looks: 0,
            whole_at: None,
        })
    }

    /// The engine in use.
    #[must_use]
    pub fn engine(&self) -> EngineKind {
        self.engine
    }

    /// Knows the rooms of these prints again: they are the scenes 0, 1 and so on of
    /// [`CameraShift`](crate::domain::io::CameraShift). What is no print that this version can read
    /// is a room that is never seen.
    pub fn know_rooms(&mut self, prints: &[String]) {
        let rooms = prints.iter().map(|text| RoomPrint::parse(text).ok());
        self.background = Background::knowing(rooms.collect());
    }

    /// The print of the present room as text, if it is the scene of this number. It is no picture,
    /// and none can be made of it.
    #[must_use]
    pub fn room_print(&self, scene: u32) -> Option<String> {
        self.background.print(scene).map(RoomPrint::to_text)
    }

    /// Looks at one frame.
    ///
    /// # Errors
    /// When the picture is bad or the engine fails.
    pub fn observe(&mut self, frame: &Frame) -> Result<Observation, ObserveError> {
        let picture = decode(frame)?;
        Ok(self.observe_picture(frame.at, &picture)?)
    }

    /// Looks at one picture taken at `at`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn observe_picture(
        &mut self,
        at: Duration,
        picture: &Rgb,
    ) -> Result<Observation, EngineError> {
        let size = (picture.width, picture.height);
        let light = round(brightness(picture), 1000.0);
        self.looks = self.looks.saturating_add(1);
        let nobody = self.detected_at.is_some() && self.presence < MIN_PRESENCE;
        if nobody && self.is_due(at) {
            self.detect(at, picture)?;
        }
        // Of a chair just found empty no joints are needed.
        let pose = if self.presence < MIN_PRESENCE && self.detected_at == Some(at) {
            Pose::default()
        } else {
            self.pose.pose(picture)?
        };
        match outline(&pose, size) {
            _ if self.presence < MIN_PRESENCE => self.whole_at = None,
            Ok(_) | Err(Unseen::CutOff) => self.whole_at = Some(at),
            Err(Unseen::Hidden) => {}
        }
        if self.is_due(at) {
            self.detect(at, picture)?;
        }
        let known = Known {
            pose: &pose,
            presence: self.presence,
            light,
        };
        let camera = self.background.look(at, picture, known);
        Ok(Observation {
            frame: size,
            pose,
            presence: self.presence,
            light,
            camera,
            other_person: other_person(&self.people, &pose).map(|size| round(size, 1000.0)),
        })
    }

    fn is_due(&self, at: Duration) -> bool {
        let settled = self
            .whole_at
            .is_some_and(|then| at.saturating_sub(then) <= FLICKER);
        let settled = settled && self.people.len() == 1;
        self.detected_at.is_none_or(|then| {
            at.saturating_sub(then) >= DOUBTED_INTERVAL && (!settled || self.looks >= SETTLED_LOOKS)
        })
    }

    fn detect(&mut self, at: Duration, picture: &Rgb) -> Result<(), EngineError> {
        let seen = self.detector.detect(picture)?;
        self.presence = round(seen.score, 1000.0);
        self.people = seen.people;
        self.detected_at = Some(at);
        self.looks = 0;
        Ok(())
    }
}
