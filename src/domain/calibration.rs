//! A calibration while it runs: what it asks for, what it waits for, and how it ends.

use std::time::Duration;

use super::baseline::{Baseline, Calibrator, Refusal};
use super::hindrance::{self, Hindrance};
use super::io::{CameraShift, Observation};
use super::outline::Outline;
use super::own_slouch::OwnSlouch;
use super::profile::Stance;
use super::settings::Settings;
use super::time::Moment;

/// How long the person's upright is looked at where nobody says otherwise: 30 observations at the
/// usual rate.
pub const SPAN: Duration = Duration::from_secs(10);

/// The shortest calibration that can hold enough observations.
const SHORTEST: Duration = Duration::from_secs(1);

/// How long the person's own slouch is looked at.
const SLOUCH_SPAN: Duration = Duration::from_secs(5);

/// A guided calibration that has come no further for this long is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time between two looks that counts at most.
const LONGEST_STEP: Duration = Duration::from_secs(5);

/// Somebody who has moved and stays for this long has found another place, and is learnt there.
const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// A hindrance, or its end, is told when it has lasted this long: joints flicker.
const TELL_AFTER: Duration = Duration::from_millis(500);

/// How a calibration goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Takes what is seen for `span`, and judges it afterwards.
    Fixed {
        /// How long it looks.
        span: Duration,
    },
    /// Takes only what nothing hinders, until that makes up `span`.
    Guided {
        /// How long it looks without a hindrance.
        span: Duration,
        /// Whether the person's own slouch is learnt afterwards.
        limits: bool,
        /// Whether the person sits or stands.
        stance: Stance,
    },
}

impl Plan {
    /// Whether the person sits or stands.
    #[must_use]
    pub fn stance(self) -> Stance {
        match self {
            Self::Fixed { .. } => Stance::Sitting,
            Self::Guided { stance, .. } => stance,
        }
    }

    /// Whether what is learnt is worth keeping: the person asked for it, and was guided.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Guided { .. })
    }
}

/// What the person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// To sit upright.
    Upright,
    /// To slouch as they do.
    Slouch,
}

impl Phase {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Upright, Self::Slouch];

    /// The word used in events and sessions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Upright => "upright",
            Self::Slouch => "slouch",
        }
    }
}

/// How far a calibration has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What is asked for now.
    pub phase: Phase,
    /// The part of the phase that is done, 0 to 1.
    pub part: f64,
    /// What is in the way now.
    pub hindrance: Option<Hindrance>,
}

/// How a calibration ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// It came about.
    Learnt {
        /// What was learnt.
        baseline: Baseline,
        /// The person's own slouch as a part of the preset limit, when it was asked for.
        slouch: Option<f64>,
    },
    /// It did not.
    Refused(Refusal),
}

/// A calibration that runs.
#[derive(Clone, Debug)]
pub struct Calibration {
    plan: Plan,
    began: Moment,
    calibrator: Calibrator,
    /// Where the camera was last.
    camera: Option<CameraShift>,
    /// Size of the pictures.
    frame: (u32, u32),
    told: Told,
    guide: Guide,
    /// What follows the upright.
    slouch: Option<OwnSlouch>,
    end: Option<End>,
}

/// The time that counts in a guided phase.
#[derive(Clone, Debug)]
struct Guide {
    counted: Duration,
    /// The last look, when nothing was in its way.
    last: Option<Moment>,
    /// The most that has counted so far, and since when.
    furthest: Duration,
    furthest_at: Moment,
    moving_since: Option<Moment>,
    /// Why it has not ended well yet.
    why: Option<Refusal>,
}

impl Guide {
    fn begin(at: Moment) -> Self {
        Self {
            counted: Duration::ZERO,
            last: None,
            furthest: Duration::ZERO,
            furthest_at: at,
            moving_since: None,
            why: None,
        }
    }

    fn count(&mut self, at: Moment) {
        let step = self.last.map_or(Duration::ZERO, |last| at.since(last));
        self.counted += step.min(LONGEST_STEP);
        self.last = Some(at);
        self.moving_since = None;
        if self.counted > self.furthest {
            (self.furthest, self.furthest_at) = (self.counted, at);
        }
    }

    /// Takes what is in the way; whether the person has settled in another place.
    fn stop(&mut self, at: Moment, hindrance: Hindrance) -> bool {
        self.last = None;
        self.why = Some(Refusal::Waited(hindrance));
        self.moving_since =
            (hindrance == Hindrance::Moving).then(|| self.moving_since.unwrap_or(at));
        self.moving_since
            .is_some_and(|since| at.since(since) >= SETTLED_AFTER)
    }

    fn start_over(&mut self) {
        self.counted = Duration::ZERO;
        self.last = None;
        self.moving_since = None;
    }
}

/// What the person has been told.
#[derive(Clone, Debug, Default)]
struct Told {
    hindrance: Option<Hindrance>,
    /// What was found last, since when, and since when there is anything at all.
    found: Option<Hindrance>,
    since: Option<Moment>,
    any_since: Option<Moment>,
    /// Whether there is something new to tell.
    news: bool,
}

impl Told {
    fn push(&mut self, at: Moment, found: Option<Hindrance>) {
        if found != self.found {
            self.since = None;
        }
        if found.is_some() != self.found.is_some() {
            self.any_since = None;
        }
        self.found = found;
        let since = *self.since.get_or_insert(at);
        let any_since = *self.any_since.get_or_insert(at);
        // Hindrances that take turns are told as well.
        let since = if self.hindrance.is_none() {
            any_since
        } else {
            since
        };
        if found != self.hindrance && at.since(since) >= TELL_AFTER {
            self.hindrance = found;
            self.news = true;
        }
    }
}

