//! Sitting time that is true: whatever happens in a day, its stretches add up, and prompts come at
//! the right moment.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounting;
mod breaks;
mod day;
mod desk;
#[path = "../domain/people.rs"]
#[allow(dead_code, reason = "shared with the tests of the domain")]
mod people;
mod prompts;
