//! `backstay break`: relief exercises, counted and timed.

mod choice;
mod monitor;
mod result;
mod stay;

use clap::Args;
use tokio::sync::mpsc;

use self::monitor::Running;
use self::result::{Kept, Over};
pub use self::stay::Stay;
use super::replay::is_session;
use super::run::Source;
use super::setup::{self, Setup};
use crate::cli::{CommonArgs, VisionArgs};
use crate::domain::exercise::Exercise;
use crate::domain::exercise::coach::{Coach, PREPARE};
use crate::relief::Catalogue;
use crate::runtime::clock::{self, LiveClock};
use crate::runtime::coaching::ahead::Ahead;
use crate::runtime::coaching::front::Front;
use crate::runtime::coaching::{Break, Wishes, asked, events, lead, words};
use crate::runtime::events::seconds;
use crate::runtime::live::LiveInputs;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::{FrameReplay, SessionReplay};
use crate::runtime::status_line::{hold_back, let_out};
use crate::runtime::stdio::{print, tell_line};
use crate::runtime::watch::Eye;
use crate::screen::{Key, MIN_SIZE, Terminal, Why};
use crate::session::SessionReader;
use crate::vision::source::SourceName;
use crate::vision::source::camera::CameraError;
use crate::wording::Texts;

/// Observations a second, where the person says nothing: a quick movement takes half a second.
const RATE_HZ: f64 = 10.0;

/// The break of who names none.
const USUAL: &str = "desk_reset";

/// The options of break.
#[derive(Debug, Args)]
pub struct BreakArgs {
    /// A routine or exercises, by the names of --list; without any what the day has shown to the run, or desk_reset
    #[arg(value_name = "ROUTINE")]
    names: Vec<String>,
    /// Print routines and exercises with their dose, and how each is verified; with names, all that is to be known of those
    #[arg(long)]
    list: bool,
    /// Where it hurts, for a routine that asks: see --list
    #[arg(long, value_name = "PLACE")]
    r#where: Option<String>,
    /// Where pictures come from: camera, camera:N, camera:NAME, sample, a folder, a video, or a session
    #[arg(long, value_name = "SOURCE", conflicts_with = "no_camera")]
    source: Option<String>,
    /// Go by time, without the camera
    #[arg(long)]
    no_camera: bool,
    /// Print events as JSON, one object a line, and show no screen; a recording goes as fast as it can
    #[arg(long)]
    json: bool,
    /// Wait for Enter at the end, in a window that closes with the program
    #[arg(long, conflicts_with = "json")]
    stay: bool,
    /// What looks at pictures takes these.
    #[command(flatten)]
    vision: VisionArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    common: CommonArgs,
}

/// Leads through a break.
///
/// # Errors
/// When a name is unknown, or source, engine, model, configuration or the person's own exercises
/// cannot be used.
pub fn run(args: &BreakArgs) -> anyhow::Result<()> {
    let vision = VisionArgs {
        rate: args.vision.rate.or(Some(RATE_HZ)),
        fps: args.vision.fps.or(Some(RATE_HZ)),
        ..args.vision.clone()
    };
    let setup = Setup::new(&args.common, &vision)?;
    let language = setup.config.desktop.language();
    let texts = language.texts();
    let catalogue = choice::catalogue(language, args.common.config.as_deref())?;
    if args.list {
        return list(args, &catalogue, texts);
    }
    let running = match args.names.is_empty() {
        true => Running::find().ok().flatten(),
        false => None,
    };
    let day = running.as_ref().map(Running::today);
    let Some(choice) = choice::choose(args, &catalogue, day.as_ref(), texts)? else {
        return Ok(());
    };
    let mut of = Break {
        routine: choice.routine,
        plan: choice.plan,
        camera: true,
        monitor_paused: false,
        notice: String::new(),
        because: choice.because,
        texts,
    };
    let plan: Vec<Exercise> = of.plan.iter().map(|it| it.exercise.clone()).collect();
    // Declared first, dropped last: the camera is closed before the monitor wants it again.
    let mut monitor = None;
    let look = if args.no_camera {
        of.notice = texts.camera_unused().to_owned();
        Look::Clock
    } else {
        let name = setup.source(args.source.as_deref());
        let seen = plan.iter().any(|exercise| exercise.rule.is_some());
        if seen && matches!(name, SourceName::Camera(_)) {
            monitor = monitor::pause(running, &plan, texts);
        }
        open(&setup, &name, seen, &mut of)?
    };
    if monitor.is_some() {
        of.monitor_paused = true;
        if of.notice.is_empty() {
            of.notice = texts.monitor_paused().to_owned();
        }
    }
    of.camera = !matches!(look, Look::Clock);
    // A recording was a break once, or none.
    let live = matches!(look, Look::Clock | Look::Camera(..));
    let (from, began) = (setup::now(), clock::elapsed_since_start());
    let mut coach = Coach::new(plan.clone(), PREPARE, of.camera);
    let taken = setup::block_on(take(args, &mut of, &mut coach, look));
    let_out();
    taken?;
    let lasted = clock::elapsed_since_start().saturating_sub(began);
    let over = Over {
        routine: of.routine.as_ref().map(|(id, _)| id.as_str()),
        plan: &plan,
        outcome: coach.outcome(),
        from,
        lasted,
    };
    let kept = if live {
        result::keep(&over, &setup.config)
    } else {
        None
    };
    if let Some(kept) = kept.as_ref().filter(|_| args.json) {
        print(&kept.event(seconds(lasted)).to_string())?;
    }
    if !args.json {
        for line in words::result(&of, coach.outcome()) {
            print(&line)?;
        }
        if let Some(week) = kept.as_ref().and_then(Kept::week) {
            print(&texts.week(week))?;
        }
    }
    Ok(())
}

