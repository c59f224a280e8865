//! `backstay engine`: installs the faster engine, and says which one runs.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::config::folders;
use crate::vision::engine::install::pip::PipSettings;
use crate::vision::engine::install::{self, Origin, Outcome, Progress};
use crate::vision::engine::library::LibraryPlaces;
use crate::vision::engine::pins::Pin;
use crate::vision::engine::{EngineChoice, EngineKind, EngineSetup};

/// What to do about engines.
#[derive(Args, Clone, Debug)]
pub struct EngineArgs {
    /// The part of the command after `engine`.
    #[command(subcommand)]
    pub command: EngineCommand,
}

/// The subcommands of `backstay engine`.
#[derive(Subcommand, Clone, Debug)]
pub enum EngineCommand {
    /// Install ONNX Runtime, the faster engine, for this user
    ///
    /// Fetches the pinned version from the Python package index that pip uses on this machine (about
    /// 20 MB), checks its sha256 and puts the library into the data folder. Python is not needed.
    Install {
        /// Take it from this wheel or library instead of the index
        #[arg(long, value_name = "WHEEL_OR_LIBRARY")]
        from: Option<PathBuf>,
    },
    /// Say which engine runs, and why
    Status {
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Runs `backstay engine …`.
///
/// # Errors
/// Whatever kept the engine from being installed; `status` fails only without a home folder.
pub fn run(args: EngineArgs) -> anyhow::Result<()> {
    match args.command {
        EngineCommand::Install { from } => install(from),
        EngineCommand::Status { json } => status(json),
    }
}

fn install(from: Option<PathBuf>) -> anyhow::Result<()> {
    let Some(pin) = Pin::for_this_platform() else {
        bail!(
            "there is no build of ONNX Runtime for {} on {}; engine \"rten\" is compiled in and needs nothing",
            std::env::consts::OS,
            std::env::consts::ARCH
        );
    };
    let settings;
    let origin = match &from {
        Some(path) => Origin::File(path),
        None => {
            settings = PipSettings::from_env();
            Origin::Index(&settings)
        }
    };
    let mut meter = Meter::new(pin);
    let outcome = install::install(&pin, &folders::data()?, origin, &mut |p| meter.show(&p));
    meter.end();
    let (done, path) = match outcome.context("cannot install ONNX Runtime")? {
        Outcome::Already(path) => ("already installed and intact", path),
        Outcome::Installed(path) => ("installed", path),
    };
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "ONNX Runtime {} {done}: \"{}\"",
        pin.version,
        path.display()
    )?;
    Ok(())
}

/// What `status --json` prints.
#[derive(Serialize)]
struct Status {
    /// `ort` or `rten`.
    engine: String,
    /// One line for people.
    why: String,
    library: Option<PathBuf>,
    version: Option<&'static str>,
    /// What to do for the faster engine; absent when it runs or cannot be had.
    remedy: Option<&'static str>,
}

fn status(json: bool) -> anyhow::Result<()> {
    let places = LibraryPlaces::from_env(folders::data()?);
    let setup = EngineSetup::resolve(EngineChoice::Auto, &places)?;
    // A library named by the person goes before the installed one, so installing would change nothing.
    let faster = setup.kind() == EngineKind::Rten
        && Pin::for_this_platform().is_some()
        && places.named.is_none();
    let status = Status {
        engine: setup.kind().to_string(),
        why: setup.why().to_owned(),
        library: setup.library().map(|library| library.path.clone()),
        version: setup.library().and_then(|library| library.version),
        remedy: faster.then_some("backstay engine install"),
    };
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(&status)?)?;
        return Ok(());
    }
    writeln!(out, "engine {}", status.why)?;
    Ok(())
}

/// Tells on stderr how far the download is: on a terminal one line that is written over, else only that
/// it began.
struct Meter {
    pin: Pin<'static>,
    is_terminal: bool,
    /// The last percentage written over the line, while there is one.
    written: Option<u64>,
}

impl Meter {
    fn new(pin: Pin<'static>) -> Self {
        Self {
            pin,
            is_terminal: std::io::stderr().is_terminal(),
            written: None,
        }
    }

    fn show(&mut self, progress: &Progress) {
        match progress {
            Progress::Started { url, .. } => {
                self.say(format_args!(
                    "fetching ONNX Runtime {} from \"{url}\"\n",
                    self.pin.version
                ));
            }
            Progress::Received {
                bytes,
                of: Some(of),
            } if self.is_terminal && *of > 0 => {
                let percent = bytes.saturating_mul(100) / of;
                if self.written != Some(percent) {
                    self.written = Some(percent);
                    self.say(format_args!(
                        "\r{percent:3} % of {} MB",
                        of.div_ceil(1_000_000)
                    ));
                }
            }
            Progress::Received { .. } => {}
        }
    }

    fn end(&mut self) {
        if self.written.take().is_some() {
            self.say(format_args!("\n"));
        }
    }

    /// A meter that cannot be shown is no reason to stop.
    fn say(&self, text: std::fmt::Arguments<'_>) {
        let mut out = std::io::stderr().lock();
        let _ = out.write_fmt(text).and_then(|()| out.flush());
    }
}
