//! `backstay report`: how the last days were.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::history;
use crate::cli::CommonArgs;
use crate::config::settings::Settings;
use crate::domain::breaks::BreakKind;
use crate::domain::history::{DayTotals, PastBreak, days};
use crate::domain::time::{DAY_MS, WallTime};
use crate::domain::week::{Week, weekday};
use crate::runtime::clock;
use crate::runtime::events::seconds;
use crate::runtime::stdio::print;
use crate::store::{Store, StoreError};
use crate::wording::{Texts, duration};

/// Weeks that are looked at for how many in a row the plan was kept.
const WEEKS: i64 = 104;

/// The options of report.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// How many days, today included, 1 to 366
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Print JSON, one object a day and one for the week
    #[arg(long)]
    json: bool,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Prints a line for each day, and the plan of the week.
///
/// # Errors
/// When configuration or history cannot be used.
pub fn run(args: &ReportArgs) -> anyhow::Result<()> {
    let config = Settings::load(args.common.config.as_deref())?;
    let texts = config.desktop.language().texts();
    let today = clock::wall();
    let store = Store::open_if_there(&history::path()?)?;
    let first = today.day() - i64::from(args.days) + 1;
    let (days, week) = match &store {
        Some(store) => {
            let breaks = past_breaks(store, today)?;
            (
                totals(store, &breaks, first, config.sitting.break_length)?,
                week(&breaks, today, config.breaks.strength_days),
            )
        }
        None => (Vec::new(), None),
    };
    if args.json {
        for day in &days {
            print(&day_event(day).to_string())?;
        }
        return week.map_or(Ok(()), |week| {
            print(&json!({"event": "week", "strength": week_json(&week)}).to_string())
        });
    }
    if days.is_empty() {
        print(texts.no_days())?;
    } else {
        for line in table(texts, &days) {
            print(&line)?;
        }
    }
    if config.keep_days == 0 {
        print(texts.nothing_kept())?;
    }
    week.map_or(Ok(()), |week| print(&texts.week(&week)))
}

/// The breaks that are looked at on `today`: of more days than can be asked for.
///
/// # Errors
/// When the history cannot be read.
pub(super) fn past_breaks(store: &Store, today: WallTime) -> Result<Vec<PastBreak>, StoreError> {
    store.breaks(today.unix_ms - 7 * WEEKS * DAY_MS)
}

/// The week of `today` under a plan of `goal` days; `None` where there is no plan.
pub(super) fn week(breaks: &[PastBreak], today: WallTime, goal: u32) -> Option<Week> {
    let strength = breaks.iter().filter(|past| past.strength);
    let days: Vec<i64> = strength.map(|past| past.from.day()).collect();
    (goal > 0).then(|| Week::of(today.day(), goal, &days))
}

/// The week's plan in events.
pub(super) fn week_json(week: &Week) -> serde_json::Value {
    json!({
        "goal": week.goal, "days": week.days(), "done": week.done, "today": week.today,
        "weeks": week.weeks,
    })
}

/// What each day came to from `first` on, in days since 1970-01-01.
fn totals(
    store: &Store,
    breaks: &[PastBreak],
    first: i64,
    break_after: Duration,
) -> Result<Vec<DayTotals>, StoreError> {
    // A day begins elsewhere up to 14 hours before it begins at Greenwich, and a stretch may have
    // begun on the day before.
    let from_ms = (first - 2) * DAY_MS;
    let mut days = days(&store.stretches(from_ms)?, breaks, break_after);
    days.retain(|day| first <= day.day);
    Ok(days)
}

fn day_event(day: &DayTotals) -> serde_json::Value {
    let breaks: serde_json::Map<_, _> = BreakKind::ALL
        .into_iter()
        .map(|kind| (kind.name().to_owned(), json!(day.count(kind))))
        .collect();
    let (verified, planned) = day.exercises;
    json!({
        "event": "day", "day": clock::date(day.day), "sitting_s": seconds(day.sitting),
        "standing_s": seconds(day.standing), "longest_s": seconds(day.longest), "breaks": breaks,
        "exercises": {"verified": verified, "planned": planned}, "strength": day.strength,
    })
}

/// The days as a table: the first column to the left, the others to the right.
fn table(texts: Texts, days: &[DayTotals]) -> Vec<String> {
    let heads = texts.day_heads().map(str::to_owned);
    let mut rows = vec![heads];
    for day in days {
        let (verified, planned) = day.exercises;
        let [away, walked, stretched, timed] = BreakKind::ALL.map(|kind| match day.count(kind) {
            0 => String::new(),
            count => count.to_string(),
        });
        let weekday = texts.weekday(weekday(day.day));
        rows.push([
            format!("{weekday} {}", clock::date(day.day)),
            duration(day.sitting),
            duration(day.standing),
            duration(day.longest),
            away,
            walked,
            stretched,
            timed,
            match planned {
                0 => String::new(),
                planned => texts.part(verified, planned),
            },
            match day.strength {
                true => texts.yes().to_owned(),
                false => String::new(),
            },
        ]);
    }
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let line = |row: &[String; 10]| {
        let mut line = format!("{:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            line += &format!("  {cell:>width$}");
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}
