//! A day of forty things that can happen: its stretches add up, and say what was.

use std::time::Duration;

use backstay::domain::intervals::{Interval, IntervalKind};
use backstay::domain::io::{
    CameraReport, CameraStatus, Command, Doubt, Input, Observation, Signal,
};
use backstay::domain::settings::Settings;
use proptest::prelude::*;

use crate::desk::{Desk, assert_they_add_up, empty, sits, stands, total};

/// What can happen, most of it for so many seconds.
#[derive(Clone, Debug)]
enum Event {
    Sit(u32),
    Stand(u32),
    Leave(u32),
    Lock(u32),
    /// The machine sleeps; the monotonic clock counts that or stands still.
    Sleep(u32, bool),
    /// Nobody tells of it, and the monotonic clock stands still.
    SleepUntold(u32),
    /// The wall clock is set.
    Clock(i32),
    Call(u32),
    Pause(u32),
    Dark(u32),
    /// Without a camera, with somebody at the keyboard.
    Blind(u32),
    /// Somebody at the keyboard whom the camera does not see.
    Missed(u32),
}

/// What it is in truth.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Truth {
    Sits,
    Stands,
    Away,
    Unknown,
}

/// Absences of all lengths, short ones no rarer than long ones.
fn absence() -> impl Strategy<Value = u32> {
    prop_oneof![1..28_u32, 35..110_u32, 130..600_u32, 600..2400_u32]
}

fn event() -> impl Strategy<Value = Event> {
    let stay = || 25..900_u32;
    prop_oneof![
        6 => stay().prop_map(Event::Sit),
        3 => stay().prop_map(Event::Stand),
        5 => absence().prop_map(Event::Leave),
        2 => absence().prop_map(Event::Lock),
        // Less than ten seconds of sleep look like a clock that is set.
        2 => (absence(), any::<bool>()).prop_map(|(s, counted)| Event::Sleep(s.max(11), counted)),
        1 => (60..2000_u32).prop_map(Event::SleepUntold),
        2 => (-7200..7200_i32).prop_map(Event::Clock),
        1 => stay().prop_map(Event::Call),
        1 => stay().prop_map(Event::Pause),
        1 => stay().prop_map(Event::Dark),
        1 => stay().prop_map(Event::Blind),
        1 => stay().prop_map(Event::Missed),
    ]
}

/// A stretch of truth.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    truth: Truth,
    from: f64,
    to: f64,
    /// Seconds asleep that the monotonic clock did not count.
    asleep: f64,
}

impl Stretch {
    fn length(&self) -> f64 {
        self.to - self.from + self.asleep
    }
}

struct Play {
    desk: Desk,
    truth: Vec<Stretch>,
}

impl Play {
    fn new() -> Self {
        Self {
            desk: Desk::with(Settings::default()),
            truth: Vec::new(),
        }
    }

