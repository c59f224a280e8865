//! A bubble on the desktop, by notify-rust: shown, replaced, withdrawn, clicked.

use std::time::Duration;

use notify_rust::error::{Error, Result};
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, spawn_blocking};

use super::book::Bubble;
use super::owner::Bus;
use crate::desktop::Voice;
use crate::desktop::markup::escaped;
use crate::domain::io::{Alert, AlertKind, Urgency};
use crate::wording::{self, Text};

const BREAK: &str = "break";
const SNOOZE: &str = "snooze";
const LEARN: &str = "learn";
const NOT_NOW: &str = "not_now";
const WRONG: &str = "wrong";
const RECALIBRATE: &str = "recalibrate";

/// How long a firm alert or a question stands, where the daemon heeds it: long enough to be met by eyes that come
/// back from the keyboard, and no orphan for ever when the program is killed. A quiet one stands
/// for the daemon's own time.
const FIRM_STANDS: Duration = Duration::from_secs(60);

/// What becomes of a bubble.
#[derive(Debug, PartialEq)]
pub(super) enum Signal {
    /// It expired or was dismissed.
    Closed(Bubble),
    /// Its button to start a break was clicked.
    Break(Bubble),
    /// Its snooze button was clicked.
    Snoozed(Bubble),
    /// Its question was answered.
    Answered(Bubble, bool),
    /// It was called wrong.
    CalledWrong(Bubble),
    /// Its button to learn the upright anew was clicked.
    Recalibrate(Bubble),
}

/// A bubble that is on the desktop, and its connection. Dropped, it tells nothing any more, and
/// GNOME takes it away.
#[derive(Debug)]
pub(super) struct Shown {
    /// Which it is.
    pub(super) bubble: Bubble,
    /// Dropping it ends the waiting.
    stop: oneshot::Sender<()>,
    /// Waits for clicks, then gives the handle back.
    waiting: JoinHandle<NotificationHandle>,
}

