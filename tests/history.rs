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
    home.configure("exercises.toml", SHORT);
    home.configure("config.toml", config);
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
    let done = home
        .backstay("doctor --source sample --engine rten")
        .assert();
    let told = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    assert!(told.contains("hint  history: "), "{told}");
    // A break goes on without it.
    let done = home
        .backstay("break press --no-camera --json")
        .assert()
        .success();
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(told.contains("the break is not kept"), "{told}");
    assert!(fs::read(&file).unwrap().starts_with(b"a shopping list"));
}

/// Before a camera.
#[cfg(target_os = "linux")]
mod watched {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Stdio;
    use std::rc::Rc;
    use std::time::Duration;

    use serde_json::json;

    use super::common::{self, Home, named, until};
    use super::fakecam::FakeCamera;
    use super::home;
    use super::running::{Running, is_judged};

    /// The longest to wait for what must come.
    const LIMIT: Duration = Duration::from_secs(60);

    fn camera() -> Option<FakeCamera> {
        FakeCamera::new(env!("CARGO_BIN_EXE_backstay"))
    }

    /// A made-up walk of three seconds.
    const WALK: &str = r#"
[[exercise]]
id = "step_out"
title = "Step out"
purpose = "Leaves the chair."
steps = ["Leave the chair for three seconds."]
hold_s = 3
repetitions = 1
verifiable = "good"
cautions = []
evidence = "Made up for a test."
sources = ["own choice"]
[exercise.camera]
least_s = 3
goal = [{ signal = "gone", at_least = 0.5, exit = 0.5, hint = "get_up" }]
"#;

    /// Pictures of a room without anybody, each a file of its own: a camera whose pictures are the same to
    /// the byte is taken for frozen.
    fn empty_room(home: &Home) -> PathBuf {
        let folder = home.path("empty");
        fs::create_dir(&folder).unwrap();
        let still = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/frames/stills/alex_front_absent.jpg"
        );
        let picture = fs::read(still).unwrap();
        for n in 1..=20_u8 {
            // After the start of the image a comment of one byte (ITU T.81, B.2.4.5).
            let comment = [0xff, 0xfe, 0, 3, n];
            let other = [&picture[..2], &comment[..], &picture[2..]].concat();
            fs::write(folder.join(format!("{n:05}.jpg")), other).unwrap();
        }
        folder
    }

    /// Who is asked to walk and is seen to be gone has walked.
    #[test]
    fn a_walk_that_was_seen_counts_as_walked() {
        let Some(mut camera) = camera() else {
            return;
        };
        let home = home("");
        home.configure("exercises.toml", WALK);
        let empty = empty_room(&home);
        let mut walk = home
            .start(camera.program())
            .args(["break", "step_out", "--json", "--engine", "rten"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let events = common::Events::read(walk.stdout.take().unwrap());
        until("the neutral is captured", LIMIT, || {
            events.named("phase").iter().any(|it| it["phase"] == "go")
        });
        camera.play(&empty);
        until("the break is over", LIMIT, || {
            walk.try_wait().unwrap().is_some()
        });
        until("all is read", LIMIT, || !events.named("kept").is_empty());
        let kept = events.named("kept").remove(0);
        assert_eq!(
            (&kept["kind"], &kept["verified"]),
            (&json!("walked"), &json!(1))
        );
        assert!(kept["walked"].as_f64().unwrap() >= 3.0, "{kept}");
        let days = home.events("report --json");
        assert_eq!(days[0]["breaks"]["walked"], 1);
    }

    /// The time at the desk is kept, a bout goes on in the next run, and a run knows of breaks.
    #[test]
    fn a_bout_goes_on_in_the_next_run() {
        let Some(camera) = camera() else {
            return;
        };
        let home = Rc::new(home(""));
        let sat = || {
            let status = home.events("status --json").remove(0);
            status["sitting_s"].as_f64().unwrap()
        };
        let run = Running::start_in(&home, &camera, &[]);
        run.wait(Duration::ZERO, LIMIT, is_judged).unwrap();
        until("somebody has sat", LIMIT, || sat() >= 5.0);
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

    /// A break that is taken while a session is recorded is in it, and in its replay.
    #[test]
    fn a_break_is_in_the_session_that_is_recorded_meanwhile() {
        let Some(camera) = camera() else {
            return;
        };
        let home = home("");
        let record = |name: &str| {
            let mut command = home.start(camera.program());
            command.args(["record", name, "--engine", "rten"]);
            command.stdin(Stdio::null()).stderr(Stdio::piped());
            command
        };
        let mut recording = record("me.jsonl").stdout(Stdio::null()).spawn().unwrap();
        let session = home.path("me.jsonl");
        until("something is recorded", LIMIT, || {
            fs::read_to_string(&session).is_ok_and(|text| text.contains("observation"))
        });
        let other = record("other.jsonl").output().unwrap();
        let told = String::from_utf8(other.stderr).unwrap();
        assert!(
            !other.status.success() && told.contains("runs already"),
            "{told}"
        );
        home.events("break press --no-camera --json");
        home.backstay("stop").assert().success();
        assert!(recording.wait().unwrap().success());
        let events = home.events("replay me.jsonl --json");
        let (_, taken) = named(&events, "break_taken").remove(0);
        assert_eq!(
            (&taken["kind"], &taken["done"]),
            (&json!("timed"), &json!(1))
        );
        let days = home.events("report --json");
        assert!(days[0]["sitting_s"].as_f64().unwrap() > 0.0, "{days:?}");
    }
}
