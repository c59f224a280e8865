//! How long the person has been sitting, which absences are breaks, and what each stretch was.

mod stretches;

use std::time::Duration;

use stretches::{LAST_TOUCH, Run};

use super::intervals::Interval;
use super::pattern::Pattern;
use super::settings::SittingPolicy;
use super::time::Moment;

/// Keyboard or mouse used this lately, and somebody is there, whom the camera does not see.
pub const HANDS_ON: Duration = Duration::from_secs(60);

/// What is known of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// Somebody sits there.
    Seated,
    /// Somebody stands there.
    Standing,
    /// Nobody is there.
    Empty,
    /// Nobody is there, and the screen is locked or the machine asleep.
    Left,
    /// Nobody can tell.
    Unwatched,
}

impl Desk {
    fn is_occupied(self) -> bool {
        matches!(self, Self::Seated | Self::Standing)
    }

    fn is_empty(self) -> bool {
        matches!(self, Self::Empty | Self::Left)
    }
}

/// A change that matters to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SittingChange {
    /// A stretch is over.
    Over(Interval),
    /// An absence has become long enough to end the bout.
    BreakBegan,
    /// The person is back from a break of this length.
    BreakEnded(Duration),
    /// The person has stood for long enough to end the bout.
    StoodEnough,
}

/// Divides time into stretches, and counts the minutes of a bout of sitting.
#[derive(Clone, Debug)]
pub struct Sitting {
    policy: SittingPolicy,
    /// Time between two looks that is counted at most.
    longest_step: Duration,
    /// Up to when time is accounted for.
    last: Option<Moment>,
    /// What is known since then.
    look: Desk,
    /// Up to when something was known.
    known: Option<Moment>,
    /// The stretch before the present absence, while that is too short to count.
    held: Option<Run>,
    current: Option<Run>,
    /// What may follow, and does not count yet.
    next: Option<Run>,
    /// When keyboard or mouse were used last.
    hands: Option<Moment>,
    /// Time of the bout in the stretches that are over.
    bout: Duration,
    /// Somebody has been there since the last session at the desk ended.
    in_session: bool,
}

impl Sitting {
    /// Nobody has sat yet. Between two looks at most `longest_step` is counted.
    #[must_use]
    pub fn new(policy: SittingPolicy, longest_step: Duration) -> Self {
        Self {
            policy,
            longest_step,
            last: None,
            look: Desk::Unwatched,
            known: None,
            held: None,
            current: None,
            next: None,
            hands: None,
            bout: Duration::ZERO,
            in_session: false,
        }
    }

    /// Goes by `policy` from now on, and counts at most `longest_step` between two looks.
    pub fn set_policy(&mut self, policy: SittingPolicy, longest_step: Duration) {
        (self.policy, self.longest_step) = (policy, longest_step);
    }

    /// Takes what is known of the desk at `at`. It holds until the next time, but for no longer
    /// than two looks may be apart; what two such looks agree on is taken for true of the time
    /// between.
    pub fn push(&mut self, at: Moment, desk: Desk) -> Vec<SittingChange> {
        let mut changes = Vec::new();
        if let Some(last) = self.last {
            let limit = last.plus(self.longest_step);
            let stays_empty = self.look.is_empty() && desk.is_empty();
            if self.look != Desk::Unwatched && !stays_empty && limit.elapsed < at.elapsed {
                self.settle(limit, &mut changes);
                self.known = Some(limit);
                self.turn(limit, Desk::Unwatched, &mut changes);
                self.look = Desk::Unwatched;
            }
        }
        if self.look != Desk::Unwatched {
            self.known = Some(at);
        }
        self.settle(at, &mut changes);
        self.turn(at, desk, &mut changes);
        if desk != Desk::Unwatched {
            self.known = Some(at);
        }
        (self.last, self.look) = (Some(at), desk);
        self.settle(at, &mut changes);
        changes
    }

    /// Takes that keyboard and mouse were used last at `used`, by somebody who would be as `desk`
    /// says. Where the camera sees nobody it has missed them; where it does not see at all they are
    /// there until `at`.
    pub fn hands(&mut self, at: Moment, used: Moment, desk: Desk) -> Vec<SittingChange> {
        let mut changes = Vec::new();
        if self.look == Desk::Left {
            return changes;
        }
        self.hands = Some(used);
        match self.look {
            Desk::Unwatched => self.watched_by_hands(at, desk, &mut changes),
            Desk::Empty => self.missed(used, desk),
            Desk::Seated | Desk::Standing | Desk::Left => {}
        }
        if let Some(last) = self.last {
            self.settle(last, &mut changes);
        }
        changes
    }

    /// Whether keyboard or mouse have been used since nobody is seen any more.
    #[must_use]
    pub fn is_vouched(&self, at: Moment) -> bool {
        let since = self.current.filter(|run| run.desk == Desk::Empty);
        let recent = |hands: &Moment| at.since(*hands) < HANDS_ON;
        match (since, self.hands.filter(recent)) {
            (Some(since), Some(hands)) => {
                let last_touch = since.from.elapsed + LAST_TOUCH;
                hands == since.from || last_touch < hands.elapsed
            }
            _ => false,
        }
    }

