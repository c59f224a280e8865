//! What each fault is judged by, what it is called, and how much of it there is.

use super::io::{Amount, Fault};
use super::measures::{Estimate, Measures, Quantity};
use super::room::{SEATED_EAR_HEIGHT_CM, SEATED_SHOULDER_HEIGHT_CM};
use super::settings::{Limit, Posture};
use super::side_view::PITCH_PER_DEGREE;

/// The faults, each followed by itself. Slouch and forward head share one score, the *carriage* of
/// the head: which of the two it is, the shoulders tell.
pub const FOLLOWED: [Fault; 7] = [
    Fault::Slouch,
    Fault::LeanIn,
    Fault::SideLean,
    Fault::HeadTilt,
    Fault::HeadDown,
    Fault::RaisedShoulders,
    Fault::TooClose,
];

/// Only so many centimetres that the head goes ahead of the shoulders count for the carriage: no
/// neck reaches further, and what reads more is a shoulder that hid.
const FORWARD_CAP_CM: f64 = 8.0;

/// Shoulders that sink less than this part of the head's way have stayed: the head alone went.
const SHOULDERS_STAYED: f64 = 0.8;

/// Seen from the side, a torso that leans forward by less than this, in degrees, has stayed.
const TORSO_STAYED: f64 = 4.5;

/// A head tilt is read only from a head turned less than this, in degrees: a turned head seen from
/// below or above looks tilted.
const TILT_READABLE_YAW: f64 = 15.0;

/// The head must be this much larger against the shoulders for leaning in: a chair that rolls
/// enlarges both.
const LEAN_IN_HEAD_TO_SHOULDER: f64 = 0.03;

/// Who leans in comes down as well, by more than upright sitting wavers by, in centimetres: a chair
/// that rolls does not.
const LEAN_IN_SINK_CM: f64 = 1.0;

/// Who leans in comes down by less than this part of the way forward, rendered and in the model
/// 0.18 to 0.31 of it; who slouches by more, 0.33 and up.
const LEAN_IN_SINKS: f64 = 0.3;

/// A trunk that leans to the side takes the head further to that side than the shoulders, by the
/// difference of their heights over the seat times the sine of the lean; on rendered leans it is
/// 0.7 to 1.4 of that. A trunk that turns lowers the nearer shoulder as well, but leaves the head
/// over the shoulders. This part of the way tells them apart.
const LEAN_TAKES_HEAD: f64 = 0.4;

/// A head this much smaller than upright leans back on a backrest, or the chair has rolled back.
const RECLINED: f64 = -0.10;

/// Leaning back is no fault, and its height is the least sure: this much more sinking, in
/// centimetres, is twice the error it has for people made up in three dimensions.
const RECLINED_ALLOWANCE_CM: f64 = 2.5;

/// Eyes nearer than their limit count as too close only this much, in centimetres, nearer than
/// the person's own upright: the camera's field of view is known to a fifth only.
const TOO_CLOSE_FORWARD_CM: f64 = 5.0;

/// The distance that [`Fault::TooClose`] is counted from, in centimetres.
const CLOSE_FROM_CM: f64 = 60.0;

/// The number that `fault` is judged by; `None` when it cannot be had, and then the fault's timer
/// stands still.
#[must_use]
pub fn value(fault: Fault, m: &Measures, posture: &Posture) -> Option<Estimate> {
    let get = |quantity| m.get(quantity).ok();
    let when = |holds: bool, estimate: Estimate| {
        if holds { estimate } else { NOTHING }
    };
    match fault {
        Fault::Slouch | Fault::ForwardHead => carriage(m, posture),
        Fault::LeanIn => {
            let leans = get(Quantity::HeadToShoulder)?.value >= LEAN_IN_HEAD_TO_SHOULDER
                && get(Quantity::SinkCm)?.value >= LEAN_IN_SINK_CM;
            Some(when(leans, get(Quantity::HeadSize)?))
        }
        Fault::SideLean => {
            let tilt = get(Quantity::Tilt)?;
            // The left shoulder higher is a lean to the right.
            let way =
                (SEATED_EAR_HEIGHT_CM - SEATED_SHOULDER_HEIGHT_CM) * -tilt.value.to_radians().sin();
            let share = get(Quantity::AsideCm)?.value / way;
            Some(when(share >= LEAN_TAKES_HEAD, size(tilt)))
        }
        Fault::HeadTilt if m.value(Quantity::Yaw)?.abs() > TILT_READABLE_YAW => None,
        Fault::HeadTilt => get(Quantity::Roll).map(size),
        Fault::HeadDown => get(Quantity::Pitch),
        Fault::RaisedShoulders => {
            let head_stayed = get(Quantity::EyeSink)?.value.abs() < 0.2
                && get(Quantity::HeadToShoulder)?.value < 0.03;
            Some(when(head_stayed, get(Quantity::HeadDrop)?))
        }
        Fault::TooClose => {
            let came = get(Quantity::ForwardCm)?.value >= TOO_CLOSE_FORWARD_CM;
            Some(when(came, closeness(m)?))
        }
    }
}

