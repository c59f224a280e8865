//! The configuration as it is meant: units, ranges and choices, checked.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use super::broker::Mqtt;
use crate::domain::pattern::Pattern;
use crate::domain::settings::{PausePolicy, PerFault, Sensitivity};
use crate::wording::Language;

/// What the person wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where pictures come from.
    pub camera: Camera,
    /// What finds the joints.
    pub model: Model,
    /// When a posture is bad.
    pub posture: Posture,
    /// How far from upright is too far for single faults, where that is not the posture's.
    pub faults: PerFault<Option<Sensitivity>>,
    /// How the person is told.
    pub alerts: Alerts,
    /// When sitting is told of.
    pub sitting: Sitting,
    /// How breaks are taken.
    pub breaks: Breaks,
    /// When nothing is watched.
    pub pauses: PausePolicy,
    /// What the desktop shows beside alerts.
    pub desktop: Desktop,
    /// Days for which the history is kept, [`KEEP_DAYS`]; 0 for none at all.
    pub keep_days: u32,
    /// The broker that is told how things stand; `None` for none.
    pub mqtt: Option<Mqtt>,
    /// The port of 127.0.0.1 at which numbers are served, [`WEB_PORT`]; `None` for none.
    pub web_port: Option<u16>,
}

/// Where pictures come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// As `--source`.
    pub source: String,
    /// Observations a second while something changes, [`RATE_HZ`].
    pub rate_hz: f64,
    /// How wide the camera sees, in degrees, [`HORIZONTAL_FOV_DEG`].
    pub horizontal_fov_deg: f64,
    /// How the camera is shared with other programs.
    pub policy: CameraPolicy,
    /// From one look to the next with [`CameraPolicy::Sample`], [`SAMPLE_SECONDS`].
    pub sample: Duration,
}

/// What finds the joints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// As `--model`: `lightning`, `thunder`, or a path.
    pub name: String,
    /// Which engine runs it.
    pub engine: EngineChoice,
}

/// When a posture is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posture {
    /// How far from upright is too far.
    pub sensitivity: Sensitivity,
    /// How long a fault must last, [`DWELL_SECONDS`].
    pub dwell: Duration,
}

/// How the person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerts {
    /// Whether alerts are shown on the desktop; on stderr only when not.
    pub notify: bool,
    /// Silence after an alert that is over, [`COOLDOWN_MINUTES`].
    pub cooldown: Duration,
    /// Time to the first repeat, [`REPEAT_MINUTES`]; each further one waits twice as long.
    pub repeat: Duration,
    /// The most alerts in an hour, [`MAX_PER_HOUR`]; 0 for none.
    pub max_per_hour: u32,
    /// Silence that the snooze button brings, [`SNOOZE_MINUTES`].
    pub snooze: Duration,
    /// Whether a tone is played.
    pub sound: bool,
    /// Whether the terminal's bell is rung.
    pub bell: bool,
    /// A command that gets each alert; empty for none.
    pub on_alert: String,
}

/// When sitting is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// Sitting until the first prompt, [`PROMPT_MINUTES`]; `None` for no prompts at all.
    pub prompt: Option<Duration>,
    /// Sitting until the firm prompt: longer than `prompt`, at most [`FIRM_MAX_MINUTES`].
    pub firm: Duration,
    /// Absence that counts as a break, [`BREAK_MINUTES`].
    pub break_length: Duration,
    /// What the prompts propose, and when; `None` for no more than getting up.
    pub pattern: Option<Pattern>,
    /// Whether there are hints to rest the eyes.
    pub eyes: bool,
    /// Time at the desk between two offers of water, [`WATER_MINUTES`]; `None` for none.
    pub water: Option<Duration>,
    /// One pose until there is a hint to move, [`STILL_MINUTES`]; `None` for none.
    pub still: Option<Duration>,
}

/// What the desktop shows beside alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desktop {
    /// Whether there is an icon in the panel.
    pub tray: bool,
    /// The language of what is shown; `None` for the system's.
    pub language: Option<Language>,
}

/// How breaks are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaks {
    /// The command that opens a terminal window for a break, to which the program and its arguments
    /// are appended; empty for one that is found.
    pub terminal: String,
    /// Days a week with an exercise of strength, [`STRENGTH_DAYS`]; 0 for no plan.
    pub strength_days: u32,
}

/// How the camera is shared with other programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CameraPolicy {
    /// Kept open; whoever opens it gets it, and it is taken back when it is free.
    #[default]
    Yield,
    /// Kept open, whoever wants it.
    Hold,
    /// Opened for two seconds at a time; whoever opens it gets it.
    Sample,
}

/// Which engine runs the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// ONNX Runtime where its library is found, else the built-in one.
    #[default]
    Auto,
    /// ONNX Runtime.
    Ort,
    /// The built-in one.
    Rten,
}

