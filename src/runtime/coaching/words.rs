//! A break in lines, for a terminal without a screen.

use super::Break;
use super::events::side;
use crate::domain::exercise::event::{CoachEvent, Phase};
use crate::domain::exercise::outcome::Outcome;
use crate::relief::{Catalogue, Entry};
use crate::wording::{Texts, capital};

/// What the coach says, in lines; none for what lines need not tell. `timing`: it goes by time now.
#[must_use]
pub fn said(of: &Break, event: &CoachEvent, timing: bool) -> Vec<String> {
    let texts = of.texts;
    match event {
        CoachEvent::Announced(number, _) => {
            let Some(entry) = of.plan.get(*number) else {
                return Vec::new();
            };
            let which = texts.of_exercises(number + 1, of.plan.len());
            let mut lines = vec![format!("{}: {}", capital(&which), heading(texts, entry))];
            let told = entry.texts.steps.iter().chain(&entry.texts.cautions);
            lines.extend(told.map(|line| format!("  {line}")));
            lines
        }
        CoachEvent::Phase(Phase::GetReady | Phase::Over) => Vec::new(),
        CoachEvent::Phase(phase) => vec![format!("  {}", phase_words(texts, *phase, timing))],
        CoachEvent::InTheWay(Some(hindrance)) => {
            vec![format!("  {}", texts.hindrance(*hindrance))]
        }
        CoachEvent::Hint(Some(hint)) => vec![format!("  {}", texts.hint(*hint))],
        CoachEvent::Timing(true) if of.camera => vec![format!("  {}", texts.timing_you())],
        CoachEvent::Counted { done, wanted, .. } => vec![format!("  {}", texts.of(*done, *wanted))],
        CoachEvent::Paused(true) => vec![format!("  {}", texts.clock_stopped())],
        CoachEvent::InTheWay(None)
        | CoachEvent::Hint(None)
        | CoachEvent::Timing(_)
        | CoachEvent::Ended(_)
        | CoachEvent::Paused(false)
        | CoachEvent::Finished(_) => Vec::new(),
    }
}

/// What came of it: a line for all, and one for each exercise that was begun.
#[must_use]
pub fn result(of: &Break, outcome: &Outcome) -> Vec<String> {
    let (verified, done) = (outcome.verified(), outcome.done());
    let title = |id: &str| {
        let entry = of.plan.iter().find(|entry| entry.exercise.id == id);
        entry.map_or_else(|| id.to_owned(), |entry| entry.texts.title.clone())
    };
    let each = outcome.exercises.iter().map(|result| {
        let line = of.texts.exercise_result(&title(&result.id), result);
        format!("  {line}")
    });
    let all = of.texts.break_result(verified, done, outcome.planned);
    std::iter::once(all).chain(each).collect()
}

/// All routines and exercises, for people.
#[must_use]
pub fn list(catalogue: &Catalogue, texts: Texts) -> Vec<String> {
    let mut lines = Vec::new();
    for it in &catalogue.routines {
        lines.push(format!("{}: {}. {}", it.routine.id, it.title, it.about));
        lines.push(format!("  {}", it.routine.exercises.join(", ")));
        for place in &it.places {
            let exercises = place.exercises.join(", ");
            lines.push(format!("  --where {}: {}", place.id, place.answer));
            lines.push(format!("    {exercises}"));
        }
    }
    lines.push(String::new());
    lines.extend(catalogue.exercises.iter().map(|it| listed(texts, it)));
    lines
}

/// All that is to be known of one exercise, for people.
#[must_use]
pub fn described(texts: Texts, entry: &Entry) -> Vec<String> {
    let of = &entry.texts;
    let mut lines = vec![listed(texts, entry), format!("  {}", of.purpose)];
    let told = of.steps.iter().chain(&of.cautions);
    lines.extend(told.map(|line| format!("  {line}")));
    let known = texts.known_of_it(&of.evidence, &of.sources.join("; "));
    lines.push(format!("  {known}"));
    if !entry.alternatives.is_empty() {
        lines.push(format!(
            "  {}",
            texts.instead(&entry.alternatives.join(", "))
        ));
    }
    lines
}

/// An exercise in a line.
fn listed(texts: Texts, entry: &Entry) -> String {
    let id = &entry.exercise.id;
    let how = texts.verifiable(entry.exercise.verifiable);
    format!("{id}: {} ({how})", heading(texts, entry))
}

/// What the person is to do now, with the side it is for.
pub(super) fn phase_words(texts: Texts, phase: Phase, by_time: bool) -> String {
    let words = texts.coach_phase(phase, by_time);
    match side(phase) {
        Some(side) => format!("{words}: {}", texts.side(side)),
        None => words.to_owned(),
    }
}

fn heading(texts: Texts, entry: &Entry) -> String {
    format!(
        "{}, {}",
        entry.texts.title,
        texts.dose(&entry.exercise.dose)
    )
}
