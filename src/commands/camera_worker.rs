//! `backstay camera-worker`: the process that reads the camera. Started by the monitor, hidden from help.

use clap::Args;

use crate::vision::source::camera::Which;
use crate::vision::source::camera::worker::{self, Task};

/// The command line of the camera process.
#[derive(Debug, Args)]
pub struct CameraWorkerArgs {
    /// Only say which cameras there are
    #[arg(long)]
    list: bool,
    /// The number of the camera; without number, name and id, any
    #[arg(long)]
    index: Option<u32>,
    /// The name of the camera, or a part of it
    #[arg(long, conflicts_with = "index")]
    name: Option<String>,
    /// The id of the camera
    #[arg(long, conflicts_with_all = ["index", "name"])]
    id: Option<String>,
    /// The id of a camera to take when any will do; the best first
    #[arg(long)]
    prefer: Vec<String>,
    /// Frames a second to send at first
    #[arg(long, default_value_t = 3.0)]
    rate: f64,
    /// The wanted width in pixels
    #[arg(long, default_value_t = 640)]
    width: u32,
    /// The wanted height in pixels
    #[arg(long, default_value_t = 480)]
    height: u32,
}

/// Becomes the camera process, which ends with 0 when the monitor closes the pipe, 3 without a
/// camera, and 1 after any other failure.
pub fn run(args: CameraWorkerArgs) -> ! {
    worker::run(if args.list {
        Task::List
    } else {
        Task::Capture {
            which: match (args.index, args.name, args.id) {
                (Some(index), ..) => Which::Index(index),
                (None, Some(name), _) => Which::Name(name),
                (None, None, Some(id)) => Which::Id(id),
                (None, None, None) => Which::Any,
            },
            prefer: args.prefer,
            rate_hz: args.rate,
            size: (args.width, args.height),
        }
    })
}
