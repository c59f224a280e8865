//! Camera moves: those that were made against those that were noticed.

use std::ops::AddAssign;

/// A camera move noticed so many seconds after it was made is noticed.
const WITHIN_S: f64 = 10.0;

/// How camera moves were noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Times that the camera was moved.
    pub made: u32,
    /// Those of them that were noticed within ten seconds.
    pub noticed: u32,
    /// Times that a move was told and none had been made in the ten seconds before.
    pub false_ones: u32,
}

impl Moves {
    /// Compares the times of moves `made` and `told`, in seconds.
    #[must_use]
    pub fn count(made: &[f64], told: &[f64]) -> Self {
        let follows = |made: &f64, told: &f64| (*made..=made + WITHIN_S).contains(told);
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let noticed = made.iter().filter(|m| told.iter().any(|t| follows(m, t)));
        let false_ones = told.iter().filter(|t| !made.iter().any(|m| follows(m, t)));
        Self {
            made: count(made.len()),
            noticed: count(noticed.count()),
            false_ones: count(false_ones.count()),
        }
    }
}

impl AddAssign<&Self> for Moves {
    fn add_assign(&mut self, other: &Self) {
        self.made += other.made;
        self.noticed += other.noticed;
        self.false_ones += other.false_ones;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_noticed_within_ten_seconds() {
        let moves = Moves::count(&[60.0, 200.0, 300.0], &[59.0, 65.0, 66.0, 210.0, 310.1]);
        let expected = Moves {
            made: 3,
            noticed: 2,
            false_ones: 2,
        };
        assert_eq!(moves, expected);
        assert_eq!(Moves::count(&[], &[]), Moves::default());
    }
}
