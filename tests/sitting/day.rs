//! A working day, through the monitor and as a session through the program.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use backstay::domain::intervals::{Interval, IntervalKind};
use backstay::domain::io::{Effect, Signal};
use backstay::domain::settings::Settings;
use backstay::session::{Header, Model, NamedProfile, SessionWriter, settings as session_settings};
use serde_json::Value;

use crate::desk::{Desk, assert_they_add_up, empty, profiles, sits, stands, total};

/// What is done, and for how many minutes.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Sits(f64),
    Stands(f64),
    Away(f64),
    /// Away with the screen locked.
    Locked(f64),
    /// In a call, which closes the camera.
    Call(f64),
}

use Doing::{Away, Call, Locked, Sits, Stands};

/// Nine hours.
const DAY: [Doing; 33] = [
    Sits(42.0),
    Away(3.0),
    Sits(51.0),
    Away(0.3),
    Sits(12.7),
    Stands(25.0),
    Away(4.0),
    Sits(28.0),
    Away(1.2),
    Sits(17.8),
    Call(30.0),
    Sits(9.0),
    Locked(45.0),
    Sits(35.0),
    Away(2.2),
    Sits(31.8),
    Away(0.2),
    Sits(8.0),
    Away(0.7),
    Sits(22.3),
    Away(6.0),
    Stands(12.0),
    Sits(14.8),
    Locked(5.0),
    Sits(33.0),
    Away(10.0),
    Sits(20.0),
    Away(2.5),
    Sits(29.5),
    Away(1.8),
    Sits(26.2),
    Away(2.1),
    Sits(7.9),
];

/// Minutes sat in truth: who is away for less than half a minute is not counted as away.
fn sat() -> f64 {
    let sat = DAY.iter().map(|doing| match doing {
        Sits(minutes) => *minutes,
        Away(minutes) if *minutes < 0.5 => *minutes,
        _ => 0.0,
    });
    sat.sum()
}

/// Minutes of the breaks of two minutes or more.
fn breaks() -> Vec<f64> {
    let long = DAY.iter().filter_map(|doing| match doing {
        Away(minutes) | Locked(minutes) if *minutes >= 2.0 => Some(*minutes),
        _ => None,
    });
    long.collect()
}

/// The day at a look every 1.5 s.
fn live() -> Desk {
    let mut desk = Desk::with(Settings::default());
    desk.every = 1.5;
    for doing in DAY {
        match doing {
            Sits(minutes) => desk.minutes(sits(), minutes),
            Stands(minutes) => desk.minutes(stands(), minutes),
            Away(minutes) => desk.minutes(empty(), minutes),
            Locked(minutes) => desk
                .signal(Signal::Locked(true))
                .wait(60.0 * minutes)
                .signal(Signal::Locked(false)),
            Call(minutes) => desk
                .signal(Signal::Call(true))
                .wait(60.0 * minutes)
                .signal(Signal::Call(false)),
        };
    }
    desk
}

fn assert_sat(told_minutes: f64) {
    let sat = sat();
    assert!(
        (told_minutes - sat).abs() <= 0.02 * sat,
        "{told_minutes} min told, {sat} min true"
    );
}

fn assert_breaks(told_minutes: &[f64]) {
    let breaks = breaks();
    assert_eq!(told_minutes.len(), breaks.len(), "{told_minutes:?}");
    for (told, taken) in told_minutes.iter().zip(&breaks) {
        assert!(
            (told - taken).abs() < 0.15,
            "{told_minutes:?} for {breaks:?}"
        );
    }
}

#[test]
fn a_day_of_nine_hours_is_told_as_it_was() {
    let mut desk = live();
    assert!((desk.now - 9.0 * 3600.0).abs() < 1.0, "{}", desk.now);
    let intervals = desk.intervals();
    assert_they_add_up(&intervals, desk.now);
    assert_sat(total(&intervals, IntervalKind::Sitting) / 60.0);
    let stood = total(&intervals, IntervalKind::Standing) / 60.0;
    assert!((stood - 37.0).abs() < 0.5, "{stood}");
    let call = total(&intervals, IntervalKind::Unwatched) / 60.0;
    assert!((call - 30.0).abs() < 0.5, "{call}");
    let is_break = |it: &&Interval| matches!(it.kind, IntervalKind::Break | IntervalKind::Away);
    let long = intervals.iter().filter(is_break);
    let long: Vec<_> = long.map(|it| it.lasted().as_secs_f64() / 60.0).collect();
    assert_breaks(&long);
    let taken = desk.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::BreakTaken(taken) => Some(taken.lasted.as_secs_f64() / 60.0),
        _ => None,
    });
    assert_breaks(&taken.collect::<Vec<_>>());
    // Absences of half a minute to two.
    let short = intervals
        .iter()
        .filter(|it| it.kind == IntervalKind::MicroBreak);
    assert_eq!(short.count(), 3);
}

#[test]
fn the_program_tells_the_same_of_the_recorded_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.jsonl.zst");
    record(&path);
    let output = Command::new(env!("CARGO_BIN_EXE_backstay"))
        .arg("replay")
        .arg(&path)
        .arg("--json")
        .env("HOME", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let events: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let intervals = |kinds: &[&str]| -> Vec<f64> {
        let of_kind = events.iter().filter(|event| {
            event["event"] == "interval" && kinds.iter().any(|kind| event["kind"] == *kind)
        });
        of_kind
            .map(|event| event["lasted"].as_f64().unwrap() / 60.0)
            .collect()
    };
    assert_sat(intervals(&["sitting"]).iter().sum());
    assert_breaks(&intervals(&["break", "away"]));
    let summary = events.last().unwrap();
    assert_sat(summary["at_desk"]["sitting"].as_f64().unwrap() / 60.0);
    assert_eq!(summary["breaks"], 9, "{summary}");
    // They follow each other to the end of the session.
    let all = events.iter().filter(|event| event["event"] == "interval");
    let mut end = 0.0;
    for interval in all {
        assert_eq!(interval["from"].as_f64().unwrap(), end, "{interval}");
        end = interval["to"].as_f64().unwrap();
    }
    assert!((end - 9.0 * 3600.0).abs() < 2.0, "{end}");
}

fn record(path: &Path) {
    let desk = live();
    let named = |(number, profile)| NamedProfile {
        name: format!("profile-{number}"),
        profile,
    };
    let header = Header {
        program: "test".to_owned(),
        model: Model {
            name: "lightning".to_owned(),
            sha256: "0".repeat(64),
        },
        engine: "rten".to_owned(),
        frame: (640, 480),
        started: desk.inputs[0].0.wall,
        settings: session_settings::to_map(&Settings::default()),
        baseline: None,
        profiles: profiles().into_iter().enumerate().map(named).collect(),
    };
    let mut writer = SessionWriter::create(path, &header).unwrap();
    for (at, input) in &desk.inputs {
        // The clock of a session counts whole microseconds.
        let micros = u64::try_from(at.elapsed.as_micros()).unwrap();
        let at = backstay::domain::time::Moment {
            elapsed: Duration::from_micros(micros),
            ..*at
        };
        writer.input(at, input).unwrap();
    }
    writer.finish().unwrap();
}
