//! A working day of recorded observations: 8 hours at 3 a second, read, judged and counted.

use std::path::Path;
use std::time::Duration;

use backstay::domain::io::{Command, Input, Observation};
use backstay::domain::monitor::Monitor;
use backstay::domain::pose::{Keypoint, Pose};
use backstay::domain::settings::Settings;
use backstay::domain::time::{Moment, WallTime};
use backstay::runtime::drive;
use backstay::runtime::outputs::Outputs;
use backstay::runtime::rate::SharedRate;
use backstay::runtime::replay::SessionReplay;
use backstay::session::{Header, Model, SessionReader, SessionWriter, settings};
use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::{EngineChoice, EngineSetup};
use backstay::vision::model;
use backstay::vision::observer::Observer;
use backstay::vision::source::sample::SampleSource;
use criterion::{Criterion, criterion_group, criterion_main};

const OBSERVATIONS: u32 = 8 * 3600 * 3;

fn replay(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("day.jsonl");
    record_a_day(&path);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let mut group = c.benchmark_group("replay");
    group.sample_size(10);
    group.bench_function("eight_hours", |b| {
        b.iter(|| {
            let reader = SessionReader::open(&path).expect("the session is sound");
            let mut monitor = Monitor::new(Settings::default(), None);
            let mut outputs = Outputs::new(SharedRate::new(3.0));
            let mut inputs = SessionReplay::new(reader);
            runtime
                .block_on(drive(&mut monitor, &mut inputs, &mut outputs))
                .expect("a replay");
            assert_eq!(outputs.summary.observations, u64::from(OBSERVATIONS));
        });
    });
}

/// The sample's observations over and over, each with a little noise, as a session.
fn record_a_day(path: &Path) {
    let start = WallTime {
        unix_ms: 1_790_000_000_000,
        utc_offset_s: 0,
    };
    let seen = observations();
    let header = Header {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        model: Model {
            name: "lightning".to_owned(),
            sha256: "0".repeat(64),
        },
        engine: "rten".to_owned(),
        frame: seen[0].frame,
        started: start,
        settings: settings::to_map(&Settings::default()),
        baseline: None,
        profiles: Vec::new(),
    };
    let mut writer = SessionWriter::create(path, &header).expect("a new session");
    let mut monitor = Monitor::new(Settings::default(), None);
    let calibrate = Input::Command(Command::Calibrate(Duration::from_secs(10)));
    let mut inputs = vec![(Moment::after(start, Duration::ZERO), calibrate)];
    inputs.extend((0..OBSERVATIONS).map(|n| {
        let at = Duration::from_micros(u64::from(n) * 1_000_000 / 3);
        let observation = jittered(&seen[n as usize % seen.len()], n);
        (Moment::after(start, at), Input::Observation(observation))
    }));
    for (at, input) in inputs {
        writer.input(at, &input).expect("space on the disk");
        let effects = monitor.handle(at, input);
        writer.effects(at, &effects).expect("space on the disk");
    }
    writer.finish().expect("space on the disk");
}

fn observations() -> Vec<Observation> {
    let data = backstay::config::folders::data().expect("a data folder");
    let setup = EngineSetup::resolve(EngineChoice::Auto, &LibraryPlaces::from_env(data))
        .expect("an engine is compiled in");
    let mut observer = Observer::new(&setup, &model::Model::lightning()).expect("a sound model");
    let mut sample = SampleSource::default();
    std::iter::from_fn(|| sample.next_frame())
        .map(|frame| {
            observer
                .observe(&frame)
                .expect("the sample's pictures are sound")
        })
        .collect()
}

/// Moves every joint by up to a pixel, the same way for the same `n`.
fn jittered(seen: &Observation, n: u32) -> Observation {
    let mut state = n.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut noise = || {
        // Xorshift (Marsaglia 2003): repeatable, and good enough to make digits differ.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        ((state % 201) as f32 - 100.0) / 100.0
    };
    let round = |v: f32| (v * 100.0).round() / 100.0;
    let keypoints = seen.pose.keypoints().map(|k| Keypoint {
        x: round(k.x + noise()),
        y: round(k.y + noise()),
        ..k
    });
    Observation {
        pose: Pose::new(keypoints),
        ..*seen
    }
}

criterion_group!(benches, replay);
criterion_main!(benches);