    fn play(&mut self, event: &Event) {
        let from = self.desk.now;
        let mut asleep = 0.0;
        let desk = &mut self.desk;
        let seconds = |s: &u32| f64::from(*s);
        let dark = Observation {
            light: 0.02,
            ..sits()
        };
        let truth = match event {
            Event::Sit(s) => {
                desk.watch(sits(), seconds(s));
                Truth::Sits
            }
            Event::Stand(s) => {
                desk.watch(stands(), seconds(s));
                Truth::Stands
            }
            Event::Leave(s) => {
                desk.watch(empty(), seconds(s));
                Truth::Away
            }
            Event::Lock(s) => {
                desk.signal(Signal::Locked(true)).wait(seconds(s));
                desk.signal(Signal::Locked(false));
                Truth::Away
            }
            Event::Sleep(s, counted) => {
                desk.signal(Signal::Asleep(true));
                if *counted {
                    desk.now += seconds(s);
                } else {
                    desk.ahead += seconds(s);
                    asleep = seconds(s);
                }
                desk.signal(Signal::Asleep(false));
                Truth::Away
            }
            Event::SleepUntold(s) => {
                desk.ahead += seconds(s);
                return;
            }
            Event::Clock(s) => {
                desk.ahead += f64::from(*s);
                return;
            }
            Event::Call(s) => {
                desk.signal(Signal::Call(true)).wait(seconds(s));
                desk.signal(Signal::Call(false));
                Truth::Unknown
            }
            Event::Pause(s) => {
                let span = Duration::from_secs_f64(seconds(s));
                desk.input(Input::Command(Command::Pause(Some(span))))
                    .wait(seconds(s) + 0.01);
                Truth::Unknown
            }
            Event::Dark(s) => {
                desk.watch(dark, seconds(s));
                Truth::Unknown
            }
            Event::Blind(s) => {
                desk.watch(sits(), 15.0);
                let report = |status| {
                    let detail = String::new();
                    Input::Camera(CameraReport { status, detail })
                };
                desk.input(report(CameraStatus::Lost));
                for _ in 0..s / 10 {
                    desk.wait(10.0).signal(Signal::Idle(Duration::from_secs(2)));
                }
                desk.input(report(CameraStatus::Ok));
                Truth::Sits
            }
            Event::Missed(s) => {
                desk.watch(sits(), 15.0);
                for _ in 0..s / 10 {
                    desk.watch(empty(), 10.0)
                        .signal(Signal::Idle(Duration::from_secs(1)));
                }
                Truth::Sits
            }
        };
        let to = desk.now;
        match self.truth.last_mut() {
            Some(last) if last.truth == truth => {
                last.to = to;
                last.asleep += asleep;
            }
            _ => self.truth.push(Stretch {
                truth,
                from,
                to,
                asleep,
            }),
        }
    }

    /// The truth as it is to be told: what is away for less than half a minute is ignored. With it
    /// the seconds that may be told either way.
    fn sat(&self) -> (f64, f64) {
        let (mut sat, mut either) = (0.0, 10.0);
        for (n, stretch) in self.truth.iter().enumerate() {
            // Who comes, goes or changes stance is believed after some seconds.
            either += 8.0;
            match stretch.truth {
                Truth::Sits => sat += stretch.to - stretch.from,
                Truth::Away if stretch.length() < 45.0 => {
                    let neighbour = |n: Option<usize>| n.and_then(|n| self.truth.get(n));
                    let around = [n.checked_sub(1), n.checked_add(1)].map(neighbour);
                    let sits = |it: &Option<&Stretch>| it.is_some_and(|it| it.truth == Truth::Sits);
                    if stretch.length() < 28.0 && around.iter().all(sits) {
                        sat += stretch.to - stretch.from;
                    } else {
                        either += stretch.to - stretch.from;
                    }
                }
                _ => {}
            }
        }
        (sat, either)
    }

