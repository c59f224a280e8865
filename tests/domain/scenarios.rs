//! Short stories with one outcome each.

use std::time::Duration;

use backstay::domain::io::{
    Alert, AlertKind, CameraReport, CameraStatus, Command, Doubt, Effect, Fault, Input,
    Observation, Silence, State,
};
use backstay::domain::monitor::Monitor;
use backstay::domain::settings::Settings;

use crate::people::{LAPTOP, MONITOR, Posture, Scene, at, empty, seen};

/// A monitor driven on a virtual clock, three observations a second.
pub(crate) struct Day {
    pub(crate) monitor: Monitor,
    pub(crate) effects: Vec<(f64, Effect)>,
    now: f64,
    scene: Scene,
}

impl Day {
    /// Begins with a calibration on ten seconds of upright sitting.
    pub(crate) fn begin(scene: Scene) -> Self {
        Self::with(scene, Settings::default())
    }

    pub(crate) fn with(scene: Scene, settings: Settings) -> Self {
        let monitor = Monitor::new(settings, None);
        let mut day = Self {
            monitor,
            effects: Vec::new(),
            now: 0.0,
            scene,
        };
        day.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
        day.sit(Posture::UPRIGHT, 12.0);
        assert!(
            day.effects
                .iter()
                .any(|(_, e)| matches!(e, Effect::Calibrated(_)))
        );
        day
    }

    pub(crate) fn input(&mut self, input: Input) -> &mut Self {
        let effects = self.monitor.handle(at(self.now), input);
        self.effects
            .extend(effects.into_iter().map(|e| (self.now, e)));
        self
    }

    pub(crate) fn sit(&mut self, posture: Posture, seconds: f64) -> &mut Self {
        let observation = self.scene.see(posture);
        self.watch(observation, seconds)
    }

    pub(crate) fn leave(&mut self, seconds: f64) -> &mut Self {
        self.watch(empty(), seconds)
    }

    pub(crate) fn watch(
        &mut self,
        observation: backstay::domain::io::Observation,
        seconds: f64,
    ) -> &mut Self {
        let end = self.now + seconds;
        while self.now < end {
            self.input(seen(observation));
            self.now += 1.0 / 3.0;
        }
        self
    }

    /// Nothing happens but ticks.
    pub(crate) fn wait(&mut self, seconds: f64) -> &mut Self {
        let end = self.now + seconds;
        while let Some(due) = self.monitor.deadline() {
            let due = due.elapsed.as_secs_f64();
            if due > end {
                break;
            }
            self.now = due;
            self.input(Input::Tick);
        }
        self.now = end;
        self
    }

    pub(crate) fn state(&self) -> State {
        self.monitor.status().state
    }

    pub(crate) fn alerts(&self) -> Vec<(f64, Alert)> {
        let alert = |(at, e): &(f64, Effect)| match e {
            Effect::Alert(alert) => Some((*at, alert.clone())),
            _ => None,
        };
        self.effects.iter().filter_map(alert).collect()
    }

    pub(crate) fn told(&self) -> Vec<(f64, Alert)> {
        self.alerts()
            .into_iter()
            .filter(|(_, alert)| alert.silenced.is_none())
            .collect()
    }

    pub(crate) fn cleared(&self) -> Vec<f64> {
        let clear = |(at, e): &(f64, Effect)| matches!(e, Effect::Clear { .. }).then_some(*at);
        self.effects.iter().filter_map(clear).collect()
    }
}

#[test]
fn a_slouch_is_told_after_its_dwell_and_taken_back_after_it() {
    for scene in [LAPTOP, MONITOR] {
        let mut day = Day::begin(scene);
        day.sit(Posture::UPRIGHT, 30.0);
        assert_eq!(day.state(), State::Good);
        let slouched_at = 42.0;
        day.sit(Posture::SLOUCH, 60.0);
        assert_eq!(day.state(), State::Bad);
        let alerts = day.alerts();
        let [(told_at, alert)] = alerts.as_slice() else {
            panic!("{alerts:?}")
        };
        // Twice the limit, so after 12 s and not 30.
        assert!((12.0..17.0).contains(&(told_at - slouched_at)), "{told_at}");
        assert_eq!(alert.faults.first(), Some(&Fault::Slouch));
        day.sit(Posture::UPRIGHT, 10.0);
        let cleared = day.cleared();
        assert_eq!(cleared.len(), 1);
        assert!((4.0..9.0).contains(&(cleared[0] - 102.0)), "{cleared:?}");
        assert_eq!(day.sit(Posture::UPRIGHT, 20.0).state(), State::Good);
    }
}

#[test]
fn a_chair_that_rolls_is_no_fault() {
    for scene in [LAPTOP, MONITOR] {
        for chair_cm in [-15.0, -8.0, 6.0, 8.0] {
            let mut day = Day::begin(scene);
            day.sit(
                Posture {
                    chair_cm,
                    ..Posture::UPRIGHT
                },
                300.0,
            );
            assert_eq!(day.alerts(), [], "chair moved by {chair_cm} cm");
        }
    }
}

