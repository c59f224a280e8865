//! What the judgement goes by: limits, dwells and policies, with their reasons.

use std::time::Duration;

use super::io::Fault;

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
    /// Horizontal field of view of the camera, in degrees.
    pub horizontal_fov_deg: f64,
}

/// How large a deviation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Only plain faults.
    Relaxed,
    /// The limits as given with each fault.
    Normal,
    /// Small deviations too.
    Strict,
}

impl Sensitivity {
    /// What limits are multiplied by: the steps of the slouch score between its three settings
    /// (0.20, 0.15 and 0.12).
    #[must_use]
    pub fn factor(self) -> f64 {
        match self {
            Self::Relaxed => 4.0 / 3.0,
            Self::Normal => 1.0,
            Self::Strict => 0.8,
        }
    }
}

/// When a posture is a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posture {
    /// How large a deviation counts.
    pub sensitivity: Sensitivity,
    /// How long a slouch must last. The other faults' dwells keep their proportion to it.
    pub dwell: Duration,
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

/// The dwell of a slouch that the dwells below are proportioned to.
const SLOUCH_DWELL_S: f64 = 30.0;

impl Posture {
    /// The limit of `fault`, in the unit of the value it is judged by.
    #[must_use]
    pub fn limit(&self, fault: Fault) -> Limit {
        // Angles, ratios and dwells: see docs/science.md. The score of slouch and forward head is
        // in centimetres: between two stretches of upright sitting it differs by up to 0.8.
        let (enter, exit, dwell_s) = match fault {
            Fault::Slouch | Fault::ForwardHead => (2.2, 1.4, SLOUCH_DWELL_S),
            Fault::LeanIn => (0.15, 0.10, 20.0),
            Fault::SideLean => (6.0, 4.0, 60.0),
            Fault::HeadTilt => (12.0, 8.0, 60.0),
            Fault::HeadDown => (0.38, 0.25, 180.0),
            Fault::RaisedShoulders => (0.08, 0.05, 60.0),
            // The limit is a distance, 45 cm and 50 cm, which is too small rather than too large:
            // it is judged by how far the eyes are nearer than 60 cm.
            Fault::TooClose => (15.0, 10.0, 60.0),
        };
        let factor = self.sensitivity.factor();
        // A gross slouch is told after 12 s instead of 30; other faults gain nothing by haste.
        let gross_matters = matches!(fault, Fault::Slouch | Fault::ForwardHead);
        Limit {
            enter: enter * factor,
            exit: exit * factor,
            dwell: self.dwell.mul_f64(dwell_s / SLOUCH_DWELL_S),
            haste: if gross_matters { 2.5 } else { 1.0 },
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

impl Default for Settings {
    fn default() -> Self {
        Self {
            posture: Posture {
                sensitivity: Sensitivity::Normal,
                dwell: Duration::from_secs_f64(SLOUCH_DWELL_S),
            },
            alerts: AlertPolicy {
                cooldown: Duration::from_secs(5 * 60),
                repeat: Duration::from_secs(3 * 60),
                max_per_hour: 4,
            },
            sitting: SittingPolicy {
                prompt: Some(Duration::from_secs(30 * 60)),
                firm: Duration::from_secs(60 * 60),
                break_after: Duration::from_secs(2 * 60),
            },
            rates: Rates {
                active: 3.0,
                steady: 1.0,
                calibrating: 10.0,
            },
            // Webcams are 60 to 78 degrees wide; 65 is the common middle.
            horizontal_fov_deg: 65.0,
        }
    }
}

impl Settings {
    /// The camera's focal length in pixels of a picture `width` pixels wide.
    #[must_use]
    pub fn focal_px(&self, width: u32) -> f64 {
        f64::from(width) / 2.0 / (self.horizontal_fov_deg.to_radians() / 2.0).tan()
    }
}
