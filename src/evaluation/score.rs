//! One recording scored: its alerts against its bad postures.

use std::ops::AddAssign;

use super::labels::{Labels, Segment, Verdict};
use super::moves::Moves;
use super::outcome::{Outcome, Raised};
use super::seconds::Confusion;
use super::tally::Tally;
use crate::domain::io::{Fault, State};
use crate::domain::settings::Posture;

/// An alert up to so many seconds after a bad posture is still about it: the filter's delay.
pub const LATE_S: f64 = 3.0;

/// A bad posture shorter than this need not be told, in seconds.
pub const SHORTEST_MUST_S: f64 = 45.0;

/// The label of the way from one posture to the next.
const MOVING: &str = "moving";

/// A recording's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// What was counted.
    pub tally: Tally,
    /// The same for each fault, in the order of [`Fault::ALL`].
    pub by_fault: [FaultTally; Fault::ALL.len()],
    /// The bad postures that must be told and were not.
    pub misses: Vec<Segment>,
    /// The false alerts.
    pub false_alerts: Vec<FalseAlert>,
}

/// Counts of one fault: postures by the fault that their label names first, alerts by the one that
/// they name first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultTally {
    /// Bad postures that must be told.
    pub must: u32,
    /// Those of them that were told.
    pub told: u32,
    /// Right alerts.
    pub right: u32,
    /// Right alerts that name it as the labels do.
    pub named_right: u32,
    /// False alerts.
    pub false_ones: u32,
    /// Delays beyond the dwell, in seconds.
    pub delays_s: Vec<f64>,
}

impl AddAssign<&Self> for FaultTally {
    fn add_assign(&mut self, other: &Self) {
        self.must += other.must;
        self.told += other.told;
        self.right += other.right;
        self.named_right += other.named_right;
        self.false_ones += other.false_ones;
        self.delays_s.extend(&other.delays_s);
    }
}

/// An alert where none was due.
#[derive(Clone, Debug, PartialEq)]
pub struct FalseAlert {
    /// When, in seconds.
    pub at: f64,
    /// The faults it names.
    pub faults: Vec<Fault>,
    /// The label there, if any, with its verdict.
    pub during: Option<(String, Verdict)>,
}

impl Score {
    /// Scores `outcome` from `start`, the end of calibration, on; `posture` gives the dwells.
    #[must_use]
    pub fn of(labels: &Labels, outcome: &Outcome, posture: &Posture, start: f64) -> Self {
        let mut score = Self {
            tally: Tally {
                calm_s: calm_s(labels, outcome, start),
                seconds: Confusion::count(labels, outcome, start),
                moves: Moves::count(&labels.nudges, &outcome.camera_moved),
                ..Tally::default()
            },
            by_fault: Default::default(),
            misses: Vec::new(),
            false_alerts: Vec::new(),
        };
        for segment in labels.segments.iter().filter(|s| is_must(s)) {
            score.bout(segment, outcome);
        }
        for alert in &outcome.alerts {
            match bad_at(labels, alert.at) {
                Some(segment) => score.right(alert, segment, posture),
                None => score.wrong(alert, labels.at(alert.at)),
            }
        }
        score
    }

    fn bout(&mut self, segment: &Segment, outcome: &Outcome) {
        let told = is_told(segment, outcome);
        self.tally.must += 1;
        self.tally.told += u32::from(told);
        if let Some(fault) = segment.faults.first() {
            let tally = &mut self.by_fault[index(*fault)];
            tally.must += 1;
            tally.told += u32::from(told);
        }
        if !told {
            self.misses.push(segment.clone());
        }
    }

    fn right(&mut self, alert: &Raised, segment: &Segment, posture: &Posture) {
        let Some(fault) = alert.faults.first() else {
            return;
        };
        let named = segment.faults.contains(fault) || segment.also.contains(fault);
        let tally = &mut self.by_fault[index(*fault)];
        tally.right += 1;
        tally.named_right += u32::from(named);
        self.tally.right += 1;
        self.tally.named_right += u32::from(named);
        // What began in an earlier posture, or was told after this one, has no delay of its own.
        let began_here = alert.since >= segment.from - LATE_S && alert.at <= segment.to;
        if began_here {
            let delay = alert.at
                - segment.from
                - posture
                    .limit(*fault)
                    .map_or(0.0, |limit| limit.dwell.as_secs_f64());
            tally.delays_s.push(delay);
            self.tally.delays_s.push(delay);
        }
    }

