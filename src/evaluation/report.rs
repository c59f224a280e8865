//! What an evaluation found: every recording, and the recordings added up.

use std::collections::BTreeMap;
use std::time::Duration;

use super::bootstrap::{Intervals, intervals};
use super::find::Labelled;
use super::fit::Choice;
use super::observe::Material;
use super::outcome::Outcome;
use super::score::{FaultTally, Score};
use super::tally::Tally;
use crate::domain::io::Fault;
use crate::domain::settings::Settings;

/// Labels may go on so much longer than the recording without a word, in seconds: the last picture
/// of a slow one stands for as long.
const CUT_SHORT_S: f64 = 10.0;

/// One recording's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The recording's name.
    pub name: String,
    /// Who is seen.
    pub subject: String,
    /// Where the camera stands.
    pub camera: String,
    /// Somebody stretches in it: it is listed, and not added to the others.
    pub has_exercises: bool,
    /// Whether the upright could be learnt.
    pub calibrated: bool,
    /// Where the recording ends, if its labels go on.
    pub cut_short_at: Option<f64>,
    /// The score.
    pub score: Score,
}

impl Judged {
    /// Judges `material` under `settings`, calibrated on its first `calibrate`, or as long as the
    /// labels say.
    ///
    /// # Errors
    /// When a session cannot be read.
    pub async fn of(
        recording: &Labelled,
        material: &Material,
        settings: Settings,
        calibrate: Option<Duration>,
    ) -> anyhow::Result<Self> {
        let labels = &recording.labels;
        let calibrate = calibrate.unwrap_or(Duration::from_secs_f64(labels.calibrate_s));
        let outcome = Outcome::of(material, settings, calibrate).await?;
        let start = calibrate.as_secs_f64();
        let cut_short = outcome.end + CUT_SHORT_S < labels.end();
        Ok(Self {
            name: recording.name.clone(),
            subject: recording.subject().to_owned(),
            camera: labels.camera.clone(),
            has_exercises: labels.has_exercises(),
            calibrated: outcome.calibrated,
            cut_short_at: cut_short.then_some(outcome.end),
            score: Score::of(labels, &outcome, &settings.posture, start),
        })
    }
}

/// The recordings' scores, and what they add up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Every recording.
    pub recordings: Vec<Judged>,
    /// Settings chosen by leaving one subject out; empty where none were tried.
    pub choices: Vec<Choice>,
}

impl Report {
    /// Judges every recording.
    ///
    /// # Errors
    /// When a session cannot be read.
    pub async fn of(
        recordings: &[(Labelled, Material)],
        settings: Settings,
        calibrate: Option<Duration>,
    ) -> anyhow::Result<Self> {
        let mut judged = Vec::new();
        for (recording, material) in recordings {
            judged.push(Judged::of(recording, material, settings, calibrate).await?);
        }
        Ok(Self {
            recordings: judged,
            choices: Vec::new(),
        })
    }

    /// All recordings but those with exercises, added up.
    #[must_use]
    pub fn pooled(&self) -> Tally {
        self.in_the_pool().map(|one| &one.score.tally).sum()
    }

    /// The same for each place of the camera, in the order of their names.
    #[must_use]
    pub fn by_camera(&self) -> Vec<(String, Tally)> {
        self.added_up_by(|one| &one.camera)
    }

    /// The same for each subject, in the order of their names.
    #[must_use]
    pub fn by_subject(&self) -> Vec<(String, Tally)> {
        self.added_up_by(|one| &one.subject)
    }

    /// The same for each fault, in the order of [`Fault::ALL`].
    #[must_use]
    pub fn by_fault(&self) -> [FaultTally; Fault::ALL.len()] {
        let mut sums: [FaultTally; Fault::ALL.len()] = Default::default();
        for one in self.in_the_pool() {
            for (sum, tally) in sums.iter_mut().zip(&one.score.by_fault) {
                *sum += tally;
            }
        }
        sums
    }

    /// Intervals of the pooled figures; `None` with fewer than two subjects.
    #[must_use]
    pub fn intervals(&self) -> Option<Intervals> {
        let tallies: Vec<Tally> = self.by_subject().into_iter().map(|(_, t)| t).collect();
        intervals(&tallies)
    }

    fn in_the_pool(&self) -> impl Iterator<Item = &Judged> {
        self.recordings.iter().filter(|one| !one.has_exercises)
    }

    fn added_up_by<'a>(&'a self, key: impl Fn(&'a Judged) -> &'a str) -> Vec<(String, Tally)> {
        let mut sums: BTreeMap<&str, Tally> = BTreeMap::new();
        for one in self.in_the_pool() {
            *sums.entry(key(one)).or_default() += &one.score.tally;
        }
        let named = sums.into_iter();
        named.map(|(key, tally)| (key.to_owned(), tally)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::labels::Verdict;
    use crate::evaluation::testing::{Script, Truth};

    fn judged(name: &str, subject: &str, truth: Truth) -> Judged {
        let labels = truth.labels();
        let outcome = Script::new()
            .alert(15.0, 1, Fault::HeadTilt, 60.0)
            .outcome();
        let posture = Settings::default().posture;
        Judged {
            name: name.to_owned(),
            subject: subject.to_owned(),
            camera: labels.camera.clone(),
            has_exercises: labels.has_exercises(),
            calibrated: true,
            cut_short_at: None,
            score: Score::of(&labels, &outcome, &posture, 10.0),
        }
    }

    #[test]
    fn recordings_with_exercises_are_not_pooled() {
        let exercises = Truth::new().then(Verdict::Exercise, 20.0, "ex_chin_tuck");
        let report = Report {
            recordings: vec![
                judged("a", "ann", Truth::new()),
                judged("b", "bob", Truth::new()),
                judged("c", "bob", Truth::new()),
                judged("d", "cid", exercises),
            ],
            choices: Vec::new(),
        };
        assert_eq!(report.recordings[3].score.tally.false_ones, 1);
        assert_eq!(report.pooled().false_ones, 3);
        assert_eq!(report.by_camera()[0].1.false_ones, 3);
        assert_eq!(report.by_fault()[4].false_ones, 3);
        let subjects: Vec<_> = report.by_subject();
        let named: Vec<_> = subjects
            .iter()
            .map(|(s, t)| (s.as_str(), t.false_ones))
            .collect();
        assert_eq!(named, [("ann", 1), ("bob", 2)]);
        assert!(report.intervals().is_some());
    }
}
