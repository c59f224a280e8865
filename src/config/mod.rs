//! Where the program's files live, and what the person wants.
//!
//! The configuration has two types: [`mod@file`] is what is written, [`settings`] what is meant.
//! What is written is checked once, when it is read ([`load`]); a [`mistake`] names the line, the
//! key and the remedy.

pub mod broker;
pub mod file;
pub mod folders;
pub mod load;
pub mod mistake;
pub mod settings;
pub mod show;

mod meaning;
mod shape;

pub use shape::nearest;

/// The default configuration: every key with its default and its meaning. What
/// `backstay config init` writes, and where the known keys are read from.
pub const DEFAULT: &str = include_str!("default.toml");
