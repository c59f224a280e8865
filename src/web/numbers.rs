//! The numbers of a run.

use std::time::Duration;

use crate::domain::io::{AlertKind, State};
use crate::domain::pauses::PauseReason;

/// How a run stands, in numbers; all counts are since its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// When they were taken.
    pub at: Duration,
    /// The state then.
    pub state: State,
    /// The time spent in each state until then, in the order of [`State::ALL`].
    pub in_state: [Duration; State::ALL.len()],
    /// How near the worst fault is to its limit, 1 at the limit; `None` while nothing is judged.
    pub score: Option<f64>,
    /// Sitting without a break.
    pub sitting: Duration,
    /// The reasons for a pause that hold.
    pub pauses: Vec<PauseReason>,
    /// Alerts put to the person, in the order of [`AlertKind::ALL`].
    pub alerts: [u64; AlertKind::ALL.len()],
    /// Alerts kept back.
    pub silenced: u64,
    /// Breaks taken.
    pub breaks: u64,
    /// Observations judged.
    pub observations: u64,
}

impl Default for Numbers {
    /// Of a run that has seen nothing yet.
    fn default() -> Self {
        Self {
            at: Duration::ZERO,
            state: State::Unsure,
            in_state: Default::default(),
            score: None,
            sitting: Duration::ZERO,
            pauses: Vec::new(),
            alerts: Default::default(),
            silenced: 0,
            breaks: 0,
            observations: 0,
        }
    }
}
