//! Alerts as lines on stderr.

use std::io::Write;

use super::per_kind::PerKind;
use super::text;
use crate::domain::io::{Alert, AlertKind};
use crate::runtime::status_line::Aside;

/// Writes a line for an alert, and one when it clears.
#[derive(Debug, Default)]
pub(super) struct Lines {
    told: PerKind<Option<Told>>,
}

#[derive(Clone, Debug)]
struct Told {
    bout: u64,
    summary: String,
}

impl Lines {
    /// Writes what `alert` says.
    pub(super) fn alert(&mut self, alert: &Alert) {
        let text = text::alert(alert);
        match alert.kind.asks_about() {
            None => write(&format!("{}: {}", text.summary, text.body)),
            Some(_) => write(&format!(
                "{}: {}: {}",
                text.summary,
                text.body,
                text::without_buttons(alert.kind)
            )),
        }
        *self.told.get_mut(alert.kind) = Some(Told {
            bout: alert.bout,
            summary: text.summary,
        });
    }

    /// Writes that an alert is over, if this bout's was the last written of its kind.
    pub(super) fn clear(&mut self, kind: AlertKind, bout: u64) {
        if let Some(told) = self.told.get_mut(kind).take_if(|told| told.bout == bout) {
            write(&format!("{}: over", told.summary));
        }
    }

    /// The bout whose alert was written and is not yet over.
    pub(super) fn bout(&self, kind: AlertKind) -> Option<u64> {
        self.told.get(kind).as_ref().map(|told| told.bout)
    }
}

fn write(line: &str) {
    // A closed stderr leaves nobody to tell; eprintln! would panic.
    let _ = Aside.write_all(format!("backstay: {line}\n").as_bytes());
}
