//! What both engines check: that tensors are the ones the manifest names.

use ndarray::{ArrayD, IxDyn};

use super::{EngineError, ImageView};
use crate::vision::model::{Element, ModelSpec, TensorSpec};

/// How far the engines' outputs may differ, as a part of the output's size (1 for outputs up to 1).
///
/// Both compute in 32-bit floats and add in different orders; the largest difference seen, on pictures
/// of people, is 1.2e-5. On a joint in a 640-pixel frame the limit is a hundredth of a pixel.
pub const AGREEMENT: f32 = 2e-5;

/// A tensor as a loaded model file declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// Its name.
    pub(super) name: String,
    /// The type of its elements; `None`: none of [`Element`].
    pub(super) element: Option<Element>,
    /// Its sizes, `None` where the file leaves one open; `None` altogether: not declared.
    pub(super) shape: Option<Vec<Option<usize>>>,
}

/// Compares the tensors a file declares with the manifest's. What the file leaves open is checked
/// when the model runs: see [`output`].
pub(super) fn compare(
    spec: &ModelSpec,
    inputs: &[Declared],
    outputs: &[Declared],
) -> Result<(), EngineError> {
    let mismatch = |detail: String| EngineError::Mismatch {
        model: spec.name.clone(),
        detail,
    };
    let [input] = inputs else {
        return Err(mismatch(format!("it has {} inputs, not 1", inputs.len())));
    };
    if outputs.len() != spec.outputs.len() {
        return Err(mismatch(format!(
            "it has {} outputs, not {}",
            outputs.len(),
            spec.outputs.len()
        )));
    }
    check(&spec.input, input).map_err(mismatch)?;
    for wanted in &spec.outputs {
        let declared = outputs
            .iter()
            .find(|output| output.name == wanted.name)
            .ok_or_else(|| mismatch(format!("it has no output \"{}\"", wanted.name)))?;
        check(wanted, declared).map_err(mismatch)?;
    }
    Ok(())
}

/// The elements of a picture the model takes.
pub(super) enum Pixels<'a> {
    I32(&'a [i32]),
    F32(&'a [f32]),
}

/// The picture's elements in row-major order, once its shape and type are the model's.
pub(super) fn pixels<'a>(
    spec: &ModelSpec,
    image: &'a ImageView<'_>,
) -> Result<Pixels<'a>, EngineError> {
    let (element, shape, pixels) = match image {
        ImageView::I32(view) => (Element::I32, view.shape(), view.as_slice().map(Pixels::I32)),
        ImageView::F32(view) => (Element::F32, view.shape(), view.as_slice().map(Pixels::F32)),
    };
    let refuse = |detail: String| EngineError::Image {
        model: spec.name.clone(),
        detail,
    };
    if element != spec.input.element || shape != spec.input.shape {
        return Err(refuse(format!(
            "it is {element:?} {shape:?}, not {:?} {:?}",
            spec.input.element, spec.input.shape
        )));
    }
    pixels.ok_or_else(|| refuse("its elements are not in row-major order".to_owned()))
}

/// An output as it came out of an engine, once its shape is the manifest's.
pub(super) fn output(
    spec: &ModelSpec,
    wanted: &TensorSpec,
    shape: &[usize],
    elements: Vec<f32>,
) -> Result<ArrayD<f32>, EngineError> {
    let mismatch = || EngineError::Mismatch {
        model: spec.name.clone(),
        detail: format!(
            "output \"{}\" came out as {shape:?}, not {:?}",
            wanted.name, wanted.shape
        ),
    };
    if shape != wanted.shape {
        return Err(mismatch());
    }
    ArrayD::from_shape_vec(IxDyn(shape), elements).map_err(|_| mismatch())
}

fn check(wanted: &TensorSpec, declared: &Declared) -> Result<(), String> {
    let same = declared.name == wanted.name
        && declared.element == Some(wanted.element)
        && declared.shape.as_ref().is_none_or(|shape| {
            shape.len() == wanted.shape.len()
                && shape
                    .iter()
                    .zip(&wanted.shape)
                    .all(|(size, wanted)| size.is_none_or(|size| size == *wanted))
        });
    if same {
        return Ok(());
    }
    Err(format!(
        "it has {}, not {}",
        describe(&declared.name, declared.element, declared.shape.as_deref()),
        describe(
            &wanted.name,
            Some(wanted.element),
            Some(&wanted.shape.iter().copied().map(Some).collect::<Vec<_>>())
        ),
    ))
}

fn describe(name: &str, element: Option<Element>, shape: Option<&[Option<usize>]>) -> String {
    let element = element.map_or("another type".to_owned(), |e| format!("{e:?}"));
    let sizes: Vec<String> = shape
        .unwrap_or_default()
        .iter()
        .map(|size| size.map_or("?".to_owned(), |size| size.to_string()))
        .collect();
    format!("\"{name}\" {element} [{}]", sizes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::model::Model;

    fn declared(tensor: &TensorSpec) -> Declared {
        Declared {
            name: tensor.name.clone(),
            element: Some(tensor.element),
            shape: Some(tensor.shape.iter().copied().map(Some).collect()),
        }
    }

    #[test]
    fn the_manifests_own_tensors_pass_in_any_order_and_with_open_sizes() {
        let spec = Model::presence().spec;
        let input = [declared(&spec.input)];
        let mut outputs: Vec<_> = spec.outputs.iter().rev().map(declared).collect();
        outputs[0].shape.as_mut().unwrap()[0] = None;
        outputs[1].shape = None;
        compare(&spec, &input, &outputs).unwrap();
    }

    #[test]
    fn each_difference_is_named() {
        let spec = Model::lightning().spec;
        let input = declared(&spec.input);
        let output = declared(&spec.outputs[0]);
        let check = |inputs: &[Declared], outputs: &[Declared], expected: &str| {
            let text = compare(&spec, inputs, outputs).unwrap_err().to_string();
            assert_eq!(
                text,
                format!("model \"lightning\" does not match the manifest: {expected}")
            );
        };
        let (i, o) = ([input.clone()], [output.clone()]);
        check(&[], &o, "it has 0 inputs, not 1");
        check(&i, &[], "it has 0 outputs, not 1");
        check(
            &[Declared {
                name: "image".into(),
                ..input.clone()
            }],
            &o,
            "it has \"image\" I32 [1, 192, 192, 3], not \"input\" I32 [1, 192, 192, 3]",
        );
        check(
            &[Declared {
                element: Some(Element::F32),
                ..input.clone()
            }],
            &o,
            "it has \"input\" F32 [1, 192, 192, 3], not \"input\" I32 [1, 192, 192, 3]",
        );
        check(
            &i,
            &[Declared {
                shape: Some(vec![Some(1), None, Some(16), Some(3)]),
                ..output.clone()
            }],
            "it has \"keypoints\" F32 [1, ?, 16, 3], not \"keypoints\" F32 [1, 1, 17, 3]",
        );
        check(
            &i,
            &[Declared {
                name: "points".into(),
                ..output
            }],
            "it has no output \"keypoints\"",
        );
    }
}
