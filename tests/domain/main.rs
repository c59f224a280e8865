//! What the judgement promises, tried on many made-up days.

mod people;
mod promises;
mod scenarios;
