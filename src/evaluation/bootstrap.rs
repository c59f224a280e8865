//! How far the figures could lie from what other people would give.
//!
//! The percentile bootstrap: subjects are drawn with replacement, as many as there are, their
//! counts are added up, and of each figure the middle 95 % of the draws are its interval (Efron
//! and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13). Subjects are drawn, not
//! recordings or seconds: those of one person resemble each other, and intervals over them would
//! be too narrow.

use super::tally::{Tally, percentile};

/// Draws that an interval rests on.
const DRAWS: usize = 1000;

/// Any number will do, as long as it stays: the same recordings give the same intervals.
const SEED: u64 = 1;

/// The middle 95 % of the draws, in per cent.
const MIDDLE: (f64, f64) = (2.5, 97.5);

/// A figure's lower and upper end; `None` where it could not be had.
pub type Interval = Option<(f64, f64)>;

/// Intervals of the figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intervals {
    /// Of [`Tally::alert_precision`].
    pub alert_precision: Interval,
    /// Of [`Tally::bout_recall`].
    pub bout_recall: Interval,
    /// Of [`Tally::false_alerts_per_hour`].
    pub false_alerts_per_hour: Interval,
    /// Of [`Tally::macro_f1`].
    pub macro_f1: Interval,
    /// Of [`Tally::coverage`].
    pub coverage: Interval,
}

/// The intervals from each subject's counts; `None` of fewer than two subjects.
#[must_use]
pub fn intervals(subjects: &[Tally]) -> Option<Intervals> {
    if subjects.len() < 2 {
        return None;
    }
    let mut chance = SplitMix64(SEED);
    let draws: Vec<Tally> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..subjects.len()).map(|_| &subjects[chance.below(subjects.len())]);
            drawn.sum()
        })
        .collect();
    let of = |figure: fn(&Tally) -> Option<f64>| {
        let values: Vec<f64> = draws.iter().filter_map(figure).collect();
        percentile(&values, MIDDLE.0).zip(percentile(&values, MIDDLE.1))
    };
    Some(Intervals {
        alert_precision: of(Tally::alert_precision),
        bout_recall: of(Tally::bout_recall),
        false_alerts_per_hour: of(Tally::false_alerts_per_hour),
        macro_f1: of(Tally::macro_f1),
        coverage: of(Tally::coverage),
    })
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to `end`, which is above 0.
    fn below(&mut self, end: usize) -> usize {
        // The product is below `end` times 2^64, so what is left fits where `end` came from.
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut chance = SplitMix64(1_234_567);
        assert_eq!(chance.next(), 6_457_827_717_110_365_317);
        assert_eq!(chance.next(), 3_203_168_211_198_807_973);
    }

    fn subject(right: u32, false_ones: u32) -> Tally {
        Tally {
            right,
            false_ones,
            calm_s: 3600.0,
            ..Tally::default()
        }
    }

    #[test]
    fn one_subject_has_no_interval() {
        assert_eq!(intervals(&[subject(5, 1)]), None);
    }

    #[test]
    fn intervals_span_the_subjects() {
        let intervals = intervals(&[subject(4, 0), subject(2, 2)]).unwrap();
        assert_eq!(intervals.alert_precision, Some((0.5, 1.0)));
        assert_eq!(intervals.false_alerts_per_hour, Some((0.0, 2.0)));
        assert_eq!(intervals.bout_recall, None);
    }

    #[test]
    fn equal_subjects_leave_no_doubt() {
        let intervals = intervals(&vec![subject(3, 1); 5]).unwrap();
        assert_eq!(intervals.alert_precision, Some((0.75, 0.75)));
    }
}
