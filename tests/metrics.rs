//! Numbers for Prometheus: the whole program, asked while it runs.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use backstay::runtime::clock;
use common::Home;

/// The longest to wait for what must come.
const LIMIT: Duration = Duration::from_secs(60);

/// A run on the sample that serves its numbers.
struct Run {
    home: Home,
    child: Child,
    port: u16,
}

impl Run {
    fn start(port: u16) -> Self {
        let home = Home::new();
        home.configure("config.toml", &format!("[web]\nport = {port}\n"));
        let file = |name| File::create(home.path(name)).unwrap();
        let child = home
            .program()
            .args(["run", "--source=sample", "--json", "--no-notify"])
            .args(["--engine=rten", "--calibrate-seconds=5"])
            .stdout(file("events"))
            .stderr(file("log"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self { home, child, port }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.home.path("log")).unwrap()
    }

    /// Sends a request and gives back all that comes: status, head, body.
    fn ask(&self, request: &str) -> Option<(u16, String, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, head.to_lowercase(), body.to_owned()))
    }

    fn get(&self, host: &str, path: &str) -> Option<(u16, String, String)> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
    }

    fn scrape(&self) -> Option<Page> {
        let (status, head, body) = self.get(&format!("localhost:{}", self.port), "/metrics")?;
        assert_eq!(status, 200);
        let kind = "content-type: text/plain; version=0.0.4; charset=utf-8";
        assert!(head.contains(kind), "{head}");
        Some(Page::parse(&body))
    }

    #[track_caller]
    fn until<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let end = clock::elapsed_since_start() + LIMIT;
        loop {
            if let Some(found) = look() {
                return found;
            }
            let now = clock::elapsed_since_start();
            assert!(now < end, "it never comes that {what}: {}", self.log());
            clock::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page that keeps to the exposition format 0.0.4, as far as it is used.
#[derive(Debug)]
struct Page {
    /// Samples by name with labels, as written.
    samples: BTreeMap<String, f64>,
    /// The type of each family.
    kinds: BTreeMap<String, String>,
}

impl Page {
    /// Panics at the first thing that Prometheus would object to, or its conventions do.
    #[track_caller]
    fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'));
        let mut samples = BTreeMap::new();
        let mut kinds: BTreeMap<String, String> = BTreeMap::new();
        let mut helped = BTreeSet::new();
        let mut family = String::new();
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, words) = help.split_once(' ').unwrap();
                assert!(helped.insert(name.to_owned()), "two helps: {line}");
                assert!(!words.trim().is_empty(), "{line}");
                family = name.to_owned();
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').unwrap();
                assert_eq!(name, family, "help goes before type");
                assert!(["counter", "gauge"].contains(&kind), "{line}");
                assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
                let before = kinds.insert(name.to_owned(), kind.to_owned());
                assert!(before.is_none(), "two types: {line}");
            } else {
                let (sample, value) = line.rsplit_once(' ').unwrap();
                let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
                assert!(value.is_finite() && value >= 0.0, "{line}");
                let name = sample.split('{').next().unwrap();
                assert_eq!(name, family, "samples stand with their family: {line}");
                assert!(kinds.contains_key(name), "no type: {line}");
                assert!(
                    name.bytes()
                        .all(|b| b.is_ascii_lowercase() || b == b'_' || b == b':')
                );
                if let Some(labels) = sample.strip_prefix(name).filter(|l| !l.is_empty()) {
                    let inner = labels.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
                    let (label, word) = inner.split_once('=').unwrap();
                    assert!(label.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
                    let word = word.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
                    assert!(!word.contains(['"', '\\']), "{line}");
                }
                let before = samples.insert(sample.to_owned(), value);
                assert!(before.is_none(), "twice: {line}");
            }
        }
        assert_eq!(helped, kinds.keys().cloned().collect());
        for name in kinds.keys() {
            assert!(
                samples.keys().any(|s| s.starts_with(name.as_str())),
                "{name}"
            );
        }
        Self { samples, kinds }
    }

    #[track_caller]
    fn get(&self, sample: &str) -> f64 {
        let value = self.samples.get(sample);
        *value.unwrap_or_else(|| panic!("no {sample} in {self:?}"))
    }

    fn sum(&self, family: &str) -> f64 {
        let of = |(name, _): &(&String, &f64)| name.split('{').next() == Some(family);
        self.samples.iter().filter(of).map(|(_, value)| value).sum()
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// The addresses that somebody listens on at `port`: see proc_pid_net(5).
fn listeners(port: u16) -> Vec<String> {
    let mut found = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in fs::read_to_string(table).unwrap_or_default().lines() {
            let mut fields = line.split_whitespace().skip(1);
            let (Some(local), _, Some(state)) = (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            // 0A is TCP_LISTEN.
            if state == "0A" && local.ends_with(&format!(":{port:04X}")) {
                found.push(local.split(':').next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn what_a_run_counts_is_what_is_served() {
    let run = Run::start(free_port());
    let first = run.until("it answers", || run.scrape());
    let version = env!("CARGO_PKG_VERSION");
    let build = format!("backstay_build_info{{version=\"{version}\"}}");
    assert_eq!(first.get(&build), 1.0);
    let good = run.until("the posture is good", || {
        let page = run.scrape()?;
        (page.get("backstay_state{state=\"good\"}") == 1.0).then_some(page)
    });
    assert_eq!(good.sum("backstay_state"), 1.0);
    assert!(good.get("backstay_observations_total") > 5.0);
    assert!(good.get("backstay_score_ratio") < 1.0);
    assert!(good.get("process_cpu_seconds_total") > 0.0);
    assert_eq!(good.sum("backstay_paused"), 0.0);
    assert_eq!(good.kinds["backstay_alerts_total"], "counter");

    // The sample slouches from its thirtieth second on.
    let alerted = run.until("there is an alert", || {
        let page = run.scrape()?;
        (page.sum("backstay_alerts_total") > 0.0).then_some(page)
    });
    assert_eq!(alerted.get("backstay_alerts_total{kind=\"posture\"}"), 1.0);
    assert_eq!(alerted.get("backstay_state{state=\"bad\"}"), 1.0);
    assert!(alerted.get("backstay_score_ratio") > 1.0);
    assert!(alerted.get("backstay_sitting_seconds") > 20.0);
    for (name, kind) in &alerted.kinds {
        if kind == "counter" {
            assert!(alerted.sum(name) >= good.sum(name), "{name} went back");
        }
    }

    let done = run.home.program().args(["snooze", "15m"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let snoozed = run.scrape().unwrap();
    assert_eq!(snoozed.get("backstay_paused{reason=\"snoozed\"}"), 1.0);
    assert!(!snoozed.samples.contains_key("backstay_score_ratio"));
    // Time goes on, though nothing wakes the run.
    let before = snoozed.sum("backstay_state_seconds_total");
    clock::sleep(Duration::from_secs(1));
    let gone = run.scrape().unwrap().sum("backstay_state_seconds_total") - before;
    assert!((0.9..5.0).contains(&gone), "{gone}");
}

#[test]
fn only_this_machine_is_answered_and_nobody_can_hold_it_up() {
    let run = Run::start(free_port());
    run.until("it answers", || run.scrape());
    // 127.0.0.1, in the order of its bytes in memory.
    #[cfg(target_endian = "little")]
    assert_eq!(listeners(run.port), ["0100007F"]);
    let status = |host: &str, path: &str| run.get(host, path).unwrap().0;
    assert_eq!(status("127.0.0.1", "/metrics"), 200);
    assert_eq!(status("[::1]:80", "/metrics"), 200);
    for host in ["evil.example", "localhost.evil.example", ""] {
        let (status, _, body) = run.get(host, "/metrics").unwrap();
        assert_eq!(status, 403, "{host}");
        assert!(!body.contains("backstay_"), "{body}");
    }
    assert_eq!(run.ask("GET /metrics HTTP/1.0\r\n\r\n").unwrap().0, 403);
    assert_eq!(status("localhost", "/"), 404);
    assert_eq!(status("localhost", "/metrics/x"), 404);
    for method in ["POST", "PUT", "DELETE", "HEAD"] {
        let request = format!("{method} /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let (status, head, _) = run.ask(&request).unwrap();
        assert_eq!(status, 405, "{method}");
        assert!(head.contains("allow: get"), "{head}");
    }
    let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(100_000));
    assert!(run.ask(&long).is_none_or(|(status, ..)| status >= 400));

    // More clients than there is room for, all of them silent, are let go after two seconds.
    let silent: Vec<_> = (0..40)
        .map(|_| TcpStream::connect(("127.0.0.1", run.port)).unwrap())
        .collect();
    let host = format!("localhost:{}", run.port);
    run.until("there is room again", || run.get(&host, "/metrics"));
    drop(silent);
}

#[test]
fn a_port_that_is_taken_is_told_and_the_run_goes_on() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let run = Run::start(taken.local_addr().unwrap().port());
    run.until("it is told", || {
        let said = format!(
            "there are no metrics: cannot listen at 127.0.0.1:{}",
            run.port
        );
        run.log().contains(&said).then_some(())
    });
    assert!(
        run.log().contains("set another \"port\" under \"[web]\""),
        "{}",
        run.log()
    );
    run.until("it judges", || {
        let events = fs::read_to_string(run.home.path("events")).unwrap();
        events.contains(r#""state":"good""#).then_some(())
    });
}
