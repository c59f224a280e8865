//! What is wrong in a file of exercises.

/// What is wrong in a file of exercises, with the line, the exercise and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {place}{what}")]
pub struct ReliefError {
    /// The line, from 1.
    pub line: usize,
    /// `exercise "name": ` or what else it is in; may be empty.
    pub place: String,
    /// What it is, and what to write instead.
    pub what: String,
}
