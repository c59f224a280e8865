//! MoveNet SinglePose: a square picture in, the joints of one person out.

use ndarray::{Array4, ArrayD};

use super::engine::{Engine, EngineError, ImageView};
use super::letterbox::Letterbox;
use super::model::Model;
use super::picture::Rgb;
use crate::domain::pose::{Joint, Keypoint, Pose};

/// A pose model with its engine and its buffers.
pub struct MoveNet {
    engine: Box<dyn Engine>,
    letterbox: Letterbox,
    square: Vec<u8>,
    /// [1, side, side, 3], red, green, blue, 0 to 255.
    input: Array4<i32>,
    side: u32,
}

impl MoveNet {
    /// Runs `model` on `engine`, which must have loaded it.
    #[must_use]
    pub fn new(model: &Model, engine: Box<dyn Engine>) -> Self {
        let side = side_of(model);
        Self {
            engine,
            letterbox: Letterbox::new((side, side), side),
            square: Vec::new(),
            input: Array4::zeros((1, side as usize, side as usize, 3)),
            side,
        }
    }

    /// The pose in `picture`, in its pixels. Somebody is always found: whether a person is there,
    /// the confidences only hint at.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn pose(&mut self, picture: &Rgb) -> Result<Pose, EngineError> {
        self.look_at(picture);
        self.infer()
    }

    /// The first half of [`Self::pose`]: fills the model's input.
    pub fn look_at(&mut self, picture: &Rgb) {
        let size = (picture.width, picture.height);
        if !self.letterbox.fits(size) {
            self.letterbox = Letterbox::new(size, self.side);
        }
        self.letterbox.fill(picture, &mut self.square);
        for (value, byte) in self.input.iter_mut().zip(&self.square) {
            *value = i32::from(*byte);
        }
    }

    /// The second half of [`Self::pose`]: runs the model on what was last looked at.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn infer(&mut self) -> Result<Pose, EngineError> {
        let outputs = self.engine.run(ImageView::I32(self.input.view()))?;
        Ok(decode(&outputs[0], &self.letterbox))
    }
}

/// The joints of a [1, 1, 17, 3] output: y, x in parts of the square's side, confidence.
#[must_use]
pub fn decode(keypoints: &ArrayD<f32>, letterbox: &Letterbox) -> Pose {
    let mut joints = [Keypoint::default(); Joint::COUNT];
    let rows = keypoints.iter().copied().collect::<Vec<f32>>();
    for (joint, row) in joints.iter_mut().zip(rows.chunks_exact(3)) {
        let (x, y) = letterbox.to_picture(row[1], row[0]);
        *joint = Keypoint {
            x: round(x, 100.0),
            y: round(y, 100.0),
            confidence: round(row[2].clamp(0.0, 1.0), 1000.0),
        };
    }
    Pose::new(joints)
}

/// The side of the square that `model` takes, in pixels.
pub(crate) fn side_of(model: &Model) -> u32 {
    u32::try_from(model.spec.input.shape[1]).unwrap_or(0)
}

/// Digits beyond a hundredth of a pixel or a thousandth of confidence are noise that would only
/// lengthen recorded sessions.
pub(crate) fn round(value: f32, parts: f32) -> f32 {
    if value.is_finite() {
        (value * parts).round() / parts
    } else {
        0.0
    }
}
