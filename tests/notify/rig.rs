//! A private bus with the recording daemon, and the player program on it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use backstay::runtime::clock;
use serde_json::Value;
use tempfile::TempDir;

use crate::bus::{self, Bus, Killed, PYTHON, first_line, recorded};

/// Set for the player: tells it from an ordinary test run.
pub(crate) const PLAYER: &str = "BACKSTAY_TEST_PLAYER";

/// Far longer than anything takes: a test that waits this long has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `holds`, and fails at the deadline.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = clock::elapsed_since_start();
    while !holds() {
        let waited = clock::elapsed_since_start() - start;
        assert!(waited < DEADLINE, "{what} did not come");
        clock::sleep(Duration::from_millis(10));
    }
}

/// The calls of `method` that the daemon took, in a log.
pub(crate) fn calls<'a>(log: &'a [Value], method: &'a str) -> impl Iterator<Item = &'a Value> {
    log.iter()
        .filter(move |line| line["m"] == method && line["ignored"] != true)
}

/// The recording daemon on a private bus.
pub(crate) struct Daemon {
    address: String,
    folder: TempDir,
    _daemon: Killed,
    _bus: Bus,
}

impl Daemon {
    /// Starts bus and daemon; `None`, with a word on stderr, where the machine lacks one of them.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        if let Some(missing) = bus::missing() {
            assert!(
                std::env::var("BACKSTAY_RIGS").as_deref() != Ok("1"),
                "BACKSTAY_RIGS=1, but {missing} is missing"
            );
            eprintln!("skipped: {missing} is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (address, bus) = bus::private_bus();
        let mut daemon = Command::new(PYTHON)
            .arg(bus::folder("notify").join("mockd.py"))
            .arg(folder.path().join("log"))
            .args(options)
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdout(Stdio::piped())
            .spawn()
            .map(Killed)
            .unwrap();
        assert_eq!(first_line(&mut daemon.0), "READY");
        Some(Self {
            address,
            folder,
            _daemon: daemon,
            _bus: bus,
        })
    }

    /// What the daemon has recorded so far.
    pub(crate) fn log(&self) -> Vec<Value> {
        recorded(self.folder.path())
    }

    /// Waits until the log shows what it should.
    pub(crate) fn wait_for(&self, what: &str, shows: impl Fn(&[Value]) -> bool) {
        eventually(what, || shows(&self.log()));
    }

    /// Gives the daemon other options while it runs.
    pub(crate) fn change_options(&self, options: &str) {
        fs::write(self.folder.path().join("log.opts"), options).unwrap();
    }
}

/// The player: a program with a notifier in it.
pub(crate) struct Player {
    child: Killed,
    orders: ChildStdin,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    seen: Vec<String>,
}

impl Player {
    /// A player on the daemon's bus.
    pub(crate) fn on(daemon: &Daemon) -> Self {
        Self::at(&daemon.address)
    }

    /// The same with this in its environment.
    pub(crate) fn with(daemon: &Daemon, environment: &[(&str, &str)]) -> Self {
        Self::start(&daemon.address, environment)
    }

    /// A player whose session bus has this address.
    pub(crate) fn at(address: &str) -> Self {
        Self::start(address, &[])
    }

    fn start(address: &str, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["player", "--exact", "--ignored", "--nocapture"])
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .env(PLAYER, "1")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map(Killed)
            .unwrap();
        Self {
            orders: child.0.stdin.take().unwrap(),
            stdout: lines(child.0.stdout.take().unwrap()),
            stderr: lines(child.0.stderr.take().unwrap()),
            seen: Vec::new(),
            child,
        }
    }

    /// Gives an order and waits until the notifier has returned from it.
    pub(crate) fn order(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
        assert_eq!(self.answer(), "done", "to the order {order:?}");
    }

    /// The player's next answer.
    pub(crate) fn answer(&mut self) -> String {
        loop {
            let line = self.stdout.recv_timeout(DEADLINE).expect("an answer");
            if let Some(answer) = line.strip_prefix("> ") {
                return answer.to_owned();
            }
        }
    }

    /// Waits until the player has written a line to stderr that begins so.
    pub(crate) fn wait_for_stderr(&mut self, beginning: &str) {
        while !self.seen.iter().any(|line| line.starts_with(beginning)) {
            match self.stderr.recv_timeout(DEADLINE) {
                Ok(line) => self.seen.push(line),
                Err(_) => panic!("{beginning:?} is not on stderr: {:?}", self.seen),
            }
        }
    }

    /// Closes the notifier, waits for the player's end, and gives all it wrote to stderr.
    pub(crate) fn close(mut self) -> Vec<String> {
        drop(self.orders);
        let mut answers = std::iter::from_fn(|| self.stdout.recv_timeout(DEADLINE).ok());
        assert!(answers.any(|line| line == "> closed"), "it did not close");
        let status = self.child.0.wait().unwrap();
        assert!(status.success(), "{status}");
        self.seen.extend(self.stderr.iter());
        self.seen
    }

    /// Closes the player and gives the daemon's log and all that was written to stderr.
    pub(crate) fn close_and_read(self, daemon: &Daemon) -> (Vec<Value>, Vec<String>) {
        let stderr = self.close();
        (daemon.log(), stderr)
    }
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}
