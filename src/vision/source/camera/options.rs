//! What is wanted of a camera.

use std::time::Duration;

/// Which camera to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// One that is preferred, or the first that can be used.
    Any,
    /// The one with this number (under Linux, N of `/dev/videoN`).
    Index(u32),
    /// The one of this name or id, or the first that has it as a part of its name, whatever the case.
    Name(String),
    /// The one with this id, [`CameraInfo::id`](super::CameraInfo::id).
    Id(String),
}

/// How the camera is shared with other programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Released when another program opens it, and taken back when nobody has had it for 10 s.
    #[default]
    Yield,
    /// Kept.
    Hold,
}

/// What is wanted of a camera.
#[derive(Clone, Debug)]
pub struct CameraOptions {
    /// The camera.
    pub which: Which,
    /// Ids of cameras, the best first: the first of them that is there is taken for
    /// [`Which::Any`].
    pub prefer: Vec<String>,
    /// How it is shared.
    pub policy: Policy,
    /// Frames a second; zero keeps the camera closed.
    pub rate_hz: f64,
    /// Width and height in pixels; the nearest size the camera has is taken.
    pub size: (u32, u32),
    /// Give the camera up when it has been lost for this long; `None`: never.
    ///
    /// Only loss counts. A camera that is busy, forbidden or stalled is there.
    pub give_up_after: Option<Duration>,
}

impl Default for CameraOptions {
    /// Any camera, 3 frames a second of 640x480, shared with others, never given up.
    fn default() -> Self {
        Self {
            which: Which::Any,
            prefer: Vec::new(),
            policy: Policy::Yield,
            rate_hz: 3.0,
            size: (640, 480),
            give_up_after: None,
        }
    }
}
