//! The program `backstay`.

use std::process::ExitCode;

use backstay::cli::{Cli, Command};
use backstay::commands;
use backstay::runtime::stdio::tell_line;
use clap::Parser;

/// Inference takes and gives back megabytes several times a second. The system's allocator hands
/// them back to the system each time, which costs a tenth of the processor time in page faults.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stay = match &cli.command {
        Some(Command::Break(args)) => args.stay(),
        _ => None,
    };
    let done = match cli.command {
        None => commands::run::run(&cli.run),
        Some(Command::Run(args)) => commands::run::run(&args),
        Some(Command::Calibrate(args)) => commands::calibrate::run(&args),
        Some(Command::Record(args)) => commands::record::run(&args),
        Some(Command::Replay(args)) => commands::replay::run(&args),
        Some(Command::Evaluate(args)) => commands::evaluate::run(&args),
        Some(Command::Doctor(args)) => commands::doctor::run(&args),
        Some(Command::Camera(args)) => commands::camera::run(&args),
        Some(Command::Engine(command)) => commands::engine::run(command.args),
        Some(Command::Profile(command)) => commands::profile::run(&command.args),
        Some(Command::Autostart(command)) => {
            commands::autostart::run(&command.args, command.common.verbose)
        }
        Some(Command::Config(command)) => {
            commands::config::run(command.args, command.common.config.as_deref())
        }
        Some(Command::Status(args)) => commands::control::status(&args),
        Some(Command::Pause(args)) => commands::control::pause(&args),
        Some(Command::Break(args)) => commands::break_::run(&args),
        Some(Command::Report(args)) => commands::report::run(&args),
        Some(Command::Resume) => commands::control::resume(),
        Some(Command::Snooze(args)) => commands::control::snooze(&args),
        Some(Command::Feedback(command)) => commands::feedback::run(&command.args),
        Some(Command::Recalibrate(args)) => commands::control::recalibrate(&args),
        Some(Command::Stop) => commands::control::stop(),
        Some(Command::Log(args)) => commands::control::log(&args),
        Some(Command::CameraWorker(args)) => commands::camera_worker::run(args),
    };
    let status = match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell_line(&format!("backstay: {error:#}"));
            ExitCode::from(commands::exit_status(&error))
        }
    };
    if let Some(stay) = stay {
        stay.wait();
    }
    status
}
