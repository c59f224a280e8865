//! One made-up person before one camera, with a coach.

use std::time::Duration;

use backstay::domain::exercise::coach::Coach;
use backstay::domain::exercise::event::{CoachEvent, CoachInput, Phase};
use backstay::domain::exercise::{Dose, Exercise, Side};
use backstay::domain::io::Observation;
use backstay::domain::pose::{Joint, Keypoint, Pose};
use backstay::domain::time::{Moment, WallTime};
use backstay::relief::Catalogue;
use backstay::wording::Language;

use crate::camera::{Camera, Desk};
use crate::moves::Move;
use crate::noise::{Chance, Dropouts, Noise};
use crate::person::Build;
use crate::posture::Posture;
use crate::setting::Setting;
use crate::space::Vec3;

pub(crate) fn exercise(id: &str) -> Exercise {
    let catalogue = Catalogue::own(Language::English).unwrap();
    catalogue.get(id).unwrap().exercise.clone()
}

/// The exercise with so many repetitions that it does not end by itself.
pub(crate) fn endless(id: &str) -> Exercise {
    let exercise = exercise(id);
    Exercise {
        dose: Dose {
            repetitions: 50,
            ..exercise.dose
        },
        ..exercise
    }
}

pub(crate) fn moment(elapsed: Duration) -> Moment {
    let start = WallTime {
        unix_ms: 1_800_000_000_000,
        utc_offset_s: 3600,
    };
    Moment::after(start, elapsed)
}

/// How one repetition goes, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) way: f64,
    pub(crate) hold: f64,
    pub(crate) rest: f64,
}

/// A person who exercises.
pub(crate) struct Person {
    pub(crate) setting: Setting,
    build: Build,
    camera: Camera,
    screen: Vec3,
    chance: Chance,
    pub(crate) now: Duration,
    pub(crate) coach: Coach,
    pub(crate) events: Vec<CoachEvent>,
    /// Elbows and wrists are out of the picture.
    pub(crate) arms_hidden: bool,
    pub(crate) presence: f32,
    /// The shoulders rest so many centimetres above where they were.
    pub(crate) raised: f64,
}

impl Person {
    /// Somebody who is to do `exercise`, and whose neutral has been captured while they sat
    /// `chair_forward` centimetres nearer to the screen than usual.
    pub(crate) fn begin(setting: Setting, exercise: Exercise, rest: &Move) -> Self {
        let camera = setting.camera();
        let mut person = Self {
            build: setting.build(),
            screen: camera.screen(),
            camera,
            chance: Chance::new(0x5EED + setting.seed),
            setting,
            now: Duration::ZERO,
            coach: Coach::new(vec![exercise], Duration::ZERO, true),
            events: Vec::new(),
            arms_hidden: false,
            presence: 0.9,
            raised: 0.0,
        };
        person.stay(rest, 0.0, 1.0, 5.0);
        person
    }

    /// `times` repetitions; sides take turns.
    pub(crate) fn repeat(&mut self, there: &Move, pace: Pace, times: u32) {
        for n in 0..times {
            let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
            self.go(there, sign, pace.way, false);
            self.stay(there, 1.0, sign, pace.hold);
            self.go(there, sign, pace.way, true);
            self.stay(there, 0.0, sign, pace.rest);
        }
    }

    /// `times` repetitions whose beginning falls anywhere between two pictures.
    pub(crate) fn swing(&mut self, there: &Move, pace: Pace, times: u32) {
        // A part of a second that no rate of pictures divides.
        let one = 2.0 * pace.way + pace.hold + pace.rest + 0.037;
        let way = pace.way.max(f64::MIN_POSITIVE);
        let down_at = 2.0 * pace.way + pace.hold;
        let began = self.now;
        loop {
            let t = (self.now - began).as_secs_f64();
            if t >= one * f64::from(times) {
                return;
            }
            let t = t % one;
            let part = (t / way).min((down_at - t) / way).clamp(0.0, 1.0);
            self.look(there, part, 1.0);
        }
    }

    fn go(&mut self, there: &Move, sign: f64, seconds: f64, back: bool) {
        let steps = (seconds * self.setting.rate).round().max(0.0) as u32;
        for step in 0..steps {
            let part = f64::from(step + 1) / f64::from(steps);
            let part = if back { 1.0 - part } else { part };
            self.look(there, part, sign);
        }
    }

    pub(crate) fn stay(&mut self, there: &Move, part: f64, sign: f64, seconds: f64) {
        let steps = (seconds * self.setting.rate).round() as u32;
        for _ in 0..steps {
            self.look(there, part, sign);
        }
    }

