//! Second by second: the state that is held against what is true.

use std::ops::AddAssign;

use super::labels::{Labels, Segment, Verdict};
use super::outcome::Outcome;
use crate::domain::io::State;

/// Seconds nearer than this to where a segment begins or ends are left out: the filter takes its
/// time, and a label is no more exact.
pub const BORDER_S: f64 = 3.0;

/// What is true of a second. The first three are scored, the others only shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Upright.
    Good,
    /// A bad posture that must be told.
    Bad,
    /// Nobody there.
    Away,
    /// A bad posture that need not be told: too slight or too short.
    Slight,
    /// Neither good nor bad.
    Neutral,
    /// A stretch on purpose.
    Exercise,
    /// Not to be seen.
    Unseen,
}

impl Truth {
    /// All truths, in the order of the rows.
    pub const ALL: [Self; 7] = [
        Self::Good,
        Self::Bad,
        Self::Away,
        Self::Slight,
        Self::Neutral,
        Self::Exercise,
        Self::Unseen,
    ];

    /// Those that are scored.
    const SCORED: [Self; 3] = [Self::Good, Self::Bad, Self::Away];

    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Away => "away",
            Self::Slight => "slight",
            Self::Neutral => "neutral",
            Self::Exercise => "exercise",
            Self::Unseen => "unseen",
        }
    }

    fn of(segment: &Segment) -> Self {
        match segment.verdict {
            Verdict::Good => Self::Good,
            Verdict::Bad if segment.must => Self::Bad,
            Verdict::Bad => Self::Slight,
            Verdict::Neutral => Self::Neutral,
            Verdict::Exercise => Self::Exercise,
            Verdict::Absent => Self::Away,
            Verdict::Unseen => Self::Unseen,
        }
    }

    /// Whether `state` says this. A posture at risk is seen to be bad, whether its dwell is over
    /// or not.
    fn is_said_by(self, state: State) -> bool {
        match state {
            State::Good => self == Self::Good,
            State::AtRisk | State::Bad => self == Self::Bad,
            State::Away => self == Self::Away,
            State::Unsure => false,
        }
    }
}

/// How many seconds of each truth (rows, as [`Truth::ALL`]) were held to be in each state (columns,
/// as [`State::ALL`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion(pub [[u32; State::ALL.len()]; Truth::ALL.len()]);

impl Confusion {
    /// Counts the state held at every half second after a whole one, from `start` to the end of
    /// labels and recording, but for those near a segment's borders.
    #[must_use]
    pub fn count(labels: &Labels, outcome: &Outcome, start: f64) -> Self {
        let mut table = Self::default();
        for segment in &labels.segments {
            let (from, to) = (segment.from + BORDER_S, segment.to - BORDER_S);
            let mut t = (from.max(start) - 0.5).ceil() + 0.5;
            while t <= to && t <= outcome.end {
                *table.cell(Truth::of(segment), outcome.state_at(t)) += 1;
                t += 1.0;
            }
        }
        table
    }

