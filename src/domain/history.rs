//! What days at the desk came to, from the stretches and breaks that were kept of them.

use std::time::Duration;

use super::breaks::{BreakKind, TakenBreak};
use super::intervals::{IntervalKind, STOOD_ENOUGH};
use super::time::{DAY_MS, WallTime};

/// A stretch of time at the desk, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What it was.
    pub kind: IntervalKind,
    /// When it began.
    pub from: WallTime,
    /// How long it was.
    pub lasted: Duration,
}

impl Stretch {
    /// When it ended, in milliseconds since 1970.
    fn end_ms(&self) -> i64 {
        self.from.unix_ms.saturating_add(ms(self.lasted))
    }
}

/// A break that the person was led through, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastBreak {
    /// When it began.
    pub from: WallTime,
    /// What it was.
    pub taken: TakenBreak,
    /// Whether an exercise of strength was done in it.
    pub strength: bool,
}

/// What one day came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTotals {
    /// The day where the person was, in days since 1970-01-01.
    pub day: i64,
    /// Time on the chair.
    pub sitting: Duration,
    /// Time standing at the desk.
    pub standing: Duration,
    /// The longest that the person sat without a break, counted on the day it ended.
    pub longest: Duration,
    /// Breaks of each kind, in the order of [`BreakKind::ALL`].
    pub breaks: [u32; BreakKind::ALL.len()],
    /// Exercises that the camera verified, and those planned, in the breaks of the day.
    pub exercises: (u32, u32),
    /// Whether an exercise of strength was done.
    pub strength: bool,
}

impl DayTotals {
    fn new(day: i64) -> Self {
        Self {
            day,
            sitting: Duration::ZERO,
            standing: Duration::ZERO,
            longest: Duration::ZERO,
            breaks: [0; BreakKind::ALL.len()],
            exercises: (0, 0),
            strength: false,
        }
    }

    /// Breaks of this kind.
    #[must_use]
    pub fn count(&self, kind: BreakKind) -> u32 {
        let at = BreakKind::ALL.iter().position(|it| *it == kind);
        at.map_or(0, |at| self.breaks[at])
    }

    fn add(&mut self, kind: BreakKind) {
        for (it, count) in BreakKind::ALL.iter().zip(&mut self.breaks) {
            *count += u32::from(*it == kind);
        }
    }
}

/// What each day came to, in order; days without anything are missing. Both must be in the order in
/// which they began. A stretch that goes over midnight is parted there; a bout of sitting does not go
/// on over a time as long as `break_after` of which nothing is kept.
#[must_use]
pub fn days(stretches: &[Stretch], breaks: &[PastBreak], break_after: Duration) -> Vec<DayTotals> {
    let mut days: Vec<DayTotals> = Vec::new();
    let mut bout = Duration::ZERO;
    for (n, stretch) in stretches.iter().enumerate() {
        part(stretch, &mut days);
        let before = n.checked_sub(1).map(|before| &stretches[before]);
        let gap = before.map_or(0, |before| stretch.from.unix_ms - before.end_ms());
        if gap >= ms(break_after) || walked_between(before, stretch, breaks, break_after) {
            bout = Duration::ZERO;
        }
        bout = match goes_on(stretch) {
            Some(sat) => bout + sat,
            None => Duration::ZERO,
        };
        if bout.is_zero() {
            continue;
        }
        let end = WallTime {
            unix_ms: stretch.end_ms(),
            ..stretch.from
        };
        let day = of(&mut days, end.day());
        day.longest = day.longest.max(bout);
    }
    for past in breaks {
        let day = of(&mut days, past.from.day());
        day.add(past.taken.kind);
        day.exercises.0 += past.taken.verified;
        day.exercises.1 += past.taken.planned;
        day.strength |= past.strength;
    }
    days
}