    /// The machine slept for `span`, which no moment counts. Who was away stayed away.
    pub fn sleep(&mut self, span: Duration) {
        if let Some(run) = self.current.as_mut().filter(|run| run.desk.is_empty()) {
            run.asleep += span;
        }
    }

    /// Somebody had sat for `sat` without a break when the run before this one ended.
    pub fn carry_on(&mut self, sat: Duration) {
        self.bout = sat;
        self.in_session = true;
    }

    /// The bout is over by something that is not seen at the desk, up to `at`.
    pub fn end_bout(&mut self, at: Moment) -> Vec<SittingChange> {
        let mut changes = Vec::new();
        if self.look == Desk::Unwatched {
            // What was seen last still goes on until somebody looks whether time has run out for it.
            changes = self.push(at, Desk::Unwatched);
        }
        self.bout = Duration::ZERO;
        changes
    }

    /// Time of the present bout of sitting; absences shorter than a break are part of it.
    #[must_use]
    pub fn sat(&self) -> Duration {
        let (Some(run), Some(last)) = (self.current, self.last) else {
            return Duration::ZERO;
        };
        let end = self.next.filter(|next| next.desk == Desk::Unwatched);
        let end = end.map_or(last, |next| next.from);
        let held = self.held.filter(|held| held.desk == Desk::Seated);
        let held = held.map_or(Duration::ZERO, |held| held.until(run.from));
        let running = run.desk == Desk::Seated || run.of_bout && !run.ended_bout;
        let running = if running {
            run.until(end)
        } else {
            Duration::ZERO
        };
        self.bout + held + running
    }

    /// How long the person has been standing.
    #[must_use]
    pub fn stood(&self) -> Duration {
        let run = self.current.filter(|run| run.desk == Desk::Standing);
        let span = run.zip(self.last).map(|(run, last)| last.since(run.from));
        span.unwrap_or_default()
    }

    /// The stretches that are not over, as they would be if everything ended at `at`.
    #[must_use]
    pub fn open(&self, at: Moment) -> Vec<Interval> {
        let mut ended = self.clone();
        let mut changes = ended.push(at, Desk::Unwatched);
        if let Some(next) = ended.next {
            ended.follow(next, &mut changes);
        }
        if let Some(run) = ended.current.take() {
            ended.close(run, at, &mut changes);
        }
        let over = changes.into_iter().filter_map(|change| match change {
            SittingChange::Over(interval) => Some(interval),
            _ => None,
        });
        over.collect()
    }

    /// The prompt that is due, if any.
    #[must_use]
    pub fn prompt_due(&self) -> Option<Prompt> {
        let first = self.policy.prompt?;
        let run = self.current.filter(|_| self.next.is_none())?;
        let pattern = self.policy.pattern;
        let (sat, stood) = (self.sat(), self.stood());
        let due = |ask, firmness, lasted, span| {
            Some(Prompt {
                ask,
                firmness,
                lasted,
                span,
            })
        };
        let moving = pattern.map(Pattern::moving);
        let stand = pattern.and_then(Pattern::stand);
        match run.desk {
            Desk::Seated if sat >= self.policy.firm => due(Ask::Move, Firmness::Firm, sat, moving),
            Desk::Seated if sat >= first && stand.is_some() => {
                due(Ask::Stand, Firmness::Gentle, sat, stand)
            }
            Desk::Seated if sat >= first => due(Ask::Move, Firmness::Gentle, sat, moving),
            Desk::Standing if stand.is_some_and(|stand| stood >= stand) => {
                due(Ask::MoveAfterStanding, Firmness::Gentle, stood, moving)
            }
            _ => None,
        }
    }
}

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Who has sat for long, to get up and move.
    Move,
    /// Who has sat for as long as their pattern says, to stand.
    Stand,
    /// Who has stood for as long as their pattern says, to move.
    MoveAfterStanding,
}

/// A prompt that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What it asks for.
    pub ask: Ask,
    /// How firmly.
    pub firmness: Firmness,
    /// How long the person has sat or stood.
    pub lasted: Duration,
    /// For how long, where a pattern says it.
    pub span: Option<Duration>,
}

