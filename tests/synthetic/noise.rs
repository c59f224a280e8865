//! Chance that comes out the same every time, and what a pose model does to joints.

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014. Good enough for noise, and the same on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = self.0;
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    pub(crate) fn happens(&mut self, part: f64) -> bool {
        self.unit() < part
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }

    /// Two independent values of the standard normal distribution, by Box and Muller's transform.
    pub(crate) fn normals(&mut self) -> (f64, f64) {
        let length = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.unit()).sin_cos();
        (length * cos, length * sin)
    }

    /// The standard normal distribution between -2 and 2: people further out are left out.
    pub(crate) fn within_two_sigma(&mut self) -> f64 {
        loop {
            let (value, _) = self.normals();
            if value.abs() <= 2.0 {
                return value;
            }
        }
    }
}

/// How joints fall out of sight for single pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dropouts {
    None,
    /// In this part of the pictures one joint of head and shoulders is too faint.
    Pictures(f64),
    /// Every joint is too faint in this part of the pictures, whatever the others are.
    Joints(f64),
}

/// What the pose model adds to where joints are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Noise {
    /// Times the usual scatter; 0 for none at all.
    pub(crate) level: f64,
    pub(crate) dropouts: Dropouts,
}

/// Standard deviation of each coordinate in a picture 640 pixels wide: about what MoveNet
/// Lightning scatters by on a person who holds still.
const SIGMA_PX: f64 = 1.5;

/// The part of all joints that lie somewhere near instead.
const OUTLIERS: f64 = 0.01;

/// How far an outlier lies off at most, in each coordinate of a picture 640 pixels wide.
const OUTLIER_PX: f64 = 25.0;

impl Noise {
    pub(crate) const NONE: Self = Self {
        level: 0.0,
        dropouts: Dropouts::None,
    };
    pub(crate) const USUAL: Self = Self {
        level: 1.0,
        dropouts: Dropouts::None,
    };

    /// How far off a joint is marked in a picture `width` pixels wide: to the right and down.
    pub(crate) fn offset(self, chance: &mut Chance, width: u32) -> (f64, f64) {
        if self.level <= 0.0 {
            return (0.0, 0.0);
        }
        let (right, down) = chance.normals();
        let px = f64::from(width) / 640.0;
        if chance.happens(OUTLIERS) {
            let mut off = || px * chance.between(-OUTLIER_PX, OUTLIER_PX);
            return (off(), off());
        }
        let sigma = self.level * SIGMA_PX * px;
        (sigma * right, sigma * down)
    }
}
