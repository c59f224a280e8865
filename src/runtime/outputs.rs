//! Where effects go.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{Notify, mpsc};

use super::clock;
use super::events;
use super::feedback::FeedbackKeeper;
use super::history::History;
use super::meter::Meter;
use super::profiles::Profiles;
use super::rate::SharedRate;
use super::sketch::Sketcher;
use super::standing::Standing;
use super::status_line::{Console, line};
use super::stdio::print;
use super::summary::Summary;
use super::tape::Tape;
use super::words::words;
use crate::desktop::aloud::Aloud;
use crate::desktop::notifier::Notifier;
use crate::desktop::service::ServiceManager;
use crate::desktop::tray::{Tray, View};
use crate::domain::baseline::Refusal;
use crate::domain::calibration::{Phase, Progress};
use crate::domain::hindrance::Hindrance;
use crate::domain::io::{Effect, Input, Observation, State, Status};
use crate::domain::monitor::Monitor;
use crate::domain::places::Place;
use crate::domain::profile::Learnt;
use crate::domain::time::Moment;
use crate::mqtt::{self, Mqtt};
use crate::wording::{ENGLISH, Language};

/// How events are told on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventStyle {
    /// Not at all.
    Quiet,
    /// A line of words each.
    Words,
    /// A JSON object each.
    Json,
    /// A JSON object each, and one for every observation.
    JsonTrace,
}

/// A way of telling the person.
pub enum Teller {
    /// Another language.
    Language(Language),
    /// Bubbles or lines.
    Notifier(Notifier),
    /// What alerts do beside that.
    Aloud(Aloud),
    /// An icon in the panel; `None` for none any more.
    Tray(Option<Tray>),
}

/// Everything a run tells the world.
pub struct Outputs {
    /// How events are told on stdout.
    pub style: EventStyle,
    /// The language of the terminal and the panel.
    pub language: Language,
    /// Tells the person.
    pub notifier: Notifier,
    /// Told the state.
    pub service: ServiceManager,
    /// What alerts do beside it.
    pub aloud: Aloud,
    /// The icon in the panel; `None` for none.
    pub tray: Option<Tray>,
    /// Gives others of them, when the person wants to be told in another way.
    pub tellers: Option<mpsc::Receiver<Teller>>,
    /// The terminal; `None` for no status line.
    pub console: Option<Console>,
    /// The rate the vision thread heeds.
    pub rate: SharedRate,
    /// Is told how things stand, for those who ask from outside.
    pub standing: Option<Standing>,
    /// The broker that is told how things stand.
    pub mqtt: Option<Mqtt>,
    /// Counts for those who ask for numbers.
    pub meter: Option<Meter>,
    /// The session that is recorded.
    pub tape: Option<Tape>,
    /// The effects so far, to be compared with recorded ones.
    pub kept: Option<Vec<(Moment, Effect)>>,
    /// What the run came to.
    pub summary: Summary,
    /// The name of the engine; `None` where no picture is looked at.
    pub engine: Option<String>,
    /// What the last calibration gave.
    pub calibrated: Option<Learnt>,
    /// Why the last calibration was refused.
    pub refused: Option<Refusal>,
    /// What a calibration asked for or was hindered by last.
    pub calibrating: Option<Progress>,
    /// Is told when a calibration has ended, well or not.
    pub calibration_over: Option<Rc<Notify>>,
    /// Keeps what is learnt, where that is wanted.
    pub profiles: Option<Profiles>,
    /// Keeps what the time at the desk was, where that is wanted.
    pub history: Option<History>,
    /// Keeps what the person says of alerts.
    pub feedback: Option<FeedbackKeeper>,
    /// The names of the profiles of a recorded session, by number.
    pub names: Vec<String>,
    /// Draws what was seen and judged.
    pub sketcher: Option<Rc<RefCell<Sketcher>>>,
    observation: Option<Observation>,
    shown: Option<Shown>,
    cpu: CpuMeter,
}

