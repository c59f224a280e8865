//! The running monitor gives up the camera for a break: under Linux one program streams at a time.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::config::folders;
use crate::control::client::{Ask, ClientError, ask};
use crate::control::place::is_taken;
use crate::domain::breaks::TakenBreak;
use crate::domain::exercise::Exercise;
use crate::domain::exercise::choice::Day;
use crate::domain::io::Fault;
use crate::domain::pauses::PauseReason;
use crate::runtime::events::taken_break;
use crate::runtime::stdio::tell_line;
use crate::wording::Texts;

/// An exercise takes at most three times its dose and half a minute (the coach's patience), with
/// fifteen seconds for the neutral and five for its announcement...
const TIMES: u32 = 3;
const BESIDE: Duration = Duration::from_secs(30 + 15 + 5);

/// ...and the person may stop the clock for this long before the monitor goes on by itself, should
/// this program be gone by then.
const SPARE: Duration = Duration::from_secs(10 * 60);

/// The monitor that runs.
pub(super) struct Running {
    folder: PathBuf,
    status: Value,
}

/// A monitor that was paused for a break; dropping this lets it go on.
pub(super) struct Paused {
    folder: PathBuf,
    texts: Texts,
}

impl Running {
    /// The one there is, as it stands now; `None` where there is none.
    ///
    /// # Errors
    /// When it does not answer.
    pub(super) fn find() -> Result<Option<Self>, ClientError> {
        let Some(folder) = folders::runtime().ok().filter(|it| is_taken(it)) else {
            return Ok(None);
        };
        let status = ask(&folder, &Ask::Get("status".to_owned()))?;
        Ok(Some(Self { folder, status }))
    }

    /// What the day has shown to it.
    pub(super) fn today(&self) -> Day {
        day(&self.status)
    }

    /// Pauses it, unless the person has.
    fn pause(self, plan: &[Exercise], texts: Texts) -> Result<Option<Paused>, ClientError> {
        let Self { folder, status } = self;
        if is_closed(&status) {
            return Ok(None);
        }
        let longest = |exercise: &Exercise| exercise.dose.length() * TIMES + BESIDE;
        let span = plan.iter().map(longest).sum::<Duration>() + SPARE;
        let seconds = json!({"seconds": span.as_secs_f64()});
        ask(&folder, &Ask::Post("pause", seconds))?;
        Ok(Some(Paused { folder, texts }))
    }
}

/// Pauses the monitor for as long as `plan` may take: the one that was `found` just now, or else the
/// one there is. `None` where there is none, where the person has closed its camera already, or where
/// it refuses, which is told.
pub(super) fn pause(found: Option<Running>, plan: &[Exercise], texts: Texts) -> Option<Paused> {
    let running = found.map_or_else(Running::find, |running| Ok(Some(running)));
    let paused = running.and_then(|it| it.map_or(Ok(None), |it| it.pause(plan, texts)));
    paused.unwrap_or_else(|error| {
        tracing::warn!("the running backstay may hold the camera: {error}");
        None
    })
}

/// Tells the run that there is, if any, what a break was.
pub(super) fn tell(taken: &TakenBreak) {
    let Some(folder) = folders::runtime().ok().filter(|it| is_taken(it)) else {
        return;
    };
    if let Err(error) = ask(&folder, &Ask::Post("break", taken_break(taken))) {
        tracing::warn!("the running backstay does not know of the break: {error}");
    }
}

fn day(status: &Value) -> Day {
    let span = |value: &Value| {
        let seconds = value.as_f64().unwrap_or_default();
        Duration::try_from_secs_f64(seconds).unwrap_or_default()
    };
    let faults = Fault::ALL.into_iter();
    Day {
        faults: faults
            .map(|fault| (fault, span(&status["today"][fault.name()])))
            .collect(),
        still: span(&status["still_s"]),
        sitting: span(&status["sitting_s"]),
    }
}

/// Whether the person has had the camera closed: that is not ours to end.
fn is_closed(status: &Value) -> bool {
    let own = [PauseReason::User.name(), PauseReason::Snoozed.name()];
    let pauses = status["pauses"].as_array();
    pauses
        .into_iter()
        .flatten()
        .any(|pause| own.iter().any(|reason| pause["reason"] == *reason))
}

impl Drop for Paused {
    fn drop(&mut self) {
        match ask(&self.folder, &Ask::Post("resume", json!({}))) {
            // It has ended meanwhile.
            Ok(_) | Err(ClientError::NotRunning) => {}
            Err(_) => tell_line(self.texts.monitor_stays_paused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_read_from_the_status() {
        let status = json!({
            "today": {"slouch": 600.5, "unheard_of": 3.0}, "still_s": 12.0, "sitting_s": -1.0,
        });
        let day = day(&status);
        let slouch = (Fault::Slouch, Duration::from_millis(600_500));
        assert!(day.faults.contains(&slouch));
        let all: Duration = day.faults.iter().map(|(_, lasted)| *lasted).sum();
        assert_eq!(all, slouch.1);
        assert_eq!((day.still.as_secs(), day.sitting), (12, Duration::ZERO));
    }

    #[test]
    fn what_the_person_has_paused_stays_paused() {
        let with = |reason: &str| json!({"pauses": [{"reason": reason, "left_s": null}]});
        assert!(is_closed(&with("user")));
        assert!(is_closed(&with("snoozed")));
        assert!(!is_closed(&with("camera_lost")));
        assert!(!is_closed(&json!({"pauses": []})));
    }
}
