//! The person as they sit when an exercise begins: what its signals are held against.

use std::time::Duration;

use super::super::baseline::Spread;
use super::super::geometry::Point;
use super::super::hindrance::{self, Hindrance};
use super::super::io::Observation;
use super::super::outline::{self, MIN_CONFIDENCE, Outline};
use super::super::pose::Joint;
use super::super::time::Moment;
use super::signal::EAR_LOST_DEG;

/// So long a neutral is captured.
pub const SPAN: Duration = Duration::from_secs(2);

/// Fewer pictures have no middle to hold anything against: a second at five a second.
const MIN_SAMPLES: usize = 5;

/// What is in the way for no longer than this is a joint that the model missed: the capture goes on.
const BLINK: Duration = Duration::from_secs(1);

/// A nose so far beside the ear that is seen, in distances between the ears, has turned away from
/// the hidden one; looking ahead it is 0.5.
const NOSE_BESIDE_EAR: f64 = 0.65;

/// This near to the picture's edge, as a part of its width or height, a wrist may be beyond it.
const EDGE: f64 = 0.02;

/// What one picture shows. Pixels from the top left corner, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// The middle of the eyes.
    pub eyes: Point,
    /// Left and right ear, wherever the model guesses them.
    pub ears: [Point; 2],
    /// Left and right shoulder.
    pub shoulder: [Point; 2],
    /// The middle of the shoulders.
    pub shoulders: Point,
    /// Distance between the shoulders.
    pub shoulder_width: f64,
    /// Slope of the shoulder line, positive when the left one is higher.
    pub tilt: f64,
    /// Slope of the ear line against it; `None` when an ear is hidden.
    pub ear_roll: Option<f64>,
    /// Slope of the eye line against the shoulder line.
    pub eye_roll: f64,
    /// Height of the ears above the shoulders over the shoulder width.
    pub ear_height: f64,
    /// Distance between the ears; `None` when one is hidden.
    pub ear_span: Option<f64>,
    /// The way round eyes and nose: the head's size where ears waver.
    pub face: f64,
    /// Apparent turn of the head, positive to the person's left; `None` when it cannot be told.
    pub yaw: Option<f64>,
    /// The nose below the ears over their distance; `None` when an ear is hidden.
    pub pitch: Option<f64>,
    /// Left and right elbow, `None` when hidden.
    pub elbows: [Option<Point>; 2],
    /// Left and right wrist, `None` when hidden or at the picture's edge.
    pub wrists: [Option<Point>; 2],
}

impl Features {
    /// What the pose in `seen` shows from the front, `ear_span` being the neutral distance between
    /// the ears, where it is known; `None` when shoulders or face are hidden.
    #[must_use]
    pub fn of(seen: &Observation, ear_span: Option<f64>) -> Option<Self> {
        let is_seen = |joint| seen.pose.get(joint).confidence >= MIN_CONFIDENCE;
        let at = |joint| Point::from(seen.pose.get(joint));
        let needed = [Joint::LeftShoulder, Joint::RightShoulder];
        let face = [Joint::Nose, Joint::LeftEye, Joint::RightEye];
        // A turned or bent face hides one of its three joints now and then.
        let faces = face.into_iter().filter(|joint| is_seen(*joint)).count();
        if !needed.into_iter().all(is_seen) || faces < 2 {
            return None;
        }
        let front = outline::front(&seen.pose)?;
        let ears = [at(Joint::LeftEar), at(Joint::RightEar)];
        let middle = ears[0].middle(ears[1]);
        let head = front.head;
        let nose = at(Joint::Nose);
        let lost = || {
            let side = match (is_seen(Joint::LeftEar), is_seen(Joint::RightEar)) {
                (false, true) => 1.0,
                (true, false) => -1.0,
                _ => return None,
            };
            let ear = if side > 0.0 { ears[1] } else { ears[0] };
            let beside = (nose.x - ear.x).abs() / ear_span?;
            (beside >= NOSE_BESIDE_EAR).then_some(side * EAR_LOST_DEG)
        };
        let (width, height) = (f64::from(seen.frame.0), f64::from(seen.frame.1));
        let arm = |joint| is_seen(joint).then(|| at(joint));
        let hand = |joint| {
            arm(joint).filter(|at| {
                let inside = |v: f64, size: f64| v >= EDGE * size && v <= (1.0 - EDGE) * size;
                inside(at.x, width) && inside(at.y, height)
            })
        };
        Some(Self {
            eyes: front.eyes.middle,
            ears,
            shoulder: [at(Joint::LeftShoulder), at(Joint::RightShoulder)],
            shoulders: front.shoulders,
            shoulder_width: front.shoulder_width,
            tilt: front.tilt,
            ear_roll: head.map(|head| front.roll_of(&head)),
            eye_roll: front.eyes.slope - front.tilt,
            ear_height: front.height_over_shoulders(middle),
            ear_span: head.map(|head| head.span),
            face: at(Joint::LeftEye).distance(at(Joint::RightEye))
                + nose.distance(at(Joint::LeftEye))
                + nose.distance(at(Joint::RightEye)),
            yaw: head.map(|head| head.yaw).or_else(lost),
            pitch: head.map(|head| head.pitch),
            elbows: [arm(Joint::LeftElbow), arm(Joint::RightElbow)],
            wrists: [hand(Joint::LeftWrist), hand(Joint::RightWrist)],
        })
    }
}

