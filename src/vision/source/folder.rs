//! A folder of numbered JPEG or PNG pictures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::timing::Timing;
use crate::vision::frame::{Frame, PixelFormat};

/// A picture file larger than this is no webcam frame.
const MAX_BYTES: u64 = 64 << 20;

/// The pictures of a folder in the order of their numbers.
pub struct FolderSource {
    pictures: Vec<(PathBuf, PixelFormat)>,
    timing: Timing,
    taken: usize,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be listed.
    #[error("cannot read folder {path:?}")]
    List {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No picture is in it.
    #[error("folder {0:?} holds no .jpg, .jpeg or .png pictures; name a folder that does")]
    NoPictures(PathBuf),
    /// Its labels cannot be read.
    #[error("cannot use {path:?}: {why}; correct or remove it and give --fps")]
    Labels {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A picture cannot be read.
    #[error("cannot read picture {path:?}")]
    Picture {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FolderSource {
    /// The pictures of `folder`. Their rate stands in its `labels.json`; without one it is `fps`.
    ///
    /// # Errors
    /// When the folder holds no pictures, or its labels cannot be read.
    pub fn open(folder: &Path, fps: f64) -> Result<Self, FolderError> {
        let list = |source| FolderError::List {
            path: folder.to_owned(),
            source,
        };
        let mut pictures = Vec::new();
        for entry in fs::read_dir(folder).map_err(list)? {
            let path = entry.map_err(list)?.path();
            if let Some(format) = format_of(&path) {
                pictures.push((path, format));
            }
        }
        if pictures.is_empty() {
            return Err(FolderError::NoPictures(folder.to_owned()));
        }
        pictures.sort_by_cached_key(|(path, _)| (number_of(path), path.clone()));
        let labels = folder.join("labels.json");
        let timing = match fs::read_to_string(&labels) {
            Ok(json) => Timing::parse(&json),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Timing::even(fps)),
            Err(e) => Err(e.to_string()),
        };
        let timing = timing.map_err(|why| FolderError::Labels { path: labels, why })?;
        Ok(Self {
            pictures,
            timing,
            taken: 0,
        })
    }

    /// Number of pictures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// Whether there are none; a folder without pictures is not opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// The next picture; `None` after the last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FolderError> {
        let Some((path, format)) = self.pictures.get(self.taken) else {
            return Ok(None);
        };
        let failed = |source| FolderError::Picture {
            path: path.clone(),
            source,
        };
        if fs::metadata(path).map_err(failed)?.len() > MAX_BYTES {
            return Err(failed(io::Error::other("the file is larger than 64 MiB")));
        }
        let bytes = fs::read(path).map_err(failed)?;
        self.taken += 1;
        Ok(Some(Frame {
            at: self.timing.at(self.taken),
            format: *format,
            size: (0, 0),
            bytes,
        }))
    }
}

/// Whether the name of the file says that it is a picture.
#[must_use]
pub fn is_picture(path: &Path) -> bool {
    format_of(path).is_some()
}

fn format_of(path: &Path) -> Option<PixelFormat> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "jpg" | "jpeg" => Some(PixelFormat::Jpeg),
        "png" => Some(PixelFormat::Png),
        _ => None,
    }
}

/// The last number in the file's name, so that `2.jpg` comes before `10.jpg`.
fn number_of(path: &Path) -> u64 {
    let name = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let digits = name
        .rsplit(|c: char| !c.is_ascii_digit())
        .find(|part| !part.is_empty());
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn pictures_come_in_the_order_of_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["10.jpg", "2.JPG", "x1.png", "notes.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let mut source = FolderSource::open(folder.path(), 2.0).unwrap();
        assert_eq!(source.len(), 3);
        let mut names = Vec::new();
        while let Some(frame) = source.next_frame().unwrap() {
            names.push((String::from_utf8(frame.bytes).unwrap(), frame.at));
        }
        let half = Duration::from_millis(500);
        let expected = [("x1.png", 0), ("2.JPG", 1), ("10.jpg", 2)];
        assert_eq!(names, expected.map(|(name, n)| (name.to_owned(), half * n)));
    }

    #[test]
    fn a_folder_without_pictures_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = FolderSource::open(folder.path(), 3.0);
        assert!(matches!(refused, Err(FolderError::NoPictures(_))));
    }
}
