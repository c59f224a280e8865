//! Everything the format can hold.

use std::time::Duration;

use backstay::domain::baseline::{Baseline, FrontUpright, Refusal, SideUpright, Spread, Upright};
use backstay::domain::breaks::{BreakKind, TakenBreak};
use backstay::domain::calibration::{Phase, Progress};
use backstay::domain::hindrance::Hindrance;
use backstay::domain::hours::Hours;
use backstay::domain::intervals::{Interval, IntervalKind};
use backstay::domain::io::{
    Alert, AlertKind, Amount, CameraReport, CameraShift, CameraStatus, Command, Doubt, Effect,
    Fault, Input, Observation, Signal, Silence, State, Urgency,
};
use backstay::domain::pauses::PauseReason;
use backstay::domain::places::Place;
use backstay::domain::pose::{Joint, Keypoint, Pose};
use backstay::domain::profile::{Learnt, Profile, Stance};
use backstay::domain::room::EyeLink;
use backstay::domain::settings::{Sampling, Sensitivity, Settings};
use backstay::domain::time::{Moment, WallTime};
use backstay::session::{Header, Line, Model, NamedProfile};
use proptest::prelude::*;

use crate::epoch;

/// Times the format holds: below 2^23 s.
fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..100_000_000_u64).prop_map(Duration::from_micros),
        (0..8_388_608_000_000_000_u64).prop_map(Duration::from_nanos),
    ]
}

fn taken() -> impl Strategy<Value = TakenBreak> {
    let kinds = proptest::sample::select(&BreakKind::ALL[..]);
    let counts = any::<(u32, u32, u32)>();
    (kinds, span(), counts, span()).prop_map(|(kind, lasted, (planned, done, verified), walked)| {
        TakenBreak {
            kind,
            lasted,
            planned,
            done,
            verified,
            walked,
        }
    })
}

fn wall() -> impl Strategy<Value = WallTime> {
    (any::<i64>(), any::<i32>()).prop_map(|(unix_ms, utc_offset_s)| WallTime {
        unix_ms,
        utc_offset_s,
    })
}

fn spread() -> impl Strategy<Value = Spread> {
    any::<(f64, f64)>().prop_map(|(median, sigma)| Spread { median, sigma })
}

fn baseline() -> impl Strategy<Value = Baseline> {
    (
        any::<((u32, u32), u32)>(),
        prop_oneof![front(), side()],
        proptest::option::of(any::<f64>()),
    )
        .prop_map(|((frame, samples), upright, slouch_limit)| Baseline {
            frame,
            samples,
            upright,
            slouch_limit,
        })
}

fn front() -> impl Strategy<Value = Upright> {
    (
        prop::collection::vec(spread(), 11),
        any::<(f64, f64, f64, f64)>(),
    )
        .prop_map(|(spreads, (span, drop, pitch, turn))| {
            Upright::Front(FrontUpright {
                ear_height: spreads[0],
                head_width: spreads[1],
                shoulder_width: spreads[2],
                eye_y: spreads[3],
                ear_y: spreads[4],
                shoulder_y: spreads[5],
                pitch: spreads[6],
                yaw: spreads[7],
                tilt: spreads[8],
                roll: spreads[9],
                aside: spreads[10],
                eyes: EyeLink {
                    span,
                    drop,
                    pitch,
                    turn,
                },
            })
        })
}

fn side() -> impl Strategy<Value = Upright> {
    (
        any::<bool>(),
        prop::collection::vec(spread(), 4),
        proptest::option::of(spread()),
    )
        .prop_map(|(looks_right, spreads, torso)| {
            Upright::Side(SideUpright {
                looks_right,
                neck: spreads[0],
                torso,
                pitch: spreads[1],
                nose_length: spreads[2],
                neck_length: spreads[3],
            })
        })
}

fn observation() -> impl Strategy<Value = Observation> {
    (
        // The header's size is common, others are possible.
        prop_oneof![Just((640, 480)), any::<(u32, u32)>()],
        any::<[(f32, f32, f32); Joint::COUNT]>(),
        any::<(f32, f32)>(),
        proptest::option::of(shift()),
        proptest::option::of(any::<f32>()),
    )
        .prop_map(
            |(frame, joints, (presence, light), camera, other_person)| Observation {
                frame,
                pose: Pose::new(joints.map(|(x, y, confidence)| Keypoint { x, y, confidence })),
                presence,
                light,
                camera,
                other_person,
            },
        )
}

fn shift() -> impl Strategy<Value = CameraShift> {
    any::<(u32, [f32; 4])>().prop_map(|(scene, [right, down, turn, zoom])| CameraShift {
        scene,
        right,
        down,
        turn,
        zoom,
    })
}

