//! `backstay run` in front of a fake camera: its events as they come, its process as the system
//! sees it.

#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::fs;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use backstay::runtime::clock;
use serde_json::Value;

use crate::common::{Events, Home};
use crate::fakecam::FakeCamera;

/// A run; it is ended with the value.
pub(crate) struct Running {
    child: Child,
    events: Events,
    home: Rc<Home>,
}

impl Running {
    /// Starts `backstay run --json` with the engine that is always there, and `more` arguments.
    pub(crate) fn start(camera: &FakeCamera, more: &[&str]) -> Self {
        Self::start_in(&Rc::new(Home::new()), camera, more)
    }

    /// The same in a home where something may be kept already.
    pub(crate) fn start_in(home: &Rc<Home>, camera: &FakeCamera, more: &[&str]) -> Self {
        let mut child = home
            .start(camera.program())
            .args(["run", "--json", "--no-notify", "--engine", "rten"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let events = Events::read(child.stdout.take().unwrap());
        Self {
            child,
            events,
            home: Rc::clone(home),
        }
    }

    /// All events so far, with when they came on [`clock::elapsed_since_start`].
    pub(crate) fn events(&self) -> Vec<(Duration, Value)> {
        self.events.timed()
    }

    /// The first event that came after `since` and that `is_it` accepts, waited for `limit` at most.
    pub(crate) fn wait(
        &self,
        since: Duration,
        limit: Duration,
        is_it: impl Fn(&Value) -> bool,
    ) -> Option<(Duration, Value)> {
        let until = clock::elapsed_since_start() + limit;
        loop {
            let events = self.events();
            let mut after = events.into_iter().filter(|(at, _)| since < *at);
            let found = after.find(|(_, event)| is_it(event));
            if found.is_some() || until < clock::elapsed_since_start() {
                return found;
            }
            clock::sleep(Duration::from_millis(50));
        }
    }

    /// The state it is in.
    pub(crate) fn state(&self) -> String {
        let events = self.events();
        let last = events.iter().rev().find(|(_, one)| one["event"] == "state");
        last.map_or_else(String::new, |(_, one)| {
            one["state"].as_str().unwrap().to_owned()
        })
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processes it has started and that are still known to the system: number and state (`Z`: it
    /// has ended and was not collected).
    pub(crate) fn children(&self) -> Vec<(u32, char)> {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        processes
            .filter_map(|process| {
                let id = process.file_name().to_str()?.parse().ok()?;
                let (state, parent) = state_and_parent(id)?;
                (parent == self.id()).then_some((id, state))
            })
            .collect()
    }

    /// How many files it has open.
    pub(crate) fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.id()))
            .unwrap()
            .count()
    }

    /// The memory it has in use, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: u64 = line
            .unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap();
        kib * 1024
    }

    /// Stops it as the system does, and returns the summary it prints.
    pub(crate) fn stop(mut self) -> Value {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        let before = clock::elapsed_since_start();
        assert!(self.child.wait().unwrap().success());
        let took = clock::elapsed_since_start() - before;
        assert!(took < Duration::from_secs(3), "it took {took:?} to stop");
        let is_summary = |event: &Value| event["event"] == "summary";
        let summary = self.wait(Duration::ZERO, Duration::from_secs(2), is_summary);
        summary.unwrap().1
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether `event` is a judgement: the person's posture, or that nobody is there.
pub(crate) fn is_judged(event: &Value) -> bool {
    event["event"] == "state" && event["state"] != "unsure"
}

/// Whether `event` says that the camera's state is now `status`.
pub(crate) fn is_camera(event: &Value, status: &str) -> bool {
    event["event"] == "camera" && event["status"] == status
}

/// The state and the parent of the process `id`: see proc(5).
fn state_and_parent(id: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let state = fields.next()?.chars().next()?;
    Some((state, fields.next()?.parse().ok()?))
}
