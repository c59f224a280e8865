//! Points, lines and angles in the picture.

use super::pose::Keypoint;

/// A point of the picture, in pixels from its top left corner, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the top edge.
    pub y: f64,
}

impl From<Keypoint> for Point {
    fn from(k: Keypoint) -> Self {
        Self {
            x: f64::from(k.x),
            y: f64::from(k.y),
        }
    }
}

impl Point {
    /// The point halfway to `other`.
    #[must_use]
    pub fn middle(self, other: Self) -> Self {
        Self {
            x: f64::midpoint(self.x, other.x),
            y: f64::midpoint(self.y, other.y),
        }
    }

    /// Pixels to `other`.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Slope of the line from the right to the left one of a pair of joints, in degrees, -90 to
    /// 90, positive when `self`, the left one, is higher.
    ///
    /// In an unmirrored picture the left joint is on the right; a model that swaps sides gives the
    /// same slope.
    #[must_use]
    pub fn slope_from(self, right: Self) -> f64 {
        half_turn((right.y - self.y).atan2(self.x - right.x).to_degrees())
    }
}

/// The same direction of a line, in -90 to 90 degrees.
#[must_use]
pub fn half_turn(degrees: f64) -> f64 {
    let turned = degrees.rem_euclid(180.0);
    if turned > 90.0 {
        turned - 180.0
    } else {
        turned
    }
}
