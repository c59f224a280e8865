//! The numbers a posture is judged by, each against the person's own upright, and how sure each is.

use std::time::Duration;

use super::baseline::{Baseline, Upright};
use super::filter::Smoother;
use super::pose::{Joint, Keypoint, Pose};
use super::{room, side_view};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// How much lower the ears are above the shoulders than upright, as a part of it (`d`).
    HeadDrop,
    /// How much larger the head is against the shoulders than upright, as a part of it (`g`).
    HeadToShoulder,
    /// How much larger the head is than upright, as a part of it: nearer is larger (`n`).
    HeadSize,
    /// How much lower the eyes are in the picture than upright, in distances between the ears (`s`).
    EyeSink,
    /// How much further the head is bent down than upright: from the front in distances between
    /// the ears from nose to ear line (`Δp`; 0.015 is about a degree), from the side in the same
    /// unit, worked out from the angle.
    Pitch,
    /// Turn of the head against upright, in degrees, positive to the person's left.
    Yaw,
    /// Slope of the shoulder line against upright, in degrees, positive when the left shoulder is
    /// higher.
    Tilt,
    /// Slope of the ear line against the shoulder line and upright, in degrees, positive when the
    /// left ear is higher.
    Roll,
    /// How far the head has sunk in the room, in centimetres. A chair that rolls does not change
    /// it, and what a lean to the side takes of the height is not counted.
    SinkCm,
    /// How far the shoulders have sunk in the room, in centimetres, counted likewise.
    ShoulderSinkCm,
    /// How far the head is nearer to the screen than upright, in centimetres.
    ForwardCm,
    /// How far the shoulders are nearer to the screen than upright, in centimetres.
    ShoulderForwardCm,
    /// How much further to the person's left the head stands over the shoulders than upright, in
    /// centimetres.
    AsideCm,
    /// Distance from the camera to the eyes, in centimetres.
    DistanceCm,
    /// Seen from the side: how much further the line from shoulder to ear leans forward than
    /// upright, in degrees.
    NeckInclination,
    /// Seen from the side: how much further the line from hip to shoulder leans forward than
    /// upright, in degrees.
    TorsoInclination,
}

/// Number of quantities.
const COUNT: usize = Quantity::ALL.len();

impl Quantity {
    /// All quantities.
    pub const ALL: [Self; 16] = [
        Self::HeadDrop,
        Self::HeadToShoulder,
        Self::HeadSize,
        Self::EyeSink,
        Self::Pitch,
        Self::Yaw,
        Self::Tilt,
        Self::Roll,
        Self::SinkCm,
        Self::ShoulderSinkCm,
        Self::ForwardCm,
        Self::ShoulderForwardCm,
        Self::AsideCm,
        Self::DistanceCm,
        Self::NeckInclination,
        Self::TorsoInclination,
    ];

    /// The name used in traces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HeadDrop => "head_drop",
            Self::HeadToShoulder => "head_to_shoulder",
            Self::HeadSize => "head_size",
            Self::EyeSink => "eye_sink",
            Self::Pitch => "pitch",
            Self::Yaw => "yaw",
            Self::Tilt => "tilt",
            Self::Roll => "roll",
            Self::SinkCm => "sink_cm",
            Self::ShoulderSinkCm => "shoulder_sink_cm",
            Self::ForwardCm => "forward_cm",
            Self::ShoulderForwardCm => "shoulder_forward_cm",
            Self::AsideCm => "aside_cm",
            Self::DistanceCm => "distance_cm",
            Self::NeckInclination => "neck_inclination",
            Self::TorsoInclination => "torso_inclination",
        }
    }

    /// A change that matters as much as a tenth of a ratio: the filter's constants are made for
    /// ratios.
    fn typical(self) -> f64 {
        match self {
            Self::HeadDrop | Self::HeadToShoulder | Self::HeadSize => 0.1,
            Self::EyeSink | Self::Pitch => 0.2,
            Self::Yaw
            | Self::Tilt
            | Self::Roll
            | Self::NeckInclination
            | Self::TorsoInclination => 6.0,
            Self::SinkCm | Self::ShoulderSinkCm | Self::AsideCm => 3.0,
            Self::ForwardCm | Self::ShoulderForwardCm | Self::DistanceCm => 6.0,
        }
    }
}

/// A number and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number, in the unit of its quantity.
    pub value: f64,
    /// Standard deviation of what a single picture says, from the scatter of its joints.
    pub sigma: f64,
}

/// Why a measure cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Absent {
    /// Nothing has been seen yet, or not for a while.
    NotSeen,
    /// A joint that is needed is hidden.
    Hidden,
    /// It shows from the side only.
    FromFront,
    /// It shows from the front only.
    FromSide,
}