#[test]
fn a_lean_to_the_side_is_told_with_its_angle() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::LEAN, 80.0);
    let alerts = day.alerts();
    let [(_, alert)] = alerts.as_slice() else {
        panic!("{alerts:?}")
    };
    assert_eq!(alert.faults, [Fault::SideLean]);
    let Some(backstay::domain::io::Amount::Degrees(degrees)) = alert.amount else {
        panic!()
    };
    assert!((degrees - 14.0).abs() < 1.0, "{degrees}");
}

#[test]
fn a_glance_and_a_short_slouch_are_not_told() {
    let mut day = Day::begin(LAPTOP);
    for _ in 0..6 {
        day.sit(Posture::SLOUCH, 6.0).sit(Posture::UPRIGHT, 30.0);
    }
    assert_eq!(day.alerts(), []);
}

#[test]
fn a_bout_that_goes_on_is_told_again_less_and_less() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0 * 60.0);
    let told: Vec<f64> = day
        .told()
        .iter()
        .filter(|(_, a)| a.kind == AlertKind::Posture)
        .map(|(at, _)| *at)
        .collect();
    let gaps: Vec<f64> = told
        .windows(2)
        .map(|w| ((w[1] - w[0]) / 60.0).round())
        .collect();
    assert_eq!(gaps, [3.0, 6.0, 12.0]);
}

#[test]
fn a_second_bout_within_the_cooldown_is_noted_and_not_told() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0)
        .sit(Posture::UPRIGHT, 40.0)
        .sit(Posture::SLOUCH, 40.0);
    let silences: Vec<_> = day.alerts().iter().map(|(_, a)| a.silenced).collect();
    assert_eq!(silences, [None, Some(Silence::Cooldown)]);
    // It is told once the cooldown is over, if it still lasts.
    day.sit(Posture::SLOUCH, 300.0);
    assert_eq!(day.told().len(), 2);
}

#[test]
fn an_absence_of_two_minutes_is_a_break_and_a_passer_by_does_not_cut_it() {
    let mut day = Day::begin(LAPTOP);
    day.sit(Posture::UPRIGHT, 600.0);
    let before = day.monitor.status().sitting;
    assert!(before >= Duration::from_secs(600), "{before:?}");
    day.leave(60.0).sit(Posture::UPRIGHT, 6.0).leave(70.0);
    assert_eq!(day.state(), State::Away);
    assert_eq!(day.monitor.status().sitting, Duration::ZERO);
    day.sit(Posture::UPRIGHT, 20.0);
    let away = day.effects.iter().find_map(|(_, e)| match e {
        Effect::BreakTaken(taken) => Some(taken.lasted.as_secs_f64()),
        _ => None,
    });
    assert!((130.0..140.0).contains(&away.unwrap()), "{away:?}");
}

#[test]
fn a_short_absence_is_no_break() {
    let mut day = Day::begin(LAPTOP);
    day.sit(Posture::UPRIGHT, 600.0)
        .leave(90.0)
        .sit(Posture::UPRIGHT, 30.0);
    assert!(day.monitor.status().sitting >= Duration::from_secs(720));
    assert!(
        !day.effects
            .iter()
            .any(|(_, e)| matches!(e, Effect::BreakTaken(_)))
    );
}

#[test]
fn sitting_is_told_at_30_and_60_minutes_and_taken_back_by_a_break() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 70.0 * 60.0);
    let told: Vec<(f64, AlertKind)> = day
        .told()
        .iter()
        .map(|(at, a)| ((at / 60.0).round(), a.kind))
        .collect();
    assert_eq!(
        told,
        [(30.0, AlertKind::Sitting), (60.0, AlertKind::Sitting)]
    );
    day.leave(125.0);
    assert_eq!(day.cleared().len(), 1);
}

#[test]
fn a_lost_camera_clears_the_warning_at_once_and_adds_no_sitting() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0);
    assert_eq!(day.state(), State::Bad);
    let sitting = day.monitor.status().sitting;
    let report = CameraReport {
        status: CameraStatus::Lost,
        detail: "unplugged".into(),
    };
    day.input(Input::Camera(report));
    assert_eq!(day.cleared().len(), 1);
    assert_eq!(day.monitor.status().doubt, Some(Doubt::NoCamera));
    day.wait(3600.0);
    // What was seen last holds until the camera was lost, a look later.
    let more = day.monitor.status().sitting.saturating_sub(sitting);
    assert!(more <= Duration::from_millis(334), "{more:?}");
}

#[test]
fn without_observations_the_state_does_not_stand() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 20.0).wait(1.5);
    assert_eq!(day.state(), State::Good);
    day.wait(0.5);
    assert_eq!(day.state(), State::Unsure);
    assert_eq!(day.monitor.status().doubt, Some(Doubt::NoCamera));
    // Good and steady, looked at once a second: one look may be missed.
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 120.0).wait(2.5);
    assert_eq!(day.state(), State::Good);
    day.wait(0.5);
    assert_eq!(day.state(), State::Unsure);
}

