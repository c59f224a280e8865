//! What is true of a recording: `labels.json`, read and checked.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::io::Fault;

/// Seconds of calibration where labels do not tell.
const CALIBRATE_S: f64 = 10.0;

/// Times in labels are written with few decimals: by so many seconds segments may overlap.
const ROUNDING_S: f64 = 1e-6;

/// What is true of a stretch of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Sitting upright.
    Good,
    /// A bad posture: to be told once it has lasted its dwell.
    Bad,
    /// Neither: nothing must be told of it (a turned head, a glance at the keys, a change of
    /// posture).
    Neutral,
    /// A stretch that somebody does on purpose.
    Exercise,
    /// Nobody is there.
    Absent,
    /// It cannot be seen: too dark, or the picture stands still.
    Unseen,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 6] = [
        Self::Good,
        Self::Bad,
        Self::Neutral,
        Self::Exercise,
        Self::Absent,
        Self::Unseen,
    ];

    /// The word used in labels.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
            Self::Exercise => "exercise",
            Self::Absent => "absent",
            Self::Unseen => "unseen",
        }
    }
}

/// A stretch of a recording, `from` up to `to` in seconds, with what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What it shows, for people; `moving` is the way from one posture to the next.
    pub label: String,
    /// What is true of it.
    pub verdict: Verdict,
    /// What an alert should name, the worst first.
    pub faults: Vec<Fault>,
    /// What an alert may name as well.
    pub also: Vec<Fault>,
    /// An alert is demanded.
    pub must: bool,
}

/// The labels of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Who is seen; none where the labels do not tell.
    pub subject: Option<String>,
    /// Where the camera stands: `laptop`, `monitor`, `side`, or another word.
    pub camera: String,
    /// Seconds at the beginning that the upright is learnt from.
    pub calibrate_s: f64,
    /// What is true when, in order.
    pub segments: Vec<Segment>,
    /// When somebody moved the camera.
    pub nudges: Vec<f64>,
}

/// Why labels cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LabelsError {
    /// There are none.
    #[error("{recording:?} has no labels; describe what is true of it in {path:?}")]
    None {
        /// The recording.
        recording: PathBuf,
        /// Where they are looked for.
        path: PathBuf,
    },
    /// They are wrong.
    #[error("cannot use labels {path:?}: {why}; correct it there")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The field, and what is wrong with it.
        why: String,
    },
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    camera: Option<String>,
    #[serde(default)]
    calibrate_s: Option<f64>,
    segments: Vec<WrittenSegment>,
    #[serde(default)]
    events: Vec<WrittenEvent>,
}

#[derive(Deserialize)]
struct WrittenSegment {
    from: f64,
    to: f64,
    label: String,
    verdict: String,
    #[serde(default)]
    faults: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    must: bool,
}

#[derive(Deserialize)]
struct WrittenEvent {
    t: f64,
    kind: String,
}

impl Labels {
    /// Reads the labels of `recording` from the file at `path`.
    ///
    /// # Errors
    /// When there are none, or they are wrong: the field and what is wrong with it.
    pub fn load(recording: &Path, path: &Path) -> Result<Self, LabelsError> {
        let wrong = |why| LabelsError::Wrong {
            path: path.to_owned(),
            why,
        };
        let json = fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => LabelsError::None {
                recording: recording.to_owned(),
                path: path.to_owned(),
            },
            _ => wrong(error.to_string()),
        })?;
        Self::parse(&json).map_err(wrong)
    }

    /// Reads labels; fields that are not named in [`Labels`] are for others.
    ///
    /// # Errors
    /// The field that is wrong, and why.
    pub fn parse(json: &str) -> Result<Self, String> {
        let written: Written = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut segments: Vec<Segment> = Vec::new();
        for (index, segment) in written.segments.into_iter().enumerate() {
            let segment = segment
                .check(segments.last().map_or(0.0, |last| last.to))
                .map_err(|why| format!("segments[{index}]: {why}"))?;
            segments.push(segment);
        }
        if segments.is_empty() {
            return Err("\"segments\" is empty".to_owned());
        }
        let calibrate_s = written.calibrate_s.unwrap_or(CALIBRATE_S);
        if !(3.0..=120.0).contains(&calibrate_s) {
            return Err(format!(
                "\"calibrate_s\" is {calibrate_s}; it must be from 3 to 120"
            ));
        }
        let nudges = written
            .events
            .iter()
            .filter(|event| event.kind == "camera_nudge")
            .map(|event| event.t)
            .collect();
        Ok(Self {
            subject: written.subject.map(|subject| plain(&subject)),
            camera: plain(written.camera.as_deref().unwrap_or("unknown")),
            calibrate_s,
            segments,
            nudges,
        })
    }

    /// The segment that holds at `t`.
    #[must_use]
    pub fn at(&self, t: f64) -> Option<&Segment> {
        self.segments.iter().find(|s| s.from <= t && t < s.to)
    }

    /// Where the last segment ends.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.segments.last().map_or(0.0, |last| last.to)
    }

    /// Whether somebody stretches in it.
    #[must_use]
    pub fn has_exercises(&self) -> bool {
        self.segments.iter().any(|s| s.verdict == Verdict::Exercise)
    }
}

