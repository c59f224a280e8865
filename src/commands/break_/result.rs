//! What came of a break goes to the history, and to the run that there is.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::history;
use super::super::report::{past_breaks, week, week_json};
use super::monitor;
use crate::config::settings::Settings;
use crate::domain::breaks::{TakenBreak, strengthens};
use crate::domain::exercise::Exercise;
use crate::domain::exercise::outcome::Outcome;
use crate::domain::time::WallTime;
use crate::domain::week::Week;
use crate::runtime::events::taken_break;
use crate::store::{BreakRecord, Store};

/// A break that is over.
pub(super) struct Over<'a> {
    /// The routine's id; `None` for exercises by name.
    pub(super) routine: Option<&'a str>,
    /// What was planned.
    pub(super) plan: &'a [Exercise],
    /// What came of it.
    pub(super) outcome: &'a Outcome,
    /// When it began.
    pub(super) from: WallTime,
    /// How long it was.
    pub(super) lasted: Duration,
}

/// What was kept of a break.
pub(super) struct Kept {
    taken: TakenBreak,
    week: Option<Week>,
}

impl Kept {
    /// The plan of the week, where it is of interest to somebody who follows it.
    pub(super) fn week(&self) -> Option<&Week> {
        let follows = |week: &&Week| week.days() > 0 || week.weeks > 0;
        self.week.as_ref().filter(follows)
    }

    /// For other front ends, at `t` seconds since the break began.
    pub(super) fn event(&self, t: f64) -> Value {
        let mut event = json!({"event": "kept", "t": t});
        if let (Value::Object(to), Value::Object(from)) = (&mut event, taken_break(&self.taken)) {
            to.extend(from);
        }
        event["strength"] = self.week.as_ref().map_or(Value::Null, week_json);
        event
    }
}

/// Keeps what came of `over` as the person wants it, and tells the run that there is; `None` where
/// nothing was done, which is no break. What does not succeed is told, and loses nothing else.
pub(super) fn keep(over: &Over<'_>, config: &Settings) -> Option<Kept> {
    let taken = TakenBreak::guided(over.plan, over.outcome, over.lasted)?;
    monitor::tell(&taken);
    let week = match config.keep_days {
        0 => None,
        _ => store(over, taken, config.breaks.strength_days).unwrap_or_else(|error| {
            tracing::warn!("the break is not kept in the history: {error:#}");
            None
        }),
    };
    Some(Kept { taken, week })
}

fn store(over: &Over<'_>, taken: TakenBreak, goal: u32) -> anyhow::Result<Option<Week>> {
    let mut store = Store::open(&history::path()?)?;
    store.add_break(&BreakRecord {
        from: over.from,
        taken,
        routine: over.routine.map(str::to_owned),
        strength: strengthens(over.plan, over.outcome),
        exercises: over.outcome.exercises.clone(),
    })?;
    let breaks = past_breaks(&store, over.from)?;
    Ok(week(&breaks, over.from, goal))
}
