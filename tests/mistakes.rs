//! Bad inputs: each ends in one clear line and an exit status, never in a panic.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Home;

/// Runs and gives the one line that is said on stderr.
#[track_caller]
fn fails(home: &Home, arguments: &str, status: i32) -> String {
    let done = home.backstay(arguments).assert().code(status);
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(
        told.starts_with("backstay: ") && told.ends_with('\n'),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
    told["backstay: ".len()..told.len() - 1].to_owned()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file with these contents.
fn file(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = home.path(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn sources_that_are_none() {
    let home = Home::new();
    fs::create_dir(home.path("empty")).unwrap();
    assert_eq!(
        fails(&home, "replay empty", 1),
        "folder \"empty\" holds no .jpg, .jpeg or .png pictures; name a folder that does"
    );
    let missing =
        "there is no file or folder \"missing\"; name one, or use \"camera\" or \"sample\"";
    for command in [
        "replay missing",
        "run --source missing",
        "record out.jsonl --source missing",
        "calibrate --source missing --out me.json",
        "--source missing",
    ] {
        assert_eq!(fails(&home, command, 1), missing);
    }
    assert!(!home.path("out.jsonl").exists());
    let folder = home.clip("clip", 1..=2);
    fs::write(folder.join("labels.json"), "{\"fps\": 0}").unwrap();
    assert_eq!(
        fails(&home, "replay clip", 1),
        "cannot use \"clip/labels.json\": \"fps\" must be above 0 and at most 1000; \
         correct or remove it and give --fps"
    );
}

#[test]
fn a_text_is_no_video() {
    if common::ffmpeg("a_text_is_no_video").is_none() {
        return;
    }
    let home = Home::new();
    file(&home, "text.mp4", "this is a text\n");
    let told = fails(&home, "replay text.mp4", 1);
    assert!(
        told.starts_with("cannot read \"text.mp4\" as a video: "),
        "{told}"
    );
    assert!(
        told.ends_with("; give a video, or a folder of pictures"),
        "{told}"
    );
}

#[test]
fn without_ffmpeg_a_video_says_so() {
    let home = Home::new();
    file(&home, "a.mp4", "");
    let done = home
        .backstay("replay a.mp4")
        .env("PATH", home.path("nowhere"));
    done.assert().code(1).stderr_eq(
        "backstay: cannot read video \"a.mp4\": the program \"ffmpeg\" is not installed; \
         install it, or give a folder of pictures\n",
    );
}

#[test]
fn cut_pictures_among_good_ones_are_passed_over_and_counted() {
    let home = Home::new();
    let folder = home.clip("clip", 1..=10);
    for (number, keep) in [(2, 0), (3, 1), (5, 5000), (9, 9999)] {
        let path = folder.join(format!("{number:05}.jpg"));
        let whole = fs::read(&path).unwrap();
        assert!(whole.len() > keep);
        fs::write(path, &whole[..keep]).unwrap();
    }
    // One has lost its middle: it begins and ends as it should.
    let path = folder.join("00007.jpg");
    let mut joined = fs::read(&path).unwrap();
    joined.drain(joined.len() / 2..joined.len() - 2);
    fs::write(path, joined).unwrap();
    let done = home
        .backstay("replay clip --json --engine rten")
        .assert()
        .code(0);
    let output = done.get_output();
    let events = common::events(&output.stdout);
    let summary = events.last().unwrap();
    assert_eq!(summary["bad_frames"], 5, "{summary}");
    assert_eq!(summary["observations"], 5, "{summary}");
    // Told at the first, second, fourth, eighth… and without colours, as this is no terminal.
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    for line in lines {
        assert!(
            line.starts_with(" WARN passed over bad picture number "),
            "{told:?}"
        );
    }
}

#[test]
fn nothing_but_broken_pictures_is_a_failure() {
    let home = Home::new();
    fs::create_dir(home.path("broken")).unwrap();
    let whole = fs::read(common::sample().join("00001.jpg")).unwrap();
    for number in 1..=3 {
        fs::write(home.path(&format!("broken/{number}.jpg")), &whole[..2000]).unwrap();
    }
    let last = "backstay: none of the 3 pictures can be used: the picture is cut off; \
                give other pictures";
    for command in ["replay broken", "calibrate --source broken --out me.json"] {
        let done = home
            .backstay(&format!("{command} --engine rten"))
            .assert()
            .code(1);
        let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        assert_eq!(told.lines().last(), Some(last), "{told}");
    }
    assert!(!home.path("me.json").exists());
}

#[test]
fn sessions_that_are_broken() {
    let home = Home::new();
    file(&home, "text.jsonl", "this is a text\n");
    let told = fails(&home, "replay text.jsonl", 1);
    assert!(
        told.starts_with("\"text.jsonl\" is not a backstay session: "),
        "{told}"
    );
    file(&home, "text.jsonl.zst", "this is a text\n");
    let told = fails(&home, "replay text.jsonl.zst", 1);
    assert!(told.contains("\"text.jsonl.zst\""), "{told}");

    home.clip("clip", 1..=4);
    home.backstay("record draw.jsonl --source clip --engine rten")
        .assert()
        .success();
    let session = fs::read_to_string(home.path("draw.jsonl")).unwrap();
    let mut lines: Vec<&str> = session.lines().collect();
    lines[4] = "{\"t\": 0.5, \"in\"";
    file(&home, "broken.jsonl", lines.join("\n") + "\n");
    let told = fails(&home, "replay broken.jsonl", 1);
    assert!(
        told.contains("\"broken.jsonl\"") && told.contains("line 5"),
        "{told}"
    );

    let told = fails(&home, "replay draw.jsonl --draw drawn", 2);
    assert_eq!(
        told,
        "a session holds no pictures to draw on; replay the pictures"
    );
    assert!(fails(&home, "record draw.jsonl --source sample", 1).contains("\"draw.jsonl\""));
    assert_eq!(
        fs::read_to_string(home.path("draw.jsonl")).unwrap(),
        session
    );
}

#[test]
fn a_configuration_with_a_mistake() {
    let home = Home::new();
    file(&home, "wrong.toml", "[camera]\nsorce = \"camera\"\n");
    let told = "cannot use configuration \"wrong.toml\": line 2: unknown key \"camera.sorce\"; \
                did you mean \"source\"?";
    for command in [
        "run",
        "replay sample",
        "record out.jsonl",
        "calibrate",
        "doctor",
    ] {
        assert_eq!(
            fails(&home, &format!("{command} --config wrong.toml"), 1),
            told
        );
    }
    assert_eq!(fails(&home, "config --config wrong.toml check", 1), told);
    let told = fails(&home, "replay sample --config missing.toml", 1);
    assert!(told.contains("\"missing.toml\""), "{told}");
}

#[test]
fn model_files_that_are_not_ours() {
    let home = Home::new();
    let mut altered = fs::read(root().join("models/movenet_lightning.onnx")).unwrap();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    for (name, bytes) in [("text.onnx", b"garbage".to_vec()), ("bit.onnx", altered)] {
        file(&home, name, bytes);
        let told = fails(&home, &format!("replay sample --model {name}"), 1);
        assert_eq!(
            told,
            format!(
                "cannot use model file \"{name}\": its sha256 does not match any model in the \
                 manifest; use \"lightning\", \"thunder\" or an intact copy of their files"
            )
        );
    }
    let told = fails(&home, "replay sample --model missing.onnx", 1);
    assert!(
        told.starts_with("cannot read model file \"missing.onnx\": "),
        "{told}"
    );
    let presence = root().join("models/pose_detection.onnx");
    let told = fails(
        &home,
        &format!("replay sample --model {}", presence.display()),
        1,
    );
    assert!(told.contains("\"presence\" finds no joints"), "{told}");
}

#[test]
fn a_baseline_that_is_none() {
    let home = Home::new();
    file(&home, "me.json", "garbage");
    let told = fails(&home, "replay sample --baseline me.json", 1);
    assert!(
        told.starts_with("\"me.json\" is not a baseline file "),
        "{told}"
    );
    assert!(fails(&home, "replay sample --baseline missing.json", 1).contains("\"missing.json\""));
}

#[test]
fn an_engine_that_is_not_installed() {
    let told = fails(&Home::new(), "replay sample --engine ort", 1);
    assert!(told.starts_with("cannot run engine \"ort\": "), "{told}");
}

#[test]
fn without_a_camera_the_sample_is_named() {
    let cameras = fs::read_dir("/dev").is_ok_and(|mut entries| {
        entries.any(|e| e.is_ok_and(|e| e.file_name().to_string_lossy().starts_with("video")))
    });
    if cameras || cfg!(not(target_os = "linux")) {
        eprintln!("skipped: without_a_camera_the_sample_is_named: this machine may have a camera");
        return;
    }
    let home = Home::new();
    for command in [
        "run --json --no-notify",
        "",
        "record out.jsonl",
        "calibrate",
    ] {
        let arguments = command.split_whitespace().collect::<Vec<_>>();
        let done = snapbox::cmd::Command::from_std(home.program())
            .args(arguments)
            .assert();
        done.code(3).stdout_eq("").stderr_eq(
            "backstay: no camera was found; plug one in; to see the program work without one: \
             \"backstay run --source sample\"\n",
        );
    }
    let doctor = home.backstay("doctor --engine rten").assert().code(3);
    let told = String::from_utf8(doctor.get_output().stdout.clone()).unwrap();
    assert!(told.contains("bad   camera: no camera was found"), "{told}");
}

/// A full disk or a closed pipe behind stdout or stderr is no reason to panic.
#[cfg(target_os = "linux")]
#[test]
fn nobody_reads() {
    let home = Home::new();
    home.clip("clip", 1..=12);
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for (number, command) in [
        "replay clip --engine rten",
        "replay clip --json --engine rten",
        "record out.jsonl --source clip --engine rten",
        "calibrate --source clip --seconds 5 --out me.json --engine rten",
        "config show",
        "engine status",
        "doctor --source clip --engine rten",
        "replay missing",
    ]
    .into_iter()
    .enumerate()
    {
        let quiet = |to_stdout: bool| {
            let mut program = home.program();
            program.args(
                command
                    .replace("out.", &format!("out{number}{to_stdout}."))
                    .split(' '),
            );
            match to_stdout {
                true => program.stdout(full()),
                false => program.stderr(full()),
            };
            program.output().unwrap()
        };
        let unread = quiet(true);
        let told = String::from_utf8_lossy(&unread.stderr).into_owned();
        assert!(!told.contains("panicked"), "{command}: {told}");
        assert!(
            matches!(unread.status.code(), Some(0 | 1)),
            "{command}: {told}"
        );
        let code = quiet(false).status.code();
        assert!(matches!(code, Some(0 | 1)), "{command}: {code:?}");
    }
}
