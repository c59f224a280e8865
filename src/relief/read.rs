//! Reads and checks files of exercises.

use std::time::Duration;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::mistake::ReliefError;
use super::raw::{RawCamera, RawCondition, RawExercise, RawFile, RawRoutine, RawTexts};
use super::{Catalogue, Entry, Place, RoutineEntry, Safety, Texts};
use crate::domain::exercise::choice::Need;
use crate::domain::exercise::signal::Signal;
use crate::domain::exercise::{
    Bound, Condition, Dose, Exercise, Hint, Rhythm, Routine, Rule, Verifiable,
};

/// The longest hold, in seconds.
const LONGEST_S: f64 = 3600.0;

/// The most repetitions.
const MOST: u32 = 100;

/// A hold goes on over a gap of this many seconds, where nothing else is said.
const GAP_S: f64 = 1.0;

/// Reads a whole catalogue.
pub(super) fn catalogue(text: &str) -> Result<Catalogue, ReliefError> {
    let nowhere = Spot::top(text);
    let empty = Catalogue {
        exercises: Vec::new(),
        routines: Vec::new(),
        safety: Safety {
            clinician: String::new(),
            red_flags: Vec::new(),
            emergency: String::new(),
            cautions: Vec::new(),
            sources: Vec::new(),
        },
    };
    let read = extend(empty, text)?;
    if read.safety.red_flags.is_empty() {
        return Err(nowhere.err("safety", "there is no [safety] with its red_flags"));
    }
    Ok(read)
}

/// Adds what `text` has to `catalogue`; what has the same id replaces.
pub(super) fn extend(mut catalogue: Catalogue, text: &str) -> Result<Catalogue, ReliefError> {
    let file: RawFile = parse(text)?;
    let mut checks = Vec::new();
    for table in file.exercise {
        let place = Spot::of(text, "exercise", &table);
        let entry = exercise(place.read(table)?, &place)?;
        checks.push((place, entry.alternatives.clone(), "alternatives"));
        let same = |old: &Entry| old.exercise.id == entry.exercise.id;
        match catalogue.exercises.iter().position(same) {
            Some(at) => catalogue.exercises[at] = entry,
            None => catalogue.exercises.push(entry),
        }
    }
    for table in file.routine {
        let place = Spot::of(text, "routine", &table);
        let entry = routine(place.read(table)?, &place)?;
        let mut named = entry.routine.exercises.clone();
        named.extend(entry.places.iter().flat_map(|p| p.exercises.clone()));
        checks.push((place, named, "exercises"));
        let same = |old: &RoutineEntry| old.routine.id == entry.routine.id;
        match catalogue.routines.iter().position(same) {
            Some(at) => catalogue.routines[at] = entry,
            None => catalogue.routines.push(entry),
        }
    }
    for (place, ids, key) in checks {
        if let Some(id) = ids.iter().find(|id| catalogue.get(id).is_none()) {
            let what = format!("names \"{id}\", which is no exercise; write the id of one");
            return Err(place.err(key, &what));
        }
    }
    if let Some(safety) = file.safety {
        catalogue.safety = Safety {
            clinician: safety.clinician,
            red_flags: safety.red_flags,
            emergency: safety.emergency,
            cautions: safety.cautions,
            sources: safety.sources,
        };
    }
    Ok(catalogue)
}

/// The same catalogue with the texts of `text`, which must have all of them.
pub(super) fn translate(mut catalogue: Catalogue, text: &str) -> Result<Catalogue, ReliefError> {
    let top = Spot::top(text);
    let mut raw: RawTexts = parse(text)?;
    for entry in &mut catalogue.exercises {
        let id = &entry.exercise.id;
        let texts = raw
            .exercise
            .remove(id)
            .ok_or_else(|| top.err("exercise", &format!("has no texts for \"{id}\"")))?;
        entry.texts = Texts {
            title: texts.title,
            purpose: texts.purpose,
            steps: texts.steps,
            cautions: texts.cautions,
            evidence: texts.evidence,
            sources: entry.texts.sources.clone(),
        };
    }
    for entry in &mut catalogue.routines {
        let id = &entry.routine.id;
        let texts = raw
            .routine
            .remove(id)
            .ok_or_else(|| top.err("routine", &format!("has no texts for \"{id}\"")))?;
        entry.title = texts.title;
        entry.about = texts.about;
        for place in &mut entry.places {
            let answer = texts.places.get(&place.id);
            place.answer = answer.cloned().ok_or_else(|| {
                let what = format!("has no text for \"{}\" of \"{id}\"", place.id);
                top.err("where", &what)
            })?;
        }
    }
    if let Some(id) = raw.exercise.keys().chain(raw.routine.keys()).next() {
        return Err(top.err(id, "is no exercise or routine"));
    }
    let safety = raw.safety;
    catalogue.safety = Safety {
        clinician: safety.clinician,
        red_flags: safety.red_flags,
        emergency: safety.emergency,
        cautions: safety.cautions,
        sources: catalogue.safety.sources,
    };
    Ok(catalogue)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ReliefError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        ReliefError {
            line: line(text, start),
            place: String::new(),
            what: error.message().to_owned(),
        }
    })
}

