//! The numbers a posture is judged by, each against the person's own upright.

use std::time::Duration;

use super::baseline::Baseline;
use super::filter::Smoother;
use super::geometry::Outline;

/// Distance between the ears of an adult as the model marks them, in centimetres: the scale of
/// everything given in centimetres. Bitragion breadth is about 14.4 cm in the mean of men, 13.3 cm
/// of women (Gordon et al. 2014, 2012 Anthropometric Survey of U.S. Army Personnel).
pub const EAR_SPAN_CM: f64 = 14.0;

/// Distance between the pupils in centimetres: the mean of adults (Dodgson 2004,
/// doi 10.1117/12.529999).
const PUPIL_SPAN_CM: f64 = 6.3;

/// Height of the ears over the seat in centimetres: what tips to the side when the trunk leans.
/// Sitting height (about 92 cm in the mean of men, 86 cm of women; the same survey) less the head
/// above the ears.
const SEATED_EAR_HEIGHT_CM: f64 = 75.0;

/// Height of the shoulders over the seat in centimetres: acromial height, sitting, is 60 cm in
/// the mean of men, 56 cm of women, about (the same survey).
const SEATED_SHOULDER_HEIGHT_CM: f64 = 58.0;

/// How far the nose lies below the ears of a level head, in centimetres, as the model marks both.
/// With [`NOSE_AHEAD_CM`] it fits level heads seen from 29 cm below and from 9 cm above the ears.
const NOSE_BELOW_CM: f64 = 1.05;

/// How far the nose lies in front of the ears, in centimetres, as the model marks both.
const NOSE_AHEAD_CM: f64 = 8.8;

/// A camera further than this above or below the ears, in centimetres, is none on a desk.
const CAMERA_HEIGHT_CM: f64 = 50.0;

/// What one observation, or the smoothed stretch up to it, measures. A measure whose joints are
/// hidden is absent.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Measures {
    /// How much lower the ears are above the shoulders than upright, as a part of it (`d`).
    pub head_drop: Option<f64>,
    /// How much larger the head is against the shoulders than upright, as a part of it (`g`).
    pub head_to_shoulder: Option<f64>,
    /// How much larger the head is than upright, as a part of it: nearer is larger (`n`).
    pub head_size: Option<f64>,
    /// How much lower the eyes are in the picture than upright, in distances between the ears (`s`).
    pub eye_sink: Option<f64>,
    /// How much further the head is bent down than upright, in distances between the ears from
    /// nose to ear line (`Δp`; 0.015 is about a degree).
    pub pitch: Option<f64>,
    /// Turn of the head against upright, in degrees, positive to the person's left.
    pub yaw: Option<f64>,
    /// Slope of the shoulder line against upright, in degrees, positive when the left shoulder is
    /// higher.
    pub tilt: Option<f64>,
    /// Slope of the ear line against the shoulder line and upright, in degrees, positive when the
    /// left ear is higher.
    pub roll: Option<f64>,
    /// How far the head has sunk in the room, in centimetres. A chair that rolls does not change
    /// it, and what a lean to the side takes of the height is not counted.
    pub sink_cm: Option<f64>,
    /// How far the shoulders have sunk in the room, in centimetres, counted likewise.
    pub shoulder_sink_cm: Option<f64>,
    /// How far the head is nearer to the screen than upright, in centimetres.
    pub forward_cm: Option<f64>,
    /// Distance from the camera to the eyes, in centimetres.
    pub distance_cm: Option<f64>,
}

/// Number of measures.
const COUNT: usize = 12;

impl Measures {
    /// The measures with the names used in traces and sessions.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<f64>); COUNT] {
        [
            ("head_drop", self.head_drop),
            ("head_to_shoulder", self.head_to_shoulder),
            ("head_size", self.head_size),
            ("eye_sink", self.eye_sink),
            ("pitch", self.pitch),
            ("yaw", self.yaw),
            ("tilt", self.tilt),
            ("roll", self.roll),
            ("sink_cm", self.sink_cm),
            ("shoulder_sink_cm", self.shoulder_sink_cm),
            ("forward_cm", self.forward_cm),
            ("distance_cm", self.distance_cm),
        ]
    }

    fn from_values(v: [Option<f64>; COUNT]) -> Self {
        let [
            head_drop,
            head_to_shoulder,
            head_size,
            eye_sink,
            pitch,
            yaw,
            tilt,
            roll,
            sink_cm,
            shoulder_sink_cm,
            forward_cm,
            distance_cm,
        ] = v;
        Self {
            head_drop,
            head_to_shoulder,
            head_size,
            eye_sink,
            pitch,
            yaw,
            tilt,
            roll,
            sink_cm,
            shoulder_sink_cm,
            forward_cm,
            distance_cm,
        }
    }
}

