//! Properties that hold for every day.

use std::time::Duration;

use backstay::domain::baseline::Calibrator;
use backstay::domain::io::{
    CameraReport, CameraStatus, Command, Effect, Input, Observation, State,
};
use backstay::domain::measures::{Measures, Quantity, measure};
use backstay::domain::monitor::Monitor;
use backstay::domain::outline::outline;
use backstay::domain::pose::{Keypoint, Pose};
use backstay::domain::profile::Stance;
use backstay::domain::settings::Settings;
use proptest::prelude::*;

use crate::people::{LAPTOP, MONITOR, Posture, Scene, at, empty, seen};

/// What can happen, and how long until the next thing does.
#[derive(Clone, Debug)]
enum Event {
    Sit(Posture, u32),
    Leave(u32),
    Dark(u32),
    Command(Command),
    Camera(CameraStatus),
    Wait(u32),
}

fn posture() -> impl Strategy<Value = Posture> {
    (
        -2.0..9.0_f32,
        -10.0..20.0_f32,
        -18.0..18.0_f32,
        -12.0..12.0_f32,
    )
        .prop_map(|(down_cm, forward_cm, lean_deg, chair_cm)| Posture {
            down_cm,
            forward_cm,
            lean_deg,
            chair_cm,
        })
}

fn event() -> impl Strategy<Value = Event> {
    let command = prop_oneof![
        proptest::option::of(0..1200_u64).prop_map(|s| Command::Pause(s.map(Duration::from_secs))),
        Just(Command::Resume),
        (0..1200_u64).prop_map(|s| Command::Snooze(Duration::from_secs(s))),
        (0..15_u64).prop_map(|s| Command::Calibrate(Duration::from_secs(s))),
        (0..15_u64, any::<bool>()).prop_map(|(s, limits)| Command::CalibrateGuided {
            span: Duration::from_secs(s),
            limits,
            stance: Some(Stance::Sitting),
        }),
        any::<bool>().prop_map(Command::Answer),
    ];
    let status = prop::sample::select(vec![
        CameraStatus::Ok,
        CameraStatus::Lost,
        CameraStatus::Stalled,
        CameraStatus::Busy,
    ]);
    prop_oneof![
        6 => (posture(), 1..600_u32).prop_map(|(p, s)| Event::Sit(p, s)),
        2 => (1..200_u32).prop_map(Event::Leave),
        1 => (1..60_u32).prop_map(Event::Dark),
        2 => command.prop_map(Event::Command),
        1 => status.prop_map(Event::Camera),
        1 => (1..400_u32).prop_map(Event::Wait),
    ]
}

/// Plays events at one observation a second and checks every step.
struct Play {
    monitor: Monitor,
    now: f64,
    scene: Scene,
    told: Vec<f64>,
    log: Vec<(f64, Effect)>,
}

impl Play {
    fn new(scene: Scene) -> Self {
        let monitor = Monitor::new(Settings::default(), None);
        Self {
            monitor,
            now: 0.0,
            scene,
            told: Vec::new(),
            log: Vec::new(),
        }
    }

    fn play(&mut self, event: &Event) {
        match event {
            Event::Sit(posture, s) => self.watch(self.scene.see(*posture), *s),
            Event::Leave(s) => self.watch(empty(), *s),
            Event::Dark(s) => {
                self.watch(
                    Observation {
                        light: 0.03,
                        ..self.scene.see(Posture::UPRIGHT)
                    },
                    *s,
                );
            }
            Event::Command(command) => {
                self.input(Input::Command(*command));
            }
            Event::Camera(status) => {
                let detail = String::new();
                self.input(Input::Camera(CameraReport {
                    status: *status,
                    detail,
                }));
            }
            Event::Wait(s) => self.wait_until(self.now + f64::from(*s)),
        }
    }

    fn watch(&mut self, observation: Observation, seconds: u32) {
        for _ in 0..seconds {
            self.wait_until(self.now + 1.0);
            self.input(seen(observation));
        }
    }

    fn wait_until(&mut self, then: f64) {
        while let Some(due) = self.monitor.deadline() {
            let due = due.elapsed.as_secs_f64();
            if due >= then {
                break;
            }
            self.now = due;
            self.input(Input::Tick);
        }
        self.now = then;
    }

