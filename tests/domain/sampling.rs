//! A camera that is opened for short looks only.

use std::time::Duration;

use backstay::domain::io::{Command, Doubt, Effect, Input, Observation, State};
use backstay::domain::monitor::Monitor;
use backstay::domain::settings::{Sampling, Settings};

use crate::people::{MONITOR, Posture, at, empty, seen};

/// From the beginning of one look to that of the next, in seconds.
const EVERY: f64 = 30.0;

/// The camera takes this long to give its first picture, in seconds.
const OPENING: f64 = 0.7;

/// A monitor before a camera that is open only while pictures are wanted.
struct Desk {
    monitor: Monitor,
    effects: Vec<(f64, Effect)>,
    /// Tenths of a second since the beginning.
    tenths: u32,
    rate: f64,
    /// When the camera gives its next picture, while it is open.
    next: Option<f64>,
    /// For how long it was open, in seconds.
    open: f64,
}

impl Desk {
    /// Begins with a calibration on upright sitting.
    fn begin() -> Self {
        let settings = Settings {
            sampling: Some(Sampling {
                every: Duration::from_secs_f64(EVERY),
            }),
            ..Settings::default()
        };
        let mut desk = Self {
            monitor: Monitor::new(settings, None),
            effects: Vec::new(),
            tenths: 0,
            rate: 0.0,
            next: None,
            open: 0.0,
        };
        desk.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
        desk.sit(Posture::UPRIGHT, 60.0);
        let learnt = |(_, e): &(f64, Effect)| matches!(e, Effect::Calibrated(_));
        assert!(desk.effects.iter().any(learnt));
        assert_eq!(desk.state(), State::Good);
        desk.effects.clear();
        desk.open = 0.0;
        desk
    }

