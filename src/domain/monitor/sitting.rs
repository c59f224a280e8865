//! What sitting, standing and being away come to, and when a break is proposed.

use std::time::Duration;

use super::Monitor;
use crate::domain::breaks::TakenBreak;
use crate::domain::intervals::{Interval, IntervalKind};
use crate::domain::io::{Effect, State};
use crate::domain::pauses::PauseReason;
use crate::domain::profile::Stance;
use crate::domain::sitting::{Desk, HANDS_ON, SittingChange};
use crate::domain::time::Moment;

/// Who has just come out of a call or any other pause is not told at once: they note something
/// down, or turn to what they came for.
const HUSH: Duration = Duration::from_secs(60);

/// A prompt waits for a fault to be over, but no longer than this: who slouches on and on has all
/// the more reason to get up.
const POSTPONED_AT_MOST: Duration = Duration::from_secs(5 * 60);

impl Monitor {
    /// The stretches of time at the desk that are not over, as they would be if the run ended with
    /// the last input.
    #[must_use]
    pub fn open_intervals(&self) -> Vec<Interval> {
        self.now.map_or_else(Vec::new, |now| self.sitting.open(now))
    }

    /// Takes whether somebody is there; `None` when it cannot be seen.
    pub(super) fn follow_desk(&mut self, at: Moment, present: Option<bool>) -> Vec<Effect> {
        let desk = match present {
            None => Desk::Unwatched,
            Some(false) => Desk::Empty,
            Some(true) => self.occupied(),
        };
        if let Some(present) = present {
            self.hints.push(at, present, self.settings.longest_step());
        }
        let changes = self.sitting.push(at, desk);
        let mut effects = self.follow_sitting(changes);
        if present == Some(true) {
            effects.extend(self.ladder.stance(desk == Desk::Standing));
        }
        effects
    }

    /// What changes of sitting are worth.
    pub(super) fn follow_sitting(&mut self, changes: Vec<SittingChange>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for change in changes {
            match change {
                SittingChange::Over(interval) => {
                    if interval.kind == IntervalKind::Away {
                        self.hints.begin_anew();
                    }
                    effects.push(Effect::Interval(interval));
                }
                SittingChange::BreakBegan | SittingChange::StoodEnough => {
                    self.postponed_since = None;
                    effects.extend(self.ladder.prompt_is_over());
                }
                SittingChange::BreakEnded(away) => {
                    effects.push(Effect::BreakTaken(TakenBreak::away(away)));
                }
            }
        }
        effects
    }

    /// Takes what a break was that the person was led through: a walk that was long enough ends the
    /// bout, and any other is an answer to what was proposed.
    pub(super) fn take_break(&mut self, at: Moment, taken: TakenBreak) -> Vec<Effect> {
        let mut effects = Vec::new();
        if taken.ends_bout(self.settings.sitting.break_after) {
            let changes = self.sitting.end_bout(at);
            effects = self.follow_sitting(changes);
            self.postponed_since = None;
            effects.extend(self.ladder.prompt_is_over());
        } else {
            effects.extend(self.ladder.hide_prompt());
        }
        effects.push(Effect::BreakTaken(taken));
        effects
    }

    /// Keyboard and mouse tell of somebody whom the camera does not see. Where they are not used
    /// nobody can tell: it may be read, or talked.
    pub(super) fn hands_on(&mut self, at: Moment, idle: Duration) -> Vec<Effect> {
        if idle >= HANDS_ON {
            return Vec::new();
        }
        let desk = self.occupied();
        let changes = self.sitting.hands(at, at.minus(idle), desk);
        self.follow_sitting(changes)
    }

    /// Puts what is due about sitting, and hints, unless the moment is a bad one.
    pub(super) fn propose(&mut self, at: Moment) -> Vec<Effect> {
        let mut effects = self.ladder.expire_hint(at);
        let hushed = self
            .hush_until
            .is_some_and(|until| at.elapsed < until.elapsed);
        let engaged = [PauseReason::Call, PauseReason::ScreenShare];
        if hushed || engaged.iter().any(|it| self.pauses.is_told(*it)) {
            return effects;
        }
        let faulty = matches!(self.verdict.state, State::AtRisk | State::Bad)
            || self.ladder.shown_fault().is_some();
        let prompt = self.sitting.prompt_due();
        if let Some(prompt) = prompt.filter(|prompt| self.ladder.is_news(prompt)) {
            let since = *self.postponed_since.get_or_insert(at);
            if !faulty || at.since(since) >= POSTPONED_AT_MOST {
                self.postponed_since = None;
                effects.extend(self.ladder.prompt(at, prompt));
            }
        }
        if !faulty && let Some((kind, lasted)) = self.hints.due(&self.settings.sitting) {
            let told = self.ladder.hint(at, kind, lasted);
            if !told.is_empty() {
                self.hints.told(kind);
            }
            effects.extend(told);
        }
        effects
    }

    /// Whether the pose has now been held for long enough for a hint.
    pub(super) fn is_still(&mut self, at: Moment) -> bool {
        let hint = self.settings.sitting.still;
        self.stillness.push(at, self.judge.measures(), hint)
    }

    /// Follows calls and shared screens, for those whom they do not pause.
    pub(super) fn note_engagement(&mut self, at: Moment, which: PauseReason, engaged: bool) {
        if self.pauses.is_told(which) && !engaged {
            self.hush(at);
        }
    }

    /// Nothing is proposed for a while.
    pub(super) fn hush(&mut self, at: Moment) {
        self.hush_until = Some(at.plus(HUSH));
    }

    /// How somebody is there, as far as is known.
    fn occupied(&self) -> Desk {
        match self.places.stance() {
            Stance::Sitting => Desk::Seated,
            Stance::Standing => Desk::Standing,
        }
    }
}
