//! What goes by time: without a camera, with joints out of sight; pauses, skips, and the end.

use std::time::Duration;

use backstay::domain::exercise::coach::{Coach, PREPARE};
use backstay::domain::exercise::event::{CoachCommand, CoachEvent, CoachInput, Phase};
use backstay::domain::exercise::outcome::{End, Outcome};

use crate::moves::{Arms, Move};
use crate::posture::Posture;
use crate::session::{Pace, Person, endless, everybody, exercise, moment};

/// Drives the coach by nothing but its own deadlines.
fn by_deadlines(coach: &mut Coach) -> (Vec<CoachEvent>, Duration) {
    let mut now = Duration::ZERO;
    let mut events = coach.handle(moment(now), CoachInput::Tick);
    while let Some(deadline) = coach.deadline() {
        assert!(deadline.elapsed >= now, "a deadline in the past");
        now = deadline.elapsed.max(now + Duration::from_millis(1));
        events.extend(coach.handle(moment(now), CoachInput::Tick));
    }
    (events, now)
}

fn outcome(events: &[CoachEvent]) -> Outcome {
    match events.last() {
        Some(CoachEvent::Finished(outcome)) => outcome.clone(),
        other => panic!("the last is {other:?}"),
    }
}

#[test]
fn without_a_camera_a_plan_goes_by_time_and_ends_by_itself() {
    let plan = vec![exercise("shoulder_shrug"), exercise("neck_side_bend")];
    let length: Duration = plan.iter().map(|e| PREPARE + e.dose.length()).sum();
    let mut coach = Coach::new(plan, PREPARE, false);
    let (events, took) = by_deadlines(&mut coach);
    let outcome = outcome(&events);
    let counts: Vec<_> = outcome
        .exercises
        .iter()
        .map(|r| (r.wanted, r.verified, r.timed, r.end))
        .collect();
    assert_eq!(counts, [(10, 0, 10, End::Done), (4, 0, 4, End::Done)]);
    assert_eq!(
        (outcome.verified(), outcome.done(), outcome.planned),
        (0, 2, 2)
    );
    assert!(took.abs_diff(length) < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_camera_that_shows_nobody_is_given_up_after_a_while() {
    let mut coach = Coach::new(vec![exercise("neck_side_bend")], PREPARE, true);
    let (events, _) = by_deadlines(&mut coach);
    assert!(events.contains(&CoachEvent::Phase(Phase::Neutral)));
    assert!(events.contains(&CoachEvent::Timing(true)));
    assert_eq!(outcome(&events).exercises[0].timed, 4);
}

#[test]
fn arms_out_of_view_are_timed_and_not_verified() {
    for (id, arms, hold) in [
        ("goal_post_squeeze", Arms::GoalPost, 6.0),
        ("chest_opener", Arms::BehindHead, 30.0),
        ("arms_overhead", Arms::Overhead, 15.0),
        ("band_lateral_raise", Arms::Sideways(82.0), 4.0),
    ] {
        let there = Move::with(arms, 1.0);
        for setting in everybody(6) {
            let mut person = Person::begin(setting, endless(id), &there);
            person.arms_hidden = true;
            let (way, rest) = (1.0, 2.0);
            person.repeat(&there, Pace { way, hold, rest }, 5);
            let (seen, timed) = person.counted();
            assert_eq!(seen, 0, "{id}: {setting}");
            assert!((3..=7).contains(&timed), "{id}: {setting}: {timed}");
            assert!(person.events.contains(&CoachEvent::Timing(true)));
            person.arms_hidden = false;
            person.repeat(&there, Pace { way, hold, rest }, 1);
            let back = person.events.contains(&CoachEvent::Timing(false));
            assert!(back, "{id}: {setting}: not looked at again");
        }
    }
}

#[test]
fn a_walk_is_seen_by_the_empty_chair() {
    let still = Move::of(Posture::UPRIGHT);
    for setting in everybody(3) {
        let mut person = Person::begin(setting, exercise("stand_and_walk"), &still);
        person.presence = 0.02;
        person.stay(&still, 0.0, 1.0, 60.0);
        assert_eq!(person.counted(), (0, 0));
        person.stay(&still, 0.0, 1.0, 61.0);
        assert_eq!(person.counted(), (1, 0), "{setting}");
    }
}

/// Half of one is none; a look in of ten seconds is no end of it.
#[test]
fn a_walk_cut_short_does_not_count() {
    let still = Move::of(Posture::UPRIGHT);
    let mut person = Person::begin(
        everybody(1).next().unwrap(),
        exercise("stand_and_walk"),
        &still,
    );
    for (presence, seconds, seen) in [(0.02, 60.0, 0), (0.9, 20.0, 0), (0.02, 70.0, 0)] {
        person.presence = presence;
        person.stay(&still, 0.0, 1.0, seconds);
        assert_eq!(person.counted(), (seen, 0));
    }
    assert!(person.hints().contains(&"hold_longer"));
    for (presence, seconds, seen) in [(0.9, 10.0, 0), (0.02, 70.0, 1)] {
        person.presence = presence;
        person.stay(&still, 0.0, 1.0, seconds);
        assert_eq!(person.counted(), (seen, 0));
    }
}

#[test]
fn staying_on_the_chair_is_no_walk() {
    let still = Move::of(Posture::UPRIGHT);
    for setting in everybody(3) {
        let mut person = Person::begin(setting, exercise("stand_and_walk"), &still);
        person.stay(&still, 0.0, 1.0, 130.0);
        assert_eq!(person.counted(), (0, 0), "{setting}");
        assert!(person.hints().contains(&"get_up"));
    }
}

#[test]
fn what_is_in_the_way_of_the_neutral_is_said() {
    let turned = Move::of(Posture {
        turn: 30.0,
        away: 1.0,
        ..Posture::UPRIGHT
    });
    let setting = everybody(1).next().unwrap();
    let mut person = Person::begin(setting, exercise("shoulder_shrug"), &turned);
    person.coach = Coach::new(vec![exercise("shoulder_shrug")], Duration::ZERO, true);
    person.events.clear();
    person.stay(&turned, 1.0, 1.0, 3.0);
    let told = person
        .events
        .iter()
        .any(|event| matches!(event, CoachEvent::InTheWay(Some(_))));
    assert!(told, "{:?}", person.events);
    assert_eq!(person.coach.progress().phase, Phase::Neutral);
}

#[test]
fn a_pause_stops_the_clock_and_a_skip_goes_on() {
    let plan = vec![exercise("heat"), exercise("eyes_20_20_20")];
    let mut coach = Coach::new(plan, PREPARE, false);
    let at = |s: u64| moment(Duration::from_secs(s));
    coach.handle(at(0), CoachInput::Tick);
    for s in 1..=10 {
        coach.handle(at(s), CoachInput::Tick);
    }
    let pause = coach.handle(at(11), CoachInput::Command(CoachCommand::Pause));
    assert_eq!(pause, [CoachEvent::Paused(true)]);
    assert_eq!(coach.deadline(), None);
    let held = coach.progress().held;
    coach.handle(at(500), CoachInput::Tick);
    assert_eq!(coach.progress().held, held);
    coach.handle(at(501), CoachInput::Command(CoachCommand::Resume));
    let skipped = coach.handle(at(502), CoachInput::Command(CoachCommand::Skip));
    let announced = CoachEvent::Announced(1, PREPARE);
    assert!(skipped.contains(&announced), "{skipped:?}");
    let ended = coach.handle(at(504), CoachInput::Command(CoachCommand::End));
    let outcome = outcome(&ended);
    assert_eq!(outcome.exercises.len(), 1);
    assert_eq!(outcome.exercises[0].end, End::Skipped);
    assert_eq!(coach.handle(at(505), CoachInput::Tick), []);
}

#[test]
fn nothing_done_ends_out_of_time() {
    let still = Move::of(Posture::UPRIGHT);
    let setting = everybody(2).nth(1).unwrap();
    let mut person = Person::begin(setting, exercise("shoulder_shrug"), &still);
    person.stay(&still, 0.0, 1.0, 200.0);
    let outcome = outcome(&person.events);
    assert_eq!(outcome.exercises[0].end, End::OutOfTime);
    assert_eq!(outcome.exercises[0].counted(), 0);
}

#[test]
fn the_same_inputs_give_the_same_events() {
    let there = Move::of(Posture {
        shrug: 4.0,
        ..Posture::UPRIGHT
    });
    let events = || {
        let setting = everybody(4).nth(3).unwrap();
        let mut person = Person::begin(setting, exercise("shoulder_shrug"), &there);
        let pace = Pace {
            way: 1.0,
            hold: 1.5,
            rest: 1.5,
        };
        person.repeat(&there, pace, 10);
        person.events
    };
    assert_eq!(events(), events());
}