/// What an exercise is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neutral {
    /// The middle of what was seen, each number by itself.
    pub upright: Features,
}

impl Neutral {
    /// Goes `part` of the way (0 to 1) to `now`. What is hidden now or was then stays as it was.
    pub fn follow(&mut self, now: &Features, part: f64) {
        let mix = |old: &mut f64, new: f64| *old += (new - *old) * part;
        let point = |old: &mut Point, new: Point| {
            mix(&mut old.x, new.x);
            mix(&mut old.y, new.y);
        };
        let some = |old: &mut Option<f64>, new: Option<f64>| {
            if let (Some(old), Some(new)) = (old, new) {
                mix(old, new);
            }
        };
        let old = &mut self.upright;
        point(&mut old.eyes, now.eyes);
        point(&mut old.shoulders, now.shoulders);
        for side in [0, 1] {
            point(&mut old.ears[side], now.ears[side]);
            point(&mut old.shoulder[side], now.shoulder[side]);
        }
        mix(&mut old.shoulder_width, now.shoulder_width);
        mix(&mut old.tilt, now.tilt);
        mix(&mut old.eye_roll, now.eye_roll);
        mix(&mut old.ear_height, now.ear_height);
        mix(&mut old.face, now.face);
        some(&mut old.ear_roll, now.ear_roll);
        some(&mut old.ear_span, now.ear_span);
        some(&mut old.yaw, now.yaw);
        some(&mut old.pitch, now.pitch);
    }
}

/// Collects a neutral.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    began: Option<Moment>,
    /// When a picture counted last, or when something came into the way of the first.
    good_at: Option<Moment>,
    seen: Vec<Features>,
    outlines: Vec<Outline>,
}

impl Capture {
    /// Takes one picture: the neutral when it is complete.
    ///
    /// # Errors
    /// What has been in the way for a second; the capture then begins anew.
    pub fn push(&mut self, at: Moment, seen: &Observation) -> Result<Option<Neutral>, Hindrance> {
        let (features, outline) = match self.sight(seen) {
            Ok(sight) => sight,
            Err(hindrance) => {
                let good_at = *self.good_at.get_or_insert(at);
                if at.since(good_at) < BLINK {
                    return Ok(None);
                }
                *self = Self {
                    good_at: Some(good_at),
                    ..Self::default()
                };
                return Err(hindrance);
            }
        };
        self.good_at = Some(at);
        let began = *self.began.get_or_insert(at);
        self.seen.push(features);
        self.outlines.push(outline);
        let complete = at.since(began) >= SPAN && self.seen.len() >= MIN_SAMPLES;
        Ok(complete.then(|| Neutral {
            upright: middle(&self.seen),
        }))
    }

    fn sight(&self, seen: &Observation) -> Result<(Features, Outline), Hindrance> {
        let outline = hindrance::in_view(seen)?;
        // Distances in the room do not matter here: everything is against this very neutral.
        let far = f64::INFINITY;
        if let Some(hindrance) = hindrance::of_upright(&outline, seen.frame, far)
            .or_else(|| hindrance::of_stillness(&self.outlines, &outline))
        {
            return Err(hindrance);
        }
        match outline {
            Outline::Front(_) => Features::of(seen, None)
                .map(|features| (features, outline))
                .ok_or(Hindrance::ShouldersHidden),
            Outline::Side(_) => Err(Hindrance::Turned),
        }
    }
}

/// The median of each number.
fn middle(seen: &[Features]) -> Features {
    let of = |number: &dyn Fn(&Features) -> f64| Spread::of(seen.iter().map(number)).median;
    let some = |number: &dyn Fn(&Features) -> Option<f64>| {
        let known: Vec<f64> = seen.iter().filter_map(number).collect();
        (known.len() * 2 > seen.len()).then(|| Spread::of(known.iter().copied()).median)
    };
    let point = |at: &dyn Fn(&Features) -> Point| Point {
        x: of(&|f| at(f).x),
        y: of(&|f| at(f).y),
    };
    Features {
        eyes: point(&|f| f.eyes),
        ears: [point(&|f| f.ears[0]), point(&|f| f.ears[1])],
        shoulder: [point(&|f| f.shoulder[0]), point(&|f| f.shoulder[1])],
        shoulders: point(&|f| f.shoulders),
        shoulder_width: of(&|f| f.shoulder_width),
        tilt: of(&|f| f.tilt),
        ear_roll: some(&|f| f.ear_roll),
        eye_roll: of(&|f| f.eye_roll),
        ear_height: of(&|f| f.ear_height),
        ear_span: some(&|f| f.ear_span),
        face: of(&|f| f.face),
        yaw: some(&|f| f.yaw),
        pitch: some(&|f| f.pitch),
        elbows: [None; 2],
        wrists: [None; 2],
    }
}
