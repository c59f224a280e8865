//! The wall clock of a session: written only where it does not follow from what stands before.

use std::time::Duration;

use crate::domain::time::{Moment, WallTime};

/// What the wall clock must show at each time, as far as the lines up to here tell.
///
/// It starts from the header. A line whose wall clock differs carries it, and moves the start, so
/// that the lines after a jump need none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    start: WallTime,
    /// Time of the latest line.
    pub(super) latest: Duration,
}

impl Timeline {
    /// The timeline of a session that began at `start`.
    pub(super) fn new(start: WallTime) -> Self {
        Self {
            start,
            latest: Duration::ZERO,
        }
    }

    /// The wall clock to write for `at`: none when it follows.
    pub(super) fn jump(&self, at: Moment) -> Option<WallTime> {
        (Moment::after(self.start, at.elapsed) != at).then_some(at.wall)
    }

    /// The moment of a line, by its time and the wall clock it carries, if any; it is the latest
    /// from here on.
    pub(super) fn advance(&mut self, elapsed: Duration, jump: Option<WallTime>) -> Moment {
        self.latest = elapsed;
        let Some(wall) = jump else {
            return Moment::after(self.start, elapsed);
        };
        let ms = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX);
        self.start = WallTime {
            unix_ms: wall.unix_ms.saturating_sub(ms),
            ..wall
        };
        Moment { elapsed, wall }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wall(unix_ms: i64, utc_offset_s: i32) -> WallTime {
        WallTime {
            unix_ms,
            utc_offset_s,
        }
    }

    #[test]
    fn the_lines_after_a_jump_need_no_wall_clock() {
        let timeline = Timeline::new(wall(1_000_000, 3600));
        // Summer time ends, and the clock is a little off: neither needs more than one line.
        let after = wall(1_000_777, 0);
        let first = Moment::after(after, Duration::from_nanos(1_000_900_000));
        let second = Moment::after(after, Duration::from_nanos(2_000_100_000));

        let mut written = timeline;
        let jump = written.jump(first);
        assert_eq!(jump, Some(first.wall));
        assert_eq!(written.advance(first.elapsed, jump), first);
        assert_eq!(written.jump(second), None);
        assert_eq!(written.advance(second.elapsed, None), second);
    }

    proptest! {
        #[test]
        fn any_walls_are_restored(
            start in (any::<i64>(), any::<i32>()),
            steps in prop::collection::vec((0..u64::MAX / 64, any::<Option<(i64, i32)>>()), 1..20),
        ) {
            let mut writing = Timeline::new(wall(start.0, start.1));
            let mut reading = writing;
            let mut elapsed = Duration::ZERO;
            for (nanos, jumped) in steps {
                elapsed += Duration::from_nanos(nanos);
                let mut at = Moment::after(writing.start, elapsed);
                if let Some((unix_ms, offset)) = jumped {
                    at.wall = wall(unix_ms, offset);
                }
                let jump = writing.jump(at);
                prop_assert!(jump.is_none() || jumped.is_some());
                writing.advance(elapsed, jump);
                prop_assert_eq!(reading.advance(elapsed, jump), at);
            }
        }
    }
}
