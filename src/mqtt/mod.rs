//! The MQTT broker, and Home Assistant behind it: how things stand goes out, and whether to snooze
//! comes in. The topics are in `docs/home-assistant.md`.
//!
//! A link in a task of its own keeps the connection. It takes what is newest to tell from a slot
//! and gives commands to a bounded channel, so that no broker can hold up the run or fill its memory.

mod discovery;
mod link;
mod topics;
mod view;

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::domain::io::Command;
pub use link::check;
pub use view::View;

/// A run that ends waits this long for the broker to take its farewell.
const FAREWELL_TIME: Duration = Duration::from_secs(2);

/// A broker, and how to speak with it.
#[derive(Clone)]
pub struct Broker {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is known by TLS; `None` for no TLS.
    pub tls: Option<Trust>,
    /// User and password; `None` for nobody.
    pub login: Option<(String, Vec<u8>)>,
    /// What the topics begin with.
    pub topic: String,
    /// What the topics of discovery begin with.
    pub discovery_prefix: String,
}

/// Whose word counts for a broker's certificate.
#[derive(Clone)]
pub enum Trust {
    /// That of the authorities that the system trusts.
    System,
    /// That of this authority, by its certificate (PEM).
    Authority(Vec<u8>),
}

impl std::fmt::Display for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.tls.is_some() { "mqtts" } else { "mqtt" };
        if self.host.contains(':') {
            return write!(f, "{scheme}://[{}]:{}", self.host, self.port);
        }
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

/// Tells a broker how things stand for as long as it lives.
pub struct Mqtt {
    view: watch::Sender<View>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Mqtt {
    /// Connects to `broker` as soon as it can be reached, and anew when it is lost. Commands go to
    /// `commands`; the switch snoozes for as long as `snooze` says. Must run in a tokio runtime.
    #[must_use]
    pub fn start(
        broker: Broker,
        commands: mpsc::Sender<Command>,
        snooze: watch::Receiver<Duration>,
    ) -> Self {
        let (view, views) = watch::channel(View::default());
        let (stop, stopped) = oneshot::channel();
        let link = link::Link::new(broker, views, commands, snooze);
        Self {
            view,
            stop,
            task: tokio::spawn(link.keep(stopped)),
        }
    }

    /// Has `view` told, if it is another than the last one. Never waits.
    pub fn show(&self, view: View) {
        self.view.send_if_modified(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }

    /// Says farewell to the broker.
    pub async fn stop(self) {
        // Gone already, it needs no telling.
        let _ = self.stop.send(());
        if tokio::time::timeout(FAREWELL_TIME, self.task)
            .await
            .is_err()
        {
            tracing::debug!("the MQTT broker does not take the farewell; its last will says it");
        }
    }
}
