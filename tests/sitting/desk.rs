//! A desk on a virtual clock: somebody sits, stands or is away before a camera that looks when it
//! is asked to.

use std::time::Duration;

use backstay::domain::baseline::Calibrator;
use backstay::domain::intervals::{Interval, IntervalKind};
use backstay::domain::io::{Alert, AlertKind, CameraShift, Effect, Input, Observation, Signal};
use backstay::domain::monitor::Monitor;
use backstay::domain::profile::{Profile, Stance};
use backstay::domain::settings::Settings;
use backstay::domain::time::{Moment, WallTime};

use crate::people::{self, MONITOR, Posture};

/// Somebody who sits so far away that there is room above them in the picture.
const SITTING: Posture = Posture {
    chair_cm: -40.0,
    ..Posture::UPRIGHT
};

const ROOM: CameraShift = CameraShift {
    scene: 0,
    right: 0.0,
    down: 0.0,
    turn: 0.0,
    zoom: 1.0,
};

/// What is seen of somebody who sits.
pub(crate) fn sits() -> Observation {
    see(SITTING)
}

/// The same person 22 cm higher.
pub(crate) fn stands() -> Observation {
    see(Posture {
        down_cm: -22.0,
        ..SITTING
    })
}

pub(crate) fn slouches() -> Observation {
    see(Posture {
        down_cm: 6.0,
        forward_cm: 10.0,
        ..SITTING
    })
}

pub(crate) fn empty() -> Observation {
    Observation {
        camera: Some(ROOM),
        ..people::empty()
    }
}

fn see(posture: Posture) -> Observation {
    Observation {
        camera: Some(ROOM),
        ..MONITOR.see(posture)
    }
}

/// The uprights of sitting and standing.
pub(crate) fn profiles() -> Vec<Profile> {
    let learn = |stance, seen: Observation| {
        let mut calibrator = Calibrator::default();
        (0..30).for_each(|_| calibrator.push(&seen));
        Profile {
            stance,
            baseline: calibrator.finish().unwrap(),
            place: Some(ROOM),
        }
    };
    vec![
        learn(Stance::Sitting, sits()),
        learn(Stance::Standing, stands()),
    ]
}

/// A monitor and its clocks.
pub(crate) struct Desk {
    pub(crate) monitor: Monitor,
    pub(crate) effects: Vec<(f64, Effect)>,
    pub(crate) inputs: Vec<(Moment, Input)>,
    /// Seconds by the monotonic clock.
    pub(crate) now: f64,
    /// Seconds that the wall clock is ahead of where it began and that.
    pub(crate) ahead: f64,
    /// Seconds between two looks.
    pub(crate) every: f64,
    rate: f64,
}

impl Desk {
    pub(crate) fn with(settings: Settings) -> Self {
        let mut desk = Self {
            monitor: Monitor::with_profiles(settings, profiles()),
            effects: Vec::new(),
            inputs: Vec::new(),
            now: 0.0,
            ahead: 0.0,
            every: 1.0,
            rate: 1.0,
        };
        desk.input(Input::Tick);
        desk
    }

    pub(crate) fn moment(&self) -> Moment {
        let start = WallTime {
            unix_ms: 1_790_000_000_000 + (self.ahead * 1000.0) as i64,
            utc_offset_s: 3600,
        };
        Moment::after(start, Duration::from_secs_f64(self.now))
    }

    pub(crate) fn input(&mut self, input: Input) -> &mut Self {
        let at = self.moment();
        self.inputs.push((at, input.clone()));
        for effect in self.monitor.handle(at, input) {
            if let Effect::Rate(hz) = effect {
                self.rate = hz;
            }
            self.effects.push((self.now, effect));
        }
        self
    }

    pub(crate) fn signal(&mut self, signal: Signal) -> &mut Self {
        self.input(Input::Signal(signal))
    }

    /// Looks at this for so many seconds, when the camera is open.
    pub(crate) fn watch(&mut self, observation: Observation, seconds: f64) -> &mut Self {
        let end = self.now + seconds;
        while self.now + self.every <= end {
            self.wait(self.every);
            if self.rate > 0.0 {
                self.input(Input::Observation(observation));
            }
        }
        self.wait(end - self.now)
    }

    /// Nothing happens but ticks.
    pub(crate) fn wait(&mut self, seconds: f64) -> &mut Self {
        let end = self.now + seconds;
        while let Some(due) = self.monitor.deadline() {
            let due = due.elapsed.as_secs_f64();
            if due >= end {
                break;
            }
            self.now = due;
            self.input(Input::Tick);
        }
        self.now = end;
        self
    }

    pub(crate) fn minutes(&mut self, observation: Observation, minutes: f64) -> &mut Self {
        self.watch(observation, 60.0 * minutes)
    }

    /// The stretches so far, as they would be if the day ended now.
    pub(crate) fn intervals(&mut self) -> Vec<Interval> {
        self.input(Input::Tick);
        let over = self.effects.iter().filter_map(|(_, e)| match e {
            Effect::Interval(interval) => Some(*interval),
            _ => None,
        });
        let mut all: Vec<_> = over.collect();
        all.extend(self.monitor.open_intervals());
        all
    }

    /// When what was told, in whole minutes.
    pub(crate) fn told(&self) -> Vec<(f64, AlertKind)> {
        let alerts = self.alerts().into_iter();
        alerts
            .map(|(at, alert)| ((at / 60.0).round(), alert.kind))
            .collect()
    }

    pub(crate) fn alerts(&self) -> Vec<(f64, Alert)> {
        let alert = |(at, e): &(f64, Effect)| match e {
            Effect::Alert(alert) if alert.silenced.is_none() => Some((*at, alert.clone())),
            _ => None,
        };
        self.effects.iter().filter_map(alert).collect()
    }

    pub(crate) fn cleared(&self) -> Vec<(f64, AlertKind)> {
        let clear = |(at, e): &(f64, Effect)| match e {
            Effect::Clear { kind, .. } => Some((*at, *kind)),
            _ => None,
        };
        self.effects.iter().filter_map(clear).collect()
    }
}

/// Seconds of all stretches of `kind` by the monotonic clock.
pub(crate) fn total(intervals: &[Interval], kind: IntervalKind) -> f64 {
    let of_kind = intervals.iter().filter(|interval| interval.kind == kind);
    of_kind
        .map(|interval| interval.to.since(interval.from).as_secs_f64())
        .sum()
}

/// Each stretch begins where the one before ended, the first at the beginning and the last ends
/// now.
pub(crate) fn assert_they_add_up(intervals: &[Interval], now: f64) {
    let mut end = Duration::ZERO;
    for interval in intervals {
        assert_eq!(interval.from.elapsed, end, "{interval:?}");
        assert!(interval.to.elapsed >= interval.from.elapsed, "{interval:?}");
        end = interval.to.elapsed;
    }
    assert!((end.as_secs_f64() - now).abs() < 1e-6, "{end:?} of {now}");
}
