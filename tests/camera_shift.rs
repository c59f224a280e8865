//! How the camera has moved, as the whole of vision tells it of rendered pictures.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::time::Duration;

use backstay::vision::frame::Frame;
use backstay::vision::model::Model;
use backstay::vision::observer::Observer;
use backstay::vision::picture::{Rgb, decode};
use backstay::vision::source::sample::SampleSource;

/// The sample's pictures with their times, up to `end` seconds.
fn sample(end: u64) -> Vec<(Duration, Rgb)> {
    let mut source = SampleSource::default();
    let frames = std::iter::from_fn(|| source.next_frame());
    frames
        .take_while(|frame: &Frame| frame.at <= Duration::from_secs(end))
        .map(|frame| (frame.at, decode(&frame).unwrap()))
        .collect()
}

fn observer() -> Observer {
    Observer::new(&common::rten(), &Model::lightning()).unwrap()
}

/// `picture` as a camera gives it that was turned so that everything moves to the right and down;
/// what comes into view is grey.
fn nudged(picture: &Rgb, right: usize, down: usize) -> Rgb {
    let width = picture.width as usize;
    let mut pixels = vec![128; picture.pixels.len()];
    let rows = picture.pixels.chunks_exact(3 * width);
    for (row, out) in rows.zip(pixels.chunks_exact_mut(3 * width).skip(down)) {
        out[3 * right..].copy_from_slice(&row[..3 * (width - right)]);
    }
    Rgb { pixels, ..*picture }
}

/// The camera of the sample stands still while the person slouches.
#[test]
fn a_slouch_is_no_shift_of_the_camera() {
    let mut observer = observer();
    let mut told = Vec::new();
    let pictures = sample(70);
    for (at, picture) in &pictures {
        told.extend(observer.observe_picture(*at, picture).unwrap().camera);
    }
    assert!(
        told.len() + 2 >= pictures.len(),
        "told {} times",
        told.len()
    );
    let width = pictures[0].1.width as f32;
    for shift in told {
        assert_eq!(shift.scene, 0, "{shift:?}");
        let far = shift.right.hypot(shift.down) / width;
        assert!(far < 0.01 && shift.turn.abs() < 0.3, "{shift:?}");
    }
}

#[test]
fn a_nudge_is_told_to_the_pixel() {
    let mut observer = observer();
    for (at, picture) in sample(6) {
        let moved = at >= Duration::from_secs(3);
        let seen = if moved {
            observer.observe_picture(at, &nudged(&picture, 21, 24))
        } else {
            observer.observe_picture(at, &picture)
        };
        if moved {
            let shift = seen.unwrap().camera.unwrap();
            let (right, down) = (shift.right - 21.0, shift.down - 24.0);
            assert!(right.hypot(down) < 1.0, "{shift:?}");
        }
    }
}
