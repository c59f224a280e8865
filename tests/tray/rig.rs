//! A private bus, panels on it, and a run that has an icon there.

#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::bus::{self, Killed, PYTHON, first_line, folder, recorded};
use crate::common::{self, Events, Home, rig};

/// Far longer than anything takes: a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(120);

/// Waits until `is_so`, and fails at the deadline.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    common::until(what, DEADLINE, is_so);
}

/// A private bus.
pub(crate) struct Bus {
    pub(crate) address: String,
    _daemon: bus::Bus,
}

impl Bus {
    /// Starts it; `None`, with a word on stderr, where the machine lacks it or what a panel needs.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let missing = bus::missing();
        let needs = missing.unwrap_or("a bus");
        rig(test, needs, missing.is_none().then_some(()))?;
        let (address, daemon) = bus::private_bus();
        Some(Self {
            address,
            _daemon: daemon,
        })
    }
}

/// A panel; it leaves the bus with the value.
pub(crate) struct Panel {
    child: Killed,
    folder: TempDir,
}

impl Panel {
    pub(crate) fn start(bus: &Bus) -> Self {
        let log = tempfile::tempdir().unwrap();
        let mut child = Command::new(PYTHON)
            .arg(folder("tray").join("panel.py"))
            .arg(log.path().join("log"))
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map(Killed)
            .unwrap();
        assert_eq!(first_line(&mut child.0), "READY");
        Self { child, folder: log }
    }

    /// What it has recorded so far.
    pub(crate) fn log(&self) -> Vec<Value> {
        recorded(self.folder.path())
    }

    /// The items that have registered.
    pub(crate) fn registered(&self) -> usize {
        let log = self.log();
        log.iter()
            .filter(|line| line["registered"].is_string())
            .count()
    }

    /// What it has read of items, the latest last.
    pub(crate) fn shown(&self) -> Vec<Value> {
        let log = self.log().into_iter();
        log.filter(|line| line["shows"].is_string()).collect()
    }

    /// Waits until an item shows what it should now, and gives it.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, shows: impl Fn(&Value) -> bool) -> Value {
        let latest = || self.shown().pop().filter(|item| shows(item));
        until(what, || latest().is_some());
        // It may show another thing by now.
        let mut shown = self.shown().into_iter().rev();
        shown.find(|item| shows(item)).unwrap()
    }

    /// Lets it hang, or go on.
    pub(crate) fn hang(&self, hangs: bool) {
        let signal = if hangs { "-STOP" } else { "-CONT" };
        let id = self.child.0.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Clicks the menu's entry that is called `label`, which must be there to be clicked.
    pub(crate) fn click(&mut self, label: &str) {
        let clicks = |log: &[Value]| {
            let of_it = log.iter().filter(|line| line["clicked"] == label);
            of_it.map(|line| line["found"] == true).collect::<Vec<_>>()
        };
        let before = clicks(&self.log()).len();
        let stdin = self.child.0.stdin.as_mut().unwrap();
        writeln!(stdin, "click {label}").unwrap();
        until("the panel clicks", || clicks(&self.log()).len() > before);
        assert_eq!(clicks(&self.log()).pop(), Some(true), "no {label:?}");
    }
}

/// A run on the sample, at the sample's pace.
pub(crate) struct Run {
    child: Killed,
    events: Events,
    stderr: Arc<Mutex<String>>,
}

impl Run {
    /// With `config`, on the bus at `address`.
    pub(crate) fn start(home: &Home, address: &str, config: &str, more: &[&str]) -> Self {
        configure(home, config);
        let mut child = home
            .program()
            .args(["run", "--source=sample", "--json", "--engine=rten"])
            .arg("--calibrate-seconds=4")
            .args(more)
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map(Killed)
            .unwrap();
        let events = Events::read(child.0.stdout.take().unwrap());
        let stderr = Arc::new(Mutex::new(String::new()));
        let (mut err, sink) = (child.0.stderr.take().unwrap(), Arc::clone(&stderr));
        thread::spawn(move || {
            let mut text = String::new();
            let _ = err.read_to_string(&mut text);
            *sink.lock().unwrap() = text;
        });
        Self {
            child,
            events,
            stderr,
        }
    }

    /// Whether an event has come that `is_it`.
    pub(crate) fn told(&self, is_it: impl Fn(&Value) -> bool) -> bool {
        self.events.all().iter().any(is_it)
    }

    /// The reasons of all pauses that were told, in order.
    pub(crate) fn pauses(&self) -> Vec<Value> {
        let pauses = self.events.named("pause");
        pauses
            .iter()
            .map(|event| event["reasons"].clone())
            .collect()
    }

    /// Asks it to end as the system does.
    pub(crate) fn terminate(&self) {
        let id = self.child.0.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end: how it ended, and what it wrote to stderr.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.0.wait().unwrap();
        // Nobody else has the other end of the pipe, so the reader has come to its end too.
        until("stderr is read", || Arc::strong_count(&self.stderr) == 1);
        let stderr = self.stderr.lock().unwrap().clone();
        (status, stderr)
    }
}

/// Writes the configuration file.
pub(crate) fn configure(home: &Home, config: &str) {
    home.configure("config.toml", config);
}
