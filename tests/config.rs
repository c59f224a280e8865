//! The configuration: a folder of good ones, a folder with one mistake a file, and the
//! `config` command.

#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backstay::config::DEFAULT;
use backstay::config::settings::Settings;
use insta::{assert_debug_snapshot, assert_snapshot};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/configs")
        .join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

#[test]
fn each_mistake_is_told_with_line_key_and_remedy() {
    let told: Vec<String> = files("invalid")
        .iter()
        .map(|path| {
            let mistake = Settings::load(Some(path)).unwrap_err().to_string();
            let start = format!("cannot use configuration \"{}\": ", path.display());
            let mistake = mistake
                .strip_prefix(&start)
                .unwrap_or_else(|| panic!("{mistake}"));
            format!("{}: {mistake}", name(path))
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    break_too_long.toml: line 2: "sitting.break_minutes" is 60; it must be from 1 to 30
    broker_without_scheme.toml: line 2: "mqtt.broker" is "broker.lan"; it must be "mqtt://HOST" or "mqtts://HOST", with ":PORT" or without, and the user under "username"
    ca_without_tls.toml: line 3: "mqtt.ca_file" is "/etc/ca.pem"; it must be empty where the broker is not "mqtts://"
    cooldown_negative.toml: line 2: "alerts.cooldown_minutes" is -5; it must be from 1 to 120
    duplicate_key.toml: line 3: not valid TOML: duplicate key
    dwell_too_short.toml: line 3: "posture.dwell_seconds" is 2; it must be from 10 to 600
    engine_unknown.toml: line 2: "model.engine" is "cuda"; it must be "auto", "ort" or "rten"
    fault_sensitivity_unknown.toml: line 2: "faults.slouch" is "on"; it must be "default", "off", "relaxed", "normal" or "strict"
    fault_unknown.toml: line 2: unknown key "faults.slump"; known are "forward_head", "head_down", "head_tilt", "lean_in", "raised_shoulders", "side_lean", "slouch", "too_close"
    firm_before_prompt.toml: line 3: "sitting.firm_minutes" is 30; it must be more than "prompt_minutes" (45) and at most 480
    firm_default_before_prompt.toml: line 2: "sitting.firm_minutes" is 60, its default; it must be more than "prompt_minutes" (90) and at most 480
    firm_too_late.toml: line 2: "sitting.firm_minutes" is 1000; it must be more than "prompt_minutes" (30) and at most 480
    fov_too_narrow.toml: line 2: "camera.horizontal_fov_deg" is 12.5; it must be from 40 to 120
    hours_not_understood.toml: line 2: "pauses.work_hours" is "weekdays 9-17"; it must be hours such as "mon-fri 9:00-17:30, sat 10:00-12:00", eight at most
    keep_too_short.toml: line 2: "history.keep_days" is 7; it must be 0 (nothing) or a whole number from 14 to 3650
    key_in_wrong_section.toml: line 3: unknown key "camera.dwell_seconds"; it belongs into the section "[posture]"
    key_outside_sections.toml: line 1: unknown key "rate_hz"; it belongs into the section "[camera]"
    language_unknown.toml: line 2: "desktop.language" is "fr"; it must be "auto", "en" or "de"
    max_per_hour_broken.toml: line 2: "alerts.max_per_hour" is 2.5; it must be a whole number from 0 to 20
    max_per_hour_too_many.toml: line 2: "alerts.max_per_hour" is 100; it must be a whole number from 0 to 20
    model_mistyped.toml: line 2: "model.name" is "lightening"; it must be "lightning", "thunder" or the path of a model file
    not_toml.toml: line 1: not valid TOML: unclosed table, expected `]`
    number_for_bool.toml: line 2: "alerts.notify" must be true or false; for example: notify = true
    number_for_text.toml: line 2: "model.engine" must be a text; for example: engine = "auto"
    on_alert_open.toml: line 2: "alerts.on_alert" is "say 'hello"; it must be a command with its quotation marks closed
    password_file_relative.toml: line 3: "mqtt.password_file" is "secret"; it must be an absolute path
    password_without_user.toml: line 3: "mqtt.password_file" is "/etc/secret"; it must be empty as long as "username" is
    pattern_longer_than_firm.toml: line 2: "sitting.firm_minutes" is 60, its default; it must be more than the minutes of sitting in "pattern" (60) and at most 480
    pattern_not_understood.toml: line 2: "sitting.pattern" is "often"; it must be "" (none) or whole minutes of sitting, standing and moving, such as "20-8-2", or of sitting and moving, such as "30-2" and "50-10": from 5 to 240, up to 120, and from 1 to 60
    policy_unknown.toml: line 2: "camera.policy" is "share"; it must be "yield", "hold" or "sample"
    port_broken.toml: line 2: "web.port" is 9100.5; it must be 0 (none) or a whole number from 1024 to 65535
    port_of_the_system.toml: line 2: "web.port" is 80; it must be 0 (none) or a whole number from 1024 to 65535
    prompt_too_soon.toml: line 2: "sitting.prompt_minutes" is 1; it must be 0 (never) or from 5 to 240
    rate_not_a_number.toml: line 2: "camera.rate_hz" is NaN; it must be from 0.2 to 30
    rate_too_high.toml: line 2: "camera.rate_hz" is 60; it must be from 0.2 to 30
    repeat_infinite.toml: line 2: "alerts.repeat_minutes" is inf; it must be from 1 to 60
    sample_too_often.toml: line 3: "camera.sample_seconds" is 2; it must be from 10 to 300
    section_is_a_value.toml: line 1: "alerts" must be a section, "[alerts]"
    sensitivity_unknown.toml: line 2: "posture.sensitivity" is "Strict"; it must be "relaxed", "normal" or "strict"
    snooze_too_long.toml: line 2: "alerts.snooze_minutes" is 1440; it must be from 1 to 240
    source_empty.toml: line 2: "camera.source" is empty; it must be "camera", "sample" or a path
    still_too_long.toml: line 2: "sitting.still_minutes" is 200; it must be 0 (never) or from 5 to 120
    strength_days_too_many.toml: line 2: "break.strength_days" is 8; it must be a whole number from 0 to 7
    terminal_open.toml: line 2: "break.terminal" is "kitty -T 'my break"; it must be a command with its quotation marks closed
    text_for_number.toml: line 2: "camera.rate_hz" must be a number; for example: rate_hz = 3.0
    topic_with_wildcard.toml: line 2: "mqtt.topic" is "desk/#"; it must be letters (a to z), digits, "-" and "_", with "/" between, 100 at most
    unknown_key.toml: line 2: unknown key "camera.sorce"; did you mean "source"?
    unknown_key_far.toml: line 2: unknown key "model.backend"; known are "engine", "name"
    unknown_section.toml: line 1: unknown section "sittings"; did you mean "sitting"?
    water_too_often.toml: line 2: "sitting.water_minutes" is 5; it must be 0 (never) or from 15 to 240
    "#);
}

#[test]
fn good_configurations_are_read() {
    for path in files("valid") {
        if let Err(error) = Settings::load(Some(&path)) {
            panic!("{error}");
        }
    }
}

#[test]
fn every_key_is_read_for_what_it_means() {
    let files = files("valid");
    let path = files.iter().find(|p| name(p) == "every_key.toml").unwrap();
    assert_debug_snapshot!(Settings::load(Some(path)).unwrap(), @r#"
    Settings {
        camera: Camera {
            source: "camera:Logitech",
            rate_hz: 2.0,
            horizontal_fov_deg: 78.0,
            policy: Hold,
            sample: 60s,
        },
        model: Model {
            name: "/opt/models/movenet_thunder.onnx",
            engine: Rten,
        },
        posture: Posture {
            sensitivity: Strict,
            dwell: 12.5s,
        },
        faults: PerFault(
            [
                Some(
                    Strict,
                ),
                Some(
                    Normal,
                ),
                Some(
                    Relaxed,
                ),
                Some(
                    Off,
                ),
                None,
                Some(
                    Off,
                ),
                Some(
                    Relaxed,
                ),
                Some(
                    Strict,
                ),
            ],
        ),
        alerts: Alerts {
            notify: false,
            cooldown: 600s,
            repeat: 90s,
            max_per_hour: 0,
            snooze: 3600s,
            sound: true,
            bell: true,
            on_alert: "notify 'to me'",
        },
        sitting: Sitting {
            prompt: Some(
                2700s,
            ),
            firm: 5400s,
            break_length: 300s,
            pattern: Some(
                Pattern {
                    sit: 45,
                    stand: 10,
                    moving: 5,
                },
            ),
            eyes: true,
            water: Some(
                3600s,
            ),
            still: Some(
                1800s,
            ),
        },
        breaks: Breaks {
            terminal: "gnome-terminal --wait --",
            strength_days: 3,
        },
        pauses: PausePolicy {
            locked: false,
            call: false,
            screen_share: false,
            battery: Pause,
            work: Hours(
                [
                    Some(
                        Stretch {
                            days: 31,
                            from: 540,
                            to: 1050,
                        },
                    ),
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                ],
            ),
            quiet: Hours(
                [
                    Some(
                        Stretch {
                            days: 127,
                            from: 720,
                            to: 780,
                        },
                    ),
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                ],
            ),
        },
        desktop: Desktop {
            tray: false,
            language: Some(
                German,
            ),
        },
        keep_days: 90,
        mqtt: Some(
            Mqtt {
                host: "broker.lan",
                port: 8884,
                tls: true,
                username: Some(
                    "desk",
                ),
                password_file: Some(
                    "/home/me/.config/backstay/mqtt-password",
                ),
                ca_file: Some(
                    "/etc/ssl/home.pem",
                ),
                topic: "office/backstay",
                discovery_prefix: "ha",
            },
        ),
        web_port: Some(
            9187,
        ),
    }
    "#);
}

#[test]
fn a_prompt_after_no_minutes_is_none() {
    let files = files("valid");
    let path = files
        .iter()
        .find(|p| name(p) == "prompts_off.toml")
        .unwrap();
    assert_eq!(Settings::load(Some(path)).unwrap().sitting.prompt, None);
}

/// Runs `backstay` with a home of its own.
fn backstay(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstay"))
        .args(arguments)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    text.into_owned()
}

/// The error of a run that failed with status 1, without the program's name and the home's own path.
fn failure(output: &Output, home: &Path) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    let error = text.strip_prefix("backstay: ").unwrap_or(&text);
    let error = error.strip_prefix("error: ").unwrap_or(error);
    error.replace(home.to_str().unwrap(), "HOME")
}

#[test]
fn without_a_file_the_defaults_hold_and_the_place_is_told() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("config/backstay/config.toml");
    let path = stdout(&backstay(home.path(), &["config", "path"]));
    assert_eq!(path, format!("{}\n", place.display()));
    let shown = stdout(&backstay(home.path(), &["config", "show"]));
    assert!(shown.starts_with("# no file "), "{shown}");
    assert_eq!(Settings::parse(&shown), Ok(Settings::default()));
    let missing = backstay(home.path(), &["config", "check"]);
    assert_snapshot!(failure(&missing, home.path()), @r#"there is no configuration "HOME/config/backstay/config.toml"; write one with "backstay config init""#);
}

#[test]
fn init_writes_the_default_for_its_owner_only_and_never_over_another() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("config/backstay/config.toml");
    stdout(&backstay(home.path(), &["config", "init"]));
    assert_eq!(fs::read_to_string(&place).unwrap(), DEFAULT);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place), 0o600);
        assert_eq!(mode(place.parent().unwrap()), 0o700);
    }
    assert_eq!(stdout(&backstay(home.path(), &["config", "check"])), "ok\n");

    fs::write(&place, "# mine\n").unwrap();
    let again = backstay(home.path(), &["config", "init"]);
    assert_snapshot!(failure(&again, home.path()), @r#"the configuration "HOME/config/backstay/config.toml" exists already; overwrite it with --force"#);
    assert_eq!(fs::read_to_string(&place).unwrap(), "# mine\n");
    stdout(&backstay(home.path(), &["config", "init", "--force"]));
    assert_eq!(fs::read_to_string(&place).unwrap(), DEFAULT);
}

