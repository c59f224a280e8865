//! Both engines load the same files, give the same outputs, and refuse the same mistakes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::borrow::Cow;
use std::path::Path;

use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::pins::Pin;
use backstay::vision::engine::tensors::AGREEMENT;
use backstay::vision::engine::{
    Engine, EngineChoice, EngineError, EngineKind, EngineSetup, ImageView,
};
use backstay::vision::model::{Element, Model};
use common::{ort, rten};
use ndarray::{Array4, ArrayD};

fn nowhere(data_folder: &Path) -> LibraryPlaces {
    LibraryPlaces {
        data_folder: data_folder.to_owned(),
        named: None,
        telemetry_disabled: false,
    }
}

fn models() -> [Model; 3] {
    let thunder = Model::select("thunder", Path::new("/nonexistent")).unwrap();
    [Model::presence(), Model::lightning(), thunder]
}

/// A made picture: soft shapes of several sizes and a little noise, different for each `seed`.
fn picture(model: &Model, seed: usize) -> Array4<i32> {
    let [batch, height, width, channels] = model.spec.input.shape[..] else {
        panic!("an image has four axes");
    };
    let mut noise = seed as u64 + 1;
    Array4::from_shape_fn((batch, height, width, channels), |(_, y, x, c)| {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let head = 1.0 - (((u - 0.5) / 0.15).powi(2) + ((v - 0.35) / 0.2).powi(2)).min(1.0);
        let waves = (u * (9 + 4 * seed + 3 * c) as f32).sin() * (v * (7 + 5 * seed) as f32).cos();
        let value = 90.0 + 60.0 * waves + 80.0 * head + (noise >> 60) as f32;
        (value as i32).clamp(0, 255)
    })
}

fn infer(engine: &mut dyn Engine, model: &Model, picture: &Array4<i32>) -> Vec<ArrayD<f32>> {
    match model.spec.input.element {
        Element::I32 => engine.run(ImageView::I32(picture.view())),
        Element::F32 => {
            let scaled = picture.mapv(|value| value as f32 / 127.5 - 1.0);
            engine.run(ImageView::F32(scaled.view()))
        }
    }
    .unwrap()
}

#[test]
fn engines_agree() {
    let Some(ort) = ort("engines_agree") else {
        return;
    };
    let rten = rten();
    assert_eq!(
        (ort.kind(), rten.kind()),
        (EngineKind::Ort, EngineKind::Rten)
    );
    for model in models() {
        let mut first = ort.load(&model).unwrap();
        let mut second = rten.load(&model).unwrap();
        let mut worst = 0.0_f32;
        for seed in 0..4 {
            let picture = picture(&model, seed);
            let ours = infer(first.as_mut(), &model, &picture);
            let theirs = infer(second.as_mut(), &model, &picture);
            for ((a, b), wanted) in ours.iter().zip(&theirs).zip(&model.spec.outputs) {
                assert_eq!(a.shape(), wanted.shape);
                assert_eq!(b.shape(), wanted.shape);
                let size = a.iter().fold(1.0_f32, |size, value| size.max(value.abs()));
                let difference = a
                    .iter()
                    .zip(b)
                    .fold(0.0_f32, |worst, (a, b)| worst.max((a - b).abs()));
                worst = worst.max(difference / size);
            }
        }
        eprintln!("{}: largest difference {worst:.1e}", model.spec.name);
        assert!(worst <= AGREEMENT, "{}: {worst:e}", model.spec.name);
    }
}

fn gives_finite_outputs_that_depend_on_the_picture(setup: &EngineSetup) {
    for model in models() {
        let mut engine = setup.load(&model).unwrap();
        assert_eq!(engine.kind(), setup.kind());
        let first = infer(engine.as_mut(), &model, &picture(&model, 1));
        let other = infer(engine.as_mut(), &model, &picture(&model, 2));
        let again = infer(engine.as_mut(), &model, &picture(&model, 1));
        assert_eq!(first.len(), model.spec.outputs.len());
        assert!(first.iter().flatten().all(|value| value.is_finite()));
        assert_ne!(first, other, "{}", model.spec.name);
        assert_eq!(first, again, "{}", model.spec.name);
    }
}

#[test]
fn rten_gives_finite_outputs_that_depend_on_the_picture() {
    gives_finite_outputs_that_depend_on_the_picture(&rten());
}

