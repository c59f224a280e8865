//! What a break was, as far as it was seen.

use std::time::Duration;

use super::exercise::Exercise;
use super::exercise::outcome::{ExerciseResult, Outcome};

/// What a break counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BreakKind {
    /// Nobody was at the desk. That is no proof of movement, and is not called more.
    Away,
    /// The person was asked to get up and walk, and was seen to be gone or to stand for that long.
    Walked,
    /// The camera has verified one exercise or more.
    Stretched,
    /// Exercises were done, by time alone.
    Timed,
}

impl BreakKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Away, Self::Walked, Self::Stretched, Self::Timed];

    /// The word used in events, sessions and the history.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Walked => "walked",
            Self::Stretched => "stretched",
            Self::Timed => "timed",
        }
    }
}

/// A break that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBreak {
    /// What it counts as.
    pub kind: BreakKind,
    /// How long it was, from its beginning to its end.
    pub lasted: Duration,
    /// Exercises that were planned; none where the person was just away.
    pub planned: u32,
    /// Those of them that were done with more than half of their repetitions, seen or timed.
    pub done: u32,
    /// Those of them that the camera has verified: the n of "n of m".
    pub verified: u32,
    /// How long the person was seen to be gone or to stand when asked to walk.
    pub walked: Duration,
}

impl TakenBreak {
    /// An absence of this length.
    #[must_use]
    pub fn away(lasted: Duration) -> Self {
        Self {
            kind: BreakKind::Away,
            lasted,
            planned: 0,
            done: 0,
            verified: 0,
            walked: Duration::ZERO,
        }
    }

    /// Whether the person was seen to walk for as long as a break takes, which ends a bout of sitting.
    #[must_use]
    pub fn ends_bout(&self, break_after: Duration) -> bool {
        self.walked >= break_after
    }

    /// What the exercises of `plan` came to in a break of this length; `None` where none of them was
    /// done, which is no break.
    #[must_use]
    pub fn guided(plan: &[Exercise], outcome: &Outcome, lasted: Duration) -> Option<Self> {
        let walks = results_of(plan, outcome, Exercise::is_walk);
        let seen = walks.filter(|result| result.is_verified());
        let walked: Duration = seen.map(|result| result.held).sum();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (done, verified) = (count(outcome.done()), count(outcome.verified()));
        let kind = match () {
            () if done == 0 => return None,
            () if !walked.is_zero() => BreakKind::Walked,
            () if verified > 0 => BreakKind::Stretched,
            () => BreakKind::Timed,
        };
        Some(Self {
            kind,
            lasted,
            planned: count(outcome.planned),
            done,
            verified,
            walked,
        })
    }
}

/// Whether an exercise of strength was done.
#[must_use]
pub fn strengthens(plan: &[Exercise], outcome: &Outcome) -> bool {
    results_of(plan, outcome, |exercise| exercise.strengthens).any(ExerciseResult::is_done)
}

/// The results of those exercises of `plan` that `is_it` is true of.
fn results_of<'a>(
    plan: &[Exercise],
    outcome: &'a Outcome,
    is_it: impl Fn(&Exercise) -> bool,
) -> impl Iterator<Item = &'a ExerciseResult> {
    let is_of = move |id: &str| plan.iter().any(|it| it.id == id && is_it(it));
    let results = outcome.exercises.iter();
    results.filter(move |result| is_of(&result.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exercise::outcome::End;
    use crate::domain::exercise::signal::Signal;
    use crate::domain::exercise::{Bound, Condition, Dose, Hint, Rhythm, Rule, Verifiable};

    fn exercise(id: &str, signal: Signal) -> Exercise {
        let condition = Condition {
            signal,
            bound: Bound::AtLeast,
            enter: 0.5,
            exit: 0.5,
            hint: Hint::GetUp,
        };
        Exercise {
            id: id.to_owned(),
            dose: Dose {
                hold: Duration::from_secs(120),
                repetitions: 1,
                both_sides: false,
                rest: Duration::ZERO,
            },
            rule: Some(Rule {
                goal: vec![condition],
                keep: Vec::new(),
                rhythm: Rhythm::Hold(Duration::from_secs(120)),
                gap: Duration::from_secs(1),
            }),
            verifiable: Verifiable::Good,
            answers: Vec::new(),
            strengthens: false,
        }
    }

    /// What a walk and a stretch come to, with so many repetitions of one seen and timed.
    fn taken(walk: (u32, u32), stretch: (u32, u32)) -> Option<TakenBreak> {
        let plan = [
            exercise("walk", Signal::Gone),
            exercise("reach", Signal::Reach),
        ];
        let result = |id: &str, (verified, timed): (u32, u32)| ExerciseResult {
            id: id.to_owned(),
            wanted: 1,
            verified,
            timed,
            held: Duration::from_secs(125),
            took: Duration::from_secs(130),
            end: End::Done,
        };
        let outcome = Outcome {
            exercises: vec![result("walk", walk), result("reach", stretch)],
            planned: 2,
        };
        TakenBreak::guided(&plan, &outcome, Duration::from_secs(300))
    }

    #[test]
    fn a_break_counts_as_what_was_seen_of_it() {
        let kind = |walk, stretch| taken(walk, stretch).map(|it| (it.kind, it.verified, it.done));
        assert_eq!(kind((1, 0), (1, 0)), Some((BreakKind::Walked, 2, 2)));
        assert_eq!(kind((0, 1), (1, 0)), Some((BreakKind::Stretched, 1, 2)));
        assert_eq!(kind((0, 1), (0, 1)), Some((BreakKind::Timed, 0, 2)));
        assert_eq!(kind((0, 0), (0, 0)), None);
    }

    #[test]
    fn only_a_walk_that_was_seen_is_walking() {
        let walked = |walk| taken(walk, (1, 0)).map(|it| it.walked.as_secs());
        assert_eq!(walked((1, 0)), Some(125));
        assert_eq!(walked((0, 1)), Some(0));
    }
}
