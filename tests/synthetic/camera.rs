//! A pinhole camera on a desk.

use backstay::domain::io::CameraShift;

use crate::noise::Chance;
use crate::space::{Vec3, vec3};

/// What carries the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Desk {
    /// The lid of a laptop: 25 to 35 cm below the eyes.
    Laptop,
    /// The top of a monitor: 5 to 15 cm above the eyes.
    Monitor,
}

impl Desk {
    pub(crate) const BOTH: [Self; 2] = [Self::Laptop, Self::Monitor];
}

/// A camera that looks towards the person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Camera {
    at: Vec3,
    /// Degrees upwards.
    pitch: f64,
    /// Degrees clockwise as the camera sees it.
    roll: f64,
    /// Horizontal field of view in degrees.
    pub(crate) field: f64,
    /// Width and height of the picture in pixels.
    pub(crate) size: (u32, u32),
    desk: Desk,
}

/// The wall behind the person, from the camera: what a moved camera is told by.
const WALL_CM: f64 = 250.0;

/// The hinge of a laptop's lid below its camera.
const LID_CM: f64 = 22.0;

impl Camera {
    /// A camera on `desk` before somebody whose eyes are at `eyes`: 55 to 75 cm away, 60 to 78
    /// degrees wide, 640 by 480, tilted so that the eyes are in the upper half of the picture.
    pub(crate) fn before(eyes: Vec3, desk: Desk, chance: &mut Chance) -> Self {
        let above = match desk {
            Desk::Laptop => chance.between(-35.0, -25.0),
            Desk::Monitor => chance.between(5.0, 15.0),
        };
        let away = chance.between(55.0, 75.0);
        let aside = chance.between(-2.0, 2.0);
        let mut camera = Self {
            at: eyes + vec3(aside, above, away),
            pitch: 0.0,
            roll: chance.between(-1.0, 1.0),
            field: chance.between(60.0, 78.0),
            size: (640, 480),
            desk,
        };
        // The row the eyes are to be in, as a part of the height.
        let row = chance.between(0.24, 0.32);
        let over_middle = ((0.5 - row) * f64::from(camera.size.1) / camera.focal()).atan();
        camera.pitch = (-above).atan2(away).to_degrees() - over_middle.to_degrees();
        camera
    }

    /// The same camera with a picture `width` pixels wide.
    pub(crate) fn with_width(self, width: u32) -> Self {
        Self {
            size: (width, width * 3 / 4),
            ..self
        }
    }

    pub(crate) fn focal(&self) -> f64 {
        f64::from(self.size.0) / 2.0 / (self.field.to_radians() / 2.0).tan()
    }

    /// Where the camera is from the eyes it was put before: up and away, in centimetres.
    pub(crate) fn relative_to(&self, eyes: Vec3) -> (f64, f64) {
        (self.at.y - eyes.y, self.at.z - eyes.z)
    }

    /// The middle of the screen below the camera.
    pub(crate) fn screen(&self) -> Vec3 {
        let below = match self.desk {
            Desk::Laptop => 12.0,
            Desk::Monitor => 20.0,
        };
        self.at - vec3(0.0, below, 0.0)
    }

    /// Where a point of the room is in the picture, in pixels from its top left corner.
    pub(crate) fn project(&self, point: Vec3) -> (f64, f64) {
        // Seen from behind the camera the person's left is on the right.
        let way = point - self.at;
        let (sin, cos) = self.pitch.to_radians().sin_cos();
        let ahead = way.y * sin - way.z * cos;
        let seen = vec3(way.x, way.y * cos + way.z * sin, 0.0).rolled(self.roll);
        let scale = self.focal() / ahead;
        (
            f64::from(self.size.0) / 2.0 + scale * seen.x,
            f64::from(self.size.1) / 2.0 - scale * seen.y,
        )
    }

    /// How far `point` is turned away from the camera's sight of it, in degrees, when it looks
    /// along `facing`.
    pub(crate) fn off_axis(&self, point: Vec3, facing: Vec3) -> f64 {
        let way = self.at - point;
        (way.dot(facing) / way.length()).acos().to_degrees()
    }

    /// Nudged so that it looks up by so many degrees more. A lid turns about its hinge.
    pub(crate) fn pitched(self, degrees: f64) -> Self {
        let arm = match self.desk {
            Desk::Laptop => vec3(0.0, LID_CM, 0.0),
            Desk::Monitor => Vec3::default(),
        };
        Self {
            at: self.at + arm.pitched(degrees) - arm,
            pitch: self.pitch + degrees,
            ..self
        }
    }

    /// What vision says of the room when the reference was kept by `before`.
    pub(crate) fn shift_since(&self, before: &Self) -> CameraShift {
        let middle = before.at + before.axis() * WALL_CM;
        let (x, y) = self.project(middle);
        CameraShift {
            scene: 1,
            right: (x - f64::from(self.size.0) / 2.0) as f32,
            down: (y - f64::from(self.size.1) / 2.0) as f32,
            turn: (self.roll - before.roll) as f32,
            zoom: (WALL_CM / (middle - self.at).length()) as f32,
        }
    }

    fn axis(&self) -> Vec3 {
        let (sin, cos) = self.pitch.to_radians().sin_cos();
        vec3(0.0, sin, -cos)
    }
}
