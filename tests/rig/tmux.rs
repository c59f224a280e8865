//! A real terminal, in tmux.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::path::PathBuf;
use std::time::Duration;

use backstay::runtime::clock;

use crate::common::Home;

/// A terminal of its own, 100 by 30.
pub(crate) struct Tmux(PathBuf);

impl Tmux {
    pub(crate) fn start(home: &Home) -> Self {
        let tmux = Self(home.path("tmux"));
        let mut command = home.start(std::path::Path::new("tmux"));
        command
            .args(["-f", "/dev/null", "-S"])
            .arg(&tmux.0)
            .args(["new-session", "-d", "-x", "100", "-y", "30", "sh"])
            .env("LC_ALL", "C.UTF-8")
            .env_remove("TMUX");
        assert!(command.status().unwrap().success());
        tmux
    }

    fn run(&self, arguments: &[&str]) -> String {
        let mut command = std::process::Command::new("tmux");
        command.arg("-S").arg(&self.0).args(arguments);
        command.env("LC_ALL", "C.UTF-8");
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }

    pub(crate) fn keys(&self, keys: &[&str]) {
        self.run(&[&["send-keys"], keys].concat());
    }

    /// What is on the terminal, once it is as it should be.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let mut screen = String::new();
        for _ in 0..200 {
            screen = self.run(&["capture-pane", "-p"]);
            if is_there(&screen) {
                return screen;
            }
            clock::sleep(Duration::from_millis(50));
        }
        panic!("no {what}:\n{screen}");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}
