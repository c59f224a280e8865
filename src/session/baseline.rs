//! A baseline as it is written.

use serde::{Deserialize, Serialize};

use super::number::{Exactly, Finite};
use crate::domain::baseline::{Baseline, Spread};

/// A person's own upright as a JSON object: the fields of [`Baseline`], each spread as
/// `[median, sigma]`.
///
/// Writing one with a number that is not finite is an error of the serializer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRecord {
    frame: Exactly<u32, 2>,
    samples: u32,
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
}

/// `[median, sigma]`.
type SpreadPair = Exactly<Finite<f64>, 2>;

impl From<Baseline> for BaselineRecord {
    fn from(baseline: Baseline) -> Self {
        let (width, height) = baseline.frame;
        Self {
            frame: Exactly([width, height]),
            samples: baseline.samples,
            ear_height: pair(baseline.ear_height),
            head_width: pair(baseline.head_width),
            shoulder_width: pair(baseline.shoulder_width),
            eye_y: pair(baseline.eye_y),
            ear_y: pair(baseline.ear_y),
            shoulder_y: pair(baseline.shoulder_y),
            pitch: pair(baseline.pitch),
            yaw: pair(baseline.yaw),
            tilt: pair(baseline.tilt),
            roll: pair(baseline.roll),
        }
    }
}

impl From<BaselineRecord> for Baseline {
    fn from(record: BaselineRecord) -> Self {
        Self {
            frame: record.frame.0.into(),
            samples: record.samples,
            ear_height: spread(record.ear_height),
            head_width: spread(record.head_width),
            shoulder_width: spread(record.shoulder_width),
            eye_y: spread(record.eye_y),
            ear_y: spread(record.ear_y),
            shoulder_y: spread(record.shoulder_y),
            pitch: spread(record.pitch),
            yaw: spread(record.yaw),
            tilt: spread(record.tilt),
            roll: spread(record.roll),
        }
    }
}

fn pair(Spread { median, sigma }: Spread) -> SpreadPair {
    Exactly([Finite(median), Finite(sigma)])
}

fn spread(Exactly([Finite(median), Finite(sigma)]): SpreadPair) -> Spread {
    Spread { median, sigma }
}
