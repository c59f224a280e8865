//! Relief exercises that the camera counts and times.
//!
//! An [`Exercise`] is data: a [dose](Dose) and, where the camera can verify it, a [rule](Rule) over
//! [signals](signal::Signal) against a [neutral](neutral::Neutral) of two seconds. The
//! [coach](coach::Coach) leads through a plan of them, in the style of the monitor: observations and
//! commands in, events out. The [choice] says which exercises a day asks for, and why. Texts
//! are elsewhere: the domain knows names only.

pub mod choice;
pub mod coach;
mod count;
pub mod event;
mod eyes;
pub mod neutral;
pub mod outcome;
mod rule;
pub mod signal;
mod trace;
mod work;

pub use rule::{Bound, Condition, Dose, Exercise, Hint, Rhythm, Routine, Rule, Side, Verifiable};
