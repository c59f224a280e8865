//! What is known of a camera without opening it.

use std::fmt;

/// A camera that the system knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraInfo {
    /// Its number (under Linux, N of `/dev/videoN`).
    pub index: u32,
    /// Its name, not always unique; empty when the system has none.
    pub name: String,
    /// What it is known by across restarts, other numbers and replugging.
    ///
    /// Under Linux `usb-VENDOR:PRODUCT-SERIAL` for a camera on USB, without the serial where it has
    /// none, and `name-NAME` for any other; elsewhere what the system tells, or the name. Two alike
    /// cameras without serials share an id, and the first of them that opens is taken for it.
    pub id: String,
}

impl CameraInfo {
    /// The path of its device node, where the system has such.
    #[must_use]
    pub fn node(&self) -> Option<String> {
        cfg!(target_os = "linux").then(|| format!("/dev/video{}", self.index))
    }
}

impl fmt::Display for CameraInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            write!(f, "the camera without a name")?;
        } else {
            write!(f, "camera \"{}\"", self.name)?;
        }
        match self.node() {
            Some(node) => write!(f, " ({node})"),
            None => write!(f, " (number {})", self.index),
        }
    }
}

/// A camera, and what it offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The camera.
    pub info: CameraInfo,
    /// Its formats; empty where the system tells them only of an opened camera.
    pub offers: Vec<Offer>,
}

/// A format that a camera offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its four letters.
    pub format: String,
    /// Sizes in pixels, as `640x480`, or `16x16 to 4096x4096` where any between will do.
    pub sizes: Vec<String>,
}
