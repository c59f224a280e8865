//! The sequence that comes with the program, so that a person without a camera sees it work.

use include_dir::{Dir, include_dir};

use super::timing::Timing;
use crate::vision::frame::{Frame, PixelFormat};

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample");

/// A rendered person at a laptop: upright, then a slouch, then upright again.
pub struct SampleSource {
    timing: Timing,
    pictures: Vec<&'static [u8]>,
    taken: usize,
}

impl Default for SampleSource {
    fn default() -> Self {
        let mut files: Vec<_> = SAMPLE
            .files()
            .filter(|file| {
                file.path()
                    .extension()
                    .is_some_and(|extension| extension == "jpg")
            })
            .collect();
        files.sort_by_key(|file| file.path());
        let labels = SAMPLE
            .get_file("labels.json")
            .and_then(|file| file.contents_utf8());
        // The labels are compiled in; a test reads them, so the fallback is never used.
        let timing = labels.and_then(|json| Timing::parse(json).ok());
        Self {
            timing: timing.unwrap_or(Timing::even(2.0)),
            pictures: files.into_iter().map(include_dir::File::contents).collect(),
            taken: 0,
        }
    }
}

impl SampleSource {
    /// Number of pictures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pictures.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// The next picture; `None` after the last.
    pub fn next_frame(&mut self) -> Option<Frame> {
        let bytes = self.pictures.get(self.taken)?.to_vec();
        self.taken += 1;
        let at = self.timing.at(self.taken);
        Some(Frame {
            at,
            format: PixelFormat::Jpeg,
            size: (0, 0),
            bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_lasts_as_long_as_its_labels_say() {
        let labels = SAMPLE
            .get_file("labels.json")
            .unwrap()
            .contents_utf8()
            .unwrap();
        let timing = Timing::parse(labels).unwrap();
        let mut sample = SampleSource::default();
        assert_eq!(sample.timing, timing);
        let mut frames = std::iter::from_fn(|| sample.next_frame());
        let first = frames.next().unwrap();
        assert!(first.bytes.starts_with(&[0xFF, 0xD8]));
        let last = frames.last().unwrap();
        assert_eq!(last.at.as_secs(), 69);
    }
}
