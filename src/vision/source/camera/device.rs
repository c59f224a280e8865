//! Finding a camera and opening it with nokhwa.

use nokhwa::Camera;
use nokhwa::utils::{CameraFormat, CameraIndex, RequestedFormat, RequestedFormatType};

use super::mode::FORMATS;
use super::protocol::{Cause, Failure};
use super::{CameraInfo, Listed, Which, failure};

#[cfg(target_os = "linux")]
use super::v4l2 as system;

/// How a device that the system lists as a camera looks from near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It gives pictures in a format that is understood.
    Camera,
    /// It gives pictures, in other formats only (as infrared cameras do).
    Foreign,
    /// It gives no pictures: USB cameras have a second device for metadata, of the same name.
    NoPictures,
    /// It cannot be looked at: in use, or forbidden.
    Hidden,
}

/// All cameras, in the order of their numbers; devices without pictures are left out.
///
/// # Errors
///
/// When the system does not say which there are.
pub(super) fn list() -> Result<Vec<Listed>, Failure> {
    let listed = cameras()?.into_iter().map(|info| Listed {
        offers: system::offers(&info),
        info,
    });
    Ok(listed.collect())
}

fn cameras() -> Result<Vec<CameraInfo>, Failure> {
    let mut cameras = system::devices()?;
    cameras.retain(|camera| system::look(camera) != Look::NoPictures);
    Ok(cameras)
}

/// The camera that `which` asks for, and from how many it was taken: 1 where it was asked for.
///
/// By name: the first camera of exactly this name or id, else the first whose name has it as a part,
/// whatever the case. By id: of those that share it the first that gives pictures in a format that
/// is understood. `Any` takes the first of the ids `prefer` that is there, else the first camera
/// that gives such pictures. Only devices that come into question are opened.
///
/// # Errors
///
/// [`Cause::NoCamera`] when there is none; the text names those there are.
pub(super) fn find(which: &Which, prefer: &[String]) -> Result<(CameraInfo, u32), Failure> {
    let devices = system::devices()?;
    let mut among = 1;
    let wanted = match which {
        Which::Any => {
            let looked = look_at(&devices);
            among = u32::try_from(looked.len()).unwrap_or(u32::MAX);
            let preferred = prefer.iter().find_map(|id| best(&looked, Some(id)));
            preferred.or_else(|| best(&looked, None))
        }
        Which::Id(id) => {
            let alike = devices.iter().filter(|one| one.id == *id);
            best(&look_at(alike), Some(id))
        }
        Which::Index(index) => {
            let at_index = devices.iter().find(|one| one.index == *index);
            at_index.filter(|one| system::look(one) != Look::NoPictures)
        }
        Which::Name(name) => {
            let part = name.to_lowercase();
            let exact = devices
                .iter()
                .filter(|one| [&one.name, &one.id].contains(&name));
            let partly = devices
                .iter()
                .filter(|one| one.name.to_lowercase().contains(&part));
            let mut candidates = exact.chain(partly);
            candidates.find(|one| system::look(one) != Look::NoPictures)
        }
    };
    let wanted = wanted.cloned().map(|camera| (camera, among));
    wanted.ok_or_else(|| Failure {
        cause: Cause::NoCamera,
        detail: missing(which, &cameras().unwrap_or_default()),
    })
}

/// How `devices` look from near; those without pictures are left out.
fn look_at<'a>(devices: impl IntoIterator<Item = &'a CameraInfo>) -> Vec<(Look, &'a CameraInfo)> {
    let looked = devices.into_iter().map(|one| (system::look(one), one));
    looked
        .filter(|(look, _)| *look != Look::NoPictures)
        .collect()
}

/// The first of `looked`, or of those with this id, that may be understood; else the first.
fn best<'a>(looked: &[(Look, &'a CameraInfo)], id: Option<&String>) -> Option<&'a CameraInfo> {
    let first = |wanted: &[Look]| {
        let fits = |(look, camera): &&(Look, &CameraInfo)| {
            wanted.contains(look) && id.is_none_or(|id| camera.id == *id)
        };
        looked.iter().find(fits).map(|(_, camera)| *camera)
    };
    first(&[Look::Camera, Look::Hidden]).or_else(|| first(&[Look::Foreign]))
}

/// Says that `which` is not among `cameras`, and what to do.
fn missing(which: &Which, cameras: &[CameraInfo]) -> String {
    if cameras.is_empty() {
        return super::none_found().to_owned();
    }
    let wanted = match which {
        Which::Any => "no camera can be used".to_owned(),
        Which::Index(index) => format!("there is no camera {index}"),
        Which::Name(name) => format!("there is no camera called \"{name}\""),
        Which::Id(id) => format!("there is no camera with the id \"{id}\""),
    };
    let names: Vec<_> = cameras
        .iter()
        .map(|camera| format!("{} \"{}\"", camera.index, camera.name))
        .collect();
    let names = names.join(", ");
    format!("{wanted}; choose one of these with --source camera:N: {names}")
}

