//! The command line as other programs rely on it: help, exit status, and the events of the sample.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;

use common::{Home, named, sample, without_summary};
use serde_json::Value;

#[test]
fn every_help_is_told() {
    let home = Home::new();
    for command in [
        "",
        "run ",
        "calibrate ",
        "record ",
        "replay ",
        "evaluate ",
        "doctor ",
        "engine ",
        "config ",
        "camera-worker ",
    ] {
        let done = home.backstay(&format!("{command}--help")).assert();
        let help = done.code(0).stderr_eq("").get_output().stdout.clone();
        let help = String::from_utf8(help).unwrap();
        assert!(help.contains("Usage: backstay"), "{command}: {help}");
        assert_eq!(help.contains("--limits"), command == "calibrate ", "{help}");
    }
}

#[test]
fn wrong_usage_is_exit_status_2() {
    let home = Home::new();
    for arguments in [
        "--nonsense",
        "nonsense",
        "run --nonsense",
        "replay",
        "replay sample --rate 0",
        "replay sample --calibrate-seconds 1",
        "record",
        "record out.jsonl --seconds -1",
        "replay sample --calibrate-seconds 10 --baseline b.json",
    ] {
        let done = home.backstay(arguments).assert().code(2).stdout_eq("");
        let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        assert!(
            told.starts_with("error: ") && told.contains("--help"),
            "{arguments}: {told}"
        );
    }
    for (arguments, told) in [
        (
            "replay camera",
            "a camera cannot be replayed; name a folder, a video or a session",
        ),
        (
            "calibrate --source sample",
            "a recording's baseline needs a place: give --out FILE",
        ),
        (
            "replay sample --engine cuda",
            "--engine \"cuda\": there is no engine \"cuda\"; use \"auto\", \"ort\" or \"rten\"",
        ),
    ] {
        let done = home.backstay(arguments).assert().code(2).stdout_eq("");
        done.stderr_eq(format!("backstay: {told}\n"));
    }
}

#[test]
fn the_sample_is_upright_slouched_and_upright_again() {
    let home = Home::new();
    let events = home.events("replay sample --calibrate-seconds 10 --json --engine rten");
    for event in &events[..events.len() - 1] {
        assert!(event["t"].as_f64().is_some_and(|t| t >= 0.0), "{event}");
    }
    let times: Vec<f64> = events
        .iter()
        .filter_map(|event| event["t"].as_f64())
        .collect();
    assert!(times.is_sorted(), "{times:?}");

    let calibrated = named(&events, "calibrated");
    assert_eq!(calibrated.len(), 1);
    assert!((10.0..11.0).contains(&calibrated[0].0), "{calibrated:?}");
    let states = named(&events, "state");
    let first = |name: &str| {
        let found = states.iter().find(|(_, event)| event["state"] == name);
        found
            .unwrap_or_else(|| panic!("never {name}: {states:?}"))
            .0
    };
    assert!((10.0..15.0).contains(&first("good")));
    assert!((15.0..55.0).contains(&first("at_risk")));
    assert!((15.0..55.0).contains(&first("bad")));

    let alerts = named(&events, "alert");
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    let (told, alert) = alerts[0];
    assert!((15.0..55.0).contains(&told), "{alert}");
    assert_eq!(alert["kind"], "posture");
    assert!(
        alert["faults"]
            .as_array()
            .unwrap()
            .contains(&"slouch".into())
    );
    let clears = named(&events, "clear");
    assert_eq!(clears.len(), 1, "{clears:?}");
    let (cleared, clear) = clears[0];
    assert!(cleared > 55.0, "{clear}");
    assert_eq!(
        (&clear["kind"], &clear["bout"]),
        (&alert["kind"], &alert["bout"])
    );

    let summary = events.last().unwrap();
    assert_eq!(summary["event"], "summary");
    assert_eq!(summary["observations"], 140);
    assert_eq!(
        (&summary["alerts"], &summary["bad_frames"]),
        (&1.into(), &0.into())
    );
    assert_eq!(summary["engine"], "rten");
    assert!(summary["cpu_ms_per_observation"].as_f64().unwrap() > 0.0);
    let seconds: Vec<f64> = summary["seconds"]
        .as_object()
        .unwrap()
        .values()
        .map(|value| value.as_f64().unwrap())
        .collect();
    let all: f64 = seconds.iter().sum();
    assert!(
        (all - summary["duration"].as_f64().unwrap()).abs() < 0.01,
        "{summary}"
    );
}

