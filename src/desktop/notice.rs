//! A word to the person that is no alert: shown once, and left to the desktop.

#[cfg(all(unix, not(target_os = "macos")))]
mod bubble {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use crate::desktop::markup::escaped;

    /// Whether a notice is on its way: a daemon that hangs costs one thread and not one for each.
    static ON_ITS_WAY: AtomicBool = AtomicBool::new(false);

    /// Shows `body` under `summary`, on a thread of its own; whether it got there is not waited for,
    /// for a daemon may take as long as it likes.
    pub fn show(summary: &str, body: &str) {
        if ON_ITS_WAY.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut notice = notify_rust::Notification::new();
        // Daemons that know markup would take the text for it.
        let body = escaped(body);
        notice.appname("backstay").summary(summary).body(&body);
        let started = thread::Builder::new()
            .name("notice".to_owned())
            .spawn(move || {
                if let Err(error) = notice.show() {
                    tracing::debug!("a notice was not shown: {error}");
                }
                ON_ITS_WAY.store(false, Ordering::Release);
            });
        if started.is_err() {
            ON_ITS_WAY.store(false, Ordering::Release);
        }
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
pub use bubble::show;

/// Shows nothing here: what is said is in the log as well.
#[cfg(any(not(unix), target_os = "macos"))]
pub fn show(_summary: &str, _body: &str) {}
