//! The events that a child prints, read while it runs.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backstay::runtime::clock;
use serde_json::Value;

/// The events so far, with when they came on [`clock::elapsed_since_start`]. A thread of its own
/// reads them, so that the child never waits for a test that looks elsewhere.
#[derive(Clone)]
pub(crate) struct Events(Arc<Mutex<Vec<(Duration, Value)>>>);

impl Events {
    /// Reads `out`, one object a line, to its end.
    pub(crate) fn read(out: impl Read + Send + 'static) -> Self {
        let events = Self(Arc::default());
        let sink = events.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap();
                let now = clock::elapsed_since_start();
                sink.0.lock().unwrap().push((now, event));
            }
        });
        events
    }

    /// All so far, with when they came.
    pub(crate) fn timed(&self) -> Vec<(Duration, Value)> {
        self.0.lock().unwrap().clone()
    }

    /// All so far.
    pub(crate) fn all(&self) -> Vec<Value> {
        self.timed().into_iter().map(|(_, event)| event).collect()
    }

    /// Those called `name` so far.
    pub(crate) fn named(&self, name: &str) -> Vec<Value> {
        let mut events = self.all();
        events.retain(|event| event["event"] == name);
        events
    }
}
