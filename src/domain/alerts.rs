//! When the person is told: one word a bout, repeats that grow rarer, and never too many an hour.

use std::collections::VecDeque;
use std::time::Duration;

use super::io::{Alert, AlertKind, Amount, Effect, Fault, Silence, Urgency};
use super::judge::Bout;
use super::settings::AlertPolicy;
use super::sitting::{Ask, Firmness, Prompt};
use super::time::Moment;

/// The span the budget is counted over.
const HOUR: Duration = Duration::from_secs(3600);

/// A hint stays on show for this long: time to read it and to look up.
const HINT_SHOWN: Duration = Duration::from_secs(60);

/// Decides which bouts are told, and when.
#[derive(Clone, Debug)]
pub struct Ladder {
    policy: AlertPolicy,
    /// The person asked the desktop not to be disturbed.
    undisturbed: bool,
    /// When alerts were put to the person within the last hour.
    told: VecDeque<Moment>,
    /// When hints were, which alerts do not wait for.
    hinted: VecDeque<Moment>,
    last_posture: Option<Moment>,
    posture: Option<Told>,
    prompt: Option<(Told, Prompt)>,
    hint: Option<(Told, AlertKind)>,
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
            hinted: VecDeque::new(),
            last_posture: None,
            posture: None,
            prompt: None,
            hint: None,
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
        let mut effects = posture.unwrap_or_default();
        effects.extend(self.hide_prompt());
        effects.extend(self.withdraw_hint());
        effects.extend(self.withdraw_question());
        effects
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

    /// Whether `prompt` says something that was not said in this bout.
    #[must_use]
    pub fn is_news(&self, prompt: &Prompt) -> bool {
        let stands = |prompt: &Prompt| prompt.ask == Ask::MoveAfterStanding;
        self.prompt.as_ref().is_none_or(|(_, told)| {
            told.firmness < prompt.firmness || stands(told) != stands(prompt)
        })
    }

    /// Takes the prompt that is due. One that is silenced is not lost: it comes when the silence
    /// ends.
    pub fn prompt(&mut self, at: Moment, prompt: Prompt) -> Vec<Effect> {
        if !self.is_news(&prompt) || self.silence(at).is_some() {
            return Vec::new();
        }
        let kind = kind_of(prompt.ask);
        let mut effects = Vec::new();
        let number = match &mut self.prompt {
            Some((told, before)) if kind_of(before.ask) == kind => told.bout,
            _ => {
                effects = self.prompt_is_over();
                self.number()
            }
        };
        let mut told = Told::new(number);
        told.say(at);
        self.told.push_back(at);
        self.prompt = Some((told, prompt));
        effects.push(Effect::Alert(Alert {
            kind,
            bout: number,
            faults: Vec::new(),
            amount: prompt
                .span
                .map(|span| Amount::Minutes(span.as_secs_f64() / 60.0)),
            lasted: prompt.lasted,
            urgency: match prompt.firmness {
                Firmness::Gentle => Urgency::Quiet,
                Firmness::Firm => Urgency::Firm,
            },
            silenced: None,
        }));
        effects
    }

    /// The bout that a prompt was about is over.
    pub fn prompt_is_over(&mut self) -> Vec<Effect> {
        let effects = self.hide_prompt();
        self.prompt = None;
        effects
    }

    /// Takes a prompt from show that the person has done something about; it stays told in this bout.
    pub fn hide_prompt(&mut self) -> Vec<Effect> {
        let prompt = self.prompt.as_mut();
        prompt.map_or_else(Vec::new, |(told, prompt)| {
            told.take_back(kind_of(prompt.ask))
        })
    }

    /// Takes whether the person stands now: a prompt to get up is of no use to who has, and one to
    /// move on is over for who has sat down.
    pub fn stance(&mut self, stands: bool) -> Vec<Effect> {
        match &self.prompt {
            Some((_, prompt)) if prompt.ask == Ask::MoveAfterStanding => {
                if stands {
                    Vec::new()
                } else {
                    self.prompt_is_over()
                }
            }
            Some(_) if stands => self.hide_prompt(),
            _ => Vec::new(),
        }
    }

    /// Puts a hint to the person, unless something is on show or the hour has had enough; nothing
    /// then, and it may be tried again. Hints count against the hour for hints only: they wait for
    /// alerts, and no alert waits for them.
    pub fn hint(&mut self, at: Moment, kind: AlertKind, lasted: Duration) -> Vec<Effect> {
        let all = [
            self.posture.as_ref(),
            self.prompt.as_ref().map(|(told, _)| told),
            self.question.as_ref().map(|(told, _)| told),
            self.hint.as_ref().map(|(told, _)| told),
        ];
        let busy = all.into_iter().flatten().any(|told| told.shown);
        if busy || self.silence(at).is_some() {
            return Vec::new();
        }
        forget(&mut self.hinted, at);
        if count(&self.told) + count(&self.hinted) >= self.policy.max_per_hour {
            return Vec::new();
        }
        let mut told = Told::new(self.number());
        told.say(at);
        self.hinted.push_back(at);
        let bout = told.bout;
        self.hint = Some((told, kind));
        vec![Effect::Alert(Alert {
            kind,
            bout,
            faults: Vec::new(),
            amount: None,
            lasted,
            urgency: Urgency::Quiet,
            silenced: None,
        })]
    }

    /// Takes back a hint that has been on show for long enough.
    pub fn expire_hint(&mut self, at: Moment) -> Vec<Effect> {
        let told = self.hint.as_ref().and_then(|(told, _)| told.last);
        if told.is_some_and(|told| at.since(told) >= HINT_SHOWN) {
            return self.withdraw_hint();
        }
        Vec::new()
    }

    fn withdraw_hint(&mut self) -> Vec<Effect> {
        let hint = self.hint.take();
        hint.map_or_else(Vec::new, |(mut told, kind)| told.take_back(kind))
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
        forget(&mut self.told, at);
        (count(&self.told) >= self.policy.max_per_hour).then_some(Silence::Budget)
    }
}

fn kind_of(ask: Ask) -> AlertKind {
    match ask {
        Ask::Move => AlertKind::Sitting,
        Ask::Stand => AlertKind::Stand,
        Ask::MoveAfterStanding => AlertKind::Move,
    }
}

/// Leaves the times of the last hour.
fn forget(times: &mut VecDeque<Moment>, at: Moment) {
    times.retain(|then| at.since(*then) < HOUR);
}

fn count(times: &VecDeque<Moment>) -> u32 {
    u32::try_from(times.len()).unwrap_or(u32::MAX)
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
