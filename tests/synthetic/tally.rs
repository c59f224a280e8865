//! Counts who a promise is kept to, and names those it is not.

/// Who was tried, and what was wrong with whom.
#[derive(Debug)]
pub(crate) struct Tally {
    promise: &'static str,
    tried: usize,
    broken: Vec<String>,
}

/// Names given of those a promise is broken to.
const SHOWN: usize = 24;

impl Tally {
    pub(crate) fn of(promise: &'static str) -> Self {
        Self {
            promise,
            tried: 0,
            broken: Vec::new(),
        }
    }

    /// Counts one; `complaint` tells what is wrong, if anything is.
    pub(crate) fn count(&mut self, complaint: Option<String>) {
        self.tried += 1;
        self.broken.extend(complaint);
    }

    /// The part the promise was kept to, 0 to 1.
    pub(crate) fn kept(&self) -> f64 {
        1.0 - self.broken.len() as f64 / self.tried.max(1) as f64
    }

    /// Fails unless the promise was kept to this part of all at least.
    pub(crate) fn to_most(&self, least: f64) {
        println!("{self}");
        assert!(self.tried > 0, "{}: nobody was tried", self.promise);
        assert!(self.kept() >= least, "kept to too few, of {least}: {self}");
    }

    /// Fails unless the promise was kept to everybody.
    pub(crate) fn to_all(&self) {
        self.to_most(1.0);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kept = self.tried - self.broken.len();
        write!(f, "{}: kept {kept} of {}", self.promise, self.tried)?;
        for broken in self.broken.iter().take(SHOWN) {
            write!(f, "\n  {broken}")?;
        }
        match self.broken.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
