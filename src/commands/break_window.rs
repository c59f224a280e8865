//! The window in which a break is taken that a button of a run has started.

use std::path::absolute;

use anyhow::Context;
use tokio::sync::{mpsc, watch};

use super::run::RunArgs;
use crate::config::settings::Settings as Config;
use crate::desktop::break_window::{Manner, Program, follow};

/// Opens a window for each wish that comes through the first of these, as the second says.
///
/// # Errors
/// When the program's own file or the configuration cannot be named.
pub(super) fn start(
    args: &RunArgs,
    config: &Config,
) -> anyhow::Result<(mpsc::Sender<()>, watch::Sender<Manner>)> {
    let program = Program {
        file: std::env::current_exe().context("cannot find the program's own file")?,
        // The window may open in another folder.
        config: args.common.config.as_deref().map(absolute).transpose()?,
    };
    let (wish, wishes) = mpsc::channel(1);
    let (manner_in, manner) = watch::channel(manner(config));
    tokio::spawn(follow(wishes, manner, program));
    Ok((wish, manner_in))
}

/// How `config` has the window opened.
pub(super) fn manner(config: &Config) -> Manner {
    Manner {
        terminal: config.breaks.terminal.clone(),
        language: config.desktop.language(),
    }
}
