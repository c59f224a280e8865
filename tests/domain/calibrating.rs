//! Calibrations that guide: what is in the way, what is waited for, and the person's own slouch.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use backstay::domain::baseline::{Baseline, Refusal, Upright};
use backstay::domain::calibration::{Phase, Progress};
use backstay::domain::hindrance::Hindrance;
use backstay::domain::io::{Command, Effect, Input, Observation, State};
use backstay::domain::monitor::Monitor;
use backstay::domain::own_slouch::personal_limit;
use backstay::domain::pose::{Joint, Keypoint};
use backstay::domain::profile::Stance;
use backstay::domain::settings::Settings;

use crate::people::{LAPTOP, MONITOR, Posture, at, empty, seen};

/// Somebody who sits down before a camera that looks ten times a second.
struct Sitting {
    monitor: Monitor,
    effects: Vec<(f64, Effect)>,
    now: f64,
}

impl Sitting {
    fn begin(command: Command) -> Self {
        Self::with(command, None)
    }

    fn with(command: Command, baseline: Option<Baseline>) -> Self {
        let mut sitting = Self {
            monitor: Monitor::new(Settings::default(), baseline),
            effects: Vec::new(),
            now: 0.0,
        };
        sitting.input(Input::Command(command));
        sitting
    }

    fn input(&mut self, input: Input) {
        let effects = self.monitor.handle(at(self.now), input);
        self.effects
            .extend(effects.into_iter().map(|e| (self.now, e)));
    }

    fn watch(&mut self, observation: Observation, seconds: f64) -> &mut Self {
        for _ in 0..(seconds * 10.0) as u32 {
            self.now += 0.1;
            self.input(seen(observation));
        }
        self
    }

    fn sit(&mut self, posture: Posture, seconds: f64) -> &mut Self {
        self.watch(MONITOR.see(posture), seconds)
    }

    fn progress(&self) -> Progress {
        self.monitor.status().calibrating.unwrap()
    }

    /// When what was told to be in the way, and `None` for what is out of it.
    fn told(&self) -> Vec<(f64, Option<Hindrance>)> {
        let told = |(at, e): &(f64, Effect)| match e {
            Effect::Calibrating(progress) => Some((*at, progress.hindrance)),
            _ => None,
        };
        self.effects.iter().filter_map(told).collect()
    }

    fn calibrated(&self) -> Option<(f64, Baseline)> {
        self.effects.iter().find_map(|(at, e)| match e {
            Effect::Calibrated(learnt) => Some((*at, learnt.profile.baseline)),
            _ => None,
        })
    }

    fn refused(&self) -> Option<(f64, Refusal)> {
        self.effects.iter().find_map(|(at, e)| match e {
            Effect::CalibrationRefused(refusal) => Some((*at, *refusal)),
            _ => None,
        })
    }
}

fn guided(limits: bool) -> Command {
    Command::CalibrateGuided {
        span: Duration::from_secs(10),
        limits,
        stance: Some(Stance::Sitting),
    }
}

fn fixed() -> Command {
    Command::Calibrate(Duration::from_secs(10))
}

/// Upright, with some joints put elsewhere by `change`.
fn but(joints: &[Joint], change: impl Fn(Keypoint) -> Keypoint) -> Observation {
    let mut upright = MONITOR.see(Posture::UPRIGHT);
    for joint in joints {
        let changed = change(upright.pose.get(*joint));
        upright.pose = upright.pose.with(*joint, changed);
    }
    upright
}

fn faint(k: Keypoint) -> Keypoint {
    Keypoint {
        confidence: 0.1,
        ..k
    }
}

