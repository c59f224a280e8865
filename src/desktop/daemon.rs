//! The calls to the notification daemon and its signals, after the Desktop Notifications
//! Specification 1.2 (freedesktop.org).
//!
//! One connection carries all of it and stays open: GNOME closes a notification when its sender
//! leaves the bus, and sends the click on a button to its sender alone.

use std::collections::HashMap;
use std::time::Duration;

use futures_lite::StreamExt;
use zbus::fdo::DBusProxy;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream, message};

use super::book::Bubble;
use super::text::{self, Text};
use crate::domain::io::{Alert, AlertKind, Urgency};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const SNOOZE: &str = "snooze";

/// How long a firm alert stands, in milliseconds, where the daemon heeds it: long enough to be met
/// by eyes that come back from the keyboard, and no orphan for ever when the program is killed.
const FIRM_EXPIRES_MS: i32 = 60_000;
/// The daemon's own time, by the specification.
const QUIET_EXPIRES_MS: i32 = -1;

/// What the bus tells.
#[derive(Debug, PartialEq)]
pub(super) enum Signal {
    /// A bubble expired, was dismissed or withdrawn.
    Closed(Bubble),
    /// The snooze button of a bubble was clicked.
    Snoozed(Bubble),
    /// A daemon took the name; its unique name.
    Came(String),
}

/// A connection to the session bus that listens for the daemon's signals.
pub(super) struct Daemon {
    connection: Connection,
    messages: MessageStream,
}

impl Daemon {
    /// Connects to the session bus. A daemon need not be there.
    pub(super) async fn connect() -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let messages = MessageStream::from(&connection);
        let bus = DBusProxy::new(&connection).await?;
        let signals = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .interface(NAME)?
            .build();
        let owner = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, NAME)?
            .build();
        bus.add_match_rule(signals).await?;
        bus.add_match_rule(owner).await?;
        Ok(Self {
            connection,
            messages,
        })
    }

    /// The connection, for [`show`] and [`withdraw`].
    pub(super) fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// The next signal; `None` when the bus is gone.
    pub(super) async fn signal(&mut self) -> Option<Signal> {
        loop {
            let message = self.messages.next().await?.ok()?;
            if let Some(signal) = read(&message) {
                return Some(signal);
            }
        }
    }
}

/// Shows `alert`, over a bubble where there is one. `snooze` is what the button offers, if the
/// daemon has buttons.
pub(super) async fn show(
    connection: Connection,
    alert: Alert,
    over: Option<Bubble>,
    snooze: Duration,
) -> zbus::Result<Bubble> {
    if let Some(over) = over {
        // By the unique name: after a restart the old id could be another program's bubble.
        match notify(&connection, &over.daemon, &alert, over.id, snooze).await {
            Err(error) if has_left(&error) => {}
            done => return done,
        }
    }
    notify(&connection, NAME, &alert, 0, snooze).await
}

/// Takes a bubble away. One that is gone already is no error worth telling.
pub(super) async fn withdraw(connection: Connection, bubble: Bubble) {
    let method = "CloseNotification";
    let to = Some(bubble.daemon.as_str());
    let done = connection.call_method(to, PATH, Some(NAME), method, &bubble.id);
    if let Err(error) = done.await {
        tracing::debug!("a notification was gone before it was withdrawn: {error}");
    }
}

async fn notify(
    connection: &Connection,
    to: &str,
    alert: &Alert,
    replaces: u32,
    snooze: Duration,
) -> zbus::Result<Bubble> {
    let reply = connection
        .call_method(Some(to), PATH, Some(NAME), "GetCapabilities", &())
        .await?;
    let body = reply.body();
    let capabilities: Vec<&str> = body.deserialize()?;
    let has = |capability| capabilities.contains(&capability);

    let text = fit(text::alert(alert), has("body"), has("body-markup"));
    let label = text::snooze(snooze);
    let actions: &[&str] = if has("actions") {
        &[SNOOZE, &label]
    } else {
        &[]
    };
    let expires = match alert.urgency {
        Urgency::Quiet => QUIET_EXPIRES_MS,
        Urgency::Firm => FIRM_EXPIRES_MS,
    };
    let arguments = (
        "backstay",
        replaces,
        "",
        text.summary.as_str(),
        text.body.as_str(),
        actions,
        hints(alert.kind),
        expires,
    );
    let reply = connection
        .call_method(Some(to), PATH, Some(NAME), "Notify", &arguments)
        .await?;
    Ok(Bubble {
        daemon: sender(&reply),
        id: reply.body().deserialize()?,
    })
}

