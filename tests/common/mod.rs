//! What the whole-program tests share: the program in a home of its own, what it prints, rigs.

#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod events;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backstay::runtime::clock;
use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::pins::Pin;
use backstay::vision::engine::{EngineChoice, EngineSetup};
use serde_json::{Value, json};
use tempfile::TempDir;

#[allow(unused_imports, reason = "each test program uses its part")]
pub(crate) use events::Events;

/// The longest a command may take: a run over the whole sample needs about 10 s of a core.
const LIMIT: Duration = Duration::from_secs(120);

/// The sample's pictures a second.
const SAMPLE_FPS: f64 = 2.0;

/// A temporary folder that is the program's home and its working folder.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file of the person's into the program's configuration folder.
    pub(crate) fn configure(&self, name: &str, text: &str) {
        let folder = self.path("config/backstay");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
    }

    /// The program, knowing no other folders than this one.
    pub(crate) fn program(&self) -> std::process::Command {
        self.start(Path::new(env!("CARGO_BIN_EXE_backstay")))
    }

    /// `program`, which starts ours, likewise.
    pub(crate) fn start(&self, program: &Path) -> std::process::Command {
        let mut command = std::process::Command::new(program);
        command
            .current_dir(self.0.path())
            .env("HOME", self.0.path());
        for (folder, name) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            command.env(folder, self.path(name));
        }
        for name in [
            "ORT_DYLIB_PATH",
            "RUST_LOG",
            "DBUS_SESSION_BUS_ADDRESS",
            "XDG_CURRENT_DESKTOP",
        ] {
            command.env_remove(name);
        }
        // Whoever runs the tests may read another language.
        command.env("LC_ALL", "C").env_remove("LANGUAGE");
        // Whoever runs the tests may lock the screen meanwhile.
        command.env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        command
    }

    /// The program with arguments, in one text with single spaces between them.
    pub(crate) fn backstay(&self, arguments: &str) -> snapbox::cmd::Command {
        snapbox::cmd::Command::from_std(self.program())
            .args(arguments.split(' '))
            .timeout(LIMIT)
    }

    /// The events that a command prints; it must do well and say nothing on stderr.
    #[track_caller]
    pub(crate) fn events(&self, arguments: &str) -> Vec<Value> {
        let done = self.backstay(arguments).assert().success().stderr_eq("");
        events(&done.get_output().stdout)
    }

    /// Copies pictures of the sample into a new folder; they keep their times.
    pub(crate) fn clip(&self, name: &str, numbers: impl IntoIterator<Item = usize>) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir(&folder).unwrap();
        let mut clock = Vec::new();
        for number in numbers {
            let picture = format!("{number:05}.jpg");
            fs::copy(sample().join(&picture), folder.join(&picture)).unwrap();
            let t = (number - 1) as f64 / SAMPLE_FPS;
            clock.push(json!({"frame": clock.len() + 1, "t": t, "fps": SAMPLE_FPS}));
        }
        let labels = json!({"fps": SAMPLE_FPS, "clock": clock});
        fs::write(folder.join("labels.json"), labels.to_string()).unwrap();
        folder
    }
}

/// The folder of the sample's pictures.
pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample")
}

/// The JSON objects on the lines of `stdout`.
pub(crate) fn events(stdout: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(stdout).unwrap();
    text.lines()
        .map(|line| match serde_json::from_str(line) {
            Ok(event @ Value::Object(_)) => event,
            _ => panic!("no event: {line}"),
        })
        .collect()
}

/// What must be the same in two runs over the same: all events but the summary, which tells of
/// processor time and engine.
pub(crate) fn without_summary(mut events: Vec<Value>) -> Vec<Value> {
    let summary = events.pop().unwrap();
    assert_eq!(summary["event"], "summary", "{summary}");
    assert!(events.iter().all(|event| event["event"] != "summary"));
    events
}

/// The times and events called `name`, in order.
pub(crate) fn named<'a>(events: &'a [Value], name: &str) -> Vec<(f64, &'a Value)> {
    events
        .iter()
        .filter(|event| event["event"] == name)
        .map(|event| (event["t"].as_f64().unwrap(), event))
        .collect()
}

/// Waits until `is_so`, for `limit` at most.
#[track_caller]
pub(crate) fn until(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) {
    let end = clock::elapsed_since_start() + limit;
    while !is_so() {
        let now = clock::elapsed_since_start();
        assert!(now < end, "waited in vain: {what}");
        clock::sleep(Duration::from_millis(20));
    }
}

/// The last nine bits of a file's mode.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// What a test needs and a machine may lack: without it the test says so and passes, or fails when
/// `BACKSTAY_RIGS=1`.
pub(crate) fn rig<T>(test: &str, needs: &str, found: Option<T>) -> Option<T> {
    if found.is_none() {
        let demanded = std::env::var_os("BACKSTAY_RIGS").is_some_and(|value| value == "1");
        assert!(!demanded, "{test} needs {needs}");
        eprintln!("skipped: {test} needs {needs}");
    }
    found
}

/// The program `ffmpeg`, where it is installed.
pub(crate) fn ffmpeg(test: &str) -> Option<()> {
    let version = std::process::Command::new("ffmpeg")
        .arg("-version")
        .output();
    let works = version.is_ok_and(|output| output.status.success());
    rig(test, "the program ffmpeg", works.then_some(()))
}

/// The engine that is compiled in.
pub(crate) fn rten() -> EngineSetup {
    let places = LibraryPlaces {
        data_folder: PathBuf::from("/nonexistent"),
        named: None,
        telemetry_disabled: false,
    };
    EngineSetup::resolve(EngineChoice::Rten, &places).unwrap()
}

/// ONNX Runtime: the library that `BACKSTAY_TEST_ORT` names, else the installed one.
pub(crate) fn ort(test: &str) -> Option<EngineSetup> {
    let named = std::env::var_os("BACKSTAY_TEST_ORT").map(PathBuf::from);
    let data_folder = backstay::config::folders::data().unwrap();
    let installed = Pin::for_this_platform().is_some_and(|p| p.library_file(&data_folder).exists());
    let places = (named.is_some() || installed).then_some(LibraryPlaces {
        data_folder,
        named,
        telemetry_disabled: false,
    });
    let needs = "an ONNX Runtime library: set BACKSTAY_TEST_ORT to its path";
    let places = rig(test, needs, places)?;
    Some(EngineSetup::resolve(EngineChoice::Ort, &places).unwrap())
}
