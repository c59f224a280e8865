//! `backstay run`: watch, judge and tell.

use std::time::Duration;

use clap::Args;
use tokio::sync::{mpsc, watch};

use super::break_window;
use super::history;
use super::last_camera;
use super::network;
use super::reload::Reload;
use super::setup::{self, CALIBRATION, Setup};
use super::tray::{Trays, voice};
use crate::cli::{CommonArgs, SharingArgs, VisionArgs};
use crate::config::folders;
use crate::control::board::Board;
use crate::control::place::{self, Place};
use crate::control::request::Request;
#[cfg(unix)]
use crate::control::server;
use crate::desktop::Buttons;
use crate::desktop::notifier::Notifier;
use crate::desktop::service::ServiceManager;
use crate::desktop::signals::Signals;
use crate::domain::io::Command;
use crate::runtime::clock::{self, LiveClock};
use crate::runtime::drive;
use crate::runtime::feedback::FeedbackKeeper;
use crate::runtime::live::{End, LiveInputs};
use crate::runtime::outputs::{EventStyle, Outputs};
use crate::runtime::profiles::Profiles;
use crate::runtime::rate::SharedRate;
use crate::runtime::standing::Standing;
use crate::runtime::status_line::Console;
use crate::runtime::stdio::tell_line;
use crate::runtime::watch::{Eye, Watch};
use crate::vision::source::SourceName;

/// The options of run.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
    /// Where pictures come from: camera, camera:N, camera:NAME, sample, a folder, or a video
    #[arg(long, value_name = "SOURCE")]
    pub source: Option<String>,
    /// Learn your upright anew from this many seconds at the start
    #[arg(long, value_name = "SECONDS", value_parser = calibration)]
    pub calibrate_seconds: Option<Duration>,
    /// Write alerts to stderr instead of showing notifications
    #[arg(long)]
    pub no_notify: bool,
    /// Print events as JSON, one object a line
    #[arg(long)]
    pub json: bool,
    /// How the camera is shared.
    #[command(flatten)]
    pub sharing: SharingArgs,
    /// What looks at pictures takes these.
    #[command(flatten)]
    pub vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Runs until stopped, or to the end of a recorded source.
///
/// # Errors
/// When the source, engine, model or configuration cannot be used, or the camera is lost for good.
pub fn run(args: &RunArgs) -> anyhow::Result<()> {
    let mut setup = Setup::new(&args.common, &args.vision)?;
    let name = setup.source(args.source.as_deref());
    setup.share(&args.sharing, &name)?;
    setup.heed_feedback();
    setup::keep_log();
    setup::block_on(watch(args, &setup, &name))
}

async fn watch(args: &RunArgs, setup: &Setup, name: &SourceName) -> anyhow::Result<()> {
    let stop = setup::stop_signal()?;
    // Before the camera, which the other run has.
    let place = place::claim(&folders::runtime()?)?;
    // The camera first: whether there is one is the likeliest trouble, and known at once.
    let source = Source::open(setup, name)?;
    let (mut observer, model) = setup.observer()?;
    let profiles = match (&source, args.calibrate_seconds) {
        (Source::Camera(camera), None) => Some(setup.profiles(camera, &mut observer)?),
        _ => None,
    };
    let known = profiles.as_ref().map_or(&[][..], Profiles::known);
    let mut monitor = setup::monitor(setup.settings, known);
    let is_new = known.is_empty();
    let header = setup.header(&observer, &model, known, setup::now());
    let rate = SharedRate::new(setup.settings.rates.active);
    let (commands_in, commands) = mpsc::channel(8);
    let (breaks, window) = break_window::start(args, &setup.config)?;
    let buttons = Buttons {
        commands: commands_in.clone(),
        breaks,
    };
    let mut outputs = Outputs::new(rate.clone());
    outputs.engine = Some(observer.engine().to_string());
    outputs.language = setup.config.desktop.language();
    outputs.style = if args.json {
        EventStyle::Json
    } else {
        EventStyle::Quiet
    };
    outputs.console = (!args.json).then(Console::stderr);
    if let Some(choice) = source.choice() {
        match &mut outputs.console {
            Some(console) => console.say(&choice),
            None => tell_line(&choice),
        }
    }
    outputs.notifier = if args.no_notify || !setup.config.alerts.notify {
        Notifier::stderr(outputs.language)
    } else {
        Notifier::bus(voice(&setup.config), buttons.clone())
    };
    let trays = Trays::new(args, &buttons);
    outputs.tray = trays.start(&setup.config);
    let stop = trays.or_quit(stop);
    let (seen_in, seen) = mpsc::unbounded_channel();
    let eye = Eye::new(observer, None);
    let clock = LiveClock::start();
    let began = clock::elapsed_since_start();
    let mut inputs = LiveInputs::new(clock, seen, commands, stop);
    inputs.service = ServiceManager::from_env();
    outputs.service = inputs.service.clone();
    let (signals_in, signals) = mpsc::channel(16);
    inputs.signals = Some(signals);
    let _signals = Signals::start(signals_in, clock::wall);
    let calibration = args.calibrate_seconds.unwrap_or(CALIBRATION);
    if let Some(profiles) = profiles {
        inputs.rooms = profiles.rooms();
        outputs.profiles = Some(profiles);
    }
    if is_new {
        if let Some(console) = &mut outputs.console {
            console.say(outputs.language.texts().learning());
        }
        inputs.plan(Duration::ZERO, Command::Calibrate(calibration));
    }
    if let Source::Camera(_) = &source {
        history::keep(setup, &mut inputs, &mut outputs);
    }
    outputs.feedback = Some(FeedbackKeeper::new(setup::feedback_folder()?, header));
    let (settings_in, settings) = mpsc::channel(1);
    let (tellers_in, tellers) = mpsc::channel(2);
    inputs.settings = Some(settings);
    outputs.aloud = setup.aloud()?;
    outputs.tellers = Some(tellers);
    let (snooze, snoozes) = watch::channel(setup.config.alerts.snooze);
    outputs.mqtt = network::start_mqtt(&setup.config, &commands_in, snoozes);
    outputs.meter = network::start_web(&setup.config);
    let reload = Reload {
        args: args.clone(),
        source: name.clone(),
        config: setup.config.clone(),
        now: setup.settings,
        settings: settings_in,
        tellers: tellers_in,
        trays,
        snooze,
        window,
        buttons,
    };
    tokio::spawn(reload.follow());
    let board = let_in(&place, source.words(name), &mut inputs, &mut outputs);
    let watch = source.watch(eye, began, rate, seen_in)?;
    let done = drive(&mut monitor, &mut inputs, &mut outputs).await;
    inputs.service.stopping();
    drop(watch);
    board.end().await;
    if let Some(mqtt) = outputs.mqtt.take() {
        mqtt.stop().await;
    }
    outputs.summary.bad_frames = inputs.bad_frames;
    outputs.finish()?;
    done?;
    match inputs.end {
        End::CameraGone(why) => Err(CameraGone(why).into()),
        End::None | End::Stopped | End::SourceEnded => Ok(()),
    }
}

