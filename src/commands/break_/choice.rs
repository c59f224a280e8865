//! Which exercises a break has: by their names, and by the person's answers where a routine asks.

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use super::super::setup::UsageError;
use super::{BreakArgs, USUAL};
use crate::config::folders;
use crate::domain::exercise;
use crate::domain::exercise::choice::{Day, Need, Reason};
use crate::relief::{Catalogue, Entry, Place, RoutineEntry};
use crate::runtime::coaching::events;
use crate::runtime::stdio::{print, tell_line};
use crate::wording::{Language, Texts};

/// What was chosen.
pub(super) struct Choice {
    /// The routine's id and title; `None` for exercises by name.
    pub(super) routine: Option<(String, String)>,
    /// The exercises in their order.
    pub(super) plan: Vec<Entry>,
    /// What the day has shown, and for how long, where that has chosen them.
    pub(super) because: Option<(Need, Duration)>,
}

/// What the program brings, and what the person's own `exercises.toml` adds; it lies beside the
/// configuration.
pub(super) fn catalogue(language: Language, config: Option<&Path>) -> anyhow::Result<Catalogue> {
    let catalogue = Catalogue::own(language)?;
    let folder = match config.and_then(Path::parent) {
        Some(folder) => folder.to_owned(),
        None => folders::config()?,
    };
    let path = folder.join("exercises.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => catalogue
            .with(&text)
            .with_context(|| format!("{}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(catalogue),
        Err(error) => Err(error).with_context(|| {
            format!("cannot read {path:?}; make it a readable text file or remove it")
        }),
    }
}

/// The plan by the names on the command line, after the routine's questions, or else by what `day` has
/// shown; `None` when the answers are for a clinician.
pub(super) fn choose(
    args: &BreakArgs,
    catalogue: &Catalogue,
    day: Option<&Day>,
    texts: Texts,
) -> anyhow::Result<Option<Choice>> {
    if args.names.is_empty()
        && args.r#where.is_none()
        && let Some(choice) = day.and_then(|day| by_day(day, catalogue))
    {
        return Ok(Some(choice));
    }
    let usual = [USUAL.to_owned()];
    let names = match args.names.is_empty() {
        true => &usual[..],
        false => &args.names[..],
    };
    let names = ids(names);
    if let [name] = &names[..]
        && let Some(routine) = catalogue.routine(name)
    {
        let place = place(args, routine)?;
        let mut ids = &routine.routine.exercises;
        if let Some(place) = place {
            ids = &place.exercises;
        }
        if routine.red_flags_first {
            match ask(args, catalogue, routine, place, texts)? {
                Answer::Clinician => return Ok(None),
                Answer::Place(place) => ids = &place.exercises,
                Answer::None => {}
            }
        }
        return Ok(Some(Choice {
            routine: Some((routine.routine.id.clone(), routine.title.clone())),
            plan: catalogue.plan(ids),
            because: None,
        }));
    }
    if args.r#where.is_some() {
        return usage(
            "--where is for a routine that asks where it hurts; see \"backstay break --list\"",
        );
    }
    for name in &names {
        if catalogue.routine(name).is_some() {
            return usage("a routine is taken alone; name one routine, or exercises");
        }
        if catalogue.get(name).is_none() {
            return unknown(name);
        }
    }
    Ok(Some(Choice {
        routine: None,
        plan: catalogue.plan(&names),
        because: None,
    }))
}

/// The exercises of these names, those of routines among them, to be told of.
pub(super) fn named(names: &[String], catalogue: &Catalogue) -> anyhow::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for name in ids(names) {
        match (catalogue.routine(&name), catalogue.get(&name)) {
            (Some(routine), _) => found.extend(catalogue.plan(&routine.routine.exercises)),
            (None, Some(entry)) => found.push(entry.clone()),
            (None, None) => return unknown(&name),
        }
    }
    Ok(found)
}

/// What is typed as the names in data: "Chin-Tuck" is chin_tuck.
fn ids(names: &[String]) -> Vec<String> {
    let id = |name: &String| name.to_lowercase().replace('-', "_");
    names.iter().map(id).collect()
}

fn unknown<T>(name: &str) -> anyhow::Result<T> {
    usage(&format!(
        "there is no routine or exercise {name:?}; \"backstay break --list\" has them all"
    ))
}

/// What `day` asks for; `None` where it asks for nothing in particular.
fn by_day(day: &Day, catalogue: &Catalogue) -> Option<Choice> {
    let all = catalogue.exercises.iter();
    let all: Vec<_> = all.map(|entry| entry.exercise.clone()).collect();
    let chosen = exercise::choice::choose(day, &all, &[]);
    match chosen.reason {
        Reason::Shown(need, lasted) => Some(Choice {
            routine: None,
            plan: catalogue.plan(&chosen.exercises),
            because: Some((need, lasted)),
        }),
        Reason::Usual => None,
    }
}

