//! A person's own upright: what every measure is compared with.

use super::hindrance::{Hindrance, is_crowded};
use super::io::Observation;
use super::outline::{Front, Head, Outline, Side, outline};
use super::room::EyeLink;

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
    /// What they showed.
    pub upright: Upright,
    /// The person's own limit for slouch and forward head, as a factor on the preset one, within
    /// [`SLOUCH_LIMITS`]; `None` when it was not learnt.
    pub slouch_limit: Option<f64>,
}

/// What an upright person looks like to the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Upright {
    /// The camera sees the person from the front.
    Front(FrontUpright),
    /// The camera sees the person from the side.
    Side(SideUpright),
}

/// An upright person from the front. Lengths and positions in pixels, angles in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrontUpright {
    /// Height of the ears above the shoulders, along the normal of the shoulder line, over the
    /// shoulder width.
    pub ear_height: Spread,
    /// Distance between the ears.
    pub head_width: Spread,
    /// Distance between the shoulders.
    pub shoulder_width: Spread,
    /// Height of the middle of the eyes in the picture, from the top.
    pub eye_y: Spread,
    /// Height of the middle of the ears in the picture, from the top.
    pub ear_y: Spread,
    /// Height of the middle of the shoulders in the picture, from the top.
    pub shoulder_y: Spread,
    /// How far the nose is below the ears over the distance between the ears: the head's pitch,
    /// and with it the height of the camera.
    pub pitch: Spread,
    /// Turn of the head to the side, positive to the person's left.
    pub yaw: Spread,
    /// Slope of the shoulder line, positive when the left shoulder is higher.
    pub tilt: Spread,
    /// Slope of the ear line against the shoulder line, positive when the left ear is higher.
    pub roll: Spread,
    /// The middle of the ears to the right of the shoulders' in the picture, over the distance
    /// between the ears.
    pub aside: Spread,
    /// How the eyes stand to the ears.
    pub eyes: EyeLink,
}

/// An upright person from the side. Angles in degrees, lengths in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SideUpright {
    /// Whether the person looks to the right of the picture.
    pub looks_right: bool,
    /// Angle of the line from shoulder to ear against the vertical, positive forward.
    pub neck: Spread,
    /// Angle of the line from hip to shoulder against the vertical, positive forward; `None` when
    /// the hip was hidden.
    pub torso: Option<Spread>,
    /// Angle of the line from ear to nose against the horizontal, positive down.
    pub pitch: Spread,
    /// Distance from ear to nose.
    pub nose_length: Spread,
    /// Distance from shoulder to ear.
    pub neck_length: Spread,
}

/// Why a calibration was refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// Too few observations showed all joints: the part that did, 0 to 1.
    Hidden(f64),
    /// The person was seen now from the front and now from the side.
    TwoViews,
    /// Too few observations were made at all: how many.
    TooFew(f64),
    /// The person moved: the spread of head or shoulders, as a part of their size.
    Moved(f64),
    /// The person moved, seen from the side: by so many degrees of the neck.
    MovedBy(f64),
    /// The head was turned to the side, in degrees.
    Turned(f64),
    /// The head was tilted, in degrees.
    Tilted(f64),
    /// The picture was too dark: its mean brightness, 0 to 1.
    TooDark(f64),
    /// Nobody was there.
    Nobody,
    /// Somebody else was in the picture, and large.
    TwoPeople,
    /// A guided calibration waited in vain for this to end.
    Waited(Hindrance),
}

/// The part of the observations that must show all joints.
const MIN_SEEN: f64 = 0.8;

/// Fewer samples than this say nothing about the spread.
pub const MIN_SAMPLES: usize = 8;

/// Spread of the ear height, as a part of it, above which the person moved. One picture's joints
/// alone scatter by 1.5 to 2.9 %, and wander by 6 % within ten seconds of holding still.
const MAX_HEIGHT_SPREAD: f64 = 0.08;

/// Spread of the distance between the ears, as a part of it, above which the person moved. One
/// picture's joints alone scatter by 2.1 to 3.7 %; a slouch is 20 %.
const MAX_SIZE_SPREAD: f64 = 0.06;

/// A head turned further than this, in degrees, is not looking at the screen.
pub const MAX_YAW: f64 = 12.0;

