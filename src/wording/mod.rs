//! The catalogue: everything that a person at their desk reads, in each language.
//!
//! A language is one file with a type that implements [`Wording`]; the compiler finds whatever it
//! lacks. To add one, copy `english.rs`, write its texts, and name it in [`Language`]. Words stand
//! as within a sentence; [`capital`] makes a heading of them.
//!
//! Modest: a reminder for comfort, never a word about health. Help, errors, the log, events and
//! tables are in English whatever the language: they are for whoever looks after the program.

mod alert;
mod coach;
mod english;
mod german;
mod language;
mod past;
mod phrase;

use std::fmt::Debug;

pub use alert::{Text, alert, alert_without_buttons, proposes_break};
pub use coach::Coaching;
pub use language::Language;
pub use past::Past;
pub use phrase::{capital, duration, standing};

use crate::domain::baseline::Refusal;
use crate::domain::calibration::Phase;
use crate::domain::hindrance::Hindrance;
use crate::domain::io::{
    AlertKind, Amount, CameraMove, CameraStatus, Doubt, Fault, Silence, State, Urgency,
};
use crate::domain::pauses::PauseReason;
use crate::domain::profile::Stance;

/// Of what is written whatever the person's language.
pub const ENGLISH: Texts = &english::English;

/// The texts of a language.
pub type Texts = &'static dyn Wording;

/// All texts of one language.
pub trait Wording: Coaching + Past + Debug + Sync {
    /// A state.
    fn state(&self, state: State) -> &'static str;
    /// A fault.
    fn fault(&self, fault: Fault) -> &'static str;
    /// Why a posture is not judged.
    fn doubt(&self, doubt: Doubt) -> &'static str;
    /// Why nothing is watched.
    fn pause(&self, reason: PauseReason) -> &'static str;
    /// A stance.
    fn stance(&self, stance: Stance) -> &'static str;
    /// How the camera is.
    fn camera(&self, status: CameraStatus) -> &'static str;
    /// Why an alert is kept back.
    fn silence(&self, silence: Silence) -> &'static str;
    /// What a calibration asks for.
    fn phase(&self, phase: Phase) -> &'static str;
    /// What is in the way of a calibration and what to do, in less than 60 characters.
    fn hindrance(&self, hindrance: Hindrance) -> &'static str;
    /// What was wrong with a calibration and what to do, in one line.
    fn refusal(&self, refusal: Refusal) -> String;

