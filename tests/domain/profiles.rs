//! Which profile a run judges against, what it asks when there is none, and what it does with the
//! answer.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use backstay::domain::baseline::Upright;
use backstay::domain::io::{
    AlertKind, CameraShift, Command, Doubt, Effect, Input, Observation, State,
};
use backstay::domain::monitor::Monitor;
use backstay::domain::places::Place;
use backstay::domain::profile::{Learnt, Profile, Stance};
use backstay::domain::settings::Settings;

use crate::people::{LAPTOP, MONITOR, Posture, Scene, at, seen};

/// Somebody who sits so far away that there is room above them in the picture.
const SITTING: Posture = Posture {
    chair_cm: -40.0,
    ..Posture::UPRIGHT
};

/// The same person 22 cm higher.
const STANDING: Posture = Posture {
    down_cm: -22.0,
    ..SITTING
};

fn room(scene: u32, down: f32) -> Option<CameraShift> {
    Some(CameraShift {
        scene,
        right: 0.0,
        down,
        turn: 0.0,
        zoom: 1.0,
    })
}

/// What is seen of the whole person moved with the camera, or the camera with the person: `down`
/// pixels lower in the picture.
fn lower(mut observation: Observation, down: f32) -> Observation {
    let moved = observation.pose.keypoints().map(|mut joint| {
        joint.y += down;
        joint
    });
    observation.pose = backstay::domain::pose::Pose::new(moved);
    observation
}

struct Run {
    monitor: Monitor,
    effects: Vec<(f64, Effect)>,
    now: f64,
    room: Option<CameraShift>,
}

impl Run {
    fn with(profiles: Vec<Profile>) -> Self {
        Self {
            monitor: Monitor::with_profiles(Settings::default(), profiles),
            effects: Vec::new(),
            now: 0.0,
            room: None,
        }
    }

    fn input(&mut self, input: Input) -> &mut Self {
        let effects = self.monitor.handle(at(self.now), input);
        self.effects
            .extend(effects.into_iter().map(|e| (self.now, e)));
        self
    }

    fn watch(&mut self, observation: Observation, seconds: f64) -> &mut Self {
        for _ in 0..(seconds * 5.0) as u32 {
            self.now += 0.2;
            let camera = self.room;
            self.input(seen(Observation {
                camera,
                ..observation
            }));
        }
        self
    }

    fn in_room(&mut self, room: Option<CameraShift>) -> &mut Self {
        self.room = room;
        self
    }

    fn doubt(&self) -> Option<Doubt> {
        self.monitor.status().doubt
    }

    fn state(&self) -> State {
        self.monitor.status().state
    }

    fn places(&self) -> Vec<Place> {
        let place = |(_, e): &(f64, Effect)| match e {
            Effect::Place(place) => Some(*place),
            _ => None,
        };
        self.effects.iter().filter_map(place).collect()
    }

    fn alerts(&self) -> Vec<AlertKind> {
        let kind = |(_, e): &(f64, Effect)| match e {
            Effect::Alert(alert) => Some(alert.kind),
            _ => None,
        };
        self.effects.iter().filter_map(kind).collect()
    }

    fn learnt(&self) -> Vec<Learnt> {
        let learnt = |(_, e): &(f64, Effect)| match e {
            Effect::Calibrated(learnt) => Some(*learnt),
            _ => None,
        };
        self.effects.iter().filter_map(learnt).collect()
    }
}

/// A profile as a calibration before `scene` in `room` learns it.
fn profile(scene: Scene, posture: Posture, stance: Stance, room: Option<CameraShift>) -> Profile {
    let mut run = Run::with(Vec::new());
    let command = Command::CalibrateGuided {
        span: Duration::from_secs(10),
        limits: false,
        stance: Some(stance),
    };
    run.in_room(room).input(Input::Command(command));
    run.watch(scene.see(posture), 12.0);
    let learnt = run.learnt();
    assert!(learnt[0].kept);
    learnt[0].profile
}

fn sitting(room: Option<CameraShift>) -> Profile {
    profile(MONITOR, Posture::UPRIGHT, Stance::Sitting, room)
}

#[test]
fn the_room_picks_the_profile_and_a_lid_at_another_angle_is_no_slouch() {
    for scene in [LAPTOP, MONITOR] {
        let desk = profile(scene, Posture::UPRIGHT, Stance::Sitting, room(0, 0.0));
        let other = profile(scene, Posture::SLOUCH, Stance::Sitting, room(1, 0.0));
        let mut run = Run::with(vec![other, desk]);
        // Today the lid stands so that everything is 40 pixels lower.
        run.in_room(room(0, 40.0));
        run.watch(lower(scene.see(Posture::UPRIGHT), 40.0), 120.0);
        assert_eq!(run.places(), [Place::Known(1)]);
        assert_eq!((run.state(), run.alerts()), (State::Good, vec![]));
        run.watch(lower(scene.see(Posture::SLOUCH), 40.0), 60.0);
        assert_eq!(run.alerts(), [AlertKind::Posture]);
    }
}

