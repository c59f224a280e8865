//! A person, a camera and a monitor on a virtual clock.

use std::time::Duration;

use backstay::domain::io::{Alert, AlertKind, CameraShift, Command, Effect, Input, State};
use backstay::domain::measures::Measures;
use backstay::domain::monitor::Monitor;
use backstay::domain::settings::Settings;
use backstay::domain::time::{Moment, WallTime};

use crate::camera::Camera;
use crate::noise::{Chance, Dropouts, Noise};
use crate::person::{Body, Build};
use crate::posture::Posture;
use crate::setting::Setting;
use crate::space::Vec3;

/// How long a change of posture takes.
const EASE_S: f64 = 1.5;

/// A monitor that watches a person.
pub(crate) struct Run {
    pub(crate) setting: Setting,
    pub(crate) build: Build,
    pub(crate) monitor: Monitor,
    pub(crate) chance: Chance,
    pub(crate) camera: Camera,
    pub(crate) screen: Vec3,
    /// What vision says of the room, if it can tell.
    pub(crate) shift: Option<CameraShift>,
    /// Mean brightness of the pictures.
    pub(crate) light: f32,
    /// What the model is sure by at a joint that is seen.
    pub(crate) confidence: f64,
    /// The scores of the presence detector, in turn.
    pub(crate) presence: &'static [f32],
    /// The model marks somebody who passes behind, not the person.
    pub(crate) passer_by: bool,
    pub(crate) now: f64,
    pub(crate) posture: Posture,
    pub(crate) effects: Vec<(f64, Effect)>,
    /// What was measured, and the state, after each observation since the last change of posture.
    pub(crate) seen: Vec<(f64, State, Measures)>,
    pub(crate) looks: usize,
}

impl Run {
    /// Begins with a calibration, and twenty seconds of upright sitting. The calibration sees the
    /// usual noise at ten observations a second, as the monitor asks for; what else comes, comes
    /// later.
    pub(crate) fn begin(setting: Setting) -> Self {
        Self::begin_with(setting, None)
    }

    /// The same with what vision says of the room.
    pub(crate) fn begin_with(setting: Setting, shift: Option<CameraShift>) -> Self {
        let mut run = Self::new(setting);
        run.shift = shift;
        run.setting.rate = 10.0;
        run.setting.noise = Noise {
            level: setting.noise.level.min(1.0),
            dropouts: Dropouts::None,
        };
        let calibrated = run.calibrate(12.0);
        assert!(calibrated, "{setting} is not calibrated");
        run.setting = setting;
        run.sit(Posture::UPRIGHT, 20.0);
        run
    }

    /// Nothing has been seen yet.
    pub(crate) fn new(setting: Setting) -> Self {
        let camera = setting.camera();
        Self {
            setting,
            build: setting.build(),
            monitor: Monitor::new(Settings::default(), None),
            chance: Chance::new(0x5EED + 31 * setting.seed),
            camera,
            screen: camera.screen(),
            shift: None,
            light: 0.5,
            confidence: 0.75,
            presence: &[0.9],
            passer_by: false,
            now: 0.0,
            posture: Posture::UPRIGHT,
            effects: Vec::new(),
            seen: Vec::new(),
            looks: 0,
        }
    }

    /// Asks for ten seconds of calibration and sits upright for `seconds`; whether it came about.
    pub(crate) fn calibrate(&mut self, seconds: f64) -> bool {
        self.ask(Command::Calibrate(Duration::from_secs(10)), seconds)
    }

    /// Gives `command` and sits upright for `seconds`; whether a calibration came about.
    pub(crate) fn ask(&mut self, command: Command, seconds: f64) -> bool {
        self.input(Input::Command(command));
        self.sit(Posture::UPRIGHT, seconds);
        let is_calibrated = |(_, e): &(f64, Effect)| matches!(e, Effect::Calibrated(_));
        self.effects.iter().any(is_calibrated)
    }

    /// Sits like this for so long, the time to get there included.
    pub(crate) fn sit(&mut self, posture: Posture, seconds: f64) -> &mut Self {
        let (from, began) = (self.posture, self.now);
        self.seen.clear();
        while self.now < began + seconds {
            let part = ((self.now - began) / EASE_S).min(1.0);
            self.posture = from.towards(&posture, part);
            let observation = self.look();
            self.input(Input::Observation(observation));
            self.now += 1.0 / self.setting.rate;
        }
        self.posture = posture;
        self
    }

    /// Nudges the camera: it looks up by so many degrees more.
    pub(crate) fn bump(&mut self, degrees: f64) {
        self.camera = self.camera.pitched(degrees);
    }

    /// What vision says of the room, were it to see it.
    pub(crate) fn true_shift(&self) -> CameraShift {
        self.camera.shift_since(&self.setting.camera())
    }

    /// The body as it is now, without drift.
    pub(crate) fn body(&self) -> Body {
        self.build.body(&self.posture, self.screen)
    }

    /// The state that held in most of the last ten seconds, if one did: with much noise a limit is
    /// passed for a moment now and then.
    pub(crate) fn lasting_state(&self) -> Option<State> {
        let recent = || self.seen.iter().filter(|(at, ..)| *at >= self.now - 10.0);
        let held = |state| recent().filter(|seen| seen.1 == state).count() * 2;
        let mut states = State::ALL.into_iter();
        states.find(|state| held(*state) > recent().count())
    }

    /// What was said about posture from `since` on, silenced or not.
    pub(crate) fn alerts(&self, since: f64) -> Vec<(f64, Alert)> {
        let of = |(at, effect): &(f64, Effect)| match effect {
            Effect::Alert(alert) if alert.kind == AlertKind::Posture && *at >= since => {
                Some((*at, alert.clone()))
            }
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }

    /// When an alert about posture was taken back, from `since` on.
    pub(crate) fn cleared(&self, since: f64) -> Vec<f64> {
        let of = |(at, effect): &(f64, Effect)| match effect {
            Effect::Clear { kind, .. } if *kind == AlertKind::Posture && *at >= since => Some(*at),
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }

    /// The median of a measure over the last `seconds`.
    pub(crate) fn median(&self, seconds: f64, of: fn(&Measures) -> Option<f64>) -> Option<f64> {
        let recent = self
            .seen
            .iter()
            .filter(|(at, ..)| *at >= self.now - seconds);
        median(recent.filter_map(|(_, _, m)| of(m)).collect())
    }

    fn input(&mut self, input: Input) {
        let start = WallTime {
            unix_ms: 1_790_000_000_000,
            utc_offset_s: 3600,
        };
        let at = Moment::after(start, Duration::from_secs_f64(self.now));
        for effect in self.monitor.handle(at, input) {
            if let Effect::Publish(status) = effect {
                self.seen.push((self.now, status.state, status.measures));
            } else {
                self.effects.push((self.now, effect));
            }
        }
    }
}

/// The middle of `values`, the upper one of an even number.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
