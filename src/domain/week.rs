//! A week's plan: exercises of strength on so many days, and how many weeks in a row.
//!
//! Two minutes of strength on five days a week are the dose of the strongest trial there is on neck
//! and shoulder pain (docs/science.md). A plan that a bad day destroys is given up on that day, so days
//! have no streak: weeks have, and one week that was missed does not end it.

/// How many weeks in a row may be missed: with the second one the row is over.
const MISSED: u32 = 1;

/// How a week's plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Days a week that are planned, 1 to 7.
    pub goal: u32,
    /// On which days it was done, Monday first.
    pub done: [bool; 7],
    /// Today, 0 for Monday.
    pub today: usize,
    /// Weeks in which the plan was kept, this one included once it is; one that was missed between two
    /// is passed over.
    pub weeks: u32,
}

impl Week {
    /// The week of `today` under a plan of `goal` days, from the days on which an exercise of strength
    /// was done. Days are days since 1970-01-01.
    #[must_use]
    pub fn of(today: i64, goal: u32, strength: &[i64]) -> Self {
        let this = week(today);
        let monday = this * 7 - MONDAY;
        let mut done = [false; 7];
        for (day, done) in (monday..).zip(&mut done) {
            *done = strength.contains(&day);
        }
        let kept = |which: i64| {
            let days = (which * 7 - MONDAY..).take(7);
            let count = days.filter(|day| strength.contains(day)).count();
            u32::try_from(count).is_ok_and(|count| count >= goal)
        };
        let first = strength.iter().copied().map(week).min().unwrap_or(this);
        let mut weeks = u32::from(kept(this));
        let mut missed = 0;
        for which in (first..this).rev() {
            if kept(which) {
                (weeks, missed) = (weeks + 1, 0);
            } else if missed == MISSED {
                break;
            } else {
                missed += 1;
            }
        }
        Self {
            goal,
            done,
            today: weekday(today),
            weeks,
        }
    }

    /// Days of this week on which it was done.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.done.iter().map(|done| u32::from(*done)).sum()
    }
}

/// The day of the week of `day`, in days since 1970-01-01: 0 for Monday to 6 for Sunday.
#[must_use]
pub fn weekday(day: i64) -> usize {
    usize::try_from((day + MONDAY).rem_euclid(7)).unwrap_or(0)
}

/// 1970-01-01 was a Thursday, three days after a Monday.
const MONDAY: i64 = 3;

/// The week of `day`, numbered from that of 1970-01-01.
fn week(day: i64) -> i64 {
    (day + MONDAY).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-27, a Friday.
    const FRIDAY: i64 = 20_784;

    /// Days in the week so many weeks ago.
    fn days(weeks_ago: i64, count: i64) -> Vec<i64> {
        let monday = FRIDAY - 4 - 7 * weeks_ago;
        (monday..monday + count).collect()
    }

    fn weeks(history: &[(i64, i64)]) -> u32 {
        let strength: Vec<i64> = history
            .iter()
            .flat_map(|(ago, count)| days(*ago, *count))
            .collect();
        Week::of(FRIDAY, 5, &strength).weeks
    }

    #[test]
    fn a_week_begins_on_monday() {
        let week = Week::of(FRIDAY, 5, &[FRIDAY - 4, FRIDAY - 5, FRIDAY]);
        let done = [true, false, false, false, true, false, false];
        assert_eq!((week.done, week.today, week.days()), (done, 4, 2));
        let sunday = Week::of(FRIDAY + 2, 5, &[FRIDAY - 4]);
        assert_eq!((sunday.today, sunday.days()), (6, 1));
        assert_eq!(Week::of(FRIDAY + 3, 5, &[FRIDAY - 4]).days(), 0);
    }

    #[test]
    fn a_week_that_goes_on_neither_ends_a_row_nor_counts_before_it_is_kept() {
        assert_eq!(weeks(&[(0, 4), (1, 5), (2, 7)]), 2);
        assert_eq!(weeks(&[(0, 5), (1, 5), (2, 7)]), 3);
        assert_eq!(weeks(&[]), 0);
    }

    #[test]
    fn one_missed_week_does_not_end_a_row_and_two_do() {
        assert_eq!(weeks(&[(1, 4), (2, 5), (3, 5)]), 2);
        assert_eq!(weeks(&[(1, 5), (2, 1), (3, 5), (4, 0), (5, 5)]), 3);
        assert_eq!(weeks(&[(1, 5), (2, 1), (3, 2), (4, 5)]), 1);
    }
}
