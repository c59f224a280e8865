//! `backstay evaluate`: error rates on labelled recordings.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::run::calibration;
use super::setup::{self, Setup, UsageError};
use crate::cli::{CommonArgs, VisionArgs};
use crate::domain::settings::Settings;
use crate::evaluation::cache::Keep;
use crate::evaluation::find::{Labelled, find};
use crate::evaluation::fit::{choose, combinations};
use crate::evaluation::observe::{Looker, Material};
use crate::evaluation::report::Report;
use crate::evaluation::what_if::{Axis, Change};
use crate::evaluation::{json, table};
use crate::runtime::stdio::print;

/// The options of evaluate.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// A folder of pictures with labels.json, a session with NAME.labels.json, or a folder of such
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Learn the upright from this many seconds at the start, whatever the labels say
    #[arg(long, value_name = "SECONDS", value_parser = calibration)]
    calibrate_seconds: Option<Duration>,
    /// Judge with another setting, as in dwell_seconds=40
    #[arg(long, value_name = "KEY=VALUE", value_parser = Change::parse)]
    what_if: Vec<Change>,
    /// Choose among settings, as in dwell_seconds=20,40, by leaving out one subject after another
    #[arg(long, value_name = "KEY=V1,V2", value_parser = Axis::parse)]
    fit: Vec<Axis>,
    /// Keep what was seen in this folder, not beside the pictures
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Look at every picture anew and keep nothing
    #[arg(long)]
    no_cache: bool,
    /// Print the figures as one JSON object
    #[arg(long)]
    json: bool,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Evaluates recordings.
///
/// # Errors
/// When a recording or its labels cannot be used, the engine fails, or stdout cannot be written.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let setup = Setup::new(&args.common, &args.vision)?;
    let mut settings = setup.settings;
    change(&mut settings, &args.what_if)?;
    let trials = trials(args, settings)?;
    let found = find(&args.paths)?;
    let report = setup::block_on(async {
        let recordings = look(args, &setup, found).await?;
        let mut report = Report::of(&recordings, settings, args.calibrate_seconds).await?;
        if !args.fit.is_empty() {
            anyhow::ensure!(
                report.by_subject().len() > 1,
                "--fit needs recordings of two subjects at least; name more, or use --what-if"
            );
            let mut tried = Vec::new();
            for (changes, settings) in trials {
                let report = Report::of(&recordings, settings, args.calibrate_seconds).await?;
                tried.push((changes, report));
            }
            report.choices = choose(&tried);
        }
        Ok(report)
    })?;
    if args.json {
        print(&json::report(&report).to_string())
    } else {
        print(&table::report(&report))
    }
}

/// The settings that are tried, with what makes each differ.
fn trials(
    args: &EvaluateArgs,
    settings: Settings,
) -> Result<Vec<(Vec<Change>, Settings)>, UsageError> {
    let all = combinations(&args.fit).map_err(UsageError)?;
    let with = |changes: Vec<Change>| {
        let mut settings = settings;
        change(&mut settings, &changes)?;
        Ok((changes, settings))
    };
    all.into_iter().map(with).collect()
}

fn change(settings: &mut Settings, changes: &[Change]) -> Result<(), UsageError> {
    changes
        .iter()
        .try_for_each(|change| change.apply(settings))
        .map_err(UsageError)
}

/// What was seen in each recording. An engine is needed for pictures alone.
async fn look(
    args: &EvaluateArgs,
    setup: &Setup,
    found: Vec<Labelled>,
) -> anyhow::Result<Vec<(Labelled, Material)>> {
    let mut looker = None;
    let mut all = Vec::new();
    for recording in found {
        let material = if recording.is_session {
            Material::Session(recording.path.clone())
        } else {
            let looker = match &mut looker {
                Some(looker) => looker,
                None => looker.insert(looker_of(args, setup)?),
            };
            Material::Observations(looker.look(&recording).await?)
        };
        all.push((recording, material));
    }
    Ok(all)
}

fn looker_of(args: &EvaluateArgs, setup: &Setup) -> anyhow::Result<Looker> {
    let rates = setup.settings.rates;
    Ok(Looker {
        engine: setup.engine()?,
        model: setup.model()?,
        cap_hz: rates.calibrating.max(rates.active),
        fps: rates.active,
        keep: match &args.cache {
            _ if args.no_cache => Keep::Nowhere,
            Some(folder) => Keep::In(folder.clone()),
            None => Keep::Beside,
        },
    })
}
