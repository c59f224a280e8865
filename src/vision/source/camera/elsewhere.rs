//! Which cameras there are on systems other than Linux, as nokhwa tells.

use nokhwa::utils::{ApiBackend, CameraIndex};

use super::device::Look;
use super::protocol::{Cause, Failure};
use super::{CameraInfo, Offer, identity, tidy};

/// All cameras, by number.
pub(super) fn devices() -> Result<Vec<CameraInfo>, Failure> {
    let found = nokhwa::query(ApiBackend::Auto).map_err(|error| Failure {
        cause: Cause::Failing,
        detail: format!("the system does not list its cameras ({error})"),
    })?;
    let mut cameras: Vec<_> = found
        .iter()
        .filter_map(|camera| {
            let CameraIndex::Index(index) = camera.index() else {
                return None;
            };
            let name = tidy(&camera.human_name());
            // macOS tells the device's unique id here, Windows its symbolic link.
            let id = match camera.misc() {
                misc if misc.is_empty() => identity::of_name(&name),
                misc => misc,
            };
            Some(CameraInfo {
                index: *index,
                name,
                id,
            })
        })
        .collect();
    cameras.sort_by_key(|camera| camera.index);
    Ok(cameras)
}

/// These systems list cameras only.
pub(super) fn look(_: &CameraInfo) -> Look {
    Look::Camera
}

/// To ask for them a camera has to be opened, which takes it from others.
pub(super) fn offers(_: &CameraInfo) -> Vec<Offer> {
    Vec::new()
}
