//! What a person reads in a break: the fixed words of the coach. The texts of the exercises stand in
//! `exercises.toml` and its translations.

mod english;
mod german;

use crate::domain::exercise::choice::Need;
use crate::domain::exercise::event::Phase;
use crate::domain::exercise::outcome::ExerciseResult;
use crate::domain::exercise::{Dose, Hint, Side, Verifiable};

/// The texts of a break in one language.
pub trait Coaching {
    /// What is missing of an exercise, in less than 40 characters.
    fn hint(&self, hint: Hint) -> &'static str;
    /// What the person is to do now; `by_time` where nobody looks.
    fn coach_phase(&self, phase: Phase, by_time: bool) -> &'static str;
    /// The person's side.
    fn side(&self, side: Side) -> &'static str;
    /// How much of an exercise.
    fn dose(&self, dose: &Dose) -> String;
    /// How an exercise is verified.
    fn verifiable(&self, verifiable: Verifiable) -> &'static str;
    /// What is known of an exercise, and where that is from.
    fn known_of_it(&self, evidence: &str, sources: &str) -> String;
    /// What else to do.
    fn instead(&self, exercises: &str) -> String;

    /// A break of this name, or one without.
    fn break_title(&self, routine: Option<&str>) -> String;
    /// This exercise of so many.
    fn of_exercises(&self, number: usize, all: usize) -> String;
    /// After the number of repetitions that count.
    fn repetitions(&self) -> &'static str;
    /// So many of so many.
    fn of(&self, done: u32, wanted: u32) -> String;
    /// Half of the repetitions count.
    fn half_done(&self) -> &'static str;
    /// One repetition is left.
    fn last_one(&self) -> &'static str;
    /// The clock is stopped.
    fn clock_stopped(&self) -> &'static str;
    /// The exercise goes by time although the camera looks, in less than 50 characters.
    fn timing_you(&self) -> &'static str;
    /// The exercise is one that no camera verifies.
    fn goes_by_time(&self) -> &'static str;
    /// There is no camera.
    fn no_camera(&self) -> &'static str;
    /// The camera is not used, as the person wants it.
    fn camera_unused(&self) -> &'static str;
    /// The camera gives no pictures yet.
    fn no_picture_yet(&self) -> &'static str;
    /// Why these exercises: the day has shown this for so long.
    fn chosen_because(&self, need: Need, lasted: &str) -> String;
    /// The running monitor has closed the camera for the break.
    fn monitor_paused(&self) -> &'static str;
    /// The running monitor could not be asked to go on.
    fn monitor_stays_paused(&self) -> &'static str;
    /// The keys; space, s and q.
    fn keys(&self) -> &'static str;
    /// The keys while the clock is stopped.
    fn keys_paused(&self) -> &'static str;
    /// Why there are lines and no screen: the terminal is smaller than so many columns and rows.
    fn too_small(&self, columns: u16, rows: u16) -> String;
    /// Why there are lines and no screen: there is no terminal.
    fn no_terminal(&self) -> &'static str;

    /// The heading when a button could not open a terminal window for the break.
    fn no_window(&self) -> &'static str;
    /// What to do then: type this command.
    fn type_in_a_terminal(&self, command: &str) -> String;
    /// The window of the break waits for the person to be read.
    fn enter_closes(&self) -> &'static str;

    /// What came of one exercise.
    fn exercise_result(&self, title: &str, result: &ExerciseResult) -> String;
    /// What came of it all: exercises that the camera saw done, those done at all, and those planned.
    fn break_result(&self, verified: usize, done: usize, planned: usize) -> String;

    /// Asks whether a red flag is true; the answer is "y" or "n" ("j" in German).
    fn ask_red_flags(&self) -> &'static str;
    /// Asks where it hurts; the answer is a number.
    fn ask_where(&self) -> &'static str;
    /// The answer was none.
    fn answer_again(&self) -> &'static str;
    /// The words for yes and for no, in small letters.
    fn yes_and_no(&self) -> (&'static [&'static str], &'static [&'static str]);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::exercise::outcome::End;
    use crate::wording::Language;

    #[test]
    fn hints_are_short_and_in_the_language() {
        for hint in Hint::ALL {
            let texts = |language: Language| language.texts().hint(*hint);
            let (english, german) = (texts(Language::English), texts(Language::German));
            assert_ne!(english, german);
            for words in [english, german] {
                assert!(words.chars().count() < 40, "{words}");
            }
        }
    }

    #[test]
    fn what_was_only_timed_is_not_called_seen() {
        let line = |verified, timed, end| {
            let result = ExerciseResult {
                id: "shrug".to_owned(),
                wanted: 10,
                verified,
                timed,
                held: Duration::ZERO,
                took: Duration::ZERO,
                end,
            };
            let lines = Language::ALL.map(|it| it.texts().exercise_result("Shrug", &result));
            lines.join(" | ")
        };
        let lines = [
            line(10, 0, End::Done),
            line(0, 10, End::Done),
            line(4, 6, End::Done),
            line(2, 0, End::Skipped),
            line(0, 0, End::Stopped),
            line(3, 0, End::OutOfTime),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r"
        Shrug: 10 of 10 seen | Shrug: 10 von 10 gesehen
        Shrug: 10 of 10 by time | Shrug: 10 von 10 nach Zeit
        Shrug: 4 seen and 6 by time of 10 | Shrug: 4 gesehen und 6 nach Zeit von 10
        Shrug: 2 of 10 seen, skipped | Shrug: 2 von 10 gesehen, übersprungen
        Shrug: 0 of 10, ended | Shrug: 0 von 10, beendet
        Shrug: 3 of 10 seen, its time was over | Shrug: 3 von 10 gesehen, die Zeit war um
        ");
    }
}