/// How much nearer than 60 cm the eyes are, in centimetres.
#[must_use]
pub fn closeness(m: &Measures) -> Option<Estimate> {
    let distance = m.get(Quantity::DistanceCm).ok()?;
    Some(Estimate {
        value: CLOSE_FROM_CM - distance.value,
        ..distance
    })
}

/// The limit that `fault` is held against.
#[must_use]
pub fn limit(fault: Fault, m: &Measures, posture: &Posture) -> Option<Limit> {
    if from_side(m) {
        posture.side_limit(fault)
    } else {
        posture.limit(fault)
    }
}

/// How the head is carried. From the front: how far it has sunk and gone ahead of the shoulders, in
/// centimetres of sinking. From the side: how many degrees neck and torso together lean forward.
///
/// A straight trunk of length L that leans forward or back, its head x from where it was, sinks by
/// x² / 2L: that is leaning, and no slouch. A chair that rolls brings head and shoulders nearer
/// alike, and counts for nothing.
#[must_use]
pub fn carriage(m: &Measures, posture: &Posture) -> Option<Estimate> {
    if let Ok(neck) = m.get(Quantity::NeckInclination) {
        let torso = m.get(Quantity::TorsoInclination).unwrap_or(NOTHING);
        return Some(Estimate {
            value: neck.value + torso.value,
            sigma: neck.sigma.hypot(torso.sigma),
        });
    }
    let sink = m.get(Quantity::SinkCm).ok()?;
    let allowance = if m.value(Quantity::HeadSize)? <= RECLINED {
        RECLINED_ALLOWANCE_CM
    } else {
        0.0
    };
    let forward = m.value(Quantity::ForwardCm)?;
    let ahead = forward - m.value(Quantity::ShoulderForwardCm)?;
    let by_leaning = forward * forward / (2.0 * SEATED_EAR_HEIGHT_CM);
    Some(Estimate {
        value: sink.value - by_leaning - allowance
            + posture.forward_weight * ahead.clamp(0.0, FORWARD_CAP_CM),
        ..sink
    })
}

/// Slouch or forward head.
#[must_use]
pub fn carriage_name(m: &Measures) -> Fault {
    let head_alone = if from_side(m) {
        m.value(Quantity::TorsoInclination)
            .is_some_and(|torso| torso < TORSO_STAYED)
    } else {
        let of = |quantity| m.value(quantity);
        matches!(
            (of(Quantity::SinkCm), of(Quantity::ShoulderSinkCm), of(Quantity::ForwardCm)),
            (Some(head), Some(shoulders), Some(forward))
                if forward > 0.0 && shoulders < SHOULDERS_STAYED * head
        )
    };
    if head_alone {
        Fault::ForwardHead
    } else {
        Fault::Slouch
    }
}

/// Whether what lowers the head is leaning in, which has a name of its own.
#[must_use]
pub fn is_leaning_in(m: &Measures, posture: &Posture) -> bool {
    let (Some(lean), Some(limit)) = (
        value(Fault::LeanIn, m, posture),
        posture.limit(Fault::LeanIn),
    ) else {
        return false;
    };
    let sunk = m.value(Quantity::SinkCm).unwrap_or(0.0);
    let forward = m.value(Quantity::ForwardCm).unwrap_or(0.0);
    lean.value >= limit.enter && sunk < LEAN_IN_SINKS * forward
}

/// How far `fault` is from upright.
#[must_use]
pub fn amount(fault: Fault, m: &Measures, posture: &Posture) -> Option<Amount> {
    let of = |quantity| m.value(quantity);
    match fault {
        Fault::Slouch | Fault::ForwardHead if from_side(m) => {
            carriage(m, posture).map(|lean| Amount::Degrees(lean.value))
        }
        Fault::Slouch => of(Quantity::SinkCm).map(Amount::Centimetres),
        Fault::ForwardHead | Fault::LeanIn => of(Quantity::ForwardCm).map(Amount::Centimetres),
        Fault::SideLean => of(Quantity::Tilt).map(|v| Amount::Degrees(v.abs())),
        Fault::HeadTilt => of(Quantity::Roll).map(|v| Amount::Degrees(v.abs())),
        Fault::HeadDown => of(Quantity::Pitch).map(|v| Amount::Degrees(v / PITCH_PER_DEGREE)),
        Fault::RaisedShoulders => of(Quantity::HeadDrop).map(|v| Amount::Percent(100.0 * v)),
        Fault::TooClose => of(Quantity::DistanceCm).map(Amount::Centimetres),
    }
}

/// No deviation, for certain.
const NOTHING: Estimate = Estimate {
    value: 0.0,
    sigma: 0.0,
};

fn size(estimate: Estimate) -> Estimate {
    Estimate {
        value: estimate.value.abs(),
        ..estimate
    }
}

fn from_side(m: &Measures) -> bool {
    m.get(Quantity::NeckInclination).is_ok()
}