/// Lets others reach the run at `place`, and tells them how it stands; `source` is what is looked at,
/// in words. The board is to be told when it ends.
pub(super) fn let_in(
    place: &Place,
    source: String,
    inputs: &mut LiveInputs,
    outputs: &mut Outputs,
) -> Board {
    let board = Board::new(setup::log_lines().clone());
    inputs.requests = listen(place, &board);
    outputs.standing = Some(Standing::new(board.clone(), source));
    board
}

/// Hears those who reach the run; one that cannot be reached goes on all the same.
#[cfg(unix)]
fn listen(place: &Place, board: &Board) -> Option<mpsc::Receiver<Request>> {
    let listener = match place
        .free_socket()
        .map(|path| (server::listen(&path), path))
    {
        Ok((Ok(listener), _)) => listener,
        Ok((Err(error), path)) => {
            tracing::warn!(
                "cannot listen at {path:?} ({error}), so \"backstay status\" and its like will not \
                 work; set XDG_RUNTIME_DIR to a folder with a shorter name"
            );
            return None;
        }
        Err(error) => {
            tracing::warn!("\"backstay status\" and its like will not work: {error}");
            return None;
        }
    };
    let (requests_in, requests) = mpsc::channel(server::WAITING);
    tokio::spawn(server::serve(listener, board.clone(), requests_in));
    Some(requests)
}

/// There are no Unix sockets to be reached by.
#[cfg(not(unix))]
fn listen(_: &Place, _: &Board) -> Option<mpsc::Receiver<Request>> {
    None
}

/// The camera is lost for good: exit status 4.
#[derive(Debug, thiserror::Error)]
#[error("the camera is lost: {0}; plug it in again and start anew")]
pub struct CameraGone(pub String);

/// An opened source of a live run.
pub(super) enum Source {
    /// A camera.
    Camera(Box<crate::vision::source::camera::CameraSource>),
    /// A recording, played at its own pace.
    Recording(crate::vision::source::Recording),
}

impl Source {
    pub(super) fn open(setup: &Setup, name: &SourceName) -> anyhow::Result<Self> {
        Ok(match name {
            SourceName::Camera(which) => {
                let camera = setup.camera(which.clone())?;
                if let Some(info) = camera.info() {
                    last_camera::save(&info.id);
                }
                Self::Camera(Box::new(camera))
            }
            SourceName::Sample => Self::Recording(Setup::sample()),
            SourceName::Path(path) => Self::Recording(setup.recording(path)?),
        })
    }

    /// What is looked at, for whoever asks.
    pub(super) fn words(&self, name: &SourceName) -> String {
        match (self, name) {
            (Self::Camera(camera), _) => camera
                .info()
                .map_or_else(|| "a camera".to_owned(), |info| info.to_string()),
            (Self::Recording(_), SourceName::Path(path)) => path.display().to_string(),
            (Self::Recording(_), _) => "sample".to_owned(),
        }
    }

    /// Which camera was taken, when there are several and none was asked for, and how to take
    /// another.
    pub(super) fn choice(&self) -> Option<String> {
        let Self::Camera(camera) = self else {
            return None;
        };
        let (info, among) = (camera.info()?, camera.among());
        (1 < among).then(|| {
            format!(
                "{among} cameras; using {info}; choose another with --source camera:NAME, see \
                 \"backstay camera list\""
            )
        })
    }

    pub(super) fn watch(
        self,
        eye: Eye,
        began: Duration,
        rate: SharedRate,
        to: mpsc::UnboundedSender<crate::runtime::watch::Seen>,
    ) -> std::io::Result<Watch> {
        match self {
            Self::Camera(camera) => Watch::camera(*camera, eye, began, rate, to),
            Self::Recording(recording) => Watch::recording(recording, eye, began, rate, to),
        }
    }
}

/// Seconds of a calibration: long enough for the eight samples it needs, short enough to sit
/// still for.
pub(super) fn calibration(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(s) if (3.0..=120.0).contains(&s) => Ok(Duration::from_secs_f64(s)),
        _ => Err("give a number of seconds from 3 to 120".to_owned()),
    }
}
