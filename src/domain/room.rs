//! Measures of a person seen from the front, worked out in the room.

use super::baseline::FrontUpright;
use super::geometry::Point;
use super::measures::{Absent, Quantity, Values};
use super::outline::{self, Front, Head};
use super::pose::Pose;

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
pub const SEATED_EAR_HEIGHT_CM: f64 = 75.0;

/// Height of the shoulders over the seat in centimetres: acromial height, sitting, is 60 cm in
/// the mean of men, 56 cm of women, about (the same survey).
pub const SEATED_SHOULDER_HEIGHT_CM: f64 = 58.0;

/// How far the nose lies below the ears of a level head, in centimetres, as the model marks both.
/// With [`NOSE_AHEAD_CM`] it fits level heads seen from 29 cm below and from 9 cm above the ears.
const NOSE_BELOW_CM: f64 = 1.05;

/// How far the nose lies in front of the ears, in centimetres, as the model marks both.
const NOSE_AHEAD_CM: f64 = 8.8;

/// A camera further than this above or below the ears, in centimetres, is none on a desk.
const CAMERA_HEIGHT_CM: f64 = 50.0;

/// Compares a pose seen from the front with the upright.
pub(super) fn measure(pose: &Pose, upright: &FrontUpright, focal_px: f64) -> Values {
    let Some(now) = outline::front(pose) else {
        return Quantity::ALL.map(|_| Err(Absent::Hidden));
    };
    let head = now
        .head
        .unwrap_or_else(|| upright.eyes.head(&now.eyes, upright));
    let yaw = head.yaw - upright.yaw.median;
    let width = unturned(head.span, yaw);
    let upright_width = upright.head_width.median;
    let larger = width / upright_width;
    let tilt = now.tilt - upright.tilt.median;
    let distance = focal_px * EAR_SPAN_CM / upright_width;
    let heights = Heights::new(upright, focal_px);
    let shoulder_width = upright_width * now.shoulder_width / upright.shoulder_width.median;
    let mut values: Values = Quantity::ALL.map(|_| Err(Absent::FromFront));
    let mut set = |quantity: Quantity, value: f64| values[quantity as usize] = Ok(value);
    let ear_height = now.height_over_shoulders(head.ears);
    set(
        Quantity::HeadDrop,
        1.0 - ear_height / upright.ear_height.median,
    );
    set(
        Quantity::HeadToShoulder,
        larger * upright.shoulder_width.median / now.shoulder_width - 1.0,
    );
    set(Quantity::HeadSize, larger - 1.0);
    set(
        Quantity::EyeSink,
        (now.eyes.middle.y - upright.eye_y.median) / upright_width,
    );
    set(Quantity::Pitch, head.pitch - upright.pitch.median);
    set(Quantity::Yaw, yaw);
    set(Quantity::Tilt, tilt);
    set(Quantity::Roll, now.roll_of(&head) - upright.roll.median);
    let lost_to_lean = 1.0 - tilt.to_radians().cos();
    set(
        Quantity::SinkCm,
        heights.below(head.ears.y, width)
            - heights.below(upright.ear_y.median, upright_width)
            - SEATED_EAR_HEIGHT_CM * lost_to_lean,
    );
    set(
        Quantity::ShoulderSinkCm,
        heights.below(now.shoulders.y, shoulder_width)
            - heights.below(upright.shoulder_y.median, upright_width)
            - SEATED_SHOULDER_HEIGHT_CM * lost_to_lean,
    );
    set(Quantity::ForwardCm, distance * (1.0 - 1.0 / larger));
    set(
        Quantity::ShoulderForwardCm,
        distance * (1.0 - upright.shoulder_width.median / now.shoulder_width),
    );
    set(
        Quantity::AsideCm,
        ((head.ears.x - now.shoulders.x) / width - upright.aside.median) * EAR_SPAN_CM,
    );
    set(
        Quantity::DistanceCm,
        eye_distance_cm(&now.eyes, yaw, focal_px),
    );
    values
}

/// Distance from the camera to `eyes` in a head turned by `yaw` degrees, in centimetres.
pub(super) fn eye_distance_cm(eyes: &outline::Eyes, yaw: f64, focal_px: f64) -> f64 {
    focal_px * PUPIL_SPAN_CM * yaw.to_radians().cos() / eyes.span
}

/// The width of a head whose ears appear `span` apart when it is turned by `yaw` degrees.
///
/// A turned head shows its ears nearer to each other by the cosine of the turn. Past 60 degrees no
/// turn is read from a picture; the bound keeps the division tame where gates refuse anyway.
fn unturned(span: f64, yaw: f64) -> f64 {
    span / yaw.to_radians().cos().max(0.5)
}

/// Heights in the room, from rows of the picture.
pub(super) struct Heights {
    /// The row of the picture that lies at the height of the camera, in pixels from the top.
    ///
    /// Whatever rolls along the floor moves on a line towards this row; only what rises or sinks
    /// leaves that line.
    pub(super) horizon_y: f64,
}

