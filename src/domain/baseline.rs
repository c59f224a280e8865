//! A person's own upright: what every measure is compared with.

use super::geometry::{Outline, Unseen, outline};
use super::io::Observation;

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
    /// Too few observations were made at all: how many.
    TooFew(f64),
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

/// The part of the observations that must show all joints.
const MIN_SEEN: f64 = 0.8;

/// Fewer samples than this say nothing about the spread.
const MIN_SAMPLES: usize = 8;

/// Spread of the ear height, as a part of it, above which the person moved. One picture's joints
/// alone scatter by 1.5 to 2.9 %.
const MAX_HEIGHT_SPREAD: f64 = 0.05;

/// Spread of the distance between the ears, as a part of it, above which the person moved. One
/// picture's joints alone scatter by 2.1 to 3.7 %.
const MAX_SIZE_SPREAD: f64 = 0.045;

/// A head turned further than this, in degrees, is not looking at the screen.
const MAX_YAW: f64 = 12.0;

/// A head tilted further than this, in degrees, is not upright.
const MAX_ROLL: f64 = 8.0;

/// Mean brightness below which joints are guessed rather than seen.
pub const MIN_LIGHT: f64 = 0.1;

/// A presence score from which on somebody is there.
pub const MIN_PRESENCE: f32 = 0.5;

/// Collects observations of a person who sits upright.
#[derive(Clone, Debug, Default)]
pub struct Calibrator {
    frame: (u32, u32),
    seen: Vec<Outline>,
    looked: u32,
    present: u32,
    light: f64,
}

impl Calibrator {
    /// Takes one observation. A change of the picture's size starts the collection anew.
    pub fn push(&mut self, observation: &Observation) {
        if observation.frame != self.frame {
            *self = Self {
                frame: observation.frame,
                ..Self::default()
            };
        }
        self.looked += 1;
        self.light += f64::from(observation.light);
        if observation.presence < MIN_PRESENCE {
            return;
        }
        self.present += 1;
        match outline(&observation.pose, observation.frame) {
            Ok(outline) => self.seen.push(outline),
            Err(Unseen::Hidden | Unseen::CutOff) => {}
        }
    }

    /// The baseline of what was collected.
    ///
    /// # Errors
    /// When the observations do not show one person who held still, upright and facing the screen.
    pub fn finish(&self) -> Result<Baseline, Refusal> {
        let looked = f64::from(self.looked.max(1));
        if self.light / looked < MIN_LIGHT {
            return Err(Refusal::TooDark(self.light / looked));
        }
        if f64::from(self.present) < looked / 2.0 {
            return Err(Refusal::Nobody);
        }
        let seen = self.seen.len() as f64;
        if seen / looked < MIN_SEEN {
            return Err(Refusal::Hidden(seen / looked));
        }
        if self.seen.len() < MIN_SAMPLES {
            return Err(Refusal::TooFew(seen));
        }
        let of = |quantity: fn(&Outline) -> f64| Spread::of(self.seen.iter().map(quantity));
        let baseline = Baseline {
            frame: self.frame,
            samples: u32::try_from(self.seen.len()).unwrap_or(u32::MAX),
            ear_height: of(|o| o.ear_height),
            head_width: of(|o| o.ear_span),
            shoulder_width: of(|o| o.shoulder_width),
            eye_y: of(|o| o.eye_y),
            ear_y: of(|o| o.ear_y),
            shoulder_y: of(|o| o.shoulder_y),
            pitch: of(|o| o.pitch),
            yaw: of(|o| o.yaw),
            tilt: of(|o| o.tilt),
            roll: of(|o| o.roll),
        };
        if let Some(drift) = self.drift() {
            return Err(Refusal::Moved(drift));
        }
        baseline.check()
    }

    /// How far head or shoulders moved from the first half to the second, as a part of their size,
    /// when that is too far. A spread about the median does not see somebody who changed posture
    /// halfway.
    fn drift(&self) -> Option<f64> {
        let (first, second) = self.seen.split_at(self.seen.len() / 2);
        let drift = |quantity: fn(&Outline) -> f64| {
            let of = |half: &[Outline]| Spread::of(half.iter().map(quantity)).median;
            (of(second) / of(first) - 1.0).abs()
        };
        let (height, size) = (drift(|o| o.ear_height), drift(|o| o.ear_span));
        let moved = height > MAX_HEIGHT_SPREAD || size > MAX_SIZE_SPREAD;
        moved.then_some(height.max(size))
    }
}

impl Baseline {
    /// Whether the sizes that measures divide by are above zero.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let sizes = [self.ear_height, self.head_width, self.shoulder_width];
        sizes.iter().all(|size| size.median > 0.0) && self.frame.0 > 0 && self.frame.1 > 0
    }

    fn check(self) -> Result<Self, Refusal> {
        // Joints that fall together (ears at the height of the shoulders) make every ratio wild.
        if self.ear_height.median <= 0.05 {
            return Err(Refusal::Hidden(0.0));
        }
        let moved = f64::max(
            self.ear_height.relative() / MAX_HEIGHT_SPREAD,
            self.head_width.relative() / MAX_SIZE_SPREAD,
        );
        if moved > 1.0 {
            return Err(Refusal::Moved(f64::max(
                self.ear_height.relative(),
                self.head_width.relative(),
            )));
        }
        if self.yaw.median.abs() > MAX_YAW {
            return Err(Refusal::Turned(self.yaw.median));
        }
        if self.roll.median.abs() > MAX_ROLL {
            return Err(Refusal::Tilted(self.roll.median));
        }
        Ok(self)
    }
}

impl Spread {
    /// Median and spread of `values`; both zero when there are none.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        let median = middle(&mut values);
        let mut off: Vec<f64> = values.iter().map(|v| (v - median).abs()).collect();
        // 1.4826 makes the median absolute deviation of normal noise its standard deviation.
        Self {
            median,
            sigma: 1.4826 * middle(&mut off),
        }
    }

    fn relative(self) -> f64 {
        self.sigma / self.median.abs()
    }
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

impl std::fmt::Display for Refusal {
    /// What was wrong and what to do, in one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hidden(part) => write!(
                f,
                "head and shoulders could be seen in {:.0} % of the pictures only; \
                 sit so that both are in the picture, in even light",
                100.0 * part
            ),
            Self::TooFew(seen) => write!(
                f,
                "only {seen:.0} pictures came in the time, and {MIN_SAMPLES} are needed; \
                 give it more seconds, or a source with more pictures a second"
            ),
            Self::Moved(spread) => {
                write!(
                    f,
                    "you moved (by {:.1} %); sit still and upright",
                    100.0 * spread
                )
            }
            Self::Turned(degrees) => {
                write!(
                    f,
                    "your head was turned by {:.0} degrees; look at the screen",
                    degrees.abs()
                )
            }
            Self::Tilted(degrees) => {
                write!(
                    f,
                    "your head was tilted by {:.0} degrees; hold it upright",
                    degrees.abs()
                )
            }
            Self::TooDark(light) => write!(
                f,
                "the picture is too dark ({:.0} % of full brightness); switch on a light",
                100.0 * light
            ),
            Self::Nobody => write!(f, "nobody was in the picture; sit in front of the camera"),
        }
    }
}
