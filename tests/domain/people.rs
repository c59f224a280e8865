//! A made-up person in front of a camera: joints as a pinhole camera sees them.

use std::time::Duration;

use backstay::domain::io::{Input, Observation};
use backstay::domain::pose::{Joint, Keypoint, Pose};
use backstay::domain::time::{Moment, WallTime};

/// How the person sits, relative to upright.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Posture {
    /// Centimetres the head is lower.
    pub(crate) down_cm: f32,
    /// Centimetres the head is nearer.
    pub(crate) forward_cm: f32,
    /// Degrees the trunk leans to the person's left.
    pub(crate) lean_deg: f32,
    /// Centimetres the whole person is nearer: the chair has rolled.
    pub(crate) chair_cm: f32,
}

impl Posture {
    pub(crate) const UPRIGHT: Self = Self {
        down_cm: 0.0,
        forward_cm: 0.0,
        lean_deg: 0.0,
        chair_cm: 0.0,
    };
    pub(crate) const SLOUCH: Self = Self {
        down_cm: 5.0,
        forward_cm: 10.0,
        ..Self::UPRIGHT
    };
    pub(crate) const LEAN: Self = Self {
        lean_deg: 14.0,
        ..Self::UPRIGHT
    };
}

/// A camera 640 by 480, 65 degrees wide, so far below the eyes, 66 cm away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) camera_below_cm: f32,
}

pub(crate) const LAPTOP: Scene = Scene {
    camera_below_cm: 30.0,
};
pub(crate) const MONITOR: Scene = Scene {
    camera_below_cm: -8.0,
};

const FOCAL: f32 = 502.3;
const DISTANCE: f32 = 66.0;

impl Scene {
    /// What vision sees of somebody who sits like this.
    pub(crate) fn see(&self, posture: Posture) -> Observation {
        let lean = posture.lean_deg.to_radians();
        // x to the person's left, y up from the shoulders, z towards the camera; centimetres.
        let project = |x: f32, y: f32, z: f32| {
            let (x, y) = (
                x * lean.cos() + (y + 58.0) * lean.sin(),
                (y + 58.0) * lean.cos() - x * lean.sin() - 58.0,
            );
            let depth = DISTANCE - z - posture.chair_cm;
            // The camera's pitch keeps the head in the upper part of the picture.
            let horizon = 160.0 + self.camera_below_cm * FOCAL / DISTANCE;
            let height = y - 17.0 + self.camera_below_cm;
            (320.0 + x * FOCAL / depth, horizon - height * FOCAL / depth)
        };
        let head =
            |x: f32, y: f32, z: f32| project(x, y + 17.0 - posture.down_cm, z + posture.forward_cm);
        let body =
            |x: f32, y: f32, z: f32| project(x, y - 1.2 * posture.down_cm, z + posture.forward_cm);
        let place = |joint| match joint {
            Joint::Nose => head(0.0, -1.05, 8.8),
            Joint::LeftEye => head(3.1, 2.5, 8.0),
            Joint::RightEye => head(-3.1, 2.5, 8.0),
            Joint::LeftEar => head(7.0, 0.0, 0.0),
            Joint::RightEar => head(-7.0, 0.0, 0.0),
            Joint::LeftShoulder => body(17.0, 0.0, 0.0),
            Joint::RightShoulder => body(-17.0, 0.0, 0.0),
            // Arms hang, hips and legs are under the desk.
            Joint::LeftElbow | Joint::LeftWrist => body(20.0, -25.0, 0.0),
            Joint::RightElbow | Joint::RightWrist => body(-20.0, -25.0, 0.0),
            _ => (320.0, 470.0),
        };
        let keypoints = Joint::ALL.map(|joint| {
            let (x, y) = place(joint);
            let confidence = if (joint as usize) < 7 { 0.8 } else { 0.2 };
            Keypoint { x, y, confidence }
        });
        Observation {
            frame: (640, 480),
            pose: Pose::new(keypoints),
            presence: 0.9,
            light: 0.5,
            camera: None,
            other_person: None,
        }
    }
}

/// An empty chair.
pub(crate) fn empty() -> Observation {
    Observation {
        frame: (640, 480),
        pose: Pose::default(),
        presence: 0.02,
        light: 0.5,
        camera: None,
        other_person: None,
    }
}

/// A moment so many seconds after the start.
pub(crate) fn at(seconds: f64) -> Moment {
    let start = WallTime {
        unix_ms: 1_790_000_000_000,
        utc_offset_s: 3600,
    };
    Moment::after(start, Duration::from_secs_f64(seconds))
}

/// An observation as an input.
pub(crate) fn seen(observation: Observation) -> Input {
    Input::Observation(observation)
}