fn stance() -> impl Strategy<Value = Stance> {
    prop::sample::select(Stance::ALL.to_vec())
}

fn profile() -> impl Strategy<Value = Profile> {
    (stance(), baseline(), proptest::option::of(shift())).prop_map(|(stance, baseline, place)| {
        Profile {
            stance,
            baseline,
            place,
        }
    })
}

fn input() -> impl Strategy<Value = Input> {
    let command = prop_oneof![
        span().prop_map(Command::Calibrate),
        (span(), any::<bool>(), stance()).prop_map(|(span, limits, stance)| {
            Command::CalibrateGuided {
                span,
                limits,
                stance: Some(stance),
            }
        }),
        any::<bool>().prop_map(Command::Answer),
        Just(Command::Wrong),
        proptest::option::of(span()).prop_map(Command::Pause),
        Just(Command::Resume),
        span().prop_map(Command::Snooze),
    ];
    let status = prop::sample::select(vec![
        CameraStatus::Ok,
        CameraStatus::Lost,
        CameraStatus::Stalled,
        CameraStatus::Busy,
        CameraStatus::Denied,
        CameraStatus::Yielded,
    ]);
    let camera =
        (status, any::<String>()).prop_map(|(status, detail)| CameraReport { status, detail });
    prop_oneof![
        4 => observation().prop_map(Input::Observation),
        1 => command.prop_map(Input::Command),
        1 => camera.prop_map(Input::Camera),
        1 => signal().prop_map(Input::Signal),
        1 => settings().prop_map(|settings| Input::Settings(Box::new(settings))),
        1 => taken().prop_map(Input::Break),
        1 => span().prop_map(Input::Earlier),
        1 => Just(Input::Tick),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    let sensitivity = prop::sample::select(Sensitivity::ALL.to_vec());
    let hours = prop::sample::select(vec!["", "mon-fri 9:00-17:30, sat 22:00-6:00"]);
    (sensitivity, hours, any::<bool>(), 10..300_u64).prop_map(|(slouch, hours, call, every)| {
        let mut settings = Settings::default();
        settings.posture.sensitivity.set(Fault::Slouch, slouch);
        settings.pauses.quiet = Hours::parse(hours).unwrap();
        settings.pauses.call = call;
        settings.posture.eased.set(Fault::HeadTilt, u8::from(call));
        settings.sampling = call.then_some(Sampling {
            every: Duration::from_secs(every),
        });
        settings
    })
}

fn signal() -> impl Strategy<Value = Signal> {
    prop_oneof![
        any::<bool>().prop_map(Signal::Locked),
        any::<bool>().prop_map(Signal::Asleep),
        any::<bool>().prop_map(Signal::Call),
        any::<bool>().prop_map(Signal::ScreenShare),
        any::<bool>().prop_map(Signal::OnBattery),
        any::<bool>().prop_map(Signal::DoNotDisturb),
        span().prop_map(Signal::Idle),
    ]
}

fn hindrance() -> impl Strategy<Value = Hindrance> {
    prop::sample::select(Hindrance::ALL.to_vec())
}

fn progress() -> impl Strategy<Value = Progress> {
    (
        prop::sample::select(vec![Phase::Upright, Phase::Slouch]),
        any::<f64>(),
        proptest::option::of(hindrance()),
    )
        .prop_map(|(phase, part, hindrance)| Progress {
            phase,
            part,
            hindrance,
        })
}

fn effect() -> impl Strategy<Value = Effect> {
    let state = || prop::sample::select(State::ALL.to_vec());
    let faults = || prop::collection::vec(prop::sample::select(Fault::ALL.to_vec()), 0..4);
    let doubt = prop::sample::select(vec![
        Doubt::NotCalibrated,
        Doubt::NoCamera,
        Doubt::Paused,
        Doubt::TooDark,
        Doubt::Hidden,
        Doubt::CutOff,
        Doubt::Turned,
        Doubt::LookingDown,
        Doubt::ArmRaised,
        Doubt::Moving,
        Doubt::CameraMoved,
        Doubt::OtherPerson,
        Doubt::TooFar,
        Doubt::TwoPeople,
        Doubt::JustBack,
    ]);
    let kind = || prop::sample::select(AlertKind::ALL.to_vec());
    let urgency = prop::sample::select(vec![Urgency::Quiet, Urgency::Firm]);
    let silence = prop::sample::select(vec![
        Silence::DoNotDisturb,
        Silence::Cooldown,
        Silence::Budget,
    ]);
    let amount = prop_oneof![
        any::<f64>().prop_map(Amount::Percent),
        any::<f64>().prop_map(Amount::Centimetres),
        any::<f64>().prop_map(Amount::Degrees),
        any::<f64>().prop_map(Amount::Minutes),
    ];
    let refusal = prop_oneof![
        any::<f64>().prop_map(Refusal::Hidden),
        any::<f64>().prop_map(Refusal::TooFew),
        any::<f64>().prop_map(Refusal::Moved),
        any::<f64>().prop_map(Refusal::Turned),
        any::<f64>().prop_map(Refusal::Tilted),
        any::<f64>().prop_map(Refusal::TooDark),
        Just(Refusal::Nobody),
        Just(Refusal::TwoPeople),
        hindrance().prop_map(Refusal::Waited),
    ];
    let alert = (
        kind(),
        any::<u64>(),
        faults(),
        prop::option::of(amount),
        span(),
        urgency,
        prop::option::of(silence),
    )
        .prop_map(
            |(kind, bout, faults, amount, lasted, urgency, silenced)| Alert {
                kind,
                bout,
                faults,
                amount,
                lasted,
                urgency,
                silenced,
            },
        );
    prop_oneof![
        (state(), faults(), prop::option::of(doubt)).prop_map(|(state, faults, doubt)| {
            Effect::State {
                state,
                faults,
                doubt,
            }
        }),
        alert.prop_map(Effect::Alert),
        (kind(), any::<u64>(), faults()).prop_map(|(kind, bout, faults)| Effect::Clear {
            kind,
            bout,
            faults
        }),
        progress().prop_map(Effect::Calibrating),
        any::<f64>().prop_map(|share| Effect::SlouchLearnt { share }),
        (profile(), any::<usize>(), any::<bool>()).prop_map(|(profile, number, kept)| {
            Effect::Calibrated(Learnt {
                profile,
                number,
                kept,
            })
        }),
        prop_oneof![
            any::<usize>().prop_map(Place::Known),
            stance().prop_map(Place::OtherStance),
            Just(Place::New),
        ]
        .prop_map(Effect::Place),
        refusal.prop_map(Effect::CalibrationRefused),
        taken().prop_map(Effect::BreakTaken),
        interval().prop_map(Effect::Interval),
        prop::sample::select(Fault::ALL.to_vec()).prop_map(Effect::Wrong),
        prop::sample::subsequence(PauseReason::ALL.to_vec(), 0..4).prop_map(Effect::Paused),
        any::<f64>().prop_map(Effect::Rate),
    ]
}

fn interval() -> impl Strategy<Value = Interval> {
    let moment = || {
        (span(), any::<i64>(), any::<i32>()).prop_map(|(elapsed, unix_ms, utc_offset_s)| Moment {
            elapsed,
            wall: WallTime {
                unix_ms,
                utc_offset_s,
            },
        })
    };
    let kind = prop::sample::select(IntervalKind::ALL.to_vec());
    (kind, moment(), moment(), span(), any::<bool>()).prop_map(
        |(kind, from, to, asleep, locked)| Interval {
            kind,
            from,
            to,
            asleep,
            locked,
        },
    )
}

fn header() -> impl Strategy<Value = Header> {
    let settings = prop::collection::btree_map(
        any::<String>(),
        prop_oneof![
            any::<f64>().prop_map(serde_json::Value::from),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<String>().prop_map(serde_json::Value::from),
        ],
        0..4,
    );
    (
        any::<(String, String, String, String)>(),
        wall(),
        settings,
        prop::option::of(baseline()),
        prop::collection::vec((any::<String>(), profile()), 0..3),
    )
        .prop_map(
            |((program, name, sha256, engine), started, settings, baseline, profiles)| Header {
                program,
                model: Model { name, sha256 },
                engine,
                frame: (640, 480),
                started,
                settings: settings.into_iter().collect(),
                baseline,
                profiles: profiles
                    .into_iter()
                    .map(|(name, profile)| NamedProfile { name, profile })
                    .collect(),
            },
        )
}

/// A header, and lines whose times never go back, at wall clocks that mostly follow.
pub(crate) fn session() -> impl Strategy<Value = (Header, Vec<Line>)> {
    let body = prop_oneof![
        3 => input().prop_map(|input| Line::Input(epoch(), input)),
        1 => effect().prop_map(|effect| Line::Effect(epoch(), effect)),
    ];
    let line = (span(), prop::option::weighted(0.2, wall()), body);
    (header(), prop::collection::vec(line, 0..12)).prop_map(|(header, mut lines)| {
        lines.sort_by_key(|(elapsed, ..)| *elapsed);
        let lines = lines
            .into_iter()
            .map(|(elapsed, jump, line)| {
                let mut at = Moment::after(header.started, elapsed);
                at.wall = jump.unwrap_or(at.wall);
                match line {
                    Line::Input(_, input) => Line::Input(at, input),
                    Line::Effect(_, effect) => Line::Effect(at, effect),
                }
            })
            .collect();
        (header, lines)
    })
}
