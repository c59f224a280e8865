//! `backstay autostart`: has the session start the program, or not.

use std::env;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::network;
use super::setup;
use crate::config::folders;
use crate::config::settings::Settings;
use crate::desktop::autostart::{self, Places};
use crate::runtime::stdio::print;

/// What to do about the start with the session.
#[derive(Clone, Debug, Args)]
pub struct AutostartArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AutostartCommand,
}

/// What can be done about it.
#[derive(Clone, Debug, Subcommand)]
pub enum AutostartCommand {
    /// Start with the session from now on
    Enable,
    /// No longer start with the session
    Disable,
    /// Say whether it does, by which file, and which program
    Status,
}

/// Runs `backstay autostart`.
///
/// # Errors
/// When a file that is not ours is in the way, or the system refuses.
pub fn run(args: &AutostartArgs, verbose: u8) -> anyhow::Result<()> {
    setup::start_log(verbose);
    let places = places()?;
    let told = match args.command {
        AutostartCommand::Enable => autostart::enable(&places),
        AutostartCommand::Disable => autostart::disable(&places),
        AutostartCommand::Status => autostart::status(&places),
    };
    for line in told? {
        print(&line)?;
    }
    Ok(())
}

fn places() -> anyhow::Result<Places> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    Ok(Places {
        program: env::current_exe().context("cannot find the program's own file")?,
        home: folders::home()?,
        config_home: folders::config_home()?,
        runtime: set("XDG_RUNTIME_DIR").map(Into::into),
        screen: ["WAYLAND_DISPLAY", "DISPLAY"]
            .into_iter()
            .any(|name| set(name).is_some()),
        network: Settings::load(None).is_ok_and(|config| network::is_wanted(&config)),
    })
}
