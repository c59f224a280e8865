//! What a person reads of breaks and days that are over.

mod english;
mod german;

use crate::domain::breaks::TakenBreak;
use crate::domain::week::Week;

/// The texts of what is over in one language.
pub trait Past {
    /// A break is over.
    fn break_taken(&self, taken: &TakenBreak) -> String;
    /// How the week's plan of strength stands.
    fn week(&self, week: &Week) -> String;
    /// A day of the week in two or three letters, 0 for Monday.
    fn weekday(&self, day: usize) -> &'static str;
    /// The heads of the table of days: day, time on the chair, time standing, longest without a break,
    /// breaks away, walked, stretched and by time, exercises verified, strength.
    fn day_heads(&self) -> [&'static str; 10];
    /// So many of so many, in a table.
    fn part(&self, part: u32, whole: u32) -> String;
    /// An exercise of strength was done.
    fn yes(&self) -> &'static str;
    /// Nothing is kept of these days.
    fn no_days(&self) -> &'static str;
    /// Nothing is kept at all, as the person wants it.
    fn nothing_kept(&self) -> &'static str;
}

/// The days on which it was done, or nothing.
fn days_done(week: &Week, weekday: impl Fn(usize) -> &'static str) -> String {
    let done = week.done.iter().enumerate().filter(|(_, done)| **done);
    let names: Vec<_> = done.map(|(day, _)| weekday(day)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::breaks::BreakKind;
    use crate::wording::Language;

    fn lines(text: impl Fn(crate::wording::Texts) -> String) -> String {
        Language::ALL.map(|it| text(it.texts())).join(" | ")
    }

    #[test]
    fn a_break_is_called_what_was_seen_of_it() {
        let taken = |kind, planned, done, verified, walked| {
            let taken = TakenBreak {
                kind,
                lasted: Duration::from_secs(245),
                planned,
                done,
                verified,
                walked: Duration::from_secs(walked),
            };
            lines(|texts| texts.break_taken(&taken))
        };
        let all = [
            taken(BreakKind::Away, 0, 0, 0, 0),
            taken(BreakKind::Walked, 1, 1, 1, 130),
            taken(BreakKind::Stretched, 4, 4, 3, 0),
            taken(BreakKind::Timed, 2, 1, 0, 0),
        ];
        insta::assert_snapshot!(all.join("\n"), @r"
        break taken: away for 4 min | Pause gemacht: 4 min weg
        break taken: walked for 2 min, 1 of 1 exercises verified | Pause gemacht: 2 min gegangen, 1 von 1 Übungen bestätigt
        break taken: stretched, 3 of 4 exercises verified | Pause gemacht: gedehnt, 3 von 4 Übungen bestätigt
        break taken: 1 of 2 exercises, by time | Pause gemacht: 1 von 2 Übungen, nach Zeit
        ");
    }

    #[test]
    fn a_week_tells_what_was_done_and_never_what_was_missed() {
        // 2026-11-27 is a Friday.
        let week = |strength: &[i64]| {
            let week = Week::of(20_784, 5, strength);
            lines(|texts| texts.week(&week))
        };
        let last: Vec<i64> = (20_773..20_778).collect();
        let both: Vec<i64> = (20_773..20_778).chain(20_780..20_785).collect();
        let all = [week(&[]), week(&[20_780, 20_783]), week(&last), week(&both)];
        insta::assert_snapshot!(all.join("\n"), @r"
        strength this week: 0 of 5 days | Kräftigung diese Woche: 0 von 5 Tagen
        strength this week: 2 of 5 days (Mon, Thu) | Kräftigung diese Woche: 2 von 5 Tagen (Mo, Do)
        strength this week: 0 of 5 days; weeks in a row: 1 | Kräftigung diese Woche: 0 von 5 Tagen; Wochen in Folge: 1
        strength this week: 5 of 5 days (Mon, Tue, Wed, Thu, Fri); weeks in a row: 2 | Kräftigung diese Woche: 5 von 5 Tagen (Mo, Di, Mi, Do, Fr); Wochen in Folge: 2
        ");
    }
}