impl Outputs {
    /// Outputs that tell nobody anything; set what is wanted.
    #[must_use]
    pub fn new(rate: SharedRate) -> Self {
        Self {
            style: EventStyle::Quiet,
            language: Language::English,
            notifier: Notifier::silent(),
            service: ServiceManager::default(),
            aloud: Aloud::default(),
            tray: None,
            tellers: None,
            console: None,
            rate,
            standing: None,
            mqtt: None,
            meter: None,
            tape: None,
            kept: None,
            summary: Summary::new(),
            engine: None,
            calibrated: None,
            refused: None,
            calibrating: None,
            calibration_over: None,
            profiles: None,
            history: None,
            feedback: None,
            names: Vec::new(),
            sketcher: None,
            observation: None,
            shown: None,
            cpu: CpuMeter::default(),
        }
    }

    /// Notes an input before it is handled.
    ///
    /// # Errors
    /// When stdout or the session cannot be written.
    pub fn input(&mut self, at: Moment, input: &Input) -> anyhow::Result<()> {
        while let Some(teller) = self.tellers.as_mut().and_then(|it| it.try_recv().ok()) {
            match teller {
                Teller::Language(language) => self.language = language,
                Teller::Notifier(notifier) => self.notifier = notifier,
                Teller::Aloud(aloud) => self.aloud = aloud,
                Teller::Tray(tray) => self.tray = tray,
            }
        }
        self.summary.input(at, input);
        if let Some(standing) = &mut self.standing {
            standing.input(input);
        }
        if let Some(tape) = &mut self.tape {
            tape.input(at, input)?;
        }
        self.observation = match input {
            Input::Observation(observation) => Some(*observation),
            _ => None,
        };
        if let (Some(observation), Some(keeper)) = (&self.observation, &mut self.feedback) {
            keeper.see(at, observation);
        }
        if let Input::Camera(report) = input
            && let Some(console) = &mut self.console
        {
            let texts = self.language.texts();
            console.say(&texts.camera_is(texts.camera(report.status), &report.detail));
        }
        match events::of_input(at, input) {
            Some(event) => self.tell_event(&event),
            None => Ok(()),
        }
    }

    /// Tells how things stand, should anybody ask.
    pub fn post(&mut self, at: Moment, monitor: &Monitor) {
        if let Some(history) = &mut self.history {
            history.post(at, monitor);
        }
        let nobody = self.tray.is_none() && self.mqtt.is_none() && self.meter.is_none();
        if nobody && self.standing.is_none() {
            return;
        }
        let status = monitor.status();
        if let Some(tray) = &self.tray {
            tray.show(View::of(self.language.texts(), &status, at.wall));
        }
        if let Some(mqtt) = &self.mqtt {
            mqtt.show(mqtt::View::of(&status, monitor.score()));
        }
        if let Some(meter) = &self.meter {
            meter.post(&status, monitor.score(), &self.summary);
        }
        if let Some(standing) = &mut self.standing {
            standing.post(at, &status, self.engine.as_deref(), &self.summary);
        }
    }

    /// Tells an event to those who read stdout and to those who follow from outside.
    fn tell_event(&self, event: &Value) -> anyhow::Result<()> {
        if let Some(standing) = &self.standing {
            standing.board.tell(event);
        }
        match self.style {
            EventStyle::Json | EventStyle::JsonTrace => print(&event.to_string()),
            EventStyle::Quiet | EventStyle::Words => Ok(()),
        }
    }

