//! The whole program in front of a fake camera: what every fault comes to, and that it judges a
//! camera as it judges the pictures in a folder.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
#[path = "rig/running.rs"]
mod running;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backstay::runtime::clock;
use common::Home;
use fakecam::FakeCamera;
use running::{Running, is_camera, is_judged};
use serde_json::Value;

/// The program under test.
const BACKSTAY: &str = env!("CARGO_BIN_EXE_backstay");

/// The longest to wait for what must come: a calibration of 3 s, or a new try after several in vain,
/// on a machine that does other things too.
const LIMIT: Duration = Duration::from_secs(60);

/// No state may be older than 2 s; the rest is for a machine that does other things too.
const OLD: Duration = Duration::from_millis(3500);

/// What a fault must come to.
struct Expected {
    /// The fault, as the rig calls it.
    fault: &'static str,
    /// The camera's state.
    status: &'static str,
    /// What its detail says.
    words: &'static str,
    /// It shows only when the camera is opened.
    at_opening: bool,
    /// Damaged pictures must be counted.
    counts: bool,
}

const fn fault(fault: &'static str, status: &'static str, words: &'static str) -> Expected {
    Expected {
        fault,
        status,
        words,
        at_opening: false,
        counts: false,
    }
}

const fn damage(name: &'static str) -> Expected {
    Expected {
        counts: true,
        ..fault(name, "stalled", "damaged pictures")
    }
}

const fn opening(name: &'static str, status: &'static str, words: &'static str) -> Expected {
    Expected {
        at_opening: true,
        ..fault(name, status, words)
    }
}

/// All faults of the rig but two: `rescale` is none for the person (the camera gives smaller pictures),
/// and of `eio_off` nothing is seen, as streams end with their process.
const FAULTS: [Expected; 13] = [
    fault("stall", "stalled", "gives no pictures"),
    fault("eio", "lost", "fails"),
    fault("unplug", "lost", "was unplugged"),
    fault("freeze", "stalled", "is frozen"),
    damage("corrupt"),
    damage("truncate"),
    damage("empty"),
    damage("errflag"),
    opening("busy_open", "busy", "in use by another program"),
    opening("eacces_open", "denied", "the group \"video\""),
    opening("busy_fmt", "busy", "in use by another program"),
    opening("busy_on", "busy", "in use by another program"),
    // It is lost already when its process is killed, and that is told once.
    opening("nospace_on", "lost", ""),
];

/// How many runs at a time: each looks at three pictures a second, at ten while it calibrates, and a
/// machine that cannot keep up has states that are rightly in doubt.
const AT_A_TIME: usize = 3;

/// Held by the test that runs: see [`AT_A_TIME`].
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn every_fault_is_told_ends_the_judgement_and_heals() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for some in FAULTS.chunks(AT_A_TIME) {
        std::thread::scope(|threads| {
            for expected in some {
                threads.spawn(move || check(expected));
            }
        });
    }
}

fn check(expected: &Expected) {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let name = expected.fault;
    let run = Running::start(&camera, &["--calibrate-seconds", "3"]);
    let judged = run.wait(Duration::ZERO, LIMIT, is_judged);
    assert!(judged.is_some(), "{name}: nothing was judged");

    let began = clock::elapsed_since_start();
    // What acts on opening only must not be seen by a stream that is changing its mode.
    camera.fault(name);
    if expected.at_opening {
        let process = camera.owner().unwrap().to_string();
        let killed = Command::new("kill").args(["-9", &process]).status();
        assert!(killed.unwrap().success());
    }
    let doubted = run.wait(began, LIMIT, |event| {
        event["event"] == "state" && event["reason"] == "no_camera"
    });
    let (doubted_at, _) = doubted.unwrap_or_else(|| panic!("{name}: still {}", run.state()));
    let took = doubted_at - began;
    assert!(took < OLD, "{name}: a state was {took:?} old");
    let told = run.wait(began, LIMIT, |event| is_camera(event, expected.status));
    let (told_at, told) = told.unwrap_or_else(|| panic!("{name}: {:?}", run.events()));
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains(expected.words), "{name}: {detail}");
    // As long as it lasts nothing is judged: two more tries.
    clock::sleep(Duration::from_secs(3));
    let judged = |(at, event): &(Duration, Value)| doubted_at < *at && is_judged(event);
    let events = run.events();
    assert!(
        !events.iter().any(judged),
        "{name}: judged all the same: {events:?}"
    );

    camera.fault("none");
    let healed = run.wait(told_at, LIMIT, |event| is_camera(event, "ok"));
    assert!(
        healed.is_some(),
        "{name}: it does not heal: {:?}",
        run.events()
    );
    let judged = run.wait(told_at, LIMIT, is_judged);
    assert!(judged.is_some(), "{name}: nothing is judged again");
    let counted = run.stop()["bad_frames"].as_u64().unwrap();
    assert!(
        expected.counts == (0 < counted),
        "{name}: {counted} bad pictures"
    );
}

