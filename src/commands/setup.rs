//! What several subcommands start with: settings, engine, model, source.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::last_camera;
use crate::cli::{CommonArgs, SharingArgs, VisionArgs};
use crate::config::folders;
use crate::config::settings as config;
use crate::control::board::LogLines;
use crate::desktop::aloud::Aloud;
use crate::domain::calibration;
use crate::domain::monitor::Monitor;
use crate::domain::settings::{
    AlertPolicy, PerFault, Posture, Rates, Sampling, Settings, SittingPolicy,
};
use crate::runtime::clock;
use crate::runtime::log_file::LogFile;
use crate::runtime::profiles::Profiles;
use crate::runtime::status_line::Aside;
use crate::session::feedback_file::FeedbackFolder;
use crate::session::profile_file::{KeptProfile, ProfileError, ProfileFolder};
use crate::session::{Header, Model as SessionModel, NamedProfile, settings as session_settings};
use crate::vision::engine::library::LibraryPlaces;
use crate::vision::engine::{EngineChoice, EngineSetup};
use crate::vision::model::Model;
use crate::vision::observer::Observer;
use crate::vision::source::camera::{CameraOptions, CameraSource, Policy};
use crate::vision::source::sample::SampleSource;
use crate::vision::source::{Recording, SourceName};

/// How long a calibration looks where nobody says otherwise.
pub const CALIBRATION: Duration = calibration::SPAN;

/// A camera that has been gone for this long is not coming back; the program ends and says so.
const CAMERA_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Settings of the configuration file with what the command line overrides.
pub struct Setup {
    /// The configuration.
    pub config: config::Settings,
    /// What the judgement goes by.
    pub settings: Settings,
    fps: f64,
    /// The profiles there are, once they were read.
    kept: OnceLock<Vec<Result<KeptProfile, ProfileError>>>,
}

impl Setup {
    /// Reads the configuration and applies the command line to it.
    ///
    /// # Errors
    /// When the configuration is wrong or names an engine that does not exist.
    pub fn new(common: &CommonArgs, vision: &VisionArgs) -> anyhow::Result<Self> {
        start_log(common.verbose);
        let mut config = config::Settings::load(common.config.as_deref())?;
        if let Some(engine) = &vision.engine {
            config.model.engine = engine
                .parse()
                .map_err(|e| UsageError(format!("--engine {engine:?}: {e}")))?;
        }
        if let Some(model) = &vision.model {
            config.model.name.clone_from(model);
        }
        if let Some(hz) = vision.rate {
            config.camera.rate_hz = hz;
        }
        let settings = to_domain(&config);
        let fps = vision.fps.unwrap_or(settings.rates.active);
        Ok(Self {
            config,
            settings,
            fps,
            kept: OnceLock::new(),
        })
    }

    /// Applies how the camera is shared, where `source` is one: as the command line says, or else
    /// the configuration. Recordings are always looked at from end to end.
    ///
    /// # Errors
    /// When it names a policy that does not exist.
    pub fn share(&mut self, sharing: &SharingArgs, source: &SourceName) -> anyhow::Result<()> {
        if let Some(policy) = &sharing.camera_policy {
            self.config.camera.policy = policy
                .parse()
                .map_err(|e| UsageError(format!("--camera-policy {policy:?}: {e}")))?;
        }
        let camera = &self.config.camera;
        if camera.policy == config::CameraPolicy::Sample && matches!(source, SourceName::Camera(_))
        {
            let every = sharing.sample_seconds.unwrap_or(camera.sample);
            self.settings.sampling = Some(Sampling { every });
        } else if sharing.sample_seconds.is_some() {
            return Err(UsageError(
                "--sample-seconds is for a camera with --camera-policy sample".to_owned(),
            )
            .into());
        }
        Ok(())
    }

    /// What alerts do beside the bubble.
    ///
    /// # Errors
    /// When there is no home folder, or the command is none.
    pub fn aloud(&self) -> anyhow::Result<Aloud> {
        let alerts = &self.config.alerts;
        let aloud = Aloud::default()
            .with_bell(alerts.bell)
            .with_hook(&alerts.on_alert)?;
        Ok(if alerts.sound {
            aloud.with_sound(&folders::state()?)
        } else {
            aloud
        })
    }

    /// Raises the limits of faults that the person said alerts were wrong about.
    pub fn heed_feedback(&mut self) {
        let said = feedback_folder().and_then(|folder| Ok(folder.list()?));
        match said {
            Ok(said) => {
                let times = |fault| said.iter().filter(|it| it.fault == fault).count();
                self.settings.posture.eased =
                    PerFault::new(|fault| u8::try_from(times(fault)).unwrap_or(u8::MAX));
            }
            Err(error) => tracing::warn!("what you said of alerts is not heeded: {error:#}"),
        }
    }

    /// The source named on the command line, or else in the configuration.
    #[must_use]
    pub fn source(&self, named: Option<&str>) -> SourceName {
        SourceName::parse(named.unwrap_or(&self.config.camera.source))
    }

