//! Where the person is, and what they are asked about it.

use super::Monitor;
use crate::domain::calibration::{self, Plan};
use crate::domain::io::{AlertKind, Effect};
use crate::domain::places::Place;
use crate::domain::profile::Stance;
use crate::domain::time::Moment;

impl Monitor {
    /// The person is at `place` from now on.
    pub(super) fn come_to(&mut self, at: Moment, place: Place) -> Vec<Effect> {
        self.to_ask = match place {
            Place::Known(_) => None,
            Place::OtherStance(Stance::Standing) => Some(AlertKind::StoodUp),
            Place::OtherStance(Stance::Sitting) => Some(AlertKind::SatDown),
            Place::New => Some(AlertKind::NewPlace),
        };
        match (place, self.places.profile().copied()) {
            (Place::Known(_), Some(profile)) => {
                self.judge.set_baseline(Some(profile.baseline));
                self.camera.anchor(profile.place);
            }
            // What was learnt elsewhere waits for the camera to be put back.
            (Place::New, _) if self.judge.has_baseline() => {}
            (Place::New, _) => self.calibrate(
                at,
                Plan::Fixed {
                    span: calibration::SPAN,
                },
            ),
            _ => self.judge.set_baseline(None),
        }
        let mut effects = vec![Effect::Place(place)];
        effects.extend(self.ladder.withdraw_question());
        effects
    }

    /// Puts the question that is open, once in a run.
    pub(super) fn ask(&mut self, at: Moment) -> Vec<Effect> {
        let open = self.to_ask.filter(|kind| !self.asked.contains(kind));
        let Some(kind) = open.filter(|_| self.calibration.is_none()) else {
            return Vec::new();
        };
        let effects = self.ladder.ask(at, kind);
        if !effects.is_empty() {
            self.asked.push(kind);
        }
        effects
    }
}
