//! What a rule can look at: numbers of one picture against the person's neutral.

use super::neutral::{Features, Neutral};

macro_rules! signals {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $typical:literal;)*) => {
        /// A number of the picture that a rule can hold against a limit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Signal {
            $($(#[$doc])* $variant,)*
        }

        impl Signal {
            /// All signals.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            /// The name used in data.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),*
                }
            }

            /// A change that matters as much as a tenth of a ratio: the filter's constants are made
            /// for ratios.
            #[must_use]
            pub fn typical(self) -> f64 {
                match self {
                    $(Self::$variant => $typical),*
                }
            }
        }
    };
}

signals! {
    /// Ear line against shoulder line, in degrees towards the side asked for.
    HeadBend = "head_bend", 10.0;
    /// Turn of the head as it appears, in degrees towards the side asked for.
    HeadTurn = "head_turn", 10.0;
    /// Turn of the head as it appears, in degrees to either side.
    HeadTurned = "head_turned", 10.0;
    /// Eyes beside the middle of the shoulders, in shoulder widths towards the side asked for: the
    /// face goes where a turning trunk goes, and of the shoulders the nearer one looks further out.
    TrunkTurn = "trunk_turn", 0.1;
    /// Slope of the shoulder line, in degrees to either side.
    TrunkLean = "trunk_lean", 6.0;
    /// Nod or lift of the head, in distances between the ears from nose to ear line.
    Nod = "nod", 0.2;
    /// How much smaller the head is against the shoulders, as a part of it: further back.
    HeadBack = "head_back", 0.1;
    /// How much less the ears are above the shoulders, as a part of it: shoulders lifted.
    ShoulderRise = "shoulder_rise", 0.2;
    /// The shoulders higher in the picture, in shoulder widths.
    ShouldersUp = "shoulders_up", 0.1;
    /// Distance between the shoulders over the neutral one.
    ShoulderWidth = "shoulder_width", 0.1;
    /// Change of the distance between the shoulders either way, as a part of it.
    WidthChange = "width_change", 0.1;
    /// The lower elbow above the shoulders, in shoulder widths.
    LowerElbow = "lower_elbow", 0.2;
    /// The higher elbow above the shoulders, in shoulder widths.
    HigherElbow = "higher_elbow", 0.2;
    /// Wrists above the elbows, the lesser of both, in shoulder widths.
    ForearmsUp = "forearms_up", 0.2;
    /// Distance between the elbows in shoulder widths.
    ElbowSpan = "elbow_span", 0.2;
    /// Wrists from the ears, the greater of both, in distances between the ears.
    HandsFromEars = "hands_from_ears", 0.3;
    /// Wrists above the eyes, the lesser of both, in shoulder widths; where the picture's top cuts
    /// them off, the elbows above the shoulders and [`CUT_REACH`].
    Reach = "reach", 0.2;
    /// Upper arm away from hanging down, the lesser of both, in degrees: 90 is level.
    ArmAngle = "arm_angle", 15.0;
    /// 1 when nobody is on the chair or they stand, 0 when they sit there.
    Gone = "gone", 1.0;
}

/// Added to the height of an elbow whose wrist is above the picture: an elbow 0.3 above the shoulders
/// then counts as a wrist 0.5 above the eyes (design).
pub const CUT_REACH: f64 = 0.2;

/// A head of which an ear is hidden is turned at least so far, in degrees (an ear disappears from
/// about 50 degrees on).
pub const EAR_LOST_DEG: f64 = 50.0;

/// Apparent turns beyond this, in degrees, no longer correct the head's width.
const MOST_TURN: f64 = 60.0;

/// Eyes this many distances between the ears higher: the person stands. The forward model gives 1.4
/// for 20 cm and more for a usual stand.
pub const STANDS: f64 = 1.2;

impl Signal {
    /// Whether its sign tells the side.
    #[must_use]
    pub fn is_sided(self) -> bool {
        matches!(self, Self::HeadBend | Self::HeadTurn | Self::TrunkTurn)
    }