    fn wrong(&mut self, alert: &Raised, during: Option<&Segment>) {
        // In a posture that is bad and cannot be seen an alert is neither asked for nor wrong.
        if during.is_some_and(|s| s.verdict == Verdict::Unseen && !s.faults.is_empty()) {
            return;
        }
        self.tally.false_ones += 1;
        if let Some(fault) = alert.faults.first() {
            self.by_fault[index(*fault)].false_ones += 1;
        }
        if during.is_some_and(|s| s.verdict == Verdict::Neutral && s.label != MOVING) {
            self.tally.confounders += 1;
        }
        self.false_alerts.push(FalseAlert {
            at: alert.at,
            faults: alert.faults.clone(),
            during: during.map(|s| (s.label.clone(), s.verdict)),
        });
    }
}

/// Whether an alert is demanded in `segment`.
fn is_must(segment: &Segment) -> bool {
    segment.verdict == Verdict::Bad && segment.must && segment.to - segment.from >= SHORTEST_MUST_S
}

/// The bad posture that an alert at `t` is about.
fn bad_at(labels: &Labels, t: f64) -> Option<&Segment> {
    let bad = |s: &&Segment| s.verdict == Verdict::Bad;
    labels.at(t).filter(bad).or_else(|| {
        let mut earlier = labels.segments.iter().rev().filter(bad);
        earlier.find(|s| s.to <= t && t <= s.to + LATE_S)
    })
}

/// An alert falls inside or right after it, or an earlier one still stands and the state is bad
/// for half of it.
fn is_told(segment: &Segment, outcome: &Outcome) -> bool {
    let (from, to) = (segment.from, segment.to);
    let bad_s = outcome.seconds_in(State::Bad, from, to);
    outcome.alerts.iter().any(|alert| {
        let inside = (from..=to + LATE_S).contains(&alert.at);
        let stands = alert.at < from && alert.until > from && bad_s >= (to - from) / 2.0;
        inside || stands
    })
}

/// Seconds from `start` to the recording's end that somebody is there and not in a bad posture.
fn calm_s(labels: &Labels, outcome: &Outcome, start: f64) -> f64 {
    let calm = |s: &&Segment| match s.verdict {
        Verdict::Good | Verdict::Neutral => true,
        Verdict::Unseen => s.faults.is_empty(),
        Verdict::Bad | Verdict::Exercise | Verdict::Absent => false,
    };
    let within = |s: &Segment| (s.to.min(outcome.end) - s.from.max(start)).max(0.0);
    labels.segments.iter().filter(calm).map(within).sum()
}

