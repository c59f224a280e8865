//! Ties the domain to the world.

pub mod clock;
