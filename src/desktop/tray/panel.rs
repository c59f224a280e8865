//! The thread behind the icon: waits for panels, and shows each the newest view.
//!
//! ksni registers an item with the panel that is there, and gives up when there is none; it makes its
//! calls without a time limit. So a connection of our own watches who has the name under which
//! items are registered: a panel that comes gets an item, and a panel that goes takes its item
//! along. One that does not answer in time, as while a session starts, is asked again later.

use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use futures_lite::StreamExt;
use ksni::{Handle, TrayMethods};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};
use zbus::Connection;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::names::BusName;

use super::Wishes;
use super::item::Item;
use super::view::View;
use crate::desktop::Voice;

/// Whoever has this name takes items for the panels.
const NAME: &str = "org.kde.StatusNotifierWatcher";

/// The least time between two changes of what is shown: the bus is everybody's.
const REST: Duration = Duration::from_secs(1);

/// How long the bus or a panel may take for an answer. One that is well answers within milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// From a failure of the bus or a panel to the next attempt.
const RETRY: Duration = Duration::from_secs(30);

/// Keeps an item with the view in every panel that comes, until the view's sender is dropped.
pub(super) async fn follow(mut view: watch::Receiver<View>, wishes: &Wishes, voice: Voice) {
    loop {
        let panels = timeout(PATIENCE, Panels::watch()).await;
        match panels.map_err(|_| zbus::Error::Failure("no answer".to_owned())) {
            Ok(Ok(panels)) => {
                if serve(panels, &mut view, wishes, voice).await == Served::Enough {
                    return;
                }
            }
            Ok(Err(error)) | Err(error) => tracing::debug!("no tray icon: {error}"),
        }
        if closed_within(&mut view, RETRY).await {
            return;
        }
    }
}

/// Why a bus is not served any longer.
#[derive(PartialEq, Eq)]
enum Served {
    /// The view's sender was dropped.
    Enough,
    /// The bus is gone.
    BusGone,
}

async fn serve(
    mut panels: Panels,
    view: &mut watch::Receiver<View>,
    wishes: &Wishes,
    voice: Voice,
) -> Served {
    let mut shown: Option<Handle<Item>> = None;
    let mut rest: Option<Pin<Box<Sleep>>> = None;
    let mut again: Option<Pin<Box<Sleep>>> = None;
    let (mut is_stale, mut has_panel) = (false, false);
    loop {
        if is_stale && rest.is_none() {
            is_stale = false;
            rest = Some(Box::pin(sleep(REST)));
            let newest = view.borrow_and_update().clone();
            shown = update(shown, newest).await;
        }
        if !has_panel || shown.is_some() {
            again = None;
        } else if again.is_none() {
            again = Some(Box::pin(sleep(RETRY)));
        }
        tokio::select! {
            changed = view.changed() => {
                if changed.is_err() {
                    withdraw(shown).await;
                    return Served::Enough;
                }
                is_stale = true;
            }
            () = set(&mut rest) => rest = None,
            () = set(&mut again) => {
                again = None;
                shown = show(view, wishes, voice).await;
            }
            change = panels.next() => match change {
                Some(Panel::Came) => {
                    has_panel = true;
                    withdraw(shown.take()).await;
                    shown = show(view, wishes, voice).await;
                }
                Some(Panel::Went) => {
                    has_panel = false;
                    withdraw(shown.take()).await;
                }
                None => return Served::BusGone,
            }
        }
    }
}

/// An item with the newest view; `None` where the panel does not take it.
async fn show(
    view: &mut watch::Receiver<View>,
    wishes: &Wishes,
    voice: Voice,
) -> Option<Handle<Item>> {
    let item = Item {
        view: view.borrow_and_update().clone(),
        voice,
        wishes: wishes.clone(),
    };
    // What stands for a panel may be there before any panel is: it is registered all the same.
    match timeout(PATIENCE, item.assume_sni_available(true).spawn()).await {
        Ok(Ok(handle)) => Some(handle),
        Ok(Err(error)) => {
            tracing::debug!("no tray icon: {error}");
            None
        }
        Err(_) => {
            tracing::debug!("no tray icon: the panel does not answer");
            None
        }
    }
}

/// The item that shows `view` from now on; `None` where it hangs.
async fn update(shown: Option<Handle<Item>>, view: View) -> Option<Handle<Item>> {
    let handle = shown?;
    let updated = timeout(PATIENCE, handle.update(|item| item.view = view)).await;
    if updated.is_ok() {
        return Some(handle);
    }
    tracing::debug!("the tray icon hangs");
    drop(handle.shutdown());
    None
}

async fn withdraw(shown: Option<Handle<Item>>) {
    if let Some(handle) = shown {
        let _ = timeout(PATIENCE, handle.shutdown()).await;
    }
}

/// What becomes of panels.
enum Panel {
    Came,
    Went,
}

/// Who has the name, and who will.
struct Panels {
    changes: NameOwnerChangedStream,
    /// Whether there was one from the beginning, which is not told yet.
    is_there: bool,
}

impl Panels {
    async fn watch() -> zbus::Result<Self> {
        let bus = DBusProxy::new(&Connection::session().await?).await?;
        // Before asking who is there, so that nobody comes unseen between.
        let changes = bus.receive_name_owner_changed_with_args(&[(0, NAME)]);
        let changes = changes.await?;
        let is_there = bus.name_has_owner(BusName::try_from(NAME)?).await?;
        Ok(Self { changes, is_there })
    }

    /// The next change; `None` when the bus is gone.
    async fn next(&mut self) -> Option<Panel> {
        if std::mem::take(&mut self.is_there) {
            return Some(Panel::Came);
        }
        let change = self.changes.next().await?;
        Some(match change.args().ok()?.new_owner().as_ref() {
            Some(_) => Panel::Came,
            None => Panel::Went,
        })
    }
}

/// Whether the sender was dropped before `span` was over.
async fn closed_within(view: &mut watch::Receiver<View>, span: Duration) -> bool {
    let closed = async { while view.changed().await.is_ok() {} };
    timeout(span, closed).await.is_ok()
}

/// Comes true with `future`; never, when it is not set.
async fn set<F: Future + Unpin>(future: &mut Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}
