//! The program `backstay`.

use backstay::commands::camera_worker::{self, CameraWorkerArgs};
use clap::Parser;

#[derive(Parser)]
enum Cli {
    #[command(hide = true)]
    CameraWorker(CameraWorkerArgs),
}

fn main() {
    match Cli::parse() {
        Cli::CameraWorker(args) => camera_worker::run(args),
    }
}
