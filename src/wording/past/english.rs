//! English.

use super::super::english::English;
use super::{Past, days_done};
use crate::domain::breaks::{BreakKind, TakenBreak};
use crate::domain::week::Week;
use crate::wording::duration;

impl Past for English {
    fn break_taken(&self, taken: &TakenBreak) -> String {
        let verified = format!("{} of {} exercises verified", taken.verified, taken.planned);
        let what = match taken.kind {
            BreakKind::Away => format!("away for {}", duration(taken.lasted)),
            BreakKind::Walked => format!("walked for {}, {verified}", duration(taken.walked)),
            BreakKind::Stretched => format!("stretched, {verified}"),
            BreakKind::Timed => format!("{} of {} exercises, by time", taken.done, taken.planned),
        };
        format!("break taken: {what}")
    }

    fn week(&self, week: &Week) -> String {
        let days = days_done(week, |day| self.weekday(day));
        let mut text = format!(
            "strength this week: {} of {} days{days}",
            week.days(),
            week.goal
        );
        if week.weeks > 0 {
            text += &format!("; weeks in a row: {}", week.weeks);
        }
        text
    }

    fn weekday(&self, day: usize) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day % 7]
    }

    fn day_heads(&self) -> [&'static str; 10] {
        [
            "day",
            "sitting",
            "standing",
            "longest",
            "away",
            "walked",
            "stretched",
            "by time",
            "verified",
            "strength",
        ]
    }

    fn part(&self, part: u32, whole: u32) -> String {
        format!("{part} of {whole}")
    }

    fn yes(&self) -> &'static str {
        "yes"
    }

    fn no_days(&self) -> &'static str {
        "nothing is kept of these days: the history begins with the first \"backstay run\" or break"
    }

    fn nothing_kept(&self) -> &'static str {
        "no history is kept: history.keep_days is 0 in the configuration"
    }
}
