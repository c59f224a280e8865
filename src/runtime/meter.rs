//! Counts what goes by, for those who ask for numbers.

use super::clock;
use super::summary::Summary;
use crate::domain::io::{AlertKind, Effect, State, Status};
use crate::web::{Numbers, Web};

/// Keeps the numbers of a run up to date.
pub struct Meter {
    web: Web,
    alerts: [u64; AlertKind::ALL.len()],
}

impl Meter {
    /// Posts what it counts to `web`.
    #[must_use]
    pub fn new(web: Web) -> Self {
        Self {
            web,
            alerts: Default::default(),
        }
    }

    /// Counts an effect.
    pub fn effect(&mut self, effect: &Effect) {
        if let Effect::Alert(alert) = effect
            && alert.silenced.is_none()
        {
            let mut kinds = AlertKind::ALL.into_iter().zip(&mut self.alerts);
            if let Some((_, count)) = kinds.find(|(kind, _)| *kind == alert.kind) {
                *count += 1;
            }
        }
    }

    /// Posts the numbers as they are now.
    pub fn post(&self, status: &Status, score: Option<f64>, summary: &Summary) {
        self.web.post(Numbers {
            at: clock::elapsed_since_start(),
            state: status.state,
            in_state: State::ALL.map(|state| summary.time_in(state)),
            score,
            sitting: status.sitting,
            pauses: status.pauses.iter().map(|(reason, _)| *reason).collect(),
            alerts: self.alerts,
            silenced: summary.silenced,
            breaks: summary.breaks,
            observations: summary.observations,
        });
    }
}
