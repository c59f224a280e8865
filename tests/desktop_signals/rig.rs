//! Two private buses, the desktop on them, and the program that listens.

use std::io::{Read, Write};
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::bus::{self, Bus, Killed, PYTHON, first_line, recorded};
use crate::common::{self, Events, Home};

/// Far longer than anything takes: a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `holds`, and fails at the deadline.
#[track_caller]
pub(crate) fn eventually(what: &str, holds: impl FnMut() -> bool) {
    common::until(what, DEADLINE, holds);
}

/// Addresses of a session bus and a system bus.
#[derive(Clone)]
pub(crate) struct Addresses {
    session: String,
    system: String,
}

impl Addresses {
    /// Tells `command` where the buses are.
    fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.session)
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.system)
    }
}

/// A private session bus and a private system bus.
pub(crate) struct Buses {
    pub(crate) addresses: Addresses,
    _daemons: [Bus; 2],
}

impl Buses {
    /// Starts both; `None`, with a word on stderr, where the machine lacks what the rig needs.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let missing = bus::missing();
        let needs = missing.unwrap_or("two buses");
        common::rig(test, needs, missing.is_none().then_some(()))?;
        let (session, session_daemon) = bus::private_bus();
        let (system, system_daemon) = bus::private_bus();
        Some(Self {
            addresses: Addresses { session, system },
            _daemons: [session_daemon, system_daemon],
        })
    }
}

/// The desktop on the buses.
pub(crate) struct Desktop {
    orders: ChildStdin,
    folder: TempDir,
    _mock: Killed,
}

impl Desktop {
    pub(crate) fn start(buses: &Buses, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(PYTHON);
        command
            .arg(bus::folder("desktop").join("deskmock.py"))
            .arg(folder.path().join("log"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut mock = Killed(buses.addresses.tell(&mut command).spawn().unwrap());
        assert_eq!(first_line(&mut mock.0), "READY");
        Self {
            orders: mock.0.stdin.take().unwrap(),
            folder,
            _mock: mock,
        }
    }

    /// Lets it tell something.
    pub(crate) fn tell(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
    }

    /// What it has recorded so far.
    pub(crate) fn log(&self) -> Vec<Value> {
        recorded(self.folder.path())
    }

    /// When the lines came whose `key` is `value`, in seconds since 1970.
    pub(crate) fn times(&self, key: &str, value: &str) -> Vec<f64> {
        let log = self.log();
        let such = log.iter().filter(|line| line[key] == value);
        such.map(|line| line["t"].as_f64().unwrap()).collect()
    }
}

/// `backstay run` on the sample, its events as they come.
pub(crate) struct Running {
    child: Killed,
    events: Events,
}

impl Running {
    /// Starts it and waits for its first event.
    pub(crate) fn start(home: &Home, addresses: &Addresses) -> Self {
        Self::start_with(home.program(), addresses)
    }

    /// The same with a program that knows more of its surroundings.
    pub(crate) fn start_with(mut command: Command, addresses: &Addresses) -> Self {
        command
            .args("run --source sample --json --no-notify --engine rten".split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = Killed(addresses.tell(&mut command).spawn().unwrap());
        let events = Events::read(child.0.stdout.take().unwrap());
        let running = Self { child, events };
        eventually("the first event", || !running.events().is_empty());
        running
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        self.events.all()
    }

    /// The reasons of each pause event so far, joined.
    pub(crate) fn pauses(&self) -> Vec<String> {
        let reasons = |event: &Value| {
            let reasons = event["reasons"].as_array().unwrap().iter();
            let reasons: Vec<&str> = reasons.map(|reason| reason.as_str().unwrap()).collect();
            reasons.join(" ")
        };
        self.events.named("pause").iter().map(reasons).collect()
    }

    /// Waits for the next pause event, the one after `before`, and checks its reasons.
    #[track_caller]
    pub(crate) fn expect_pause(&self, before: usize, reasons: &str) {
        eventually("a change of the pause", || before < self.pauses().len());
        assert_eq!(self.pauses()[before], reasons, "{:?}", self.pauses());
    }

    /// Ends it as the system does; gives its summary.
    pub(crate) fn end(mut self) -> Value {
        let id = self.child.0.id().to_string();
        let sent = Command::new("kill").args(["-s", "TERM", &id]).status();
        assert!(sent.unwrap().success());
        assert!(self.child.0.wait().unwrap().success());
        let mut told = String::new();
        let mut stderr = self.child.0.stderr.take().unwrap();
        stderr.read_to_string(&mut told).unwrap();
        assert_eq!(told, "");
        let summary = || {
            let events = self.events();
            events
                .last()
                .filter(|last| last["event"] == "summary")
                .cloned()
        };
        eventually("the summary", || summary().is_some());
        summary().unwrap()
    }
}

/// What `backstay doctor` prints.
pub(crate) fn doctor(home: &Home, addresses: &Addresses) -> String {
    let mut command = home.program();
    command.args("doctor --source sample --engine rten".split(' '));
    let output = addresses.tell(&mut command).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
