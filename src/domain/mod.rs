//! The judgement: what happened comes in as values, what is wanted goes out as values.
//!
//! Nothing here reads a clock, does input or output, is async, knows a file format or a pixel
//! buffer, and nothing here can fail: a hidden shoulder is a value.

pub mod alerts;
pub mod baseline;
pub mod breaks;
pub mod calibration;
pub mod camera;
pub mod dwell;
pub mod exercise;
pub mod faults;
pub mod filter;
pub mod geometry;
pub mod hindrance;
pub mod hints;
pub mod history;
pub mod hours;
pub mod intervals;
pub mod io;
pub mod judge;
pub mod measures;
pub mod monitor;
pub mod outline;
pub mod own_slouch;
pub mod pattern;
pub mod pauses;
pub mod places;
pub mod pose;
pub mod presence;
pub mod profile;
pub mod room;
pub mod sampling;
pub mod seat;
pub mod settings;
pub mod side_view;
pub mod sitting;
pub mod stillness;
pub mod time;
pub mod today;
pub mod week;
