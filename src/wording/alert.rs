//! The wording of alerts: what, how much, since when.

use std::time::Duration;

use super::{Texts, capital, duration};
use crate::domain::io::{Alert, AlertKind, Amount, Fault};

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
pub fn alert(texts: Texts, alert: &Alert) -> Text {
    match alert.kind {
        AlertKind::Posture => posture(texts, alert),
        AlertKind::Sitting => Text {
            summary: texts.sat_for(&duration(alert.lasted)),
            body: match span(alert.amount) {
                Some(span) => texts.get_up_for(alert.urgency, &span),
                None => texts.get_up(alert.urgency).to_owned(),
            },
        },
        AlertKind::Stand => Text {
            summary: texts.sat_for(&duration(alert.lasted)),
            body: texts.stand_for(&span(alert.amount).unwrap_or_default()),
        },
        AlertKind::Move => Text {
            summary: texts.stood_for(&duration(alert.lasted)),
            body: texts.move_for(&span(alert.amount).unwrap_or_default()),
        },
        AlertKind::Eyes => hint(texts.rest_the_eyes(&duration(alert.lasted))),
        AlertKind::Water => hint(texts.drink(&duration(alert.lasted))),
        AlertKind::NewPlace => asking(texts.ask_at_new_place()),
        AlertKind::StoodUp => asking(texts.ask_when_stood_up()),
        AlertKind::SatDown => asking(texts.ask_when_sat_down()),
    }
}

/// Whether an alert of `kind` proposes what a break is for, and so may have a button that starts one.
#[must_use]
pub fn proposes_break(kind: AlertKind) -> bool {
    match kind {
        AlertKind::Sitting | AlertKind::Move => true,
        AlertKind::Posture
        | AlertKind::Stand
        | AlertKind::Eyes
        | AlertKind::Water
        | AlertKind::NewPlace
        | AlertKind::StoodUp
        | AlertKind::SatDown => false,
    }
}

/// The wording of `alert` where there are no buttons: it names the command that answers a question,
/// or starts the break that is proposed.
#[must_use]
pub fn alert_without_buttons(texts: Texts, of: &Alert) -> Text {
    let mut text = alert(texts, of);
    text.body += &match of.kind {
        AlertKind::Sitting | AlertKind::Move => {
            format!("; {}", texts.break_by_command("backstay break"))
        }
        AlertKind::StoodUp => {
            let command = "backstay recalibrate --standing";
            format!(": {}", texts.answer_by_command(command))
        }
        AlertKind::NewPlace | AlertKind::SatDown => {
            format!(": {}", texts.answer_by_command("backstay recalibrate"))
        }
        AlertKind::Posture | AlertKind::Stand | AlertKind::Eyes | AlertKind::Water => String::new(),
    };
    text
}

fn asking((summary, body): (&str, &str)) -> Text {
    Text {
        summary: summary.to_owned(),
        body: body.to_owned(),
    }
}

fn hint((summary, body): (&str, String)) -> Text {
    Text {
        summary: summary.to_owned(),
        body,
    }
}

/// How long something is to last, where that is what `amount` says.
fn span(amount: Option<Amount>) -> Option<String> {
    let Some(Amount::Minutes(minutes)) = amount else {
        return None;
    };
    Duration::try_from_secs_f64(60.0 * minutes)
        .ok()
        .map(duration)
}

fn posture(texts: Texts, alert: &Alert) -> Text {
    let lasted = duration(alert.lasted);
    let Some((&worst, others)) = alert.faults.split_first() else {
        return Text {
            summary: texts.posture().to_owned(),
            body: texts.lasting(texts.off_upright(), &lasted),
        };
    };
    let mut body = texts.lasting(&finding(texts, worst, alert.amount), &lasted);
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|fault| texts.fault(*fault)).collect();
        body += &texts.also(&names.join(", "));
    }
    Text {
        summary: capital(texts.fault(worst)),
        body,
    }
}