impl Heights {
    /// The camera's height shows in the upright head, because the nose is nearer to the camera
    /// than the ears: with the ears h above the camera at the distance D, and the nose b below and
    /// a in front of them, the nose stands (h - (h - b) · D / (D - a)) / E below the ears, in
    /// distances E between the ears.
    pub(super) fn new(upright: &FrontUpright, focal_px: f64) -> Self {
        let nearer = nose_nearer(upright, focal_px);
        let ears_above =
            (NOSE_BELOW_CM * nearer - upright.pitch.median * EAR_SPAN_CM) / (nearer - 1.0);
        let ears_above = ears_above.clamp(-CAMERA_HEIGHT_CM, CAMERA_HEIGHT_CM);
        Self {
            horizon_y: upright.ear_y.median + ears_above * px_per_cm(upright),
        }
    }

    /// The pitch that an upright head shows under this horizon.
    pub(super) fn pitch_of(&self, upright: &FrontUpright, focal_px: f64) -> f64 {
        let nearer = nose_nearer(upright, focal_px);
        let ears_above = (self.horizon_y - upright.ear_y.median) / px_per_cm(upright);
        (NOSE_BELOW_CM * nearer - ears_above * (nearer - 1.0)) / EAR_SPAN_CM
    }

    /// Centimetres below the camera of a point in row `y`, at the depth where the head is `width`
    /// pixels wide.
    fn below(&self, y: f64, width: f64) -> f64 {
        (y - self.horizon_y) / width * EAR_SPAN_CM
    }
}

fn px_per_cm(upright: &FrontUpright) -> f64 {
    upright.head_width.median / EAR_SPAN_CM
}

/// How many times nearer to the camera the ears' distance is than the nose's.
fn nose_nearer(upright: &FrontUpright, focal_px: f64) -> f64 {
    // Nearer than this no head fits into the picture; the bound keeps the division tame.
    let distance = (focal_px / px_per_cm(upright)).max(2.0 * NOSE_AHEAD_CM);
    distance / (distance - NOSE_AHEAD_CM)
}

/// How the eyes stand to the ears: what stands in for ears that hide behind hair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EyeLink {
    /// Distance between the ears over the distance between the eyes.
    pub span: f64,
    /// The ears' middle below the eyes' middle over the distance between the ears.
    pub drop: f64,
    /// Nose below the eye line over the distance between the eyes.
    pub pitch: f64,
    /// Nose to the picture's right of the eyes' middle over the distance between the eyes.
    pub turn: f64,
}

/// A turned head moves the nose this much less against the eyes, in distances between the eyes,
/// than against the ears, in distances between the ears: it is nearer to the eyes. Read off turned
/// heads, where it was 0.45 to 0.51.
const TURN_OF_EYES: f64 = 0.48;

/// How much the ears rise against the eyes, in distances between the ears, per unit of pitch. Read
/// off bent heads, where it was 0.60 to 0.65.
const DROP_PER_PITCH: f64 = 0.62;

impl EyeLink {
    /// The head that these eyes belong to.
    fn head(&self, eyes: &outline::Eyes, upright: &FrontUpright) -> Head {
        let bent = eyes.pitch - self.pitch;
        let span = eyes.span * self.span;
        let turned = (eyes.turn - self.turn) / TURN_OF_EYES;
        let drop = (self.drop - DROP_PER_PITCH * bent) * span;
        let (sin, cos) = eyes.slope.to_radians().sin_cos();
        Head {
            ears: Point {
                x: eyes.middle.x + drop * sin,
                y: eyes.middle.y + drop * cos,
            },
            span,
            pitch: upright.pitch.median + bent,
            yaw: (upright.yaw.median.to_radians().tan() + turned)
                .atan()
                .to_degrees(),
            slope: eyes.slope,
        }
    }

    /// The head that these eyes belong to when the ears never show.
    ///
    /// The pitch of a head follows from that of its face: two rendered heads seen from below and
    /// from above lie on 1.69 · face - 0.74, and have their ears 2.45 times as far apart as their
    /// eyes.
    #[must_use]
    pub fn typical_head(eyes: &outline::Eyes) -> Head {
        let pitch = 1.69 * eyes.pitch - 0.74;
        let span = 2.45 * eyes.span;
        let drop = eyes.pitch * eyes.span - pitch * span;
        let (sin, cos) = eyes.slope.to_radians().sin_cos();
        Head {
            ears: Point {
                x: eyes.middle.x + drop * sin,
                y: eyes.middle.y + drop * cos,
            },
            span,
            pitch,
            yaw: (eyes.turn / TURN_OF_EYES).atan().to_degrees(),
            slope: eyes.slope,
        }
    }

    /// The link that a picture shows with both ears.
    #[must_use]
    pub fn of(front: &Front, head: &Head) -> Self {
        Self {
            span: head.span / front.eyes.span,
            drop: (head.ears.y - front.eyes.middle.y) / head.span,
            pitch: front.eyes.pitch,
            turn: front.eyes.turn,
        }
    }
}
