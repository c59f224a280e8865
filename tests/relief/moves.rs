//! Movements of exercises: done right, done half, done wrong.

use backstay::domain::pose::Joint;

use crate::person::Body;
use crate::posture::Posture;
use crate::space::{Vec3, vec3};

/// Upper arm and forearm with the half of the hand that a model marks as wrist, in centimetres
/// (assumed).
const UPPER_ARM: f64 = 28.0;
const FOREARM: f64 = 25.0;

/// Where the arms are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Arms {
    Keys,
    Overhead,
    GoalPost,
    BehindHead,
    /// Sideways, in degrees from hanging down.
    Sideways(f64),
}

/// The end of a movement; it is gone to from upright and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    pub(crate) posture: Posture,
    pub(crate) arms: Arms,
    /// How far the arms go on the way there, 0 to 1.
    pub(crate) reach: f64,
}

impl Move {
    pub(crate) fn of(posture: Posture) -> Self {
        Self {
            posture,
            arms: Arms::Keys,
            reach: 0.0,
        }
    }

    pub(crate) fn with(arms: Arms, reach: f64) -> Self {
        Self {
            posture: Posture::UPRIGHT,
            arms,
            reach,
        }
    }

    /// The posture `part` of the way there, to the side `sign`: 1 left, -1 right.
    pub(crate) fn posture_at(&self, part: f64, sign: f64) -> Posture {
        let p = &self.posture;
        Posture {
            chair_forward: p.chair_forward,
            trunk: p.trunk * part,
            lean: p.lean * part * sign,
            trunk_turn: p.trunk_turn * part * sign,
            neck: p.neck * part,
            neck_forward: p.neck_forward * part,
            nod: p.nod * part,
            tilt: p.tilt * part * sign,
            turn: p.turn * part * sign,
            shrug: p.shrug * part,
            away: p.away * part,
            ..Posture::UPRIGHT
        }
    }

    /// Where `joint` is with the arms `part` of the way there.
    pub(crate) fn arm(&self, body: &Body, joint: Joint, part: f64) -> Vec3 {
        let part = part * self.reach;
        let rest = body.at(joint);
        let (side, shoulder, ear) = match joint {
            Joint::LeftElbow | Joint::LeftWrist => {
                (1.0, body.at(Joint::LeftShoulder), body.at(Joint::LeftEar))
            }
            Joint::RightElbow | Joint::RightWrist => (
                -1.0,
                body.at(Joint::RightShoulder),
                body.at(Joint::RightEar),
            ),
            _ => return rest,
        };
        let (elbow, wrist) = match self.arms {
            Arms::Keys => return rest,
            Arms::Overhead => {
                let elbow = shoulder + vec3(side * 6.0, UPPER_ARM - 1.0, 3.0);
                (elbow, elbow + vec3(side * -2.0, FOREARM, 0.0))
            }
            Arms::GoalPost => {
                let elbow = shoulder + vec3(side * UPPER_ARM, -2.0, -2.0);
                (elbow, elbow + vec3(0.0, FOREARM, 0.0))
            }
            Arms::BehindHead => (
                shoulder + vec3(side * 23.0, 15.0, -2.0),
                ear + vec3(side * -2.0, 0.0, -6.0),
            ),
            Arms::Sideways(degrees) => {
                // The whole way from hanging down, as nobody types with a band in their hands.
                let (sin, cos) = (degrees * part + 8.0).to_radians().sin_cos();
                let along = vec3(side * sin, -cos, 0.1);
                let at = |length: f64| shoulder + along * length;
                let is_elbow = matches!(joint, Joint::LeftElbow | Joint::RightElbow);
                return at(if is_elbow {
                    UPPER_ARM
                } else {
                    UPPER_ARM + FOREARM
                });
            }
        };
        let goal = match joint {
            Joint::LeftElbow | Joint::RightElbow => elbow,
            _ => wrist,
        };
        rest + (goal - rest) * part
    }
}