impl Absent {
    /// The word used in traces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSeen => "not_seen",
            Self::Hidden => "hidden",
            Self::FromFront => "from_front",
            Self::FromSide => "from_side",
        }
    }
}

/// What one observation, or the smoothed stretch up to it, measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    all: [Result<Estimate, Absent>; COUNT],
}

impl Default for Measures {
    fn default() -> Self {
        Self {
            all: [Err(Absent::NotSeen); COUNT],
        }
    }
}

impl Measures {
    /// The measure of `quantity`, or why there is none.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub fn get(&self, quantity: Quantity) -> Result<Estimate, Absent> {
        self.all[quantity as usize]
    }

    /// The number alone.
    #[must_use]
    pub fn value(&self, quantity: Quantity) -> Option<f64> {
        self.get(quantity).ok().map(|estimate| estimate.value)
    }

    /// All measures with their quantities.
    pub fn iter(&self) -> impl Iterator<Item = (Quantity, Result<Estimate, Absent>)> {
        Quantity::ALL.into_iter().zip(self.all)
    }
}

/// Numbers alone, one for each quantity.
pub(super) type Values = [Result<f64, Absent>; COUNT];

/// Joints of one picture scatter by 1.5 px in a picture 640 px wide, each way: this part of the
/// longer side.
const SCATTER: f64 = 1.5 / 640.0;

/// Joints surer than this scatter no less; at half of it, twice as much.
const PLAIN: f64 = 0.6;

/// Compares a pose with the person's upright. `focal_px` is the camera's focal length in pixels of
/// the source picture.
///
/// The uncertainty is the pose's scatter carried through the formulas: each coordinate is moved by
/// its own standard deviation, and the changes of the result are summed in squares.
#[must_use]
pub fn measure(pose: &Pose, upright: &Baseline, focal_px: f64) -> Measures {
    let of = |pose: &Pose| -> Values {
        match &upright.upright {
            Upright::Front(front) => room::measure(pose, front, focal_px),
            Upright::Side(side) => side_view::measure(pose, side),
        }
    };
    let values = of(pose);
    let mut variances = [0.0; COUNT];
    let side = f64::from(upright.frame.0.max(upright.frame.1));
    for joint in MEASURED {
        let k = pose.get(joint);
        let doubt = (PLAIN / f64::from(k.confidence).max(0.01)).clamp(1.0, 2.0);
        let scatter = (SCATTER * side * doubt) as f32;
        for (dx, dy) in [(scatter, 0.0), (0.0, scatter)] {
            let moved = of(&pose.with(
                joint,
                Keypoint {
                    x: k.x + dx,
                    y: k.y + dy,
                    ..k
                },
            ));
            for ((variance, value), moved) in variances.iter_mut().zip(&values).zip(&moved) {
                if let (Ok(value), Ok(moved)) = (value, moved) {
                    *variance += (moved - value) * (moved - value);
                }
            }
        }
    }
    let mut all = [Err(Absent::NotSeen); COUNT];
    for ((estimate, value), variance) in all.iter_mut().zip(values).zip(variances) {
        *estimate = value.map(|value| Estimate {
            value,
            sigma: f64::sqrt(variance),
        });
    }
    Measures { all }
}

/// The joints that any measure is made of.
const MEASURED: [Joint; 9] = [
    Joint::Nose,
    Joint::LeftEye,
    Joint::RightEye,
    Joint::LeftEar,
    Joint::RightEar,
    Joint::LeftShoulder,
    Joint::RightShoulder,
    Joint::LeftHip,
    Joint::RightHip,
];

/// Smooths every measure over time.
#[derive(Clone, Debug)]
pub struct MeasureFilter {
    smoothers: [Smoother; COUNT],
    latest: Measures,
}

impl Default for MeasureFilter {
    fn default() -> Self {
        Self {
            smoothers: Quantity::ALL.map(|quantity| Smoother::new(quantity.typical())),
            latest: Measures::default(),
        }
    }
}

impl MeasureFilter {
    /// Takes the measures of one observation and gives the smoothed ones. One that is absent for a
    /// moment keeps its last value.
    pub fn push(&mut self, at: Duration, raw: &Measures) -> Measures {
        for ((kept, raw), smoother) in self
            .latest
            .all
            .iter_mut()
            .zip(raw.all)
            .zip(&mut self.smoothers)
        {
            *kept = match (raw, smoother.latest(at)) {
                (Ok(Estimate { value, sigma }), _) => Ok(Estimate {
                    value: smoother.push(at, value),
                    sigma,
                }),
                (Err(_), Some(value)) => kept.map(|kept| Estimate { value, ..kept }),
                (Err(absent), None) => Err(absent),
            };
        }
        self.latest
    }

    /// Forgets everything, as after a gap or with a new baseline.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}