/// How long the person had sat without a break when `now` came, after the run before had ended: none
/// where it ended so long ago that they may have taken one of `break_after` since, or never was.
/// Both must be in the order in which they began.
#[must_use]
pub fn sat_before(
    now: WallTime,
    stretches: &[Stretch],
    breaks: &[PastBreak],
    break_after: Duration,
) -> Option<Duration> {
    let mut next_ms = now.unix_ms;
    let mut sat = Duration::ZERO;
    for (n, stretch) in stretches.iter().enumerate().rev() {
        if (next_ms - stretch.end_ms()).abs() >= ms(break_after) {
            break;
        }
        let Some(more) = goes_on(stretch) else {
            break;
        };
        sat += more;
        let before = n.checked_sub(1).map(|before| &stretches[before]);
        if walked_between(before, stretch, breaks, break_after) {
            break;
        }
        next_ms = stretch.from.unix_ms;
    }
    (!sat.is_zero()).then_some(sat)
}

/// What a stretch adds to a bout; `None` where it ends the bout.
fn goes_on(stretch: &Stretch) -> Option<Duration> {
    match stretch.kind {
        IntervalKind::Sitting | IntervalKind::MicroBreak => Some(stretch.lasted),
        IntervalKind::Standing if stretch.lasted >= STOOD_ENOUGH => None,
        IntervalKind::Standing | IntervalKind::Unwatched => Some(Duration::ZERO),
        IntervalKind::Break | IntervalKind::Away => None,
    }
}

/// Whether a break that ends a bout was over between the beginnings of `before` and `stretch`.
fn walked_between(
    before: Option<&Stretch>,
    stretch: &Stretch,
    breaks: &[PastBreak],
    break_after: Duration,
) -> bool {
    let since = before.map_or(i64::MIN, |before| before.from.unix_ms);
    breaks.iter().any(|past| {
        let end = past.from.unix_ms.saturating_add(ms(past.taken.lasted));
        past.taken.ends_bout(break_after) && since < end && end <= stretch.from.unix_ms
    })
}

/// Gives each day its part of `stretch`.
fn part(stretch: &Stretch, days: &mut Vec<DayTotals>) {
    if stretch.kind == IntervalKind::Break {
        of(days, stretch.from.day()).add(BreakKind::Away);
        return;
    }
    let (mut at, end) = (
        stretch.from.local_ms(),
        stretch.from.local_ms().saturating_add(ms(stretch.lasted)),
    );
    while at < end {
        let day = at.div_euclid(DAY_MS);
        let to = end.min((day + 1) * DAY_MS);
        let span = Duration::from_millis((to - at).unsigned_abs());
        match stretch.kind {
            IntervalKind::Sitting => of(days, day).sitting += span,
            IntervalKind::Standing => of(days, day).standing += span,
            _ => return,
        }
        at = to;
    }
}

/// The totals of `day`.
fn of(days: &mut Vec<DayTotals>, day: i64) -> &mut DayTotals {
    let at = match days.binary_search_by_key(&day, |it| it.day) {
        Ok(at) => at,
        Err(at) => {
            days.insert(at, DayTotals::new(day));
            at
        }
    };
    &mut days[at]
}

