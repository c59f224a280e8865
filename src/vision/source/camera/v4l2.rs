//! Looking at a camera under Linux and setting its mode, without nokhwa.
//!
//! nokhwa does not open a camera that another program left in a format nokhwa has no name for, or
//! at a frame rate that is not whole; it takes 15/2 frames a second for 15 in its list of modes;
//! and it lists devices that give no pictures. So the mode is chosen and set here, and nokhwa finds
//! the camera in the mode it asks for.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use nokhwa::Camera;
use nokhwa::utils::{CameraFormat, FrameFormat};
use v4l::frameinterval::{FrameIntervalEnum, Stepwise as Rates};
use v4l::framesize::{FrameSizeEnum, Stepwise as Sizes};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC};

use super::device::{Look, nothing_offered, open_in};
use super::mode::{FORMATS, choose};
use super::protocol::Failure;
use super::{CameraInfo, Offer, failure, identity};

/// All video devices, by number; a system without any has no camera, which is no error.
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems may refuse to list their cameras"
)]
pub(super) fn devices() -> Result<Vec<CameraInfo>, Failure> {
    let entries = fs::read_dir("/dev").into_iter().flatten().flatten();
    let mut devices: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let index = name.to_str()?.strip_prefix("video")?.parse().ok()?;
            let sysfs = PathBuf::from(format!("/sys/class/video4linux/video{index}"));
            let told = fs::read_to_string(sysfs.join("name"));
            let name = told.unwrap_or_default().trim().to_owned();
            let id = identity::of_usb(&sysfs.join("device"));
            let id = id.unwrap_or_else(|| identity::of_name(&name));
            Some(CameraInfo { index, name, id })
        })
        .collect();
    devices.sort_by_key(|device| device.index);
    Ok(devices)
}

/// How the device looks from near; its mode stays as it is.
pub(super) fn look(camera: &CameraInfo) -> Look {
    let Ok(device) = Device::new(camera.index as usize) else {
        return Look::Hidden;
    };
    match device.enum_formats() {
        Ok(formats) if formats.is_empty() => Look::NoPictures,
        Ok(formats) if formats.iter().any(|one| named(one.fourcc).is_some()) => Look::Camera,
        Ok(_) => Look::Foreign,
        // A device for something else does not know the question.
        Err(_) => Look::NoPictures,
    }
}

/// What `camera` offers, whether it is understood or not; nothing when it cannot be asked.
pub(super) fn offers(camera: &CameraInfo) -> Vec<Offer> {
    let Ok(device) = Device::new(camera.index as usize) else {
        return Vec::new();
    };
    let formats = device.enum_formats().unwrap_or_default();
    let offer = |fourcc: FourCC| {
        let sizes = device.enum_framesizes(fourcc).unwrap_or_default();
        let mut sizes: Vec<_> = sizes.into_iter().map(|one| size_text(&one.size)).collect();
        // Some drivers name their first size twice.
        let mut told = HashSet::new();
        sizes.retain(|size| told.insert(size.clone()));
        Offer {
            format: fourcc.to_string().trim().to_owned(),
            sizes,
        }
    };
    formats.iter().map(|one| offer(one.fourcc)).collect()
}

fn size_text(size: &FrameSizeEnum) -> String {
    match size {
        FrameSizeEnum::Discrete(one) => format!("{}x{}", one.width, one.height),
        FrameSizeEnum::Stepwise(steps) => format!(
            "{}x{} to {}x{}",
            steps.min_width, steps.min_height, steps.max_width, steps.max_height
        ),
    }
}

/// Opens `camera` in the mode that suits `rate_hz` and `size` best.
pub(super) fn open(camera: &CameraInfo, size: (u32, u32), rate_hz: f64) -> Result<Camera, Failure> {
    let explain = |error: &io::Error| failure::of_system(camera, error);
    // Closed before nokhwa opens it: a handle that has set a format owns the camera.
    let mode = {
        let device = Device::new(camera.index as usize).map_err(|error| explain(&error))?;
        let offered = offered(&device, size).map_err(|error| explain(&error))?;
        let mode = choose(&offered, size, rate_hz).ok_or_else(|| nothing_offered(camera))?;
        set(&device, mode).map_err(|error| explain(&error))?
    };
    open_in(camera, Some(mode))
}

/// The modes of `device` that nokhwa can open. Where any size goes, the one nearest to `size`.
fn offered(device: &Device, size: (u32, u32)) -> io::Result<Vec<CameraFormat>> {
    let mut modes = Vec::new();
    for description in device.enum_formats()? {
        let fourcc = description.fourcc;
        let Some(format) = named(fourcc) else {
            continue;
        };
        for offer in device.enum_framesizes(fourcc)? {
            let (width, height) = match offer.size {
                FrameSizeEnum::Discrete(one) => (one.width, one.height),
                FrameSizeEnum::Stepwise(steps) => nearest(&steps, size),
            };
            for offer in device.enum_frameintervals(fourcc, width, height)? {
                let rates = match offer.interval {
                    FrameIntervalEnum::Discrete(one) => {
                        whole(one.numerator, one.denominator).into_iter().collect()
                    }
                    FrameIntervalEnum::Stepwise(steps) => between(&steps),
                };
                let mode = |rate| CameraFormat::new_from(width, height, format, rate);
                modes.extend(rates.into_iter().map(mode));
            }
        }
    }
    Ok(modes)
}

