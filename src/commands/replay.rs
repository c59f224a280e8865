//! `backstay replay`: the whole pipeline on a recording, as fast as it goes.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::run::calibration;
use super::setup::{self, CALIBRATION, Setup};
use crate::cli::{CommonArgs, VisionArgs};
use crate::domain::baseline::Baseline;
use crate::domain::io::Command;
use crate::domain::monitor::Monitor;
use crate::runtime::drive;
use crate::runtime::outputs::{EventStyle, Outputs};
use crate::runtime::progress::Progress;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::{FrameReplay, SessionReplay};
use crate::runtime::sketch::Sketcher;
use crate::runtime::stdio::tell_line;
use crate::runtime::watch::Eye;
use crate::session::{SessionReader, baseline_file, settings as session_settings};
use crate::vision::source::{Recording, SourceName};

/// The options of replay.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// A folder of pictures, a video, a session (.jsonl or .jsonl.zst), or sample
    #[arg(value_name = "SOURCE", required_unless_present = "source")]
    path: Option<String>,
    /// The same, as an option
    #[arg(long, value_name = "SOURCE", conflicts_with = "path")]
    source: Option<String>,
    /// Learn the upright from this many seconds at the start
    #[arg(long, value_name = "SECONDS", value_parser = calibration)]
    calibrate_seconds: Option<Duration>,
    /// Judge against the baseline in this file
    #[arg(long, value_name = "FILE", conflicts_with = "calibrate_seconds")]
    baseline: Option<PathBuf>,
    /// Print events as JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Print every observation as well (implies --json)
    #[arg(long)]
    trace: bool,
    /// Write every picture that was looked at, with its joints, into this new folder
    #[arg(long, value_name = "FOLDER")]
    draw: Option<PathBuf>,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Replays a recording.
///
/// # Errors
/// When the recording, engine, model or configuration cannot be used.
pub fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let setup = Setup::new(&args.common, &args.vision)?;
    let name = args
        .path
        .as_deref()
        .or(args.source.as_deref())
        .unwrap_or("sample");
    let baseline = args
        .baseline
        .as_deref()
        .map(baseline_file::load)
        .transpose()?;
    match SourceName::parse(name) {
        SourceName::Camera(_) => Err(setup::UsageError(
            "a camera cannot be replayed; name a folder, a video or a session".to_owned(),
        )
        .into()),
        SourceName::Sample => replay_pictures(args, &setup, Setup::sample(), baseline),
        SourceName::Path(path) if is_session(&path) => {
            replay_session(args, &setup, &path, baseline)
        }
        SourceName::Path(path) => {
            let recording = setup.recording(&path)?;
            replay_pictures(args, &setup, recording, baseline)
        }
    }
}

fn replay_pictures(
    args: &ReplayArgs,
    setup: &Setup,
    recording: Recording,
    baseline: Option<Baseline>,
) -> anyhow::Result<()> {
    let (observer, _) = setup.observer()?;
    let rate = SharedRate::new(setup.settings.rates.active);
    let mut outputs = Outputs::new(rate.clone());
    outputs.engine = Some(observer.engine().to_string());
    outputs.style = style(args);
    let mut monitor = Monitor::new(setup.settings, baseline);
    let mut inputs = FrameReplay::new(recording, Eye::new(observer, None), rate);
    inputs.progress = Some(Progress::stderr());
    if baseline.is_none() {
        let span = args.calibrate_seconds.unwrap_or(CALIBRATION);
        inputs.plan(Duration::ZERO, Command::Calibrate(span));
    }
    if let Some(folder) = &args.draw {
        let sketcher = Rc::new(RefCell::new(Sketcher::create(folder)?));
        inputs.sketcher = Some(Rc::clone(&sketcher));
        outputs.sketcher = Some(sketcher);
    }
    setup::block_on(async {
        inputs.stop_when(setup::stop_signal()?);
        let done = drive(&mut monitor, &mut inputs, &mut outputs).await;
        inputs.progress = None;
        outputs.summary.bad_frames = inputs.bad_frames;
        outputs.finish()?;
        done
    })
}

fn replay_session(
    args: &ReplayArgs,
    setup: &Setup,
    path: &Path,
    baseline: Option<Baseline>,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.draw.is_none(),
        setup::UsageError("a session holds no pictures to draw on; replay the pictures".to_owned())
    );
    let reader = SessionReader::open(path)?;
    let header = reader.header().clone();
    // A session is judged as it was, unless the person names a configuration.
    let settings = if args.common.config.is_some() {
        setup.settings
    } else {
        session_settings::from_map(&header.settings).map_err(|why| {
            anyhow::anyhow!(
                "cannot use the settings of {path:?}: {why}; give --config FILE to judge by others"
            )
        })?
    };
    let as_recorded =
        args.common.config.is_none() && baseline.is_none() && args.calibrate_seconds.is_none();
    let mut outputs = Outputs::new(SharedRate::new(settings.rates.active));
    outputs.style = style(args);
    outputs.kept = as_recorded.then(Vec::new);
    let mut monitor = match (args.calibrate_seconds, baseline.or(header.baseline)) {
        (Some(_), _) => Monitor::new(settings, None),
        (None, Some(baseline)) => Monitor::new(settings, Some(baseline)),
        (None, None) => {
            outputs.names = header
                .profiles
                .iter()
                .map(|named| named.name.clone())
                .collect();
            setup::monitor(settings, &header.profiles)
        }
    };
    let mut inputs = SessionReplay::new(reader);
    if let Some(span) = args.calibrate_seconds {
        inputs.calibrate(span);
    }
    setup::block_on(drive(&mut monitor, &mut inputs, &mut outputs))
        .with_context(|| format!("cannot replay {path:?}"))?;
    if let Some(notice) = inputs.notice() {
        tell_line(&format!("backstay: {notice}"));
    }
    let kept = outputs.kept.take();
    outputs.finish()?;
    if let Some(kept) = kept
        && kept != inputs.recorded
    {
        tell_line(&format!(
            "backstay: the effects differ from the recorded ones: the session was recorded by \
             version {}, this is {}",
            header.program,
            env!("CARGO_PKG_VERSION")
        ));
    }
    Ok(())
}

fn style(args: &ReplayArgs) -> EventStyle {
    match (args.json, args.trace) {
        (_, true) => EventStyle::JsonTrace,
        (true, false) => EventStyle::Json,
        (false, false) => EventStyle::Words,
    }
}

/// Sessions are known by their names.
pub(super) fn is_session(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    path.is_file() && (name.ends_with(".jsonl") || name.ends_with(".jsonl.zst"))
}