fn index(fault: Fault) -> usize {
    Fault::ALL.iter().position(|f| *f == fault).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::Silence;
    use crate::domain::settings::Settings;
    use crate::evaluation::testing::{Script, Truth};

    fn score(truth: Truth, script: Script) -> Score {
        let outcome = script.outcome();
        Score::of(
            &truth.labels(),
            &outcome,
            &Settings::default().posture,
            10.0,
        )
    }

    /// Upright to 20 s, a slouch to 80 s, upright to 180 s.
    fn slouch() -> Truth {
        Truth::new()
            .bad(60.0, Fault::Slouch)
            .then(Verdict::Good, 100.0, "upright")
    }

    #[test]
    fn a_perfect_run() {
        let script = Script::new()
            .state(10.0, State::Good)
            .state(21.0, State::AtRisk)
            .state(51.5, State::Bad)
            .alert(51.5, 1, Fault::Slouch, 30.5)
            .clear(86.0, 1)
            .state(86.0, State::Good)
            .state(180.0, State::Good);
        let score = score(slouch(), script);
        let tally = &score.tally;
        assert_eq!((tally.must, tally.told), (1, 1));
        assert_eq!(
            (tally.right, tally.named_right, tally.false_ones),
            (1, 1, 0)
        );
        assert_eq!(tally.calm_s, 110.0);
        assert_eq!(tally.false_alerts_per_hour(), Some(0.0));
        assert_eq!(tally.delays_s, [1.5]);
        assert_eq!(score.by_fault[0].told, 1);
        assert_eq!(score.by_fault[0].delays_s, [1.5]);
        assert!(score.misses.is_empty() && score.false_alerts.is_empty());
    }

    #[test]
    fn a_miss() {
        let script = Script::new()
            .state(10.0, State::Good)
            .state(180.0, State::Good);
        let score = score(slouch(), script);
        assert_eq!(
            (score.tally.bout_recall(), score.tally.alert_precision()),
            (Some(0.0), None)
        );
        assert_eq!(score.misses.len(), 1);
        assert_eq!(score.misses[0].from, 20.0);
    }

    #[test]
    fn false_alerts_and_where_they_fall() {
        let truth = Truth::new()
            .then(Verdict::Neutral, 60.0, "phone")
            .then(Verdict::Neutral, 2.0, "moving")
            .then(Verdict::Absent, 100.0, "absent");
        let script = Script::new()
            .alert(15.0, 1, Fault::SideLean, 60.0)
            .alert(50.0, 2, Fault::HeadDown, 20.0)
            .alert(81.0, 3, Fault::HeadDown, 20.0)
            .alert(150.0, 4, Fault::Slouch, 20.0)
            .alert(190.0, 5, Fault::Slouch, 20.0);
        let score = score(truth, script);
        assert_eq!((score.tally.false_ones, score.tally.confounders), (5, 1));
        assert_eq!(score.tally.alert_precision(), Some(0.0));
        // The absence and what comes after the labels are no presence.
        assert_eq!(score.tally.calm_s, 72.0);
        assert_eq!(score.by_fault[5].false_ones, 2);
        let during = |n: usize| score.false_alerts[n].during.clone();
        assert_eq!(during(1), Some(("phone".to_owned(), Verdict::Neutral)));
        assert_eq!(during(4), None);
    }

    #[test]
    fn an_alert_right_after_is_late_and_right_and_has_no_delay() {
        let at = |t| score(slouch(), Script::new().alert(t, 1, Fault::Slouch, 40.0));
        let late = at(83.0);
        assert_eq!((late.tally.right, late.tally.told), (1, 1));
        assert!(late.tally.delays_s.is_empty());
        let too_late = at(83.1);
        assert_eq!((too_late.tally.right, too_late.tally.told), (0, 0));
        assert_eq!(too_late.tally.false_ones, 1);
    }

    #[test]
    fn a_silenced_alert_counts_as_one() {
        let script = Script::new().silenced(32.0, 1, Fault::Slouch, 12.0, Silence::Budget);
        let score = score(slouch(), script);
        assert_eq!((score.tally.told, score.tally.right), (1, 1));
        // A gross slouch is told before its dwell is over.
        assert_eq!(score.tally.delays_s, [-18.0]);
    }

    #[test]
    fn an_alert_that_stands_tells_the_next_posture_too() {
        let truth = || {
            Truth::new()
                .bad(60.0, Fault::Slouch)
                .then(Verdict::Neutral, 1.5, "moving")
                .bad(60.0, Fault::ForwardHead)
        };
        let stands = |until: f64| {
            let script = Script::new()
                .state(51.0, State::Bad)
                .alert(51.0, 1, Fault::Slouch, 30.0)
                .clear(until, 1)
                .state(until, State::Good)
                .state(150.0, State::Good);
            score(truth(), script)
        };
        assert_eq!(stands(130.0).tally.told, 2);
        let cleared_early = stands(100.0);
        assert_eq!(cleared_early.tally.told, 1);
        assert_eq!(cleared_early.misses[0].faults, [Fault::ForwardHead]);
    }

    #[test]
    fn a_wrong_name_is_right_and_not_named_right() {
        let score_of = |truth| score(truth, Script::new().alert(60.0, 1, Fault::LeanIn, 25.0));
        let wrong = score_of(slouch()).tally;
        assert_eq!((wrong.right, wrong.named_right), (1, 0));
        let also = Truth::new()
            .bad(60.0, Fault::Slouch)
            .but(|segment| segment.also = vec![Fault::LeanIn]);
        assert_eq!(score_of(also).tally.named_right, 1);
    }

    #[test]
    fn short_and_slight_postures_need_not_be_told_but_may_be() {
        let short = Truth::new().bad(44.9, Fault::Slouch);
        let slight = Truth::new()
            .bad(60.0, Fault::Slouch)
            .but(|segment| segment.must = false);
        for truth in [short, slight] {
            let score = score(truth, Script::new().alert(55.0, 1, Fault::Slouch, 30.0));
            assert_eq!((score.tally.must, score.tally.right), (0, 1));
        }
    }

    #[test]
    fn in_the_dark_an_alert_is_false_only_in_a_good_posture() {
        let dark = |faults: Vec<Fault>| {
            let truth = Truth::new()
                .then(Verdict::Unseen, 60.0, "dark")
                .but(|segment| segment.faults = faults);
            let script = Script::new()
                .alert(50.0, 1, Fault::Slouch, 30.0)
                .state(80.0, State::Unsure);
            score(truth, script).tally
        };
        let good = dark(Vec::new());
        assert_eq!((good.right, good.false_ones, good.calm_s), (0, 1, 70.0));
        let bad = dark(vec![Fault::Slouch]);
        assert_eq!((bad.right, bad.false_ones, bad.calm_s), (0, 0, 10.0));
    }

    #[test]
    fn a_bout_that_began_in_an_earlier_posture_has_no_delay_here() {
        let truth = Truth::new()
            .bad(60.0, Fault::Slouch)
            .bad(60.0, Fault::SideLean);
        let script = Script::new().alert(95.0, 1, Fault::Slouch, 70.0);
        let score = score(truth, script);
        assert_eq!(score.tally.right, 1);
        assert!(score.tally.delays_s.is_empty());
    }
}
