//! The monitor: inputs in, effects out, time as an argument.

mod asking;
mod pausing;
mod score;
mod sitting;

use std::time::Duration;

use crate::domain::alerts::Ladder;
use crate::domain::baseline::{Baseline, MIN_LIGHT};
use crate::domain::calibration::{self, Calibration, End, Plan};
use crate::domain::camera::{CameraNews, CameraWatch};
use crate::domain::hints::Hints;
use crate::domain::io::{
    AlertKind, CameraReport, CameraStatus, Command, Doubt, Effect, Fault, Input, Observation,
    State, Status,
};
use crate::domain::judge::{Judge, Verdict};
use crate::domain::pauses::{PauseReason, Pauses};
use crate::domain::places::{PlaceNews, Places};
use crate::domain::presence::PresenceTracker;
use crate::domain::profile::{Learnt, Profile};
use crate::domain::sampling::{LATE, Sampler};
use crate::domain::settings::{BatteryPolicy, Settings};
use crate::domain::sitting::{Desk, Sitting};
use crate::domain::stillness::Stillness;
use crate::domain::time::Moment;

/// A posture that has been good this long is steady, and looked at less often.
const STEADY_AFTER: Duration = Duration::from_secs(60);

/// Without an observation for this long, or for three times the wait between two, whichever is
/// longer, what was seen is too old to hold: while something changes no state is older than 2 s, at
/// the steady rate none older than 3 s, and one observation may be missed.
const STALE_AFTER: Duration = Duration::from_secs(2);

/// The wall clock ahead by so many milliseconds more than the time that passed, and the machine
/// slept: clocks that are set right are put by less, or gradually.
const SLEPT_MS: i64 = 10_000;

/// Judges what it is told and says what it wants. The same inputs at the same moments give the
/// same effects.
#[derive(Clone, Debug)]
pub struct Monitor {
    settings: Settings,
    judge: Judge,
    places: Places,
    /// Questions the person is to be asked, or was asked.
    to_ask: Option<AlertKind>,
    asked: Vec<AlertKind>,
    camera: CameraWatch,
    presence: PresenceTracker,
    stillness: Stillness,
    ladder: Ladder,
    sitting: Sitting,
    hints: Hints,
    /// Nothing is proposed before this.
    hush_until: Option<Moment>,
    /// Since when a prompt waits for a fault to be over.
    postponed_since: Option<Moment>,
    calibration: Option<Calibration>,
    /// The calibration that a pause broke off.
    broken_off: Option<Plan>,
    pauses: Pauses,
    told_pauses: Vec<PauseReason>,
    /// When the machine went to sleep.
    asleep_since: Option<Moment>,
    /// Nothing is judged before this.
    grace_until: Option<Moment>,
    now: Option<Moment>,
    last_seen: Option<Moment>,
    verdict: Verdict,
    told_verdict: Option<Verdict>,
    steady_since: Option<Moment>,
    sampler: Sampler,
    rate: f64,
}

impl Monitor {
    /// A monitor that judges against `baseline`, or waits for a calibration.
    #[must_use]
    pub fn new(settings: Settings, baseline: Option<Baseline>) -> Self {
        Self {
            settings,
            judge: Judge::new(settings, baseline),
            places: Places::default(),
            to_ask: None,
            asked: Vec::new(),
            camera: CameraWatch::default(),
            presence: PresenceTracker::default(),
            stillness: Stillness::default(),
            ladder: Ladder::new(settings.alerts),
            sitting: Sitting::new(settings.sitting, settings.longest_step()),
            hints: Hints::default(),
            hush_until: None,
            postponed_since: None,
            calibration: None,
            broken_off: None,
            pauses: Pauses::new(&settings.pauses),
            told_pauses: Vec::new(),
            asleep_since: None,
            grace_until: None,
            now: None,
            last_seen: None,
            verdict: unsure(Doubt::NotCalibrated),
            told_verdict: None,
            steady_since: None,
            sampler: Sampler::default(),
            rate: 0.0,
        }
    }

