//! Who sits where, and how they are seen.

use std::fmt;

use crate::camera::{Camera, Desk};
use crate::noise::{Chance, Dropouts, Noise};
use crate::person::Build;
use crate::posture::Posture;
use crate::space::{Vec3, vec3};

/// One person before one camera, watched by one monitor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// Numbers person, camera and noise.
    pub(crate) seed: u64,
    pub(crate) desk: Desk,
    /// Observations a second.
    pub(crate) rate: f64,
    pub(crate) noise: Noise,
    /// The picture's width in pixels; its height is three quarters of that.
    pub(crate) width: u32,
    /// The picture is mirrored, and the model with it takes left for right.
    pub(crate) mirrored: bool,
    /// How far the person drifts about any posture, in centimetres to each side.
    pub(crate) drift: f64,
}

impl Setting {
    /// Three observations a second, the usual noise, the usual drift.
    pub(crate) fn new(seed: u64, desk: Desk) -> Self {
        Self {
            seed,
            desk,
            rate: 3.0,
            noise: Noise::USUAL,
            width: 640,
            mirrored: false,
            drift: 0.5,
        }
    }

    pub(crate) fn with_dropouts(self, dropouts: Dropouts) -> Self {
        let noise = Noise {
            dropouts,
            ..self.noise
        };
        Self { noise, ..self }
    }

    /// Six times so many people before `desk`, no two of them alike: the usual noise and twice
    /// that, each at one, three and ten observations a second.
    pub(crate) fn all(sixths: u64, desk: Desk) -> impl Iterator<Item = Self> {
        (0..6 * sixths).map(move |seed| {
            let level = if seed % 6 < 3 { 1.0 } else { 2.0 };
            Self {
                rate: [1.0, 3.0, 10.0][(seed % 3) as usize],
                noise: Noise {
                    level,
                    ..Noise::USUAL
                },
                ..Self::new(seed + 1, desk)
            }
        })
    }

    pub(crate) fn build(&self) -> Build {
        Build::of(self.seed)
    }

    pub(crate) fn camera(&self) -> Camera {
        // Where the eyes are does not depend on the screen as long as nothing is bent.
        let eyes = self.build().body(&Posture::UPRIGHT, FAR).eyes();
        let mut chance = Chance::new(0xCA3E + self.seed);
        Camera::before(eyes, self.desk, &mut chance).with_width(self.width)
    }
}

/// A screen straight ahead.
const FAR: Vec3 = vec3(0.0, 0.0, 1e6);

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let eyes = self.build().body(&Posture::UPRIGHT, FAR).eyes();
        let camera = self.camera();
        let (above, away) = camera.relative_to(eyes);
        write!(
            f,
            "person {} {:?} {above:+.0} cm, {away:.0} cm away, {:.0} deg wide, noise x{}, {}/s",
            self.seed, self.desk, camera.field, self.noise.level, self.rate
        )?;
        if self.width != 640 || self.mirrored {
            write!(f, ", {} px, mirrored {}", self.width, self.mirrored)?;
        }
        Ok(())
    }
}
