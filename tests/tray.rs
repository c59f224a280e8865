//! The icon in the panel, on the whole program: it shows, its menu does what it says, and without a
//! bus or a panel nothing else is any different.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "rig/bus.rs"]
mod bus;
mod common;
mod tray {
    pub(crate) mod rig;
}

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use backstay::runtime::clock;
use common::Home;
use serde_json::{Value, json};
use tray::rig::{Bus, Panel, Run, configure, until};

/// Alerts go to stderr, so that no notification daemon is asked for.
const QUIET: &str = "[alerts]\nnotify = false\n";

fn title(item: &Value) -> &str {
    item["shows"].as_str().unwrap()
}

/// The labels that can be seen, those that cannot be clicked in brackets.
fn entries(item: &Value) -> Vec<String> {
    let entries = item["menu"].as_array().unwrap().iter();
    let visible = entries.filter(|entry| entry[2] == true && entry[0] != "-");
    visible
        .map(|entry| match (entry[0].as_str().unwrap(), &entry[1]) {
            (label, Value::Bool(false)) => format!("({label})"),
            (label, _) => label.to_owned(),
        })
        .collect()
}

fn is_judged(event: &Value) -> bool {
    event["event"] == "state" && event["state"] != "unsure"
}

#[test]
fn the_icon_shows_the_state_and_its_menu_does_what_it_says() {
    let Some(bus) = Bus::start("the tray icon") else {
        return;
    };
    let mut panel = Panel::start(&bus);
    let home = Home::new();
    let run = Run::start(&home, &bus.address, QUIET, &[]);
    let first = panel.wait_for("it registers", |_| true);
    assert_eq!(first["id"], "backstay");
    assert_eq!(first["status"], "Active");
    assert_eq!(first["is_menu"], true, "a click opens the menu");
    let sizes: Vec<Value> = [22, 32, 48]
        .map(|side| json!([side, side, side * side * 4]))
        .to_vec();
    let icons = first["icons"].as_array().unwrap().iter();
    let told: Vec<Value> = icons.map(|i| json!([i[0], i[1], i[2]])).collect();
    assert_eq!(told, sizes);

    let good = panel.wait_for("it is good", |item| title(item) == "backstay: Good");
    let bad = panel.wait_for("it is bad", |item| {
        title(item).starts_with("backstay: Bad: slouching")
    });
    assert_ne!(first["icons"], good["icons"]);
    assert_ne!(good["icons"], bad["icons"]);
    assert!(entries(&bad)[0].starts_with("(Bad: slouching"), "{bad}");
    assert!(entries(&bad)[1].starts_with("(Sitting for "), "{bad}");
    let buttons = [
        "Start a break",
        "Pause",
        "Snooze 15 min",
        "Recalibrate",
        "Quit",
    ];
    assert_eq!(entries(&bad)[2..], buttons);
    assert!(bad["tip"][0].as_str().unwrap().starts_with("Bad"), "{bad}");

    panel.click("Pause");
    until("it pauses", || run.pauses() == [json!(["user"])]);
    let paused = panel.wait_for("the pause shows", |item| {
        title(item) == "backstay: Paused: you asked for it"
    });
    assert_eq!(paused["icons"], first["icons"], "nothing is judged");
    let buttons = [
        "Start a break",
        "Resume",
        "(Snooze 15 min)",
        "(Recalibrate)",
        "Quit",
    ];
    assert_eq!(entries(&paused)[2..], buttons);
    panel.click("Resume");
    until("it goes on", || run.pauses().len() == 2);
    assert_eq!(run.pauses()[1], json!([]));
    panel.wait_for("the menu offers a pause", |item| {
        entries(item).contains(&"Pause".to_owned())
    });
    panel.click("Snooze 15 min");
    until("it snoozes", || run.pauses().len() == 3);
    assert_eq!(run.pauses()[2], json!(["snoozed"]));

    panel.click("Quit");
    let (status, _) = run.end();
    assert_eq!(status.code(), Some(0));
    until("the icon is gone", || {
        panel.log().iter().any(|line| line["gone"].is_string())
    });

    let log = panel.log();
    let signals = |name: &str| -> Vec<f64> {
        let of_it = log.iter().filter(|line| line["signal"] == name);
        of_it.map(|line| line["t"].as_f64().unwrap()).collect()
    };
    assert_eq!(
        signals("LayoutUpdated"),
        [] as [f64; 0],
        "only words change"
    );
    let titles = signals("NewTitle");
    let quick = titles
        .windows(2)
        .filter(|two| two[1] - two[0] < 0.5)
        .count();
    assert!(quick == 0, "the bus is not left in peace: {titles:?}");
}

/// A terminal that writes down how it was started, tells its process, and ends when it may.
const TERMINAL: &str = "#!/bin/sh
cd \"${0%/*}\"
printf '%s\\n' \"$@\" > words
echo $$ > new
mv new pid
while [ ! -e end ]; do sleep 0.05; done
touch ended
";

