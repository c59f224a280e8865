//! The verdict on a posture: gates first, then each fault over time.

use std::collections::VecDeque;
use std::time::Duration;

use super::baseline::{Baseline, MIN_LIGHT};
use super::dwell::Dwell;
use super::geometry::{Outline, Unseen, outline};
use super::io::{Amount, Doubt, Fault, Observation, State};
use super::measures::{MeasureFilter, Measures, measure};
use super::settings::Settings;
use super::sitting::LONGEST_STEP;
use super::time::Moment;

/// A head turned past the first angle, in degrees, is not judged until it is back within the
/// second: the ears then hide each other.
const TURNED: (f64, f64) = (25.0, 20.0);

/// A head bent down past the first pitch (about 17 degrees) looks down, until it is back within
/// the second.
const LOOKING_DOWN: (f64, f64) = (0.25, 0.20);

/// A head tilt is read only from a head turned less than this, in degrees: a turned head seen from
/// below or above looks tilted.
const TILT_READABLE_YAW: f64 = 15.0;

/// The shoulders' width must not change by more than this part...
const MOVING: f64 = 0.08;

/// ...within this time.
const MOVING_WITHIN: Duration = Duration::from_secs(1);

/// A doubt shorter than this is a joint that flickered or a hand that passed.
const SHOW_DOUBT_AFTER: Duration = Duration::from_millis(1500);

/// Unsure for longer than this, what was counted before is void.
const FORGET_AFTER: Duration = Duration::from_secs(30);

/// How much a centimetre towards the screen adds to a centimetre of sinking: a head carried
/// forward sinks by about half its way, and what the camera sees of that is small.
const FORWARD_WEIGHT: f64 = 0.2;

/// Only so many centimetres of the way forward count: further is leaning in or a chair that
/// rolled, which have rules of their own.
const FORWARD_CAP_CM: f64 = 8.0;

/// Shoulders that sink less than this part of the head's way have stayed: the head alone went.
const SHOULDERS_STAYED: f64 = 0.8;

/// The head must be this much larger against the shoulders for leaning in: a chair that rolls
/// enlarges both.
const LEAN_IN_HEAD_TO_SHOULDER: f64 = 0.03;

/// Eyes nearer than their limit count as too close only this much, in centimetres, nearer than
/// the person's own upright: the camera's field of view is known to a fifth only.
const TOO_CLOSE_FORWARD_CM: f64 = 5.0;

/// The distance that [`Fault::TooClose`] is counted from, in centimetres.
const CLOSE_FROM_CM: f64 = 60.0;

/// Pitch per degree of head inclination (the nose lies [0.75 ear spans ahead](super::measures)).
const PITCH_PER_DEGREE: f64 = 0.0131;

/// The faults, each followed by itself. Slouch and forward head share one score: which of the two
/// it is, the shoulders tell.
const FOLLOWED: [Fault; 7] = [
    Fault::Slouch,
    Fault::LeanIn,
    Fault::SideLean,
    Fault::HeadTilt,
    Fault::HeadDown,
    Fault::RaisedShoulders,
    Fault::TooClose,
];

/// Judges observations against a baseline.
#[derive(Clone, Debug)]
pub struct Judge {
    settings: Settings,
    baseline: Option<Baseline>,
    filter: MeasureFilter,
    raw: Measures,
    measures: Measures,
    dwells: [Dwell; FOLLOWED.len()],
    turned: bool,
    looking_down: bool,
    /// What the shared score is called in the present bout.
    carriage: Fault,
    widths: VecDeque<(Duration, f64)>,
    last: Option<Moment>,
    unsure_since: Option<Moment>,
    /// The last verdict that was no doubt.
    held: Option<Verdict>,
}

/// What the judge thinks after an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The verdict.
    pub state: State,
    /// The faults past their limit, the worst first.
    pub faults: Vec<Fault>,
    /// Why the state is unsure, when it is.
    pub doubt: Option<Doubt>,
}