    /// Does what the monitor wants.
    ///
    /// # Errors
    /// When stdout or the session cannot be written.
    pub fn apply(&mut self, at: Moment, effects: &[Effect]) -> anyhow::Result<()> {
        if let Some(tape) = &mut self.tape {
            tape.effects(at, effects)?;
        }
        for effect in effects {
            self.summary.effect(effect);
            if let Some(standing) = &mut self.standing {
                standing.effect(effect);
            }
            if let Some(meter) = &mut self.meter {
                meter.effect(effect);
            }
            self.carry_out(effect);
            if let (Effect::Wrong(fault), Some(keeper)) = (effect, &mut self.feedback)
                && let Err(error) = keeper.keep(at, *fault)
            {
                tracing::warn!("what you said of the alert is not kept: {error}");
            }
            if let (Effect::Publish(status), Some(seen), Some(sketcher)) =
                (effect, &self.observation, &self.sketcher)
            {
                sketcher.borrow_mut().draw(seen, status)?;
            }
            self.tell(at, effect)?;
            if let Some(kept) = &mut self.kept
                && !matches!(effect, Effect::Publish(_))
            {
                kept.push((at, effect.clone()));
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: &Effect) {
        match effect {
            Effect::Alert(alert) if alert.silenced.is_none() => {
                self.aside(|notifier| notifier.alert(alert));
            }
            Effect::Clear { kind, bout, .. } => {
                self.aside(|notifier| notifier.clear(*kind, *bout));
            }
            Effect::Rate(hz) => self.rate.set(*hz),
            Effect::Calibrated(learnt) => {
                self.calibrated = Some(*learnt);
                self.refused = None;
                self.keep(learnt);
                self.end_calibration();
            }
            Effect::CalibrationRefused(refusal) => {
                self.refused = Some(*refusal);
                self.end_calibration();
            }
            Effect::Calibrating(progress) => self.calibrating = Some(*progress),
            Effect::Interval(interval) => {
                if let Some(history) = &self.history {
                    history.over(*interval);
                }
            }
            Effect::State { .. } => {
                if let Some(text) = words(ENGLISH, effect, None) {
                    self.service.status(&text);
                }
            }
            Effect::Alert(_)
            | Effect::Place(_)
            | Effect::CameraMoved(_)
            | Effect::ChairMoved { .. }
            | Effect::SlouchLearnt { .. }
            | Effect::StillHint { .. }
            | Effect::BreakTaken(_)
            | Effect::Paused(_)
            | Effect::Wrong(_)
            | Effect::Publish(_) => {}
        }
    }

    /// Keeps what was learnt for the next runs, where that is wanted.
    fn keep(&mut self, learnt: &Learnt) {
        let Some(profiles) = self.profiles.as_mut().filter(|_| learnt.kept) else {
            return;
        };
        match profiles.keep(learnt) {
            Ok((name, _)) => {
                if let Some(console) = &mut self.console {
                    console.say(&self.language.texts().kept(&name));
                }
            }
            Err(error) => tracing::warn!("what was learnt counts for this run only: {error}"),
        }
    }

    fn name(&self, number: usize) -> Option<String> {
        match &self.profiles {
            Some(profiles) => profiles.name(number).map(str::to_owned),
            None => self.names.get(number).cloned(),
        }
    }

    /// The name of the profile that `effect` speaks of.
    fn name_of(&self, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Place(Place::Known(number)) => self.name(*number),
            _ => None,
        }
    }

    fn end_calibration(&mut self) {
        self.calibrating = None;
        if let Some(over) = &self.calibration_over {
            over.notify_one();
        }
    }

    /// Lets the notifier write to stderr without running into the status line.
    fn aside(&mut self, tell: impl FnOnce(&mut Notifier)) {
        if let Some(console) = &mut self.console {
            console.erase();
        }
        tell(&mut self.notifier);
        if let Some(console) = &mut self.console {
            console.redraw();
        }
    }

    fn tell(&mut self, at: Moment, effect: &Effect) -> anyhow::Result<()> {
        self.tell_console(at.elapsed, effect);
        if self.style == EventStyle::JsonTrace
            && let (Effect::Publish(status), Some(seen)) = (effect, &self.observation)
        {
            print(&events::of_observation(at, seen, status).to_string())?;
        }
        // Making events costs more than judging: not for nobody.
        if self.style != EventStyle::Quiet || self.standing.is_some() {
            if let Some(event) = events::of_effect(at, effect, |number| self.name(number)) {
                if let Effect::Alert(alert) = effect
                    && alert.silenced.is_none()
                {
                    self.aloud.alert(&event.to_string());
                }
                self.tell_event(&event)?;
            }
            if let Some(text) = words(ENGLISH, effect, self.name_of(effect).as_deref()) {
                self.tell_words(at, &text)?;
            }
        }
        Ok(())
    }

    fn tell_words(&self, at: Moment, text: &str) -> anyhow::Result<()> {
        if let Some(standing) = &self.standing {
            standing
                .board
                .log()
                .add(&format!("{} {text}", clock::stamp(at.wall)));
        }
        match self.style {
            EventStyle::Words => print(&format!("{:8.1} s  {text}", at.elapsed.as_secs_f64())),
            EventStyle::Quiet | EventStyle::Json | EventStyle::JsonTrace => Ok(()),
        }
    }

    fn tell_console(&mut self, at: Duration, effect: &Effect) {
        let (name, texts) = (self.name_of(effect), self.language.texts());
        let Some(console) = &mut self.console else {
            return;
        };
        match effect {
            Effect::Publish(status) => {
                let cpu = self.cpu.percent(at, &self.summary);
                let shown = Some(Shown::of(status));
                let changed = self.shown.is_some() && shown != self.shown;
                self.shown = shown;
                let engine = self.engine.as_deref().unwrap_or("no engine");
                console.show(at, &line(texts, status, engine, cpu), changed);
            }
            // The live line shows the state; where there is none, changes are lines.
            Effect::State { .. } if console.is_live() => {}
            // What is asked for anew stays to be read.
            Effect::Calibrating(progress)
                if console.is_live()
                    && self
                        .shown
                        .and_then(|shown| shown.calibrating)
                        .is_some_and(|(phase, _)| phase == progress.phase) => {}
            // The notifier says these.
            Effect::Alert(alert) if alert.silenced.is_none() => {}
            Effect::Clear { .. } => {}
            effect => {
                if let Some(text) = words(texts, effect, name.as_deref()) {
                    console.say(&format!("{:>8}  {text}", super::status_line::minutes(at)));
                }
            }
        }
    }

    /// Ends the run: withdraws what is shown, closes the session, tells the summary.
    ///
    /// # Errors
    /// When stdout or the session cannot be written.
    pub fn finish(mut self) -> anyhow::Result<Summary> {
        self.console = None;
        self.notifier.close();
        if let Some(history) = self.history.take() {
            history.close();
        }
        if let Some(tape) = self.tape.take() {
            tape.finish()?;
        }
        match self.style {
            EventStyle::Quiet => {}
            EventStyle::Words => print(&self.summary.text())?,
            EventStyle::Json | EventStyle::JsonTrace => {
                print(&self.summary.event(self.engine.as_deref()).to_string())?;
            }
        }
        Ok(self.summary)
    }
}

/// What the live line must show at once when it changes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shown {
    state: State,
    calibrating: Option<(Phase, Option<Hindrance>)>,
}

impl Shown {
    fn of(status: &Status) -> Self {
        Self {
            state: status.state,
            calibrating: status.calibrating.map(|p| (p.phase, p.hindrance)),
        }
    }
}

/// The share of a core used since the line was drawn last.
#[derive(Debug, Default)]
struct CpuMeter {
    last: Option<(Duration, Duration)>,
    percent: Option<f64>,
}

impl CpuMeter {
    /// Measured over ten seconds at least: shorter stretches flicker.
    fn percent(&mut self, at: Duration, summary: &Summary) -> Option<f64> {
        let cpu = summary.cpu()?;
        let (then, used) = *self.last.get_or_insert((at, cpu));
        let span = at.saturating_sub(then);
        if span >= Duration::from_secs(10) {
            let share = cpu.saturating_sub(used).as_secs_f64() / span.as_secs_f64();
            self.percent = Some(100.0 * share);
            self.last = Some((at, cpu));
        }
        self.percent
    }
}
