//! A profile as it is written.

use serde::{Deserialize, Serialize};

use super::baseline::BaselineRecord;
use super::input::CameraShiftFields;
use super::words::StanceWord;
use crate::domain::profile::Profile;

/// A profile with the name the person knows it by.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedProfile {
    /// The name.
    pub name: String,
    /// The profile.
    pub profile: Profile,
}

/// A profile as a JSON object: the fields of [`Profile`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileRecord {
    stance: StanceWord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<CameraShiftFields>,
    baseline: BaselineRecord,
}

/// A [`NamedProfile`] as a JSON object.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedRecord {
    name: String,
    profile: ProfileRecord,
}

impl From<Profile> for ProfileRecord {
    fn from(profile: Profile) -> Self {
        Self {
            stance: profile.stance.into(),
            place: profile.place.map(Into::into),
            baseline: profile.baseline.into(),
        }
    }
}

impl From<ProfileRecord> for Profile {
    fn from(record: ProfileRecord) -> Self {
        Self {
            stance: record.stance.into(),
            place: record.place.map(Into::into),
            baseline: record.baseline.into(),
        }
    }
}

impl From<&NamedProfile> for NamedRecord {
    fn from(named: &NamedProfile) -> Self {
        Self {
            name: named.name.clone(),
            profile: named.profile.into(),
        }
    }
}

impl From<NamedRecord> for NamedProfile {
    fn from(record: NamedRecord) -> Self {
        Self {
            name: record.name,
            profile: record.profile.into(),
        }
    }
}