#[test]
fn show_names_the_file_and_each_settings_origin() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("my.toml");
    fs::write(&file, "[sitting]\nprompt_minutes = 45\n").unwrap();
    let file = file.to_str().unwrap();
    let shown = stdout(&backstay(
        home.path(),
        &["config", "--config", file, "show"],
    ));
    assert!(shown.starts_with(&format!("# file: {file:?}\n")), "{shown}");
    let line = |key: &str| shown.lines().find(|l| l.starts_with(key)).unwrap();
    assert!(line("prompt_minutes = 45 ").ends_with("# file"), "{shown}");
    assert!(line("firm_minutes = 60 ").ends_with("# default"), "{shown}");
}

#[test]
fn check_tells_a_mistake_and_a_missing_file() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("bad.toml");
    fs::write(&file, "[alerts]\nsnooze_minutes = 0\n").unwrap();
    let checked = backstay(home.path(), &["config", "check", file.to_str().unwrap()]);
    assert_snapshot!(failure(&checked, home.path()), @r#"cannot use configuration "HOME/bad.toml": line 2: "alerts.snooze_minutes" is 0; it must be from 1 to 240"#);
    let nowhere = home.path().join("nowhere.toml");
    let checked = backstay(home.path(), &["config", "check", nowhere.to_str().unwrap()]);
    assert_snapshot!(failure(&checked, home.path()), @r#"cannot read configuration "HOME/nowhere.toml": No such file or directory (os error 2)"#);
}
