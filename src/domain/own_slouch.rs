//! The person's own slouch, and the limit it gives.

use std::collections::VecDeque;
use std::time::Duration;

use super::baseline::{Baseline, SLOUCH_LIMITS, Spread, Upright};
use super::faults;
use super::hindrance::Hindrance;
use super::io::{Fault, Observation};
use super::measures::{Quantity, measure};
use super::outline::Outline;
use super::settings::Settings;
use super::time::Moment;

/// A slouch that is seen as less than this part of the preset limit is hardly seen: upright sitting
/// wavers by as much.
pub const HARDLY_SEEN: f64 = 0.5;

/// From this part of the preset limit on the person has slouched as asked...
const SLOUCHED: f64 = 0.75;

/// ...by the median of so many looks...
const LOOKS: usize = 5;

/// ...and after this long whatever is seen must be the slouch, if the camera shows little of it.
const GIVEN_TIME: Duration = Duration::from_secs(15);

/// A head turned further than this from upright, in degrees, hides an ear.
const TURNED: f64 = 25.0;

/// The person's own limit lies at this part of their own slouch.
const LIMIT_OF_SLOUCH: f64 = 0.5;

/// The limit of somebody whose slouch is `share` times the preset limit, as a factor on that limit.
#[must_use]
pub fn personal_limit(share: f64) -> f64 {
    let (lowest, highest) = SLOUCH_LIMITS;
    (LIMIT_OF_SLOUCH * share).clamp(lowest, highest)
}

/// Collects observations of a person who slouches on request.
#[derive(Clone, Debug)]
pub struct OwnSlouch {
    upright: Baseline,
    asked: Moment,
    /// Whether the person has begun to slouch.
    begun: bool,
    /// The latest scores, as parts of the preset limit.
    latest: VecDeque<f64>,
    /// The scores of the slouch, and what was seen.
    shares: Vec<f64>,
    seen: Vec<Outline>,
}

impl OwnSlouch {
    /// The slouch against `upright` of somebody who is asked for it at `asked`.
    #[must_use]
    pub fn of(upright: Baseline, asked: Moment) -> Self {
        Self {
            upright,
            asked,
            begun: false,
            latest: VecDeque::new(),
            shares: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// What was seen of it so far.
    #[must_use]
    pub fn seen(&self) -> &[Outline] {
        &self.seen
    }

    /// Why `seen`, whose outline is `now`, cannot be compared with the upright. A head that is bent
    /// or close is part of a slouch.
    #[must_use]
    pub fn hindrance(&self, seen: &Observation, now: &Outline, focal_px: f64) -> Option<Hindrance> {
        let turned = match (&self.upright.upright, now) {
            (Upright::Front(_), Outline::Front(_)) => measure(&seen.pose, &self.upright, focal_px)
                .value(Quantity::Yaw)
                .is_none_or(|yaw| yaw.abs() > TURNED),
            (Upright::Side(_), Outline::Side(_)) => false,
            _ => true,
        };
        turned.then_some(Hindrance::Turned)
    }

    /// Takes what nothing hinders; whether it counts.
    pub fn push(
        &mut self,
        at: Moment,
        seen: &Observation,
        outline: Outline,
        settings: &Settings,
    ) -> bool {
        let share = self.share(seen, settings);
        self.latest.push_back(share);
        while self.latest.len() > LOOKS {
            self.latest.pop_front();
        }
        let slouched = self.latest.len() == LOOKS
            && Spread::of(self.latest.iter().copied()).median >= SLOUCHED;
        self.begun |= slouched || at.since(self.asked) >= GIVEN_TIME;
        if self.begun {
            self.shares.push(share);
            self.seen.push(outline);
        }
        self.begun
    }

    /// Drops what was collected: the person slouches in another way now.
    pub fn start_over(&mut self) {
        self.shares.clear();
        self.seen.clear();
    }

    /// The upright with the person's own limit, and the slouch as a part of the preset limit.
    #[must_use]
    pub fn finish(&self) -> (Baseline, f64) {
        let share = Spread::of(self.shares.iter().copied()).median;
        let baseline = Baseline {
            slouch_limit: Some(personal_limit(share)),
            ..self.upright
        };
        (baseline, share)
    }

    /// The slouch score over the preset limit. The person's sensitivity is left out: it scales the
    /// own limit as it scales the preset one.
    fn share(&self, seen: &Observation, settings: &Settings) -> f64 {
        let posture = &settings.posture;
        let limit = match self.upright.upright {
            Upright::Front(_) => posture.limits.get(Fault::Slouch),
            Upright::Side(_) => posture.inclination,
        };
        let measures = measure(&seen.pose, &self.upright, settings.focal_px(seen.frame.0));
        faults::carriage(&measures, posture).map_or(0.0, |score| score.value / limit.enter)
    }
}