#[test]
fn every_hindrance_is_told_while_it_lasts() {
    let upright = MONITOR.see(Posture::UPRIGHT);
    let chair = |chair_cm| {
        MONITOR.see(Posture {
            chair_cm,
            ..Posture::UPRIGHT
        })
    };
    let shows = [
        (Hindrance::Nobody, empty()),
        (
            Hindrance::TooDark,
            Observation {
                light: 0.05,
                ..upright
            },
        ),
        (
            Hindrance::TwoPeople,
            Observation {
                other_person: Some(0.6),
                ..upright
            },
        ),
        (Hindrance::HeadHidden, but(&[Joint::LeftEye], faint)),
        (
            Hindrance::ShouldersHidden,
            but(&[Joint::RightShoulder], faint),
        ),
        (
            Hindrance::CutOff,
            but(&[Joint::LeftShoulder], |k| Keypoint { x: 638.0, ..k }),
        ),
        // The eyes are 8 cm ahead of the ears.
        (Hindrance::TooClose, chair(26.0)),
        (
            Hindrance::Turned,
            but(&[Joint::Nose], |k| Keypoint { x: k.x + 40.0, ..k }),
        ),
        (
            Hindrance::Tilted,
            but(&[Joint::LeftEar], |k| Keypoint { y: k.y + 25.0, ..k }),
        ),
        (Hindrance::Moving, chair(8.0)),
    ];
    assert_eq!(shows.map(|(hindrance, _)| hindrance), Hindrance::ALL);
    for command in [fixed(), guided(false)] {
        for (hindrance, shown) in shows {
            let mut sitting = Sitting::begin(command);
            sitting.watch(upright, 3.0);
            assert_eq!(sitting.progress().hindrance, None);
            sitting.watch(shown, 1.0);
            assert_eq!(sitting.progress().hindrance, Some(hindrance));
            sitting.watch(upright, 1.0);
            assert_eq!(sitting.progress().hindrance, None);
            let told = sitting.told();
            let [(came, what), (went, nothing)] = told[..] else {
                panic!("{hindrance:?}: {told:?}");
            };
            assert_eq!((what, nothing), (Some(hindrance), None));
            assert!((3.5..3.8).contains(&came), "{hindrance:?} at {came}");
            assert!((4.5..4.8).contains(&went), "{hindrance:?} until {went}");
        }
    }
}

#[test]
fn what_flickers_is_not_told_and_what_alternates_is() {
    let mut sitting = Sitting::begin(guided(false));
    let faint_shoulder = but(&[Joint::LeftShoulder], faint);
    for _ in 0..20 {
        sitting.sit(Posture::UPRIGHT, 0.3);
        sitting.watch(faint_shoulder, 0.1);
    }
    assert_eq!(sitting.told(), []);
    for _ in 0..5 {
        sitting.watch(faint_shoulder, 0.1).watch(empty(), 0.1);
    }
    assert_eq!(sitting.told().len(), 1);
}

#[test]
fn a_fixed_calibration_takes_what_comes() {
    let mut sitting = Sitting::begin(fixed());
    sitting.watch(empty(), 1.0).sit(Posture::UPRIGHT, 9.0);
    let (when, baseline) = sitting.calibrated().unwrap();
    assert!((when - 10.0).abs() < 1e-6, "{when}");
    assert_eq!(baseline.slouch_limit, None);
}

#[test]
fn a_guided_calibration_waits_for_the_person() {
    let mut sitting = Sitting::begin(guided(false));
    sitting.watch(empty(), 45.0).sit(Posture::UPRIGHT, 4.0);
    let part = sitting.progress().part;
    assert!((0.35..0.4).contains(&part), "{part}");
    // Time in the dark does not count, and takes nothing back.
    let dark = Observation {
        light: 0.05,
        ..MONITOR.see(Posture::UPRIGHT)
    };
    sitting.watch(dark, 30.0);
    assert!((sitting.progress().part - part).abs() < 1e-9);
    sitting.sit(Posture::UPRIGHT, 5.9);
    assert_eq!(sitting.calibrated(), None);
    sitting.sit(Posture::UPRIGHT, 1.0);
    let (when, baseline) = sitting.calibrated().unwrap();
    assert!((84.9..85.5).contains(&when), "{when}");
    assert!(baseline.samples >= 95, "{baseline:?}");
    assert_eq!(sitting.refused(), None);
}