    /// Does what the coach says with a movement for each exercise of `plan`, until it is over.
    pub(crate) fn follow(&mut self, plan: Vec<Exercise>, moves: &[Move]) {
        self.coach = Coach::new(plan, Duration::from_secs(5), true);
        self.events.clear();
        let (mut part, mut sign) = (0.0_f64, 1.0);
        for _ in 0..(1200.0 * self.setting.rate) as usize {
            let progress = self.coach.progress();
            let (up, side) = match progress.phase {
                Phase::Go(side) => (true, side),
                // A movement there and back is not held for long.
                Phase::Hold(side) => (
                    progress.held.0.as_secs_f64() < 1.5 || progress.held.1.as_secs_f64() > 3.0,
                    side,
                ),
                Phase::Over => return,
                _ => (false, None),
            };
            if part <= 0.0 {
                sign = if side == Some(Side::Right) { -1.0 } else { 1.0 };
            }
            let step = 1.0 / self.setting.rate;
            part = (part + if up { step } else { -step }).clamp(0.0, 1.0);
            let there = moves[progress.exercise.min(moves.len() - 1)];
            self.look(&there, part, sign);
        }
    }

    fn look(&mut self, there: &Move, part: f64, sign: f64) {
        let seen = self.see(there, part, sign);
        let input = CoachInput::Observation(Box::new(seen));
        self.events
            .extend(self.coach.handle(moment(self.now), input));
        self.now += Duration::from_secs_f64(1.0 / self.setting.rate);
    }

    fn see(&mut self, there: &Move, part: f64, sign: f64) -> Observation {
        let breath = 0.3 * (self.now.as_secs_f64() * std::f64::consts::TAU / 4.0).sin();
        let posture = Posture {
            shrug: there.posture_at(part, sign).shrug + 0.3 * breath + self.raised,
            ..there.posture_at(part, sign)
        };
        let body = self.build.body(&posture, self.screen);
        let (width, height) = self.camera.size;
        let lost = match self.setting.noise.dropouts {
            Dropouts::Joints(part) => Joint::ALL.map(|_| self.chance.happens(part)),
            _ => [false; Joint::COUNT],
        };
        let off = self.camera.off_axis(body.ears(), body.facing);
        let far = |mine: Joint, other: Joint| off > 50.0 && body.at(mine).z < body.at(other).z;
        let mut keypoints = Joint::ALL.map(|joint| {
            let (x, y) = self.camera.project(there.arm(&body, joint, part));
            let (right, down) = self.setting.noise.offset(&mut self.chance, width);
            let (x, y) = (x + right, y + down);
            let (width, height) = (f64::from(width), f64::from(height));
            let inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
            let hidden = !inside
                || lost[joint as usize]
                || match joint {
                    Joint::LeftEar => far(Joint::LeftEar, Joint::RightEar),
                    Joint::RightEar => far(Joint::RightEar, Joint::LeftEar),
                    Joint::LeftElbow | Joint::RightElbow | Joint::LeftWrist | Joint::RightWrist => {
                        self.arms_hidden
                    }
                    _ => joint as usize > Joint::RightWrist as usize,
                };
            Keypoint {
                x: x.clamp(0.0, width) as f32,
                y: y.clamp(0.0, height) as f32,
                confidence: if hidden { 0.15 } else { 0.8 },
            }
        });
        if self.setting.mirrored {
            for k in &mut keypoints {
                k.x = width as f32 - k.x;
            }
            for left in (Joint::LeftEye as usize..Joint::COUNT).step_by(2) {
                keypoints.swap(left, left + 1);
            }
        }
        Observation {
            frame: (width, height),
            pose: Pose::new(keypoints),
            presence: self.presence,
            light: 0.5,
            camera: None,
            other_person: None,
        }
    }

    /// Repetitions counted: seen, and by time.
    pub(crate) fn counted(&self) -> (usize, usize) {
        let of = |wanted: bool| {
            let is_it = |event: &&CoachEvent| matches!(event, CoachEvent::Counted { verified, .. } if *verified == wanted);
            self.events.iter().filter(is_it).count()
        };
        (of(true), of(false))
    }

    /// The hints that were given.
    pub(crate) fn hints(&self) -> Vec<&'static str> {
        let hint = |event: &CoachEvent| match event {
            CoachEvent::Hint(Some(hint)) => Some(hint.name()),
            _ => None,
        };
        self.events.iter().filter_map(hint).collect()
    }
}

/// So many people at each of two desks: half of them five times a second, half ten; half with twice
/// the noise; a third with joints that fall out of sight.
pub(crate) fn everybody(each: u64) -> impl Iterator<Item = Setting> {
    Desk::BOTH.into_iter().flat_map(move |desk| {
        (0..each).map(move |n| Setting {
            rate: [5.0, 10.0][(n % 2) as usize],
            noise: Noise {
                level: [1.0, 2.0][(n / 2 % 2) as usize],
                dropouts: if n % 3 == 0 {
                    Dropouts::Joints(0.05)
                } else {
                    Dropouts::None
                },
            },
            ..Setting::new(n + 1, desk)
        })
    })
}
