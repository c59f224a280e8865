//! The numbers a posture is judged by, each against the person's own upright.

/// What one observation, or the smoothed stretch up to it, measures. A measure whose joints are
/// hidden is absent.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Measures {
    /// How much lower the ears are above the shoulders than upright, as a part of it (`d`).
    pub head_drop: Option<f64>,
    /// How much larger the head is against the shoulders than upright, as a part of it (`g`).
    pub head_to_shoulder: Option<f64>,
    /// How much larger the head is than upright, as a part of it: nearer is larger (`n`).
    pub head_size: Option<f64>,
    /// How much lower the eyes are in the picture than upright, in distances between the ears (`s`).
    pub eye_sink: Option<f64>,
    /// How much further the head is bent down than upright, in distances between the ears from
    /// nose to ear line (`Δp`; 0.015 is about a degree).
    pub pitch: Option<f64>,
    /// Turn of the head against upright, in degrees, positive to the person's left.
    pub yaw: Option<f64>,
    /// Slope of the shoulder line against upright, in degrees, positive when the left shoulder is
    /// higher.
    pub tilt: Option<f64>,
    /// Slope of the ear line against the shoulder line and upright, in degrees, positive when the
    /// left ear is higher.
    pub roll: Option<f64>,
    /// How far the head has sunk in the room, in centimetres, a chair that rolls apart.
    pub sink_cm: Option<f64>,
    /// How far the head is nearer to the screen than upright, in centimetres.
    pub forward_cm: Option<f64>,
    /// Distance from the camera to the eyes, in centimetres.
    pub distance_cm: Option<f64>,
}
