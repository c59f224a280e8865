//! The start with the session: the files it writes, what it leaves alone, and what a service
//! manager hears from a run.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::slice;
use std::time::Duration;

use common::{Home, rig};

const UNIT: &str = "config/systemd/user/backstay.service";
const LINK: &str = "config/systemd/user/graphical-session.target.wants/backstay.service";
const ENTRY: &str = "config/autostart/backstay.desktop";

/// A `systemctl` that keeps what it is asked, answers, and makes and removes the link as the real
/// one does.
const SYSTEMCTL: &str = r#"#!/bin/sh
echo "$*" >>"$HOME/asked"
folder=$XDG_CONFIG_HOME/systemd/user
wants=$folder/graphical-session.target.wants
case "$*" in
*" is-active "*) exit 3 ;;
*" enable "*) mkdir -p "$wants" && ln -sf "$folder/backstay.service" "$wants/backstay.service" ;;
*" disable "*) rm -f "$wants/backstay.service" ;;
esac
"#;

/// What systemd has to do with a test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Systemd {
    /// None: no folder, and no `systemctl`.
    Absent,
    /// A manager runs, but `systemctl` is not to be had.
    Mute,
    /// A manager runs and is asked by the `systemctl` above.
    Answering,
}

/// A home whose programs are the few that the test has put there.
struct Session {
    home: Home,
    program: PathBuf,
}

impl Session {
    fn new(systemd: Systemd) -> Self {
        let home = Home::new();
        fs::create_dir(home.path("bin")).unwrap();
        let session = Self {
            home,
            program: env!("CARGO_BIN_EXE_backstay").into(),
        };
        session.set(systemd);
        session
    }

    /// The person has changed to another system.
    fn set(&self, systemd: Systemd) {
        let systemctl = self.home.path("bin/systemctl");
        let _ = fs::remove_file(&systemctl);
        let _ = fs::remove_dir(self.home.path("run/systemd"));
        if systemd == Systemd::Answering {
            fs::write(&systemctl, SYSTEMCTL).unwrap();
            fs::set_permissions(&systemctl, fs::Permissions::from_mode(0o755)).unwrap();
        }
        if systemd == Systemd::Mute {
            fs::create_dir_all(self.home.path("run/systemd")).unwrap();
        }
    }

