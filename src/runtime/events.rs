//! Events as other programs read them: one JSON object a line.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::io::{CameraReport, Command, Effect, Fault, Input, Observation, Status};
use crate::domain::pose::Joint;
use crate::domain::time::Moment;

/// The event of an input that others should know of.
#[must_use]
pub fn of_input(at: Moment, input: &Input) -> Option<Value> {
    match input {
        Input::Camera(CameraReport { status, detail }) => Some(event(
            at.elapsed,
            "camera",
            json!({"status": status.name(), "detail": detail}),
        )),
        Input::Command(Command::Pause) => {
            Some(event(at.elapsed, "pause", json!({"reasons": ["user"]})))
        }
        Input::Command(Command::Resume) => Some(event(at.elapsed, "pause", json!({"reasons": []}))),
        Input::Command(Command::Calibrate(_) | Command::Snooze(_))
        | Input::Observation(_)
        | Input::Tick => None,
    }
}

/// The event of an effect that others should know of.
#[must_use]
pub fn of_effect(at: Moment, effect: &Effect) -> Option<Value> {
    let (name, rest) = match effect {
        Effect::State {
            state,
            faults,
            doubt,
        } => {
            let mut rest = json!({"state": state.name(), "faults": names(faults)});
            if let Some(doubt) = doubt {
                rest["reason"] = doubt.name().into();
            }
            ("state", rest)
        }
        Effect::Alert(alert) => {
            let mut rest = json!({
                "kind": alert.kind.name(),
                "faults": names(&alert.faults),
                "bout": alert.bout,
                "lasted": seconds(alert.lasted),
            });
            if let Some(silence) = alert.silenced {
                rest["silenced"] = silence.name().into();
            }
            ("alert", rest)
        }
        Effect::Clear { kind, bout, faults } => (
            "clear",
            json!({"kind": kind.name(), "faults": names(faults), "bout": bout}),
        ),
        Effect::Calibrated(baseline) => ("calibrated", json!({"samples": baseline.samples})),
        Effect::CalibrationRefused(refusal) => (
            "calibration_refused",
            json!({"reason": refusal.to_string()}),
        ),
        Effect::BreakTaken { away } => ("break_taken", json!({"away": seconds(*away)})),
        Effect::Rate(_) | Effect::Publish(_) => return None,
    };
    Some(event(at.elapsed, name, rest))
}

/// The event of one observation, for traces.
#[must_use]
pub fn of_observation(at: Moment, observation: &Observation, status: &Status) -> Value {
    let mut joints = Map::new();
    for joint in Joint::ALL {
        let k = observation.pose.get(joint);
        joints.insert(joint.name().to_owned(), json!([k.x, k.y, k.confidence]));
    }
    let mut measures = Map::new();
    for (name, value) in status.measures.named() {
        if let Some(value) = value {
            // Four decimals of a ratio, a degree or a centimetre are far below the noise.
            measures.insert(name.to_owned(), json!((value * 1e4).round() / 1e4));
        }
    }
    let mut rest = json!({
        "joints": joints,
        "measures": measures,
        "presence": observation.presence,
        "light": observation.light,
        "state": status.state.name(),
    });
    if let Some(shift) = observation.camera {
        rest["camera_shift"] = json!({
            "scene": shift.scene,
            "right": shift.right,
            "down": shift.down,
            "turn": shift.turn,
            "zoom": shift.zoom,
        });
    }
    event(at.elapsed, "observation", rest)
}

/// Seconds, to the millisecond.
pub(crate) fn seconds(span: Duration) -> f64 {
    (span.as_secs_f64() * 1e3).round() / 1e3
}

fn event(elapsed: Duration, name: &str, rest: Value) -> Value {
    let mut event = Map::new();
    event.insert("t".to_owned(), json!(seconds(elapsed)));
    event.insert("event".to_owned(), json!(name));
    if let Value::Object(rest) = rest {
        event.extend(rest);
    }
    Value::Object(event)
}

fn names(faults: &[Fault]) -> Vec<&'static str> {
    faults.iter().map(|fault| fault.name()).collect()
}
