//! What the icon shows: plain data, made from the domain's status.

use std::time::Duration;

use crate::domain::io::{State, Status};
use crate::domain::pauses::PauseReason;
use crate::domain::time::WallTime;
use crate::wording::{Texts, capital, duration, standing};

/// Which of the icons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The posture is good.
    Good,
    /// It is at risk.
    AtRisk,
    /// It is bad.
    Bad,
    /// Nothing is judged: unsure, away, paused or calibrating.
    #[default]
    Unsure,
}

/// All that is shown. Two that are equal look the same, so it holds nothing finer than minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The icon.
    pub look: Look,
    /// State and reason, in a few words.
    pub headline: String,
    /// How long the person has been sitting, in words.
    pub sitting: String,
    /// Whether the person has asked for a pause or a snooze that can be ended.
    pub can_resume: bool,
    /// Whether an upright can be learnt now.
    pub can_learn: bool,
}

impl View {
    /// The view of a run that has seen nothing yet.
    #[must_use]
    pub fn starting(texts: Texts) -> Self {
        Self {
            look: Look::Unsure,
            headline: capital(texts.starting()),
            sitting: sitting(texts, Duration::ZERO),
            can_resume: false,
            can_learn: false,
        }
    }

    /// The view of `status` as it is at `now`.
    #[must_use]
    pub fn of(texts: Texts, status: &Status, now: WallTime) -> Self {
        let holds = |wanted| status.pauses.iter().any(|(reason, _)| *reason == wanted);
        let is_idle = status.pauses.is_empty() && status.calibrating.is_none();
        let look = match status.state {
            State::Good if is_idle => Look::Good,
            State::AtRisk if is_idle => Look::AtRisk,
            State::Bad if is_idle => Look::Bad,
            _ => Look::Unsure,
        };
        Self {
            look,
            headline: capital(&headline(texts, status, now)),
            sitting: sitting(texts, status.sitting),
            can_resume: holds(PauseReason::User) || holds(PauseReason::Snoozed),
            can_learn: is_idle,
        }
    }
}

fn headline(texts: Texts, status: &Status, now: WallTime) -> String {
    if !status.pauses.is_empty() {
        let reasons = status.pauses.iter();
        let reasons = reasons.map(|(reason, left)| pause(texts, *reason, *left, now));
        return texts.paused(&reasons.collect::<Vec<_>>().join(", "));
    }
    match status.calibrating {
        Some(progress) => texts.calibrating(match progress.hindrance {
            Some(hindrance) => texts.hindrance(hindrance),
            None => texts.phase(progress.phase),
        }),
        None => standing(texts, status.state, &status.faults, status.doubt),
    }
}

/// A reason for a pause with when it ends by itself, if that is known.
fn pause(texts: Texts, reason: PauseReason, left: Option<Duration>, now: WallTime) -> String {
    let words = texts.pause(reason);
    match left {
        // The time of its end, and not what is left: nothing wakes a paused run to count down.
        Some(left) => texts.until(words, &time_of_day(now, left)),
        None => words.to_owned(),
    }
}