#[test]
fn in_a_new_place_it_learns_for_the_run_and_asks_whether_to_keep_it() {
    let mut run = Run::with(vec![sitting(room(0, 0.0))]);
    run.in_room(room(1, 0.0))
        .watch(LAPTOP.see(Posture::UPRIGHT), 15.0);
    assert_eq!(run.places(), [Place::New]);
    assert_eq!(run.learnt().len(), 1);
    assert!(!run.learnt()[0].kept);
    assert_eq!(run.state(), State::Good);
    assert_eq!(run.alerts(), [AlertKind::NewPlace]);
    run.input(Input::Command(Command::Answer(true)));
    run.watch(LAPTOP.see(Posture::UPRIGHT), 15.0);
    let learnt = run.learnt()[1];
    assert!(learnt.kept);
    // It takes the place of what was learnt for the run.
    assert_eq!(learnt.number, 1);
    assert_eq!(learnt.profile.place, room(1, 0.0));
    run.watch(LAPTOP.see(Posture::UPRIGHT), 600.0);
    assert_eq!(run.alerts(), [AlertKind::NewPlace], "it is asked once");
}

#[test]
fn carried_from_desk_to_desk_each_has_its_own_upright() {
    let office = sitting(room(0, 0.0));
    let home = profile(LAPTOP, Posture::UPRIGHT, Stance::Sitting, room(1, 0.0));
    let mut run = Run::with(vec![office, home]);
    run.in_room(room(0, 0.0))
        .watch(MONITOR.see(Posture::UPRIGHT), 60.0);
    run.in_room(None).watch(crate::people::empty(), 60.0);
    run.in_room(room(1, 0.0))
        .watch(LAPTOP.see(Posture::UPRIGHT), 60.0);
    assert_eq!(run.places(), [Place::Known(0), Place::Known(1)]);
    assert_eq!((run.state(), run.alerts()), (State::Good, vec![]));
}

#[test]
fn who_stands_up_is_asked_once_and_then_has_a_profile_for_it() {
    let mut run = Run::with(vec![profile(
        MONITOR,
        SITTING,
        Stance::Sitting,
        room(0, 0.0),
    )]);
    run.in_room(room(0, 0.0)).watch(MONITOR.see(SITTING), 60.0);
    run.watch(MONITOR.see(STANDING), 15.0);
    assert_eq!(run.doubt(), Some(Doubt::Moving), "it waits to be sure");
    assert_eq!(run.alerts(), []);
    run.watch(MONITOR.see(STANDING), 15.0);
    assert_eq!(run.places()[1..], [Place::OtherStance(Stance::Standing)]);
    assert_eq!(run.doubt(), Some(Doubt::NotCalibrated));
    assert_eq!(run.alerts(), [AlertKind::StoodUp]);
    let sat = run.monitor.status().sitting;
    run.watch(MONITOR.see(STANDING), 60.0);
    assert_eq!(run.monitor.status().sitting, sat, "standing is no sitting");

    run.input(Input::Command(Command::Answer(true)));
    run.watch(MONITOR.see(STANDING), 15.0);
    let learnt = run.learnt()[0];
    assert_eq!((learnt.number, learnt.kept), (1, true));
    assert_eq!(learnt.profile.stance, Stance::Standing);
    assert_eq!(run.state(), State::Good);
    // Now both are known, and neither sitting down nor standing up is a slouch or a question.
    for _ in 0..3 {
        run.watch(MONITOR.see(SITTING), 120.0);
        assert_eq!(run.state(), State::Good);
        run.watch(MONITOR.see(STANDING), 120.0);
        assert_eq!(run.state(), State::Good);
    }
    assert_eq!(run.alerts(), [AlertKind::StoodUp]);
    // Who walks away while standing takes a break all the same.
    run.watch(crate::people::empty(), 150.0);
    run.watch(MONITOR.see(SITTING), 30.0);
    let breaks = |(_, e): &&(f64, Effect)| matches!(e, Effect::BreakTaken(_));
    assert_eq!(run.effects.iter().filter(breaks).count(), 1);
    run.watch(MONITOR.see(STANDING), 30.0);
    // Who slouches while standing is told so.
    let slouch = Posture {
        down_cm: -17.0,
        forward_cm: 10.0,
        ..SITTING
    };
    run.watch(MONITOR.see(slouch), 60.0);
    assert_eq!(run.alerts(), [AlertKind::StoodUp, AlertKind::Posture]);
}