fn line(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// Where a mistake is.
struct Spot<'a> {
    text: &'a str,
    start: usize,
    name: String,
}

impl<'a> Spot<'a> {
    fn top(text: &'a str) -> Self {
        Self {
            text,
            start: 0,
            name: String::new(),
        }
    }

    fn of(text: &'a str, kind: &str, table: &Spanned<toml::Table>) -> Self {
        let id = table.get_ref().get("id").and_then(toml::Value::as_str);
        Self {
            text,
            start: table.span().start,
            name: format!("{kind} \"{}\": ", id.unwrap_or("without an id")),
        }
    }

    fn read<T: DeserializeOwned>(&self, table: Spanned<toml::Table>) -> Result<T, ReliefError> {
        table.into_inner().try_into().map_err(|error| {
            let error: toml::de::Error = error;
            let words = error.message().to_owned();
            // The parser puts the key it complains of between backticks.
            let key = words.split('`').nth(1).unwrap_or_default().to_owned();
            self.at(&key, words)
        })
    }

    fn err(&self, key: &str, what: &str) -> ReliefError {
        self.at(key, format!("\"{key}\" {what}"))
    }

    /// The mistake at the line of `key` within this table, or at the table's own.
    fn at(&self, key: &str, what: String) -> ReliefError {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let next = |kind: &str| rest.get(2..).and_then(|r| r.find(kind)).map(|at| at + 2);
        let ends = [next("\n[[exercise]]"), next("\n[[routine]]")];
        let end = ends.into_iter().flatten().min().unwrap_or(rest.len());
        let mut at = self.start;
        let mut found = None;
        for row in rest[..end].split_inclusive('\n') {
            let keyed = row.trim_start().strip_prefix(key);
            if !key.is_empty() && keyed.is_some_and(|after| after.trim_start().starts_with('=')) {
                found = Some(at);
                break;
            }
            at += row.len();
        }
        ReliefError {
            line: line(self.text, found.unwrap_or(self.start)),
            place: self.name.clone(),
            what,
        }
    }
}

fn exercise(raw: RawExercise, place: &Spot<'_>) -> Result<Entry, ReliefError> {
    if !raw.hold_s.is_finite() || !(1.0..=LONGEST_S).contains(&raw.hold_s) {
        return Err(place.err("hold_s", "must be 1 to 3600 seconds"));
    }
    if !(1..=MOST).contains(&raw.repetitions) {
        return Err(place.err("repetitions", "must be 1 to 100"));
    }
    let empty = |texts: &[String]| texts.is_empty() || texts.iter().any(|t| t.trim().is_empty());
    if empty(&raw.sources) {
        let what = "must say where dose and evidence are from; write \"own choice\" if nowhere";
        return Err(place.err("sources", what));
    }
    if empty(&raw.steps) || raw.steps.len() > 2 {
        return Err(place.err("steps", "must be one or two lines"));
    }
    for (key, text) in [
        ("id", &raw.id),
        ("title", &raw.title),
        ("purpose", &raw.purpose),
        ("evidence", &raw.evidence),
    ] {
        if text.trim().is_empty() {
            return Err(place.err(key, "must not be empty"));
        }
    }
    let names = Verifiable::ALL.map(Verifiable::name);
    let verifiable = Verifiable::ALL
        .into_iter()
        .find(|v| v.name() == raw.verifiable)
        .ok_or_else(|| place.unknown("verifiable", &raw.verifiable, &names))?;
    if raw.camera.is_some() == (verifiable == Verifiable::Timer) {
        let what =
            "must be \"timer\" without a [exercise.camera], and \"good\" or \"fair\" with one";
        return Err(place.err("verifiable", what));
    }
    let mut answers = Vec::new();
    for name in &raw.answers {
        let need = Need::ALL.into_iter().find(|need| need.name() == name);
        let names = Need::ALL.map(Need::name);
        answers.push(need.ok_or_else(|| place.unknown("answers", name, &names))?);
    }
    let dose = Dose {
        hold: Duration::from_secs_f64(raw.hold_s),
        repetitions: raw.repetitions,
        both_sides: raw.both_sides,
        rest: place.seconds("rest_s", raw.rest_s)?,
    };
    let rule = raw.camera.map(|camera| rule(camera, place)).transpose()?;
    if let Some(Rhythm::Hold(least)) = rule.as_ref().map(|rule| rule.rhythm)
        && least > dose.hold
    {
        return Err(place.err("least_s", "must be hold_s or less"));
    }
    Ok(Entry {
        exercise: Exercise {
            id: raw.id,
            dose,
            rule,
            verifiable,
            answers,
            strengthens: raw.strengthens,
        },
        texts: Texts {
            title: raw.title,
            purpose: raw.purpose,
            steps: raw.steps,
            cautions: raw.cautions,
            evidence: raw.evidence,
            sources: raw.sources,
        },
        alternatives: raw.alternatives,
    })
}

