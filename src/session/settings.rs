//! Settings as they are written in a session's header.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::settings::{AlertPolicy, Posture, Rates, Sensitivity, Settings, SittingPolicy};

/// A name that is missing has its default: sessions recorded before it was added stay readable.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SettingsRecord {
    sensitivity: SensitivityWord,
    dwell_s: f64,
    cooldown_s: f64,
    repeat_s: f64,
    max_per_hour: u32,
    sitting_prompt_s: Option<f64>,
    sitting_firm_s: f64,
    break_s: f64,
    rate_active_hz: f64,
    rate_steady_hz: f64,
    rate_calibrating_hz: f64,
    horizontal_fov_deg: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SensitivityWord {
    Relaxed,
    Normal,
    Strict,
}

/// The settings by name, for [`Header::settings`](super::Header::settings).
#[must_use]
pub fn to_map(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(SettingsRecord::from(settings)) {
        Ok(Value::Object(map)) => map,
        // A struct of numbers and words always becomes an object.
        _ => Map::new(),
    }
}

impl Default for SettingsRecord {
    fn default() -> Self {
        Self::from(&Settings::default())
    }
}

impl From<&Settings> for SettingsRecord {
    fn from(settings: &Settings) -> Self {
        SettingsRecord {
            sensitivity: match settings.posture.sensitivity {
                Sensitivity::Relaxed => SensitivityWord::Relaxed,
                Sensitivity::Normal => SensitivityWord::Normal,
                Sensitivity::Strict => SensitivityWord::Strict,
            },
            dwell_s: settings.posture.dwell.as_secs_f64(),
            cooldown_s: settings.alerts.cooldown.as_secs_f64(),
            repeat_s: settings.alerts.repeat.as_secs_f64(),
            max_per_hour: settings.alerts.max_per_hour,
            sitting_prompt_s: settings.sitting.prompt.map(|span| span.as_secs_f64()),
            sitting_firm_s: settings.sitting.firm.as_secs_f64(),
            break_s: settings.sitting.break_after.as_secs_f64(),
            rate_active_hz: settings.rates.active,
            rate_steady_hz: settings.rates.steady,
            rate_calibrating_hz: settings.rates.calibrating,
            horizontal_fov_deg: settings.horizontal_fov_deg,
        }
    }
}

/// The settings that a session's header tells.
///
/// # Errors
/// What is wrong with them, in words: a name that is unknown, or a number that is none.
pub fn from_map(map: &Map<String, Value>) -> Result<Settings, String> {
    let record: SettingsRecord =
        serde_json::from_value(Value::Object(map.clone())).map_err(|e| e.to_string())?;
    let span = |name: &str, seconds: f64| {
        Duration::try_from_secs_f64(seconds).map_err(|e| format!("{name}: {e}"))
    };
    let rates = [
        record.rate_active_hz,
        record.rate_steady_hz,
        record.rate_calibrating_hz,
    ];
    if rates.iter().any(|hz| !(*hz > 0.0 && *hz <= 1000.0)) {
        return Err("rates must be above 0 and at most 1000".to_owned());
    }
    if !(record.horizontal_fov_deg > 1.0 && record.horizontal_fov_deg < 179.0) {
        return Err("horizontal_fov_deg must be between 1 and 179".to_owned());
    }
    Ok(Settings {
        posture: Posture {
            sensitivity: match record.sensitivity {
                SensitivityWord::Relaxed => Sensitivity::Relaxed,
                SensitivityWord::Normal => Sensitivity::Normal,
                SensitivityWord::Strict => Sensitivity::Strict,
            },
            dwell: span("dwell_s", record.dwell_s)?,
        },
        alerts: AlertPolicy {
            cooldown: span("cooldown_s", record.cooldown_s)?,
            repeat: span("repeat_s", record.repeat_s)?,
            max_per_hour: record.max_per_hour,
        },
        sitting: SittingPolicy {
            prompt: record
                .sitting_prompt_s
                .map(|s| span("sitting_prompt_s", s))
                .transpose()?,
            firm: span("sitting_firm_s", record.sitting_firm_s)?,
            break_after: span("break_s", record.break_s)?,
        },
        rates: Rates {
            active: record.rate_active_hz,
            steady: record.rate_steady_hz,
            calibrating: record.rate_calibrating_hz,
        },
        horizontal_fov_deg: record.horizontal_fov_deg,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were() {
        let settings = Settings::default();
        assert_eq!(from_map(&to_map(&settings)), Ok(settings));
    }

    #[test]
    fn a_missing_name_has_its_default() {
        assert_eq!(from_map(&Map::new()), Ok(Settings::default()));
    }

    #[test]
    fn an_unknown_name_and_an_absurd_number_are_refused() {
        let mut map = to_map(&Settings::default());
        map.insert("dwell_s".into(), (-1.0).into());
        assert!(from_map(&map).unwrap_err().starts_with("dwell_s"));
        let mut map = to_map(&Settings::default());
        map.insert("mood".into(), 1.into());
        assert!(from_map(&map).unwrap_err().contains("mood"));
    }
}
