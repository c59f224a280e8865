//! The numbers as text for Prometheus: exposition format 0.0.4
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::{Display, Write};
use std::time::Duration;

use super::numbers::Numbers;
use super::process;
use crate::domain::io::{AlertKind, State};
use crate::domain::pauses::PauseReason;

/// The type of the content.
pub(super) const CONTENT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The text of `numbers` as they are at `now`.
pub(super) fn text(numbers: &Numbers, now: Duration) -> String {
    let mut page = Page(String::new());
    page.family("backstay_build_info", "gauge", "The version that runs.");
    let version = env!("CARGO_PKG_VERSION");
    page.labelled("backstay_build_info", "version", version, 1);

    let name = "backstay_state";
    page.family(name, "gauge", "Whether this is the state.");
    for state in State::ALL {
        let holds = u8::from(state == numbers.state);
        page.labelled(name, "state", state.name(), holds);
    }
    let name = "backstay_state_seconds_total";
    page.family(name, "counter", "Time spent in each state.");
    // Nothing wakes a paused run to count on.
    let since = now.saturating_sub(numbers.at);
    for (state, span) in State::ALL.into_iter().zip(numbers.in_state) {
        let goes_on = if state == numbers.state {
            since
        } else {
            Duration::ZERO
        };
        page.labelled(name, "state", state.name(), (span + goes_on).as_secs_f64());
    }
    let name = "backstay_score_ratio";
    let help =
        "How near the worst fault is to its limit, 1 at the limit; absent while nothing is judged.";
    if let Some(score) = numbers.score {
        page.family(name, "gauge", help);
        page.one(name, score);
    }
    let name = "backstay_sitting_seconds";
    page.family(name, "gauge", "Sitting without a break.");
    page.one(name, numbers.sitting.as_secs_f64());

    let name = "backstay_paused";
    page.family(name, "gauge", "Whether this is a reason for a pause.");
    for reason in PauseReason::ALL {
        let holds = u8::from(numbers.pauses.contains(&reason));
        page.labelled(name, "reason", reason.name(), holds);
    }
    let name = "backstay_alerts_total";
    page.family(name, "counter", "Alerts put to the person.");
    for (kind, count) in AlertKind::ALL.into_iter().zip(numbers.alerts) {
        page.labelled(name, "kind", kind.name(), count);
    }
    for (name, help, count) in [
        (
            "backstay_alerts_silenced_total",
            "Alerts kept back.",
            numbers.silenced,
        ),
        (
            "backstay_breaks_total",
            "Absences long enough, and breaks led through.",
            numbers.breaks,
        ),
        (
            "backstay_observations_total",
            "Observations judged.",
            numbers.observations,
        ),
    ] {
        page.family(name, "counter", help);
        page.one(name, count);
    }
    if let Some(cpu) = process::cpu() {
        let name = "process_cpu_seconds_total";
        page.family(name, "counter", "Processor time, user and system.");
        page.one(name, cpu.as_secs_f64());
    }
    if let Some(memory) = process::resident_memory() {
        let name = "process_resident_memory_bytes";
        page.family(name, "gauge", "Memory in use.");
        page.one(name, memory);
    }
    page.0
}

/// A page that is written line by line.
struct Page(String);

impl Page {
    /// What `name` is; its samples must follow at once. `help` is one line without backslashes.
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn one(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// A sample with a label, whose value is a word without quotation marks and backslashes.
    fn labelled(&mut self, name: &str, label: &str, word: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name}{{{label}=\"{word}\"}} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, sample: &str) -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(sample))?;
        line.trim().parse().ok()
    }

    #[test]
    fn the_present_state_goes_on_and_the_others_stand_still() {
        let numbers = Numbers {
            at: Duration::from_secs(100),
            state: State::Bad,
            in_state: [60, 20, 15, 5, 0].map(Duration::from_secs),
            ..Numbers::default()
        };
        let text = text(&numbers, Duration::from_millis(102_500));
        for (state, seconds, is_now) in [
            ("good", 60.0, 0.0),
            ("at_risk", 20.0, 0.0),
            ("bad", 17.5, 1.0),
            ("unsure", 5.0, 0.0),
            ("away", 0.0, 0.0),
        ] {
            let label = format!("{{state=\"{state}\"}}");
            let total = format!("backstay_state_seconds_total{label}");
            assert_eq!(value(&text, &total), Some(seconds), "{state}");
            let now = format!("backstay_state{label}");
            assert_eq!(value(&text, &now), Some(is_now), "{state}");
        }
    }

    #[test]
    fn what_is_not_known_is_absent() {
        let mut numbers = Numbers::default();
        assert!(!text(&numbers, Duration::ZERO).contains("backstay_score_ratio"));
        numbers.score = Some(0.25);
        numbers.pauses = vec![PauseReason::Snoozed];
        (numbers.alerts[0], numbers.alerts[1]) = (3, 1);
        let text = text(&numbers, Duration::ZERO);
        assert_eq!(value(&text, "backstay_score_ratio"), Some(0.25));
        for (sample, expected) in [
            ("backstay_paused{reason=\"snoozed\"}", 1.0),
            ("backstay_paused{reason=\"user\"}", 0.0),
            ("backstay_alerts_total{kind=\"posture\"}", 3.0),
            ("backstay_alerts_total{kind=\"sitting\"}", 1.0),
        ] {
            assert_eq!(value(&text, sample), Some(expected), "{sample}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_has_memory() {
        let memory = process::resident_memory().unwrap();
        assert!((1 << 20..1 << 34).contains(&memory), "{memory}");
    }
}
