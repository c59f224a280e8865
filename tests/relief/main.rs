//! What the coach promises, held against people made up in three dimensions who exercise before a
//! camera, against a recorded sequence, and against files of exercises with mistakes.
//!
//! Made-up people are geometry, not human data; the recorded joints are of a rendered person. Neither
//! is an accuracy on people.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(
    dead_code,
    reason = "the made-up people are those of the tests of the judgement"
)]

#[path = "../synthetic/camera.rs"]
mod camera;
#[path = "../synthetic/noise.rs"]
mod noise;
#[path = "../synthetic/person.rs"]
mod person;
#[path = "../synthetic/posture.rs"]
mod posture;
#[path = "../synthetic/setting.rs"]
mod setting;
#[path = "../synthetic/space.rs"]
mod space;
#[path = "../synthetic/tally.rs"]
mod tally;

mod by_time;
mod files;
mod moves;
mod promises;
mod recorded;
mod session;
mod tempo;