impl Calibration {
    /// One that begins at `at`.
    #[must_use]
    pub fn begin(at: Moment, plan: Plan) -> Self {
        // One of no length would be refused at every moment.
        let plan = match plan {
            Plan::Fixed { span } => Plan::Fixed {
                span: span.max(SHORTEST),
            },
            Plan::Guided {
                span,
                limits,
                stance,
            } => Plan::Guided {
                span: span.max(SHORTEST),
                limits,
                stance,
            },
        };
        Self {
            plan,
            began: at,
            calibrator: Calibrator::default(),
            camera: None,
            frame: (0, 0),
            told: Told::default(),
            guide: Guide::begin(at),
            slouch: None,
            end: None,
        }
    }

    /// How it goes about it.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// Where the camera was when the upright was seen last.
    #[must_use]
    pub fn camera(&self) -> Option<CameraShift> {
        self.camera
    }

    /// When it ends if nothing is seen any more.
    #[must_use]
    pub fn due(&self) -> Moment {
        match self.plan {
            Plan::Fixed { span } => self.began.plus(span),
            Plan::Guided { .. } => self.guide.furthest_at.plus(PATIENCE),
        }
    }

    /// Takes what was seen.
    pub fn push(&mut self, at: Moment, seen: &Observation, settings: &Settings) {
        if seen.frame != self.frame {
            // Pixels of another size cannot be put beside those before: all is asked for anew.
            self.frame = seen.frame;
            self.told.news |= self.slouch.take().is_some();
            self.start_over();
        }
        let found = self.look(seen, settings);
        self.told.push(at, found.err());
        if self.slouch.is_none() {
            self.camera = seen.camera.or(self.camera);
        }
        match (self.plan, found) {
            (Plan::Fixed { .. }, _) => self.calibrator.push(seen),
            (Plan::Guided { .. }, Err(hindrance)) => {
                if self.guide.stop(at, hindrance) {
                    self.start_over();
                }
            }
            (Plan::Guided { span, limits, .. }, Ok(outline)) => match &mut self.slouch {
                None => self.take_upright(at, seen, span, limits),
                Some(slouch) => {
                    if slouch.push(at, seen, outline, settings) {
                        self.guide.count(at);
                    }
                    if self.guide.counted >= SLOUCH_SPAN {
                        let (baseline, share) = slouch.finish();
                        self.end = Some(End::Learnt {
                            baseline,
                            slouch: Some(share),
                        });
                    }
                }
            },
        }
    }

    /// How it ended, when it has by `at`.
    #[must_use]
    pub fn end(&self, at: Moment) -> Option<End> {
        if self.end.is_some() || at.elapsed < self.due().elapsed {
            return self.end;
        }
        let learnt = match self.plan {
            Plan::Fixed { .. } => self.calibrator.finish(),
            Plan::Guided { .. } => Err(self.guide.why.unwrap_or(Refusal::TooFew(0.0))),
        };
        Some(match learnt {
            Ok(baseline) => End::Learnt {
                baseline,
                slouch: None,
            },
            Err(refusal) => End::Refused(refusal),
        })
    }

    /// How far it has come by `at`.
    #[must_use]
    pub fn progress(&self, at: Moment) -> Progress {
        let (phase, done, span) = match (self.plan, &self.slouch) {
            (Plan::Fixed { span }, _) => (Phase::Upright, at.since(self.began), span),
            (Plan::Guided { span, .. }, None) => (Phase::Upright, self.guide.counted, span),
            (Plan::Guided { .. }, Some(_)) => (Phase::Slouch, self.guide.counted, SLOUCH_SPAN),
        };
        Progress {
            phase,
            part: (done.as_secs_f64() / span.as_secs_f64()).min(1.0),
            hindrance: self.told.hindrance,
        }
    }

    /// How far it has come, when the phase or what is in the way has changed; told once.
    pub fn take_news(&mut self, at: Moment) -> Option<Progress> {
        std::mem::take(&mut self.told.news).then(|| self.progress(at))
    }

    fn look(&self, seen: &Observation, settings: &Settings) -> Result<Outline, Hindrance> {
        let now = hindrance::in_view(seen)?;
        let focal_px = settings.focal_px(seen.frame.0);
        let (posture, before) = match &self.slouch {
            None => (
                hindrance::of_upright(&now, seen.frame, focal_px),
                self.calibrator.seen(),
            ),
            Some(slouch) => (slouch.hindrance(seen, &now, focal_px), slouch.seen()),
        };
        match posture.or_else(|| hindrance::of_stillness(before, &now)) {
            Some(hindrance) => Err(hindrance),
            None => Ok(now),
        }
    }

    fn take_upright(&mut self, at: Moment, seen: &Observation, span: Duration, limits: bool) {
        self.calibrator.push(seen);
        self.guide.count(at);
        if self.guide.counted < span {
            return;
        }
        match self.calibrator.finish() {
            Ok(baseline) if limits => {
                self.slouch = Some(OwnSlouch::of(baseline, at));
                self.guide = Guide::begin(at);
                self.told = Told {
                    news: true,
                    ..Told::default()
                };
            }
            Ok(baseline) => {
                self.end = Some(End::Learnt {
                    baseline,
                    slouch: None,
                });
            }
            Err(refusal) => {
                self.guide.why = Some(refusal);
                self.start_over();
            }
        }
    }

    /// Drops what the present phase has collected.
    fn start_over(&mut self) {
        self.guide.start_over();
        match &mut self.slouch {
            None => self.calibrator = Calibrator::default(),
            Some(slouch) => slouch.start_over(),
        }
    }
}
