//! Hours of the week, as a person names them: "mon-fri 9:00-17:30, sat 10:00-12:00".

use std::fmt;

use super::time::WallTime;

/// The most stretches that one text may name.
pub const MOST: usize = 8;

const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const DAY_MINUTES: u16 = 24 * 60;

/// Stretches of the week by the local clock. A stretch that ends at or before its beginning ends
/// on the next day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours([Option<Stretch>; MOST]);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// A bit for each day it begins on, Monday the lowest.
    days: u8,
    /// Minutes since midnight.
    from: u16,
    to: u16,
}

impl Hours {
    /// Whether no stretch is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Whether `wall` lies in one of the stretches.
    #[must_use]
    pub fn hold(&self, wall: WallTime) -> bool {
        let (day, minute) = local(wall);
        self.0.iter().flatten().any(|stretch| {
            let begins = |day: u8| stretch.days & 1 << day != 0;
            let yesterday = (day + 6) % 7;
            if stretch.from < stretch.to {
                begins(day) && (stretch.from..stretch.to).contains(&minute)
            } else {
                begins(day) && minute >= stretch.from || begins(yesterday) && minute < stretch.to
            }
        })
    }
}

/// Milliseconds until the next full minute of the local clock, at which hours may begin or end.
#[must_use]
pub fn to_next_minute_ms(wall: WallTime) -> u64 {
    (60_000 - wall.unix_ms.rem_euclid(60_000)).unsigned_abs()
}

/// The day of the week, Monday 0, and the minute of the day.
fn local(wall: WallTime) -> (u8, u16) {
    let seconds = wall.unix_ms.div_euclid(1000) + i64::from(wall.utc_offset_s);
    // 1970-01-01 was a Thursday.
    let day = (seconds.div_euclid(86_400) + 3).rem_euclid(7);
    let minute = seconds.rem_euclid(86_400) / 60;
    (day as u8, minute as u16)
}

impl Hours {
    /// The hours that `text` names, stretches apart by commas; none, when it is empty. A stretch is
    /// `H:MM-H:MM`, after a day (`mon`) or days (`mon-fri`), or none of them for every day.
    ///
    /// # Errors
    /// What is wrong, and what is understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut hours = Self::default();
        let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
        for (n, part) in parts.enumerate() {
            let Some(place) = hours.0.get_mut(n) else {
                return Err(format!("more than {MOST} stretches"));
            };
            *place = Some(Stretch::parse(part).map_err(|()| {
                format!(
                    "{part:?} is not understood; write \"mon-fri 9:00-17:30\" or \"12:00-13:00\""
                )
            })?);
        }
        Ok(hours)
    }
}

impl Stretch {
    fn parse(text: &str) -> Result<Self, ()> {
        let (days, times) = text.rsplit_once(' ').unwrap_or(("daily", text));
        let (from, to) = times.split_once('-').ok_or(())?;
        let (from, to) = (minute(from)?, minute(to)?);
        if from == DAY_MINUTES || from == to {
            return Err(());
        }
        Ok(Self {
            days: days_of(&days.trim().to_lowercase())?,
            from,
            to,
        })
    }
}

fn days_of(text: &str) -> Result<u8, ()> {
    let day = |name: &str| DAY_NAMES.iter().position(|day| *day == name).ok_or(());
    match text.split_once('-') {
        None if text == "daily" => Ok(0x7f),
        None => Ok(1 << day(text)?),
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            let count = (last + 7 - first) % 7 + 1;
            Ok((0..count).fold(0, |days, n| days | 1 << ((first + n) % 7)))
        }
    }
}

/// Minutes since midnight of `H:MM`, up to 24:00.
fn minute(text: &str) -> Result<u16, ()> {
    let (hour, minute) = text.split_once(':').ok_or(())?;
    let number = |text: &str| {
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && (1..=2).contains(&text.len());
        digits.then(|| text.parse::<u16>().ok()).flatten().ok_or(())
    };
    let whole =
        60 * number(hour)? + number(minute).and_then(|m| (m < 60).then_some(m).ok_or(()))?;
    (whole <= DAY_MINUTES).then_some(whole).ok_or(())
}

