//! Where the history is, and what a run and a break have to do with it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;

use super::setup::{self, Setup};
use crate::config::folders::{self, FoldersError};
use crate::runtime::history::{History, sat_until};
use crate::store::{FILE, Store};

/// Where the history is kept.
///
/// # Errors
/// When there is no home folder.
pub(super) fn path() -> Result<PathBuf, FoldersError> {
    Ok(folders::data()?.join(FILE))
}

/// The history of the run that begins, and how long the person had sat when the one before ended a
/// moment ago. `None` where the person wants none, or it cannot be had, which is told: a run without a
/// history is better than none.
pub(super) fn begin(setup: &Setup) -> Option<(History, Option<Duration>)> {
    let days = setup.config.keep_days;
    if days == 0 {
        return None;
    }
    match try_begin(days, setup.settings.sitting.break_after) {
        Ok(begun) => Some(begun),
        Err(error) => {
            tracing::warn!("no history is kept of this run: {error:#}");
            None
        }
    }
}

fn try_begin(days: u32, break_after: Duration) -> anyhow::Result<(History, Option<Duration>)> {
    let now = setup::now();
    let mut store = Store::open(&path()?)?;
    store.begin(now, days)?;
    let sat = sat_until(&store, now, break_after)?;
    let history = History::new(store).context("cannot start the thread of the history")?;
    Ok((history, sat))
}
