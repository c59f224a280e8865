//! The buses, and what is asked and heard on them.
//!
//! Every call ends after [`PATIENCE`]. No call starts a service: what does not run has nothing to
//! tell.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use futures_lite::StreamExt;
use serde::Serialize;
use tokio::time::timeout;
use zbus::connection::Builder;
use zbus::fdo::{self, DBusProxy};
use zbus::message::Type;
use zbus::names::BusName;
use zbus::proxy::{self, CacheProperties, MethodFlags};
use zbus::zvariant::{DynamicDeserialize, DynamicType, OwnedValue};
use zbus::{Connection, MatchRule, Message, MessageStream, Proxy};

/// How long a bus or a service may take for an answer. One that is well needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// Signals that wait while an answer is awaited. More than a desktop sends in two seconds; at more
/// the connection stands still until they are read.
const QUEUE: usize = 64;

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The bus cannot be reached, or refuses, or the service does.
    #[error(transparent)]
    Refused(#[from] zbus::Error),
    /// Nothing answers.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Silent,
    /// The answer is of another kind than documented.
    #[error("an answer of the wrong kind")]
    Nonsense,
    /// Nobody has the name on the bus.
    #[error("{0} is not on the bus")]
    Absent(&'static str),
}

/// A bus.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    /// The person's own.
    Session,
    /// The machine's.
    System,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "the session bus",
            Self::System => "the system bus",
        })
    }
}

impl Which {
    /// A new connection.
    pub(super) async fn connect(self) -> Result<Connection, Trouble> {
        patient(async {
            let builder = match self {
                Self::Session => Builder::session(),
                Self::System => Builder::system(),
            };
            builder?.build().await
        })
        .await
    }
}

/// An object of a service, seen through one of its interfaces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object<'a> {
    /// The name, well known or unique.
    pub(super) service: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
}

/// What `asking` gives, unless it takes too long.
pub(super) async fn patient<T>(
    asking: impl Future<Output = zbus::Result<T>>,
) -> Result<T, Trouble> {
    let answer = timeout(PATIENCE, asking).await;
    Ok(answer.map_err(|_| Trouble::Silent)??)
}

/// Calls a method.
pub(super) async fn ask<B, R>(
    bus: &Connection,
    object: Object<'_>,
    method: &str,
    body: &B,
) -> Result<R, Trouble>
where
    B: Serialize + DynamicType,
    R: for<'d> DynamicDeserialize<'d>,
{
    patient(async {
        let proxy: Proxy<'_> = proxy::Builder::new(bus)
            .destination(object.service)?
            .path(object.path)?
            .interface(object.interface)?
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        let flags = MethodFlags::NoAutoStart.into();
        let answer = proxy.call_with_flags(method, flags, body).await?;
        answer.ok_or(zbus::Error::InvalidReply)
    })
    .await
}

/// Reads a property.
pub(super) async fn property<T>(
    bus: &Connection,
    object: Object<'_>,
    name: &str,
) -> Result<T, Trouble>
where
    T: TryFrom<OwnedValue>,
{
    let properties = Object {
        interface: PROPERTIES,
        ..object
    };
    let value: OwnedValue = ask(bus, properties, "Get", &(object.interface, name)).await?;
    T::try_from(value).map_err(|_| Trouble::Nonsense)
}

/// The signals of an object from now on.
pub(super) async fn hear(bus: &Connection, object: Object<'_>) -> Result<MessageStream, Trouble> {
    patient(async {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(object.service)?
            .path(object.path)?
            .interface(object.interface)?
            .build();
        MessageStream::for_match_rule(rule, bus, Some(QUEUE)).await
    })
    .await
}

/// The changes of an object's properties from now on.
pub(super) async fn hear_properties(
    bus: &Connection,
    object: Object<'_>,
) -> Result<MessageStream, Trouble> {
    let properties = Object {
        interface: PROPERTIES,
        ..object
    };
    hear(bus, properties).await
}

/// The next signal; `None` when the bus is gone.
pub(super) async fn next(signals: &mut MessageStream) -> Option<Message> {
    signals.next().await?.ok()
}

/// Whether `signal` is the one called `name`.
pub(super) fn is(signal: &Message, name: &str) -> bool {
    signal
        .header()
        .member()
        .is_some_and(|member| member == name)
}

/// The new value of the boolean property `name` of `interface`, if this signal tells of it.
pub(super) fn changed(signal: &Message, interface: &str, name: &str) -> Option<bool> {
    type Changes = (String, HashMap<String, OwnedValue>, Vec<String>);
    let (of, mut values, _): Changes = signal.body().deserialize().ok()?;
    let value = values.remove(name).filter(|_| of == interface)?;
    bool::try_from(value).ok()
}

/// The unique name of who has the name `service` now.
pub(super) async fn owner(bus: &Connection, service: &'static str) -> Result<String, Trouble> {
    let asking = async {
        let name = BusName::try_from(service)?;
        match DBusProxy::new(bus).await?.get_name_owner(name).await {
            Ok(owner) => Ok(Some(owner.to_string())),
            Err(fdo::Error::NameHasNoOwner(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    };
    patient(asking).await?.ok_or(Trouble::Absent(service))
}
