//! One number for how somebody sits.

use super::Monitor;
use crate::domain::io::State;

impl Monitor {
    /// How near the worst fault is to its limit: 0 upright, 1 at the limit, more beyond it. `None`
    /// while the posture is not judged: unsure, away, paused or calibrating.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let status = self.status();
        let judged = matches!(status.state, State::Good | State::AtRisk | State::Bad)
            && status.pauses.is_empty()
            && status.calibrating.is_none();
        judged.then(|| self.judge.score()).flatten()
    }
}
