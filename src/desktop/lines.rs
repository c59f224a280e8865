//! Alerts as lines on stderr.

use std::io::Write;

use super::per_kind::PerKind;
use crate::domain::io::{Alert, AlertKind};
use crate::runtime::status_line::Aside;
use crate::wording::{self, Texts};

/// Writes a line for an alert, and one when it clears.
#[derive(Debug)]
pub(super) struct Lines {
    texts: Texts,
    told: PerKind<Option<Told>>,
}

#[derive(Clone, Debug)]
struct Told {
    bout: u64,
    summary: String,
}

impl Lines {
    /// In the language of `texts`; nothing is told yet.
    pub(super) fn new(texts: Texts) -> Self {
        Self {
            texts,
            told: PerKind::default(),
        }
    }

    /// Writes what `alert` says.
    pub(super) fn alert(&mut self, alert: &Alert) {
        let text = wording::alert_without_buttons(self.texts, alert);
        write(&format!("{}: {}", text.summary, text.body));
        *self.told.get_mut(alert.kind) = Some(Told {
            bout: alert.bout,
            summary: text.summary,
        });
    }

    /// Writes that an alert is over, if this bout's was the last written of its kind.
    pub(super) fn clear(&mut self, kind: AlertKind, bout: u64) {
        if let Some(told) = self.told.get_mut(kind).take_if(|told| told.bout == bout) {
            write(&format!("{}: {}", told.summary, self.texts.over()));
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
