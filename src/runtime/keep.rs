//! Writing pictures to a folder: only for `record --frames`, only because the person asked.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use crate::private;
use crate::vision::frame::{Frame, PixelFormat};
use crate::vision::picture::decode;

/// Writes frames as numbered pictures, with a `labels.json` that tells their times, so that the
/// folder is a source itself.
pub struct FrameKeeper {
    folder: PathBuf,
    times: Vec<f64>,
}

impl FrameKeeper {
    /// Writes into `folder`, which is made, readable by its owner only.
    ///
    /// # Errors
    /// When the folder cannot be made, or holds something already.
    pub fn create(folder: &Path) -> anyhow::Result<Self> {
        new_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            times: Vec::new(),
        })
    }

    /// Writes one frame: a JPEG as it came, anything else as PNG.
    ///
    /// # Errors
    /// When it cannot be written. A picture that cannot be decoded is passed over.
    pub fn keep(&mut self, frame: &Frame) -> anyhow::Result<()> {
        let number = self.times.len() + 1;
        let (extension, bytes) = match frame.format {
            PixelFormat::Jpeg => ("jpg", frame.bytes.clone()),
            PixelFormat::Png => ("png", frame.bytes.clone()),
            _ => {
                let Ok(picture) = decode(frame) else {
                    return Ok(());
                };
                ("png", crate::vision::draw::png(&picture)?)
            }
        };
        let path = self.folder.join(format!("{number:06}.{extension}"));
        private::write(&path, &bytes).with_context(|| format!("cannot write {path:?}"))?;
        self.times.push(frame.at.as_secs_f64());
        Ok(())
    }

    /// Writes the times of the frames.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(&self) -> anyhow::Result<()> {
        let clock: Vec<_> = self
            .times
            .iter()
            .enumerate()
            .map(|(n, t)| json!({"frame": n + 1, "t": t, "fps": 1.0}))
            .collect();
        let span = self.times.last().unwrap_or(&0.0) - self.times.first().unwrap_or(&0.0);
        let fps = if span > 0.0 {
            (self.times.len() - 1) as f64 / span
        } else {
            1.0
        };
        let labels = json!({"fps": fps, "frames": self.times.len(), "clock": clock});
        let path = self.folder.join("labels.json");
        private::write(&path, labels.to_string().as_bytes())
            .with_context(|| format!("cannot write {path:?}"))
    }
}

impl Drop for FrameKeeper {
    fn drop(&mut self) {
        // Frames without their times are half lost; there is nobody left to tell of a failure.
        let _ = self.finish();
    }
}

/// Makes a folder for pictures that its owner alone can read.
///
/// # Errors
/// When it cannot be made, or holds something already.
pub fn new_folder(folder: &Path) -> anyhow::Result<()> {
    private::make_folder(folder).with_context(|| format!("cannot make folder {folder:?}"))?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read {folder:?}"))?;
    anyhow::ensure!(
        entries.next().is_none(),
        "folder {folder:?} is not empty; name a new one for the pictures"
    );
    Ok(())
}
