//! What effects say to a reader of lines.

use super::status_line::minutes;
use crate::desktop::text;
use crate::domain::io::{CameraMove, Effect, Fault};
use crate::domain::own_slouch::{HARDLY_SEEN, personal_limit};
use crate::domain::places::Place;

/// What an effect says to a reader, if anything; `name` is that of the profile it speaks of.
pub(super) fn words(effect: &Effect, name: Option<String>) -> Option<String> {
    let named = |faults: &[Fault]| {
        faults
            .iter()
            .map(|f| f.name().replace('_', " "))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Some(match effect {
        Effect::State {
            doubt: Some(doubt), ..
        } => {
            format!("unsure: {}", doubt.name().replace('_', " "))
        }
        Effect::State { state, faults, .. } if faults.is_empty() => state.name().replace('_', " "),
        Effect::State { state, faults, .. } => {
            format!("{}: {}", state.name().replace('_', " "), named(faults))
        }
        Effect::Alert(alert) => {
            let text = text::alert(alert);
            let kept_back = match alert.silenced {
                Some(silence) => format!(" (kept back: {})", silence.name()),
                None => String::new(),
            };
            format!("alert{kept_back}: {}: {}", text.summary, text.body)
        }
        Effect::Clear { kind, .. } => format!("clear: {}", kind.name()),
        Effect::Calibrating(progress) => match progress.hindrance {
            Some(hindrance) => hindrance.to_string(),
            None => progress.phase.ask().to_owned(),
        },
        Effect::SlouchLearnt { share } if *share < HARDLY_SEEN => {
            "this camera hardly sees your slouch: raise it to the height of your eyes and \
             calibrate again"
                .to_owned()
        }
        Effect::SlouchLearnt { share } => format!(
            "your own slouch counts from {:.0} % of the usual limit on",
            100.0 * personal_limit(*share)
        ),
        Effect::Calibrated(learnt) => {
            format!(
                "calibrated on {} observations",
                learnt.profile.baseline.samples
            )
        }
        Effect::Place(Place::Known(_)) => match name {
            Some(name) => format!("judging against profile {name:?}"),
            None => "judging against what was learnt here before".to_owned(),
        },
        Effect::Place(Place::OtherStance(stance)) => {
            format!("{}, for which no upright was learnt here", stance.name())
        }
        Effect::Place(Place::New) => "this place is new".to_owned(),
        Effect::CalibrationRefused(refusal) => format!("calibration refused: {refusal}"),
        Effect::CameraMoved(CameraMove::Corrected) => {
            "the camera was moved; that is taken out of the measures".to_owned()
        }
        Effect::CameraMoved(CameraMove::Lost) => {
            "the camera was moved too far to tell how; sit upright and calibrate again".to_owned()
        }
        Effect::CameraMoved(CameraMove::Follows) => {
            "this camera follows you (auto-framing); switch that off for a surer judgement"
                .to_owned()
        }
        Effect::ChairMoved { forward_cm } => {
            let way = if *forward_cm > 0.0 {
                "nearer"
            } else {
                "further away"
            };
            format!("your chair has moved {:.0} cm {way}", forward_cm.abs())
        }
        Effect::StillHint { held } => format!(
            "you have hardly moved for {} min: shift about",
            held.as_secs() / 60
        ),
        Effect::BreakTaken { away } => {
            format!("break taken: away for {}", minutes(*away))
        }
        Effect::Wrong(fault) => {
            format!(
                "noted: the alert about \"{}\" was wrong",
                fault.name().replace('_', " ")
            )
        }
        Effect::Paused(reasons) if reasons.is_empty() => "running".to_owned(),
        Effect::Paused(reasons) => {
            let names: Vec<_> = reasons.iter().map(|r| r.name().replace('_', " ")).collect();
            format!("paused: {}", names.join(", "))
        }
        Effect::Rate(_) | Effect::Publish(_) => return None,
    })
}