    /// Opens a recording: a folder, a video, or the sample.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn recording(&self, name: &Path) -> anyhow::Result<Recording> {
        Ok(Recording::open(name, self.fps)?)
    }

    /// The sample that comes with the program.
    #[must_use]
    pub fn sample() -> Recording {
        Recording::Sample(SampleSource::default())
    }

    /// Opens the camera.
    ///
    /// # Errors
    /// When there is none, or its process cannot be started.
    pub fn camera(
        &self,
        which: crate::vision::source::camera::Which,
    ) -> anyhow::Result<CameraSource> {
        let program = std::env::current_exe().context("cannot find the program's own file")?;
        let options = CameraOptions {
            which,
            prefer: self.preferred_cameras(),
            policy: match self.config.camera.policy {
                // Open for two seconds, it is in nobody's way for longer.
                config::CameraPolicy::Yield | config::CameraPolicy::Sample => Policy::Yield,
                config::CameraPolicy::Hold => Policy::Hold,
            },
            rate_hz: self.settings.rates.active,
            give_up_after: Some(CAMERA_PATIENCE),
            ..CameraOptions::default()
        };
        Ok(CameraSource::open(&program, options)?)
    }

    /// The engine that runs.
    ///
    /// # Errors
    /// When the one that was asked for cannot run.
    pub fn engine(&self) -> anyhow::Result<EngineSetup> {
        let choice = match self.config.model.engine {
            config::EngineChoice::Auto => EngineChoice::Auto,
            config::EngineChoice::Ort => EngineChoice::Ort,
            config::EngineChoice::Rten => EngineChoice::Rten,
        };
        let engine = EngineSetup::resolve(choice, &LibraryPlaces::from_env(folders::data()?))?;
        tracing::info!("engine {}", engine.why());
        Ok(engine)
    }

    /// The pose model.
    ///
    /// # Errors
    /// When it cannot be had or is not one we know.
    pub fn model(&self) -> anyhow::Result<Model> {
        Ok(Model::select(&self.config.model.name, &folders::data()?)?)
    }

    /// An observer, with the model and engine it uses.
    ///
    /// # Errors
    /// When the engine or the model cannot be used.
    pub fn observer(&self) -> anyhow::Result<(Observer, Model)> {
        let engine = self.engine()?;
        let model = self.model()?;
        Ok((Observer::new(&engine, &model)?, model))
    }

    /// The profiles of `camera`, which `observer` from now on knows the rooms of.
    ///
    /// # Errors
    /// When they cannot be read, or the camera is not known.
    pub fn profiles(
        &self,
        camera: &CameraSource,
        observer: &mut Observer,
    ) -> anyhow::Result<Profiles> {
        let info = camera
            .info()
            .context("the camera tells nothing of itself")?;
        let profiles = Profiles::new(profile_folder()?, self.kept()?, info);
        let prints: Vec<String> = profiles.rooms().borrow().values().cloned().collect();
        observer.know_rooms(&prints);
        Ok(profiles)
    }

    /// Ids of cameras, the best first: those with a profile go before others, and the one used last
    /// before its equals.
    fn preferred_cameras(&self) -> Vec<String> {
        // What cannot be read is told when it is needed.
        let kept = self.kept().unwrap_or_default().iter().flatten();
        let mut with_profile: Vec<String> = kept.map(|kept| kept.camera.clone()).collect();
        let last = last_camera::load();
        with_profile.sort_by_key(|id| Some(id) != last.as_ref());
        with_profile.extend(last);
        with_profile
    }

    /// The profiles there are, read once.
    fn kept(&self) -> anyhow::Result<&[Result<KeptProfile, ProfileError>]> {
        if let Some(kept) = self.kept.get() {
            return Ok(kept);
        }
        let kept = profile_folder()?.all()?;
        Ok(self.kept.get_or_init(|| kept))
    }

    /// The header of a session recorded with these settings.
    #[must_use]
    pub fn header(
        &self,
        observer: &Observer,
        model: &Model,
        profiles: &[NamedProfile],
        started: crate::domain::time::WallTime,
    ) -> Header {
        Header {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: SessionModel {
                name: model.spec.name.clone(),
                sha256: model.spec.sha256.clone(),
            },
            engine: observer.engine().to_string(),
            frame: (0, 0),
            started,
            settings: session_settings::to_map(&self.settings),
            baseline: None,
            profiles: profiles.to_vec(),
        }
    }
}

/// A word on the command line that cannot be understood: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Where what the person says of alerts is kept.
///
/// # Errors
/// When there is no home folder.
pub fn feedback_folder() -> anyhow::Result<FeedbackFolder> {
    Ok(FeedbackFolder::at(folders::data()?.join("feedback")))
}

/// Where profiles are kept.
///
/// # Errors
/// When the system tells no data folder.
pub fn profile_folder() -> anyhow::Result<ProfileFolder> {
    Ok(ProfileFolder::new(folders::data()?.join("profiles")))
}

