//! The desktop: what the person is shown, and what it tells.
//!
//! [`text`] is the one place with the wording of alerts; [`notifier`] brings them to the person,
//! as bubbles through notify-rust or as lines on stderr, and [`aloud`] with a tone or a command.
//! [`signals`] hears of lock, sleep, battery and the like. [`autostart`] has the session start the
//! program, and [`service`] tells the service manager that it lives; [`tray`] shows
//! in the panel how things stand.

#[cfg(any(not(unix), target_os = "macos"))]
mod centre;
#[cfg(all(unix, not(target_os = "macos")))]
mod daemon;
mod fallback;
mod lines;
mod per_kind;
mod wanted;

pub mod aloud;
pub mod autostart;
pub mod check;
pub mod notice;
pub mod notifier;
pub mod service;
pub mod signals;
pub mod text;
pub mod tray;

pub use notifier::Notifier;
