//! A posture monitor: webcam pictures in, posture judged, person told.
//!
//! # The one idea
//!
//! Time and the world come in as values, and wishes go out as values:
//!
//! ```text
//! Monitor::handle(at: Moment, input: Input) -> Vec<Effect>      Monitor::deadline() -> Option<Moment>
//! ```
//!
//! An [`Input`] is anything that can wake the program; an [`Effect`] is anything it can want. Live
//! runs and replays share the loop [`drive`](runtime::drive()); they differ in where
//! [inputs](runtime::inputs) come from and where [effects](runtime::outputs) go. A break is alike: its
//! [loop](runtime::coaching) takes the same inputs for a coach instead of the monitor.
//!
//! # The map
//!
//! - [`domain`]: the judgement. [Pose](domain::pose) → [geometry](domain::geometry) →
//!   [measures](domain::measures) against a [baseline](domain::baseline), [smoothed](domain::filter)
//!   → [judge](domain::judge), with a [dwell](domain::dwell) for each fault →
//!   [alerts](domain::alerts); beside it [presence](domain::presence),
//!   [sitting](domain::sitting) with its [intervals](domain::intervals) and [hints](domain::hints),
//!   and [calibration](domain::calibration); all of it driven by the [monitor](domain::monitor) under
//!   [settings](domain::settings). Apart from it, the [exercises](domain::exercise) that a
//!   [coach](domain::exercise::coach) counts and times, and that [today](domain::today) may choose;
//!   what [breaks](domain::breaks), [days](domain::history) and [weeks](domain::week) come to.
//! - [`vision`]: from pictures to observations. [Source](vision::source) → [frame](vision::frame) →
//!   [picture](vision::picture) → [letterbox](vision::letterbox) → [engine](vision::engine) →
//!   [joints](vision::movenet) and [presence](vision::detector), and the
//!   [background](vision::background) for how the camera has moved, put together by the
//!   [observer](vision::observer).
//! - [`session`]: recorded observations, never pixels.
//! - [`store`]: the history of days and breaks, in SQLite.
//! - [`desktop`]: what the person is shown, the [window](desktop::break_window) of a break, the
//!   [signals](desktop::signals) of the system, how the [session starts](desktop::autostart) the
//!   program, and what the [service manager](desktop::service) hears of it.
//! - [`control`]: what other programs, and `backstay status` and its like, ask of a run.
//! - [`mqtt`]: what a broker and Home Assistant are told, and what they may ask, where the person
//!   wants that.
//! - [`web`]: what is served to this machine alone: numbers for Prometheus.
//! - [`config`]: what the person wants.
//! - [`relief`]: the relief exercises and routines as data, with their texts.
//! - [`screen`]: the terminal screen of a break.
//! - [`runtime`]: ties the domain to the world; the only reader of the [clock](runtime::clock).
//! - [`evaluation`]: how right the judgement is, from labelled recordings.
//! - [`wording`]: the catalogue of what a person reads, in each language; used by all but the domain.
//! - [`serving`]: what the servers of `control` and `web` have alike.
//! - [`private`]: files and folders for their owner alone, used by all.
//! - [`commands`] and [`cli`]: one file a subcommand; they only start things.
//!
//! # What is absent
//!
//! - The domain reads no clock, does no input or output, cannot fail, and knows no async, no serde
//!   and no pixels. The same inputs at the same moments give the same effects.
//! - Pixels do not leave `vision`: a [`Frame`](vision::frame::Frame) is neither `Clone` nor
//!   serialisable, and pictures are written only for `record --frames` and `replay --draw`.
//! - The adapters (`vision`, `session`, `store`, `desktop`, `control`, `mqtt`, `web`, `config`,
//!   `relief`, `screen`) know the domain and never each other.
//! - Nothing uses the network but `backstay engine install` and, where the configuration names a
//!   broker, `mqtt`; `web` listens on this machine's loopback, where the configuration names a port.
//! - The camera is never opened in this process: a [worker](vision::source::camera) holds it, so
//!   that a hanging or crashing driver costs a restart and not the program.
//!
//! [`Input`]: domain::io::Input
//! [`Effect`]: domain::io::Effect

pub mod cli;
pub mod commands;
pub mod config;
pub mod control;
pub mod desktop;
pub mod domain;
pub mod evaluation;
pub mod mqtt;
pub mod private;
pub mod relief;
pub mod runtime;
pub mod screen;
pub mod serving;
pub mod session;
pub mod store;
pub mod vision;
pub mod web;
pub mod wording;
