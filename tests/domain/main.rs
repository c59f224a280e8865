//! What the judgement promises, tried on many made-up days.

mod calibrating;
mod people;
mod profiles;
mod promises;
mod sampling;
mod scenarios;
