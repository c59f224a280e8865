//! Settings as they are written in a session's header.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::words::FaultWord;
use crate::domain::hours::Hours;
use crate::domain::io::Fault;
use crate::domain::pattern::Pattern;
use crate::domain::settings::{
    AlertPolicy, BatteryPolicy, Limit, PausePolicy, Posture, Rates, Sampling, Sensitivity,
    Settings, SittingPolicy,
};

/// A name that is missing has its default: sessions recorded before it was added stay readable.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SettingsRecord {
    /// Faults that are missing are judged as usual.
    sensitivity: BTreeMap<FaultWord, SensitivityWord>,
    /// Faults that are missing have the limits of this version.
    limits: BTreeMap<FaultWord, LimitRecord>,
    inclination: LimitRecord,
    /// Faults that are missing were never called wrong.
    eased: BTreeMap<FaultWord, u8>,
    forward_weight: f64,
    dwell_s: f64,
    cooldown_s: f64,
    repeat_s: f64,
    max_per_hour: u32,
    sitting_prompt_s: Option<f64>,
    sitting_firm_s: f64,
    break_s: f64,
    /// Empty for none.
    sitting_pattern: String,
    eyes: bool,
    water_s: Option<f64>,
    still_s: Option<f64>,
    rate_active_hz: f64,
    rate_steady_hz: f64,
    rate_calibrating_hz: f64,
    horizontal_fov_deg: f64,
    pause_locked: bool,
    pause_call: bool,
    pause_screen_share: bool,
    battery: String,
    work_hours: String,
    quiet_hours: String,
    /// Absent while the camera stays open.
    #[serde(skip_serializing_if = "Option::is_none")]
    sample_s: Option<f64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitRecord {
    enter: f64,
    exit: f64,
    dwell_s: f64,
    haste: f64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SensitivityWord {
    Off,
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
            sensitivity: per_fault(|fault| settings.posture.sensitivity.get(fault).into()),
            limits: per_fault(|fault| settings.posture.limits.get(fault).into()),
            inclination: settings.posture.inclination.into(),
            eased: Fault::ALL
                .into_iter()
                .map(|fault| (fault.into(), settings.posture.eased.get(fault)))
                .filter(|(_, times)| *times > 0)
                .collect(),
            forward_weight: settings.posture.forward_weight,
            dwell_s: settings.posture.dwell.as_secs_f64(),
            cooldown_s: settings.alerts.cooldown.as_secs_f64(),
            repeat_s: settings.alerts.repeat.as_secs_f64(),
            max_per_hour: settings.alerts.max_per_hour,
            sitting_prompt_s: settings.sitting.prompt.map(|span| span.as_secs_f64()),
            sitting_firm_s: settings.sitting.firm.as_secs_f64(),
            break_s: settings.sitting.break_after.as_secs_f64(),
            sitting_pattern: pattern_text(settings.sitting.pattern),
            eyes: settings.sitting.eyes,
            water_s: settings.sitting.water.map(|span| span.as_secs_f64()),
            still_s: settings.sitting.still.map(|span| span.as_secs_f64()),
            rate_active_hz: settings.rates.active,
            rate_steady_hz: settings.rates.steady,
            rate_calibrating_hz: settings.rates.calibrating,
            horizontal_fov_deg: settings.horizontal_fov_deg,
            pause_locked: settings.pauses.locked,
            pause_call: settings.pauses.call,
            pause_screen_share: settings.pauses.screen_share,
            battery: settings.pauses.battery.name().to_owned(),
            work_hours: settings.pauses.work.to_string(),
            quiet_hours: settings.pauses.quiet.to_string(),
            sample_s: settings.sampling.map(|it| it.every.as_secs_f64()),
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
    let mut posture = Posture {
        dwell: span("dwell_s", record.dwell_s)?,
        inclination: record.inclination.limit("inclination")?,
        forward_weight: record.forward_weight,
        ..Posture::default()
    };
    for (fault, word) in record.sensitivity {
        posture.sensitivity.set(fault.into(), word.into());
    }
    for (fault, times) in record.eased {
        posture.eased.set(fault.into(), times);
    }
    for (fault, limit) in record.limits {
        let fault = Fault::from(fault);
        posture.limits.set(fault, limit.limit(fault.name())?);
    }
    Ok(Settings {
        posture,
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
            pattern: pattern(&record.sitting_pattern)?,
            eyes: record.eyes,
            water: record.water_s.map(|s| span("water_s", s)).transpose()?,
            still: record.still_s.map(|s| span("still_s", s)).transpose()?,
        },
        rates: Rates {
            active: record.rate_active_hz,
            steady: record.rate_steady_hz,
            calibrating: record.rate_calibrating_hz,
        },
        horizontal_fov_deg: record.horizontal_fov_deg,
        pauses: PausePolicy {
            locked: record.pause_locked,
            call: record.pause_call,
            screen_share: record.pause_screen_share,
            battery: battery(&record.battery)?,
            work: hours("work_hours", &record.work_hours)?,
            quiet: hours("quiet_hours", &record.quiet_hours)?,
        },
        sampling: record
            .sample_s
            .map(|s| span("sample_s", s).map(|every| Sampling { every }))
            .transpose()?,
    })
}

