//! What a pose is in the picture: lengths, heights and angles, before any comparison.

use super::pose::{Joint, Keypoint, Pose};

/// Keypoints below this confidence are not used: the threshold of Google's model card for
/// MoveNet SinglePose.
pub const MIN_CONFIDENCE: f32 = 0.3;

/// A raised arm must be seen this clearly: a hand at the chin is, with 0.43 to 0.68, and guesses at
/// hidden wrists should not silence the judgement.
const MIN_ARM_CONFIDENCE: f32 = 0.5;

/// Keypoints of joints beyond the picture are drawn to its edge; this part of the width or height
/// from an edge they are not trusted.
const EDGE_MARGIN: f64 = 0.02;

/// Lengths in pixels, angles in degrees, positions in pixels from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline {
    /// Height of the ears over the shoulders along the normal of the shoulder line, over the
    /// shoulder width.
    pub ear_height: f64,
    /// Distance between the ears as it appears.
    pub ear_span: f64,
    /// Distance between the eyes as it appears.
    pub eye_span: f64,
    /// Distance between the shoulders.
    pub shoulder_width: f64,
    /// Height of the middle of the eyes in the picture.
    pub eye_y: f64,
    /// Height of the middle of the ears in the picture.
    pub ear_y: f64,
    /// Height of the middle of the shoulders in the picture.
    pub shoulder_y: f64,
    /// Nose below the ear line over the distance between the ears.
    pub pitch: f64,
    /// Turn of the head, positive to the person's left.
    pub yaw: f64,
    /// Slope of the shoulder line, positive when the left shoulder is higher.
    pub tilt: f64,
    /// Slope of the ear line against the shoulder line, positive when the left ear is higher.
    pub roll: f64,
    /// A wrist or an elbow is above the shoulders.
    pub arm_raised: bool,
}

/// Why a pose has no outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// A joint that is needed is hidden or too faint.
    Hidden,
    /// A joint that is needed lies at the edge of the picture.
    CutOff,
}

/// The joints an outline is made of.
const NEEDED: [Joint; 7] = [
    Joint::Nose,
    Joint::LeftEye,
    Joint::RightEye,
    Joint::LeftEar,
    Joint::RightEar,
    Joint::LeftShoulder,
    Joint::RightShoulder,
];

/// Measures a pose in a picture of `frame` = (width, height) pixels.
///
/// # Errors
/// When a joint that is needed is hidden or at the edge of the picture.
pub fn outline(pose: &Pose, frame: (u32, u32)) -> Result<Outline, Unseen> {
    let needed = NEEDED.map(|joint| pose.get(joint));
    if !needed.iter().all(|k| k.confidence >= MIN_CONFIDENCE) {
        return Err(Unseen::Hidden);
    }
    if needed.iter().any(|k| at_edge(*k, frame)) {
        return Err(Unseen::CutOff);
    }
    let at = |joint| point(pose.get(joint));
    let (left_ear, right_ear) = (at(Joint::LeftEar), at(Joint::RightEar));
    let (left_eye, right_eye) = (at(Joint::LeftEye), at(Joint::RightEye));
    let (left_shoulder, right_shoulder) = (at(Joint::LeftShoulder), at(Joint::RightShoulder));
    let nose = at(Joint::Nose);
    let ears = middle(left_ear, right_ear);
    let shoulders = middle(left_shoulder, right_shoulder);
    let ear_span = distance(left_ear, right_ear);
    let eye_span = distance(left_eye, right_eye);
    let shoulder_width = distance(left_shoulder, right_shoulder);
    // Joints that fall together have no direction; a person seen so small cannot be judged.
    if ear_span < 1.0 || shoulder_width < 1.0 || eye_span <= 0.0 {
        return Err(Unseen::Hidden);
    }
    let along = (
        left_shoulder.0 - right_shoulder.0,
        left_shoulder.1 - right_shoulder.1,
    );
    // The normal of the shoulder line that points up in the picture.
    let sign = if along.0 >= 0.0 { 1.0 } else { -1.0 };
    let up = (
        sign * along.1 / shoulder_width,
        -sign * along.0 / shoulder_width,
    );
    let neck = (ears.0 - shoulders.0, ears.1 - shoulders.1);
    let tilt = slope(left_shoulder, right_shoulder);
    Ok(Outline {
        ear_height: (neck.0 * up.0 + neck.1 * up.1) / shoulder_width,
        ear_span,
        eye_span,
        shoulder_width,
        eye_y: middle(left_eye, right_eye).1,
        ear_y: ears.1,
        shoulder_y: shoulders.1,
        pitch: (nose.1 - ears.1) / ear_span,
        yaw: ((nose.0 - ears.0) / ear_span).atan().to_degrees(),
        tilt,
        roll: half_turn(slope(left_ear, right_ear) - tilt),
        arm_raised: arm_raised(pose, shoulders.1),
    })
}

fn arm_raised(pose: &Pose, shoulder_y: f64) -> bool {
    [
        Joint::LeftElbow,
        Joint::RightElbow,
        Joint::LeftWrist,
        Joint::RightWrist,
    ]
    .map(|joint| pose.get(joint))
    .iter()
    .any(|k| k.confidence >= MIN_ARM_CONFIDENCE && f64::from(k.y) < shoulder_y)
}

fn at_edge(k: Keypoint, (width, height): (u32, u32)) -> bool {
    let inside = |v: f32, size: u32| {
        let size = f64::from(size);
        let margin = EDGE_MARGIN * size;
        f64::from(v) >= margin && f64::from(v) <= size - margin
    };
    !(inside(k.x, width) && inside(k.y, height))
}

fn point(k: Keypoint) -> (f64, f64) {
    (f64::from(k.x), f64::from(k.y))
}

fn middle(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1))
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Slope of the line from right to left joint in degrees, positive when the left one is higher.
/// In an unmirrored picture the left joint is on the right; a person seen from behind or a model
/// that swaps sides gives the same slope turned by half a turn.
fn slope(left: (f64, f64), right: (f64, f64)) -> f64 {
    half_turn((right.1 - left.1).atan2(left.0 - right.0).to_degrees())
}

/// The same direction of a line, in -90 to 90 degrees.
fn half_turn(degrees: f64) -> f64 {
    let turned = degrees.rem_euclid(180.0);
    if turned > 90.0 {
        turned - 180.0
    } else {
        turned
    }
}
