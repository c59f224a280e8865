//! Cameras under Linux, by the kernel's own interface, V4L2.
//!
//! Not through nokhwa, which is the second try here and the only one elsewhere: it hides what the driver says of a picture (how long it is, and
//! that it is damaged), has no name for grey pictures and for rates that are not whole, and panics
//! over a camera whose name is not UTF-8.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use v4l::buffer::{Flags, Metadata, Type};
use v4l::fraction::Fraction;
use v4l::frameinterval::{FrameIntervalEnum, Stepwise as Rates};
use v4l::framesize::{FrameSizeEnum, Stepwise as Sizes};
use v4l::io::mmap::Stream as Mapped;
use v4l::io::traits::CaptureStream;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC};

use super::device::{Look, Taken, nothing_offered};
use super::mode::{Coding, Mode, Rate, choose};
use super::protocol::Failure;
use super::{CameraInfo, Offer, failure, identity, tidy};

/// Buffers the driver fills in turn: one is looked at, one is filled, and two are there for when
/// this process is late.
const BUFFERS: u32 = 4;

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
            let told = fs::read(sysfs.join("name")).unwrap_or_default();
            let name = tidy(&String::from_utf8_lossy(&told));
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
    let colour = |fourcc| named(fourcc).is_some_and(|coding| coding != Coding::Grey);
    match device.enum_formats() {
        Ok(formats) if formats.is_empty() => Look::NoPictures,
        Ok(formats) if formats.iter().any(|one| colour(one.fourcc)) => Look::Camera,
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

/// An opened camera: one handle, one set of buffers.
pub(super) struct Stream {
    /// The mode it is in.
    pub(super) mode: Mode,
    mapped: Mapped<'static>,
}

impl Stream {
    /// Waits, without a limit, for the next frame of `camera`, which this is.
    ///
    /// # Errors
    ///
    /// When the driver fails; the stream gives nothing more then.
    pub(super) fn next(&mut self, camera: &CameraInfo) -> Result<Taken<'_>, Failure> {
        let (buffer, told) = CaptureStream::next(&mut self.mapped)
            .map_err(|error| failure::of_system(camera, &error))?;
        let length = usize::try_from(told.bytesused).unwrap_or(usize::MAX);
        Ok(Taken {
            picture: buffer[..length.min(buffer.len())].into(),
            is_damaged: told.flags.contains(Flags::ERROR),
            taken_at: monotonic(told),
        })
    }
}

/// When the picture was taken, on a clock that goes evenly; `None` where the driver does not say.
fn monotonic(told: &Metadata) -> Option<Duration> {
    let even = told.flags & Flags::TIMESTAMP_MASK == Flags::TIMESTAMP_MONOTONIC;
    let seconds = u64::try_from(told.timestamp.sec).ok().filter(|_| even)?;
    let micros = u64::try_from(told.timestamp.usec).ok()?;
    Some(Duration::from_secs(seconds) + Duration::from_micros(micros))
}

/// Opens `camera` in the mode that suits `rate_hz` and `size` best. Its stream starts with the first
/// [`Stream::next`].
pub(super) fn open(camera: &CameraInfo, size: (u32, u32), rate_hz: f64) -> Result<Stream, Failure> {
    let explain = |error: io::Error| failure::of_system(camera, &error);
    let device = Device::new(camera.index as usize).map_err(explain)?;
    let formats = device.enum_formats().map_err(explain)?;
    let codes: Vec<_> = formats.iter().map(|one| one.fourcc).collect();
    let offered = offered(&device, &codes, size).map_err(explain)?;
    let mode = choose(&offered, size, rate_hz).ok_or_else(|| {
        let names: Vec<_> = codes.iter().map(|code| tidy(&code.to_string())).collect();
        nothing_offered(camera, &names)
    })?;
    let mode = set(&device, mode).map_err(explain)?;
    let mapped = Mapped::with_buffers(&device, Type::VideoCapture, BUFFERS).map_err(explain)?;
    Ok(Stream { mode, mapped })
}

/// The modes of `device` among `codes` that are understood. Where any size goes, the one nearest to
/// `size`.
fn offered(device: &Device, codes: &[FourCC], size: (u32, u32)) -> io::Result<Vec<Mode>> {
    let mut modes = Vec::new();
    for (fourcc, coding) in codes.iter().filter_map(|code| Some((*code, named(*code)?))) {
        for offer in device.enum_framesizes(fourcc)? {
            let size = match offer.size {
                FrameSizeEnum::Discrete(one) => (one.width, one.height),
                FrameSizeEnum::Stepwise(steps) => nearest(&steps, size),
            };
            for offer in device.enum_frameintervals(fourcc, size.0, size.1)? {
                let rates = match offer.interval {
                    FrameIntervalEnum::Discrete(one) => rate(one).into_iter().collect(),
                    FrameIntervalEnum::Stepwise(steps) => between(&steps),
                };
                modes.extend(rates.into_iter().map(|rate| Mode { coding, size, rate }));
            }
        }
    }
    Ok(modes)
}

