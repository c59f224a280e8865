//! The wording of alerts, in English: what, how much, since when. Modest: a reminder for comfort,
//! never a word about health.

use std::time::Duration;

use crate::domain::io::{Alert, AlertKind, Amount, Fault, Urgency};

/// What a bubble says. Plain text: whoever shows it escapes what its medium takes for markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it is about, in a few words.
    pub summary: String,
    /// How much and since when.
    pub body: String,
}

/// The wording of `alert`.
#[must_use]
pub fn alert(alert: &Alert) -> Text {
    match alert.kind {
        AlertKind::Posture => posture(alert),
        AlertKind::Sitting => sitting(alert),
        AlertKind::NewPlace => question(
            "A new place",
            "sit upright and look at the screen, then let your upright be learnt here",
        ),
        AlertKind::StoodUp => question(
            "You seem to stand",
            "stand upright and look at the screen, then let your upright be learnt for standing",
        ),
        AlertKind::SatDown => question(
            "You seem to sit",
            "sit upright and look at the screen, then let your upright be learnt for sitting",
        ),
    }
}

/// The label of the button that says yes to a question.
pub const LEARN: &str = "Learn it (10 s)";

/// The label of the button that says no to a question.
pub const NOT_NOW: &str = "Not now";

/// `text` for daemons that take bodies for markup.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The label of the button that calls an alert wrong.
pub const WRONG: &str = "That was wrong";

/// The label of the button that has the upright learnt anew.
pub const RECALIBRATE: &str = "Recalibrate";

/// What answers a question of `kind` where there is no button.
#[must_use]
pub fn without_buttons(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::StoodUp => "\"backstay recalibrate --standing\" learns it",
        AlertKind::Posture | AlertKind::Sitting | AlertKind::NewPlace | AlertKind::SatDown => {
            "\"backstay recalibrate\" learns it"
        }
    }
}

fn question(summary: &str, body: &str) -> Text {
    Text {
        summary: summary.to_owned(),
        body: body.to_owned(),
    }
}

/// The label of the button that silences alerts for `span`, in whole minutes.
#[must_use]
pub fn snooze(span: Duration) -> String {
    format!("Snooze {} min", span.as_secs() / 60)
}

fn posture(alert: &Alert) -> Text {
    let lasted = duration(alert.lasted);
    let Some((&worst, others)) = alert.faults.split_first() else {
        return Text {
            summary: "Posture".to_owned(),
            body: format!("off your upright, for {lasted}"),
        };
    };
    let mut body = format!("{}, for {lasted}", finding(worst, alert.amount));
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|&f| name(f).to_lowercase()).collect();
        body += &format!("; also {}", names.join(", "));
    }
    Text {
        summary: name(worst).to_owned(),
        body,
    }
}

fn sitting(alert: &Alert) -> Text {
    let body = match alert.urgency {
        Urgency::Quiet => "a good moment to get up and walk about for a few minutes",
        Urgency::Firm => "no break yet: get up and walk about for a few minutes",
    };
    Text {
        summary: format!("Sitting for {}", duration(alert.lasted)),
        body: body.to_owned(),
    }
}

pub(super) fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Slouch => "Slouching",
        Fault::ForwardHead => "Head forward",
        Fault::LeanIn => "Leaning in",
        Fault::SideLean => "Leaning to one side",
        Fault::HeadTilt => "Head tilted",
        Fault::HeadDown => "Head down",
        Fault::RaisedShoulders => "Shoulders raised",
        Fault::TooClose => "Too close to the screen",
    }
}

/// What was seen: the part before the number, the number where there is one, the part after it.
fn finding(fault: Fault, amount: Option<Amount>) -> String {
    let (before, after) = match (fault, amount) {
        // Seen from the front, a head that comes nearer is a head that grows.
        (Fault::ForwardHead | Fault::LeanIn | Fault::TooClose, Some(Amount::Percent(_))) => {
            ("head looks", "larger than at your upright")
        }
        (Fault::TooClose, None) => ("eyes", "very near to the screen"),
        (Fault::TooClose, Some(_)) => ("eyes", "from the screen"),
        (Fault::Slouch, _) => ("head", "lower than your upright"),
        (Fault::ForwardHead, _) => ("head", "further forward than your upright"),
        (Fault::LeanIn, _) => ("head", "nearer to the screen than your upright"),
        (Fault::SideLean, _) => ("shoulders", "off your upright"),
        (Fault::HeadTilt, _) => ("head tilted", "from your upright"),
        (Fault::HeadDown, _) => ("head", "further down than your upright"),
        (Fault::RaisedShoulders, _) => ("shoulders", "nearer to your ears than upright"),
    };
    match amount.and_then(number) {
        Some(number) => format!("{before} {number} {after}"),
        None => format!("{before} {after}"),
    }
}

/// A whole number with its unit: a webcam knows no better, and a person needs no better. `None` for
/// less than one, which would only puzzle: another measure made the fault.
fn number(amount: Amount) -> Option<String> {
    let (value, unit) = match amount {
        Amount::Percent(value) => (value, " %"),
        Amount::Centimetres(value) => (value, " cm"),
        Amount::Degrees(value) => (value.abs(), "°"),
    };
    let value = value.round();
    (value >= 1.0).then(|| format!("{value}{unit}"))
}

