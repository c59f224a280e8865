//! How long each fault has held today.

use std::time::Duration;

use super::io::Fault;
use super::settings::PerFault;
use super::time::Moment;

/// Between two looks no more than this is counted: a longer gap is sleep or a closed camera.
const LONGEST_STEP: Duration = Duration::from_secs(5);

/// Counts since the last midnight by the wall clock, or since the run began.
#[derive(Clone, Debug)]
pub struct Today {
    /// Days since 1970 where the person is.
    day: Option<i64>,
    last: Option<Moment>,
    held: PerFault<bool>,
    faults: PerFault<Duration>,
}

impl Default for Today {
    fn default() -> Self {
        Self {
            day: None,
            last: None,
            held: PerFault::new(|_| false),
            faults: PerFault::new(|_| Duration::ZERO),
        }
    }
}

impl Today {
    /// Takes the faults past their limit from `at` on.
    pub fn push(&mut self, at: Moment, faults: &[Fault]) {
        let day = at.wall.day();
        if self.day != Some(day) {
            self.day = Some(day);
            self.faults = PerFault::new(|_| Duration::ZERO);
        }
        let step = self.last.map_or(Duration::ZERO, |last| at.since(last));
        let step = step.min(LONGEST_STEP);
        for fault in Fault::ALL {
            if self.held.get(fault) {
                self.faults.set(fault, self.faults.get(fault) + step);
            }
            self.held.set(fault, faults.contains(&fault));
        }
        self.last = Some(at);
    }

    /// The faults that have held today, each with how long in all.
    pub fn faults(&self) -> impl Iterator<Item = (Fault, Duration)> {
        let all = Fault::ALL.into_iter();
        all.map(|fault| (fault, self.faults.get(fault)))
            .filter(|(_, lasted)| !lasted.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::WallTime;

    /// So many seconds after 2026-11-26 at 23:59:00 in a zone an hour east.
    fn at(seconds: u64) -> Moment {
        let start = WallTime {
            unix_ms: 1_795_733_940_000,
            utc_offset_s: 3600,
        };
        Moment::after(start, Duration::from_secs(seconds))
    }

    fn told(today: &Today) -> Vec<(Fault, u64)> {
        let faults = today.faults();
        faults.map(|(fault, it)| (fault, it.as_secs())).collect()
    }

    #[test]
    fn each_fault_counts_from_look_to_look_and_a_gap_does_not() {
        let mut today = Today::default();
        today.push(at(0), &[Fault::Slouch]);
        today.push(at(3), &[Fault::Slouch, Fault::HeadTilt]);
        today.push(at(5), &[]);
        today.push(at(9), &[Fault::HeadTilt]);
        today.push(at(49), &[]);
        assert_eq!(told(&today), [(Fault::Slouch, 5), (Fault::HeadTilt, 7)]);
    }

    #[test]
    fn at_midnight_it_begins_anew() {
        let mut today = Today::default();
        today.push(at(56), &[Fault::Slouch]);
        today.push(at(59), &[Fault::Slouch]);
        assert_eq!(told(&today), [(Fault::Slouch, 3)]);
        today.push(at(60), &[Fault::Slouch]);
        today.push(at(62), &[]);
        assert_eq!(
            told(&today),
            [(Fault::Slouch, 3)],
            "a second before, two after"
        );
    }
}
