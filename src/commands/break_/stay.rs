//! A window that closes with the program stays until the person has read what it says.

use std::io::{IsTerminal, stdin};
use std::path::PathBuf;

use super::BreakArgs;
use crate::config::settings::Settings;
use crate::runtime::stdio::tell_line;

/// A window that is to stay.
#[derive(Debug)]
pub struct Stay {
    config: Option<PathBuf>,
}

impl BreakArgs {
    /// The window, where it is to stay.
    #[must_use]
    pub fn stay(&self) -> Option<Stay> {
        let config = self.common.config.clone();
        self.stay.then_some(Stay { config })
    }
}

impl Stay {
    /// Waits for Enter, where there is a keyboard. A window that is closed meanwhile ends it too.
    pub fn wait(self) {
        if !stdin().is_terminal() {
            return;
        }
        // A mistake in it was told before.
        let settings = Settings::load(self.config.as_deref()).unwrap_or_default();
        tell_line(settings.desktop.language().texts().enter_closes());
        let _ = stdin().read_line(&mut String::new());
    }
}
