//! Repetitions that are too fast, quick, too slow, or let go early.

use std::ops::RangeInclusive;

use crate::moves::{Arms, Move};
use crate::promises::{EACH, MOST, arms, not_counted, pace, pose};
use crate::session::{Pace, Person, endless, everybody};
use crate::tally::Tally;

fn shrug() -> Move {
    pose(|p| p.shrug = 4.0)
}

fn raise() -> Move {
    arms(Arms::Sideways(82.0), 1.0)
}

/// Ten swings, wherever they begin between two pictures, at `rate` pictures a second.
fn ten(id: &str, there: &Move, rate: f64, pace: Pace, wanted: RangeInclusive<usize>) {
    let mut tally = Tally::of("ten swings");
    for setting in everybody(EACH).filter(|setting| setting.rate == rate) {
        let mut person = Person::begin(setting, endless(id), there);
        person.swing(there, pace, 10);
        let (seen, _) = person.counted();
        let right = wanted.contains(&seen);
        tally.count((!right).then(|| format!("{id}: {rate} Hz, {pace:?}: {setting}: {seen}")));
    }
    tally.to_most(MOST);
}

/// Of 0.2, 0.3 and 0.4 s, up and down at once or with a way in between.
fn jerks() -> impl Iterator<Item = Pace> {
    let ways = [(0.0, 0.2), (0.0, 0.3), (0.0, 0.4), (0.1, 0.2), (0.2, 0.0)];
    ways.into_iter().map(|(way, top)| pace(way, top, 2.0))
}

#[test]
fn a_jerk_does_not_count_at_ten_pictures_a_second() {
    for jerk in jerks() {
        ten("shoulder_shrug", &shrug(), 10.0, jerk, 0..=1);
        ten("shoulder_roll", &shrug(), 10.0, jerk, 0..=1);
        ten("band_lateral_raise", &raise(), 10.0, jerk, 0..=1);
    }
}

/// A jerk of 0.4 s has two pictures of five a second, which may as well be of a movement of 0.6 s: one
/// or two in ten count, with some people more.
#[test]
fn what_five_pictures_a_second_can_tell_of_a_jerk() {
    for jerk in jerks().filter(|jerk| 2.0 * jerk.way + jerk.hold < 0.35) {
        ten("shoulder_shrug", &shrug(), 5.0, jerk, 0..=1);
        ten("shoulder_roll", &shrug(), 5.0, jerk, 0..=1);
    }
    for jerk in jerks() {
        ten("shoulder_shrug", &shrug(), 5.0, jerk, 0..=5);
        ten("band_lateral_raise", &raise(), 5.0, jerk, 0..=1);
    }
}

#[test]
fn a_jerk_is_told() {
    for setting in everybody(6).filter(|setting| setting.rate > 5.0) {
        let mut person = Person::begin(setting, endless("shoulder_shrug"), &shrug());
        person.swing(&shrug(), pace(0.0, 0.3, 2.0), 4);
        assert!(person.hints().contains(&"slower"), "{setting}");
    }
}

#[test]
fn movements_of_almost_a_second_to_three_count() {
    let paces = [(0.3, 0.2), (0.4, 0.4), (0.5, 0.5), (0.8, 0.6), (1.0, 1.0)];
    for (way, top) in paces {
        let pace = pace(way, top, 2.0);
        ten("shoulder_shrug", &shrug(), 10.0, pace, 9..=11);
        ten("shoulder_roll", &shrug(), 10.0, pace, 9..=11);
        if way > 0.3 {
            ten("shoulder_shrug", &shrug(), 5.0, pace, 9..=11);
            ten("shoulder_roll", &shrug(), 5.0, pace, 9..=11);
        }
    }
}

#[test]
fn a_movement_that_stays_does_not_count_and_the_next_ones_do() {
    not_counted("shoulder_shrug", &shrug(), pace(1.0, 7.0, 1.5));
    not_counted("band_lateral_raise", &raise(), pace(1.0, 10.0, 1.5));
    let mut tally = Tally::of("five shrugs after the shoulders stayed up");
    for setting in everybody(EACH) {
        let mut person = Person::begin(setting, endless("shoulder_shrug"), &shrug());
        person.stay(&shrug(), 1.0, 1.0, 40.0);
        let (stayed, _) = person.counted();
        person.stay(&shrug(), 0.0, 1.0, 15.0);
        person.repeat(&shrug(), pace(1.0, 1.5, 1.5), 5);
        let (seen, _) = person.counted();
        let right = stayed == 0 && (5..=6).contains(&seen);
        tally.count((!right).then(|| format!("{setting}: {stayed}, then {seen}")));
    }
    tally.to_most(MOST);
}

/// Two centimetres are half a shrug: with the neutral of the beginning none would be let go.
#[test]
fn the_neutral_follows_who_settles_otherwise() {
    let mut tally =
        Tally::of("32 shrugs of shoulders that come to rest 2 cm higher, and lower again");
    for setting in everybody(EACH) {
        let mut person = Person::begin(setting, endless("shoulder_shrug"), &shrug());
        for n in 0_i32..32 {
            person.raised = f64::from(16 - (16 - n).abs()) / 8.0;
            person.repeat(&shrug(), pace(1.0, 1.5, 2.5), 1);
        }
        let (seen, _) = person.counted();
        tally.count((!(29..=35).contains(&seen)).then(|| format!("{setting}: {seen}")));
    }
    tally.to_most(MOST);
}

/// What is held for less than the least that its data say.
#[test]
fn a_hold_let_go_early_does_not_count() {
    let turn = pose(|p| {
        p.turn = 60.0;
        p.away = 1.0;
    });
    let twist = pose(|p| {
        p.trunk_turn = 50.0;
        p.away = 1.0;
    });
    let bend = pose(|p| p.tilt = 30.0);
    for (id, there, hold) in [
        ("neck_side_bend", bend, 5.0),
        ("neck_rotation", turn, 1.0),
        ("goal_post_squeeze", arms(Arms::GoalPost, 1.0), 2.0),
        ("chest_opener", arms(Arms::BehindHead, 1.0), 12.0),
        ("arms_overhead", arms(Arms::Overhead, 1.0), 5.0),
        ("seated_twist", twist, 5.0),
    ] {
        not_counted(id, &there, pace(0.8, hold, 2.5));
    }
}
