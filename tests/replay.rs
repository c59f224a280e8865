//! A recorded session gives, on replay, the effects that the live run had, at the same moments.
//! The live run is the real one but for its camera and its time: that is tokio's, paused, which
//! jumps to the next thing that is due.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "domain/people.rs"]
#[allow(dead_code, reason = "shared with the tests of the domain")]
mod people;

use std::path::Path;
use std::time::Duration;

use backstay::domain::io::{
    AlertKind, CameraReport, CameraStatus, Command, Effect, Input, Observation, Signal, Silence,
    State,
};
use backstay::domain::monitor::Monitor;
use backstay::domain::pauses::PauseReason;
use backstay::domain::settings::{PerFault, Sensitivity, Settings};
use backstay::domain::time::{Moment, WallTime};
use backstay::runtime::clock::LiveClock;
use backstay::runtime::drive;
use backstay::runtime::live::LiveInputs;
use backstay::runtime::outputs::Outputs;
use backstay::runtime::rate::SharedRate;
use backstay::runtime::replay::SessionReplay;
use backstay::runtime::tape::Tape;
use backstay::runtime::watch::Seen;
use backstay::session::{Header, Line, Model, SessionReader, settings as session_settings};
use people::{LAPTOP, Posture, empty};
use tokio::sync::mpsc::{self, Sender, UnboundedSender};

/// What was wanted, and when.
type Effects = Vec<(Moment, Effect)>;

