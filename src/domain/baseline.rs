//! A person's own upright: what every measure is compared with.

/// The middle and the spread of one quantity over a calibration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Median of the samples.
    pub median: f64,
    /// 1.4826 times the median absolute deviation: the standard deviation of normal noise.
    pub sigma: f64,
}

/// A person's own upright, as one camera sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Baseline {
    /// Size of the source picture in pixels: width, height.
    pub frame: (u32, u32),
    /// How many observations it was learnt from.
    pub samples: u32,
    /// Height of the ears above the shoulders, along the normal of the shoulder line, over the
    /// shoulder width.
    pub ear_height: Spread,
    /// Distance between the ears, corrected for a turned head, in pixels.
    pub head_width: Spread,
    /// Distance between the shoulders, in pixels.
    pub shoulder_width: Spread,
    /// Height of the middle of the eyes in the picture, in pixels from the top.
    pub eye_y: Spread,
    /// Height of the middle of the ears in the picture, in pixels from the top.
    pub ear_y: Spread,
    /// Height of the middle of the shoulders in the picture, in pixels from the top.
    pub shoulder_y: Spread,
    /// How far the nose is below the ears over the distance between the ears: the head's pitch,
    /// and with it the height of the camera.
    pub pitch: Spread,
    /// Turn of the head to the side, in degrees, positive to the person's left.
    pub yaw: Spread,
    /// Slope of the shoulder line, in degrees, positive when the left shoulder is higher.
    pub tilt: Spread,
    /// Slope of the ear line against the shoulder line, in degrees, positive when the left ear is
    /// higher.
    pub roll: Spread,
}

/// Why a calibration was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// Too few observations showed all joints: the part that did, 0 to 1.
    Hidden(f64),
    /// The person moved: the spread of head or shoulders, as a part of their size.
    Moved(f64),
    /// The head was turned to the side, in degrees.
    Turned(f64),
    /// The head was tilted, in degrees.
    Tilted(f64),
    /// The picture was too dark: its mean brightness, 0 to 1.
    TooDark(f64),
    /// Nobody was there.
    Nobody,
}
