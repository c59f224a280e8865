//! Moments: when something happened, as a value.

use std::time::Duration;

/// An instant of the wall clock with the offset from UTC in force there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WallTime {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Seconds east of UTC.
    pub utc_offset_s: i32,
}

/// A day of 24 hours, in milliseconds.
pub const DAY_MS: i64 = 24 * 3600 * 1000;

impl WallTime {
    /// Milliseconds since 1970-01-01T00:00 as the clock on the wall showed it there.
    #[must_use]
    pub fn local_ms(self) -> i64 {
        self.unix_ms
            .saturating_add(1000 * i64::from(self.utc_offset_s))
    }

    /// The day there, in days since 1970-01-01.
    #[must_use]
    pub fn day(self) -> i64 {
        self.local_ms().div_euclid(DAY_MS)
    }
}

/// When an input arrived: a monotonic time for durations and a wall-clock time for hours and days.
///
/// Moments handed to a monitor never go back in `elapsed`; `wall` may jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Monotonic time since the source began.
    pub elapsed: Duration,
    /// The wall clock at that time.
    pub wall: WallTime,
}

impl Moment {
    /// The moment `elapsed` after a source that began at `start` by the wall clock.
    #[must_use]
    pub fn after(start: WallTime, elapsed: Duration) -> Self {
        let ms = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX);
        let wall = WallTime {
            unix_ms: start.unix_ms.saturating_add(ms),
            ..start
        };
        Self { elapsed, wall }
    }

    /// Time from `earlier` to this moment; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.elapsed.saturating_sub(earlier.elapsed)
    }

    /// This moment moved back by `by`, on both clocks; not beyond the beginning of the source.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        let by = by.min(self.elapsed);
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self {
            elapsed: self.elapsed - by,
            wall: WallTime {
                unix_ms: self.wall.unix_ms.saturating_sub(ms),
                ..self.wall
            },
        }
    }

    /// This moment moved on by `by`, on both clocks.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let moved = Self::after(self.wall, by);
        Self {
            elapsed: self.elapsed.saturating_add(by),
            wall: moved.wall,
        }
    }
}