impl Spot<'_> {
    fn unknown(&self, key: &str, value: &str, names: &[&str]) -> ReliefError {
        let what = format!("is \"{value}\"; it must be one of {}", names.join(", "));
        self.err(key, &what)
    }

    fn seconds(&self, key: &str, value: f64) -> Result<Duration, ReliefError> {
        let fits = (0.0..=LONGEST_S).contains(&value);
        fits.then(|| Duration::from_secs_f64(value))
            .ok_or_else(|| self.err(key, "must be 0 to 3600 seconds"))
    }
}

fn rule(raw: RawCamera, place: &Spot<'_>) -> Result<Rule, ReliefError> {
    let rhythm = match (raw.least_s, raw.fastest_s, raw.slowest_s) {
        (Some(least), None, None) => Rhythm::Hold(place.seconds("least_s", least)?),
        (None, Some(fastest), Some(slowest)) if fastest < slowest => Rhythm::Move(
            place.seconds("fastest_s", fastest)?,
            place.seconds("slowest_s", slowest)?,
        ),
        _ => {
            let what =
                "needs least_s for a hold, or fastest_s and a longer slowest_s for a movement";
            return Err(place.err("camera", what));
        }
    };
    if raw.goal.is_empty() {
        return Err(place.err("goal", "must have at least one condition"));
    }
    let all = |raw: &[RawCondition], key: &str| -> Result<Vec<Condition>, ReliefError> {
        raw.iter().map(|raw| condition(raw, key, place)).collect()
    };
    Ok(Rule {
        goal: all(&raw.goal, "goal")?,
        keep: all(&raw.keep, "keep")?,
        rhythm,
        gap: place.seconds("gap_s", raw.gap_s.unwrap_or(GAP_S))?,
    })
}

fn condition(raw: &RawCondition, key: &str, place: &Spot<'_>) -> Result<Condition, ReliefError> {
    let names = Signal::ALL.map(Signal::name);
    let signal = Signal::ALL
        .into_iter()
        .find(|signal| signal.name() == raw.signal)
        .ok_or_else(|| place.unknown(key, &raw.signal, &names))?;
    let names: Vec<&str> = Hint::ALL.iter().map(|hint| hint.name()).collect();
    let hint = Hint::ALL
        .iter()
        .find(|hint| hint.name() == raw.hint)
        .ok_or_else(|| place.unknown(key, &raw.hint, &names))?;
    let (bound, enter) = match (raw.at_least, raw.at_most) {
        (Some(limit), None) => (Bound::AtLeast, limit),
        (None, Some(limit)) => (Bound::AtMost, limit),
        _ => return Err(place.err(key, "needs either at_least or at_most in each condition")),
    };
    let outside = match bound {
        Bound::AtLeast => raw.exit <= enter,
        Bound::AtMost => raw.exit >= enter,
    };
    if !(outside && enter.is_finite() && raw.exit.is_finite()) {
        let what = "needs an exit at or beyond the wrong side of its limit";
        return Err(place.err(key, what));
    }
    Ok(Condition {
        signal,
        bound,
        enter,
        exit: raw.exit,
        hint: *hint,
    })
}

fn routine(raw: RawRoutine, place: &Spot<'_>) -> Result<RoutineEntry, ReliefError> {
    if raw.exercises.is_empty() {
        return Err(place.err("exercises", "must name at least one exercise"));
    }
    Ok(RoutineEntry {
        routine: Routine {
            id: raw.id,
            exercises: raw.exercises,
        },
        title: raw.title,
        about: raw.about,
        red_flags_first: raw.red_flags_first,
        places: raw
            .places
            .into_iter()
            .map(|place| Place {
                id: place.id,
                answer: place.question,
                exercises: place.exercises,
            })
            .collect(),
    })
}
