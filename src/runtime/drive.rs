//! The loop that live runs and replays share.

use std::time::Duration;

use super::inputs::Inputs;
use super::outputs::Outputs;
use crate::domain::io::Effect;
use crate::domain::monitor::Monitor;

/// Hands every input to the monitor and every effect to the outputs, until the inputs end.
///
/// # Errors
/// When the inputs break off or an output cannot be written.
pub async fn drive(
    monitor: &mut Monitor,
    inputs: &mut impl Inputs,
    outputs: &mut Outputs,
) -> anyhow::Result<()> {
    let mut latest = Duration::ZERO;
    let mut last = None;
    while let Some((mut at, input)) = inputs.next(monitor.deadline()).await? {
        // A frame is dated when it was taken and a tick when it came: an order that the session
        // must keep, so it is settled here and not in the monitor alone.
        latest = latest.max(at.elapsed);
        at.elapsed = latest;
        outputs.input(at, &input)?;
        let effects = monitor.handle(at, input);
        outputs.apply(at, &effects)?;
        outputs.post(at, monitor);
        last = Some(at);
    }
    // What goes on at the desk when the run ends is over for it.
    if let Some(at) = last {
        let open = monitor.open_intervals();
        let over: Vec<_> = open.into_iter().map(Effect::Interval).collect();
        outputs.apply(at, &over)?;
    }
    Ok(())
}
