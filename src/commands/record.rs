//! `backstay record`: a session file of what is seen and judged.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tokio::sync::mpsc;

use super::history;
use super::run::{CameraGone, Source, calibration, let_in};
use super::setup::{self, CALIBRATION, Setup};
use crate::cli::{CommonArgs, SharingArgs, VisionArgs};
use crate::config::folders;
use crate::control::place;
use crate::domain::io::Command;
use crate::runtime::clock::{self, LiveClock};
use crate::runtime::drive;
use crate::runtime::keep::FrameKeeper;
use crate::runtime::live::{End, LiveInputs};
use crate::runtime::outputs::Outputs;
use crate::runtime::profiles::Profiles;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::{FrameReplay, NO_WALL};
use crate::runtime::status_line::Console;
use crate::runtime::stdio::print;
use crate::runtime::tape::Tape;
use crate::runtime::watch::Eye;
use crate::vision::source::SourceName;

/// The options of record.
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// The session file to make; a name ending in .zst is compressed
    #[arg(value_name = "FILE")]
    out: PathBuf,
    /// Where pictures come from: camera, camera:N, camera:NAME, sample, a folder, or a video
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Stop after this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    seconds: Option<Duration>,
    /// Learn the upright anew from this many seconds at the start
    #[arg(long, value_name = "SECONDS", value_parser = calibration)]
    calibrate_seconds: Option<Duration>,
    /// Write the pictures too, into this new folder
    #[arg(long, value_name = "FOLDER")]
    frames: Option<PathBuf>,
    /// How the camera is shared.
    #[command(flatten)]
    sharing: SharingArgs,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Records until stopped, or to the end of a recorded source, which is taken as fast as it goes.
///
/// # Errors
/// When source, engine, model or file cannot be used.
pub fn run(args: &RecordArgs) -> anyhow::Result<()> {
    let mut setup = Setup::new(&args.common, &args.vision)?;
    let name = setup.source(args.source.as_deref());
    setup.share(&args.sharing, &name)?;
    setup::block_on(record(args, &setup, &name))
}

async fn record(args: &RecordArgs, setup: &Setup, name: &SourceName) -> anyhow::Result<()> {
    // A recording from a camera is a run: others reach it, and a break that is taken meanwhile is in it.
    let place = match name {
        SourceName::Camera(_) => Some(place::claim(&folders::runtime()?)?),
        SourceName::Sample | SourceName::Path(_) => None,
    };
    let source = Source::open(setup, name)?;
    let (mut observer, model) = setup.observer()?;
    let is_camera = matches!(source, Source::Camera(_));
    let profiles = match (&source, args.calibrate_seconds) {
        (Source::Camera(camera), None) => Some(setup.profiles(camera, &mut observer)?),
        _ => None,
    };
    let known = profiles.as_ref().map_or(&[][..], Profiles::known);
    let rate = SharedRate::new(setup.settings.rates.active);
    let mut outputs = Outputs::new(rate.clone());
    outputs.engine = Some(observer.engine().to_string());
    outputs.console = Some(Console::stderr());
    if let (Some(console), Some(choice)) = (&mut outputs.console, source.choice()) {
        console.say(&choice);
    }
    let started = if is_camera { setup::now() } else { NO_WALL };
    let header = setup.header(&observer, &model, known, started);
    outputs.tape = Some(Tape::new(&args.out, header)?);
    let keep = args
        .frames
        .as_deref()
        .map(FrameKeeper::create)
        .transpose()?;
    let mut monitor = setup::monitor(setup.settings, known);
    let eye = Eye::new(observer, keep);
    let calibration = known
        .is_empty()
        .then(|| args.calibrate_seconds.unwrap_or(CALIBRATION));
    let mut gone = None;
    let (done, bad_frames) = match source {
        Source::Camera(_) => {
            let (_commands, commands) = mpsc::channel(1);
            let (seen_in, seen) = mpsc::unbounded_channel();
            let clock = LiveClock::start_at(started);
            let began = clock::elapsed_since_start();
            let mut inputs = LiveInputs::new(clock, seen, commands, setup::stop_signal()?);
            if let Some(span) = calibration {
                inputs.plan(Duration::ZERO, Command::Calibrate(span));
            }
            if let Some(span) = args.seconds {
                inputs.stop_after(span);
            }
            history::keep(setup, &mut inputs, &mut outputs);
            let board = place
                .as_ref()
                .map(|place| let_in(place, source.words(name), &mut inputs, &mut outputs));
            let watch = source.watch(eye, began, rate, seen_in)?;
            let done = drive(&mut monitor, &mut inputs, &mut outputs).await;
            drop(watch);
            if let Some(board) = board {
                board.end().await;
            }
            if let End::CameraGone(why) = inputs.end {
                gone = Some(CameraGone(why));
            }
            (done, inputs.bad_frames)
        }
        Source::Recording(recording) => {
            let mut inputs = FrameReplay::new(recording, eye, rate);
            if let Some(span) = calibration {
                inputs.plan(Duration::ZERO, Command::Calibrate(span));
            }
            if let Some(span) = args.seconds {
                inputs.stop_after(span);
            }
            inputs.stop_when(setup::stop_signal()?);
            let done = drive(&mut monitor, &mut inputs, &mut outputs).await;
            (done, inputs.bad_frames)
        }
    };
    outputs.summary.bad_frames = bad_frames;
    let summary = outputs.finish()?;
    let said = print(&format!(
        "recorded {}: {}",
        args.out.display(),
        summary.text()
    ));
    done?;
    said?;
    gone.map_or(Ok(()), |gone| Err(gone.into()))
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        // A session holds at most about 97 days.
        Ok(s) if s > 0.0 && s <= 8e6 => Ok(Duration::from_secs_f64(s)),
        _ => Err("give a number of seconds above 0".to_owned()),
    }
}
