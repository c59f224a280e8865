//! When the person is told: one word a bout, repeats that grow rarer, and never too many an hour.

use std::collections::VecDeque;
use std::time::Duration;

use super::io::{Alert, AlertKind, Effect, Fault, Silence, Urgency};
use super::judge::Bout;
use super::settings::AlertPolicy;
use super::sitting::Firmness;
use super::time::Moment;

/// The span the budget is counted over.
const HOUR: Duration = Duration::from_secs(3600);

/// Decides which bouts are told, and when.
#[derive(Clone, Debug)]
pub struct Ladder {
    policy: AlertPolicy,
    /// The person asked the desktop not to be disturbed.
    undisturbed: bool,
    /// When alerts were put to the person within the last hour.
    told: VecDeque<Moment>,
    last_posture: Option<Moment>,
    posture: Option<Told>,
    sitting: Option<(Told, Firmness)>,
    question: Option<(Told, AlertKind)>,
    next_bout: u64,
}

/// What the person knows of a bout.
#[derive(Clone, Debug)]
struct Told {
    bout: u64,
    faults: Vec<Fault>,
    /// It is on show.
    shown: bool,
    /// How often it was put to the person, and when last.
    times: u32,
    last: Option<Moment>,
}

impl Ladder {
    /// Nothing has been told.
    #[must_use]
    pub fn new(policy: AlertPolicy) -> Self {
        Self {
            policy,
            undisturbed: false,
            told: VecDeque::new(),
            last_posture: None,
            posture: None,
            sitting: None,
            question: None,
            next_bout: 1,
        }
    }

    /// Goes by `policy` from now on.
    pub fn set_policy(&mut self, policy: AlertPolicy) {
        self.policy = policy;
    }

    /// Notes whether the person asked the desktop not to be disturbed: then nothing is told.
    pub fn leave_undisturbed(&mut self, undisturbed: bool) {
        self.undisturbed = undisturbed;
    }

    /// Takes back what is on show.
    pub fn withdraw(&mut self) -> Vec<Effect> {
        let posture = self
            .posture
            .as_mut()
            .map(|told| told.take_back(AlertKind::Posture));
        let sitting = self
            .sitting
            .as_mut()
            .map(|(told, _)| told.take_back(AlertKind::Sitting));
        [posture, sitting]
            .into_iter()
            .flatten()
            .flatten()
            .chain(self.withdraw_question())
            .collect()
    }

    /// Puts a question to the person, in place of one that is on show; nothing as long as there is
    /// a silence.
    pub fn ask(&mut self, at: Moment, kind: AlertKind) -> Vec<Effect> {
        if self.silence(at).is_some() {
            return Vec::new();
        }
        let mut effects = self.withdraw_question();
        let mut told = Told::new(self.number());
        told.say(at);
        self.told.push_back(at);
        effects.push(Effect::Alert(Alert {
            kind,
            bout: told.bout,
            faults: Vec::new(),
            amount: None,
            lasted: Duration::ZERO,
            urgency: Urgency::Quiet,
            silenced: None,
        }));
        self.question = Some((told, kind));
        effects
    }

    /// The worst fault of the alert about the posture that is on show.
    #[must_use]
    pub fn shown_fault(&self) -> Option<Fault> {
        let told = self.posture.as_ref().filter(|told| told.shown)?;
        told.faults.first().copied()
    }

    /// The question that is on show.
    #[must_use]
    pub fn question(&self) -> Option<AlertKind> {
        self.question.as_ref().map(|(_, kind)| *kind)
    }

    /// Takes a question back: it is answered, or of no use any more.
    pub fn withdraw_question(&mut self) -> Vec<Effect> {
        let question = self.question.take();
        question.map_or_else(Vec::new, |(mut told, kind)| told.take_back(kind))
    }

