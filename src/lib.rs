//! A posture monitor: webcam pictures in, posture judged, person told.

pub mod desktop;
pub mod domain;
pub mod runtime;
pub mod vision;
