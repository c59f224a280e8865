//! Stepping aside for other programs: the camera source's part of it.

use std::time::Duration;

use super::guard::{self, Guard};
use super::holders::Holder;
use super::yielding::Change;
use super::{CameraEvent, CameraInfo, CameraSource, Life, Policy};
use crate::domain::io::CameraStatus;

/// How often a running source looks at what its guard has seen: a tenth of the second within which
/// the camera is to be released.
const GLANCE: Duration = Duration::from_millis(100);

/// How often it does while others have the camera. Nobody waits for it then.
const GLANCE_GIVEN: Duration = Duration::from_secs(1);

/// A watch over the camera's node, as far as there is one.
pub(super) enum Watching {
    /// Not begun.
    NotYet,
    /// The node cannot be watched, or nobody wants it watched.
    Not,
    /// It is watched.
    By(Guard),
}

impl CameraSource {
    /// Begins to watch the node of the camera whose stream has begun, unless that was done.
    pub(super) fn guard_stream(&mut self) {
        if !matches!(self.watching, Watching::NotYet) {
            return;
        }
        let camera = self
            .info
            .as_ref()
            .filter(|_| self.options.policy != Policy::Hold);
        self.watching = watch(camera);
        self.yielding.begin();
    }

    /// Begins to watch the node of a busy camera, to hear when it is free. The camera process must
    /// have ended: it opens and closes the node too.
    pub(super) fn guard_busy(&mut self) {
        self.watching = watch(self.info.as_ref());
    }

    /// Whether somebody has closed the busy camera, and nobody is seen to use it any more.
    pub(super) fn is_freed(&self) -> bool {
        let Watching::By(guard) = &self.watching else {
            return false;
        };
        let seen = guard.take();
        seen.iter()
            .any(|seen| seen.closed && seen.holders.users.is_empty())
    }

    /// What to do by what the guard has seen.
    pub(super) fn manners(&mut self, now: Duration) -> Option<Change> {
        if let Watching::By(guard) = &self.watching {
            for sighting in guard.take() {
                tracing::debug!("{sighting:?}");
                self.yielding.see(&sighting);
            }
        }
        self.yielding.step(now)
    }

    /// Releases the camera for another program.
    pub(super) fn give(&mut self, now: Duration, to: Option<&Holder>) {
        // Ends the process, which always frees the camera. The guard stays and tells when to go on.
        self.life = Life::Given;
        self.events
            .retain(|event| matches!(event, CameraEvent::Report(_)));
        let detail = match to {
            Some(holder) => format!("camera given to {holder}"),
            None => "camera given to another program".to_owned(),
        };
        if self.recovery.given(now) {
            self.report(CameraStatus::Yielded, detail);
        }
    }

    /// When to look at the guard again, at the latest.
    pub(super) fn next_glance(&self, now: Duration) -> Option<Duration> {
        let Watching::By(_) = &self.watching else {
            return None;
        };
        match &self.life {
            Life::Running { .. } => Some(now + GLANCE),
            Life::Given | Life::Waiting(_) => Some(now + GLANCE_GIVEN),
            Life::GivenUp => None,
        }
    }
}

/// Puts into `detail`, which says that `camera` is busy, by whom, if that can be told.
pub(super) fn name_holder(detail: String, camera: Option<&CameraInfo>) -> String {
    let holders = camera.map(guard::holders).unwrap_or_default();
    match holders.first() {
        Some(holder) => detail.replacen(super::failure::IN_USE, &format!("held by {holder}"), 1),
        None => detail,
    }
}

fn watch(camera: Option<&CameraInfo>) -> Watching {
    camera
        .and_then(Guard::of)
        .map_or(Watching::Not, Watching::By)
}
