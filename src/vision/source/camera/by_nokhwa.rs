//! Cameras through nokhwa: the only way on macOS and Windows, and under Linux the second try when
//! the kernel's own interface is refused.

use nokhwa::Camera;
use nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType};

use super::device::{Taken, nothing_offered};
use super::mode::{Coding, Mode, Rate, choose};
use super::protocol::Failure;
use super::{CameraInfo, failure};

/// The codings as nokhwa names them.
const FORMATS: [FrameFormat; 6] = [
    FrameFormat::MJPEG,
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
    FrameFormat::GRAY,
];

/// An opened camera.
pub(super) struct Stream {
    /// The mode it is in.
    pub(super) mode: Mode,
    camera: Camera,
}

impl Stream {
    /// Waits, without a limit, for the next frame of `camera`, which this is.
    ///
    /// # Errors
    ///
    /// When the system fails; the stream gives nothing more then.
    pub(super) fn next(&mut self, camera: &CameraInfo) -> Result<Taken<'_>, Failure> {
        let picture = self
            .camera
            .frame_raw()
            .map_err(|error| failure::of_nokhwa(camera, &error))?;
        Ok(Taken {
            picture,
            is_damaged: false,
            taken_at: None,
        })
    }
}

/// Opens `camera` in the mode that suits `rate_hz` and `size` best, and starts its stream.
pub(super) fn open(camera: &CameraInfo, size: (u32, u32), rate_hz: f64) -> Result<Stream, Failure> {
    let explain = |error| failure::of_nokhwa(camera, &error);
    let wish = RequestedFormat::with_formats(RequestedFormatType::None, &FORMATS);
    let index = CameraIndex::Index(camera.index);
    let mut opened = Camera::new(index.clone(), wish)
        // What another program left can be refused the first time.
        .or_else(|_| Camera::new(index, wish))
        .map_err(explain)?;
    let offered = opened.compatible_camera_formats().map_err(explain)?;
    let offered: Vec<_> = offered.into_iter().filter_map(mode).collect();
    let chosen = choose(&offered, size, rate_hz).ok_or_else(|| nothing_offered(camera, &[]))?;
    let wish = RequestedFormatType::Exact(format(chosen));
    opened
        .set_camera_requset(RequestedFormat::with_formats(wish, &FORMATS))
        .map_err(explain)?;
    opened.open_stream().map_err(explain)?;
    Ok(Stream {
        mode: mode(opened.camera_format()).unwrap_or(chosen),
        camera: opened,
    })
}

fn mode(format: CameraFormat) -> Option<Mode> {
    let at = FORMATS.iter().position(|known| *known == format.format())?;
    Some(Mode {
        coding: *Coding::ALL.get(at)?,
        size: (format.width(), format.height()),
        rate: Rate::whole(format.frame_rate()),
    })
}

/// `mode`, which came from [`mode()`], as nokhwa names it.
fn format(mode: Mode) -> CameraFormat {
    let (width, height) = mode.size;
    // Whole, as it came.
    let fps = mode.rate.frames;
    CameraFormat::new_from(width, height, FORMATS[mode.coding as usize], fps)
}
