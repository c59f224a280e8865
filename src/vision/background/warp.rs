//! Where a picture's points come to lie when the camera moves.

/// The focal length of a usual webcam, in parts of the picture's width: a field of view of 67
/// degrees, between the 55 and 80 of most.
const FOCAL: f64 = 0.75;

/// What made a picture move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The camera slid, or its picture was cropped or steadied anew: everything moves as far.
    Slid,
    /// The camera turned, as with a lid: the sides move further than the middle.
    Turned,
}

impl Cause {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Slid, Self::Turned];

    /// By how much more a point at the distance x from the middle moves than the middle, over x²,
    /// in a picture of `width` pixels: x' = x + t (1 + x² / f²), f being the focal length.
    pub(super) fn bend(self, width: f64) -> f64 {
        match self {
            Self::Slid => 0.0,
            Self::Turned => (FOCAL * width).powi(-2),
        }
    }
}

/// A homography of points from the middle of the picture, x to the right, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Warp {
    rows: [[f64; 3]; 3],
}

impl Warp {
    /// Nothing moves.
    pub(super) const NONE: Self = Self {
        rows: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };

    /// The map of so much turn (degrees clockwise) and zoom, and then a shift in pixels by a camera
    /// that slid.
    pub(super) fn new(turn: f64, zoom: f64, (right, down): (f64, f64)) -> Self {
        let (sine, cosine) = turn.to_radians().sin_cos();
        Self {
            rows: [
                [zoom * cosine, -zoom * sine, right],
                [zoom * sine, zoom * cosine, down],
                [0.0, 0.0, 1.0],
            ],
        }
    }

    /// A small step: `zoom` less 1, `turn` in radians, and a shift with its [bend](Cause::bend).
    pub(super) fn step([zoom, turn, right, down]: [f64; 4], bend: f64) -> Self {
        Self {
            rows: [
                [1.0 + zoom, -turn, right],
                [turn, 1.0 + zoom, down],
                [-bend * right, -bend * down, 1.0],
            ],
        }
    }

    /// The map whose middle moves, turns and grows like this one's, from a step with `bend`.
    pub(super) fn bent(&self, bend: f64) -> Self {
        let (right, down) = self.shift();
        let turned = Self::new(self.turn(), self.zoom(), (0.0, 0.0));
        turned.then(&Self::step([0.0, 0.0, right, down], bend))
    }

