//! The messages between the monitor and its camera process.
//!
//! The camera process begins with [`MAGIC`], so that a program that is something else is found out
//! at once. Then each way goes message after message: one byte for the kind, four for the length of
//! the body, the body. Numbers are little-endian; a text is its bytes, to the end of the body or
//! after a length of its own.

mod body;

use std::io::{self, Read, Write};

use thiserror::Error;

use super::{CameraInfo, Listed};
use crate::vision::frame::PixelFormat;
use body::{Body, put_camera, put_listed, put_text};

/// What the camera process writes first: a name and, in the last byte, the protocol's version.
const MAGIC: [u8; 8] = *b"bkstcam\x02";

/// The longest body, in bytes: a raw 4:2:2 picture of 3840x2160 (16.6 million) fits. A longer one
/// is the sign of a broken stream.
const MAX_BODY: u32 = 16 << 20;

/// What the camera process says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FromWorker {
    /// This camera will be opened.
    Found {
        /// The camera.
        camera: CameraInfo,
        /// How many cameras it was taken from; 1 when it was asked for.
        among: u32,
    },
    /// The stream has begun.
    Opened {
        /// Frames a second that the camera gives at best.
        fps: u32,
        /// In one line, for the log.
        mode: String,
    },
    /// A frame that was due.
    Frame {
        /// How `bytes` are laid out.
        format: PixelFormat,
        /// Width and height in pixels; `(0, 0)` where the picture's header gives them.
        size: (u32, u32),
        /// The picture.
        bytes: Vec<u8>,
    },
    /// A frame was due, and this is wrong with it.
    Damaged(String),
    /// The camera gives pictures, or the person is being asked for permission; nothing is due.
    Alive,
    /// The process ends.
    Failed(Failure),
    /// The cameras there are, in answer to a list.
    Cameras(Vec<Listed>),
}

/// Why the camera process ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The kind, by which the monitor decides what to do.
    pub(super) cause: Cause,
    /// One line: what happened and what to do.
    pub(super) detail: String,
}

/// The kinds of failure that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// There is no camera, or none that fits what was asked for.
    NoCamera,
    /// Another program holds it.
    Busy,
    /// The system forbids its use.
    Denied,
    /// It was unplugged, or it fails.
    Failing,
}

/// What the monitor says.
#[derive(Debug, PartialEq)]
pub(super) enum ToWorker {
    /// Send this many frames a second from now on; above zero.
    Rate(f64),
}

/// Why a stream of messages cannot be read on.
#[derive(Debug, Error)]
pub(super) enum ProtocolError {
    /// The stream does not begin as it must.
    #[error("it is not a camera process of this version")]
    Magic,
    /// The stream ended inside a message.
    #[error("it ended inside a message")]
    Truncated,
    /// A body longer than any that is ever sent.
    #[error("it announced a message of {0} bytes")]
    TooLong(u32),
    /// A message that makes no sense.
    #[error("its message of kind {0} cannot be understood")]
    Broken(u8),
    /// The pipe failed.
    #[error("the pipe to it failed")]
    Pipe(#[source] io::Error),
}

impl From<io::Error> for ProtocolError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated,
            _ => Self::Pipe(error),
        }
    }
}

/// Writes what a stream from the camera process begins with.
pub(super) fn write_magic(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&MAGIC)?;
    out.flush()
}

/// Reads what a stream from the camera process begins with; false when it ends before its first byte.
///
/// # Errors
///
/// When the stream begins with something else.
pub(super) fn read_magic(input: &mut impl Read) -> Result<bool, ProtocolError> {
    let mut magic = [0; MAGIC.len()];
    if !read_first(input, &mut magic)? {
        return Ok(false);
    }
    if magic == MAGIC {
        Ok(true)
    } else {
        Err(ProtocolError::Magic)
    }
}

const FOUND: u8 = 1;
const OPENED: u8 = 2;
const FRAME: u8 = 3;
const ALIVE: u8 = 4;
const FAILED: u8 = 5;
const CAMERAS: u8 = 6;
const DAMAGED: u8 = 7;
const RATE: u8 = 16;

