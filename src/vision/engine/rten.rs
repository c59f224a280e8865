//! The compiled-in engine: the `rten` crate, pure Rust.

use std::borrow::Cow;
use std::sync::Arc;

use ndarray::ArrayD;
use rten::{DataType, Dimension, ModelOptions, NodeId, RunOptions, ThreadPool, ValueType};
use rten_tensor::prelude::*;
use rten_tensor::{Tensor, TensorView};

use super::tensors::{self, Declared, Pixels};
use super::{Engine, EngineError, EngineKind, ImageView};
use crate::vision::model::{Element, Model, ModelSpec};

/// One thread: at three pictures a second a second one buys nothing and costs wake-ups.
const THREADS: usize = 1;

/// The engine's thread, shared by all models.
pub(super) struct Runtime {
    pool: Arc<ThreadPool>,
}

impl Runtime {
    pub(super) fn new() -> Self {
        Self {
            pool: Arc::new(ThreadPool::with_num_threads(THREADS)),
        }
    }

    pub(super) fn engine(&self, model: &Model) -> Result<Box<dyn Engine>, EngineError> {
        let mut options = ModelOptions::with_all_ops();
        // Folds the casts of half-precision weights once, at load.
        options.enable_optimization(true);
        // Packed copies of the weights make none of these models faster.
        options.prepack_weights(false);
        let loaded = match &model.bytes {
            Cow::Borrowed(bytes) => options.load_static_slice(bytes),
            Cow::Owned(bytes) => options.load(bytes.clone()),
        }
        .map_err(|error| EngineError::load(model, EngineKind::Rten, error))?;

        let declared = |ids: &[NodeId]| -> Vec<Declared> {
            ids.iter().map(|id| declare(&loaded, *id)).collect()
        };
        tensors::compare(
            &model.spec,
            &declared(loaded.input_ids()),
            &declared(loaded.output_ids()),
        )?;
        let node = |name: &str| {
            loaded
                .node_id(name)
                .map_err(|error| EngineError::load(model, EngineKind::Rten, error))
        };
        let input = node(&model.spec.input.name)?;
        let outputs = model
            .spec
            .outputs
            .iter()
            .map(|output| node(&output.name))
            .collect::<Result<_, _>>()?;
        Ok(Box::new(Rten {
            model: loaded,
            input,
            outputs,
            spec: model.spec.clone(),
            options: RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool))),
        }))
    }
}

struct Rten {
    model: rten::Model,
    input: NodeId,
    /// In the manifest's order.
    outputs: Vec<NodeId>,
    spec: ModelSpec,
    options: RunOptions,
}

impl Engine for Rten {
    fn kind(&self) -> EngineKind {
        EngineKind::Rten
    }

    fn run(&mut self, image: ImageView<'_>) -> Result<Vec<ArrayD<f32>>, EngineError> {
        let shape = self.spec.input.shape.as_slice();
        let input = match tensors::pixels(&self.spec, &image)? {
            Pixels::I32(pixels) => TensorView::from_data(shape, pixels).into(),
            Pixels::F32(pixels) => TensorView::from_data(shape, pixels).into(),
        };
        let failed = |error| EngineError::run(EngineKind::Rten, error);
        let values = self
            .model
            .run(
                vec![(self.input, input)],
                &self.outputs,
                Some(self.options.clone()),
            )
            .map_err(failed)?;
        self.spec
            .outputs
            .iter()
            .zip(values)
            .map(|(wanted, value)| {
                let tensor: Tensor<f32> = value.try_into().map_err(|error| {
                    EngineError::run(EngineKind::Rten, format!("{}: {error}", wanted.name))
                })?;
                let shape = tensor.shape().to_vec();
                tensors::output(&self.spec, wanted, &shape, tensor.into_data())
            })
            .collect()
    }
}

fn declare(model: &rten::Model, id: NodeId) -> Declared {
    let info = model.node_info(id);
    let info = info.as_ref();
    Declared {
        name: info.and_then(|i| i.name()).unwrap_or_default().to_owned(),
        element: info.and_then(|i| i.dtype()).and_then(|dtype| match dtype {
            ValueType::Tensor(DataType::Int32) => Some(Element::I32),
            ValueType::Tensor(DataType::Float) => Some(Element::F32),
            _ => None,
        }),
        shape: info.and_then(|i| i.shape()).map(|shape| {
            shape
                .into_iter()
                .map(|size| match size {
                    Dimension::Fixed(size) => Some(size),
                    Dimension::Symbolic(_) => None,
                })
                .collect()
        }),
    }
}