/// A head tilted further than this, in degrees, is not upright.
pub const MAX_ROLL: f64 = 8.0;

/// Mean brightness below which joints are guessed rather than seen.
pub const MIN_LIGHT: f64 = 0.1;

/// The lowest and the highest limit of a person's own, as factors on the preset one.
pub const SLOUCH_LIMITS: (f64, f64) = (0.8, 1.6);

/// A presence score from which on somebody is there.
pub const MIN_PRESENCE: f32 = 0.5;

/// From the side, degrees that neck or torso may scatter: within a hold the neck does by 1.1.
const MAX_ANGLE_SPREAD: f64 = 4.0;

/// Collects observations of a person who sits upright.
#[derive(Clone, Debug, Default)]
pub struct Calibrator {
    frame: (u32, u32),
    seen: Vec<Outline>,
    looked: u32,
    present: u32,
    crowded: u32,
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
        if is_crowded(observation) {
            self.crowded += 1;
            return;
        }
        self.seen
            .extend(outline(&observation.pose, observation.frame));
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
        if f64::from(self.crowded) > (1.0 - MIN_SEEN) * looked {
            return Err(Refusal::TwoPeople);
        }
        let fronts: Vec<Front> = self.fronts().collect();
        let sides: Vec<Side> = self.sides().collect();
        let seen = fronts.len().max(sides.len());
        let part = seen as f64 / looked;
        if part < MIN_SEEN {
            return Err(if self.seen.len() as f64 / looked < MIN_SEEN {
                Refusal::Hidden(part)
            } else {
                Refusal::TwoViews
            });
        }
        if seen < MIN_SAMPLES {
            return Err(Refusal::TooFew(seen as f64));
        }
        let upright = if fronts.len() > sides.len() {
            Upright::Front(learn_front(&fronts)?)
        } else {
            Upright::Side(learn_side(&sides)?)
        };
        Ok(Baseline {
            frame: self.frame,
            samples: u32::try_from(seen).unwrap_or(u32::MAX),
            upright,
            slouch_limit: None,
        })
    }

    /// What was seen so far, in order.
    #[must_use]
    pub fn seen(&self) -> &[Outline] {
        &self.seen
    }

    fn fronts(&self) -> impl Iterator<Item = Front> {
        self.seen.iter().filter_map(|outline| match outline {
            Outline::Front(front) => Some(*front),
            Outline::Side(_) => None,
        })
    }

    fn sides(&self) -> impl Iterator<Item = Side> {
        self.seen.iter().filter_map(|outline| match outline {
            Outline::Side(side) => Some(*side),
            Outline::Front(_) => None,
        })
    }
}

fn learn_front(seen: &[Front]) -> Result<FrontUpright, Refusal> {
    let with_ears: Vec<(Front, Head)> = seen
        .iter()
        .filter_map(|front| Some((*front, front.head?)))
        .collect();
    // Ears that hardly ever show say nothing; what hides them hides them all day.
    let heads: Vec<(Front, Head)> = if with_ears.len() * 2 >= seen.len() {
        with_ears
    } else {
        let typical = |front: &Front| (*front, EyeLink::typical_head(&front.eyes));
        seen.iter().map(typical).collect()
    };
    let of = |quantity: fn(&Front, &Head) -> f64| {
        Spread::of(heads.iter().map(|(front, head)| quantity(front, head)))
    };
    let link = |quantity: fn(EyeLink) -> f64| of_links(&heads, quantity);
    let upright = FrontUpright {
        ear_height: of(|front, head| front.height_over_shoulders(head.ears)),
        head_width: of(|_, head| head.span),
        shoulder_width: of(|front, _| front.shoulder_width),
        eye_y: of(|front, _| front.eyes.middle.y),
        ear_y: of(|_, head| head.ears.y),
        shoulder_y: of(|front, _| front.shoulders.y),
        pitch: of(|_, head| head.pitch),
        yaw: of(|_, head| head.yaw),
        tilt: of(|front, _| front.tilt),
        roll: of(|front, head| front.roll_of(head)),
        aside: of(|front, head| (head.ears.x - front.shoulders.x) / head.span),
        eyes: EyeLink {
            span: link(|eyes| eyes.span),
            drop: link(|eyes| eyes.drop),
            pitch: link(|eyes| eyes.pitch),
            turn: link(|eyes| eyes.turn),
        },
    };
    // Joints that fall together (ears at the height of the shoulders) make every ratio wild.
    if upright.ear_height.median <= 0.05 {
        return Err(Refusal::Hidden(0.0));
    }
    let drift = |quantity: fn(&Front, &Head) -> f64| {
        drift(heads.iter().map(|(front, head)| quantity(front, head)))
    };
    let height = drift(|front, head| front.height_over_shoulders(head.ears))
        .max(upright.ear_height.sigma)
        / upright.ear_height.median;
    let size = drift(|_, head| head.span).max(upright.head_width.sigma) / upright.head_width.median;
    if height > MAX_HEIGHT_SPREAD || size > MAX_SIZE_SPREAD {
        return Err(Refusal::Moved(height.max(size)));
    }
    if upright.yaw.median.abs() > MAX_YAW {
        return Err(Refusal::Turned(upright.yaw.median));
    }
    if upright.roll.median.abs() > MAX_ROLL {
        return Err(Refusal::Tilted(upright.roll.median));
    }
    Ok(upright)
}

