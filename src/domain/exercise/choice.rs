//! Which exercises a day asks for, and why.

use std::time::Duration;

use super::super::io::Fault;
use super::rule::Exercise;

/// What an exercise is an answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Head carried forward, sunk or bent down.
    ForwardHead,
    /// Shoulders pulled up.
    RaisedShoulders,
    /// Trunk or head to one side.
    OneSided,
    /// Long in one pose, or long on the chair.
    LongStill,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::ForwardHead,
        Self::RaisedShoulders,
        Self::OneSided,
        Self::LongStill,
    ];

    /// The word used in data and events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ForwardHead => "forward_head",
            Self::RaisedShoulders => "raised_shoulders",
            Self::OneSided => "one_sided",
            Self::LongStill => "long_still",
        }
    }

    /// What a fault asks for.
    #[must_use]
    pub fn of(fault: Fault) -> Self {
        match fault {
            Fault::Slouch
            | Fault::ForwardHead
            | Fault::LeanIn
            | Fault::HeadDown
            | Fault::TooClose => Self::ForwardHead,
            Fault::RaisedShoulders => Self::RaisedShoulders,
            Fault::SideLean | Fault::HeadTilt => Self::OneSided,
        }
    }
}

/// What the day has shown so far.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Day {
    /// How long each fault has held, in all.
    pub faults: Vec<(Fault, Duration)>,
    /// How long the present pose has been held.
    pub still: Duration,
    /// How long the person has sat without a break.
    pub sitting: Duration,
}

/// What the choice came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The day has shown this for so long.
    Shown(Need, Duration),
    /// The day has shown nothing in particular.
    Usual,
}

/// Exercises, and why these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The ids, in the order they are done.
    pub exercises: Vec<String>,
    /// Why.
    pub reason: Reason,
}

/// A fault that held for less in a day says nothing about it.
const WORTH: Duration = Duration::from_secs(180);

/// From here on long sitting outweighs any posture: moving deserves at least the weight of upright.
const LONG_SITTING: Duration = Duration::from_secs(60 * 60);

/// The pose is held for long from here on.
const LONG_STILL: Duration = Duration::from_secs(20 * 60);

/// What is chosen takes about as long as this by its doses: a short break.
const LENGTH: Duration = Duration::from_secs(150);

/// The exercises out of `all`, in their order, that `day` asks for: those that answer what it has
/// shown most, then the next, until about two minutes are full; those of `usual` where it has shown
/// nothing.
#[must_use]
pub fn choose(day: &Day, all: &[Exercise], usual: &[String]) -> Choice {
    let needs = needs(day);
    let mut exercises: Vec<String> = Vec::new();
    let mut length = Duration::ZERO;
    for (need, _) in &needs {
        for exercise in all.iter().filter(|e| e.answers.contains(need)) {
            let longer = length + exercise.dose.length();
            let fits = exercises.is_empty() || longer <= LENGTH;
            if fits && !exercises.contains(&exercise.id) {
                exercises.push(exercise.id.clone());
                length = longer;
            }
        }
    }
    match needs.first() {
        Some((need, shown)) if !exercises.is_empty() => Choice {
            exercises,
            reason: Reason::Shown(*need, *shown),
        },
        _ => Choice {
            exercises: usual.to_vec(),
            reason: Reason::Usual,
        },
    }
}

/// What the day has shown, most first.
fn needs(day: &Day) -> Vec<(Need, Duration)> {
    let shown = |need: Need| {
        let of = day.faults.iter().filter(|(f, _)| Need::of(*f) == need);
        of.map(|(_, lasted)| *lasted).sum::<Duration>()
    };
    let mut needs: Vec<(Need, Duration)> = Need::ALL
        .into_iter()
        .map(|need| (need, shown(need)))
        .filter(|(_, lasted)| *lasted >= WORTH)
        .collect();
    // A stable sort: of two alike the first of `ALL` stays first.
    needs.sort_by_key(|(_, lasted)| std::cmp::Reverse(*lasted));
    if day.sitting >= LONG_SITTING {
        needs.insert(0, (Need::LongStill, day.sitting));
    } else if day.still >= LONG_STILL {
        needs.push((Need::LongStill, day.still));
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::super::rule::{Dose, Verifiable};
    use super::*;

    fn exercise(id: &str, need: Need, seconds: u64) -> Exercise {
        Exercise {
            id: id.to_owned(),
            dose: Dose {
                hold: Duration::from_secs(seconds),
                repetitions: 1,
                both_sides: false,
                rest: Duration::ZERO,
            },
            rule: None,
            verifiable: Verifiable::Timer,
            answers: vec![need],
            strengthens: false,
        }
    }

    fn chosen(day: &Day) -> Choice {
        let all = [
            exercise("tuck", Need::ForwardHead, 60),
            exercise("chest", Need::ForwardHead, 60),
            exercise("shrug", Need::RaisedShoulders, 30),
            exercise("walk", Need::LongStill, 120),
        ];
        choose(day, &all, &["usual".to_owned()])
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_longest_fault_leads_and_the_next_fills_up() {
        let day = Day {
            faults: vec![
                (Fault::RaisedShoulders, MINUTE * 5),
                (Fault::Slouch, MINUTE * 3),
                (Fault::ForwardHead, MINUTE * 4),
            ],
            ..Day::default()
        };
        let choice = chosen(&day);
        assert_eq!(choice.exercises, ["tuck", "chest", "shrug"]);
        let reason = Reason::Shown(Need::ForwardHead, MINUTE * 7);
        assert_eq!(choice.reason, reason);
    }

    #[test]
    fn an_hour_on_the_chair_asks_for_a_walk_first() {
        let day = Day {
            faults: vec![(Fault::RaisedShoulders, MINUTE * 5)],
            sitting: MINUTE * 60,
            ..Day::default()
        };
        let choice = chosen(&day);
        assert_eq!(choice.exercises, ["walk", "shrug"]);
        let reason = Reason::Shown(Need::LongStill, MINUTE * 60);
        assert_eq!(choice.reason, reason);
    }

    #[test]
    fn a_quiet_day_gets_the_usual() {
        let day = Day {
            faults: vec![(Fault::Slouch, MINUTE * 2)],
            ..Day::default()
        };
        let choice = chosen(&day);
        assert_eq!(choice.exercises, ["usual"]);
        assert_eq!(choice.reason, Reason::Usual);
    }
}
