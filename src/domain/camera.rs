//! Where the camera is against where it was when the upright was learnt.

use std::collections::VecDeque;
use std::time::Duration;

use super::geometry::Point;
use super::io::{CameraMove, CameraShift};
use super::pose::{Keypoint, Pose};
use super::time::Moment;

/// A move smaller than this part of the picture's width is noise: registration is good to 0.3 %.
const NOISE: f64 = 0.004;

/// A move larger than this part of the picture's width is worth a word.
const WORTH_TELLING: f64 = 0.02;

/// A new place must hold this long: who walks through the picture pulls at the registration for a
/// moment.
const SETTLED_AFTER: Duration = Duration::from_secs(1);

/// So many moves within [`FOLLOWS_WITHIN`] are no hand's: the camera itself keeps the person in
/// the middle.
const FOLLOWS_FROM: usize = 4;

/// See [`FOLLOWS_FROM`].
const FOLLOWS_WITHIN: Duration = Duration::from_secs(120);

/// A similarity of the picture: p = c + zoom · R · (q - c) + (right, down), with c its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Pixels to the right.
    pub right: f64,
    /// Pixels down.
    pub down: f64,
    /// Degrees clockwise.
    pub turn: f64,
    /// How many times larger.
    pub zoom: f64,
}

impl Shift {
    /// Nothing has moved.
    pub const NONE: Self = Self {
        right: 0.0,
        down: 0.0,
        turn: 0.0,
        zoom: 1.0,
    };

    /// What has moved since `earlier`, both against the same reference.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        let zoom = self.zoom / earlier.zoom;
        let turn = self.turn - earlier.turn;
        let (right, down) = rotate(earlier.right, earlier.down, turn);
        Self {
            right: self.right - zoom * right,
            down: self.down - zoom * down,
            turn,
            zoom,
        }
    }

    /// Where a point now at `p` was before the move, in a picture with its middle at `centre`.
    #[must_use]
    pub fn undo(&self, p: Point, centre: Point) -> Point {
        let (x, y) = rotate(
            (p.x - centre.x - self.right) / self.zoom,
            (p.y - centre.y - self.down) / self.zoom,
            -self.turn,
        );
        Point {
            x: centre.x + x,
            y: centre.y + y,
        }
    }

    /// The pose as the camera would have seen it before the move.
    #[must_use]
    pub fn undo_pose(&self, pose: &Pose, frame: (u32, u32)) -> Pose {
        let centre = middle_of(frame);
        Pose::new(pose.keypoints().map(|k| {
            let was = self.undo(Point::from(k), centre);
            Keypoint {
                x: was.x as f32,
                y: was.y as f32,
                ..k
            }
        }))
    }

    /// How far the picture's corners are from where `other` puts them, at most, as a part of the
    /// picture's width.
    fn apart(&self, other: &Self, frame: (u32, u32)) -> f64 {
        let centre = middle_of(frame);
        let width = f64::from(frame.0.max(1));
        let corners = [(0.0, 0.0), (2.0, 0.0), (0.0, 2.0), (2.0, 2.0)];
        corners
            .map(|(x, y)| Point {
                x: x * centre.x,
                y: y * centre.y,
            })
            .iter()
            .map(|corner| {
                let (a, b) = (self.undo(*corner, centre), other.undo(*corner, centre));
                a.distance(b) / width
            })
            .fold(0.0, f64::max)
    }
}

impl From<CameraShift> for Shift {
    fn from(shift: CameraShift) -> Self {
        Self {
            right: f64::from(shift.right),
            down: f64::from(shift.down),
            turn: f64::from(shift.turn),
            zoom: f64::from(shift.zoom).max(0.1),
        }
    }
}

/// Follows the camera.
#[derive(Clone, Debug, Default)]
pub struct CameraWatch {
    /// Where the camera was when the upright was learnt, or first seen.
    anchor: Option<CameraShift>,
    /// Against the anchor; what the judgement undoes.
    settled: Option<Shift>,
    /// The last place that was told.
    told: Option<Shift>,
    /// A new place, since when.
    pending: Option<(Moment, Shift)>,
    /// When the camera moved lately.
    moves: VecDeque<Moment>,
    /// Nothing links what is seen now with the anchor.
    lost: bool,
}