impl fmt::Display for Hours {
    /// As it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for stretch in self.0.iter().flatten() {
            let Stretch { days, from, to } = *stretch;
            let times = format!("{}:{:02}-{}:{:02}", from / 60, from % 60, to / 60, to % 60);
            let has = |day: usize| days & 1 << (day % 7) != 0;
            let begins = (0..7).find(|day| has(*day) && !has(day + 6));
            let names = match begins {
                None => "daily".to_owned(),
                Some(day) if days.count_ones() == 1 => DAY_NAMES[day].to_owned(),
                Some(day) => {
                    let last = (day + days.count_ones() as usize - 1) % 7;
                    format!("{}-{}", DAY_NAMES[day], DAY_NAMES[last])
                }
            };
            let comma = if std::mem::take(&mut first) { "" } else { ", " };
            write!(f, "{comma}{names} {times}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 2026-11-23 in a zone an hour east, `day` days later.
    fn at(day: i64, hour: i64, minute: i64) -> WallTime {
        WallTime {
            unix_ms: 1000 * (1_795_388_400 + 86_400 * day + 3600 * hour + 60 * minute),
            utc_offset_s: 3600,
        }
    }

    fn hours(text: &str) -> Hours {
        Hours::parse(text).unwrap()
    }

    #[test]
    fn a_stretch_holds_on_its_days_from_its_first_minute_to_before_its_last() {
        let work = hours("mon-fri 9:00-17:30, sat 10:00-12:00");
        for (day, hour, minute, holds) in [
            (0, 8, 59, false),
            (0, 9, 0, true),
            (4, 17, 29, true),
            (4, 17, 30, false),
            (5, 9, 30, false),
            (5, 10, 0, true),
            (6, 11, 0, false),
            (7, 9, 0, true),
        ] {
            assert_eq!(
                work.hold(at(day, hour, minute)),
                holds,
                "{day} {hour}:{minute}"
            );
        }
    }

    #[test]
    fn a_stretch_over_midnight_ends_on_the_next_day() {
        let night = hours("fri 22:00-6:00");
        assert!(night.hold(at(4, 22, 0)));
        assert!(night.hold(at(5, 5, 59)));
        assert!(!night.hold(at(5, 6, 0)));
        assert!(!night.hold(at(4, 5, 0)));
        assert!(!night.hold(at(5, 22, 0)));
    }

    #[test]
    fn days_run_over_the_end_of_the_week() {
        let rest = hours("sat-mon 0:00-24:00");
        let held: Vec<i64> = (0..7).filter(|day| rest.hold(at(*day, 12, 0))).collect();
        assert_eq!(held, [0, 5, 6]);
        assert!(hours("12:00-13:00").hold(at(3, 12, 30)));
    }

    #[test]
    fn nothing_is_no_stretch() {
        assert!(hours("").is_empty());
        assert!(hours(" , ").is_empty());
        assert!(!hours("").hold(at(0, 12, 0)));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in [
            "monday 9:00-10:00",
            "9-17",
            "mon 9:00",
            "mon 9:60-10:00",
            "mon 25:00-26:00",
            "mon 9:00-9:00",
            "24:00-1:00",
            "mon-fri-sun 9:00-10:00",
            "mon +9:00-10:00",
        ] {
            let error = Hours::parse(text).unwrap_err();
            assert!(
                error.contains(text) && error.contains("mon-fri 9:00"),
                "{error}"
            );
        }
        let many = ["9:00-10:00"; MOST + 1].join(",");
        assert!(Hours::parse(&many).unwrap_err().contains("more than 8"));
    }

    #[test]
    fn hours_are_written_as_they_are_read() {
        for text in [
            "daily 12:00-13:00",
            "mon-fri 9:00-17:30, sat 22:00-6:00",
            "sun-mon 9:05-24:00",
        ] {
            assert_eq!(hours(text).to_string(), text);
        }
        assert_eq!(hours("9:00-10:00").to_string(), "daily 9:00-10:00");
    }

    #[test]
    fn the_next_minute_is_a_minute_away_at_most() {
        assert_eq!(to_next_minute_ms(at(0, 9, 0)), 60_000);
        let late = WallTime {
            unix_ms: at(0, 9, 0).unix_ms + 59_999,
            ..at(0, 9, 0)
        };
        assert_eq!(to_next_minute_ms(late), 1);
    }
}
