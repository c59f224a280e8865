//! The camera process: opens a camera, reads every frame, and sends those that are due.
//!
//! It lives for one stream. Whatever goes wrong, it says so once and ends; the monitor starts
//! another. It ends at once when its standard input closes, as it does when the monitor dies, and
//! leaves closing the camera to the system: the libraries wait without a limit when a camera hangs,
//! and panic when one fails while it is closed.

use std::convert::Infallible;
use std::io;
use std::mem::ManuallyDrop;
use std::panic;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

#[cfg(not(target_os = "linux"))]
use super::CameraInfo;
use super::device::{self, Taken};
use super::fresh::Freshness;
use super::mode::{Coding, Mode};
use super::pace::Pacer;
use super::protocol::{self, Cause, Failure, FromWorker, ToWorker};
use super::{Which, failure, jpeg};
use crate::runtime::clock;
use crate::vision::frame::PixelFormat;

/// The exit status when there is no camera.
const NO_CAMERA: i32 = 3;

/// The exit status after any other failure.
const FAILED: i32 = 1;

/// How often the process says that the camera gives pictures while none is due.
const ALIVE_EVERY: Duration = Duration::from_secs(1);

/// How long a person may take to answer the system's question whether the camera may be used.
#[cfg(not(target_os = "linux"))]
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
    #[cfg(not(target_os = "linux"))]
    await_permission(&info)?;
    // Never dropped: see the head of this file.
    let mut stream = ManuallyDrop::new(device::open(&info, size, rate_hz)?);
    let mode = stream.mode();
    say(&FromWorker::Opened {
        fps: mode.rate.fps() as u32,
        mode: mode.to_string(),
    });
    let mut pacer = Pacer::default();
    let mut freshness = Freshness::default();
    let mut said_at = clock::elapsed_since_start();
    loop {
        let taken = stream.next(&info)?;
        let at = clock::elapsed_since_start();
        if !freshness.is_fresh(taken.taken_at, at) {
            continue;
        }
        if pacer.is_due(at, rate.get()) {
            match damage(&taken, mode) {
                Some(why) => say(&FromWorker::Damaged(why)),
                None => send(&taken.picture, mode),
            }
        } else if said_at + ALIVE_EVERY <= at {
            say(&FromWorker::Alive);
        } else {
            continue;
        }
        said_at = at;
    }
}

/// What is wrong with a frame, as far as can be seen without decoding it.
fn damage(taken: &Taken<'_>, mode: Mode) -> Option<String> {
    let got = taken.picture.len();
    if taken.is_damaged {
        Some("its driver says so".to_owned())
    } else if taken.picture.iter().all(|byte| *byte == 0) {
        // Cameras that start up or fail give empty buffers.
        Some("it is empty".to_owned())
    } else {
        let want = bytes(mode)?;
        (got < want).then(|| format!("it has {got} of {want} bytes"))
    }
}

/// Bytes of a picture in `mode`; `None` where they differ from picture to picture.
fn bytes(mode: Mode) -> Option<usize> {
    let pixels = mode.size.0 as usize * mode.size.1 as usize;
    match mode.coding {
        Coding::Mjpeg => None,
        Coding::Yuyv => Some(2 * pixels),
        Coding::Nv12 => Some(pixels + pixels / 2),
        Coding::Rgb | Coding::Bgr => Some(3 * pixels),
        Coding::Grey => Some(pixels),
    }
}

/// Waits until the person has allowed the use of the camera, where the system asks.
#[cfg(not(target_os = "linux"))]
fn await_permission(camera: &CameraInfo) -> Result<(), Failure> {
    use std::sync::mpsc::{self, RecvTimeoutError};

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

/// Sends the picture in `buffer`, which is sound and may be longer than the picture.
fn send(buffer: &[u8], mode: Mode) {
    let (width, height) = mode.size;
    let swapped;
    let first = bytes(mode).map_or(buffer, |length| &buffer[..length.min(buffer.len())]);
    let (format, size, picture) = match mode.coding {
        Coding::Mjpeg => (PixelFormat::Jpeg, (0, 0), jpeg::picture(buffer)),
        Coding::Yuyv => (PixelFormat::Yuyv, mode.size, first),
        Coding::Nv12 => (PixelFormat::Nv12, mode.size, first),
        Coding::Grey => (PixelFormat::Grey8, mode.size, first),
        Coding::Rgb => (PixelFormat::Rgb8, mode.size, first),
        Coding::Bgr => {
            swapped = red_first(first);
            (PixelFormat::Rgb8, mode.size, swapped.as_slice())
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
    use super::super::mode::Rate;
    use super::*;

    #[test]
    fn what_a_driver_hands_out_damaged_is_told_from_what_is_sound() {
        let mode = |coding| Mode {
            coding,
            size: (4, 2),
            rate: Rate::whole(30),
        };
        let told = |picture: &[u8], is_damaged, coding| {
            let taken = Taken {
                picture: picture.into(),
                is_damaged,
                taken_at: None,
            };
            damage(&taken, mode(coding))
        };
        assert_eq!(told(&[1; 16], false, Coding::Yuyv), None);
        assert_eq!(
            told(&[1; 15], false, Coding::Yuyv).as_deref(),
            Some("it has 15 of 16 bytes")
        );
        assert_eq!(told(&[1; 5], false, Coding::Mjpeg), None);
        assert_eq!(
            told(&[1; 5], true, Coding::Mjpeg).as_deref(),
            Some("its driver says so")
        );
        for empty in [&[][..], &[0; 16]] {
            let told = told(empty, false, Coding::Yuyv);
            assert_eq!(told.as_deref(), Some("it is empty"));
        }
    }

    #[test]
    fn blue_and_red_change_places() {
        assert_eq!(red_first(&[1, 2, 3, 4, 5, 6]), [3, 2, 1, 6, 5, 4]);
    }
}
