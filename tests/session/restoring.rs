//! What is written is restored.

use std::fs;

use backstay::domain::io::{Effect, Input, State};
use backstay::session::{Line, SessionError, SessionReader};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::strategies::session;
use crate::{observation_line, plain_header, read, read_whole, samples, write};

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
