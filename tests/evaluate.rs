//! `backstay evaluate` as a developer runs it: on pictures, on sessions, and on what is neither.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Home, named, sample};
use serde_json::Value;

/// Where the sample's slouch begins, in seconds.
const SLOUCH_FROM: f64 = 16.5;

/// A copy of the sample, so that observations can be kept beside it.
fn copy_of_sample(home: &Home, name: &str) -> PathBuf {
    let folder = home.path(name);
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(sample()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// The report that a command prints; it must do well and say nothing on stderr.
#[track_caller]
fn report(home: &Home, arguments: &str) -> Value {
    let mut events = home.events(arguments);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// When the sample's only alert came, from its delay beyond the dwell.
fn alerted_at(report: &Value, dwell_s: f64) -> f64 {
    report["pooled"]["delay_median_s"].as_f64().unwrap() + SLOUCH_FROM + dwell_s
}

#[test]
fn pictures_are_looked_at_once_and_judged_as_a_replay_judges_them() {
    let home = Home::new();
    let folder = copy_of_sample(&home, "me");
    let first = report(&home, "evaluate me --engine rten --json");
    let pooled = &first["pooled"];
    assert_eq!(
        (&pooled["right"], &pooled["named_right"], &pooled["false"]),
        (&1.into(), &1.into(), &0.into())
    );
    assert_eq!(pooled["alert_precision"], 1.0);
    // The slouch of 38.5 s is too short to be demanded.
    assert_eq!(
        (&pooled["must"], &pooled["bout_recall"]),
        (&0.into(), &Value::Null)
    );
    assert_eq!(pooled["intervals"], Value::Null);
    assert_eq!(first["by_camera"]["laptop"]["right"], 1);
    assert_eq!(first["by_fault"]["slouch"]["named_right"], 1);
    let one = &first["recordings"][0];
    assert_eq!(
        (&one["name"], &one["subject"]),
        (&"me".into(), &"alex".into())
    );

    // Nothing but the kept observations was added, and nobody else can read them.
    let kept = folder.join("observations.jsonl.zst");
    assert!(kept.is_file());
    let files = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(files(&folder), files(&sample()) + 1);
    #[cfg(unix)]
    assert_eq!(common::mode(&kept), 0o600);

    let replayed = home.events("replay me --json --calibrate-seconds 10 --engine rten");
    let alerts = named(&replayed, "alert");
    assert_eq!(alerts.len(), 1);
    assert!(
        (alerted_at(&first, 30.0) - alerts[0].0).abs() < 0.01,
        "{first}"
    );

    // Without most of its pictures the recording is judged the same: they are not looked at.
    for number in 3..=140 {
        fs::remove_file(folder.join(format!("{number:05}.jpg"))).unwrap();
    }
    assert_eq!(report(&home, "evaluate me --engine rten --json"), first);
    // A mere lower rate of judging needs no other observations.
    let table = home
        .backstay("evaluate me --engine rten --what-if rate_active_hz=1")
        .assert();
    let table = table.success().stderr_eq("").get_output().stdout.clone();
    let table = String::from_utf8(table).unwrap();
    assert!(
        table.starts_with("recording  camera  told  right"),
        "{table}"
    );
    assert!(
        table.contains("alert precision") && table.contains("1 of 1 alerts"),
        "{table}"
    );

    // Looked at anew, the two that are left calibrate nothing.
    for other in ["--no-cache", "--rate 12", "--cache other"] {
        let blind = report(&home, &format!("evaluate me --engine rten --json {other}"));
        assert_eq!(blind["recordings"][0]["calibrated"], false, "{other}");
    }
    assert_eq!(files(&home.path("other")), 1);
    // What cannot be kept is told, and the figures come all the same.
    home.backstay("evaluate me --engine rten --json --cache me/labels.json/x")
        .assert()
        .success()
        .stderr_eq("backstay: observations are not kept: cannot make folder [..]; give --cache DIR or --no-cache\n");
}

#[test]
fn sessions_are_judged_with_other_settings_and_the_best_are_chosen() {
    let home = Home::new();
    home.backstay("record all/ann.jsonl.zst --source sample --engine rten")
        .assert()
        .failure();
    fs::create_dir(home.path("all")).unwrap();
    home.backstay("record all/ann.jsonl.zst --source sample --engine rten")
        .assert()
        .success();
    // Labelled as going on for longer, the slouch must be told.
    let labels = fs::read_to_string(sample().join("labels.json"))
        .unwrap()
        .replace("55.0", "62.0")
        .replace("56.5", "63.5");
    let labels_of = |name: &str| {
        let own = labels.replace("\"alex\"", &format!("{name:?}"));
        fs::write(home.path(&format!("all/{name}.labels.json")), own).unwrap();
    };
    labels_of("ann");
    let path = "all/ann.jsonl.zst";
    let alone = report(&home, &format!("evaluate {path} --json"));
    assert_eq!(
        (&alone["pooled"]["right"], &alone["pooled"]["false"]),
        (&1.into(), &0.into())
    );
    assert_eq!(alone["recordings"][0]["subject"], "ann");

    assert_eq!(alone["pooled"]["bout_recall"], 1.0);
    let patient = format!("evaluate {path} --json --what-if dwell_seconds=500");
    let patient = report(&home, &patient);
    assert_eq!(patient["pooled"]["bout_recall"], 0.0);
    assert_eq!(patient["recordings"][0]["misses"][0]["from"], SLOUCH_FROM);
    home.backstay(&format!("evaluate {path} --fit dwell_seconds=20,30"))
        .assert()
        .code(1)
        .stderr_eq("backstay: --fit needs recordings of two subjects at least; name more, or use --what-if\n");

    for name in ["bob", "cid"] {
        fs::copy(home.path(path), home.path(&format!("all/{name}.jsonl.zst"))).unwrap();
        labels_of(name);
    }
    let fitted = report(
        &home,
        "evaluate all --json --fit dwell_seconds=500,30 --fit sensitivity=normal",
    );
    assert_eq!(fitted["recordings"].as_array().unwrap().len(), 3);
    assert_eq!(fitted["pooled"]["right"], 3);
    assert_eq!(
        fitted["pooled"]["intervals"]["alert_precision"],
        serde_json::json!([1.0, 1.0])
    );
    let choices = fitted["fit"]["choices"].as_array().unwrap();
    let left_out: Vec<&Value> = choices.iter().map(|choice| &choice["left_out"]).collect();
    assert_eq!(left_out, ["ann", "bob", "cid"]);
    for choice in choices {
        let chosen = serde_json::json!({"dwell_seconds": "30", "sensitivity": "normal"});
        assert_eq!((&choice["chosen"], &choice["told"]), (&chosen, &1.into()));
    }
    assert_eq!(fitted["fit"]["pooled"]["bout_recall"], 1.0);
}

#[test]
fn labels_that_are_wrong_are_told_in_one_line() {
    let home = Home::new();
    let folder = home.path("me");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("00001.jpg"), "").unwrap();
    let fails = |status: i32, arguments: &str, told: &str| {
        let done = home.backstay(arguments).assert().code(status).stdout_eq("");
        done.stderr_eq(format!("backstay: {told}\n"));
    };
    fails(
        1,
        "evaluate me",
        "\"me\" has no labels; describe what is true of it in \"me/labels.json\"",
    );
    for (labels, why) in [
        ("upright", "expected value at line 1 column 1"),
        (
            "{\"fps\": 2}",
            "missing field `segments` at line 1 column 10",
        ),
        ("{\"fps\": 2, \"segments\": []}", "\"segments\" is empty"),
        (
            "{\"segments\": [{\"from\": 0, \"to\": 5, \"label\": \"x\", \"verdict\": \"awful\"}]}",
            "segments[0]: \"verdict\" is \"awful\"; it must be one of good, bad, neutral, exercise, absent, unseen",
        ),
        (
            "{\"segments\": [{\"from\": 9, \"to\": 5, \"label\": \"x\", \"verdict\": \"good\"}]}",
            "segments[0]: \"from\" (9) must be less than \"to\" (5)",
        ),
    ] {
        fs::write(folder.join("labels.json"), labels).unwrap();
        let told = format!("cannot use labels \"me/labels.json\": {why}; correct it there");
        fails(1, "evaluate me", &told);
    }
    fails(
        1,
        "evaluate nothing",
        "there is no file or folder \"nothing\"; name a recording, or a folder of recordings",
    );
    fs::create_dir(home.path("empty")).unwrap();
    fails(
        1,
        "evaluate empty",
        "folder \"empty\" holds no labelled recordings; put labels.json beside the pictures, or \
         NAME.labels.json beside the session NAME.jsonl",
    );
    fails(
        2,
        "evaluate me --what-if dwell_seconds=1",
        "dwell_seconds=1: the value must be a number from 10 to 600",
    );
    let done = home
        .backstay("evaluate me --what-if dwel_seconds=20")
        .assert()
        .code(2);
    let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(told.contains("did you mean \"dwell_seconds\"?"), "{told}");
}
