//! What is told: plain data, made from the domain's status.

use crate::domain::io::Status;
use crate::domain::pauses::PauseReason;

/// The words for the state: the domain's, and that it is paused.
pub(super) const STATES: [&str; 6] = ["good", "at_risk", "bad", "unsure", "away", PAUSED];

const PAUSED: &str = "paused";

/// What Home Assistant takes for "unknown".
const UNKNOWN: &str = "None";

/// What availability is called while there is a connection...
pub(super) const ONLINE: &str = "online";

/// ...and when there is none.
pub(super) const OFFLINE: &str = "offline";

/// All that is told. Two that are equal need no telling twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The state, in one word: one of [`STATES`].
    pub(super) state: &'static str,
    /// How near the worst fault is to its limit, in per cent; `None` while nothing is judged.
    score: Option<u32>,
    /// Whole minutes of sitting without a break.
    sitting: u64,
    /// Whether it is snoozed.
    pub(super) snoozed: bool,
}

impl Default for View {
    /// Of a run that has seen nothing yet.
    fn default() -> Self {
        Self {
            state: "unsure",
            score: None,
            sitting: 0,
            snoozed: false,
        }
    }
}

impl View {
    /// The view of `status` with the monitor's `score`, 1 at the limit.
    #[must_use]
    pub fn of(status: &Status, score: Option<f64>) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float that is too large or too small becomes the nearest"
        )]
        let per_cent = |score: f64| (100.0 * score).round() as u32;
        Self {
            state: if status.pauses.is_empty() {
                status.state.name()
            } else {
                PAUSED
            },
            score: score.map(per_cent),
            sitting: status.sitting.as_secs() / 60,
            snoozed: status
                .pauses
                .iter()
                .any(|(reason, _)| *reason == PauseReason::Snoozed),
        }
    }

    pub(super) fn score(&self) -> String {
        self.score
            .map_or_else(|| UNKNOWN.to_owned(), |score| score.to_string())
    }

    pub(super) fn sitting(&self) -> String {
        self.sitting.to_string()
    }

    pub(super) fn snooze(&self) -> &'static str {
        if self.snoozed { "ON" } else { "OFF" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::State;
    use crate::domain::measures::Measures;
    use std::time::Duration;

    fn status(state: State) -> Status {
        Status {
            state,
            faults: Vec::new(),
            doubt: None,
            measures: Measures::default(),
            sitting: Duration::from_secs(119),
            still: Duration::ZERO,
            shifts_per_hour: None,
            calibrating: None,
            pauses: Vec::new(),
        }
    }

    #[test]
    fn every_state_has_a_word_that_is_announced() {
        for state in State::ALL {
            let view = View::of(&status(state), None);
            assert_eq!(view.state, state.name());
            assert!(STATES.contains(&view.state));
        }
        assert_eq!(STATES.len(), State::ALL.len() + 1);
    }

    #[test]
    fn numbers_are_whole_and_none_is_unknown() {
        let view = View::of(&status(State::Bad), Some(1.236));
        assert_eq!((view.score(), view.sitting()), ("124".into(), "1".into()));
        assert_eq!(View::of(&status(State::Unsure), None).score(), "None");
        let odd = View::of(&status(State::Bad), Some(f64::INFINITY));
        assert_eq!(odd.score(), u32::MAX.to_string());
    }

    #[test]
    fn a_pause_is_a_state_and_only_a_snooze_switches_the_switch() {
        let mut paused = status(State::Unsure);
        paused.pauses = vec![(PauseReason::Locked, None)];
        let view = View::of(&paused, None);
        assert_eq!((view.state, view.snooze()), ("paused", "OFF"));
        paused.pauses.push((PauseReason::Snoozed, None));
        assert_eq!(View::of(&paused, None).snooze(), "ON");
    }
}
