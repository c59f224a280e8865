//! Hand-made labels and effects for the tests of the scoring.

#![cfg(test)]

use std::time::Duration;

use super::labels::{Labels, Segment, Verdict};
use super::outcome::Outcome;
use crate::domain::io::{Alert, AlertKind, Effect, Fault, Silence, State, Urgency};
use crate::domain::time::Moment;
use crate::runtime::replay::NO_WALL;

/// Labels written one segment after another.
pub(crate) struct Truth(Labels);

impl Truth {
    /// Twenty seconds of upright, of which ten are for calibration.
    pub(crate) fn new() -> Self {
        Self(Labels {
            subject: None,
            camera: "laptop".to_owned(),
            calibrate_s: 10.0,
            segments: Vec::new(),
            nudges: Vec::new(),
        })
        .then(Verdict::Good, 20.0, "upright")
    }

    /// `seconds` more, without faults.
    pub(crate) fn then(mut self, verdict: Verdict, seconds: f64, label: &str) -> Self {
        let from = self.0.segments.last().map_or(0.0, |last| last.to);
        self.0.segments.push(Segment {
            from,
            to: from + seconds,
            label: label.to_owned(),
            verdict,
            faults: Vec::new(),
            also: Vec::new(),
            must: false,
        });
        self
    }

    /// `seconds` more of a bad posture that must be told.
    pub(crate) fn bad(self, seconds: f64, fault: Fault) -> Self {
        let mut truth = self.then(Verdict::Bad, seconds, fault.name());
        let last = truth.0.segments.last_mut().unwrap();
        last.faults = vec![fault];
        last.must = true;
        truth
    }

    /// Changes the last segment.
    pub(crate) fn but(mut self, change: impl FnOnce(&mut Segment)) -> Self {
        change(self.0.segments.last_mut().unwrap());
        self
    }

    pub(crate) fn labels(self) -> Labels {
        self.0
    }
}

/// Effects written one after another.
#[derive(Default)]
pub(crate) struct Script(Vec<(Moment, Effect)>);

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn then(mut self, at: f64, effect: Effect) -> Self {
        let at = Moment::after(NO_WALL, Duration::from_secs_f64(at));
        self.0.push((at, effect));
        self
    }

    pub(crate) fn state(self, at: f64, state: State) -> Self {
        self.then(
            at,
            Effect::State {
                state,
                faults: Vec::new(),
                doubt: None,
            },
        )
    }

    pub(crate) fn alert(self, at: f64, bout: u64, fault: Fault, lasted: f64) -> Self {
        self.raise(at, bout, fault, lasted, None)
    }

    pub(crate) fn silenced(
        self,
        at: f64,
        bout: u64,
        fault: Fault,
        lasted: f64,
        why: Silence,
    ) -> Self {
        self.raise(at, bout, fault, lasted, Some(why))
    }

    fn raise(
        self,
        at: f64,
        bout: u64,
        fault: Fault,
        lasted: f64,
        silenced: Option<Silence>,
    ) -> Self {
        self.then(
            at,
            Effect::Alert(Alert {
                kind: AlertKind::Posture,
                bout,
                faults: vec![fault],
                amount: None,
                lasted: Duration::from_secs_f64(lasted),
                urgency: Urgency::Quiet,
                silenced,
            }),
        )
    }

    pub(crate) fn clear(self, at: f64, bout: u64) -> Self {
        self.then(
            at,
            Effect::Clear {
                kind: AlertKind::Posture,
                bout,
                faults: Vec::new(),
            },
        )
    }

    pub(crate) fn outcome(self) -> Outcome {
        Outcome::from_effects(&self.0)
    }
}