/// Where a break looks.
enum Look {
    /// Nowhere: it goes by time.
    Clock,
    /// At a camera.
    Camera(Source, Box<Eye>),
    /// At the pictures of a recording.
    Pictures(Box<FrameReplay>),
    /// At the joints of a session.
    Session(Box<SessionReplay>),
}

/// Opens the source. Where the plan needs no camera (`seen`), or none is found, it goes by time.
fn open(setup: &Setup, name: &SourceName, seen: bool, of: &mut Break) -> anyhow::Result<Look> {
    if let SourceName::Path(path) = name
        && is_session(path)
    {
        let replay = SessionReplay::new(SessionReader::open(path)?);
        return Ok(Look::Session(Box::new(replay)));
    }
    if !seen && matches!(name, SourceName::Camera(_)) {
        return Ok(Look::Clock);
    }
    let source = match Source::open(setup, name) {
        Ok(source) => source,
        Err(error) if matches!(error.downcast_ref(), Some(CameraError::NoCamera(_))) => {
            of.notice = of.texts.no_camera().to_owned();
            return Ok(Look::Clock);
        }
        Err(error) => return Err(error),
    };
    let (observer, _) = setup.observer()?;
    let eye = Eye::new(observer, None);
    Ok(match source {
        Source::Camera(_) => Look::Camera(source, Box::new(eye)),
        Source::Recording(recording) => {
            let rate = SharedRate::new(setup.settings.rates.active);
            Look::Pictures(Box::new(FrameReplay::new(recording, eye, rate)))
        }
    })
}

async fn take(
    args: &BreakArgs,
    of: &mut Break,
    coach: &mut Coach,
    look: Look,
) -> anyhow::Result<()> {
    let stop = Box::pin(setup::stop_or_hang_up()?);
    let live = matches!(look, Look::Clock | Look::Camera(..));
    let (mut front, keys) = front(args, of.texts, live)?;
    let asked = match args.json {
        true => asked::on_stdin()?,
        false => None,
    };
    let wishes = Wishes { keys, asked, stop };
    let (seen_in, seen) = mpsc::unbounded_channel();
    let clock = LiveClock::start();
    let began = clock::elapsed_since_start();
    let _watch = match look {
        Look::Clock => None,
        Look::Camera(source, eye) => {
            let rate = SharedRate::new(args.vision.rate.unwrap_or(RATE_HZ));
            Some(source.watch(*eye, began, rate, seen_in.clone())?)
        }
        Look::Pictures(replay) => {
            let mut inputs = Ahead::new(*replay, !args.json);
            return lead(of, coach, &mut inputs, wishes, &mut front).await;
        }
        Look::Session(replay) => {
            let mut inputs = Ahead::new(*replay, !args.json);
            return lead(of, coach, &mut inputs, wishes, &mut front).await;
        }
    };
    let (_commands, commands) = mpsc::channel(1);
    let mut inputs = LiveInputs::new(clock, seen, commands, std::future::pending());
    let done = lead(of, coach, &mut inputs, wishes, &mut front).await;
    // Held until now: without a camera the inputs would have ended with it.
    drop(seen_in);
    done
}

/// Whoever shows the break, with the keys that are pressed there.
fn front(
    args: &BreakArgs,
    texts: Texts,
    live: bool,
) -> anyhow::Result<(Front, Option<mpsc::Receiver<Key>>)> {
    if args.json {
        return Ok((Front::json(live), None));
    }
    let (columns, rows) = MIN_SIZE;
    match Terminal::objection() {
        None => {
            hold_back();
            let (terminal, keys) = Terminal::open()?;
            Ok((Front::Screen(Box::new(terminal)), Some(keys)))
        }
        Some(why) => {
            tell_line(&match why {
                Why::NoTerminal => texts.no_terminal().to_owned(),
                Why::TooSmall => texts.too_small(columns, rows),
            });
            Ok((Front::Lines(false), None))
        }
    }
}

fn list(args: &BreakArgs, catalogue: &Catalogue, texts: Texts) -> anyhow::Result<()> {
    if !args.names.is_empty() {
        for entry in choice::named(&args.names, catalogue)? {
            if args.json {
                print(&events::listed(&entry, texts).to_string())?;
            } else {
                for line in words::described(texts, &entry) {
                    print(&line)?;
                }
            }
        }
    } else if args.json {
        for line in events::list(catalogue, texts) {
            print(&line.to_string())?;
        }
    } else {
        for line in words::list(catalogue, texts) {
            print(&line)?;
        }
    }
    Ok(())
}
