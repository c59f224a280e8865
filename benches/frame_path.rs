//! The way of one frame, stage by stage: decode, brightness, letterbox, background, inference and
//! joints, monitor.

use std::time::Duration;

use backstay::domain::io::{Command, Input};
use backstay::domain::monitor::Monitor;
use backstay::domain::pose::{Joint, Keypoint, Pose};
use backstay::domain::settings::Settings;
use backstay::domain::time::{Moment, WallTime};
use backstay::vision::background::{Background, Known};
use backstay::vision::engine::library::LibraryPlaces;
use backstay::vision::engine::{EngineChoice, EngineSetup};
use backstay::vision::frame::{Frame, PixelFormat};
use backstay::vision::letterbox::Letterbox;
use backstay::vision::model::Model;
use backstay::vision::observer::Observer;
use backstay::vision::picture::{Rgb, brightness, decode};
use criterion::measurement::WallTime as Clock;
use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main};

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
    background(&mut group, "background_640x480", &picture, (4, 3));
    // So far that the last place is no place to start from.
    background(
        &mut group,
        "background_searched_640x480",
        &picture,
        (48, 36),
    );

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

/// The camera is nudged to and fro by so many pixels to the right and down, so that every picture's
/// shift is to be found.
fn background(
    group: &mut BenchmarkGroup<Clock>,
    name: &str,
    picture: &Rgb,
    (right, down): (u32, u32),
) {
    let pictures = [picture, &nudged(picture, right, down)];
    let pose = seated();
    let known = Known {
        pose: &pose,
        presence: 0.9,
        light: 0.5,
    };
    let mut background = Background::default();
    let mut taken = 0;
    let mut look = |index: usize| {
        taken += 1;
        background.look(Duration::from_secs(1) / 3 * taken, pictures[index], known)
    };
    look(0);
    look(0);
    let told = look(1).expect("the room tells");
    assert!((told.right - right as f32).abs() < 1.0, "{told:?}");
    group.bench_function(name, |b| b.iter(|| (look(0), look(1))));
}

/// The joints of the person in the picture, as MoveNet finds them.
fn seated() -> Pose {
    let mut joints = [Keypoint::default(); Joint::COUNT];
    let mut put = |joint: Joint, x: f32, y: f32| {
        joints[joint as usize] = Keypoint {
            x,
            y,
            confidence: 0.7,
        };
    };
    put(Joint::Nose, 320.0, 146.0);
    put(Joint::LeftEar, 376.0, 169.0);
    put(Joint::RightEar, 271.0, 171.0);
    put(Joint::LeftShoulder, 441.0, 275.0);
    put(Joint::RightShoulder, 209.0, 276.0);
    Pose::new(joints)
}

/// `picture` moved to the right and down, its first columns and rows repeated.
fn nudged(picture: &Rgb, right: u32, down: u32) -> Rgb {
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for y in 0..picture.height {
        for x in 0..picture.width {
            let from = y.saturating_sub(down) * picture.width + x.saturating_sub(right);
            pixels.extend(&picture.pixels[3 * from as usize..][..3]);
        }
    }
    Rgb { pixels, ..*picture }
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
