//! What a run posts for others to read: how things stand, events as they happen, the last lines of
//! its log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{broadcast, watch};

/// Events that wait for a slow reader; who falls further behind is told and let go.
const BACKLOG: usize = 256;

/// Lines of the log that are kept.
pub const LOG_LINES: usize = 500;

/// The longest line of the log that is kept, in bytes.
const LOG_LINE: usize = 1000;

/// How long [`Board::end`] waits for those who follow to have been told.
const GOODBYE: Duration = Duration::from_millis(500);

/// How often it looks.
const LOOK: Duration = Duration::from_millis(5);

/// The board of one run; clones share it.
#[derive(Clone, Debug)]
pub struct Board {
    status: watch::Sender<Value>,
    /// `None`: there will be no more.
    events: broadcast::Sender<Option<Arc<str>>>,
    log: LogLines,
}

/// The last lines of a log; clones share them.
#[derive(Clone, Debug, Default)]
pub struct LogLines {
    last: Arc<Mutex<VecDeque<String>>>,
    also: Arc<OnceLock<Also>>,
}

/// Takes each line as well.
struct Also(Box<dyn Fn(&str) + Send + Sync>);

impl std::fmt::Debug for Also {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Also")
    }
}

impl Board {
    /// A board with nothing on it but what `log` holds.
    #[must_use]
    pub fn new(log: LogLines) -> Self {
        Self {
            status: watch::Sender::new(Value::Null),
            events: broadcast::Sender::new(BACKLOG),
            log,
        }
    }

    /// Posts how things stand, in place of what was posted before.
    pub fn post(&self, status: Value) {
        self.status.send_replace(status);
    }

    /// How things stand.
    #[must_use]
    pub fn status(&self) -> Value {
        self.status.borrow().clone()
    }

    /// Whether anybody follows the events.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Tells an event to whoever follows.
    pub fn tell(&self, event: &Value) {
        if self.is_followed() {
            // Nobody is left when the last one went just now.
            let _ = self.events.send(Some(event.to_string().into()));
        }
    }

    /// The events from now on, and `None` when there will be no more.
    #[must_use]
    pub fn follow(&self) -> broadcast::Receiver<Option<Arc<str>>> {
        self.events.subscribe()
    }

    /// Tells those who follow that there will be no more, and waits until they have heard it, half a
    /// second at most: an answer that breaks off would look like a crash.
    pub async fn end(&self) {
        let _ = self.events.send(None);
        let gone = async {
            while self.is_followed() {
                tokio::time::sleep(LOOK).await;
            }
        };
        let _ = tokio::time::timeout(GOODBYE, gone).await;
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &LogLines {
        &self.log
    }
}

impl LogLines {
    /// Adds a line; the oldest goes when there are too many.
    pub fn add(&self, line: &str) {
        let mut end = line.len().min(LOG_LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        if let Some(Also(take)) = self.also.get() {
            take(&line[..end]);
        }
        let mut lines = self.lines();
        if lines.len() >= LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line[..end].to_owned());
    }

    /// Has `take` given each line from now on as well; it must not block. Only the first is heeded.
    pub fn also(&self, take: impl Fn(&str) + Send + Sync + 'static) {
        let _ = self.also.set(Also(Box::new(take)));
    }

    /// The last `count` lines, the oldest first.
    #[must_use]
    pub fn last(&self, count: usize) -> Vec<String> {
        let lines = self.lines();
        let skipped = lines.len().saturating_sub(count);
        lines.iter().skip(skipped).cloned().collect()
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, VecDeque<String>> {
        // Whoever panicked while adding a line left whole lines behind.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_in_lines_and_length() {
        let log = LogLines::default();
        for n in 0..LOG_LINES + 10 {
            log.add(&format!("line {n}"));
        }
        assert_eq!(log.last(usize::MAX).len(), LOG_LINES);
        assert_eq!(log.last(2), ["line 508", "line 509"]);
        log.add(&"ü".repeat(LOG_LINE));
        assert_eq!(log.last(1)[0].len(), LOG_LINE);
    }

    #[test]
    fn events_reach_those_who_follow_and_nobody_else() {
        let board = Board::new(LogLines::default());
        board.tell(&serde_json::json!({"event": "lost"}));
        let mut follower = board.follow();
        board.tell(&serde_json::json!({"event": "alert"}));
        let event = follower.try_recv().unwrap().unwrap();
        assert_eq!(&*event, r#"{"event":"alert"}"#);
        assert!(follower.try_recv().is_err());
    }
}
