//! What is counted, so that recordings can be added up, and the figures that come of it.

use std::ops::AddAssign;

use super::moves::Moves;
use super::seconds::Confusion;

/// Counts of one recording or of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Bad postures that must be told and last long enough.
    pub must: u32,
    /// Those of them that were told.
    pub told: u32,
    /// Alerts in a bad posture or right after it.
    pub right: u32,
    /// Right alerts that name it as the labels do.
    pub named_right: u32,
    /// All other alerts.
    pub false_ones: u32,
    /// False alerts in postures that are neither good nor bad, changes of posture left out.
    pub confounders: u32,
    /// Seconds that somebody is there and not in a bad posture.
    pub calm_s: f64,
    /// Of the right alerts in the bad posture they began in: seconds from its beginning to the
    /// alert, less the dwell of the fault that is named first.
    pub delays_s: Vec<f64>,
    /// Second by second.
    pub seconds: Confusion,
    /// Camera moves.
    pub moves: Moves,
}

impl AddAssign<&Self> for Tally {
    fn add_assign(&mut self, other: &Self) {
        self.must += other.must;
        self.told += other.told;
        self.right += other.right;
        self.named_right += other.named_right;
        self.false_ones += other.false_ones;
        self.confounders += other.confounders;
        self.calm_s += other.calm_s;
        self.delays_s.extend(&other.delays_s);
        self.seconds += &other.seconds;
        self.moves += &other.moves;
    }
}

impl<'a> std::iter::Sum<&'a Self> for Tally {
    fn sum<I: Iterator<Item = &'a Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}

impl Tally {
    /// Right alerts, as a part of all; `None` where there are none.
    #[must_use]
    pub fn alert_precision(&self) -> Option<f64> {
        part(self.right, self.right + self.false_ones)
    }

    /// Bad postures told, as a part of those that must be; `None` where there are none.
    #[must_use]
    pub fn bout_recall(&self) -> Option<f64> {
        part(self.told, self.must)
    }

    /// False alerts for every hour that somebody is there and not in a bad posture; `None` where
    /// nobody is.
    #[must_use]
    pub fn false_alerts_per_hour(&self) -> Option<f64> {
        (self.calm_s > 0.0).then(|| f64::from(self.false_ones) * 3600.0 / self.calm_s)
    }

    /// Mean F1 of the second-by-second states; see [`Confusion::macro_f1`].
    #[must_use]
    pub fn macro_f1(&self) -> Option<f64> {
        self.seconds.macro_f1()
    }

    /// The part of the time that is judged; see [`Confusion::coverage`].
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        self.seconds.coverage()
    }

    /// Median of the delays beyond the dwell, in seconds.
    #[must_use]
    pub fn delay_median_s(&self) -> Option<f64> {
        percentile(&self.delays_s, 50.0)
    }

    /// The delay beyond the dwell that nine of ten alerts keep within, in seconds.
    #[must_use]
    pub fn delay_p90_s(&self) -> Option<f64> {
        percentile(&self.delays_s, 90.0)
    }

    /// What a choice between settings goes by: bad postures told, less false alerts.
    #[must_use]
    pub fn worth(&self) -> i64 {
        i64::from(self.told) - i64::from(self.false_ones)
    }
}

/// The percentile `p` of `values`, 0 to 100, with straight lines between neighbours; `None` of
/// nothing.
#[must_use]
pub fn percentile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = p / 100.0 * sorted.len().checked_sub(1)? as f64;
    let below = *sorted.get(place.floor() as usize)?;
    let above = *sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * place.fract())
}

fn part(some: u32, all: u32) -> Option<f64> {
    (all > 0).then(|| f64::from(some) / f64::from(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_nothing_are_none() {
        let none = Tally::default();
        let figures = [
            none.alert_precision(),
            none.bout_recall(),
            none.false_alerts_per_hour(),
            none.delay_median_s(),
            none.delay_p90_s(),
            none.macro_f1(),
            none.coverage(),
        ];
        assert_eq!(figures, [None; 7]);
    }

    #[test]
    fn tallies_add_up() {
        let one = Tally {
            must: 2,
            told: 1,
            right: 3,
            false_ones: 1,
            calm_s: 900.0,
            delays_s: vec![1.0, 4.0],
            ..Tally::default()
        };
        let sum: Tally = [one.clone(), one].iter().sum();
        assert_eq!((sum.must, sum.told, sum.worth()), (4, 2, 0));
        assert_eq!(sum.alert_precision(), Some(0.75));
        assert_eq!(sum.bout_recall(), Some(0.5));
        assert_eq!(sum.false_alerts_per_hour(), Some(4.0));
        assert_eq!(sum.delay_median_s(), Some(2.5));
    }

    #[test]
    fn percentiles_lie_between_neighbours() {
        let values = [5.0, 1.0, 3.0, 2.0, 4.0];
        assert_eq!(percentile(&values, 50.0), Some(3.0));
        assert_eq!(percentile(&values, 90.0), Some(4.6));
        assert_eq!(percentile(&values, 100.0), Some(5.0));
        assert_eq!(percentile(&[7.0], 2.5), Some(7.0));
    }
}