    fn now(&self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    fn state(&self) -> State {
        self.monitor.status().state
    }

    fn input(&mut self, input: Input) {
        let now = self.now();
        for effect in self.monitor.handle(at(now), input) {
            if let Effect::Rate(hz) = effect {
                self.next = match (self.rate > 0.0, hz > 0.0) {
                    (false, true) => Some(now + OPENING),
                    (true, true) => self.next,
                    (_, false) => None,
                };
                self.rate = hz;
            }
            self.effects.push((now, effect));
        }
    }

    fn sit(&mut self, posture: Posture, seconds: f64) {
        self.watch(Some(MONITOR.see(posture)), seconds);
    }

    /// What the camera would show, if it was open; `None` when it shows nothing.
    fn watch(&mut self, shown: Option<Observation>, seconds: f64) {
        let end = self.now() + seconds;
        while self.now() < end {
            self.tenths += 1;
            let now = self.now();
            if self.rate > 0.0 {
                self.open += 0.1;
            }
            let due = self.monitor.deadline();
            if due.is_some_and(|due| due.elapsed.as_secs_f64() <= now) {
                self.input(Input::Tick);
            }
            if let (Some(shown), Some(next)) = (shown, self.next)
                && next <= now
            {
                self.next = Some(now + 1.0 / self.rate);
                self.input(seen(shown));
            }
        }
    }

    /// When the person was told, in seconds.
    fn told(&self) -> Vec<f64> {
        let told = |(at, e): &(f64, Effect)| matches!(e, Effect::Alert(_)).then_some(*at);
        self.effects.iter().filter_map(told).collect()
    }

    fn cleared(&self) -> Vec<f64> {
        let clear = |(at, e): &(f64, Effect)| matches!(e, Effect::Clear { .. }).then_some(*at);
        self.effects.iter().filter_map(clear).collect()
    }
}

#[test]
fn the_camera_is_closed_for_nine_tenths_of_the_time_and_the_verdict_holds_meanwhile() {
    let mut desk = Desk::begin();
    desk.sit(Posture::UPRIGHT, 600.0);
    let share = desk.open / 600.0;
    assert!((0.06..0.1).contains(&share), "{share}");
    let changed = |(_, e): &(f64, Effect)| matches!(e, Effect::State { .. });
    assert!(!desk.effects.iter().any(changed), "{:?}", desk.effects);
}

#[test]
fn a_slouch_that_lasts_is_told_when_two_looks_agree_and_taken_back_at_the_next() {
    let mut desk = Desk::begin();
    let began = desk.now();
    desk.sit(Posture::SLOUCH, 120.0);
    let told = desk.told();
    assert_eq!(told.len(), 1, "{told:?}");
    let after = told[0] - began;
    assert!(after > 12.0 && after < 2.0 * EVERY + 5.0, "{after}");
    assert_eq!(desk.state(), State::Bad);
    let recovered = desk.now();
    desk.sit(Posture::UPRIGHT, 60.0);
    let cleared = desk.cleared();
    assert_eq!(cleared.len(), 1, "{cleared:?}");
    assert!(cleared[0] - recovered < EVERY + 5.0, "{cleared:?}");
    assert_eq!(desk.state(), State::Good);
}

#[test]
fn a_slouch_that_only_one_look_shows_is_not_told() {
    let mut desk = Desk::begin();
    // However it falls against the looks, twenty seconds hold one of them at most.
    for pause in [40.0, 43.0, 47.0, 50.0, 55.0] {
        desk.sit(Posture::SLOUCH, 20.0);
        desk.sit(Posture::UPRIGHT, pause);
    }
    assert_eq!(desk.told(), [] as [f64; 0]);
}

#[test]
fn sitting_and_breaks_are_counted_across_the_gaps() {
    let mut desk = Desk::begin();
    let before = desk.monitor.status().sitting.as_secs_f64();
    desk.sit(Posture::UPRIGHT, 1200.0);
    let sat = desk.monitor.status().sitting.as_secs_f64() - before;
    assert!((sat - 1200.0).abs() <= EVERY, "{sat}");
    desk.watch(Some(empty()), 400.0);
    assert_eq!(desk.state(), State::Away);
    desk.sit(Posture::UPRIGHT, 120.0);
    let away = |(_, e): &(f64, Effect)| match e {
        Effect::BreakTaken(taken) => Some(taken.lasted.as_secs_f64()),
        _ => None,
    };
    let breaks: Vec<f64> = desk.effects.iter().filter_map(away).collect();
    assert_eq!(breaks.len(), 1, "{breaks:?}");
    assert!((breaks[0] - 400.0).abs() <= EVERY + 5.0, "{breaks:?}");
}

#[test]
fn a_calibration_keeps_the_camera_open() {
    let mut desk = Desk::begin();
    desk.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
    desk.sit(Posture::UPRIGHT, 10.0);
    assert!(desk.open > 9.5, "{}", desk.open);
    desk.sit(Posture::UPRIGHT, 20.0);
    assert!(desk.open < 15.0, "{}", desk.open);
}

#[test]
fn a_camera_that_gives_nothing_ends_what_was_believed() {
    let mut desk = Desk::begin();
    desk.watch(None, EVERY + 20.0);
    let status = desk.monitor.status();
    assert_eq!(
        (status.state, status.doubt),
        (State::Unsure, Some(Doubt::NoCamera))
    );
    // It is wanted all the while, and believed when it is back.
    assert!(desk.rate > 0.0);
    desk.sit(Posture::UPRIGHT, 5.0);
    assert_eq!(desk.state(), State::Good);
}

#[test]
fn paused_it_stays_closed() {
    let mut desk = Desk::begin();
    desk.input(Input::Command(Command::Pause(None)));
    desk.open = 0.0;
    desk.sit(Posture::SLOUCH, 300.0);
    assert!(desk.open < 0.2, "{}", desk.open);
    desk.input(Input::Command(Command::Resume));
    desk.sit(Posture::UPRIGHT, 40.0);
    assert_eq!(desk.state(), State::Good);
}
