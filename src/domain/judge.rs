//! The verdict on a posture: gates first, then each fault over time.

use std::collections::VecDeque;
use std::time::Duration;

use super::baseline::{Baseline, FrontUpright, MIN_LIGHT, Upright};
use super::camera::Shift;
use super::dwell::Dwell;
use super::faults::{self, FOLLOWED};
use super::io::{Amount, Doubt, Fault, Observation, State};
use super::measures::{MeasureFilter, Measures, Quantity, measure};
use super::outline::{Outline, Unseen, is_arm_raised, outline};
use super::sampling::SETTLE;
use super::seat::{Seat, reseated};
use super::settings::{Limit, Settings};
use super::time::Moment;

/// A head turned past the first angle, in degrees, is not judged until it is back within the
/// second: the ears then hide each other.
const TURNED: (f64, f64) = (25.0, 20.0);

/// The same from the side, where the turn is read from how far the nose is from the ear, which
/// shrinks by a tenth in a slouch as well: as much as a turn by 25 degrees.
const TURNED_FROM_SIDE: (f64, f64) = (45.0, 35.0);

/// A head bent down past the first pitch (about 17 degrees) looks down, until it is back within
/// the second.
const LOOKING_DOWN: (f64, f64) = (0.25, 0.20);

/// The shoulders' width must not change by more than this part...
const MOVING: f64 = 0.08;

/// ...or, from the side, the neck's length by this one: it is shorter and scatters more...
const MOVING_FROM_SIDE: f64 = 0.2;

/// ...within this time.
const MOVING_WITHIN: Duration = Duration::from_secs(1);

/// A doubt shorter than this is a joint that flickered or a hand that passed.
const SHOW_DOUBT_AFTER: Duration = Duration::from_millis(1500);

/// Unsure for longer than this, what was counted before is void.
const FORGET_AFTER: Duration = Duration::from_secs(30);

/// Looks further apart than this do not go on from each other.
const GAP: Duration = Duration::from_secs(5);

/// Limits are this many times wider as long as there is no upright to compare with: only gross
/// faults are told.
const GROSS: f64 = 2.0;

/// What can be seen without an upright to compare with.
const SEEN_WITHOUT_UPRIGHT: [Fault; 3] = [Fault::SideLean, Fault::HeadTilt, Fault::TooClose];

/// A head this much larger or smaller against the shoulders than upright...
const OTHER_PROPORTION: f64 = 0.15;

/// ...without being nearer or further away by more than this part...
const SAME_DISTANCE: f64 = 0.10;

/// ...or having sunk by this much, in centimetres, is another person's, or sits on another coat.
const SAME_HEIGHT_CM: f64 = 3.0;

/// Somebody else who is larger than the person by this factor is nearer to the camera: the joints
/// may be of either from one picture to the next.
const NEARER: f32 = 1.1;

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
    sizes: VecDeque<(Duration, f64)>,
    steady_sizes: VecDeque<(Duration, f64)>,
    seat: Seat,
    chair_moved: Option<f64>,
    /// Up to when each timer has counted, and from when the next step counts: not when a doubt
    /// came between that lasted.
    counted: [Option<Moment>; FOLLOWED.len()],
    /// Of what was seen without a gap: the first look and the last.
    sight: Option<(Moment, Moment)>,
    from: [Option<Moment>; FOLLOWED.len()],
    /// The present doubt, and since when.
    doubting: Option<(Doubt, Moment)>,
    /// The last verdict that was shown.
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
    /// When the first of them began.
    pub since: Moment,
}

