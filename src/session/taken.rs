//! A break that is over, as it is written.

use serde::{Deserialize, Serialize};

use super::number::Seconds;
use super::words::BreakWord;
use crate::domain::breaks::TakenBreak;

/// A break of the person's; the numbers of exercises are absent for none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TakenFields {
    kind: BreakWord,
    lasted: Seconds,
    #[serde(default, skip_serializing_if = "is_none")]
    planned: u32,
    #[serde(default, skip_serializing_if = "is_none")]
    done: u32,
    #[serde(default, skip_serializing_if = "is_none")]
    verified: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    walked: Option<Seconds>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn is_none(number: &u32) -> bool {
    *number == 0
}

impl From<TakenBreak> for TakenFields {
    fn from(taken: TakenBreak) -> Self {
        Self {
            kind: taken.kind.into(),
            lasted: Seconds(taken.lasted),
            planned: taken.planned,
            done: taken.done,
            verified: taken.verified,
            walked: (!taken.walked.is_zero()).then_some(Seconds(taken.walked)),
        }
    }
}

impl From<TakenFields> for TakenBreak {
    fn from(fields: TakenFields) -> Self {
        Self {
            kind: fields.kind.into(),
            lasted: fields.lasted.0,
            planned: fields.planned,
            done: fields.done,
            verified: fields.verified,
            walked: fields.walked.map(|span| span.0).unwrap_or_default(),
        }
    }
}
