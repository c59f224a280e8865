//! What keeps a calibration from counting, and what the person can do about it.

use super::baseline::{MAX_ROLL, MAX_YAW, MIN_LIGHT, MIN_PRESENCE, Spread};
use super::io::Observation;
use super::outline::{Front, MIN_CONFIDENCE, Outline, Side, Unseen, outline};
use super::pose::Joint;
use super::room::{EyeLink, eye_distance_cm};

/// A face wider than this part of the picture is too close: little remains for the shoulders.
const WIDEST_FACE: f64 = 1.0 / 3.0;

/// Eyes nearer than this, in centimetres, are too close: nobody means to work like that.
const NEAREST_EYES_CM: f64 = 35.0;

/// Eyes this many shoulder widths (about 4 cm) from their median have moved. Breathing and the
/// joints' own scatter make a tenth of that.
const EYES_MOVED: f64 = 0.12;

/// Shoulders this part wider or narrower than their median have moved: five times the scatter of
/// one picture.
const SHOULDERS_MOVED: f64 = 0.08;

/// Seen from the side, a neck this many degrees from its median has moved: five times the scatter
/// within a hold.
const NECK_MOVED: f64 = 6.0;

/// Fewer outlines than this have no median to move from.
const MEDIAN_FROM: usize = 3;

/// Somebody else who is at least this large against the person (a colleague beside the chair, not
/// one at the next desk) may be taken for them.
const OTHER_PERSON: f32 = 0.5;

/// Why what is seen does not count for a calibration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// Nobody is there.
    Nobody,
    /// The picture is too dark.
    TooDark,
    /// Somebody else is in the picture, and large.
    TwoPeople,
    /// Nose or eyes are hidden or too faint.
    HeadHidden,
    /// A shoulder is hidden or too faint.
    ShouldersHidden,
    /// Head or shoulders are cut by the picture's edge.
    CutOff,
    /// The face is too near to the camera.
    TooClose,
    /// The head is turned to the side.
    Turned,
    /// The head is tilted.
    Tilted,
    /// The person is not where they were.
    Moving,
}

impl Hindrance {
    /// All hindrances.
    pub const ALL: [Self; 10] = [
        Self::Nobody,
        Self::TooDark,
        Self::TwoPeople,
        Self::HeadHidden,
        Self::ShouldersHidden,
        Self::CutOff,
        Self::TooClose,
        Self::Turned,
        Self::Tilted,
        Self::Moving,
    ];

    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::TooDark => "too_dark",
            Self::TwoPeople => "two_people",
            Self::HeadHidden => "head_hidden",
            Self::ShouldersHidden => "shoulders_hidden",
            Self::CutOff => "cut_off",
            Self::TooClose => "too_close",
            Self::Turned => "turned",
            Self::Tilted => "tilted",
            Self::Moving => "moving",
        }
    }
}

/// The outline of whoever is in the picture, whatever their posture.
///
/// # Errors
/// When it is too dark, nobody or somebody else is there, or a joint that is needed is hidden or cut off.
pub fn in_view(seen: &Observation) -> Result<Outline, Hindrance> {
    // In the dark the presence score says nothing: the light goes first.
    if f64::from(seen.light) < MIN_LIGHT {
        return Err(Hindrance::TooDark);
    }
    if seen.presence < MIN_PRESENCE {
        return Err(Hindrance::Nobody);
    }
    if is_crowded(seen) {
        return Err(Hindrance::TwoPeople);
    }
    let is_hidden = |joint| seen.pose.get(joint).confidence < MIN_CONFIDENCE;
    let face = [Joint::Nose, Joint::LeftEye, Joint::RightEye];
    outline(&seen.pose, seen.frame).map_err(|unseen| match unseen {
        Unseen::CutOff => Hindrance::CutOff,
        Unseen::Hidden if face.into_iter().any(is_hidden) => Hindrance::HeadHidden,
        Unseen::Hidden => Hindrance::ShouldersHidden,
    })
}

/// Whether somebody else is there who may be taken for the person.
#[must_use]
pub fn is_crowded(seen: &Observation) -> bool {
    seen.other_person.is_some_and(|size| size >= OTHER_PERSON)
}

/// What is wrong with how somebody sits who is to sit upright and face the screen, in a picture of
/// `frame` = (width, height) pixels by a camera of `focal_px` pixels. From the side, turns and
/// distances do not show.
#[must_use]
pub fn of_upright(now: &Outline, frame: (u32, u32), focal_px: f64) -> Option<Hindrance> {
    let Outline::Front(front) = now else {
        return None;
    };
    let head = front
        .head
        .unwrap_or_else(|| EyeLink::typical_head(&front.eyes));
    if head.span > WIDEST_FACE * f64::from(frame.0)
        || eye_distance_cm(&front.eyes, head.yaw, focal_px) < NEAREST_EYES_CM
    {
        return Some(Hindrance::TooClose);
    }
    if head.yaw.abs() > MAX_YAW {
        return Some(Hindrance::Turned);
    }
    (front.roll_of(&head).abs() > MAX_ROLL).then_some(Hindrance::Tilted)
}

/// Whether `now` is away from the median of `before`, or shows the person from another side.
#[must_use]
pub fn of_stillness(before: &[Outline], now: &Outline) -> Option<Hindrance> {
    if before.len() < MEDIAN_FROM {
        return None;
    }
    let alike = before
        .iter()
        .filter(|then| std::mem::discriminant(*then) == std::mem::discriminant(now));
    if alike.count() * 2 < before.len() {
        return Some(Hindrance::Turned);
    }
    let moved = match now {
        Outline::Front(now) => {
            let of = |quantity: fn(&Front) -> f64| {
                let fronts = before.iter().filter_map(|then| match then {
                    Outline::Front(front) => Some(quantity(front)),
                    Outline::Side(_) => None,
                });
                Spread::of(fronts).median
            };
            let (x, y) = (
                of(|front| front.eyes.middle.x),
                of(|front| front.eyes.middle.y),
            );
            let width = of(|front| front.shoulder_width);
            let eyes = now.eyes.middle;
            (eyes.x - x).hypot(eyes.y - y) > EYES_MOVED * width
                || (now.shoulder_width / width - 1.0).abs() > SHOULDERS_MOVED
        }
        Outline::Side(now) => {
            let of = |quantity: fn(&Side) -> f64| {
                let sides = before.iter().filter_map(|then| match then {
                    Outline::Side(side) => Some(quantity(side)),
                    Outline::Front(_) => None,
                });
                Spread::of(sides).median
            };
            (now.neck - of(|side| side.neck)).abs() > NECK_MOVED
        }
    };
    moved.then_some(Hindrance::Moving)
}
