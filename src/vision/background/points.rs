//! The points of a reference that a picture is held against: those on an edge.

use super::plane::Plane;
use super::warp::Warp;

/// Points whose values change by less than this in a pixel have no edge: in units of the spread
/// around, of which a usual sensor's noise changes a twentieth.
const MIN_SLOPE: f32 = 0.25;

/// More points of one kind than this, the steepest, tell nothing new: neighbours on one edge say
/// the same.
const MAX_POINTS: usize = 750;

/// Fewer points of one kind than this are chance: three for each of the four numbers sought.
const MIN_POINTS: usize = 12;

/// Fewer than this do not even hint where to look.
const MIN_COARSE: usize = 4;

/// Of the points of one kind this part must be seen, or the rest could lie anywhere.
const MIN_PART: usize = 4;

/// A difference, in spreads, beyond which two values do not belong together, however large it is.
pub(super) const UNLIKE: f32 = 2.0;

/// One pixel of a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// From the middle of the picture, in pixels of its plane.
    pub(super) at: (f64, f64),
    pub(super) value: f32,
    /// By how much the value changes in a pixel to the right and down.
    pub(super) slope: (f32, f32),
}

/// Points on upright edges, which tell how far a room has moved to the side, and points on level
/// ones, which tell how far up or down. They are kept apart because most rooms have many more of
/// one kind: the many fit at any place along their edges, and would outvote the few.
#[derive(Clone, Debug)]
pub(super) struct Points {
    pub(super) kinds: [Vec<Point>; 2],
    /// Half the width of the plane, in its pixels.
    pub(super) half: f64,
}

impl Point {
    /// By how much the value changes with zoom and turn, in parts of half the plane's width, `half`,
    /// and with a shift to the right and down that has this [bend](super::warp::Cause::bend).
    pub(super) fn change(&self, half: f64, bend: f64) -> [f64; 4] {
        let ((x, y), (across, down)) = (self.at, self.slope);
        let (across, down) = (f64::from(across), f64::from(down));
        let outwards = across * x + down * y;
        [
            outwards / half,
            (down * x - across * y) / half,
            across + bend * x * outwards,
            down + bend * y * outwards,
        ]
    }
}

impl Points {
    /// The points of `plane` that are on an edge.
    pub(super) fn new(plane: &Plane) -> Self {
        let half = plane.width as f64 / 2.0;
        let width = plane.width;
        let mut kinds = [Vec::new(), Vec::new()];
        for y in 1..plane.height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let at = y * width + x;
                let [left, right, above, below] =
                    [at - 1, at + 1, at - width, at + width].map(|at| plane.values[at]);
                let (across, down) = (0.5 * (right - left), 0.5 * (below - above));
                let value = plane.values[at];
                // Not-a-number is not steep.
                if across.hypot(down) >= MIN_SLOPE && !value.is_nan() {
                    let at = (x as f64 - plane.centre.0, y as f64 - plane.centre.1);
                    kinds[usize::from(down.abs() > across.abs())].push(Point {
                        at,
                        value,
                        slope: (across, down),
                    });
                }
            }
        }
        kinds.iter_mut().for_each(keep_steepest);
        Self { kinds, half }
    }

    /// How far `plane` is from the points as `warp` lays them: the mean difference of either kind,
    /// added up; infinite when too few of either are seen.
    pub(super) fn difference(&self, plane: &Plane, warp: &Warp) -> f64 {
        self.kinds
            .iter()
            .map(|points| {
                let (mut sum, mut count) = (0.0, 0);
                for point in points {
                    let there = plane.sample(warp.apply(point.at));
                    if !there.is_nan() {
                        sum += f64::from((there - point.value).abs().min(UNLIKE));
                        count += 1;
                    }
                }
                // The coarsest grid has few points, and only shows where to look closer.
                if count >= MIN_COARSE.max(points.len() / MIN_PART) {
                    sum / count as f64
                } else {
                    f64::INFINITY
                }
            })
            .sum()
    }
}

/// Whether `count` of the `points` of one kind are enough to go by.
pub(super) fn is_enough(count: usize, points: &[Point]) -> bool {
    count >= MIN_POINTS.max(points.len() / MIN_PART)
}

fn keep_steepest(points: &mut Vec<Point>) {
    let steepness = |p: &Point| p.slope.0.hypot(p.slope.1);
    if points.len() > MAX_POINTS {
        let mut all: Vec<f32> = points.iter().map(steepness).collect();
        let at = all.len() - MAX_POINTS;
        let least = *all.select_nth_unstable_by(at, f32::total_cmp).1;
        points.retain(|p| steepness(p) >= least);
    }
}
