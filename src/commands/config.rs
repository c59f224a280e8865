//! `backstay config`: shows, checks and begins the configuration.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::config::settings::Settings;
use crate::config::{DEFAULT, load, show};
use crate::private;

/// What to do with the configuration.
#[derive(Clone, Debug, clap::Args)]
pub struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What can be done with the configuration.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Print the settings in force, each with its origin
    Show,
    /// Print where the configuration file is looked for
    Path,
    /// Check a configuration file, by default the one in force
    Check {
        /// The file to check
        file: Option<PathBuf>,
    },
    /// Write a configuration file with every key, its default and its meaning
    Init {
        /// Overwrite the file that is there
        #[arg(long)]
        force: bool,
    },
}

/// Runs `backstay config`; `file` is the one named with `--config`.
///
/// # Errors
/// A configuration that cannot be read, has a mistake, or cannot be written.
pub fn run(args: ConfigArgs, file: Option<&Path>) -> anyhow::Result<()> {
    match args.command {
        ConfigCommand::Show => show_settings(file),
        ConfigCommand::Path => say(&load::location(file)?.display().to_string()),
        ConfigCommand::Check { file: named } => check(named.as_deref().or(file)),
        ConfigCommand::Init { force } => init(&load::location(file)?, force),
    }
}

fn show_settings(file: Option<&Path>) -> anyhow::Result<()> {
    Settings::load(file)?;
    let text = load::text(file)?;
    let origin = match &text {
        Some(_) => format!("# file: {:?}", load::location(file)?),
        None => format!("# no file {:?}: all defaults", load::location(file)?),
    };
    say(&format!(
        "{origin}\n\n{}",
        show::show(text.as_deref()).trim_end()
    ))
}

fn check(file: Option<&Path>) -> anyhow::Result<()> {
    let path = load::location(file)?;
    if file.is_none() && !path.exists() {
        bail!(
            "there is no configuration \"{}\"; write one with \"backstay config init\"",
            path.display()
        );
    }
    Settings::load(Some(&path))?;
    say("ok")
}

fn init(path: &Path, force: bool) -> anyhow::Result<()> {
    write_default(path, force)?;
    say(&format!("wrote {path:?}"))
}

/// Writes the default configuration for its owner's eyes only, whole or not at all.
fn write_default(path: &Path, force: bool) -> anyhow::Result<()> {
    let cannot = || format!("cannot write configuration \"{}\"", path.display());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    private::make_folder(folder).with_context(cannot)?;
    // A temporary file is made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    file.write_all(DEFAULT.as_bytes()).with_context(cannot)?;
    if force {
        file.persist(path).with_context(cannot)?;
        return Ok(());
    }
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => bail!(
            "the configuration \"{}\" exists already; overwrite it with --force",
            path.display()
        ),
        Err(failed) => Err(failed).with_context(cannot),
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("cannot write to stdout")
}
