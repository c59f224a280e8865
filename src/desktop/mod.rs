//! The desktop: what the person is shown.
//!
//! [`text`] is the one place with the wording of alerts; [`notifier`] brings them to the person,
//! as bubbles of the desktop's notification daemon or as lines on stderr.

mod book;
mod bus;
mod daemon;
mod lines;
mod per_kind;

pub mod check;
pub mod notifier;
pub mod text;

pub use notifier::Notifier;
