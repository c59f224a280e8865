//! What is put together the same way in every language.

use std::time::Duration;

use super::Texts;
use crate::domain::io::{Doubt, Fault, State};

/// `words` as they stand at the beginning of a line.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest).collect()
}

/// How the posture is, in words: the state with its faults, or why there is none.
#[must_use]
pub fn standing(texts: Texts, state: State, faults: &[Fault], doubt: Option<Doubt>) -> String {
    let named: Vec<_> = faults.iter().map(|fault| texts.fault(*fault)).collect();
    match doubt {
        Some(doubt) => texts.unsure(texts.doubt(doubt)),
        None if named.is_empty() => texts.state(state).to_owned(),
        None => format!("{}: {}", texts.state(state), named.join(", ")),
    }
}

/// "40 s", "3 min", "1 h 5 min" in every language (SI): rounded down, so that it never says more
/// than was measured.
#[must_use]
pub fn duration(span: Duration) -> String {
    let seconds = span.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::domain::hindrance::Hindrance;
    use crate::domain::pauses::PauseReason;
    use crate::wording::Language;

    #[test]
    fn durations_are_rounded_down() {
        let spans = [0, 40, 59, 60, 119, 3599, 3600, 3900, 7259];
        let lines: Vec<_> = spans.map(|s| duration(Duration::from_secs(s))).to_vec();
        assert_snapshot!(lines.join(", "), @"0 s, 40 s, 59 s, 1 min, 1 min, 59 min, 1 h, 1 h 5 min, 2 h");
    }

    #[test]
    fn headings_begin_with_a_capital() {
        assert_eq!(capital("über dem Rand"), "Über dem Rand");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn what_hinders_fits_on_a_terminal() {
        for language in Language::ALL {
            for hindrance in Hindrance::ALL {
                let words = language.texts().hindrance(hindrance);
                assert!(words.chars().count() < 60, "{words}");
            }
        }
    }

    #[test]
    fn nothing_is_left_in_english() {
        let texts = |language: Language| {
            let t = language.texts();
            let mut all: Vec<&str> = Vec::new();
            all.extend(State::ALL.map(|state| t.state(state)));
            all.extend(Fault::ALL.map(|fault| t.fault(fault)));
            all.extend(Doubt::ALL.map(|doubt| t.doubt(doubt)));
            all.extend(PauseReason::ALL.map(|reason| t.pause(reason)));
            all.extend(Hindrance::ALL.map(|hindrance| t.hindrance(hindrance)));
            all.extend([t.learn(), t.not_now(), t.wrong(), t.resume(), t.quit()]);
            all
        };
        let english = texts(Language::English);
        for (text, english) in texts(Language::German).iter().zip(english) {
            assert_ne!(*text, english);
        }
    }
}
