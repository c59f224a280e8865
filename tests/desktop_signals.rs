//! What the system tells, heard by the whole program on private buses (`tests/rig/desktop`).

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "rig/bus.rs"]
mod bus;
mod common;
mod desktop_signals {
    pub(crate) mod rig;
}

use std::process::Command;
use std::time::Duration;

use backstay::runtime::clock;
use common::Home;
use desktop_signals::rig::{Buses, Desktop, Running, doctor, eventually};

/// Gives each order and expects the reasons for a pause after it.
#[track_caller]
fn check(run: &Running, desktop: &mut Desktop, steps: &[(&str, &str)]) {
    for (order, reasons) in steps {
        let before = run.pauses().len();
        desktop.tell(order);
        run.expect_pause(before, reasons);
    }
}

#[test]
fn each_way_to_lock_pauses_and_each_way_to_unlock_resumes() {
    let Some(buses) = Buses::start("locks") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &[]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    eventually("it listens", || desktop.times("m", "GetActive").len() == 2);
    eventually("it listens", || !desktop.times("get", "Active").is_empty());
    let ways = ["request", "hint", "saver", "gnome"];
    for way in ways {
        let (on, off) = (format!("{way} on"), format!("{way} off"));
        check(&run, &mut desktop, &[(&on, "locked"), (&off, "")]);
    }
    check(
        &run,
        &mut desktop,
        &[("here off", "locked"), ("here on", "")],
    );
    // A desktop that tells all of the lock and only one of its end.
    check(&run, &mut desktop, &[("request on", "locked")]);
    for way in ["hint on", "saver on", "gnome on"] {
        desktop.tell(way);
    }
    // Two buses keep no order between them: the hint's word must be there before GNOME's last.
    clock::sleep(Duration::from_millis(500));
    check(&run, &mut desktop, &[("gnome off", "")]);
    // The others' late words tell nothing new, and the next lock counts.
    desktop.tell("hint off");
    desktop.tell("saver off");
    check(
        &run,
        &mut desktop,
        &[("saver on", "locked"), ("saver off", "")],
    );
    run.end();
}

#[test]
fn a_wish_to_lock_that_nobody_follows_passes() {
    let Some(buses) = Buses::start("an unconfirmed lock") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &[]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    eventually("it listens", || !desktop.times("get", "Active").is_empty());
    check(&run, &mut desktop, &[("request on", "locked")]);
    run.expect_pause(1, "");
    run.end();
}

#[test]
fn sleep_waits_until_the_camera_is_told() {
    let Some(buses) = Buses::start("sleep") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &[]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    eventually("the inhibitor", || desktop.times("m", "Inhibit").len() == 1);
    let log = desktop.log();
    let call = log.iter().find(|line| line["m"] == "Inhibit").unwrap();
    let expected = serde_json::json!(["sleep", "backstay", "closes the camera", "delay"]);
    assert_eq!(call["args"], expected);
    check(&run, &mut desktop, &[("sleep on", "asleep")]);
    eventually("its release", || {
        desktop.times("event", "released").len() == 1
    });
    let told = desktop.times("did", "sleep on")[0];
    let held = desktop.times("event", "released")[0] - told;
    // logind itself waits for five seconds at most.
    assert!((0.4..4.0).contains(&held), "released after {held} s");
    check(&run, &mut desktop, &[("sleep off", "")]);
    eventually("a new one", || desktop.times("m", "Inhibit").len() == 2);
    assert_eq!(desktop.times("event", "released").len(), 1);
    run.end();
    eventually("the last release", || {
        desktop.times("event", "released").len() == 2
    });
}

#[test]
fn the_battery_slows_down_and_pauses_only_when_asked_to() {
    let Some(buses) = Buses::start("the battery") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &[]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    eventually("it listens", || {
        !desktop.times("get", "OnBattery").is_empty()
    });
    eventually("it listens", || !desktop.times("get", "Active").is_empty());
    desktop.tell("battery on");
    check(
        &run,
        &mut desktop,
        &[("hint on", "locked"), ("hint off", "")],
    );
    assert_eq!(run.pauses(), ["locked", ""]);
    run.end();

    home.configure("config.toml", "[pauses]\nbattery = \"pause\"\n");
    let run = Running::start(&home, &buses.addresses);
    // It is on the battery at the start.
    run.expect_pause(0, "battery");
    check(&run, &mut desktop, &[("battery off", "")]);
    run.end();
}

#[test]
fn services_and_buses_may_come_late_and_go_early() {
    let Some(buses) = Buses::start("services that come and go") else {
        return;
    };
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    let mut desktop = Desktop::start(&buses, &[]);
    eventually("it listens", || !desktop.times("get", "Active").is_empty());
    check(&run, &mut desktop, &[("hint on", "locked")]);
    drop(desktop);
    run.expect_pause(1, "");
    let mut desktop = Desktop::start(&buses, &[]);
    eventually("it listens", || desktop.times("m", "GetActive").len() == 2);
    check(&run, &mut desktop, &[("saver on", "locked")]);
    eventually("who tells the idle time is looked for anew", || {
        !desktop.times("m", "GetIdletime").is_empty()
    });
    drop(buses);
    run.expect_pause(3, "");
    clock::sleep(Duration::from_secs(2));
    run.end();
}