    /// Whether it is a change, nought at the neutral.
    #[must_use]
    pub fn is_change(self) -> bool {
        match self {
            Self::HeadBend
            | Self::HeadTurn
            | Self::HeadTurned
            | Self::TrunkTurn
            | Self::TrunkLean
            | Self::Nod
            | Self::HeadBack
            | Self::ShoulderRise
            | Self::ShouldersUp
            | Self::WidthChange => true,
            Self::ShoulderWidth
            | Self::LowerElbow
            | Self::HigherElbow
            | Self::ForearmsUp
            | Self::ElbowSpan
            | Self::HandsFromEars
            | Self::Reach
            | Self::ArmAngle
            | Self::Gone => false,
        }
    }

    /// The signal of a picture against `neutral`, positive to the left where it has a side; `None`
    /// when a joint that it needs is not seen. `Gone` is read without a pose.
    #[must_use]
    pub fn of(self, now: &Features, neutral: &Neutral) -> Option<f64> {
        let before = &neutral.upright;
        let width = before.shoulder_width;
        let bend = || match (now.ear_roll, before.ear_roll) {
            (Some(now), Some(before)) => Some(before - now),
            // A hand at the head hides an ear and leaves the eyes.
            _ => Some(before.eye_roll - now.eye_roll),
        };
        let turn = || now.yaw.map(|yaw| yaw - before.yaw.unwrap_or(0.0));
        let over_shoulders = |y: f64| (now.shoulders.y - y) / width;
        let [left, right] = now.elbows;
        let elbows = || Some((over_shoulders(left?.y), over_shoulders(right?.y)));
        match self {
            Self::HeadBend => bend(),
            Self::HeadTurn => turn(),
            Self::HeadTurned => turn().map(f64::abs),
            Self::TrunkTurn => {
                let beside = |f: &Features| f.eyes.x - f.shoulders.x;
                Some((beside(now) - beside(before)) / width)
            }
            Self::TrunkLean => Some((now.tilt - before.tilt).abs()),
            Self::Nod => Some((now.pitch? - before.pitch?).abs()),
            Self::HeadBack => {
                // Two sizes scatter less than one: ears waver behind hair, eyes are near together.
                let size = |f: &Features, yaw: f64| {
                    let yaw = yaw.clamp(-MOST_TURN, MOST_TURN).to_radians();
                    Some((f.ear_span? * f.face).sqrt() / yaw.cos() / f.shoulder_width)
                };
                Some(1.0 - size(now, turn()?)? / size(before, 0.0)?)
            }
            Self::ShoulderRise => Some(1.0 - now.ear_height / before.ear_height),
            Self::ShouldersUp => Some((before.shoulders.y - now.shoulders.y) / width),
            Self::ShoulderWidth => Some(now.shoulder_width / width),
            Self::WidthChange => Some((now.shoulder_width / width - 1.0).abs()),
            Self::LowerElbow => elbows().map(|(left, right)| left.min(right)),
            Self::HigherElbow => elbows().map(|(left, right)| left.max(right)),
            Self::ForearmsUp => {
                let [left_hand, right_hand] = now.wrists;
                let up = (left?.y - left_hand?.y).min(right?.y - right_hand?.y);
                Some(up / width)
            }
            Self::ElbowSpan => Some(left?.distance(right?) / width),
            Self::HandsFromEars => {
                let [left_hand, right_hand] = now.wrists;
                let way = left_hand?
                    .distance(now.ears[0])
                    .max(right_hand?.distance(now.ears[1]));
                Some(way / before.ear_span?)
            }
            Self::Reach => {
                let reach = |side: usize| match (now.wrists[side], now.elbows[side]) {
                    (Some(wrist), _) => Some((now.eyes.y - wrist.y) / width),
                    (None, Some(elbow)) => Some(over_shoulders(elbow.y) + CUT_REACH),
                    (None, None) => None,
                };
                Some(reach(0)?.min(reach(1)?))
            }
            Self::ArmAngle => {
                let angle = |side: usize| {
                    let (shoulder, elbow) = (now.shoulder[side], now.elbows[side]?);
                    let (out, down) = ((elbow.x - shoulder.x).abs(), elbow.y - shoulder.y);
                    Some(out.atan2(down).to_degrees())
                };
                Some(angle(0)?.min(angle(1)?))
            }
            Self::Gone => {
                let risen = (before.eyes.y - now.eyes.y) / before.ear_span.unwrap_or(width / 2.0);
                Some(f64::from(u8::from(risen >= STANDS)))
            }
        }
    }
}
