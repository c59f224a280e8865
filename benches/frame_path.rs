//! The way of one frame, stage by stage: decode, brightness, letterbox, inference and joints,
//! monitor.

use std::time::Duration;

use backstay::domain::io::{Command, Input};
use backstay::domain::monitor::Monitor;
use backstay::domain::settings::Settings;
use backstay::domain::time::{Moment, WallTime};
use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::{EngineChoice, EngineSetup};
use backstay::vision::frame::{Frame, PixelFormat};
use backstay::vision::letterbox::Letterbox;
use backstay::vision::model::Model;
use backstay::vision::observer::Observer;
use backstay::vision::picture::{brightness, decode};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// A camera's usual picture: 640 by 480, 46 kB.
const PICTURE: &[u8] = include_bytes!("../tests/frames/stills/alex_front_upright.jpg");

fn frame_path(c: &mut Criterion) {
    let mut group = c.benchmark_group("frame_path");
    let frame = jpeg(Duration::ZERO);
    group.bench_function("decode_jpeg_640x480", |b| b.iter(|| decode(&frame)));
    let picture = decode(&frame).expect("the picture is sound");
    group.bench_function("brightness", |b| b.iter(|| brightness(&picture)));
    let letterbox = Letterbox::new((640, 480), 192);
    let mut square = Vec::new();
    group.bench_function("letterbox_192", |b| {
        b.iter(|| letterbox.fill(&picture, &mut square))
    });

    let data = backstay::config::folders::data().expect("a data folder");
    let setup = EngineSetup::resolve(EngineChoice::Auto, &LibraryPlaces::from_env(data))
        .expect("an engine is compiled in");
    let mut observer = Observer::new(&setup, &Model::lightning()).expect("a sound model");
    let mut at = Duration::ZERO;
    group.sample_size(20);
    group.bench_function(format!("whole_{}", setup.kind()), |b| {
        b.iter(|| {
            // Three frames a second, so that the presence detector runs as often as it would.
            at += Duration::from_secs(1) / 3;
            observer.observe(&jpeg(at))
        });
    });

    let seen = observer.observe(&jpeg(at)).expect("the picture is sound");
    let start = WallTime {
        unix_ms: 0,
        utc_offset_s: 0,
    };
    let mut monitor = Monitor::new(Settings::default(), None);
    let calibrate = Input::Command(Command::Calibrate(Duration::from_secs(10)));
    monitor.handle(Moment::after(start, Duration::ZERO), calibrate);
    let mut at = Duration::ZERO;
    group.sample_size(100);
    group.bench_function("monitor", |b| {
        b.iter_batched(
            || {
                at += Duration::from_secs(1) / 3;
                Moment::after(start, at)
            },
            |moment| monitor.handle(moment, Input::Observation(seen)),
            BatchSize::SmallInput,
        );
    });
}

fn jpeg(at: Duration) -> Frame {
    Frame {
        at,
        format: PixelFormat::Jpeg,
        size: (0, 0),
        bytes: PICTURE.to_vec(),
    }
}

criterion_group!(benches, frame_path);
criterion_main!(benches);
