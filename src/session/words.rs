//! The domain's closed sets as the words that are written.

use serde::{Deserialize, Serialize};

use crate::domain::{breaks, calibration, hindrance, intervals, io, pauses, profile};

/// A set of the domain as a set that is written in small letters, with conversions both ways.
/// The matches are exhaustive: a variant that is added to the domain must be added here.
macro_rules! words {
    ($($(#[$doc:meta])* $word:ident of $domain:path { $($variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $word { $($variant),* }

        impl From<$domain> for $word {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value { $(Domain::$variant => Self::$variant),* }
            }
        }

        impl From<$word> for $domain {
            fn from(word: $word) -> Self {
                match word { $($word::$variant => Self::$variant),* }
            }
        }

        #[cfg(test)]
        impl $word {
            const ALL: &[Self] = &[$(Self::$variant),*];
        }
    )*};
}

words! {
    /// How the camera is.
    CameraWord of io::CameraStatus { Ok, Lost, Stalled, Busy, Denied, Yielded }

    /// A measure past its limit.
    FaultWord of io::Fault {
        Slouch, ForwardHead, LeanIn, SideLean, HeadTilt, HeadDown, RaisedShoulders, TooClose,
    }

    /// The verdict on the posture.
    StateWord of io::State { Good, AtRisk, Bad, Unsure, Away }

    /// Why a posture is not judged.
    DoubtWord of io::Doubt {
        NotCalibrated, NoCamera, Paused, TooDark, Hidden, CutOff, Turned, LookingDown, ArmRaised,
        JustBack,         Moving, CameraMoved, OtherPerson, TooFar, TwoPeople,
    }

    /// What became of the upright when the camera was moved.
    CameraMoveWord of io::CameraMove { Corrected, Lost, Follows }

    /// What a calibration asks for.
    PhaseWord of calibration::Phase { Upright, Slouch }

    /// Why what is seen does not count for a calibration.
    HindranceWord of hindrance::Hindrance {
        Nobody, TooDark, TwoPeople, HeadHidden, ShouldersHidden, CutOff, TooClose, Turned, Tilted,
        Moving,
    }

    /// What an alert is about.
    KindWord of io::AlertKind {
        Posture, Sitting, Stand, Move, Eyes, Water, NewPlace, StoodUp, SatDown,
    }

    /// What a break counts as.
    BreakWord of breaks::BreakKind { Away, Walked, Stretched, Timed }

    /// What a stretch of time at the desk was.
    IntervalWord of intervals::IntervalKind {
        Sitting, Standing, MicroBreak, Break, Away, Unwatched,
    }

    /// Whether the person sits or stands.
    StanceWord of profile::Stance { Sitting, Standing }

    /// How strongly an alert is put.
    UrgencyWord of io::Urgency { Quiet, Firm }

    /// Why an alert is not put to the person.
    SilenceWord of io::Silence { DoNotDisturb, Cooldown, Budget }

    /// Why the monitor is paused.
    PauseWord of pauses::PauseReason {
        User, Snoozed, Locked, Asleep, CameraLost, Yielded, QuietHours, Call, ScreenShare, Battery,
    }
}

/// Faults as words, the worst first.
pub(super) fn fault_words(faults: &[io::Fault]) -> Vec<FaultWord> {
    faults.iter().copied().map(FaultWord::from).collect()
}

/// Faults from words.
pub(super) fn faults(words: Vec<FaultWord>) -> Vec<io::Fault> {
    words.into_iter().map(io::Fault::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(word: impl Serialize) -> String {
        let text = serde_json::to_string(&word).unwrap();
        text.trim_matches('"').to_owned()
    }

    #[test]
    fn a_session_uses_the_words_of_the_domain() {
        for &word in CameraWord::ALL {
            assert_eq!(written(word), io::CameraStatus::from(word).name());
        }
        for &word in FaultWord::ALL {
            assert_eq!(written(word), io::Fault::from(word).name());
        }
        for &word in StateWord::ALL {
            assert_eq!(written(word), io::State::from(word).name());
        }
        for &word in DoubtWord::ALL {
            assert_eq!(written(word), io::Doubt::from(word).name());
        }
        for &word in PhaseWord::ALL {
            assert_eq!(written(word), calibration::Phase::from(word).name());
        }
        for &word in HindranceWord::ALL {
            assert_eq!(written(word), hindrance::Hindrance::from(word).name());
        }
        for &word in PauseWord::ALL {
            assert_eq!(written(word), pauses::PauseReason::from(word).name());
        }
        for &word in KindWord::ALL {
            assert_eq!(written(word), io::AlertKind::from(word).name());
        }
        for &word in BreakWord::ALL {
            assert_eq!(written(word), breaks::BreakKind::from(word).name());
        }
        for &word in IntervalWord::ALL {
            assert_eq!(written(word), intervals::IntervalKind::from(word).name());
        }
        for &word in StanceWord::ALL {
            assert_eq!(written(word), profile::Stance::from(word).name());
        }
        for &word in CameraMoveWord::ALL {
            assert_eq!(written(word), io::CameraMove::from(word).name());
        }
        for &word in SilenceWord::ALL {
            assert_eq!(written(word), io::Silence::from(word).name());
        }
        assert_eq!(UrgencyWord::ALL.len(), 2);
    }

    #[test]
    fn a_word_turned_round_is_the_same() {
        for &word in DoubtWord::ALL {
            assert_eq!(DoubtWord::from(io::Doubt::from(word)), word);
        }
        assert_eq!(faults(fault_words(&io::Fault::ALL)), io::Fault::ALL);
    }
}
