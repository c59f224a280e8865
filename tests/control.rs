//! The control API and the commands that use it, on the whole program.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use backstay::runtime::clock;
use common::{Events, Home, mode};
use serde_json::Value;

/// The longest to wait for what must come: the sample's alert comes after three quarters of a minute.
const LIMIT: Duration = Duration::from_secs(90);

/// A run on the sample, and the events that it prints.
struct Run<'a> {
    home: &'a Home,
    child: Child,
    events: Events,
}

impl<'a> Run<'a> {
    fn start(home: &'a Home) -> Self {
        let mut child = home
            .program()
            .args([
                "run",
                "--source=sample",
                "--json",
                "--no-notify",
                "--engine=rten",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let events = Events::read(child.stdout.take().unwrap());
        let run = Self {
            home,
            child,
            events,
        };
        run.until("it answers", || run.ask("status").status.success());
        run
    }

    /// Runs another `backstay` beside it.
    fn ask(&self, arguments: &str) -> Output {
        ask(self.home, arguments)
    }

    fn status(&self) -> Value {
        let done = self.ask("status --json");
        assert!(done.status.success(), "{done:?}");
        serde_json::from_slice(&done.stdout).unwrap()
    }

    fn reasons(&self) -> Vec<String> {
        let pauses = self.status()["pauses"].as_array().unwrap().clone();
        let reason = |pause: &Value| pause["reason"].as_str().unwrap().to_owned();
        pauses.iter().map(reason).collect()
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = clock::elapsed_since_start() + LIMIT;
        while !is_so() {
            assert!(
                clock::elapsed_since_start() < end,
                "it never comes that {what}"
            );
            clock::sleep(Duration::from_millis(50));
        }
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(self.home.path("run/backstay/control.sock")).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends `bytes` as they are and gives back all that comes until the end.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // The other end may have heard enough before it has heard all.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(home: &Home, arguments: &str) -> Output {
    home.program().args(arguments.split(' ')).output().unwrap()
}

fn said(done: &Output) -> String {
    assert!(done.status.success(), "{done:?}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn complaint(done: &Output) -> String {
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    String::from_utf8_lossy(&done.stderr).into_owned()
}

const NOBODY: &str = "backstay: backstay does not run; start it with \"backstay run\"\n";

#[test]
fn when_nothing_runs_every_command_says_so() {
    let home = Home::new();
    for arguments in [
        "status",
        "pause",
        "resume",
        "snooze 5m",
        "recalibrate",
        "stop",
        "log",
    ] {
        assert_eq!(complaint(&ask(&home, arguments)), NOBODY, "{arguments}");
    }
    let done = ask(&home, "pause soon");
    assert_eq!(done.status.code(), Some(2), "{done:?}");
}

#[test]
fn a_run_is_asked_and_told_from_outside() {
    let home = Home::new();
    let mut run = Run::start(&home);
    let folder = home.path("run/backstay");
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("control.sock")), 0o600);

    let status = run.status();
    assert_eq!(status["pid"], run.child.id());
    assert_eq!(
        (&status["api"], &status["source"]),
        (&1.into(), &"sample".into())
    );
    assert_eq!(status["pauses"].as_array().unwrap().len(), 0);

    // A second one says who is there, and leaves it alone.
    let second = complaint(&run.ask("run --source sample"));
    assert!(
        second.contains(&format!("process {}", run.child.id())),
        "{second}"
    );

    assert!(said(&run.ask("pause")).starts_with("paused: you asked for it · "));
    assert!(
        said(&run.ask("snooze 2s"))
            .starts_with("paused: you asked for it, snoozed for another 0:02 min · ")
    );
    run.until("the snooze ends by itself", || run.reasons() == ["user"]);
    let seen = run.status()["observations"].clone();
    clock::sleep(Duration::from_secs(1));
    assert_eq!(
        run.status()["observations"],
        seen,
        "it looks while it is paused"
    );
    let german = home
        .program()
        .arg("status")
        .env("LC_ALL", "de_DE.UTF-8")
        .output();
    let german = said(&german.unwrap());
    assert!(
        german.starts_with("angehalten: wie gewünscht · im Sitzen "),
        "{german}"
    );
    said(&run.ask("resume"));
    assert_eq!(run.reasons(), [] as [&str; 0]);
    run.until("it looks again", || run.status()["observations"] != seen);
    assert!(said(&run.ask("recalibrate --standing")).starts_with("calibrating 0 %"));

    let kept = home.path("state/backstay/backstay.log");
    assert_eq!(mode(&kept), 0o600);
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(
        kept.contains(" paused: you asked for it, snoozed\n"),
        "{kept}"
    );
    let log = said(&run.ask("log -n 200"));
    assert!(
        log.lines()
            .any(|line| line.ends_with(" paused: you asked for it, snoozed")),
        "{log}"
    );
    let pauses = run.events.named("pause");
    let told: Vec<Value> = pauses
        .iter()
        .map(|event| event["reasons"].clone())
        .collect();
    let expected = [
        serde_json::json!(["user"]),
        serde_json::json!(["user", "snoozed"]),
        serde_json::json!(["user"]),
        serde_json::json!([]),
    ];
    assert_eq!(told, expected);

    assert_eq!(said(&run.ask("stop")), "stopped\n");
    assert!(run.child.wait().unwrap().success());
    assert_eq!(complaint(&run.ask("status")), NOBODY);
    assert!(!folder.join("control.sock").exists());
}

#[test]
fn a_run_that_was_killed_leaves_nothing_in_the_way() {
    let home = Home::new();
    let mut run = Run::start(&home);
    run.child.kill().unwrap();
    run.child.wait().unwrap();
    assert_eq!(complaint(&ask(&home, "status")), NOBODY);
    let run = Run::start(&home);
    assert_eq!(run.status()["pid"], run.child.id());
}

#[test]
fn events_are_followed_from_outside() {
    let home = Home::new();
    let run = Run::start(&home);
    let mut watch = home
        .program()
        .args(["status", "--watch", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(next()["event"], "status");
    said(&run.ask("pause"));
    let mut event = next();
    while event["event"] != "pause" {
        event = next();
    }
    assert_eq!(event["reasons"], serde_json::json!(["user"]));
    said(&run.ask("stop"));
    // The end of the run is the end of the events.
    while lines.next().is_some() {}
    assert!(watch.wait().unwrap().success());
}

/// What answers in a run's place: rubbish, and an answer that breaks off before and within its body.
#[test]
fn what_breaks_off_is_told_from_what_means_nothing() {
    let home = Home::new();
    let folder = home.path("run/backstay");
    std::fs::create_dir_all(&folder).unwrap();
    let listener = UnixListener::bind(folder.join("control.sock")).unwrap();
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n";
    for (answer, part) in [
        ("SSH-2.0-OpenSSH\r\n".to_owned(), "is not backstay"),
        (
            format!("{}nothing\n", head.replace("90", "8")),
            "is not backstay",
        ),
        (String::new(), "has ended in the middle of its answer"),
        (format!("{head}{{"), "has ended in the middle of its answer"),
    ] {
        let said = std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().unwrap();
                // Read first, or the end of the connection would be an error of another kind.
                let _ = stream.read(&mut [0; 1024]);
                stream.write_all(answer.as_bytes()).unwrap();
            });
            complaint(&ask(&home, "status"))
        });
        assert!(said.contains(part), "{answer:?}: {said}");
    }
}

