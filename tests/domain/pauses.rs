//! Reasons for a pause come and go, each on its own, and no time is lost or invented.

use std::time::Duration;

use backstay::domain::hours::Hours;
use backstay::domain::io::{
    AlertKind, CameraReport, CameraStatus, Command, Doubt, Effect, Input, Signal, State,
};
use backstay::domain::pauses::PauseReason;
use backstay::domain::settings::{BatteryPolicy, PausePolicy, PerFault, Sensitivity, Settings};
use backstay::domain::time::Moment;

use crate::people::{MONITOR, Posture, at};
use crate::scenarios::Day;

fn signal(signal: Signal) -> Input {
    Input::Signal(signal)
}

/// The reasons, each time they were told.
fn told(day: &Day) -> Vec<Vec<PauseReason>> {
    let paused = |(_, e): &(f64, Effect)| match e {
        Effect::Paused(reasons) => Some(reasons.clone()),
        _ => None,
    };
    day.effects.iter().filter_map(paused).collect()
}

fn rate(day: &Day) -> f64 {
    let rate = |(_, e): &(f64, Effect)| match e {
        Effect::Rate(hz) => Some(*hz),
        _ => None,
    };
    day.effects.iter().rev().find_map(rate).unwrap_or(f64::NAN)
}

fn sat(day: &Day) -> f64 {
    day.monitor.status().sitting.as_secs_f64()
}

#[test]
fn every_reason_closes_the_camera_and_the_last_to_go_opens_it() {
    for (on, off, reason) in [
        (
            Signal::Locked(true),
            Signal::Locked(false),
            PauseReason::Locked,
        ),
        (
            Signal::Asleep(true),
            Signal::Asleep(false),
            PauseReason::Asleep,
        ),
        (Signal::Call(true), Signal::Call(false), PauseReason::Call),
        (
            Signal::ScreenShare(true),
            Signal::ScreenShare(false),
            PauseReason::ScreenShare,
        ),
    ] {
        let mut day = Day::begin(MONITOR);
        day.input(signal(on));
        assert!(rate(&day) == 0.0, "{reason:?}");
        assert_eq!(day.monitor.status().doubt, Some(Doubt::Paused));
        // It comes again, which changes nothing, and another beside it.
        day.input(signal(on));
        day.input(Input::Command(Command::Pause(None)));
        day.input(signal(off));
        assert!(rate(&day) == 0.0, "{reason:?}");
        day.input(Input::Command(Command::Resume));
        assert!(rate(&day) > 0.0, "{reason:?}");
        assert_eq!(
            told(&day),
            [
                vec![reason],
                vec![PauseReason::User, reason],
                vec![PauseReason::User],
                vec![]
            ]
        );
        day.sit(Posture::UPRIGHT, 30.0);
        assert_eq!(day.state(), State::Good);
    }
}

#[test]
fn a_snooze_takes_alerts_back_and_ends_by_itself() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 40.0);
    assert_eq!(day.told().len(), 1);
    day.input(Input::Command(Command::Snooze(Duration::from_secs(900))));
    assert_eq!(day.cleared().len(), 1);
    let left = day.monitor.status().pauses;
    assert_eq!(
        left,
        [(PauseReason::Snoozed, Some(Duration::from_secs(900)))]
    );
    day.wait(899.0);
    assert!(rate(&day) == 0.0);
    day.wait(1.5);
    assert!(rate(&day) > 0.0);
    assert_eq!(told(&day).last(), Some(&vec![]));
    // What was a slouch before may be told again, after its dwell.
    day.sit(Posture::SLOUCH, 60.0);
    assert_eq!(day.told().len(), 2);
}

#[test]
fn a_pause_for_a_while_ends_by_itself_and_one_without_end_does_not() {
    let mut day = Day::begin(MONITOR);
    day.input(Input::Command(Command::Pause(Some(Duration::from_secs(
        60,
    )))));
    day.wait(61.0);
    assert!(rate(&day) > 0.0);
    day.input(Input::Command(Command::Pause(None)));
    day.wait(100_000.0);
    assert!(rate(&day) == 0.0);
}

