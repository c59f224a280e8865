//! Private buses for rigs of the desktop, and child processes that do not outlive a test.

#![allow(dead_code, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

/// The Python that Debian's packages are for.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// A child process that does not outlive the test.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A bus of its own, with the folder that its socket is in.
pub(crate) struct Bus {
    _daemon: Killed,
    _folder: TempDir,
}

/// What the rigs of the desktop need and this machine lacks.
pub(crate) fn missing() -> Option<&'static str> {
    let runs = |command: &mut Command| {
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    if !runs(Command::new("dbus-daemon").arg("--version")) {
        return Some("dbus-daemon");
    }
    if !runs(Command::new(PYTHON).args(["-c", "from gi.repository import Gio"])) {
        return Some("python3-gi");
    }
    None
}

/// A bus of its own, with its address.
pub(crate) fn private_bus() -> (String, Bus) {
    // A daemon that is killed leaves its socket behind.
    let home = tempfile::tempdir().unwrap();
    let mut daemon = Command::new("dbus-daemon")
        .arg("--config-file")
        .arg(folder("notify").join("bus.conf"))
        .arg(format!("--address=unix:dir={}", home.path().display()))
        .args(["--nofork", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Killed)
        .unwrap();
    let address = first_line(&mut daemon.0);
    let bus = Bus {
        _daemon: daemon,
        _folder: home,
    };
    (address, bus)
}

/// The folder of the rig `name`.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/rig")
        .join(name)
}

/// The first line that a child writes, whose other lines nobody reads.
pub(crate) fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut line).unwrap();
    // The pipe stays open, so that a later line does not kill the writer.
    thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    line.trim_end().to_owned()
}

/// What a rig has recorded so far in the file `log` of its folder.
pub(crate) fn recorded(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("log")).unwrap_or_default();
    // It may be writing its last line.
    text.lines()
        .map_while(|line| serde_json::from_str(line).ok())
        .collect()
}
