//! Which of the signals this system tells, for `backstay doctor`.

use crate::domain::time::WallTime;

/// A source of signals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What is told, in a word or two.
    pub name: &'static str,
    /// Who tells it, or what is in the way.
    pub found: Result<String, Hindrance>,
}

/// Why something is not told, or told wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hindrance {
    /// What was found instead.
    pub why: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// All sources; `wall` reads the clock. Blocks for three seconds at most.
#[must_use]
pub fn check(wall: fn() -> WallTime) -> Vec<Source> {
    #[cfg(all(unix, not(target_os = "macos")))]
    return super::asking::check(wall);
    #[cfg(any(not(unix), target_os = "macos"))]
    {
        let _ = wall;
        vec![Source {
            name: "lock, sleep, battery, calls",
            found: Err(Hindrance {
                why: "not heard on this system".to_owned(),
                remedy: "end backstay, or close the lid, when you leave",
            }),
        }]
    }
}
