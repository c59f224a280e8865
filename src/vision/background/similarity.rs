//! Shift, turn and zoom in one: a similarity of the plane.

/// The map z → factor · z + shift of points as complex numbers, x to the right, y downwards, from
/// the middle of the picture; a positive angle of the factor turns clockwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Similarity {
    /// Zoom and turn.
    pub(super) factor: (f64, f64),
    /// Shift, in pixels.
    pub(super) shift: (f64, f64),
}

impl Similarity {
    /// Nothing moves.
    pub(super) const IDENTITY: Self = Self {
        factor: (1.0, 0.0),
        shift: (0.0, 0.0),
    };

    /// The map of so much turn (degrees clockwise), zoom and shift.
    pub(super) fn new(turn: f64, zoom: f64, shift: (f64, f64)) -> Self {
        let (sine, cosine) = turn.to_radians().sin_cos();
        Self {
            factor: (zoom * cosine, zoom * sine),
            shift,
        }
    }

    /// Where (x, y) comes to lie.
    pub(super) fn apply(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (x, y) = product(self.factor, (x, y));
        (x + self.shift.0, y + self.shift.1)
    }

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        Self {
            factor: product(next.factor, self.factor),
            shift: next.apply(self.shift),
        }
    }

    /// The way back. The zoom must not be zero.
    pub(super) fn inverse(&self) -> Self {
        let (a, b) = self.factor;
        let square = a * a + b * b;
        let factor = (a / square, -b / square);
        let (x, y) = product(factor, self.shift);
        Self {
            factor,
            shift: (-x, -y),
        }
    }

    /// The same map where a pixel is `times` as large.
    pub(super) fn in_pixels_of(&self, times: f64) -> Self {
        Self {
            factor: self.factor,
            shift: (self.shift.0 / times, self.shift.1 / times),
        }
    }

    /// Degrees clockwise.
    pub(super) fn turn(&self) -> f64 {
        self.factor.1.atan2(self.factor.0).to_degrees()
    }

    /// How many times larger things become.
    pub(super) fn zoom(&self) -> f64 {
        self.factor.0.hypot(self.factor.1)
    }
}

fn product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Similarity = Similarity {
        factor: (1.04, 0.06),
        shift: (3.0, -2.0),
    };

    #[test]
    fn a_positive_turn_is_clockwise_on_the_screen() {
        let quarter = Similarity {
            factor: (0.0, 1.0),
            shift: (0.0, 0.0),
        };
        // What was on the right comes to lie below.
        assert_eq!(quarter.apply((1.0, 0.0)), (0.0, 1.0));
        assert!((quarter.turn() - 90.0).abs() < 1e-9);
    }

    #[test]
    fn there_and_back_is_nothing() {
        let back = SOME.then(&SOME.inverse());
        let (x, y) = back.apply((5.0, 7.0));
        assert!((x - 5.0).abs() < 1e-9 && (y - 7.0).abs() < 1e-9);
    }

    #[test]
    fn then_does_one_after_the_other() {
        let other = Similarity {
            factor: (0.97, -0.03),
            shift: (-1.0, 4.0),
        };
        let point = (5.0, 7.0);
        let (x, y) = SOME.then(&other).apply(point);
        let (u, v) = other.apply(SOME.apply(point));
        assert!((x - u).abs() < 1e-9 && (y - v).abs() < 1e-9);
    }
}