/// Bytes of a frame's body before its picture: the format and the two sides.
const FRAME_HEAD: u32 = 9;

/// Writes a frame without taking or copying its picture.
pub(super) fn write_frame(
    out: &mut impl Write,
    format: PixelFormat,
    size: (u32, u32),
    picture: &[u8],
) -> io::Result<()> {
    let length = u32::try_from(picture.len())
        .ok()
        .and_then(|length| length.checked_add(FRAME_HEAD))
        .filter(|length| *length <= MAX_BODY)
        .ok_or(io::ErrorKind::InvalidInput)?;
    let mut head = vec![FRAME];
    head.extend(length.to_le_bytes());
    head.push(format_code(format));
    head.extend(size.0.to_le_bytes());
    head.extend(size.1.to_le_bytes());
    out.write_all(&head)?;
    out.write_all(picture)?;
    out.flush()
}

impl FromWorker {
    /// Writes the message and flushes.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut body = Vec::new();
        let kind = match self {
            Self::Frame {
                format,
                size,
                bytes,
            } => return write_frame(out, *format, *size, bytes),
            Self::Found { camera, among } => {
                put_camera(&mut body, camera);
                body.extend(among.to_le_bytes());
                FOUND
            }
            Self::Opened { fps, mode } => {
                body.extend(fps.to_le_bytes());
                put_text(&mut body, mode);
                OPENED
            }
            Self::Damaged(why) => {
                put_text(&mut body, why);
                DAMAGED
            }
            Self::Alive => ALIVE,
            Self::Failed(failure) => {
                body.push(failure.cause.code());
                put_text(&mut body, &failure.detail);
                FAILED
            }
            Self::Cameras(cameras) => {
                for camera in cameras {
                    put_listed(&mut body, camera);
                }
                CAMERAS
            }
        };
        write_message(out, kind, &body)
    }

    /// Reads the next message; `None` when the stream ends between two.
    ///
    /// # Errors
    ///
    /// When the stream ends inside a message, a body is too long, or makes no sense.
    pub(super) fn read(input: &mut impl Read) -> Result<Option<Self>, ProtocolError> {
        let Some((kind, length)) = read_head(input)? else {
            return Ok(None);
        };
        let broken = ProtocolError::Broken(kind);
        if kind == FRAME {
            let Some(rest) = length.checked_sub(FRAME_HEAD) else {
                return Err(broken);
            };
            let head = read_body(input, FRAME_HEAD)?;
            let bytes = read_body(input, rest)?;
            let mut head = Body(&head);
            let fields = (head.byte(), head.number(), head.number());
            let (Some(code), Some(width), Some(height)) = fields else {
                return Err(broken);
            };
            let format = format_of(code).ok_or(broken)?;
            return Ok(Some(Self::Frame {
                format,
                size: (width, height),
                bytes,
            }));
        }
        let body = read_body(input, length)?;
        let mut body = Body(&body);
        let message = match kind {
            FOUND => body.camera().and_then(|camera| {
                let among = body.number()?;
                Some(Self::Found { camera, among })
            }),
            OPENED => body
                .number()
                .and_then(|fps| body.text().map(|mode| Self::Opened { fps, mode })),
            DAMAGED => body.text().map(Self::Damaged),
            ALIVE => Some(Self::Alive),
            FAILED => body.byte().and_then(Cause::of_code).and_then(|cause| {
                let detail = body.text()?;
                Some(Self::Failed(Failure { cause, detail }))
            }),
            CAMERAS => {
                let mut cameras = Vec::new();
                while !body.0.is_empty() {
                    cameras.push(body.listed().ok_or(ProtocolError::Broken(kind))?);
                }
                Some(Self::Cameras(cameras))
            }
            _ => None,
        };
        message
            .filter(|_| body.0.is_empty())
            .ok_or(broken)
            .map(Some)
    }
}

