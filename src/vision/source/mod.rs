//! Where frames come from.

pub mod camera;
pub mod folder;
pub mod sample;
pub mod timing;
pub mod video;

use std::path::{Path, PathBuf};

use self::folder::{FolderError, FolderSource};
use self::sample::SampleSource;
use self::video::{VideoError, VideoSource};
use super::frame::Frame;

/// A source as the person names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceName {
    /// The camera: any, by number, or by a part of its name.
    Camera(camera::Which),
    /// The sequence that comes with the program.
    Sample,
    /// A folder of pictures, or a video file, or a recorded session.
    Path(PathBuf),
}

impl SourceName {
    /// Reads `camera`, `camera:N`, `camera:NAME`, `sample`, or else a path.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "camera" => Self::Camera(camera::Which::Any),
            "sample" => Self::Sample,
            _ => match text.strip_prefix("camera:") {
                Some(which) => Self::Camera(match which.parse() {
                    Ok(number) => camera::Which::Index(number),
                    Err(_) => camera::Which::Name(which.to_owned()),
                }),
                None => Self::Path(PathBuf::from(text)),
            },
        }
    }
}

/// A source with an end, whose frames carry their times: pictures in a folder, a video, the sample.
pub enum Recording {
    /// Pictures in a folder.
    Folder(FolderSource),
    /// A video file.
    Video(VideoSource),
    /// The sequence that comes with the program.
    Sample(SampleSource),
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Nothing is there.
    #[error("there is no file or folder {0:?}; name one, or use \"camera\" or \"sample\"")]
    Missing(PathBuf),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The video cannot be used.
    #[error(transparent)]
    Video(#[from] VideoError),
}

impl Recording {
    /// Opens the folder or video at `path`. `fps` is the rate of pictures in a folder that does
    /// not tell it itself, and the rate at which a video is looked at.
    ///
    /// # Errors
    /// When nothing is there, or it is neither.
    pub fn open(path: &Path, fps: f64) -> Result<Self, SourceError> {
        if path.is_dir() {
            Ok(Self::Folder(FolderSource::open(path, fps)?))
        } else if path.is_file() {
            Ok(Self::Video(VideoSource::open(path, fps)?))
        } else {
            Err(SourceError::Missing(path.to_owned()))
        }
    }

    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// When the source breaks off.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, SourceError> {
        match self {
            Self::Folder(folder) => Ok(folder.next_frame()?),
            Self::Video(video) => Ok(video.next_frame()?),
            Self::Sample(sample) => Ok(sample.next_frame()),
        }
    }

    /// Number of frames, where it is known beforehand.
    #[must_use]
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Folder(folder) => Some(folder.len()),
            Self::Video(_) => None,
            Self::Sample(sample) => Some(sample.len()),
        }
    }

    /// Whether it is known to hold no frame.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_the_command_line_says() {
        use camera::Which;
        let check = |text, name| assert_eq!(SourceName::parse(text), name);
        check("camera", SourceName::Camera(Which::Any));
        check("camera:2", SourceName::Camera(Which::Index(2)));
        check(
            "camera:Logi",
            SourceName::Camera(Which::Name("Logi".into())),
        );
        check("sample", SourceName::Sample);
        check("./sample", SourceName::Path("./sample".into()));
    }
}
