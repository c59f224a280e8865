//! Finding a camera and opening it.

use std::borrow::Cow;
use std::time::Duration;

use super::protocol::{Cause, Failure};
use super::{CameraInfo, Which};

#[cfg(not(target_os = "linux"))]
use super::elsewhere as system;
#[cfg(target_os = "linux")]
use super::v4l2 as system;

pub(super) use system::open;

/// How a device that the system lists as a camera looks from near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It gives pictures in a format that is understood.
    Camera,
    /// It gives pictures, but grey ones (as infrared cameras do) or in formats that are not
    /// understood: taken only where nothing else is there, or by its number or name.
    Foreign,
    /// It gives no pictures: USB cameras have a second device for metadata, of the same name.
    NoPictures,
    /// It cannot be looked at: in use, or forbidden.
    Hidden,
}

/// A frame as the driver hands it out, on loan until the next is asked for.
pub(super) struct Taken<'a> {
    /// The picture; a JPEG may have anything behind its end.
    pub(super) picture: Cow<'a, [u8]>,
    /// The driver says that something is missing or wrong.
    pub(super) is_damaged: bool,
    /// When it was taken, on a clock of the driver's that goes evenly; `None` where it does not say.
    pub(super) taken_at: Option<Duration>,
}

/// All cameras, in the order of their numbers; devices without pictures are left out.
///
/// # Errors
///
/// When the system does not say which there are.
pub(super) fn list() -> Result<Vec<CameraInfo>, Failure> {
    let mut cameras = system::devices()?;
    cameras.retain(|camera| system::look(camera) != Look::NoPictures);
    Ok(cameras)
}

/// The camera that `which` asks for.
///
/// By name: the first camera of exactly this name, else the first whose name has it as a part,
/// whatever the case. `Any` takes the first that gives pictures in a format that is understood.
/// Only devices that come into question are opened.
///
/// # Errors
///
/// [`Cause::NoCamera`] when there is none; the text names those there are.
pub(super) fn find(which: &Which) -> Result<CameraInfo, Failure> {
    let devices = system::devices()?;
    let wanted = match which {
        Which::Any => {
            let looked: Vec<_> = devices.iter().map(|one| (system::look(one), one)).collect();
            let first = |wanted: &[Look]| {
                let found = looked.iter().find(|(look, _)| wanted.contains(look));
                found.map(|(_, camera)| *camera)
            };
            first(&[Look::Camera, Look::Hidden]).or_else(|| first(&[Look::Foreign]))
        }
        Which::Index(index) => {
            let at_index = devices.iter().find(|one| one.index == *index);
            at_index.filter(|one| system::look(one) != Look::NoPictures)
        }
        Which::Name(name) => {
            let part = name.to_lowercase();
            let exact = devices.iter().filter(|one| one.name == *name);
            let partly = devices
                .iter()
                .filter(|one| one.name.to_lowercase().contains(&part));
            let mut candidates = exact.chain(partly);
            candidates.find(|one| system::look(one) != Look::NoPictures)
        }
    };
    wanted.cloned().ok_or_else(|| Failure {
        cause: Cause::NoCamera,
        detail: missing(which, &list().unwrap_or_default()),
    })
}

/// Says that `which` is not among `cameras`, and what to do.
fn missing(which: &Which, cameras: &[CameraInfo]) -> String {
    if cameras.is_empty() {
        return "no camera was found; plug one in; to see the program work without one: \
                \"backstay run --source sample\""
            .to_owned();
    }
    let wanted = match which {
        Which::Any => "no camera can be used".to_owned(),
        Which::Index(index) => format!("there is no camera {index}"),
        Which::Name(name) => format!("there is no camera called \"{name}\""),
    };
    let names: Vec<_> = cameras
        .iter()
        .map(|camera| format!("{} \"{}\"", camera.index, camera.name))
        .collect();
    let names = names.join(", ");
    format!("{wanted}; choose one of these with --source camera:N: {names}")
}

/// The failure of `camera`, which offers pictures in these formats only.
pub(super) fn nothing_offered(camera: &CameraInfo, formats: &[String]) -> Failure {
    Failure {
        cause: Cause::Failing,
        detail: format!(
            "{camera} gives no pictures in a format that is understood (only: {}); choose another \
             camera with --source camera:N",
            formats.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_camera_is_told_with_those_there_are() {
        let cameras = [CameraInfo {
            index: 2,
            name: "Cam".to_owned(),
        }];
        assert_eq!(
            missing(&Which::Name("Other".to_owned()), &cameras),
            "there is no camera called \"Other\"; choose one of these with --source camera:N: \
             2 \"Cam\""
        );
        assert!(missing(&Which::Index(7), &[]).starts_with("no camera was found"));
    }
}
