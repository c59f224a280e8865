//! From pictures to observations: the only place that knows pixels.

pub mod engine;
pub mod frame;
pub mod model;
