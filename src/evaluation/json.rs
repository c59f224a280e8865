//! The report for other programs: one JSON object. What cannot be had is null.

use serde_json::{Map, Value, json};

use super::bootstrap::{Interval, Intervals, intervals};
use super::fit::Choice;
use super::labels::Segment;
use super::report::{Judged, Report};
use super::score::{FalseAlert, FaultTally};
use super::seconds::{Confusion, Truth};
use super::tally::{Tally, percentile};
use crate::domain::io::{Fault, State};

/// The whole report.
#[must_use]
pub fn report(report: &Report) -> Value {
    let mut pooled = figures(&report.pooled());
    pooled["intervals"] = report.intervals().map_or(Value::Null, ends);
    let by_camera = report.by_camera().into_iter();
    let by_camera: Map<_, _> = by_camera
        .map(|(camera, tally)| (camera, figures(&tally)))
        .collect();
    let by_fault = Fault::ALL.iter().zip(report.by_fault());
    let by_fault: Map<_, _> = by_fault
        .map(|(fault, tally)| (fault.name().to_owned(), of_fault(&tally)))
        .collect();
    let recordings: Vec<Value> = report.recordings.iter().map(recording).collect();
    let mut all = json!({
        "recordings": recordings,
        "by_camera": by_camera,
        "by_fault": by_fault,
        "pooled": pooled,
    });
    if !report.choices.is_empty() {
        all["fit"] = fit(&report.choices);
    }
    all
}

fn recording(judged: &Judged) -> Value {
    let mut all = json!({
        "name": judged.name,
        "subject": judged.subject,
        "camera": judged.camera,
        "has_exercises": judged.has_exercises,
        "calibrated": judged.calibrated,
    });
    let misses: Vec<Value> = judged.score.misses.iter().map(miss).collect();
    let false_alerts: Vec<Value> = judged.score.false_alerts.iter().map(false_alert).collect();
    if let (Value::Object(all), Value::Object(more)) = (&mut all, figures(&judged.score.tally)) {
        all.extend(more);
    }
    all["misses"] = misses.into();
    all["false_alerts"] = false_alerts.into();
    all
}

fn figures(tally: &Tally) -> Value {
    json!({
        "must": tally.must,
        "told": tally.told,
        "right": tally.right,
        "named_right": tally.named_right,
        "false": tally.false_ones,
        "alert_precision": number(tally.alert_precision()),
        "bout_recall": number(tally.bout_recall()),
        "false_alerts_per_hour": number(tally.false_alerts_per_hour()),
        "confounder_alerts": tally.confounders,
        "delay_median_s": number(tally.delay_median_s()),
        "delay_p90_s": number(tally.delay_p90_s()),
        "macro_f1": number(tally.macro_f1()),
        "coverage": number(tally.coverage()),
        "camera_moves_detected": tally.moves.noticed,
        "camera_moves": tally.moves.made,
        "camera_moves_false": tally.moves.false_ones,
        "seconds": confusion(&tally.seconds),
    })
}

fn of_fault(tally: &FaultTally) -> Value {
    json!({
        "must": tally.must,
        "told": tally.told,
        "right": tally.right,
        "named_right": tally.named_right,
        "false": tally.false_ones,
        "delay_median_s": number(percentile(&tally.delays_s, 50.0)),
    })
}

fn confusion(table: &Confusion) -> Value {
    let row = |cells: [u32; State::ALL.len()]| -> Value {
        let cells = State::ALL.iter().zip(cells);
        cells
            .map(|(state, seconds)| (state.name().to_owned(), seconds.into()))
            .collect::<Map<_, _>>()
            .into()
    };
    let rows = Truth::ALL.iter().zip(table.0);
    rows.map(|(truth, cells)| (truth.name().to_owned(), row(cells)))
        .collect::<Map<_, _>>()
        .into()
}

fn ends(intervals: Intervals) -> Value {
    let pair =
        |interval: Interval| interval.map(|(low, high)| [number(Some(low)), number(Some(high))]);
    json!({
        "alert_precision": pair(intervals.alert_precision),
        "bout_recall": pair(intervals.bout_recall),
        "false_alerts_per_hour": pair(intervals.false_alerts_per_hour),
        "macro_f1": pair(intervals.macro_f1),
        "coverage": pair(intervals.coverage),
    })
}

fn fit(choices: &[Choice]) -> Value {
    let tallies: Vec<Tally> = choices.iter().map(|choice| choice.tally.clone()).collect();
    let mut pooled = figures(&tallies.iter().sum());
    pooled["intervals"] = intervals(&tallies).map_or(Value::Null, ends);
    let choice = |choice: &Choice| {
        let changes = choice.changes.iter();
        let chosen: Map<_, _> = changes
            .map(|change| (change.key.clone(), change.value.clone().into()))
            .collect();
        json!({
            "left_out": choice.subject,
            "chosen": chosen,
            "told": choice.tally.told,
            "must": choice.tally.must,
            "false": choice.tally.false_ones,
            "macro_f1": number(choice.tally.macro_f1()),
        })
    };
    json!({"choices": choices.iter().map(choice).collect::<Vec<_>>(), "pooled": pooled})
}

fn miss(segment: &Segment) -> Value {
    json!({
        "from": number(Some(segment.from)),
        "to": number(Some(segment.to)),
        "label": segment.label,
        "faults": names(&segment.faults),
    })
}

fn false_alert(alert: &FalseAlert) -> Value {
    let during = alert.during.as_ref();
    json!({
        "t": number(Some(alert.at)),
        "label": during.map(|(label, _)| label),
        "verdict": during.map(|(_, verdict)| verdict.name()),
        "faults": names(&alert.faults),
    })
}

fn names(faults: &[Fault]) -> Vec<&'static str> {
    faults.iter().map(|fault| fault.name()).collect()
}

/// Four decimals: more would be noise.
fn number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| json!((value * 1e4).round() / 1e4))
}
