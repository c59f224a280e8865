//! Settings chosen on some subjects and judged on another: what a choice is worth for people it was
//! not made on.
//!
//! Leave-one-subject-out: for each subject the settings are taken that do best on all others, and
//! only the left-out subject is judged with them. Figures of settings judged on the subjects they
//! were chosen on would flatter.

use super::report::Report;
use super::tally::Tally;
use super::what_if::{Axis, Change};

/// More combinations than these are a slip of the finger.
const MOST: usize = 10_000;

/// The settings that were chosen without a subject, and what they did for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Who was left out.
    pub subject: String,
    /// What was chosen, one value of each setting that was tried.
    pub changes: Vec<Change>,
    /// Who was left out, judged with it.
    pub tally: Tally,
}

/// All combinations of the axes' values; the values of the last axis change fastest.
///
/// # Errors
/// When there are too many.
pub fn combinations(axes: &[Axis]) -> Result<Vec<Vec<Change>>, String> {
    let count = axes
        .iter()
        .try_fold(1_usize, |count, axis| count.checked_mul(axis.0.len()));
    if count.is_none_or(|count| count > MOST) {
        return Err(format!(
            "--fit asks for more than {MOST} combinations; give fewer values"
        ));
    }
    let mut all: Vec<Vec<Change>> = vec![Vec::new()];
    for axis in axes {
        let longer = |one: &Vec<Change>| {
            let with = |change: &Change| one.iter().chain([change]).cloned().collect();
            axis.0.iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    Ok(all)
}

/// The choices from `trials`: for each combination, the report on all recordings judged with it.
/// All reports are of the same recordings, of at least two subjects.
#[must_use]
pub fn choose(trials: &[(Vec<Change>, Report)]) -> Vec<Choice> {
    let tallies: Vec<Vec<(String, Tally)>> = trials
        .iter()
        .map(|(_, report)| report.by_subject())
        .collect();
    let Some(first) = tallies.first() else {
        return Vec::new();
    };
    let choice = |left_out: usize| {
        let best = best(&tallies, left_out);
        let (subject, tally) = tallies[best][left_out].clone();
        Choice {
            subject,
            changes: trials[best].0.clone(),
            tally,
        }
    };
    (0..first.len()).map(choice).collect()
}

/// The trial that does best on all subjects but one; among equals the earliest.
fn best(tallies: &[Vec<(String, Tally)>], left_out: usize) -> usize {
    let mut best = (0, i64::MIN, f64::NEG_INFINITY);
    for (trial, subjects) in tallies.iter().enumerate() {
        let others = subjects.iter().enumerate();
        let others: Tally = others
            .filter(|(index, _)| *index != left_out)
            .map(|(_, (_, tally))| tally)
            .sum();
        let (worth, f1) = (others.worth(), others.macro_f1().unwrap_or(0.0));
        if worth > best.1 || (worth == best.1 && f1 > best.2) {
            best = (trial, worth, f1);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_is_tried() {
        let axes = ["sensitivity=normal,strict", "dwell_seconds=20,30,40"];
        let axes = axes.map(|text| Axis::parse(text).unwrap());
        let all = combinations(&axes).unwrap();
        assert_eq!(all.len(), 6);
        let texts: Vec<String> = all[1].iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["sensitivity=normal", "dwell_seconds=30"]);
        let many = vec![axes[1].clone(); 9];
        assert!(combinations(&many).is_err());
    }

    /// Told and false alerts of each subject.
    fn trial(subjects: &[(u32, u32)]) -> Vec<(String, Tally)> {
        let tally = |(told, false_ones): &(u32, u32)| Tally {
            told: *told,
            false_ones: *false_ones,
            ..Tally::default()
        };
        let name = |index: usize| format!("subject {index}");
        let subjects = subjects.iter().enumerate();
        subjects
            .map(|(n, counts)| (name(n), tally(counts)))
            .collect()
    }

    #[test]
    fn the_left_out_subject_has_no_say() {
        let trials = [
            trial(&[(9, 0), (1, 0), (1, 0)]),
            trial(&[(0, 0), (3, 1), (2, 0)]),
        ];
        assert_eq!(best(&trials, 0), 1);
        assert_eq!(best(&trials, 1), 0);
    }

    #[test]
    fn equals_are_settled_by_f1_and_then_by_order() {
        let mut trials = [trial(&[(1, 0), (1, 0)]), trial(&[(1, 0), (2, 1)])];
        assert_eq!(best(&trials, 0), 0);
        trials[1][1].1.seconds.0[0][0] = 5;
        assert_eq!(best(&trials, 0), 1);
    }
}
