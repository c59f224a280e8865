//! Ties the domain to the world: where inputs come from, and where effects go.
//!
//! Live runs and replays share one loop, [`drive()`]; only the [`Inputs`](inputs::Inputs) and the
//! [`Outputs`](outputs::Outputs) differ.

pub mod clock;
pub mod coaching;
pub mod drive;
pub mod events;
pub mod feedback;
pub mod history;
pub mod inputs;
pub mod keep;
pub mod live;
pub mod log_file;
pub mod meter;
pub mod observed;
pub mod outputs;
pub mod profiles;
pub mod progress;
pub mod rate;
pub mod replay;
pub mod sketch;
pub mod standing;
pub mod status_line;
pub mod stdio;
pub mod summary;
pub mod tape;
pub mod watch;
mod words;

pub use drive::drive;