/// Puts `device` into `mode` unless it is in it, and returns the mode it is in afterwards: drivers
/// may adjust what they are asked for.
fn set(device: &Device, mode: CameraFormat) -> io::Result<CameraFormat> {
    if current(device).is_ok_and(|current| current == mode) {
        return Ok(mode);
    }
    let fourcc = FOURCC[FORMATS
        .iter()
        .position(|known| *known == mode.format())
        .ok_or(io::ErrorKind::Unsupported)?];
    device.set_format(&Format::new(
        mode.width(),
        mode.height(),
        FourCC::new(fourcc),
    ))?;
    device.set_params(&Parameters::with_fps(mode.frame_rate()))?;
    current(device)
}

/// The mode `device` is in.
fn current(device: &Device) -> io::Result<CameraFormat> {
    let format = device.format()?;
    let interval = device.params()?.interval;
    let foreign = || {
        let rate = format!("{}/{}", interval.denominator, interval.numerator);
        io::Error::other(format!("its driver chose {} at {rate}", format.fourcc))
    };
    let name = named(format.fourcc).ok_or_else(foreign)?;
    let rate = whole(interval.numerator, interval.denominator).ok_or_else(foreign)?;
    Ok(CameraFormat::new_from(
        format.width,
        format.height,
        name,
        rate,
    ))
}

/// The codes of [`FORMATS`] in the same order, as nokhwa spells them.
const FOURCC: [&[u8; 4]; 6] = [b"MJPG", b"YUYV", b"NV12", b"RGB3", b"BGR3", b"GRAY"];

fn named(fourcc: FourCC) -> Option<FrameFormat> {
    let at = FOURCC.iter().position(|known| **known == fourcc.repr)?;
    FORMATS.get(at).copied()
}

/// Frames a second of an interval of `numerator`/`denominator` seconds, where they are whole.
fn whole(numerator: u32, denominator: u32) -> Option<u32> {
    // nokhwa takes an interval only when its numerator is 1.
    (numerator == 1 && denominator != 0).then_some(denominator)
}

/// The size nearest to `size` among `steps`.
fn nearest(steps: &Sizes, size: (u32, u32)) -> (u32, u32) {
    let side = |wanted: u32, least: u32, most: u32, step: u32| {
        let wanted = wanted.clamp(least, most.max(least));
        wanted - (wanted - least) % step.max(1)
    };
    (
        side(size.0, steps.min_width, steps.max_width, steps.step_width),
        side(
            size.1,
            steps.min_height,
            steps.max_height,
            steps.step_height,
        ),
    )
}

/// The usual frame rates that lie within `steps`, whose least interval is the highest rate.
fn between(steps: &Rates) -> Vec<u32> {
    /// Frames a second that webcams commonly have.
    const USUAL: [u32; 5] = [5, 10, 15, 20, 30];
    let seconds = |interval: v4l::fraction::Fraction| {
        f64::from(interval.numerator) / f64::from(interval.denominator.max(1))
    };
    let (least, most) = (seconds(steps.min), seconds(steps.max));
    let fits = |rate: &u32| (least..=most).contains(&f64::from(*rate).recip());
    USUAL.into_iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use v4l::fraction::Fraction;

    #[test]
    fn only_whole_rates_count() {
        assert_eq!(whole(1, 30), Some(30));
        assert_eq!(whole(2, 15), None);
        assert_eq!(whole(1001, 30_000), None);
        assert_eq!(whole(1, 0), None);
    }

    #[test]
    fn of_free_sizes_the_nearest_step_below_is_taken() {
        let steps = |least, most, step| Sizes {
            min_width: least,
            max_width: most,
            step_width: step,
            min_height: least,
            max_height: most,
            step_height: step,
        };
        assert_eq!(nearest(&steps(16, 4096, 2), (640, 480)), (640, 480));
        assert_eq!(nearest(&steps(16, 4096, 100), (640, 480)), (616, 416));
        assert_eq!(nearest(&steps(800, 4096, 0), (640, 480)), (800, 800));
    }

    #[test]
    fn of_free_rates_the_usual_ones_are_taken() {
        let steps = Rates {
            min: Fraction::new(1, 20),
            max: Fraction::new(1, 7),
            step: Fraction::new(1, 1000),
        };
        assert_eq!(between(&steps), [10, 15, 20]);
    }

    #[test]
    fn formats_and_codes_stand_in_the_same_order() {
        assert_eq!(named(FourCC::new(b"MJPG")), Some(FrameFormat::MJPEG));
        assert_eq!(named(FourCC::new(b"NV12")), Some(FrameFormat::NV12));
        assert_eq!(named(FourCC::new(b"BGR3")), Some(FrameFormat::RAWBGR));
        assert_eq!(named(FourCC::new(b"GREY")), None);
    }
}
