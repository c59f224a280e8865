//! Buses and services that are missing, come late, die or hang.

use std::time::Duration;

use futures_lite::StreamExt;
use tokio::time::sleep;
use zbus::Connection;
use zbus::fdo::DBusProxy;

use super::bus::{Trouble, Which, owner, patient};

/// The pause before something that failed is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// Does `work` with a connection, and again with a new one when the bus has gone; for ever.
pub(super) async fn on_bus(which: Which, work: impl AsyncFn(&Connection)) {
    persist(&which.to_string(), async || {
        let bus = which.connect().await?;
        tokio::select! {
            () = work(&bus) => {}
            () = bus.closed() => tracing::debug!("{which} is gone"),
        }
        Ok(())
    })
    .await;
}

/// Does `work` with whoever has the name `service`, given by the unique name, and `forget`s what it
/// told when that one has left; for ever.
pub(super) async fn whenever(
    bus: &Connection,
    service: &'static str,
    work: impl AsyncFn(&str) -> Result<(), Trouble>,
    forget: impl Fn(),
) {
    persist(service, async || {
        let dbus = patient(DBusProxy::new(bus)).await?;
        let this_one = [(0, service)];
        let changes = dbus.receive_name_owner_changed_with_args(&this_one);
        let mut changes = patient(changes).await?;
        let mut present = match owner(bus, service).await {
            Ok(present) => Some(present),
            Err(Trouble::Absent(_)) => None,
            Err(trouble) => return Err(trouble),
        };
        loop {
            let change = match present.take() {
                None => {
                    tracing::debug!("{service} is not on the bus");
                    changes.next().await
                }
                Some(present) => {
                    let _forgotten = OnDrop(&forget);
                    tokio::select! {
                        change = changes.next() => change,
                        ended = work(&present) => return ended,
                    }
                }
            };
            // The stream ends with the bus.
            let Some(change) = change else { return Ok(()) };
            let change = change.args()?;
            present = change.new_owner().as_ref().map(ToString::to_string);
        }
    })
    .await;
}

/// Does `work` again and again, with a pause in between. Its trouble is told once, and again only
/// after it was another.
pub(super) async fn persist(what: &str, work: impl AsyncFn() -> Result<(), Trouble>) {
    let mut told = String::new();
    loop {
        let trouble = match work().await {
            Ok(()) => String::new(),
            Err(trouble) => trouble.to_string(),
        };
        if trouble != told && !trouble.is_empty() {
            tracing::debug!("{what} tells nothing: {trouble}");
        }
        told = trouble;
        sleep(RETRY).await;
    }
}

/// Calls it at the end of its life, also when the future that holds it is dropped.
pub(super) struct OnDrop<F: Fn()>(pub(super) F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
