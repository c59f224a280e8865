//! The report for people: tables in plain text. What cannot be had is a dash.

use super::bootstrap::{Interval, Intervals, intervals};
use super::fit::Choice;
use super::report::{Judged, Report};
use super::score::FaultTally;
use super::seconds::{Confusion, Truth};
use super::tally::{Tally, percentile};
use crate::domain::io::{Fault, State};

/// The heads of the columns that every sum of recordings has.
const HEADS: [&str; 7] = [
    "told", "right", "false", "false/h", "macro-F1", "coverage", "delay s",
];

/// The whole report; lines without the last newline.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut parts = vec![recordings(&report.recordings)];
    let pooled = report.pooled();
    let by_camera = report.by_camera();
    if !by_camera.is_empty() {
        parts.push(sums("by camera", &by_camera));
        parts.push(by_fault(&report.by_fault()));
        parts.push(confusion(&pooled.seconds));
        parts.push(in_full("pooled", &pooled, report.intervals()));
    }
    if !report.choices.is_empty() {
        parts.extend(fit(&report.choices));
    }
    parts.extend(misses(&report.recordings));
    parts.extend(false_alerts(&report.recordings));
    parts.join("\n\n")
}

fn recordings(all: &[Judged]) -> String {
    let mut rows = vec![row(["recording", "camera"], HEADS)];
    let mut notes = Vec::new();
    for one in all {
        let mark = if one.has_exercises { " *" } else { "" };
        let name = format!("{}{mark}", one.name);
        rows.push(row([&name, &one.camera], cells(&one.score.tally)));
        if !one.calibrated {
            notes.push(format!("{}: the upright could not be learnt", one.name));
        }
        if let Some(end) = one.cut_short_at {
            notes.push(format!(
                "{}: the recording ends at {end:.0} s, before its labels",
                one.name
            ));
        }
    }
    if all.iter().any(|one| one.has_exercises) {
        notes.push("* with exercises: judged apart, not in the sums below".to_owned());
    }
    let mut text = columns(&rows, 2);
    for note in notes {
        text += &format!("\n{note}");
    }
    text
}

fn sums(title: &str, sums: &[(String, Tally)]) -> String {
    let mut rows = vec![row([title], HEADS)];
    rows.extend(sums.iter().map(|(name, tally)| row([name], cells(tally))));
    columns(&rows, 1)
}

fn cells(tally: &Tally) -> [String; HEADS.len()] {
    [
        format!("{}/{}", tally.told, tally.must),
        tally.right.to_string(),
        tally.false_ones.to_string(),
        number(tally.false_alerts_per_hour(), 1),
        number(tally.macro_f1(), 3),
        number(tally.coverage(), 3),
        number(tally.delay_median_s(), 1),
    ]
}

fn by_fault(tallies: &[FaultTally]) -> String {
    let heads = ["told", "right", "named right", "false", "delay s"];
    let mut rows = vec![row(["by fault"], heads)];
    for (fault, tally) in Fault::ALL.iter().zip(tallies) {
        let cells = [
            format!("{}/{}", tally.told, tally.must),
            tally.right.to_string(),
            tally.named_right.to_string(),
            tally.false_ones.to_string(),
            number(percentile(&tally.delays_s, 50.0), 1),
        ];
        rows.push(row([spaced(fault.name())], cells));
    }
    columns(&rows, 1)
}

fn confusion(table: &Confusion) -> String {
    let heads = State::ALL.map(|state| spaced(state.name()));
    let mut rows = vec![row(["seconds that are"], heads)];
    for (truth, cells) in Truth::ALL.iter().zip(table.0) {
        let scored = matches!(truth, Truth::Good | Truth::Bad | Truth::Away);
        let name = match (scored, truth.name()) {
            (true, name) => name.to_owned(),
            (false, name) => format!("({name})"),
        };
        rows.push(row([name], cells.map(|seconds| seconds.to_string())));
    }
    columns(&rows, 1)
}

