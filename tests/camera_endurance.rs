//! The whole program in front of a camera that fails at random, for long: nothing may leak, no state
//! may be old, and at the end all is well.
//!
//! `BACKSTAY_FAULT_MINUTES` says for how many minutes (1); the ignored form takes two hours.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod common;
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
#[path = "rig/running.rs"]
mod running;

use std::time::Duration;

use backstay::runtime::clock;
use fakecam::FakeCamera;
use running::{Running, is_judged};

/// The same faults in every run.
const SEED: u64 = 0x5eed_bac5_7a1d;

/// The longest to wait for a judgement once all is well: half a minute until the next try, and what a
/// busy machine needs on top.
const HEALS_WITHIN: Duration = Duration::from_secs(60);

/// No state may be older than 2 s, or 3 s while nothing changes; the rest is for a machine that does
/// other things too.
const OLD: Duration = Duration::from_millis(4500);

/// Files a run may have open beyond those at first: a camera process has three pipes, and one may be
/// ending while another starts.
const MORE_FILES: usize = 8;

/// Memory a run may take beyond that at first, in bytes: a handful of frames of up to 1.8 MB on their
/// way, the allocator's pools for them in each of a few threads, and two hours of events; a leak of one
/// frame in a hundred would take more within an hour.
const MORE_MEMORY: u64 = 32 << 20;

/// The rig's faults while it streams, and of opening.
const FAULTS: [&str; 14] = [
    "stall",
    "eio",
    "unplug",
    "freeze",
    "corrupt",
    "truncate",
    "empty",
    "errflag",
    "busy_open",
    "eacces_open",
    "busy_fmt",
    "busy_on",
    "nospace_on",
    "eio_off",
];

/// With these no picture can be had that may be judged.
const BLINDING: [&str; 8] = [
    "stall", "eio", "unplug", "freeze", "corrupt", "truncate", "empty", "errflag",
];

#[test]
fn random_faults_leave_nothing_behind() {
    let minutes = std::env::var("BACKSTAY_FAULT_MINUTES");
    let minutes = minutes.map_or(1.0, |text| text.parse().unwrap());
    endure(minutes);
}

#[test]
#[ignore = "takes two hours"]
fn two_hours_of_random_faults_leave_nothing_behind() {
    endure(120.0);
}

fn endure(minutes: f64) {
    let Some(mut camera) = FakeCamera::new(env!("CARGO_BIN_EXE_backstay")) else {
        return;
    };
    let run = Running::start(&camera, &["--calibrate-seconds", "3"]);
    assert!(run.wait(Duration::ZERO, HEALS_WITHIN, is_judged).is_some());
    clock::sleep(Duration::from_secs(5));
    let (files, memory) = (run.open_files(), run.memory());
    let mut chance = Chance(SEED);
    let until = clock::elapsed_since_start() + Duration::from_secs_f64(60.0 * minutes);
    let mut steps = 0;
    let mut node = 0;
    while clock::elapsed_since_start() < until {
        steps += 1;
        let lasts = Duration::from_millis(chance.below(9000));
        let what = chance.below(FAULTS.len() as u64 + 4) as usize;
        let name = FAULTS.get(what).copied().unwrap_or("unplugged");
        let here = format!("seed {SEED:#x}, step {steps}: {name} for {lasts:?}");
        match FAULTS.get(what) {
            Some(fault) => camera.fault(fault),
            None => camera.unplug(),
        }
        let blind = name == "unplugged" || BLINDING.contains(&name);
        if blind && OLD < lasts {
            clock::sleep(OLD);
            assert_eq!(run.state(), "unsure", "{here}: an old state");
            clock::sleep(lasts - OLD);
            assert_eq!(run.state(), "unsure", "{here}: judged all the same");
        } else {
            clock::sleep(lasts);
        }
        if name == "unplugged" {
            // As the node it was, or as another.
            if chance.below(2) == 0 {
                node = if node == 2 { 3 } else { 2 };
                camera.replug_as(node);
            } else {
                camera.replug();
            }
        } else {
            camera.fault("none");
        }
        clock::sleep(Duration::from_millis(500 + chance.below(5000)));
        settle(&run, &here, files + MORE_FILES);
        let grown = run.memory().saturating_sub(memory);
        assert!(grown < MORE_MEMORY, "{here}: {grown} bytes more");
    }
    // It may have been told good before the last fault: a judgement from now on must come of itself.
    let now = clock::elapsed_since_start();
    let healthy = || ["good", "at_risk", "bad", "away"].contains(&run.state().as_str());
    while !healthy() {
        let waited = clock::elapsed_since_start() - now;
        let events = run.events();
        let last = &events[events.len().saturating_sub(12)..];
        assert!(
            waited < HEALS_WITHIN,
            "seed {SEED:#x}, {steps} steps: not well: {last:?}"
        );
        clock::sleep(Duration::from_millis(200));
    }
    settle(&run, "at the end", files + MORE_FILES);
    let (files, grown) = (run.open_files(), run.memory().saturating_sub(memory));
    let summary = run.stop();
    println!("{steps} faults; {files} files open, {grown} bytes more than at first; {summary}");
    assert!(0 < summary["bad_frames"].as_u64().unwrap(), "{summary}");
}

/// Waits until there is one camera process at most and few files are open: one process may be ending
/// while the next starts.
fn settle(run: &Running, here: &str, files: usize) {
    for last in [false, false, false, false, true] {
        let children = run.children();
        let well = children.len() <= 1
            && children.iter().all(|(_, state)| *state != 'Z')
            && run.open_files() <= files;
        if well {
            return;
        }
        assert!(!last, "{here}: {children:?}, {} files", run.open_files());
        clock::sleep(Duration::from_millis(500));
    }
}

/// Numbers by chance, the same ones for the same seed: xorshift64, Marsaglia 2003.
struct Chance(u64);

impl Chance {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