    /// Where (x, y) comes to lie.
    pub(super) fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [u, v, w] = self.rows.map(|row| row[0] * x + row[1] * y + row[2]);
        (u / w, v / w)
    }

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let entry = |row: usize, column: usize| {
            (0..3)
                .map(|k| next.rows[row][k] * self.rows[k][column])
                .sum()
        };
        Self {
            rows: [0, 1, 2].map(|row| [0, 1, 2].map(|column| entry(row, column))),
        }
    }

    /// The way back, up to a factor, which means nothing.
    pub(super) fn inverse(&self) -> Self {
        let m = &self.rows;
        // Cofactors, their signs by going round.
        let cofactor = |row: usize, column: usize| {
            let (r, s) = ((row + 1) % 3, (row + 2) % 3);
            let (c, d) = ((column + 1) % 3, (column + 2) % 3);
            m[r][c] * m[s][d] - m[r][d] * m[s][c]
        };
        Self {
            rows: [0, 1, 2].map(|row| [0, 1, 2].map(|column| cofactor(column, row))),
        }
    }

    /// The same map where a pixel is `times` as large.
    pub(super) fn in_pixels_of(&self, times: f64) -> Self {
        let [[a, b, x], [c, d, y], [p, q, w]] = self.rows;
        Self {
            rows: [
                [a, b, x / times],
                [c, d, y / times],
                [p * times, q * times, w],
            ],
        }
    }

    /// Where the middle comes to lie: to the right and down.
    pub(super) fn shift(&self) -> (f64, f64) {
        self.apply((0.0, 0.0))
    }

    /// Degrees clockwise that the middle turns.
    pub(super) fn turn(&self) -> f64 {
        let (along, across) = self.around_middle();
        across.atan2(along).to_degrees()
    }

    /// How many times larger the middle becomes.
    pub(super) fn zoom(&self) -> f64 {
        let (along, across) = self.around_middle();
        along.hypot(across)
    }

    /// The similarity nearest to what happens around the middle: zoom times cosine and sine of the
    /// turn.
    fn around_middle(&self) -> (f64, f64) {
        let [[a, b, x], [c, d, y], [p, q, w]] = self.rows;
        let (right, down) = (x / w, y / w);
        let along = (a - p * right) + (d - q * down);
        let across = (c - p * down) - (b - q * right);
        (along / (2.0 * w), across / (2.0 * w))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Warp {
        Warp::new(3.0, 1.04, (3.0, -2.0)).bent(Cause::Turned.bend(90.0))
    }

    fn assert_near((x, y): (f64, f64), (u, v): (f64, f64)) {
        assert!((x - u).hypot(y - v) < 1e-9, "({x}, {y}) is not ({u}, {v})");
    }

    #[test]
    fn a_positive_turn_is_clockwise_on_the_screen() {
        // What was on the right comes to lie below.
        let quarter = Warp::new(90.0, 1.0, (0.0, 0.0));
        assert_near(quarter.apply((1.0, 0.0)), (0.0, 1.0));
        assert!((quarter.turn() - 90.0).abs() < 1e-9);
    }

    #[test]
    fn there_and_back_is_nothing() {
        assert_near(some().then(&some().inverse()).apply((5.0, 7.0)), (5.0, 7.0));
    }

    #[test]
    fn then_does_one_after_the_other() {
        let other = Warp::new(-2.0, 0.97, (-1.0, 4.0));
        let point = (5.0, 7.0);
        let both = some().then(&other).apply(point);
        assert_near(both, other.apply(some().apply(point)));
    }

    #[test]
    fn on_a_coarser_grid_it_is_the_same_map() {
        let (x, y) = some().apply((8.0, -6.0));
        assert_near(
            some().in_pixels_of(2.0).apply((4.0, -3.0)),
            (x / 2.0, y / 2.0),
        );
    }

    #[test]
    fn the_middle_tells_what_was_put_in_and_a_turned_camera_moves_the_sides_further() {
        let warp = some();
        assert_near(warp.shift(), (3.0, -2.0));
        let panned = Warp::NONE.then(&Warp::step([0.0, 0.0, 3.0, 0.0], Cause::Turned.bend(90.0)));
        let moved = |x: f64| panned.apply((x, 0.0)).0 - x;
        assert!((moved(0.0) - 3.0).abs() < 1e-9);
        // 45 over a focal length of 67.5 is 2 / 3.
        assert!(
            (moved(45.0) / 3.0 - 13.0 / 9.0).abs() < 0.05,
            "{}",
            moved(45.0)
        );
        assert!(
            (moved(-45.0) / 3.0 - 13.0 / 9.0).abs() < 0.05,
            "{}",
            moved(-45.0)
        );
    }

    /// The true turn of a camera, of which a step is the beginning.
    #[test]
    fn a_step_is_nearly_a_camera_that_turns() {
        let focal = FOCAL * 90.0;
        let angle = 3.0_f64.to_radians();
        let turned = |(x, y): (f64, f64)| {
            let depth = angle.cos() - x / focal * angle.sin();
            ((x * angle.cos() + focal * angle.sin()) / depth, y / depth)
        };
        let right = focal * angle.tan();
        let step = Warp::step([0.0, 0.0, right, 0.0], Cause::Turned.bend(90.0));
        for point in [(0.0, 0.0), (40.0, 30.0), (-40.0, 20.0)] {
            let ((x, y), (u, v)) = (turned(point), step.apply(point));
            assert!((x - u).hypot(y - v) < 0.25, "({x}, {y}) is not ({u}, {v})");
        }
    }
}
