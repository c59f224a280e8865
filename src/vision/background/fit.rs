//! Lays the points of a reference over a picture.
//!
//! Inverse compositional Gauss-Newton after Baker and Matthews, "Lucas-Kanade 20 years on" (2004),
//! with the weights of Tukey's biweight: what moves by itself, as somebody passing behind does, is
//! left out rather than averaged in.

use super::plane::Plane;
use super::points::{Point, Points, is_enough};
use super::solve::{Matrix, inverse, solve};
use super::warp::{Cause, Warp};

/// Steps after which what still moves will not settle.
const MAX_STEPS: usize = 12;

/// A step that moves no corner of the picture by this part of a pixel is the last.
const SETTLED: f64 = 0.005;

/// Residuals beyond this many spreads have no weight: Tukey's constant, 95 % as good as least
/// squares where there are no outliers.
const TUKEY: f64 = 4.685;

/// The spread is taken to be at least this, a tenth of a usual edge's height: below it, rounding
/// would make outliers of good points.
const MIN_SPREAD: f64 = 0.05;

/// A median absolute deviation times this is a standard deviation, for normal values.
const MAD_TO_SPREAD: f64 = 1.4826;

/// So many points count as one in the error of a fit, because their residuals were blurred
/// together: the square of (1+2+1)² / (1²+2²+1²).
const BLURRED_TOGETHER: f64 = 7.1;

/// How a picture lies against a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    /// From the reference to the picture, in pixels of the plane.
    pub(super) warp: Warp,
    /// What makes it.
    pub(super) cause: Cause,
    /// How alike the two are: a correlation, 1 for the same.
    pub(super) likeness: f64,
    /// Standard error of the shift, and of what turn and zoom move at the picture's sides, in
    /// parts of the width.
    pub(super) error: f64,
}

impl Points {
    /// Fits the points to `plane`, from `start` on, with steps of one `cause`; `None` when too few
    /// of either kind are seen or they leave a direction open.
    pub(super) fn fit(&self, plane: &Plane, start: &Warp, cause: Cause) -> Option<Fit> {
        let bend = cause.bend(2.0 * self.half);
        let mut warp = *start;
        let mut buffer = Vec::new();
        for step in 0.. {
            let (mut sum, mut likeness) = (Sum::new(self.half, bend), 1.0_f64);
            for points in &self.kinds {
                let seen: Vec<(&Point, f32)> = points
                    .iter()
                    .map(|point| (point, plane.sample(warp.apply(point.at)) - point.value))
                    .filter(|(_, rest)| !rest.is_nan())
                    .collect();
                if !is_enough(seen.len(), points) {
                    return None;
                }
                let typical = median(&mut buffer, seen.iter().map(|(_, rest)| rest.abs()));
                likeness = likeness.min(alike(&seen, typical, &mut buffer));
                sum.add_all(&seen, (MAD_TO_SPREAD * typical).max(MIN_SPREAD));
            }
            let (change, moved) = sum.solve()?;
            if step == MAX_STEPS || moved < SETTLED {
                return Some(Fit {
                    warp,
                    cause,
                    likeness,
                    error: sum.error(),
                });
            }
            warp = change.inverse().then(&warp);
        }
        None
    }

    /// The error that a fit of these points would have if all were seen and their residuals had
    /// this spread; infinite when they are too few of either kind or leave a direction open.
    pub(super) fn error(&self, spread: f64) -> f64 {
        let mut sum = Sum::new(self.half, 0.0);
        for points in &self.kinds {
            if !is_enough(points.len(), points) {
                return f64::INFINITY;
            }
            let seen: Vec<(&Point, f32)> = points.iter().map(|point| (point, 0.0)).collect();
            sum.add_all(&seen, spread);
        }
        sum.error()
    }
}

/// A correlation that up to half of the points may spoil: the variance of a difference is
/// 2 (1 - correlation) times that of what is compared, and medians stand for the variances.
fn alike(seen: &[(&Point, f32)], typical: f64, buffer: &mut Vec<f32>) -> f64 {
    let here = median(buffer, seen.iter().map(|(point, _)| point.value.abs()));
    let there = seen.iter().map(|(point, rest)| (point.value + rest).abs());
    let there = median(buffer, there);
    1.0 - typical.powi(2) / (here.powi(2) + there.powi(2)).max(f64::MIN_POSITIVE)
}

/// Half of `values` are smaller; 0 for none.
fn median(buffer: &mut Vec<f32>, values: impl Iterator<Item = f32>) -> f64 {
    buffer.clear();
    buffer.extend(values);
    let half = buffer.len() / 2;
    if buffer.is_empty() {
        return 0.0;
    }
    f64::from(*buffer.select_nth_unstable_by(half, f32::total_cmp).1)
}

/// The normal equations.
struct Sum {
    matrix: Matrix,
    side: [f64; 4],
    /// Half the width of the plane, in its pixels.
    half: f64,
    bend: f64,
}

impl Sum {
    fn new(half: f64, bend: f64) -> Self {
        Self {
            matrix: Matrix::default(),
            side: [0.0; 4],
            half,
            bend,
        }
    }

    /// Adds points with what is left at them, whose spread is `spread`.
    fn add_all(&mut self, seen: &[(&Point, f32)], spread: f64) {
        for (point, rest) in seen {
            let rest = f64::from(*rest) / spread;
            let part = 1.0 - (rest / TUKEY).powi(2);
            if part > 0.0 {
                let change = point.change(self.half, self.bend);
                let change = change.map(|change| change / spread);
                self.add(&change, rest, part * part);
            }
        }
    }

    fn add(&mut self, change: &[f64; 4], rest: f64, weight: f64) {
        for (row, own) in change.iter().enumerate() {
            let weighted = weight * own;
            for (sum, other) in self.matrix[row].iter_mut().zip(&change[..=row]) {
                *sum += weighted * other;
            }
            self.side[row] += weighted * rest;
        }
    }

    /// The step, and by how many pixels it moves a corner of the picture at most.
    fn solve(&self) -> Option<(Warp, f64)> {
        let [zoom, turn, right, down] = solve(&self.matrix, &self.side)?;
        let step = Warp::step([zoom / self.half, turn / self.half, right, down], self.bend);
        // A corner lies less than one and a half half-widths from the middle, and moves by less
        // than twice the shift.
        Some((step, 2.0 * right.hypot(down) + 1.5 * zoom.hypot(turn)))
    }

    fn error(&self) -> f64 {
        let Some(inverse) = inverse(&self.matrix) else {
            return f64::INFINITY;
        };
        let worst = (0..4).fold(0.0_f64, |worst, i| worst.max(inverse[i][i]));
        (BLURRED_TOGETHER * worst).sqrt() / (2.0 * self.half)
    }
}
