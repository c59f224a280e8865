//! What the judgement promises, held against people made up in three dimensions.
//!
//! A [person](person) takes a [posture](posture) by bending joints, a [camera] sees the body
//! through a pinhole, and [noise] is added as a pose model adds it. What comes out drives the
//! monitor, which is known by its public face only. Geometry, not human data: it finds what cannot
//! work and what got worse, and says nothing about how often people are judged rightly.
//!
//! Where a promise is kept to most only, the part that is demanded stands with its reason;
//! `cargo test --test synthetic -- --nocapture` tells who is judged wrongly, and by how much. The
//! table of true and measured ways is printed by `table::`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod camera;
mod complaint;
mod noise;
mod person;
mod posture;
mod scenes;
mod setting;
mod sight;
mod space;
mod tally;

mod disturbed;
mod faults;
mod harmless;
mod lasting;
mod same;
mod sound;
mod table;
mod told;
mod upright;