#[test]
fn who_settles_in_another_place_is_learnt_there() {
    let mut sitting = Sitting::begin(guided(false));
    let back = Posture {
        chair_cm: -12.0,
        ..Posture::UPRIGHT
    };
    sitting.sit(Posture::UPRIGHT, 6.0).sit(back, 2.5);
    assert!(sitting.progress().part < 0.1, "{:?}", sitting.progress());
    sitting.sit(back, 10.0);
    let mut there = Sitting::begin(fixed());
    there.sit(back, 10.0);
    let (learnt, expected) = (
        sitting.calibrated().unwrap().1,
        there.calibrated().unwrap().1,
    );
    assert_eq!(learnt.upright, expected.upright);
}

#[test]
fn a_minute_without_progress_ends_it_with_the_reason() {
    let mut sitting = Sitting::begin(guided(false));
    sitting.sit(Posture::UPRIGHT, 5.0).watch(empty(), 59.5);
    assert_eq!(sitting.refused(), None);
    sitting.watch(empty(), 1.0);
    let (when, why) = sitting.refused().unwrap();
    assert!((64.9..65.2).contains(&when), "{when}");
    assert_eq!(why, Refusal::Waited(Hindrance::Nobody));
    let text = backstay::wording::ENGLISH.refusal(why);
    assert!(
        text.ends_with("nobody is seen: sit in front of the camera"),
        "{text}"
    );
    assert_eq!(sitting.calibrated(), None);

    // Without a single picture as well.
    let mut sitting = Sitting::begin(guided(false));
    sitting.now = 60.0;
    assert_eq!(sitting.monitor.deadline(), Some(at(60.0)));
    sitting.input(Input::Tick);
    assert!(matches!(sitting.refused(), Some((_, Refusal::TooFew(_)))));
}

#[test]
fn who_never_holds_still_is_given_up() {
    let mut sitting = Sitting::begin(guided(false));
    let mut turn = 0.0;
    while sitting.refused().is_none() && sitting.now < 600.0 {
        let chair_cm = if turn == 0.0 { 0.0 } else { 10.0 };
        turn = 1.0 - turn;
        let posture = Posture {
            chair_cm,
            ..Posture::UPRIGHT
        };
        sitting.sit(posture, 4.0);
    }
    assert!(sitting.now < 100.0, "{}", sitting.now);
    let (_, why) = sitting.refused().unwrap();
    assert_eq!(why, Refusal::Waited(Hindrance::Moving));
}

#[test]
fn a_refusal_leaves_the_baseline_as_it_was() {
    let mut before = Sitting::begin(fixed());
    before.sit(Posture::UPRIGHT, 10.0);
    let baseline = before.calibrated().unwrap().1;
    let mut sitting = Sitting::with(guided(true), Some(baseline));
    // The upright is learnt, and the slouch cannot be seen.
    sitting.sit(Posture::UPRIGHT, 10.5).watch(empty(), 60.0);
    let (_, why) = sitting.refused().unwrap();
    assert_eq!(why, Refusal::Waited(Hindrance::Nobody));
    assert_eq!(sitting.calibrated(), None);
    assert_eq!(sitting.monitor.status().calibrating, None);
    sitting.sit(Posture::UPRIGHT, 10.0);
    assert_eq!(sitting.monitor.status().state, State::Good);
}

/// What learning the limits from `slouch` gives: when, the baseline, and the slouch as a part of
/// the preset limit.
fn learn(slouch: Posture) -> (f64, Baseline, f64) {
    let mut sitting = Sitting::begin(guided(true));
    sitting.sit(Posture::UPRIGHT, 10.5);
    assert_eq!(sitting.progress().phase, Phase::Slouch);
    assert_eq!(sitting.calibrated(), None);
    // Time to hear what is asked for.
    sitting.sit(Posture::UPRIGHT, 4.0);
    assert!(sitting.progress().part < 1e-9);
    sitting.sit(slouch, 20.0);
    let share = sitting.effects.iter().find_map(|(_, e)| match e {
        Effect::SlouchLearnt { share } => Some(*share),
        _ => None,
    });
    let (when, baseline) = sitting.calibrated().unwrap();
    (when, baseline, share.unwrap())
}

