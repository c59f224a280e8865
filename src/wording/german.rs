//! German. What the person is to do stands in the infinitive, as on a machine's buttons: neither
//! familiar nor formal.

use super::Wording;
use crate::domain::baseline::{MIN_SAMPLES, Refusal};
use crate::domain::calibration::Phase;
use crate::domain::hindrance::Hindrance;
use crate::domain::io::{
    AlertKind, Amount, CameraMove, CameraStatus, Doubt, Fault, Silence, State, Urgency,
};
use crate::domain::pauses::PauseReason;
use crate::domain::profile::Stance;

/// The texts.
#[derive(Debug)]
pub(super) struct German;

impl Wording for German {
    fn state(&self, state: State) -> &'static str {
        match state {
            State::Good => "gut",
            State::AtRisk => "an der Grenze",
            State::Bad => "schlecht",
            State::Unsure => "unsicher",
            State::Away => "abwesend",
        }
    }

    fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Slouch => "zusammengesunken",
            Fault::ForwardHead => "Kopf vorgeschoben",
            Fault::LeanIn => "vorgebeugt",
            Fault::SideLean => "zur Seite gelehnt",
            Fault::HeadTilt => "Kopf geneigt",
            Fault::HeadDown => "Kopf gesenkt",
            Fault::RaisedShoulders => "Schultern hochgezogen",
            Fault::TooClose => "zu nah am Bildschirm",
        }
    }

    fn doubt(&self, doubt: Doubt) -> &'static str {
        match doubt {
            Doubt::NotCalibrated => "nicht kalibriert",
            Doubt::NoCamera => "keine Kamera",
            Doubt::Paused => "angehalten",
            Doubt::TooDark => "zu dunkel",
            Doubt::Hidden => "Kopf oder Schultern verdeckt",
            Doubt::CutOff => "vom Bildrand abgeschnitten",
            Doubt::Turned => "Kopf abgewandt",
            Doubt::LookingDown => "Blick nach unten",
            Doubt::ArmRaised => "Arm gehoben",
            Doubt::JustBack => "gerade zurück",
            Doubt::Moving => "in Bewegung",
            Doubt::CameraMoved => "Kamera verschoben",
            Doubt::OtherPerson => "eine andere Person oder ein dicker Mantel",
            Doubt::TooFar => "zu weit weg",
            Doubt::TwoPeople => "zwei Personen",
        }
    }

    fn pause(&self, reason: PauseReason) -> &'static str {
        match reason {
            PauseReason::User => "wie gewünscht",
            PauseReason::Snoozed => "Ruhe",
            PauseReason::Locked => "Bildschirm gesperrt",
            PauseReason::Asleep => "im Ruhezustand",
            PauseReason::CameraLost => "Kamera fehlt",
            PauseReason::Yielded => "Kamera an ein anderes Programm abgegeben",
            PauseReason::QuietHours => "Ruhezeit",
            PauseReason::Call => "im Gespräch",
            PauseReason::ScreenShare => "Bildschirm geteilt",
            PauseReason::Battery => "im Akkubetrieb",
        }
    }

    fn stance(&self, stance: Stance) -> &'static str {
        match stance {
            Stance::Sitting => "Sitzen",
            Stance::Standing => "Stehen",
        }
    }

    fn camera(&self, status: CameraStatus) -> &'static str {
        match status {
            CameraStatus::Ok => "in Ordnung",
            CameraStatus::Lost => "fehlt",
            CameraStatus::Stalled => "liefert keine Bilder",
            CameraStatus::Busy => "belegt",
            CameraStatus::Denied => "nicht erlaubt",
            CameraStatus::Yielded => "abgegeben",
        }
    }

    fn silence(&self, silence: Silence) -> &'static str {
        match silence {
            Silence::DoNotDisturb => "nicht stören",
            Silence::Cooldown => "der letzte war erst eben",
            Silence::Budget => "genug für diese Stunde",
        }
    }

    fn phase(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Upright => "aufrecht sitzen und still halten",
            Phase::Slouch => "jetzt zusammensinken wie bei Müdigkeit, und so bleiben",
        }
    }

    fn hindrance(&self, hindrance: Hindrance) -> &'static str {
        match hindrance {
            Hindrance::Nobody => "niemand zu sehen: vor die Kamera setzen",
            Hindrance::TooDark => "zu dunkel: Licht einschalten",
            Hindrance::TwoPeople => "zwei Personen zu sehen: bitte allein ins Bild",
            Hindrance::HeadHidden => "Gesicht verdeckt: freimachen, auf den Bildschirm sehen",
            Hindrance::ShouldersHidden => "Schultern verdeckt: beide der Kamera zeigen",
            Hindrance::CutOff => "am Rand abgeschnitten: zur Mitte oder zurück rücken",
            Hindrance::TooClose => "zu nah: zurückrücken",
            Hindrance::Turned => "abgewandt: zum Bildschirm drehen",
            Hindrance::Tilted => "Kopf geneigt: gerade halten",
            Hindrance::Moving => "in Bewegung: still halten",
        }
    }

    fn refusal(&self, refusal: Refusal) -> String {
        match refusal {
            Refusal::Hidden(part) => format!(
                "Kopf und Schultern waren nur in {:.0} % der Bilder zu sehen; so sitzen, dass beide \
                 im Bild sind, bei gleichmäßigem Licht",
                100.0 * part
            ),
            Refusal::TooFew(seen) => format!(
                "in der Zeit kamen nur {seen:.0} Bilder, nötig sind {MIN_SAMPLES}; mehr Sekunden \
                 geben oder eine Quelle mit mehr Bildern pro Sekunde nehmen"
            ),
            Refusal::Moved(spread) => {
                let percent = format!("{:.1}", 100.0 * spread).replace('.', ",");
                format!("zu viel Bewegung (um {percent} %); still und aufrecht sitzen")
            }
            Refusal::MovedBy(degrees) => {
                format!("zu viel Bewegung (um {degrees:.0} Grad); still und aufrecht sitzen")
            }
            Refusal::TwoViews => {
                "mal von vorn, mal von der Seite gesehen; am selben Platz bleiben".to_owned()
            }
            Refusal::Turned(degrees) => {
                let degrees = degrees.abs();
                format!("der Kopf war um {degrees:.0} Grad gedreht; auf den Bildschirm sehen")
            }
            Refusal::Tilted(degrees) => {
                let degrees = degrees.abs();
                format!("der Kopf war um {degrees:.0} Grad geneigt; gerade halten")
            }
            Refusal::TooDark(light) => format!(
                "das Bild ist zu dunkel ({:.0} % der vollen Helligkeit); Licht einschalten",
                100.0 * light
            ),
            Refusal::Nobody => "niemand war im Bild; vor die Kamera setzen".to_owned(),
            Refusal::TwoPeople => "zwei Personen waren im Bild; bitte allein ins Bild".to_owned(),
            Refusal::Waited(hindrance) => {
                format!(
                    "eine Minute lang vergeblich gewartet: {}",
                    self.hindrance(hindrance)
                )
            }
        }
    }

    fn finding(&self, fault: Fault, amount: Option<Amount>) -> (&'static str, &'static str) {
        match (fault, amount) {
            // Seen from the front, a head that comes nearer is a head that grows.
            (Fault::ForwardHead | Fault::LeanIn | Fault::TooClose, Some(Amount::Percent(_))) => {
                ("Kopf wirkt", "größer als aufrecht")
            }
            (Fault::TooClose, None) => ("Augen", "sehr nah am Bildschirm"),
            (Fault::TooClose, Some(_)) => ("Augen", "vom Bildschirm entfernt"),
            (Fault::Slouch, _) => ("Kopf", "tiefer als aufrecht"),
            (Fault::ForwardHead, _) => ("Kopf", "weiter vorn als aufrecht"),
            (Fault::LeanIn, _) => ("Kopf", "näher am Bildschirm als aufrecht"),
            (Fault::SideLean, _) => ("Schultern", "schräger als aufrecht"),
            (Fault::HeadTilt, _) => ("Kopf", "schräger als aufrecht"),
            (Fault::HeadDown, _) => ("Kopf", "weiter unten als aufrecht"),
            (Fault::RaisedShoulders, _) => ("Schultern", "näher an den Ohren als aufrecht"),
        }
    }

    fn off_upright(&self) -> &'static str {
        "nicht aufrecht"
    }

    fn posture(&self) -> &'static str {
        "Haltung"
    }

    fn lasting(&self, finding: &str, lasted: &str) -> String {
        format!("{finding}, seit {lasted}")
    }

    fn also(&self, faults: &str) -> String {
        format!("; außerdem {faults}")
    }

    fn sat_for(&self, span: &str) -> String {
        format!("Seit {span} im Sitzen")
    }

    fn get_up(&self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Quiet => "ein guter Moment, um aufzustehen und ein paar Minuten zu gehen",
            Urgency::Firm => "noch keine Pause: aufstehen und ein paar Minuten gehen",
        }
    }

    fn get_up_for(&self, urgency: Urgency, span: &str) -> String {
        match urgency {
            Urgency::Quiet => format!("ein guter Moment, um aufzustehen und {span} zu gehen"),
            Urgency::Firm => format!("noch keine Pause: aufstehen und {span} gehen"),
        }
    }

    fn stand_for(&self, span: &str) -> String {
        format!("als Nächstes {span} stehen")
    }

    fn stood_for(&self, span: &str) -> String {
        format!("Seit {span} im Stehen")
    }

    fn move_for(&self, span: &str) -> String {
        format!("als Nächstes {span} gehen, dann sitzen")
    }

    fn rest_the_eyes(&self, span: &str) -> (&'static str, String) {
        (
            "Ruhe für die Augen",
            format!(
                "nach {span} am Bildschirm 20 Sekunden lang etwas ansehen, das mindestens 6 m weit weg ist"
            ),
        )
    }

    fn drink(&self, span: &str) -> (&'static str, String) {
        (
            "Ein Glas Wasser",
            format!("vielleicht jetzt, nach {span} am Platz"),
        )
    }

    fn ask_at_new_place(&self) -> (&'static str, &'static str) {
        (
            "Ein neuer Platz",
            "aufrecht sitzen, auf den Bildschirm sehen und die aufrechte Haltung hier lernen lassen",
        )
    }

    fn ask_when_stood_up(&self) -> (&'static str, &'static str) {
        (
            "Offenbar im Stehen",
            "aufrecht stehen, auf den Bildschirm sehen und die Haltung im Stehen lernen lassen",
        )
    }

    fn ask_when_sat_down(&self) -> (&'static str, &'static str) {
        (
            "Offenbar im Sitzen",
            "aufrecht sitzen, auf den Bildschirm sehen und die Haltung im Sitzen lernen lassen",
        )
    }

    fn answer_by_command(&self, command: &str) -> String {
        format!("\"{command}\" lernt sie")
    }

    fn break_by_command(&self, command: &str) -> String {
        format!("\"{command}\" leitet Übungen an")
    }

    fn over(&self) -> &'static str {
        "vorbei"
    }

    fn learn(&self) -> &'static str {
        "Lernen (10 s)"
    }

    fn not_now(&self) -> &'static str {
        "Jetzt nicht"
    }

    fn wrong(&self) -> &'static str {
        "Das war falsch"
    }

    fn recalibrate(&self) -> &'static str {
        "Neu kalibrieren"
    }

    fn snooze(&self, minutes: u64) -> String {
        format!("{minutes} min Ruhe")
    }

    fn start_break(&self) -> &'static str {
        "Pause beginnen"
    }

    fn pause_button(&self) -> &'static str {
        "Anhalten"
    }

    fn resume(&self) -> &'static str {
        "Fortsetzen"
    }

    fn quit(&self) -> &'static str {
        "Beenden"
    }

    fn starting(&self) -> &'static str {
        "startet"
    }

    fn paused(&self, reasons: &str) -> String {
        format!("angehalten: {reasons}")
    }

    fn until(&self, reason: &str, time: &str) -> String {
        format!("{reason} bis {time}")
    }

    fn for_another(&self, reason: &str, left: &str) -> String {
        format!("{reason} noch {left}")
    }

    fn calibrating(&self, what: &str) -> String {
        format!("Kalibrierung: {what}")
    }

    fn calibrating_part(&self, percent: &str, what: &str) -> String {
        format!("Kalibrierung {percent} %: {what}")
    }

    fn unsure(&self, why: &str) -> String {
        format!("unsicher: {why}")
    }

    fn not_sitting(&self) -> &'static str {
        "nicht im Sitzen"
    }

    fn just_sat_down(&self) -> &'static str {
        "seit weniger als einer Minute im Sitzen"
    }

    fn sunk(&self) -> &'static str {
        "gesunken"
    }

    fn forward(&self) -> &'static str {
        "vor"
    }

    fn lean(&self) -> &'static str {
        "Neigung"
    }

    fn neck(&self) -> &'static str {
        "Nacken"
    }

    fn sitting(&self, span: &str) -> String {
        format!("im Sitzen {span}")
    }

    fn still(&self, span: &str) -> String {
        format!("reglos {span}")
    }

    fn shifts(&self, an_hour: f64) -> String {
        format!("{an_hour:.0} Wechsel/h")
    }

    fn of_a_core(&self, percent: &str) -> String {
        format!("{percent} % eines Kerns")
    }

    fn alerts(&self, count: u64) -> String {
        match count {
            1 => "1 Hinweis".to_owned(),
            _ => format!("{count} Hinweise"),
        }
    }

    fn camera_is(&self, status: &str, detail: &str) -> String {
        format!("Kamera {status}: {detail}")
    }

    fn decimal_mark(&self) -> char {
        ','
    }

    fn learning(&self) -> &'static str {
        "lernt die aufrechte Haltung: aufrecht sitzen, auf den Bildschirm sehen und still halten"
    }

    fn get_ready(&self, stance: Stance) -> &'static str {
        match stance {
            Stance::Sitting => "aufrecht sitzen, auf den Bildschirm sehen und still halten",
            Stance::Standing => "aufrecht stehen, auf den Bildschirm sehen und still halten",
        }
    }

    fn alert_line(&self, kept_back: Option<&str>, alert: &str) -> String {
        match kept_back {
            Some(why) => format!("Hinweis (zurückgehalten: {why}): {alert}"),
            None => format!("Hinweis: {alert}"),
        }
    }

    fn clear_line(&self, kind: AlertKind) -> String {
        let what = match kind {
            AlertKind::Posture => "Haltung",
            AlertKind::Sitting => "Sitzen",
            AlertKind::Stand => "Zeit zu stehen",
            AlertKind::Move => "Zeit zu gehen",
            AlertKind::Eyes => "Augen",
            AlertKind::Water => "Wasser",
            AlertKind::NewPlace => "neuer Platz",
            AlertKind::StoodUp => "aufgestanden",
            AlertKind::SatDown => "hingesetzt",
        };
        format!("erledigt: {what}")
    }

    fn slouch_hardly_seen(&self) -> &'static str {
        "diese Kamera sieht das Zusammensinken kaum: auf Augenhöhe stellen und neu kalibrieren"
    }

    fn slouch_learnt(&self, percent: f64) -> String {
        format!("das eigene Zusammensinken zählt ab {percent:.0} % der üblichen Grenze")
    }

    fn calibrated(&self, observations: u32) -> String {
        format!("kalibriert aus {observations} Beobachtungen")
    }

    fn kept(&self, profile: &str) -> String {
        format!("als Profil {profile:?} aufbewahrt")
    }

    fn judged_against(&self, profile: Option<&str>) -> String {
        match profile {
            Some(name) => format!("es gilt das Profil {name:?}"),
            None => "es gilt, was hier früher gelernt wurde".to_owned(),
        }
    }

    fn other_stance(&self, stance: Stance) -> String {
        let stance = self.stance(stance);
        format!("im {stance}, wofür hier keine aufrechte Haltung gelernt wurde")
    }

    fn new_place(&self) -> &'static str {
        "dieser Platz ist neu"
    }

    fn refused(&self, why: &str) -> String {
        format!("Kalibrierung abgelehnt: {why}")
    }

    fn camera_moved(&self, what: CameraMove) -> &'static str {
        match what {
            CameraMove::Corrected => "die Kamera wurde bewegt; das wird herausgerechnet",
            CameraMove::Lost => {
                "die Kamera wurde zu weit bewegt; aufrecht sitzen und neu kalibrieren"
            }
            CameraMove::Follows => {
                "diese Kamera folgt der Person (Auto-Framing); ausgeschaltet wird das Urteil sicherer"
            }
        }
    }

    fn chair_moved(&self, cm: f64) -> String {
        let way = if cm > 0.0 { "näher" } else { "weiter weg" };
        format!("der Stuhl steht {:.0} cm {way}", cm.abs())
    }

    fn hardly_moved(&self, minutes: u64) -> String {
        format!("seit {minutes} min kaum bewegt: die Haltung wechseln")
    }

    fn noted_wrong(&self, fault: &str) -> String {
        format!("vermerkt: der Hinweis \"{fault}\" war falsch")
    }

    fn running(&self) -> &'static str {
        "läuft"
    }

    fn settings_stay(&self) -> &'static str {
        "Die Einstellungen bleiben, wie sie waren"
    }
}
