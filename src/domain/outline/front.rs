//! A person seen from the front.

use super::super::geometry::{Point, half_turn};
use super::super::pose::{Joint, Pose};
use super::is_seen;

/// What must be seen; ears may hide behind hair.
pub(super) const NEEDED: [Joint; 5] = [
    Joint::Nose,
    Joint::LeftEye,
    Joint::RightEye,
    Joint::LeftShoulder,
    Joint::RightShoulder,
];

/// Lengths in pixels, angles in degrees, positions in pixels from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Front {
    /// The head as its ears show it; `None` when an ear is hidden.
    pub head: Option<Head>,
    /// The face between eyes and nose.
    pub eyes: Eyes,
    /// The middle of the shoulders.
    pub shoulders: Point,
    /// Distance between the shoulders.
    pub shoulder_width: f64,
    /// Slope of the shoulder line, positive when the left shoulder is higher.
    pub tilt: f64,
}

/// A head as its ears show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// The middle of the ears.
    pub ears: Point,
    /// Distance between the ears as it appears.
    pub span: f64,
    /// Nose below the ear line over the distance between the ears.
    pub pitch: f64,
    /// Turn of the head in degrees, positive to the person's left.
    pub yaw: f64,
    /// Slope of the ear line in degrees, positive when the left ear is higher.
    pub slope: f64,
}

/// A face as eyes and nose show it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eyes {
    /// The middle of the eyes.
    pub middle: Point,
    /// Distance between the eyes as it appears.
    pub span: f64,
    /// Nose below the eye line over the distance between the eyes.
    pub pitch: f64,
    /// Nose to the picture's right of the eyes' middle over the distance between the eyes.
    pub turn: f64,
    /// Slope of the eye line in degrees, positive when the left eye is higher.
    pub slope: f64,
}

/// The outline of `pose`, of which [`NEEDED`] must be seen; `None` when joints fall together: they
/// have no direction, and a person seen so small cannot be judged.
pub(super) fn see(pose: &Pose) -> Option<Front> {
    let at = |joint| Point::from(pose.get(joint));
    let nose = at(Joint::Nose);
    let (left, right) = (at(Joint::LeftShoulder), at(Joint::RightShoulder));
    let shoulder_width = left.distance(right);
    let eyes = eyes(nose, at(Joint::LeftEye), at(Joint::RightEye));
    let head = is_seen(pose, &[Joint::LeftEar, Joint::RightEar])
        .then(|| head(nose, at(Joint::LeftEar), at(Joint::RightEar)))
        .filter(|head| head.span >= 1.0);
    (shoulder_width >= 1.0 && eyes.span >= 1.0).then_some(Front {
        head,
        eyes,
        shoulders: left.middle(right),
        shoulder_width,
        tilt: left.slope_from(right),
    })
}

impl Front {
    /// Height of `point` over the middle of the shoulders along the normal of their line, over the
    /// shoulder width: whatever the camera's roll.
    #[must_use]
    pub fn height_over_shoulders(&self, point: Point) -> f64 {
        let tilt = self.tilt.to_radians();
        let (right, up) = (point.x - self.shoulders.x, self.shoulders.y - point.y);
        (up * tilt.cos() - right * tilt.sin()) / self.shoulder_width
    }

    /// Slope of the ear line against the shoulder line in degrees.
    #[must_use]
    pub fn roll_of(&self, head: &Head) -> f64 {
        half_turn(head.slope - self.tilt)
    }
}

fn head(nose: Point, left: Point, right: Point) -> Head {
    let ears = left.middle(right);
    // Below a pixel the head is refused; the bound keeps the division tame until then.
    let span = left.distance(right);
    let unit = span.max(f64::MIN_POSITIVE);
    Head {
        ears,
        span,
        pitch: (nose.y - ears.y) / unit,
        yaw: ((nose.x - ears.x) / unit).atan().to_degrees(),
        slope: left.slope_from(right),
    }
}

fn eyes(nose: Point, left: Point, right: Point) -> Eyes {
    let middle = left.middle(right);
    let span = left.distance(right);
    let unit = span.max(f64::MIN_POSITIVE);
    Eyes {
        middle,
        span,
        pitch: (nose.y - middle.y) / unit,
        turn: (nose.x - middle.x) / unit,
        slope: left.slope_from(right),
    }
}
