//! Numbers as they are written: finite, of a known count, times as decimal seconds.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::ser::{self, Serializer};
use serde::{Deserialize, Serialize};

/// A number that JSON can hold. Writing one that is not finite is an error, where `serde_json`
/// alone would write `null`; reading needs no check, as JSON has no word for the others.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub(super) struct Finite<T>(pub(super) T);

impl Serialize for Finite<f32> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.is_finite() {
            return Err(not_finite(self.0));
        }
        serializer.serialize_f32(self.0)
    }
}

impl Serialize for Finite<f64> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.0.is_finite() {
            return Err(not_finite(self.0));
        }
        serializer.serialize_f64(self.0)
    }
}

fn not_finite<E: ser::Error>(number: impl fmt::Display) -> E {
    E::custom(format_args!("{number} is not a finite number"))
}

/// A span of time as decimal seconds, exact to the nanosecond.
///
/// Below [`Seconds::LIMIT`] the nearest `f64` of a whole number of nanoseconds is printed with at
/// most nine decimals and rounds back to the same number: half the distance between neighbouring
/// `f64` is less than half a nanosecond there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seconds(pub(super) Duration);

impl Seconds {
    /// 2^23 s, about 97 days: from here on neighbouring `f64` are more than a nanosecond apart.
    pub(super) const LIMIT: Duration = Duration::from_secs(1 << 23);

    const NANOS: f64 = 1e9;
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if Self::LIMIT <= self.0 {
            return Err(ser::Error::custom(format_args!(
                "{} s is {}",
                self.0.as_secs(),
                OUT_OF_RANGE
            )));
        }
        // One division of a whole number below 2^53, so the result is the nearest f64.
        serializer.serialize_f64(self.0.as_nanos() as f64 / Self::NANOS)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        if seconds < 0.0 || Self::LIMIT.as_secs_f64() <= seconds {
            return Err(de::Error::custom(format_args!(
                "{seconds} s is {OUT_OF_RANGE}"
            )));
        }
        // The part after the point is exact, and small enough to lose nothing when multiplied.
        let whole = seconds.trunc();
        let nanos = ((seconds - whole) * Self::NANOS).round() as u32;
        Ok(Self(Duration::new(whole as u64, nanos)))
    }
}

const OUT_OF_RANGE: &str = "not between 0 and 8388607 s (97 days)";

/// An array of exactly `N` values. The arrays of `serde` answer one value too many with "trailing
/// characters"; this one says how many are wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exactly<T, const N: usize>(pub(super) [T; N]);

impl<T: Serialize, const N: usize> Serialize for Exactly<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de, T: Deserialize<'de> + Copy + Default, const N: usize> Deserialize<'de> for Exactly<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ExactlyVisitor(PhantomData))
    }
}

struct ExactlyVisitor<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Copy + Default, const N: usize> Visitor<'de>
    for ExactlyVisitor<T, N>
{
    type Value = Exactly<T, N>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "exactly {N} values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut values = [T::default(); N];
        for (found, value) in values.iter_mut().enumerate() {
            *value = seq
                .next_element()?
                .ok_or_else(|| de::Error::invalid_length(found, &self))?;
        }
        let mut found = N;
        while seq.next_element::<de::IgnoredAny>()?.is_some() {
            found += 1;
        }
        if N < found {
            return Err(de::Error::invalid_length(found, &self));
        }
        Ok(Exactly(values))
    }
}

impl<T: Default> Default for Finite<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

impl<T: Copy + Default, const N: usize> Default for Exactly<T, N> {
    fn default() -> Self {
        Self([T::default(); N])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn restore(span: Duration) -> (String, Duration) {
        let text = serde_json::to_string(&Seconds(span)).unwrap();
        let Seconds(restored) = serde_json::from_str(&text).unwrap();
        (text, restored)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn every_nanosecond_is_restored(
            nanos in 0..Seconds::LIMIT.as_nanos() as u64,
            // Small times are the common ones, and the even choice hardly ever makes one.
            shift in 0..52_u32,
        ) {
            let span = Duration::from_nanos(nanos >> shift);
            let (text, restored) = restore(span);
            prop_assert_eq!(restored, span);
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            prop_assert!(decimals <= 9, "{} has {} decimals", text, decimals);
        }

        #[test]
        fn a_microsecond_needs_six_decimals(micros in 0..86_400_000_000_u64) {
            let span = Duration::from_micros(micros);
            let (text, restored) = restore(span);
            prop_assert_eq!(restored, span);
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            prop_assert!(decimals <= 6, "{} has {} decimals", text, decimals);
        }

        #[test]
        fn every_finite_f32_is_restored(bits: u32) {
            let number = f32::from_bits(bits);
            let written = serde_json::to_string(&Finite(number));
            if number.is_finite() {
                let Finite(restored): Finite<f32> = serde_json::from_str(&written.unwrap()).unwrap();
                prop_assert_eq!(restored.to_bits(), bits);
            } else {
                prop_assert!(written.unwrap_err().to_string().ends_with("is not a finite number"));
            }
        }

        #[test]
        fn every_finite_f64_is_restored(bits: u64) {
            let number = f64::from_bits(bits);
            let written = serde_json::to_string(&Finite(number));
            if number.is_finite() {
                let Finite(restored): Finite<f64> = serde_json::from_str(&written.unwrap()).unwrap();
                prop_assert_eq!(restored.to_bits(), bits);
            } else {
                prop_assert!(written.unwrap_err().to_string().ends_with("is not a finite number"));
            }
        }
    }

    #[test]
    fn a_time_is_written_as_a_person_would() {
        assert_eq!(restore(Duration::from_millis(12_340)).0, "12.34");
        assert_eq!(restore(Duration::ZERO).0, "0.0");
        let last = Seconds::LIMIT - Duration::from_nanos(1);
        assert_eq!(restore(last), ("8388607.999999999".to_owned(), last));
    }

    #[test]
    fn a_time_is_restored_where_its_nanoseconds_are_half_a_step_of_f64() {
        let span = Duration::new(4_217_664, 87_623_742);
        assert_eq!(restore(span).1, span);
        let rounded_up: Seconds = serde_json::from_str("1.9999999999").unwrap();
        assert_eq!(rounded_up.0, Duration::from_secs(2));
    }

    #[test]
    fn times_out_of_range_are_refused_both_ways() {
        assert!(serde_json::to_string(&Seconds(Seconds::LIMIT)).is_err());
        for text in ["-1e-9", "8388608", "8388607.9999999999"] {
            assert!(serde_json::from_str::<Seconds>(text).is_err(), "{text}");
        }
        assert_eq!(serde_json::from_str::<Seconds>("3").unwrap().0.as_secs(), 3);
    }

    #[test]
    fn numbers_too_large_for_their_type_are_refused() {
        for text in [
            "1e39",
            "4e38",
            "NaN",
            "null",
            "1000000000000000000000000000000000000000",
        ] {
            assert!(serde_json::from_str::<Finite<f32>>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Finite<f64>>("1e309").is_err());
    }

    #[test]
    fn a_wrong_count_says_how_many_are_wanted() {
        let read =
            |text| serde_json::from_str::<Exactly<u32, 2>>(text).map_err(|error| error.to_string());
        assert_eq!(read("[1,2]"), Ok(Exactly([1, 2])));
        for (text, found) in [("[]", 0), ("[1]", 1), ("[1,2,3,4]", 4)] {
            let error = read(text).unwrap_err();
            let wanted = format!("invalid length {found}, expected exactly 2 values");
            assert!(error.starts_with(&wanted), "{error}");
        }
    }
}
