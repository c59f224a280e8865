//! Changes of the configuration, and of what the person said of alerts, while a run goes on.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, watch};

use super::break_window::manner;
use super::run::RunArgs;
use super::setup::{Setup, feedback_folder};
use super::tray::{Trays, voice};
use crate::config::load;
use crate::config::settings::{Alerts, Settings as Config};
use crate::desktop::break_window::Manner;
use crate::desktop::notifier::Notifier;
use crate::desktop::{Buttons, notice};
use crate::domain::settings::Settings;
use crate::runtime::outputs::Teller;
use crate::vision::source::SourceName;

/// How often the file is looked at: a look costs some microseconds.
const EVERY: Duration = Duration::from_secs(1);

/// What tells one state of the file, and of the folder of feedback, from another; `None` for what is
/// not there.
type Stamp = [Option<(SystemTime, u64)>; 2];

/// Follows the configuration of a run, and what the person says of alerts.
pub(super) struct Reload {
    /// The options of the run, which count for more than the file.
    pub(super) args: RunArgs,
    /// What is looked at.
    pub(super) source: SourceName,
    /// The configuration that counts now.
    pub(super) config: Config,
    /// What the judgement goes by now.
    pub(super) now: Settings,
    /// Where changed settings go.
    pub(super) settings: mpsc::Sender<Box<Settings>>,
    /// Where other ways of telling go, and where the wishes of a notifier's buttons do.
    pub(super) tellers: mpsc::Sender<Teller>,
    pub(super) buttons: Buttons,
    /// What starts another icon in the panel.
    pub(super) trays: Trays,
    /// Told how long the broker's switch snoozes.
    pub(super) snooze: watch::Sender<Duration>,
    /// Told how the window for a break is opened.
    pub(super) window: watch::Sender<Manner>,
}

impl Reload {
    /// Follows the file until nobody wants to hear of it any more.
    pub(super) async fn follow(mut self) {
        let Ok(path) = load::location(self.args.common.config.as_deref()) else {
            return;
        };
        let Ok(feedback) = feedback_folder() else {
            return;
        };
        let mut counts = stamp(&path, feedback.path());
        let mut last = counts;
        while !self.settings.is_closed() {
            tokio::time::sleep(EVERY).await;
            let now = stamp(&path, feedback.path());
            // An editor may be in the middle of it: what counts has not changed for a while.
            let settled = now == last;
            last = now;
            if settled && now != counts {
                counts = now;
                self.read(&path).await;
            }
        }
    }

    async fn read(&mut self, path: &Path) {
        let fresh = Setup::new(&self.args.common, &self.args.vision).and_then(|mut setup| {
            setup.share(&self.args.sharing, &self.source)?;
            setup.heed_feedback();
            Ok(setup)
        });
        let setup = match fresh {
            Ok(setup) => setup,
            Err(error) => {
                tracing::warn!("the settings stay as they were: {error:#}");
                if self.tells_on_desktop() {
                    let heading = self.config.desktop.language().texts().settings_stay();
                    notice::show(heading, &format!("{error:#}"));
                }
                return;
            }
        };
        if setup.config != self.config {
            tracing::info!("the settings are those of {path:?} as it is now");
        }
        for key in needs_restart(&self.config, &setup.config) {
            tracing::warn!("\"{key}\" counts from the next start on");
        }
        let language = setup.config.desktop.language();
        let (before, now) = (&self.config.alerts, &setup.config.alerts);
        let speaks = voice(&setup.config);
        if language != self.config.desktop.language() {
            let _ = self.tellers.send(Teller::Language(language)).await;
        }
        if (before.notify, voice(&self.config)) != (now.notify, speaks) {
            let notifier = if now.notify && !self.args.no_notify {
                Notifier::bus(speaks, self.buttons.clone())
            } else {
                Notifier::stderr(language)
            };
            let _ = self.tellers.send(Teller::Notifier(notifier)).await;
        }
        self.snooze.send_replace(now.snooze);
        self.window.send_replace(manner(&setup.config));
        if Trays::differ(&self.config, &setup.config) {
            let tray = self.trays.start(&setup.config);
            let _ = self.tellers.send(Teller::Tray(tray)).await;
        }
        let aloud = |alerts: &Alerts| (alerts.sound, alerts.bell, alerts.on_alert.clone());
        if aloud(before) != aloud(now) {
            match setup.aloud() {
                Ok(aloud) => drop(self.tellers.send(Teller::Aloud(aloud)).await),
                Err(error) => tracing::warn!("{error:#}"),
            }
        }
        if setup.settings.posture.eased != self.now.posture.eased {
            tracing::info!("what you said of alerts has changed: a limit counts anew");
        }
        if setup.settings != self.now {
            let _ = self.settings.send(Box::new(setup.settings)).await;
        }
        (self.config, self.now) = (setup.config, setup.settings);
    }

    fn tells_on_desktop(&self) -> bool {
        self.config.alerts.notify && !self.args.no_notify
    }
}

/// The keys that differ and are only read at the start.
fn needs_restart(before: &Config, now: &Config) -> Vec<&'static str> {
    let mut keys = Vec::new();
    if before.camera.source != now.camera.source {
        keys.push("camera.source");
    }
    // Samples come and go with the settings; who else may have the camera is asked at its opening.
    if before.camera.policy != now.camera.policy {
        keys.push("camera.policy");
    }
    if before.model.name != now.model.name {
        keys.push("model.name");
    }
    if before.model.engine != now.model.engine {
        keys.push("model.engine");
    }
    if before.mqtt != now.mqtt {
        keys.push("mqtt");
    }
    if before.web_port != now.web_port {
        keys.push("web.port");
    }
    if before.keep_days != now.keep_days {
        keys.push("history.keep_days");
    }
    keys
}

fn stamp(path: &Path, feedback: &Path) -> Stamp {
    [path, feedback].map(|path| {
        let found = fs::metadata(path).ok()?;
        Some((found.modified().ok()?, found.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_at_the_start_needs_another() {
        let before = Config::default();
        let mut now = Config::default();
        now.posture.dwell = Duration::from_secs(60);
        now.alerts.notify = false;
        assert_eq!(needs_restart(&before, &now), [] as [&str; 0]);
        now.camera.source = "sample".to_owned();
        now.model.name = "thunder".to_owned();
        now.web_port = Some(9187);
        assert_eq!(
            needs_restart(&before, &now),
            ["camera.source", "model.name", "web.port"]
        );
    }
}
