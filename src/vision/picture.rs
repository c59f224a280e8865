//! Decoding: from a frame's bytes to red, green and blue.

use std::io::Cursor;

use image::ImageDecoder;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::frame::{Frame, PixelFormat};

/// Pictures wider or higher than this are refused: no webcam makes them, and a damaged header
/// must not make us reserve gigabytes.
const MAX_SIDE: usize = 8192;

/// A decoded picture: three bytes a pixel, red, green, blue, rows from the top, no padding.
#[derive(Debug)]
pub struct Rgb {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `3 * width * height` bytes.
    pub pixels: Vec<u8>,
}

/// Why one picture cannot be used. The next one may be fine.
#[derive(Debug, thiserror::Error)]
pub enum BadFrame {
    /// The file ends before its end marker.
    #[error("the picture is cut off")]
    CutOff,
    /// The decoder gave up.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// The size is zero or beyond any webcam's.
    #[error("the picture is {0} by {1} pixels, and 16 to {MAX_SIDE} a side can be used")]
    Size(u64, u64),
    /// The bytes do not match the size and format.
    #[error("the picture has {got} bytes where {want} are needed")]
    Length {
        /// Bytes needed.
        want: usize,
        /// Bytes there.
        got: usize,
    },
}

/// Decodes `frame`.
///
/// # Errors
/// When the picture is cut off, damaged, of an absurd size, or shorter than its size says.
pub fn decode(frame: &Frame) -> Result<Rgb, BadFrame> {
    let (width, height) = frame.size;
    match frame.format {
        PixelFormat::Jpeg => decode_jpeg(&frame.bytes),
        PixelFormat::Png => decode_png(&frame.bytes),
        PixelFormat::Rgb8 => {
            let pixels = plane(&frame.bytes, 3 * check_size(width, height)?)?.to_vec();
            Ok(Rgb {
                width,
                height,
                pixels,
            })
        }
        PixelFormat::Grey8 => {
            let grey = plane(&frame.bytes, check_size(width, height)?)?;
            let pixels = grey.iter().flat_map(|v| [*v; 3]).collect();
            Ok(Rgb {
                width,
                height,
                pixels,
            })
        }
        PixelFormat::Yuyv => decode_yuyv(&frame.bytes, width, height),
        PixelFormat::Nv12 => decode_nv12(&frame.bytes, width, height),
    }
}

fn decode_jpeg(bytes: &[u8]) -> Result<Rgb, BadFrame> {
    // The decoder makes half a picture of half a file without a word; the end marker tells.
    // Zeros behind it are what is left of a larger buffer.
    let used = bytes
        .iter()
        .rposition(|b| *b != 0)
        .map_or(0, |last| last + 1);
    if !bytes[..used].ends_with(&[0xFF, 0xD9]) {
        return Err(BadFrame::CutOff);
    }
    let options = DecoderOptions::new_fast()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut whole = bytes[..used].to_vec();
    if is_baseline(&whole) {
        // A picture whose middle was lost ends too early: at the end marker the decoder would
        // invent the rest, at the end of the data it says so. It reads 8 bytes ahead.
        whole.truncate(used - 2);
        whole.extend([0; 8]);
    }
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(whole), options);
    let pixels = decoder
        .decode()
        .map_err(|e| BadFrame::Damaged(format!("{e:?}")))?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    rgb(width, height, pixels)
}

/// Whether the picture is coded in one pass from the top, as cameras do (the segment SOF0 or SOF1),
/// and not in several that refine it.
fn is_baseline(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xFF, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            0xC0 | 0xC1 => return true,
            // SOF2, or the beginning of the data.
            0xC2 | 0xDA => return false,
            _ => at += 2 + usize::from(u16::from_be_bytes([*high, *low])),
        }
    }
    false
}

fn decode_png(bytes: &[u8]) -> Result<Rgb, BadFrame> {
    let damaged = |e: image::ImageError| BadFrame::Damaged(e.to_string());
    let decoder = image::codecs::png::PngDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let picture = image::DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Rgb {
        width,
        height,
        pixels: picture.into_rgb8().into_raw(),
    })
}

