//! Where frames come from.

pub mod camera;
