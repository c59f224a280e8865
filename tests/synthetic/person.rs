//! A head and a trunk on a seat: lengths of people, and where their joints are in a posture.
//!
//! Means and standard deviations follow Gordon et al. 2014, 2012 Anthropometric Survey of U.S.
//! Army Personnel, NATICK/TR-15/007, and for the height of the sitting shoulder its forerunner
//! of 1988 (figures recalled, not read again). Every length is kept within two standard deviations.
//! What no survey has, because it is how a model marks joints or how people hold themselves, is
//! said to be assumed.

use backstay::domain::pose::Joint;

use crate::noise::Chance;
use crate::posture::Posture;
use crate::space::{Vec3, vec3};

/// Hip joints above the seat (assumed), about which the trunk bends.
const HIPS_OVER_SEAT: f64 = 9.0;

/// The joint that a model marks as a shoulder lies below the acromion and further in (assumed).
const SHOULDER_BELOW_ACROMION: f64 = 3.0;
const SHOULDER_INSIDE_ACROMION: f64 = 2.0;

/// The head nods about the joint on top of the neck, below and behind the ears (assumed).
const NOD_BELOW_EARS: f64 = 2.5;
const NOD_BEHIND_EARS: f64 = 1.0;

/// Ears of an upright person are this far in front of the neck's foot (assumed; with it a head
/// carried forward by 4 and 7 cm sinks by 1.5 and 3.5 cm).
const EARS_AHEAD: f64 = 5.0;

/// A tilt of the head is a bend of the neck this far below the joint it nods about (assumed).
const TILT_BELOW_NOD: f64 = 6.0;

/// The spine's two parts together are longer than the way between their ends by this factor: an
/// upright trunk can be stretched a little (assumed).
const SPINE_SLACK: f64 = 1.02;

/// One person's lengths in centimetres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Build {
    /// Ears over the hip joints.
    ear_height: f64,
    /// Acromia, and the foot of the neck between them, over the hip joints.
    acromion_height: f64,
    /// Between the shoulders as a model marks them.
    pub(crate) shoulder_span: f64,
    /// Between the ears as a model marks them.
    pub(crate) ear_span: f64,
    /// Between the pupils.
    pub(crate) pupil_span: f64,
    /// The nose in front of the ears, as a model marks them.
    nose_ahead: f64,
    /// The nose below the ears of a level head.
    nose_below: f64,
    /// How far down the head is held upright, in degrees.
    held: f64,
}

/// Where a person's joints are in the room; the origin is between the hip joints, upright.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    joints: [Vec3; Joint::COUNT],
    /// Where the face looks, of length 1.
    pub(crate) facing: Vec3,
}

impl Body {
    pub(crate) fn at(&self, joint: Joint) -> Vec3 {
        self.joints[joint as usize]
    }

    pub(crate) fn ears(&self) -> Vec3 {
        self.at(Joint::LeftEar).middle(self.at(Joint::RightEar))
    }

    pub(crate) fn eyes(&self) -> Vec3 {
        self.at(Joint::LeftEye).middle(self.at(Joint::RightEye))
    }
}

impl Build {
    /// Everybody average.
    pub(crate) const AVERAGE: Self = Self {
        ear_height: 88.8 - 12.8 - HIPS_OVER_SEAT,
        acromion_height: 57.7 - HIPS_OVER_SEAT,
        shoulder_span: 39.0 - 2.0 * SHOULDER_INSIDE_ACROMION,
        ear_span: 13.9,
        pupil_span: 6.3,
        nose_ahead: 8.8,
        nose_below: 1.05,
        held: 0.0,
    };

    /// Person number `seed`; even ones are built like women, odd ones like men.
    pub(crate) fn of(seed: u64) -> Self {
        let mut chance = Chance::new(0xB0D7 + seed);
        let man = seed % 2 == 1;
        let mut pick = |women: (f64, f64), men: (f64, f64)| {
            let (mean, sigma) = if man { men } else { women };
            mean + sigma * chance.within_two_sigma()
        };
        let sitting_height = pick((85.7, 3.3), (91.8, 3.6));
        // A tall trunk is tall up to the shoulders as well; what is left varies on its own.
        let usual = if man { 91.8 } else { 85.7 };
        let trunk = sitting_height / usual;
        let acromion = trunk * pick((55.6, 1.3), (59.8, 1.4));
        let ears_below_crown = pick((12.5, 0.5), (13.1, 0.6));
        let biacromial = pick((36.5, 1.8), (41.6, 1.9));
        let ear_span = pick((13.3, 0.5), (14.4, 0.55));
        let pupil_span = pick((6.17, 0.36), (6.40, 0.34));
        // The marks' mean is the one `src/domain/measures.rs` gives for a head of 14 cm; a larger
        // head has a longer face. Scatter about that is assumed.
        let head = ear_span / 14.0;
        Self {
            ear_height: sitting_height - ears_below_crown - HIPS_OVER_SEAT,
            acromion_height: acromion - HIPS_OVER_SEAT,
            shoulder_span: biacromial - 2.0 * SHOULDER_INSIDE_ACROMION,
            ear_span,
            pupil_span,
            nose_ahead: head * pick((8.8, 0.4), (8.8, 0.4)),
            nose_below: head * pick((1.05, 0.4), (1.05, 0.4)),
            held: pick((0.0, 2.5), (0.0, 2.5)),
        }
    }

