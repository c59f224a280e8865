//! What an error of the system or of nokhwa means for the person.

#[cfg(target_os = "linux")]
use std::io;

use super::CameraInfo;
use super::protocol::{Cause, Failure};

/// What the error `error` of the system means for `camera`.
#[cfg(target_os = "linux")]
pub(super) fn of_system(camera: &CameraInfo, error: &io::Error) -> Failure {
    explain(camera, error.raw_os_error(), &error.to_string())
}

/// What the error `error` of nokhwa means for `camera`: it hands the system's errors on as text.
pub(super) fn of_nokhwa(camera: &CameraInfo, error: &nokhwa::NokhwaError) -> Failure {
    explain(camera, None, &error.to_string())
}

/// The failure of a camera process that panicked with `message`.
pub(super) fn of_panic(message: &str) -> Failure {
    Failure {
        cause: Cause::Failing,
        detail: format!("the camera's library failed ({message}); it is started again"),
    }
}

/// What is said of a busy camera as long as nobody is known to hold it.
pub(super) const IN_USE: &str = "in use by another program";

fn explain(camera: &CameraInfo, code: Option<i32>, text: &str) -> Failure {
    let (cause, detail) = match code.and_then(Kind::of_code) {
        Some(Kind::Busy) => (
            Cause::Busy,
            format!(
                "{camera} is {IN_USE}; close it there, or choose another camera with --source camera:N"
            ),
        ),
        Some(Kind::Denied) => (Cause::Denied, denied(camera)),
        Some(Kind::Gone) => (
            Cause::Failing,
            format!("{camera} was unplugged; plug it in again"),
        ),
        Some(Kind::Bandwidth) => (
            Cause::Failing,
            format!(
                "{camera} gets no USB bandwidth; plug it into another port, away from other cameras"
            ),
        ),
        None => (
            Cause::Failing,
            format!("{camera} fails ({text}); unplug it and plug it in again if this lasts"),
        ),
    };
    Failure { cause, detail }
}

/// What to do when the system forbids the use of `camera`.
pub(super) fn denied(camera: &CameraInfo) -> String {
    let remedy = if cfg!(target_os = "linux") {
        "add yourself to the group \"video\" (sudo usermod -aG video \"$USER\") and log in again"
    } else {
        "allow it in the system's privacy settings for the camera"
    };
    format!("{camera} may not be used; {remedy}")
}

/// The system's errors that are told apart.
enum Kind {
    Busy,
    Denied,
    Gone,
    Bandwidth,
}

impl Kind {
    /// The kind of the error number `code`: those of Linux, `asm-generic/errno-base.h`.
    fn of_code(code: i32) -> Option<Self> {
        const EPERM: i32 = 1;
        const ENOENT: i32 = 2;
        const ENXIO: i32 = 6;
        const EACCES: i32 = 13;
        const EBUSY: i32 = 16;
        const ENODEV: i32 = 19;
        const ENOSPC: i32 = 28;
        if !cfg!(target_os = "linux") {
            return None;
        }
        match code {
            EBUSY => Some(Self::Busy),
            EPERM | EACCES => Some(Self::Denied),
            ENOENT | ENXIO | ENODEV => Some(Self::Gone),
            ENOSPC => Some(Self::Bandwidth),
            _ => None,
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_known_by_their_number() {
        let camera = CameraInfo {
            index: 0,
            name: "Cam".to_owned(),
            id: "name-Cam".to_owned(),
        };
        let cause = |code| of_system(&camera, &io::Error::from_raw_os_error(code)).cause;
        assert_eq!(cause(16), Cause::Busy);
        assert_eq!(cause(13), Cause::Denied);
        assert_eq!(cause(19), Cause::Failing);
        assert_eq!(cause(5), Cause::Failing);
        let foreign = io::Error::other("its driver chose XYZW");
        assert_eq!(of_system(&camera, &foreign).cause, Cause::Failing);
    }

    #[test]
    fn the_detail_says_what_to_do() {
        let camera = CameraInfo {
            index: 2,
            name: "Cam".to_owned(),
            id: "name-Cam".to_owned(),
        };
        let denied = of_system(&camera, &io::Error::from_raw_os_error(13));
        assert_eq!(
            denied.detail,
            "camera \"Cam\" (/dev/video2) may not be used; add yourself to the group \"video\" \
             (sudo usermod -aG video \"$USER\") and log in again"
        );
    }
}
