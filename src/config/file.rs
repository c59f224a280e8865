//! The configuration as it is written: TOML, every key optional, no unknown ones. Numbers are in
//! the unit that their key names; nothing is checked here but the types.

use serde::Deserialize;
use toml::Spanned;

/// A value with its place in the text, which a mistake in it is told with.
pub type Written<T> = Option<Spanned<T>>;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// `[camera]`
    pub camera: Camera,
    /// `[model]`
    pub model: Model,
    /// `[posture]`
    pub posture: Posture,
    /// `[faults]`
    pub faults: Faults,
    /// `[alerts]`
    pub alerts: Alerts,
    /// `[sitting]`
    pub sitting: Sitting,
    /// `[break]`
    pub r#break: Break,
    /// `[pauses]`
    pub pauses: Pauses,
    /// `[desktop]`
    pub desktop: Desktop,
    /// `[history]`
    pub history: History,
    /// `[mqtt]`
    pub mqtt: Mqtt,
    /// `[web]`
    pub web: Web,
}

/// Where pictures come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Camera {
    /// As `--source`.
    pub source: Written<String>,
    /// Observations a second while something changes.
    pub rate_hz: Written<f64>,
    /// How wide the camera sees, in degrees.
    pub horizontal_fov_deg: Written<f64>,
    /// `yield`, `hold` or `sample`.
    pub policy: Written<String>,
    /// Seconds from one look to the next with `sample`.
    pub sample_seconds: Written<f64>,
}

/// What finds the joints.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// `lightning`, `thunder` or a path.
    pub name: Written<String>,
    /// `auto`, `ort` or `rten`.
    pub engine: Written<String>,
}

/// When a posture is bad.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Posture {
    /// `relaxed`, `normal` or `strict`.
    pub sensitivity: Written<String>,
    /// How long a fault must last, in seconds.
    pub dwell_seconds: Written<f64>,
}

/// How far is too far for each fault: `default`, `off`, `relaxed`, `normal` or `strict`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each name is its own description")]
pub struct Faults {
    pub slouch: Written<String>,
    pub forward_head: Written<String>,
    pub lean_in: Written<String>,
    pub side_lean: Written<String>,
    pub head_tilt: Written<String>,
    pub head_down: Written<String>,
    pub raised_shoulders: Written<String>,
    pub too_close: Written<String>,
}

/// How the person is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// On the desktop, or on stderr only.
    pub notify: Written<bool>,
    /// Silence after an alert that is over, in minutes.
    pub cooldown_minutes: Written<f64>,
    /// Time to the first repeat, in minutes.
    pub repeat_minutes: Written<f64>,
    /// The most alerts in an hour; a whole number.
    pub max_per_hour: Written<f64>,
    /// Silence that the snooze button brings, in minutes.
    pub snooze_minutes: Written<f64>,
    /// Play a tone.
    pub sound: Written<bool>,
    /// Ring the terminal's bell.
    pub bell: Written<bool>,
    /// A command that gets each alert.
    pub on_alert: Written<String>,
}

/// When sitting is told of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sitting {
    /// Sitting until the first prompt, in minutes; 0 for never.
    pub prompt_minutes: Written<f64>,
    /// Sitting until the firm prompt, in minutes.
    pub firm_minutes: Written<f64>,
    /// Absence that counts as a break, in minutes.
    pub break_minutes: Written<f64>,
    /// `SIT-STAND-MOVE` or `SIT-MOVE` in minutes; empty for none.
    pub pattern: Written<String>,
    /// Hint to rest the eyes.
    pub eyes: Written<bool>,
    /// Time at the desk between two offers of water, in minutes; 0 for none.
    pub water_minutes: Written<f64>,
    /// One pose until there is a hint, in minutes; 0 for none.
    pub still_minutes: Written<f64>,
}

/// How breaks are taken.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Break {
    /// The command that opens a terminal window.
    pub terminal: Written<String>,
    /// Days a week with an exercise of strength; a whole number, 0 for no plan.
    pub strength_days: Written<f64>,
}

/// When nothing is watched.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pauses {
    /// While the screen is locked.
    pub locked: Written<bool>,
    /// In a call.
    pub call: Written<bool>,
    /// While the screen is shared.
    pub screen_share: Written<bool>,
    /// On the battery: `ignore`, `slower` or `pause`.
    pub battery: Written<String>,
    /// Hours of the week outside of which nothing is watched.
    pub work_hours: Written<String>,
    /// Hours of the week in which nothing is watched.
    pub quiet_hours: Written<String>,
}

/// What the desktop shows beside alerts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desktop {
    /// An icon in the panel.
    pub tray: Written<bool>,
    /// `auto`, `en` or `de`.
    pub language: Written<String>,
}

/// What is kept of your days.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct History {
    /// How long it is kept, in days; a whole number, 0 for nothing.
    pub keep_days: Written<f64>,
}

/// The broker that is told how things stand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mqtt {
    /// `mqtt://HOST[:PORT]` or `mqtts://HOST[:PORT]`; empty for none.
    pub broker: Written<String>,
    /// Who to log in as.
    pub username: Written<String>,
    /// A file with the password.
    pub password_file: Written<String>,
    /// A file with the authority's certificate.
    pub ca_file: Written<String>,
    /// What the topics begin with.
    pub topic: Written<String>,
    /// What the topics of discovery begin with.
    pub discovery_prefix: Written<String>,
}

/// What is served on this machine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// The port; a whole number, 0 for none.
    pub port: Written<f64>,
}