fn of_links(heads: &[(Front, Head)], quantity: fn(EyeLink) -> f64) -> f64 {
    let link = |(front, head): &(Front, Head)| quantity(EyeLink::of(front, head));
    Spread::of(heads.iter().map(link)).median
}

fn learn_side(seen: &[Side]) -> Result<SideUpright, Refusal> {
    let of = |quantity: fn(&Side) -> f64| Spread::of(seen.iter().map(quantity));
    let torsos: Vec<f64> = seen.iter().filter_map(|side| side.torso).collect();
    let right = seen.iter().filter(|side| side.looks_right).count();
    let upright = SideUpright {
        looks_right: right * 2 > seen.len(),
        neck: of(|side| side.neck),
        torso: (torsos.len() * 2 >= seen.len()).then(|| Spread::of(torsos.iter().copied())),
        pitch: of(|side| side.pitch),
        nose_length: of(|side| side.nose_length),
        neck_length: of(|side| side.neck_length),
    };
    let moved = drift(seen.iter().map(|side| side.neck)).max(upright.neck.sigma);
    if moved > MAX_ANGLE_SPREAD {
        return Err(Refusal::MovedBy(moved));
    }
    Ok(upright)
}

/// How far the median moved from the first half of `values` to the second. A spread about the
/// median does not see somebody who changed posture halfway.
fn drift(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    let (first, second) = values.split_at(values.len() / 2);
    let median = |half: &[f64]| Spread::of(half.iter().copied()).median;
    (median(second) - median(first)).abs()
}

impl FrontUpright {
    /// The upright of somebody of whom only this picture is known: just as it shows them, but with
    /// a level head and level shoulders, and looking at the camera. Against it only leans, tilts
    /// and turns mean anything.
    #[must_use]
    pub fn level(front: &Front) -> Self {
        let head = front
            .head
            .unwrap_or_else(|| EyeLink::typical_head(&front.eyes));
        let just = |median: f64| Spread { median, sigma: 0.0 };
        Self {
            ear_height: just(front.height_over_shoulders(head.ears)),
            head_width: just(head.span),
            shoulder_width: just(front.shoulder_width),
            eye_y: just(front.eyes.middle.y),
            ear_y: just(head.ears.y),
            shoulder_y: just(front.shoulders.y),
            pitch: just(head.pitch),
            yaw: just(0.0),
            tilt: just(0.0),
            roll: just(0.0),
            aside: just(0.0),
            eyes: EyeLink::of(front, &head),
        }
    }
}

impl Baseline {
    /// Whether the sizes that measures divide by are above zero, and the person's own limit is one
    /// that a calibration gives.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let sizes = match &self.upright {
            Upright::Front(front) => [front.ear_height, front.head_width, front.shoulder_width],
            Upright::Side(side) => [side.nose_length, side.neck_length, side.neck_length],
        };
        let (lowest, highest) = SLOUCH_LIMITS;
        sizes.iter().all(|size| size.median > 0.0)
            && self.frame.0 > 0
            && self.frame.1 > 0
            && self
                .slouch_limit
                .is_none_or(|limit| (lowest..=highest).contains(&limit))
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
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}