#[test]
fn pictures_that_stop_take_the_warning_back_within_two_seconds() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0);
    assert_eq!(day.state(), State::Bad);
    let stopped = day.now;
    day.wait(2.0);
    assert!(day.cleared()[0] - stopped <= 2.0, "{:?}", day.cleared());
}

#[test]
fn a_slouch_before_a_gap_is_not_one_after_it() {
    // The process was held up: no tick, and a picture a minute later.
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0);
    day.now += 60.0;
    day.sit(Posture::SLOUCH, 3.0);
    assert_eq!(day.cleared().len(), 1);
    assert_ne!(day.state(), State::Bad);

    // The machine slept: the wall clock alone says so.
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0);
    let mut woken = at(day.now);
    woken.wall.unix_ms += 3_600_000;
    let slouch = seen(day.scene.see(Posture::SLOUCH));
    let effects = day.monitor.handle(woken, slouch);
    let cleared = |e: &Effect| matches!(e, Effect::Clear { .. });
    assert!(effects.iter().any(cleared), "{effects:?}");
    assert_ne!(day.state(), State::Bad);
}

#[test]
fn without_a_baseline_calibration_is_tried_until_it_succeeds() {
    let monitor = Monitor::new(Settings::default(), None);
    let mut day = Day {
        monitor,
        effects: Vec::new(),
        now: 0.0,
        scene: MONITOR,
    };
    day.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
    day.leave(25.0);
    let refused = day
        .effects
        .iter()
        .filter(|(_, e)| matches!(e, Effect::CalibrationRefused(_)));
    assert_eq!(refused.count(), 2);
    day.sit(Posture::UPRIGHT, 25.0);
    assert_eq!(day.state(), State::Good);
}

#[test]
fn a_calibration_in_the_dark_or_on_the_move_is_refused() {
    let check = |watch: fn(&mut Day)| {
        let monitor = Monitor::new(Settings::default(), None);
        let mut day = Day {
            monitor,
            effects: Vec::new(),
            now: 0.0,
            scene: MONITOR,
        };
        day.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
        watch(&mut day);
        day.effects.iter().find_map(|(_, e)| match e {
            Effect::CalibrationRefused(refusal) => {
                Some(backstay::wording::ENGLISH.refusal(*refusal))
            }
            _ => None,
        })
    };
    let dark = check(|day| {
        let mut night = MONITOR.see(Posture::UPRIGHT);
        night.light = 0.05;
        day.watch(night, 11.0);
    });
    assert!(dark.unwrap().contains("too dark"));
    let moved = check(|day| {
        day.sit(Posture::UPRIGHT, 5.0).sit(Posture::SLOUCH, 6.0);
    });
    assert!(moved.unwrap().contains("you moved"));
}

#[test]
fn somebody_nearer_to_the_camera_makes_it_unsure_and_a_colleague_behind_does_not() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 20.0);
    let with = |other_person| Observation {
        other_person,
        ..MONITOR.see(Posture::SLOUCH)
    };
    day.watch(with(Some(1.4)), 120.0);
    let status = day.monitor.status();
    assert_eq!(
        (status.state, status.doubt),
        (State::Unsure, Some(Doubt::TwoPeople))
    );
    assert!(day.alerts().is_empty());
    day.watch(with(Some(0.6)), 60.0);
    assert_eq!(day.state(), State::Bad);
}

#[test]
fn an_alert_called_wrong_is_taken_back_and_must_fill_its_dwell_again() {
    let mut day = Day::begin(MONITOR);
    // Nothing is on show, so nothing can be wrong.
    day.input(Input::Command(Command::Wrong));
    day.sit(Posture::SLOUCH, 30.0);
    assert_eq!(day.told().len(), 1);
    day.input(Input::Command(Command::Wrong));
    assert_eq!(day.cleared().len(), 1);
    let wrong = |(_, e): &(f64, Effect)| match e {
        Effect::Wrong(fault) => Some(*fault),
        _ => None,
    };
    let called: Vec<Fault> = day.effects.iter().filter_map(wrong).collect();
    assert_eq!(called, [Fault::Slouch]);
    day.sit(Posture::SLOUCH, 11.0);
    assert_ne!(day.state(), State::Bad);
    day.sit(Posture::SLOUCH, 10.0);
    assert_eq!(day.state(), State::Bad);
}

#[test]
fn a_limit_that_was_called_wrong_is_a_tenth_higher_each_time_up_to_half() {
    let mut posture = Settings::default().posture;
    let plain = posture.limit(Fault::Slouch).unwrap().enter;
    for (times, factor) in [(0, 1.0), (1, 1.1), (3, 1.3), (5, 1.5), (200, 1.5)] {
        posture.eased.set(Fault::Slouch, times);
        let enter = posture.limit(Fault::Slouch).unwrap().enter;
        assert!((enter / plain - factor).abs() < 1e-9, "{times}: {enter}");
        let other = posture.limit(Fault::HeadTilt).unwrap();
        assert_eq!(
            other,
            Settings::default().posture.limit(Fault::HeadTilt).unwrap()
        );
    }
}
