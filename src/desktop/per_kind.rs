//! One value for each kind of alert.

use crate::domain::io::AlertKind;

/// All kinds of alert: each may show one bubble.
pub(super) const KINDS: [AlertKind; AlertKind::ALL.len()] = AlertKind::ALL;

/// One value for each kind of alert.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PerKind<T>([T; KINDS.len()]);

impl<T> PerKind<T> {
    /// The value for `kind`.
    pub(super) fn get(&self, kind: AlertKind) -> &T {
        &self.0[kind as usize]
    }

    /// The value for `kind`, to be changed.
    pub(super) fn get_mut(&mut self, kind: AlertKind) -> &mut T {
        &mut self.0[kind as usize]
    }
}
