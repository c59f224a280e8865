//! What effects say to a reader of lines.

use crate::domain::io::Effect;
use crate::domain::own_slouch::{HARDLY_SEEN, personal_limit};
use crate::domain::places::Place;
use crate::wording::{self, Texts, standing};

/// What an effect says to a reader, if anything; `name` is that of the profile it speaks of.
pub(super) fn words(texts: Texts, effect: &Effect, name: Option<&str>) -> Option<String> {
    Some(match effect {
        Effect::State {
            state,
            faults,
            doubt,
        } => standing(texts, *state, faults, *doubt),
        Effect::Alert(alert) => {
            let text = wording::alert(texts, alert);
            let kept_back = alert.silenced.map(|silence| texts.silence(silence));
            texts.alert_line(kept_back, &format!("{}: {}", text.summary, text.body))
        }
        Effect::Clear { kind, .. } => texts.clear_line(*kind),
        Effect::Calibrating(progress) => match progress.hindrance {
            Some(hindrance) => texts.hindrance(hindrance).to_owned(),
            None => texts.phase(progress.phase).to_owned(),
        },
        Effect::SlouchLearnt { share } if *share < HARDLY_SEEN => {
            texts.slouch_hardly_seen().to_owned()
        }
        Effect::SlouchLearnt { share } => texts.slouch_learnt(100.0 * personal_limit(*share)),
        Effect::Calibrated(learnt) => texts.calibrated(learnt.profile.baseline.samples),
        Effect::Place(Place::Known(_)) => texts.judged_against(name),
        Effect::Place(Place::OtherStance(stance)) => texts.other_stance(*stance),
        Effect::Place(Place::New) => texts.new_place().to_owned(),
        Effect::CalibrationRefused(refusal) => texts.refused(&texts.refusal(*refusal)),
        Effect::CameraMoved(what) => texts.camera_moved(*what).to_owned(),
        Effect::ChairMoved { forward_cm } => texts.chair_moved(*forward_cm),
        Effect::StillHint { held } => texts.hardly_moved(held.as_secs() / 60),
        Effect::BreakTaken(taken) => texts.break_taken(taken),
        Effect::Wrong(fault) => texts.noted_wrong(texts.fault(*fault)),
        Effect::Paused(reasons) if reasons.is_empty() => texts.running().to_owned(),
        Effect::Paused(reasons) => {
            let reasons: Vec<_> = reasons.iter().map(|reason| texts.pause(*reason)).collect();
            texts.paused(&reasons.join(", "))
        }
        Effect::Interval(_) | Effect::Rate(_) | Effect::Publish(_) => return None,
    })
}
