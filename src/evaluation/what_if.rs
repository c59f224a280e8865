//! Settings that can be changed for an evaluation, and how.
//!
//! Alert policies are not among them: a silenced alert counts as one, so they change no figure.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::config::nearest;
use crate::config::settings::{DWELL_SECONDS, HORIZONTAL_FOV_DEG, RATE_HZ};
use crate::domain::settings::{Sensitivity, Settings};

/// Sets one value, or says what it must be.
type Setter = fn(&mut Settings, &str) -> Result<(), String>;

/// Everything that can be set, with its setter. One line more is one setting more.
const KEYS: [(&str, Setter); 5] = [
    ("sensitivity", |settings, word| {
        settings.posture.sensitivity = match word {
            "relaxed" => Sensitivity::Relaxed,
            "normal" => Sensitivity::Normal,
            "strict" => Sensitivity::Strict,
            _ => return Err("relaxed, normal or strict".to_owned()),
        };
        Ok(())
    }),
    ("dwell_seconds", |settings, number| {
        settings.posture.dwell = Duration::from_secs_f64(within(number, DWELL_SECONDS)?);
        Ok(())
    }),
    ("horizontal_fov_deg", |settings, number| {
        settings.horizontal_fov_deg = within(number, HORIZONTAL_FOV_DEG)?;
        Ok(())
    }),
    // Observations are kept at the rate of a calibration: none of these can be above it.
    ("rate_active_hz", |settings, number| {
        let highest = settings.rates.calibrating.min(*RATE_HZ.end());
        settings.rates.active = within(number, *RATE_HZ.start()..=highest)?;
        settings.rates.steady = settings.rates.steady.min(settings.rates.active);
        Ok(())
    }),
    ("rate_steady_hz", |settings, number| {
        let highest = settings.rates.active.min(*RATE_HZ.end());
        settings.rates.steady = within(number, *RATE_HZ.start()..=highest)?;
        Ok(())
    }),
];

fn within(number: &str, range: RangeInclusive<f64>) -> Result<f64, String> {
    match number.parse::<f64>() {
        Ok(value) if range.contains(&value) => Ok(value),
        _ => Err(format!(
            "a number from {} to {}",
            range.start(),
            range.end()
        )),
    }
}

/// One setting with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The setting's name.
    pub key: &'static str,
    /// Its value, as the person wrote it.
    pub value: String,
}

impl Change {
    /// Reads `KEY=VALUE`.
    ///
    /// # Errors
    /// When there is no such key; the value's range is checked when it is [applied](Self::apply).
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut axis = Axis::parse(text)?.0;
        match (axis.pop(), axis.is_empty()) {
            (Some(change), true) => Ok(change),
            _ => Err("give one value; several are for --fit".to_owned()),
        }
    }

    /// Changes `settings`.
    ///
    /// # Errors
    /// When the value is out of its range, which may depend on other settings: what it must be.
    pub fn apply(&self, settings: &mut Settings) -> Result<(), String> {
        let setter = KEYS.iter().find(|(key, _)| *key == self.key);
        setter
            .map_or(Ok(()), |(_, set)| set(settings, &self.value))
            .map_err(|allowed| format!("{self}: the value must be {allowed}"))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.value)
    }
}

/// One setting with the values to be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis(pub Vec<Change>);

impl Axis {
    /// Reads `KEY=V1,V2,…`.
    ///
    /// # Errors
    /// When there is no such key, or no value.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, values) = text
            .split_once('=')
            .ok_or("write KEY=VALUE, as in dwell_seconds=40")?;
        let names: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
        let Some(key) = names.iter().find(|key| **key == name.trim()) else {
            return Err(format!(
                "unknown key \"{}\"; {}",
                name.trim(),
                nearest(name.trim(), &names)
            ));
        };
        let changes = values.split(',').map(|value| Change {
            key,
            value: value.trim().to_owned(),
        });
        Ok(Self(changes.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_applied() {
        let mut settings = Settings::default();
        for text in [
            "sensitivity=strict",
            "dwell_seconds=45",
            "horizontal_fov_deg=70.5",
            "rate_active_hz=2",
            "rate_steady_hz=0.5",
        ] {
            Change::parse(text).unwrap().apply(&mut settings).unwrap();
        }
        assert_eq!(settings.posture.sensitivity, Sensitivity::Strict);
        assert_eq!(settings.posture.dwell, Duration::from_secs(45));
        assert_eq!(settings.horizontal_fov_deg, 70.5);
        assert_eq!((settings.rates.active, settings.rates.steady), (2.0, 0.5));
    }

    #[test]
    fn a_slip_is_answered_with_the_nearest_key() {
        let why = |text| Change::parse(text).unwrap_err();
        assert_eq!(
            why("dwel_seconds=3"),
            "unknown key \"dwel_seconds\"; did you mean \"dwell_seconds\"?"
        );
        assert!(
            why("x=3").ends_with("\"horizontal_fov_deg\", \"rate_active_hz\", \"rate_steady_hz\"")
        );
        assert!(why("dwell_seconds").contains("KEY=VALUE"));
        assert!(why("dwell_seconds=20,40").contains("--fit"));
    }

    #[test]
    fn values_out_of_range_are_refused() {
        let why = |text| {
            let change = Change::parse(text).unwrap();
            change.apply(&mut Settings::default()).unwrap_err()
        };
        assert_eq!(
            why("dwell_seconds=1"),
            "dwell_seconds=1: the value must be a number from 10 to 600"
        );
        assert!(why("dwell_seconds=NaN").contains("from 10 to 600"));
        assert!(why("dwell_seconds=").contains("from 10 to 600"));
        assert!(why("rate_active_hz=11").contains("from 0.2 to 10"));
        assert!(why("sensitivity=1").contains("relaxed, normal or strict"));
    }

    #[test]
    fn an_axis_holds_all_its_values() {
        let axis = Axis::parse("sensitivity=normal, strict").unwrap();
        let all: Vec<String> = axis.0.iter().map(ToString::to_string).collect();
        assert_eq!(all, ["sensitivity=normal", "sensitivity=strict"]);
    }
}
