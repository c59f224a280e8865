//! The file of exercises as it is written.

use serde::Deserialize;
use toml::Spanned;

/// A whole file, its tables still to be read one by one, so that a mistake can name its exercise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) exercise: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    pub(super) routine: Vec<Spanned<toml::Table>>,
    pub(super) safety: Option<RawSafety>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExercise {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) purpose: String,
    pub(super) steps: Vec<String>,
    pub(super) hold_s: f64,
    pub(super) repetitions: u32,
    #[serde(default)]
    pub(super) both_sides: bool,
    #[serde(default)]
    pub(super) rest_s: f64,
    pub(super) verifiable: String,
    #[serde(default)]
    pub(super) answers: Vec<String>,
    #[serde(default)]
    pub(super) strengthens: bool,
    #[serde(default)]
    pub(super) cautions: Vec<String>,
    pub(super) evidence: String,
    pub(super) sources: Vec<String>,
    #[serde(default)]
    pub(super) alternatives: Vec<String>,
    pub(super) camera: Option<RawCamera>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCamera {
    pub(super) least_s: Option<f64>,
    pub(super) fastest_s: Option<f64>,
    pub(super) slowest_s: Option<f64>,
    pub(super) gap_s: Option<f64>,
    pub(super) goal: Vec<RawCondition>,
    #[serde(default)]
    pub(super) keep: Vec<RawCondition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    pub(super) signal: String,
    pub(super) at_least: Option<f64>,
    pub(super) at_most: Option<f64>,
    pub(super) exit: f64,
    pub(super) hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoutine {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) exercises: Vec<String>,
    #[serde(default)]
    pub(super) red_flags_first: bool,
    #[serde(default, rename = "where")]
    pub(super) places: Vec<RawPlace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlace {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) exercises: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSafety {
    pub(super) clinician: String,
    pub(super) red_flags: Vec<String>,
    pub(super) emergency: String,
    pub(super) cautions: Vec<String>,
    pub(super) sources: Vec<String>,
}

/// A file of texts in another language, by id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTexts {
    pub(super) exercise: std::collections::BTreeMap<String, RawExerciseTexts>,
    pub(super) routine: std::collections::BTreeMap<String, RawRoutineTexts>,
    pub(super) safety: RawSafetyTexts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExerciseTexts {
    pub(super) title: String,
    pub(super) purpose: String,
    pub(super) steps: Vec<String>,
    #[serde(default)]
    pub(super) cautions: Vec<String>,
    pub(super) evidence: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoutineTexts {
    pub(super) title: String,
    pub(super) about: String,
    #[serde(default, rename = "where")]
    pub(super) places: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSafetyTexts {
    pub(super) clinician: String,
    pub(super) red_flags: Vec<String>,
    pub(super) emergency: String,
    pub(super) cautions: Vec<String>,
}
