//! The command line, as far as the configuration needs it.

use std::path::PathBuf;
use std::process::ExitCode;

use backstay::commands::config;
use clap::Parser;

#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// Use this configuration file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Show, check or begin the configuration
    Config(config::ConfigArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let Command::Config(args) = cli.command;
    match config::run(args, cli.config.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("backstay: {error:#}");
            ExitCode::FAILURE
        }
    }
}
