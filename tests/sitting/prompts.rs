//! When a break is proposed, what it says, and when it is taken back.

use std::time::Duration;

use backstay::domain::io::{AlertKind, Amount, Effect, Signal, Urgency};
use backstay::domain::pattern::Pattern;
use backstay::domain::settings::{PausePolicy, Settings};

use crate::desk::{Desk, empty, sits, slouches, stands};

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

fn by_pattern(text: &str) -> Settings {
    let pattern = Pattern::parse(text).unwrap();
    let mut settings = Settings::default();
    settings.sitting.pattern = Some(pattern);
    settings.sitting.prompt = Some(pattern.sit());
    settings
}

/// What was told, with its urgency and how long what it proposes is to last.
fn told(desk: &Desk) -> Vec<(AlertKind, Urgency, Option<Amount>)> {
    let alerts = desk.alerts().into_iter();
    alerts
        .map(|(_, alert)| (alert.kind, alert.urgency, alert.amount))
        .collect()
}

#[test]
fn twenty_minutes_sitting_eight_standing_two_moving() {
    let mut desk = Desk::with(by_pattern("20-8-2"));
    desk.minutes(sits(), 21.0);
    assert_eq!(desk.told(), [(20.0, AlertKind::Stand)]);
    desk.minutes(stands(), 9.0);
    // The desk is raised: the prompt goes, and the next says what comes after standing.
    assert_eq!(desk.cleared().len(), 1);
    assert_eq!(
        desk.told(),
        [(20.0, AlertKind::Stand), (29.0, AlertKind::Move)]
    );
    desk.minutes(empty(), 2.5).minutes(sits(), 19.0);
    assert_eq!(desk.cleared().len(), 2);
    assert_eq!(desk.told().len(), 2, "{:?}", desk.told());
    desk.minutes(sits(), 2.0);
    assert_eq!(
        told(&desk),
        [
            (AlertKind::Stand, Urgency::Quiet, Some(Amount::Minutes(8.0))),
            (AlertKind::Move, Urgency::Quiet, Some(Amount::Minutes(2.0))),
            (AlertKind::Stand, Urgency::Quiet, Some(Amount::Minutes(8.0))),
        ]
    );
}

#[test]
fn who_sits_down_again_is_not_sent_for_a_walk() {
    let mut desk = Desk::with(by_pattern("20-8-2"));
    desk.minutes(sits(), 21.0).minutes(stands(), 9.0);
    desk.minutes(sits(), 1.0);
    let last = desk.cleared().last().copied().unwrap();
    assert_eq!(last.1, AlertKind::Move);
    assert!((1800.0..1810.0).contains(&last.0), "{last:?}");
    // Standing for long was an end of sitting.
    let sat = desk.monitor.status().sitting;
    assert!(sat < Duration::from_secs(70), "{sat:?}");
}

#[test]
fn who_neither_stands_nor_moves_is_asked_firmly() {
    let mut desk = Desk::with(by_pattern("50-10"));
    desk.minutes(sits(), 61.0);
    assert_eq!(
        told(&desk),
        [
            (
                AlertKind::Sitting,
                Urgency::Quiet,
                Some(Amount::Minutes(10.0))
            ),
            (
                AlertKind::Sitting,
                Urgency::Firm,
                Some(Amount::Minutes(10.0))
            ),
        ]
    );
    let mut desk = Desk::with(by_pattern("20-8-2"));
    desk.minutes(sits(), 61.0);
    let kinds: Vec<_> = desk.told().into_iter().collect();
    assert_eq!(
        kinds,
        [(20.0, AlertKind::Stand), (60.0, AlertKind::Sitting)]
    );
    // The one takes the place of the other.
    assert_eq!(desk.cleared().len(), 1);
}

#[test]
fn standing_up_takes_the_prompt_back_and_a_moment_of_it_is_no_break() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 31.0);
    assert_eq!(desk.told(), [(30.0, AlertKind::Sitting)]);
    desk.minutes(stands(), 2.0);
    assert_eq!(desk.cleared().len(), 1);
    // Not told again, as it was, until it is time for the firm one.
    desk.minutes(sits(), 28.0);
    assert_eq!(desk.told().len(), 1);
    desk.minutes(sits(), 3.0);
    assert_eq!(
        desk.told(),
        [(30.0, AlertKind::Sitting), (62.0, AlertKind::Sitting)]
    );
}