    fn check_breaks(&self, intervals: &[Interval]) -> Result<(), TestCaseError> {
        let occupied = |stretch: &Stretch| matches!(stretch.truth, Truth::Sits | Truth::Stands);
        for three in self.truth.windows(3) {
            let [before, stretch, after] = three else {
                continue;
            };
            if stretch.truth != Truth::Away || !occupied(before) || !occupied(after) {
                continue;
            }
            let expected: &[IntervalKind] = match stretch.length() {
                s if (38.0..110.0).contains(&s) => &[IntervalKind::MicroBreak],
                s if (130.0..890.0).contains(&s) => &[IntervalKind::Break],
                s if s >= 910.0 => &[IntervalKind::Away],
                _ => continue,
            };
            let middle = (stretch.from + stretch.to) / 2.0;
            let there: Vec<_> = intervals
                .iter()
                .filter(|it| {
                    it.from.elapsed.as_secs_f64() <= middle + 6.0
                        && it.to.elapsed.as_secs_f64() >= middle - 6.0
                        && expected.contains(&it.kind)
                })
                .collect();
            prop_assert_eq!(there.len(), 1, "{:?} in {:?}", stretch, intervals);
            let lasted = there[0].lasted().as_secs_f64();
            prop_assert!(
                (lasted - stretch.length()).abs() < 8.0,
                "{} for {:?}",
                lasted,
                stretch
            );
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_minutes_of_any_day_add_up(events in prop::collection::vec(event(), 40)) {
        let mut play = Play::new();
        for event in &events {
            play.play(event);
        }
        let intervals = play.desk.intervals();
        assert_they_add_up(&intervals, play.desk.now);
        let told = total(&intervals, IntervalKind::Sitting);
        let (sat, either) = play.sat();
        prop_assert!((told - sat).abs() <= either, "{told} told, {sat} true, {either} either way");
        play.check_breaks(&intervals)?;
    }
}

#[test]
fn a_night_asleep_is_away_and_adds_no_sitting() {
    for counted in [true, false] {
        let mut play = Play::new();
        for event in [
            Event::Sit(600),
            Event::Sleep(8 * 3600, counted),
            Event::Sit(600),
        ] {
            play.play(&event);
        }
        let intervals = play.desk.intervals();
        assert_they_add_up(&intervals, play.desk.now);
        let kinds: Vec<_> = intervals.iter().map(|it| (it.kind, it.locked)).collect();
        assert_eq!(
            kinds,
            [
                (IntervalKind::Unwatched, false),
                (IntervalKind::Sitting, false),
                (IntervalKind::Away, true),
                (IntervalKind::Sitting, false)
            ]
        );
        let away = intervals[2].lasted().as_secs_f64();
        assert!((away - 8.0 * 3600.0).abs() < 5.0, "{away}");
        let sat = total(&intervals, IntervalKind::Sitting);
        assert!((sat - 1200.0).abs() < 5.0, "{sat}");
    }
}

#[test]
fn input_where_nobody_is_seen_means_that_somebody_was_missed() {
    let mut play = Play::new();
    play.play(&Event::Sit(300));
    play.play(&Event::Missed(600));
    let status = play.desk.monitor.status();
    assert_eq!(status.doubt, Some(Doubt::Hidden), "somebody is there");
    // The last touch was a second ago: only now have they left.
    play.play(&Event::Leave(300));
    play.play(&Event::Sit(60));
    let intervals = play.desk.intervals();
    assert_they_add_up(&intervals, play.desk.now);
    let told: Vec<_> = intervals
        .iter()
        .map(|it| (it.kind, it.lasted().as_secs_f64().round()))
        .skip(1)
        .collect();
    let [
        (IntervalKind::Sitting, sat),
        (IntervalKind::Break, away),
        (IntervalKind::Sitting, _),
    ] = told[..]
    else {
        panic!("{told:?}")
    };
    assert!(
        (sat - 914.0).abs() < 5.0 && (away - 301.0).abs() < 5.0,
        "{told:?}"
    );
}

#[test]
fn a_single_touch_ends_no_break_and_hands_at_work_do() {
    let idle = |desk: &mut Desk, s| {
        desk.signal(Signal::Idle(Duration::from_secs(s)));
    };
    let mut desk = Desk::with(Settings::default());
    desk.minutes(sits(), 10.0).minutes(empty(), 4.0);
    // Somebody nudges the desk.
    idle(&mut desk, 2);
    desk.minutes(empty(), 4.0).minutes(sits(), 1.0);
    let breaks = total(&desk.intervals(), IntervalKind::Break);
    assert!((breaks - 480.0).abs() < 8.0, "{breaks}");
    // Somebody is back, and is not seen.
    desk.minutes(empty(), 5.0);
    for _ in 0..30 {
        desk.watch(empty(), 10.0);
        idle(&mut desk, 1);
    }
    desk.minutes(sits(), 1.0);
    let breaks = total(&desk.intervals(), IntervalKind::Break) - breaks;
    assert!((breaks - 309.0).abs() < 8.0, "{breaks}");
}

#[test]
fn the_hands_of_who_has_left_keep_nobody_at_the_desk() {
    let mut play = Play::new();
    // Used until just before the machine slept; who wakes it is seen for a moment, and leaves.
    for event in [
        Event::Blind(25),
        Event::Sleep(11, false),
        Event::Leave(27),
        Event::Sit(25),
    ] {
        play.play(&event);
    }
    let intervals = play.desk.intervals();
    let short = |it: &&Interval| it.kind == IntervalKind::MicroBreak;
    let short: Vec<_> = intervals.iter().filter(short).collect();
    assert_eq!(short.len(), 1, "{intervals:?}");
    let lasted = short[0].lasted().as_secs_f64();
    assert!((lasted - 38.0).abs() < 6.0, "{lasted}");
}