/// Opens `camera` in the mode that suits `rate_hz` and `size` best, and starts its stream.
///
/// # Errors
///
/// When it is in use, forbidden, gone, or offers nothing that is understood.
pub(super) fn open(camera: &CameraInfo, size: (u32, u32), rate_hz: f64) -> Result<Camera, Failure> {
    let mut opened = system::open(camera, size, rate_hz)?;
    opened
        .open_stream()
        .map_err(|error| failure::of_nokhwa(camera, &error))?;
    Ok(opened)
}

/// Opens `camera` in exactly `mode`, or, when it is `None`, in the first mode of the driver.
pub(super) fn open_in(camera: &CameraInfo, mode: Option<CameraFormat>) -> Result<Camera, Failure> {
    let wish = mode.map_or(RequestedFormatType::None, RequestedFormatType::Exact);
    let index = CameraIndex::Index(camera.index);
    let open = || Camera::new(index.clone(), RequestedFormat::with_formats(wish, &FORMATS));
    open()
        .or_else(|error| {
            // Changing the format can reset the frame rate behind nokhwa's back; it then finds a
            // rate it did not ask for. The second time the format is there and only the rate is set.
            if error.to_string().contains("Rejected") {
                open()
            } else {
                Err(error)
            }
        })
        .map_err(|error| failure::of_nokhwa(camera, &error))
}

/// The failure of a camera that offers no mode that is understood.
pub(super) fn nothing_offered(camera: &CameraInfo) -> Failure {
    Failure {
        cause: Cause::Failing,
        detail: format!(
            "{camera} gives no pictures in a known format; choose another camera with \
             --source camera:N"
        ),
    }
}

/// Systems whose cameras are reached through nokhwa alone.
#[cfg(not(target_os = "linux"))]
mod system {
    use nokhwa::Camera;
    use nokhwa::utils::{ApiBackend, CameraIndex, RequestedFormat, RequestedFormatType};

    use super::super::mode::{FORMATS, choose};
    use super::super::{CameraInfo, Offer, failure, identity};
    use super::{Failure, Look, nothing_offered, open_in};

    pub(super) fn devices() -> Result<Vec<CameraInfo>, Failure> {
        let found = nokhwa::query(ApiBackend::Auto).map_err(|error| Failure {
            cause: super::Cause::Failing,
            detail: format!("the system does not list its cameras ({error})"),
        })?;
        let mut cameras: Vec<_> = found
            .iter()
            .filter_map(|camera| {
                let CameraIndex::Index(index) = camera.index() else {
                    return None;
                };
                let name = camera.human_name();
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

    pub(super) fn open(
        camera: &CameraInfo,
        size: (u32, u32),
        rate_hz: f64,
    ) -> Result<Camera, Failure> {
        let explain = |error| failure::of_nokhwa(camera, &error);
        let mut opened = open_in(camera, None)?;
        let offered = opened.compatible_camera_formats().map_err(explain)?;
        let mode = choose(&offered, size, rate_hz).ok_or_else(|| nothing_offered(camera))?;
        let wish = RequestedFormat::with_formats(RequestedFormatType::Exact(mode), &FORMATS);
        opened.set_camera_requset(wish).map_err(explain)?;
        Ok(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_several_gives_pictures_that_are_understood() {
        let camera = |index, id: &str| CameraInfo {
            index,
            name: String::new(),
            id: id.to_owned(),
        };
        let [infrared, usual, twin] = [camera(0, "a"), camera(2, "b"), camera(4, "b")];
        let looked = [
            (Look::Foreign, &infrared),
            (Look::Camera, &usual),
            (Look::Hidden, &twin),
        ];
        let best = |id: Option<&str>| {
            let id = id.map(str::to_owned);
            super::best(&looked, id.as_ref()).map(|one| one.index)
        };
        assert_eq!(best(None), Some(2));
        assert_eq!(best(Some("b")), Some(2), "the first of alike ones");
        assert_eq!(best(Some("a")), Some(0), "asked for, though not understood");
        assert_eq!(best(Some("c")), None);
    }

    #[test]
    fn a_missing_camera_is_told_with_those_there_are() {
        let cameras = [CameraInfo {
            index: 2,
            name: "Cam".to_owned(),
            id: "name-Cam".to_owned(),
        }];
        assert_eq!(
            missing(&Which::Name("Other".to_owned()), &cameras),
            "there is no camera called \"Other\"; choose one of these with --source camera:N: \
             2 \"Cam\""
        );
        assert!(missing(&Which::Index(7), &[]).starts_with("no camera was found"));
    }
}
