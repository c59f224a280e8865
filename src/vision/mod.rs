//! From pictures to observations: the only place that knows pixels.

pub mod frame;
