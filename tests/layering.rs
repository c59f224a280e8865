//! Who may know whom: `src` keeps to the layers that `src/lib.rs` tells of.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "layering/paths.rs"]
mod paths;

use std::fs;
use std::path::Path;

use paths::{paths, without_texts};

/// The layers, and what each may know besides itself. `cli`, `commands`, `main` and `lib` tie
/// everything together and may know all.
const LAYERS: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("wording", &["domain"]),
    ("config", &["domain"]),
    ("session", &["domain"]),
    ("desktop", &["domain"]),
    ("control", &["domain"]),
    ("mqtt", &["domain"]),
    ("web", &["domain"]),
    ("vision", &["domain"]),
    ("store", &["domain"]),
    ("relief", &["domain"]),
    ("screen", &["domain"]),
    (
        "runtime",
        &[
            "domain", "vision", "session", "store", "desktop", "control", "mqtt", "web", "relief",
            "screen",
        ],
    ),
    (
        "evaluation",
        &["domain", "config", "vision", "session", "runtime"],
    ),
];

/// What all but the domain may know: files for their owner alone, how servers take connections, and
/// what a person reads.
const SHARED: [&str; 3] = ["private", "serving", "wording"];

/// Arrows against the rule: a file or folder, what it may name all the same, and why.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    (
        "vision/source/camera",
        "crate::runtime::clock",
        "the camera's process waits and dates frames by itself, and only the clock module may",
    ),
    (
        "desktop/lines",
        "crate::runtime::status_line::Aside",
        "a late alert on stderr must not run into the status line, which is the runtime's",
    ),
];

/// What the domain may use of the standard library: no files, no clock, no threads.
const DOMAIN_STD: [&str; 6] = [
    "std::collections::VecDeque",
    "std::time::Duration",
    "std::fmt",
    "std::mem",
    "std::f64",
    "std::cmp",
];

/// Crates that few layers hide from the rest, and the modules that may name them.
const HIDDEN: [(&str, &[&str]); 24] = [
    ("rusqlite", &["store"]),
    ("ratatui", &["screen"]),
    ("heap_trim", &["vision/engine"]),
    ("sys_locale", &["wording/language"]),
    ("image", &["vision"]),
    ("zune_jpeg", &["vision"]),
    ("ndarray", &["vision"]),
    ("ort", &["vision/engine"]),
    ("rten", &["vision/engine"]),
    ("rten_tensor", &["vision/engine"]),
    ("ureq", &["vision/engine/install"]),
    ("zip", &["vision/engine/install"]),
    ("nokhwa", &["vision/source/camera"]),
    ("v4l", &["vision/source/camera"]),
    ("hyper", &["control", "serving", "web"]),
    ("hyper_util", &["control", "serving", "web"]),
    ("http_body_util", &["control", "web"]),
    ("rumqttc", &["mqtt"]),
    ("notify_rust", &["desktop"]),
    ("zbus", &["desktop"]),
    ("sd_notify", &["desktop/service"]),
    ("ksni", &["desktop/tray"]),
    ("zstd", &["session"]),
    ("jiff", &["runtime/clock"]),
];

/// Files of `runtime` that may touch pixels: they write pictures where the person asked for that.
const PIXELS_BESIDE_VISION: [&str; 2] = ["runtime/keep", "runtime/sketch"];

/// The longest file, in lines: more does not fit into one head.
const LONGEST: usize = 600;

/// Macros that no finished program has, and those that panic when nobody reads what they print.
const FORBIDDEN_MACROS: [&str; 7] = [
    "todo",
    "unimplemented",
    "dbg",
    "print",
    "println",
    "eprint",
    "eprintln",
];

