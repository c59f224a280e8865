//! Inputs from observations that were made before, looked at as a replay looks at pictures.

use std::collections::VecDeque;
use std::time::Duration;

use super::inputs::Inputs;
use super::rate::{Due, SharedRate};
use super::replay::{NO_WALL, tick_or_take};
use crate::domain::io::{Command, Input, Observation};
use crate::domain::time::Moment;

/// Gives those of the kept observations of a recording that are due, and the ticks between them.
///
/// It picks as [`FrameReplay`](super::replay::FrameReplay) does. Only the score of presence may
/// differ from such a replay's: an observer looks for a person by time and by what it saw before,
/// and it saw more pictures when every one of them was looked at.
pub struct ObservationReplay<'a> {
    left: std::slice::Iter<'a, (Duration, Observation)>,
    rate: SharedRate,
    due: Due,
    planned: VecDeque<Command>,
    ahead: Option<(Moment, Input)>,
}

impl<'a> ObservationReplay<'a> {
    /// Takes from `observations`, in the order of their times, as often as `rate` says.
    #[must_use]
    pub fn new(observations: &'a [(Duration, Observation)], rate: SharedRate) -> Self {
        Self {
            left: observations.iter(),
            rate,
            due: Due::default(),
            planned: VecDeque::new(),
            ahead: None,
        }
    }

    /// Calibrates on the first `span`.
    pub fn calibrate(&mut self, span: Duration) {
        self.planned.push_back(Command::Calibrate(span));
    }

    fn look(&mut self) -> Option<(Moment, Input)> {
        if let Some(command) = self.planned.pop_front() {
            let start = Moment::after(NO_WALL, Duration::ZERO);
            return Some((start, Input::Command(command)));
        }
        let hz = self.rate.get();
        let (at, seen) = self.left.find(|(at, _)| self.due.take(*at, hz))?;
        Some((Moment::after(NO_WALL, *at), Input::Observation(*seen)))
    }
}

impl Inputs for ObservationReplay<'_> {
    async fn next(&mut self, deadline: Option<Moment>) -> anyhow::Result<Option<(Moment, Input)>> {
        if self.ahead.is_none() {
            self.ahead = self.look();
        }
        Ok(tick_or_take(deadline, &mut self.ahead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pose::Pose;

    fn seen() -> Observation {
        Observation {
            frame: (640, 480),
            pose: Pose::default(),
            presence: 1.0,
            light: 0.5,
            camera: None,
            other_person: None,
        }
    }

    #[tokio::test]
    async fn what_is_not_due_is_passed_over() {
        let observations: Vec<_> = (0..20)
            .map(|n| (Duration::from_millis(100 * n), seen()))
            .collect();
        let rate = SharedRate::new(2.0);
        let mut replay = ObservationReplay::new(&observations, rate.clone());
        replay.calibrate(Duration::from_secs(3));
        let mut times = Vec::new();
        let (_, first) = replay.next(None).await.unwrap().unwrap();
        assert!(matches!(first, Input::Command(Command::Calibrate(_))));
        while let Some((at, input)) = replay.next(None).await.unwrap() {
            assert!(matches!(input, Input::Observation(_)));
            times.push(at.elapsed.as_millis());
            if times.len() == 2 {
                rate.set(10.0);
            }
        }
        assert_eq!(times[..4], [0, 500, 600, 700]);
        assert_eq!(times.len(), 16);
    }

    #[tokio::test]
    async fn a_tick_comes_before_what_is_later() {
        let observations = [(Duration::from_secs(9), seen())];
        let mut replay = ObservationReplay::new(&observations, SharedRate::new(1.0));
        let deadline = Moment::after(NO_WALL, Duration::from_secs(5));
        let tick = replay.next(Some(deadline)).await.unwrap();
        assert_eq!(tick, Some((deadline, Input::Tick)));
        let (at, _) = replay.next(None).await.unwrap().unwrap();
        assert_eq!(at.elapsed, Duration::from_secs(9));
        assert_eq!(replay.next(None).await.unwrap(), None);
    }
}
