//! What is broken is said clearly.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use backstay::session::{SessionError, SessionReader};
use tempfile::TempDir;

use crate::{name_and_reason, observation_line, plain_header, read, samples, write};

/// Every file in `tests/sessions/broken` holds one mistake, and has one message.
#[test]
fn every_mistake_has_its_message() {
    let mut messages = String::new();
    for path in samples("tests/sessions/broken") {
        let (_, notice, error) = read(&path);
        let error = error.unwrap_or_else(|| panic!("{path:?} is not broken"));
        assert_eq!(notice, None, "{path:?}");
        let message = error.to_string();
        let (name, reason) = name_and_reason(&error);
        assert!(message.contains(&format!("{path:?}")), "{message}");
        writeln!(messages, "{name}: {reason}").unwrap();
    }
    insta::assert_snapshot!(messages, @r#"
    bad_json.jsonl: session file … is broken in line 3: expected value (column 15); mend or delete that line
    effect_unknown.jsonl: session file … is broken in line 2: unknown variant `explode`, expected one of `state`, `alert`, `clear`, `calibrating`, `slouch_learnt`, `wrong`, `calibrated`, `calibration_refused`, `place`, `camera_moved`, `chair_moved`, `still_hint`, `break_taken`, `interval`, `paused`, `rate` (column 24); mend or delete that line
    empty.jsonl: session file … is empty; record another with `backstay record`
    empty_line.jsonl: session file … is broken in line 3: the line is empty; mend or delete that line
    fault_unknown.jsonl: session file … is broken in line 2: unknown variant `yawn`, expected one of `slouch`, `forward_head`, `lean_in`, `side_lean`, `head_tilt`, `head_down`, `raised_shoulders`, `too_close` (column 53); mend or delete that line
    field_missing.jsonl: session file … is broken in line 2: missing field `kind` (column 29); mend or delete that line
    field_twice.jsonl: session file … is broken in line 2: duplicate field `t` (column 12); mend or delete that line
    field_unknown.jsonl: session file … is broken in line 2: unknown field `mood`, there are no fields (column 27); mend or delete that line
    header_cut_off.jsonl: … is not a backstay session: its first line is cut off; give a file made by `backstay record`
    header_field_missing.jsonl: session file … has a broken header: missing field `engine` (column 249); mend line 1, or record another
    header_field_unknown.jsonl: session file … has a broken header: unknown field `colour`, expected one of `backstay_session`, `program`, `model`, `engine`, `frame`, `started`, `settings`, `baseline`, `profiles` (column 153); mend line 1, or record another
    joint_of_two.jsonl: session file … is broken in line 2: invalid length 2, expected exactly 3 values (column 50); mend or delete that line
    joints_16.jsonl: session file … is broken in line 2: invalid length 16, expected exactly 17 values (column 346); mend or delete that line
    joints_18.jsonl: session file … is broken in line 2: invalid length 18, expected exactly 17 values (column 385); mend or delete that line
    kind_last.jsonl: session file … is broken in line 2: `t` and `in` or `out` must stand before `light` (column 16); mend or delete that line
    kind_missing.jsonl: session file … is broken in line 2: `in` or `out` is missing (column 9); mend or delete that line
    kind_unknown.jsonl: session file … is broken in line 2: unknown variant `sneeze`, expected one of `observation`, `command`, `camera`, `signal`, `settings`, `break`, `earlier`, `tick` (column 22); mend or delete that line
    last_line_wrong.jsonl: session file … is broken in line 2: unknown variant `sneeze`, expected one of `observation`, `command`, `camera`, `signal`, `settings`, `break`, `earlier`, `tick` (column 22); mend or delete that line
    newer.jsonl: session file … has format version 2, and backstay 0.1.0 reads up to version 1; update backstay
    not_a_session.jsonl: … is not a backstay session: its first line is no header: expected value (column 1); give a file made by `backstay record`
    not_compressed.jsonl.zst: … is not a backstay session: it cannot be decompressed as its name promises (Unknown frame descriptor); give a file made by `backstay record`
    number_nan.jsonl: session file … is broken in line 2: expected value (column 391); mend or delete that line
    number_null.jsonl: session file … is broken in line 2: invalid type: null, expected f32 (column 394); mend or delete that line
    number_too_large.jsonl: session file … is broken in line 2: number out of range (column 41); mend or delete that line
    other_json.jsonl: … is not a backstay session: its first line is no header: missing field `backstay_session` (column 19); give a file made by `backstay record`
    time_backwards.jsonl: session file … is broken in line 3: time goes back from 2.5 s to 1 s; mend or delete that line
    time_missing.jsonl: session file … is broken in line 2: `t` must stand before `in` and `out` (column 13); mend or delete that line
    time_negative.jsonl: session file … is broken in line 2: -1 s is not between 0 and 8388607 s (97 days) (column 9); mend or delete that line
    time_too_large.jsonl: session file … is broken in line 2: 8388608 s is not between 0 and 8388607 s (97 days) (column 14); mend or delete that line
    two_on_a_line.jsonl: session file … is broken in line 2: trailing characters (column 22); mend or delete that line
    "#);
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
