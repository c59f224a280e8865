//! The terminal screen of a break: a stick figure from the joints, never a picture.
//!
//! [`draw`] makes a frame of a [`View`] and of nothing else; [`Terminal`] has the real one, and its
//! [keys](Key).

mod draw;
mod figure;
mod terminal;

use crate::domain::exercise::event::CoachProgress;
use crate::domain::io::Observation;
use crate::wording::Texts;

pub use draw::draw;
pub use terminal::{MIN_SIZE, Terminal, Why};

/// What the person presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// On to the next exercise: s.
    Skip,
    /// Stop the clock, or let it go on: space.
    Pause,
    /// End the break: q, Esc or Ctrl-C.
    End,
}

/// What is on the screen.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The language of the fixed words.
    pub texts: Texts,
    /// The name of the break.
    pub routine: &'a str,
    /// How many exercises it has.
    pub exercises: usize,
    /// The exercise's name.
    pub exercise: &'a str,
    /// How much of it.
    pub dose: &'a str,
    /// How it is done, in one or two lines.
    pub steps: &'a [String],
    /// What to mind, told before it begins.
    pub cautions: &'a [String],
    /// What to do now, with the side.
    pub phase: &'a str,
    /// No camera verifies this exercise.
    pub by_time: bool,
    /// Whether a camera looks.
    pub camera: bool,
    /// What the person should know of the camera; may be empty.
    pub notice: &'a str,
    /// Where the exercise is.
    pub progress: CoachProgress,
    /// What was seen last.
    pub seen: Option<&'a Observation>,
}
