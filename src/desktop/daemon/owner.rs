//! Which daemon has the notifications' name on the session bus.

use futures_lite::StreamExt;
use zbus::Connection;
use zbus::fdo::{self, DBusProxy, NameOwnerChangedStream};
use zbus::names::BusName;

const NAME: &str = "org.freedesktop.Notifications";

/// A connection to the session bus that watches the name.
pub(super) struct Owner {
    bus: Bus,
    changes: NameOwnerChangedStream,
}

/// The session bus, to be asked.
#[derive(Clone)]
pub(super) struct Bus(DBusProxy<'static>);

impl Owner {
    /// Connects to the session bus. A daemon need not be there.
    ///
    /// # Errors
    /// When the bus cannot be reached.
    pub(super) async fn watch() -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        let changes = bus.receive_name_owner_changed_with_args(&[(0, NAME)]);
        let changes = changes.await?;
        Ok(Self {
            bus: Bus(bus),
            changes,
        })
    }

    /// The bus that is watched.
    pub(super) fn bus(&self) -> Bus {
        self.bus.clone()
    }

    /// The unique name of the next daemon that takes the name; `None` when the bus is gone.
    pub(super) async fn next(&mut self) -> Option<String> {
        loop {
            let change = self.changes.next().await?;
            if let Some(daemon) = change.args().ok()?.new_owner().as_ref() {
                return Some(daemon.to_string());
            }
        }
    }
}

impl Bus {
    /// The unique name of the daemon that has the name now; `None` when nobody has.
    ///
    /// # Errors
    /// When the bus is gone.
    pub(super) async fn owner(&self) -> zbus::Result<Option<String>> {
        match self.0.get_name_owner(BusName::try_from(NAME)?).await {
            Ok(daemon) => Ok(Some(daemon.to_string())),
            Err(fdo::Error::NameHasNoOwner(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
