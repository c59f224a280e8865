//! How right the judgement is: labelled recordings in, error rates out.
//!
//! [Recordings](find) with [labels] → [observations](observe), made once and [kept](cache) → the
//! [outcome] of the very loop that replays use → [scores](score), counted over bouts, [seconds] and
//! [camera moves](moves) → added up in a [tally], whose figures have [intervals](bootstrap) → a
//! [report], told as a [table] or as [JSON](json).
//!
//! Beside it: [other settings](what_if), and [their choice](fit) by leaving one subject out.
//!
//! Times and spans are seconds from the recording's beginning throughout.

pub mod bootstrap;
pub mod cache;
pub mod find;
pub mod fit;
pub mod json;
pub mod labels;
pub mod moves;
pub mod observe;
pub mod outcome;
pub mod report;
pub mod score;
pub mod seconds;
pub mod table;
pub mod tally;
mod testing;
pub mod what_if;