/// The time of day `left` after `now`, rounded to the minute.
fn time_of_day(now: WallTime, left: Duration) -> String {
    let left = i64::try_from(left.as_secs()).unwrap_or(i64::MAX);
    let seconds = (now.unix_ms / 1000)
        .saturating_add(i64::from(now.utc_offset_s) + 30)
        .saturating_add(left);
    let minutes = seconds.div_euclid(60).rem_euclid(24 * 60);
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn sitting(texts: Texts, span: Duration) -> String {
    match span.as_secs() {
        0 => capital(texts.not_sitting()),
        // Seconds would change every second.
        1..60 => capital(texts.just_sat_down()),
        _ => texts.sat_for(&duration(span)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calibration::{Phase, Progress};
    use crate::domain::io::{Doubt, Fault};
    use crate::domain::measures::Measures;
    use crate::wording::{ENGLISH, Language};

    /// 2026-01-05 at 14:20 in a place an hour east.
    const NOW: WallTime = WallTime {
        unix_ms: 1_767_619_200_000,
        utc_offset_s: 3600,
    };

    fn status(state: State) -> Status {
        Status {
            state,
            faults: Vec::new(),
            doubt: None,
            measures: Measures::default(),
            sitting: Duration::from_secs(3900),
            still: Duration::ZERO,
            shifts_per_hour: None,
            calibrating: None,
            pauses: Vec::new(),
        }
    }

    fn shown(status: &Status) -> (Look, String) {
        let view = View::of(ENGLISH, status, NOW);
        (view.look, view.headline)
    }

    #[test]
    fn each_state_has_its_look_and_words() {
        let mut bad = status(State::Bad);
        bad.faults = vec![Fault::Slouch, Fault::HeadTilt];
        let mut unsure = status(State::Unsure);
        unsure.doubt = Some(Doubt::TooDark);
        for (status, look, words) in [
            (status(State::Good), Look::Good, "Good"),
            (status(State::AtRisk), Look::AtRisk, "At risk"),
            (bad, Look::Bad, "Bad: slouching, head tilted"),
            (unsure, Look::Unsure, "Unsure: too dark"),
            (status(State::Away), Look::Unsure, "Away"),
        ] {
            assert_eq!(shown(&status), (look, words.to_owned()));
            let view = View::of(ENGLISH, &status, NOW);
            assert!(view.can_learn && !view.can_resume);
        }
    }

    #[test]
    fn a_pause_tells_why_and_until_when() {
        let mut paused = status(State::Unsure);
        paused.doubt = Some(Doubt::Paused);
        paused.pauses = vec![
            (PauseReason::Snoozed, Some(Duration::from_secs(899))),
            (PauseReason::Locked, None),
        ];
        let words = "Paused: snoozed until 14:35, screen locked".to_owned();
        assert_eq!(shown(&paused), (Look::Unsure, words));
        let view = View::of(ENGLISH, &paused, NOW);
        assert!(view.can_resume && !view.can_learn);
        paused.pauses.remove(0);
        assert!(
            !View::of(ENGLISH, &paused, NOW).can_resume,
            "nobody can unlock here"
        );
        paused.pauses = vec![(PauseReason::User, None)];
        assert_eq!(shown(&paused).1, "Paused: you asked for it");
        assert!(View::of(ENGLISH, &paused, NOW).can_resume);
    }

    #[test]
    fn a_calibration_says_what_to_do() {
        let mut calibrating = status(State::Good);
        calibrating.calibrating = Some(Progress {
            phase: Phase::Upright,
            part: 0.4,
            hindrance: None,
        });
        let words = "Calibrating: sit upright and still".to_owned();
        assert_eq!(shown(&calibrating), (Look::Unsure, words));
        assert!(!View::of(ENGLISH, &calibrating, NOW).can_learn);
    }

    #[test]
    fn german_has_its_capitals_where_they_belong() {
        let texts = Language::German.texts();
        let mut bad = status(State::Bad);
        bad.faults = vec![Fault::Slouch, Fault::ForwardHead];
        let view = View::of(texts, &bad, NOW);
        assert_eq!(
            (view.headline.as_str(), view.sitting.as_str()),
            (
                "Schlecht: zusammengesunken, Kopf vorgeschoben",
                "Seit 1 h 5 min im Sitzen"
            )
        );
        bad.pauses = vec![(PauseReason::Snoozed, Some(Duration::from_secs(899)))];
        assert_eq!(
            View::of(texts, &bad, NOW).headline,
            "Angehalten: Ruhe bis 14:35"
        );
    }

    #[test]
    fn sitting_is_told_in_minutes() {
        for (seconds, words) in [
            (0, "Not sitting"),
            (59, "Sitting for less than a minute"),
            (60, "Sitting for 1 min"),
            (119, "Sitting for 1 min"),
            (3900, "Sitting for 1 h 5 min"),
        ] {
            assert_eq!(sitting(ENGLISH, Duration::from_secs(seconds)), words);
        }
    }
}
