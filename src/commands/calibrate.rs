//! `backstay calibrate`: learn a person's upright.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use clap::Args;
use tokio::sync::{Notify, mpsc};

use super::run::{Source, calibration};
use super::setup::{self, CALIBRATION, Setup};
use crate::cli::{CommonArgs, VisionArgs};
use crate::domain::calibration::Progress;
use crate::domain::io::Command;
use crate::domain::profile::Stance;
use crate::runtime::clock::{self, LiveClock};
use crate::runtime::drive;
use crate::runtime::live::LiveInputs;
use crate::runtime::outputs::Outputs;
use crate::runtime::profiles::Profiles;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::FrameReplay;
use crate::runtime::status_line::Console;
use crate::runtime::stdio::print;
use crate::runtime::watch::Eye;
use crate::session::baseline_file;
use crate::wording::ENGLISH;

/// Time to sit down before a calibration on a camera begins.
const GET_READY: Duration = Duration::from_secs(3);

/// The options of calibrate.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Where pictures come from: camera, camera:N, camera:NAME, sample, a folder, or a video
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// How long to look; only what nothing hinders counts
    #[arg(long, value_name = "SECONDS", value_parser = calibration)]
    seconds: Option<Duration>,
    /// Then learn your own slouch, and from it your own limit
    #[arg(long)]
    limits: bool,
    /// You stand: learn a profile for standing, beside the one for sitting
    #[arg(long)]
    standing: bool,
    /// Write the baseline to this file, and keep no profile; needed for sources other than the camera
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Looks at the person and keeps their upright, or says why not.
///
/// # Errors
/// When the calibration is refused, or source, engine, model or file cannot be used.
pub fn run(args: &CalibrateArgs) -> anyhow::Result<()> {
    let setup = Setup::new(&args.common, &args.vision)?;
    setup::block_on(calibrate(args, &setup))
}

async fn calibrate(args: &CalibrateArgs, setup: &Setup) -> anyhow::Result<()> {
    let span = args.seconds.unwrap_or(CALIBRATION);
    let source = Source::open(setup, &setup.source(args.source.as_deref()))?;
    let is_camera = matches!(source, Source::Camera(_));
    anyhow::ensure!(
        is_camera || args.out.is_some(),
        setup::UsageError("a recording's baseline needs a place: give --out FILE".to_owned())
    );
    let (mut observer, _) = setup.observer()?;
    let mut profiles = match &source {
        Source::Camera(camera) if args.out.is_none() => {
            Some(setup.profiles(camera, &mut observer)?)
        }
        _ => None,
    };
    let rate = SharedRate::new(setup.settings.rates.calibrating);
    let over = Rc::new(Notify::new());
    let mut outputs = Outputs::new(rate.clone());
    outputs.engine = Some(observer.engine().to_string());
    outputs.language = setup.config.desktop.language();
    outputs.calibration_over = Some(over.clone());
    let stop = setup::stop_signal()?;
    let stop = async move {
        tokio::select! {
            () = stop => {}
            () = over.notified() => {}
        }
    };
    outputs.console = Some(Console::stderr());
    if let (Some(console), Some(choice)) = (&mut outputs.console, source.choice()) {
        console.say(&choice);
    }
    let texts = outputs.language.texts();
    let known = profiles.as_ref().map_or(&[][..], Profiles::known);
    let mut monitor = setup::monitor(setup.settings, known);
    let eye = Eye::new(observer, None);
    let stance = if args.standing {
        Stance::Standing
    } else {
        Stance::Sitting
    };
    let command = Command::CalibrateGuided {
        span,
        limits: args.limits,
        stance: Some(stance),
    };
    match source {
        Source::Camera(_) => {
            if let Some(console) = &mut outputs.console {
                console.say(texts.get_ready(stance));
            }
            let (_commands, commands) = mpsc::channel(1);
            let (seen_in, seen) = mpsc::unbounded_channel();
            let clock = LiveClock::start();
            let began = clock::elapsed_since_start();
            let mut inputs = LiveInputs::new(clock, seen, commands, stop);
            inputs.plan(GET_READY, command);
            if let Some(profiles) = &profiles {
                inputs.rooms = profiles.rooms();
            }
            let watch = source.watch(eye, began, rate, seen_in)?;
            drive(&mut monitor, &mut inputs, &mut outputs).await?;
            drop(watch);
        }
        Source::Recording(recording) => {
            let mut inputs = FrameReplay::new(recording, eye, rate);
            inputs.plan(Duration::ZERO, command);
            inputs.stop_when(stop);
            drive(&mut monitor, &mut inputs, &mut outputs).await?;
        }
    }
    if let Some(why) = &outputs.refused {
        anyhow::bail!("{}", texts.refused(&texts.refusal(*why)));
    }
    let Some(learnt) = outputs.calibrated else {
        anyhow::bail!("{}", unfinished(outputs.calibrating));
    };
    outputs.finish()?;
    let baseline = &learnt.profile.baseline;
    let kept = match (&args.out, &mut profiles) {
        (Some(path), _) => {
            baseline_file::save(path, baseline)?;
            format!("kept in {}", path.display())
        }
        (None, Some(profiles)) => {
            let (name, path) = profiles.keep(&learnt)?;
            format!("kept as profile {name:?} in {}", path.display())
        }
        (None, None) => "kept nowhere".to_owned(),
    };
    print(&format!(
        "calibrated on {} observations; {kept}",
        baseline.samples
    ))
}

/// What to say when the source ended, or the person stopped it, before the time was up. What was
/// kept before stays as it was.
fn unfinished(last: Option<Progress>) -> String {
    let mut text = "calibration was not finished: the source ended or was stopped before the time \
                    was up"
        .to_owned();
    if let Some(hindrance) = last.and_then(|progress| progress.hindrance) {
        text += &format!("; it was waiting: {}", ENGLISH.hindrance(hindrance));
    }
    text + "; nothing was kept"
}
