//! `backstay doctor`: is everything there that the main job needs, and what to do about it.

use std::time::Duration;

use clap::Args;

use super::history;
use super::network;
use super::setup::{self, Setup};
use crate::cli::{CommonArgs, VisionArgs};
use crate::config::broker::Mqtt;
use crate::desktop;
use crate::desktop::signals::check::Hindrance;
use crate::domain::baseline::{MIN_LIGHT, MIN_PRESENCE};
use crate::domain::io::{CameraStatus, Observation};
use crate::domain::outline::{Unseen, outline};
use crate::mqtt;
use crate::runtime::clock;
use crate::runtime::stdio::print;
use crate::vision::observer::Observer;
use crate::vision::source::camera::{self, CameraError, CameraEvent, CameraSource};
use crate::vision::source::{Recording, SourceName};

/// How long the camera may take for its first picture: some need seconds to start.
const FIRST_PICTURE: Duration = Duration::from_secs(8);

/// How long is looked before light and framing are judged: cameras set their exposure first.
const SETTLE: Duration = Duration::from_secs(2);

/// A picture darker than this is usable and makes joints uncertain.
const DIM_LIGHT: f32 = 0.25;

/// The options of doctor.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Where pictures come from: camera, camera:N, camera:NAME, sample, a folder, or a video
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// How one check came out.
enum Outcome {
    Good(String),
    /// Works, and could be better: what to do.
    Fair(String, String),
    /// The main job cannot run like this: what to do.
    Bad(String, String),
}

use Outcome::{Bad, Fair, Good};

/// Checks one thing after another and says what to do about each.
///
/// # Errors
/// When something the main job needs does not work; the camera's absence tells itself apart.
pub fn run(args: &DoctorArgs) -> anyhow::Result<()> {
    let setup = Setup::new(&args.common, &args.vision)?;
    tell("configuration", &Good("can be used".to_owned()));
    let mut failed = None;
    let mut note = |name, outcome: Outcome| {
        tell(name, &outcome);
        if let Bad(..) = outcome {
            failed.get_or_insert(name);
        }
    };
    let observer = match check_engine(&setup, &mut note) {
        Ok(observer) => Some(observer),
        Err(e) => {
            note("model", Bad(format!("{e:#}"), "see the message".to_owned()));
            None
        }
    };
    let name = setup.source(args.source.as_deref());
    let no_camera = match check_source(&setup, &name, observer, &mut note) {
        Ok(()) => None,
        Err(e) if matches!(e.downcast_ref(), Some(CameraError::NoCamera(_))) => Some(e),
        Err(e) => {
            note(
                "source",
                Bad(format!("{e:#}"), "name another with --source".to_owned()),
            );
            None
        }
    };
    note("profiles", check_profiles());
    note("history", check_history(&setup));
    note("notifications", check_bus(&setup));
    if let Some(config) = &setup.config.mqtt {
        note("mqtt", check_mqtt(config));
    }
    for source in desktop::signals::check::check(clock::wall) {
        note(source.name, signal(source.found));
    }
    if let Some(e) = no_camera {
        return Err(e);
    }
    match failed {
        Some(name) => anyhow::bail!("{name:?} needs attention; see above"),
        None => Ok(()),
    }
}

