//! What a run with everything on costs: camera, ONNX Runtime, notifications, tone, hook, panel, broker,
//! metrics, and somebody who follows it, for `BACKSTAY_ALL_ON_MINUTES` (1).
//!
//! Memory has a limit here; the share of a core is told and not judged, for a machine that does
//! other things too says nothing of it. `BACKSTAY_ALL_ON_PROGRAM` names a program built for speed, and
//! `BACKSTAY_ALL_ON_PICTURES` a folder of pictures at 3 a second in place of the sample's.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "rig/broker.rs"]
mod broker;
#[path = "rig/bus.rs"]
mod bus;
mod common;
#[path = "rig/fakecam/mod.rs"]
mod fakecam;
mod tray {
    pub(crate) mod rig;
}

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use backstay::runtime::clock;
use broker::{Broker, Wanted, free_port};
use bus::{Killed, PYTHON, first_line};
use common::{Home, ort, rig};
use fakecam::FakeCamera;
use tray::rig::{Bus, Panel, until};

/// Resident memory of the run and its camera process together, in KiB: 120 MB.
const MOST_MEMORY: u64 = 120_000_000 / 1024;

/// Linux tells processor time in hundredths of a second (`USER_HZ`, proc(5)).
const TICKS_A_SECOND: f64 = 100.0;

/// How often Prometheus asks: its default is a minute, and many set 15 s.
const SCRAPE_EVERY: Duration = Duration::from_secs(15);

#[test]
fn memory_stays_within_its_limit_with_everything_on() {
    const TEST: &str = "a run with everything on";
    let minutes = std::env::var("BACKSTAY_ALL_ON_MINUTES");
    let minutes: f64 = minutes.map_or(1.0, |text| text.parse().unwrap());
    let program = std::env::var("BACKSTAY_ALL_ON_PROGRAM");
    let program = program.unwrap_or_else(|_| env!("CARGO_BIN_EXE_backstay").to_owned());
    let (Some(mut camera), Some(desk), Some(_)) =
        (FakeCamera::new(&program), Bus::start(TEST), ort(TEST))
    else {
        return;
    };
    let has_broker = broker::is_there();
    let Some(()) = rig(TEST, "the program mosquitto", has_broker) else {
        return;
    };
    if let Some(pictures) = std::env::var_os("BACKSTAY_ALL_ON_PICTURES") {
        camera.set("picture_fps", "3");
        camera.play(Path::new(&pictures));
    }
    let broker = Broker::start(Wanted::default());
    let panel = Panel::start(&desk);
    let home = Home::new();
    let _daemon = daemon(&desk, &home);
    let port = free_port();
    let config = format!(
        "[alerts]\nsound = true\non_alert = \"cat\"\n[mqtt]\nbroker = \"mqtt://localhost:{}\"\n\
         [web]\nport = {port}\n",
        broker.port
    );
    home.configure("config.toml", &config);
    let mut command = home.start(camera.program());
    command
        .args(["run", "--json", "--engine", "ort"])
        .env("DBUS_SESSION_BUS_ADDRESS", &desk.address)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match std::env::var_os("BACKSTAY_TEST_ORT") {
        Some(library) => command.env("ORT_DYLIB_PATH", library),
        None => command.env("XDG_DATA_HOME", data_home()),
    };
    let run = command.spawn().map(Killed).unwrap();
    until("it has the camera", || processes(run.0.id()).len() == 2);
    panel.wait_for("the icon is there", |_| true);
    let mut follower = home.program();
    follower
        .args(["status", "--watch", "--json"])
        .stdout(Stdio::null());
    let _follower = follower.spawn().map(Killed).unwrap();

    let (began, spent) = (clock::elapsed_since_start(), ticks(run.0.id()));
    let until = began + Duration::from_secs_f64(60.0 * minutes);
    let mut most = 0;
    while clock::elapsed_since_start() < until {
        clock::sleep(SCRAPE_EVERY);
        assert!(scrape(port).contains("backstay_observations_total"));
        most = most.max(memory(run.0.id()));
    }
    let took = (clock::elapsed_since_start() - began).as_secs_f64();
    let share = 100.0 * (ticks(run.0.id()) - spent) as f64 / TICKS_A_SECOND / took;
    let numbers = scrape(port);
    let lines = numbers.lines().filter(|line| {
        ["observations_total ", "alerts_total", "state_seconds"]
            .iter()
            .any(|name| line.starts_with(&format!("backstay_{name}")))
    });
    eprintln!(
        "{took:.0} s with everything on: {share:.2} % of a core, at most {} MB\n{}",
        most * 1024 / 1_000_000,
        lines.collect::<Vec<_>>().join("\n")
    );
    assert!(most < MOST_MEMORY, "{most} KiB");
}

/// A daemon that takes every notification.
fn daemon(desk: &Bus, home: &Home) -> Killed {
    let mut daemon = Command::new(PYTHON)
        .arg(bus::folder("notify").join("mockd.py"))
        .arg(home.path("notified"))
        .env("DBUS_SESSION_BUS_ADDRESS", &desk.address)
        .stdout(Stdio::piped())
        .spawn()
        .map(Killed)
        .unwrap();
    assert_eq!(first_line(&mut daemon.0), "READY");
    daemon
}

/// Where the person who runs the tests has their engine.
fn data_home() -> PathBuf {
    let data = backstay::config::folders::data().unwrap();
    data.parent().unwrap().to_owned()
}

fn scrape(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The run and the processes it has started.
fn processes(run: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let ours = all.filter_map(|process| {
        let id: u32 = process.file_name().to_str()?.parse().ok()?;
        let parent: u32 = fields(id)?.get(1)?.parse().ok()?;
        (id == run || parent == run).then_some(id)
    });
    ours.collect()
}

/// The fields of a process's `stat` from its state on (proc(5): state is the third).
fn fields(process: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// Processor time of all of it, with that of the hooks and tones that have ended.
fn ticks(run: u32) -> u64 {
    let of = |process: u32| -> u64 {
        // utime, stime, and those of the children that were waited for: fields 14 to 17.
        let fields = fields(process).unwrap_or_default();
        let times = fields.iter().skip(11).take(4);
        times.filter_map(|time| time.parse::<u64>().ok()).sum()
    };
    processes(run).into_iter().map(of).sum()
}

/// Resident memory of all of it in KiB; what processes share counts for each.
fn memory(run: u32) -> u64 {
    let of = |process: u32| -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    };
    processes(run).into_iter().filter_map(of).sum()
}
