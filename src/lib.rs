//! A posture monitor: webcam pictures in, posture judged, person told.

pub mod commands;
pub mod config;
pub mod desktop;
pub mod domain;
pub mod runtime;
pub mod vision;
