//! What vision makes of a person before a camera.

use std::f64::consts::TAU;

use backstay::domain::io::{CameraShift, Observation};
use backstay::domain::pose::{Joint, Keypoint, Pose};

use crate::noise::Dropouts;
use crate::person::{Body, Build};
use crate::posture::Posture;
use crate::scenes::Run;
use crate::space::{Vec3, vec3};

impl Run {
    /// One picture's observation of the posture as it is now.
    pub(crate) fn look(&mut self) -> Observation {
        let body = self.build.body(&self.drifting(), self.screen);
        // Who passes stands behind the chair, to the person's left.
        let passing = vec3(38.0, 22.0, -70.0);
        let (body, moved) = if self.passer_by {
            let other = Build::of(self.setting.seed + 1000);
            (other.body(&Posture::UPRIGHT, self.screen), passing)
        } else {
            (body, Vec3::default())
        };
        let (width, height) = self.camera.size;
        let lost = self.dropped();
        let mut keypoints = Joint::ALL.map(|joint| {
            let at = body.at(joint) + moved;
            let (x, y) = self.camera.project(at);
            let (right, down) = self.setting.noise.offset(&mut self.chance, width);
            let (x, y) = (x + right, y + down);
            let inside =
                (0.0..f64::from(width)).contains(&x) && (0.0..f64::from(height)).contains(&y);
            let hidden = !inside || lost[joint as usize] || self.is_hidden(joint, &body);
            Keypoint {
                x: x.clamp(0.0, f64::from(width)) as f32,
                y: y.clamp(0.0, f64::from(height)) as f32,
                confidence: if hidden { 0.2 } else { self.confidence } as f32,
            }
        });
        if self.setting.mirrored {
            mirror(&mut keypoints, width as f32);
        }
        self.looks += 1;
        Observation {
            frame: (width, height),
            pose: Pose::new(keypoints),
            presence: self.presence[self.looks % self.presence.len()],
            light: self.light,
            camera: self.shift.map(|shift| CameraShift {
                right: shift.right * if self.setting.mirrored { -1.0 } else { 1.0 },
                turn: shift.turn * if self.setting.mirrored { -1.0 } else { 1.0 },
                ..shift
            }),
            other_person: None,
        }
    }

    /// The posture with what nobody holds still by: two slow swings in each direction.
    fn drifting(&self) -> Posture {
        let swing = |period: f64, phase: f64| {
            let began = phase + self.setting.seed as f64;
            0.7 * (TAU * self.now / period + began).sin()
                + 0.3 * (TAU * self.now / (4.3 * period) + 2.0 * began).sin()
        };
        let drift = self.setting.drift;
        let posture = self.posture;
        Posture {
            down: posture.down + drift * swing(97.0, 0.3),
            forward: posture.forward + drift * swing(71.0, 1.7),
            // At the height of the ears a degree is about 1.2 cm.
            lean: posture.lean + drift / 1.2 * swing(113.0, 2.9),
            ..posture
        }
    }

    fn is_hidden(&self, joint: Joint, body: &Body) -> bool {
        match joint {
            // The ear on the far side of a turned head.
            Joint::LeftEar | Joint::RightEar => {
                let off = self.camera.off_axis(body.ears(), body.facing);
                let other = match joint {
                    Joint::LeftEar => Joint::RightEar,
                    _ => Joint::LeftEar,
                };
                let (mine, theirs) = (body.at(joint), body.at(other));
                off > 50.0 && mine.z < theirs.z
            }
            Joint::LeftHip
            | Joint::RightHip
            | Joint::LeftKnee
            | Joint::RightKnee
            | Joint::LeftAnkle
            | Joint::RightAnkle => true,
            _ => false,
        }
    }

    fn dropped(&mut self) -> [bool; Joint::COUNT] {
        let mut lost = [false; Joint::COUNT];
        match self.setting.noise.dropouts {
            Dropouts::None => {}
            Dropouts::Pictures(part) => {
                if self.chance.happens(part) {
                    lost[self.chance.below(Joint::LeftElbow as usize)] = true;
                }
            }
            Dropouts::Joints(part) => {
                for lost in &mut lost {
                    *lost = self.chance.happens(part);
                }
            }
        }
        lost
    }
}

/// Each joint keeps its side of the body as it looks: in a mirror the left ear is the right one's
/// image.
fn mirror(keypoints: &mut [Keypoint; Joint::COUNT], width: f32) {
    for k in keypoints.iter_mut() {
        k.x = width - k.x;
    }
    for left in (Joint::LeftEye as usize..Joint::COUNT).step_by(2) {
        keypoints.swap(left, left + 1);
    }
}
