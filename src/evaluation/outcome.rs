//! What the monitor made of a recording, gathered from its effects.

use std::time::Duration;

use crate::domain::io::{AlertKind, Effect, Fault, State};
use crate::domain::monitor::Monitor;
use crate::domain::settings::Settings;
use crate::domain::time::Moment;
use crate::runtime::drive;
use crate::runtime::observed::ObservationReplay;
use crate::runtime::outputs::Outputs;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::SessionReplay;
use crate::session::SessionReader;

use super::observe::Material;

/// A posture alert as it was raised, told or silenced; the repeats of its bout are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// When, in seconds.
    pub at: f64,
    /// When the fault that it names first began.
    pub since: f64,
    /// The faults, the worst first; one at least.
    pub faults: Vec<Fault>,
    /// When it was taken back. One that was silenced had nothing to take back: it ends with the
    /// bad state. Infinite where the recording ends first.
    pub until: f64,
}

/// What the monitor made of a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The posture alerts, one a bout, in order.
    pub alerts: Vec<Raised>,
    /// The states with the times they began, in order.
    pub states: Vec<(f64, State)>,
    /// When the monitor said that the camera had moved.
    pub camera_moved: Vec<f64>,
    /// Whether the upright could be learnt.
    pub calibrated: bool,
    /// When the last input came.
    pub end: f64,
}

impl Outcome {
    /// Judges `material` under `settings`, calibrated on its first `calibrate`, in the loop that
    /// replays use.
    ///
    /// # Errors
    /// When a session cannot be read.
    pub async fn of(
        material: &Material,
        settings: Settings,
        calibrate: Duration,
    ) -> anyhow::Result<Self> {
        let rate = SharedRate::new(settings.rates.active);
        let mut outputs = Outputs::new(rate.clone());
        outputs.kept = Some(Vec::new());
        let mut monitor = Monitor::new(settings, None);
        match material {
            Material::Observations(observations) => {
                let mut inputs = ObservationReplay::new(observations, rate);
                inputs.calibrate(calibrate);
                drive(&mut monitor, &mut inputs, &mut outputs).await?;
            }
            Material::Session(path) => {
                let mut inputs = SessionReplay::new(SessionReader::open(path)?);
                inputs.calibrate(calibrate);
                drive(&mut monitor, &mut inputs, &mut outputs).await?;
            }
        }
        let effects = outputs.kept.take().unwrap_or_default();
        let mut outcome = Self::from_effects(&effects);
        outcome.end = outputs.finish()?.duration().as_secs_f64();
        Ok(outcome)
    }

    /// Gathers what counts from `effects`; `end` is the last effect's time.
    #[must_use]
    pub fn from_effects(effects: &[(Moment, Effect)]) -> Self {
        let mut outcome = Self::default();
        // The number of the latest alert's bout, as long as it has not been taken back.
        let mut open: Option<u64> = None;
        let mut latest: Option<u64> = None;
        for (at, effect) in effects {
            let at = at.elapsed.as_secs_f64();
            outcome.end = at;
            let closes = match effect {
                Effect::State { state, .. } => {
                    outcome.states.push((at, *state));
                    matches!(state, State::Good | State::AtRisk | State::Away)
                }
                Effect::Clear { bout, .. } => open == Some(*bout),
                Effect::Alert(alert) if alert.kind == AlertKind::Posture => {
                    if latest != Some(alert.bout) {
                        (open, latest) = (Some(alert.bout), Some(alert.bout));
                        outcome.alerts.push(Raised {
                            at,
                            since: at - alert.lasted.as_secs_f64(),
                            faults: alert.faults.clone(),
                            until: f64::INFINITY,
                        });
                    }
                    false
                }
                Effect::Calibrated(_) => {
                    outcome.calibrated = true;
                    false
                }
                Effect::CameraMoved(_) => {
                    outcome.camera_moved.push(at);
                    false
                }
                Effect::Alert(_)
                | Effect::ChairMoved { .. }
                | Effect::Place(_)
                | Effect::StillHint { .. }
                | Effect::CalibrationRefused(_)
                | Effect::BreakTaken(_)
                | Effect::Interval(_)
                | Effect::Paused(_)
                | Effect::Wrong(_)
                | Effect::Rate(_)
                | Effect::Calibrating(_)
                | Effect::SlouchLearnt { .. }
                | Effect::Publish(_) => false,
            };
            if closes
                && open.take().is_some()
                && let Some(last) = outcome.alerts.last_mut()
            {
                last.until = at;
            }
        }
        outcome
    }

    /// The state held at `t`; unsure before the first.
    #[must_use]
    pub fn state_at(&self, t: f64) -> State {
        let begun = self.states.partition_point(|(at, _)| *at <= t);
        self.states[..begun]
            .last()
            .map_or(State::Unsure, |(_, state)| *state)
    }

    /// Seconds between `from` and `to` that the state was `wanted`.
    #[must_use]
    pub fn seconds_in(&self, wanted: State, from: f64, to: f64) -> f64 {
        let ends = self.states.iter().skip(1).map(|(at, _)| *at);
        self.states
            .iter()
            .zip(ends.chain([f64::INFINITY]))
            .filter(|((_, state), _)| *state == wanted)
            .map(|((began, _), ended)| (ended.min(to) - began.max(from)).max(0.0))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::Silence;
    use crate::evaluation::testing::Script;

    #[test]
    fn repeats_of_a_bout_are_one_alert() {
        let outcome = Script::new()
            .state(10.0, State::Good)
            .state(50.0, State::Bad)
            .alert(50.0, 1, Fault::Slouch, 30.0)
            .alert(230.0, 1, Fault::Slouch, 210.0)
            .clear(240.0, 1)
            .state(240.0, State::AtRisk)
            .outcome();
        assert_eq!(outcome.alerts.len(), 1);
        let alert = &outcome.alerts[0];
        assert_eq!((alert.at, alert.since, alert.until), (50.0, 20.0, 240.0));
        assert_eq!(outcome.end, 240.0);
    }

    #[test]
    fn a_silenced_alert_counts_and_ends_with_the_state() {
        let outcome = Script::new()
            .state(50.0, State::Bad)
            .silenced(50.0, 3, Fault::LeanIn, 20.0, Silence::Cooldown)
            .state(60.0, State::Unsure)
            .state(70.0, State::Bad)
            .state(90.0, State::AtRisk)
            .outcome();
        assert_eq!(outcome.alerts.len(), 1);
        assert_eq!(outcome.alerts[0].until, 90.0);
    }

    #[test]
    fn states_hold_until_the_next() {
        let outcome = Script::new()
            .state(10.0, State::Good)
            .state(20.0, State::Bad)
            .state(25.0, State::Good)
            .outcome();
        assert_eq!(outcome.state_at(9.9), State::Unsure);
        assert_eq!(outcome.state_at(10.0), State::Good);
        assert_eq!(outcome.state_at(24.9), State::Bad);
        assert_eq!(outcome.state_at(99.0), State::Good);
        assert_eq!(outcome.seconds_in(State::Bad, 22.0, 90.0), 3.0);
        assert_eq!(outcome.seconds_in(State::Good, 0.0, 30.0), 15.0);
    }
}