impl Shown {
    /// Tells `heard` what becomes of the bubble from now on.
    fn new(
        handle: NotificationHandle,
        daemon: String,
        heard: mpsc::UnboundedSender<Signal>,
    ) -> Self {
        let bubble = Bubble {
            daemon,
            id: handle.id(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let of = bubble.clone();
        // A task of its own also because notify-rust panics when the bus goes at a bad moment.
        let waiting = tokio::spawn(async move {
            tokio::select! {
                () = wait(&handle, &of, &heard) => {}
                _ = stopped => {}
            }
            handle
        });
        Self {
            bubble,
            stop,
            waiting,
        }
    }

    /// Ends the waiting; `None` when that had come to a bad end, and the connection with it.
    async fn into_handle(self) -> Option<NotificationHandle> {
        drop(self.stop);
        self.waiting.await.ok()
    }
}

/// Shows `alert`, over a bubble where there is one that still stands. It has
/// buttons if the daemon has.
///
/// # Errors
/// When there is no daemon, or it refuses.
pub(super) async fn show(
    bus: Bus,
    alert: Alert,
    over: Option<Shown>,
    voice: Voice,
    heard: mpsc::UnboundedSender<Signal>,
) -> Result<Shown> {
    let capabilities = unblocked(notify_rust::get_capabilities).await?;
    let notification = notification(&alert, voice, &capabilities);
    // Before the call: if daemons change places under it, the bubble counts as the old one's and is
    // never touched again, rather than a stranger's bubble as ours.
    let Some(daemon) = bus.owner().await? else {
        return Err("the notification daemon has left the bus".into());
    };
    let old = match over {
        Some(over) if over.bubble.daemon == daemon => over.into_handle().await,
        _ => None,
    };
    let handle = match old {
        Some(mut handle) => {
            unblocked(move || {
                *handle = notification;
                handle.update().map(|()| handle)
            })
            .await?
        }
        None => notification.show_async().await?,
    };
    Ok(Shown::new(handle, daemon, heard))
}

/// Takes a bubble away, if the daemon that shows it is still there.
pub(super) async fn withdraw(bus: Bus, shown: Shown) {
    if let Ok(Some(daemon)) = bus.owner().await
        && daemon == shown.bubble.daemon
        && let Some(handle) = shown.into_handle().await
    {
        handle.close_async().await;
    }
}

/// Runs a call of notify-rust that has no asynchronous form.
async fn unblocked<T: Send + 'static>(
    call: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = spawn_blocking(call).await;
    done.unwrap_or_else(|panic| Err(Error::from(panic.to_string().as_str())))
}

/// Tells what becomes of a bubble until it is closed. A signal that follows at the heels of another
/// may be missed: then a bubble that is gone is once replaced or withdrawn, which daemons allow.
async fn wait(handle: &NotificationHandle, bubble: &Bubble, heard: &mpsc::UnboundedSender<Signal>) {
    loop {
        let mut response = None;
        let waited = handle.wait_for_action_async(|heard| response = Some(heard.clone()));
        waited.await;
        // Nobody listens any more only when the server has ended: then nothing matters.
        match response {
            Some(NotificationResponse::Action(key)) if key == BREAK => {
                let _ = heard.send(Signal::Break(bubble.clone()));
            }
            Some(NotificationResponse::Action(key)) if key == SNOOZE => {
                let _ = heard.send(Signal::Snoozed(bubble.clone()));
            }
            Some(NotificationResponse::Action(key)) if key == LEARN || key == NOT_NOW => {
                let _ = heard.send(Signal::Answered(bubble.clone(), key == LEARN));
            }
            Some(NotificationResponse::Action(key)) if key == WRONG => {
                let _ = heard.send(Signal::CalledWrong(bubble.clone()));
            }
            Some(NotificationResponse::Action(key)) if key == RECALIBRATE => {
                let _ = heard.send(Signal::Recalibrate(bubble.clone()));
            }
            Some(NotificationResponse::Closed(_)) => {
                let _ = heard.send(Signal::Closed(bubble.clone()));
                return;
            }
            // A click that we did not offer, on the text for one.
            Some(_) => {}
            // The connection is gone.
            None => return,
        }
    }
}

/// Urgency is always normal: GNOME files low urgency without showing it, and critical breaks
/// through "do not disturb", which is the person's word against ours. Transient: an alert is of no
/// use in a list to be read later. The category lets a daemon's rules tell the kinds apart.
fn notification(alert: &Alert, voice: Voice, capabilities: &[String]) -> Notification {
    let has = |name| capabilities.iter().any(|capability| capability == name);
    let texts = voice.texts();
    let text = match has("actions") {
        true => wording::alert(texts, alert),
        false => wording::alert_without_buttons(texts, alert),
    };
    let text = fit(text, has("body"), has("body-markup"));
    let is_question = alert.kind.asks_about().is_some();
    let category = format!("x-backstay.{}", alert.kind.name());
    let mut notification = Notification::new();
    notification
        .appname("backstay")
        .summary(&text.summary)
        .body(&text.body)
        .urgency(notify_rust::Urgency::Normal)
        .hint(Hint::Transient(true))
        .hint(Hint::Category(category));
    if alert.urgency == Urgency::Firm || is_question {
        notification.timeout(FIRM_STANDS);
    }
    match (has("actions"), is_question) {
        (true, true) => {
            notification.action(LEARN, texts.learn());
            notification.action(NOT_NOW, texts.not_now());
        }
        (true, false) => {
            if wording::proposes_break(alert.kind) {
                notification.action(BREAK, texts.start_break());
            }
            notification.action(SNOOZE, &voice.snooze_button());
            if alert.kind == AlertKind::Posture {
                notification.action(WRONG, texts.wrong());
                notification.action(RECALIBRATE, texts.recalibrate());
            }
        }
        (false, _) => {}
    }
    notification
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
    let body = escaped(&text.body);
    Text { body, ..text }
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
