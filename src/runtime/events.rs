//! Events as other programs read them: one JSON object a line.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::domain::breaks::{BreakKind, TakenBreak};
use crate::domain::hindrance::Hindrance;
use crate::domain::intervals::Interval;
use crate::domain::io::{Amount, CameraReport, Effect, Fault, Input, Observation, Status};
use crate::domain::places::Place;
use crate::domain::pose::Joint;
use crate::domain::time::Moment;
use crate::wording::ENGLISH;

/// The event of an input that others should know of.
#[must_use]
pub fn of_input(at: Moment, input: &Input) -> Option<Value> {
    match input {
        Input::Camera(CameraReport { status, detail }) => Some(event(
            at.elapsed,
            "camera",
            json!({"status": status.name(), "detail": detail}),
        )),
        Input::Command(_)
        | Input::Signal(_)
        | Input::Settings(_)
        | Input::Observation(_)
        | Input::Break(_)
        | Input::Earlier(_)
        | Input::Tick => None,
    }
}

/// The event of an effect that others should know of; `name` gives the names of profiles by their
/// numbers.
#[must_use]
pub fn of_effect(
    at: Moment,
    effect: &Effect,
    name: impl Fn(usize) -> Option<String>,
) -> Option<Value> {
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
            if let Some(Amount::Minutes(proposed)) = alert.amount {
                rest["span"] = json!((proposed * 60e3).round() / 1e3);
            }
            if let Some(silence) = alert.silenced {
                rest["silenced"] = silence.name().into();
            }
            ("alert", rest)
        }
        Effect::Clear { kind, bout, faults } => (
            "clear",
            json!({"kind": kind.name(), "faults": names(faults), "bout": bout}),
        ),
        Effect::Calibrating(progress) => (
            "calibrating",
            json!({
                "phase": progress.phase.name(),
                "part": (progress.part * 1e3).round() / 1e3,
                "hindrance": progress.hindrance.map(Hindrance::name),
            }),
        ),
        Effect::SlouchLearnt { share } => (
            "slouch_learnt",
            json!({"share": (share * 1e3).round() / 1e3}),
        ),
        Effect::Calibrated(learnt) => (
            "calibrated",
            json!({
                "samples": learnt.profile.baseline.samples,
                "stance": learnt.profile.stance.name(),
                "profile": name(learnt.number),
            }),
        ),
        Effect::Place(place) => (
            "profile",
            match place {
                Place::Known(number) => json!({"place": "known", "profile": name(*number)}),
                Place::OtherStance(stance) => json!({"place": stance.name(), "profile": null}),
                Place::New => json!({"place": "new", "profile": null}),
            },
        ),
        Effect::CalibrationRefused(refusal) => (
            "calibration_refused",
            json!({"reason": ENGLISH.refusal(*refusal)}),
        ),
        Effect::CameraMoved(what) => ("camera_moved", json!({"upright": what.name()})),
        Effect::ChairMoved { forward_cm } => (
            "chair_moved",
            json!({"forward_cm": (forward_cm * 10.0).round() / 10.0}),
        ),
        Effect::StillHint { held } => ("hint", json!({"kind": "still", "lasted": seconds(*held)})),
        Effect::Wrong(fault) => ("feedback", json!({"wrong": fault.name()})),
        Effect::Paused(reasons) => {
            let reasons: Vec<&str> = reasons.iter().map(|reason| reason.name()).collect();
            ("pause", json!({"reasons": reasons}))
        }
        Effect::BreakTaken(taken) => ("break_taken", taken_break(taken)),
        Effect::Interval(interval) => return Some(of_interval(at, interval)),
        Effect::Rate(_) | Effect::Publish(_) => return None,
    };
    Some(event(at.elapsed, name, rest))
}

/// What a break was.
#[must_use]
pub(crate) fn taken_break(taken: &TakenBreak) -> Value {
    match taken.kind {
        BreakKind::Away => json!({"kind": taken.kind.name(), "away": seconds(taken.lasted)}),
        _ => json!({
            "kind": taken.kind.name(), "lasted": seconds(taken.lasted),
            "walked": seconds(taken.walked), "verified": taken.verified, "done": taken.done,
            "planned": taken.planned,
        }),
    }
}

/// The event of a stretch of time at the desk that is over at `at`.
#[must_use]
pub fn of_interval(at: Moment, interval: &Interval) -> Value {
    let rest = json!({
        "kind": interval.kind.name(),
        "from": seconds(interval.from.elapsed),
        "to": seconds(interval.to.elapsed),
        "lasted": seconds(interval.lasted()),
        "locked": interval.locked,
    });
    event(at.elapsed, "interval", rest)
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
    let mut uncertainty = Map::new();
    let mut absent = Map::new();
    // Four decimals of a ratio, a degree or a centimetre are far below the noise.
    let brief = |value: f64| json!((value * 1e4).round() / 1e4);
    for (quantity, measure) in status.measures.iter() {
        let name = quantity.name().to_owned();
        match measure {
            Ok(estimate) => {
                measures.insert(name.clone(), brief(estimate.value));
                uncertainty.insert(name, brief(estimate.sigma));
            }
            Err(why) => {
                absent.insert(name, why.name().into());
            }
        }
    }
    let mut rest = json!({
        "joints": joints,
        "measures": measures,
        "uncertainty": uncertainty,
        "absent": absent,
        "presence": observation.presence,
        "light": observation.light,
        "state": status.state.name(),
        "still": seconds(status.still),
        "shifts_per_hour": status.shifts_per_hour,
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
    if let Some(size) = observation.other_person {
        rest["other_person"] = json!(size);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calibration::{Phase, Progress};
    use crate::domain::io::{Alert, AlertKind, Urgency};
    use crate::domain::time::WallTime;

    #[test]
    fn a_prompt_says_how_long_it_has_been_and_what_it_proposes() {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        let at = Moment::after(start, Duration::from_secs(1260));
        let told = |kind, amount| {
            let alert = Alert {
                kind,
                bout: 1,
                faults: Vec::new(),
                amount,
                lasted: Duration::from_secs(1200),
                urgency: Urgency::Quiet,
                silenced: None,
            };
            let event = of_effect(at, &Effect::Alert(alert), |_| None).unwrap();
            event.to_string()
        };
        assert_eq!(
            told(AlertKind::Stand, Some(Amount::Minutes(8.0))),
            r#"{"t":1260.0,"event":"alert","kind":"stand","faults":[],"bout":1,"lasted":1200.0,"span":480.0}"#
        );
        assert_eq!(
            told(AlertKind::Eyes, None),
            r#"{"t":1260.0,"event":"alert","kind":"eyes","faults":[],"bout":1,"lasted":1200.0}"#
        );
        let posture = told(AlertKind::Posture, Some(Amount::Centimetres(4.0)));
        assert!(!posture.contains("span"), "{posture}");
    }

    #[test]
    fn a_hindrance_is_an_event_and_so_is_its_end() {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        let at = Moment::after(start, Duration::from_millis(3500));
        let told = |hindrance| {
            let progress = Progress {
                phase: Phase::Upright,
                part: 0.4,
                hindrance,
            };
            of_effect(at, &Effect::Calibrating(progress), |_| None).unwrap()
        };
        assert_eq!(
            told(Some(Hindrance::TooDark)).to_string(),
            r#"{"t":3.5,"event":"calibrating","phase":"upright","part":0.4,"hindrance":"too_dark"}"#
        );
        assert_eq!(told(None)["hindrance"], Value::Null);
    }
}
