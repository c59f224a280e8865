//! The program ends well when it is told to.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use backstay::runtime::clock;
use common::{Home, named};

/// How soon the program must be gone.
const SOON: Duration = Duration::from_secs(2);

/// How long it may take until it is at work.
const START: Duration = Duration::from_secs(30);

/// A program that is killed when the test fails.
struct Running(Child);

impl Running {
    fn start(home: &Home, arguments: &str) -> Self {
        let mut program = home.program();
        program.args(arguments.split(' '));
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(program.spawn().unwrap())
    }

    fn stdout(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.0.stdout.take().unwrap())
    }

    fn stderr(&mut self) -> String {
        let mut told = String::new();
        let mut stderr = self.0.stderr.take().unwrap();
        stderr.read_to_string(&mut told).unwrap();
        told
    }

    /// Sends the signal and waits for the end.
    fn end(&mut self, signal: &str) -> ExitStatus {
        let id = self.0.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        assert!(sent.success());
        let began = clock::elapsed_since_start();
        eventually("the program ends", SOON, || {
            self.0.try_wait().unwrap().is_some()
        });
        eprintln!(
            "{signal}: ended after {:?}",
            clock::elapsed_since_start() - began
        );
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[track_caller]
fn eventually(what: &str, limit: Duration, mut happened: impl FnMut() -> bool) {
    let until = clock::elapsed_since_start() + limit;
    while !happened() {
        assert!(
            clock::elapsed_since_start() < until,
            "{what}: not within {limit:?}"
        );
        clock::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_run_ends_with_its_summary() {
    for signal in ["TERM", "INT"] {
        let home = Home::new();
        let mut run = Running::start(
            &home,
            "run --source sample --json --no-notify --engine rten",
        );
        let mut stdout = run.stdout();
        let mut lines = String::new();
        stdout.read_line(&mut lines).unwrap();
        assert!(lines.contains("\"event\":\"state\""), "{lines}");
        assert_eq!(run.end(signal).code(), Some(0), "{signal}");
        stdout.read_to_string(&mut lines).unwrap();
        let events = common::events(lines.as_bytes());
        assert_eq!(events.last().unwrap()["event"], "summary", "{lines}");
        assert_eq!(named(&events, "state").len(), 1, "{lines}");
        assert_eq!(run.stderr(), "", "{signal}");
    }
}

#[test]
fn a_recording_that_was_stopped_is_whole() {
    for (signal, name) in [("TERM", "a.jsonl"), ("INT", "b.jsonl.zst")] {
        let home = Home::new();
        let mut record = Running::start(
            &home,
            &format!("record {name} --source sample --engine rten"),
        );
        // Long enough for some observations to be on the disk.
        let some = || std::fs::metadata(home.path(name)).is_ok_and(|file| file.len() > 1500);
        eventually("observations are recorded", START, some);
        assert_eq!(record.end(signal).code(), Some(0), "{signal}");
        let mut told = String::new();
        record.stdout().read_to_string(&mut told).unwrap();
        assert!(told.starts_with(&format!("recorded {name}: ")), "{told}");

        let events = home.events(&format!("replay {name} --json"));
        let summary = events.last().unwrap();
        let observations = summary["observations"].as_u64().unwrap();
        assert!((1..140).contains(&observations), "{summary}");
    }
}

#[test]
fn a_calibration_that_was_stopped_keeps_what_was_there() {
    let home = Home::new();
    std::fs::write(home.path("me.json"), "what was there before").unwrap();
    let command = "calibrate --source sample --seconds 120 --out me.json --engine rten";
    let mut calibrate = Running::start(&home, command);
    let mut stderr = BufReader::new(calibrate.0.stderr.take().unwrap());
    let mut told = String::new();
    stderr.read_line(&mut told).unwrap();
    assert_eq!(calibrate.end("INT").code(), Some(1));
    stderr.read_to_string(&mut told).unwrap();
    assert!(told.contains("not finished"), "{told}");
    let kept = std::fs::read_to_string(home.path("me.json")).unwrap();
    assert_eq!(kept, "what was there before");
}

#[test]
fn a_replay_that_was_stopped_tells_what_it_saw() {
    let home = Home::new();
    let mut replay = Running::start(&home, "replay sample --trace --engine rten");
    let mut stdout = replay.stdout();
    let mut lines = String::new();
    while !lines.contains("\"event\":\"observation\"") {
        assert!(stdout.read_line(&mut lines).unwrap() > 0, "{lines}");
    }
    assert_eq!(replay.end("INT").code(), Some(0));
    stdout.read_to_string(&mut lines).unwrap();
    let events = common::events(lines.as_bytes());
    assert_eq!(events.last().unwrap()["event"], "summary");
    assert!(named(&events, "observation").len() < 140);
}
