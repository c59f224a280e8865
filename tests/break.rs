//! `backstay break` as a person starts it: on recorded joints, by time, on a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[cfg(target_os = "linux")]
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
#[cfg(unix)]
#[path = "rig/tmux.rs"]
mod tmux;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use common::{Home, named};
use serde_json::{Value, json};

/// Writes what `tests/relief/exercises.jsonl.zst` has between these seconds as a session; its lines
/// are described in `tests/relief/recorded.rs`.
fn session(home: &Home, from: f64, to: f64) -> PathBuf {
    let packed = fs::read("tests/relief/exercises.jsonl.zst").unwrap();
    let text = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    let header = json!({
        "backstay_session": 1, "program": "0.1.0", "engine": "rten", "frame": [640, 480],
        "model": {"name": "lightning", "sha256": "ab".repeat(32)},
        "started": {"unix_ms": 1_790_000_000_000_i64, "utc_offset_s": 7200}, "settings": {},
    });
    let mut session = format!("{header}\n");
    for line in text.lines() {
        let row: Vec<i32> = serde_json::from_str(line).unwrap();
        let t = f64::from(row[0]) / 10.0;
        if t < from || t > to {
            continue;
        }
        let joint = |of: &[i32]| json!([of[0], of[1], f64::from(of[2]) / 100.0]);
        let mut pose: Vec<Value> = row[1..34].chunks(3).map(joint).collect();
        pose.resize(17, json!([0, 0, 0]));
        let line = json!({
            "t": t, "in": "observation", "pose": pose,
            "presence": f64::from(row[34]) / 100.0, "light": f64::from(row[35]) / 100.0,
        });
        writeln!(session, "{line}").unwrap();
    }
    let path = home.path(&format!("from-{from}.jsonl"));
    fs::write(&path, session).unwrap();
    path
}

/// The program's own exercises with so many repetitions that none ends before its recording does.
fn endless(home: &Home) {
    let own = fs::read_to_string("src/relief/exercises.toml").unwrap();
    let longer = |line: &str| match line.starts_with("repetitions = ") {
        true => "repetitions = 50\n".to_owned(),
        false => format!("{line}\n"),
    };
    let text: String = own.lines().map(longer).collect();
    home.configure("exercises.toml", &text);
}

/// Repetitions that the program saw and timed.
fn counted(home: &Home, id: &str, from: f64, to: f64) -> (u64, u64) {
    let path = session(home, from, to);
    let events = home.events(&format!("break {id} --json --source {}", path.display()));
    let (_, last) = *named(&events, "finished").last().unwrap();
    let result = &last["exercises"][0];
    assert_eq!(result["exercise"], id);
    // The recording ends before fifty repetitions.
    assert_eq!(result["end"], "stopped");
    let each = named(&events, "counted").len() as u64;
    let (seen, timed) = (
        result["verified"].as_u64().unwrap(),
        result["timed"].as_u64().unwrap(),
    );
    assert_eq!(each, seen + timed);
    (seen, timed)
}

/// What the labels of the recorded sequence say was done.
#[test]
fn a_recorded_sequence_is_counted_as_labelled() {
    let home = Home::new();
    endless(&home);
    assert_eq!(counted(&home, "arms_overhead", 15.0, 95.0), (3, 0));
    assert_eq!(counted(&home, "neck_side_bend", 87.0, 192.0), (4, 0));
    assert_eq!(counted(&home, "goal_post_squeeze", 268.0, 358.0), (8, 0));
    // Whichever two seconds of the rest before them are the neutral.
    for from in [353.0, 356.0, 359.0] {
        assert_eq!(counted(&home, "shoulder_shrug", from, 412.0), (8, 0));
    }
}