/// A monitor that judges against the profiles there are; without any it waits for a calibration.
#[must_use]
pub fn monitor(settings: Settings, profiles: &[NamedProfile]) -> Monitor {
    Monitor::with_profiles(
        settings,
        profiles.iter().map(|named| named.profile).collect(),
    )
}

/// Comes true when the person or the system asks the program to end.
///
/// # Errors
/// When the system's signals cannot be heard.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Heard from here on, not from the first time somebody waits. A hang-up is left alone, so
        // that nohup keeps its meaning.
        let hear = |kind| signal(kind).context("cannot listen for signals");
        let mut interrupt = hear(SignalKind::interrupt())?;
        let mut terminate = hear(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// As [`stop_signal`], and when the window of the program's terminal is closed.
///
/// # Errors
/// When the system's signals cannot be heard.
pub fn stop_or_hang_up() -> anyhow::Result<impl Future<Output = ()> + 'static> {
    let stop = stop_signal()?;
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hang_up = signal(SignalKind::hangup()).context("cannot listen for signals")?;
        Ok(async move {
            tokio::select! {
                () = stop => {}
                _ = hang_up.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(stop)
}

/// A runtime for one thread: the program waits far more than it works.
///
/// # Errors
/// When the system refuses it.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the event loop")?
        .block_on(work)
}

/// The wall clock now.
#[must_use]
pub fn now() -> crate::domain::time::WallTime {
    clock::wall()
}

fn to_domain(config: &config::Settings) -> Settings {
    let defaults = Settings::default();
    let active = config.camera.rate_hz;
    Settings {
        posture: Posture {
            sensitivity: PerFault::new(|fault| {
                let own = config.faults.get(fault);
                own.unwrap_or(config.posture.sensitivity)
            }),
            dwell: config.posture.dwell,
            ..defaults.posture
        },
        alerts: AlertPolicy {
            cooldown: config.alerts.cooldown,
            repeat: config.alerts.repeat,
            max_per_hour: config.alerts.max_per_hour,
        },
        sitting: SittingPolicy {
            prompt: config.sitting.prompt,
            firm: config.sitting.firm,
            break_after: config.sitting.break_length,
            pattern: config.sitting.pattern,
            eyes: config.sitting.eyes,
            water: config.sitting.water,
            still: config.sitting.still,
        },
        rates: Rates {
            active,
            steady: defaults.rates.steady.min(active),
            calibrating: defaults.rates.calibrating.max(active),
        },
        horizontal_fov_deg: config.camera.horizontal_fov_deg,
        pauses: config.pauses,
        sampling: None,
    }
}

/// The last lines of this process's log, for whoever asks a run for them.
pub(super) fn log_lines() -> &'static LogLines {
    static LINES: OnceLock<LogLines> = OnceLock::new();
    LINES.get_or_init(LogLines::default)
}

/// Writes the log into the state folder as well, unless systemd's journal has it already: then stderr
/// goes there.
pub(super) fn keep_log() {
    if is_journaled() {
        return;
    }
    let started = folders::state().map_err(anyhow::Error::from);
    match started.and_then(|folder| Ok(LogFile::start(&folder)?)) {
        Ok(file) => log_lines().also(move |line| file.add(line)),
        Err(error) => tracing::warn!("the log is not kept: {error:#}"),
    }
}

/// Whether stderr is the journal's: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)), and
/// is inherited by programs whose stderr is another.
fn is_journaled() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let stream = std::env::var("JOURNAL_STREAM").unwrap_or_default();
        std::fs::metadata("/proc/self/fd/2")
            .is_ok_and(|stderr| stream == format!("{}:{}", stderr.dev(), stderr.ino()))
    }
    #[cfg(not(unix))]
    false
}

/// Notes whole lines in [`log_lines`], each with its time.
struct Noted;

impl std::io::Write for Noted {
    fn write(&mut self, lines: &[u8]) -> std::io::Result<usize> {
        let plain = String::from_utf8_lossy(lines);
        for line in plain.lines() {
            log_lines().add(&format!("{} {}", clock::stamp(clock::wall()), line.trim()));
        }
        Ok(lines.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What the log says goes to stderr: warnings always, more with `-v`.
pub(super) fn start_log(verbose: u8) {
    let level = match verbose {
        0 => tracing::Level::WARN,
        1 => tracing::Level::INFO,
        2 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    let shown = tracing_subscriber::fmt::layer()
        .with_writer(|| Aside)
        .with_target(false)
        .without_time()
        .with_ansi(std::io::stderr().is_terminal())
        // It would be told with eprintln!, which panics when stderr is what has gone.
        .log_internal_errors(false)
        .with_filter(LevelFilter::from_level(level));
    let noted = tracing_subscriber::fmt::layer()
        .with_writer(|| Noted)
        .with_target(false)
        .without_time()
        .with_ansi(false)
        .log_internal_errors(false)
        .with_filter(LevelFilter::INFO);
    let log = tracing_subscriber::registry().with(shown).with(noted);
    // A second call, as in tests, changes nothing.
    let _ = log.try_init();
}