#[test]
fn a_break_gets_a_window_of_its_own_that_outlives_the_run() {
    let Some(bus) = Bus::start("a break by the tray icon") else {
        return;
    };
    let mut panel = Panel::start(&bus);
    let home = Home::new();
    let folder = home.path("a terminal");
    let file = |name: &str| folder.join(name);
    fs::create_dir(&folder).unwrap();
    fs::write(file("terminal"), TERMINAL).unwrap();
    fs::set_permissions(file("terminal"), fs::Permissions::from_mode(0o700)).unwrap();
    let terminal = file("terminal");
    let config = format!(
        "{QUIET}[break]\nterminal = \"'{}' -e\"\n",
        terminal.display()
    );
    fs::write(home.path("my.toml"), config).unwrap();
    // By a relative name, which means another file elsewhere.
    let run = Run::start(&home, &bus.address, "", &["--config=my.toml"]);
    panel.wait_for("it registers", |_| true);

    panel.click("Start a break");
    until("the window opens", || file("pid").exists());
    let program = env!("CARGO_BIN_EXE_backstay");
    let own = home.path("my.toml");
    let words = format!(
        "-e\n{program}\nbreak\n--stay\n--config\n{}\n",
        own.display()
    );
    assert_eq!(fs::read_to_string(file("words")).unwrap(), words);
    let process = || {
        let pid = fs::read_to_string(file("pid")).unwrap();
        Path::new("/proc").join(pid.trim()).exists()
    };
    assert!(process());
    fs::write(file("end"), "").unwrap();
    until("no zombie is left of it", || !process());

    for name in ["end", "ended", "pid"] {
        fs::remove_file(file(name)).unwrap();
    }
    // A click soon after the other would be taken for the same one.
    clock::sleep(Duration::from_secs(2));
    panel.click("Start a break");
    until("the next window opens", || file("pid").exists());
    run.terminate();
    let (status, stderr) = run.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
    assert!(process());
    fs::write(file("end"), "").unwrap();
    until("it ends by itself", || file("ended").exists());
}

#[test]
fn without_a_panel_nothing_is_said_and_each_that_comes_gets_the_icon() {
    let Some(bus) = Bus::start("a tray icon without a panel") else {
        return;
    };
    let home = Home::new();
    let run = Run::start(&home, &bus.address, QUIET, &[]);
    until("it judges", || run.told(is_judged));
    for what in ["a panel that comes late has it", "the next one has it too"] {
        let panel = Panel::start(&bus);
        let item = panel.wait_for(what, |_| true);
        assert!(!title(&item).contains("Starting"), "the newest view");
        assert_eq!(panel.registered(), 1);
    }
    run.terminate();
    let (status, stderr) = run.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_panel_that_hangs_holds_nothing_up_and_has_the_icon_when_it_is_well() {
    let Some(bus) = Bus::start("a tray icon in a panel that hangs") else {
        return;
    };
    let panel = Panel::start(&bus);
    panel.hang(true);
    let home = Home::new();
    let run = Run::start(&home, &bus.address, QUIET, &[]);
    until("it judges", || run.told(is_judged));
    // Longer than it waits for an answer.
    clock::sleep(Duration::from_secs(6));
    panel.hang(false);
    panel.wait_for("it is asked again", |item| {
        !title(item).contains("Starting")
    });
    run.terminate();
    let (status, stderr) = run.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn without_a_bus_nothing_is_said() {
    let home = Home::new();
    let run = Run::start(&home, "unix:path=/nonexistent/bus", QUIET, &[]);
    until("it judges", || run.told(is_judged));
    run.terminate();
    let (status, stderr) = run.end();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn there_is_none_when_none_is_wanted_and_a_change_of_mind_counts_at_once() {
    let Some(bus) = Bus::start("a tray icon by configuration") else {
        return;
    };
    let panel = Panel::start(&bus);
    let home = Home::new();
    let config = |desktop: &str| format!("{QUIET}{desktop}");
    let run = Run::start(
        &home,
        &bus.address,
        &config("[desktop]\ntray = false\n"),
        &[],
    );
    until("it judges", || run.told(is_judged));
    assert_eq!(panel.registered(), 0);
    configure(&home, &config("snooze_minutes = 30\n"));
    let has = |item: &Value, label: &str| entries(item).iter().any(|entry| entry == label);
    panel.wait_for("it comes", |item| has(item, "Snooze 30 min"));
    configure(&home, &config("snooze_minutes = 60\n"));
    panel.wait_for("its snooze is longer", |item| has(item, "Snooze 60 min"));
    configure(
        &home,
        "[alerts]\nnotify = false\n[desktop]\nlanguage = \"de\"\n",
    );
    panel.wait_for("it speaks German", |item| has(item, "15 min Ruhe"));
    panel.wait_for("all of it", |item| has(item, "Beenden"));
    run.terminate();
    assert_eq!(run.end().0.code(), Some(0));

    let before = panel.registered();
    let home = Home::new();
    let run = Run::start(&home, &bus.address, "", &["--no-notify"]);
    until("it judges", || run.told(is_judged));
    assert_eq!(panel.registered(), before, "not with --no-notify");
    run.terminate();
    assert_eq!(run.end().0.code(), Some(0));
}
