//! Sessions: what is written is restored exactly, and what is broken is said clearly.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backstay::domain::baseline::{Baseline, Refusal, Spread};
use backstay::domain::io::{
    Alert, AlertKind, Amount, CameraReport, CameraStatus, Command, Doubt, Effect, Fault, Input,
    Observation, State, Status, Urgency,
};
use backstay::domain::pose::{Joint, Keypoint, Pose};
use backstay::domain::time::{Moment, WallTime};
use backstay::session::{Header, Line, Model, SessionError, SessionReader, SessionWriter};
use proptest::prelude::*;
use tempfile::TempDir;

// Strategies: everything the format can hold.

/// Times the format holds: below 2^23 s.
fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..100_000_000_u64).prop_map(Duration::from_micros),
        (0..8_388_608_000_000_000_u64).prop_map(Duration::from_nanos),
    ]
}

fn wall() -> impl Strategy<Value = WallTime> {
    (any::<i64>(), any::<i32>()).prop_map(|(unix_ms, utc_offset_s)| WallTime {
        unix_ms,
        utc_offset_s,
    })
}

fn spread() -> impl Strategy<Value = Spread> {
    any::<(f64, f64)>().prop_map(|(median, sigma)| Spread { median, sigma })
}

fn baseline() -> impl Strategy<Value = Baseline> {
    (
        any::<((u32, u32), u32)>(),
        prop::collection::vec(spread(), 10),
    )
        .prop_map(|((frame, samples), spreads)| Baseline {
            frame,
            samples,
            ear_height: spreads[0],
            head_width: spreads[1],
            shoulder_width: spreads[2],
            eye_y: spreads[3],
            ear_y: spreads[4],
            shoulder_y: spreads[5],
            pitch: spreads[6],
            yaw: spreads[7],
            tilt: spreads[8],
            roll: spreads[9],
        })
}

fn observation() -> impl Strategy<Value = Observation> {
    (
        // The header's size is common, others are possible.
        prop_oneof![Just((640, 480)), any::<(u32, u32)>()],
        any::<[(f32, f32, f32); Joint::COUNT]>(),
        any::<(f32, f32)>(),
    )
        .prop_map(|(frame, joints, (presence, light))| Observation {
            frame,
            pose: Pose::new(joints.map(|(x, y, confidence)| Keypoint { x, y, confidence })),
            presence,
            light,
        })
}

