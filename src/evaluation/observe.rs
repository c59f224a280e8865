//! From a recording to what can be judged: a session as it is, pictures looked at.

use std::path::PathBuf;

use super::cache::{self, Keep, Observations};
use super::find::Labelled;
use crate::domain::io::Input;
use crate::runtime::inputs::Inputs;
use crate::runtime::progress::Progress;
use crate::runtime::rate::SharedRate;
use crate::runtime::replay::FrameReplay;
use crate::runtime::stdio::tell_line;
use crate::runtime::watch::Eye;
use crate::session;
use crate::vision::engine::EngineSetup;
use crate::vision::model::Model;
use crate::vision::observer::Observer;
use crate::vision::source::Recording;

/// What can be judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Material {
    /// What was seen in every picture, up to [`Looker::cap_hz`] a second.
    Observations(Observations),
    /// A session, judged on what it holds.
    Session(PathBuf),
}

/// Looks at the pictures of recordings.
pub struct Looker {
    /// Runs the models.
    pub engine: EngineSetup,
    /// The pose model.
    pub model: Model,
    /// Looks this often a second at most: as often as the monitor may ask for.
    pub cap_hz: f64,
    /// Pictures a second where a folder does not tell.
    pub fps: f64,
    /// Where observations are kept.
    pub keep: Keep,
}

impl Looker {
    /// What is seen in the pictures of `recording`: what was kept, else looked at now and kept for
    /// the next time. That it cannot be kept is told and costs nothing else.
    ///
    /// # Errors
    /// When the pictures cannot be read, or the engine fails.
    pub async fn look(&self, recording: &Labelled) -> anyhow::Result<Observations> {
        let model = session::Model {
            name: self.model.spec.name.clone(),
            sha256: self.model.spec.sha256.clone(),
        };
        let header = cache::header(model, self.engine.kind().to_string(), self.cap_hz);
        let place = self.keep.place(&recording.path);
        if let Some(place) = &place
            && let Some(kept) = cache::read(place, &header, &recording.path)
        {
            return Ok(kept);
        }
        let observations = self.look_now(recording).await?;
        if let Some(place) = &place
            && let Err(why) = cache::write(place, &header, &observations)
        {
            tell_line(&format!(
                "backstay: observations are not kept: {why:#}; give --cache DIR or --no-cache"
            ));
        }
        Ok(observations)
    }

    async fn look_now(&self, recording: &Labelled) -> anyhow::Result<Observations> {
        let pictures = Recording::open(&recording.path, self.fps)?;
        let eye = Eye::new(Observer::new(&self.engine, &self.model)?, None);
        let mut inputs = FrameReplay::new(pictures, eye, SharedRate::new(self.cap_hz));
        inputs.progress = Some(Progress::of(&recording.name));
        let mut observations = Vec::new();
        while let Some((at, input)) = inputs.next(None).await? {
            if let Input::Observation(seen) = input {
                observations.push((at.elapsed, seen));
            }
        }
        Ok(observations)
    }
}