#[test]
fn a_camera_that_is_plugged_in_again_is_watched_again_under_any_number() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let run = Running::start(&camera, &["--calibrate-seconds", "3"]);
    for node in [0, 2, 5] {
        let before = clock::elapsed_since_start();
        if node != 0 {
            camera.unplug();
            let lost = run.wait(before, LIMIT, |event| is_camera(event, "lost"));
            let took = lost.unwrap().0 - before;
            assert!(took < OLD, "{took:?}");
            assert_eq!(run.state(), "unsure");
            camera.replug_as(node);
            let back = run.wait(before, LIMIT, |event| is_camera(event, "ok"));
            assert!(back.is_some(), "as node {node}: {:?}", run.events());
        }
        let judged = run.wait(before, LIMIT, is_judged);
        assert!(judged.is_some(), "as node {node}: {:?}", run.events());
    }
    run.stop();
}

#[test]
fn an_alert_on_show_is_taken_back_when_the_camera_goes() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.play(&common::sample());
    camera.set("picture_fps", "2");
    // Fast enough for the calibration's rate: no second opening, which would begin anew.
    camera.set("formats", "MJPG:640x480@15");
    let run = Running::start(&camera, &["--calibrate-seconds", "10"]);
    let alert = run.wait(Duration::ZERO, 2 * LIMIT, |event| event["event"] == "alert");
    let (alert_at, _) = alert.unwrap_or_else(|| panic!("no alert: {:?}", run.events()));
    camera.unplug();
    let gone = clock::elapsed_since_start();
    let clear = run.wait(alert_at, LIMIT, |event| event["event"] == "clear");
    let took = clear.unwrap().0 - gone;
    assert!(took < Duration::from_secs(2), "{took:?}");
    run.stop();
}

#[test]
fn a_camera_that_is_sampled_is_closed_most_of_the_time() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let run = Running::start(
        &camera,
        &[
            "--calibrate-seconds=3",
            "--camera-policy=sample",
            "--sample-seconds=10",
        ],
    );
    let judged = run.wait(Duration::ZERO, LIMIT, is_judged);
    let (judged_at, _) = judged.unwrap_or_else(|| panic!("{:?}", run.events()));
    let (mut looks, mut openings, mut open, mut was_open) = (0, 0, 0, true);
    while clock::elapsed_since_start() < judged_at + Duration::from_secs(31) {
        let is_open = camera.owner().is_some();
        openings += u32::from(is_open && !was_open);
        open += u32::from(is_open);
        looks += 1;
        was_open = is_open;
        clock::sleep(Duration::from_millis(100));
    }
    assert!((2..=3).contains(&openings), "{openings} openings");
    // Opening and two seconds, of ten.
    assert!(10 * open < 6 * looks, "open at {open} of {looks} looks");
    let doubted = |(at, event): &(Duration, Value)| judged_at < *at && event["event"] == "state";
    let events = run.events();
    assert!(!events.iter().any(doubted), "{events:?}");
    run.stop();
}

/// A link where the system has its cameras, so that the kernel and `/proc` see the fake one as other
/// programs open it. `None`, said on standard error, where none can be made.
struct RealNode(PathBuf);

impl RealNode {
    fn new(camera: &FakeCamera) -> Option<Self> {
        let file = camera.file();
        let path = Path::new("/dev").join(file.file_name().unwrap());
        // A test that was killed leaves a link to nothing.
        if path.is_symlink() && !path.exists() {
            let _ = fs::remove_file(&path);
        }
        let made = std::os::unix::fs::symlink(&file, &path).map(|()| Self(path));
        let test = "a camera is given to who opens it";
        common::rig(test, "the right to make a link in /dev", made.ok())
    }
}