/// The worst fault that has lasted its dwell.
#[derive(Clone, Debug, PartialEq)]
pub struct Bout {
    /// The faults that have lasted their dwell, the worst first.
    pub faults: Vec<Fault>,
    /// How far the worst one is from upright.
    pub amount: Option<Amount>,
    /// When the worst one began.
    pub since: Moment,
}

impl Judge {
    /// A judge without a baseline knows only that it cannot judge.
    #[must_use]
    pub fn new(settings: Settings, baseline: Option<Baseline>) -> Self {
        Self {
            settings,
            baseline,
            filter: MeasureFilter::default(),
            raw: Measures::default(),
            measures: Measures::default(),
            dwells: Default::default(),
            turned: false,
            looking_down: false,
            carriage: Fault::Slouch,
            widths: VecDeque::new(),
            last: None,
            unsure_since: None,
            held: None,
        }
    }

    /// Judges what was seen. A doubt that has not lasted is not shown: timers stand still, and the
    /// verdict of a moment ago is held.
    pub fn observe(&mut self, at: Moment, observation: &Observation) -> Verdict {
        let step = self
            .last
            .map_or(Duration::ZERO, |last| at.since(last).min(LONGEST_STEP));
        self.last = Some(at);
        match self.look(at, observation) {
            Ok(()) => {
                self.unsure_since = None;
                self.follow(at, step, &FOLLOWED);
                self.held = Some(self.verdict());
                self.verdict()
            }
            Err(doubt) => {
                if doubt == Doubt::LookingDown {
                    self.follow(at, step, &[Fault::HeadDown]);
                    if self.dwell(Fault::HeadDown).is_bad() {
                        self.unsure_since = None;
                        return self.verdict();
                    }
                }
                let began = self.unsure_since.unwrap_or(at);
                let doubted = self.doubt(at, doubt);
                if at.since(began) < SHOW_DOUBT_AFTER && doubt != Doubt::NotCalibrated {
                    self.held.clone().unwrap_or(doubted)
                } else {
                    doubted
                }
            }
        }
    }

    /// Notes that the posture cannot be judged. Timers stand still, and after half a minute what
    /// was counted is void.
    pub fn doubt(&mut self, at: Moment, doubt: Doubt) -> Verdict {
        self.last = None;
        let since = *self.unsure_since.get_or_insert(at);
        if at.since(since) >= FORGET_AFTER {
            let looking_down = doubt == Doubt::LookingDown;
            for (fault, dwell) in FOLLOWED.iter().zip(&mut self.dwells) {
                if !(looking_down && *fault == Fault::HeadDown) {
                    dwell.reset();
                }
            }
        }
        if doubt == Doubt::LookingDown {
            self.last = Some(at);
        }
        Verdict {
            state: State::Unsure,
            faults: Vec::new(),
            doubt: Some(doubt),
        }
    }

    /// When what was counted becomes void for want of sight.
    #[must_use]
    pub fn forgets_at(&self) -> Option<Moment> {
        let since = self.unsure_since?;
        self.dwells
            .iter()
            .any(Dwell::is_open)
            .then(|| since.plus(FORGET_AFTER))
    }

    /// Forgets the bouts and the smoothing: the person left, or the camera is gone.
    pub fn reset(&mut self) {
        *self = Self::new(self.settings, self.baseline);
    }

    /// Whether there is a baseline to judge against.
    #[must_use]
    pub fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// Judges against `baseline` from now on.
    pub fn set_baseline(&mut self, baseline: Baseline) {
        *self = Self::new(self.settings, Some(baseline));
    }

