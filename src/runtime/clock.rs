//! The only reader of the clocks, and the only place that waits.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{Timestamp, tz::TimeZone};

use crate::domain::time::{DAY_MS, Moment, WallTime};

/// The wall clock may stray this far from the monotonic one before it counts as set anew.
const WALL_DRIFT_MS: i64 = 1000;

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

/// `wall` as a person reads it, to the second: "2026-11-26 15:04:05".
#[must_use]
pub fn stamp(wall: WallTime) -> String {
    let local = wall
        .unix_ms
        .saturating_add(1000 * i64::from(wall.utc_offset_s));
    match Timestamp::from_millisecond(local) {
        Ok(local) => local.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        // Beyond the year 9999.
        Err(_) => format!("{} ms", wall.unix_ms),
    }
}

/// A day, in days since 1970-01-01, as "2026-11-26".
#[must_use]
pub fn date(day: i64) -> String {
    let begins = WallTime {
        unix_ms: day.saturating_mul(DAY_MS),
        utc_offset_s: 0,
    };
    stamp(begins)
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The span that a person writes, as "15m", "1h 30m" or "90 s".
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time; write \"15m\", \"1h 30m\" or \"90s\"");
    let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(span).map_err(|_| wrong())
}

/// Stops the calling thread for `span`.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that waits"
)]
pub fn sleep(span: Duration) {
    thread::sleep(span);
}

/// The clock of a live run: time since the run's source began.
#[derive(Clone, Copy, Debug)]
pub struct LiveClock {
    began: tokio::time::Instant,
    /// The wall clock when the run began, moved on when somebody sets the clock.
    began_wall: WallTime,
}

impl LiveClock {
    /// A clock that begins now. In a runtime whose time is paused it follows that time.
    #[must_use]
    pub fn start() -> Self {
        Self::start_at(wall())
    }

    /// A clock that begins now, which is `began_wall` by the wall clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    #[must_use]
    pub fn start_at(began_wall: WallTime) -> Self {
        Self {
            began: tokio::time::Instant::now(),
            began_wall,
        }
    }

    /// Time since the run began.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        tokio::time::Instant::now().saturating_duration_since(self.began)
    }

    /// The wall clock when the run began.
    #[must_use]
    pub fn began_wall(&self) -> WallTime {
        self.began_wall
    }

    /// The instant `elapsed` after the beginning, to wait for.
    #[must_use]
    pub fn instant(&self, elapsed: Duration) -> tokio::time::Instant {
        self.began + elapsed
    }

    /// The moment of something that happened `elapsed` after the run began, cut to the
    /// microseconds that sessions record.
    pub fn moment(&mut self, elapsed: Duration) -> Moment {
        let elapsed = Duration::from_micros(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX));
        let expected = Moment::after(self.began_wall, elapsed);
        let real = wall();
        let stray = real.unix_ms - expected.wall.unix_ms;
        if stray.abs() <= WALL_DRIFT_MS && real.utc_offset_s == self.began_wall.utc_offset_s {
            return expected;
        }
        self.began_wall = WallTime {
            unix_ms: self.began_wall.unix_ms + stray,
            utc_offset_s: real.utc_offset_s,
        };
        Moment::after(self.began_wall, elapsed)
    }
}
