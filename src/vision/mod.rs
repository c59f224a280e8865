//! From pictures to observations: the only place that knows pixels.

pub mod frame;
pub mod source;
