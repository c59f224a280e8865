//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::commands::autostart::AutostartArgs;
use crate::commands::break_::BreakArgs;
use crate::commands::calibrate::CalibrateArgs;
use crate::commands::camera::CameraArgs;
use crate::commands::camera_worker::CameraWorkerArgs;
use crate::commands::config::ConfigArgs;
use crate::commands::control::{LogArgs, PauseArgs, RecalibrateArgs, SnoozeArgs, StatusArgs};
use crate::commands::doctor::DoctorArgs;
use crate::commands::engine::EngineArgs;
use crate::commands::evaluate::EvaluateArgs;
use crate::commands::feedback::FeedbackArgs;
use crate::commands::profile::ProfileArgs;
use crate::commands::record::RecordArgs;
use crate::commands::replay::ReplayArgs;
use crate::commands::report::ReportArgs;
use crate::commands::run::RunArgs;
use crate::config::settings::SAMPLE_SECONDS;

/// Watches your posture through the webcam and says so when you slouch or sit too long.
///
/// Without a subcommand: run. Nothing leaves this machine, and no picture is kept unless you ask
/// for it with "record --frames".
#[derive(Debug, Parser)]
#[command(name = "backstay", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do; without it: run.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of run.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Watch, judge and tell: the main job
    Run(RunArgs),
    /// Tell how the run is that there is
    Status(StatusArgs),
    /// Close the camera of the run, for a while or until resumed
    Pause(PauseArgs),
    /// Take a break: relief exercises, counted and timed
    Break(BreakArgs),
    /// Tell how the last days were: sitting, breaks, and the plan of the week
    Report(ReportArgs),
    /// End a pause or a snooze
    Resume,
    /// Close the camera of the run for a quarter of an hour, or as long as you say
    Snooze(SnoozeArgs),
    /// Say that an alert was wrong, list what was said, take it back
    Feedback(FeedbackCommand),
    /// Have the run learn your upright posture anew, and keep it
    Recalibrate(RecalibrateArgs),
    /// End the run
    Stop,
    /// Print the last lines of the run's log
    Log(LogArgs),
    /// Learn your upright posture
    Calibrate(CalibrateArgs),
    /// Record a session: joints and verdicts, no pictures
    Record(RecordArgs),
    /// Judge a recording: a folder of pictures, a video, or a session
    Replay(ReplayArgs),
    /// Measure error rates on labelled recordings
    Evaluate(EvaluateArgs),
    /// Check camera, model, engine, light, framing and notifications
    Doctor(DoctorArgs),
    /// Say which cameras there are and who holds them
    Camera(CameraArgs),
    /// Install the faster engine, or tell which one runs
    Engine(EngineCommand),
    /// List, rename or remove the uprights that are kept
    Profile(ProfileCommand),
    /// Start with the session, or no longer
    Autostart(AutostartCommand),
    /// Show, check or make the configuration file
    Config(ConfigCommand),
    /// The process that holds the camera
    #[command(hide = true)]
    CameraWorker(CameraWorkerArgs),
}

/// The options every subcommand takes.
#[derive(Debug, Clone, Default, Args)]
pub struct CommonArgs {
    /// Configuration file to use instead of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say more on stderr; twice for everything
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What looks at pictures takes these.
#[derive(Debug, Clone, Default, Args)]
pub struct VisionArgs {
    /// Engine that runs the models: auto, ort or rten
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<String>,
    /// Pose model: lightning, thunder, or the path of one of their files
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Observations a second while something changes
    #[arg(long, value_name = "HZ", value_parser = rate)]
    pub rate: Option<f64>,
    /// Pictures a second of a folder that has no labels.json
    #[arg(long, value_name = "FPS", value_parser = rate)]
    pub fps: Option<f64>,
}

/// What opens the camera for long takes these.
#[derive(Debug, Clone, Default, Args)]
pub struct SharingArgs {
    /// How the camera is shared: yield (to whoever opens it), hold, or sample (short looks only)
    #[arg(long, value_name = "POLICY")]
    pub camera_policy: Option<String>,
    /// Seconds from one look to the next with --camera-policy sample, 10 to 300
    #[arg(long, value_name = "SECONDS", value_parser = sample)]
    pub sample_seconds: Option<Duration>,
}

/// `backstay engine`.
#[derive(Debug, Args)]
pub struct EngineCommand {
    /// What to do with the engine.
    #[command(flatten)]
    pub args: EngineArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// `backstay profile`.
#[derive(Debug, Args)]
pub struct ProfileCommand {
    /// What to do with profiles.
    #[command(flatten)]
    pub args: ProfileArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// `backstay autostart`.
#[derive(Debug, Args)]
pub struct AutostartCommand {
    /// What to do about the start with the session.
    #[command(flatten)]
    pub args: AutostartArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// `backstay feedback`.
#[derive(Debug, Args)]
pub struct FeedbackCommand {
    /// What to do with feedback.
    #[command(flatten)]
    pub args: FeedbackArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// `backstay config`.
#[derive(Debug, Args)]
pub struct ConfigCommand {
    /// What to do with the configuration.
    #[command(flatten)]
    pub args: ConfigArgs,
    /// The options every subcommand takes.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// A time between two looks that leaves a judgement possible.
fn sample(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if SAMPLE_SECONDS.contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give a number of seconds from 10 to 300".to_owned()),
    }
}

/// A rate in hertz that a camera can have.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(hz) if (0.1..=120.0).contains(&hz) => Ok(hz),
        _ => Err("give a number from 0.1 to 120".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn run_needs_no_name() {
        let cli = Cli::try_parse_from(["backstay", "--source", "sample"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.run.source.as_deref(), Some("sample"));
    }
}
