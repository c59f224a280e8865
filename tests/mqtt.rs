//! Home Assistant over MQTT: the whole program with a real broker.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "rig/broker.rs"]
mod rig_broker;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use backstay::runtime::clock;
use common::{Home, rig};
use rig_broker::{Broker, LOGIN, Wanted, until};
use serde_json::Value;

const NEEDS: &str = "the programs mosquitto, mosquitto_sub and openssl";

/// A run on the sample that tells a broker how things stand.
struct Run {
    home: Home,
    child: Child,
}

impl Run {
    fn start(section: &str) -> Self {
        let home = Home::new();
        let config = format!("[alerts]\nsnooze_minutes = 7\n[mqtt]\n{section}\n");
        home.configure("config.toml", &config);
        Self::start_in(home)
    }

    fn start_in(home: Home) -> Self {
        let file = |name| File::create(home.path(name)).unwrap();
        let child = home
            .program()
            .args(["run", "--source=sample", "--json", "--no-notify", "-v"])
            .args(["--engine=rten", "--calibrate-seconds=5"])
            .stdout(file("events"))
            .stderr(file("log"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self { home, child }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path("log")).unwrap()
    }

    /// Lines of the log with `part` in them.
    fn logged(&self, part: &str) -> usize {
        self.log()
            .lines()
            .filter(|line| line.contains(part))
            .count()
    }

    /// Waits until the run has judged a posture.
    fn until_judged(&self) {
        until("a posture is judged", || {
            let events = fs::read_to_string(self.home.path("events")).unwrap();
            events.contains(r#""state":"good""#).then_some(())
        });
    }

    /// The reasons for a pause, with the time that is left in seconds.
    fn pauses(&self) -> Vec<(String, Option<f64>)> {
        let done = self.home.program().args(["status", "--json"]).output();
        let status: Value = serde_json::from_slice(&done.unwrap().stdout).unwrap();
        let pauses = status["pauses"].as_array().unwrap().iter();
        pauses
            .map(|pause| {
                let reason = pause["reason"].as_str().unwrap();
                (reason.to_owned(), pause["left_s"].as_f64())
            })
            .collect()
    }

    fn terminate(&mut self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status();
        assert!(sent.unwrap().success());
        let before = clock::elapsed_since_start();
        assert!(self.child.wait().unwrap().success());
        let took = clock::elapsed_since_start() - before;
        assert!(took < Duration::from_secs(3), "it took {took:?} to stop");
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn broker(test: &str, wanted: Wanted) -> Option<Broker> {
    rig(test, NEEDS, rig_broker::is_there()).map(|()| Broker::start(wanted))
}

fn section(broker: &Broker) -> String {
    format!("broker = \"mqtt://localhost:{}\"", broker.port)
}

/// A section with a login, whose password stands in a file of the folder.
fn with_login(broker: &Broker, home: &Home, password: &str, mode: u32) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path: PathBuf = home.path("password");
    fs::write(&path, format!("{password}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    format!(
        "{}\nusername = \"{}\"\npassword_file = {path:?}",
        section(broker),
        LOGIN.0
    )
}

#[test]
fn home_assistant_finds_the_device_follows_it_and_snoozes_it() {
    let test = "home_assistant_finds_the_device_follows_it_and_snoozes_it";
    let Some(broker) = broker(test, Wanted::default()) else {
        return;
    };
    let early = broker.listen();
    let mut run = Run::start(&section(&broker));
    early.until("backstay/availability", "online", |text| text == "online");
    early.until("backstay/state", "good", |text| text == "good");
    early.until("backstay/score", "a number", |text| {
        text.parse::<u32>().is_ok_and(|score| score < 100)
    });

    // Who comes later finds all of it.
    let listener = broker.listen();
    let config = "homeassistant/device/backstay/config";
    let announced = listener.until(config, "there", |_| true);
    assert!(announced.retained);
    let announced: Value = serde_json::from_str(&announced.text).unwrap();
    assert_eq!(announced["origin"]["name"], "backstay");
    let entities = announced["components"].as_object().unwrap();
    for (entity, platform) in [
        ("state", "sensor"),
        ("score", "sensor"),
        ("sitting", "sensor"),
        ("snooze", "switch"),
    ] {
        assert_eq!(entities[entity]["platform"], platform);
        let topic = entities[entity]["state_topic"].as_str().unwrap();
        assert!(listener.until(topic, "there", |_| true).retained, "{topic}");
    }
    assert!(
        listener
            .until("backstay/availability", "online", |t| t == "online")
            .retained
    );

    // The switch.
    let set = entities["snooze"]["command_topic"].as_str().unwrap();
    assert_eq!(run.pauses(), []);
    broker.publish(set, "ON", false);
    listener.until("backstay/snooze", "ON", |text| text == "ON");
    listener.until("backstay/state", "paused", |text| text == "paused");
    listener.until("backstay/score", "unknown", |text| text == "None");
    let pauses = run.pauses();
    let [(reason, Some(left))] = &pauses[..] else {
        panic!("{pauses:?}")
    };
    assert_eq!(reason, "snoozed");
    assert!((400.0..=420.0).contains(left), "{left}");
    broker.publish(set, "OFF", false);
    listener.until("backstay/snooze", "OFF", |text| text == "OFF");
    assert_eq!(run.pauses(), []);

    // What is no command does nothing, and is logged once.
    let long = "ON".repeat(20_000);
    for garbage in ["", "on", "ON ", "{\"state\":\"ON\"}", "\u{1}\u{7f}ü", &long] {
        broker.publish(set, garbage, false);
    }
    until("garbage is logged", || {
        (run.logged("is passed over") > 0).then_some(())
    });
    broker.flood(set, &"OFF?\n".repeat(5000));
    assert_eq!(run.pauses(), []);
    assert_eq!(run.logged("is passed over"), 1, "{}", run.log());

    // Home Assistant starts anew and has forgotten everything.
    let before = listener.on(config).len();
    broker.publish("homeassistant/status", "online", false);
    until("it is announced again", || {
        (listener.on(config).len() > before).then_some(())
    });

    run.terminate();
    listener.until("backstay/availability", "offline", |text| text == "offline");
    let retained = broker.listen();
    let last = retained.until("backstay/availability", "offline", |t| t == "offline");
    assert!(last.retained);
    assert_eq!(run.logged(" WARN "), 1, "{}", run.log());
}

#[test]
fn a_killed_run_is_offline_by_its_last_will() {
    let test = "a_killed_run_is_offline_by_its_last_will";
    let Some(broker) = broker(test, Wanted::default()) else {
        return;
    };
    let listener = broker.listen();
    let mut run = Run::start(&format!(
        "{}\ntopic = \"office/desk\"\ndiscovery_prefix = \"ha\"",
        section(&broker)
    ));
    listener.until("office/desk/availability", "online", |t| t == "online");
    listener.until("ha/device/office_desk/config", "there", |_| true);
    run.child.kill().unwrap();
    listener.until("office/desk/availability", "offline", |t| t == "offline");
}

#[test]
fn a_command_that_the_broker_has_kept_is_none() {
    let test = "a_command_that_the_broker_has_kept_is_none";
    let Some(broker) = broker(test, Wanted::default()) else {
        return;
    };
    broker.publish("backstay/snooze/set", "ON", true);
    let listener = broker.listen();
    let run = Run::start(&section(&broker));
    until("it is passed over", || {
        (run.logged("is passed over") > 0).then_some(())
    });
    listener.until("backstay/state", "good", |text| text == "good");
    assert_eq!(run.pauses(), []);
    listener.until("backstay/snooze", "OFF", |text| text == "OFF");
}

#[test]
fn a_broker_that_starts_anew_is_told_anew() {
    let test = "a_broker_that_starts_anew_is_told_anew";
    let Some(mut broker) = broker(test, Wanted::default()) else {
        return;
    };
    let run = Run::start(&section(&broker));
    run.until_judged();
    let config = "homeassistant/device/backstay/config";
    broker.listen().until(config, "there", |_| true);
    broker.end();
    let lost = "cannot be reached";
    until("the loss is logged", || {
        (run.logged(lost) > 0).then_some(())
    });
    // Long enough for a second attempt.
    clock::sleep(Duration::from_secs(3));
    broker.start_anew();
    let listener = broker.listen();
    listener.until(config, "there", |_| true);
    listener.until("backstay/availability", "online", |text| text == "online");
    listener.until("backstay/state", "there", |text| !text.is_empty());
    until("the return is logged", || {
        (run.logged("is back") > 0).then_some(())
    });
    assert_eq!(run.logged(lost), 1, "{}", run.log());
    assert_eq!(run.pauses(), []);
}

#[test]
fn a_wrong_password_is_told_once_and_the_run_goes_on() {
    let test = "a_wrong_password_is_told_once_and_the_run_goes_on";
    let wanted = Wanted {
        login: true,
        ..Wanted::default()
    };
    let Some(broker) = broker(test, wanted) else {
        return;
    };
    let folder = Home::new();
    let run = Run::start(&with_login(&broker, &folder, "a guess", 0o600));
    until("the refusal is logged", || {
        (run.logged("it refuses the log-in") > 0).then_some(())
    });
    run.until_judged();
    assert_eq!(run.logged(" WARN "), 1, "{}", run.log());
    let log = run.log();
    assert!(
        log.contains("\"password_file\"") && !log.contains("a guess"),
        "{log}"
    );
}

#[test]
fn the_right_password_is_taken_from_a_file_that_others_cannot_read() {
    let test = "the_right_password_is_taken_from_a_file_that_others_cannot_read";
    let wanted = Wanted {
        login: true,
        ..Wanted::default()
    };
    let Some(broker) = broker(test, wanted) else {
        return;
    };
    let folder = Home::new();
    let listener = broker.listen();
    let run = Run::start(&with_login(&broker, &folder, LOGIN.1, 0o600));
    listener.until("backstay/availability", "online", |text| text == "online");
    drop(run);

    let open = Run::start(&with_login(&broker, &folder, LOGIN.1, 0o644));
    until("it is refused", || {
        (open.logged("chmod 600") > 0).then_some(())
    });
    open.until_judged();
    assert!(!open.log().contains(LOGIN.1));
}

#[test]
fn by_tls_only_a_known_authority_counts() {
    let test = "by_tls_only_a_known_authority_counts";
    let wanted = Wanted {
        tls: true,
        ..Wanted::default()
    };
    let Some(broker) = broker(test, wanted) else {
        return;
    };
    let listener = broker.listen();
    let url = format!("broker = \"mqtts://localhost:{}\"", broker.port);
    let unknown = Run::start(&url);
    until("the certificate is refused", || {
        (unknown.logged("cannot be reached") > 0).then_some(())
    });
    assert!(unknown.log().contains("certificate"), "{}", unknown.log());
    assert!(listener.on("backstay/availability").is_empty());
    drop(unknown);

    let known = Run::start(&format!("{url}\nca_file = {:?}", broker.authority()));
    listener.until("backstay/availability", "online", |text| text == "online");
    assert_eq!(known.logged(" WARN "), 0, "{}", known.log());
}

#[test]
fn doctor_says_whether_the_broker_answers() {
    let test = "doctor_says_whether_the_broker_answers";
    let Some(mut broker) = broker(test, Wanted::default()) else {
        return;
    };
    let home = Home::new();
    fs::write(
        home.path("my.toml"),
        format!("[mqtt]\n{}\n", section(&broker)),
    )
    .unwrap();
    let line = || {
        let command = home
            .program()
            .args([
                "doctor",
                "--source=sample",
                "--engine=rten",
                "--config=my.toml",
            ])
            .output();
        let out = String::from_utf8(command.unwrap().stdout).unwrap();
        let line = out.lines().find(|line| line.contains(" mqtt: "));
        line.unwrap_or_else(|| panic!("{out}")).to_owned()
    };
    let url = format!("mqtt://localhost:{}", broker.port);
    assert_eq!(line(), format!("ok    mqtt: {url} answers"));
    broker.end();
    let said = line();
    assert!(said.starts_with(&format!("hint  mqtt: {url}: ")), "{said}");
}
