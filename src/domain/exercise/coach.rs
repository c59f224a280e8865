//! Leads through a plan of exercises: announces, captures the neutral, counts, and ends by itself.

use std::time::Duration;

use super::super::hindrance::Hindrance;
use super::super::io::Observation;
use super::super::time::Moment;
use super::event::{CoachCommand, CoachEvent, CoachInput, CoachProgress, Phase};
use super::neutral::Capture;
use super::outcome::{End, ExerciseResult, Outcome};
use super::rule::Exercise;
use super::work::Work;

/// From the announcement of an exercise to its beginning, by default: time to read two lines.
pub const PREPARE: Duration = Duration::from_secs(5);

/// A neutral that cannot be captured for so long is done without: the exercise goes by time.
const GIVE_UP: Duration = Duration::from_secs(15);

/// A longer way from one input to the next is a sleep, which the clock leaves out.
const LONGEST_STEP: Duration = Duration::from_secs(5);

/// Leads through a plan of exercises.
#[derive(Clone, Debug)]
pub struct Coach {
    plan: Vec<Exercise>,
    prepare: Duration,
    camera: bool,
    paused: bool,
    /// Time that has passed outside pauses.
    clock: Duration,
    /// When the latest input came, and when the latest picture, by the clock.
    last: Option<Moment>,
    pictured: Duration,
    stage: Stage,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Nothing has been announced yet.
    New,
    Prepare(Duration),
    Neutral {
        since: Duration,
        capture: Capture,
        in_the_way: Option<Hindrance>,
    },
    Work(Box<Work>),
    Over,
}

impl Coach {
    /// A coach for `plan`, `prepare` from each announcement to its exercise, with a camera or
    /// without. It begins with its first input.
    #[must_use]
    pub fn new(plan: Vec<Exercise>, prepare: Duration, camera: bool) -> Self {
        Self {
            outcome: Outcome {
                exercises: Vec::new(),
                planned: plan.len(),
            },
            plan,
            prepare,
            camera,
            paused: false,
            clock: Duration::ZERO,
            last: None,
            pictured: Duration::ZERO,
            stage: Stage::New,
        }
    }

    /// Takes an input at `at` and gives what there is to say. Moments must not go back.
    pub fn handle(&mut self, at: Moment, input: CoachInput) -> Vec<CoachEvent> {
        let mut out = Vec::new();
        if matches!(self.stage, Stage::Over) {
            return out;
        }
        let step = self.last.map_or(Duration::ZERO, |last| at.since(last));
        let dt = if self.paused {
            Duration::ZERO
        } else {
            step.min(LONGEST_STEP)
        };
        self.last = Some(at);
        self.clock += dt;
        if matches!(self.stage, Stage::New) {
            self.announce(&mut out);
        }
        if !self.paused {
            self.pass(dt, &mut out);
        }
        match input {
            CoachInput::Observation(seen) if !self.paused => self.look(at, &seen, &mut out),
            CoachInput::Observation(_) | CoachInput::Tick => {}
            CoachInput::Camera(camera) => self.camera = camera,
            CoachInput::Command(command) => self.obey(command, &mut out),
        }
        self.go_on(&mut out);
        out
    }