/// What was seen, with its number where there is one.
fn finding(texts: Texts, fault: Fault, amount: Option<Amount>) -> String {
    let (before, after) = texts.finding(fault, amount);
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
        Amount::Minutes(value) => (value, " min"),
    };
    let value = value.round();
    (value >= 1.0).then(|| format!("{value}{unit}"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::domain::io::Urgency;
    use crate::wording::{ENGLISH, Language};

    fn told(faults: &[Fault], amount: Option<Amount>) -> String {
        told_in(ENGLISH, faults, amount)
    }

    fn told_in(texts: Texts, faults: &[Fault], amount: Option<Amount>) -> String {
        let Text { summary, body } = alert(
            texts,
            &Alert {
                kind: AlertKind::Posture,
                bout: 1,
                faults: faults.to_vec(),
                amount,
                lasted: Duration::from_secs(40),
                urgency: Urgency::Quiet,
                silenced: None,
            },
        );
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
            let Text { summary, body } = alert(
                ENGLISH,
                &Alert {
                    kind: AlertKind::Sitting,
                    bout: 1,
                    faults: Vec::new(),
                    amount: None,
                    lasted: Duration::from_secs(minutes * 60),
                    urgency,
                    silenced: None,
                },
            );
            format!("{summary}: {body}")
        };
        assert_snapshot!(told(Urgency::Quiet, 30), @"Sitting for 30 min: a good moment to get up and walk about for a few minutes");
        assert_snapshot!(told(Urgency::Firm, 60), @"Sitting for 1 h: no break yet: get up and walk about for a few minutes");
    }

    /// What a prompt or a hint says after 20 minutes, in each language.
    fn proposed(kind: AlertKind, amount: Option<Amount>, urgency: Urgency) -> String {
        let told = Language::ALL.map(|language| {
            let Text { summary, body } = alert(
                language.texts(),
                &Alert {
                    kind,
                    bout: 1,
                    faults: Vec::new(),
                    amount,
                    lasted: Duration::from_secs(20 * 60),
                    urgency,
                    silenced: None,
                },
            );
            format!("{summary}: {body}")
        });
        told.join("\n")
    }

    #[test]
    fn a_pattern_says_what_comes_next() {
        let minutes = |count| Some(Amount::Minutes(count));
        let lines = [
            proposed(AlertKind::Stand, minutes(8.0), Urgency::Quiet),
            proposed(AlertKind::Move, minutes(2.0), Urgency::Quiet),
            proposed(AlertKind::Sitting, minutes(2.0), Urgency::Quiet),
            proposed(AlertKind::Sitting, minutes(10.0), Urgency::Firm),
        ];
        assert_snapshot!(lines.join("\n"), @"
        Sitting for 20 min: next: stand for 8 min
        Seit 20 min im Sitzen: als Nächstes 8 min stehen
        Standing for 20 min: next: walk about for 2 min, then sit
        Seit 20 min im Stehen: als Nächstes 2 min gehen, dann sitzen
        Sitting for 20 min: a good moment to get up and walk about for 2 min
        Seit 20 min im Sitzen: ein guter Moment, um aufzustehen und 2 min zu gehen
        Sitting for 20 min: no break yet: get up and walk about for 10 min
        Seit 20 min im Sitzen: noch keine Pause: aufstehen und 10 min gehen
        ");
    }

    #[test]
    fn without_buttons_a_command_is_named() {
        let told = |kind| {
            let told = Language::ALL.map(|language| {
                let of = Alert {
                    kind,
                    bout: 1,
                    faults: Vec::new(),
                    amount: Some(Amount::Minutes(2.0)),
                    lasted: Duration::from_secs(20 * 60),
                    urgency: Urgency::Quiet,
                    silenced: None,
                };
                let before = alert(language.texts(), &of).body;
                let body = alert_without_buttons(language.texts(), &of).body;
                body.strip_prefix(&before).unwrap().to_owned()
            });
            format!("{}{}", kind.name(), told.join(" | "))
        };
        assert_snapshot!(AlertKind::ALL.map(told).join("\n"), @r#"
        posture | 
        sitting; "backstay break" leads through exercises | ; "backstay break" leitet Übungen an
        stand | 
        move; "backstay break" leads through exercises | ; "backstay break" leitet Übungen an
        eyes | 
        water | 
        new_place: "backstay recalibrate" learns it | : "backstay recalibrate" lernt sie
        stood_up: "backstay recalibrate --standing" learns it | : "backstay recalibrate --standing" lernt sie
        sat_down: "backstay recalibrate" learns it | : "backstay recalibrate" lernt sie
        "#);
    }

    #[test]
    fn hints_offer_and_promise_nothing() {
        let lines = [AlertKind::Eyes, AlertKind::Water];
        let lines = lines.map(|kind| proposed(kind, None, Urgency::Quiet));
        assert_snapshot!(lines.join("\n"), @"
        A rest for the eyes: after 20 min at the screen look at something 6 m or more away for 20 seconds
        Ruhe für die Augen: nach 20 min am Bildschirm 20 Sekunden lang etwas ansehen, das mindestens 6 m weit weg ist
        A glass of water: perhaps now, after 20 min at the desk
        Ein Glas Wasser: vielleicht jetzt, nach 20 min am Platz
        ");
    }

    #[test]
    fn german() {
        let texts = Language::German.texts();
        let amounts = [None, Some(Amount::Centimetres(4.0))];
        let lines: Vec<_> = Fault::ALL
            .iter()
            .flat_map(|&fault| amounts.map(|amount| told_in(texts, &[fault], amount)))
            .collect();
        assert_snapshot!(lines.join("\n"), @"
        Zusammengesunken: Kopf tiefer als aufrecht, seit 40 s
        Zusammengesunken: Kopf 4 cm tiefer als aufrecht, seit 40 s
        Kopf vorgeschoben: Kopf weiter vorn als aufrecht, seit 40 s
        Kopf vorgeschoben: Kopf 4 cm weiter vorn als aufrecht, seit 40 s
        Vorgebeugt: Kopf näher am Bildschirm als aufrecht, seit 40 s
        Vorgebeugt: Kopf 4 cm näher am Bildschirm als aufrecht, seit 40 s
        Zur Seite gelehnt: Schultern schräger als aufrecht, seit 40 s
        Zur Seite gelehnt: Schultern 4 cm schräger als aufrecht, seit 40 s
        Kopf geneigt: Kopf schräger als aufrecht, seit 40 s
        Kopf geneigt: Kopf 4 cm schräger als aufrecht, seit 40 s
        Kopf gesenkt: Kopf weiter unten als aufrecht, seit 40 s
        Kopf gesenkt: Kopf 4 cm weiter unten als aufrecht, seit 40 s
        Schultern hochgezogen: Schultern näher an den Ohren als aufrecht, seit 40 s
        Schultern hochgezogen: Schultern 4 cm näher an den Ohren als aufrecht, seit 40 s
        Zu nah am Bildschirm: Augen sehr nah am Bildschirm, seit 40 s
        Zu nah am Bildschirm: Augen 4 cm vom Bildschirm entfernt, seit 40 s
        ");
        let several = [Fault::Slouch, Fault::SideLean, Fault::HeadTilt];
        assert_snapshot!(told_in(texts, &several, None), @"Zusammengesunken: Kopf tiefer als aufrecht, seit 40 s; außerdem zur Seite gelehnt, Kopf geneigt");
    }
}
