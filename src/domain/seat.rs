//! A chair that was moved and stayed: the upright goes along with it, a slouch does not.

use std::time::Duration;

use super::baseline::{FrontUpright, Spread};
use super::measures::{Measures, Quantity};
use super::room::Heights;
use super::time::Moment;

/// A chair moved by less does not matter, in centimetres.
const MOVED_CM: f64 = 4.0;

/// Head and shoulders must be at their upright height, in centimetres: between two stretches of
/// upright sitting they differ by up to 0.8.
const SAME_HEIGHT_CM: f64 = 0.8;

/// The head must be as large against the shoulders as upright, as a part of it: what leans forward
/// brings the head nearer than the shoulders.
const SAME_SIZE: f64 = 0.025;

/// The chair must have stayed for this long.
const STAYED: Duration = Duration::from_secs(120);

/// Watches for a chair that has moved.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seat {
    since: Option<Moment>,
}

impl Seat {
    /// Takes smoothed measures; gives how far the chair has moved, in centimetres nearer to the
    /// screen, once it has stayed.
    pub fn push(&mut self, at: Moment, measures: &Measures) -> Option<f64> {
        let within = |quantity: Quantity, bound: f64| {
            measures.value(quantity).is_some_and(|v| v.abs() < bound)
        };
        let forward = measures.value(Quantity::ForwardCm)?;
        let moved = forward.abs() >= MOVED_CM
            && within(Quantity::SinkCm, SAME_HEIGHT_CM)
            && within(Quantity::ShoulderSinkCm, SAME_HEIGHT_CM)
            && within(Quantity::HeadToShoulder, SAME_SIZE);
        if !moved {
            self.since = None;
            return None;
        }
        let since = *self.since.get_or_insert(at);
        (at.since(since) >= STAYED).then(|| {
            self.since = None;
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