    /// What the real `systemctl` needs is behind our folder, but not that program itself.
    fn run(&self, what: &str) -> snapbox::cmd::OutputAssert {
        let mut command = self.home.start(&self.program);
        let path = match self.home.path("bin/systemctl").exists() {
            true => format!("{}:/usr/bin:/bin", self.home.path("bin").display()),
            false => self.home.path("bin").display().to_string(),
        };
        command.env("PATH", path).args(["autostart", what]);
        for name in ["DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        snapbox::cmd::Command::from_std(command).assert()
    }

    #[track_caller]
    fn says(&self, what: &str, expected: &[String]) {
        let lines: String = expected.iter().map(|line| format!("{line}\n")).collect();
        let done = self.run(what).success().stderr_eq("");
        let told = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        assert_eq!(told, lines);
    }

    #[track_caller]
    fn refuses(&self, what: &str, file: &str) {
        let why = foreign(&self.home.path(file));
        let done = self.run(what).code(1);
        let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        assert_eq!(told, format!("backstay: {why}\n"));
    }

    fn by_unit(&self) -> String {
        let file = self.home.path(UNIT);
        format!(
            "starts with the session, by the systemd user unit \"{}\"",
            file.display()
        )
    }

    fn by_entry(&self) -> String {
        let file = self.home.path(ENTRY);
        format!(
            "starts with the session, by the autostart file \"{}\"",
            file.display()
        )
    }

    fn removed(&self, file: &str) -> String {
        format!("removed \"{}\"", self.home.path(file).display())
    }

    fn exists(&self, file: &str) -> bool {
        fs::symlink_metadata(self.home.path(file)).is_ok()
    }
}

fn foreign(file: &Path) -> String {
    format!(
        "\"{}\" was not written by backstay; move it away and try again",
        file.display()
    )
}

const OFF: &str = "does not start with the session; \"backstay autostart enable\" makes it";
const NOTHING: &str = "does not start with the session; nothing to remove";
const NOW: &str = "to start it now: systemctl --user start backstay";
const ANEW: &str = "systemd could not be asked and was told by a link; log in anew";
const UNHEEDED: &str = "no systemd user manager runs here, so the unit is not heeded";

#[test]
fn systemd_is_asked() {
    let session = Session::new(Systemd::Answering);
    session.says("status", &[OFF.into()]);
    for _ in 0..2 {
        session.says("enable", &[session.by_unit(), NOW.into()]);
        session.says("status", &[session.by_unit()]);
    }
    let unit = fs::read_to_string(session.home.path(UNIT)).unwrap();
    let exec = format!("ExecStart=\"{}\" run\n", session.program.display());
    assert!(unit.contains(&exec), "{unit}");
    assert_eq!(common::mode(&session.home.path(UNIT)), 0o600);
    assert_eq!(common::mode(&session.home.path("config/systemd")), 0o700);
    assert!(!session.exists(ENTRY));

    session.says("disable", &[session.removed(UNIT)]);
    assert!(!session.exists(UNIT) && !session.exists(LINK));
    session.says("disable", &[NOTHING.into()]);
    session.says("status", &[OFF.into()]);
    let asked = fs::read_to_string(session.home.path("asked")).unwrap();
    let options = "--user --quiet --no-ask-password";
    for what in [
        "enable backstay.service",
        "disable backstay.service",
        "daemon-reload",
    ] {
        let line = format!("{options} {what}");
        assert!(asked.lines().any(|asked| asked == line), "{what}: {asked}");
    }
}

#[test]
fn systemd_is_told_by_a_link_when_it_cannot_be_asked() {
    let session = Session::new(Systemd::Mute);
    for _ in 0..2 {
        session.says("enable", &[session.by_unit(), ANEW.into()]);
        session.says("status", &[session.by_unit()]);
    }
    let link = session.home.path(LINK);
    assert_eq!(fs::read_link(&link).unwrap(), session.home.path(UNIT));
    assert_eq!(common::mode(link.parent().unwrap()), 0o700);

    let file = session.home.path(UNIT);
    let not_enabled = format!(
        "does not start with the session: the systemd user unit \"{}\" is not enabled; \
         \"backstay autostart enable\" does it",
        file.display()
    );
    for elsewhere in [None, Some("/nonexistent"), Some("/bin/sh")] {
        fs::remove_file(&link).unwrap();
        if let Some(elsewhere) = elsewhere {
            symlink(elsewhere, &link).unwrap();
        }
        session.says("status", slice::from_ref(&not_enabled));
        session.says("enable", &[session.by_unit(), ANEW.into()]);
        session.says("status", &[session.by_unit()]);
    }
    fs::remove_file(&file).unwrap();
    let nowhere = format!(
        "the link \"{}\" leads nowhere; \"backstay autostart disable\" removes it",
        link.display()
    );
    session.says("status", &[nowhere]);
    session.says("disable", &[session.removed(LINK)]);
    session.says("status", &[OFF.into()]);
}

#[test]
fn without_systemd_the_desktop_starts_it() {
    let session = Session::new(Systemd::Absent);
    for _ in 0..2 {
        session.says("enable", &[session.by_entry()]);
        session.says("status", &[session.by_entry()]);
    }
    assert!(!session.exists(UNIT));
    let file = session.home.path(ENTRY);
    assert_eq!(common::mode(&file), 0o600);
    assert_eq!(common::mode(file.parent().unwrap()), 0o700);

    let entry = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{entry}Hidden=true\n")).unwrap();
    let off = format!(
        "does not start with the session: the autostart file \"{}\" is switched off in the \
         desktop's settings; \"backstay autostart enable\" writes it anew",
        file.display()
    );
    session.says("status", &[off]);
    session.says("enable", &[session.by_entry()]);
    session.says("disable", &[session.removed(ENTRY)]);
    session.says("disable", &[NOTHING.into()]);
}

#[test]
fn what_an_earlier_system_needed_is_told_and_removed() {
    let session = Session::new(Systemd::Mute);
    session.run("enable").success();
    session.set(Systemd::Absent);
    session.says("status", &[session.by_unit(), UNHEEDED.into()]);
    session.says("enable", &[session.by_entry(), session.removed(UNIT)]);
    session.set(Systemd::Answering);
    session.says(
        "enable",
        &[session.by_unit(), NOW.into(), session.removed(ENTRY)],
    );

    // Both, as when a copy of the home comes from another machine.
    let other = Session::new(Systemd::Absent);
    other.run("enable").success();
    fs::create_dir_all(session.home.path("config/autostart")).unwrap();
    fs::copy(other.home.path(ENTRY), session.home.path(ENTRY)).unwrap();
    session.says("status", &[session.by_unit(), session.by_entry()]);
    session.says("disable", &[session.removed(UNIT), session.removed(ENTRY)]);
    session.says("status", &[OFF.into()]);
}

#[test]
fn what_others_wrote_is_left_alone() {
    for (systemd, file) in [
        (Systemd::Answering, UNIT),
        (Systemd::Mute, UNIT),
        (Systemd::Absent, ENTRY),
    ] {
        let session = Session::new(systemd);
        let path = session.home.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let masked = || symlink("/dev/null", &path).unwrap();
        let own = || fs::write(&path, "my own\n").unwrap();
        for make in [&own as &dyn Fn(), &masked] {
            make();
            session.refuses("enable", file);
            session.refuses("disable", file);
            session.says("status", &[foreign(&path)]);
            assert!(!session.exists(LINK));
            fs::remove_file(&path).unwrap();
        }
    }
    // One's own entry is no hindrance to the unit.
    let session = Session::new(Systemd::Mute);
    let path = session.home.path(ENTRY);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "my own\n").unwrap();
    session.says("enable", &[session.by_unit(), ANEW.into(), foreign(&path)]);
    session.refuses("disable", ENTRY);
    assert!(!session.exists(UNIT) && session.exists(ENTRY));
}

