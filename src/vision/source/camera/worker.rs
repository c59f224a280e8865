//! The camera process: opens a camera, reads every frame, and sends those that are due.
//!
//! It lives for one stream. Whatever goes wrong, it says so once and ends; the monitor starts
//! another. It ends at once when its standard input closes, as it does when the monitor dies, and
//! leaves closing the camera to the system: nokhwa waits without a limit when a camera hangs, and
//! panics when one fails while it is closed.

use std::convert::Infallible;
use std::io;
use std::mem::ManuallyDrop;
use std::panic;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use nokhwa::utils::FrameFormat;

use super::pace::Pacer;
use super::protocol::{self, Cause, Failure, FromWorker, ToWorker};
use super::{CameraInfo, Which, device, failure, jpeg};
use crate::runtime::clock;
use crate::vision::frame::PixelFormat;

/// The exit status when there is no camera.
const NO_CAMERA: i32 = 3;

/// The exit status after any other failure.
const FAILED: i32 = 1;

/// How often the process says that the camera gives pictures while none is due.
const ALIVE_EVERY: Duration = Duration::from_secs(1);

/// How long a person may take to answer the system's question whether the camera may be used.
const PERMISSION_WITHIN: Duration = Duration::from_secs(60);

/// What a camera process is started for.
#[derive(Clone, Debug)]
pub enum Task {
    /// Say which cameras there are.
    List,
    /// Send frames.
    Capture {
        /// The camera.
        which: Which,
        /// Ids of cameras, the best first, for [`Which::Any`].
        prefer: Vec<String>,
        /// Frames a second to send at first; at zero the camera is looked for and not opened.
        rate_hz: f64,
        /// The wanted width and height in pixels.
        size: (u32, u32),
    },
}

/// Does `task`, talking to the monitor over standard input and output, and ends the process.
pub fn run(task: Task) -> ! {
    panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("no message");
        end(failure::of_panic(message));
    }));
    if protocol::write_magic(&mut io::stdout().lock()).is_err() {
        process::exit(FAILED);
    }
    let rate = Arc::new(Rate::default());
    let shared = Arc::clone(&rate);
    // In a thread of its own, so that this one can end the process while a camera hangs.
    thread::spawn(move || {
        match task {
            Task::List => match device::list() {
                Ok(cameras) => {
                    say(&FromWorker::Cameras(cameras));
                    process::exit(0);
                }
                Err(failure) => end(failure),
            },
            Task::Capture {
                which,
                prefer,
                rate_hz,
                size,
            } => {
                shared.set(rate_hz);
                let Err(failure) = capture(&which, &prefer, size, rate_hz, &shared);
                end(failure);
            }
        };
    });
    let mut input = io::stdin().lock();
    while let Ok(Some(ToWorker::Rate(hz))) = ToWorker::read(&mut input) {
        rate.set(hz);
    }
    process::exit(0)
}

/// The wanted frames a second.
#[derive(Default)]
struct Rate(AtomicU64);

impl Rate {
    fn set(&self, hz: f64) {
        self.0.store(hz.to_bits(), Ordering::Relaxed);
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// Sends a message; ends the process when nobody reads it any more.
fn say(message: &FromWorker) {
    if message.write(&mut io::stdout().lock()).is_err() {
        process::exit(FAILED);
    }
}

/// Says why, and ends the process.
fn end(failure: Failure) -> ! {
    let status = match failure.cause {
        Cause::NoCamera => NO_CAMERA,
        Cause::Busy | Cause::Denied | Cause::Failing => FAILED,
    };
    say(&FromWorker::Failed(failure));
    process::exit(status)
}

/// Opens the camera and sends its frames until something fails.
fn capture(
    which: &Which,
    prefer: &[String],
    size: (u32, u32),
    rate_hz: f64,
    rate: &Rate,
) -> Result<Infallible, Failure> {
    let (info, among) = device::find(which, prefer)?;
    say(&FromWorker::Found {
        camera: info.clone(),
        among,
    });
    if !super::is_on(rate_hz) {
        process::exit(0);
    }
    await_permission(&info)?;
    // Never dropped: see the head of this file.
    let mut camera = ManuallyDrop::new(device::open(&info, size, rate_hz)?);
    let mode = camera.camera_format();
    say(&FromWorker::Opened {
        fps: mode.frame_rate(),
        mode: mode.to_string(),
    });
    let mut pacer = Pacer::default();
    let mut said_at = clock::elapsed_since_start();
    loop {
        let buffer = camera
            .frame_raw()
            .map_err(|error| failure::of_nokhwa(&info, &error))?;
        // Cameras that start up or fail give empty buffers: no pictures.
        if buffer.iter().all(|byte| *byte == 0) {
            continue;
        }
        let at = clock::elapsed_since_start();
        if pacer.is_due(at, rate.get()) {
            send(&buffer, mode.format(), (mode.width(), mode.height()));
        } else if said_at + ALIVE_EVERY <= at {
            say(&FromWorker::Alive);
        } else {
            continue;
        }
        said_at = at;
    }
}

/// Waits until the person has allowed the use of the camera, where the system asks.
fn await_permission(camera: &CameraInfo) -> Result<(), Failure> {
    let (answer, answered) = mpsc::channel();
    nokhwa::nokhwa_initialize(move |granted| {
        // Nobody listens any more when the answer comes too late.
        let _ = answer.send(granted);
    });
    let mut waited = Duration::ZERO;
    while waited < PERMISSION_WITHIN {
        match answered.recv_timeout(ALIVE_EVERY) {
            Ok(true) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => say(&FromWorker::Alive),
            Ok(false) | Err(RecvTimeoutError::Disconnected) => break,
        }
        waited += ALIVE_EVERY;
    }
    Err(Failure {
        cause: Cause::Denied,
        detail: failure::denied(camera),
    })
}

/// Sends the picture in `buffer`, which may be longer than the picture.
fn send(buffer: &[u8], format: FrameFormat, (width, height): (u32, u32)) {
    let pixels = width as usize * height as usize;
    let first = |bytes: usize| &buffer[..bytes.min(buffer.len())];
    let swapped;
    let size = (width, height);
    let (format, size, picture) = match format {
        FrameFormat::MJPEG => (PixelFormat::Jpeg, (0, 0), jpeg::picture(buffer)),
        FrameFormat::YUYV => (PixelFormat::Yuyv, size, first(pixels * 2)),
        FrameFormat::NV12 => (PixelFormat::Nv12, size, first(pixels * 3 / 2)),
        FrameFormat::GRAY => (PixelFormat::Grey8, size, first(pixels)),
        FrameFormat::RAWRGB => (PixelFormat::Rgb8, size, first(pixels * 3)),
        FrameFormat::RAWBGR => {
            swapped = red_first(first(pixels * 3));
            (PixelFormat::Rgb8, size, swapped.as_slice())
        }
    };
    let written = protocol::write_frame(&mut io::stdout().lock(), format, size, picture);
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => end(Failure {
            cause: Cause::Failing,
            detail: format!("the camera's pictures of {width}x{height} are too large"),
        }),
        Err(_) => process::exit(FAILED),
    }
}

/// Blue, green, red as red, green, blue.
fn red_first(bgr: &[u8]) -> Vec<u8> {
    let mut rgb = bgr.to_vec();
    for pixel in rgb.chunks_exact_mut(3) {
        pixel.swap(0, 2);
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blue_and_red_change_places() {
        assert_eq!(red_first(&[1, 2, 3, 4, 5, 6]), [3, 2, 1, 6, 5, 4]);
    }
}