fn in_full(title: &str, tally: &Tally, intervals: Option<Intervals>) -> String {
    let of = |pick: fn(&Intervals) -> Interval| intervals.as_ref().and_then(pick);
    let alerts = tally.right + tally.false_ones;
    let right = format!("{} of {alerts} alerts", tally.right);
    let told = format!("{} of {} bad postures", tally.told, tally.must);
    let hours = format!("{} in {:.2} h", tally.false_ones, tally.calm_s / 3600.0);
    let confounders = format!("{} of them in neutral postures", tally.confounders);
    let named = format!("{} of {} right alerts", tally.named_right, tally.right);
    let delay = format!("nine of ten {}", number(tally.delay_p90_s(), 1));
    let moves = tally.moves;
    let noticed = format!(
        "{} of {}, and {} that were none",
        moves.noticed, moves.made, moves.false_ones
    );
    let (precision, recall) = (tally.alert_precision(), tally.bout_recall());
    let hourly = tally.false_alerts_per_hour();
    let (f1, coverage) = (tally.macro_f1(), tally.coverage());
    let rows = [
        [
            title.to_owned(),
            String::new(),
            "95 %".to_owned(),
            String::new(),
        ],
        full(
            "alert precision",
            precision,
            3,
            of(|i| i.alert_precision),
            &right,
        ),
        full("bout recall", recall, 3, of(|i| i.bout_recall), &told),
        full(
            "false alerts/h",
            hourly,
            2,
            of(|i| i.false_alerts_per_hour),
            &hours,
        ),
        full("confounder alerts", None, 0, None, &confounders),
        full("named right", None, 0, None, &named),
        full("delay median, s", tally.delay_median_s(), 1, None, &delay),
        full("macro-F1", f1, 3, of(|i| i.macro_f1), ""),
        full("coverage", coverage, 3, of(|i| i.coverage), ""),
        full("camera moves", None, 0, None, &noticed),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
    columns(&rows, 4)
}

fn full(
    name: &str,
    value: Option<f64>,
    decimals: usize,
    interval: Interval,
    detail: &str,
) -> [String; 4] {
    let interval = interval.map_or("-".to_owned(), |(low, high)| {
        format!("{low:.decimals$} to {high:.decimals$}")
    });
    [
        name.to_owned(),
        number(value, decimals),
        interval,
        detail.to_owned(),
    ]
}

fn fit(choices: &[Choice]) -> Vec<String> {
    let mut rows = vec![row(["left out", "chosen on the others"], HEADS)];
    for choice in choices {
        let changes: Vec<String> = choice.changes.iter().map(ToString::to_string).collect();
        rows.push(row(
            [&choice.subject, &changes.join(" ")],
            cells(&choice.tally),
        ));
    }
    let tallies: Vec<Tally> = choices.iter().map(|choice| choice.tally.clone()).collect();
    let pooled = tallies.iter().sum();
    vec![
        columns(&rows, 2),
        in_full("left out, pooled", &pooled, intervals(&tallies)),
    ]
}

fn misses(all: &[Judged]) -> Option<String> {
    let mut rows = Vec::new();
    for one in all {
        for missed in &one.score.misses {
            let place = format!("{:.1} to {:.1} s", missed.from, missed.to);
            rows.push(row(
                [&one.name, &place, &missed.label],
                [names(&missed.faults)],
            ));
        }
    }
    listed("missed", rows)
}

fn false_alerts(all: &[Judged]) -> Option<String> {
    let mut rows = Vec::new();
    for one in all {
        for alert in &one.score.false_alerts {
            let during = alert.during.as_ref().map_or("-".to_owned(), |(label, v)| {
                format!("{label} ({})", v.name())
            });
            let place = format!("{:.1} s", alert.at);
            rows.push(row([&one.name, &place, &during], [names(&alert.faults)]));
        }
    }
    listed("false alerts", rows)
}

fn listed(title: &str, rows: Vec<Vec<String>>) -> Option<String> {
    (!rows.is_empty()).then(|| format!("{title}\n{}", columns(&rows, 4)))
}

fn names(faults: &[Fault]) -> String {
    let names: Vec<String> = faults.iter().map(|fault| spaced(fault.name())).collect();
    names.join(", ")
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.decimals$}"))
}

fn row(
    texts: impl IntoIterator<Item = impl ToString>,
    cells: impl IntoIterator<Item = impl ToString>,
) -> Vec<String> {
    let texts = texts.into_iter().map(|text| text.to_string());
    let cells = cells.into_iter().map(|cell| cell.to_string());
    texts.chain(cells).collect()
}

/// Rows with their columns below each other: the first `texts` to the left, the others to the
/// right.
fn columns(rows: &[Vec<String>], texts: usize) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = width(column);
            let gap = if column == 0 { "" } else { "  " };
            line += &if column < texts {
                format!("{gap}{cell:<width$}")
            } else {
                format!("{gap}{cell:>width$}")
            };
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [
            row(["recording"], ["told", "delay"]),
            row(["a"], ["1/2", "-"]),
        ];
        assert_eq!(
            columns(&rows, 1),
            "recording  told  delay\na           1/2      -"
        );
    }

    #[test]
    fn what_cannot_be_had_is_a_dash() {
        let cells = cells(&Tally::default());
        assert_eq!(cells, ["0/0", "0", "0", "-", "-", "-", "-"]);
        let text = in_full("pooled", &Tally::default(), None);
        assert!(
            text.contains("alert precision    -  -     0 of 0 alerts"),
            "{text}"
        );
    }
}