/// "40 s", "3 min", "1 h 5 min": rounded down, so that it never says more than was measured.
pub(super) fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn told(faults: &[Fault], amount: Option<Amount>) -> String {
        let Text { summary, body } = alert(&Alert {
            kind: AlertKind::Posture,
            bout: 1,
            faults: faults.to_vec(),
            amount,
            lasted: Duration::from_secs(40),
            urgency: Urgency::Quiet,
            silenced: None,
        });
        format!("{summary}: {body}")
    }

    #[test]
    fn every_fault_with_every_amount() {
        let amounts = [
            None,
            Some(Amount::Percent(9.4)),
            Some(Amount::Centimetres(4.0)),
            Some(Amount::Degrees(-7.6)),
        ];
        let lines: Vec<_> = Fault::ALL
            .iter()
            .flat_map(|&fault| amounts.map(|amount| told(&[fault], amount)))
            .collect();
        assert_snapshot!(lines.join("\n"), @"
        Slouching: head lower than your upright, for 40 s
        Slouching: head 9 % lower than your upright, for 40 s
        Slouching: head 4 cm lower than your upright, for 40 s
        Slouching: head 8° lower than your upright, for 40 s
        Head forward: head further forward than your upright, for 40 s
        Head forward: head looks 9 % larger than at your upright, for 40 s
        Head forward: head 4 cm further forward than your upright, for 40 s
        Head forward: head 8° further forward than your upright, for 40 s
        Leaning in: head nearer to the screen than your upright, for 40 s
        Leaning in: head looks 9 % larger than at your upright, for 40 s
        Leaning in: head 4 cm nearer to the screen than your upright, for 40 s
        Leaning in: head 8° nearer to the screen than your upright, for 40 s
        Leaning to one side: shoulders off your upright, for 40 s
        Leaning to one side: shoulders 9 % off your upright, for 40 s
        Leaning to one side: shoulders 4 cm off your upright, for 40 s
        Leaning to one side: shoulders 8° off your upright, for 40 s
        Head tilted: head tilted from your upright, for 40 s
        Head tilted: head tilted 9 % from your upright, for 40 s
        Head tilted: head tilted 4 cm from your upright, for 40 s
        Head tilted: head tilted 8° from your upright, for 40 s
        Head down: head further down than your upright, for 40 s
        Head down: head 9 % further down than your upright, for 40 s
        Head down: head 4 cm further down than your upright, for 40 s
        Head down: head 8° further down than your upright, for 40 s
        Shoulders raised: shoulders nearer to your ears than upright, for 40 s
        Shoulders raised: shoulders 9 % nearer to your ears than upright, for 40 s
        Shoulders raised: shoulders 4 cm nearer to your ears than upright, for 40 s
        Shoulders raised: shoulders 8° nearer to your ears than upright, for 40 s
        Too close to the screen: eyes very near to the screen, for 40 s
        Too close to the screen: head looks 9 % larger than at your upright, for 40 s
        Too close to the screen: eyes 4 cm from the screen, for 40 s
        Too close to the screen: eyes 8° from the screen, for 40 s
        ");
    }

    #[test]
    fn an_amount_that_says_nothing_is_left_out() {
        let amounts = [
            Amount::Centimetres(0.4),
            Amount::Percent(-3.0),
            Amount::Degrees(f64::NAN),
        ];
        for amount in amounts {
            assert_eq!(
                told(&[Fault::Slouch], Some(amount)),
                told(&[Fault::Slouch], None)
            );
        }
    }

    #[test]
    fn several_faults_and_none() {
        let several = [Fault::Slouch, Fault::SideLean, Fault::HeadTilt];
        assert_snapshot!(told(&several, Some(Amount::Percent(9.0))), @"Slouching: head 9 % lower than your upright, for 40 s; also leaning to one side, head tilted");
        assert_snapshot!(told(&[], None), @"Posture: off your upright, for 40 s");
    }

    #[test]
    fn sitting_quietly_and_firmly() {
        let told = |urgency, minutes: u64| {
            let Text { summary, body } = alert(&Alert {
                kind: AlertKind::Sitting,
                bout: 1,
                faults: Vec::new(),
                amount: None,
                lasted: Duration::from_secs(minutes * 60),
                urgency,
                silenced: None,
            });
            format!("{summary}: {body}")
        };
        assert_snapshot!(told(Urgency::Quiet, 30), @"Sitting for 30 min: a good moment to get up and walk about for a few minutes");
        assert_snapshot!(told(Urgency::Firm, 60), @"Sitting for 1 h: no break yet: get up and walk about for a few minutes");
    }

    #[test]
    fn durations_are_rounded_down() {
        let spans = [0, 40, 59, 60, 119, 3599, 3600, 3900, 7259];
        let lines: Vec<_> = spans.map(|s| duration(Duration::from_secs(s))).to_vec();
        assert_snapshot!(lines.join(", "), @"0 s, 40 s, 59 s, 1 min, 1 min, 59 min, 1 h, 1 h 5 min, 2 h");
    }

    #[test]
    fn the_snooze_button_says_how_long() {
        assert_eq!(snooze(Duration::from_secs(900)), "Snooze 15 min");
    }
}
