//! Alerts on the desktop, against a notification daemon that records and misbehaves
//! (`tests/rig/notify`). The notifier runs in a program of its own, the `player` below: that shows
//! what it writes to stderr, and that the program ends.

#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

#[path = "rig/bus.rs"]
mod bus;
mod notify {
    pub(crate) mod rig;
}

use std::fs;
use std::io::{BufRead, stdin};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use backstay::desktop::break_window::{Manner, Program, follow};
use backstay::desktop::notifier::Notifier;
use backstay::desktop::{Buttons, Voice};
use backstay::domain::io::{Alert, AlertKind, Amount, Fault, Urgency};
use backstay::wording::Language;
use notify::rig::{Daemon, Player, calls, eventually};
use serde_json::{Value, json};

/// English, with a snooze of 15 minutes.
const VOICE: Voice = Voice {
    language: Language::English,
    snooze: Duration::from_secs(900),
};

/// Names the player's terminal.
const TERMINAL: &str = "BACKSTAY_TEST_TERMINAL";

/// The program that the tests drive: it takes orders from stdin and answers on stdout when an
/// order is done.
#[test]
#[ignore = "a program that the other tests run, not a test"]
fn player() {
    if std::env::var_os(notify::rig::PLAYER).is_none() {
        eprintln!("skipped: the player is run by the other tests");
        return;
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time()
        .init();
    let (commands, mut received) = tokio::sync::mpsc::channel(8);
    std::thread::spawn(move || {
        while let Some(command) = received.blocking_recv() {
            println!("> {command:?}");
        }
    });
    let (breaks, wishes) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || open_windows(wishes));
    let mut notifier = Notifier::bus(VOICE, Buttons { commands, breaks });
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["alert", kind, bout, urgency] => notifier.alert(&alert(kind, bout, urgency)),
            ["clear", kind, bout] => notifier.clear(kind_of(kind), bout.parse().unwrap()),
            _ => panic!("unknown order {line:?}"),
        }
        println!("> done");
    }
    notifier.close();
    println!("> closed");
}

/// Opens windows for breaks, in the terminal that the environment names for the test.
fn open_windows(wishes: tokio::sync::mpsc::Receiver<()>) {
    let manner = Manner {
        terminal: std::env::var(TERMINAL).unwrap_or_default(),
        language: Language::English,
    };
    let program = Program {
        file: "/opt/back stay".into(),
        config: None,
    };
    let (_keep, manner) = tokio::sync::watch::channel(manner);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(follow(wishes, manner, program));
}

fn kind_of(word: &str) -> AlertKind {
    let named = AlertKind::ALL.into_iter().find(|kind| kind.name() == word);
    named.unwrap_or_else(|| panic!("unknown kind {word:?}"))
}

fn alert(kind: &str, bout: &str, urgency: &str) -> Alert {
    let kind = kind_of(kind);
    Alert {
        kind,
        bout: bout.parse().unwrap(),
        faults: match kind {
            AlertKind::Posture => vec![Fault::Slouch],
            _ => Vec::new(),
        },
        amount: (kind == AlertKind::Posture).then_some(Amount::Percent(9.0)),
        lasted: Duration::from_secs(40),
        urgency: match urgency {
            "quiet" => Urgency::Quiet,
            "firm" => Urgency::Firm,
            _ => panic!("unknown urgency {urgency:?}"),
        },
        silenced: None,
    }
}

/// The `Notify` calls so far: what each replaces, and its summary.
fn notifies(log: &[Value]) -> Vec<(u64, &str)> {
    calls(log, "Notify")
        .map(|call| {
            let replaces = call["replaces_id"].as_u64().unwrap();
            (replaces, call["summary"].as_str().unwrap())
        })
        .collect()
}

fn closed_ids(log: &[Value]) -> Vec<u64> {
    calls(log, "CloseNotification")
        .map(|call| call["id"].as_u64().unwrap())
        .collect()
}

