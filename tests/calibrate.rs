//! Calibrating with the program itself: what it waits for, what it asks for, and what it keeps.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[cfg(target_os = "linux")]
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
#[cfg(target_os = "linux")]
#[path = "rig/running.rs"]
mod running;

use std::fs;
#[cfg(target_os = "linux")]
use std::rc::Rc;
#[cfg(target_os = "linux")]
use std::time::Duration;

use common::Home;
#[cfg(target_os = "linux")]
use running::Running;
use serde_json::Value;

/// The baseline in a file of the home.
fn baseline(home: &Home, name: &str) -> Value {
    let text = fs::read_to_string(home.path(name)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["baseline"].clone()
}

#[test]
fn the_samples_upright_is_kept() {
    let home = Home::new();
    home.backstay("calibrate --source sample --out me.json --engine rten")
        .assert()
        .success()
        .stdout_eq("calibrated on 21 observations; kept in me.json\n")
        .stderr_eq(
            "0:00 min  unsure: not calibrated\n\
             0:10 min  calibrated on 21 observations\n",
        );
    let learnt = baseline(&home, "me.json");
    assert_eq!(learnt["samples"], 21);
    assert_eq!(learnt.get("slouch_limit"), None);
    #[cfg(unix)]
    assert_eq!(common::mode(&home.path("me.json")), 0o600);
}

/// The sample slouches from 16.5 s on: upright from 5 to 16 s is waited over.
#[test]
fn the_samples_slouch_gives_a_limit_of_its_own() {
    let home = Home::new();
    let command = "calibrate --source sample --seconds 5 --limits --out me.json --engine rten";
    home.backstay(command)
        .assert()
        .success()
        .stdout_eq("calibrated on 11 observations; kept in me.json\n")
        .stderr_eq(
            "0:00 min  unsure: not calibrated\n\
             0:05 min  now slouch as you do when you are tired, and hold it\n\
             0:2[..] min  your own slouch counts from [..] % of the usual limit on\n\
             0:2[..] min  calibrated on 11 observations\n",
        );
    let limit = baseline(&home, "me.json")["slouch_limit"].as_f64().unwrap();
    assert!((0.8..=1.6).contains(&limit), "{limit}");
    home.clip("clip", 12..=26);
    home.events("replay clip --baseline me.json --json --engine rten");
}

#[test]
fn what_ends_before_its_time_leaves_the_old_baseline() {
    let home = Home::new();
    fs::write(home.path("me.json"), "what was there before").unwrap();
    home.clip("upright", 1..=22);
    let empty = fs::read("tests/frames/stills/alex_front_absent.jpg").unwrap();
    fs::create_dir(home.path("empty")).unwrap();
    for number in 1..=8 {
        fs::write(home.path(&format!("empty/{number}.jpg")), &empty).unwrap();
    }
    let unfinished = "backstay: calibration was not finished: the source ended or was stopped \
                      before the time was up";
    for (arguments, waiting) in [
        ("--source upright --seconds 5 --limits", ""),
        ("--source upright --seconds 20", ""),
        (
            "--source empty --fps 4",
            "; it was waiting: nobody is seen: sit in front of the camera",
        ),
    ] {
        let done = home
            .backstay(&format!(
                "calibrate {arguments} --out me.json --engine rten"
            ))
            .assert()
            .code(1)
            .stdout_eq("");
        let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        let last = format!("{unfinished}{waiting}; nothing was kept");
        assert_eq!(told.lines().last(), Some(&*last), "{told}");
    }
    assert_eq!(
        fs::read_to_string(home.path("me.json")).unwrap(),
        "what was there before"
    );
}

/// The camera plays somebody who sits upright.
#[cfg(target_os = "linux")]
#[test]
fn before_a_camera_it_ends_when_it_has_seen_enough() {
    let Some(camera) = fakecam::FakeCamera::new(env!("CARGO_BIN_EXE_backstay")) else {
        return;
    };
    let home = Rc::new(Home::new());
    let done = snapbox::cmd::Command::from_std(home.start(camera.program()))
        .args("calibrate --seconds 3 --engine rten".split(' '))
        .timeout(Duration::from_secs(60))
        .assert()
        .success();
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    let first = "sit upright, look at the screen and hold still";
    assert_eq!(told.lines().next(), Some(first), "{told}");
    let stdout = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    assert!(stdout.starts_with("calibrated on "), "{stdout}");
    assert!(
        stdout.contains("; kept as profile \"desk\" in "),
        "{stdout}"
    );
    let kept = home.path("data/backstay/profiles/desk.json");
    assert_eq!(common::mode(&kept), 0o600);
    let told = |arguments: &str| {
        let done = home.backstay(arguments).assert().success();
        String::from_utf8(done.get_output().stdout.clone()).unwrap()
    };
    let list = told("profile list --json");
    let listed: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(listed["name"], "desk");
    assert_eq!(listed["camera"], fakecam::NAME);
    assert_eq!(listed["room"], true, "{listed}");
    assert!(listed["samples"].as_u64().unwrap() >= 8, "{listed}");

    // The next run knows the place and begins to judge at once.
    let run = Running::start_in(&home, &camera, &[]);
    let is_place = |event: &Value| event["event"] == "profile";
    let place = run.wait(Duration::ZERO, Duration::from_secs(30), is_place);
    assert_eq!(place.unwrap().1["profile"], "desk");
    let events = run.events();
    assert!(
        events
            .iter()
            .all(|(_, event)| event["event"] != "calibrated")
    );
    drop(run);

    // Learnt anew at the same place, it is the same profile.
    snapbox::cmd::Command::from_std(home.start(camera.program()))
        .args("calibrate --seconds 3 --engine rten".split(' '))
        .timeout(Duration::from_secs(60))
        .assert()
        .success();
    assert_eq!(told("profile list").lines().count(), 1);
    assert_eq!(
        told("profile rename desk office"),
        "profile \"desk\" is now \"office\"\n"
    );
    assert_eq!(
        told("profile remove office"),
        "removed profile \"office\"\n"
    );
    assert!(told("profile list").starts_with("no profiles yet"));
    home.backstay("profile remove office")
        .assert()
        .code(1)
        .stderr_eq("backstay: there is no profile \"office\"; there are: none\n");
}