    /// The body in `posture`, with a screen whose middle is at `screen`.
    pub(crate) fn body(&self, posture: &Posture, screen: Vec3) -> Body {
        let trunk = self.trunk(posture);
        let chair = vec3(posture.chair_left, 0.0, posture.chair_forward);
        let nod_at = trunk.nod_at + chair;
        let upright_at = self.trunk(&Posture::UPRIGHT).nod_at;
        let watched = (1.0 - posture.away) / 2.0;
        let (down, left) = direction(nod_at, screen);
        let (down_before, left_before) = direction(upright_at, screen);
        let pitch = self.held + posture.nod + watched * (down - down_before);
        let turn = posture.turn + watched * (left - left_before);
        // Half of a lean is taken back by the neck.
        let roll = posture.tilt + posture.lean / 2.0;
        let bend = vec3(0.0, TILT_BELOW_NOD, 0.0);
        let top = nod_at + bend.rolled(posture.tilt) - bend;
        let head = |x: f64, y: f64, z: f64| {
            let from_joint = vec3(x, y + NOD_BELOW_EARS, z + NOD_BEHIND_EARS);
            top + from_joint.pitched(pitch).rolled(roll).turned(turn)
        };
        let (ear, pupil) = (self.ear_span / 2.0, self.pupil_span / 2.0);
        let scale = self.ear_span / 14.0;
        let eyes = (2.5 * scale, 8.0 * scale);
        let nose = head(0.0, -self.nose_below, self.nose_ahead);
        let shoulders = trunk.shoulders.map(|at| at + chair);
        let arms = arms(shoulders, nose, posture.hand);
        let joints = Joint::ALL.map(|joint| match joint {
            Joint::Nose => nose,
            Joint::LeftEye => head(pupil, eyes.0, eyes.1),
            Joint::RightEye => head(-pupil, eyes.0, eyes.1),
            Joint::LeftEar => head(ear, 0.0, 0.0),
            Joint::RightEar => head(-ear, 0.0, 0.0),
            Joint::LeftShoulder => shoulders[0],
            Joint::RightShoulder => shoulders[1],
            Joint::LeftElbow => arms[0],
            Joint::RightElbow => arms[1],
            Joint::LeftWrist => arms[2],
            Joint::RightWrist => arms[3],
            Joint::LeftHip => trunk.hips + chair + vec3(9.0, 0.0, 0.0),
            Joint::RightHip => trunk.hips + chair + vec3(-9.0, 0.0, 0.0),
            // Below the desk.
            _ => vec3(0.0, -20.0, 30.0),
        });
        let facing = vec3(0.0, 0.0, 1.0).pitched(pitch).rolled(roll).turned(turn);
        Body { joints, facing }
    }

    fn trunk(&self, posture: &Posture) -> Trunk {
        let hips = vec3(0.0, 0.0, posture.hips_forward);
        let neck = vec3(
            0.0,
            self.ear_height - NOD_BELOW_EARS - self.acromion_height,
            EARS_AHEAD - NOD_BEHIND_EARS,
        );
        let upright_foot = vec3(0.0, self.acromion_height, 0.0);
        let way = vec3(0.0, -posture.down, posture.forward);
        let foot = upright_foot + neck + way - neck.pitched(posture.rounded_neck);
        // Two equal parts of the spine, bent where they meet, reach from the hips to the neck's
        // foot: the lower leans back, the upper forward.
        let spine = SPINE_SLACK * self.acromion_height;
        let reach = foot - hips;
        let along = reach.z.atan2(reach.y).to_degrees();
        let bent = |length: f64| (length / spine).min(1.0).acos().to_degrees();
        let chest = along + bent(reach.length()) - bent(self.acromion_height);
        let carried = ((neck.z + posture.neck_forward) / neck.length()).asin()
            - (neck.z / neck.length()).asin();
        let bend = posture.rounded_neck + posture.neck + carried.to_degrees();
        let turn = |v: Vec3| {
            let way = v - hips;
            hips + way
                .pitched(posture.trunk)
                .rolled(posture.lean)
                .turned(posture.trunk_turn)
        };
        let shoulder = |side: f64, raised: f64| {
            let from_foot = vec3(
                side * self.shoulder_span / 2.0,
                raised - SHOULDER_BELOW_ACROMION,
                0.0,
            );
            turn(foot + from_foot.pitched(chest))
        };
        Trunk {
            hips,
            // A hand at the chin takes its shoulder along a little.
            shoulders: [
                shoulder(1.0, posture.shrug + 1.5 * posture.hand),
                shoulder(-1.0, posture.shrug),
            ],
            nod_at: turn(foot + neck.pitched(bend)),
        }
    }
}

struct Trunk {
    hips: Vec3,
    /// Left and right.
    shoulders: [Vec3; 2],
    /// The joint between neck and head.
    nod_at: Vec3,
}

/// Degrees down and to the left from `eye` to `target`.
fn direction(eye: Vec3, target: Vec3) -> (f64, f64) {
    let way = target - eye;
    let down = (-way.y).atan2(way.z).to_degrees();
    (down, way.x.atan2(way.z).to_degrees())
}

/// Left elbow, right elbow, left wrist, right wrist: on the keys, the left one `hand` of the way
/// to the chin.
fn arms(shoulders: [Vec3; 2], nose: Vec3, hand: f64) -> [Vec3; 4] {
    let [left, right] = shoulders;
    let raised = (left + vec3(4.0, -20.0, 18.0), nose + vec3(3.0, -6.0, -1.0));
    let low = (left + vec3(4.0, -27.0, 6.0), left + vec3(-2.0, -29.0, 30.0));
    let mix = |from: Vec3, to: Vec3| from + (to - from) * hand;
    [
        mix(low.0, raised.0),
        right + vec3(-4.0, -27.0, 6.0),
        mix(low.1, raised.1),
        right + vec3(2.0, -29.0, 30.0),
    ]
}
