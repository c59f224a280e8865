//! The control API: how other programs, and `backstay status` and its like, reach a run.
//!
//! HTTP over a Unix socket that only its owner can open, described in `docs/api.md`. A run
//! [claims](place::claim) the socket's folder, so that there is one run at a time,
//! [posts](board::Board) what it knows, and takes [requests](request::Request); the
//! [server](server::serve) stands between, on the run's own thread but never in its way: whatever a
//! client does, it costs a bounded amount of memory and no waiting.

pub mod board;
pub mod client;
pub mod place;
pub mod request;
#[cfg(unix)]
mod routes;
#[cfg(unix)]
pub mod server;

/// The version of the API, which is the first part of every path.
pub const VERSION: u32 = 1;
