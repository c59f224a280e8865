//! What the judgement goes by: limits, dwells and policies, with their reasons.

use std::time::Duration;

use super::hours::Hours;
use super::io::Fault;
use super::pattern::Pattern;
use super::sampling::LATE;
use super::stillness::STILL_HINT;
use super::time::WallTime;

/// Everything the monitor is told at its start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// When a measure is past its limit.
    pub posture: Posture,
    /// When and how often the person is told.
    pub alerts: AlertPolicy,
    /// When sitting has been long, and what ends it.
    pub sitting: SittingPolicy,
    /// How often to look.
    pub rates: Rates,
    /// What pauses the monitor.
    pub pauses: PausePolicy,
    /// How often the camera is opened for a short look; `None` when it stays open.
    pub sampling: Option<Sampling>,
    /// Horizontal field of view of the camera, in degrees.
    pub horizontal_fov_deg: f64,
}

/// How large a deviation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Not judged.
    Off,
    /// Only plain faults.
    Relaxed,
    /// The limits as given with each fault.
    Normal,
    /// Small deviations too.
    Strict,
}

impl Sensitivity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Off, Self::Relaxed, Self::Normal, Self::Strict];

    /// The word used in the configuration and in sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Relaxed => "relaxed",
            Self::Normal => "normal",
            Self::Strict => "strict",
        }
    }

    /// What limits are multiplied by: the steps of the slouch score between its three settings
    /// (0.20, 0.15 and 0.12); `None` when the fault is not judged.
    #[must_use]
    pub fn factor(self) -> Option<f64> {
        match self {
            Self::Off => None,
            Self::Relaxed => Some(4.0 / 3.0),
            Self::Normal => Some(1.0),
            Self::Strict => Some(0.8),
        }
    }
}

/// Something for each fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerFault<T>([T; Fault::ALL.len()]);

impl<T: Copy> PerFault<T> {
    /// What `of` gives for each fault.
    pub fn new(of: impl Fn(Fault) -> T) -> Self {
        Self(Fault::ALL.map(of))
    }

    /// What `fault` has.
    #[must_use]
    pub fn get(&self, fault: Fault) -> T {
        self.0[fault as usize]
    }

    /// Gives `fault` something else.
    pub fn set(&mut self, fault: Fault, value: T) {
        self.0[fault as usize] = value;
    }
}

/// When a posture is a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posture {
    /// How large a deviation counts.
    pub sensitivity: PerFault<Sensitivity>,
    /// How long a slouch must last. The other faults' dwells keep their proportion to it.
    pub dwell: Duration,
    /// The limits at normal sensitivity and a dwell of [`SLOUCH_DWELL_S`], each in the unit of the
    /// value its fault is judged by.
    pub limits: PerFault<Limit>,
    /// The limit of slouch and forward head when seen from the side, in degrees that neck and
    /// torso together lean forward.
    pub inclination: Limit,
    /// How often the person said that an alert was wrong; raises the limit by [`easing`].
    pub eased: PerFault<u8>,
    /// How much a centimetre that the head goes ahead of the shoulders adds to a centimetre of
    /// sinking.
    pub forward_weight: f64,
}

/// The limit of one fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// From this value on it is a fault.
    pub enter: f64,
    /// Up to this value it is none any more.
    pub exit: f64,
    /// How long it must last.
    pub dwell: Duration,
    /// From twice the limit on the dwell passes this many times faster.
    pub haste: f64,
}

/// The dwell of a slouch that the dwells of [`Posture::limits`] are proportioned to, in seconds.
pub const SLOUCH_DWELL_S: f64 = 30.0;

/// A gross slouch is told after 12 s instead of 30; other faults gain nothing by haste.
const HASTE: f64 = 2.5;

impl Limit {
    const fn new(enter: f64, exit: f64, dwell_s: u64, haste: f64) -> Self {
        Self {
            enter,
            exit,
            dwell: Duration::from_secs(dwell_s),
            haste,
        }
    }
}

impl Posture {
    /// The limit of `fault` seen from the front, in the unit of the value it is judged by; `None`
    /// when it is not judged.
    #[must_use]
    pub fn limit(&self, fault: Fault) -> Option<Limit> {
        self.scaled(fault, self.limits.get(fault))
    }

    /// The limit of `fault` seen from the side.
    #[must_use]
    pub fn side_limit(&self, fault: Fault) -> Option<Limit> {
        match fault {
            Fault::Slouch | Fault::ForwardHead => self.scaled(fault, self.inclination),
            _ => self.limit(fault),
        }
    }

    fn scaled(&self, fault: Fault, limit: Limit) -> Option<Limit> {
        let factor = self.sensitivity.get(fault).factor()? * easing(self.eased.get(fault));
        let slower = self.dwell.as_secs_f64() / SLOUCH_DWELL_S;
        Some(Limit {
            enter: limit.enter * factor,
            exit: limit.exit * factor,
            dwell: limit.dwell.mul_f64(slower),
            ..limit
        })
    }
}

/// What a limit is multiplied by when the person has said so many times that an alert about it was
/// wrong: a tenth more each time, as much as the steps between sensitivities make in three, and half
/// as much again at most, lest a fault be talked away.
#[must_use]
pub fn easing(times: u8) -> f64 {
    1.0 + 0.1 * f64::from(times.min(5))
}

