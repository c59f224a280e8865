//! A picture as its source gave it, before anything looked inside.

use std::time::Duration;

/// How the bytes of a [`Frame`] are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// A JPEG file; its header gives the size.
    Jpeg,
    /// A PNG file; its header gives the size.
    Png,
    /// Three bytes a pixel: red, green, blue; rows from the top, no padding.
    Rgb8,
    /// Four bytes for two pixels: Y0 U Y1 V (4:2:2, limited range).
    Yuyv,
    /// A plane of Y, then a plane of U and V in turn at half width and half height (4:2:0).
    Nv12,
    /// One byte a pixel.
    Grey8,
}

/// One picture, undecoded.
///
/// Neither `Clone` nor serialisable: a picture has one owner, inside `vision`, and goes nowhere.
#[derive(Debug)]
pub struct Frame {
    /// Time since the source began.
    pub at: Duration,
    /// The layout of `bytes`.
    pub format: PixelFormat,
    /// Width and height in pixels; `(0, 0)` for formats whose header gives the size.
    pub size: (u32, u32),
    /// The picture.
    pub bytes: Vec<u8>,
}
