//! One file a subcommand; each only starts things.

pub mod autostart;
pub mod break_;
mod break_window;
pub mod calibrate;
pub mod camera;
pub mod camera_worker;
pub mod config;
pub mod control;
pub mod doctor;
pub mod engine;
pub mod evaluate;
pub mod feedback;
mod history;
pub mod last_camera;
mod network;
pub mod profile;
pub mod record;
mod reload;
pub mod replay;
pub mod report;
pub mod run;
pub mod setup;
mod tray;

use crate::vision::source::camera::CameraError;

/// The exit status that tells callers what kind of failure `error` is: 2 wrong usage, 3 no camera,
/// 4 camera lost for good, 1 anything else.
#[must_use]
pub fn exit_status(error: &anyhow::Error) -> u8 {
    if error.is::<setup::UsageError>() {
        2
    } else if matches!(error.downcast_ref(), Some(CameraError::NoCamera(_))) {
        3
    } else if error.is::<run::CameraGone>() {
        4
    } else {
        1
    }
}
