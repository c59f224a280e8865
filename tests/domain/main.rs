//! What the judgement promises, tried on many made-up days.

mod calibrating;
mod pauses;
mod people;
mod profiles;
mod promises;
mod sampling;
mod scenarios;
