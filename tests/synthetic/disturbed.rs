//! Cameras that are nudged, people who pass, and light that fades.

use backstay::domain::io::{CameraShift, Fault, State};

use crate::camera::Desk;
use crate::noise::Noise;
use crate::posture::Posture;
use crate::scenes::Run;
use crate::setting::Setting;
use crate::tally::Tally;

/// Vision sees the room as it was.
const STILL: CameraShift = CameraShift {
    scene: 1,
    right: 0.0,
    down: 0.0,
    turn: 0.0,
    zoom: 1.0,
};

const BUMP_DEG: f64 = 3.0;

fn everybody() -> impl Iterator<Item = Setting> {
    Desk::BOTH
        .into_iter()
        .flat_map(|desk| Setting::all(4, desk))
}

/// Ten minutes upright with a camera bumped by so many degrees, told truthfully: what is said.
fn bumped(degrees: f64) -> impl Iterator<Item = (Run, f64)> {
    everybody().map(move |setting| {
        let mut run = Run::begin_with(setting, Some(STILL));
        let since = run.now;
        run.bump(degrees);
        run.shift = Some(run.true_shift());
        run.sit(Posture::UPRIGHT, 600.0);
        (run, since)
    })
}

#[test]
fn a_bumped_camera_is_no_fault_when_the_room_tells() {
    let mut tally = Tally::of("10 min upright after a bump that the room tells of");
    for degrees in [-BUMP_DEG, BUMP_DEG] {
        for (run, since) in bumped(degrees) {
            tally.count(run.complaint_if_told(since));
        }
    }
    tally.to_all();
}

#[test]
fn a_slump_after_a_bump_is_told_when_the_room_tells() {
    let mut tally = Tally::of("slump after a bump that the room tells of");
    for degrees in [-BUMP_DEG, BUMP_DEG] {
        for (mut run, since) in bumped(degrees) {
            let before = run.complaint_if_told(since);
            let slumped = run.now;
            run.sit(Posture::SLUMP, 60.0);
            let faults = [Fault::Slouch, Fault::ForwardHead];
            tally.count(before.or_else(|| run.complaint_unless_told(slumped, 36.0, &faults)));
        }
    }
    tally.to_all();
}

/// Nobody can tell a camera that looks up from a person who sank; but what is said of it ends when
/// the camera is put back.
#[test]
fn a_bump_that_nothing_tells_of_ends_with_it() {
    let mut tally = Tally::of("a bump put right");
    for setting in everybody() {
        let mut run = Run::begin(setting);
        run.bump(BUMP_DEG);
        run.sit(Posture::UPRIGHT, 90.0);
        run.bump(-BUMP_DEG);
        run.sit(Posture::UPRIGHT, 60.0);
        let good = run.lasting_state() == Some(State::Good);
        tally.count((!good).then(|| format!("{setting}: {}", run.figures())));
    }
    // At twice the noise and once a second the filter takes its time for one of them.
    tally.to_most(0.97);
}

/// Three seconds with somebody else in the picture; the joints jump to whoever is there for as
/// long as `jump` says, and the detector sees them or not.
fn passes(run: &mut Run, jump: f64, presence: &'static [f32]) -> Option<String> {
    let since = run.now;
    run.presence = presence;
    run.passer_by = true;
    run.sit(Posture::UPRIGHT, jump);
    run.passer_by = false;
    run.sit(Posture::UPRIGHT, 3.0 - jump);
    run.presence = &[0.9];
    run.sit(Posture::UPRIGHT, 30.0);
    let back = run.lasting_state() == Some(State::Good);
    let lost = || format!("{}: not good again; {}", run.setting, run.figures());
    run.complaint_if_told(since).or_else(|| (!back).then(lost))
}

#[test]
fn somebody_who_passes_changes_nothing() {
    let mut tally = Tally::of("somebody passes in 3 s");
    for setting in everybody() {
        for (jump, presence) in [
            (1.0, &[0.9, 0.3, 0.8, 0.4][..]),
            (3.0, &[0.9, 0.8, 0.3]),
            (3.0, &[0.9]),
        ] {
            let mut run = Run::begin(setting);
            tally.count(passes(&mut run, jump, presence));
        }
    }
    tally.to_all();
}

#[test]
fn a_slump_goes_on_when_somebody_passes() {
    let mut tally = Tally::of("slump, somebody passes in 3 s");
    for setting in everybody() {
        let mut run = Run::begin(setting);
        run.sit(Posture::SLUMP, 60.0);
        let since = run.now;
        run.passer_by = true;
        run.sit(Posture::SLUMP, 3.0);
        run.passer_by = false;
        run.sit(Posture::SLUMP, 40.0);
        let bad = run.lasting_state() == Some(State::Bad) && run.cleared(since).is_empty();
        let (cleared, figures) = (run.cleared(since), run.figures());
        tally.count((!bad).then(|| format!("{setting}: taken back at {cleared:.0?}; {figures}")));
    }
    // At twice the noise and once a second the filter takes its time for one of them.
    tally.to_most(0.97);
}

/// Dim: joints scatter twice as much, and the model is hardly sure of them.
#[test]
fn dim_light_makes_no_fault() {
    let mut tally = Tally::of("10 min upright in dim light");
    for setting in everybody() {
        let mut run = Run::begin(setting);
        let since = run.now;
        run.light = 0.16;
        run.confidence = 0.42;
        run.setting.noise = Noise {
            level: 2.0,
            ..setting.noise
        };
        run.sit(Posture::UPRIGHT, 600.0);
        tally.count(run.complaint_if_told(since));
    }
    tally.to_all();
}

#[test]
fn nothing_is_said_in_the_dark() {
    let mut tally = Tally::of("a slump in the dark");
    for setting in everybody() {
        let mut run = Run::begin(setting);
        let since = run.now;
        run.light = 0.05;
        run.sit(Posture::SLUMP, 120.0);
        let unsure = run.lasting_state() == Some(State::Unsure);
        let told = run.complaint_if_told(since);
        tally.count(told.or((!unsure).then(|| format!("{setting}: {}", run.figures()))));
    }
    tally.to_all();
}
