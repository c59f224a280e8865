//! From pictures to observations: the only place that knows pixels.

pub mod background;
pub mod detector;
pub mod draw;
pub mod engine;
pub mod frame;
pub mod letterbox;
pub mod model;
pub mod movenet;
pub mod observer;
pub mod people;
pub mod picture;
pub mod source;
