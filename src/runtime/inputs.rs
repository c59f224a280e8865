//! Where inputs come from.

use std::future::Future;

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