/// What an observation says of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraNews {
    /// It stands where it stood, or nothing can be said.
    Still,
    /// It is being moved.
    Moving,
    /// It has been moved.
    Moved(CameraMove),
}

impl CameraWatch {
    /// Takes what the room says at `at`.
    pub fn push(&mut self, at: Moment, frame: (u32, u32), seen: Option<CameraShift>) -> CameraNews {
        self.moves.retain(|then| at.since(*then) < FOLLOWS_WITHIN);
        let Some(seen) = seen else {
            return CameraNews::Still;
        };
        let anchor = *self.anchor.get_or_insert(seen);
        if anchor.scene != seen.scene {
            let news = if self.lost {
                CameraNews::Still
            } else {
                CameraNews::Moved(CameraMove::Lost)
            };
            self.lost = true;
            return news;
        }
        // The room is recognised again: the camera was put back.
        self.lost = false;
        let now = Shift::from(seen).since(anchor.into());
        let settled = *self.settled.get_or_insert(now);
        let told = *self.told.get_or_insert(now);
        let off = now.apart(&settled, frame);
        if off <= NOISE {
            self.pending = None;
            return CameraNews::Still;
        }
        let (since, place) = match self.pending {
            Some((since, place)) if now.apart(&place, frame) <= 2.0 * NOISE => (since, place),
            _ => (at, now),
        };
        self.pending = Some((since, place));
        let follows = self.moves.len() >= FOLLOWS_FROM;
        if at.since(since) < SETTLED_AFTER && !follows {
            return if off > WORTH_TELLING {
                CameraNews::Moving
            } else {
                CameraNews::Still
            };
        }
        self.settled = Some(now);
        self.pending = None;
        if now.apart(&told, frame) <= WORTH_TELLING {
            return CameraNews::Still;
        }
        self.told = Some(now);
        self.count_move(at)
    }

    /// The upright is learnt anew from here on: whatever was seen last is the new anchor.
    pub fn anchor(&mut self, seen: Option<CameraShift>) {
        *self = Self {
            anchor: seen,
            ..Self::default()
        };
    }

    /// What has moved since the upright was learnt.
    #[must_use]
    pub fn shift(&self) -> Shift {
        self.settled.unwrap_or(Shift::NONE)
    }

    /// Whether nothing links what is seen now with what was learnt.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    fn count_move(&mut self, at: Moment) -> CameraNews {
        let followed = self.moves.len() >= FOLLOWS_FROM;
        self.moves.push_back(at);
        match (self.moves.len() >= FOLLOWS_FROM, followed) {
            (false, _) => CameraNews::Moved(CameraMove::Corrected),
            (true, false) => CameraNews::Moved(CameraMove::Follows),
            (true, true) => CameraNews::Still,
        }
    }
}

fn middle_of((width, height): (u32, u32)) -> Point {
    Point {
        x: f64::from(width) / 2.0,
        y: f64::from(height) / 2.0,
    }
}

