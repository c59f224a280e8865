//! The relief exercises as data: what the program brings, and what the person adds.
//!
//! [`Catalogue::own`] reads the file that is compiled in; [`Catalogue::with`] adds the person's own.
//! The domain gets names and numbers, the screens get [texts](Texts).

mod mistake;
mod raw;
mod read;

use crate::domain::exercise::{Exercise, Routine};
use crate::wording::Language;

pub use mistake::ReliefError;

/// The exercises that the program brings.
const OWN: &str = include_str!("exercises.toml");

/// Their texts in German.
const GERMAN: &str = include_str!("exercises.de.toml");

/// What the person reads of an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// Its name.
    pub title: String,
    /// What it is for, in one sentence.
    pub purpose: String,
    /// How it is done, in one or two lines.
    pub steps: Vec<String>,
    /// What to mind.
    pub cautions: Vec<String>,
    /// What is known of it, without a promise beyond.
    pub evidence: String,
    /// Where that is from; never empty.
    pub sources: Vec<String>,
}

/// An exercise with its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What the coach needs.
    pub exercise: Exercise,
    /// What the person reads.
    pub texts: Texts,
    /// Ids of exercises to do instead.
    pub alternatives: Vec<String>,
}

/// A routine with its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutineEntry {
    /// What the coach needs.
    pub routine: Routine,
    /// Its name.
    pub title: String,
    /// What it is, in one sentence.
    pub about: String,
    /// Whether the red flags are asked before it.
    pub red_flags_first: bool,
    /// Where does it hurt? Each answer with its own exercises; empty where nothing is asked.
    pub places: Vec<Place>,
}

/// An answer to "where does it hurt?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name in data.
    pub id: String,
    /// What the person reads.
    pub answer: String,
    /// The ids of its exercises.
    pub exercises: Vec<String>,
}

/// When to leave it all and see a clinician.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// What to do when one of the red flags is true.
    pub clinician: String,
    /// The red flags.
    pub red_flags: Vec<String>,
    /// When to call for help at once.
    pub emergency: String,
    /// What to mind with any exercise.
    pub cautions: Vec<String>,
    /// Where that is from.
    pub sources: Vec<String>,
}

/// All exercises and routines.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The exercises, in the order of the file.
    pub exercises: Vec<Entry>,
    /// The routines, likewise.
    pub routines: Vec<RoutineEntry>,
    /// When to leave it all.
    pub safety: Safety,
}

impl Catalogue {
    /// What the program brings, with texts in `language`.
    ///
    /// # Errors
    /// When the files that are compiled in are broken, which the tests rule out.
    pub fn own(language: Language) -> Result<Self, ReliefError> {
        let english = read::catalogue(OWN)?;
        match language {
            Language::English => Ok(english),
            Language::German => read::translate(english, GERMAN),
        }
    }

    /// With what `text`, the person's own file, adds or replaces.
    ///
    /// # Errors
    /// What is wrong in it: the exercise, the key, the line and the remedy.
    pub fn with(self, text: &str) -> Result<Self, ReliefError> {
        read::extend(self, text)
    }

    /// The exercise with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.exercises.iter().find(|entry| entry.exercise.id == id)
    }

    /// The routine with this id.
    #[must_use]
    pub fn routine(&self, id: &str) -> Option<&RoutineEntry> {
        let is_it = |entry: &&RoutineEntry| entry.routine.id == id;
        self.routines.iter().find(is_it)
    }

    /// The exercises of these ids, in their order; unknown ones are left out.
    #[must_use]
    pub fn plan(&self, ids: &[String]) -> Vec<Entry> {
        let known = |id: &String| self.get(id).cloned();
        ids.iter().filter_map(known).collect()
    }
}
