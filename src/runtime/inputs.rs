//! Where inputs come from.

use std::future::Future;

use tokio::sync::mpsc::Receiver;

use crate::domain::io::Input;
use crate::domain::time::Moment;

/// A stream of dated inputs.
pub trait Inputs {
    /// The next input. When nothing happens before `deadline`, an [`Input::Tick`] of that moment;
    /// a recorded session gives the ticks it has recorded instead. `None` at the end.
    fn next(
        &mut self,
        deadline: Option<Moment>,
    ) -> impl Future<Output = anyhow::Result<Option<(Moment, Input)>>>;
}

/// The next value; never, when there is no channel or nobody at its other end any more.
pub(super) async fn next_of<T>(channel: &mut Option<Receiver<T>>) -> T {
    if let Some(open) = channel {
        if let Some(value) = open.recv().await {
            return value;
        }
        *channel = None;
    }
    std::future::pending().await
}
