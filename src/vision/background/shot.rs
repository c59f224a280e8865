//! Rooms and people made up for tests, and what a camera makes of them.
#![cfg(test)]

use std::time::Duration;

use super::warp::Warp;
use super::{Background, Known};
use crate::domain::io::CameraShift;
use crate::domain::pose::{Joint, Keypoint, Pose};
use crate::vision::picture::Rgb;

pub(super) const WIDTH: u32 = 320;
pub(super) const HEIGHT: u32 = 240;

/// From a grey level of the room, and where it lies in the picture, to what the camera makes of
/// it.
pub(super) type Light = fn(f64, f64) -> f64;

/// What is before the camera, and how the camera stands. Lengths in parts of the width.
#[derive(Clone)]
pub(super) struct Shot {
    /// Where the room has moved.
    pub(super) warp: Warp,
    /// Where the person's nose is, from the middle.
    pub(super) person: Option<(f64, f64)>,
    /// Where the middle of somebody behind is.
    pub(super) passer: Option<f64>,
    pub(super) light: Light,
    /// Grey levels of noise to either side.
    pub(super) noise: f64,
    /// The part of the things that has given way to others, twice: 1 is half of them.
    pub(super) changed: f64,
    pub(super) walls: Walls,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Walls {
    Furnished,
    Blank,
    /// Level lines, which do not tell where along them one is.
    Lines,
}

pub(super) const ROOM: Shot = Shot {
    warp: Warp::NONE,
    person: None,
    passer: None,
    light: |grey, _| grey,
    noise: 3.0,
    changed: 0.0,
    walls: Walls::Furnished,
};

/// A number from 0 to 1 that looks like chance and is always the same.
pub(super) fn chance(seed: [i64; 3]) -> f64 {
    let mut z = seed.iter().fold(0x9E37_79B9_u64, |z, s| {
        (z ^ (*s as u64))
            .wrapping_mul(0xBF58_476D_1CE4_E5B9)
            .rotate_left(29)
    });
    z = (z ^ (z >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z >> 40) as f64 / f64::from(1 << 24)
}

/// Things on the walls: in every cell of a grid a block of its own size and grey.
pub(super) fn furniture(x: f64, y: f64, set: i64) -> f64 {
    let (column, row) = ((x * 6.0).floor(), (y * 6.0).floor());
    let of = |what: i64| chance([column as i64, row as i64, 10 * set + what]);
    let inside = |place: f64, side: f64| place < 0.3 + 0.6 * side;
    if inside(x * 6.0 - column, of(1)) && inside(y * 6.0 - row, of(2)) {
        90.0 * of(3) - 45.0
    } else {
        0.0
    }
}

impl Shot {
    pub(super) fn room(&self, x: f64, y: f64) -> f64 {
        let lines = 30.0 * (40.0 * y).sin();
        let shade = 20.0 * (5.0 * x + 1.0).sin() * (4.0 * y).cos();
        match self.walls {
            Walls::Blank => 130.0 + shade,
            Walls::Lines => 130.0 + lines,
            Walls::Furnished => {
                // Thing after thing gives way, up to half of them.
                let (column, row) = ((x * 6.0).floor(), (y * 6.0).floor());
                let late = 2.0 * chance([column as i64, row as i64, -1]);
                let set = i64::from(late < self.changed);
                130.0 + shade + furniture(x, y, set)
            }
        }
    }

    pub(super) fn grey(&self, x: f64, y: f64) -> f64 {
        if let Some((u, v)) = self.person.map(|(px, py)| (x - px, y - py)) {
            let trunk = v > 0.15 && u.abs() < 0.15 + 0.3 * (v - 0.15);
            if trunk || u.hypot(v) < 0.09 {
                return 70.0 + 40.0 * (60.0 * u).sin();
            }
        }
        if let Some(u) = self.passer.map(|at| x - at)
            && u.abs() < 0.1
        {
            return 110.0 + 60.0 * (50.0 * u).sin() * (30.0 * y).cos();
        }
        let (x, y) = self.warp.inverse().apply((x, y));
        self.room(x, y)
    }

    pub(super) fn picture(&self, (width, height): (u32, u32)) -> Rgb {
        let mut pixels = Vec::new();
        for row in 0..height {
            for column in 0..width {
                let place = |at: u32, side: u32| f64::from(at) + 0.5 - f64::from(side) / 2.0;
                let x = place(column, width) / f64::from(width);
                let y = place(row, height) / f64::from(width);
                let at = [column.into(), row.into(), (1e6 * self.noise) as i64];
                let noise = self.noise * (2.0 * chance(at) - 1.0);
                let grey = (self.light)(self.grey(x, y), x) + noise;
                pixels.extend([1.0, 0.97, 0.94].map(|part| (part * grey) as u8));
            }
        }
        Rgb {
            width,
            height,
            pixels,
        }
    }

    pub(super) fn pose(&self) -> Pose {
        let Some((x, y)) = self.person else {
            return Pose::default();
        };
        let mut joints = [Keypoint::default(); Joint::COUNT];
        let mut put = |joint: Joint, right: f64, down: f64| {
            let pixel = |place: f64, side: u32| place * f64::from(WIDTH) + f64::from(side) / 2.0;
            joints[joint as usize] = Keypoint {
                x: pixel(x + right, WIDTH) as f32,
                y: pixel(y + down, HEIGHT) as f32,
                confidence: 0.8,
            };
        };
        put(Joint::Nose, 0.0, 0.0);
        put(Joint::LeftEar, 0.06, -0.01);
        put(Joint::RightEar, -0.06, -0.01);
        put(Joint::LeftShoulder, 0.15, 0.18);
        put(Joint::RightShoulder, -0.15, 0.18);
        Pose::new(joints)
    }

    pub(super) fn shown_to(
        &self,
        background: &mut Background,
        seconds: f64,
    ) -> Option<CameraShift> {
        // Other noise in every picture.
        let shot = Self {
            noise: self.noise * (1.0 + 1e-3 * seconds),
            ..self.clone()
        };
        let known = Known {
            pose: &shot.pose(),
            presence: if shot.person.is_some() { 0.9 } else { 0.1 },
            light: 0.5,
        };
        background.look(
            Duration::from_secs_f64(seconds),
            &shot.picture((WIDTH, HEIGHT)),
            known,
        )
    }
}

/// A background that knows `shot` as the scene 0.
pub(super) fn knowing(shot: &Shot) -> Background {
    let mut background = Background::default();
    shot.shown_to(&mut background, 0.0);
    let first = shot.shown_to(&mut background, 0.3);
    assert!(
        first.is_some_and(|shift| shift.scene == 0 && shift.right == 0.0),
        "{first:?}"
    );
    background
}

/// Whether `shift` is `warp`, to 0.3 % of the width, 0.3 degrees and half a per cent of zoom.
pub(super) fn assert_found(shift: Option<CameraShift>, warp: &Warp, what: &str) {
    let Some(shift) = shift else {
        panic!("{what}: nothing was found");
    };
    let width = f64::from(WIDTH);
    let right = f64::from(shift.right) / width - warp.shift().0;
    let down = f64::from(shift.down) / width - warp.shift().1;
    let turn = f64::from(shift.turn) - warp.turn();
    let zoom = f64::from(shift.zoom) - warp.zoom();
    assert!(
        right.hypot(down) < 0.003 && turn.abs() < 0.3 && zoom.abs() < 0.005,
        "{what}: {shift:?} is not {warp:?}"
    );
}

pub(super) fn seated() -> Shot {
    Shot {
        person: Some((0.0, -0.05)),
        ..ROOM
    }
}