/// Observations a second. Slower than one in 5 s, a dwell of 10 s would see two; faster than 30 no
/// webcam is.
pub const RATE_HZ: RangeInclusive<f64> = 0.2..=30.0;
/// Seconds: shorter, and the camera's light would blink all the time; longer, and a break could pass
/// between two looks.
pub const SAMPLE_SECONDS: RangeInclusive<f64> = 10.0..=300.0;
/// Degrees: from a narrow lens to the widest that still draws straight lines.
pub const HORIZONTAL_FOV_DEG: RangeInclusive<f64> = 40.0..=120.0;
/// Seconds: shorter and each glance at the keyboard is told of, longer and nothing ever is.
pub const DWELL_SECONDS: RangeInclusive<f64> = 10.0..=600.0;
/// Minutes: under one, the end of an alert and the next one would look like one; over two hours it
/// is a pause, and the person should ask for that.
pub const COOLDOWN_MINUTES: RangeInclusive<f64> = 1.0..=120.0;
/// Minutes: under one nobody has had the time to sit up, over an hour a bout goes untold.
pub const REPEAT_MINUTES: RangeInclusive<f64> = 1.0..=60.0;
/// Alerts: more than one in 3 minutes is noise.
pub const MAX_PER_HOUR: RangeInclusive<f64> = 0.0..=20.0;
/// Minutes: up to half a working day.
pub const SNOOZE_MINUTES: RangeInclusive<f64> = 1.0..=240.0;
/// Minutes: under 5 the breaks would be most of the day; up to half a working day.
pub const PROMPT_MINUTES: RangeInclusive<f64> = 5.0..=240.0;
/// Minutes: a working day.
pub const FIRM_MAX_MINUTES: f64 = 480.0;
/// Minutes: under one is a reach for the printer, over half an hour a lunch.
pub const BREAK_MINUTES: RangeInclusive<f64> = 1.0..=30.0;

/// Days: under two weeks there is no week to compare with; beyond ten years nobody looks.
pub const KEEP_DAYS: RangeInclusive<f64> = 14.0..=3650.0;
/// Days of a week.
pub const STRENGTH_DAYS: RangeInclusive<f64> = 0.0..=7.0;
/// Ports: those below are the system's.
pub const WEB_PORT: RangeInclusive<f64> = 1024.0..=65535.0;
/// Minutes: more often than four times an hour nobody drinks; up to half a working day.
pub const WATER_MINUTES: RangeInclusive<f64> = 15.0..=240.0;
/// Minutes: who reads a page holds still for five; up to two hours.
pub const STILL_MINUTES: RangeInclusive<f64> = 5.0..=120.0;

impl Default for Settings {
    fn default() -> Self {
        Self {
            camera: Camera::default(),
            model: Model::default(),
            posture: Posture::default(),
            faults: PerFault::new(|_| None),
            alerts: Alerts::default(),
            sitting: Sitting::default(),
            breaks: Breaks::default(),
            pauses: PausePolicy::default(),
            desktop: Desktop::default(),
            // A year and a month, so that a year can be looked back upon.
            keep_days: 400,
            mqtt: None,
            web_port: None,
        }
    }
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            source: "camera".to_owned(),
            rate_hz: 3.0,
            horizontal_fov_deg: 65.0,
            policy: CameraPolicy::default(),
            sample: Duration::from_secs(30),
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self {
            name: "lightning".to_owned(),
            engine: EngineChoice::default(),
        }
    }
}

impl Default for Posture {
    fn default() -> Self {
        Self {
            sensitivity: Sensitivity::Normal,
            dwell: Duration::from_secs(30),
        }
    }
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            notify: true,
            cooldown: minutes(5.0),
            repeat: minutes(3.0),
            max_per_hour: 4,
            snooze: minutes(15.0),
            sound: false,
            bell: false,
            on_alert: String::new(),
        }
    }
}

impl Default for Sitting {
    /// A prompt at 30 min and a firm one at 60 are the usual advice for desk work (HSE: 5 to 10 min
    /// in every 50 to 60); an absence of 2 min counts as an active interruption of sitting.
    fn default() -> Self {
        Self {
            prompt: Some(minutes(30.0)),
            firm: minutes(60.0),
            break_length: minutes(2.0),
            pattern: None,
            eyes: false,
            water: None,
            still: Some(minutes(20.0)),
        }
    }
}

impl Default for Desktop {
    fn default() -> Self {
        Self {
            tray: true,
            language: None,
        }
    }
}

impl Default for Breaks {
    /// Five days a week are the dose of the strongest trial of strength (docs/science.md).
    fn default() -> Self {
        Self {
            terminal: String::new(),
            strength_days: 5,
        }
    }
}

impl Desktop {
    /// The language of what is shown.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language.unwrap_or_else(Language::of_system)
    }
}

impl EngineChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Ort, Self::Rten];

    /// The word in the configuration and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Ort => "ort",
            Self::Rten => "rten",
        }
    }
}

impl CameraPolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yield, Self::Hold, Self::Sample];

    /// The word in the configuration and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yield => "yield",
            Self::Hold => "hold",
            Self::Sample => "sample",
        }
    }
}

impl FromStr for CameraPolicy {
    /// For the person: what was given, and what can be.
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        choose(word, &Self::ALL, Self::name)
            .map_err(|allowed| format!("there is no policy \"{word}\"; use {allowed}"))
    }
}

impl FromStr for EngineChoice {
    /// For the person: what was given, and what can be.
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        choose(word, &Self::ALL, Self::name)
            .map_err(|allowed| format!("there is no engine \"{word}\"; use {allowed}"))
    }
}

/// The one of `all` that `word` names; else their names, for a sentence.
pub(super) fn choose<T: Copy>(
    word: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, String> {
    let found = all.iter().copied().find(|&choice| name(choice) == word);
    found.ok_or_else(|| one_of(all.iter().map(|&choice| name(choice))))
}

/// `"a", "b" or "c"`.
pub(super) fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

/// `count` minutes, which may be broken.
pub(super) fn minutes(count: f64) -> Duration {
    Duration::from_secs_f64(count * 60.0)
}
