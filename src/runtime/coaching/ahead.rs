//! A recording as the inputs of a break: its own ticks are the coach's.

use super::super::clock::LiveClock;
use super::super::inputs::Inputs;
use super::super::replay::{NO_WALL, tick_or_take};
use crate::domain::io::Input;
use crate::domain::time::Moment;

/// The observations of a recording, at its own pace or as fast as they can be taken, with a tick
/// whenever one is asked for. Time begins with the first of them.
pub struct Ahead<I> {
    inner: I,
    began: Option<Moment>,
    ahead: Option<(Moment, Input)>,
    clock: Option<LiveClock>,
}

impl<I: Inputs> Ahead<I> {
    /// Takes from `inner`, at its own pace where `paced`.
    #[must_use]
    pub fn new(inner: I, paced: bool) -> Self {
        Self {
            inner,
            began: None,
            ahead: None,
            clock: paced.then(LiveClock::start),
        }
    }

    async fn look(&mut self) -> anyhow::Result<Option<(Moment, Input)>> {
        while let Some((at, input)) = self.inner.next(None).await? {
            // The ticks and commands of a recorded session were for its monitor.
            if matches!(input, Input::Observation(_)) {
                let began = *self.began.get_or_insert(at);
                return Ok(Some((Moment::after(NO_WALL, at.since(began)), input)));
            }
        }
        Ok(None)
    }
}

impl<I: Inputs> Inputs for Ahead<I> {
    /// May be dropped while it waits; nothing is lost.
    async fn next(&mut self, deadline: Option<Moment>) -> anyhow::Result<Option<(Moment, Input)>> {
        if self.ahead.is_none() {
            // The work between two frames leaves the event loop no other moment.
            tokio::task::yield_now().await;
            self.ahead = self.look().await?;
        }
        let Some((at, _)) = &self.ahead else {
            return Ok(None);
        };
        if let Some(clock) = self.clock {
            let first = deadline.map_or(at.elapsed, |deadline| deadline.elapsed.min(at.elapsed));
            tokio::time::sleep_until(clock.instant(first)).await;
        }
        Ok(tick_or_take(deadline, &mut self.ahead))
    }
}
