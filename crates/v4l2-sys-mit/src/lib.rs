//! V4L2 structures and constants for the `v4l` crate, generated ahead of time from
//! `linux/videodev2.h` (Linux 6.1), so that a build needs no libclang. It stands in for the
//! registry crate of the same name, which runs bindgen at every build; see README.md.
#![allow(missing_docs, non_camel_case_types, non_snake_case, non_upper_case_globals)]
#![allow(clippy::all)]

include!("bindings.rs");