#[test]
fn an_alert_is_shown_once_with_its_words_and_hints() {
    let Some(daemon) = Daemon::start(&[]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the bubble", |log| notifies(log).len() == 1);
    let (log, stderr) = player.close_and_read(&daemon);
    let call = calls(&log, "Notify").next().unwrap();
    assert_eq!(notifies(&log), [(0, "Slouching")]);
    assert_eq!(call["app"], "backstay");
    assert_eq!(call["body"], "head 9 % lower than your upright, for 40 s");
    assert_eq!(
        call["actions"],
        json!([
            "snooze",
            "Snooze 15 min",
            "wrong",
            "That was wrong",
            "recalibrate",
            "Recalibrate"
        ])
    );
    assert_eq!(call["expire"], -1);
    let hints = json!({"urgency": 1, "transient": true, "category": "x-backstay.posture"});
    assert_eq!(call["hints"], hints);
    assert_eq!(stderr, Vec::<String>::new());
}

#[test]
fn a_repeat_replaces_and_the_end_withdraws() {
    let Some(daemon) = Daemon::start(&[]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the first bubble", |log| notifies(log).len() == 1);
    player.order("alert posture 1 firm");
    daemon.wait_for("the repeat", |log| notifies(log).len() == 2);
    player.order("clear posture 7"); // another bout: not what is shown
    player.order("alert sitting 1 quiet");
    daemon.wait_for("both kinds", |log| notifies(log).len() == 3);
    assert_eq!(closed_ids(&daemon.log()), Vec::<u64>::new());
    player.order("clear posture 1");
    daemon.wait_for("the withdrawal", |log| closed_ids(log) == [1]);
    player.order("alert posture 2 quiet");
    daemon.wait_for("the next bout", |log| notifies(log).len() == 4);
    let (log, _) = player.close_and_read(&daemon);
    let shown = [
        (0, "Slouching"),
        (1, "Slouching"),
        (0, "Sitting for 40 s"),
        (0, "Slouching"),
    ];
    assert_eq!(notifies(&log), shown);
    let mut closed = closed_ids(&log);
    closed.sort_unstable();
    assert_eq!(closed, [1, 2, 3], "closing withdraws what still stands");
}

#[test]
fn a_slow_daemon_gets_the_newest_state_only() {
    let Some(daemon) = Daemon::start(&["--delay", "3"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the first call", |log| notifies(log).len() == 1);
    player.order("alert posture 1 firm");
    player.order("clear posture 1");
    player.order("alert posture 2 quiet");
    player.order("alert posture 2 firm");
    daemon.change_options("");
    daemon.wait_for("the newest", |log| notifies(log).len() == 2);
    player.order("clear posture 2");
    daemon.wait_for("the withdrawal", |log| closed_ids(log) == [1]);
    let (log, _) = player.close_and_read(&daemon);
    assert_eq!(notifies(&log), [(0, "Slouching"), (1, "Slouching")]);
    let newest = calls(&log, "Notify").nth(1).unwrap();
    assert_eq!(newest["expire"], 60_000, "the firm one came last");
}

#[test]
fn a_daemon_that_never_answers_blocks_nothing_and_alerts_go_to_stderr() {
    let Some(daemon) = Daemon::start(&["--never"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    player.wait_for_stderr("backstay: Slouching: head 9 % lower");
    player.order("alert sitting 1 quiet");
    player.wait_for_stderr("backstay: Sitting for 40 s");
    player.order("clear posture 1");
    player.wait_for_stderr("backstay: Slouching: over");
    let (log, stderr) = player.close_and_read(&daemon);
    let asked = log.iter().filter(|line| line["ignored"] == true).count();
    assert_eq!(asked, 1, "calls must not pile up: {log:?}");
    let warnings = stderr.iter().filter(|line| line.contains("WARN")).count();
    assert_eq!(warnings, 1, "{stderr:?}");
}

#[test]
fn without_a_bus_there_is_one_warning_and_alerts_go_to_stderr() {
    let mut player = Player::at("unix:path=/nonexistent/bus");
    player.order("alert posture 1 quiet");
    player.wait_for_stderr("backstay: Slouching: head 9 % lower");
    player.order("alert posture 1 firm");
    player.order("alert sitting 1 quiet");
    player.wait_for_stderr("backstay: Sitting for 40 s");
    player.order("clear posture 1");
    player.wait_for_stderr("backstay: Slouching: over");
    let stderr = player.close();
    let warnings: Vec<_> = stderr.iter().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{stderr:?}");
    assert!(
        warnings[0].contains("cannot reach the session bus"),
        "{warnings:?}"
    );
}

#[test]
fn a_daemon_that_comes_later_shows_what_still_holds() {
    let Some(daemon) = Daemon::start(&["--absent", "3"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    player.wait_for_stderr("backstay: Slouching: head 9 % lower");
    daemon.wait_for("the bubble", |log| notifies(log) == [(0, "Slouching")]);
    player.close_and_read(&daemon);
}

#[test]
fn a_refusal_costs_one_warning_until_it_works_again() {
    let Some(daemon) = Daemon::start(&["--error"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    player.wait_for_stderr("backstay: Slouching");
    player.order("alert sitting 1 quiet");
    player.wait_for_stderr("backstay: Sitting");
    daemon.change_options("");
    player.order("alert posture 1 firm");
    daemon.wait_for("the bubble", |log| notifies(log).len() == 3);
    let (log, stderr) = player.close_and_read(&daemon);
    assert_eq!(closed_ids(&log).len(), 1, "only one was really shown");
    let warnings: Vec<_> = stderr.iter().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{stderr:?}");
    assert!(
        warnings[0].contains("ExcessNotificationGeneration"),
        "{warnings:?}"
    );
}

#[test]
fn a_daemon_that_restarts_shows_it_anew_under_a_new_id() {
    let Some(daemon) = Daemon::start(&["--die", "0.1", "--back", "0.5"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert sitting 1 quiet");
    daemon.wait_for("the first daemon's end", |log| {
        log.iter().any(|line| line["event"] == "leaves the bus")
    });
    daemon.wait_for("the second daemon's bubble", |log| notifies(log).len() == 2);
    player.order("alert sitting 1 firm");
    daemon.wait_for("the repeat", |log| notifies(log).len() == 3);
    let (log, _) = player.close_and_read(&daemon);
    let replaced: Vec<u64> = notifies(&log).iter().map(|call| call.0).collect();
    assert_eq!(replaced, [0, 0, 1]);
    assert_eq!(closed_ids(&log), [1]);
}

#[test]
fn a_repeat_for_a_dead_daemon_is_no_replacement_for_the_next_one() {
    let Some(daemon) = Daemon::start(&["--die", "0.1", "--back", "3"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the first daemon's end", |log| {
        log.iter().any(|line| line["event"] == "leaves the bus")
    });
    player.order("alert posture 1 firm");
    player.wait_for_stderr("backstay: Slouching");
    daemon.wait_for("the second daemon's bubble", |log| notifies(log).len() == 2);
    let (log, _) = player.close_and_read(&daemon);
    assert_eq!(notifies(&log), [(0, "Slouching"), (0, "Slouching")]);
    assert_eq!(closed_ids(&log), [1]);
}

#[test]
fn the_snooze_button_sends_the_command() {
    let Some(daemon) = Daemon::start(&["--click", "snooze@0.1"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    assert_eq!(player.answer(), "Snooze(900s)");
    player.close_and_read(&daemon);
}

#[test]
fn an_alert_about_the_posture_can_be_called_wrong_or_bring_a_calibration() {
    for (button, command) in [
        ("wrong", "Wrong"),
        (
            "recalibrate",
            "CalibrateGuided { span: 10s, limits: false, stance: None }",
        ),
    ] {
        let Some(daemon) = Daemon::start(&["--click", &format!("{button}@0.1")]) else {
            return;
        };
        let mut player = Player::on(&daemon);
        player.order("alert posture 1 quiet");
        assert_eq!(player.answer(), command);
        player.close_and_read(&daemon);
    }
}

#[test]
fn a_question_has_two_buttons_and_each_is_an_answer() {
    for (button, answer) in [("learn", "Answer(true)"), ("not_now", "Answer(false)")] {
        let Some(daemon) = Daemon::start(&["--click", &format!("{button}@0.1")]) else {
            return;
        };
        let mut player = Player::on(&daemon);
        player.order("alert stood_up 1 quiet");
        assert_eq!(player.answer(), answer);
        let (log, _) = player.close_and_read(&daemon);
        let call = calls(&log, "Notify").next().unwrap();
        let buttons = json!(["learn", "Learn it (10 s)", "not_now", "Not now"]);
        assert_eq!(call["actions"], buttons);
    }
}

#[test]
fn a_prompt_has_a_button_that_opens_a_window_for_a_break() {
    for kind in ["sitting", "move"] {
        let Some(daemon) = Daemon::start(&["--click", "break@0.1"]) else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let terminal = folder.path().join("terminal");
        // What comes on stdin would be the player's orders.
        let script =
            "#!/bin/sh\ncd \"${0%/*}\"\nprintf '%s\\n' \"$@\" > new\ncat >> new\nmv new got\n";
        fs::write(&terminal, script).unwrap();
        fs::set_permissions(&terminal, fs::Permissions::from_mode(0o700)).unwrap();
        let command = format!("'{}' --title 'my break'", terminal.display());
        let mut player = Player::with(&daemon, &[(TERMINAL, &command)]);
        player.order(&format!("alert {kind} 1 quiet"));
        let got = folder.path().join("got");
        eventually("the window", || got.exists());
        let words = "--title\nmy break\n/opt/back stay\nbreak\n--stay\n";
        assert_eq!(fs::read_to_string(&got).unwrap(), words);
        player.order("clear posture 7");
        let (log, _) = player.close_and_read(&daemon);
        let call = calls(&log, "Notify").next().unwrap();
        let buttons = json!(["break", "Start a break", "snooze", "Snooze 15 min"]);
        assert_eq!(call["actions"], buttons);
        assert_eq!(notifies(&log).len(), 1, "nothing went wrong");
    }
}

#[test]
fn without_a_window_the_person_is_told_what_to_type() {
    let nothing = tempfile::tempdir().unwrap();
    let path = nothing.path().to_str().unwrap();
    for (environment, trouble) in [
        (
            &[("PATH", path), ("TERMINAL", "")][..],
            "no terminal is found",
        ),
        (&[(TERMINAL, "/nonexistent/terminal")], "cannot be started"),
        (&[(TERMINAL, "false")], "ended with exit status: 1"),
    ] {
        let Some(daemon) = Daemon::start(&["--click", "break@0.1"]) else {
            return;
        };
        let mut player = Player::with(&daemon, environment);
        player.order("alert sitting 1 quiet");
        daemon.wait_for("the notice", |log| notifies(log).len() == 2);
        let (log, stderr) = player.close_and_read(&daemon);
        let notice = calls(&log, "Notify").nth(1).unwrap();
        assert_eq!(notice["summary"], "No terminal window for the break");
        assert_eq!(notice["body"], "type \"backstay break\" in a terminal");
        assert_eq!(notice["actions"], json!([]));
        assert_eq!(stderr.len(), 1, "{stderr:?}");
        assert!(stderr[0].contains(trouble), "{stderr:?}");
        assert!(stderr[0].contains("type \"backstay break\""), "{stderr:?}");
    }
}

/// What a bubble of `kind` says where the daemon offers no buttons.
fn body_without_buttons(kind: &str) -> Option<String> {
    let daemon = Daemon::start(&["--no-actions"])?;
    let mut player = Player::on(&daemon);
    player.order(&format!("alert {kind} 1 quiet"));
    daemon.wait_for("the bubble", |log| notifies(log).len() == 1);
    let (log, _) = player.close_and_read(&daemon);
    let call = calls(&log, "Notify").next().unwrap();
    Some(call["body"].as_str().unwrap().to_owned())
}

#[test]
fn without_buttons_a_prompt_names_the_command() {
    let Some(body) = body_without_buttons("sitting") else {
        return;
    };
    assert!(
        body.ends_with("; \"backstay break\" leads through exercises"),
        "{body}"
    );
}

#[test]
fn without_buttons_a_question_says_what_answers_it() {
    let Some(body) = body_without_buttons("stood_up") else {
        return;
    };
    assert!(body.contains("backstay recalibrate --standing"), "{body}");
}

#[test]
fn on_gnome_the_one_that_showed_it_replaces_hears_and_withdraws() {
    let Some(daemon) = Daemon::start(&["--gnome"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the bubble", |log| notifies(log).len() == 1);
    player.order("alert sitting 1 quiet");
    daemon.wait_for("both kinds", |log| notifies(log).len() == 2);
    daemon.change_options("--gnome --click snooze@0.1");
    player.order("alert posture 1 firm");
    assert_eq!(player.answer(), "Snooze(900s)");
    daemon.change_options("--gnome");
    player.order("alert posture 1 quiet");
    daemon.wait_for("the last repeat", |log| notifies(log).len() == 4);
    player.order("clear posture 1");
    daemon.wait_for("the withdrawal", |log| closed_ids(log).len() == 1);
    let (log, stderr) = player.close_and_read(&daemon);
    let replaced: Vec<_> = notifies(&log).iter().map(|call| call.0).collect();
    assert_eq!(&replaced[..3], [0, 0, 1]);
    assert_eq!(closed_ids(&log)[1..], [2], "closing withdraws the other");
    let refused = log.iter().filter(|line| line["event"] == "refused").count();
    assert_eq!(refused, 0, "{log:?}");
    assert_eq!(stderr, Vec::<String>::new());
}

#[test]
fn a_bubble_of_the_next_daemon_is_heard() {
    let options = ["--die", "0.1", "--back", "0.3", "--click", "snooze@0.2"];
    let Some(daemon) = Daemon::start(&options) else {
        return;
    };
    let mut player = Player::on(&daemon);
    // The first daemon dies before the click.
    player.order("alert posture 1 quiet");
    assert_eq!(player.answer(), "Snooze(900s)");
    let (log, _) = player.close_and_read(&daemon);
    assert_eq!(notifies(&log), [(0, "Slouching"), (0, "Slouching")]);
}

#[test]
fn a_dismissed_bubble_stays_away_until_the_next_alert() {
    let Some(daemon) = Daemon::start(&["--close", "2@0.1"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the dismissal", |log| {
        log.iter()
            .any(|line| line["signal"] == "NotificationClosed")
    });
    daemon.change_options("");
    // The other kind's bubble proves that the notifier had its chance to show the first one again.
    player.order("alert sitting 1 quiet");
    daemon.wait_for("the other kind", |log| notifies(log).len() == 2);
    player.order("alert posture 1 firm");
    daemon.wait_for("the repeat", |log| notifies(log).len() == 3);
    let (log, _) = player.close_and_read(&daemon);
    let shown = [(0, "Slouching"), (0, "Sitting for 40 s"), (0, "Slouching")];
    assert_eq!(notifies(&log), shown);
}

#[test]
fn a_daemon_without_buttons_gets_none() {
    let Some(daemon) = Daemon::start(&["--no-actions"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    daemon.wait_for("the bubble", |log| notifies(log).len() == 1);
    let (log, _) = player.close_and_read(&daemon);
    assert_eq!(calls(&log, "Notify").next().unwrap()["actions"], json!([]));
}

#[test]
fn a_daemon_without_bodies_gets_it_all_in_the_summary() {
    let Some(daemon) = Daemon::start(&["--caps", "actions"]) else {
        return;
    };
    let mut player = Player::on(&daemon);
    player.order("alert posture 1 quiet");
    let whole = "Slouching: head 9 % lower than your upright, for 40 s";
    daemon.wait_for("the bubble", |log| notifies(log) == [(0, whole)]);
    player.close_and_read(&daemon);
    eventually("the daemon's end of the log", || {
        closed_ids(&daemon.log()) == [1]
    });
}