#[test]
fn after_unlocking_there_is_grace_and_the_timers_have_not_moved() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::SLOUCH, 8.0);
    let before = sat(&day);
    day.input(signal(Signal::Locked(true))).wait(100.0);
    day.input(signal(Signal::Locked(false)));
    day.sit(Posture::SLOUCH, 19.0);
    assert_eq!(day.monitor.status().doubt, Some(Doubt::JustBack));
    // Twelve seconds make a gross slouch's dwell; what came before the lock does not count.
    day.sit(Posture::SLOUCH, 10.0);
    assert_eq!(day.told(), []);
    day.sit(Posture::SLOUCH, 10.0);
    assert_eq!(day.told().len(), 1);
    assert!(
        (sat(&day) - before - 39.0).abs() < 12.0,
        "{}",
        sat(&day) - before
    );
}

#[test]
fn a_night_asleep_adds_no_sitting_and_is_a_break() {
    for counted in [true, false] {
        let mut day = Day::begin(MONITOR);
        day.sit(Posture::UPRIGHT, 1200.0);
        let before = sat(&day);
        assert!(before > 1190.0);
        day.input(signal(Signal::Asleep(true)));
        let asleep = 8.0 * 3600.0;
        // The monotonic clock may stand still while the machine sleeps.
        let now = 1212.0 + if counted { asleep } else { 0.0 };
        let wake = Moment {
            wall: at(1212.0 + asleep).wall,
            ..at(now)
        };
        let effects = day.monitor.handle(wake, signal(Signal::Asleep(false)));
        assert_eq!(effects.last(), Some(&Effect::Rate(3.0)), "{effects:?}");
        assert!(sat(&day) < 10.0, "{}", sat(&day));
    }
}

#[test]
fn a_short_lock_is_no_break() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 600.0);
    let before = sat(&day);
    day.input(signal(Signal::Locked(true))).wait(60.0);
    day.input(signal(Signal::Locked(false)));
    day.sit(Posture::UPRIGHT, 60.0);
    let more = sat(&day) - before;
    assert!((50.0..=75.0).contains(&more), "{more}");
}

#[test]
fn sitting_goes_on_by_keyboard_and_mouse_where_the_camera_is_away() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 60.0);
    day.input(Input::Camera(CameraReport {
        status: CameraStatus::Yielded,
        detail: String::new(),
    }));
    assert_eq!(told(&day), [vec![PauseReason::Yielded]]);
    assert!(rate(&day) > 0.0);
    let before = sat(&day);
    for _ in 0..60 {
        day.wait(10.0);
        day.input(signal(Signal::Idle(Duration::from_secs(3))));
    }
    let more = sat(&day) - before;
    assert!((580.0..=610.0).contains(&more), "{more}");
    // Without a touch nobody can tell.
    let before = sat(&day);
    for n in 0..60 {
        day.wait(10.0);
        day.input(signal(Signal::Idle(Duration::from_secs(60 + 10 * n))));
    }
    assert_eq!(sat(&day), before);
    // A picture is a picture: the camera is back, whatever was reported.
    day.sit(Posture::UPRIGHT, 5.0);
    assert_eq!(told(&day).last(), Some(&vec![]));
}

#[test]
fn nothing_is_watched_in_quiet_hours() {
    // The day begins at 15:13:20 by the local clock of the made-up people.
    let quiet = |text: &str| Settings {
        pauses: PausePolicy {
            quiet: Hours::parse(text).unwrap(),
            ..PausePolicy::default()
        },
        ..Settings::default()
    };
    let start = at(0.0).wall;
    let minute = (start.unix_ms / 1000 + i64::from(start.utc_offset_s)).rem_euclid(86_400) / 60;
    let clock = |minute: i64| format!("{}:{:02}", minute / 60 % 24, minute % 60);
    let text = format!("{}-{}", clock(minute + 2), clock(minute + 5));
    let mut day = Day::with(MONITOR, quiet(&text));
    day.wait(120.0 - 12.0);
    assert_eq!(told(&day), [vec![PauseReason::QuietHours]]);
    assert!(rate(&day) == 0.0);
    day.wait(190.0);
    assert_eq!(told(&day).last(), Some(&vec![]));
    assert!(rate(&day) > 0.0);
}

