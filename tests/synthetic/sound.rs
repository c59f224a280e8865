//! The made-up people and cameras are what they claim to be.

use backstay::domain::pose::Joint;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::camera::{Camera, Desk};
use crate::noise::Chance;
use crate::person::{Body, Build};
use crate::posture::Posture;
use crate::scenes::Run;
use crate::setting::Setting;
use crate::space::vec3;

/// The same cases every time: a promise about people made up is kept or broken, not lucky.
fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::with_cases(count)
    }
}

fn postures() -> impl Strategy<Value = Posture> {
    let bends = (
        -15.0..25.0,
        -15.0..15.0,
        -20.0..20.0,
        0.0..20.0,
        0.0..45.0_f64,
    );
    let ways = (-10.0..10.0, -10.0..10.0, 0.0..12.0, 0.0..8.0, 0.0..8.0_f64);
    let head = (-25.0..25.0, -55.0..55.0, 0.0..1.0_f64);
    (bends, ways, head).prop_map(|(bends, ways, head)| Posture {
        trunk: bends.0,
        lean: bends.1,
        trunk_turn: bends.2,
        neck: bends.3,
        nod: bends.4,
        chair_left: ways.0,
        chair_forward: ways.1,
        hips_forward: ways.2,
        down: ways.3,
        forward: ways.4,
        tilt: head.0,
        turn: head.1,
        away: head.2,
        ..Posture::UPRIGHT
    })
}

const SCREEN: crate::space::Vec3 = vec3(0.0, 40.0, 65.0);

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn bones_keep_their_lengths_in_every_posture(seed in 0..500_u64, posture in postures()) {
        let build = Build::of(seed);
        let lengths = |body: &Body| {
            let between = |a, b| (body.at(a) - body.at(b)).length();
            [
                between(Joint::LeftEar, Joint::RightEar),
                between(Joint::LeftEye, Joint::RightEye),
                between(Joint::LeftEar, Joint::Nose),
                between(Joint::RightEye, Joint::Nose),
                between(Joint::LeftShoulder, Joint::RightShoulder),
            ]
        };
        let upright = lengths(&build.body(&Posture::UPRIGHT, SCREEN));
        let bent = lengths(&build.body(&posture, SCREEN));
        for (upright, bent) in upright.iter().zip(bent) {
            prop_assert!((upright - bent).abs() < 1e-9, "{upright} and {bent}");
        }
    }

    #[test]
    fn the_nearer_is_the_larger_and_left_is_on_the_right(seed in 0..500_u64, laptop: bool) {
        let desk = if laptop { Desk::Laptop } else { Desk::Monitor };
        let setting = Setting::new(seed, desk);
        let (build, camera) = (setting.build(), setting.camera());
        let span = |chair| {
            let body = build.body(&Posture::rolled(0.0, chair), camera.screen());
            camera.project(body.at(Joint::LeftEar)).0 - camera.project(body.at(Joint::RightEar)).0
        };
        prop_assert!(span(-10.0) > 0.0);
        prop_assert!(span(10.0) > span(0.0) && span(0.0) > span(-10.0));
    }

    /// What vision says of a bumped camera is where the room went.
    #[test]
    fn a_camera_that_looks_up_sees_the_room_lower(seed in 0..500_u64, degrees in 0.5..4.0_f64) {
        let mut run = Run::new(Setting::new(seed, Desk::Laptop));
        let focal = run.setting.camera().focal();
        run.bump(degrees);
        let shift = run.true_shift();
        let expected = focal * degrees.to_radians().tan();
        let off = f64::from(shift.down) / expected - 1.0;
        prop_assert!(off.abs() < 0.05, "{shift:?}, {expected}");
        prop_assert!(shift.right.abs() < 1.0 && (shift.zoom - 1.0).abs() < 0.01, "{shift:?}");
    }
}

/// A posture goes the way its name tells: down and forward in centimetres, of the ears.
#[test]
fn postures_take_the_head_where_they_say() {
    let way = |posture: Posture| {
        let ears = |p: &Posture| Build::AVERAGE.body(p, SCREEN).ears();
        let moved = ears(&posture) - ears(&Posture::UPRIGHT);
        (-moved.y, moved.z)
    };
    let check = |posture, (down, forward): (f64, f64), within: f64| {
        let (sunk, came) = way(posture);
        let off = (sunk - down).abs().max((came - forward).abs());
        assert!(
            off <= within,
            "{posture:?}: {sunk:.1} down, {came:.1} forward"
        );
    };
    check(Posture::SLUMP, (5.0, 6.0), 0.4);
    check(Posture::SLIDE, (8.0, 3.0), 0.4);
    check(Posture::FORWARD_4, (1.5, 4.0), 0.3);
    check(Posture::FORWARD_7, (3.5, 7.0), 0.5);
    check(Posture::rolled(0.0, 10.0), (0.0, 10.0), 0.4);
    check(Posture::SHRUG, (0.0, 0.0), 1e-9);
    let (_, came) = way(Posture::LEAN_IN);
    assert!((20.0..32.0).contains(&came), "{came}");
    let (_, came) = way(Posture::RECLINE);
    assert!((-22.0..-12.0).contains(&came), "{came}");
}

/// The whole head and the shoulders are in the picture of whoever is put before a camera.
#[test]
fn everybody_is_in_the_picture() {
    for desk in Desk::BOTH {
        for seed in 0..200 {
            let setting = Setting::new(seed, desk);
            let (build, camera) = (setting.build(), setting.camera());
            for posture in [Posture::UPRIGHT, Posture::SLIDE, Posture::LEAN_IN] {
                let body = build.body(&posture, camera.screen());
                for joint in &Joint::ALL[..7] {
                    let (x, y) = camera.project(body.at(*joint));
                    let inside = (20.0..620.0).contains(&x) && (15.0..465.0).contains(&y);
                    assert!(
                        inside,
                        "{setting}: {joint:?} at {x:.0}, {y:.0} in {posture:?}"
                    );
                }
            }
        }
    }
}

/// A camera straight ahead, worked out by hand: 65 cm away and 10 cm to the left of its axis is
/// 10/65 of the focal length off the middle.
#[test]
fn a_pinhole_is_a_pinhole() {
    let mut chance = Chance::new(3);
    let eyes = vec3(0.0, 60.0, 8.0);
    let camera = Camera::before(eyes, Desk::Monitor, &mut chance);
    let (above, away) = camera.relative_to(eyes);
    assert!((5.0..15.0).contains(&above) && (55.0..75.0).contains(&away));
    let (x, y) = camera.project(eyes);
    assert!((0.24 * 480.0..0.32 * 480.0).contains(&y), "{y}");
    let aside = camera.project(eyes + vec3(10.0, 0.0, 0.0)).0 - x;
    let expected = camera.focal() * 10.0 / away;
    assert!((aside / expected - 1.0).abs() < 0.1, "{aside}, {expected}");
}
