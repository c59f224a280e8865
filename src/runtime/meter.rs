//! Counts what goes by, for those who ask for numbers.

use super::clock;
use super::summary::Summary;
use crate::domain::io::{AlertKind, Effect, State, Status};
use crate::web::{Numbers, Web};

/// Keeps the numbers of a run up to date.
pub struct Meter {
    web: Web,
    alerts: [u64; AlertKind::ALL.len()],
    breaks: u64,
}

impl Meter {
    /// Posts what it counts to `web`.
    #[must_use]
    pub fn new(web: Web) -> Self {
        Self {
            web,
            alerts: Default::default(),
            breaks: 0,
        }
    }

    /// Counts an effect.
    pub fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Alert(alert) if alert.silenced.is_none() => {
                let mut kinds = AlertKind::ALL.into_iter().zip(&mut self.alerts);
                if let Some((_, count)) = kinds.find(|(kind, _)| *kind == alert.kind) {
                    *count += 1;
                }
            }
            Effect::BreakTaken(_) => self.breaks += 1,
            _ => {}
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
            breaks: self.breaks,
            observations: summary.observations,
        });
    }
}
