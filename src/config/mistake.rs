//! What is wrong in a configuration, told with line, key and remedy.

use std::fmt;
use std::ops::Range;

/// A mistake in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is, as a range of bytes of the text; `None` where no one place is to blame.
    pub span: Option<Range<usize>>,
    /// What it is.
    pub what: What,
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not TOML: the parser's words.
    Syntax(String),
    /// A section that we do not know.
    UnknownSection {
        /// Its name.
        section: String,
        /// What to write instead.
        remedy: String,
    },
    /// A key that we do not know.
    UnknownKey {
        /// Its name, with its section.
        key: String,
        /// What to write instead.
        remedy: String,
    },
    /// A value of another type: text in place of a number.
    Type {
        /// The key, with its section.
        key: String,
        /// What it must be.
        allowed: String,
    },
    /// A value that is not among the allowed ones.
    Value {
        /// The key, with its section.
        key: &'static str,
        /// The value as we read it.
        value: String,
        /// What is allowed.
        allowed: String,
    },
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(words) => write!(f, "not valid TOML: {words}"),
            Self::UnknownSection { section, remedy } => {
                write!(f, "unknown section \"{section}\"; {remedy}")
            }
            Self::UnknownKey { key, remedy } => write!(f, "unknown key \"{key}\"; {remedy}"),
            Self::Type { key, allowed } => write!(f, "\"{key}\" must be {allowed}"),
            Self::Value {
                key,
                value,
                allowed,
            } => write!(f, "\"{key}\" is {value}; it must be {allowed}"),
        }
    }
}

impl Mistake {
    /// The text for a person, with the line in `source`, from 1.
    #[must_use]
    pub fn describe(&self, source: &str) -> String {
        match &self.span {
            Some(span) => {
                let before = source.get(..span.start).unwrap_or(source);
                let line = before.matches('\n').count() + 1;
                format!("line {line}: {}", self.what)
            }
            None => self.what.to_string(),
        }
    }
}
