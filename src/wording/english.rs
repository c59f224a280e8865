//! English.

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
pub(super) struct English;

impl Wording for English {
    fn state(&self, state: State) -> &'static str {
        match state {
            State::Good => "good",
            State::AtRisk => "at risk",
            State::Bad => "bad",
            State::Unsure => "unsure",
            State::Away => "away",
        }
    }

    fn fault(&self, fault: Fault) -> &'static str {
        match fault {
            Fault::Slouch => "slouching",
            Fault::ForwardHead => "head forward",
            Fault::LeanIn => "leaning in",
            Fault::SideLean => "leaning to one side",
            Fault::HeadTilt => "head tilted",
            Fault::HeadDown => "head down",
            Fault::RaisedShoulders => "shoulders raised",
            Fault::TooClose => "too close to the screen",
        }
    }

    fn doubt(&self, doubt: Doubt) -> &'static str {
        match doubt {
            Doubt::NotCalibrated => "not calibrated",
            Doubt::NoCamera => "no camera",
            Doubt::Paused => "paused",
            Doubt::TooDark => "too dark",
            Doubt::Hidden => "head or shoulders hidden",
            Doubt::CutOff => "cut off by the picture's edge",
            Doubt::Turned => "head turned away",
            Doubt::LookingDown => "looking down",
            Doubt::ArmRaised => "arm raised",
            Doubt::JustBack => "just back",
            Doubt::Moving => "moving",
            Doubt::CameraMoved => "camera moved",
            Doubt::OtherPerson => "another person, or a heavy coat",
            Doubt::TooFar => "too far away",
            Doubt::TwoPeople => "two people",
        }
    }

    fn pause(&self, reason: PauseReason) -> &'static str {
        match reason {
            PauseReason::User => "you asked for it",
            PauseReason::Snoozed => "snoozed",
            PauseReason::Locked => "screen locked",
            PauseReason::Asleep => "asleep",
            PauseReason::CameraLost => "camera lost",
            PauseReason::Yielded => "camera given to another program",
            PauseReason::QuietHours => "quiet hours",
            PauseReason::Call => "in a call",
            PauseReason::ScreenShare => "screen shared",
            PauseReason::Battery => "on the battery",
        }
    }

    fn stance(&self, stance: Stance) -> &'static str {
        match stance {
            Stance::Sitting => "sitting",
            Stance::Standing => "standing",
        }
    }

    fn camera(&self, status: CameraStatus) -> &'static str {
        match status {
            CameraStatus::Ok => "ok",
            CameraStatus::Lost => "lost",
            CameraStatus::Stalled => "stalled",
            CameraStatus::Busy => "busy",
            CameraStatus::Denied => "denied",
            CameraStatus::Yielded => "yielded",
        }
    }

    fn silence(&self, silence: Silence) -> &'static str {
        match silence {
            Silence::DoNotDisturb => "do not disturb",
            Silence::Cooldown => "the last one was just now",
            Silence::Budget => "enough for this hour",
        }
    }

    fn phase(&self, phase: Phase) -> &'static str {
        match phase {
            Phase::Upright => "sit upright and still",
            Phase::Slouch => "now slouch as you do when you are tired, and hold it",
        }
    }

    fn hindrance(&self, hindrance: Hindrance) -> &'static str {
        match hindrance {
            Hindrance::Nobody => "nobody is seen: sit in front of the camera",
            Hindrance::TooDark => "too dark: switch on a light",
            Hindrance::TwoPeople => "two people are seen: have the picture to yourself",
            Hindrance::HeadHidden => "your face is hidden: uncover it and look at the screen",
            Hindrance::ShouldersHidden => "your shoulders are hidden: show both to the camera",
            Hindrance::CutOff => "cut off at the edge: move to the middle, or back",
            Hindrance::TooClose => "too close: move back",
            Hindrance::Turned => "turned away: turn to the screen",
            Hindrance::Tilted => "head tilted: hold it level",
            Hindrance::Moving => "moving: hold still",
        }
    }

    fn refusal(&self, refusal: Refusal) -> String {
        match refusal {
            Refusal::Hidden(part) => format!(
                "head and shoulders could be seen in {:.0} % of the pictures only; \
                 sit so that both are in the picture, in even light",
                100.0 * part
            ),
            Refusal::TooFew(seen) => format!(
                "only {seen:.0} pictures came in the time, and {MIN_SAMPLES} are needed; \
                 give it more seconds, or a source with more pictures a second"
            ),
            Refusal::Moved(spread) => {
                let percent = 100.0 * spread;
                format!("you moved (by {percent:.1} %); sit still and upright")
            }
            Refusal::MovedBy(degrees) => {
                format!("you moved (by {degrees:.0} degrees); sit still and upright")
            }
            Refusal::TwoViews => {
                "you were seen now from the front and now from the side; keep your place".to_owned()
            }
            Refusal::Turned(degrees) => {
                let degrees = degrees.abs();
                format!("your head was turned by {degrees:.0} degrees; look at the screen")
            }
            Refusal::Tilted(degrees) => {
                let degrees = degrees.abs();
                format!("your head was tilted by {degrees:.0} degrees; hold it upright")
            }
            Refusal::TooDark(light) => format!(
                "the picture is too dark ({:.0} % of full brightness); switch on a light",
                100.0 * light
            ),
            Refusal::Nobody => "nobody was in the picture; sit in front of the camera".to_owned(),
            Refusal::TwoPeople => "two people were in the picture; have it to yourself".to_owned(),
            Refusal::Waited(hindrance) => {
                format!("waited for a minute in vain: {}", self.hindrance(hindrance))
            }
        }
    }

    fn finding(&self, fault: Fault, amount: Option<Amount>) -> (&'static str, &'static str) {
        match (fault, amount) {
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
        }
    }

    fn off_upright(&self) -> &'static str {
        "off your upright"
    }

    fn posture(&self) -> &'static str {
        "Posture"
    }

    fn lasting(&self, finding: &str, lasted: &str) -> String {
        format!("{finding}, for {lasted}")
    }

    fn also(&self, faults: &str) -> String {
        format!("; also {faults}")
    }

    fn sat_for(&self, span: &str) -> String {
        format!("Sitting for {span}")
    }

    fn get_up(&self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Quiet => "a good moment to get up and walk about for a few minutes",
            Urgency::Firm => "no break yet: get up and walk about for a few minutes",
        }
    }

    fn get_up_for(&self, urgency: Urgency, span: &str) -> String {
        match urgency {
            Urgency::Quiet => format!("a good moment to get up and walk about for {span}"),
            Urgency::Firm => format!("no break yet: get up and walk about for {span}"),
        }
    }

    fn stand_for(&self, span: &str) -> String {
        format!("next: stand for {span}")
    }

    fn stood_for(&self, span: &str) -> String {
        format!("Standing for {span}")
    }

    fn move_for(&self, span: &str) -> String {
        format!("next: walk about for {span}, then sit")
    }

    fn rest_the_eyes(&self, span: &str) -> (&'static str, String) {
        (
            "A rest for the eyes",
            format!("after {span} at the screen look at something 6 m or more away for 20 seconds"),
        )
    }

    fn drink(&self, span: &str) -> (&'static str, String) {
        (
            "A glass of water",
            format!("perhaps now, after {span} at the desk"),
        )
    }

    fn ask_at_new_place(&self) -> (&'static str, &'static str) {
        (
            "A new place",
            "sit upright and look at the screen, then let your upright be learnt here",
        )
    }

    fn ask_when_stood_up(&self) -> (&'static str, &'static str) {
        (
            "You seem to stand",
            "stand upright and look at the screen, then let your upright be learnt for standing",
        )
    }

    fn ask_when_sat_down(&self) -> (&'static str, &'static str) {
        (
            "You seem to sit",
            "sit upright and look at the screen, then let your upright be learnt for sitting",
        )
    }

    fn answer_by_command(&self, command: &str) -> String {
        format!("\"{command}\" learns it")
    }

    fn break_by_command(&self, command: &str) -> String {
        format!("\"{command}\" leads through exercises")
    }

    fn over(&self) -> &'static str {
        "over"
    }

    fn learn(&self) -> &'static str {
        "Learn it (10 s)"
    }

    fn not_now(&self) -> &'static str {
        "Not now"
    }

    fn wrong(&self) -> &'static str {
        "That was wrong"
    }

    fn recalibrate(&self) -> &'static str {
        "Recalibrate"
    }

    fn snooze(&self, minutes: u64) -> String {
        format!("Snooze {minutes} min")
    }

    fn start_break(&self) -> &'static str {
        "Start a break"
    }

    fn pause_button(&self) -> &'static str {
        "Pause"
    }

    fn resume(&self) -> &'static str {
        "Resume"
    }

    fn quit(&self) -> &'static str {
        "Quit"
    }

    fn starting(&self) -> &'static str {
        "starting"
    }

    fn paused(&self, reasons: &str) -> String {
        format!("paused: {reasons}")
    }

    fn until(&self, reason: &str, time: &str) -> String {
        format!("{reason} until {time}")
    }

    fn for_another(&self, reason: &str, left: &str) -> String {
        format!("{reason} for another {left}")
    }

    fn calibrating(&self, what: &str) -> String {
        format!("calibrating: {what}")
    }

    fn calibrating_part(&self, percent: &str, what: &str) -> String {
        format!("calibrating {percent} %: {what}")
    }

    fn unsure(&self, why: &str) -> String {
        format!("unsure: {why}")
    }

    fn not_sitting(&self) -> &'static str {
        "not sitting"
    }

    fn just_sat_down(&self) -> &'static str {
        "sitting for less than a minute"
    }

    fn sunk(&self) -> &'static str {
        "sunk"
    }

    fn forward(&self) -> &'static str {
        "forward"
    }

    fn lean(&self) -> &'static str {
        "lean"
    }

    fn neck(&self) -> &'static str {
        "neck"
    }

    fn sitting(&self, span: &str) -> String {
        format!("sitting {span}")
    }

    fn still(&self, span: &str) -> String {
        format!("still {span}")
    }

    fn shifts(&self, an_hour: f64) -> String {
        format!("{an_hour:.0} shifts/h")
    }

    fn of_a_core(&self, percent: &str) -> String {
        format!("{percent} % of a core")
    }

    fn alerts(&self, count: u64) -> String {
        match count {
            1 => "1 alert".to_owned(),
            _ => format!("{count} alerts"),
        }
    }

    fn camera_is(&self, status: &str, detail: &str) -> String {
        format!("camera {status}: {detail}")
    }

    fn decimal_mark(&self) -> char {
        '.'
    }

    fn learning(&self) -> &'static str {
        "learning your upright: sit upright, look at the screen and hold still"
    }

    fn get_ready(&self, stance: Stance) -> &'static str {
        match stance {
            Stance::Sitting => "sit upright, look at the screen and hold still",
            Stance::Standing => "stand upright, look at the screen and hold still",
        }
    }

    fn alert_line(&self, kept_back: Option<&str>, alert: &str) -> String {
        match kept_back {
            Some(why) => format!("alert (kept back: {why}): {alert}"),
            None => format!("alert: {alert}"),
        }
    }

    fn clear_line(&self, kind: AlertKind) -> String {
        format!("clear: {}", kind.name().replace('_', " "))
    }

    fn slouch_hardly_seen(&self) -> &'static str {
        "this camera hardly sees your slouch: raise it to the height of your eyes and calibrate again"
    }

    fn slouch_learnt(&self, percent: f64) -> String {
        format!("your own slouch counts from {percent:.0} % of the usual limit on")
    }

    fn calibrated(&self, observations: u32) -> String {
        format!("calibrated on {observations} observations")
    }

    fn kept(&self, profile: &str) -> String {
        format!("kept as profile {profile:?}")
    }

    fn judged_against(&self, profile: Option<&str>) -> String {
        match profile {
            Some(name) => format!("judging against profile {name:?}"),
            None => "judging against what was learnt here before".to_owned(),
        }
    }

    fn other_stance(&self, stance: Stance) -> String {
        let stance = self.stance(stance);
        format!("{stance}, for which no upright was learnt here")
    }

    fn new_place(&self) -> &'static str {
        "this place is new"
    }

    fn refused(&self, why: &str) -> String {
        format!("calibration refused: {why}")
    }

    fn camera_moved(&self, what: CameraMove) -> &'static str {
        match what {
            CameraMove::Corrected => "the camera was moved; that is taken out of the measures",
            CameraMove::Lost => {
                "the camera was moved too far to tell how; sit upright and calibrate again"
            }
            CameraMove::Follows => {
                "this camera follows you (auto-framing); switch that off for a surer judgement"
            }
        }
    }

    fn chair_moved(&self, cm: f64) -> String {
        let way = if cm > 0.0 { "nearer" } else { "further away" };
        format!("your chair has moved {:.0} cm {way}", cm.abs())
    }

    fn hardly_moved(&self, minutes: u64) -> String {
        format!("you have hardly moved for {minutes} min: shift about")
    }

    fn noted_wrong(&self, fault: &str) -> String {
        format!("noted: the alert about \"{fault}\" was wrong")
    }

    fn running(&self) -> &'static str {
        "running"
    }

    fn settings_stay(&self) -> &'static str {
        "Your settings stay as they were"
    }
}