#[test]
fn on_the_battery_it_looks_less_often_or_not_at_all() {
    for (battery, expected) in [
        (BatteryPolicy::Ignore, 3.0),
        (BatteryPolicy::Slower, 1.5),
        (BatteryPolicy::Pause, 0.0),
    ] {
        let settings = Settings {
            pauses: PausePolicy {
                battery,
                ..PausePolicy::default()
            },
            ..Settings::default()
        };
        let mut day = Day::with(MONITOR, settings);
        day.input(signal(Signal::OnBattery(true)));
        assert!(
            (rate(&day) - expected).abs() < 1e-9,
            "{battery:?}: {}",
            rate(&day)
        );
        day.input(signal(Signal::OnBattery(false)));
        assert!((rate(&day) - 3.0).abs() < 1e-9, "{battery:?}");
    }
}

#[test]
fn what_the_person_does_not_want_pauses_nothing() {
    let settings = Settings {
        pauses: PausePolicy {
            locked: false,
            call: false,
            screen_share: false,
            ..PausePolicy::default()
        },
        ..Settings::default()
    };
    let mut day = Day::with(MONITOR, settings);
    day.input(signal(Signal::Locked(true)));
    day.input(signal(Signal::Call(true)));
    day.input(signal(Signal::ScreenShare(true)));
    assert_eq!(told(&day), [] as [Vec<PauseReason>; 0]);
}

#[test]
fn a_calibration_that_a_lock_broke_off_begins_anew() {
    let settings = Settings::default();
    let mut monitor = backstay::domain::monitor::Monitor::new(settings, None);
    let calibrate = Input::Command(Command::Calibrate(Duration::from_secs(10)));
    monitor.handle(at(0.0), calibrate);
    monitor.handle(at(3.0), signal(Signal::Locked(true)));
    assert!(monitor.status().calibrating.is_none());
    monitor.handle(at(60.0), signal(Signal::Locked(false)));
    assert!(monitor.status().calibrating.is_some());
}

#[test]
fn undisturbed_nothing_is_told_and_a_prompt_to_stand_up_waits() {
    let mut day = Day::begin(MONITOR);
    day.input(signal(Signal::DoNotDisturb(true)));
    day.sit(Posture::UPRIGHT, 1900.0).sit(Posture::SLOUCH, 60.0);
    assert_eq!(day.told(), []);
    day.sit(Posture::UPRIGHT, 30.0);
    day.input(signal(Signal::DoNotDisturb(false)));
    day.sit(Posture::UPRIGHT, 30.0);
    let told = day.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1.kind, AlertKind::Sitting);
}

#[test]
fn changed_settings_count_at_once() {
    let mut day = Day::begin(MONITOR);
    day.sit(Posture::UPRIGHT, 30.0);
    day.input(signal(Signal::Locked(true)));
    let mut settings = Settings::default();
    settings.pauses.locked = false;
    settings.sitting.prompt = Some(Duration::from_secs(600));
    settings.rates.active = 2.0;
    settings.posture.sensitivity = PerFault::new(|_| Sensitivity::Off);
    day.input(Input::Settings(Box::new(settings)));
    assert_eq!(told(&day).last(), Some(&vec![]));
    assert!((rate(&day) - 2.0).abs() < 1e-9, "{}", rate(&day));
    day.sit(Posture::SLOUCH, 500.0);
    assert_eq!(day.told(), []);
    day.sit(Posture::UPRIGHT, 100.0);
    let told = day.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1.kind, AlertKind::Sitting);
}