#[test]
fn a_plan_ends_by_itself_and_says_what_was_seen() {
    let home = Home::new();
    let path = session(&home, 87.0, 400.0);
    let done = home
        .backstay(&format!(
            "break neck_side_bend chin_tuck goal_post_squeeze --json --source {}",
            path.display()
        ))
        .assert()
        .success();
    let events = common::events(&done.get_output().stdout);
    let names: Vec<_> = named(&events, "exercise_ended")
        .iter()
        .map(|(_, it)| it["end"].clone())
        .collect();
    assert_eq!(names, ["done", "done", "done"]);
    let last = events.last().unwrap();
    assert_eq!(last["event"], "finished");
    assert_eq!(last["planned"], 3);
    assert_eq!(last["done"], 3);
    assert_eq!(last["exercises"][0]["verified"], 4);
    // This head hides its tucks: they go by time, and must not be called verified.
    assert_eq!(last["exercises"][1]["timed"], 10);
    assert_eq!(last["exercises"][2]["verified"], 8);
    assert_eq!(last["verified"], 2);
    // It ended before the recording did.
    assert!(last["t"].as_f64().unwrap() < 300.0, "{last}");
}

#[test]
fn the_list_tells_dose_and_how_each_is_verified() {
    let home = Home::new();
    let lines = home.events("break --list --json");
    let ids: Vec<_> = lines
        .iter()
        .filter_map(|it| it["routine"].as_str())
        .collect();
    assert_eq!(ids[0], "desk_reset");
    let tuck = lines
        .iter()
        .find(|it| it["exercise"] == "chin_tuck")
        .unwrap();
    assert_eq!(tuck["verifiable"], "fair");
    assert_eq!(tuck["dose"]["repetitions"], 10);
    let done = home.backstay("break --list").assert().success();
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    assert!(
        text.contains("chin_tuck: Chin tuck, 10 times 5 s (camera, often by time)"),
        "{text}"
    );
}