#[test]
fn another_program_is_told() {
    for (systemd, file) in [(Systemd::Mute, UNIT), (Systemd::Absent, ENTRY)] {
        let mut session = Session::new(systemd);
        session.run("enable").success();
        let before = format!("\"{}\" run", session.program.display());
        session.program = session.home.path("bin/backstay");
        copy_program(&session.program);
        let by = match file {
            UNIT => session.by_unit(),
            _ => session.by_entry(),
        };
        let other = format!(
            "it starts another program, {before}, than this one, \"{}\"; \"backstay autostart \
             enable\" sets this one",
            session.program.display()
        );
        session.says("status", &[by.clone(), other]);
        session.run("enable").success();
        session.says("status", slice::from_ref(&by));

        let path = session.home.path(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{text}# more\n")).unwrap();
        let version = "it was written by another version or for another configuration; \"backstay autostart \
             enable\" writes it anew";
        session.says("status", &[by, version.into()]);
    }
}

#[test]
fn the_network_is_there_where_the_configuration_asks_for_it() {
    let session = Session::new(Systemd::Mute);
    let families = |expected: &str| {
        let unit = fs::read_to_string(session.home.path(UNIT)).unwrap();
        let line = format!("\nRestrictAddressFamilies={expected}\n");
        assert!(unit.contains(&line), "{unit}");
    };
    session.run("enable").success();
    families("AF_UNIX");
    let config = session.home.path("config/backstay/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    for section in ["[mqtt]\nbroker = \"mqtt://ha.lan\"", "[web]\nport = 9187"] {
        fs::write(&config, section).unwrap();
        let told = "it was written by another version or for another configuration; \"backstay \
                    autostart enable\" writes it anew";
        session.says("status", &[session.by_unit(), told.into()]);
        session.run("enable").success();
        session.says("status", &[session.by_unit()]);
        families("AF_UNIX AF_INET AF_INET6");
        let test = "the_network_is_there_where_the_configuration_asks_for_it";
        if checker(test, "systemd-analyze").is_some() {
            let mut verify = session.home.start(Path::new("systemd-analyze"));
            verify.args(["verify", "--user", "--man=no"]);
            let checked = verify.arg(session.home.path(UNIT)).output().unwrap();
            assert!(
                checked.status.success() && checked.stderr.is_empty(),
                "{checked:?}"
            );
        }
        fs::remove_file(&config).unwrap();
        session.run("enable").success();
        families("AF_UNIX");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let session = Session::new(Systemd::Absent);
    fs::write(session.home.path("config"), "no folder").unwrap();
    session.says("status", &[OFF.into()]);
    let done = session.run("enable").code(1);
    let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    let begin = format!(
        "backstay: cannot write \"{}\": ",
        session.home.path(ENTRY).display()
    );
    assert!(told.starts_with(&begin), "{told}");
}

/// The program under another name; linked where the file system can.
fn copy_program(to: &Path) {
    let program = env!("CARGO_BIN_EXE_backstay");
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if fs::hard_link(program, to).is_err() {
        fs::copy(program, to).unwrap();
    }
}

/// Where programs may be that tempt whoever writes their paths into files.
const PLACES: [&str; 5] = [
    "plain",
    "o k 100%n $HOME $$ ä;#&=",
    "it's",
    r#"q"u%h${HOME} =`id`"#,
    r"back\slash\n $x",
];

/// A checking program, where it is installed.
fn checker(test: &str, program: &str) -> Option<()> {
    let version = Command::new(program).arg("--version").output();
    // desktop-file-validate knows no such option, but it is there.
    rig(test, &format!("the program {program}"), version.ok())?;
    Some(())
}

/// The files that are written for programs in all of [`PLACES`] pass `check`.
fn passes(systemd: Systemd, file: &str, check: &[&str]) {
    for place in PLACES {
        let mut session = Session::new(systemd);
        session.program = session.home.path(place).join("backstay");
        copy_program(&session.program);
        session.run("enable").success();
        let checked = session
            .home
            .start(Path::new(check[0]))
            .args(&check[1..])
            .arg(session.home.path(file))
            .output()
            .unwrap();
        let said = [checked.stdout, checked.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(
            checked.status.success() && said.is_empty(),
            "{place}: {said}"
        );
    }
}

#[test]
fn systemd_takes_the_unit() {
    let test = "systemd_takes_the_unit";
    if checker(test, "systemd-analyze").is_none() {
        return;
    }
    // Also finds out whether the program that is to be started can be.
    passes(
        Systemd::Mute,
        UNIT,
        &["systemd-analyze", "verify", "--user", "--man=no"],
    );
}

#[test]
fn desktops_take_the_entry() {
    let test = "desktops_take_the_entry";
    if checker(test, "desktop-file-validate").is_none() {
        return;
    }
    passes(Systemd::Absent, ENTRY, &["desktop-file-validate"]);
}

/// A run that is killed when the test fails.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Run {
    fn start(home: &Home, manager: &Path, watchdog: Option<&str>) -> Self {
        let mut program = home.program();
        program
            .args(["run", "--source", "sample", "--no-notify"])
            .args(["--engine", "rten"])
            .env("NOTIFY_SOCKET", manager)
            .env_remove("WATCHDOG_PID")
            .stderr(Stdio::null());
        match watchdog {
            Some(usec) => program.env("WATCHDOG_USEC", usec),
            None => program.env_remove("WATCHDOG_USEC"),
        };
        Self(program.spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }
}

fn manager(home: &Home) -> (PathBuf, UnixDatagram) {
    let path = home.path("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    // Longer than a busy machine needs to load the models.
    let patience = Duration::from_secs(30);
    socket.set_read_timeout(Some(patience)).unwrap();
    (path, socket)
}

fn heard(by: &UnixDatagram) -> String {
    let mut text = [0; 256];
    let length = by.recv(&mut text).unwrap();
    String::from_utf8(text[..length].to_vec()).unwrap()
}

#[test]
fn a_service_manager_hears_of_start_life_and_end() {
    let home = Home::new();
    let (path, socket) = manager(&home);
    let mut run = Run::start(&home, &path, Some("1000000"));
    assert_eq!(heard(&socket), "READY=1\n");
    let (mut alive, mut states) = (0, Vec::new());
    while alive < 5 || states.is_empty() {
        match heard(&socket).as_str() {
            "WATCHDOG=1\n" => alive += 1,
            state => states.push(state.to_owned()),
        }
    }
    assert_eq!(states[0], "STATUS=unsure: not calibrated\n");

    // Who stands still gives no signs of life, and none are made up for.
    run.signal("STOP");
    socket
        .set_read_timeout(Some(Duration::from_millis(1500)))
        .unwrap();
    let mut text = [0; 256];
    let late = std::iter::from_fn(|| socket.recv(&mut text).ok()).count();
    assert!(late < 3, "{late} signs of life");
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    run.signal("CONT");
    while heard(&socket) != "WATCHDOG=1\n" {}

    run.signal("TERM");
    let rest: Vec<String> = std::iter::from_fn(|| Some(heard(&socket)))
        .take_while(|said| said != "STOPPING=1\n")
        .collect();
    assert!(rest.len() < 5, "{rest:?}");
    assert_eq!(run.0.wait().unwrap().code(), Some(0));
}

#[test]
fn a_service_manager_without_a_watchdog_hears_no_signs_of_life() {
    let home = Home::new();
    let (path, socket) = manager(&home);
    let mut run = Run::start(&home, &path, None);
    assert_eq!(heard(&socket), "READY=1\n");
    assert!(heard(&socket).starts_with("STATUS="));
    run.signal("TERM");
    assert_eq!(heard(&socket), "STOPPING=1\n");
    assert_eq!(run.0.wait().unwrap().code(), Some(0));
}

#[test]
fn a_service_manager_that_is_not_there_is_no_trouble() {
    let home = Home::new();
    fs::write(home.path("file"), "").unwrap();
    for name in ["nothing", "file"] {
        home.clip(&format!("{name}-clip"), 1..=4);
        let mut program = home.program();
        program
            .args(["run", "--no-notify", "--json", "--engine", "rten"])
            .args(["--source", &format!("{name}-clip")])
            .env("NOTIFY_SOCKET", home.path(name))
            .env("WATCHDOG_USEC", "1000000");
        let done = snapbox::cmd::Command::from_std(program).assert();
        done.success().stderr_eq("");
    }
}
