//! One file a subcommand; each only starts things.

pub mod calibrate;
pub mod camera_worker;
pub mod config;
pub mod doctor;
pub mod engine;
pub mod record;
pub mod replay;
pub mod run;
pub mod setup;