    /// A monitor that judges against whichever of these profiles goes with what it sees.
    #[must_use]
    pub fn with_profiles(settings: Settings, profiles: Vec<Profile>) -> Self {
        Self {
            places: Places::new(profiles),
            ..Self::new(settings, None)
        }
    }

    /// Takes what happened at `at` and gives what is wanted now, in order.
    ///
    /// Moments must not go back. An input dated before the last one is taken as of the last one.
    pub fn handle(&mut self, at: Moment, input: Input) -> Vec<Effect> {
        let at = match self.now {
            Some(now) if now.elapsed > at.elapsed => Moment {
                elapsed: now.elapsed,
                ..at
            },
            _ => at,
        };
        let mut lost = Vec::new();
        // What was seen before a gap says nothing of what comes after it.
        if self.slept(at) || self.is_stale(at) {
            lost = self.lose_sight(at);
        }
        if self.now.replace(at).is_none() {
            self.sitting.push(at, Desk::Unwatched);
        }
        let mut effects = lost;
        effects.extend(self.follow_pauses(at));
        let mut publish = false;
        match input {
            Input::Observation(_) if self.pauses.close_camera() => {}
            Input::Observation(observation) => {
                effects.extend(self.observe(at, &observation));
                publish = true;
            }
            Input::Command(command) => effects.extend(self.command(at, command)),
            Input::Camera(report) => effects.extend(self.camera(at, &report)),
            Input::Signal(signal) => effects.extend(self.signal(at, signal)),
            Input::Settings(settings) => effects.extend(self.adopt(at, *settings)),
            Input::Break(taken) => effects.extend(self.take_break(at, taken)),
            Input::Earlier(sat) => self.sitting.carry_on(sat),
            Input::Tick => {}
        }
        effects.extend(self.tell_pauses());
        effects.extend(self.finish_calibration(at));
        effects.extend(self.doubt_what_is_old(at));
        let mut all = self.tell_verdict();
        all.extend(effects);
        all.extend(self.tell(at));
        all.extend(self.set_rate(at));
        if publish {
            all.push(Effect::Publish(self.status()));
        }
        all
    }

