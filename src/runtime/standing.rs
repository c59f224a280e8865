//! How a run stands, for those who ask from outside.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::events::seconds;
use super::summary::Summary;
use crate::control::VERSION;
use crate::control::board::Board;
use crate::domain::io::{Alert, CameraStatus, Effect, Input, Status};
use crate::domain::time::Moment;
use crate::domain::today::Today;

/// How often those who follow are told how things stand, while nothing happens.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Keeps a board up to date.
pub struct Standing {
    /// Where it is posted.
    pub board: Board,
    /// Where pictures come from, in words.
    pub source: String,
    camera: (CameraStatus, String),
    /// What is on show, the latest last.
    shown: Vec<Alert>,
    told_at: Option<Duration>,
    today: Today,
}

impl Standing {
    /// Of a run that looks at `source`.
    #[must_use]
    pub fn new(board: Board, source: String) -> Self {
        Self {
            board,
            source,
            camera: (CameraStatus::Ok, String::new()),
            shown: Vec::new(),
            told_at: None,
            today: Today::default(),
        }
    }

    /// Notes an input.
    pub fn input(&mut self, input: &Input) {
        match input {
            Input::Camera(report) => self.camera = (report.status, report.detail.clone()),
            Input::Observation(_) => self.camera = (CameraStatus::Ok, String::new()),
            Input::Command(_)
            | Input::Signal(_)
            | Input::Settings(_)
            | Input::Break(_)
            | Input::Earlier(_)
            | Input::Tick => {}
        }
    }

    /// Notes an effect.
    pub fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Alert(alert) if alert.silenced.is_none() => {
                self.shown.retain(|shown| shown.kind != alert.kind);
                self.shown.push(alert.clone());
            }
            Effect::Clear { kind, .. } => self.shown.retain(|shown| shown.kind != *kind),
            _ => {}
        }
    }

    /// Posts how things stand at `at`.
    pub fn post(&mut self, at: Moment, status: &Status, engine: Option<&str>, summary: &Summary) {
        self.today.push(at, &status.faults);
        let standing = self.event(at, status, engine, summary);
        let due = |told: Duration| at.elapsed.saturating_sub(told) >= TELL_EVERY;
        if self.board.is_followed() && self.told_at.is_none_or(due) {
            self.told_at = Some(at.elapsed);
            self.board.tell(&standing);
        }
        self.board.post(standing);
    }

    fn event(&self, at: Moment, status: &Status, engine: Option<&str>, summary: &Summary) -> Value {
        let names = |faults: &[crate::domain::io::Fault]| -> Vec<&str> {
            faults.iter().map(|fault| fault.name()).collect()
        };
        let brief = |value: f64| (value * 1e4).round() / 1e4;
        let measures: Map<String, Value> = status
            .measures
            .iter()
            .filter_map(|(quantity, measure)| {
                Some((
                    quantity.name().to_owned(),
                    json!(brief(measure.ok()?.value)),
                ))
            })
            .collect();
        let pauses: Vec<Value> = status
            .pauses
            .iter()
            .map(|(reason, left)| json!({"reason": reason.name(), "left_s": left.map(seconds)}))
            .collect();
        let shown: Vec<Value> = self
            .shown
            .iter()
            .map(|alert| json!({"kind": alert.kind.name(), "faults": names(&alert.faults)}))
            .collect();
        let calibrating = status.calibrating.map(|progress| {
            json!({
                "phase": progress.phase.name(),
                "part": (progress.part * 100.0).round() / 100.0,
                "hindrance": progress.hindrance.map(|hindrance| hindrance.name()),
            })
        });
        let today: Map<String, Value> = self
            .today
            .faults()
            .map(|(fault, lasted)| (fault.name().to_owned(), json!(seconds(lasted))))
            .collect();
        json!({
            "event": "status",
            "t": seconds(at.elapsed),
            "api": VERSION,
            "program": env!("CARGO_PKG_VERSION"),
            "pid": std::process::id(),
            "source": self.source,
            "engine": engine,
            "state": status.state.name(),
            "faults": names(&status.faults),
            "reason": status.doubt.map(|doubt| doubt.name()),
            "pauses": pauses,
            "camera": {"status": self.camera.0.name(), "detail": self.camera.1},
            "sitting_s": seconds(status.sitting),
            "still_s": seconds(status.still),
            "shifts_per_hour": status.shifts_per_hour.map(|shifts| shifts.round()),
            "today": today,
            "calibrating": calibrating,
            "shown": shown,
            "alerts": summary.alerts,
            "observations": summary.observations,
            "bad_frames": summary.bad_frames,
            "measures": measures,
        })
    }
}