fn input() -> impl Strategy<Value = Input> {
    let command = prop_oneof![
        span().prop_map(Command::Calibrate),
        Just(Command::Pause),
        Just(Command::Resume),
        span().prop_map(Command::Snooze),
    ];
    let status = prop::sample::select(vec![
        CameraStatus::Ok,
        CameraStatus::Lost,
        CameraStatus::Stalled,
        CameraStatus::Busy,
        CameraStatus::Denied,
        CameraStatus::Yielded,
    ]);
    let camera =
        (status, any::<String>()).prop_map(|(status, detail)| CameraReport { status, detail });
    prop_oneof![
        4 => observation().prop_map(Input::Observation),
        1 => command.prop_map(Input::Command),
        1 => camera.prop_map(Input::Camera),
        1 => Just(Input::Tick),
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    let state = || prop::sample::select(State::ALL.to_vec());
    let faults = || prop::collection::vec(prop::sample::select(Fault::ALL.to_vec()), 0..4);
    let doubt = prop::sample::select(vec![
        Doubt::NotCalibrated,
        Doubt::NoCamera,
        Doubt::Paused,
        Doubt::TooDark,
        Doubt::Hidden,
        Doubt::CutOff,
        Doubt::Turned,
        Doubt::LookingDown,
        Doubt::ArmRaised,
        Doubt::Moving,
    ]);
    let kind = || prop::sample::select(vec![AlertKind::Posture, AlertKind::Sitting]);
    let urgency = prop::sample::select(vec![Urgency::Quiet, Urgency::Firm]);
    let amount = prop_oneof![
        any::<f64>().prop_map(Amount::Percent),
        any::<f64>().prop_map(Amount::Centimetres),
        any::<f64>().prop_map(Amount::Degrees),
    ];
    let refusal = prop_oneof![
        any::<f64>().prop_map(Refusal::Hidden),
        any::<f64>().prop_map(Refusal::Moved),
        any::<f64>().prop_map(Refusal::Turned),
        any::<f64>().prop_map(Refusal::Tilted),
        any::<f64>().prop_map(Refusal::TooDark),
        Just(Refusal::Nobody),
    ];
    let alert = (
        kind(),
        any::<u64>(),
        faults(),
        prop::option::of(amount),
        span(),
        urgency,
    )
        .prop_map(|(kind, bout, faults, amount, lasted, urgency)| Alert {
            kind,
            bout,
            faults,
            amount,
            lasted,
            urgency,
        });
    prop_oneof![
        (state(), faults(), prop::option::of(doubt)).prop_map(|(state, faults, doubt)| {
            Effect::State {
                state,
                faults,
                doubt,
            }
        }),
        alert.prop_map(Effect::Alert),
        (kind(), any::<u64>(), faults()).prop_map(|(kind, bout, faults)| Effect::Clear {
            kind,
            bout,
            faults
        }),
        baseline().prop_map(Effect::Calibrated),
        refusal.prop_map(Effect::CalibrationRefused),
        span().prop_map(|away| Effect::BreakTaken { away }),
        any::<f64>().prop_map(Effect::Rate),
    ]
}

fn header() -> impl Strategy<Value = Header> {
    let settings = prop::collection::btree_map(
        any::<String>(),
        prop_oneof![
            any::<f64>().prop_map(serde_json::Value::from),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
        ],
        0..4,
    );
    (
        any::<(String, String, String, String)>(),
        wall(),
        settings,
        prop::option::of(baseline()),
    )
        .prop_map(
            |((program, name, sha256, engine), started, settings, baseline)| Header {
                program,
                model: Model { name, sha256 },
                engine,
                frame: (640, 480),
                started,
                settings: settings.into_iter().collect(),
                baseline,
            },
        )
}

/// A header, and lines whose times never go back, at wall clocks that mostly follow.
fn session() -> impl Strategy<Value = (Header, Vec<Line>)> {
    let body = prop_oneof![
        3 => input().prop_map(|input| Line::Input(epoch(), input)),
        1 => effect().prop_map(|effect| Line::Effect(epoch(), effect)),
    ];
    let line = (span(), prop::option::weighted(0.2, wall()), body);
    (header(), prop::collection::vec(line, 0..12)).prop_map(|(header, mut lines)| {
        lines.sort_by_key(|(elapsed, ..)| *elapsed);
        let lines = lines
            .into_iter()
            .map(|(elapsed, jump, line)| {
                let mut at = Moment::after(header.started, elapsed);
                at.wall = jump.unwrap_or(at.wall);
                match line {
                    Line::Input(_, input) => Line::Input(at, input),
                    Line::Effect(_, effect) => Line::Effect(at, effect),
                }
            })
            .collect();
        (header, lines)
    })
}

// Helpers.

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

// What is written is restored.

proptest! {
    #[test]
    fn any_session_is_restored_exactly((header, lines) in session(), compressed: bool) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(if compressed { "s.jsonl.zst" } else { "s.jsonl" });
        write(&path, &header, &lines);
        let reader = SessionReader::open(&path).unwrap();
        prop_assert_eq!(reader.header(), &header);
        prop_assert_eq!(read_whole(&path), lines);
    }

    #[test]
    fn a_file_cut_off_anywhere_gives_the_lines_before_the_cut(
        (header, lines) in session(),
        cut in any::<prop::sample::Index>(),
        compressed: bool,
    ) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(if compressed { "s.jsonl.zst" } else { "s.jsonl" });
        write(&path, &header, &lines);
        let whole = fs::read(&path).unwrap();
        let kept = &whole[..cut.index(whole.len())];
        fs::write(&path, kept).unwrap();

        let (found, notice, error) = read(&path);
        prop_assert!(lines.starts_with(&found));
        match error {
            // The header is lost.
            Some(SessionError::Empty { .. } | SessionError::NotASession { .. }) => {
                prop_assert!(found.is_empty());
            }
            Some(error) => prop_assert!(false, "{}", error),
            None if compressed => prop_assert!(notice.unwrap().contains("compressed data")),
            None => {
                let newlines = kept.iter().filter(|&&byte| byte == b'\n').count();
                let last = kept.split(|&byte| byte == b'\n').next_back().unwrap();
                // The last line may have lost its newline alone.
                let half_written = !last.is_empty() && found.len() < newlines;
                prop_assert!(newlines <= found.len() + 1);
                prop_assert_eq!(notice.is_some(), half_written);
            }
        }
    }
}