impl WrittenSegment {
    fn check(self, after: f64) -> Result<Segment, String> {
        let (from, to) = (self.from, self.to);
        if from >= to {
            return Err(format!("\"from\" ({from}) must be less than \"to\" ({to})"));
        }
        if from < after - ROUNDING_S {
            return Err(format!(
                "\"from\" ({from}) lies before the end of the segment above ({after})"
            ));
        }
        let verdict = Verdict::ALL.into_iter().find(|v| v.name() == self.verdict);
        let Some(verdict) = verdict else {
            let all: Vec<_> = Verdict::ALL.iter().map(|v| v.name()).collect();
            return Err(format!(
                "\"verdict\" is {:?}; it must be one of {}",
                self.verdict,
                all.join(", ")
            ));
        };
        if self.must && verdict != Verdict::Bad {
            return Err(format!(
                "\"must\" demands an alert, but the verdict is {:?}",
                verdict.name()
            ));
        }
        Ok(Segment {
            from,
            to,
            label: plain(&self.label),
            verdict,
            faults: faults("faults", &self.faults)?,
            also: faults("also", &self.also)?,
            must: self.must,
        })
    }
}

fn faults(field: &str, names: &[String]) -> Result<Vec<Fault>, String> {
    let fault = |name: &String| {
        let known = Fault::ALL.into_iter().find(|fault| fault.name() == name);
        known.ok_or_else(|| {
            let all: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
            format!("\"{field}\" names {name:?}; known are {}", all.join(", "))
        })
    };
    names.iter().map(fault).collect()
}

/// `text` without what would move a terminal's cursor.
#[must_use]
pub fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read() {
        let labels = Labels::parse(
            r#"{"fps":2,"subject":"ann","camera":"laptop","segments":[
            {"from":0,"to":20,"label":"upright","verdict":"good","faults":[],"truth":null},
            {"from":20,"to":80,"label":"slouch","verdict":"bad","faults":["slouch"],
             "also":["lean_in"],"must":true}],
            "events":[{"t":7,"kind":"camera_nudge","deg":2},{"t":9,"kind":"light"}]}"#,
        )
        .unwrap();
        assert_eq!(labels.subject.as_deref(), Some("ann"));
        assert_eq!(
            (labels.camera.as_str(), labels.calibrate_s),
            ("laptop", 10.0)
        );
        assert_eq!(labels.nudges, [7.0]);
        assert_eq!(labels.at(20.0), Some(&labels.segments[1]));
        assert_eq!(labels.at(80.0), None);
        let bad = &labels.segments[1];
        assert_eq!((bad.verdict, bad.must), (Verdict::Bad, true));
        assert_eq!(
            (&bad.faults[..], &bad.also[..]),
            (&[Fault::Slouch][..], &[Fault::LeanIn][..])
        );
        assert!(!labels.has_exercises());
    }

    #[track_caller]
    fn refused(segments: &str, expected: &str) {
        let why = Labels::parse(&format!("{{\"segments\":{segments}}}")).unwrap_err();
        assert!(why.contains(expected), "{why}");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        assert!(Labels::parse("upright").unwrap_err().contains("line 1"));
        assert!(
            Labels::parse("{}")
                .unwrap_err()
                .contains("missing field `segments`")
        );
        refused("[]", "\"segments\" is empty");
        refused(
            r#"[{"from":9,"to":5,"label":"x","verdict":"good"}]"#,
            "segments[0]: \"from\" (9) must be less than \"to\" (5)",
        );
        refused(
            r#"[{"from":0,"to":5,"label":"x","verdict":"awful"}]"#,
            "segments[0]: \"verdict\" is \"awful\"; it must be one of good, bad,",
        );
        refused(
            r#"[{"from":0,"to":5,"label":"x","verdict":"good"},
                {"from":4,"to":6,"label":"x","verdict":"good"}]"#,
            "segments[1]: \"from\" (4) lies before the end of the segment above (5)",
        );
        refused(
            r#"[{"from":0,"to":5,"label":"x","verdict":"bad","faults":["hunch"]}]"#,
            "segments[0]: \"faults\" names \"hunch\"; known are slouch,",
        );
        refused(
            r#"[{"from":0,"to":5,"label":"x","verdict":"good","must":true}]"#,
            "segments[0]: \"must\" demands an alert, but the verdict is \"good\"",
        );
        refused(
            r#"[{"to":5,"label":"x","verdict":"good"}]"#,
            "missing field `from`",
        );
    }
}