/// Puts `device` into `mode` unless it is in it, and returns the mode it is in afterwards: drivers
/// may adjust what they are asked for.
fn set(device: &Device, mode: Mode) -> io::Result<Mode> {
    if current(device).is_ok_and(|current| current == mode) {
        return Ok(mode);
    }
    let (width, height) = mode.size;
    device.set_format(&Format::new(width, height, code(mode.coding)))?;
    let interval = Fraction::new(mode.rate.seconds, mode.rate.frames);
    device.set_params(&Parameters::new(interval))?;
    let now = current(device)?;
    if now.rate == mode.rate {
        return Ok(now);
    }
    // A driver that has just adjusted the format can have put the rate back to its first one.
    device.set_params(&Parameters::new(interval))?;
    current(device)
}

/// The mode `device` is in.
fn current(device: &Device) -> io::Result<Mode> {
    let format = device.format()?;
    let interval = device.params()?.interval;
    let foreign = || io::Error::other(format!("its driver chose {}", format.fourcc));
    Ok(Mode {
        coding: named(format.fourcc).ok_or_else(foreign)?,
        size: (format.width, format.height),
        rate: rate(interval).ok_or_else(foreign)?,
    })
}

/// The kernel's name of `coding`.
fn code(coding: Coding) -> FourCC {
    FourCC::new(match coding {
        Coding::Mjpeg => b"MJPG",
        Coding::Yuyv => b"YUYV",
        Coding::Nv12 => b"NV12",
        Coding::Rgb => b"RGB3",
        Coding::Bgr => b"BGR3",
        Coding::Grey => b"GREY",
    })
}

fn named(fourcc: FourCC) -> Option<Coding> {
    let mut all = Coding::ALL.into_iter();
    all.find(|coding| code(*coding) == fourcc)
}

/// The rate of frames `interval` seconds apart.
fn rate(interval: Fraction) -> Option<Rate> {
    (interval.numerator != 0 && interval.denominator != 0).then_some(Rate {
        frames: interval.denominator,
        seconds: interval.numerator,
    })
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
fn between(steps: &Rates) -> Vec<Rate> {
    /// Frames a second that webcams commonly have.
    const USUAL: [u32; 5] = [5, 10, 15, 20, 30];
    let seconds =
        |interval: Fraction| f64::from(interval.numerator) / f64::from(interval.denominator.max(1));
    let (least, most) = (seconds(steps.min), seconds(steps.max));
    let fits = |rate: &u32| (least..=most).contains(&f64::from(*rate).recip());
    USUAL.into_iter().filter(fits).map(Rate::whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use v4l::timestamp::Timestamp;

    #[test]
    fn rates_that_are_not_whole_count_and_impossible_ones_do_not() {
        assert_eq!(rate(Fraction::new(1, 30)), Some(Rate::whole(30)));
        assert_eq!(rate(Fraction::new(2, 15)).unwrap().fps(), 7.5);
        assert_eq!(rate(Fraction::new(1, 0)), None);
        assert_eq!(rate(Fraction::new(0, 1)), None);
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
        assert_eq!(between(&steps), [10, 15, 20].map(Rate::whole));
    }

    #[test]
    fn formats_are_known_by_their_codes() {
        assert_eq!(named(FourCC::new(b"MJPG")), Some(Coding::Mjpeg));
        assert_eq!(named(FourCC::new(b"GREY")), Some(Coding::Grey));
        assert_eq!(named(FourCC::new(b"H264")), None);
    }

    #[test]
    fn only_an_even_clock_dates_a_picture() {
        let told = |flags| Metadata {
            timestamp: Timestamp::new(5, 250_000),
            flags,
            ..Metadata::default()
        };
        assert_eq!(
            monotonic(&told(Flags::TIMESTAMP_MONOTONIC | Flags::DONE)),
            Some(Duration::from_millis(5250))
        );
        assert_eq!(monotonic(&told(Flags::TIMESTAMP_COPY)), None);
        assert_eq!(monotonic(&told(Flags::TIMESTAMP_UNKNOWN)), None);
    }
}
