//! Hints that the person has asked for: to rest the eyes, and to drink.

use std::time::Duration;

use super::io::AlertKind;
use super::settings::SittingPolicy;
use super::time::Moment;

/// Screen time until a hint to rest the eyes: 20 s of looking into the distance every 20 min is
/// what 29 people did for two weeks, with fewer symptoms (docs/science.md).
const EYES_AFTER: Duration = Duration::from_secs(20 * 60);

/// Away from the screen for this long, and the eyes have had their rest.
const EYES_RESTED: Duration = Duration::from_secs(20);

/// Counts the time before the screen since each hint.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    last: Option<Moment>,
    /// Time before the screen since the eyes rested.
    screen: Duration,
    /// Since when nobody is there.
    away_since: Option<Moment>,
    /// Time at the desk since the last hint to drink.
    dry: Duration,
}

impl Hints {
    /// Takes whether somebody is there; of the time since the last look `longest` counts at most.
    pub fn push(&mut self, at: Moment, present: bool, longest: Duration) {
        let step = self.last.map_or(Duration::ZERO, |last| at.since(last));
        self.last = Some(at);
        if !present {
            let since = *self.away_since.get_or_insert(at);
            if at.since(since) >= EYES_RESTED {
                self.screen = Duration::ZERO;
            }
            return;
        }
        let was_away = self.away_since.take().is_some();
        if !was_away && step <= longest {
            self.screen += step;
            self.dry += step;
        }
    }

    /// The session at the desk is over: all times begin anew with the next.
    pub fn begin_anew(&mut self) {
        *self = Self::default();
    }

    /// The hint that is due under `policy`, if any, and after how much time before the screen.
    #[must_use]
    pub fn due(&self, policy: &SittingPolicy) -> Option<(AlertKind, Duration)> {
        if policy.eyes && self.screen >= EYES_AFTER {
            return Some((AlertKind::Eyes, self.screen));
        }
        let water = policy.water.filter(|water| self.dry >= *water);
        water.map(|_| (AlertKind::Water, self.dry))
    }

    /// The hint of `kind` was told: its time begins anew.
    pub fn told(&mut self, kind: AlertKind) {
        match kind {
            AlertKind::Eyes => self.screen = Duration::ZERO,
            AlertKind::Water => self.dry = Duration::ZERO,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::settings::Settings;
    use crate::domain::time::WallTime;

    const STEP: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> Moment {
        let start = WallTime {
            unix_ms: 0,
            utc_offset_s: 0,
        };
        Moment::after(start, Duration::from_secs(seconds))
    }

    fn policy(eyes: bool, water_min: Option<u64>) -> SittingPolicy {
        SittingPolicy {
            eyes,
            water: water_min.map(|minutes| Duration::from_secs(60 * minutes)),
            ..Settings::default().sitting
        }
    }

    /// When which hint comes to somebody who is there as `present` says.
    fn told(
        policy: SittingPolicy,
        until: u64,
        present: impl Fn(u64) -> bool,
    ) -> Vec<(u64, AlertKind)> {
        let mut hints = Hints::default();
        let mut told = Vec::new();
        for second in 0..=until {
            hints.push(at(second), present(second), STEP);
            if let Some((kind, _)) = hints.due(&policy) {
                hints.told(kind);
                told.push((second, kind));
            }
        }
        told
    }

    #[test]
    fn nothing_is_hinted_unasked() {
        assert_eq!(told(Settings::default().sitting, 20_000, |_| true), []);
    }

    #[test]
    fn eyes_every_twenty_minutes_unless_they_have_rested() {
        let eyes = policy(true, None);
        let hint = |second| (second, AlertKind::Eyes);
        assert_eq!(told(eyes, 3000, |_| true), [hint(1200), hint(2400)]);
        // Away for 25 s, and it begins anew; a look away of 10 s is none.
        assert_eq!(
            told(eyes, 2400, |s| !(1000..1025).contains(&s)),
            [hint(2225)]
        );
        assert_eq!(
            told(eyes, 1300, |s| !(1000..1010).contains(&s)),
            [hint(1211)]
        );
    }

    #[test]
    fn water_counts_the_time_at_the_desk() {
        let water = policy(false, Some(30));
        let hint = |second| (second, AlertKind::Water);
        assert_eq!(told(water, 3700, |_| true), [hint(1800), hint(3600)]);
        assert_eq!(told(water, 3700, |s| s >= 600), [hint(2400)]);
        // What was before a night does not count in the morning.
        let mut hints = Hints::default();
        (0..1700).for_each(|second| hints.push(at(second), true, STEP));
        hints.begin_anew();
        (50_000..51_799).for_each(|second| hints.push(at(second), true, STEP));
        assert_eq!(hints.due(&water), None);
    }
}
