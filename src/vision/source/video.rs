//! A video file, read through the `ffmpeg` program.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::vision::frame::{Frame, PixelFormat};

/// Pictures wider or higher than this are refused, as everywhere in vision.
const MAX_SIDE: u32 = 8192;

/// A video file.
pub struct VideoSource {
    path: PathBuf,
    ffmpeg: Child,
    pictures: BufReader<ChildStdout>,
    last_words: Option<JoinHandle<Vec<u8>>>,
    fps: f64,
    taken: u32,
}

/// Why a video cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VideoError {
    /// The program that reads videos is not installed.
    #[error(
        "cannot read video {0:?}: the program \"ffmpeg\" is not installed; install it, or give a folder of pictures"
    )]
    NoFfmpeg(PathBuf),
    /// It cannot be started.
    #[error("cannot start \"ffmpeg\"")]
    Start(#[source] io::Error),
    /// It does not understand the file.
    #[error("cannot read {path:?} as a video: {why}; give a video, or a folder of pictures")]
    NotVideo {
        /// The file.
        path: PathBuf,
        /// The last line that ffmpeg said.
        why: String,
    },
}

impl VideoSource {
    /// Opens the video at `path`, to be looked at `fps` times a second.
    ///
    /// # Errors
    /// When ffmpeg is not there. What it thinks of the file shows with the first frame.
    pub fn open(path: &Path, fps: f64) -> Result<Self, VideoError> {
        let mut ffmpeg = Command::new("ffmpeg")
            // Only local files: a playlist must not make ffmpeg ask the network.
            .args([
                "-nostdin",
                "-v",
                "error",
                "-protocol_whitelist",
                "file,pipe",
                "-i",
            ])
            .arg(local_url(path))
            .args(["-an", "-sn", "-vf", &format!("fps={fps}")])
            .args(["-f", "image2pipe", "-c:v", "ppm", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| match e.kind() {
                io::ErrorKind::NotFound => VideoError::NoFfmpeg(path.to_owned()),
                _ => VideoError::Start(e),
            })?;
        let (Some(stdout), Some(stderr)) = (ffmpeg.stdout.take(), ffmpeg.stderr.take()) else {
            return Err(VideoError::Start(io::Error::other(
                "its output is not to be had",
            )));
        };
        let pictures = BufReader::with_capacity(1 << 16, stdout);
        let last_words = std::thread::Builder::new()
            .name("ffmpeg's stderr".into())
            .spawn(move || last_page(stderr))
            .map_err(VideoError::Start)?;
        Ok(Self {
            path: path.to_owned(),
            ffmpeg,
            pictures,
            last_words: Some(last_words),
            fps,
            taken: 0,
        })
    }

    /// The next picture; `None` after the last.
    ///
    /// # Errors
    /// When ffmpeg fails before it gave a picture, or sends what is none.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, VideoError> {
        match read_ppm(&mut self.pictures) {
            Ok(Some((size, bytes))) => {
                let seconds = f64::from(self.taken) / self.fps;
                self.taken += 1;
                let at = Duration::from_micros((seconds * 1e6).round() as u64);
                Ok(Some(Frame {
                    at,
                    format: PixelFormat::Rgb8,
                    size,
                    bytes,
                }))
            }
            Ok(None) if self.taken > 0 => Ok(None),
            Ok(None) => Err(self.failure("it holds no picture")),
            Err(e) => {
                // It may have more to send, and would wait for us to take it.
                let _ = self.ffmpeg.kill();
                Err(self.failure(&e.to_string()))
            }
        }
    }

    fn failure(&mut self, otherwise: &str) -> VideoError {
        let said = self
            .last_words
            .take()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let why = said.lines().last().unwrap_or(otherwise).trim().to_owned();
        VideoError::NotVideo {
            path: self.path.clone(),
            why,
        }
    }
}

impl Drop for VideoSource {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.ffmpeg.kill();
        let _ = self.ffmpeg.wait();
    }
}

/// Reads what ffmpeg says to the end, so that it never waits for a reader: a damaged video makes it
/// say megabytes. The last of it is kept.
fn last_page(mut stderr: impl Read) -> Vec<u8> {
    const PAGE: usize = 4096;
    let (mut kept, mut page) = (Vec::new(), [0; PAGE]);
    loop {
        match stderr.read(&mut page) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return kept,
            Ok(read) => {
                kept.extend_from_slice(&page[..read]);
                kept.drain(..kept.len().saturating_sub(PAGE));
            }
        }
    }
}

/// A name that ffmpeg cannot take for an option or another protocol.
fn local_url(path: &Path) -> std::ffi::OsString {
    let mut url = std::ffi::OsString::from("file:");
    url.push(path);
    url
}

/// Width and height in pixels, and three bytes a pixel.
type Ppm = ((u32, u32), Vec<u8>);

/// One picture in the form of PPM: `P6`, width, height and 255, each on a line or behind a space,
/// then three bytes a pixel.
fn read_ppm(from: &mut impl BufRead) -> io::Result<Option<Ppm>> {
    if from.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    if read_word(from)? != "P6" {
        return Err(bad("ffmpeg sent no PPM picture"));
    }
    let mut number = || -> io::Result<u32> {
        read_word(from)?
            .parse()
            .map_err(|_| bad("ffmpeg sent a damaged PPM header"))
    };
    let (width, height, depth) = (number()?, number()?, number()?);
    if depth != 255 || width > MAX_SIDE || height > MAX_SIDE {
        return Err(bad("the picture's size or depth cannot be used"));
    }
    let mut bytes = vec![0; 3 * width as usize * height as usize];
    from.read_exact(&mut bytes)?;
    Ok(Some(((width, height), bytes)))
}

/// A word and the one white space behind it.
fn read_word(from: &mut impl BufRead) -> io::Result<String> {
    // Longer than any number in a header.
    const MAX_WORD: usize = 8;
    let mut word = String::new();
    let mut byte = [0];
    while word.len() <= MAX_WORD {
        from.read_exact(&mut byte)?;
        if byte[0].is_ascii_whitespace() {
            break;
        }
        word.push(char::from(byte[0]));
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_follow_one_another() {
        let mut stream: &[u8] = b"P6\n2 1\n255\nabcdefP6\n1 1\n255\nxyz";
        assert_eq!(
            read_ppm(&mut stream).unwrap(),
            Some(((2, 1), b"abcdef".to_vec()))
        );
        assert_eq!(
            read_ppm(&mut stream).unwrap(),
            Some(((1, 1), b"xyz".to_vec()))
        );
        assert_eq!(read_ppm(&mut stream).unwrap(), None);
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        for mut stream in [
            &b"hello world, this is text"[..],
            b"P6\n2 1\n255\nabc",
            b"P6\n99999 1\n255\n",
        ] {
            assert!(read_ppm(&mut stream).is_err());
        }
    }
}
