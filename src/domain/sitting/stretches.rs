//! Where one stretch of time at the desk ends and the next begins.

use std::time::Duration;

use super::{Desk, HANDS_ON, Sitting, SittingChange};
use crate::domain::intervals::{IGNORED, Interval, IntervalKind, SESSION_ENDS, STOOD_ENOUGH};
use crate::domain::pattern::Pattern;
use crate::domain::time::Moment;

/// Somebody must be there this long for an absence to be over: a colleague passing an empty chair
/// does not cut a break in two.
const RETURN_AFTER: Duration = Duration::from_secs(10);

/// Who leaves counts as gone a little later, and idle times are told in whole seconds: hands seen
/// so soon after somebody left are those of the one who left.
pub(super) const LAST_TOUCH: Duration = Duration::from_secs(4);

/// A stretch that goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) desk: Desk,
    pub(super) from: Moment,
    /// Time that the machine slept meanwhile, which moments do not count.
    pub(super) asleep: Duration,
    locked: bool,
    /// Nobody is there since somebody sat: part of the bout until it is a break.
    pub(super) of_bout: bool,
    /// It has ended the bout.
    pub(super) ended_bout: bool,
}

impl Run {
    pub(super) fn new(desk: Desk, from: Moment) -> Self {
        Self {
            desk,
            from,
            asleep: Duration::ZERO,
            locked: desk == Desk::Left,
            of_bout: false,
            ended_bout: false,
        }
    }

    pub(super) fn until(&self, to: Moment) -> Duration {
        to.since(self.from) + self.asleep
    }
}

impl Sitting {
    /// Where nothing is seen and hands are at work, somebody has been there since the last word.
    pub(super) fn watched_by_hands(
        &mut self,
        at: Moment,
        desk: Desk,
        changes: &mut Vec<SittingChange>,
    ) {
        let Some(known) = self.known.or(self.current.map(|run| run.from)) else {
            return;
        };
        let lately = at.minus(HANDS_ON);
        let from = if lately.elapsed > known.elapsed {
            lately
        } else {
            known
        };
        self.settle(from, changes);
        self.turn(from, desk, changes);
        (self.look, self.known, self.last) = (desk, Some(at), Some(at));
        self.settle(at, changes);
        self.turn(at, Desk::Unwatched, changes);
        self.look = Desk::Unwatched;
    }

    /// Hands are at work where nobody is seen.
    pub(super) fn missed(&mut self, used: Moment, desk: Desk) {
        let Some(run) = self.current.as_mut().filter(|run| run.desk.is_empty()) else {
            return;
        };
        if used.elapsed <= run.from.elapsed + LAST_TOUCH {
            return;
        }
        // What has been no absence yet begins anew with the last touch.
        if self.held.is_some() && self.next.is_none() {
            run.from = used;
        } else if self.next.is_none() {
            self.next = Some(Run::new(desk, used));
        }
    }

    /// Follows a change of what is known.
    pub(super) fn turn(&mut self, at: Moment, desk: Desk, changes: &mut Vec<SittingChange>) {
        let hands = self.hands.filter(|hands| at.since(*hands) < HANDS_ON);
        let Some(run) = &mut self.current else {
            self.current = Some(Run::new(desk, at));
            return;
        };
        let same = run.desk == desk || run.desk.is_empty() && desk.is_empty();
        if let Some(next) = &mut self.next {
            if next.desk == desk {
                return;
            }
            if next.desk == Desk::Unwatched {
                let gap = self.known.map_or(Duration::MAX, |known| at.since(known));
                if run.desk.is_empty() && !same && gap > self.longest_step {
                    let next = *next;
                    self.follow(next, changes);
                    self.turn(at, desk, changes);
                    return;
                }
            } else if desk.is_occupied() {
                next.desk = desk;
                return;
            } else if desk == Desk::Empty
                && hands.is_some_and(|hands| hands.elapsed >= next.from.elapsed)
            {
                // The camera does not see who is back.
                return;
            }
            self.next = None;
        }
        if same {
            run.locked |= desk == Desk::Left;
            return;
        }
        let new = Run::new(desk, at);
        if desk == Desk::Unwatched || run.desk.is_empty() {
            self.next = Some(new);
        } else if run.desk.is_occupied() && desk.is_empty() {
            // Who locks the screen has left for good, as far as they know.
            let of_bout = run.desk == Desk::Seated && desk == Desk::Empty;
            self.held = self.current.replace(Run { of_bout, ..new });
        } else {
            self.follow(new, changes);
        }
    }