    fn input(&mut self, input: Input) {
        let moment = at(self.now);
        let effects = self.monitor.handle(moment, input);
        if let Some(due) = self.monitor.deadline() {
            assert!(
                due.elapsed > moment.elapsed,
                "a deadline in the past: {due:?} at {moment:?}"
            );
        }
        let status = self.monitor.status();
        let (state, mut reasons) = (status.state, status.pauses.iter());
        let paused = reasons.any(|(reason, _)| reason.closes_camera());
        for effect in &effects {
            if let Effect::Alert(alert) = effect
                && alert.silenced.is_none()
            {
                assert!(!paused, "an alert while paused: {alert:?}");
                let posture = !alert.faults.is_empty();
                assert!(
                    !posture || state == State::Bad,
                    "an alert while {state:?}: {alert:?}"
                );
                self.told.push(self.now);
                let hour = self
                    .told
                    .iter()
                    .filter(|then| self.now - **then < 3600.0)
                    .count();
                assert!(hour <= 4, "{hour} alerts within an hour");
            }
        }
        self.log.extend(effects.into_iter().map(|e| (self.now, e)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_alert_while_paused_or_unsure_and_never_more_than_the_budget(
        laptop: bool,
        events in prop::collection::vec(event(), 1..40),
    ) {
        let mut play = Play::new(if laptop { LAPTOP } else { MONITOR });
        play.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
        play.watch(play.scene.see(Posture::UPRIGHT), 12);
        for event in &events {
            play.play(event);
        }
    }

    #[test]
    fn the_same_inputs_give_the_same_effects(events in prop::collection::vec(event(), 1..12)) {
        let run = || {
            let mut play = Play::new(LAPTOP);
            play.input(Input::Command(Command::Calibrate(Duration::from_secs(10))));
            events.iter().for_each(|event| play.play(event));
            play.log
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn measures_do_not_change_when_the_picture_is_scaled(
        posture in posture(),
        scale in 0.4..3.0_f32,
        laptop: bool,
    ) {
        let scene = if laptop { LAPTOP } else { MONITOR };
        let resize = |o: Observation, scale: f32| {
            let keypoints = o.pose.keypoints().map(|k| Keypoint { x: k.x * scale, y: k.y * scale, ..k });
            // Sizes are rounded up, so that joints near the edge stay inside.
            let side = |v: u32| (v as f32 * scale).ceil() as u32;
            Observation { frame: (side(o.frame.0), side(o.frame.1)), pose: Pose::new(keypoints), ..o }
        };
        let measured = |scale: f32| {
            let mut calibrator = Calibrator::default();
            (0..10).for_each(|_| calibrator.push(&resize(scene.see(Posture::UPRIGHT), scale)));
            let now = resize(scene.see(posture), scale);
            let focal = 502.3 * f64::from(scale);
            outline(&now.pose, now.frame).ok().map(|_| {
                measure(&now.pose, &calibrator.finish().unwrap(), focal)
            })
        };
        if let (Some(a), Some(b)) = (measured(1.0), measured(scale)) {
            for ((quantity, a), (_, b)) in a.iter().zip(b.iter()) {
                prop_assert_eq!(a.is_ok(), b.is_ok());
                let (Ok(a), Ok(b)) = (a, b) else { continue };
                let (name, a, b) = (quantity.name(), a.value, b.value);
                prop_assert!((a - b).abs() < 1e-2 * (1.0 + a.abs()), "{name}: {a} and {b}");
            }
        }
    }

    #[test]
    fn a_shift_to_the_side_changes_no_measure_and_one_up_or_down_only_those_of_height(
        posture in posture(),
        dx in -60.0..60.0_f32,
        dy in -30.0..30.0_f32,
    ) {
        let mut calibrator = Calibrator::default();
        (0..10).for_each(|_| calibrator.push(&LAPTOP.see(Posture::UPRIGHT)));
        let upright = calibrator.finish().unwrap();
        let measured = |dx: f32, dy: f32| {
            let seen = LAPTOP.see(posture);
            let moved = seen.pose.keypoints().map(|k| Keypoint { x: k.x + dx, y: k.y + dy, ..k });
            let moved = Pose::new(moved);
            outline(&moved, seen.frame).ok().map(|_| measure(&moved, &upright, 502.3))
        };
        if let (Some(a), Some(b)) = (measured(0.0, 0.0), measured(dx, dy)) {
            for ((quantity, a), (_, b)) in a.iter().zip(b.iter()) {
                let name = quantity.name();
                if matches!(name, "eye_sink" | "sink_cm" | "shoulder_sink_cm") {
                    continue;
                }
                prop_assert_eq!(a.is_ok(), b.is_ok());
                let (Ok(a), Ok(b)) = (a, b) else { continue };
                let (a, b) = (a.value, b.value);
                prop_assert!((a - b).abs() < 1e-3 * (1.0 + a.abs()), "{name}: {a} and {b}");
            }
        }
        if let (Some(a), Some(b)) = (measured(0.0, 0.0), measured(dx, 0.0)) {
            let sunk = |m: &Measures| m.value(Quantity::SinkCm).unwrap();
            prop_assert!((sunk(&a) - sunk(&b)).abs() < 1e-2);
        }
    }
}