/// Urgency is always normal (1): GNOME files low urgency without showing it, and critical breaks
/// through "do not disturb", which is the person's word against ours. Transient: an alert is of no
/// use in a list to be read later. The category lets a daemon's rules tell the kinds apart.
fn hints(kind: AlertKind) -> HashMap<&'static str, Value<'static>> {
    let category = match kind {
        AlertKind::Posture => "x-backstay.posture",
        AlertKind::Sitting => "x-backstay.sitting",
    };
    HashMap::from([
        ("urgency", Value::U8(1)),
        ("transient", Value::Bool(true)),
        ("category", Value::from(category)),
    ])
}

/// Fits a text to what the daemon takes: with markup in bodies, `&` and `<` must be escaped (a bare
/// `&` makes some daemons show nothing); without bodies all goes into the summary, which is never
/// markup.
fn fit(text: Text, has_body: bool, has_markup: bool) -> Text {
    if !has_body {
        return Text {
            summary: format!("{}: {}", text.summary, text.body),
            body: String::new(),
        };
    }
    if !has_markup {
        return text;
    }
    let body = text.body.replace('&', "&amp;").replace('<', "&lt;");
    Text { body, ..text }
}

fn read(message: &Message) -> Option<Signal> {
    let header = message.header();
    if header.message_type() != message::Type::Signal {
        return None;
    }
    let body = message.body();
    let bubble = |id| Bubble {
        daemon: sender(message),
        id,
    };
    match header.member()?.as_str() {
        "NotificationClosed" => {
            let (id, _reason): (u32, u32) = body.deserialize().ok()?;
            Some(Signal::Closed(bubble(id)))
        }
        "ActionInvoked" => {
            let (id, key): (u32, &str) = body.deserialize().ok()?;
            (key == SNOOZE).then(|| Signal::Snoozed(bubble(id)))
        }
        "NameOwnerChanged" => {
            let (name, _old, new): (&str, &str, &str) = body.deserialize().ok()?;
            (name == NAME && !new.is_empty()).then(|| Signal::Came(new.to_owned()))
        }
        _ => None,
    }
}

fn sender(message: &Message) -> String {
    let header = message.header();
    header.sender().map(ToString::to_string).unwrap_or_default()
}

/// Whether a call failed because the one it was meant for has left the bus.
fn has_left(error: &zbus::Error) -> bool {
    let zbus::Error::MethodError(name, ..) = error else {
        return false;
    };
    matches!(
        name.as_str(),
        "org.freedesktop.DBus.Error.NameHasNoOwner"
            | "org.freedesktop.DBus.Error.ServiceUnknown"
            | "org.freedesktop.DBus.Error.NoReply"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text {
        Text {
            summary: "a < b & c".to_owned(),
            body: "1 < 2 & 3 > 2".to_owned(),
        }
    }

    #[test]
    fn markup_is_escaped_in_the_body_only_and_only_where_it_is_markup() {
        let fitted = fit(text(), true, true);
        assert_eq!(fitted.summary, "a < b & c");
        assert_eq!(fitted.body, "1 &lt; 2 &amp; 3 > 2");
        assert_eq!(fit(text(), true, false), text());
    }

    #[test]
    fn without_bodies_the_summary_says_it_all() {
        let fitted = fit(text(), false, true);
        assert_eq!(fitted.summary, "a < b & c: 1 < 2 & 3 > 2");
        assert_eq!(fitted.body, "");
    }
}