fn check_engine(
    setup: &Setup,
    note: &mut impl FnMut(&'static str, Outcome),
) -> anyhow::Result<Observer> {
    let engine = setup.engine()?;
    let model = setup.model()?;
    let observer = Observer::new(&engine, &model)?;
    let sha256 = &model.spec.sha256;
    note(
        "model",
        Good(format!("{}, sha256 {}…", model.spec.name, &sha256[..12])),
    );
    // What to do for the faster one stands in it.
    note("engine", Good(engine.why().to_owned()));
    Ok(observer)
}

fn check_source(
    setup: &Setup,
    name: &SourceName,
    observer: Option<Observer>,
    note: &mut impl FnMut(&'static str, Outcome),
) -> anyhow::Result<()> {
    let seen = match name {
        SourceName::Camera(which) => {
            let program = std::env::current_exe()?;
            for camera in camera::list(&program).unwrap_or_default() {
                note("camera", Good(camera.info.to_string()));
            }
            let camera = match setup.camera(which.clone()) {
                Ok(camera) => camera,
                Err(e) => {
                    let remedy = "check its cable, or name another source with --source";
                    note("camera", Bad(format!("{e:#}"), remedy.to_owned()));
                    return Err(e);
                }
            };
            look_through_camera(camera, observer, note)
        }
        SourceName::Sample => look_at_recording(Setup::sample(), observer)?,
        SourceName::Path(path) => look_at_recording(setup.recording(path)?, observer)?,
    };
    if let Some(seen) = seen {
        note("light", light(&seen));
        note("framing", framing(&seen));
    }
    Ok(())
}

fn look_through_camera(
    mut camera: CameraSource,
    observer: Option<Observer>,
    note: &mut impl FnMut(&'static str, Outcome),
) -> Option<Observation> {
    let began = clock::elapsed_since_start();
    let mut first = None;
    let mut observer = observer?;
    let mut seen = None;
    loop {
        let now = clock::elapsed_since_start();
        let until = first.map_or(began + FIRST_PICTURE, |first: Duration| first + SETTLE);
        if now >= until {
            break;
        }
        match camera.next(until - now) {
            Some(CameraEvent::Frame(frame)) => {
                first.get_or_insert(now);
                seen = observer.observe(&frame).ok().or(seen);
            }
            Some(CameraEvent::Report(report)) if report.status != CameraStatus::Ok => {
                note(
                    "camera",
                    Bad(report.status.name().to_owned(), report.detail),
                );
                return None;
            }
            Some(CameraEvent::Damaged(_) | CameraEvent::Report(_)) | None => {}
        }
    }
    match seen {
        Some(seen) => {
            let (width, height) = seen.frame;
            note("pictures", Good(format!("{width} by {height} pixels")));
        }
        None => note(
            "pictures",
            Bad(
                format!("none within {} s", FIRST_PICTURE.as_secs()),
                "close other programs that use the camera, or plug it in again".to_owned(),
            ),
        ),
    }
    seen
}

fn look_at_recording(
    mut recording: Recording,
    observer: Option<Observer>,
) -> anyhow::Result<Option<Observation>> {
    let Some(mut observer) = observer else {
        return Ok(None);
    };
    let mut seen = None;
    while seen.is_none() {
        let Some(frame) = recording.next_frame()? else {
            break;
        };
        seen = observer.observe(&frame).ok();
    }
    Ok(seen)
}

fn light(seen: &Observation) -> Outcome {
    let found = format!("{:.0} % of full brightness", 100.0 * seen.light);
    let remedy = "switch on a light in front of you".to_owned();
    if f64::from(seen.light) < MIN_LIGHT {
        Bad(found, remedy)
    } else if seen.light < DIM_LIGHT {
        Fair(found, remedy)
    } else {
        Good(found)
    }
}

fn framing(seen: &Observation) -> Outcome {
    if seen.presence < MIN_PRESENCE {
        return Fair(
            "nobody is in the picture".to_owned(),
            "sit in front of the camera and run this again".to_owned(),
        );
    }
    match outline(&seen.pose, seen.frame) {
        Ok(_) => Good("head and shoulders are in the picture".to_owned()),
        Err(Unseen::CutOff) => Bad(
            "head or shoulders are cut by the picture's edge".to_owned(),
            "move back, or turn the camera, until both shoulders show".to_owned(),
        ),
        Err(Unseen::Hidden) => Bad(
            "head and shoulders cannot be seen well".to_owned(),
            "face the camera, with both shoulders in the picture and even light".to_owned(),
        ),
    }
}

fn check_profiles() -> Outcome {
    let broken = |e: anyhow::Error| {
        Bad(
            format!("{e:#}"),
            "\"backstay calibrate\" makes a new one".to_owned(),
        )
    };
    let load = || -> anyhow::Result<Vec<String>> {
        let folder = setup::profile_folder()?;
        let names = folder.names()?;
        for name in &names {
            folder.load(name)?;
        }
        Ok(names)
    };
    match load() {
        Ok(names) if names.is_empty() => Fair(
            "none yet: each run learns your upright at its start".to_owned(),
            "\"backstay calibrate\" keeps it".to_owned(),
        ),
        Ok(names) => Good(names.join(", ")),
        Err(e) => broken(e),
    }
}

fn check_bus(setup: &Setup) -> Outcome {
    if !setup.config.alerts.notify {
        return Good("switched off in the configuration; alerts go to stderr".to_owned());
    }
    match desktop::check::check() {
        Ok(daemon) => Good(daemon),
        Err(e) => Fair(
            format!("{e:#}"),
            "alerts go to stderr; start a notification daemon to see them as bubbles".to_owned(),
        ),
    }
}

fn check_mqtt(config: &Mqtt) -> Outcome {
    let answer = || -> anyhow::Result<String> {
        network::allowed()?;
        let broker = network::broker(config)?;
        let name = broker.to_string();
        setup::block_on(async {
            mqtt::check(&broker)
                .await
                .map_err(|why| anyhow::anyhow!("{name}: {why}"))
        })?;
        Ok(format!("{name} answers"))
    };
    match answer() {
        Ok(found) => Good(found),
        Err(e) => Fair(
            format!("{e:#}"),
            "start the broker, or set \"[mqtt]\" right in the configuration; posture is watched all \
             the same"
                .to_owned(),
        ),
    }
}

fn check_history(setup: &Setup) -> Outcome {
    match history::describe(setup.config.keep_days) {
        Ok(found) => Good(found),
        Err(e) => Fair(
            format!("{e:#}"),
            "see the message; posture is watched all the same".to_owned(),
        ),
    }
}

/// What the system does not tell costs some comfort, and no posture.
fn signal(found: Result<String, Hindrance>) -> Outcome {
    match found {
        Ok(found) => Good(found),
        Err(hindrance) => Fair(hindrance.why, hindrance.remedy.to_owned()),
    }
}

fn tell(name: &str, outcome: &Outcome) {
    // Who does not read the lines still gets the exit status.
    let _ = print(&match outcome {
        Good(found) => format!("ok    {name}: {found}"),
        Fair(found, remedy) => format!("hint  {name}: {found}\n      -> {remedy}"),
        Bad(found, remedy) => format!("bad   {name}: {found}\n      -> {remedy}"),
    });
}