fn usage<T>(text: &str) -> anyhow::Result<T> {
    Err(UsageError(text.to_owned()).into())
}

/// The place on the command line.
fn place<'a>(args: &BreakArgs, routine: &'a RoutineEntry) -> anyhow::Result<Option<&'a Place>> {
    let Some(wanted) = &args.r#where else {
        return Ok(None);
    };
    let wanted = wanted.to_lowercase().replace('-', "_");
    let found = routine.places.iter().find(|place| place.id == wanted);
    if found.is_none() {
        let known: Vec<_> = routine.places.iter().map(|it| it.id.as_str()).collect();
        return usage(&match known.is_empty() {
            true => format!(
                "{} asks for no place; leave out --where",
                routine.routine.id
            ),
            false => format!("--where {wanted:?} is not known; give {}", known.join(", ")),
        });
    }
    Ok(found)
}

enum Answer<'a> {
    /// A red flag is true, or nobody answers.
    Clinician,
    /// It hurts here.
    Place(&'a Place),
    /// Nothing was asked, or nothing new was answered.
    None,
}

/// Shows the red flags and asks; where nobody can answer, they are told all the same.
fn ask<'a>(
    args: &BreakArgs,
    catalogue: &Catalogue,
    routine: &'a RoutineEntry,
    place: Option<&Place>,
    texts: Texts,
) -> anyhow::Result<Answer<'a>> {
    let safety = &catalogue.safety;
    if args.json {
        let place = place.map(|place| place.id.as_str());
        print(&events::safety(safety, routine, place).to_string())?;
        return Ok(Answer::None);
    }
    for flag in &safety.red_flags {
        print(&format!("- {flag}"))?;
    }
    print(&safety.emergency)?;
    if !std::io::stdin().is_terminal() {
        print(&safety.clinician)?;
        return Ok(Answer::None);
    }
    let (yes, no) = texts.yes_and_no();
    let words = [yes, no].concat();
    let flagged = answer(texts, texts.ask_red_flags(), |said| {
        words.contains(&said).then(|| yes.contains(&said))
    })?;
    if flagged != Some(false) {
        print(&safety.clinician)?;
        return Ok(Answer::Clinician);
    }
    for caution in &safety.cautions {
        print(caution)?;
    }
    if place.is_some() || routine.places.is_empty() {
        return Ok(Answer::None);
    }
    for (number, place) in (1..).zip(&routine.places) {
        print(&format!("{number} {}", place.answer))?;
    }
    let chosen = answer(texts, texts.ask_where(), |said| {
        let number: usize = said.parse().ok()?;
        routine.places.get(number.checked_sub(1)?)
    })?;
    Ok(chosen.map_or(Answer::Clinician, Answer::Place))
}

/// What the person answers; asked again until it is an answer, `None` where the input ends.
fn answer<T>(
    texts: Texts,
    question: &str,
    read: impl Fn(&str) -> Option<T>,
) -> anyhow::Result<Option<T>> {
    loop {
        print(question)?;
        let mut line = String::new();
        let length = std::io::stdin().lock().read_line(&mut line);
        if length.context("cannot read the answer")? == 0 {
            return Ok(None);
        }
        match read(&line.trim().to_lowercase()) {
            Some(answer) => return Ok(Some(answer)),
            None => tell_line(texts.answer_again()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::Fault;

    fn chosen(day: &Day) -> Option<(Vec<String>, Need)> {
        let catalogue = Catalogue::own(Language::English).unwrap();
        let choice = by_day(day, &catalogue)?;
        let ids = choice.plan.into_iter().map(|entry| entry.exercise.id);
        Some((ids.collect(), choice.because?.0))
    }

    #[test]
    fn the_day_chooses_what_answers_it() {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let mut day = Day::default();
        assert_eq!(chosen(&day), None, "nothing in particular");
        day.faults = vec![(Fault::ForwardHead, minutes(12))];
        let (ids, need) = chosen(&day).unwrap();
        assert_eq!(need, Need::ForwardHead);
        assert!(ids.contains(&"chin_tuck".to_owned()), "{ids:?}");
        day.faults = vec![(Fault::RaisedShoulders, minutes(12))];
        let (ids, need) = chosen(&day).unwrap();
        assert_eq!(need, Need::RaisedShoulders);
        assert!(ids.contains(&"shoulder_shrug".to_owned()), "{ids:?}");
        day.sitting = minutes(75);
        let (ids, need) = chosen(&day).unwrap();
        assert_eq!(need, Need::LongStill);
        assert_eq!(ids[0], "stand_and_walk");
    }
}
