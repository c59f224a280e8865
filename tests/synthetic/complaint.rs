//! What is wrong with a run, in a line that tells who and by how much.

use backstay::domain::io::{Alert, Fault};
use backstay::domain::measures::{Measures, Quantity};

use crate::scenes::Run;

impl Run {
    /// What is measured now, for a complaint.
    pub(crate) fn figures(&self) -> String {
        let figure = |of: fn(&Measures) -> Option<f64>| {
            self.median(10.0, of)
                .map_or("-".to_owned(), |v| format!("{v:.2}"))
        };
        let status = self.monitor.status();
        format!(
            "{} {}; sink {} shoulders {} forward {} d {} g {} n {} p {} tilt {} roll {}",
            status.state.name(),
            status.doubt.map_or("", |doubt| doubt.name()),
            figure(|m| m.value(Quantity::SinkCm)),
            figure(|m| m.value(Quantity::ShoulderSinkCm)),
            figure(|m| m.value(Quantity::ForwardCm)),
            figure(|m| m.value(Quantity::HeadDrop)),
            figure(|m| m.value(Quantity::HeadToShoulder)),
            figure(|m| m.value(Quantity::HeadSize)),
            figure(|m| m.value(Quantity::Pitch)),
            figure(|m| m.value(Quantity::Tilt)),
            figure(|m| m.value(Quantity::Roll)),
        )
    }

    /// What is wrong when nothing was to be said since `since`.
    pub(crate) fn complaint_if_told(&self, since: f64) -> Option<String> {
        let alerts = self.alerts(since);
        let (at, alert) = alerts.first()?;
        let faults: Vec<_> = alert.faults.iter().map(|f| f.name()).collect();
        Some(format!(
            "{}: {faults:?} after {:.0} s; {}",
            self.setting,
            at - since,
            self.figures()
        ))
    }

    /// What is wrong when one of `faults` was to be named first within `limit` seconds of `since`.
    pub(crate) fn complaint_unless_told(
        &self,
        since: f64,
        limit: f64,
        faults: &[Fault],
    ) -> Option<String> {
        let alerts = self.alerts(since);
        let first = alerts.first();
        let named = |alert: &Alert| alert.faults.first().is_some_and(|f| faults.contains(f));
        let kept = first.is_some_and(|(at, alert)| at - since <= limit && named(alert));
        let said = first.map_or("nothing".to_owned(), |(at, alert)| {
            let faults: Vec<_> = alert.faults.iter().map(|f| f.name()).collect();
            format!("{faults:?} after {:.0} s", at - since)
        });
        (!kept).then(|| format!("{}: {said}; {}", self.setting, self.figures()))
    }
}
