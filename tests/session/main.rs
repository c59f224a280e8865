//! Sessions: what is written is restored exactly, and what is broken is said clearly.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod mistakes;
mod recording;
mod restoring;
mod strategies;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backstay::domain::io::{Input, Observation};
use backstay::domain::pose::{Keypoint, Pose};
use backstay::domain::time::{Moment, WallTime};
use backstay::session::{Header, Line, Model, SessionError, SessionReader, SessionWriter};

fn epoch() -> Moment {
    let start = WallTime {
        unix_ms: 1_790_000_000_000,
        utc_offset_s: 7200,
    };
    Moment::after(start, Duration::ZERO)
}

fn plain_header() -> Header {
    Header {
        program: "0.1.0".to_owned(),
        model: Model {
            name: "lightning".to_owned(),
            sha256: "ab".repeat(32),
        },
        engine: "rten".to_owned(),
        frame: (640, 480),
        started: epoch().wall,
        settings: serde_json::Map::new(),
        baseline: None,
        profiles: Vec::new(),
    }
}

/// A pose with the digits real ones have; `seed` moves it.
fn seen(seed: u32) -> Observation {
    let joints = std::array::from_fn(|joint| Keypoint {
        x: 320.0 + (seed as f32 * 0.37 + joint as f32).sin() * 123.4,
        y: 240.0 + (seed as f32 * 0.73 - joint as f32).cos() * 98.7,
        confidence: (seed as f32 * 0.11 + joint as f32).sin().abs(),
    });
    Observation {
        frame: (640, 480),
        pose: Pose::new(joints),
        presence: (seed as f32).sin().abs(),
        light: 0.41,
        camera: None,
        other_person: None,
    }
}

fn observation_line(third: u32) -> Line {
    let elapsed = Duration::from_micros(u64::from(third) * 333_333);
    let at = Moment::after(epoch().wall, elapsed);
    Line::Input(at, Input::Observation(seen(third)))
}

fn record(writer: &mut SessionWriter, line: &Line) -> Result<(), SessionError> {
    match line {
        Line::Input(at, input) => writer.input(*at, input),
        Line::Effect(at, effect) => writer.effects(*at, std::slice::from_ref(effect)),
    }
}

fn write(path: &Path, header: &Header, lines: &[Line]) {
    let mut writer = SessionWriter::create(path, header).unwrap();
    for line in lines {
        record(&mut writer, line).unwrap();
    }
    writer.finish().unwrap();
}

/// What a file holds: its lines to the end or the first error, and the notice.
fn read(path: &Path) -> (Vec<Line>, Option<String>, Option<SessionError>) {
    let mut reader = match SessionReader::open(path) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), None, Some(error)),
    };
    let mut lines = Vec::new();
    let mut error = None;
    for line in &mut reader {
        match line {
            Ok(line) => lines.push(line),
            Err(found) => error = Some(found),
        }
    }
    (lines, reader.notice().map(str::to_owned), error)
}

fn read_whole(path: &Path) -> Vec<Line> {
    let (lines, notice, error) = read(path);
    assert_eq!(notice, None);
    assert!(error.is_none(), "{error:?}");
    lines
}

fn samples(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// The name of the file that `error` is about, and the text with the name left out.
fn name_and_reason(error: &SessionError) -> (String, String) {
    let message = error.to_string();
    let mut quotes = message.splitn(3, '"');
    let before = quotes.next().unwrap();
    let path = quotes.next().unwrap();
    let after = quotes.next().unwrap();
    let (_, name) = path.rsplit_once('/').unwrap();
    (name.to_owned(), format!("{before}…{after}"))
}