    /// When it wants to be woken by a tick at the latest; `None` while paused and once it is over.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        let last = self.last?;
        let wait = match &self.stage {
            _ if self.paused => return None,
            Stage::Over => return None,
            Stage::New => Duration::ZERO,
            Stage::Prepare(until) => until.saturating_sub(self.clock),
            Stage::Neutral { since, .. } => (*since + GIVE_UP).saturating_sub(self.clock),
            Stage::Work(work) => work.wait(self.clock),
        };
        // The clock passes no more than a step at once.
        Some(last.plus(wait.min(LONGEST_STEP)))
    }

    /// What there is to show.
    #[must_use]
    pub fn progress(&self) -> CoachProgress {
        let index = self.index();
        let dose = self.plan.get(index).map(|exercise| exercise.dose);
        let hold = dose.map_or(Duration::ZERO, |dose| dose.hold);
        let mut progress = CoachProgress {
            exercise: index,
            phase: Phase::Over,
            left: None,
            held: (Duration::ZERO, hold),
            done: (0, dose.map_or(0, |dose| dose.wanted())),
            timing: false,
            hint: None,
            in_the_way: None,
            paused: self.paused,
        };
        match &self.stage {
            Stage::New => progress.phase = Phase::GetReady,
            Stage::Prepare(until) => {
                progress.phase = Phase::GetReady;
                progress.left = Some(until.saturating_sub(self.clock));
            }
            Stage::Neutral { in_the_way, .. } => {
                progress.phase = Phase::Neutral;
                progress.in_the_way = *in_the_way;
            }
            Stage::Work(work) => {
                progress.phase = work.phase();
                progress.held.0 = work.holding();
                progress.done.0 = work.verified + work.timed;
                progress.timing = work.is_timing();
                progress.hint = work.hint();
                progress.left = work.is_timing().then(|| work.wait(self.clock));
            }
            Stage::Over => {}
        }
        progress
    }

    /// What has come of it so far.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    fn index(&self) -> usize {
        self.outcome.exercises.len()
    }

    fn announce(&mut self, out: &mut Vec<CoachEvent>) {
        if self.index() >= self.plan.len() {
            self.finish(out);
            return;
        }
        out.push(CoachEvent::Announced(self.index(), self.prepare));
        out.push(CoachEvent::Phase(Phase::GetReady));
        self.stage = Stage::Prepare(self.clock + self.prepare);
    }

    fn finish(&mut self, out: &mut Vec<CoachEvent>) {
        self.stage = Stage::Over;
        out.push(CoachEvent::Phase(Phase::Over));
        out.push(CoachEvent::Finished(self.outcome.clone()));
    }

    /// Time passes.
    fn pass(&mut self, dt: Duration, out: &mut Vec<CoachEvent>) {
        let now = self.clock;
        if let Stage::Work(work) = &mut self.stage {
            work.pass(now, dt, out);
        }
        self.go_on(out);
    }

    /// Goes on to the next stage where the present one has ended.
    fn go_on(&mut self, out: &mut Vec<CoachEvent>) {
        let now = self.clock;
        let Some(exercise) = self.plan.get(self.index()) else {
            return;
        };
        match &self.stage {
            Stage::Prepare(until) if now >= *until => {
                if exercise.rule.is_some() && self.camera {
                    self.stage = Stage::Neutral {
                        since: now,
                        capture: Capture::default(),
                        in_the_way: None,
                    };
                    out.push(CoachEvent::Phase(Phase::Neutral));
                } else {
                    self.begin_timed(out);
                }
            }
            Stage::Neutral { since, .. } if !self.camera || now >= *since + GIVE_UP => {
                self.begin_timed(out);
            }
            Stage::Work(work) if work.is_done() => self.end(End::Done, out),
            Stage::Work(work) if work.is_out_of_time(now) => self.end(End::OutOfTime, out),
            _ => {}
        }
    }

    fn begin_timed(&mut self, out: &mut Vec<CoachEvent>) {
        let exercise = self.plan[self.index()].clone();
        if exercise.rule.is_some() {
            out.push(CoachEvent::Timing(true));
        }
        let mut work = Work::new(exercise, None, self.clock);
        work.pass(self.clock, Duration::ZERO, out);
        self.stage = Stage::Work(Box::new(work));
    }

    fn look(&mut self, at: Moment, seen: &Observation, out: &mut Vec<CoachEvent>) {
        let now = self.clock;
        let dt = now.saturating_sub(self.pictured);
        self.pictured = now;
        match &mut self.stage {
            Stage::Neutral {
                capture,
                in_the_way,
                ..
            } => {
                let found = capture.push(at, seen);
                let hindrance = found.as_ref().err().copied();
                if *in_the_way != hindrance {
                    *in_the_way = hindrance;
                    out.push(CoachEvent::InTheWay(hindrance));
                }
                if let Ok(Some(neutral)) = found {
                    let exercise = self.plan[self.index()].clone();
                    let mut work = Work::new(exercise, Some(neutral), now);
                    work.look(now, Duration::ZERO, seen, out);
                    self.stage = Stage::Work(Box::new(work));
                }
            }
            Stage::Work(work) => work.look(now, dt, seen, out),
            Stage::New | Stage::Prepare(_) | Stage::Over => {}
        }
    }

    fn obey(&mut self, command: CoachCommand, out: &mut Vec<CoachEvent>) {
        match command {
            CoachCommand::Pause | CoachCommand::Resume => {
                let pause = command == CoachCommand::Pause;
                if self.paused != pause {
                    self.paused = pause;
                    out.push(CoachEvent::Paused(pause));
                }
            }
            CoachCommand::Skip if !matches!(self.stage, Stage::Over) => {
                self.end(End::Skipped, out);
            }
            CoachCommand::End if !matches!(self.stage, Stage::Over) => {
                if matches!(self.stage, Stage::Work(_)) {
                    self.record(End::Stopped, out);
                }
                self.finish(out);
            }
            CoachCommand::Skip | CoachCommand::End => {}
        }
    }

    fn end(&mut self, end: End, out: &mut Vec<CoachEvent>) {
        self.record(end, out);
        self.announce(out);
    }

    fn record(&mut self, end: End, out: &mut Vec<CoachEvent>) {
        let exercise = &self.plan[self.index()];
        let mut result = ExerciseResult {
            id: exercise.id.clone(),
            wanted: exercise.dose.wanted(),
            verified: 0,
            timed: 0,
            held: Duration::ZERO,
            took: Duration::ZERO,
            end,
        };
        if let Stage::Work(work) = &self.stage {
            result.verified = work.verified;
            result.timed = work.timed;
            result.held = work.held;
            result.took = work.took(self.clock);
        }
        out.push(CoachEvent::Ended(result.clone()));
        self.outcome.exercises.push(result);
    }
}