#[test]
fn a_desktop_that_never_answers_delays_nothing() {
    let Some(buses) = Buses::start("a desktop that hangs") else {
        return;
    };
    let desktop = Desktop::start(&buses, &["--never"]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    let began = clock::elapsed_since_start();
    clock::sleep(Duration::from_secs(8));
    let watched = (clock::elapsed_since_start() - began).as_secs_f64();
    assert!(!desktop.times("swallowed", "GetSessionByPID").is_empty());
    let summary = run.end();
    let observations = summary["observations"].as_f64().unwrap();
    // The sample has two pictures a second.
    assert!(1.5 * watched < observations, "{summary} in {watched} s");

    let began = clock::elapsed_since_start();
    let told = doctor(&home, &buses.addresses);
    let took = clock::elapsed_since_start() - began;
    assert!(told.contains("hint  lock: no answer in time\n"), "{told}");
    // Three of it are the notifications' own, and the engine's start is the machine's.
    assert!(took < Duration::from_secs(15), "{took:?}");
}

#[test]
fn nonsense_is_not_believed() {
    let Some(buses) = Buses::start("a desktop that talks nonsense") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &["--nonsense"]);
    let home = Home::new();
    let run = Running::start(&home, &buses.addresses);
    eventually("it asks", || desktop.times("m", "GetActive").len() == 2);
    eventually("it asks", || !desktop.times("get", "LockedHint").is_empty());
    for order in ["hint on", "saver on", "sleep on", "battery on"] {
        desktop.tell(order);
    }
    eventually("all of it", || {
        desktop.times("did", "battery on").len() == 1
    });
    clock::sleep(Duration::from_secs(1));
    assert_eq!(run.pauses(), Vec::<String>::new());
    run.end();
}

#[test]
fn the_doctor_says_what_the_system_tells() {
    let Some(buses) = Buses::start("the doctor") else {
        return;
    };
    let mut desktop = Desktop::start(&buses, &[]);
    desktop.tell("inhibited on");
    let home = Home::new();
    let told = doctor(&home, &buses.addresses);
    for line in [
        "ok    lock: logind, org.freedesktop.ScreenSaver, org.gnome.ScreenSaver\n",
        "ok    sleep: logind, which waits until the camera is closed\n",
        "ok    idle: GNOME's compositor, 4 s\n",
        "ok    do not disturb: org.freedesktop.Notifications, on\n",
        "ok    battery: org.freedesktop.UPower, off\n",
        "calls: ",
    ] {
        assert!(told.contains(line), "{line}{told}");
    }
    drop(desktop);
    let told = doctor(&home, &buses.addresses);
    for line in [
        "hint  lock: nobody tells it\n      -> ",
        "hint  idle: nobody tells it\n      -> ",
        "hint  battery: ",
    ] {
        assert!(told.contains(line), "{line}{told}");
    }
}

#[test]
fn gnomes_switch_keeps_alerts_back() {
    let Some(buses) = Buses::start("GNOME's switch") else {
        return;
    };
    let home = Home::new();
    let gsettings = |arguments: &str| {
        let mut command = Command::new("gsettings");
        in_gnome(&mut command, &home);
        let done = command.args(arguments.split(' ')).output();
        done.is_ok_and(|done| done.status.success()).then_some(())
    };
    let key = "org.gnome.desktop.notifications show-banners";
    let works = gsettings(&format!("get {key}"));
    let needs = "the program gsettings and the schemas of GNOME's desktop";
    let Some(()) = common::rig("GNOME's switch", needs, works) else {
        return;
    };
    home.configure("config.toml", "[posture]\ndwell_seconds = 10\n");
    let mut program = home.program();
    in_gnome(&mut program, &home);
    let run = Running::start_with(program, &buses.addresses);
    let has_begun = || {
        run.events()
            .iter()
            .any(|event| event["event"] == "calibrated")
    };
    eventually("a calibration", has_begun);
    gsettings(&format!("set {key} false")).unwrap();
    let mut doctor = home.program();
    in_gnome(&mut doctor, &home);
    let told = doctor.arg("doctor").output().unwrap().stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("ok    do not disturb: GNOME, on\n"), "{told}");
    let alerts = || {
        let events = run.events();
        let alerts = events.iter().filter(|event| event["event"] == "alert");
        alerts.cloned().collect::<Vec<_>>()
    };
    eventually("an alert", || !alerts().is_empty());
    assert_eq!(alerts()[0]["silenced"], "do_not_disturb");
    run.end();
}

/// In a session of GNOME that keeps its settings in the home.
fn in_gnome(command: &mut Command, home: &Home) {
    command
        .env("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
        .env("GSETTINGS_BACKEND", "keyfile")
        .env("XDG_CONFIG_HOME", home.path("config"));
}