/// What is wrong with the file of module `module` (such as `vision/source/camera`), if anything.
fn objections(module: &str, code: &str, crates: &[String]) -> Vec<String> {
    let mut objections = Vec::new();
    if code.lines().count() > LONGEST {
        objections.push(format!("more than {LONGEST} lines"));
    }
    let (program, tests) = split_tests(code);
    let words = without_texts(code);
    for name in FORBIDDEN_MACROS {
        let calls = |at: usize| {
            let before = words[..at].chars().next_back();
            words[at + name.len()..].starts_with('!')
                && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        };
        if words.match_indices(name).any(|(at, _)| calls(at)) {
            objections.push(format!("{name}!"));
        }
    }
    for path in paths(tests) {
        objections.extend(arrow(module, &absolute(module, &path)));
    }
    for path in paths(program) {
        let path = absolute(module, &path);
        objections.extend(arrow(module, &path));
        objections.extend(outer(module, &path, crates));
        objections.extend(pixels(module, &path));
    }
    objections
}

/// The program and the tests below it, which may use any crate.
fn split_tests(code: &str) -> (&str, &str) {
    let at = code.find("\n#[cfg(test)]\n").unwrap_or(code.len());
    let (program, tests) = code.split_at(at);
    // Nothing but the module of tests may follow, or it would escape the stricter rules.
    let closed = tests.find("\n}\n").map_or(tests.len(), |end| end + 3);
    assert!(tests[closed..].trim().is_empty(), "code behind the tests");
    assert!(tests.is_empty() || tests.contains("\nmod tests {"));
    (program, tests)
}

/// The path from the crate's root, as far as it begins with `super` or `crate`.
fn absolute(module: &str, path: &str) -> String {
    let mut from: Vec<&str> = module.split('/').collect();
    let mut rest = path;
    while let Some(above) = rest.strip_prefix("super::") {
        from.pop();
        rest = above;
    }
    if rest == path {
        return path.to_owned();
    }
    let below = ["crate"].into_iter().chain(from).chain([rest]);
    below.collect::<Vec<_>>().join("::")
}

