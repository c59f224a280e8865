//! Finding a camera and opening it.

use std::borrow::Cow;
use std::time::Duration;

use super::by_nokhwa;
use super::mode::Mode;
use super::protocol::{Cause, Failure};
use super::{CameraInfo, Listed, Which};

#[cfg(not(target_os = "linux"))]
use super::elsewhere as system;
#[cfg(target_os = "linux")]
use super::v4l2 as system;

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

/// An opened camera.
pub(super) enum Stream {
    /// By the kernel's own interface.
    #[cfg(target_os = "linux")]
    Kernel(system::Stream),
    /// Through nokhwa.
    Nokhwa(by_nokhwa::Stream),
}

impl Stream {
    /// The mode it is in.
    pub(super) fn mode(&self) -> Mode {
        match self {
            #[cfg(target_os = "linux")]
            Self::Kernel(stream) => stream.mode,
            Self::Nokhwa(stream) => stream.mode,
        }
    }

    /// Waits, without a limit, for the next frame of `camera`, which this is.
    ///
    /// # Errors
    ///
    /// When the driver fails; the stream gives nothing more then.
    pub(super) fn next(&mut self, camera: &CameraInfo) -> Result<Taken<'_>, Failure> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Kernel(stream) => stream.next(camera),
            Self::Nokhwa(stream) => stream.next(camera),
        }
    }
}

/// Opens `camera` in the mode that suits `rate_hz` and `size` best.
///
/// # Errors
///
/// When it is in use, forbidden, gone, or offers nothing that is understood.
pub(super) fn open(camera: &CameraInfo, size: (u32, u32), rate_hz: f64) -> Result<Stream, Failure> {
    let through_nokhwa = || by_nokhwa::open(camera, size, rate_hz).map(Stream::Nokhwa);
    #[cfg(target_os = "linux")]
    {
        let direct = system::open(camera, size, rate_hz).map(Stream::Kernel);
        or_else_where_refused(direct, through_nokhwa)
    }
    #[cfg(not(target_os = "linux"))]
    through_nokhwa()
}

/// What `first` gives, or `second` where the driver refused the first for a reason of its own. When
/// both fail, the first failure is the one to tell of.
#[cfg(target_os = "linux")]
fn or_else_where_refused<T>(
    first: Result<T, Failure>,
    second: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    match first {
        Err(failure) if failure.cause == Cause::Failing => second().map_err(|_| failure),
        first => first,
    }
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

    #[cfg(target_os = "linux")]
    #[test]
    fn a_second_way_is_tried_only_where_the_driver_refused_the_first() {
        let failure = |cause, detail: &str| Failure {
            cause,
            detail: detail.to_owned(),
        };
        let refused = || Err(failure(Cause::Failing, "first"));
        assert_eq!(or_else_where_refused(refused(), || Ok(2)), Ok(2));
        let both = or_else_where_refused::<u8>(Err(failure(Cause::Failing, "first")), || {
            Err(failure(Cause::Failing, "second"))
        });
        assert_eq!(both.unwrap_err().detail, "first");
        for cause in [Cause::Busy, Cause::Denied, Cause::NoCamera] {
            let first = Err(failure(cause, "first"));
            let kept = or_else_where_refused(first, || Ok(2));
            assert_eq!(kept.unwrap_err().cause, cause);
        }
        assert_eq!(or_else_where_refused(Ok(1), || Ok(2)), Ok(1));
    }

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