fn s(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A camera and a person, for a live run.
struct World {
    seen: UnboundedSender<Seen>,
    commands: Sender<Command>,
    signals: Sender<Signal>,
    rate: SharedRate,
    clock: LiveClock,
    /// State of a generator of jitter: pictures come early, late, and after their time.
    noise: u64,
}

impl World {
    /// 0 to 1.
    fn chance(&mut self) -> f64 {
        self.noise = self.noise.wrapping_mul(6_364_136_223_846_793_005) + 1;
        (self.noise >> 40) as f64 / (1 << 24) as f64
    }

    /// Pictures of this, at the rate that is asked for, until `end` seconds after the start.
    async fn show(&mut self, observation: Observation, end: f64) {
        while self.clock.elapsed() < s(end) {
            let taken = self.clock.elapsed();
            // Looking at a picture takes a while; its moment is when it was taken.
            tokio::time::sleep(s(0.02 + 0.1 * self.chance())).await;
            let mut observation = observation;
            observation.light = 0.4 + 0.01 * self.chance() as f32;
            let _ = self.seen.send(Seen::Observation(taken, observation));
            let wait = (0.8 + 0.4 * self.chance()) / self.rate.get().max(0.5);
            tokio::time::sleep_until(self.clock.instant(taken + s(wait))).await;
        }
    }

    async fn wait(&self, end: f64) {
        tokio::time::sleep_until(self.clock.instant(s(end))).await;
    }

    fn report(&self, status: CameraStatus, detail: &str) {
        let detail = detail.to_owned();
        let report = CameraReport { status, detail };
        let _ = self.seen.send(Seen::Report(self.clock.elapsed(), report));
    }

    async fn tell(&self, signal: Signal) {
        self.signals.send(signal).await.unwrap();
    }

    async fn ask(&self, command: Command) {
        self.commands.send(command).await.unwrap();
    }

    /// Ten minutes in which everything happens.
    async fn go(mut self) {
        let upright = LAPTOP.see(Posture::UPRIGHT);
        let slouch = LAPTOP.see(Posture::SLOUCH);
        self.show(upright, 15.0).await;
        self.show(slouch, 60.0).await;
        self.show(upright, 100.0).await;
        self.report(CameraStatus::Lost, "the cable was pulled");
        self.wait(140.0).await;
        self.report(CameraStatus::Ok, "");
        self.show(upright, 150.0).await;
        self.tell(Signal::DoNotDisturb(true)).await;
        self.show(slouch, 200.0).await;
        self.tell(Signal::DoNotDisturb(false)).await;
        // No picture and no word of why: the monitor's own deadline tells.
        self.wait(215.0).await;
        self.show(slouch, 230.0).await;
        self.show(empty(), 400.0).await;
        self.show(upright, 500.0).await;
        self.tell(Signal::Locked(true)).await;
        self.tell(Signal::Idle(s(5.0))).await;
        self.wait(503.0).await;
        self.tell(Signal::Locked(false)).await;
        self.ask(Command::Snooze(s(5.0))).await;
        self.show(upright, 512.0).await;
        self.ask(Command::Pause(None)).await;
        self.show(slouch, 520.0).await;
        self.ask(Command::Resume).await;
        self.show(slouch, 600.0).await;
        let _ = self.seen.send(Seen::End);
    }
}

/// A live run that is recorded into `path`.
async fn live(path: &Path, noise: u64) -> Effects {
    let settings = Settings::default();
    let started = WallTime {
        unix_ms: 1_790_000_000_000,
        utc_offset_s: 3600,
    };
    let header = Header {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        model: Model {
            name: "lightning".to_owned(),
            sha256: "ab".repeat(32),
        },
        engine: "rten".to_owned(),
        frame: (0, 0),
        started,
        settings: session_settings::to_map(&settings),
        baseline: None,
        profiles: Vec::new(),
    };
    let rate = SharedRate::new(settings.rates.active);
    let (seen_in, seen) = mpsc::unbounded_channel();
    let (commands_in, commands) = mpsc::channel(8);
    let clock = LiveClock::start_at(started);
    let mut inputs = LiveInputs::new(clock, seen, commands, std::future::pending());
    let (signals_in, signals) = mpsc::channel(8);
    inputs.signals = Some(signals);
    inputs.plan(Duration::ZERO, Command::Calibrate(s(10.0)));
    let mut outputs = Outputs::new(rate.clone());
    outputs.tape = Some(Tape::new(path, header).unwrap());
    outputs.kept = Some(Vec::new());
    let mut monitor = Monitor::new(settings, None);
    let world = World {
        seen: seen_in,
        commands: commands_in,
        signals: signals_in,
        rate,
        clock,
        noise,
    };
    let world = tokio::spawn(world.go());
    drive(&mut monitor, &mut inputs, &mut outputs)
        .await
        .unwrap();
    world.await.unwrap();
    let kept = outputs.kept.take().unwrap();
    outputs.finish().unwrap();
    kept
}

/// The effects of a replay, and those that the session tells of.
async fn replayed(path: &Path, settings: Settings) -> (Effects, Effects) {
    let mut inputs = SessionReplay::new(SessionReader::open(path).unwrap());
    let mut outputs = Outputs::new(SharedRate::new(settings.rates.active));
    outputs.kept = Some(Vec::new());
    let mut monitor = Monitor::new(settings, None);
    drive(&mut monitor, &mut inputs, &mut outputs)
        .await
        .unwrap();
    assert_eq!(inputs.notice(), None);
    (outputs.kept.unwrap(), inputs.recorded)
}

fn everything_happened(effects: &Effects) {
    let has = |what: &str, which: fn(&Effect) -> bool| {
        assert!(effects.iter().any(|(_, e)| which(e)), "no {what}");
    };
    has("calibration", |e| matches!(e, Effect::Calibrated(_)));
    has("rate", |e| matches!(e, Effect::Rate(hz) if *hz < 3.0));
    has(
        "lock",
        |e| matches!(e, Effect::Paused(why) if *why == [PauseReason::Locked]),
    );
    has(
        "snooze",
        |e| matches!(e, Effect::Paused(why) if *why == [PauseReason::Snoozed]),
    );
    has(
        "end of a pause",
        |e| matches!(e, Effect::Paused(why) if why.is_empty()),
    );
    has("break", |e| matches!(e, Effect::BreakTaken(_)));
    for state in State::ALL {
        let told = |e: &Effect| matches!(e, Effect::State { state: s, .. } if *s == state);
        assert!(effects.iter().any(|(_, e)| told(e)), "never {state:?}");
    }
    let posture = AlertKind::Posture;
    has(
        "alert",
        |e| matches!(e, Effect::Alert(a) if a.silenced.is_none()),
    );
    has(
        "undisturbed",
        |e| matches!(e, Effect::Alert(a) if a.silenced == Some(Silence::DoNotDisturb)),
    );
    assert!(
        effects
            .iter()
            .any(|(_, e)| matches!(e, Effect::Clear { kind, .. } if *kind == posture))
    );
}

#[tokio::test(start_paused = true)]
async fn a_replay_does_what_the_live_run_did() {
    let folder = tempfile::tempdir().unwrap();
    for (noise, name) in [(1, "a.jsonl"), (2, "b.jsonl.zst"), (3, "c.jsonl.zst")] {
        let path = folder.path().join(name);
        let live = live(&path, noise).await;
        everything_happened(&live);
        let (replayed, recorded) = replayed(&path, Settings::default()).await;
        assert_eq!(recorded, live, "{name}");
        assert_eq!(replayed, live, "{name}");

        let inputs = SessionReader::open(&path).unwrap().map(Result::unwrap);
        let tick = |line: &Line| matches!(line, Line::Input(_, Input::Tick));
        assert!(inputs.filter(tick).count() >= 2, "{name}");
    }
}

/// The comparison above can fail: other settings have other effects.
#[tokio::test(start_paused = true)]
async fn other_settings_do_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    let live = live(&path, 1).await;
    let mut settings = Settings::default();
    settings.posture.sensitivity = PerFault::new(|_| Sensitivity::Relaxed);
    settings.posture.dwell *= 2;
    assert_ne!(replayed(&path, settings).await.0, live);
}