    /// Takes the posture bout as it is at `at`; `None` when there is none. A relapse soon after a
    /// recovery is told like a new bout: what was shown had been taken back.
    pub fn posture(&mut self, at: Moment, bout: Option<&Bout>) -> Vec<Effect> {
        let Some(bout) = bout else {
            let told = self.posture.take();
            return told.map_or_else(Vec::new, |mut told| told.take_back(AlertKind::Posture));
        };
        let bout_number = self.posture.as_ref().map(|told| told.bout);
        let number = bout_number.unwrap_or_else(|| self.number());
        let mut told = self.posture.take().unwrap_or_else(|| Told::new(number));
        let first = told.times == 0;
        let due = match told.last {
            None => true,
            Some(last) => at.since(last) >= self.repeat_after(told.times),
        };
        let cooling = first && self.is_cooling(at);
        let silenced = self.silence(at).or(cooling.then_some(Silence::Cooldown));
        // A silenced first word is noted once; a silenced repeat is not worth a note.
        let noted = !told.faults.is_empty();
        let mut effects = Vec::new();
        if due && (silenced.is_none() || !noted) {
            told.faults.clone_from(&bout.faults);
            if silenced.is_none() {
                self.told.push_back(at);
                self.last_posture = Some(at);
                told.say(at);
            }
            effects.push(Effect::Alert(Alert {
                kind: AlertKind::Posture,
                bout: told.bout,
                faults: bout.faults.clone(),
                amount: bout.amount,
                lasted: at.since(bout.since),
                urgency: if first { Urgency::Quiet } else { Urgency::Firm },
                silenced,
            }));
        }
        self.posture = Some(told);
        effects
    }

    /// Takes how long the person has been sitting and which prompt that is worth.
    pub fn sitting(&mut self, at: Moment, sat: Duration, due: Option<Firmness>) -> Vec<Effect> {
        let Some(due) = due else { return Vec::new() };
        if self.sitting.as_ref().is_some_and(|(_, told)| *told >= due) {
            return Vec::new();
        }
        // A silenced prompt is not lost: it comes when the silence ends.
        if self.silence(at).is_some() {
            return Vec::new();
        }
        let number = match &self.sitting {
            Some((told, _)) => told.bout,
            None => self.number(),
        };
        let mut told = Told::new(number);
        told.say(at);
        self.told.push_back(at);
        self.sitting = Some((told, due));
        vec![Effect::Alert(Alert {
            kind: AlertKind::Sitting,
            bout: number,
            faults: Vec::new(),
            amount: None,
            lasted: sat,
            urgency: match due {
                Firmness::Gentle => Urgency::Quiet,
                Firmness::Firm => Urgency::Firm,
            },
            silenced: None,
        })]
    }

    /// The person stood up for a break.
    pub fn sitting_is_over(&mut self) -> Vec<Effect> {
        self.sitting
            .take()
            .map_or_else(Vec::new, |(mut told, _)| told.take_back(AlertKind::Sitting))
    }

    /// When a silence ends that keeps an alert from being told, or a repeat falls due.
    #[must_use]
    pub fn next_change(&self, at: Moment) -> Option<Moment> {
        let told = self.posture.as_ref()?;
        let repeat = told
            .last
            .map(|last| last.plus(self.repeat_after(told.times)));
        let cooldown = self.last_posture.filter(|_| told.times == 0);
        let cooldown = cooldown.map(|last| last.plus(self.policy.cooldown));
        [repeat, cooldown]
            .into_iter()
            .flatten()
            .filter(|m| m.elapsed > at.elapsed)
            .min_by_key(|m| m.elapsed)
    }

    fn number(&mut self) -> u64 {
        let number = self.next_bout;
        self.next_bout += 1;
        number
    }

    /// The wait before repeat number `times`: doubling each time.
    fn repeat_after(&self, times: u32) -> Duration {
        // Past 2^16 repeats the wait is longer than any bout.
        self.policy
            .repeat
            .saturating_mul(1 << times.saturating_sub(1).min(16))
    }

    fn is_cooling(&self, at: Moment) -> bool {
        self.last_posture
            .is_some_and(|last| at.since(last) < self.policy.cooldown)
    }

    fn silence(&mut self, at: Moment) -> Option<Silence> {
        if self.undisturbed {
            return Some(Silence::DoNotDisturb);
        }
        while self
            .told
            .front()
            .is_some_and(|then| at.since(*then) >= HOUR)
        {
            self.told.pop_front();
        }
        let told = u32::try_from(self.told.len()).unwrap_or(u32::MAX);
        (told >= self.policy.max_per_hour).then_some(Silence::Budget)
    }
}

impl Told {
    fn new(bout: u64) -> Self {
        Self {
            bout,
            faults: Vec::new(),
            shown: false,
            times: 0,
            last: None,
        }
    }

    fn say(&mut self, at: Moment) {
        self.shown = true;
        self.times += 1;
        self.last = Some(at);
    }

    fn take_back(&mut self, kind: AlertKind) -> Vec<Effect> {
        if !std::mem::take(&mut self.shown) {
            return Vec::new();
        }
        vec![Effect::Clear {
            kind,
            bout: self.bout,
            faults: self.faults.clone(),
        }]
    }
}
