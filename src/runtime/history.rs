//! Keeps the history of a run, on a thread of its own: another program that holds the file for a
//! moment must not hold up the run.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::domain::history::sat_before;
use crate::domain::intervals::Interval;
use crate::domain::monitor::Monitor;
use crate::domain::time::{DAY_MS, Moment, WallTime};
use crate::store::{Store, StoreError};

/// What goes on at the desk is written this often: a run that is killed loses no more.
const EVERY: Duration = Duration::from_secs(60);

/// The history of a run.
pub struct History {
    to: Sender<Entry>,
    thread: JoinHandle<()>,
    written_at: Option<Duration>,
}

enum Entry {
    Over(Interval),
    Open(Vec<Interval>),
}

impl History {
    /// Writes to `store` from now on.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(store: Store) -> std::io::Result<Self> {
        let (to, entries) = channel();
        let thread = thread::Builder::new()
            .name("history".to_owned())
            .spawn(move || write(store, &entries))?;
        Ok(Self {
            to,
            thread,
            written_at: None,
        })
    }

    /// A stretch is over.
    pub fn over(&self, interval: Interval) {
        // Who does not take it any more has said why.
        let _ = self.to.send(Entry::Over(interval));
    }

    /// Takes how things stand, from time to time.
    pub fn post(&mut self, at: Moment, monitor: &Monitor) {
        let written_at = *self.written_at.get_or_insert(at.elapsed);
        if at.elapsed.saturating_sub(written_at) >= EVERY {
            self.written_at = Some(at.elapsed);
            let _ = self.to.send(Entry::Open(monitor.open_intervals()));
        }
    }

    /// Waits until all is written.
    pub fn close(self) {
        drop(self.to);
        // One that panicked has nothing more to write.
        let _ = self.thread.join();
    }
}

/// How long the person had sat without a break when the run before this one ended; `None` where that
/// is too long ago for a bout to go on, an absence of `break_after` being a break.
///
/// # Errors
/// When the history cannot be read.
pub fn sat_until(
    store: &Store,
    now: WallTime,
    break_after: Duration,
) -> Result<Option<Duration>, StoreError> {
    // Nobody sits for a day.
    let since = now.unix_ms - DAY_MS;
    let (stretches, breaks) = (store.stretches(since)?, store.breaks(since)?);
    Ok(sat_before(now, &stretches, &breaks, break_after))
}

fn write(mut store: Store, entries: &Receiver<Entry>) {
    while let Ok(entry) = entries.recv() {
        let written = match entry {
            Entry::Over(interval) => store.add_stretch(&interval),
            Entry::Open(intervals) => store.set_open(&intervals),
        };
        if let Err(error) = written {
            let error = anyhow::Error::from(error);
            tracing::warn!("a part of the history is lost: {error:#}");
        }
    }
}