#[test]
fn a_trace_tells_joints_and_measures_besides_the_events() {
    let home = Home::new();
    home.clip("clip", 1..=30);
    let trace = home.events("replay clip --trace --engine rten");
    let seen = named(&trace, "observation");
    assert_eq!(seen.len(), 30);
    for (_, observation) in &seen {
        let joints = observation["joints"].as_object().unwrap();
        assert_eq!(joints.len(), 17);
        let nose: Vec<f64> = serde_json::from_value(joints["nose"].clone()).unwrap();
        assert_eq!(nose.len(), 3);
        assert!(
            (150.0..330.0).contains(&nose[0]) && (0.0..1.0).contains(&nose[2]),
            "{nose:?}"
        );
    }
    let (_, last) = seen[seen.len() - 1];
    assert_eq!(last["state"], "good");
    // The camera stands still.
    let shift = &last["camera_shift"];
    assert_eq!(shift["scene"], 0);
    for (name, still) in [("right", 0.0), ("down", 0.0), ("turn", 0.0), ("zoom", 1.0)] {
        let moved = shift[name].as_f64().unwrap() - still;
        assert!(moved.abs() < 1.0, "{shift}");
    }
    let measures = last["measures"].as_object().unwrap();
    assert!(
        measures["head_drop"].as_f64().unwrap().abs() < 0.1,
        "{last}"
    );

    let events = home.events("replay clip --json --engine rten");
    let untraced = |event: &Value| event["event"] != "observation";
    let rest: Vec<Value> = trace
        .iter()
        .filter(|event| untraced(event))
        .cloned()
        .collect();
    assert_eq!(without_summary(rest), without_summary(events));
}

#[test]
fn a_calibration_is_kept_and_used() {
    let home = Home::new();
    let calibrate = "calibrate --source sample --seconds 5 --out me.json --engine rten";
    home.backstay(calibrate)
        .assert()
        .success()
        .stdout_eq("calibrated on [..] observations; kept in me.json\n");
    #[cfg(unix)]
    assert_eq!(common::mode(&home.path("me.json")), 0o600);

    home.clip("clip", 12..=26);
    let events = home.events("replay clip --baseline me.json --json --engine rten");
    assert!(named(&events, "calibrated").is_empty());
    let states = named(&events, "state");
    assert!(
        states
            .iter()
            .all(|(_, event)| event["reason"] != "not_calibrated"),
        "{states:?}"
    );
    assert!(
        states.iter().any(|(_, event)| event["state"] == "good"),
        "{states:?}"
    );
}

#[test]
fn pictures_are_drawn_into_a_new_folder_only() {
    let home = Home::new();
    home.clip("clip", 20..=24);
    home.events("replay clip --draw drawn --json --engine rten");
    for number in 1..=5 {
        let path = home.path(&format!("drawn/{number:06}.png"));
        #[cfg(unix)]
        assert_eq!(common::mode(&path), 0o600);
        let drawn = image::load_from_memory(&fs::read(&path).unwrap()).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (480, 360));
        // The border has the colour of the state, and a joint is drawn over the face.
        let drawn = drawn.into_rgb8();
        assert_eq!(drawn.get_pixel(0, 0), drawn.get_pixel(479, 359));
        let source = home.path(&format!("clip/{:05}.jpg", number + 19));
        let differing = different_pixels(&drawn, &fs::read(source).unwrap());
        assert!(
            (2000..50_000).contains(&differing),
            "{differing} pixels differ"
        );
    }
    assert_eq!(fs::read_dir(home.path("drawn")).unwrap().count(), 5);

    home.backstay("replay clip --draw drawn --engine rten")
        .assert()
        .code(1)
        .stderr_eq("backstay: folder \"drawn\" is not empty; name a new one for the pictures\n");
    assert!(sample().join("00020.jpg").exists());
}

/// How many pixels differ by more than decoding can explain.
fn different_pixels(drawn: &image::RgbImage, jpeg: &[u8]) -> usize {
    use backstay::vision::frame::{Frame, PixelFormat};
    let frame = Frame {
        at: std::time::Duration::ZERO,
        format: PixelFormat::Jpeg,
        size: (0, 0),
        bytes: jpeg.to_vec(),
    };
    let source = backstay::vision::picture::decode(&frame).unwrap();
    let pairs = drawn.pixels().zip(source.pixels.chunks_exact(3));
    pairs
        .filter(|(a, b)| (0..3).any(|c| a.0[c].abs_diff(b[c]) > 8))
        .count()
}