fn battery(word: &str) -> Result<BatteryPolicy, String> {
    let mut all = BatteryPolicy::ALL.into_iter();
    let found = all.find(|policy| policy.name() == word);
    found.ok_or_else(|| format!("battery: {word:?} is unknown"))
}

fn pattern_text(pattern: Option<Pattern>) -> String {
    pattern.map_or_else(String::new, |pattern| pattern.to_string())
}

fn pattern(text: &str) -> Result<Option<Pattern>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let pattern = Pattern::parse(text);
    let unknown = || format!("sitting_pattern: {text:?} is none, such as 20-8-2 or 30-2");
    pattern.map(Some).ok_or_else(unknown)
}

fn hours(name: &str, text: &str) -> Result<Hours, String> {
    Hours::parse(text).map_err(|e| format!("{name}: {e}"))
}

fn per_fault<T>(of: impl Fn(Fault) -> T) -> BTreeMap<FaultWord, T> {
    Fault::ALL
        .into_iter()
        .map(|fault| (fault.into(), of(fault)))
        .collect()
}

impl From<Limit> for LimitRecord {
    fn from(limit: Limit) -> Self {
        Self {
            enter: limit.enter,
            exit: limit.exit,
            dwell_s: limit.dwell.as_secs_f64(),
            haste: limit.haste,
        }
    }
}

impl LimitRecord {
    fn limit(self, name: &str) -> Result<Limit, String> {
        if !(self.enter > 0.0 && self.exit <= self.enter && self.haste >= 1.0) {
            return Err(format!(
                "{name}: a limit is entered above 0, left at or below that, and haste is 1 or more"
            ));
        }
        Ok(Limit {
            enter: self.enter,
            exit: self.exit,
            dwell: Duration::try_from_secs_f64(self.dwell_s)
                .map_err(|e| format!("{name}: dwell_s: {e}"))?,
            haste: self.haste,
        })
    }
}

impl From<Sensitivity> for SensitivityWord {
    fn from(sensitivity: Sensitivity) -> Self {
        match sensitivity {
            Sensitivity::Off => Self::Off,
            Sensitivity::Relaxed => Self::Relaxed,
            Sensitivity::Normal => Self::Normal,
            Sensitivity::Strict => Self::Strict,
        }
    }
}

impl From<SensitivityWord> for Sensitivity {
    fn from(word: SensitivityWord) -> Self {
        match word {
            SensitivityWord::Off => Self::Off,
            SensitivityWord::Relaxed => Self::Relaxed,
            SensitivityWord::Normal => Self::Normal,
            SensitivityWord::Strict => Self::Strict,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were() {
        let settings = Settings::default();
        assert_eq!(from_map(&to_map(&settings)), Ok(settings));
        let sampling = Settings {
            pauses: PausePolicy {
                call: false,
                battery: BatteryPolicy::Pause,
                work: Hours::parse("mon-fri 9:00-17:00").unwrap(),
                quiet: Hours::parse("12:00-13:00").unwrap(),
                ..PausePolicy::default()
            },
            sampling: Some(Sampling {
                every: Duration::from_secs(30),
            }),
            sitting: SittingPolicy {
                pattern: Pattern::parse("20-8-2"),
                eyes: true,
                water: Some(Duration::from_secs(3600)),
                still: None,
                ..settings.sitting
            },
            ..settings
        };
        assert_eq!(from_map(&to_map(&sampling)), Ok(sampling));
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
        map.insert("sitting_pattern".into(), "20-8".into());
        assert!(from_map(&map).is_ok());
        map.insert("sitting_pattern".into(), "often".into());
        assert!(from_map(&map).unwrap_err().contains("\"often\" is none"));
        let mut map = to_map(&Settings::default());
        map.insert("mood".into(), 1.into());
        assert!(from_map(&map).unwrap_err().contains("mood"));
    }
}
