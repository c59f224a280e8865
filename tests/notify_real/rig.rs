//! A screen that nobody sees, dunst on it, and a run that alerts within half a minute.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use std::{env, fs};

use image::RgbImage;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bus::{self, Bus, Killed, first_line};
use crate::common::{self, Events, Home, rig, sample};

/// Far longer than anything takes: a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// Pictures of the sample, by their numbers: seven seconds upright, the slouch for twenty (at ten
/// of dwell the alert comes after about eleven), then upright again for thirteen.
const UPRIGHT: std::ops::Range<usize> = 1..15;
const SLOUCH: std::ops::Range<usize> = 40..80;
const UPRIGHT_AGAIN: std::ops::Range<usize> = 115..141;

/// Waits until `is_so`, and fails at the deadline.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    common::until(what, DEADLINE, is_so);
}

/// A screen and a private bus, for a desktop with nothing on it.
pub(crate) struct Desk {
    display: String,
    address: String,
    folder: TempDir,
    _bus: Bus,
    _screen: Killed,
}

impl Desk {
    /// Starts both; `None`, with a word on stderr, where the machine lacks what the tests need.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let needs = missing();
        rig(
            test,
            needs.unwrap_or("a screen"),
            needs.is_none().then_some(()),
        )?;
        let mut screen = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp"])
            .args(["-screen", "0", "800x600x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Killed)
            .unwrap();
        let display = format!(":{}", first_line(&mut screen.0));
        let (address, bus) = bus::private_bus();
        Some(Self {
            display,
            address,
            folder: tempfile::tempdir().unwrap(),
            _bus: bus,
            _screen: screen,
        })
    }

    /// `program` on this screen and bus.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Starts dunst, and waits until it answers. Its menu of actions is answered with the snooze.
    pub(crate) fn dunst(&self) -> Killed {
        let settings = self.folder.path().join("dunstrc");
        let text = "[global]\nfont = Sans 10\nframe_width = 2\ndmenu = /usr/bin/env grep Snooze\n";
        fs::write(&settings, text).unwrap();
        let dunst = self
            .command("dunst")
            .arg("-config")
            .arg(settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Killed)
            .unwrap();
        until("dunst answers", || {
            self.ask("count displayed").status.success()
        });
        dunst
    }

    fn ask(&self, arguments: &str) -> Output {
        let mut dunstctl = self.command("dunstctl");
        dunstctl.args(arguments.split(' ')).output().unwrap()
    }

    /// How many bubbles dunst shows.
    pub(crate) fn displayed(&self) -> u32 {
        let done = self.ask("count displayed");
        assert!(done.status.success(), "{done:?}");
        let text = String::from_utf8(done.stdout).unwrap();
        text.trim().parse().unwrap()
    }

    /// Opens dunst's menu of actions, which takes the snooze.
    pub(crate) fn choose_snooze(&self) {
        let done = self.ask("context");
        assert!(done.status.success(), "{done:?}");
    }

    /// What the bubbles that are gone said, the latest first: summary and body.
    pub(crate) fn history(&self) -> Vec<(String, String)> {
        let done = self.ask("history");
        assert!(done.status.success(), "{done:?}");
        let history: Value = serde_json::from_slice(&done.stdout).unwrap();
        let text = |bubble: &Value, part: &str| bubble[part]["data"].as_str().unwrap().to_owned();
        let bubbles = history["data"][0].as_array().unwrap().iter();
        let ours = bubbles.filter(|bubble| bubble["appname"]["data"] == "backstay");
        ours.map(|bubble| (text(bubble, "summary"), text(bubble, "body")))
            .collect()
    }

    /// What is on the screen; kept under `name` where the environment names a folder for it.
    pub(crate) fn picture(&self, name: &str) -> RgbImage {
        let file = self.folder.path().join(format!("{name}.png"));
        let done = Command::new("ffmpeg")
            .args(["-v", "error", "-f", "x11grab", "-draw_mouse", "0", "-i"])
            .args([self.display.as_str(), "-frames:v", "1", "-y"])
            .arg(&file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        if let Some(folder) = env::var_os("BACKSTAY_ARTEFACTS") {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::copy(&file, folder.join(format!("{name}.png"))).unwrap();
        }
        image::open(&file).unwrap().into_rgb8()
    }

    /// Starts a run here that alerts.
    pub(crate) fn run<'a>(&self, home: &'a Home) -> Run<'a> {
        home.configure("config.toml", "[posture]\ndwell_seconds = 10\n");
        let mut child = home
            .program()
            .args(["run", "--json", "--engine=rten", "--calibrate-seconds=4"])
            .arg("--source")
            .arg(pictures(home))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Killed)
            .unwrap();
        let events = Events::read(child.0.stdout.take().unwrap());
        Run {
            events,
            home,
            _child: child,
        }
    }
}

/// The program on the desk.
pub(crate) struct Run<'a> {
    events: Events,
    home: &'a Home,
    _child: Killed,
}

impl Run<'_> {
    /// The alerts that were told so far.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        self.events.named("alert")
    }

    /// The alerts that were taken back so far.
    pub(crate) fn clears(&self) -> Vec<Value> {
        self.events.named("clear")
    }

    /// What `backstay status` says of it.
    pub(crate) fn status(&self) -> Value {
        let asked = self.home.program().args(["status", "--json"]).output();
        let done = asked.unwrap();
        assert!(done.status.success(), "{done:?}");
        serde_json::from_slice(&done.stdout).unwrap()
    }
}

/// What the tests need and this machine lacks.
fn missing() -> Option<&'static str> {
    let exists = |program: &&str| {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders).any(|folder| folder.join(program).is_file())
    };
    let programs = ["Xvfb", "dunst", "dunstctl", "dbus-send", "busctl", "ffmpeg"];
    let lacking = programs.into_iter().find(|program| !exists(program));
    lacking.or_else(bus::missing)
}

/// A folder with the pictures that the run sees.
fn pictures(home: &Home) -> PathBuf {
    let folder = home.path("pictures");
    fs::create_dir(&folder).unwrap();
    let numbers = UPRIGHT.chain(SLOUCH).chain(UPRIGHT_AGAIN);
    for (n, number) in numbers.enumerate() {
        let from = sample().join(format!("{number:05}.jpg"));
        fs::copy(from, folder.join(format!("{:05}.jpg", n + 1))).unwrap();
    }
    fs::write(folder.join("labels.json"), json!({"fps": 2}).to_string()).unwrap();
    folder
}
