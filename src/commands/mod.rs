//! The subcommands: each only starts things.

pub mod camera_worker;