    /// What was measured last, smoothed.
    #[must_use]
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Whether the last picture differs from the smoothed ones by as much as a shift of posture:
    /// head size by 6 %, eyes by 0.3 distances between the ears, or shoulders by 4 degrees.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        let differs =
            |of: fn(&Measures) -> Option<f64>, by: f64| match (of(&self.raw), of(&self.measures)) {
                (Some(raw), Some(smooth)) => (raw - smooth).abs() > by,
                _ => true,
            };
        differs(|m| m.head_size, 0.06) || differs(|m| m.eye_sink, 0.3) || differs(|m| m.tilt, 4.0)
    }

    /// The bout that the person should be told of.
    #[must_use]
    pub fn bad_bout(&self) -> Option<Bout> {
        let faults = self.ranked(Dwell::is_bad);
        let worst = *faults.first()?;
        let since = self.dwell(worst).since()?;
        Some(Bout {
            amount: self.amount(worst),
            faults,
            since,
        })
    }

    /// Whether a bout is open: bad, or so recently that a relapse belongs to it.
    #[must_use]
    pub fn is_bout_open(&self) -> bool {
        self.dwells.iter().any(Dwell::is_open)
    }

    /// Measures and passes the gates, or tells why the posture is not judged.
    fn look(&mut self, at: Moment, observation: &Observation) -> Result<(), Doubt> {
        if f64::from(observation.light) < MIN_LIGHT {
            return Err(Doubt::TooDark);
        }
        let upright = match self.baseline {
            Some(baseline) if baseline.frame == observation.frame => baseline,
            _ => return Err(Doubt::NotCalibrated),
        };
        let seen =
            outline(&observation.pose, observation.frame).map_err(|unseen| match unseen {
                Unseen::Hidden => Doubt::Hidden,
                Unseen::CutOff => Doubt::CutOff,
            })?;
        let moving = self.is_moving(at.elapsed, &seen);
        let raw = measure(&seen, &upright, self.settings.focal_px(observation.frame.0));
        self.measures = self.filter.push(at.elapsed, &raw);
        self.raw = raw;
        let yaw = self.measures.yaw.unwrap_or(0.0).abs();
        self.turned = yaw > if self.turned { TURNED.1 } else { TURNED.0 };
        if self.turned {
            return Err(Doubt::Turned);
        }
        if seen.arm_raised {
            return Err(Doubt::ArmRaised);
        }
        if moving {
            return Err(Doubt::Moving);
        }
        let pitch = self.measures.pitch.unwrap_or(0.0);
        self.looking_down = pitch
            > if self.looking_down {
                LOOKING_DOWN.1
            } else {
                LOOKING_DOWN.0
            };
        // A head that looks down from where it was is a glance; one that has sunk as well is a
        // slouch that shows the top of the head.
        if self.looking_down && self.carriage_score() < self.limit_of(Fault::Slouch) {
            return Err(Doubt::LookingDown);
        }
        Ok(())
    }

    fn limit_of(&self, fault: Fault) -> f64 {
        self.settings.posture.limit(fault).enter
    }

    fn is_moving(&mut self, at: Duration, seen: &Outline) -> bool {
        let recent = at.saturating_sub(MOVING_WITHIN);
        self.widths.retain(|(then, _)| *then >= recent);
        let moved = |(_, then): &(Duration, f64)| (seen.shoulder_width / then - 1.0).abs() > MOVING;
        let moving = self.widths.iter().any(moved);
        self.widths.push_back((at, seen.shoulder_width));
        moving
    }

    fn follow(&mut self, at: Moment, step: Duration, faults: &[Fault]) {
        for (index, fault) in FOLLOWED.iter().enumerate() {
            if !faults.contains(fault) {
                continue;
            }
            if let Some(value) = self.value(*fault) {
                let limit = self.settings.posture.limit(*fault);
                self.dwells[index].push(at, step, value, limit);
            }
        }
        if !self.dwell(Fault::Slouch).is_open() {
            self.carriage = self.carriage_name();
        }
    }

    fn dwell(&self, fault: Fault) -> &Dwell {
        let followed = if fault == Fault::ForwardHead {
            Fault::Slouch
        } else {
            fault
        };
        let index = FOLLOWED.iter().position(|f| *f == followed).unwrap_or(0);
        &self.dwells[index]
    }

    fn verdict(&self) -> Verdict {
        let faults = self.ranked(|dwell| dwell.is_over() || dwell.is_bad());
        let state = if self.dwells.iter().any(Dwell::is_bad) {
            State::Bad
        } else if !faults.is_empty() || self.is_bout_open() {
            State::AtRisk
        } else {
            State::Good
        };
        Verdict {
            state,
            faults,
            doubt: None,
        }
    }

    /// The faults that `which` picks, those furthest past their limit first.
    fn ranked(&self, which: impl Fn(&Dwell) -> bool) -> Vec<Fault> {
        let mut picked: Vec<(f64, Fault)> = FOLLOWED
            .iter()
            .zip(&self.dwells)
            .filter(|(_, dwell)| which(dwell))
            .map(|(fault, dwell)| {
                let size = self.value(*fault).unwrap_or(0.0) / self.limit_of(*fault);
                // What has lasted its dwell goes before what has not.
                (size + if dwell.is_bad() { 100.0 } else { 0.0 }, *fault)
            })
            .collect();
        picked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let named = |fault| {
            if fault == Fault::Slouch {
                self.carriage
            } else {
                fault
            }
        };
        picked.into_iter().map(|(_, fault)| named(fault)).collect()
    }

    /// The number that `fault` is judged by; `None` when it cannot be had, and then the fault's
    /// timer stands still.
    fn value(&self, fault: Fault) -> Option<f64> {
        let m = &self.measures;
        match fault {
            Fault::Slouch | Fault::ForwardHead => Some(self.carriage_score()),
            Fault::LeanIn => {
                let with_head = m.head_to_shoulder? >= LEAN_IN_HEAD_TO_SHOULDER;
                Some(if with_head { m.head_size? } else { 0.0 })
            }
            Fault::SideLean => Some(m.tilt?.abs()),
            Fault::HeadTilt if m.yaw?.abs() > TILT_READABLE_YAW => None,
            Fault::HeadTilt => Some(m.roll?.abs()),
            Fault::HeadDown => m.pitch,
            Fault::RaisedShoulders => {
                let head_stayed = m.eye_sink?.abs() < 0.2 && m.head_to_shoulder? < 0.03;
                Some(if head_stayed { m.head_drop? } else { 0.0 })
            }
            Fault::TooClose => {
                let came = m.forward_cm? >= TOO_CLOSE_FORWARD_CM;
                Some(if came {
                    CLOSE_FROM_CM - m.distance_cm?
                } else {
                    0.0
                })
            }
        }
    }

    /// How far the head has sunk and gone forward, in centimetres of sinking. A head further from
    /// the screen than upright leans back on a backrest, which is no fault.
    fn carriage_score(&self) -> f64 {
        let forward = self
            .measures
            .forward_cm
            .unwrap_or(0.0)
            .clamp(0.0, FORWARD_CAP_CM);
        self.measures.sink_cm.unwrap_or(0.0) + FORWARD_WEIGHT * forward
    }

    fn carriage_name(&self) -> Fault {
        let m = &self.measures;
        match (m.sink_cm, m.shoulder_sink_cm, m.forward_cm) {
            (Some(head), Some(shoulders), Some(forward))
                if forward > 0.0 && shoulders < SHOULDERS_STAYED * head =>
            {
                Fault::ForwardHead
            }
            _ => Fault::Slouch,
        }
    }

    fn amount(&self, fault: Fault) -> Option<Amount> {
        let m = &self.measures;
        match fault {
            Fault::Slouch => m.sink_cm.map(Amount::Centimetres),
            Fault::ForwardHead | Fault::LeanIn => m.forward_cm.map(Amount::Centimetres),
            Fault::SideLean => m.tilt.map(|v| Amount::Degrees(v.abs())),
            Fault::HeadTilt => m.roll.map(|v| Amount::Degrees(v.abs())),
            Fault::HeadDown => m.pitch.map(|v| Amount::Degrees(v / PITCH_PER_DEGREE)),
            Fault::RaisedShoulders => m.head_drop.map(|v| Amount::Percent(100.0 * v)),
            Fault::TooClose => m.distance_cm.map(Amount::Centimetres),
        }
    }
}