fn decode_yuyv(bytes: &[u8], width: u32, height: u32) -> Result<Rgb, BadFrame> {
    let bytes = plane(bytes, 2 * check_size(width, height)?)?;
    let mut pixels = Vec::with_capacity(bytes.len() / 2 * 3);
    for pair in bytes.chunks_exact(4) {
        let chroma = Chroma::new(pair[1], pair[3]);
        pixels.extend(chroma.with_luma(pair[0]));
        pixels.extend(chroma.with_luma(pair[2]));
    }
    rgb(width as usize, height as usize, pixels)
}

fn decode_nv12(bytes: &[u8], width: u32, height: u32) -> Result<Rgb, BadFrame> {
    let size = check_size(width, height)?;
    let bytes = plane(bytes, size + size / 2)?;
    let (luma, chroma) = bytes.split_at(size);
    let width_bytes = width as usize;
    let mut pixels = Vec::with_capacity(3 * size);
    for (y, row) in luma.chunks_exact(width_bytes).enumerate() {
        let start = y / 2 * width_bytes;
        for (two, uv) in row.chunks(2).zip(chroma[start..].chunks_exact(2)) {
            let chroma = Chroma::new(uv[0], uv[1]);
            for luma in two {
                pixels.extend(chroma.with_luma(*luma));
            }
        }
    }
    rgb(width_bytes, height as usize, pixels)
}

/// The colour part of a pixel after ITU-R BT.601, limited range, in 1/256.
struct Chroma {
    red: i32,
    green: i32,
    blue: i32,
}

impl Chroma {
    fn new(u: u8, v: u8) -> Self {
        let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
        Self {
            red: 409 * v,
            green: -100 * u - 208 * v,
            blue: 516 * u,
        }
    }

    fn with_luma(&self, luma: u8) -> [u8; 3] {
        let luma = 298 * (i32::from(luma) - 16) + 128;
        [self.red, self.green, self.blue].map(|c| ((luma + c) >> 8).clamp(0, 255) as u8)
    }
}

fn rgb(width: usize, height: usize, pixels: Vec<u8>) -> Result<Rgb, BadFrame> {
    let bad = || BadFrame::Size(width as u64, height as u64);
    let (w, h) = (u32::try_from(width), u32::try_from(height));
    let (width, height) = (w.map_err(|_| bad())?, h.map_err(|_| bad())?);
    let want = 3 * check_size(width, height)?;
    let got = pixels.len();
    if got == want {
        Ok(Rgb {
            width,
            height,
            pixels,
        })
    } else {
        Err(BadFrame::Length { want, got })
    }
}

/// Number of pixels of a picture of usable size.
fn check_size(width: u32, height: u32) -> Result<usize, BadFrame> {
    // Below 16 pixels a side there is nothing to see, and half-size planes vanish.
    let usable = |side: u32| (16..=MAX_SIDE).contains(&(side as usize));
    if usable(width) && usable(height) {
        Ok(width as usize * height as usize)
    } else {
        Err(BadFrame::Size(width.into(), height.into()))
    }
}

/// The first `want` bytes: drivers hand out whole buffers, of which a picture may be the beginning.
fn plane(bytes: &[u8], want: usize) -> Result<&[u8], BadFrame> {
    bytes.get(..want).ok_or(BadFrame::Length {
        want,
        got: bytes.len(),
    })
}