fn ms(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many minutes after 2026-11-27 at 08:00 in a zone an hour east.
    fn at(minutes: i64) -> WallTime {
        WallTime {
            unix_ms: 1_795_762_800_000 + 60_000 * minutes,
            utc_offset_s: 3600,
        }
    }

    const DAY: i64 = 20_784;

    fn minutes(count: u64) -> Duration {
        Duration::from_secs(60 * count)
    }

    /// Stretches one after the other from 08:00 on, in minutes.
    fn day_of(parts: &[(IntervalKind, u64)]) -> Vec<Stretch> {
        let mut from = 0;
        let stretch = |(kind, count): &(IntervalKind, u64)| {
            let stretch = Stretch {
                kind: *kind,
                from: at(from),
                lasted: minutes(*count),
            };
            from += *count as i64;
            stretch
        };
        parts.iter().map(stretch).collect()
    }

    fn guided(kind: BreakKind, from: i64, lasted: u64) -> PastBreak {
        let taken = TakenBreak {
            kind,
            lasted: minutes(lasted),
            planned: 3,
            done: 3,
            verified: 2,
            walked: minutes(if kind == BreakKind::Walked { lasted } else { 0 }),
        };
        PastBreak {
            from: at(from),
            taken,
            strength: kind == BreakKind::Stretched,
        }
    }

    use IntervalKind::{Away, Break, MicroBreak, Sitting, Standing, Unwatched};

    #[test]
    fn a_day_is_counted_from_its_stretches_and_breaks() {
        let stretches = day_of(&[
            (Sitting, 40),
            (MicroBreak, 1),
            (Sitting, 14),
            (Break, 5),
            (Sitting, 30),
            (Standing, 10),
            (Sitting, 20),
            (Away, 60),
        ]);
        let breaks = [
            guided(BreakKind::Stretched, 70, 4),
            guided(BreakKind::Timed, 80, 2),
        ];
        let days = days(&stretches, &breaks, minutes(2));
        let expected = DayTotals {
            day: DAY,
            sitting: minutes(104),
            standing: minutes(10),
            longest: minutes(55),
            breaks: [1, 0, 1, 1],
            exercises: (4, 6),
            strength: true,
        };
        assert_eq!(days, [expected]);
    }

    #[test]
    fn a_stretch_over_midnight_is_parted_there() {
        let late = Stretch {
            kind: Sitting,
            from: at(15 * 60 + 30),
            lasted: minutes(50),
        };
        let days = days(&[late], &[], minutes(2));
        let told: Vec<_> = days
            .iter()
            .map(|it| (it.day, it.sitting, it.longest))
            .collect();
        let (none, all) = (Duration::ZERO, minutes(50));
        let expected = [(DAY, minutes(30), none), (DAY + 1, minutes(20), all)];
        assert_eq!(told, expected);
    }

    fn carried(parts: &[(IntervalKind, u64)], breaks: &[PastBreak], gap: i64) -> Option<u64> {
        let stretches = day_of(parts);
        let length: u64 = parts.iter().map(|(_, count)| count).sum();
        let now = at(length as i64 + gap);
        let sat = sat_before(now, &stretches, breaks, minutes(2));
        sat.map(|sat| sat.as_secs() / 60)
    }

    #[test]
    fn a_bout_goes_on_over_a_restart_unless_a_break_fits_into_it() {
        let day = [
            (Sitting, 90),
            (Break, 5),
            (Sitting, 20),
            (MicroBreak, 1),
            (Sitting, 4),
        ];
        assert_eq!(carried(&day, &[], 0), Some(25));
        assert_eq!(carried(&day, &[], 1), Some(25));
        assert_eq!(carried(&day, &[], 2), None, "two minutes are a break");
        assert_eq!(carried(&day, &[], -60), None, "the clock was set back");
        assert_eq!(carried(&[(Sitting, 20), (Away, 30)], &[], 0), None);
        let stood = |count| carried(&[(Sitting, 20), (Standing, count), (Sitting, 1)], &[], 0);
        assert_eq!((stood(4), stood(5)), (Some(21), Some(1)));
        assert_eq!(carried(&[(Sitting, 20), (Unwatched, 60)], &[], 0), Some(20));
        assert_eq!(carried(&[], &[], 0), None);
    }

    #[test]
    fn a_walk_ends_a_bout_and_a_stretch_does_not() {
        let parts = [(Sitting, 40), (Unwatched, 5), (Sitting, 10)];
        let with = |kind| carried(&parts, &[guided(kind, 41, 3)], 0);
        assert_eq!(with(BreakKind::Walked), Some(10));
        assert_eq!(with(BreakKind::Stretched), Some(50));
        let short = carried(&parts, &[guided(BreakKind::Walked, 41, 1)], 0);
        assert_eq!(short, Some(50), "as while it is watched");
        let days = days(
            &day_of(&parts),
            &[guided(BreakKind::Walked, 41, 3)],
            minutes(2),
        );
        assert_eq!(days[0].longest, minutes(40));
    }
}
