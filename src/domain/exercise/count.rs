//! Repetitions of one exercise: what was held, what counts, what does not.

use std::time::Duration;

use super::rule::{Dose, Hint, Rhythm};

/// What one look says of the movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// All of the goal and the rest is met.
    Right,
    /// The goal is met but something that must stay is not.
    Wrong,
    /// The goal is not met.
    Off,
}

/// What became of a repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// It counts.
    One,
    /// It does not, and why.
    Not(Hint),
}

/// Smoothing follows a movement's end later than its beginning: one that looks by this much longer
/// than the fastest is not too fast, whatever single pictures show (a made-up jerk of 0.4 s looks
/// 1.0 s long at most).
const TAIL: Duration = Duration::from_millis(700);

/// A released hold shorter than this was no try, and is not worth a word.
const NO_TRY: Duration = Duration::from_millis(500);

/// Counts.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    dose: Dose,
    rhythm: Rhythm,
    gap: Duration,
    /// Since when the movement has gone on; `None` between two.
    since: Option<Duration>,
    /// How long it was right.
    pub(super) held: Duration,
    /// When it was right last.
    right_at: Duration,
    /// This one was wrong for longer than a gap.
    spoiled: bool,
    /// It was counted, and waits to be let go.
    pub(super) done: bool,
}

impl Counter {
    pub(super) fn new(dose: Dose, rhythm: Rhythm, gap: Duration) -> Self {
        Self {
            dose,
            rhythm,
            gap,
            since: None,
            held: Duration::ZERO,
            right_at: Duration::ZERO,
            spoiled: false,
            done: false,
        }
    }

    /// Whether a repetition is going on that has not counted yet.
    pub(super) fn is_on(&self) -> bool {
        self.since.is_some() && !self.done
    }

    /// Since when the movement has gone on; `None` between two.
    pub(super) fn since(&self) -> Option<Duration> {
        self.since
    }

    /// Takes the look at `now`, `dt` after the one before. A movement that ends with it lasted
    /// `lasted`, as far as the unsmoothed signal tells.
    pub(super) fn push(
        &mut self,
        now: Duration,
        dt: Duration,
        look: Look,
        lasted: Duration,
    ) -> Option<Counted> {
        match self.rhythm {
            Rhythm::Hold(least) => self.hold(now, dt, look, least),
            Rhythm::Move(fastest, slowest) => self.movement(now, look, lasted, (fastest, slowest)),
        }
    }

    /// Begins between two repetitions.
    pub(super) fn reset(&mut self) {
        *self = Self::new(self.dose, self.rhythm, self.gap);
    }

    fn hold(
        &mut self,
        now: Duration,
        dt: Duration,
        look: Look,
        least: Duration,
    ) -> Option<Counted> {
        if look == Look::Right {
            if self.since.is_none() {
                self.since = Some(now);
            } else if now.saturating_sub(self.right_at) <= dt + self.gap {
                // A tolerated gap is not held, but does not end the hold either.
                self.held += dt;
            }
            self.right_at = now;
            if !self.done && self.held >= self.dose.hold {
                self.done = true;
                return Some(Counted::One);
            }
            return None;
        }
        self.since?;
        if now.saturating_sub(self.right_at) <= self.gap {
            return None;
        }
        let (held, done) = (self.held, self.done);
        self.reset();
        if done || held < NO_TRY {
            return None;
        }
        Some(if held >= least {
            Counted::One
        } else {
            Counted::Not(Hint::HoldLonger)
        })
    }

    fn movement(
        &mut self,
        now: Duration,
        look: Look,
        truly: Duration,
        (fastest, slowest): (Duration, Duration),
    ) -> Option<Counted> {
        let Some(since) = self.since else {
            if look == Look::Right {
                self.since = Some(now);
            }
            return None;
        };
        let lasted = now.saturating_sub(since);
        self.held = lasted;
        self.spoiled |= look == Look::Wrong;
        if look != Look::Off {
            if lasted > slowest && !self.done {
                self.done = true;
                return Some(Counted::Not(Hint::LetGo));
            }
            return None;
        }
        let (done, spoiled) = (self.done, self.spoiled);
        self.reset();
        if done || spoiled {
            return None;
        }
        Some(if truly < fastest && lasted < fastest + TAIL {
            Counted::Not(Hint::Slower)
        } else {
            Counted::One
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: Duration = Duration::from_millis(200);

    fn counted(counter: &mut Counter, looks: &[(Look, u32)]) -> Vec<Counted> {
        counted_of(counter, looks, Duration::from_millis(600))
    }

    fn counted_of(counter: &mut Counter, looks: &[(Look, u32)], lasted: Duration) -> Vec<Counted> {
        let mut found = Vec::new();
        let mut n = 0;
        for (look, times) in looks {
            for _ in 0..*times {
                n += 1;
                found.extend(counter.push(DT * n, DT, *look, lasted));
            }
        }
        found
    }

    fn held_for_five_seconds() -> Counter {
        let dose = Dose {
            hold: Duration::from_secs(5),
            repetitions: 3,
            both_sides: false,
            rest: Duration::from_secs(2),
        };
        let least = Rhythm::Hold(Duration::from_secs(3));
        Counter::new(dose, least, Duration::from_secs(1))
    }

    fn shrug() -> Counter {
        let rhythm = Rhythm::Move(Duration::from_millis(500), Duration::from_secs(5));
        Counter {
            rhythm,
            ..held_for_five_seconds()
        }
    }

    #[test]
    fn a_hold_counts_once_and_again_after_it_was_let_go() {
        let mut counter = held_for_five_seconds();
        let looks = [
            (Look::Right, 60),
            (Look::Off, 10),
            (Look::Right, 30),
            (Look::Off, 10),
        ];
        assert_eq!(counted(&mut counter, &looks), [Counted::One; 2]);
    }

    #[test]
    fn a_gap_of_a_second_does_not_end_a_hold_and_a_longer_one_does() {
        let mut counter = held_for_five_seconds();
        let looks = [(Look::Right, 12), (Look::Off, 4), (Look::Right, 20)];
        assert_eq!(counted(&mut counter, &looks), [Counted::One]);
        let mut counter = held_for_five_seconds();
        let looks = [(Look::Right, 12), (Look::Off, 7), (Look::Right, 12)];
        let short = [Counted::Not(Hint::HoldLonger)];
        assert_eq!(counted(&mut counter, &looks), short);
    }

    #[test]
    fn one_let_go_early_counts_from_the_least_on() {
        let mut counter = held_for_five_seconds();
        let looks = [(Look::Right, 18), (Look::Off, 7)];
        assert_eq!(counted(&mut counter, &looks), [Counted::One]);
    }

    #[test]
    fn a_jerk_and_a_wrong_movement_do_not_count() {
        let looks = [(Look::Right, 2), (Look::Off, 3)];
        let jerk = [Counted::Not(Hint::Slower)];
        let short = Duration::from_millis(400);
        assert_eq!(counted_of(&mut shrug(), &looks, short), jerk);
        let looks = [(Look::Right, 4), (Look::Wrong, 2), (Look::Off, 3)];
        assert_eq!(counted(&mut shrug(), &looks), []);
        let looks = [(Look::Right, 5), (Look::Off, 3)];
        assert_eq!(counted(&mut shrug(), &looks), [Counted::One]);
        let looks = [(Look::Right, 30), (Look::Off, 3)];
        let slow = [Counted::Not(Hint::LetGo)];
        assert_eq!(counted(&mut shrug(), &looks), slow);
    }
}