/// Mean brightness of the picture (Rec. 601 luma), 0 to 1, from every eighth pixel of every eighth
/// row: a mean over thousands of pixels does not need them all.
#[must_use]
pub fn brightness(picture: &Rgb) -> f32 {
    const STEP: usize = 8;
    let row_bytes = 3 * picture.width as usize;
    let (mut sum, mut count) = ([0_u64; 3], 0_u64);
    for row in picture.pixels.chunks_exact(row_bytes).step_by(STEP) {
        for pixel in row.chunks(3 * STEP) {
            for c in 0..3 {
                sum[c] += u64::from(pixel[c]);
            }
            count += 1;
        }
    }
    let [red, green, blue] = sum.map(|sum| sum as f64);
    let luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    (luma / (255.0 * count.max(1) as f64)) as f32
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn frame(format: PixelFormat, size: (u32, u32), bytes: Vec<u8>) -> Frame {
        Frame {
            at: Duration::ZERO,
            format,
            size,
            bytes,
        }
    }

    fn jpeg() -> Vec<u8> {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/frames/stills/alex_front_upright.jpg"
        );
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_jpeg_with_the_rest_of_a_buffer_behind_it_decodes() {
        let mut bytes = jpeg();
        bytes.resize(614_400, 0);
        let picture = decode(&frame(PixelFormat::Jpeg, (0, 0), bytes)).unwrap();
        assert_eq!((picture.width, picture.height), (640, 480));
        let light = brightness(&picture);
        assert!((0.3..0.7).contains(&light), "{light}");
    }

    #[test]
    fn a_cut_off_jpeg_is_refused_wherever_it_is_cut() {
        let bytes = jpeg();
        for part in [0, 1, 20, 500, bytes.len() / 2, bytes.len() - 1] {
            let mut cut = bytes[..part].to_vec();
            let refused = decode(&frame(PixelFormat::Jpeg, (0, 0), cut.clone()));
            assert!(
                matches!(refused, Err(BadFrame::CutOff)),
                "{part}: {refused:?}"
            );
            cut.resize(614_400, 0);
            let refused = decode(&frame(PixelFormat::Jpeg, (0, 0), cut));
            assert!(
                matches!(refused, Err(BadFrame::CutOff)),
                "{part} with zeros: {refused:?}"
            );
        }
    }

    #[test]
    fn rubbish_in_the_header_is_refused() {
        let mut bytes = jpeg();
        bytes[2..200].fill(0x5A);
        assert!(matches!(
            decode(&frame(PixelFormat::Jpeg, (0, 0), bytes)),
            Err(BadFrame::Damaged(_))
        ));
    }

    #[test]
    fn a_jpeg_whose_middle_was_lost_is_refused() {
        let bytes = jpeg();
        for (part, of) in [(1, 10), (1, 2), (9, 10)] {
            let mut joined = bytes[..bytes.len() * part / of].to_vec();
            joined.extend([0xFF, 0xD9]);
            let refused = decode(&frame(PixelFormat::Jpeg, (0, 0), joined));
            assert!(
                matches!(refused, Err(BadFrame::Damaged(_))),
                "{part} of {of}"
            );
        }
    }

    #[test]
    fn every_picture_of_the_sample_decodes() {
        let mut sample = crate::vision::source::sample::SampleSource::default();
        while let Some(frame) = sample.next_frame() {
            decode(&frame).unwrap();
        }
    }

    #[test]
    fn a_progressive_file_decodes() {
        let bytes = include_bytes!("../../tests/frames/progressive.jpg").to_vec();
        let picture = decode(&frame(PixelFormat::Jpeg, (0, 0), bytes)).unwrap();
        assert_eq!((picture.width, picture.height), (96, 72));
    }

    #[test]
    fn yuyv_and_nv12_give_grey_and_red() {
        let grey = decode(&frame(PixelFormat::Yuyv, (16, 16), [126, 128].repeat(256))).unwrap();
        assert_eq!(grey.pixels[..3], [128, 128, 128]);
        let mut red = vec![82; 256];
        red.extend([90, 240].repeat(64));
        let red = decode(&frame(PixelFormat::Nv12, (16, 16), red)).unwrap();
        let [r, g, b] = [red.pixels[0], red.pixels[1], red.pixels[2]];
        assert!(r > 250 && g < 5 && b < 5, "{r} {g} {b}");
    }

    #[test]
    fn a_short_plane_and_an_absurd_size_are_refused() {
        let short = decode(&frame(PixelFormat::Yuyv, (16, 16), vec![0; 100]));
        assert!(matches!(
            short,
            Err(BadFrame::Length {
                want: 512,
                got: 100
            })
        ));
        let absurd = decode(&frame(PixelFormat::Rgb8, (1 << 20, 4), vec![]));
        assert!(matches!(absurd, Err(BadFrame::Size(..))));
    }
}
