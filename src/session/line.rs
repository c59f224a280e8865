//! The lines after the header: a time, a kind, and what that kind carries.
//!
//! A line is read in one pass straight into its type. For that its kind (`in` or `out`) must stand
//! before the fields of the kind: reading them before it is known what they are would mean to keep
//! them in a tree of values first, which takes several times as long.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::input::{In, InKind};
use super::number::Seconds;
use super::output::{Out, OutKind};
use crate::domain::time::WallTime;

/// One line, to be written.
#[derive(Serialize)]
pub(super) struct WrittenLine<B> {
    pub(super) t: Seconds,
    /// Milliseconds since 1970-01-01T00:00:00Z and seconds east of UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wall: Option<(i64, i32)>,
    #[serde(flatten)]
    pub(super) body: B,
}

/// One line, as it was read.
pub(super) struct ReadLine {
    pub(super) t: Seconds,
    pub(super) wall: Option<WallTime>,
    pub(super) body: Body,
}

/// What a line carries.
pub(super) enum Body {
    In(In),
    Out(Out),
}

impl<'de> Deserialize<'de> for ReadLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

/// The fields that stand before the fields of a kind.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    T,
    Wall,
    In,
    Out,
    Other(String),
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = ReadLine;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object with `t` and `in` or `out`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<ReadLine, M::Error> {
        let mut t = None;
        let mut wall = None;
        while let Some(key) = map.next_key()? {
            let body = match key {
                Key::T if t.is_some() => return Err(de::Error::duplicate_field("t")),
                Key::T => {
                    t = Some(map.next_value()?);
                    continue;
                }
                Key::Wall if wall.is_some() => return Err(de::Error::duplicate_field("wall")),
                Key::Wall => {
                    let (unix_ms, utc_offset_s) = map.next_value()?;
                    wall = Some(WallTime {
                        unix_ms,
                        utc_offset_s,
                    });
                    continue;
                }
                Key::In => {
                    let kind: InKind = map.next_value()?;
                    Body::In(kind.read(MapAccessDeserializer::new(map))?)
                }
                Key::Out => {
                    let kind: OutKind = map.next_value()?;
                    Body::Out(kind.read(MapAccessDeserializer::new(map))?)
                }
                Key::Other(name) => {
                    return Err(de::Error::custom(format_args!(
                        "`t` and `in` or `out` must stand before `{name}`"
                    )));
                }
            };
            let t = t.ok_or_else(|| de::Error::custom("`t` must stand before `in` and `out`"))?;
            return Ok(ReadLine { t, wall, body });
        }
        Err(de::Error::custom("`in` or `out` is missing"))
    }
}

/// The kinds of a line, each with the fields that follow its name: the type that is written, and
/// the names alone, which are read first and then read their fields.
macro_rules! kinds {
    ($(#[$doc:meta])* $line:ident, $kind:ident, $tag:literal {
        $($variant:ident($body:ty)),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Serialize)]
        #[serde(tag = $tag, rename_all = "snake_case")]
        pub(super) enum $line { $($variant($body)),* }

        /// The names of the kinds.
        #[derive(Clone, Copy, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $kind { $($variant),* }

        impl $kind {
            /// The fields of this kind, to the end of the line.
            pub(super) fn read<'de, D: Deserializer<'de>>(self, rest: D) -> Result<$line, D::Error> {
                match self {
                    $(Self::$variant => <$body>::deserialize(rest).map($line::$variant)),*
                }
            }
        }
    };
}
pub(super) use kinds;
