//! How a session is recorded.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use backstay::domain::baseline::{Baseline, SideUpright, Spread, Upright};
use backstay::domain::io::{Command, Effect, Input, Observation, State, Status};
use backstay::domain::time::Moment;
use backstay::session::{Line, SessionError, SessionReader, SessionWriter};
use tempfile::TempDir;

use crate::{
    epoch, name_and_reason, observation_line, plain_header, read, read_whole, record, seen, write,
};

#[test]
fn a_crash_costs_only_what_was_not_flushed() {
    for name in ["s.jsonl", "s.jsonl.zst"] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(name);
        let mut writer = SessionWriter::create(&path, &plain_header()).unwrap();
        let count = || read(&path).0.len();
        assert_eq!(
            SessionReader::open(&path).unwrap().header(),
            &plain_header()
        );

        record(&mut writer, &observation_line(1)).unwrap();
        assert_eq!(count(), 0, "an observation is collected");
        writer.flush().unwrap();
        assert_eq!(count(), 1);

        let Line::Input(at, _) = observation_line(2) else {
            unreachable!()
        };
        record(&mut writer, &observation_line(2)).unwrap();
        writer
            .input(at, &Input::Command(Command::Pause(None)))
            .unwrap();
        assert_eq!(count(), 3, "a command is flushed");
        record(&mut writer, &observation_line(3)).unwrap();
        let at = at.plus(Duration::from_secs(1));
        writer
            .effects(at, &[Effect::Rate(3.0), Effect::Rate(1.0)])
            .unwrap();
        assert_eq!(count(), 6, "effects are flushed");

        record(&mut writer, &observation_line(9)).unwrap();
        drop(writer);
        assert_eq!(read_whole(&path).len(), 7, "a dropped writer ends its file");
    }
}

#[test]
fn a_recording_never_replaces_a_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl");
    write(&path, &plain_header(), &[observation_line(1)]);
    let error = SessionWriter::create(&path, &plain_header()).err().unwrap();
    assert!(matches!(error, SessionError::Exists { .. }), "{error}");
    assert_eq!(read_whole(&path).len(), 1);

    let error = SessionWriter::create(&folder.path().join("no/s.jsonl"), &plain_header());
    assert!(matches!(error, Err(SessionError::Create { .. })));
}

#[cfg(unix)]
#[test]
fn a_session_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl");
    write(&path, &plain_header(), &[]);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn what_cannot_be_written_is_left_out_and_the_recording_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl");
    let mut writer = SessionWriter::create(&path, &plain_header()).unwrap();
    let at = |seconds| Moment::after(epoch().wall, Duration::from_secs(seconds));
    let dark = Input::Observation(Observation {
        light: f32::NAN,
        ..seen(1)
    });
    writer.input(at(2), &Input::Tick).unwrap();
    let mut errors = String::new();
    let mut refuse = |result: Result<(), SessionError>| {
        let error = result.unwrap_err();
        assert!(matches!(error, SessionError::Unwritable { .. }), "{error}");
        let (_, reason) = name_and_reason(&error);
        writeln!(errors, "{reason}").unwrap();
    };
    refuse(writer.input(at(3), &dark));
    refuse(writer.input(at(1), &Input::Tick));
    refuse(writer.input(at(1 << 23), &Input::Tick));
    refuse(writer.effects(at(3), &[Effect::Rate(f64::INFINITY), Effect::Rate(1.0)]));
    insta::assert_snapshot!(errors, @r#"
    cannot write a line of session file …: NaN is not a finite number; the line is left out
    cannot write a line of session file …: time goes back from 2 s to 1 s; the line is left out
    cannot write a line of session file …: 8388608 s is not between 0 and 8388607 s (97 days); the line is left out
    cannot write a line of session file …: inf is not a finite number; the line is left out
    "#);
    writer.finish().unwrap();
    assert_eq!(
        read_whole(&path),
        [
            Line::Input(at(2), Input::Tick),
            Line::Effect(at(3), Effect::Rate(1.0))
        ]
    );

    let mut header = plain_header();
    header.baseline = Some(broken_baseline());
    let path = folder.path().join("never.jsonl");
    let error = SessionWriter::create(&path, &header).err().unwrap();
    assert!(matches!(error, SessionError::Unwritable { .. }), "{error}");
    assert!(!path.exists());
}

#[test]
fn the_published_view_is_not_recorded() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl");
    let mut writer = SessionWriter::create(&path, &plain_header()).unwrap();
    let view = Effect::Publish(Status {
        state: State::Good,
        faults: Vec::new(),
        doubt: None,
        measures: Default::default(),
        sitting: Duration::ZERO,
        still: Duration::ZERO,
        shifts_per_hour: None,
        calibrating: None,
        pauses: Vec::new(),
    });
    writer.effects(epoch(), &[view]).unwrap();
    writer.finish().unwrap();
    assert_eq!(read_whole(&path), []);
}

fn broken_baseline() -> Baseline {
    let nowhere = Spread {
        median: f64::NAN,
        sigma: 0.0,
    };
    Baseline {
        frame: (640, 480),
        samples: 0,
        upright: Upright::Side(SideUpright {
            looks_right: true,
            neck: nowhere,
            torso: None,
            pitch: nowhere,
            nose_length: nowhere,
            neck_length: nowhere,
        }),
        slouch_limit: None,
    }
}
