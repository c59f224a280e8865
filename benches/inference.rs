//! One inference, per engine and model, on a picture of the sample.
//!
//! ONNX Runtime is measured where it is installed (`backstay engine install`).

use backstay::config::folders;
use backstay::vision::detector::Detector;
use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::{EngineChoice, EngineSetup};
use backstay::vision::model::Model;
use backstay::vision::movenet::MoveNet;
use backstay::vision::picture::{Rgb, decode};
use backstay::vision::source::sample::SampleSource;
use criterion::{Criterion, criterion_group, criterion_main};

fn inference(c: &mut Criterion) {
    let data = folders::data().expect("a data folder");
    let picture = picture();
    let mut group = c.benchmark_group("inference");
    group.sample_size(20);
    for choice in [EngineChoice::Ort, EngineChoice::Rten] {
        let setup = match EngineSetup::resolve(choice, &LibraryPlaces::from_env(data.clone())) {
            Ok(setup) => setup,
            Err(e) => {
                eprintln!("skipped: {e}: install it with \"backstay engine install\"");
                continue;
            }
        };
        let kind = setup.kind();
        for name in ["lightning", "thunder"] {
            let model = Model::select(name, &data).expect("the model");
            let mut movenet = MoveNet::new(&model, setup.load(&model).expect("a sound model"));
            movenet.look_at(&picture);
            group.bench_function(format!("{kind}/{name}"), |b| b.iter(|| movenet.infer()));
        }
        let model = Model::presence();
        let mut detector = Detector::new(&model, setup.load(&model).expect("a sound model"));
        group.bench_function(format!("{kind}/presence"), |b| {
            b.iter(|| detector.detect(&picture))
        });
    }
}

fn picture() -> Rgb {
    let frame = SampleSource::default()
        .next_frame()
        .expect("the sample has pictures");
    decode(&frame).expect("the sample's pictures are sound")
}

criterion_group!(benches, inference);
criterion_main!(benches);
