//! ONNX Runtime, through the `ort` crate.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use ::ort::LoadDynamicError;
use ::ort::environment::Environment;
use ::ort::ep;
use ::ort::logging::LogLevel;
use ::ort::session::Session;
use ::ort::session::SessionInputValue;
use ::ort::session::builder::{BuilderResult, GraphOptimizationLevel, SessionBuilder};
use ::ort::value::{Outlet, TensorElementType, TensorRef, ValueType};
use ndarray::ArrayD;

use super::library::{Library, LibraryError};
use super::tensors::{self, Declared, Pixels};
use super::{Engine, EngineError, EngineKind, ImageView};
use crate::vision::model::{Element, Model, ModelSpec};

/// The library and its environment, once loaded: a process has one of each for its whole life.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// A loaded library.
pub(super) struct Runtime {
    library: Library,
    environment: Environment,
}

impl Runtime {
    /// Loads `library`, which must have been [found](super::library::find) fit for it.
    pub(super) fn load(library: Library) -> Result<Self, LibraryError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match &*loaded {
            Some((path, environment)) if *path == library.path => environment.clone(),
            Some((path, _)) => {
                return Err(LibraryError::Another {
                    path: library.path,
                    loaded: path.clone(),
                });
            }
            None => {
                let environment = environment(&library)?;
                *loaded = Some((library.path.clone(), environment.clone()));
                environment
            }
        };
        Ok(Self {
            library,
            environment,
        })
    }

    pub(super) fn library(&self) -> &Library {
        &self.library
    }

    pub(super) fn engine(&self, model: &Model) -> Result<Box<dyn Engine>, EngineError> {
        let failed = |error: ::ort::Error| EngineError::load(model, EngineKind::Ort, error);
        let session = options(&self.environment)
            .and_then(|mut builder| builder.commit_from_memory(&model.bytes))
            .map_err(failed)?;
        // Reading a model leaves twice its size free in the C heap's middle: 19 of 113 MB in all.
        heap_trim::trim();
        tensors::compare(
            &model.spec,
            &declare(session.inputs()),
            &declare(session.outputs()),
        )?;
        Ok(Box::new(Ort {
            session,
            spec: model.spec.clone(),
        }))
    }
}

struct Ort {
    session: Session,
    spec: ModelSpec,
}

impl Engine for Ort {
    fn kind(&self) -> EngineKind {
        EngineKind::Ort
    }

    fn run(&mut self, image: ImageView<'_>) -> Result<Vec<ArrayD<f32>>, EngineError> {
        let failed = |error| EngineError::run(EngineKind::Ort, error);
        let shape = self.spec.input.shape.as_slice();
        let input: SessionInputValue<'_> = match tensors::pixels(&self.spec, &image)? {
            Pixels::I32(pixels) => TensorRef::from_array_view((shape, pixels))
                .map_err(failed)?
                .into(),
            Pixels::F32(pixels) => TensorRef::from_array_view((shape, pixels))
                .map_err(failed)?
                .into(),
        };
        let values = self
            .session
            .run(::ort::inputs![self.spec.input.name.as_str() => input])
            .map_err(failed)?;
        self.spec
            .outputs
            .iter()
            .map(|wanted| {
                let array = values[wanted.name.as_str()]
                    .try_extract_array::<f32>()
                    .map_err(failed)?;
                let elements = array.iter().copied().collect();
                tensors::output(&self.spec, wanted, array.shape(), elements)
            })
            .collect()
    }
}

fn environment(library: &Library) -> Result<Environment, LibraryError> {
    let failed = |error: &dyn std::error::Error| LibraryError::Load {
        path: library.path.clone(),
        reason: super::chain(error),
    };
    ::ort::init_from(&library.path)
        .map_err(|error| match &error {
            // Its own text leaves out what the system's loader said.
            LoadDynamicError::Dlopen { error, .. } => failed(error),
            other => failed(other),
        })?
        .with_name("backstay")
        .with_telemetry(false)
        .with_logger(Arc::new(log))
        .build()
        .map_err(|error| failed(&error))
}

/// The library's messages, in our log. Its warnings are about how it optimises, of no use to a person.
fn log(level: LogLevel, category: &str, _id: &str, _location: &str, message: &str) {
    match level {
        LogLevel::Verbose | LogLevel::Info => {
            tracing::trace!("ONNX Runtime: {category}: {message}")
        }
        LogLevel::Warning => tracing::debug!("ONNX Runtime: {category}: {message}"),
        LogLevel::Error | LogLevel::Fatal => tracing::warn!("ONNX Runtime: {category}: {message}"),
    }
}

/// How a model is run when it runs a few times a second, all day.
fn options(environment: &Environment) -> ::ort::Result<SessionBuilder> {
    let plain = |result: BuilderResult| result.map_err(::ort::Error::from);
    let builder = Session::builder(environment)?;
    // Level 2, the next lower one, is 2.5 times slower: it lacks the blocked convolution layout.
    let builder = plain(builder.with_optimization_level(GraphOptimizationLevel::All))?;
    // The calling thread does the work: a second one spins or is woken for more than it saves.
    let builder = plain(builder.with_intra_threads(1))?;
    let builder = plain(builder.with_inter_threads(1))?;
    let builder = plain(builder.with_intra_op_spinning(false))?;
    let builder = plain(builder.with_inter_op_spinning(false))?;
    let builder = plain(builder.with_memory_pattern(false))?;
    // The arena keeps its blocks: 5 MB resident, which save about 1 ms of page faults a picture.
    plain(builder.with_execution_providers([ep::CPU::default().with_arena_allocator(true).build()]))
}

fn declare(outlets: &[Outlet]) -> Vec<Declared> {
    outlets
        .iter()
        .map(|outlet| {
            let (element, shape) = match outlet.dtype() {
                ValueType::Tensor { ty, shape, .. } => (
                    match ty {
                        TensorElementType::Int32 => Some(Element::I32),
                        TensorElementType::Float32 => Some(Element::F32),
                        _ => None,
                    },
                    // -1 stands for a size the file leaves open.
                    Some(
                        shape
                            .iter()
                            .map(|size| usize::try_from(*size).ok())
                            .collect(),
                    ),
                ),
                _ => (None, None),
            };
            Declared {
                name: outlet.name().to_owned(),
                element,
                shape,
            }
        })
        .collect()
}
