//! A person seen from the side.

use super::super::geometry::Point;
use super::super::pose::{Joint, Pose};
use super::is_seen;

/// From the side the shoulders are this part of the neck's length apart, or less. From the front
/// they are 1.3 times and more, seen from the side 0.4 to 0.7, with an arm lifted 1.0.
const MAX_WIDTH_TO_NECK: f64 = 1.1;

/// From the side the nose is at least this many ear distances beside the ears, where from the front
/// a head turned by 45 degrees shows it one beside.
const MIN_NOSE_BESIDE_EARS: f64 = 1.7;

/// Angles in degrees, lengths in pixels. Forward is where the nose points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// Whether the person looks to the right of the picture.
    pub looks_right: bool,
    /// Angle of the line from the shoulder up to the ear against the vertical, positive forward.
    pub neck: f64,
    /// Angle of the line from the hip up to the shoulder against the vertical, positive forward;
    /// `None` when the hip is hidden.
    pub torso: Option<f64>,
    /// Angle of the line from the ear to the nose against the horizontal, positive down.
    pub pitch: f64,
    /// Distance from the ear to the nose.
    pub nose_length: f64,
    /// Distance from the shoulder to the ear.
    pub neck_length: f64,
}

/// The joints of the side towards the camera.
struct Near {
    ear: Joint,
    shoulder: Joint,
    hip: Joint,
}

/// Whether `pose` is seen from the side.
pub(super) fn is_side(pose: &Pose) -> bool {
    let at = |joint| Point::from(pose.get(joint));
    let near = near(pose);
    let (ear, shoulder) = (at(near.ear), at(near.shoulder));
    let ears = at(Joint::LeftEar).distance(at(Joint::RightEar));
    let shoulders = at(Joint::LeftShoulder).distance(at(Joint::RightShoulder));
    let beside = (at(Joint::Nose).x - ear.x).abs();
    is_seen(pose, &[Joint::Nose, near.ear, near.shoulder])
        && shoulders <= MAX_WIDTH_TO_NECK * ear.distance(shoulder)
        && beside >= MIN_NOSE_BESIDE_EARS * ears
}

/// The outline of `pose`, of which [`needed`] must be seen; `None` when joints fall together.
pub(super) fn see(pose: &Pose) -> Option<Side> {
    let at = |joint| Point::from(pose.get(joint));
    let near = near(pose);
    let (nose, ear, shoulder) = (at(Joint::Nose), at(near.ear), at(near.shoulder));
    let neck_length = ear.distance(shoulder);
    let nose_length = nose.distance(ear);
    if neck_length < 1.0 || nose_length < 1.0 {
        return None;
    }
    let looks_right = nose.x > ear.x;
    let forward = if looks_right { 1.0 } else { -1.0 };
    let incline = |upper: Point, lower: Point| {
        (forward * (upper.x - lower.x))
            .atan2(lower.y - upper.y)
            .to_degrees()
    };
    Some(Side {
        looks_right,
        neck: incline(ear, shoulder),
        torso: is_seen(pose, &[near.hip]).then(|| incline(shoulder, at(near.hip))),
        pitch: (nose.y - ear.y).atan2((nose.x - ear.x).abs()).to_degrees(),
        nose_length,
        neck_length,
    })
}

/// What must be seen of `pose` from the side.
pub(super) fn needed(pose: &Pose) -> [Joint; 3] {
    let near = near(pose);
    [Joint::Nose, near.ear, near.shoulder]
}

/// Who looks to the right of the picture shows the right side, whichever side the model is surer of.
fn near(pose: &Pose) -> Near {
    let at = |joint| Point::from(pose.get(joint));
    let ears = at(Joint::LeftEar).middle(at(Joint::RightEar));
    if at(Joint::Nose).x > ears.x {
        Near {
            ear: Joint::RightEar,
            shoulder: Joint::RightShoulder,
            hip: Joint::RightHip,
        }
    } else {
        Near {
            ear: Joint::LeftEar,
            shoulder: Joint::LeftShoulder,
            hip: Joint::LeftHip,
        }
    }
}