    /// Mean over the truths that occur of F1 = 2 hits / (2 hits + misses + false ones), over
    /// scored seconds that are not unsure; `None` where there are none.
    #[must_use]
    pub fn macro_f1(&self) -> Option<f64> {
        let mut scores = Vec::new();
        for truth in Truth::SCORED {
            let (mut hits, mut misses, mut false_ones) = (0, 0, 0);
            for (other, state, seconds) in self.cells() {
                if state == State::Unsure || !Truth::SCORED.contains(&other) {
                    continue;
                }
                match (other == truth, truth.is_said_by(state)) {
                    (true, true) => hits += seconds,
                    (true, false) => misses += seconds,
                    (false, true) => false_ones += seconds,
                    (false, false) => {}
                }
            }
            if hits + misses > 0 {
                scores.push(2.0 * f64::from(hits) / f64::from(2 * hits + misses + false_ones));
            }
        }
        (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// The part of the scored good and bad seconds whose state is not unsure; `None` where there
    /// are none.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        let (mut all, mut sure) = (0, 0);
        for (truth, state, seconds) in self.cells() {
            if matches!(truth, Truth::Good | Truth::Bad) {
                all += seconds;
                sure += if state == State::Unsure { 0 } else { seconds };
            }
        }
        (all > 0).then(|| f64::from(sure) / f64::from(all))
    }

    fn cells(&self) -> impl Iterator<Item = (Truth, State, u32)> {
        let rows = Truth::ALL.into_iter().zip(self.0);
        rows.flat_map(|(truth, row)| {
            let cells = State::ALL.into_iter().zip(row);
            cells.map(move |(state, seconds)| (truth, state, seconds))
        })
    }

    fn cell(&mut self, truth: Truth, state: State) -> &mut u32 {
        // Both enums are numbered in the order of their lists.
        &mut self.0[truth as usize][state as usize]
    }
}

impl AddAssign<&Self> for Confusion {
    fn add_assign(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *sum += more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::Fault;
    use crate::evaluation::testing::{Script, Truth as Labelled};

    fn row(table: &Confusion, truth: Truth) -> [u32; 5] {
        table.0[truth as usize]
    }

    #[test]
    fn the_lists_are_in_the_order_of_the_numbers() {
        assert!(
            Truth::ALL
                .iter()
                .enumerate()
                .all(|(n, truth)| *truth as usize == n)
        );
        assert!(
            State::ALL
                .iter()
                .enumerate()
                .all(|(n, state)| *state as usize == n)
        );
    }

    #[test]
    fn a_perfect_run_scores_one() {
        let labels = Labelled::new()
            .bad(60.0, Fault::Slouch)
            .then(Verdict::Absent, 20.0, "absent")
            .labels();
        let outcome = Script::new()
            .state(10.0, State::Good)
            .state(21.0, State::AtRisk)
            .state(51.0, State::Bad)
            .state(81.5, State::Away)
            .state(100.0, State::Away)
            .outcome();
        let table = Confusion::count(&labels, &outcome, 10.0);
        // From 10.5 to 16.5, from 23.5 to 76.5, and from 83.5 to 96.5.
        assert_eq!(row(&table, Truth::Good), [7, 0, 0, 0, 0]);
        assert_eq!(row(&table, Truth::Bad), [0, 28, 26, 0, 0]);
        assert_eq!(row(&table, Truth::Away), [0, 0, 0, 0, 14]);
        assert_eq!((table.macro_f1(), table.coverage()), (Some(1.0), Some(1.0)));
    }

    #[test]
    fn unsure_seconds_cost_coverage_and_not_f1() {
        let mut table = Confusion::default();
        *table.cell(Truth::Good, State::Good) = 30;
        *table.cell(Truth::Good, State::Unsure) = 10;
        *table.cell(Truth::Bad, State::Bad) = 40;
        *table.cell(Truth::Away, State::Unsure) = 99;
        assert_eq!(
            (table.macro_f1(), table.coverage()),
            (Some(1.0), Some(0.875))
        );
    }

    #[test]
    fn mistakes_cost_f1() {
        let mut table = Confusion::default();
        *table.cell(Truth::Good, State::Good) = 30;
        *table.cell(Truth::Good, State::AtRisk) = 10;
        *table.cell(Truth::Bad, State::Bad) = 10;
        *table.cell(Truth::Bad, State::Away) = 10;
        // Good: 60 / (60 + 10). Bad: 20 / (20 + 10 + 10). Nobody was away.
        let expected = f64::midpoint(60.0 / 70.0, 0.5);
        assert!((table.macro_f1().unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_scored_is_only_shown() {
        let labels = Labelled::new()
            .then(Verdict::Neutral, 20.0, "turned_head")
            .then(Verdict::Unseen, 20.0, "upright")
            .then(Verdict::Exercise, 20.0, "ex_neck")
            .bad(20.0, Fault::Slouch)
            .but(|segment| segment.must = false)
            .labels();
        let outcome = Script::new()
            .state(0.0, State::Bad)
            .state(100.0, State::Bad)
            .outcome();
        let table = Confusion::count(&labels, &outcome, 20.0);
        for truth in [
            Truth::Neutral,
            Truth::Unseen,
            Truth::Exercise,
            Truth::Slight,
        ] {
            assert_eq!(row(&table, truth), [0, 0, 14, 0, 0]);
        }
        assert_eq!((table.macro_f1(), table.coverage()), (None, None));
    }

    #[test]
    fn seconds_after_the_recording_are_not_counted() {
        let outcome = Script::new().state(15.0, State::Good).outcome();
        let table = Confusion::count(&Labelled::new().labels(), &outcome, 10.0);
        assert_eq!(row(&table, Truth::Good), [0, 0, 0, 5, 0]);
    }
}