/// How firmly a break is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// The first prompt.
    Gentle,
    /// The second, after sitting on.
    Firm,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intervals::IntervalKind;
    use crate::domain::settings::Settings;
    use crate::domain::time::WallTime;

    fn at(seconds: u64) -> Moment {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        Moment::after(start, Duration::from_secs(seconds))
    }

    /// A desk that is looked at every second.
    struct Desks {
        sitting: Sitting,
        now: u64,
        changes: Vec<SittingChange>,
    }

    impl Desks {
        fn new() -> Self {
            let policy = Settings::default().sitting;
            Self {
                sitting: Sitting::new(policy, Duration::from_secs(5)),
                now: 0,
                changes: Vec::new(),
            }
        }

        fn be(&mut self, desk: Desk, seconds: u64) -> &mut Self {
            for _ in 0..seconds {
                self.changes.extend(self.sitting.push(at(self.now), desk));
                self.now += 1;
            }
            self
        }

        /// Kinds and seconds of the stretches, as if it ended now.
        fn told(&self) -> Vec<(IntervalKind, u64)> {
            let over = self.changes.iter().filter_map(|change| match change {
                SittingChange::Over(interval) => Some(*interval),
                _ => None,
            });
            let all = over.chain(self.sitting.open(at(self.now)));
            all.map(|it| (it.kind, it.lasted().as_secs())).collect()
        }
    }

    #[test]
    fn an_absence_is_ignored_or_short_or_a_break_or_the_end() {
        use IntervalKind::{Away, Break, MicroBreak, Sitting};
        for (away, kind) in [
            (29, None),
            (30, Some(MicroBreak)),
            (119, Some(MicroBreak)),
            (120, Some(Break)),
            (899, Some(Break)),
            (900, Some(Away)),
        ] {
            let mut desk = Desks::new();
            desk.be(Desk::Seated, 100)
                .be(Desk::Empty, away)
                .be(Desk::Seated, 100);
            let expected = match kind {
                None => vec![(Sitting, 200 + away)],
                Some(kind) => vec![(Sitting, 100), (kind, away), (Sitting, 100)],
            };
            assert_eq!(desk.told(), expected, "away for {away} s");
            // The bout goes on over what is no break.
            let sat = if away < 120 { 199 + away } else { 99 };
            assert_eq!(desk.sitting.sat(), Duration::from_secs(sat));
        }
    }

    #[test]
    fn who_looks_in_for_a_moment_does_not_cut_a_break() {
        let mut desk = Desks::new();
        desk.be(Desk::Seated, 60)
            .be(Desk::Empty, 20)
            .be(Desk::Seated, 6)
            .be(Desk::Empty, 100)
            .be(Desk::Standing, 9)
            .be(Desk::Empty, 50)
            .be(Desk::Seated, 11);
        assert_eq!(
            desk.told(),
            [
                (IntervalKind::Sitting, 60),
                (IntervalKind::Break, 185),
                (IntervalKind::Sitting, 11)
            ]
        );
        let ended = SittingChange::BreakEnded(Duration::from_secs(185));
        assert_eq!(desk.changes.iter().filter(|it| **it == ended).count(), 1);
    }

    #[test]
    fn standing_is_no_sitting_and_ends_the_bout_after_five_minutes() {
        for (stood, sat) in [(299, 120), (301, 20)] {
            let mut desk = Desks::new();
            desk.be(Desk::Seated, 100)
                .be(Desk::Standing, stood)
                .be(Desk::Seated, 21);
            assert_eq!(desk.sitting.sat(), Duration::from_secs(sat), "{stood}");
            let enough = desk.changes.contains(&SittingChange::StoodEnough);
            assert_eq!(enough, stood >= 300);
        }
    }

    #[test]
    fn a_gap_that_two_looks_agree_on_is_bridged_and_a_longer_one_is_told() {
        let mut desk = Desks::new();
        desk.be(Desk::Seated, 60)
            .be(Desk::Unwatched, 4)
            .be(Desk::Seated, 60)
            .be(Desk::Unwatched, 30)
            .be(Desk::Seated, 10);
        assert_eq!(
            desk.told(),
            [
                (IntervalKind::Sitting, 124),
                (IntervalKind::Unwatched, 30),
                (IntervalKind::Sitting, 10)
            ]
        );
        // Nobody looked for an hour: what was seen last holds for 5 s.
        let mut desk = Desks::new();
        desk.be(Desk::Seated, 60);
        desk.now += 3600;
        desk.be(Desk::Seated, 10);
        assert_eq!(
            desk.told(),
            [
                (IntervalKind::Sitting, 64),
                (IntervalKind::Unwatched, 3596),
                (IntervalKind::Sitting, 10)
            ]
        );
    }

    #[test]
    fn a_lock_is_known_to_the_second_and_sleep_is_added_to_it() {
        let mut desk = Desks::new();
        desk.be(Desk::Seated, 60).be(Desk::Left, 1);
        desk.sitting.sleep(Duration::from_secs(3600));
        desk.be(Desk::Left, 1).be(Desk::Seated, 20);
        assert_eq!(
            desk.told(),
            [
                (IntervalKind::Sitting, 60),
                (IntervalKind::Away, 3602),
                (IntervalKind::Sitting, 20)
            ]
        );
        let locked = desk.changes.iter().any(|change| {
            matches!(change, SittingChange::Over(it) if it.locked && it.asleep.as_secs() == 3600)
        });
        assert!(locked, "{:?}", desk.changes);
    }
}