#[test]
fn who_follows_a_run_that_is_killed_is_told() {
    let home = Home::new();
    let mut run = Run::start(&home);
    let watch = home
        .program()
        .args(["status", "--watch", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut watch = watch.unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(first["event"], "status");
    run.child.kill().unwrap();
    run.child.wait().unwrap();
    while lines.next().is_some() {}
    let done = watch.wait_with_output().unwrap();
    let gone = "backstay: backstay has ended in the middle of its answer, as when it is killed; start \
                it anew with \"backstay run\"\n";
    assert_eq!(complaint(&done), gone);
}

#[test]
fn what_is_not_understood_is_answered_with_what_is_wrong() {
    let home = Home::new();
    let run = Run::start(&home);
    let request = |method: &str, path: &str, body: &str| {
        let length = body.len();
        run.raw(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        )
    };
    for (method, path, body, status, part) in [
        ("GET", "/", "", "404", "/v1/"),
        ("GET", "/v2/status", "", "404", "/v1/"),
        ("GET", "/v1/secrets", "", "404", "/v1/secrets"),
        ("GET", "/v1/pause", "", "405", "POST"),
        ("POST", "/v1/status", "", "405", "GET"),
        ("POST", "/v1/snooze", "{}", "400", "seconds"),
        ("POST", "/v1/snooze", "{\"seconds\":1e9}", "400", "604800"),
        ("POST", "/v1/pause", "\u{0}\u{1}", "400", "not understood"),
        ("GET", "/v1/log?lines=many", "", "400", "whole number"),
        ("POST", "/v1/pause", &" ".repeat(2000), "413", "1024"),
    ] {
        let answer = request(method, path, body);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{method} {path}: {answer}"
        );
        assert!(answer.contains(part), "{method} {path}: {answer}");
    }
    assert_eq!(run.reasons(), [] as [&str; 0]);
}

#[test]
fn clients_that_mean_harm_hold_nothing_up() {
    let home = Home::new();
    let run = Run::start(&home);
    // Rubbish, a head without end, and a request that breaks off.
    run.raw(&[0xff; 4096]);
    run.raw(
        &[
            b"GET /v1/status HTTP/1.1\r\nX: ".to_vec(),
            vec![b'a'; 100_000],
        ]
        .concat(),
    );
    drop(run.connect());
    run.connect()
        .write_all(b"POST /v1/pause HTTP/1.1\r\nContent-")
        .unwrap();
    // More connections than there are places, that say nothing, and followers that read nothing.
    let mut idle: Vec<UnixStream> = Vec::new();
    for n in 0..60 {
        let mut stream = run.connect();
        if n % 2 == 0 {
            let _ = stream.write_all(b"GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        idle.push(stream);
    }
    let seen = || run.events.all().len();
    let memory = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", run.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
    };
    let before = (seen(), memory());
    // Those that say nothing are let go, and there is room again.
    run.until("it answers", || run.ask("status").status.success());
    run.until("events go on", || before.0 < seen());
    let status = run.status();
    assert!(status["observations"].as_u64().unwrap() > 0, "{status}");
    if let (Some(before), Some(after)) = (before.1, memory()) {
        // Kilobytes; the models' buffers come and go by less.
        assert!(after < before + 20_000, "{before} {after}");
    }
    drop(idle);
    assert_eq!(said(&run.ask("stop")), "stopped\n");
}

/// Writes the configuration of `home`.
fn configure(home: &Home, text: &str) {
    home.configure("config.toml", text);
}

#[test]
fn a_changed_configuration_counts_at_once_and_a_broken_one_does_not() {
    let home = Home::new();
    let run = Run::start(&home);
    let log = || said(&run.ask("log"));
    configure(&home, "[pauses]\nquiet_hours = \"0:00-24:00\"\n");
    run.until("it is quiet", || run.reasons() == ["quiet_hours"]);
    configure(&home, "[pauses]\nquiet_hours = \"always\"\n");
    run.until("the mistake is told", || {
        log().contains("line 2: \"pauses.quiet_hours\"")
    });
    assert_eq!(run.reasons(), ["quiet_hours"]);
    configure(&home, "[model]\nname = \"thunder\"\n");
    run.until("the hours are over", || run.reasons().is_empty());
    let log = log();
    assert!(
        log.contains("\"model.name\" counts from the next start on"),
        "{log}"
    );
    // No file is the default again.
    std::fs::remove_file(home.path("config/backstay/config.toml")).unwrap();
    run.until("the default is told", || {
        said(&run.ask("log"))
            .matches("the settings are those of")
            .count()
            == 3
    });
}

#[test]
fn a_word_about_an_alert_is_kept_counts_and_is_taken_back() {
    let home = Home::new();
    assert!(said(&ask(&home, "feedback list")).starts_with("no feedback"));
    // Beside it a hook that never ends, and starts something that never ends.
    let (got, pid) = (home.path("got"), home.path("pid"));
    let script = format!(
        "cat > {}; sleep 600 & echo $! > {}; wait",
        got.display(),
        pid.display()
    );
    configure(
        &home,
        &format!("[alerts]\non_alert = \"sh -c '{script}'\"\n"),
    );
    let run = Run::start(&home);
    assert!(complaint(&run.ask("feedback wrong")).contains("no alert about your posture"));
    run.until("an alert is on show", || {
        let status = run.status();
        status["shown"]
            .as_array()
            .unwrap()
            .iter()
            .any(|shown| shown["kind"] == "posture")
    });
    // A slouch is told after half a minute of it.
    let slouched = run.status()["today"]["slouch"].as_f64();
    assert!((10.0..90.0).contains(&slouched.unwrap()), "{slouched:?}");
    run.until("the hook has its alert", || pid.exists());
    let alert: Value = serde_json::from_slice(&std::fs::read(&got).unwrap()).unwrap();
    assert_eq!(
        (&alert["event"], &alert["kind"]),
        (&"alert".into(), &"posture".into())
    );
    said(&run.ask("feedback wrong"));
    assert_eq!(run.status()["shown"].as_array().unwrap().len(), 0);
    let list = said(&run.ask("feedback list"));
    assert!(
        list.ends_with("the limit of \"slouch\" is 10 % higher with it\n"),
        "{list}"
    );
    let folder = home.path("data/backstay/feedback");
    assert_eq!(mode(&folder), 0o700);
    let file = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    assert_eq!(mode(&file), 0o600);
    // What was seen before it replays like any session.
    let replay = format!("replay {}", file.display());
    assert!(said(&ask(&home, &replay)).contains(" observations"));
    // The run goes by the new limit, and by the old one again.
    let eased = || said(&run.ask("log")).matches("a limit counts anew").count();
    run.until("it counts", || eased() == 1);
    said(&run.ask("feedback undo"));
    assert!(said(&ask(&home, "feedback list")).starts_with("no feedback"));
    run.until("it counts no more", || eased() == 2);
    let sleeper = std::fs::read_to_string(&pid).unwrap();
    let proc = std::path::Path::new("/proc").join(sleeper.trim());
    run.until("the hook is ended with all that it started", || {
        let state = std::fs::read_to_string(proc.join("stat")).unwrap_or_default();
        state.is_empty() || state.contains(") Z ")
    });
    assert!(said(&run.ask("log")).contains("was ended after 5 s"));
    assert!(complaint(&ask(&home, "feedback undo nothing")).contains("feedback list"));
}
