//! Settings that can be changed for an evaluation, and how.
//!
//! Alert policies are not among them: a silenced alert counts as one, so they change no figure.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::config::nearest;
use crate::config::settings::{DWELL_SECONDS, HORIZONTAL_FOV_DEG, RATE_HZ};
use crate::domain::io::Fault;
use crate::domain::settings::{Limit, PerFault, Sensitivity, Settings};

/// Settings that have a key of their own.
const KEYS: [&str; 6] = [
    "sensitivity",
    "dwell_seconds",
    "forward_weight",
    "horizontal_fov_deg",
    "rate_active_hz",
    "rate_steady_hz",
];

/// What a fault's key may end in, as in `slouch.enter`; `inclination.enter` and so on is the limit
/// of slouch and forward head from the side.
const PARTS: [&str; 4] = ["sensitivity", "enter", "exit", "dwell_seconds"];

/// The key of the limit from the side.
const INCLINATION: &str = "inclination";

/// A limit in centimetres, degrees or ratios: from a hair to more than a picture can show.
const LIMIT: RangeInclusive<f64> = 0.001..=90.0;

/// How much a centimetre ahead of the shoulders may count.
const FORWARD_WEIGHT: RangeInclusive<f64> = 0.0..=2.0;

/// Everything that can be set.
fn keys() -> Vec<String> {
    let faults = Fault::ALL.iter().map(|fault| fault.name());
    let parts = faults.flat_map(|fault| PARTS.map(|part| format!("{fault}.{part}")));
    let from_side = PARTS[1..]
        .iter()
        .map(|part| format!("{INCLINATION}.{part}"));
    let own = KEYS.iter().map(ToString::to_string);
    own.chain(parts).chain(from_side).collect()
}

/// Sets what `key` names, or says what `value` must be.
fn set(settings: &mut Settings, key: &str, value: &str) -> Result<(), String> {
    let posture = &mut settings.posture;
    match key {
        "sensitivity" => {
            let sensitivity = sensitivity(value)?;
            posture.sensitivity = PerFault::new(|_| sensitivity);
        }
        "dwell_seconds" => {
            posture.dwell = Duration::from_secs_f64(within(value, DWELL_SECONDS)?);
        }
        "forward_weight" => posture.forward_weight = within(value, FORWARD_WEIGHT)?,
        "horizontal_fov_deg" => settings.horizontal_fov_deg = within(value, HORIZONTAL_FOV_DEG)?,
        // Observations are kept at the rate of a calibration: none of these can be above it.
        "rate_active_hz" => {
            let highest = settings.rates.calibrating.min(*RATE_HZ.end());
            settings.rates.active = within(value, *RATE_HZ.start()..=highest)?;
            settings.rates.steady = settings.rates.steady.min(settings.rates.active);
        }
        "rate_steady_hz" => {
            let highest = settings.rates.active.min(*RATE_HZ.end());
            settings.rates.steady = within(value, *RATE_HZ.start()..=highest)?;
        }
        of_fault => {
            let (name, part) = of_fault.split_once('.').unwrap_or_default();
            let fault = Fault::ALL.into_iter().find(|fault| fault.name() == name);
            match fault {
                Some(fault) if part == PARTS[0] => {
                    posture.sensitivity.set(fault, sensitivity(value)?);
                }
                Some(fault) => {
                    let mut limit = posture.limits.get(fault);
                    set_limit(&mut limit, part, value)?;
                    posture.limits.set(fault, limit);
                }
                None => set_limit(&mut posture.inclination, part, value)?,
            }
        }
    }
    Ok(())
}

/// A limit is left at or below where it is entered: the other end goes along.
fn set_limit(limit: &mut Limit, part: &str, value: &str) -> Result<(), String> {
    match part {
        "enter" => {
            limit.enter = within(value, LIMIT)?;
            limit.exit = limit.exit.min(limit.enter);
        }
        "exit" => {
            limit.exit = within(value, LIMIT)?;
            limit.enter = limit.enter.max(limit.exit);
        }
        _ => limit.dwell = Duration::from_secs_f64(within(value, DWELL_SECONDS)?),
    }
    Ok(())
}

fn sensitivity(word: &str) -> Result<Sensitivity, String> {
    let known = Sensitivity::ALL.into_iter().find(|s| s.name() == word);
    known.ok_or_else(|| "off, relaxed, normal or strict".to_owned())
}

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
    pub key: String,
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
        set(settings, &self.key, &self.value)
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
        let name = name.trim();
        let known = keys();
        if !known.iter().any(|key| key == name) {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(format!("unknown key \"{name}\"; {}", nearest(name, &names)));
        }
        let changes = values.split(',').map(|value| Change {
            key: name.to_owned(),
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
        assert_eq!(
            settings.posture.sensitivity,
            PerFault::new(|_| Sensitivity::Strict)
        );
        for text in [
            "slouch.enter=1",
            "side_lean.sensitivity=off",
            "inclination.exit=12",
            "head_tilt.dwell_seconds=90",
        ] {
            Change::parse(text).unwrap().apply(&mut settings).unwrap();
        }
        let slouch = settings.posture.limits.get(Fault::Slouch);
        assert_eq!((slouch.enter, slouch.exit), (1.0, 1.0));
        assert_eq!(settings.posture.limit(Fault::SideLean), None);
        assert_eq!(settings.posture.inclination.enter, 12.0);
        let tilt = settings.posture.limits.get(Fault::HeadTilt);
        assert_eq!(tilt.dwell, Duration::from_secs(90));
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
        assert!(why("x=3").contains("\"inclination.enter\""));
        assert!(why("slouch.entry=3").contains("\"slouch.enter\""));
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
        assert!(why("sensitivity=1").contains("off, relaxed, normal or strict"));
    }

    #[test]
    fn an_axis_holds_all_its_values() {
        let axis = Axis::parse("sensitivity=normal, strict").unwrap();
        let all: Vec<String> = axis.0.iter().map(ToString::to_string).collect();
        assert_eq!(all, ["sensitivity=normal", "sensitivity=strict"]);
    }
}
