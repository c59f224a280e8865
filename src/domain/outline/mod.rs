//! What a pose is in the picture: lengths, heights and angles, before any comparison.

mod front;
mod side;

pub use front::{Eyes, Front, Head};
pub use side::Side;

use super::geometry::Point;
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

/// A person as the camera sees them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outline {
    /// From the front: both shoulders are apart.
    Front(Front),
    /// From the side: the shoulders cover each other.
    Side(Side),
}

/// Why a pose has no outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// A joint that is needed is hidden or too faint.
    Hidden,
    /// A joint that is needed lies at the edge of the picture.
    CutOff,
}

/// Measures a pose in a picture of `frame` = (width, height) pixels.
///
/// # Errors
/// When a joint that is needed is hidden or at the edge of the picture.
pub fn outline(pose: &Pose, frame: (u32, u32)) -> Result<Outline, Unseen> {
    if side::is_side(pose) {
        whole(pose, &side::needed(pose), frame)?;
        return side(pose).map(Outline::Side).ok_or(Unseen::Hidden);
    }
    whole(pose, &front::NEEDED, frame)?;
    front(pose).map(Outline::Front).ok_or(Unseen::Hidden)
}

/// What a pose that is seen from the front measures, whether or not its joints are plain; `None`
/// when joints fall together: they have no direction, and a person seen so small cannot be judged.
#[must_use]
pub fn front(pose: &Pose) -> Option<Front> {
    front::see(pose)
}

/// What a pose that is seen from the side measures, likewise.
#[must_use]
pub fn side(pose: &Pose) -> Option<Side> {
    side::see(pose)
}

/// Whether a wrist or an elbow is plainly above the shoulders.
#[must_use]
pub fn is_arm_raised(pose: &Pose) -> bool {
    let at = |joint| Point::from(pose.get(joint));
    let shoulders = at(Joint::LeftShoulder).middle(at(Joint::RightShoulder));
    [
        Joint::LeftElbow,
        Joint::RightElbow,
        Joint::LeftWrist,
        Joint::RightWrist,
    ]
    .map(|joint| pose.get(joint))
    .iter()
    .any(|k| k.confidence >= MIN_ARM_CONFIDENCE && f64::from(k.y) < shoulders.y)
}

/// Whether the picture shows all of `needed`, away from its edges.
fn whole(pose: &Pose, needed: &[Joint], frame: (u32, u32)) -> Result<(), Unseen> {
    if !is_seen(pose, needed) {
        return Err(Unseen::Hidden);
    }
    if needed.iter().any(|joint| at_edge(pose.get(*joint), frame)) {
        return Err(Unseen::CutOff);
    }
    Ok(())
}

fn is_seen(pose: &Pose, joints: &[Joint]) -> bool {
    joints
        .iter()
        .all(|joint| pose.get(*joint).confidence >= MIN_CONFIDENCE)
}

fn at_edge(k: Keypoint, (width, height): (u32, u32)) -> bool {
    let inside = |v: f32, size: u32| {
        let size = f64::from(size);
        let margin = EDGE_MARGIN * size;
        f64::from(v) >= margin && f64::from(v) <= size - margin
    };
    !(inside(k.x, width) && inside(k.y, height))
}