#[test]
fn the_own_slouch_gives_the_own_limit() {
    let enter = Settings::default()
        .posture
        .limit(backstay::domain::io::Fault::Slouch)
        .unwrap()
        .enter;
    let (when, baseline, share) = learn(Posture {
        down_cm: 5.0,
        ..Posture::UPRIGHT
    });
    // Five seconds of slouch, and a moment until it is plain.
    assert!((19.5..21.0).contains(&when), "{when}");
    assert!((share - 5.0 / enter).abs() < 0.1, "{share}");
    assert_eq!(baseline.slouch_limit, Some(personal_limit(share)));
    assert!((personal_limit(share) - 0.5 * share).abs() < 1e-9);
    assert!(matches!(baseline.upright, Upright::Front(_)));
    assert!(baseline.is_plausible());
}

#[test]
fn the_own_limit_stays_near_the_preset_one() {
    for (share, limit) in [(-1.0, 0.8), (1.0, 0.8), (2.4, 1.2), (3.2, 1.6), (9.0, 1.6)] {
        assert!((personal_limit(share) - limit).abs() < 1e-9, "{share}");
    }
}

#[test]
fn a_slouch_that_hardly_shows_is_waited_for_and_told() {
    let (when, baseline, share) = learn(Posture {
        down_cm: 0.4,
        ..Posture::UPRIGHT
    });
    assert!((29.5..31.5).contains(&when), "{when}");
    assert!(share < backstay::domain::own_slouch::HARDLY_SEEN, "{share}");
    assert_eq!(baseline.slouch_limit, Some(0.8));
}

#[test]
fn a_limit_of_ones_own_is_judged_by() {
    let mut learnt = Sitting::begin(fixed());
    learnt.watch(LAPTOP.see(Posture::UPRIGHT), 10.0);
    let baseline = learnt.calibrated().unwrap().1;
    let preset = Settings::default()
        .posture
        .limit(backstay::domain::io::Fault::Slouch)
        .unwrap()
        .enter;
    let sunk_by = |factor: f64| {
        LAPTOP.see(Posture {
            down_cm: (factor * preset) as f32,
            ..Posture::UPRIGHT
        })
    };
    let state = |limit, factor| {
        let baseline = Baseline {
            slouch_limit: limit,
            ..baseline
        };
        let mut sitting = Sitting {
            monitor: Monitor::new(Settings::default(), Some(baseline)),
            effects: Vec::new(),
            now: 0.0,
        };
        sitting.watch(sunk_by(factor), 60.0);
        sitting.monitor.status().state
    };
    assert_eq!(state(None, 1.2), State::Bad);
    assert_eq!(state(Some(1.5), 1.2), State::Good);
    assert_eq!(state(Some(1.5), 1.8), State::Bad);
    assert_eq!(state(None, 0.9), State::Good);
    assert_eq!(state(Some(0.8), 0.9), State::Bad);
}

#[test]
fn two_people_are_no_upright() {
    let two = Observation {
        other_person: Some(0.6),
        ..MONITOR.see(Posture::UPRIGHT)
    };
    let mut sitting = Sitting::begin(fixed());
    sitting.sit(Posture::UPRIGHT, 7.0).watch(two, 3.5);
    let (_, why) = sitting.refused().unwrap();
    assert_eq!(why, Refusal::TwoPeople);
    // Guided, it waits until they are one.
    let mut sitting = Sitting::begin(guided(false));
    sitting.watch(two, 20.0);
    assert_eq!(sitting.progress().hindrance, Some(Hindrance::TwoPeople));
    sitting.sit(Posture::UPRIGHT, 11.0);
    assert!(sitting.calibrated().is_some());
    // Somebody at the next desk is in nobody's way.
    let mut sitting = Sitting::begin(fixed());
    let far = Observation {
        other_person: Some(0.3),
        ..two
    };
    sitting.watch(far, 10.5);
    assert!(sitting.calibrated().is_some());
}