fn layer(module: &str) -> Option<(&'static str, &'static [&'static str])> {
    let top = module.split('/').next()?;
    LAYERS.into_iter().find(|(name, _)| *name == top)
}

fn arrow(module: &str, path: &str) -> Option<String> {
    let (own, may) = layer(module)?;
    let to = path.strip_prefix("crate::")?.split("::").next()?;
    let excepted = EXCEPTIONS
        .iter()
        .any(|(from, what, _)| is_below(module, from) && path.starts_with(what));
    let shared = SHARED.contains(&to) && own != "domain";
    (to != own && !may.contains(&to) && !excepted && !shared).then(|| format!("{own} names {path}"))
}

fn outer(module: &str, path: &str, crates: &[String]) -> Option<String> {
    let first = path.split("::").next()?;
    let hidden = HIDDEN.iter().any(|(name, homes)| {
        let at_home = homes.iter().any(|home| is_below(module, home));
        *name == first && !at_home && crates.iter().any(|c| c == first)
    });
    let in_domain = is_below(module, "domain")
        && match first {
            "std" | "core" | "alloc" => !DOMAIN_STD.iter().any(|allowed| path.starts_with(allowed)),
            _ => crates.iter().any(|c| c == first),
        };
    (hidden || in_domain).then(|| format!("{module} names {path}"))
}

fn pixels(module: &str, path: &str) -> Option<String> {
    let allowed = is_below(module, "vision") || PIXELS_BESIDE_VISION.contains(&module);
    // Why a picture is bad is no picture.
    let harmless = path == "crate::vision::picture::BadFrame";
    let touches = [
        "crate::vision::picture",
        "crate::vision::draw",
        "crate::vision::letterbox",
        "crate::vision::background",
    ]
    .iter()
    .any(|pixels| path.starts_with(pixels));
    (touches && !allowed && !harmless).then(|| format!("{module} touches pixels: {path}"))
}

fn is_below(module: &str, folder: &str) -> bool {
    module
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The crates that the program may use, as they are called in code.
fn crates() -> Vec<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    let mut crates: Vec<String> = Vec::new();
    let linux = &manifest["target"]["cfg(target_os = \"linux\")"];
    for table in [&manifest["dependencies"], &linux["dependencies"]] {
        crates.extend(
            table
                .as_table()
                .unwrap()
                .keys()
                .map(|name| name.replace('-', "_")),
        );
    }
    crates
}

/// The modules below `folder` with their code, named by their paths.
fn modules(folder: &Path, name: &str, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let inner = if name.is_empty() {
            stem.to_owned()
        } else {
            format!("{name}/{stem}")
        };
        if path.is_dir() {
            modules(&path, &inner, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = if stem == "mod" {
                name.to_owned()
            } else {
                inner
            };
            into.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_file_keeps_to_its_layer() {
    let mut all = Vec::new();
    modules(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        "",
        &mut all,
    );
    assert!(all.len() > 80, "only {} files are looked at", all.len());
    for (layer, _) in LAYERS {
        assert!(
            all.iter().any(|(module, _)| is_below(module, layer)),
            "no layer {layer}"
        );
    }
    let crates = crates();
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(module, code)| {
            let objections = objections(module, code, &crates);
            objections
                .into_iter()
                .map(move |why| format!("src/{module}: {why}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every exception is used, or it would only cover what comes later.
#[test]
fn every_exception_is_needed() {
    let mut all = Vec::new();
    modules(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        "",
        &mut all,
    );
    for (from, what, _) in EXCEPTIONS {
        let used = all.iter().any(|(module, code)| {
            is_below(module, from) && paths(code).iter().any(|path| path.starts_with(what))
        });
        assert!(used, "{from} names {what} nowhere");
    }
}

#[test]
fn what_breaks_a_rule_is_found() {
    let crates = crates();
    let check = |module: &str, code: &str, expected: &[&str]| {
        assert_eq!(
            objections(module, code, &crates),
            expected,
            "{module}: {code}"
        );
    };
    check(
        "domain/io",
        "use std::{fmt, time::{Duration, Instant}};",
        &["domain/io names std::time::Instant"],
    );
    check(
        "domain/io",
        "use super::pose::Pose; use crate::domain::time;",
        &[],
    );
    check(
        "domain/io",
        "use crate::{domain::pose, session::Line};",
        &["domain names crate::session::Line"],
    );
    check(
        "domain/io",
        "fn f() { super::super::runtime::clock::wall(); }",
        &["domain names crate::runtime::clock::wall"],
    );
    check(
        "domain/io",
        "#[derive(serde::Serialize)] struct A;",
        &["domain/io names serde::Serialize"],
    );
    check(
        "domain/io",
        "use tokio::time;",
        &["domain/io names tokio::time"],
    );
    check(
        "domain/io",
        "fn f() {}\n#[cfg(test)]\nmod tests {\n    use proptest::prelude::*;\n    use crate::config::X;\n}\n",
        &["domain names crate::config::X"],
    );
    check(
        "session/line",
        "use crate::vision::frame::Frame;",
        &["session names crate::vision::frame::Frame"],
    );
    check(
        "vision/observer",
        "use crate::runtime::clock;",
        &["vision names crate::runtime::clock"],
    );
    check(
        "vision/source/camera/worker",
        "use crate::runtime::clock;",
        &[],
    );
    check(
        "runtime/live",
        "use crate::commands::run;",
        &["runtime names crate::commands::run"],
    );
    check(
        "runtime/live",
        "use crate::vision::picture::{BadFrame, Rgb};",
        &["runtime/live touches pixels: crate::vision::picture::Rgb"],
    );
    check(
        "runtime/live",
        "use image::DynamicImage;",
        &["runtime/live names image::DynamicImage"],
    );
    check("runtime/keep", "use crate::vision::picture::decode;", &[]);
    check("commands/run", "fn f() { todo!() }", &["todo!"]);
    check(
        "commands/run",
        "fn f() { eprintln!(\"x\"); my_print!(); /* dbg!() */ }",
        &["eprintln!"],
    );
    check("cli", &"\n".repeat(601), &["more than 600 lines"]);
}
