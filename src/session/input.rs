//! Inputs as they are written.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Map;

use super::line::kinds;
use super::number::{Exactly, Finite, Seconds};
use super::settings;
use super::taken::TakenFields;
use super::words::{CameraWord, StanceWord};
use crate::domain::io::{CameraReport, CameraShift, Command, Input, Observation, Signal};
use crate::domain::pose::{Joint, Keypoint, Pose};
use crate::domain::settings::Settings;

kinds! {
    /// What woke the monitor.
    In, InKind, "in" {
        Observation(ObservationFields),
        Command(CommandFields),
        Camera(CameraFields),
        Signal(SignalFields),
        Settings(SettingsFields),
        Break(TakenFields),
        Earlier(EarlierFields),
        Tick(TickFields),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObservationFields {
    /// Only when it differs from the header's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frame: Option<Exactly<u32, 2>>,
    /// `[x, y, confidence]` of each joint in model order.
    pose: Exactly<Exactly<Finite<f32>, 3>, { Joint::COUNT }>,
    presence: Finite<f32>,
    light: Finite<f32>,
    /// Only where the room told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    camera_shift: Option<CameraShiftFields>,
    /// Only where somebody else is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other_person: Option<Finite<f32>>,
}

/// How the room stands, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CameraShiftFields {
    scene: u32,
    right: Finite<f32>,
    down: Finite<f32>,
    turn: Finite<f32>,
    zoom: Finite<f32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommandFields {
    command: CommandWord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CommandWord {
    Calibrate(Seconds),
    CalibrateGuided(GuidedFields),
    Answer(bool),
    Wrong,
    Pause(Option<Seconds>),
    Resume,
    Snooze(Seconds),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuidedFields {
    span: Seconds,
    limits: bool,
    /// Absent for the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stance: Option<StanceWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CameraFields {
    status: CameraWord,
    detail: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsFields {
    settings: Box<WrittenSettings>,
}

/// Settings by name, as in the header.
struct WrittenSettings(Settings);

impl Serialize for WrittenSettings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        settings::to_map(&self.0).serialize(to)
    }
}

impl<'de> Deserialize<'de> for WrittenSettings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(from)?;
        settings::from_map(&map).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalFields {
    signal: SignalWord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SignalWord {
    Locked(bool),
    Asleep(bool),
    Call(bool),
    ScreenShare(bool),
    OnBattery(bool),
    DoNotDisturb(bool),
    Idle(Seconds),
}

impl From<Signal> for SignalWord {
    fn from(signal: Signal) -> Self {
        match signal {
            Signal::Locked(yes) => Self::Locked(yes),
            Signal::Asleep(yes) => Self::Asleep(yes),
            Signal::Call(yes) => Self::Call(yes),
            Signal::ScreenShare(yes) => Self::ScreenShare(yes),
            Signal::OnBattery(yes) => Self::OnBattery(yes),
            Signal::DoNotDisturb(yes) => Self::DoNotDisturb(yes),
            Signal::Idle(span) => Self::Idle(Seconds(span)),
        }
    }
}

impl From<SignalWord> for Signal {
    fn from(word: SignalWord) -> Self {
        match word {
            SignalWord::Locked(yes) => Self::Locked(yes),
            SignalWord::Asleep(yes) => Self::Asleep(yes),
            SignalWord::Call(yes) => Self::Call(yes),
            SignalWord::ScreenShare(yes) => Self::ScreenShare(yes),
            SignalWord::OnBattery(yes) => Self::OnBattery(yes),
            SignalWord::DoNotDisturb(yes) => Self::DoNotDisturb(yes),
            SignalWord::Idle(Seconds(span)) => Self::Idle(span),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlierFields {
    sat: Seconds,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TickFields {}

impl From<CameraShift> for CameraShiftFields {
    fn from(shift: CameraShift) -> Self {
        Self {
            scene: shift.scene,
            right: Finite(shift.right),
            down: Finite(shift.down),
            turn: Finite(shift.turn),
            zoom: Finite(shift.zoom),
        }
    }
}

impl From<CameraShiftFields> for CameraShift {
    fn from(fields: CameraShiftFields) -> Self {
        Self {
            scene: fields.scene,
            right: fields.right.0,
            down: fields.down.0,
            turn: fields.turn.0,
            zoom: fields.zoom.0,
        }
    }
}

impl In {
    /// `input` in a session whose header gives `frame` as the size of the pictures.
    pub(super) fn new(input: &Input, frame: (u32, u32)) -> Self {
        match input {
            Input::Observation(seen) => Self::Observation(ObservationFields {
                frame: (seen.frame != frame).then_some(Exactly(seen.frame.into())),
                pose: Exactly(
                    seen.pose
                        .keypoints()
                        .map(|at| Exactly([at.x, at.y, at.confidence].map(Finite))),
                ),
                presence: Finite(seen.presence),
                light: Finite(seen.light),
                camera_shift: seen.camera.map(Into::into),
                other_person: seen.other_person.map(Finite),
            }),
            Input::Command(command) => Self::Command(CommandFields {
                command: match *command {
                    Command::Calibrate(span) => CommandWord::Calibrate(Seconds(span)),
                    Command::CalibrateGuided {
                        span,
                        limits,
                        stance,
                    } => CommandWord::CalibrateGuided(GuidedFields {
                        span: Seconds(span),
                        limits,
                        stance: stance.map(Into::into),
                    }),
                    Command::Answer(yes) => CommandWord::Answer(yes),
                    Command::Wrong => CommandWord::Wrong,
                    Command::Pause(span) => CommandWord::Pause(span.map(Seconds)),
                    Command::Resume => CommandWord::Resume,
                    Command::Snooze(span) => CommandWord::Snooze(Seconds(span)),
                },
            }),
            Input::Camera(report) => Self::Camera(CameraFields {
                status: report.status.into(),
                detail: report.detail.clone(),
            }),
            Input::Signal(signal) => Self::Signal(SignalFields {
                signal: (*signal).into(),
            }),
            Input::Settings(settings) => Self::Settings(SettingsFields {
                settings: Box::new(WrittenSettings(**settings)),
            }),
            Input::Break(taken) => Self::Break((*taken).into()),
            Input::Earlier(sat) => Self::Earlier(EarlierFields { sat: Seconds(*sat) }),
            Input::Tick => Self::Tick(TickFields {}),
        }
    }

    /// The input, in a session whose header gives `frame` as the size of the pictures.
    pub(super) fn into_input(self, frame: (u32, u32)) -> Input {
        match self {
            Self::Observation(fields) => {
                let keypoints = fields.pose.0.map(|Exactly([x, y, confidence])| Keypoint {
                    x: x.0,
                    y: y.0,
                    confidence: confidence.0,
                });
                Input::Observation(Observation {
                    frame: fields.frame.map_or(frame, |Exactly(size)| size.into()),
                    pose: Pose::new(keypoints),
                    presence: fields.presence.0,
                    light: fields.light.0,
                    camera: fields.camera_shift.map(Into::into),
                    other_person: fields.other_person.map(|size| size.0),
                })
            }
            Self::Command(CommandFields { command }) => Input::Command(match command {
                CommandWord::Calibrate(Seconds(span)) => Command::Calibrate(span),
                CommandWord::CalibrateGuided(fields) => Command::CalibrateGuided {
                    span: fields.span.0,
                    limits: fields.limits,
                    stance: fields.stance.map(Into::into),
                },
                CommandWord::Answer(yes) => Command::Answer(yes),
                CommandWord::Wrong => Command::Wrong,
                CommandWord::Pause(span) => Command::Pause(span.map(|span| span.0)),
                CommandWord::Resume => Command::Resume,
                CommandWord::Snooze(Seconds(span)) => Command::Snooze(span),
            }),
            Self::Camera(CameraFields { status, detail }) => Input::Camera(CameraReport {
                status: status.into(),
                detail,
            }),
            Self::Signal(SignalFields { signal }) => Input::Signal(signal.into()),
            Self::Settings(SettingsFields { settings }) => Input::Settings(Box::new(settings.0)),
            Self::Break(fields) => Input::Break(fields.into()),
            Self::Earlier(EarlierFields { sat }) => Input::Earlier(sat.0),
            Self::Tick(TickFields {}) => Input::Tick,
        }
    }
}
