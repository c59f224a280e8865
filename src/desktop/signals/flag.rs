//! Facts that a service keeps as a boolean property: the battery, and "do not disturb".
//!
//! - UPower's `OnBattery`: <https://upower.freedesktop.org/docs/UPower.html>.
//! - KDE Plasma's notification server has `Inhibited` beside the Desktop Notifications
//!   Specification and tells its changes (plasma-workspace, libnotificationmanager). Plasma sets it
//!   for "do not disturb", and as the person has chosen also while the screen is shared or a window
//!   fills the screen.

use zbus::Connection;

use super::bus::{Object, Trouble, changed, hear_properties, next, property};
use super::presence::whenever;

/// A boolean property.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag {
    pub(super) service: &'static str,
    pub(super) path: &'static str,
    pub(super) interface: &'static str,
    pub(super) name: &'static str,
}

/// On the system bus: whether the machine runs on its battery.
pub(super) const ON_BATTERY: Flag = Flag {
    service: "org.freedesktop.UPower",
    path: "/org/freedesktop/UPower",
    interface: "org.freedesktop.UPower",
    name: "OnBattery",
};

/// On the session bus: whether the person wants no notifications.
pub(super) const INHIBITED: Flag = Flag {
    service: "org.freedesktop.Notifications",
    path: "/org/freedesktop/Notifications",
    interface: "org.freedesktop.Notifications",
    name: "Inhibited",
};

impl Flag {
    /// The object that keeps it, at a service with this name.
    fn of<'a>(&self, service: &'a str) -> Object<'a> {
        Object {
            service,
            path: self.path,
            interface: self.interface,
        }
    }

    /// Its value now.
    pub(super) async fn read(&self, bus: &Connection) -> Result<bool, Trouble> {
        property(bus, self.of(self.service), self.name).await
    }
}

/// Calls `set` with each new value of `flag`, and with `false` when its service leaves; for ever.
pub(super) async fn watch(bus: &Connection, flag: Flag, set: impl Fn(bool)) {
    let work = async |owner: &str| -> Result<(), Trouble> {
        let object = flag.of(owner);
        let mut changes = hear_properties(bus, object).await?;
        match property(bus, object, flag.name).await {
            Ok(value) => set(value),
            Err(trouble) => {
                tracing::debug!("{} does not say {}: {trouble}", flag.service, flag.name)
            }
        }
        while let Some(change) = next(&mut changes).await {
            if let Some(value) = changed(&change, flag.interface, flag.name) {
                set(value);
            }
        }
        Ok(())
    };
    whenever(bus, flag.service, work, || set(false)).await;
}
