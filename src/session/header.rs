//! The first line of a session: what made it, and what the judgement started from.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::VERSION;
use super::baseline::BaselineRecord;
use super::number::Exactly;
use super::profile::{NamedProfile, NamedRecord};
use crate::domain::baseline::Baseline;
use crate::domain::time::WallTime;

/// What stands in the first line of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Version of the program that recorded it.
    pub program: String,
    /// The pose model that gave the joints.
    pub model: Model,
    /// The engine that ran the model: `ort` or `rten`.
    pub engine: String,
    /// Size of the source pictures in pixels: width, height. An observation of another size says
    /// its own.
    pub frame: (u32, u32),
    /// The wall clock when the source began; all times count from here.
    pub started: WallTime,
    /// The settings the judgement ran with, by name.
    pub settings: Map<String, Value>,
    /// The person's own upright at the start, when there was one.
    pub baseline: Option<Baseline>,
    /// The profiles that the run could choose from.
    pub profiles: Vec<NamedProfile>,
}

/// A pose model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name in the manifest, or the file's name.
    pub name: String,
    /// The SHA-256 of its file, 64 hexadecimal digits in small letters.
    pub sha256: String,
}

/// As much of a first line as tells whether the rest can be read.
#[derive(Deserialize)]
pub(super) struct Mark {
    /// The version of the format.
    pub(super) backstay_session: u32,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderLine {
    backstay_session: u32,
    program: String,
    model: Model,
    engine: String,
    frame: Exactly<u32, 2>,
    started: Started,
    settings: Map<String, Value>,
    baseline: Option<BaselineRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<NamedRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Started {
    unix_ms: i64,
    utc_offset_s: i32,
}

impl From<&Header> for HeaderLine {
    fn from(header: &Header) -> Self {
        Self {
            backstay_session: VERSION,
            program: header.program.clone(),
            model: header.model.clone(),
            engine: header.engine.clone(),
            frame: Exactly(header.frame.into()),
            started: Started {
                unix_ms: header.started.unix_ms,
                utc_offset_s: header.started.utc_offset_s,
            },
            settings: header.settings.clone(),
            baseline: header.baseline.map(BaselineRecord::from),
            profiles: header.profiles.iter().map(Into::into).collect(),
        }
    }
}

impl From<HeaderLine> for Header {
    fn from(line: HeaderLine) -> Self {
        Self {
            program: line.program,
            model: line.model,
            engine: line.engine,
            frame: line.frame.0.into(),
            started: WallTime {
                unix_ms: line.started.unix_ms,
                utc_offset_s: line.started.utc_offset_s,
            },
            settings: line.settings,
            baseline: line.baseline.map(Baseline::from),
            profiles: line.profiles.into_iter().map(Into::into).collect(),
        }
    }
}