impl Default for Posture {
    fn default() -> Self {
        Self {
            sensitivity: PerFault::new(|_| Sensitivity::Normal),
            dwell: Duration::from_secs_f64(SLOUCH_DWELL_S),
            // Angles, ratios and dwells: see docs/science.md. The score of slouch and forward head
            // is in centimetres: between two stretches of upright sitting it differs by up to 0.8.
            limits: PerFault::new(|fault| match fault {
                Fault::Slouch | Fault::ForwardHead => Limit::new(1.9, 1.2, 30, HASTE),
                Fault::LeanIn => Limit::new(0.15, 0.10, 20, 1.0),
                Fault::SideLean => Limit::new(6.0, 4.0, 60, 1.0),
                Fault::HeadTilt => Limit::new(12.0, 8.0, 60, 1.0),
                Fault::HeadDown => Limit::new(0.38, 0.25, 180, 1.0),
                Fault::RaisedShoulders => Limit::new(0.08, 0.05, 60, 1.0),
                // The limit is a distance, 45 cm and 50 cm, which is too small rather than too
                // large: it is judged by how far the eyes are nearer than 60 cm.
                Fault::TooClose => Limit::new(15.0, 10.0, 60, 1.0),
            }),
            inclination: Limit::new(10.0, 6.0, 30, HASTE),
            eased: PerFault::new(|_| 0),
            // A head carried forward sinks by about half its way, and what the camera sees of that
            // is small.
            forward_weight: 0.2,
        }
    }
}

/// When and how often the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertPolicy {
    /// After an alert, this long no new bout is told.
    pub cooldown: Duration,
    /// A bout that goes on is told again after this long, then after twice as long, and so on.
    pub repeat: Duration,
    /// No more than this many alerts are told in any hour.
    pub max_per_hour: u32,
}

/// When sitting has been long, and what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SittingPolicy {
    /// The first prompt, after this long; `None` for no prompts.
    pub prompt: Option<Duration>,
    /// The firm prompt, after this long.
    pub firm: Duration,
    /// An absence this long is a break and ends a bout of sitting.
    pub break_after: Duration,
    /// What the prompts propose; `None` for no more than getting up. The first prompt comes after
    /// `prompt` all the same.
    pub pattern: Option<Pattern>,
    /// Whether there are hints to rest the eyes.
    pub eyes: bool,
    /// Time at the desk between two hints to drink; `None` for none.
    pub water: Option<Duration>,
    /// Holding one pose for this long is worth a hint; `None` for none.
    pub still: Option<Duration>,
}

/// How often to look, in observations a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// While something changes. Three a second leave 0.7 % of noise and 1.3 s of delay after the
    /// filter; more brings nothing for dwells of half a minute.
    pub active: f64,
    /// While the posture is good and steady, or nobody is there.
    pub steady: f64,
    /// While a calibration runs.
    pub calibrating: f64,
}

/// What pauses the monitor, besides the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PausePolicy {
    /// A locked screen.
    pub locked: bool,
    /// A call.
    pub call: bool,
    /// A screen that is shared.
    pub screen_share: bool,
    /// What running on the battery does.
    pub battery: BatteryPolicy,
    /// When the person works; never to be watched at other times, unless it is empty.
    pub work: Hours,
    /// When the person is not to be watched.
    pub quiet: Hours,
}

/// What running on the battery does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatteryPolicy {
    /// Nothing.
    Ignore,
    /// Looks are half as frequent.
    Slower,
    /// The monitor pauses.
    Pause,
}

impl BatteryPolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ignore, Self::Slower, Self::Pause];

    /// The word used in the configuration and in sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Slower => "slower",
            Self::Pause => "pause",
        }
    }
}

impl PausePolicy {
    /// Whether the person is not to be watched at this time of the week.
    #[must_use]
    pub fn is_quiet(&self, wall: WallTime) -> bool {
        self.quiet.hold(wall) || !self.work.is_empty() && !self.work.hold(wall)
    }

    /// Whether the time of the week matters.
    #[must_use]
    pub fn has_hours(&self) -> bool {
        !self.work.is_empty() || !self.quiet.is_empty()
    }
}

impl Default for PausePolicy {
    fn default() -> Self {
        Self {
            locked: true,
            call: true,
            screen_share: true,
            battery: BatteryPolicy::Slower,
            work: Hours::default(),
            quiet: Hours::default(),
        }
    }
}

/// The camera is open for two seconds at a time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// From the beginning of one look to that of the next.
    pub every: Duration,
}

/// Time between two looks that is counted at most while the camera stays open: what
/// lies beyond is a machine that slept.
const LONGEST_STEP: Duration = Duration::from_secs(5);

impl Default for Settings {
    fn default() -> Self {
        Self {
            posture: Posture::default(),
            alerts: AlertPolicy {
                cooldown: Duration::from_secs(5 * 60),
                repeat: Duration::from_secs(3 * 60),
                max_per_hour: 4,
            },
            sitting: SittingPolicy {
                prompt: Some(Duration::from_secs(30 * 60)),
                firm: Duration::from_secs(60 * 60),
                break_after: Duration::from_secs(2 * 60),
                pattern: None,
                eyes: false,
                water: None,
                still: Some(STILL_HINT),
            },
            rates: Rates {
                active: 3.0,
                steady: 1.0,
                calibrating: 10.0,
            },
            pauses: PausePolicy::default(),
            sampling: None,
            // Webcams are 60 to 78 degrees wide; 65 is the common middle.
            horizontal_fov_deg: 65.0,
        }
    }
}

impl Settings {
    /// Time between two looks that is counted at most: what two looks agree on is taken for true of
    /// the time between.
    #[must_use]
    pub fn longest_step(&self) -> Duration {
        self.sampling
            .map_or(LONGEST_STEP, |sampling| sampling.every + LATE)
    }

    /// The camera's focal length in pixels of a picture `width` pixels wide.
    #[must_use]
    pub fn focal_px(&self, width: u32) -> f64 {
        f64::from(width) / 2.0 / (self.horizontal_fov_deg.to_radians() / 2.0).tan()
    }
}
