//! What people do all day and is no fault.

use crate::camera::Desk;
use crate::posture::Posture;
use crate::scenes::Run;
use crate::setting::Setting;
use crate::tally::Tally;

/// Told apart by a thread only: with twice the usual noise, or a chair that ends up nearer than the
/// eyes should be, one in twenty may be told.
const NEARLY_ALL: f64 = 0.95;

/// Takes each of the postures for so long and sits up again: nothing may be said.
fn harmless(promise: &'static str, postures: &[Posture], seconds: f64) {
    trial(&Desk::BOTH, promise, postures, seconds).to_all();
}

fn trial(desks: &[Desk], promise: &'static str, postures: &[Posture], seconds: f64) -> Tally {
    let mut tally = Tally::of(promise);
    for desk in desks.iter().copied() {
        for setting in Setting::all(8, desk) {
            for posture in postures {
                let mut run = Run::begin(setting);
                let since = run.now;
                run.sit(*posture, seconds);
                let told = run.complaint_if_told(since);
                run.sit(Posture::UPRIGHT, 20.0);
                tally.count(told.or_else(|| run.complaint_if_told(since)));
            }
        }
    }
    tally
}

#[test]
fn a_glance_at_the_keys_is_no_fault() {
    harmless("keys, 15 s", &[Posture::KEYS], 15.0);
}

#[test]
fn a_telephone_for_40_seconds_is_no_fault() {
    harmless("phone, 40 s", &[Posture::PHONE], 40.0);
}

#[test]
fn a_head_turned_by_20_degrees_is_no_fault() {
    let both = [-20.0, 20.0].map(Posture::turned);
    harmless("head turned by 20, 30 s", &both, 30.0);
}

#[test]
fn a_head_turned_by_35_degrees_is_no_fault() {
    let both = [-35.0, 35.0].map(Posture::turned);
    harmless("head turned by 35, 30 s", &both, 30.0);
}

#[test]
fn a_head_turned_by_55_degrees_is_no_fault() {
    let both = [-55.0, 55.0].map(Posture::turned);
    harmless("head turned by 55, 30 s", &both, 30.0);
}

#[test]
fn a_trunk_turned_before_a_laptop_is_no_fault() {
    let both = [-20.0, 20.0].map(Posture::trunk_turned);
    trial(
        &[Desk::Laptop],
        "trunk turned by 20, 2 min, laptop",
        &both,
        120.0,
    )
    .to_most(NEARLY_ALL);
}

#[test]
fn a_trunk_turned_before_a_monitor_is_no_fault() {
    let both = [-20.0, 20.0].map(Posture::trunk_turned);
    trial(
        &[Desk::Monitor],
        "trunk turned by 20, 2 min, monitor",
        &both,
        120.0,
    )
    .to_most(NEARLY_ALL);
}

#[test]
fn a_hand_at_the_chin_is_no_fault() {
    harmless("hand at the chin, 2 min", &[Posture::HAND_AT_CHIN], 120.0);
}

#[test]
fn leaning_back_is_no_fault() {
    harmless("recline by 15, 5 min", &[Posture::RECLINE], 300.0);
}

#[test]
fn a_chair_rolled_back_is_no_fault() {
    harmless(
        "chair back by 10 cm, 2 min",
        &[Posture::rolled(0.0, -10.0)],
        120.0,
    );
}

#[test]
fn a_chair_rolled_forward_is_no_fault() {
    let near = Posture::rolled(0.0, 10.0);
    trial(&Desk::BOTH, "chair forward by 10 cm, 2 min", &[near], 120.0).to_most(NEARLY_ALL);
}

#[test]
fn a_chair_rolled_aside_is_no_fault() {
    let both = [-10.0, 10.0].map(|left| Posture::rolled(left, 0.0));
    harmless("chair aside by 10 cm, 2 min", &both, 120.0);
}
