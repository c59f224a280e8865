//! What a break tells other front ends, one JSON object a line.

use serde_json::{Value, json};

use super::super::events::seconds;
use super::Break;
use crate::domain::exercise::event::{CoachEvent, Phase};
use crate::domain::exercise::outcome::{ExerciseResult, Outcome};
use crate::domain::exercise::{Dose, Side};
use crate::domain::time::Moment;
use crate::relief::{Catalogue, Entry, RoutineEntry, Safety};
use crate::wording::Texts;

/// The break begins.
#[must_use]
pub fn begin(of: &Break) -> Value {
    let ids: Vec<_> = of.plan.iter().map(|entry| &entry.exercise.id).collect();
    let because = of
        .because
        .map(|(need, lasted)| json!({"need": need.name(), "lasted_s": seconds(lasted)}));
    json!({
        "event": "break",
        "t": 0.0,
        "routine": of.routine.as_ref().map(|(id, _)| id),
        "title": of.routine.as_ref().map(|(_, title)| title),
        "because": because,
        "exercises": ids,
        "camera": of.camera,
        "monitor_paused": of.monitor_paused,
        "notice": of.notice,
    })
}

/// What the coach says.
#[must_use]
pub fn said(of: &Break, at: Moment, event: &CoachEvent) -> Value {
    let t = seconds(at.elapsed);
    match event {
        CoachEvent::Announced(number, wait) => match of.plan.get(*number) {
            Some(entry) => json!({
                "event": "announced", "t": t, "number": number + 1, "in_s": seconds(*wait),
                "exercise": entry.exercise.id, "title": entry.texts.title,
                "steps": entry.texts.steps, "cautions": entry.texts.cautions,
                "dose": dose(&entry.exercise.dose),
                "verifiable": entry.exercise.verifiable.name(),
            }),
            None => json!({"event": "announced", "t": t, "number": number + 1}),
        },
        CoachEvent::Phase(phase) => json!({
            "event": "phase", "t": t, "phase": phase.name(), "side": side(*phase).map(Side::name),
        }),
        CoachEvent::InTheWay(hindrance) => json!({
            "event": "in_the_way", "t": t, "hindrance": hindrance.map(|it| it.name()),
            "text": hindrance.map(|it| of.texts.hindrance(it)),
        }),
        CoachEvent::Timing(timing) => json!({"event": "timing", "t": t, "timing": timing}),
        CoachEvent::Counted {
            done,
            wanted,
            verified,
        } => json!({
            "event": "counted", "t": t, "done": done, "wanted": wanted, "verified": verified,
        }),
        CoachEvent::Hint(hint) => json!({
            "event": "hint", "t": t, "hint": hint.map(|it| it.name()),
            "text": hint.map(|it| of.texts.hint(it)),
        }),
        CoachEvent::Ended(result) => {
            let mut value = json!({"event": "exercise_ended", "t": t});
            if let (Value::Object(to), Value::Object(from)) = (&mut value, exercise(result)) {
                to.extend(from);
            }
            value
        }
        CoachEvent::Paused(paused) => json!({"event": "paused", "t": t, "paused": paused}),
        CoachEvent::Finished(outcome) => finished(t, outcome),
    }
}

/// Something was asked for that means nothing.
#[must_use]
pub fn mistake(at: Moment, why: &str) -> Value {
    json!({"event": "mistake", "t": seconds(at.elapsed), "text": why})
}

/// The cautions that come before a routine, and its answers to "where does it hurt?".
#[must_use]
pub fn safety(safety: &Safety, routine: &RoutineEntry, place: Option<&str>) -> Value {
    let places = routine.places.iter().map(
        |place| json!({"place": place.id, "answer": place.answer, "exercises": place.exercises}),
    );
    json!({
        "event": "safety", "t": 0.0, "red_flags": safety.red_flags, "clinician": safety.clinician,
        "emergency": safety.emergency, "cautions": safety.cautions, "sources": safety.sources,
        "places": places.collect::<Vec<_>>(), "place": place,
    })
}

/// All routines and exercises, a line each.
#[must_use]
pub fn list(catalogue: &Catalogue, texts: Texts) -> Vec<Value> {
    let routine = |it: &RoutineEntry| {
        json!({
            "routine": it.routine.id, "title": it.title, "about": it.about,
            "exercises": it.routine.exercises, "red_flags_first": it.red_flags_first,
            "places": it.places.iter().map(|place| &place.id).collect::<Vec<_>>(),
        })
    };
    let routines = catalogue.routines.iter().map(routine);
    let exercises = catalogue.exercises.iter().map(|it| listed(it, texts));
    routines.chain(exercises).collect()
}

/// All that is to be known of one exercise.
#[must_use]
pub fn listed(it: &Entry, texts: Texts) -> Value {
    json!({
        "exercise": it.exercise.id, "title": it.texts.title, "purpose": it.texts.purpose,
        "steps": it.texts.steps, "dose": dose(&it.exercise.dose),
        "dose_text": texts.dose(&it.exercise.dose),
        "verifiable": it.exercise.verifiable.name(), "cautions": it.texts.cautions,
        "evidence": it.texts.evidence, "sources": it.texts.sources,
        "alternatives": it.alternatives,
    })
}

/// The side that a phase asks for.
pub(super) fn side(phase: Phase) -> Option<Side> {
    match phase {
        Phase::Go(side) | Phase::Hold(side) => side,
        _ => None,
    }
}

fn finished(t: f64, outcome: &Outcome) -> Value {
    json!({
        "event": "finished", "t": t, "planned": outcome.planned, "done": outcome.done(),
        "verified": outcome.verified(),
        "exercises": outcome.exercises.iter().map(exercise).collect::<Vec<_>>(),
    })
}

fn exercise(result: &ExerciseResult) -> Value {
    json!({
        "exercise": result.id, "wanted": result.wanted, "verified": result.verified,
        "timed": result.timed, "held_s": seconds(result.held), "took_s": seconds(result.took),
        "end": result.end.name(),
    })
}

fn dose(dose: &Dose) -> Value {
    json!({
        "hold_s": seconds(dose.hold), "repetitions": dose.repetitions,
        "both_sides": dose.both_sides, "rest_s": seconds(dose.rest),
    })
}