/// The files in `tests/sessions` are as this version writes them: a change of the format that old
/// files do not survive fails here.
#[test]
fn the_samples_are_written_again_byte_for_byte() {
    let folder = TempDir::new().unwrap();
    for sample in samples("tests/sessions") {
        let reader = SessionReader::open(&sample).unwrap();
        let again = folder.path().join(sample.file_name().unwrap());
        write(&again, reader.header(), &read_whole(&sample));
        assert_eq!(
            fs::read_to_string(&again).unwrap(),
            fs::read_to_string(&sample).unwrap()
        );
    }
}

#[test]
fn the_example_in_the_documentation_is_a_session() {
    let page = fs::read_to_string("docs/session-format.md").unwrap();
    let (_, example) = page.split_once("```jsonl\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("example.jsonl");
    fs::write(&path, example).unwrap();
    assert_eq!(read_whole(&path).len(), example.lines().count() - 1);
}

#[test]
fn the_order_of_a_kinds_fields_and_the_space_between_are_free() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("loose.jsonl");
    let header = fs::read_to_string("tests/sessions/pauses.jsonl").unwrap();
    let header = header.lines().next().unwrap();
    let lines = "{ \"t\" : 1, \"out\" : \"state\", \"doubt\" : null, \"faults\" : [ ], \
                 \"state\" : \"good\" }\r\n{\"wall\":[5,0],\"t\":2e0,\"in\":\"tick\"}";
    fs::write(&path, format!("{header}\r\n{lines}")).unwrap();
    let lines = read_whole(&path);
    assert!(matches!(
        lines[0],
        Line::Effect(
            _,
            Effect::State {
                state: State::Good,
                doubt: None,
                ..
            }
        )
    ));
    let Line::Input(at, Input::Tick) = lines[1] else {
        panic!("{:?}", lines[1]);
    };
    assert_eq!((at.elapsed.as_secs(), at.wall.unix_ms), (2, 5));
}

// The writer.

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
        writer.input(at, &Input::Command(Command::Pause)).unwrap();
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
        let (_, reason) = errors_of(&error);
        writeln!(errors, "{reason}").unwrap();
    };
    refuse(writer.input(at(3), &dark));
    refuse(writer.input(at(1), &Input::Tick));
    refuse(writer.input(at(1 << 23), &Input::Tick));
    refuse(writer.effects(at(3), &[Effect::Rate(f64::INFINITY), Effect::Rate(1.0)]));
    insta::assert_snapshot!(errors, @"");
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
        calibrating: None,
    });
    writer.effects(epoch(), &[view]).unwrap();
    writer.finish().unwrap();
    assert_eq!(read_whole(&path), []);
}

// The reader.

