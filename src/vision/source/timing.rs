//! When each picture of a folder was taken.

use std::time::Duration;

use serde::Deserialize;

/// The part of a sequence's `labels.json` that tells time; what else stands there is for others.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Timing {
    /// Pictures a second.
    fps: f64,
    /// Where the rate changes.
    #[serde(default)]
    clock: Vec<Stretch>,
}

/// From `frame` on (counting from 1), which is at `t` seconds, `fps` pictures a second.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Stretch {
    frame: usize,
    t: f64,
    fps: f64,
}

impl Timing {
    /// `fps` pictures a second throughout.
    #[must_use]
    pub fn even(fps: f64) -> Self {
        Self {
            fps,
            clock: Vec::new(),
        }
    }

    /// Reads the timing of a `labels.json`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(json: &str) -> Result<Self, String> {
        let timing: Self = serde_json::from_str(json).map_err(|e| e.to_string())?;
        let rates = timing.clock.iter().map(|s| s.fps).chain([timing.fps]);
        if rates.into_iter().any(|fps| !(fps > 0.0 && fps <= 1000.0)) {
            return Err("\"fps\" must be above 0 and at most 1000".into());
        }
        if timing
            .clock
            .iter()
            .any(|s| !(s.t >= 0.0 && s.t < 1e9) || s.frame == 0)
        {
            return Err("\"clock\" needs frames from 1 and times from 0".into());
        }
        if !timing
            .clock
            .is_sorted_by(|a, b| a.frame < b.frame && a.t <= b.t)
        {
            return Err("\"clock\" must go forward".into());
        }
        Ok(timing)
    }

    /// When picture `number`, counting from 1, was taken, to the microsecond.
    #[must_use]
    pub fn at(&self, number: usize) -> Duration {
        let stretch = self.clock.iter().rev().find(|s| s.frame <= number);
        let (first, t, fps) = stretch.map_or((1, 0.0, self.fps), |s| (s.frame, s.t, s.fps));
        let seconds = t + number.saturating_sub(first) as f64 / fps;
        Duration::from_micros((seconds * 1e6).round() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_rate_and_a_clock_give_the_times() {
        assert_eq!(Timing::even(3.0).at(2), Duration::from_micros(333_333));
        let json =
            r#"{"fps":2,"clock":[{"frame":1,"t":0,"fps":2},{"frame":5,"t":2,"fps":0.5}],"x":1}"#;
        let timing = Timing::parse(json).unwrap();
        assert_eq!(timing.at(5), Duration::from_secs(2));
        assert_eq!(timing.at(6), Duration::from_secs(4));
    }

    #[test]
    fn absurd_rates_are_refused() {
        assert!(Timing::parse(r#"{"fps":0}"#).is_err());
        assert!(
            Timing::parse(
                r#"{"fps":2,"clock":[{"frame":9,"t":1,"fps":1},{"frame":2,"t":5,"fps":1}]}"#
            )
            .is_err()
        );
        assert!(Timing::parse("[]").is_err());
    }
}