    /// Lets what has lasted long enough count.
    pub(super) fn settle(&mut self, at: Moment, changes: &mut Vec<SittingChange>) {
        let Some(run) = self.current else { return };
        if let Some(next) = self.next {
            let counts = if next.desk == Desk::Unwatched {
                let known = self.known.map_or(Duration::MAX, |known| at.since(known));
                !run.desk.is_empty() && known > self.longest_step
            } else if self.look.is_occupied() {
                at.since(next.from) >= RETURN_AFTER
            } else {
                let hands = self.hands.map(|hands| hands.since(next.from));
                hands.is_some_and(|span| span >= RETURN_AFTER)
            };
            if counts {
                self.follow(next, changes);
            }
        }
        let stood_enough = self.stood_enough();
        let end = self.next.map_or(at, |next| next.from);
        let Some(run) = &mut self.current else { return };
        let (length, desk) = (run.until(end), run.desk);
        let was_over = run.ended_bout;
        let from = run.from;
        if desk.is_empty() {
            run.ended_bout |= length >= self.policy.break_after;
            let over = run.ended_bout && !was_over;
            if length >= IGNORED
                && let Some(held) = self.held.take()
            {
                self.close(held, from, changes);
            }
            if over {
                self.bout = Duration::ZERO;
                if self.in_session {
                    changes.push(SittingChange::BreakBegan);
                }
            }
        } else if desk == Desk::Standing && length >= stood_enough && !was_over {
            run.ended_bout = true;
            self.bout = Duration::ZERO;
            changes.push(SittingChange::StoodEnough);
        }
    }

    /// Ends the present stretch where `next` begins.
    pub(super) fn follow(&mut self, next: Run, changes: &mut Vec<SittingChange>) {
        self.next = None;
        let Some(run) = self.current.replace(next) else {
            return;
        };
        let ignored = run.desk.is_empty() && run.until(next.from) < IGNORED;
        match self.held.take() {
            Some(held) if ignored && held.desk == next.desk => self.current = Some(held),
            Some(held) if ignored => self.close(held, next.from, changes),
            Some(held) => {
                self.close(held, run.from, changes);
                self.close(run, next.from, changes);
            }
            None => self.close(run, next.from, changes),
        }
    }

    /// A stretch is over, and accounted for.
    pub(super) fn close(&mut self, run: Run, to: Moment, changes: &mut Vec<SittingChange>) {
        let length = run.until(to);
        let is_break = length >= self.policy.break_after;
        let is_away = !self.in_session || is_break && length >= SESSION_ENDS;
        let kind = match run.desk {
            Desk::Seated => IntervalKind::Sitting,
            Desk::Standing => IntervalKind::Standing,
            Desk::Unwatched => IntervalKind::Unwatched,
            Desk::Empty | Desk::Left if is_away => IntervalKind::Away,
            Desk::Empty | Desk::Left if is_break => IntervalKind::Break,
            Desk::Empty | Desk::Left => IntervalKind::MicroBreak,
        };
        if !length.is_zero() {
            changes.push(SittingChange::Over(Interval {
                kind,
                from: run.from,
                to,
                asleep: run.asleep,
                locked: run.locked,
            }));
        }
        match run.desk {
            Desk::Seated => {
                self.bout += length;
                self.in_session = true;
            }
            Desk::Standing => self.in_session = true,
            Desk::Empty | Desk::Left => {
                if run.of_bout && !run.ended_bout {
                    self.bout += length;
                }
                if is_break && self.in_session {
                    changes.push(SittingChange::BreakEnded(length));
                }
                self.in_session &= !(is_away || is_break && run.locked);
            }
            Desk::Unwatched => {}
        }
    }

    pub(super) fn stood_enough(&self) -> Duration {
        let stand = self.policy.pattern.and_then(Pattern::stand);
        stand.map_or(STOOD_ENOUGH, |stand| stand.min(STOOD_ENOUGH))
    }
}