/// Every file in `tests/sessions/broken` holds one mistake, and has one message.
#[test]
fn every_mistake_has_its_message() {
    let mut messages = String::new();
    for path in samples("tests/sessions/broken") {
        let (_, notice, error) = read(&path);
        let error = error.unwrap_or_else(|| panic!("{path:?} is not broken"));
        assert_eq!(notice, None, "{path:?}");
        let message = error.to_string();
        let (name, reason) = errors_of(&error);
        assert!(message.contains(&format!("{path:?}")), "{message}");
        writeln!(messages, "{name}: {reason}").unwrap();
    }
    insta::assert_snapshot!(messages, @"");
}

/// The name of the file that `error` is about, and the text with the name left out.
fn errors_of(error: &SessionError) -> (String, String) {
    let message = error.to_string();
    let mut quotes = message.splitn(3, '"');
    let before = quotes.next().unwrap();
    let path = quotes.next().unwrap();
    let after = quotes.next().unwrap();
    let (_, name) = path.rsplit_once('/').unwrap();
    (name.to_owned(), format!("{before}…{after}"))
}

fn broken_baseline() -> Baseline {
    let nowhere = Spread {
        median: f64::NAN,
        sigma: 0.0,
    };
    Baseline {
        frame: (640, 480),
        samples: 0,
        ear_height: nowhere,
        head_width: nowhere,
        shoulder_width: nowhere,
        eye_y: nowhere,
        ear_y: nowhere,
        shoulder_y: nowhere,
        pitch: nowhere,
        yaw: nowhere,
        tilt: nowhere,
        roll: nowhere,
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = SessionReader::open(Path::new("no/such.jsonl"))
        .err()
        .unwrap();
    assert!(matches!(error, SessionError::Open { .. }), "{error}");
    assert!(error.to_string().contains("\"no/such.jsonl\""), "{error}");
}

#[test]
fn an_over_long_line_is_refused_before_it_fills_the_memory() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl");
    write(&path, &plain_header(), &[]);
    let mut bytes = fs::read(&path).unwrap();
    bytes.resize(bytes.len() + (1 << 20) + 1, b' ');
    fs::write(&path, &bytes).unwrap();
    let (_, notice, error) = read(&path);
    assert!(
        matches!(error, Some(SessionError::Line { line: 2, .. })),
        "{error:?}"
    );
    assert_eq!(notice, None);

    fs::write(&path, &bytes[bytes.len() - (1 << 20) - 1..]).unwrap();
    let (_, _, error) = read(&path);
    assert!(
        matches!(error, Some(SessionError::NotASession { .. })),
        "{error:?}"
    );
}

#[test]
fn compressed_data_damaged_inside_are_an_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.jsonl.zst");
    let lines: Vec<_> = (0..2_000).map(observation_line).collect();
    write(&path, &plain_header(), &lines);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2_000].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let (found, _, error) = read(&path);
    assert!(
        matches!(error, Some(SessionError::Read { .. })),
        "{error:?}"
    );
    assert!(!found.is_empty() && lines.starts_with(&found));
}

/// Eight hours at three observations a second: prints how long reading takes. Replay wants it well
/// under a second in release.
#[test]
#[ignore = "a measurement: run it alone, with --ignored --nocapture"]
fn eight_hours_are_read_quickly() {
    let folder = TempDir::new().unwrap();
    for name in ["day.jsonl", "day.jsonl.zst"] {
        let path = folder.path().join(name);
        let lines: Vec<_> = (0..86_400).map(observation_line).collect();
        write(&path, &plain_header(), &lines);
        let before = backstay::runtime::clock::elapsed_since_start();
        let count = SessionReader::open(&path)
            .unwrap()
            .map(Result::unwrap)
            .count();
        let took = backstay::runtime::clock::elapsed_since_start() - before;
        assert_eq!(count, lines.len());
        let size = fs::metadata(&path).unwrap().len();
        eprintln!("{name}: {count} lines, {size} bytes, read in {took:?}");
    }
}
