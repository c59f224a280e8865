//! What should be on the desktop.

use super::per_kind::{KINDS, PerKind};
use crate::domain::io::Alert;

/// An alert that should be on the desktop.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    /// What to show.
    pub(super) alert: Alert,
    /// Grows with every alert, from 1: a repeat of the same words is still to be shown again.
    pub(super) serial: u64,
}

/// Everything that should be on the desktop.
pub(super) type Wanted = PerKind<Option<Wish>>;

impl Wanted {
    /// The wishes there are.
    pub(super) fn wishes(&self) -> impl Iterator<Item = &Wish> {
        KINDS.into_iter().filter_map(|kind| self.get(kind).as_ref())
    }
}
