//! What a run came to.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::events::seconds;
use crate::domain::intervals::IntervalKind;
use crate::domain::io::{Effect, Input, State};
use crate::domain::time::Moment;
use crate::wording::duration;

/// Counts what goes by.
#[derive(Clone, Debug)]
pub struct Summary {
    in_state: [Duration; State::ALL.len()],
    at_desk: [Duration; IntervalKind::ALL.len()],
    state: State,
    last: Option<Moment>,
    cpu_at_start: Option<Duration>,
    /// Observations judged.
    pub observations: u64,
    /// Pictures passed over because they were bad.
    pub bad_frames: u64,
    /// Posture shifts an hour, as last known.
    pub shifts_per_hour: Option<f64>,
    /// Alerts put to the person.
    pub alerts: u64,
    /// Alerts kept back.
    pub silenced: u64,
    /// Breaks that are over, those that nobody asked for included.
    pub breaks: u64,
}

impl Summary {
    /// Nothing has happened; processor time counts from here.
    #[must_use]
    pub fn new() -> Self {
        Self {
            in_state: [Duration::ZERO; State::ALL.len()],
            at_desk: [Duration::ZERO; IntervalKind::ALL.len()],
            state: State::Unsure,
            last: None,
            cpu_at_start: cpu_time(),
            observations: 0,
            bad_frames: 0,
            shifts_per_hour: None,
            alerts: 0,
            silenced: 0,
            breaks: 0,
        }
    }

    /// Counts an input.
    pub fn input(&mut self, at: Moment, input: &Input) {
        let step = self.last.map_or(Duration::ZERO, |last| at.since(last));
        self.in_state[index(self.state)] += step;
        self.last = Some(at);
        if matches!(input, Input::Observation(_)) {
            self.observations += 1;
        }
    }

    /// Counts an effect.
    pub fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::State { state, .. } => self.state = *state,
            Effect::Alert(alert) if alert.silenced.is_some() => self.silenced += 1,
            Effect::Alert(_) => self.alerts += 1,
            Effect::BreakTaken(_) => self.breaks += 1,
            Effect::Interval(interval) => {
                let kinds = IntervalKind::ALL.iter().zip(&mut self.at_desk);
                for (_, total) in kinds.filter(|(kind, _)| **kind == interval.kind) {
                    *total += interval.lasted();
                }
            }
            Effect::Publish(status) => {
                self.shifts_per_hour = status.shifts_per_hour.or(self.shifts_per_hour);
            }
            _ => {}
        }
    }

    /// When the last input came, since the source began.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.last.map_or(Duration::ZERO, |at| at.elapsed)
    }

    /// Time spent in `state`.
    #[must_use]
    pub fn time_in(&self, state: State) -> Duration {
        self.in_state[index(state)]
    }

    /// Processor time of the process since this summary began, where the system tells it.
    #[must_use]
    pub fn cpu(&self) -> Option<Duration> {
        Some(cpu_time()?.saturating_sub(self.cpu_at_start?))
    }

    /// Mean processor milliseconds an observation, of the whole process.
    #[must_use]
    pub fn cpu_ms_per_observation(&self) -> Option<f64> {
        let cpu = self.cpu()?.as_secs_f64() * 1e3;
        (self.observations > 0).then(|| cpu / self.observations as f64)
    }

    /// The summary event.
    #[must_use]
    pub fn event(&self, engine: Option<&str>) -> Value {
        let mut states = Map::new();
        for state in State::ALL {
            states.insert(state.name().to_owned(), json!(seconds(self.time_in(state))));
        }
        let at_desk: Map<String, Value> = IntervalKind::ALL
            .iter()
            .zip(self.at_desk)
            .map(|(kind, total)| (kind.name().to_owned(), json!(seconds(total))))
            .collect();
        let round = |v: f64| (v * 100.0).round() / 100.0;
        json!({
            "event": "summary",
            "duration": seconds(self.duration()),
            "seconds": states,
            "at_desk": at_desk,
            "breaks": self.breaks,
            "alerts": self.alerts,
            "silenced": self.silenced,
            "shifts_per_hour": self.shifts_per_hour.map(round),
            "observations": self.observations,
            "bad_frames": self.bad_frames,
            "engine": engine,
            "cpu_ms_per_observation": self.cpu_ms_per_observation().map(round),
        })
    }

    /// The summary for people, a few lines.
    #[must_use]
    pub fn text(&self) -> String {
        let mut states = Vec::new();
        for state in State::ALL {
            let time = self.time_in(state);
            if !time.is_zero() {
                states.push(format!(
                    "{} {:.0} s",
                    state.name().replace('_', " "),
                    time.as_secs_f64()
                ));
            }
        }
        let mut text = format!("{} alerts", self.alerts);
        if !states.is_empty() {
            text = format!("{}; {text}", states.join(", "));
        }
        if self.silenced > 0 {
            text += &format!(" and {} kept back", self.silenced);
        }
        for (kind, total) in IntervalKind::ALL.iter().zip(self.at_desk) {
            let told = matches!(kind, IntervalKind::Sitting | IntervalKind::Standing);
            if told && !total.is_zero() {
                text += &format!("; {} for {}", kind.name(), duration(total));
            }
        }
        if self.breaks > 0 {
            text += &format!("; {} breaks", self.breaks);
        }
        if let Some(shifts) = self.shifts_per_hour {
            text += &format!("; {shifts:.0} posture shifts an hour");
        }
        text += &format!("; {} observations", self.observations);
        if self.bad_frames > 0 {
            text += &format!(", {} bad pictures passed over", self.bad_frames);
        }
        if let Some(ms) = self.cpu_ms_per_observation() {
            text += &format!(", {ms:.1} ms of processor time each");
        }
        text
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self::new()
    }
}

fn index(state: State) -> usize {
    State::ALL.iter().position(|s| *s == state).unwrap_or(0)
}

/// Processor time of the process so far.
fn cpu_time() -> Option<Duration> {
    Some(cpu_time::ProcessTime::try_now().ok()?.as_duration())
}