#[test]
fn an_exercise_tells_all_that_is_known_of_it() {
    let home = Home::new();
    let text = |arguments: &str| {
        let done = home.backstay(arguments).assert().success();
        String::from_utf8(done.get_output().stdout.clone()).unwrap()
    };
    insta::assert_snapshot!(text("break --list Eyes-20-20-20"), @r"
    eyes_20_20_20: Eyes: 20-20-20, 20 s (by time)
      Rests the eyes from the screen.
      Look at something 6 metres away or further for 20 seconds.
      Blink a few times.
      What is known: With such reminders symptoms of eye strain fell in 29 people over two weeks. [Talens-Estarelles 2022 via hospinews]
    ");
    let strength = text("break --list upper_back_strength");
    assert_eq!(strength.matches("What is known").count(), 3, "{strength}");
    assert!(
        strength.contains("  Instead: goal_post_squeeze"),
        "{strength}"
    );
    let one = home.events("break --list chin_tuck --json");
    assert_eq!((one.len(), &one[0]["exercise"]), (1, &json!("chin_tuck")));
    home.backstay("break --list nonsense").assert().code(2);
}

/// A made-up exercise of one second, so that a break by time is short.
const SHORT: &str = r#"
[[exercise]]
id = "blink"
title = "Blink"
purpose = "Rests the eyes."
steps = ["Close the eyes for a second."]
hold_s = 1
repetitions = 2
rest_s = 0
verifiable = "timer"
cautions = []
evidence = "Made up for a test."
sources = ["own choice"]
"#;

#[test]
fn by_time_it_says_that_nothing_was_verified() {
    let home = Home::new();
    home.configure("exercises.toml", SHORT);
    let done = home
        .backstay("break blink --no-camera")
        .assert()
        .success()
        .stderr_eq("no terminal: lines instead of the screen\n");
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    insta::assert_snapshot!(text, @r"
    without the camera: everything goes by time, nothing is verified
    Exercise 1 of 1: Blink, 2 times 1 s
      Close the eyes for a second.
      keep going
      1 of 2
      2 of 2
    0 of 1 exercises verified by the camera, 1 by time
      Blink: 2 of 2 by time
    ");
}

#[test]
fn another_program_pauses_skips_and_ends_on_stdin() {
    let home = Home::new();
    let mut of = home.program();
    of.args(["break", "desk_reset", "--no-camera", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut of = Killed(of.spawn().unwrap());
    let mut stdin = of.0.stdin.take().unwrap();
    let events = common::Events::read(of.0.stdout.take().unwrap());
    let mut say = |line: &str| {
        std::io::Write::write_all(&mut stdin, format!("{line}\n").as_bytes()).unwrap();
    };
    let count = |name: &str| events.named(name).len();
    until("the break begins", || count("announced") == 1);
    say("pause");
    until("it pauses", || count("paused") == 1);
    say("{\"command\": \"pause\"}");
    say("jump");
    until("the mistake is told", || count("mistake") == 1);
    say("{\"command\": \"resume\"}");
    until("it goes on", || count("paused") == 2);
    let paused: Vec<_> = events.named("paused");
    assert_eq!(
        (&paused[0]["paused"], &paused[1]["paused"]),
        (&json!(true), &json!(false))
    );
    say("skip");
    until("the next exercise", || count("announced") == 2);
    assert_eq!(events.named("exercise_ended")[0]["end"], "skipped");
    say("end");
    until("the break ends", || of.0.try_wait().unwrap().is_some());
    assert!(of.0.wait().unwrap().success());
    until("the result", || count("finished") == 1);
    let mistake = &events.named("mistake")[0]["text"];
    assert!(
        mistake.as_str().unwrap().starts_with("\"jump\" is not"),
        "{mistake}"
    );
}

/// Front ends may give nothing to read, or keep stdin open and say nothing.
#[test]
fn the_end_of_stdin_ends_nothing_and_its_silence_holds_nothing_up() {
    let home = Home::new();
    home.configure("exercises.toml", SHORT);
    for stdin in [Stdio::null(), Stdio::piped()] {
        let mut of = home.program();
        of.args(["break", "blink", "--no-camera", "--json"])
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut of = Killed(of.spawn().unwrap());
        let events = common::Events::read(of.0.stdout.take().unwrap());
        until("the break ends", || of.0.try_wait().unwrap().is_some());
        assert!(of.0.wait().unwrap().success());
        until("the result", || events.named("finished").len() == 1);
        assert_eq!(events.named("finished")[0]["done"], 1);
    }
}

#[test]
fn mistakes_are_told_with_a_remedy() {
    let home = Home::new();
    let wrong = |arguments: &str, code: i32, word: &str| {
        let done = home.backstay(arguments).assert().code(code);
        let text = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        assert!(text.contains(word), "{arguments}: {text}");
    };
    wrong(
        "break nonsense --no-camera",
        2,
        "\"backstay break --list\" has them all",
    );
    wrong("break --where neck --no-camera", 2, "leave out --where");
    wrong(
        "break knot_relief --where toe --json",
        2,
        "give neck, shoulder",
    );
    wrong(
        "break desk_reset eyes --no-camera",
        2,
        "name one routine, or exercises",
    );
    wrong(
        "break --source /nonexistent --json",
        1,
        "there is no file or folder",
    );
    home.configure("exercises.toml", "\n[[exercise]]\nid = \"a\"\n");
    wrong("break --list", 1, "exercises.toml: line 2: ");
}

/// Red flags come before all else, and the place decides the plan.
#[test]
fn a_sore_spot_is_asked_about_first() {
    let home = Home::new();
    let path = session(&home, 87.0, 92.0);
    let path = path.display();
    let events = home.events(&format!(
        "break knot-relief --where between_the_blades --json --source {path}"
    ));
    assert_eq!(events[0]["event"], "safety");
    assert_eq!(events[0]["place"], "between_the_blades");
    assert!(
        events[0]["clinician"]
            .as_str()
            .unwrap()
            .contains("clinician")
    );
    assert_eq!(events[1]["event"], "break");
    assert_eq!(
        events[1]["exercises"],
        json!(["knot_pressure", "chest_opener", "goal_post_squeeze"])
    );
}

/// A real terminal: the screen shows, its keys do what they say, and the terminal is usable after it.
#[cfg(unix)]
#[test]
fn in_a_terminal_the_keys_work_and_the_terminal_is_given_back() {
    let tmux = std::process::Command::new("tmux").arg("-V").output().ok();
    if common::rig("the screen of a break", "tmux", tmux).is_none() {
        return;
    }
    let home = Home::new();
    let path = session(&home, 87.0, 192.0);
    let tmux = tmux::Tmux::start(&home);
    tmux.keys(&["PS1='ready> '; clear", "Enter"]);
    tmux.wait_for("\nready>", |screen| screen.starts_with("ready>"));
    let program = env!("CARGO_BIN_EXE_backstay");
    let source = path.display();
    let line = format!("{program} break neck_side_bend goal_post_squeeze --source {source}");
    tmux.keys(&[&line, "Enter"]);
    // A figure of braille, and the exercise that is next.
    let shown = tmux.wait_for("a figure", |screen| {
        screen.contains("Get ready")
            && screen
                .chars()
                .any(|c| ('\u{2801}'..='\u{28ff}').contains(&c))
    });
    assert!(shown.contains("exercise 1 of 2"), "{shown}");
    assert!(
        shown.contains("Neck side bend, 2 times 15 s each side"),
        "{shown}"
    );
    keep(&shown);
    tmux.keys(&["Space"]);
    tmux.wait_for("paused", |screen| screen.contains("Paused"));
    tmux.keys(&["Space"]);
    tmux.wait_for("going on", |screen| screen.contains("space pause"));
    tmux.keys(&["s"]);
    tmux.wait_for("the next exercise", |screen| {
        screen.contains("exercise 2 of 2") && screen.contains("Goal-post squeeze")
    });
    tmux.keys(&["q"]);
    let result = "0 of 2 exercises verified by the camera, 0 by time";
    let after = tmux.wait_for("the result", |screen| screen.contains(result));
    assert!(after.contains("Neck side bend: 0 of 4, skipped"), "{after}");
    // What is typed shows again, on lines that begin at the left.
    tmux.keys(&["echo $((6 * 7)); stty -a", "Enter"]);
    let usable = tmux.wait_for("the terminal as it was", |screen| {
        screen.contains("\n42\n") && screen.contains(" icanon ")
    });
    assert!(usable.contains("echo $((6 * 7))"), "{usable}");
    // SIGTERM ends a break as q does.
    tmux.keys(&["clear", "Enter"]);
    tmux.keys(&[&format!("timeout 2 {line}; echo status $?"), "Enter"]);
    tmux.wait_for("the screen again", |screen| screen.contains("Get ready"));
    let ended = tmux.wait_for("the end", |screen| screen.contains("\nstatus 124\n"));
    assert!(ended.contains("0 of 2 exercises verified"), "{ended}");
    // A window that would close with it waits to be read.
    tmux.keys(&["clear", "Enter"]);
    tmux.keys(&[&format!("{line} --stay"), "Enter"]);
    tmux.wait_for("the screen once more", |screen| {
        screen.contains("Get ready")
    });
    tmux.keys(&["q"]);
    tmux.wait_for("the result that stays", |screen| {
        screen.contains(result) && screen.trim_end().ends_with("\nEnter closes this window")
    });
    tmux.keys(&["Enter"]);
    tmux.wait_for("the shell", |screen| screen.trim_end().ends_with("ready>"));
}

/// Keeps what was shown, to be looked at, where `BACKSTAY_ARTEFACTS` names a folder.
fn keep(screen: &str) {
    if let Some(folder) = std::env::var_os("BACKSTAY_ARTEFACTS") {
        fs::write(PathBuf::from(folder).join("break.txt"), screen).unwrap();
    }
}

/// An exercise that the camera would verify; without one it takes two seconds.
const SEEN: &str = r#"
[[exercise]]
id = "lift"
title = "Lift"
purpose = "Moves the shoulders."
steps = ["Lift the shoulders."]
hold_s = 2
repetitions = 1
verifiable = "good"
cautions = []
evidence = "Made up for a test."
sources = ["own choice"]
[exercise.camera]
least_s = 1
goal = [{ signal = "shoulder_rise", at_least = 0.08, exit = 0.045, hint = "lift_shoulders" }]
"#;

/// The camera serves one program at a time.
#[cfg(unix)]
#[test]
fn a_running_monitor_pauses_for_a_break_and_goes_on_after_it() {
    let home = Home::new();
    home.configure("exercises.toml", SEEN);
    let mut run = home.program();
    run.args(["run", "--source=sample", "--no-notify", "--engine=rten"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _run = Killed(run.spawn().unwrap());
    until("the run answers", || pauses(&home).is_some());
    let arguments = ["break", "lift", "--json", "--source", "camera:none such"];

    let mut of = home.program();
    of.args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut of = Killed(of.spawn().unwrap());
    let events = common::Events::read(of.0.stdout.take().unwrap());
    until("the break begins", || {
        events.timed().iter().any(|(_, it)| it["event"] == "break")
    });
    let (_, begin) = events.timed().remove(0);
    assert_eq!(begin["monitor_paused"], true);
    assert_eq!(begin["camera"], false);
    let held = pauses(&home).unwrap();
    assert_eq!(held[0]["reason"], "user", "{held}");
    // Should the break be killed, the run goes on by itself.
    assert!(held[0]["left_s"].as_f64().unwrap() > 600.0, "{held}");
    until("the break ends", || of.0.try_wait().unwrap().is_some());
    assert!(of.0.wait().unwrap().success());
    assert_eq!(pauses(&home).unwrap(), json!([]));

    // Ended by Ctrl-C, or by who closes the window.
    for signal in ["INT", "HUP"] {
        let mut ended = home.start(std::path::Path::new("timeout"));
        ended.args(["-s", signal, "2", env!("CARGO_BIN_EXE_backstay")]);
        let ended = ended.args(arguments).output().unwrap();
        let told = common::events(&ended.stdout);
        assert_eq!(told.last().unwrap()["event"], "finished", "{signal}");
        assert_eq!(pauses(&home).unwrap(), json!([]), "{signal}");
    }

    // What the person has paused stays so.
    home.backstay("pause").assert().success();
    let begin = home
        .backstay("break lift --json --source camera:none")
        .assert();
    let told = common::events(&begin.success().get_output().stdout);
    assert_eq!(told[0]["monitor_paused"], false);
    assert_eq!(pauses(&home).unwrap()[0]["reason"], "user");
}

/// A camera that a run has: the break gets its pictures, captures the neutral, and gives it back.
#[cfg(target_os = "linux")]
#[test]
fn a_break_looks_through_the_camera_that_a_run_had() {
    let Some(mut camera) = fakecam::FakeCamera::new(env!("CARGO_BIN_EXE_backstay")) else {
        return;
    };
    let home = Home::new();
    camera.play(&home.clip("clip", 1..=12));
    home.configure("exercises.toml", SEEN);
    let mut run = home.start(camera.program());
    run.args(["run", "--json", "--no-notify", "--engine=rten"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut run = Killed(run.spawn().unwrap());
    let watched = common::Events::read(run.0.stdout.take().unwrap());
    let states = || {
        let events = watched.timed();
        events
            .iter()
            .filter(|(_, it)| it["event"] == "state")
            .count()
    };
    until("the run watches", || states() > 0);

    let mut of = home.start(camera.program());
    of.args(["break", "lift", "--json", "--engine=rten"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut of = Killed(of.spawn().unwrap());
    let events = common::Events::read(of.0.stdout.take().unwrap());
    // Somebody sits still: they are asked to go, and told what is missing.
    until("a hint", || {
        let hint = |it: &Value| it["event"] == "hint" && it["hint"] == "lift_shoulders";
        events.timed().iter().any(|(_, it)| hint(it))
    });
    let (_, begin) = events.timed().remove(0);
    assert_eq!(begin["camera"], true);
    assert_eq!(begin["monitor_paused"], true);
    let kill = std::process::Command::new("kill")
        .args(["-INT", &of.0.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert!(of.0.wait().unwrap().success());
    assert_eq!(pauses(&home).unwrap(), json!([]));
    let before = states();
    until("the run watches again", || states() > before);
}

/// Why the run is paused; `None` where it does not answer.
fn pauses(home: &Home) -> Option<Value> {
    let said = home.program().args(["status", "--json"]).output().unwrap();
    let status: Value = serde_json::from_slice(&said.stdout).ok()?;
    Some(status["pauses"].clone())
}

#[track_caller]
fn until(what: &str, is_so: impl FnMut() -> bool) {
    common::until(what, Duration::from_secs(30), is_so);
}

/// A program that does not outlive the test.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
