//! One file a subcommand; each only starts things.

pub mod engine;
