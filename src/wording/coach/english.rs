//! English.

use super::super::english::English;
use super::Coaching;
use crate::domain::exercise::choice::Need;
use crate::domain::exercise::event::Phase;
use crate::domain::exercise::outcome::{End, ExerciseResult};
use crate::domain::exercise::{Dose, Hint, Side, Verifiable};
use crate::wording::duration;

impl Coaching for English {
    fn hint(&self, hint: Hint) -> &'static str {
        match hint {
            Hint::BendFurther => "bend the head further to the side",
            Hint::TurnFurther => "turn the head further",
            Hint::ChinBack => "draw the chin further back",
            Hint::LiftShoulders => "lift the shoulders further",
            Hint::RaiseElbows => "raise the elbows",
            Hint::LowerElbows => "lower the elbows",
            Hint::HandsUp => "hands above the elbows",
            Hint::ElbowsApart => "elbows further apart and back",
            Hint::HandsBehindHead => "hands behind the head",
            Hint::ReachUp => "reach higher",
            Hint::TwistFurther => "turn the trunk further",
            Hint::LiftArms => "lift the arms further",
            Hint::GetUp => "get up and walk",
            Hint::KeepTrunk => "keep the trunk still",
            Hint::LookAhead => "look ahead",
            Hint::KeepLevel => "keep the head level",
            Hint::NoLeaningBack => "do not lean back",
            Hint::OtherSide => "to the other side",
            Hint::HoldLonger => "hold it longer",
            Hint::Slower => "more slowly",
            Hint::LetGo => "let go in between",
        }
    }

    fn coach_phase(&self, phase: Phase, by_time: bool) -> &'static str {
        match (phase, by_time) {
            (Phase::GetReady, _) => "get ready",
            (Phase::Neutral, _) => "sit as usual and look ahead",
            (Phase::Go(_), _) => "go",
            (Phase::Hold(_), false) => "hold",
            (Phase::Hold(_), true) => "keep going",
            (Phase::Release, _) => "let go",
            (Phase::Over, _) => "over",
        }
    }

    fn side(&self, side: Side) -> &'static str {
        match side {
            Side::Left => "left",
            Side::Right => "right",
        }
    }

    fn dose(&self, dose: &Dose) -> String {
        let hold = duration(dose.hold);
        let times = match dose.repetitions {
            1 => hold,
            repetitions => format!("{repetitions} times {hold}"),
        };
        match dose.both_sides {
            true => format!("{times} each side"),
            false => times,
        }
    }

    fn verifiable(&self, verifiable: Verifiable) -> &'static str {
        match verifiable {
            Verifiable::Good => "camera",
            Verifiable::Fair => "camera, often by time",
            Verifiable::Timer => "by time",
        }
    }

    fn known_of_it(&self, evidence: &str, sources: &str) -> String {
        format!("What is known: {evidence} [{sources}]")
    }

    fn instead(&self, exercises: &str) -> String {
        format!("Instead: {exercises}")
    }

    fn break_title(&self, routine: Option<&str>) -> String {
        routine.unwrap_or("Break").to_owned()
    }

    fn of_exercises(&self, number: usize, all: usize) -> String {
        format!("exercise {number} of {all}")
    }

    fn repetitions(&self) -> &'static str {
        "done"
    }

    fn of(&self, done: u32, wanted: u32) -> String {
        format!("{done} of {wanted}")
    }

    fn half_done(&self) -> &'static str {
        "half done"
    }

    fn last_one(&self) -> &'static str {
        "the last one"
    }

    fn clock_stopped(&self) -> &'static str {
        "paused"
    }

    fn timing_you(&self) -> &'static str {
        "can't see it, timing you"
    }

    fn goes_by_time(&self) -> &'static str {
        "goes by time"
    }

    fn no_camera(&self) -> &'static str {
        "no camera found: everything goes by time, nothing is verified"
    }

    fn camera_unused(&self) -> &'static str {
        "without the camera: everything goes by time, nothing is verified"
    }

    fn no_picture_yet(&self) -> &'static str {
        "no picture yet"
    }

    fn chosen_because(&self, need: Need, lasted: &str) -> String {
        let shown = match need {
            Need::ForwardHead => "head forward or sunk",
            Need::RaisedShoulders => "shoulders raised",
            Need::OneSided => "leaning to one side",
            Need::LongStill => return format!("chosen for today: {lasted} without a break"),
        };
        format!("chosen for today: {shown} for {lasted}")
    }

    fn monitor_paused(&self) -> &'static str {
        "backstay's watch is paused for the break, to free the camera"
    }

    fn monitor_stays_paused(&self) -> &'static str {
        "backstay could not be asked to go on; \"backstay resume\" does it"
    }

    fn keys(&self) -> &'static str {
        "space pause · s skip · q end"
    }

    fn keys_paused(&self) -> &'static str {
        "space go on · s skip · q end"
    }

    fn too_small(&self, columns: u16, rows: u16) -> String {
        format!("the terminal is smaller than {columns} by {rows}: lines instead of the screen")
    }

    fn no_terminal(&self) -> &'static str {
        "no terminal: lines instead of the screen"
    }

    fn no_window(&self) -> &'static str {
        "No terminal window for the break"
    }

    fn type_in_a_terminal(&self, command: &str) -> String {
        format!("type \"{command}\" in a terminal")
    }

    fn enter_closes(&self) -> &'static str {
        "Enter closes this window"
    }

    fn exercise_result(&self, title: &str, result: &ExerciseResult) -> String {
        let counted = match (result.verified, result.timed) {
            (seen, 0) if 0 < seen => format!("{seen} of {} seen", result.wanted),
            (0, 0) => format!("0 of {}", result.wanted),
            (0, timed) => format!("{timed} of {} by time", result.wanted),
            (seen, timed) => format!("{seen} seen and {timed} by time of {}", result.wanted),
        };
        let end = match result.end {
            End::Done => "",
            End::Skipped => ", skipped",
            End::OutOfTime => ", its time was over",
            End::Stopped => ", ended",
        };
        format!("{title}: {counted}{end}")
    }

    fn break_result(&self, verified: usize, done: usize, planned: usize) -> String {
        let by_time = done.saturating_sub(verified);
        format!("{verified} of {planned} exercises verified by the camera, {by_time} by time")
    }

    fn ask_red_flags(&self) -> &'static str {
        "Is one of these true for you? (y/n)"
    }

    fn ask_where(&self) -> &'static str {
        "Where does it hurt? (number)"
    }

    fn answer_again(&self) -> &'static str {
        "please answer with one of these"
    }

    fn yes_and_no(&self) -> (&'static [&'static str], &'static [&'static str]) {
        (&["y", "yes"], &["n", "no"])
    }
}
