//! The subcommands: each only starts things.

pub mod config;