/// Compares an outline with the person's upright. `focal_px` is the camera's focal length in
/// pixels of the source picture.
#[must_use]
pub fn measure(now: &Outline, upright: &Baseline, focal_px: f64) -> Measures {
    let yaw = now.yaw - upright.yaw.median;
    // A turned head shows its ears nearer to each other by the cosine of the turn. Past 60 degrees
    // no turn is read from a picture; the bound keeps the division tame where gates refuse anyway.
    let head_width = now.ear_span / yaw.to_radians().cos().max(0.5);
    let upright_width = upright.head_width.median;
    let larger = head_width / upright_width;
    let horizon = horizon_y(upright, focal_px);
    // Centimetres below the camera's height of a point at the depth where the head is `width` wide.
    let below = |y: f64, width: f64| (y - horizon) / width * EAR_SPAN_CM;
    let tilt = now.tilt - upright.tilt.median;
    let lost_to_lean = 1.0 - tilt.to_radians().cos();
    let shoulder_depth = upright_width * now.shoulder_width / upright.shoulder_width.median;
    let upright_distance = focal_px * EAR_SPAN_CM / upright_width;
    Measures {
        head_drop: Some(1.0 - now.ear_height / upright.ear_height.median),
        head_to_shoulder: Some(larger * upright.shoulder_width.median / now.shoulder_width - 1.0),
        head_size: Some(larger - 1.0),
        eye_sink: Some((now.eye_y - upright.eye_y.median) / upright_width),
        pitch: Some(now.pitch - upright.pitch.median),
        yaw: Some(yaw),
        tilt: Some(tilt),
        roll: Some(now.roll - upright.roll.median),
        sink_cm: Some(
            below(now.ear_y, head_width)
                - below(upright.ear_y.median, upright_width)
                - SEATED_EAR_HEIGHT_CM * lost_to_lean,
        ),
        shoulder_sink_cm: Some(
            below(now.shoulder_y, shoulder_depth)
                - below(upright.shoulder_y.median, upright_width)
                - SEATED_SHOULDER_HEIGHT_CM * lost_to_lean,
        ),
        forward_cm: Some(upright_distance * (1.0 - 1.0 / larger)),
        distance_cm: Some(focal_px * PUPIL_SPAN_CM * yaw.to_radians().cos() / now.eye_span),
    }
}

/// The row of the picture that lies at the height of the camera, in pixels from the top.
///
/// Whatever rolls along the floor moves on a line towards this row; only what rises or sinks
/// leaves that line. The camera's height shows in the upright head, because the nose is nearer to
/// the camera than the ears: with the ears h above the camera at the distance D, and the nose b
/// below and a in front of them, the nose stands (h - (h - b) · D / (D - a)) / E below the ears,
/// in distances E between the ears.
fn horizon_y(upright: &Baseline, focal_px: f64) -> f64 {
    let px_per_cm = upright.head_width.median / EAR_SPAN_CM;
    // Nearer than this no head fits into the picture; the bound keeps the division tame.
    let distance = (focal_px / px_per_cm).max(2.0 * NOSE_AHEAD_CM);
    let nearer = distance / (distance - NOSE_AHEAD_CM);
    let ears_above = (NOSE_BELOW_CM * nearer - upright.pitch.median * EAR_SPAN_CM) / (nearer - 1.0);
    upright.ear_y.median + ears_above.clamp(-CAMERA_HEIGHT_CM, CAMERA_HEIGHT_CM) * px_per_cm
}

/// Smooths every measure over time.
#[derive(Clone, Debug)]
pub struct MeasureFilter {
    smoothers: [Smoother; COUNT],
}

impl Default for MeasureFilter {
    fn default() -> Self {
        Self {
            smoothers: TYPICAL.map(Smoother::new),
        }
    }
}

/// A change of each measure that matters as much as a tenth of a ratio: three ratios, two in
/// distances between the ears, angles in degrees, lengths in centimetres.
const TYPICAL: [f64; COUNT] = [0.1, 0.1, 0.1, 0.2, 0.2, 6.0, 6.0, 6.0, 3.0, 3.0, 6.0, 6.0];

impl MeasureFilter {
    /// Takes the measures of one observation and gives the smoothed ones.
    pub fn push(&mut self, at: Duration, raw: &Measures) -> Measures {
        let mut values = raw.named().map(|(_, value)| value);
        for (value, smoother) in values.iter_mut().zip(&mut self.smoothers) {
            *value = match *value {
                Some(v) => Some(smoother.push(at, v)),
                None => smoother.latest(at),
            };
        }
        Measures::from_values(values)
    }

    /// Forgets everything, as after a gap or with a new baseline.
    pub fn reset(&mut self) {
        self.smoothers.iter_mut().for_each(Smoother::reset);
    }
}
