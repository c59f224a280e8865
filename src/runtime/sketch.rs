//! Pictures with their joints drawn on, for `replay --draw`.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::keep::new_folder;
use crate::domain::io::{Observation, Status};
use crate::private;
use crate::vision::draw::{annotate, png};
use crate::vision::frame::Frame;
use crate::vision::picture::decode;

/// Draws each frame once its verdict is known.
pub struct Sketcher {
    folder: PathBuf,
    frame: Option<(usize, Frame)>,
}

impl Sketcher {
    /// Writes into `folder`, which must be new or empty.
    ///
    /// # Errors
    /// When the folder cannot be made, or holds something already.
    pub fn create(folder: &Path) -> anyhow::Result<Self> {
        new_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            frame: None,
        })
    }

    /// Takes the frame, number `number` of its source, that the next verdict is about.
    pub fn frame(&mut self, number: usize, frame: Frame) {
        self.frame = Some((number, frame));
    }

    /// Draws what was seen and judged on the frame.
    ///
    /// # Errors
    /// When the picture cannot be written.
    pub fn draw(&mut self, seen: &Observation, status: &Status) -> anyhow::Result<()> {
        let Some((number, frame)) = self.frame.take() else {
            return Ok(());
        };
        let mut picture = decode(&frame)?;
        annotate(&mut picture, &seen.pose, status.state);
        let path = self.folder.join(format!("{number:06}.png"));
        private::write(&path, &png(&picture)?).with_context(|| format!("cannot write {path:?}"))
    }
}
