//! Inference engines: image tensor in, output tensors out.
//!
//! Two of them run the same model files and agree to within [`tensors::AGREEMENT`]:
//! `ort` ([ONNX Runtime](library), loaded at run time, the faster one) and `rten` (pure Rust, compiled
//! in, always there). [`EngineSetup`] decides once which one runs, and says why.

pub mod install;
pub mod library;
mod ort;
pub mod pins;
mod rten;
pub mod tensors;

use std::fmt;
use std::str::FromStr;

use ndarray::{ArrayD, ArrayView4};

use crate::vision::model::Model;
use library::{LibraryError, LibraryPlaces};

/// An engine that can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// ONNX Runtime.
    Ort,
    /// The `rten` crate.
    Rten,
}

/// A picture for a model: batch (1), height, width, channels (RGB), in standard (row-major) layout,
/// shape and element type as the model's input says.
#[derive(Clone, Copy, Debug)]
pub enum ImageView<'a> {
    /// 0 to 255.
    I32(ArrayView4<'a, i32>),
    /// -1 to 1.
    F32(ArrayView4<'a, f32>),
}

/// A loaded model.
pub trait Engine: Send {
    /// Which engine this is.
    fn kind(&self) -> EngineKind;

    /// Runs the model on one picture; gives the outputs in the manifest's order and shapes.
    ///
    /// # Errors
    /// [`EngineError::Image`] for a picture the model does not take, [`EngineError::Run`] and
    /// [`EngineError::Mismatch`] when the engine fails.
    fn run(&mut self, image: ImageView<'_>) -> Result<Vec<ArrayD<f32>>, EngineError>;
}

/// Which engine is wanted (`--engine`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// `ort` when its library is found and intact, else `rten`.
    #[default]
    Auto,
    /// ONNX Runtime or nothing.
    Ort,
    /// The compiled-in engine.
    Rten,
}

/// Why an engine or a model cannot run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no usable ONNX Runtime library.
    #[error("cannot run engine \"ort\"")]
    Library(#[from] LibraryError),
    /// The engine refused the model file.
    #[error("cannot load model \"{model}\" into engine \"{engine}\"")]
    Load {
        /// The manifest's name of the model.
        model: String,
        /// The engine.
        engine: EngineKind,
        /// The engine's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The tensors in the file, or those that came out of it, are not the manifest's.
    #[error("model \"{model}\" does not match the manifest: {detail}")]
    Mismatch {
        /// The manifest's name of the model.
        model: String,
        /// Which tensor differs, and how.
        detail: String,
    },
    /// The picture is not what the model takes.
    #[error("picture does not fit model \"{model}\": {detail}")]
    Image {
        /// The manifest's name of the model.
        model: String,
        /// What was given, and what is wanted.
        detail: String,
    },
    /// The engine failed on this picture.
    #[error("engine \"{engine}\" failed")]
    Run {
        /// The engine.
        engine: EngineKind,
        /// The engine's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The engine decided on, ready to load any number of models.
pub struct EngineSetup {
    runtime: Runtime,
    why: String,
}

enum Runtime {
    Ort(ort::Runtime),
    Rten(rten::Runtime),
}

impl EngineSetup {
    /// Decides which engine runs. For all but [`EngineChoice::Rten`] this looks for the library, checks
    /// its sha256 and loads it into the process.
    ///
    /// # Errors
    /// [`EngineError::Library`], only for [`EngineChoice::Ort`]: the other choices can always fall
    /// back on `rten`.
    pub fn resolve(choice: EngineChoice, places: &LibraryPlaces) -> Result<Self, EngineError> {
        if choice == EngineChoice::Rten {
            return Ok(Self::rten("rten: asked for, compiled in".to_owned()));
        }
        match library::find(places).and_then(ort::Runtime::load) {
            Ok(runtime) => Ok(Self {
                why: format!("ort: {}", runtime.library()),
                runtime: Runtime::Ort(runtime),
            }),
            Err(error) if choice == EngineChoice::Ort => Err(error.into()),
            Err(error) => Ok(Self::rten(format!("rten: compiled in; {}", chain(&error)))),
        }
    }

    /// The engine decided on.
    #[must_use]
    pub fn kind(&self) -> EngineKind {
        match self.runtime {
            Runtime::Ort(_) => EngineKind::Ort,
            Runtime::Rten(_) => EngineKind::Rten,
        }
    }

    /// One line for people: which engine runs and why.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// The library that is loaded; `None` with `rten`.
    #[must_use]
    pub fn library(&self) -> Option<&library::Library> {
        match &self.runtime {
            Runtime::Ort(runtime) => Some(runtime.library()),
            Runtime::Rten(_) => None,
        }
    }

    /// Loads `model` and compares its tensors with the manifest.
    ///
    /// Load the largest model first: the next one then reuses the memory its loading left behind
    /// (about 5 MB less resident with `ort`, detector before Lightning).
    ///
    /// # Errors
    /// [`EngineError::Load`] and [`EngineError::Mismatch`].
    pub fn load(&self, model: &Model) -> Result<Box<dyn Engine>, EngineError> {
        match &self.runtime {
            Runtime::Ort(runtime) => runtime.engine(model),
            Runtime::Rten(runtime) => runtime.engine(model),
        }
    }

    fn rten(why: String) -> Self {
        Self {
            runtime: Runtime::Rten(rten::Runtime::new()),
            why,
        }
    }
}

impl fmt::Display for EngineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ort => "ort",
            Self::Rten => "rten",
        })
    }
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "ort" => Ok(Self::Ort),
            "rten" => Ok(Self::Rten),
            other => Err(format!(
                "unknown engine \"{other}\"; use \"auto\", \"ort\" or \"rten\""
            )),
        }
    }
}

impl EngineError {
    fn load(
        model: &Model,
        engine: EngineKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Load {
            model: model.spec.name.clone(),
            engine,
            source: source.into(),
        }
    }

    fn run(
        engine: EngineKind,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Run {
            engine,
            source: source.into(),
        }
    }
}

/// An error and its sources on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
