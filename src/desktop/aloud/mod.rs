//! What an alert does beside the bubble, for those who want it: a tone, the terminal's bell, a
//! command of the person's own.

mod child;
mod tone;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use child::Child;

/// Programs that play a WAV file, the likeliest first.
const PLAYERS: [&str; 4] = ["pw-play", "paplay", "aplay", "afplay"];

/// What is wanted with an alert.
#[derive(Clone, Debug, Default)]
pub struct Aloud {
    bell: bool,
    sound: Option<Child>,
    hook: Option<Child>,
}

/// Why a command cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("the command {command:?} is not understood: a quotation mark is never closed")]
pub struct NotACommand {
    /// The command.
    command: String,
}

impl Aloud {
    /// Rings the terminal's bell.
    #[must_use]
    pub fn with_bell(mut self, bell: bool) -> Self {
        self.bell = bell;
        self
    }

    /// Plays a short tone of our own, which is kept in `folder`. Without a program that plays it,
    /// or where the file cannot be written, one warning is logged and nothing is played.
    #[must_use]
    pub fn with_sound(mut self, folder: &Path) -> Self {
        let Some(player) = PLAYERS.into_iter().find_map(find) else {
            tracing::warn!("no tone: none of {} is installed", PLAYERS.join(", "));
            return self;
        };
        match tone::write(folder) {
            Ok(file) => {
                self.sound = Some(Child::new("the tone's player", vec![player, file.into()]))
            }
            Err(error) => tracing::warn!("no tone: cannot write into {folder:?}: {error}"),
        }
        self
    }

    /// Runs `command` with each alert, which it gets as one line of JSON on its stdin. Its words are
    /// those that a shell would make of it, and no shell runs unless it names one. It has 5 s; then
    /// it and all that it started are killed.
    ///
    /// # Errors
    /// When a quotation mark is never closed.
    pub fn with_hook(mut self, command: &str) -> Result<Self, NotACommand> {
        let words = shell_words::split(command).map_err(|_| NotACommand {
            command: command.to_owned(),
        })?;
        if !words.is_empty() {
            let words = words.into_iter().map(OsString::from).collect();
            self.hook = Some(Child::new("\"alerts.on_alert\"", words));
        }
        Ok(self)
    }

    /// Does what is wanted with an alert, which is `event` in JSON. Waits for nothing.
    pub fn alert(&self, event: &str) {
        if self.bell && std::io::stderr().is_terminal() {
            // A terminal that has gone has no bell.
            let _ = std::io::stderr().write_all(b"\x07");
        }
        if let Some(sound) = &self.sound {
            sound.run(String::new());
        }
        if let Some(hook) = &self.hook {
            hook.run(format!("{event}\n"));
        }
    }
}

/// Where a program of this name is.
pub(super) fn find(name: &str) -> Option<OsString> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder: PathBuf| folder.join(name))
        .find(|file| file.is_file())
        .map(PathBuf::into_os_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_taken_apart_as_a_shell_would_but_by_none() {
        let hook = |command: &str| Aloud::default().with_hook(command).unwrap().hook;
        assert!(hook("").is_none());
        assert!(hook("  ").is_none());
        assert!(hook("notify 'to me'").is_some());
        let error = Aloud::default()
            .with_hook("say 'x")
            .unwrap_err()
            .to_string();
        assert!(error.contains("\"say 'x\""), "{error}");
    }
}
