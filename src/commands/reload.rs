//! Changes of the configuration file while a run goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use super::run::RunArgs;
use super::setup::Setup;
use super::tray::Trays;
use crate::config::load;
use crate::config::settings::Settings as Config;
use crate::desktop::notice;
use crate::desktop::notifier::Notifier;
use crate::desktop::tray::Tray;
use crate::domain::io::Command;
use crate::domain::settings::Settings;
use crate::vision::source::SourceName;

/// How often the file is looked at: a look costs some microseconds.
const EVERY: Duration = Duration::from_secs(1);

/// What tells one state of a file from another; `None` when there is none.
type Stamp = Option<(SystemTime, u64)>;

/// Follows the configuration of a run.
pub(super) struct Reload {
    /// The options of the run, which count for more than the file.
    pub(super) args: RunArgs,
    /// What is looked at.
    pub(super) source: SourceName,
    /// The configuration that counts now.
    pub(super) config: Config,
    /// Where changed settings go.
    pub(super) settings: mpsc::Sender<Box<Settings>>,
    /// Where another notifier goes, and what it sends commands to.
    pub(super) notifiers: mpsc::Sender<Notifier>,
    pub(super) commands: mpsc::Sender<Command>,
    /// What starts another icon in the panel, and where it goes; `None` for no icon any more.
    pub(super) trays: (Trays, mpsc::Sender<Option<Tray>>),
}

impl Reload {
    /// Follows the file until nobody wants to hear of it any more.
    pub(super) async fn follow(mut self) {
        let Ok(path) = load::location(self.args.common.config.as_deref()) else {
            return;
        };
        let mut counts = stamp(&path);
        let mut last = counts;
        while !self.settings.is_closed() {
            tokio::time::sleep(EVERY).await;
            let now = stamp(&path);
            // An editor may be in the middle of it: what counts has not changed for a while.
            let settled = now == last;
            last = now;
            if settled && now != counts {
                counts = now;
                self.read(&path).await;
            }
        }
    }

    async fn read(&mut self, path: &PathBuf) {
        let fresh = Setup::new(&self.args.common, &self.args.vision).and_then(|mut setup| {
            setup.share(&self.args.sharing, &self.source)?;
            Ok(setup)
        });
        let setup = match fresh {
            Ok(setup) => setup,
            Err(error) => {
                tracing::warn!("the settings stay as they were: {error:#}");
                if self.tells_on_desktop() {
                    notice::show("Your settings stay as they were", &format!("{error:#}"));
                }
                return;
            }
        };
        if setup.config == self.config {
            return;
        }
        tracing::info!("the settings are those of {path:?} as it is now");
        for key in needs_restart(&self.config, &setup.config) {
            tracing::warn!("\"{key}\" counts from the next start on");
        }
        let (before, now) = (&self.config.alerts, &setup.config.alerts);
        if (before.notify, before.snooze) != (now.notify, now.snooze) && !self.args.no_notify {
            let notifier = if now.notify {
                Notifier::bus(now.snooze, self.commands.clone())
            } else {
                Notifier::stderr()
            };
            let _ = self.notifiers.send(notifier).await;
        }
        if Trays::differ(&self.config, &setup.config) {
            let (trays, to) = &self.trays;
            let _ = to.send(trays.start(&setup.config)).await;
        }
        let _ = self.settings.send(Box::new(setup.settings)).await;
        self.config = setup.config;
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
    keys
}

fn stamp(path: &Path) -> Stamp {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
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
        assert_eq!(
            needs_restart(&before, &now),
            ["camera.source", "model.name"]
        );
    }
}