impl ToWorker {
    /// Writes the message and flushes.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Self::Rate(hz) = self;
        write_message(out, RATE, &hz.to_le_bytes())
    }

    /// Reads the next message; `None` when the stream ends between two.
    ///
    /// # Errors
    ///
    /// When the stream ends inside a message, a body is too long, or makes no sense.
    pub(super) fn read(input: &mut impl Read) -> Result<Option<Self>, ProtocolError> {
        let Some((kind, length)) = read_head(input)? else {
            return Ok(None);
        };
        let body = read_body(input, length)?;
        let hz = <[u8; 8]>::try_from(body.as_slice()).map(f64::from_le_bytes);
        match (kind, hz) {
            (RATE, Ok(hz)) if hz.is_finite() && 0.0 < hz => Ok(Some(Self::Rate(hz))),
            _ => Err(ProtocolError::Broken(kind)),
        }
    }
}

impl Cause {
    fn code(self) -> u8 {
        match self {
            Self::NoCamera => 1,
            Self::Busy => 2,
            Self::Denied => 3,
            Self::Failing => 4,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        [Self::NoCamera, Self::Busy, Self::Denied, Self::Failing]
            .into_iter()
            .find(|cause| cause.code() == code)
    }
}

fn format_code(format: PixelFormat) -> u8 {
    match format {
        PixelFormat::Jpeg => 1,
        PixelFormat::Png => 2,
        PixelFormat::Rgb8 => 3,
        PixelFormat::Yuyv => 4,
        PixelFormat::Nv12 => 5,
        PixelFormat::Grey8 => 6,
    }
}

fn format_of(code: u8) -> Option<PixelFormat> {
    [
        PixelFormat::Jpeg,
        PixelFormat::Png,
        PixelFormat::Rgb8,
        PixelFormat::Yuyv,
        PixelFormat::Nv12,
        PixelFormat::Grey8,
    ]
    .into_iter()
    .find(|format| format_code(*format) == code)
}

fn write_message(out: &mut impl Write, kind: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut message = vec![kind];
    message.extend(length.to_le_bytes());
    message.extend(body);
    out.write_all(&message)?;
    out.flush()
}

fn read_head(input: &mut impl Read) -> Result<Option<(u8, u32)>, ProtocolError> {
    let mut head = [0; 5];
    if !read_first(input, &mut head)? {
        return Ok(None);
    }
    let [kind, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if MAX_BODY < length {
        return Err(ProtocolError::TooLong(length));
    }
    Ok(Some((kind, length)))
}

fn read_body(input: &mut impl Read, length: u32) -> Result<Vec<u8>, ProtocolError> {
    // `read_head` has held the length to MAX_BODY, which fits every usize of 32 bits and more.
    let mut body = vec![0; length as usize];
    input.read_exact(&mut body)?;
    Ok(body)
}

/// Fills `buffer`; false when the stream ends before the first byte.
fn read_first(input: &mut impl Read, buffer: &mut [u8]) -> Result<bool, ProtocolError> {
    let (first, rest) = buffer.split_at_mut(1);
    loop {
        match input.read(first) {
            Ok(0) => return Ok(false),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ProtocolError::Pipe(error)),
        }
    }
    input.read_exact(rest)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::super::Offer;
    use super::*;

    fn samples() -> Vec<FromWorker> {
        let camera = |index, name: &str| CameraInfo {
            index,
            name: name.to_owned(),
            id: format!("usb-{name}"),
        };
        vec![
            FromWorker::Found {
                camera: camera(2, "Kamera für alle"),
                among: 3,
            },
            FromWorker::Opened {
                fps: 15,
                mode: "MJPEG 640x480".to_owned(),
            },
            FromWorker::Frame {
                format: PixelFormat::Yuyv,
                size: (4, 2),
                bytes: (0..16).collect(),
            },
            FromWorker::Frame {
                format: PixelFormat::Jpeg,
                size: (0, 0),
                bytes: vec![],
            },
            FromWorker::Damaged("it is empty".to_owned()),
            FromWorker::Alive,
            FromWorker::Failed(Failure {
                cause: Cause::Busy,
                detail: "in use".to_owned(),
            }),
            FromWorker::Cameras(vec![
                Listed {
                    info: camera(0, ""),
                    offers: vec![],
                },
                Listed {
                    info: camera(7, "b"),
                    offers: vec![Offer {
                        format: "MJPG".to_owned(),
                        sizes: vec!["640x480".to_owned(), "1280x720".to_owned()],
                    }],
                },
            ]),
            FromWorker::Cameras(vec![]),
        ]
    }

    fn written(message: &FromWorker) -> Vec<u8> {
        let mut bytes = Vec::new();
        message.write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn messages_are_read_as_they_were_written() {
        let mut stream = Vec::new();
        write_magic(&mut stream).unwrap();
        for message in samples() {
            message.write(&mut stream).unwrap();
        }
        let mut input = stream.as_slice();
        assert!(read_magic(&mut input).unwrap());
        for message in samples() {
            assert_eq!(FromWorker::read(&mut input).unwrap(), Some(message));
        }
        assert!(FromWorker::read(&mut input).unwrap().is_none());

        let mut bytes = Vec::new();
        ToWorker::Rate(2.5).write(&mut bytes).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(
            ToWorker::read(&mut input).unwrap(),
            Some(ToWorker::Rate(2.5))
        );
        assert!(ToWorker::read(&mut input).unwrap().is_none());
    }

    #[test]
    fn a_stream_cut_inside_a_message_is_an_error() {
        for message in samples() {
            let bytes = written(&message);
            for end in 1..bytes.len() {
                let read = FromWorker::read(&mut &bytes[..end]);
                assert!(
                    matches!(read, Err(ProtocolError::Truncated)),
                    "{message:?} cut at {end}: {read:?}"
                );
            }
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_without_reading_on() {
        let mut bytes = vec![FRAME];
        bytes.extend((MAX_BODY + 1).to_le_bytes());
        let read = FromWorker::read(&mut bytes.as_slice());
        assert!(matches!(read, Err(ProtocolError::TooLong(_))), "{read:?}");

        let too_large = vec![0; MAX_BODY as usize];
        let refused = write_frame(&mut io::sink(), PixelFormat::Grey8, (1, 1), &too_large);
        assert!(refused.is_err());
    }

    #[test]
    fn bodies_that_make_no_sense_are_refused() {
        let broken: [(u8, &[u8]); 9] = [
            (99, &[]),
            (FRAME, &[1, 0, 0]),
            (FRAME, &[77, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            (FOUND, &[1, 0, 0, 0, 9, 0, b'x', 0, 0]),
            (FOUND, &[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, b'x']),
            (FAILED, &[0, 0, 0]),
            (ALIVE, &[0]),
            (CAMERAS, &[1]),
            (CAMERAS, &[1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]),
        ];
        for (kind, body) in broken {
            let mut bytes = Vec::new();
            write_message(&mut bytes, kind, body).unwrap();
            let read = FromWorker::read(&mut bytes.as_slice());
            assert!(
                matches!(read, Err(ProtocolError::Broken(k)) if k == kind),
                "{kind}: {read:?}"
            );
        }
        for hz in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let mut bytes = Vec::new();
            ToWorker::Rate(hz).write(&mut bytes).unwrap();
            assert!(ToWorker::read(&mut bytes.as_slice()).is_err(), "{hz}");
        }
    }

    #[test]
    fn another_program_is_found_out_by_its_first_bytes() {
        assert!(matches!(
            read_magic(&mut &b"Usage: something"[..]),
            Err(ProtocolError::Magic)
        ));
        assert!(matches!(
            read_magic(&mut &MAGIC[..3]),
            Err(ProtocolError::Truncated)
        ));
        assert!(!read_magic(&mut &b""[..]).unwrap());
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let detail = "ü".repeat(40_000);
        let failure = FromWorker::Failed(Failure {
            cause: Cause::Failing,
            detail,
        });
        let read = FromWorker::read(&mut written(&failure).as_slice()).unwrap();
        let Some(FromWorker::Failed(failure)) = read else {
            panic!("{read:?}");
        };
        assert_eq!(failure.detail, "ü".repeat(32_767));
    }
}