    /// What was seen of a fault: the part before the number, and the part after it.
    fn finding(&self, fault: Fault, amount: Option<Amount>) -> (&'static str, &'static str);
    /// What a finding is for a fault of no name.
    fn off_upright(&self) -> &'static str;
    /// The heading of an alert that names no fault.
    fn posture(&self) -> &'static str;
    /// A finding that has lasted.
    fn lasting(&self, finding: &str, lasted: &str) -> String;
    /// What else is found.
    fn also(&self, faults: &str) -> String;
    /// The heading when the person has sat for long.
    fn sat_for(&self, span: &str) -> String;
    /// What to do about sitting.
    fn get_up(&self, urgency: Urgency) -> &'static str;
    /// What to do about sitting, where it is to last for so long: get up and move.
    fn get_up_for(&self, urgency: Urgency, span: &str) -> String;
    /// What to do by the person's pattern: stand for so long.
    fn stand_for(&self, span: &str) -> String;
    /// The heading when the person has stood for as long as their pattern says.
    fn stood_for(&self, span: &str) -> String;
    /// What to do then: move for so long.
    fn move_for(&self, span: &str) -> String;
    /// The hint to rest the eyes after so much time before the screen: its heading, and what to do.
    fn rest_the_eyes(&self, span: &str) -> (&'static str, String);
    /// The hint to drink after so much time at the desk: its heading, and an offer.
    fn drink(&self, span: &str) -> (&'static str, String);
    /// The question at a place where no upright was learnt: its heading, and what to do.
    fn ask_at_new_place(&self) -> (&'static str, &'static str);
    /// The question to who stands where only sitting was learnt.
    fn ask_when_stood_up(&self) -> (&'static str, &'static str);
    /// The question to who sits where only standing was learnt.
    fn ask_when_sat_down(&self) -> (&'static str, &'static str);
    /// What answers a question where there is no button.
    fn answer_by_command(&self, command: &str) -> String;
    /// What starts the break that a prompt proposes where there is no button.
    fn break_by_command(&self, command: &str) -> String;
    /// An alert is over.
    fn over(&self) -> &'static str;

    /// The button that says yes to a question.
    fn learn(&self) -> &'static str;
    /// The button that says no to it.
    fn not_now(&self) -> &'static str;
    /// The button that calls an alert wrong.
    fn wrong(&self) -> &'static str;
    /// The button that has the upright learnt anew.
    fn recalibrate(&self) -> &'static str;
    /// The button that brings quiet for so many minutes.
    fn snooze(&self, minutes: u64) -> String;
    /// The button that starts a break.
    fn start_break(&self) -> &'static str;
    /// The button that closes the camera.
    fn pause_button(&self) -> &'static str;
    /// The button that opens it again.
    fn resume(&self) -> &'static str;
    /// The button that ends the program.
    fn quit(&self) -> &'static str;

    /// Nothing was seen yet.
    fn starting(&self) -> &'static str;
    /// Nothing is watched, for these reasons.
    fn paused(&self, reasons: &str) -> String;
    /// A pause whose end is known as a time of the day.
    fn until(&self, reason: &str, time: &str) -> String;
    /// A pause of which so much is left.
    fn for_another(&self, reason: &str, left: &str) -> String;
    /// A calibration goes on; what it asks for or is hindered by.
    fn calibrating(&self, what: &str) -> String;
    /// The same with how much is done.
    fn calibrating_part(&self, percent: &str, what: &str) -> String;
    /// The posture is not judged, because of this.
    fn unsure(&self, why: &str) -> String;
    /// Nobody sits.
    fn not_sitting(&self) -> &'static str;
    /// Somebody has sat down just now.
    fn just_sat_down(&self) -> &'static str;

    /// How far the head has sunk, for the status line.
    fn sunk(&self) -> &'static str;
    /// How far it has gone forward.
    fn forward(&self) -> &'static str;
    /// How far the trunk leans.
    fn lean(&self) -> &'static str;
    /// How far the neck is inclined, seen from the side.
    fn neck(&self) -> &'static str;
    /// Time sat, in a line.
    fn sitting(&self, span: &str) -> String;
    /// Time without movement, in a line.
    fn still(&self, span: &str) -> String;
    /// Posture shifts an hour, in a line.
    fn shifts(&self, an_hour: f64) -> String;
    /// Processor time, in a line.
    fn of_a_core(&self, percent: &str) -> String;
    /// Alerts so far, in a line.
    fn alerts(&self, count: u64) -> String;
    /// What the camera is, in a line.
    fn camera_is(&self, status: &str, detail: &str) -> String;
    /// What stands between the whole and the parts of a number.
    fn decimal_mark(&self) -> char;

    /// Said once where no upright is known.
    fn learning(&self) -> &'static str;
    /// Said before a calibration.
    fn get_ready(&self, stance: Stance) -> &'static str;
    /// An alert, in a line.
    fn alert_line(&self, kept_back: Option<&str>, alert: &str) -> String;
    /// An alert of this kind is over, in a line.
    fn clear_line(&self, kind: AlertKind) -> String;
    /// The camera hardly sees the person's own slouch.
    fn slouch_hardly_seen(&self) -> &'static str;
    /// The person's own slouch is learnt: their limit in per cent of the usual one.
    fn slouch_learnt(&self, percent: f64) -> String;
    /// An upright is learnt.
    fn calibrated(&self, observations: u32) -> String;
    /// What was learnt is kept.
    fn kept(&self, profile: &str) -> String;
    /// The profile that counts from now on, by its name if it has one.
    fn judged_against(&self, profile: Option<&str>) -> String;
    /// No upright was learnt here for this stance.
    fn other_stance(&self, stance: Stance) -> String;
    /// No upright was learnt here.
    fn new_place(&self) -> &'static str;
    /// A calibration is refused.
    fn refused(&self, why: &str) -> String;
    /// The camera was moved.
    fn camera_moved(&self, what: CameraMove) -> &'static str;
    /// The chair was moved by so many centimetres: nearer, or further away when negative.
    fn chair_moved(&self, cm: f64) -> String;
    /// The person has hardly moved for so many minutes.
    fn hardly_moved(&self, minutes: u64) -> String;
    /// The person's word against an alert is kept.
    fn noted_wrong(&self, fault: &str) -> String;
    /// Nothing is paused any more.
    fn running(&self) -> &'static str;
    /// The heading when a changed configuration cannot be used.
    fn settings_stay(&self) -> &'static str;
}
