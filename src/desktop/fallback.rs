//! What is told on stderr while the desktop shows nothing.

use super::lines::Lines;
use super::per_kind::{KINDS, PerKind};
use super::wanted::{Wanted, Wish};
use crate::wording::Texts;

/// Writes each wish once, its end once, and one warning until something works again.
#[derive(Debug)]
pub(super) struct Fallback {
    lines: Lines,
    /// The serial of the last wish that was written.
    written: PerKind<u64>,
    /// A warning was given, and nothing has worked since.
    warned: bool,
}

impl Fallback {
    /// In the language of `texts`; all is well yet.
    pub(super) fn new(texts: Texts) -> Self {
        Self {
            lines: Lines::new(texts),
            written: PerKind::default(),
            warned: false,
        }
    }

    /// Warns that nothing is shown, because of `trouble`.
    pub(super) fn warn(&mut self, trouble: &str) {
        if !self.warned {
            self.warned = true;
            tracing::warn!(
                "cannot show notifications on the desktop: {trouble}; \
                 alerts are written to stderr until it works again"
            );
        }
    }

    /// The desktop works: the next trouble is worth a warning again.
    pub(super) fn works(&mut self) {
        self.warned = false;
    }

    /// Writes `wish`, unless it was written.
    pub(super) fn write(&mut self, wish: &Wish) {
        let written = self.written.get_mut(wish.alert.kind);
        if *written != wish.serial {
            *written = wish.serial;
            self.lines.alert(&wish.alert);
        }
    }

    /// Writes that alerts are over that were written and are no longer wanted.
    pub(super) fn write_ends(&mut self, wanted: &Wanted) {
        for kind in KINDS {
            if wanted.get(kind).is_none()
                && let Some(bout) = self.lines.bout(kind)
            {
                self.lines.clear(kind, bout);
            }
        }
    }
}
