//! What a run and breaks leave in the history, and what `backstay report` makes of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[cfg(target_os = "linux")]
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
#[cfg(target_os = "linux")]
#[path = "rig/running.rs"]
mod running;

use std::fs;

use common::{Home, named};
use serde_json::{Value, json};

/// A made-up exercise of strength that takes a second.
const SHORT: &str = r#"
[[exercise]]
id = "press"
title = "Press"
purpose = "Works the arms."
steps = ["Press the hands together for a second."]
hold_s = 1
repetitions = 1
verifiable = "timer"
strengthens = true
cautions = []
evidence = "Made up for a test."
sources = ["own choice"]
"#;

/// A home with that exercise and this configuration.
fn home(config: &str) -> Home {
    let home = Home::new();
    let folder = home.path("config/backstay");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("exercises.toml"), SHORT).unwrap();
    fs::write(folder.join("config.toml"), config).unwrap();
    home
}

fn text(home: &Home, arguments: &str) -> String {
    let done = home.backstay(arguments).assert().success();
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_break_by_time_is_kept_and_reported() {
    let home = home("");
    assert!(home.events("report --json").is_empty());
    let told = text(&home, "report");
    assert!(told.starts_with("nothing is kept of these days"), "{told}");
    assert!(!home.path("data/backstay/history.db").exists());

    let events = home.events("break press --no-camera --json");
    let kept = events.last().unwrap();
    assert_eq!(kept["event"], "kept");
    assert_eq!((&kept["kind"], &kept["done"]), (&json!("timed"), &json!(1)));
    assert_eq!(kept["strength"]["days"], 1);
    let told = text(&home, "break press --no-camera");
    let last = told.lines().last().unwrap();
    assert!(
        last.starts_with("strength this week: 1 of 5 days ("),
        "{told}"
    );

    let days = home.events("report --json");
    let breaks = json!({"away": 0, "walked": 0, "stretched": 0, "timed": 2});
    assert_eq!((days.len(), &days[0]["breaks"]), (2, &breaks));
    assert_eq!(days[0]["exercises"], json!({"verified": 0, "planned": 2}));
    assert_eq!(days[0]["strength"], true);
    assert_eq!(days[1]["event"], "week");
    let told = text(&home, "report");
    let rows: Vec<_> = told
        .lines()
        .map(|row| row.split_whitespace().collect::<Vec<_>>())
        .collect();
    assert_eq!(rows[0].last(), Some(&"strength"));
    assert_eq!(rows[1].last(), Some(&"yes"));
    #[cfg(unix)]
    assert_eq!(common::mode(&home.path("data/backstay/history.db")), 0o600);
}

#[test]
fn what_is_skipped_is_no_break_and_a_recording_none_of_today() {
    let home = home("");
    let clip = home.clip("clip", 1..=8);
    let source = format!("break press --json --source {}", clip.display());
    let events = home.events(&source);
    assert_eq!(events.last().unwrap()["event"], "finished");
    assert!(named(&events, "kept").is_empty());
    assert!(home.events("report --json").is_empty());
}

#[test]
fn who_wants_no_history_has_none() {
    let home = home("[history]\nkeep_days = 0\n");
    let events = home.events("break press --no-camera --json");
    let kept = events.last().unwrap();
    assert_eq!(
        (&kept["event"], &kept["strength"]),
        (&json!("kept"), &Value::Null)
    );
    assert!(!home.path("data/backstay/history.db").exists());
    let told = text(&home, "report");
    assert!(told.contains("history.keep_days is 0"), "{told}");
}

#[test]
fn a_file_that_is_no_history_is_named_and_kept() {
    let home = home("");
    let file = home.path("data/backstay/history.db");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "a shopping list that is longer than a header\n").unwrap();
    let done = home.backstay("report").assert().code(1);
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(
        told.contains("history.db") && told.contains("move it away"),
        "{told}"
    );
    // A break goes on without it.
    let done = home
        .backstay("break press --no-camera --json")
        .assert()
        .success();
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(told.contains("the break is not kept"), "{told}");
    assert!(fs::read(&file).unwrap().starts_with(b"a shopping list"));
}

/// The time at the desk is kept, a bout goes on in the next run, and a run knows of breaks.
#[cfg(target_os = "linux")]
#[test]
fn a_bout_goes_on_in_the_next_run() {
    use std::rc::Rc;
    use std::time::Duration;

    use running::{Running, is_judged};

    const LIMIT: Duration = Duration::from_secs(60);

    let Some(camera) = fakecam::FakeCamera::new(env!("CARGO_BIN_EXE_backstay")) else {
        return;
    };
    let home = Rc::new(home(""));
    let sat = || {
        let status = home.events("status --json").remove(0);
        status["sitting_s"].as_f64().unwrap()
    };
    let run = Running::start_in(&home, &camera, &[]);
    run.wait(Duration::ZERO, LIMIT, is_judged).unwrap();
    common::until("somebody has sat", LIMIT, || sat() >= 5.0);
    let before = sat();
    run.stop();
    let days = home.events("report --json");
    assert!(days[0]["sitting_s"].as_f64().unwrap() >= before, "{days:?}");

    let run = Running::start_in(&home, &camera, &[]);
    run.wait(Duration::ZERO, LIMIT, is_judged).unwrap();
    assert!(sat() >= before, "{} of {before}", sat());
    home.events("break press --no-camera --json");
    let taken = run.wait(Duration::ZERO, LIMIT, |it| it["event"] == "break_taken");
    let (_, taken) = taken.unwrap();
    assert_eq!(
        (&taken["kind"], &taken["planned"]),
        (&json!("timed"), &json!(1))
    );
    run.stop();
}
