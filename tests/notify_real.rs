//! Alerts on a real desktop: dunst on a screen of its own shows them, takes them away, and brings
//! the person's answer. `tests/notify.rs` has the daemons that misbehave.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "rig/bus.rs"]
mod bus;
mod common;
mod notify_real {
    pub(crate) mod rig;
}

use std::time::Duration;

use backstay::runtime::clock;
use common::Home;
use image::RgbImage;
use notify_real::rig::{Desk, until};

/// The smallest box with all pixels in it that differ: left, top, width, height.
fn difference(one: &RgbImage, other: &RgbImage) -> Option<(u32, u32, u32, u32)> {
    assert_eq!(one.dimensions(), other.dimensions());
    let pairs = one.enumerate_pixels().zip(other.pixels());
    let differing = pairs.filter(|((_, _, a), b)| a != b);
    differing
        .map(|((x, y, _), _)| (x, y, x, y))
        .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)))
        .map(|(left, top, right, bottom)| (left, top, right - left + 1, bottom - top + 1))
}

/// How many colours a part of a picture has.
fn colours(picture: &RgbImage, (left, top, width, height): (u32, u32, u32, u32)) -> usize {
    let part = image::imageops::crop_imm(picture, left, top, width, height).to_image();
    let colours: std::collections::HashSet<_> = part.pixels().copied().collect();
    colours.len()
}

#[test]
fn dunst_shows_an_alert_until_the_person_sits_up() {
    let Some(desk) = Desk::start("an alert on dunst") else {
        return;
    };
    let _dunst = desk.dunst();
    let before = desk.picture("before");
    let home = Home::new();
    let run = desk.run(&home);
    until("dunst shows a bubble", || desk.displayed() == 1);
    until("the alert is told", || run.alerts().len() == 1);
    until("the bubble is drawn", || desk.picture("alert") != before);
    // It may have been half drawn.
    clock::sleep(Duration::from_millis(300));
    let shown = desk.picture("alert");
    let bubble = difference(&before, &shown).unwrap();
    let (left, top, width, height) = bubble;
    assert!((100..=400).contains(&width), "{bubble:?}");
    assert!((30..=200).contains(&height), "{bubble:?}");
    assert!(left >= 400 && top <= 100, "not in its corner: {bubble:?}");
    // Background and frame are two; letters have shades.
    assert!(colours(&shown, bubble) > 10, "nothing is written in it");
    assert_eq!(run.clears().len(), 0);

    until("the person sits up", || run.clears().len() == 1);
    until("the bubble is withdrawn", || desk.displayed() == 0);
    until("the screen is as before", || {
        desk.picture("after") == before
    });
    let history = desk.history();
    let [(summary, body)] = &history[..] else {
        panic!("{history:?}")
    };
    assert_eq!(summary, "Slouching");
    let lasted = run.alerts()[0]["lasted"].as_f64().unwrap().floor();
    let end = format!(" cm lower than your upright, for {lasted} s");
    assert!(body.starts_with("head ") && body.ends_with(&end), "{body}");
}

#[test]
fn the_next_dunst_shows_what_still_holds_and_its_menu_snoozes() {
    let Some(desk) = Desk::start("a restart of dunst") else {
        return;
    };
    let first = desk.dunst();
    let home = Home::new();
    let run = desk.run(&home);
    until("dunst shows a bubble", || desk.displayed() == 1);
    drop(first);
    let _next = desk.dunst();
    until("the next one shows it too", || desk.displayed() == 1);
    assert_eq!(run.alerts().len(), 1, "the same alert");
    assert_eq!(run.status()["pauses"].as_array().unwrap().len(), 0);

    desk.choose_snooze();
    until("it is snoozed", || {
        run.status()["pauses"][0]["reason"] == "snoozed"
    });
    let left = run.status()["pauses"][0]["left_s"].as_f64().unwrap();
    assert!((840.0..=900.0).contains(&left), "{left}");
    until("the bubble is gone", || desk.displayed() == 0);
}
