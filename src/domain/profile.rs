//! A person's own upright for one place: a camera, where it stands, and sitting or standing.

use super::baseline::Baseline;
use super::io::CameraShift;

/// Whether the person sits or stands at the desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stance {
    /// On a chair.
    #[default]
    Sitting,
    /// At a raised desk.
    Standing,
}

impl Stance {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sitting, Self::Standing];

    /// The word used in events, sessions and profiles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sitting => "sitting",
            Self::Standing => "standing",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Sitting => Self::Standing,
            Self::Standing => Self::Sitting,
        }
    }
}

/// A baseline for one camera, place and stance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// Whether the person sat or stood.
    pub stance: Stance,
    /// Their upright.
    pub baseline: Baseline,
    /// Where the camera was when it was learnt; `None` where the room did not tell.
    pub place: Option<CameraShift>,
}

/// What a calibration gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learnt {
    /// The profile.
    pub profile: Profile,
    /// Its number among the profiles of the run: one that there was and that it replaces, or the
    /// next.
    pub number: usize,
    /// Whether it is worth keeping for the next runs: the person asked for it, and was guided.
    pub kept: bool,
}
