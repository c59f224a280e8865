//! A chair that was moved and stayed: the upright goes along with it, a slouch does not.

use std::time::Duration;

use super::baseline::{FrontUpright, Spread};
use super::measures::{Measures, Quantity};
use super::room::Heights;
use super::time::Moment;

/// A chair moved by less does not matter, in centimetres.
const MOVED_CM: f64 = 4.0;

/// Head and shoulders must be at their upright height, in centimetres: between two stretches of
/// upright sitting they differ by up to 0.9.
const SAME_HEIGHT_CM: f64 = 1.0;

/// The head must be as large against the shoulders as upright, as a part of it: what leans forward
/// brings the head nearer than the shoulders.
const SAME_SIZE: f64 = 0.025;

/// The chair must have stayed for this long.
const STAYED: Duration = Duration::from_secs(120);

/// Values are averaged over so long, in seconds: single looks scatter by as much as the bounds.
const AVERAGED_S: f64 = 20.0;

/// What the place of a chair shows in.
const LOOKED_AT: [(Quantity, f64); 4] = [
    (Quantity::ForwardCm, f64::INFINITY),
    (Quantity::SinkCm, SAME_HEIGHT_CM),
    (Quantity::ShoulderSinkCm, SAME_HEIGHT_CM),
    (Quantity::HeadToShoulder, SAME_SIZE),
];

/// Watches for a chair that has moved.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seat {
    /// When it was looked at last, and the averages of [`LOOKED_AT`] then.
    average: Option<(Moment, [f64; LOOKED_AT.len()])>,
    since: Option<Moment>,
}

impl Seat {
    /// Takes smoothed measures; gives how far the chair has moved, in centimetres nearer to the
    /// screen, once it has stayed.
    pub fn push(&mut self, at: Moment, measures: &Measures) -> Option<f64> {
        let mut now = [0.0; LOOKED_AT.len()];
        for (value, (quantity, _)) in now.iter_mut().zip(LOOKED_AT) {
            *value = measures.value(quantity)?;
        }
        if let Some((then, average)) = self.average {
            let weight = (at.since(then).as_secs_f64() / AVERAGED_S).min(1.0);
            for (value, average) in now.iter_mut().zip(average) {
                *value = average + weight * (*value - average);
            }
        }
        self.average = Some((at, now));
        let forward = now[0];
        let upright = now
            .iter()
            .zip(LOOKED_AT)
            .all(|(value, (_, bound))| value.abs() < bound);
        if !upright || forward.abs() < MOVED_CM {
            self.since = None;
            return None;
        }
        let since = *self.since.get_or_insert(at);
        (at.since(since) >= STAYED).then(|| {
            *self = Self::default();
            forward
        })
    }
}

/// The upright as it is seen `larger` times as large, the chair having rolled along the floor.
#[must_use]
pub fn reseated(upright: &FrontUpright, larger: f64, focal_px: f64) -> FrontUpright {
    let heights = Heights::new(upright, focal_px);
    let grown = |spread: Spread| Spread {
        median: spread.median * larger,
        sigma: spread.sigma * larger,
    };
    let rolled = |spread: Spread| Spread {
        median: heights.horizon_y + (spread.median - heights.horizon_y) * larger,
        sigma: spread.sigma * larger,
    };
    let moved = FrontUpright {
        head_width: grown(upright.head_width),
        shoulder_width: grown(upright.shoulder_width),
        eye_y: rolled(upright.eye_y),
        ear_y: rolled(upright.ear_y),
        shoulder_y: rolled(upright.shoulder_y),
        ..*upright
    };
    FrontUpright {
        pitch: Spread {
            median: heights.pitch_of(&moved, focal_px),
            ..upright.pitch
        },
        ..moved
    }
}
