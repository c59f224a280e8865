//! Files of exercises: ours is whole, and a mistake in the person's own is told.

use std::time::Duration;

use backstay::domain::exercise::Verifiable;
use backstay::domain::exercise::choice::{Day, Need, Reason, choose};
use backstay::domain::io::Fault;
use backstay::relief::Catalogue;
use backstay::wording::Language;

const MINE: &str = r#"
[[exercise]]
id = "mine"
title = "Mine"
purpose = "Mine."
steps = ["Do it."]
hold_s = 10
repetitions = 2
verifiable = "good"
evidence = "None."
sources = ["own choice"]
[exercise.camera]
least_s = 5
goal = [{ signal = "head_bend", at_least = 10, exit = 5, hint = "bend_further" }]
"#;

fn own() -> Catalogue {
    Catalogue::own(Language::English).unwrap()
}

#[test]
fn ours_has_what_the_program_promises() {
    let own = own();
    for id in [
        "neck_side_bend",
        "neck_rotation",
        "chin_tuck",
        "shoulder_shrug",
        "shoulder_roll",
        "goal_post_squeeze",
        "chest_opener",
        "arms_overhead",
        "seated_twist",
        "stand_and_walk",
        "band_lateral_raise",
    ] {
        let entry = own.get(id).unwrap_or_else(|| panic!("no {id}"));
        assert_ne!(entry.exercise.verifiable, Verifiable::Timer, "{id}");
    }
    for entry in &own.exercises {
        let evidence = entry.texts.evidence.to_lowercase();
        for word in ["prevent", "cure", "heal", "treat"] {
            assert!(!evidence.contains(word), "{}: {word}", entry.texts.title);
        }
    }
    for (id, seconds) in [
        ("desk_reset", 60..150),
        ("neck_and_shoulders", 180..300),
        ("upper_back_strength", 180..330),
    ] {
        let routine = &own.routine(id).unwrap().routine;
        let length: u64 = own
            .plan(&routine.exercises)
            .iter()
            .map(|e| 5 + e.exercise.dose.length().as_secs())
            .sum();
        assert!(seconds.contains(&length), "{id}: {length} s");
    }
    assert!(own.routine("knot_relief").unwrap().red_flags_first);
}

#[test]
fn what_a_day_shows_is_answered_from_our_exercises() {
    let own = own();
    let all: Vec<_> = own.exercises.iter().map(|e| e.exercise.clone()).collect();
    let usual = &own.routine("desk_reset").unwrap().routine.exercises;
    let hour = Duration::from_secs(3600);
    let day = |fault, sitting| Day {
        faults: vec![(fault, hour / 6)],
        still: Duration::ZERO,
        sitting,
    };
    let forward = choose(&day(Fault::ForwardHead, Duration::ZERO), &all, usual);
    assert_eq!(forward.exercises, ["chin_tuck", "chest_opener"]);
    let raised = choose(&day(Fault::RaisedShoulders, Duration::ZERO), &all, usual);
    assert_eq!(raised.exercises, ["shoulder_shrug", "shoulder_roll"]);
    let long = choose(&day(Fault::RaisedShoulders, hour), &all, usual);
    assert_eq!(long.exercises, ["stand_and_walk"]);
    assert_eq!(long.reason, Reason::Shown(Need::LongStill, hour));
    assert_eq!(choose(&Day::default(), &all, usual).exercises, *usual);
}

#[test]
fn german_has_every_text() {
    let german = Catalogue::own(Language::German).unwrap();
    for (there, here) in german.exercises.iter().zip(&own().exercises) {
        assert_eq!(there.exercise, here.exercise);
        assert_eq!(there.texts.steps.len(), here.texts.steps.len());
        assert_eq!(there.texts.cautions.len(), here.texts.cautions.len());
        assert_ne!(there.texts.purpose, here.texts.purpose);
    }
    assert_eq!(german.safety.red_flags.len(), own().safety.red_flags.len());
}

#[test]
fn mine_is_added_and_one_of_the_same_id_replaces() {
    let count = own().exercises.len();
    let with = own().with(MINE).unwrap();
    assert_eq!(with.exercises.len(), count + 1);
    let with = own()
        .with(&MINE.replace("\"mine\"", "\"chin_tuck\""))
        .unwrap();
    assert_eq!(with.exercises.len(), count);
    assert_eq!(with.get("chin_tuck").unwrap().texts.title, "Mine");
}

#[test]
fn a_mistake_is_told_with_line_exercise_key_and_remedy() {
    let told = |from: &str, to: &str| {
        assert!(MINE.contains(from), "{from}");
        let error = own().with(&MINE.replace(from, to)).unwrap_err();
        error.to_string()
    };
    for (from, to, expected) in [
        (
            "hold_s = 10",
            "hold_s = 0",
            "line 7: exercise \"mine\": \"hold_s\" must be 1 to 3600 seconds",
        ),
        (
            "repetitions = 2",
            "repetitions = 500",
            "line 8: exercise \"mine\": \"repetitions\" must be 1 to 100",
        ),
        (
            "sources = [\"own choice\"]",
            "sources = []",
            "line 11: exercise \"mine\": \"sources\" must say where",
        ),
        (
            "sources = [\"own choice\"]",
            "",
            "line 2: exercise \"mine\": missing field `sources`",
        ),
        (
            "hold_s = 10",
            "hold_s = 10\nhlod_s = 3",
            "line 8: exercise \"mine\": unknown field `hlod_s`, expected",
        ),
        (
            "\"head_bend\"",
            "\"head_bent\"",
            "line 14: exercise \"mine\": \"goal\" is \"head_bent\"; it must be one of head_bend,",
        ),
        (
            "\"bend_further\"",
            "\"bend\"",
            "line 14: exercise \"mine\": \"goal\" is \"bend\"; it must be one of bend_further,",
        ),
        (
            "exit = 5",
            "exit = 15",
            "line 14: exercise \"mine\": \"goal\" needs an exit",
        ),
        (
            "least_s = 5",
            "least_s = 50",
            "line 13: exercise \"mine\": \"least_s\" must be hold_s or less",
        ),
        (
            "least_s = 5",
            "",
            "line 2: exercise \"mine\": \"camera\" needs least_s",
        ),
        (
            "verifiable = \"good\"",
            "verifiable = \"timer\"",
            "line 9: exercise \"mine\": \"verifiable\" must be",
        ),
        (
            "hold_s = 10",
            "hold_s = 10\nalternatives = [\"none\"]",
            "line 8: exercise \"mine\": \"alternatives\" names \"none\", which is no exercise",
        ),
        (
            "[[exercise]]",
            "colour = 1\n[[exercise]]",
            "line 2: unknown field `colour`, expected",
        ),
        ("hold_s = 10", "hold_s =", "line 7: "),
    ] {
        let error = told(from, to);
        assert!(error.starts_with(expected), "{error}\nexpected: {expected}");
    }
}
