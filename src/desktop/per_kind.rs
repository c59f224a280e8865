//! One value for each kind of alert.

use crate::domain::io::AlertKind;

/// All kinds of alert: each may show one bubble.
pub(super) const KINDS: [AlertKind; 2] = [AlertKind::Posture, AlertKind::Sitting];

/// One value for each kind of alert.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PerKind<T> {
    posture: T,
    sitting: T,
}

impl<T> PerKind<T> {
    /// The value for `kind`.
    pub(super) fn get(&self, kind: AlertKind) -> &T {
        match kind {
            AlertKind::Posture => &self.posture,
            AlertKind::Sitting => &self.sitting,
        }
    }

    /// The value for `kind`, to be changed.
    pub(super) fn get_mut(&mut self, kind: AlertKind) -> &mut T {
        match kind {
            AlertKind::Posture => &mut self.posture,
            AlertKind::Sitting => &mut self.sitting,
        }
    }
}
