//! Measures of a person seen from the side.

use super::baseline::SideUpright;
use super::measures::{Absent, Quantity, Values};
use super::outline;
use super::pose::Pose;

/// Pitch of the front view per degree of head inclination: a head seen from the front shows the
/// nose lower by this part of the distance between the ears.
pub const PITCH_PER_DEGREE: f64 = 0.0131;

/// Compares a pose seen from the side with the upright.
pub(super) fn measure(pose: &Pose, upright: &SideUpright) -> Values {
    let mut values: Values = Quantity::ALL.map(|_| Err(Absent::FromSide));
    let mut set = |quantity: Quantity, value: Result<f64, Absent>| {
        values[quantity as usize] = value;
    };
    let Some(now) = outline::side(pose) else {
        return Quantity::ALL.map(|_| Err(Absent::Hidden));
    };
    set(
        Quantity::NeckInclination,
        Ok(now.neck - upright.neck.median),
    );
    set(
        Quantity::TorsoInclination,
        match (now.torso, upright.torso) {
            (Some(now), Some(then)) => Ok(now - then.median),
            _ => Err(Absent::Hidden),
        },
    );
    set(
        Quantity::Pitch,
        Ok((now.pitch - upright.pitch.median) * PITCH_PER_DEGREE),
    );
    // A head turned out of the profile shows its nose nearer to the ear by the cosine of the turn;
    // which way it turned does not show.
    let seen = now.nose_length / upright.nose_length.median;
    set(Quantity::Yaw, Ok(seen.clamp(-1.0, 1.0).acos().to_degrees()));
    values
}
