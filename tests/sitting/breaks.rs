//! What breaks that the person was led through, and runs before this one, are worth.

use std::time::Duration;

use backstay::domain::breaks::{BreakKind, TakenBreak};
use backstay::domain::io::{AlertKind, Command, Effect, Input};
use backstay::domain::settings::Settings;

use crate::desk::{Desk, empty, sits};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A break of five minutes, with the camera closed for the coach.
fn take_break(desk: &mut Desk, kind: BreakKind, walked: u64) -> TakenBreak {
    desk.input(Input::Command(Command::Pause(Some(seconds(900)))));
    desk.wait(300.0);
    let taken = TakenBreak {
        kind,
        lasted: seconds(300),
        planned: 3,
        done: 3,
        verified: 2,
        walked: seconds(walked),
    };
    desk.input(Input::Break(taken));
    desk.input(Input::Command(Command::Resume));
    taken
}

fn sat(desk: &Desk) -> u64 {
    desk.monitor.status().sitting.as_secs() / 60
}

#[test]
fn a_walk_that_was_seen_ends_the_bout_and_its_prompt() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 32.0);
    assert_eq!(desk.told(), [(30.0, AlertKind::Sitting)]);
    let taken = take_break(&mut desk, BreakKind::Walked, 125);
    assert!(
        desk.effects
            .iter()
            .any(|(_, e)| *e == Effect::BreakTaken(taken))
    );
    assert_eq!(desk.cleared().len(), 1);
    desk.minutes(sits(), 10.0);
    assert_eq!(
        sat(&desk),
        9,
        "and the seconds until somebody is seen again"
    );
    desk.minutes(sits(), 22.0);
    let kinds = [AlertKind::Sitting; 2];
    assert_eq!(
        desk.alerts()
            .into_iter()
            .map(|(_, it)| it.kind)
            .collect::<Vec<_>>(),
        kinds
    );
}

#[test]
fn exercises_on_the_chair_answer_the_prompt_and_do_not_end_the_bout() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 32.0);
    take_break(&mut desk, BreakKind::Stretched, 0);
    assert_eq!(desk.cleared().len(), 1, "what was proposed is done");
    desk.minutes(sits(), 20.0);
    assert!((51..=52).contains(&sat(&desk)), "{}", sat(&desk));
    assert_eq!(desk.told().len(), 1, "not told again in this bout");
    desk.minutes(sits(), 10.0);
    assert_eq!(desk.told().len(), 2, "the firm prompt comes when it is due");
}

#[test]
fn a_short_walk_is_no_break_from_sitting() {
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 20.0);
    take_break(&mut desk, BreakKind::Walked, 119);
    desk.minutes(sits(), 5.0);
    assert!((24..=25).contains(&sat(&desk)), "{}", sat(&desk));
}

#[test]
fn a_bout_goes_on_where_the_run_before_ended() {
    let mut desk = Desk::with(Settings::default());
    desk.input(Input::Earlier(seconds(25 * 60)));
    assert_eq!(sat(&desk), 25);
    desk.minutes(sits(), 6.0);
    assert_eq!(desk.told(), [(5.0, AlertKind::Sitting)]);
    // Who is away after all has taken a break.
    let mut desk = Desk::with(Settings::default());
    desk.input(Input::Earlier(seconds(25 * 60)));
    desk.minutes(empty(), 3.0).minutes(sits(), 2.0);
    assert_eq!(sat(&desk), 1);
    assert!(desk.told().is_empty());
}