/// Turns (x, y) clockwise in a picture whose y points down.
fn rotate(x: f64, y: f64, degrees: f64) -> (f64, f64) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    (x * cos - y * sin, x * sin + y * cos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::WallTime;

    const FRAME: (u32, u32) = (640, 480);

    fn at(seconds: f64) -> Moment {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        Moment::after(start, Duration::from_secs_f64(seconds))
    }

    fn room(scene: u32, right: f32, down: f32, turn: f32, zoom: f32) -> CameraShift {
        CameraShift {
            scene,
            right,
            down,
            turn,
            zoom,
        }
    }

    /// The news of a camera that stands at `shift` from `from` seconds on, three looks a second.
    fn watch(
        watch: &mut CameraWatch,
        from: f64,
        seconds: f64,
        shift: CameraShift,
    ) -> Vec<CameraNews> {
        let looks = (seconds * 3.0) as u32;
        (0..looks)
            .map(|n| watch.push(at(from + f64::from(n) / 3.0), FRAME, Some(shift)))
            .collect()
    }

    #[test]
    fn a_shift_undone_is_where_it_was() {
        let first = Shift::from(room(0, 12.0, -7.0, 2.0, 1.05));
        let second = Shift::from(room(0, -30.0, 21.0, -4.0, 0.93));
        let (q, centre) = (Point { x: 100.0, y: 300.0 }, middle_of(FRAME));
        let seen = |shift: Shift| {
            let (x, y) = rotate(q.x - centre.x, q.y - centre.y, shift.turn);
            Point {
                x: centre.x + shift.zoom * x + shift.right,
                y: centre.y + shift.zoom * y + shift.down,
            }
        };
        assert!(first.undo(seen(first), centre).distance(q) < 1e-9);
        let then = second.since(first).undo(seen(second), centre);
        assert!(then.distance(seen(first)) < 1e-9, "{then:?}");
    }

    #[test]
    fn a_nudge_is_told_once_when_it_has_settled() {
        let mut camera = CameraWatch::default();
        watch(&mut camera, 0.0, 3.0, room(0, 0.0, 0.0, 0.0, 1.0));
        let news = watch(&mut camera, 3.0, 5.0, room(0, 10.0, 24.0, 1.0, 1.0));
        let moved = CameraNews::Moved(CameraMove::Corrected);
        assert_eq!(news.iter().filter(|n| **n == moved).count(), 1);
        assert_eq!(news[..3], [CameraNews::Moving; 3]);
        assert_eq!(news[4..], [CameraNews::Still; 11]);
        assert!((camera.shift().down - 24.0).abs() < 1e-9);
    }

    #[test]
    fn noise_is_not_followed_and_a_slow_drift_is_not_told() {
        let mut camera = CameraWatch::default();
        watch(&mut camera, 0.0, 3.0, room(0, 0.0, 0.0, 0.0, 1.0));
        watch(&mut camera, 3.0, 3.0, room(0, 1.5, -1.5, 0.0, 1.0));
        assert_eq!(camera.shift(), Shift::NONE);
        let news = watch(&mut camera, 6.0, 3.0, room(0, 8.0, 0.0, 0.0, 1.0));
        assert!(news.iter().all(|n| *n == CameraNews::Still));
        assert!((camera.shift().right - 8.0).abs() < 1e-9);
    }

    #[test]
    fn another_scene_is_lost_until_the_upright_is_learnt_anew() {
        let mut camera = CameraWatch::default();
        watch(&mut camera, 0.0, 3.0, room(0, 0.0, 0.0, 0.0, 1.0));
        let news = watch(&mut camera, 3.0, 3.0, room(1, 0.0, 0.0, 0.0, 1.0));
        assert_eq!(news[0], CameraNews::Moved(CameraMove::Lost));
        assert_eq!(news[1], CameraNews::Still);
        assert!(camera.is_lost());
        camera.anchor(Some(room(1, 0.0, 0.0, 0.0, 1.0)));
        assert!(!camera.is_lost());
    }

    #[test]
    fn a_camera_that_moves_by_itself_is_found_out() {
        let mut camera = CameraWatch::default();
        let mut news = Vec::new();
        for n in 0..12 {
            let shift = room(0, 20.0 * n as f32, 0.0, 0.0, 1.0);
            news.extend(watch(&mut camera, 4.0 * f64::from(n), 4.0, shift));
        }
        let count = |what| {
            news.iter()
                .filter(|n| **n == CameraNews::Moved(what))
                .count()
        };
        assert_eq!(count(CameraMove::Corrected), FOLLOWS_FROM - 1);
        assert_eq!(count(CameraMove::Follows), 1);
        assert!((camera.shift().right - 220.0).abs() < 1e-9);
    }

    #[test]
    fn without_news_of_the_room_the_camera_stays_where_it_was() {
        let mut camera = CameraWatch::default();
        watch(&mut camera, 0.0, 3.0, room(0, 0.0, 0.0, 0.0, 1.0));
        watch(&mut camera, 3.0, 3.0, room(0, 30.0, 0.0, 0.0, 1.0));
        assert_eq!(camera.push(at(7.0), FRAME, None), CameraNews::Still);
        assert!((camera.shift().right - 30.0).abs() < 1e-9);
    }
}