#[test]
fn ort_gives_finite_outputs_that_depend_on_the_picture() {
    if let Some(setup) = ort("ort_gives_finite_outputs_that_depend_on_the_picture") {
        gives_finite_outputs_that_depend_on_the_picture(&setup);
    }
}

fn refuses_what_does_not_fit(setup: &EngineSetup) {
    let mut model = Model::lightning();
    let mut engine = setup.load(&model).unwrap();
    let small = Array4::<i32>::zeros((1, 128, 128, 3));
    let floats = Array4::<f32>::zeros((1, 192, 192, 3));
    let mut turned = Array4::<i32>::zeros((1, 192, 192, 3));
    turned.swap_axes(1, 2);
    for (image, expected) in [
        (
            ImageView::I32(small.view()),
            "it is I32 [1, 128, 128, 3], not I32 [1, 192, 192, 3]",
        ),
        (
            ImageView::F32(floats.view()),
            "it is F32 [1, 192, 192, 3], not I32 [1, 192, 192, 3]",
        ),
        (
            ImageView::I32(turned.view()),
            "its elements are not in row-major order",
        ),
    ] {
        let error = engine.run(image).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("picture does not fit model \"lightning\": {expected}")
        );
    }

    model.spec.input.shape = vec![1, 256, 256, 3];
    let error = setup.load(&model).err().unwrap();
    assert_eq!(
        error.to_string(),
        "model \"lightning\" does not match the manifest: it has \"input\" I32 [1, 192, 192, 3], \
         not \"input\" I32 [1, 256, 256, 3]"
    );
}

#[test]
fn rten_refuses_what_does_not_fit() {
    refuses_what_does_not_fit(&rten());
}

#[test]
fn ort_refuses_what_does_not_fit() {
    if let Some(setup) = ort("ort_refuses_what_does_not_fit") {
        refuses_what_does_not_fit(&setup);
    }
}

fn refuses_damaged_bytes(setup: &EngineSetup) {
    let whole = Model::lightning();
    let length = whole.bytes.len();
    let mut damaged: Vec<Vec<u8>> = [0, 1, 100, length / 2, length - 1]
        .iter()
        .map(|length| whole.bytes[..*length].to_vec())
        .collect();
    damaged.push(b"this is a text file\n".to_vec());
    for bytes in damaged {
        let length = bytes.len();
        let model = Model {
            bytes: Cow::Owned(bytes),
            ..whole.clone()
        };
        let error = setup.load(&model).err();
        assert!(
            matches!(
                error,
                Some(EngineError::Load { .. } | EngineError::Mismatch { .. })
            ),
            "{length} bytes: {error:?}"
        );
    }
}

#[test]
fn rten_refuses_damaged_bytes() {
    refuses_damaged_bytes(&rten());
}

#[test]
fn ort_refuses_damaged_bytes() {
    if let Some(setup) = ort("ort_refuses_damaged_bytes") {
        refuses_damaged_bytes(&setup);
    }
}

#[test]
fn without_a_library_auto_takes_rten_and_ort_says_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let places = nowhere(empty.path());
    let setup = EngineSetup::resolve(EngineChoice::Auto, &places).unwrap();
    assert_eq!(setup.kind(), EngineKind::Rten);
    assert!(setup.library().is_none());

    let error = EngineSetup::resolve(EngineChoice::Ort, &places)
        .err()
        .unwrap();
    let text = format!("{:#}", anyhow::Error::new(error));
    assert!(text.starts_with("cannot run engine \"ort\": "), "{text}");
    if Pin::for_this_platform().is_some() {
        assert!(text.contains("\"backstay engine install\""), "{text}");
        assert!(
            setup.why().contains("\"backstay engine install\""),
            "{}",
            setup.why()
        );
    }
}

#[test]
fn a_damaged_library_is_never_loaded() {
    let Some(pin) = Pin::for_this_platform() else {
        eprintln!(
            "skipped: a_damaged_library_is_never_loaded: no build of ONNX Runtime for this platform"
        );
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let path = pin.library_file(data.path());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, b"\x7fELF and then nothing").unwrap();
    let places = nowhere(data.path());
    let setup = EngineSetup::resolve(EngineChoice::Auto, &places).unwrap();
    assert_eq!(setup.kind(), EngineKind::Rten);
    assert!(setup.why().contains("is damaged"), "{}", setup.why());
    let error = EngineSetup::resolve(EngineChoice::Ort, &places)
        .err()
        .unwrap();
    let text = format!("{:#}", anyhow::Error::new(error));
    assert!(text.contains("is damaged"), "{text}");
}