#[test]
fn a_break_that_nobody_asked_for_counts() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 25.0)
        .minutes(empty(), 2.5)
        .minutes(sits(), 29.0);
    assert_eq!(desk.told(), []);
    let taken = |(_, e): &&(f64, Effect)| matches!(e, Effect::BreakTaken(_));
    assert_eq!(desk.effects.iter().filter(taken).count(), 1);
    desk.minutes(sits(), 2.0);
    assert_eq!(desk.told(), [(58.0, AlertKind::Sitting)]);
}

#[test]
fn nothing_is_told_in_a_call_nor_right_after_it() {
    for pauses in [true, false] {
        let settings = Settings {
            pauses: PausePolicy {
                call: pauses,
                ..PausePolicy::default()
            },
            ..Settings::default()
        };
        let mut desk = Desk::with(settings);
        desk.minutes(sits(), 29.0).signal(Signal::Call(true));
        desk.minutes(sits(), 10.0);
        assert_eq!(desk.told(), []);
        desk.signal(Signal::Call(false)).watch(sits(), 55.0);
        assert_eq!(desk.told(), [], "pauses: {pauses}");
        desk.watch(sits(), 30.0);
        assert_eq!(desk.told(), [(40.0, AlertKind::Sitting)]);
    }
}

#[test]
fn a_prompt_waits_for_a_slouch_to_be_over_but_not_for_ever() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 29.5).minutes(slouches(), 2.0);
    assert_eq!(desk.told(), [(30.0, AlertKind::Posture)]);
    desk.minutes(sits(), 1.0);
    assert_eq!(
        desk.told(),
        [(30.0, AlertKind::Posture), (32.0, AlertKind::Sitting)]
    );

    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 29.5).minutes(slouches(), 10.0);
    let sitting: Vec<_> = desk
        .told()
        .into_iter()
        .filter(|(_, kind)| *kind == AlertKind::Sitting)
        .collect();
    assert_eq!(sitting, [(35.0, AlertKind::Sitting)]);
}

#[test]
fn hints_come_when_asked_for_and_leave_the_alerts_their_room() {
    let mut settings = Settings::default();
    settings.sitting.eyes = true;
    settings.sitting.water = Some(minutes(45));
    settings.sitting.prompt = None;
    let mut desk = Desk::with(settings);
    desk.minutes(sits(), 59.0);
    assert_eq!(
        desk.told(),
        [
            (20.0, AlertKind::Eyes),
            (40.0, AlertKind::Eyes),
            (45.0, AlertKind::Water)
        ]
    );
    // Each goes by itself after a minute.
    let cleared: Vec<_> = desk
        .cleared()
        .iter()
        .map(|(at, _)| (at / 60.0).round())
        .collect();
    assert_eq!(cleared, [21.0, 41.0, 46.0]);
    // The hour's four are not used up for faults.
    for _ in 0..4 {
        desk.minutes(slouches(), 1.5).minutes(sits(), 5.0);
    }
    let posture = |(_, kind): &&(f64, AlertKind)| *kind == AlertKind::Posture;
    assert_eq!(desk.told().iter().filter(posture).count(), 4);
    // With those there is no room for a hint.
    let hints = desk.told().len() - 4;
    desk.minutes(sits(), 10.0);
    assert_eq!(desk.told().len() - 4, hints);
}

#[test]
fn a_hint_waits_for_what_is_on_show() {
    let mut settings = Settings::default();
    settings.sitting.water = Some(minutes(30));
    let mut desk = Desk::with(settings);
    desk.minutes(sits(), 40.0);
    // The prompt of the same minute comes first and stays; the water waits for it to go.
    assert_eq!(desk.told(), [(30.0, AlertKind::Sitting)]);
    desk.minutes(empty(), 3.0).minutes(sits(), 1.0);
    assert_eq!(
        desk.told(),
        [(30.0, AlertKind::Sitting), (43.0, AlertKind::Water)]
    );
}

#[test]
fn the_hint_to_move_comes_when_it_is_wanted() {
    for (still, expected) in [(None, None), (Some(minutes(10)), Some(10.0))] {
        let mut settings = Settings::default();
        settings.sitting.still = still;
        let mut desk = Desk::with(settings);
        desk.minutes(sits(), 25.0);
        let hint = desk.effects.iter().find_map(|(at, e)| match e {
            Effect::StillHint { .. } => Some((at / 60.0).round()),
            _ => None,
        });
        assert_eq!(hint, expected);
    }
}