impl Drop for RealNode {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn a_camera_is_given_to_who_opens_it_and_taken_back_when_they_have_gone() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    // A number that no machine has.
    camera.unplug();
    camera.replug_as(63);
    let Some(node) = RealNode::new(&camera) else {
        return;
    };
    let run = Running::start(&camera, &["--calibrate-seconds", "3"]);
    let judged = run.wait(Duration::ZERO, LIMIT, is_judged);
    assert!(judged.is_some(), "{:?}", run.events());
    // The watch begins with the stream.
    clock::sleep(Duration::from_secs(1));

    let opened = clock::elapsed_since_start();
    // It opens the node itself, and is soon `sleep`.
    let mut other = Command::new("sh")
        .args(["-c", &format!("exec sleep 60 <{}", node.0.display())])
        .spawn()
        .unwrap();
    let given = run.wait(opened, LIMIT, |event| is_camera(event, "yielded"));
    let (given_at, told) = given.unwrap_or_else(|| panic!("{:?}", run.events()));
    let detail = told["detail"].as_str().unwrap();
    assert!(
        detail.starts_with(&format!("camera given to {} s", other.id())),
        "{detail}"
    );
    let took = given_at - opened;
    assert!(took < OLD, "released after {took:?}");
    assert!(camera.becomes(false, OLD), "the camera is still held");
    let paused = run.wait(opened, LIMIT, |event| {
        event["event"] == "pause" && event["reasons"][0] == "yielded"
    });
    assert!(paused.is_some(), "{:?}", run.events());

    // As long as it is used it stays away.
    clock::sleep(Duration::from_secs(12));
    assert!(!is_back(&run, given_at));
    other.kill().unwrap();
    other.wait().unwrap();
    let gone = clock::elapsed_since_start();
    let back = run.wait(gone, LIMIT, |event| is_camera(event, "ok"));
    let took = back.unwrap_or_else(|| panic!("{:?}", run.events())).0 - gone;
    assert!(Duration::from_secs(9) < took, "back after {took:?}");
    assert!(run.wait(gone, LIMIT, is_judged).is_some());
    run.stop();
}

/// Whether the camera has given pictures again after `since`.
fn is_back(run: &Running, since: Duration) -> bool {
    let back = |(at, event): &(Duration, Value)| since < *at && is_camera(event, "ok");
    run.events().iter().any(back)
}

#[test]
fn a_camera_that_plays_a_folder_is_judged_like_the_folder() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.play(&common::sample());
    camera.set("picture_fps", "2");
    camera.set("play", "once");
    camera.set("formats", "MJPG:640x480@15");
    let run = Running::start(&camera, &["--calibrate-seconds", "10"]);
    // Not beside the run, which needs the processor.
    clock::sleep(Duration::from_secs(72));
    let events: Vec<Value> = run.events().into_iter().map(|(_, event)| event).collect();
    run.stop();
    let replay = format!(
        "replay {} --calibrate-seconds 10",
        common::sample().display()
    );
    let replayed = Home::new().events(&format!("{replay} --engine rten --json"));
    let told = |events: &[Value], name: &str| {
        let times = common::named(events, name);
        times.into_iter().map(|(t, _)| t).collect::<Vec<f64>>()
    };
    for name in ["calibrated", "alert", "clear"] {
        let (live, replay) = (told(&events, name), told(&replayed, name));
        assert_eq!(live.len(), replay.len(), "{name}: {live:?} {replay:?}");
        for (live, replay) in live.iter().zip(&replay) {
            // Opening the camera takes up to a second, and a picture shows for half a one. Its
            // pictures are looked at at other moments than the folder's, and of an alert smoothing
            // and a dwell with haste make up to two seconds more.
            let limit = if name == "alert" { 4.0 } else { 2.5 };
            assert!((live - replay).abs() < limit, "{name}: {live} {replay}");
        }
    }
    // Every half second, up to the time that opening takes.
    let agree = (-2_i32..=4)
        .map(|shift| {
            let later = f64::from(shift) / 2.0;
            let same = |half: &i32| {
                let t = f64::from(*half) / 2.0;
                state_at(&events, t + later) == state_at(&replayed, t)
            };
            (20..=136).filter(same).count()
        })
        .max()
        .unwrap();
    assert!(110 <= agree, "{agree} of 117 half seconds: {events:?}");
}

/// The state that `events` say for the time `t`.
fn state_at(events: &[Value], t: f64) -> Option<&str> {
    let states = common::named(events, "state");
    let last = states.iter().rev().find(|(at, _)| *at <= t)?;
    last.1["state"].as_str()
}
