//! Points of the room in centimetres, and how they turn.

use std::ops::{Add, Mul, Sub};

/// A point or a way in the room, in centimetres: `x` to the person's left, `y` up, `z` from the
/// person towards the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Vec3 {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) z: f64,
}

pub(crate) const fn vec3(x: f64, y: f64, z: f64) -> Vec3 {
    Vec3 { x, y, z }
}

impl Vec3 {
    /// Turned so many degrees about the axis to the left: what stood up falls forward.
    pub(crate) fn pitched(self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        vec3(
            self.x,
            self.y * cos - self.z * sin,
            self.y * sin + self.z * cos,
        )
    }

    /// Turned so many degrees about the axis forward: what stood up falls to the left.
    pub(crate) fn rolled(self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        vec3(
            self.x * cos + self.y * sin,
            self.y * cos - self.x * sin,
            self.z,
        )
    }

    /// Turned so many degrees about the axis upwards: what looked forward looks to the left.
    pub(crate) fn turned(self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        vec3(
            self.x * cos + self.z * sin,
            self.y,
            self.z * cos - self.x * sin,
        )
    }

    pub(crate) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub(crate) fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub(crate) fn middle(self, other: Self) -> Self {
        (self + other) * 0.5
    }
}

impl Add for Vec3 {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        vec3(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vec3 {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other * -1.0
    }
}

impl Mul<f64> for Vec3 {
    type Output = Self;

    fn mul(self, by: f64) -> Self {
        vec3(self.x * by, self.y * by, self.z * by)
    }
}