    /// When the monitor wants a [`Input::Tick`] if nothing else happens before; always later than
    /// the last moment handled.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        let now = self.now?;
        let calibrated = self.calibration.as_ref().map(Calibration::due);
        let forgotten = self.judge.forgets_at();
        let told = (self.verdict.state == State::Bad)
            .then(|| self.ladder.next_change(now))
            .flatten();
        let sampled = (self.settings.sampling)
            .and_then(|sampling| self.sampler.next_change(sampling))
            .filter(|_| !self.pauses.close_camera());
        let paused = self.pauses.next_change(now, &self.settings.pauses);
        [
            calibrated,
            self.stale_at(),
            forgotten,
            told,
            sampled,
            paused,
        ]
        .into_iter()
        .flatten()
        .filter(|due| due.elapsed > now.elapsed)
        .min_by_key(|due| due.elapsed)
    }

    /// The monitor's view as it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            state: self.verdict.state,
            faults: self.verdict.faults.clone(),
            doubt: self.verdict.doubt,
            measures: *self.judge.measures(),
            sitting: self.sitting.sat(),
            still: self
                .now
                .map_or(Duration::ZERO, |now| self.stillness.held(now)),
            shifts_per_hour: self.now.and_then(|now| self.stillness.shifts_per_hour(now)),
            calibrating: self
                .calibration
                .as_ref()
                .zip(self.now)
                .map(|(calibration, now)| calibration.progress(now)),
            pauses: self.pauses_left(),
        }
    }

    fn observe(&mut self, at: Moment, observation: &Observation) -> Vec<Effect> {
        self.last_seen = Some(at);
        self.sampler.see(at);
        self.pauses.set(PauseReason::CameraLost, false);
        self.pauses.set(PauseReason::Yielded, false);
        let grace = self
            .grace_until
            .is_some_and(|until| at.elapsed < until.elapsed);
        let dark = f64::from(observation.light) < MIN_LIGHT;
        let present = !dark && self.presence.push(at, observation.presence);
        let mut effects = self.follow_desk(at, (!dark).then_some(present));
        let mut unsettled = false;
        if present && self.calibration.is_none() {
            match self.places.push(at, observation, &self.settings) {
                PlaceNews::None => {}
                PlaceNews::Unsettled => unsettled = true,
                PlaceNews::Changed(place) => effects.extend(self.come_to(at, place)),
            }
        }
        let news = self.camera.push(at, observation.frame, observation.camera);
        if let CameraNews::Moved(what) = news
            && self.calibration.is_none()
        {
            effects.push(Effect::CameraMoved(what));
        }
        if let Some(calibration) = &mut self.calibration {
            calibration.push(at, observation, &self.settings);
            effects.extend(calibration.take_news(at).map(Effect::Calibrating));
            self.verdict = unsure(Doubt::NotCalibrated);
        } else if !dark && !present && self.sitting.is_vouched(at) {
            self.verdict = self.judge.doubt(at, Doubt::Hidden);
        } else if !dark && !present {
            self.judge.reset();
            self.stillness.left(at);
            self.verdict = Verdict {
                state: State::Away,
                faults: Vec::new(),
                doubt: None,
            };
        } else if grace {
            self.verdict = unsure(Doubt::JustBack);
        } else if self.presence.is_doubted() {
            self.verdict = self.judge.doubt(at, Doubt::Hidden);
        } else if self.camera.is_lost() && self.judge.has_baseline() {
            self.verdict = self.judge.doubt(at, Doubt::CameraMoved);
        } else if news == CameraNews::Moving || unsettled {
            self.verdict = self.judge.doubt(at, Doubt::Moving);
        } else {
            self.verdict = self.judge.observe(at, observation, &self.camera.shift());
            effects.extend(self.follow_pose(at));
        }
        if present && !grace {
            effects.extend(self.propose(at));
            effects.extend(self.ask(at));
        }
        effects
    }

    /// What moved chairs and unmoved people are worth.
    fn follow_pose(&mut self, at: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(forward_cm) = self.judge.take_chair_move() {
            effects.push(Effect::ChairMoved { forward_cm });
            if let Some(baseline) = self.judge.baseline() {
                self.places.adapt(*baseline);
            }
        }
        if self.verdict.doubt.is_none() && self.is_still(at) {
            let held = self.stillness.held(at);
            effects.push(Effect::StillHint { held });
        }
        effects
    }

    fn command(&mut self, at: Moment, command: Command) -> Vec<Effect> {
        match command {
            Command::Calibrate(span) => {
                self.calibrate(at, Plan::Fixed { span });
                Vec::new()
            }
            Command::CalibrateGuided {
                span,
                limits,
                stance,
            } => {
                let plan = Plan::Guided {
                    span,
                    limits,
                    stance: stance.unwrap_or(self.places.stance()),
                };
                self.calibrate(at, plan);
                Vec::new()
            }
            Command::Answer(yes) => {
                let stance = self.ladder.question().and_then(AlertKind::asks_about);
                if let Some(stance) = stance.filter(|_| yes) {
                    let plan = Plan::Guided {
                        span: calibration::SPAN,
                        limits: false,
                        stance,
                    };
                    self.calibrate(at, plan);
                }
                self.ladder.withdraw_question()
            }
            Command::Wrong => {
                let Some(fault) = self.ladder.shown_fault() else {
                    return Vec::new();
                };
                self.judge.forgive();
                self.verdict = Verdict {
                    state: State::Good,
                    faults: Vec::new(),
                    doubt: None,
                };
                vec![Effect::Wrong(fault)]
            }
            Command::Pause(span) => {
                let until = span.map(|span| at.plus(span));
                self.change_pauses(at, |pauses| pauses.hold_until(PauseReason::User, until))
            }
            Command::Resume => self.change_pauses(at, Pauses::resume),
            Command::Snooze(span) => {
                let until = Some(at.plus(span));
                self.change_pauses(at, |pauses| pauses.hold_until(PauseReason::Snoozed, until))
            }
        }
    }

    /// Goes by other settings from now on. What was counted so far still counts.
    fn adopt(&mut self, at: Moment, settings: Settings) -> Vec<Effect> {
        self.settings = settings;
        self.judge.set_settings(settings);
        self.ladder.set_policy(settings.alerts);
        self.sitting
            .set_policy(settings.sitting, settings.longest_step());
        self.heed_pause_policy(at)
    }

    fn calibrate(&mut self, at: Moment, plan: Plan) {
        self.calibration = Some(Calibration::begin(at, plan));
        self.judge.reset();
        self.verdict = unsure(Doubt::NotCalibrated);
    }

    fn camera(&mut self, at: Moment, report: &CameraReport) -> Vec<Effect> {
        let (lost, yielded) = match report.status {
            CameraStatus::Ok => (false, false),
            CameraStatus::Yielded => (false, true),
            CameraStatus::Lost
            | CameraStatus::Stalled
            | CameraStatus::Busy
            | CameraStatus::Denied => (true, false),
        };
        self.pauses.set(PauseReason::CameraLost, lost);
        self.pauses.set(PauseReason::Yielded, yielded);
        if (lost || yielded) && !self.pauses.close_camera() {
            return self.lose_sight(at);
        }
        Vec::new()
    }

    fn doubt_what_is_old(&mut self, at: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.is_stale(at) {
            effects = self.lose_sight(at);
        }
        if self
            .judge
            .forgets_at()
            .is_some_and(|due| due.elapsed <= at.elapsed)
            && let Some(doubt) = self.verdict.doubt
        {
            self.verdict = self.judge.doubt(at, doubt);
        }
        effects
    }

    fn lose_sight(&mut self, at: Moment) -> Vec<Effect> {
        self.last_seen = None;
        self.judge.reset();
        self.verdict = unsure(Doubt::NoCamera);
        let changes = self.sitting.push(at, Desk::Unwatched);
        self.follow_sitting(changes)
    }

    /// Whether the machine slept before `at`: the monotonic clock stands still then on some systems.
    fn slept(&self, at: Moment) -> bool {
        self.last_seen.is_some() && self.now.is_some_and(|now| !uncounted(now, at).is_zero())
    }

    fn is_stale(&self, at: Moment) -> bool {
        self.stale_at().is_some_and(|due| due.elapsed <= at.elapsed)
    }

    fn stale_at(&self) -> Option<Moment> {
        let patience = match self.settings.sampling {
            // What was seen last holds until the next sample.
            Some(sampling) => sampling.every + LATE,
            None if self.rate > 0.0 => STALE_AFTER.max(Duration::from_secs_f64(3.0 / self.rate)),
            None => STALE_AFTER,
        };
        self.last_seen.map(|seen| seen.plus(patience))
    }

    fn finish_calibration(&mut self, at: Moment) -> Vec<Effect> {
        let Some(end) = self.calibration.as_ref().and_then(|c| c.end(at)) else {
            return Vec::new();
        };
        let Some(ended) = self.calibration.take() else {
            return Vec::new();
        };
        match end {
            End::Learnt { baseline, slouch } => {
                let profile = Profile {
                    stance: ended.plan().stance(),
                    baseline,
                    place: ended.camera(),
                };
                let learnt = Learnt {
                    profile,
                    number: self.places.learn(profile),
                    kept: ended.plan().is_kept(),
                };
                self.judge.set_baseline(Some(baseline));
                self.camera.anchor(profile.place);
                let mut effects = Vec::new();
                if learnt.kept {
                    self.to_ask = None;
                    effects = self.ladder.withdraw_question();
                }
                effects.extend(slouch.map(|share| Effect::SlouchLearnt { share }));
                effects.push(Effect::Calibrated(learnt));
                effects
            }
            End::Refused(refusal) => {
                // Without a baseline nothing can be judged: the next stretch may do. Where profiles
                // were learnt, what was asked for is not pressed on.
                let pressed = ended.plan().is_kept() && !self.places.is_empty();
                if !self.judge.has_baseline() && !pressed {
                    self.calibrate(at, ended.plan());
                }
                vec![Effect::CalibrationRefused(refusal)]
            }
        }
    }

    /// The state, when it is not the one told last.
    fn tell_verdict(&mut self) -> Vec<Effect> {
        if self.told_verdict.as_ref() == Some(&self.verdict) {
            return Vec::new();
        }
        self.told_verdict = Some(self.verdict.clone());
        let Verdict {
            state,
            faults,
            doubt,
        } = self.verdict.clone();
        vec![Effect::State {
            state,
            faults,
            doubt,
        }]
    }

    /// Alerts and what takes them back.
    fn tell(&mut self, at: Moment) -> Vec<Effect> {
        match self.verdict.state {
            State::Bad => self.ladder.posture(at, self.judge.bad_bout().as_ref()),
            State::Good | State::AtRisk | State::Away => self.ladder.posture(at, None),
            // Not seeing is neither good nor bad: what is on show stays until the bout is void.
            State::Unsure if self.judge.is_bout_open() => Vec::new(),
            State::Unsure => self.ladder.posture(at, None),
        }
    }

    fn set_rate(&mut self, at: Moment) -> Option<Effect> {
        let rates = self.settings.rates;
        let calm = match self.verdict.state {
            State::Good => !self.judge.is_changing(),
            State::Away => !self.presence.is_doubted(),
            State::AtRisk | State::Bad | State::Unsure => false,
        };
        if calm {
            self.steady_since.get_or_insert(at);
        } else {
            self.steady_since = None;
        }
        let steady = self.settings.sampling.is_none()
            && self
                .steady_since
                .is_some_and(|since| at.since(since) >= STEADY_AFTER);
        let calibrates = self.calibration.is_some();
        let closed = self
            .settings
            .sampling
            .is_some_and(|sampling| !self.sampler.is_open(at, sampling, calibrates));
        let rate = if self.pauses.close_camera() || closed {
            0.0
        } else if self.calibration.is_some() {
            rates.calibrating
        } else if steady {
            rates.steady
        } else {
            rates.active
        };
        let slower = self.pauses.is_told(PauseReason::Battery)
            && self.settings.pauses.battery == BatteryPolicy::Slower
            && self.calibration.is_none();
        let rate = if slower { rate / 2.0 } else { rate };
        // Rates are copied, never computed: equal ones are the same number.
        (rate.total_cmp(&self.rate).is_ne()).then(|| {
            self.rate = rate;
            Effect::Rate(rate)
        })
    }
}

/// How much more time has passed from `earlier` to `at` by the wall clock than moments count, when
/// that is so much that the machine must have slept; else nothing.
fn uncounted(earlier: Moment, at: Moment) -> Duration {
    let elapsed = i64::try_from(at.since(earlier).as_millis()).unwrap_or(i64::MAX);
    let by_the_wall = at.wall.unix_ms.saturating_sub(earlier.wall.unix_ms);
    let more = by_the_wall.saturating_sub(elapsed);
    if more < SLEPT_MS {
        return Duration::ZERO;
    }
    Duration::from_millis(more.unsigned_abs())
}

fn unsure(doubt: Doubt) -> Verdict {
    Verdict {
        state: State::Unsure,
        faults: Vec::<Fault>::new(),
        doubt: Some(doubt),
    }
}
