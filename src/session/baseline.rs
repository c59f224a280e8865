//! A baseline as it is written.

use serde::{Deserialize, Serialize};

use super::number::{Exactly, Finite};
use crate::domain::baseline::{Baseline, FrontUpright, SideUpright, Spread, Upright};
use crate::domain::room::EyeLink;

/// A person's own upright as a JSON object: the fields of [`Baseline`], each spread as
/// `[median, sigma]`.
///
/// Writing one with a number that is not finite is an error of the serializer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRecord {
    frame: Exactly<u32, 2>,
    samples: u32,
    upright: UprightRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slouch_limit: Option<Finite<f64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum UprightRecord {
    Front(FrontRecord),
    Side(SideRecord),
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontRecord {
    ear_height: SpreadPair,
    head_width: SpreadPair,
    shoulder_width: SpreadPair,
    eye_y: SpreadPair,
    ear_y: SpreadPair,
    shoulder_y: SpreadPair,
    pitch: SpreadPair,
    yaw: SpreadPair,
    tilt: SpreadPair,
    roll: SpreadPair,
    aside: SpreadPair,
    eyes: EyesRecord,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EyesRecord {
    span: Finite<f64>,
    drop: Finite<f64>,
    pitch: Finite<f64>,
    turn: Finite<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SideRecord {
    looks_right: bool,
    neck: SpreadPair,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    torso: Option<SpreadPair>,
    pitch: SpreadPair,
    nose_length: SpreadPair,
    neck_length: SpreadPair,
}

/// `[median, sigma]`.
type SpreadPair = Exactly<Finite<f64>, 2>;

impl From<Baseline> for BaselineRecord {
    fn from(baseline: Baseline) -> Self {
        let (width, height) = baseline.frame;
        Self {
            frame: Exactly([width, height]),
            samples: baseline.samples,
            upright: match baseline.upright {
                Upright::Front(front) => UprightRecord::Front(front.into()),
                Upright::Side(side) => UprightRecord::Side(side.into()),
            },
            slouch_limit: baseline.slouch_limit.map(Finite),
        }
    }
}

impl From<BaselineRecord> for Baseline {
    fn from(record: BaselineRecord) -> Self {
        Self {
            frame: record.frame.0.into(),
            samples: record.samples,
            upright: match record.upright {
                UprightRecord::Front(front) => Upright::Front(front.into()),
                UprightRecord::Side(side) => Upright::Side(side.into()),
            },
            slouch_limit: record.slouch_limit.map(|limit| limit.0),
        }
    }
}

impl From<FrontUpright> for FrontRecord {
    fn from(front: FrontUpright) -> Self {
        Self {
            ear_height: pair(front.ear_height),
            head_width: pair(front.head_width),
            shoulder_width: pair(front.shoulder_width),
            eye_y: pair(front.eye_y),
            ear_y: pair(front.ear_y),
            shoulder_y: pair(front.shoulder_y),
            pitch: pair(front.pitch),
            yaw: pair(front.yaw),
            tilt: pair(front.tilt),
            roll: pair(front.roll),
            aside: pair(front.aside),
            eyes: EyesRecord {
                span: Finite(front.eyes.span),
                drop: Finite(front.eyes.drop),
                pitch: Finite(front.eyes.pitch),
                turn: Finite(front.eyes.turn),
            },
        }
    }
}

impl From<FrontRecord> for FrontUpright {
    fn from(front: FrontRecord) -> Self {
        Self {
            ear_height: spread(front.ear_height),
            head_width: spread(front.head_width),
            shoulder_width: spread(front.shoulder_width),
            eye_y: spread(front.eye_y),
            ear_y: spread(front.ear_y),
            shoulder_y: spread(front.shoulder_y),
            pitch: spread(front.pitch),
            yaw: spread(front.yaw),
            tilt: spread(front.tilt),
            roll: spread(front.roll),
            aside: spread(front.aside),
            eyes: EyeLink {
                span: front.eyes.span.0,
                drop: front.eyes.drop.0,
                pitch: front.eyes.pitch.0,
                turn: front.eyes.turn.0,
            },
        }
    }
}

impl From<SideUpright> for SideRecord {
    fn from(side: SideUpright) -> Self {
        Self {
            looks_right: side.looks_right,
            neck: pair(side.neck),
            torso: side.torso.map(pair),
            pitch: pair(side.pitch),
            nose_length: pair(side.nose_length),
            neck_length: pair(side.neck_length),
        }
    }
}

impl From<SideRecord> for SideUpright {
    fn from(side: SideRecord) -> Self {
        Self {
            looks_right: side.looks_right,
            neck: spread(side.neck),
            torso: side.torso.map(spread),
            pitch: spread(side.pitch),
            nose_length: spread(side.nose_length),
            neck_length: spread(side.neck_length),
        }
    }
}

fn pair(Spread { median, sigma }: Spread) -> SpreadPair {
    Exactly([Finite(median), Finite(sigma)])
}

fn spread(Exactly([Finite(median), Finite(sigma)]): SpreadPair) -> Spread {
    Spread { median, sigma }
}
