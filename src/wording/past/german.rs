//! German.

use super::super::german::German;
use super::{Past, days_done};
use crate::domain::breaks::{BreakKind, TakenBreak};
use crate::domain::week::Week;
use crate::wording::duration;

impl Past for German {
    fn break_taken(&self, taken: &TakenBreak) -> String {
        let verified = format!("{} von {} Übungen bestätigt", taken.verified, taken.planned);
        let what = match taken.kind {
            BreakKind::Away => format!("{} weg", duration(taken.lasted)),
            BreakKind::Walked => format!("{} gegangen, {verified}", duration(taken.walked)),
            BreakKind::Stretched => format!("gedehnt, {verified}"),
            BreakKind::Timed => format!("{} von {} Übungen, nach Zeit", taken.done, taken.planned),
        };
        format!("Pause gemacht: {what}")
    }

    fn week(&self, week: &Week) -> String {
        let days = days_done(week, |day| self.weekday(day));
        let mut text = format!(
            "Kräftigung diese Woche: {} von {} Tagen{days}",
            week.days(),
            week.goal
        );
        if week.weeks > 0 {
            text += &format!("; Wochen in Folge: {}", week.weeks);
        }
        text
    }

    fn weekday(&self, day: usize) -> &'static str {
        ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"][day % 7]
    }

    fn day_heads(&self) -> [&'static str; 10] {
        [
            "Tag",
            "Sitzen",
            "Stehen",
            "am längsten",
            "weg",
            "gegangen",
            "gedehnt",
            "nach Zeit",
            "bestätigt",
            "Kräftigung",
        ]
    }

    fn part(&self, part: u32, whole: u32) -> String {
        format!("{part} von {whole}")
    }

    fn yes(&self) -> &'static str {
        "ja"
    }

    fn no_days(&self) -> &'static str {
        "von diesen Tagen ist nichts da: der Verlauf beginnt mit dem ersten \"backstay run\" oder der \
         ersten Pause"
    }

    fn nothing_kept(&self) -> &'static str {
        "es wird kein Verlauf geführt: history.keep_days ist 0 in der Konfiguration"
    }
}
