//! The icon in the panel of a run.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Notify;

use super::run::RunArgs;
use crate::config::settings::Settings as Config;
use crate::desktop::tray::{Tray, Wishes};
use crate::desktop::{Buttons, Voice};

/// Starts the icons of a run: one, and another for each change of the settings it depends on.
#[derive(Clone)]
pub(super) struct Trays {
    wishes: Wishes,
    /// Whether the run may show itself on the desktop at all.
    may_show: bool,
}

impl Trays {
    /// Whose menus send their wishes where `buttons` says.
    pub(super) fn new(args: &RunArgs, buttons: &Buttons) -> Self {
        Self {
            wishes: Wishes {
                buttons: buttons.clone(),
                quit: Arc::new(Notify::new()),
            },
            may_show: !args.no_notify,
        }
    }

    /// The icon that `config` asks for; `None` for none.
    pub(super) fn start(&self, config: &Config) -> Option<Tray> {
        if !self.may_show || !config.desktop.tray {
            return None;
        }
        let tray = Tray::start(self.wishes.clone(), voice(config));
        tray.inspect_err(|error| tracing::debug!("no tray icon: {error}"))
            .ok()
    }

    /// Whether the icon that stands for `before` is not the one for `now`.
    pub(super) fn differ(before: &Config, now: &Config) -> bool {
        (before.desktop.tray, voice(before)) != (now.desktop.tray, voice(now))
    }

    /// Comes true with `stop`, or when somebody quits by a menu.
    pub(super) fn or_quit(
        &self,
        stop: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()> + 'static {
        let quit = Arc::clone(&self.wishes.quit);
        async move {
            tokio::select! {
                () = stop => {}
                () = quit.notified() => {}
            }
        }
    }
}

/// How `config` has the person spoken to.
pub(super) fn voice(config: &Config) -> Voice {
    Voice {
        language: config.desktop.language(),
        snooze: config.alerts.snooze,
    }
}