#[test]
fn a_no_is_a_no_and_sitting_down_again_needs_no_answer() {
    let mut run = Run::with(vec![profile(
        MONITOR,
        SITTING,
        Stance::Sitting,
        room(0, 0.0),
    )]);
    run.in_room(room(0, 0.0)).watch(MONITOR.see(SITTING), 30.0);
    run.watch(MONITOR.see(STANDING), 30.0);
    run.input(Input::Command(Command::Answer(false)));
    run.watch(MONITOR.see(STANDING), 60.0);
    assert_eq!(run.learnt().len(), 0);
    run.watch(MONITOR.see(SITTING), 60.0);
    assert_eq!(run.state(), State::Good);
    run.watch(MONITOR.see(STANDING), 60.0);
    assert_eq!(run.alerts(), [AlertKind::StoodUp]);
    // A question that nobody answers is withdrawn when it is of no use any more.
    let mut run = Run::with(vec![profile(
        MONITOR,
        SITTING,
        Stance::Sitting,
        room(0, 0.0),
    )]);
    run.in_room(room(0, 0.0)).watch(MONITOR.see(STANDING), 30.0);
    run.watch(MONITOR.see(SITTING), 30.0);
    let cleared = |(_, e): &(f64, Effect)| {
        matches!(
            e,
            Effect::Clear {
                kind: AlertKind::StoodUp,
                ..
            }
        )
    };
    assert!(run.effects.iter().any(cleared));
}

#[test]
fn a_camera_that_goes_up_with_the_desk_shows_somebody_who_stands() {
    let mut run = Run::with(vec![sitting(room(0, 0.0))]);
    run.in_room(room(0, 0.0))
        .watch(MONITOR.see(Posture::UPRIGHT), 30.0);
    // The wall is 48 pixels, a tenth of the height, lower, and the person where they were.
    run.in_room(room(0, 48.0))
        .watch(MONITOR.see(Posture::UPRIGHT), 30.0);
    assert_eq!(run.alerts(), [AlertKind::StoodUp]);
    // Who slouches before a camera that was nudged does not stand, wherever their eyes are.
    let laptop = profile(LAPTOP, Posture::UPRIGHT, Stance::Sitting, room(0, 0.0));
    for down in [24.0, 36.0, 48.0] {
        let mut run = Run::with(vec![laptop]);
        run.in_room(room(0, 0.0))
            .watch(LAPTOP.see(Posture::UPRIGHT), 30.0);
        run.in_room(room(0, down))
            .watch(lower(LAPTOP.see(Posture::SLOUCH), down), 60.0);
        assert_eq!(run.alerts(), [AlertKind::Posture], "{down}");
    }
    // A tilted camera moves both.
    let mut run = Run::with(vec![sitting(room(0, 0.0))]);
    run.in_room(room(0, 0.0))
        .watch(MONITOR.see(Posture::UPRIGHT), 30.0);
    run.in_room(room(0, 48.0))
        .watch(lower(MONITOR.see(Posture::UPRIGHT), 48.0), 60.0);
    assert_eq!((run.alerts(), run.state()), (vec![], State::Good));
}

#[test]
fn leaning_in_reclining_and_a_chair_that_rolls_are_no_standing() {
    for scene in [LAPTOP, MONITOR] {
        for (forward_cm, down_cm, chair_cm) in [
            (20.0, 0.0, 0.0),
            (20.0, -4.0, 0.0),
            (0.0, -5.0, 0.0),
            (-15.0, 3.0, 0.0),
            (0.0, 0.0, 20.0),
            (0.0, 0.0, -30.0),
        ] {
            let posture = Posture {
                down_cm,
                forward_cm,
                lean_deg: 0.0,
                chair_cm,
            };
            let desk = profile(scene, Posture::UPRIGHT, Stance::Sitting, room(0, 0.0));
            let mut run = Run::with(vec![desk]);
            run.in_room(room(0, 0.0))
                .watch(scene.see(Posture::UPRIGHT), 30.0);
            run.watch(scene.see(posture), 60.0);
            assert_eq!(run.places(), [Place::Known(0)], "{posture:?}");
        }
    }
}

#[test]
fn before_a_wall_that_tells_nothing_the_persons_place_in_the_picture_picks() {
    let near = profile(MONITOR, SITTING, Stance::Sitting, None);
    let standing = profile(MONITOR, STANDING, Stance::Standing, None);
    let mut run = Run::with(vec![standing, near]);
    run.watch(MONITOR.see(SITTING), 4.0);
    assert_eq!(run.places(), [], "the room has its time");
    run.watch(MONITOR.see(SITTING), 30.0);
    assert_eq!(run.places(), [Place::Known(1)]);
    assert_eq!(run.state(), State::Good);
    // Somebody quite elsewhere in the picture is not judged by it.
    let far = Posture {
        chair_cm: -60.0,
        ..Posture::UPRIGHT
    };
    let mut run = Run::with(vec![sitting(None)]);
    run.watch(MONITOR.see(far), 30.0);
    assert_eq!(run.places(), [Place::New]);
}

#[test]
fn a_profile_of_pictures_of_another_size_is_not_judged_by() {
    let mut other = sitting(room(0, 0.0));
    other.baseline.frame = (1280, 720);
    let mut run = Run::with(vec![other]);
    run.in_room(room(0, 0.0))
        .watch(MONITOR.see(Posture::UPRIGHT), 15.0);
    assert_eq!(run.places(), [Place::New]);
    assert!(matches!(
        run.learnt()[0].profile.baseline.upright,
        Upright::Front(_)
    ));
}