impl Judge {
    /// A judge without a baseline tells gross faults only.
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
            sizes: VecDeque::new(),
            steady_sizes: VecDeque::new(),
            seat: Seat::default(),
            chair_moved: None,
            counted: Default::default(),
            sight: None,
            from: Default::default(),
            doubting: None,
            held: None,
        }
    }

    /// Judges what was seen by a camera that has moved by `shift` since the upright was learnt.
    pub fn observe(&mut self, at: Moment, seen: &Observation, shift: &Shift) -> Verdict {
        let began = match self.sight {
            Some((began, last)) if at.since(last) <= GAP => began,
            _ => at,
        };
        self.sight = Some((began, at));
        match self.look(at, seen, shift) {
            Ok(()) => {
                self.doubting = None;
                if let Some(held) = &self.held
                    && self.settings.sampling.is_some()
                    && at.since(began) < SETTLE
                {
                    return held.clone();
                }
                self.follow(at, &FOLLOWED);
                self.follow_chair(at);
                self.hold(self.verdict())
            }
            Err(doubt) => self.doubt(at, doubt),
        }
    }

    /// Notes that the posture cannot be judged, or only in part. Timers stand still, and what was
    /// counted half a minute ago is void. A doubt that has not lasted is not shown and stops no
    /// timer: the verdict of a moment ago is held, and the next look counts from the last.
    pub fn doubt(&mut self, at: Moment, doubt: Doubt) -> Verdict {
        let since = match self.doubting {
            Some((same, since)) if same == doubt => since,
            _ => at,
        };
        self.doubting = Some((doubt, since));
        for (dwell, counted) in self.dwells.iter_mut().zip(self.counted) {
            if counted.is_some_and(|then| at.since(then) >= FORGET_AFTER) {
                dwell.reset();
            }
        }
        if at.since(since) < SHOW_DOUBT_AFTER
            && doubt != Doubt::NotCalibrated
            && let Some(held) = &self.held
        {
            return held.clone();
        }
        let seen_all_the_same: &[Fault] = match doubt {
            Doubt::NotCalibrated => &SEEN_WITHOUT_UPRIGHT,
            Doubt::LookingDown => &[Fault::HeadDown],
            _ => &[],
        };
        self.follow(at, seen_all_the_same);
        let told = match doubt {
            Doubt::NotCalibrated => self.is_any_over(),
            Doubt::LookingDown => {
                let head_down = self.dwell(Fault::HeadDown);
                head_down.is_over() || head_down.is_bad()
            }
            _ => false,
        };
        self.hold(if told {
            self.verdict()
        } else {
            Verdict {
                state: State::Unsure,
                faults: Vec::new(),
                doubt: Some(doubt),
            }
        })
    }

    /// When what was counted becomes void for want of sight.
    #[must_use]
    pub fn forgets_at(&self) -> Option<Moment> {
        self.doubting?;
        let open = self.dwells.iter().zip(self.counted);
        open.filter(|(dwell, _)| dwell.is_open())
            .filter_map(|(_, counted)| Some(counted?.plus(FORGET_AFTER)))
            .min_by_key(|due| due.elapsed)
    }

    fn hold(&mut self, verdict: Verdict) -> Verdict {
        self.held = Some(verdict.clone());
        verdict
    }

    /// Forgets the bouts and the smoothing: the person left, or the camera is gone.
    pub fn reset(&mut self) {
        *self = Self::new(self.settings, self.baseline);
    }

    /// Forgets the bouts: what they were told for was none.
    pub fn forgive(&mut self) {
        self.dwells = Default::default();
    }

    /// Judges by `settings` from now on.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Whether there is a baseline to judge against.
    #[must_use]
    pub fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// What it judges against now.
    #[must_use]
    pub fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref()
    }

    /// Judges against `baseline` from now on.
    pub fn set_baseline(&mut self, baseline: Option<Baseline>) {
        *self = Self::new(self.settings, baseline);
    }

    /// How far the chair has just been found to have moved, in centimetres nearer to the screen;
    /// told once.
    pub fn take_chair_move(&mut self) -> Option<f64> {
        self.chair_moved.take()
    }

    /// What was measured last, smoothed.
    #[must_use]
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Whether the last picture differs from the smoothed ones by as much as a shift of posture:
    /// head size by 6 %, eyes by 0.3 distances between the ears, or shoulders by 4 degrees; from
    /// the side, the neck by 4 degrees.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        let differs = |quantity: Quantity, by: f64| match (
            self.raw.value(quantity),
            self.measures.value(quantity),
        ) {
            (Some(raw), Some(smooth)) => (raw - smooth).abs() > by,
            _ => false,
        };
        differs(Quantity::HeadSize, 0.06)
            || differs(Quantity::EyeSink, 0.3)
            || differs(Quantity::Tilt, 4.0)
            || differs(Quantity::NeckInclination, 4.0)
    }

    /// The bout that the person should be told of.
    #[must_use]
    pub fn bad_bout(&self) -> Option<Bout> {
        let faults = self.ranked(Dwell::is_bad);
        let worst = *faults.first()?;
        let bad = self.dwells.iter().filter(|dwell| dwell.is_bad());
        let since = bad
            .filter_map(Dwell::since)
            .min_by_key(|since| since.elapsed)?;
        Some(Bout {
            amount: faults::amount(worst, &self.measures, &self.settings.posture),
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
    fn look(&mut self, at: Moment, seen: &Observation, shift: &Shift) -> Result<(), Doubt> {
        if f64::from(seen.light) < MIN_LIGHT {
            return Err(Doubt::TooDark);
        }
        if seen.other_person.is_some_and(|size| size > NEARER) {
            return Err(Doubt::TwoPeople);
        }
        let now = outline(&seen.pose, seen.frame).map_err(|unseen| match unseen {
            Unseen::Hidden => Doubt::Hidden,
            Unseen::CutOff => Doubt::CutOff,
        })?;
        let learnt = self.baseline.filter(|b| b.frame == seen.frame);
        let upright = match (learnt, &now) {
            (Some(baseline), _) => baseline,
            (None, Outline::Front(front)) => Baseline {
                frame: seen.frame,
                samples: 0,
                upright: Upright::Front(FrontUpright::level(front)),
                slouch_limit: None,
            },
            (None, Outline::Side(_)) => return Err(Doubt::NotCalibrated),
        };
        let from_side = match (&upright.upright, &now) {
            (Upright::Front(_), Outline::Front(_)) => false,
            (Upright::Side(_), Outline::Side(_)) => true,
            _ => return Err(Doubt::Turned),
        };
        let moving = self.is_moving(at.elapsed, &now);
        let pose = shift.undo_pose(&seen.pose, seen.frame);
        let raw = measure(&pose, &upright, self.settings.focal_px(seen.frame.0));
        self.measures = self.filter.push(at.elapsed, &raw);
        self.raw = raw;
        if learnt.is_none() {
            return Err(Doubt::NotCalibrated);
        }
        self.gates(from_side)?;
        if is_arm_raised(&seen.pose) {
            return Err(Doubt::ArmRaised);
        }
        if moving {
            return Err(Doubt::Moving);
        }
        Ok(())
    }

    fn gates(&mut self, from_side: bool) -> Result<(), Doubt> {
        let of = |quantity| self.measures.value(quantity).unwrap_or(0.0);
        let (yaw, pitch) = (of(Quantity::Yaw).abs(), of(Quantity::Pitch));
        let (from, until) = if from_side { TURNED_FROM_SIDE } else { TURNED };
        self.turned = yaw > if self.turned { until } else { from };
        if self.turned {
            return Err(Doubt::Turned);
        }
        let (from, until) = LOOKING_DOWN;
        self.looking_down = pitch > if self.looking_down { until } else { from };
        let other = of(Quantity::HeadToShoulder).abs() > OTHER_PROPORTION
            && of(Quantity::HeadSize).abs() < SAME_DISTANCE
            && of(Quantity::SinkCm) < SAME_HEIGHT_CM;
        let carriage = faults::carriage(&self.measures, &self.settings.posture);
        let limit = self.limit_of(self.carriage);
        let (sunk, unsure) = match (carriage, limit) {
            (Some(carriage), Some(limit)) => (
                carriage.value >= limit.enter && of(Quantity::ShoulderSinkCm) >= limit.enter,
                carriage.sigma > GROSS * limit.enter,
            ),
            _ => (false, false),
        };
        // A head that looks down over shoulders that stayed is a glance, or reads; when the
        // shoulders have sunk as well, it is a slouch that shows the top of the head. From the side
        // both are seen apart.
        if self.looking_down && (from_side || !sunk) {
            return Err(Doubt::LookingDown);
        }
        if unsure {
            return Err(Doubt::TooFar);
        }
        if other {
            Err(Doubt::OtherPerson)
        } else {
            Ok(())
        }
    }

    /// The limit of `fault` as it is judged now, for this person.
    fn limit_of(&self, fault: Fault) -> Option<Limit> {
        let limit = faults::limit(fault, &self.measures, &self.settings.posture)?;
        let own = match fault {
            Fault::Slouch | Fault::ForwardHead => self.baseline.and_then(|b| b.slouch_limit),
            _ => None,
        };
        let own = own.unwrap_or(1.0);
        Some(Limit {
            enter: own * limit.enter,
            exit: own * limit.exit,
            ..limit
        })
    }

    fn is_moving(&mut self, at: Duration, now: &Outline) -> bool {
        let (size, bound) = match now {
            Outline::Front(front) => (front.shoulder_width, MOVING),
            Outline::Side(side) => (side.neck_length, MOVING_FROM_SIDE),
        };
        // The middle of three: a shoulder that jumps in one picture is no movement.
        self.sizes.push_back((at, size));
        while self.sizes.len() > 3 {
            self.sizes.pop_front();
        }
        let mut last: Vec<f64> = self.sizes.iter().map(|(_, size)| *size).collect();
        last.sort_by(f64::total_cmp);
        let size = last[last.len() / 2];
        let recent = at.saturating_sub(MOVING_WITHIN);
        self.steady_sizes.retain(|(then, _)| *then >= recent);
        let moved = |(_, then): &(Duration, f64)| (size / then - 1.0).abs() > bound;
        let moving = self.steady_sizes.iter().any(moved);
        self.steady_sizes.push_back((at, size));
        moving
    }

    /// Lets the timers of `faults` count; the others stand still.
    fn follow(&mut self, at: Moment, faults: &[Fault]) {
        let wider = if self.baseline.is_some() { 1.0 } else { GROSS };
        for (index, fault) in FOLLOWED.iter().enumerate() {
            if !faults.contains(fault) {
                self.from[index] = None;
                continue;
            }
            let longest = self.settings.longest_step();
            let step = self.from[index].map_or(Duration::ZERO, |from| at.since(from).min(longest));
            self.from[index] = Some(at);
            self.counted[index] = Some(at);
            let judged = self.judged_as(*fault);
            let Some(limit) = self.limit_of(judged) else {
                self.dwells[index].reset();
                continue;
            };
            let value = if *fault == Fault::TooClose && self.baseline.is_none() {
                faults::closeness(&self.measures)
            } else {
                faults::value(*fault, &self.measures, &self.settings.posture)
            };
            if let Some(value) = value {
                // A deviation that a single picture's scatter could make is none.
                let enter = (wider * limit.enter).max(value.sigma);
                let limit = Limit {
                    enter,
                    exit: limit.exit * enter / limit.enter,
                    ..limit
                };
                // A fault that is seen first after a gap was not there before, for all that is known.
                let began = self.sight.map_or(at, |(began, _)| began);
                let new = value.value >= limit.enter && !self.dwells[index].is_over();
                let step = if new { step.min(at.since(began)) } else { step };
                self.dwells[index].push(at, step, value.value, limit);
            }
        }
        if !self.dwell(Fault::Slouch).is_open() {
            self.carriage = faults::carriage_name(&self.measures);
        }
    }

    /// How near the worst fault is to its limit: 0 upright, 1 at the limit, more beyond it. `None`
    /// without an upright to compare with, and when no fault can be measured.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.baseline.as_ref()?;
        let share = |fault: &Fault| {
            let judged = self.judged_as(*fault);
            let limit = self.limit_of(judged)?;
            let value = faults::value(*fault, &self.measures, &self.settings.posture)?;
            Some(value.value / limit.enter.max(value.sigma))
        };
        let worst = FOLLOWED.iter().filter_map(share).reduce(f64::max)?;
        Some(worst.max(0.0))
    }

    fn follow_chair(&mut self, at: Moment) {
        let Some(Baseline {
            upright: Upright::Front(upright),
            frame,
            ..
        }) = &mut self.baseline
        else {
            return;
        };
        let Some(forward) = self.seat.push(at, &self.measures) else {
            return;
        };
        let larger = 1.0 + self.measures.value(Quantity::HeadSize).unwrap_or(0.0);
        *upright = reseated(upright, larger, self.settings.focal_px(frame.0));
        self.filter.reset();
        self.chair_moved = Some(forward);
    }

    /// The name that `fault` goes by now.
    fn judged_as(&self, fault: Fault) -> Fault {
        if fault == Fault::Slouch {
            self.carriage
        } else {
            fault
        }
    }

    fn is_any_over(&self) -> bool {
        self.dwells
            .iter()
            .any(|dwell| dwell.is_over() || dwell.is_bad())
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
        } else if !faults.is_empty() {
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
                let value = faults::value(*fault, &self.measures, &self.settings.posture);
                let limit = self.limit_of(self.judged_as(*fault));
                let size = match (value, limit) {
                    (Some(value), Some(limit)) => value.value / limit.enter,
                    _ => 0.0,
                };
                // What has lasted its dwell goes before what has not.
                (size + if dwell.is_bad() { 100.0 } else { 0.0 }, *fault)
            })
            .collect();
        picked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let leans_in = faults::is_leaning_in(&self.measures, &self.settings.posture);
        let mut named: Vec<Fault> = picked
            .into_iter()
            .map(|(_, fault)| match fault {
                Fault::Slouch if leans_in => Fault::LeanIn,
                fault => self.judged_as(fault),
            })
            .collect();
        let mut seen = Vec::new();
        named.retain(|fault| {
            let new = !seen.contains(fault);
            seen.push(*fault);
            new
        });
        named
    }
}
