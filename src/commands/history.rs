//! Where the history is, and what a run and a break have to do with it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use super::setup::{self, Setup};
use crate::config::folders::{self, FoldersError};
use crate::runtime::clock;
use crate::runtime::history::{History, sat_until};
use crate::runtime::live::LiveInputs;
use crate::runtime::outputs::Outputs;
use crate::store::{FILE, Store};

/// Where the history is kept.
///
/// # Errors
/// When there is no home folder.
pub(super) fn path() -> Result<PathBuf, FoldersError> {
    Ok(folders::data()?.join(FILE))
}

/// What there is of it, in words.
///
/// # Errors
/// When it cannot be used.
pub(super) fn describe(keep_days: u32) -> anyhow::Result<String> {
    let path = path()?;
    let begins = match Store::open_if_there(&path)? {
        Some(store) => store.begins()?,
        None => None,
    };
    let begins = begins.map_or("empty so far".to_owned(), |begins| {
        format!("since {}, in {}", clock::date(begins.day()), path.display())
    });
    Ok(match keep_days {
        0 => format!("{begins}; nothing is added, as you want it"),
        _ => begins,
    })
}

/// Keeps the history of the run that begins, which is told how long the person had sat when the one
/// before ended a moment ago. Nothing where the person wants none, or it cannot be had, which is told:
/// a run without a history is better than none.
pub(super) fn keep(setup: &Setup, inputs: &mut LiveInputs, outputs: &mut Outputs) {
    let days = setup.config.keep_days;
    if days == 0 {
        return;
    }
    match begin(days, setup.settings.sitting.break_after) {
        Ok((history, sat)) => (outputs.history, inputs.earlier) = (Some(history), sat),
        Err(error) => tracing::warn!("no history is kept of this run: {error:#}"),
    }
}

fn begin(days: u32, break_after: Duration) -> anyhow::Result<(History, Option<Duration>)> {
    let now = setup::now();
    let mut store = Store::open(&path()?)?;
    store.begin(now, days)?;
    let sat = sat_until(&store, now, break_after)?;
    let history = History::new(store).context("cannot start the thread of the history")?;
    Ok((history, sat))
}
