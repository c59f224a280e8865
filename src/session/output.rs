//! Effects as they are written.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::line::kinds;
use super::number::{Finite, Seconds};
use super::profile::ProfileRecord;
use super::taken::TakenFields;
use super::words::{
    CameraMoveWord, DoubtWord, FaultWord, HindranceWord, IntervalWord, KindWord, PauseWord,
    PhaseWord, SilenceWord, StanceWord, StateWord, UrgencyWord, fault_words, faults,
};
use crate::domain::baseline::Refusal;
use crate::domain::calibration::Progress;
use crate::domain::intervals::Interval;
use crate::domain::io::{Alert, Amount, Effect};
use crate::domain::places::Place;
use crate::domain::profile::Learnt;
use crate::domain::time::{Moment, WallTime};

kinds! {
    /// What the monitor wanted.
    Out, OutKind, "out" {
        State(StateFields),
        Alert(AlertFields),
        Clear(ClearFields),
        Calibrating(CalibratingFields),
        SlouchLearnt(SlouchFields),
        Wrong(WrongFields),
        Calibrated(CalibratedFields),
        CalibrationRefused(RefusedFields),
        Place(PlaceFields),
        CameraMoved(CameraMovedFields),
        ChairMoved(ChairMovedFields),
        StillHint(StillHintFields),
        BreakTaken(TakenFields),
        Interval(IntervalFields),
        Paused(PausedFields),
        Rate(RateFields),
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateFields {
    state: StateWord,
    faults: Vec<FaultWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubt: Option<DoubtWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrongFields {
    fault: FaultWord,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PausedFields {
    reasons: Vec<PauseWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertFields {
    kind: KindWord,
    bout: u64,
    faults: Vec<FaultWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<AmountWord>,
    lasted: Seconds,
    urgency: UrgencyWord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silenced: Option<SilenceWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AmountWord {
    Percent(Finite<f64>),
    Centimetres(Finite<f64>),
    Degrees(Finite<f64>),
    Minutes(Finite<f64>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClearFields {
    kind: KindWord,
    bout: u64,
    faults: Vec<FaultWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibratingFields {
    phase: PhaseWord,
    part: Finite<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hindrance: Option<HindranceWord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SlouchFields {
    share: Finite<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibratedFields {
    number: usize,
    kept: bool,
    profile: ProfileRecord,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceFields {
    place: PlaceWord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PlaceWord {
    Known(usize),
    OtherStance(StanceWord),
    New,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefusedFields {
    reason: RefusalWord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefusalWord {
    Hidden(Finite<f64>),
    TooFew(Finite<f64>),
    Moved(Finite<f64>),
    Turned(Finite<f64>),
    Tilted(Finite<f64>),
    TooDark(Finite<f64>),
    MovedBy(Finite<f64>),
    TwoViews,
    Nobody,
    TwoPeople,
    Waited(HindranceWord),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CameraMovedFields {
    upright: CameraMoveWord,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChairMovedFields {
    forward_cm: Finite<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StillHintFields {
    held: Seconds,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntervalFields {
    kind: IntervalWord,
    from: MomentFields,
    to: MomentFields,
    /// Absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asleep: Option<Seconds>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    locked: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MomentFields {
    t: Seconds,
    /// Milliseconds since 1970 and seconds east of UTC.
    wall: (i64, i32),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateFields {
    hz: Finite<f64>,
}

impl Out {
    /// The line of `effect`; none for what is not recorded.
    pub(super) fn new(effect: &Effect) -> Option<Self> {
        Some(match effect {
            Effect::State {
                state,
                faults,
                doubt,
            } => Self::State(StateFields {
                state: (*state).into(),
                faults: fault_words(faults),
                doubt: doubt.map(DoubtWord::from),
            }),
            Effect::Alert(alert) => Self::Alert(AlertFields {
                kind: alert.kind.into(),
                bout: alert.bout,
                faults: fault_words(&alert.faults),
                amount: alert.amount.map(AmountWord::from),
                lasted: Seconds(alert.lasted),
                urgency: alert.urgency.into(),
                silenced: alert.silenced.map(SilenceWord::from),
            }),
            Effect::Clear { kind, bout, faults } => Self::Clear(ClearFields {
                kind: (*kind).into(),
                bout: *bout,
                faults: fault_words(faults),
            }),
            Effect::Calibrating(progress) => Self::Calibrating(CalibratingFields {
                phase: progress.phase.into(),
                part: Finite(progress.part),
                hindrance: progress.hindrance.map(HindranceWord::from),
            }),
            Effect::SlouchLearnt { share } => Self::SlouchLearnt(SlouchFields {
                share: Finite(*share),
            }),
            Effect::Calibrated(learnt) => Self::Calibrated(CalibratedFields {
                number: learnt.number,
                kept: learnt.kept,
                profile: learnt.profile.into(),
            }),
            Effect::CalibrationRefused(refusal) => Self::CalibrationRefused(RefusedFields {
                reason: (*refusal).into(),
            }),
            Effect::Place(place) => Self::Place(PlaceFields {
                place: match *place {
                    Place::Known(number) => PlaceWord::Known(number),
                    Place::OtherStance(stance) => PlaceWord::OtherStance(stance.into()),
                    Place::New => PlaceWord::New,
                },
            }),
            Effect::CameraMoved(what) => Self::CameraMoved(CameraMovedFields {
                upright: (*what).into(),
            }),
            Effect::ChairMoved { forward_cm } => Self::ChairMoved(ChairMovedFields {
                forward_cm: Finite(*forward_cm),
            }),
            Effect::StillHint { held } => Self::StillHint(StillHintFields {
                held: Seconds(*held),
            }),
            Effect::Interval(interval) => Self::Interval(IntervalFields {
                kind: interval.kind.into(),
                from: interval.from.into(),
                to: interval.to.into(),
                asleep: (!interval.asleep.is_zero()).then_some(Seconds(interval.asleep)),
                locked: interval.locked,
            }),
            Effect::BreakTaken(taken) => Self::BreakTaken((*taken).into()),
            Effect::Wrong(fault) => Self::Wrong(WrongFields {
                fault: (*fault).into(),
            }),
            Effect::Paused(reasons) => Self::Paused(PausedFields {
                reasons: reasons.iter().copied().map(Into::into).collect(),
            }),
            Effect::Rate(hz) => Self::Rate(RateFields { hz: Finite(*hz) }),
            Effect::Publish(_) => return None,
        })
    }
}

impl From<Out> for Effect {
    fn from(out: Out) -> Self {
        match out {
            Out::State(fields) => Self::State {
                state: fields.state.into(),
                faults: faults(fields.faults),
                doubt: fields.doubt.map(Into::into),
            },
            Out::Alert(fields) => Self::Alert(Alert {
                kind: fields.kind.into(),
                bout: fields.bout,
                faults: faults(fields.faults),
                amount: fields.amount.map(Amount::from),
                lasted: fields.lasted.0,
                urgency: fields.urgency.into(),
                silenced: fields.silenced.map(Into::into),
            }),
            Out::Clear(fields) => Self::Clear {
                kind: fields.kind.into(),
                bout: fields.bout,
                faults: faults(fields.faults),
            },
            Out::Calibrating(fields) => Self::Calibrating(Progress {
                phase: fields.phase.into(),
                part: fields.part.0,
                hindrance: fields.hindrance.map(Into::into),
            }),
            Out::SlouchLearnt(fields) => Self::SlouchLearnt {
                share: fields.share.0,
            },
            Out::Calibrated(fields) => Self::Calibrated(Learnt {
                number: fields.number,
                kept: fields.kept,
                profile: fields.profile.into(),
            }),
            Out::Place(PlaceFields { place }) => Self::Place(match place {
                PlaceWord::Known(number) => Place::Known(number),
                PlaceWord::OtherStance(stance) => Place::OtherStance(stance.into()),
                PlaceWord::New => Place::New,
            }),
            Out::CalibrationRefused(fields) => Self::CalibrationRefused(fields.reason.into()),
            Out::CameraMoved(fields) => Self::CameraMoved(fields.upright.into()),
            Out::ChairMoved(fields) => Self::ChairMoved {
                forward_cm: fields.forward_cm.0,
            },
            Out::StillHint(fields) => Self::StillHint {
                held: fields.held.0,
            },
            Out::BreakTaken(fields) => Self::BreakTaken(fields.into()),
            Out::Interval(fields) => Self::Interval(Interval {
                kind: fields.kind.into(),
                from: fields.from.into(),
                to: fields.to.into(),
                asleep: fields.asleep.map_or(Duration::ZERO, |span| span.0),
                locked: fields.locked,
            }),
            Out::Wrong(fields) => Self::Wrong(fields.fault.into()),
            Out::Paused(fields) => {
                Self::Paused(fields.reasons.into_iter().map(Into::into).collect())
            }
            Out::Rate(fields) => Self::Rate(fields.hz.0),
        }
    }
}

impl From<Moment> for MomentFields {
    fn from(moment: Moment) -> Self {
        Self {
            t: Seconds(moment.elapsed),
            wall: (moment.wall.unix_ms, moment.wall.utc_offset_s),
        }
    }
}

impl From<MomentFields> for Moment {
    fn from(fields: MomentFields) -> Self {
        let (unix_ms, utc_offset_s) = fields.wall;
        Self {
            elapsed: fields.t.0,
            wall: WallTime {
                unix_ms,
                utc_offset_s,
            },
        }
    }
}

impl From<Amount> for AmountWord {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Percent(number) => Self::Percent(Finite(number)),
            Amount::Centimetres(number) => Self::Centimetres(Finite(number)),
            Amount::Degrees(number) => Self::Degrees(Finite(number)),
            Amount::Minutes(number) => Self::Minutes(Finite(number)),
        }
    }
}

impl From<AmountWord> for Amount {
    fn from(word: AmountWord) -> Self {
        match word {
            AmountWord::Percent(Finite(number)) => Self::Percent(number),
            AmountWord::Centimetres(Finite(number)) => Self::Centimetres(number),
            AmountWord::Degrees(Finite(number)) => Self::Degrees(number),
            AmountWord::Minutes(Finite(number)) => Self::Minutes(number),
        }
    }
}

impl From<Refusal> for RefusalWord {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Hidden(number) => Self::Hidden(Finite(number)),
            Refusal::TooFew(number) => Self::TooFew(Finite(number)),
            Refusal::Moved(number) => Self::Moved(Finite(number)),
            Refusal::Turned(number) => Self::Turned(Finite(number)),
            Refusal::Tilted(number) => Self::Tilted(Finite(number)),
            Refusal::TooDark(number) => Self::TooDark(Finite(number)),
            Refusal::MovedBy(number) => Self::MovedBy(Finite(number)),
            Refusal::TwoViews => Self::TwoViews,
            Refusal::Nobody => Self::Nobody,
            Refusal::TwoPeople => Self::TwoPeople,
            Refusal::Waited(hindrance) => Self::Waited(hindrance.into()),
        }
    }
}

impl From<RefusalWord> for Refusal {
    fn from(word: RefusalWord) -> Self {
        match word {
            RefusalWord::Hidden(Finite(number)) => Self::Hidden(number),
            RefusalWord::TooFew(Finite(number)) => Self::TooFew(number),
            RefusalWord::Moved(Finite(number)) => Self::Moved(number),
            RefusalWord::Turned(Finite(number)) => Self::Turned(number),
            RefusalWord::Tilted(Finite(number)) => Self::Tilted(number),
            RefusalWord::TooDark(Finite(number)) => Self::TooDark(number),
            RefusalWord::MovedBy(Finite(number)) => Self::MovedBy(number),
            RefusalWord::TwoViews => Self::TwoViews,
            RefusalWord::Nobody => Self::Nobody,
            RefusalWord::TwoPeople => Self::TwoPeople,
            RefusalWord::Waited(hindrance) => Self::Waited(hindrance.into()),
        }
    }
}
