//! Patterns of sitting, standing and moving, such as 20-8-2.

use std::fmt;
use std::time::Duration;

/// How a stretch of work is to be divided.
///
/// Known by their numbers are 20-8-2 (Cornell's sit-stand programme), 30-2 (a short walk every
/// half an hour) and 50-10 (the HSE's 5 to 10 minutes in every hour); see docs/science.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Minutes to sit, [`Pattern::SIT`].
    sit: u8,
    /// Minutes to stand after that, up to [`Pattern::LONGEST_STAND`]; 0 for none.
    stand: u8,
    /// Minutes to move after that, [`Pattern::MOVE`].
    moving: u8,
}

impl Pattern {
    /// Minutes that may be sat: under 5 the breaks would be most of the day.
    pub const SIT: (u8, u8) = (5, 240);
    /// The most minutes that may be stood.
    pub const LONGEST_STAND: u8 = 120;
    /// Minutes that may be moved: under one is no break, over an hour is another day.
    pub const MOVE: (u8, u8) = (1, 60);

    /// The pattern that `text` names as `SIT-MOVE` or `SIT-STAND-MOVE`, in whole minutes; `None`
    /// when it is none or out of range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-').map(|part| {
            let digits = part.chars().all(|c| c.is_ascii_digit());
            digits.then(|| part.parse::<u8>().ok()).flatten()
        });
        let (first, second, third) = (parts.next()??, parts.next()??, parts.next());
        let (stand, moving) = match third {
            Some(third) => (second, third?),
            None => (0, second),
        };
        let within = |(low, high): (u8, u8), minutes| (low..=high).contains(&minutes);
        let fits = within(Self::SIT, first)
            && stand <= Self::LONGEST_STAND
            && within(Self::MOVE, moving)
            && parts.next().is_none();
        fits.then_some(Self {
            sit: first,
            stand,
            moving,
        })
    }

    /// How long to sit.
    #[must_use]
    pub fn sit(self) -> Duration {
        minutes(self.sit)
    }

    /// How long to stand after that; `None` where nobody is asked to.
    #[must_use]
    pub fn stand(self) -> Option<Duration> {
        (self.stand > 0).then(|| minutes(self.stand))
    }

    /// How long to move after that.
    #[must_use]
    pub fn moving(self) -> Duration {
        minutes(self.moving)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stand {
            0 => write!(f, "{}-{}", self.sit, self.moving),
            stand => write!(f, "{}-{stand}-{}", self.sit, self.moving),
        }
    }
}

fn minutes(count: u8) -> Duration {
    Duration::from_secs(60 * u64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_and_written() {
        for text in ["20-8-2", "30-2", "50-10", "240-120-60", "5-1"] {
            assert_eq!(Pattern::parse(text).unwrap().to_string(), text);
        }
        let cornell = Pattern::parse(" 20-8-2 ").unwrap();
        assert_eq!(cornell.sit(), minutes(20));
        assert_eq!(cornell.stand(), Some(minutes(8)));
        assert_eq!(cornell.moving(), minutes(2));
        assert_eq!(Pattern::parse("30-2").unwrap().stand(), None);
        assert_eq!(Pattern::parse("30-0-2"), Pattern::parse("30-2"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "", "30", "4-2", "241-2", "300-2", "30-0", "30-61", "20-121-2", "20-8-2-1", "+20-2",
            "20 - 8", "20--2", "20-8-", "sit",
        ] {
            assert_eq!(Pattern::parse(text), None, "{text}");
        }
    }
}
