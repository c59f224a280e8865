//! Which camera is taken, and what is told of those there are.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use backstay::vision::source::camera::{CameraOptions, CameraSource, Which};

use super::BACKSTAY;
use super::fakecam::FakeCamera;

#[test]
fn of_several_cameras_the_preferred_one_is_taken_and_else_the_first() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.add(2, "Other Cam");
    let found = |which: Which, prefer: &[&str]| {
        let options = CameraOptions {
            which,
            prefer: prefer.iter().map(|id| (*id).to_owned()).collect(),
            rate_hz: 0.0,
            ..CameraOptions::default()
        };
        let source = CameraSource::open(camera.program(), options).unwrap();
        (source.info().unwrap().index, source.among())
    };
    assert_eq!(found(Which::Any, &[]), (0, 2));
    assert_eq!(found(Which::Any, &["name-Other Cam"]), (2, 2));
    assert_eq!(found(Which::Any, &["usb-gone", "name-Other Cam"]), (2, 2));
    assert_eq!(found(Which::Any, &["usb-gone"]), (0, 2));
    let by_name = |name: &str| found(Which::Name(name.to_owned()), &[]);
    assert_eq!(by_name("other"), (2, 1));
    assert_eq!(by_name("name-Other Cam"), (2, 1), "its id");
    let asked_for = Which::Id("name-Other Cam".to_owned());
    assert_eq!(found(asked_for, &["name-Fake HD Webcam"]), (2, 1));
}

/// Runs the program with a home of its own.
fn run(camera: &FakeCamera, home: &Path, arguments: &[&str]) -> Output {
    let name = |part: &str| home.join(part);
    Command::new(camera.program())
        .args(arguments)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", name("config"))
        .env("XDG_DATA_HOME", name("data"))
        .env("XDG_STATE_HOME", name("state"))
        .output()
        .unwrap()
}

#[test]
fn the_cameras_are_told_and_which_of_them_is_used() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.add(2, "Other Cam");
    let home = tempfile::tempdir().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let listed = run(&camera, home.path(), &["camera", "list"]);
    assert!(listed.status.success(), "{listed:?}");
    assert_eq!(
        text(&listed.stdout),
        "camera \"Fake HD Webcam\" (/dev/video0)\n  id: name-Fake HD Webcam\n  \
         MJPG: 1280x720, 640x480\n  YUYV: 640x480\ncamera \"Other Cam\" (/dev/video2)\n  \
         id: name-Other Cam\n  MJPG: 640x480\n"
    );
    let listed = run(&camera, home.path(), &["camera", "list", "--json"]);
    let second: serde_json::Value =
        serde_json::from_str(text(&listed.stdout).lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["node"], "/dev/video2");
    assert_eq!(second["holders"], serde_json::json!([]));

    let session = home.path().join("a.jsonl");
    let session = session.to_str().unwrap();
    let chosen = |source: &str| {
        let arguments = ["record", session, "--seconds", "0.1", "--source", source];
        let recorded = run(&camera, home.path(), &arguments);
        let noted = fs::read_to_string(home.path().join("state/backstay/last-camera"));
        fs::remove_file(session).unwrap();
        (text(&recorded.stderr), noted.unwrap())
    };
    let says = "2 cameras; using camera";
    let (said, noted) = chosen("camera");
    assert_eq!(noted, "name-Fake HD Webcam\n");
    assert_eq!(said.matches(says).count(), 1, "{said}");
    let (said, noted) = chosen("camera:Other");
    assert_eq!(noted, "name-Other Cam\n");
    assert!(!said.contains(says), "it was chosen: {said}");
    let (said, _) = chosen("camera");
    assert!(
        said.contains("2 cameras; using camera \"Other Cam\" (/dev/video2); choose another"),
        "the last one: {said}"
    );
}

#[test]
fn without_a_camera_the_list_fails_as_other_commands_do() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.unplug();
    let home = tempfile::tempdir().unwrap();
    let listed = run(&camera, home.path(), &["camera", "list"]);
    assert_eq!(listed.status.code(), Some(3), "{listed:?}");
    assert!(String::from_utf8_lossy(&listed.stderr).contains("no camera was found"));
}
