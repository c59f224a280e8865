//! German: in the infinitive, neither familiar nor formal.

use super::super::german::German;
use super::Coaching;
use crate::domain::exercise::choice::Need;
use crate::domain::exercise::event::Phase;
use crate::domain::exercise::outcome::{End, ExerciseResult};
use crate::domain::exercise::{Dose, Hint, Side, Verifiable};
use crate::wording::duration;

impl Coaching for German {
    fn hint(&self, hint: Hint) -> &'static str {
        match hint {
            Hint::BendFurther => "Kopf weiter zur Seite neigen",
            Hint::TurnFurther => "Kopf weiter drehen",
            Hint::ChinBack => "Kinn weiter zurückziehen",
            Hint::LiftShoulders => "Schultern weiter heben",
            Hint::RaiseElbows => "Ellbogen höher",
            Hint::LowerElbows => "Ellbogen tiefer",
            Hint::HandsUp => "Hände über die Ellbogen",
            Hint::ElbowsApart => "Ellbogen weiter auseinander und zurück",
            Hint::HandsBehindHead => "Hände hinter den Kopf",
            Hint::ReachUp => "höher strecken",
            Hint::TwistFurther => "Rumpf weiter drehen",
            Hint::LiftArms => "Arme weiter heben",
            Hint::GetUp => "aufstehen und gehen",
            Hint::KeepTrunk => "Rumpf still halten",
            Hint::LookAhead => "nach vorn sehen",
            Hint::KeepLevel => "Kopf gerade halten, nicht nicken",
            Hint::NoLeaningBack => "nicht zurücklehnen",
            Hint::OtherSide => "zur anderen Seite",
            Hint::HoldLonger => "länger halten",
            Hint::Slower => "langsamer",
            Hint::LetGo => "dazwischen loslassen",
        }
    }

    fn coach_phase(&self, phase: Phase, by_time: bool) -> &'static str {
        match (phase, by_time) {
            (Phase::GetReady, _) => "gleich geht es los",
            (Phase::Neutral, _) => "wie gewohnt sitzen, nach vorn sehen",
            (Phase::Go(_), _) => "los",
            (Phase::Hold(_), false) => "halten",
            (Phase::Hold(_), true) => "weitermachen",
            (Phase::Release, _) => "loslassen",
            (Phase::Over, _) => "fertig",
        }
    }

    fn side(&self, side: Side) -> &'static str {
        match side {
            Side::Left => "links",
            Side::Right => "rechts",
        }
    }

    fn dose(&self, dose: &Dose) -> String {
        let hold = duration(dose.hold);
        let times = match dose.repetitions {
            1 => hold,
            repetitions => format!("{repetitions} mal {hold}"),
        };
        match dose.both_sides {
            true => format!("{times} je Seite"),
            false => times,
        }
    }

    fn verifiable(&self, verifiable: Verifiable) -> &'static str {
        match verifiable {
            Verifiable::Good => "Kamera",
            Verifiable::Fair => "Kamera, oft nach Zeit",
            Verifiable::Timer => "nach Zeit",
        }
    }

    fn known_of_it(&self, evidence: &str, sources: &str) -> String {
        format!("Was man weiß: {evidence} [{sources}]")
    }

    fn instead(&self, exercises: &str) -> String {
        format!("Statt dessen: {exercises}")
    }

    fn break_title(&self, routine: Option<&str>) -> String {
        routine.unwrap_or("Pause").to_owned()
    }

    fn of_exercises(&self, number: usize, all: usize) -> String {
        format!("Übung {number} von {all}")
    }

    fn repetitions(&self) -> &'static str {
        "geschafft"
    }

    fn of(&self, done: u32, wanted: u32) -> String {
        format!("{done} von {wanted}")
    }

    fn half_done(&self) -> &'static str {
        "die Hälfte ist geschafft"
    }

    fn last_one(&self) -> &'static str {
        "die letzte Wiederholung"
    }

    fn clock_stopped(&self) -> &'static str {
        "angehalten"
    }

    fn timing_you(&self) -> &'static str {
        "nicht zu sehen, es geht nach Zeit"
    }

    fn goes_by_time(&self) -> &'static str {
        "geht nach Zeit"
    }

    fn no_camera(&self) -> &'static str {
        "keine Kamera gefunden: alles geht nach Zeit, nichts wird geprüft"
    }

    fn camera_unused(&self) -> &'static str {
        "ohne Kamera: alles geht nach Zeit, nichts wird geprüft"
    }

    fn no_picture_yet(&self) -> &'static str {
        "noch kein Bild"
    }

    fn chosen_because(&self, need: Need, lasted: &str) -> String {
        let shown = match need {
            Need::ForwardHead => "Kopf vorgeschoben oder gesunken",
            Need::RaisedShoulders => "Schultern hochgezogen",
            Need::OneSided => "zur Seite geneigt",
            Need::LongStill => return format!("für heute gewählt: {lasted} ohne Pause"),
        };
        format!("für heute gewählt: {lasted} {shown}")
    }

    fn monitor_paused(&self) -> &'static str {
        "backstay hält für die Pause an, damit die Kamera frei ist"
    }

    fn monitor_stays_paused(&self) -> &'static str {
        "backstay ließ sich nicht fortsetzen; \"backstay resume\" tut es"
    }

    fn keys(&self) -> &'static str {
        "Leertaste anhalten · s weiter · q beenden"
    }

    fn keys_paused(&self) -> &'static str {
        "Leertaste fortsetzen · s weiter · q beenden"
    }

    fn too_small(&self, columns: u16, rows: u16) -> String {
        format!("das Terminal ist kleiner als {columns} mal {rows}: Zeilen statt Bildschirm")
    }

    fn no_terminal(&self) -> &'static str {
        "kein Terminal: Zeilen statt Bildschirm"
    }

    fn no_window(&self) -> &'static str {
        "Kein Terminalfenster für die Pause"
    }

    fn type_in_a_terminal(&self, command: &str) -> String {
        format!("\"{command}\" in ein Terminal eingeben")
    }

    fn enter_closes(&self) -> &'static str {
        "die Eingabetaste schließt dieses Fenster"
    }

    fn exercise_result(&self, title: &str, result: &ExerciseResult) -> String {
        let counted = match (result.verified, result.timed) {
            (seen, 0) if 0 < seen => format!("{seen} von {} gesehen", result.wanted),
            (0, 0) => format!("0 von {}", result.wanted),
            (0, timed) => format!("{timed} von {} nach Zeit", result.wanted),
            (seen, timed) => {
                format!("{seen} gesehen und {timed} nach Zeit von {}", result.wanted)
            }
        };
        let end = match result.end {
            End::Done => "",
            End::Skipped => ", übersprungen",
            End::OutOfTime => ", die Zeit war um",
            End::Stopped => ", beendet",
        };
        format!("{title}: {counted}{end}")
    }

    fn break_result(&self, verified: usize, done: usize, planned: usize) -> String {
        let by_time = done.saturating_sub(verified);
        format!("{verified} von {planned} Übungen von der Kamera bestätigt, {by_time} nach Zeit")
    }

    fn ask_red_flags(&self) -> &'static str {
        "Trifft etwas davon zu? (j/n)"
    }

    fn ask_where(&self) -> &'static str {
        "Wo tut es weh? (Nummer)"
    }

    fn answer_again(&self) -> &'static str {
        "bitte mit einer dieser Antworten"
    }

    fn yes_and_no(&self) -> (&'static [&'static str], &'static [&'static str]) {
        (&["j", "ja", "y"], &["n", "nein"])
    }
}
