//! The only reader of the clocks, and the only place that waits.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{Timestamp, tz::TimeZone};

use crate::domain::time::{Moment, WallTime};

/// Monotonic time since the first call in this process.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
#[must_use]
pub fn elapsed_since_start() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let now = Instant::now();
    now.saturating_duration_since(*START.get_or_init(|| now))
}

/// The wall clock, with the offset of the system's time zone.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
#[must_use]
pub fn wall() -> WallTime {
    let now = Timestamp::now();
    let utc_offset_s = TimeZone::system().to_offset(now).seconds();
    WallTime {
        unix_ms: now.as_millisecond(),
        utc_offset_s,
    }
}

/// The present moment, `elapsed` counting from the first reading in this process.
#[must_use]
pub fn now() -> Moment {
    Moment {
        elapsed: elapsed_since_start(),
        wall: wall(),
    }
}

/// Stops the calling thread for `span`.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that waits"
)]
pub fn sleep(span: Duration) {
    thread::sleep(span);
}
