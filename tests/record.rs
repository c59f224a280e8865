//! Recording with the program itself: the session and the pictures it keeps give the events of the
//! source, and nobody else can read them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;

use common::{Home, named, without_summary};

#[test]
fn what_was_recorded_gives_the_same_events() {
    let home = Home::new();
    let home = &home;
    let (recorded, original) = std::thread::scope(|threads| {
        let recording = threads.spawn(|| {
            let command = "record me.jsonl --frames frames --source sample --engine rten";
            let done = home.backstay(command).assert().success();
            String::from_utf8(done.get_output().stdout.clone()).unwrap()
        });
        let original = home.events("replay sample --json --engine rten");
        (recording.join().unwrap(), without_summary(original))
    });
    assert!(recorded.starts_with("recorded me.jsonl: "), "{recorded}");
    assert!(
        recorded.contains("1 alerts; sitting for 1 min; 140 observations"),
        "{recorded}"
    );
    for name in ["calibrated", "state", "alert", "clear"] {
        assert!(!named(&original, name).is_empty(), "no {name}");
    }

    // Nothing on stderr: the effects are the recorded ones.
    let session = home.events("replay me.jsonl --json");
    assert_eq!(session.last().unwrap()["observations"], 140);
    assert_eq!(without_summary(session), original);

    assert_eq!(fs::read_dir(home.path("frames")).unwrap().count(), 141);
    let frames = home.events("replay frames --json --engine rten");
    assert_eq!(without_summary(frames), original);

    #[cfg(unix)]
    for (name, mode) in [
        ("me.jsonl", 0o600),
        ("frames", 0o700),
        ("frames/000001.jpg", 0o600),
        ("frames/000140.jpg", 0o600),
        ("frames/labels.json", 0o600),
    ] {
        assert_eq!(common::mode(&home.path(name)), mode, "{name}");
    }
}

#[test]
fn other_versions_and_other_settings_are_told() {
    let home = Home::new();
    home.clip("clip", 1..=104);
    home.backstay("record me.jsonl.zst --source clip --engine rten")
        .assert()
        .success();
    #[cfg(unix)]
    assert_eq!(common::mode(&home.path("me.jsonl.zst")), 0o600);
    let as_it_was = home.events("replay me.jsonl.zst --json");
    assert_eq!(named(&as_it_was, "alert").len(), 1);

    // A configuration that is named is a question of its own: no difference is complained of.
    fs::write(
        home.path("patient.toml"),
        "[posture]\ndwell_seconds = 600\n",
    )
    .unwrap();
    let patient = home.events("replay me.jsonl.zst --json --config patient.toml");
    assert!(named(&patient, "alert").is_empty(), "{patient:?}");

    // A session whose judgement was another is said to differ.
    let whole = fs::File::open(home.path("me.jsonl.zst")).unwrap();
    let session = String::from_utf8(zstd::decode_all(whole).unwrap()).unwrap();
    let without_alert: Vec<&str> = session
        .lines()
        .filter(|line| !line.contains("\"out\":\"alert\""))
        .collect();
    assert!(without_alert.len() < session.lines().count());
    fs::write(home.path("other.jsonl"), without_alert.join("\n") + "\n").unwrap();
    home.backstay("replay other.jsonl --json").assert().success().stderr_eq(
        "backstay: the effects differ from the recorded ones: the session was recorded by [..]\n",
    );
}

#[test]
fn seconds_limit_a_recording() {
    let home = Home::new();
    let command = "record me.jsonl --seconds 6 --calibrate-seconds 5 --source sample --engine rten";
    home.backstay(command).assert().success();
    let events = home.events("replay me.jsonl --json");
    assert_eq!(named(&events, "calibrated")[0].0, 5.0);
    assert_eq!(events.last().unwrap()["observations"], 12);
}
