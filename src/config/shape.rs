//! Holds a configuration's sections, keys and types against those of the default configuration,
//! so that a slip of the finger is answered with the word that was meant.

use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::DEFAULT;
use super::mistake::{Mistake, What};

/// Checks that every section and key of `text` is known and has a value of its type.
pub(super) fn check(text: &str) -> Result<(), Mistake> {
    let written = DeTable::parse(text).map_err(|error| Mistake {
        span: error.span(),
        what: What::Syntax(error.message().to_owned()),
    })?;
    let known = known();
    for (name, value) in written.get_ref() {
        let section: &str = name.get_ref();
        let at = |what| Mistake {
            span: Some(name.span()),
            what,
        };
        let Some(keys) = known.get(section).and_then(Value::as_table) else {
            return Err(at(unknown_section(&known, section, value.get_ref())));
        };
        let DeValue::Table(written) = value.get_ref() else {
            return Err(at(What::Type {
                key: section.to_owned(),
                allowed: format!("a section, \"[{section}]\""),
            }));
        };
        check_section(&known, section, keys, written)?;
    }
    Ok(())
}

fn check_section(
    known: &Table,
    section: &str,
    keys: &Table,
    written: &DeTable<'_>,
) -> Result<(), Mistake> {
    for (name, value) in written {
        let key = format!("{section}.{}", name.get_ref());
        let Some(default) = keys.get(name.get_ref().as_ref()) else {
            let remedy = remedy(known, keys, name.get_ref());
            return Err(Mistake {
                span: Some(name.span()),
                what: What::UnknownKey { key, remedy },
            });
        };
        let (same, kind) = match (default, value.get_ref()) {
            (Value::Integer(_) | Value::Float(_), given) => (
                matches!(given, DeValue::Integer(_) | DeValue::Float(_)),
                "a number",
            ),
            (Value::Boolean(_), given) => (matches!(given, DeValue::Boolean(_)), "true or false"),
            (_, given) => (matches!(given, DeValue::String(_)), "a text"),
        };
        if !same {
            let allowed = format!("{kind}; for example: {} = {default}", name.get_ref());
            return Err(Mistake {
                span: Some(value.span()),
                what: What::Type { key, allowed },
            });
        }
    }
    Ok(())
}

fn known() -> Table {
    DEFAULT
        .parse()
        .expect("the default configuration is TOML: a test reads it")
}

fn unknown_section(known: &Table, section: &str, value: &DeValue<'_>) -> What {
    if !matches!(value, DeValue::Table(_)) {
        let key = section.to_owned();
        let remedy = remedy(known, &Table::new(), section);
        return What::UnknownKey { key, remedy };
    }
    What::UnknownSection {
        section: section.to_owned(),
        remedy: instead(section, known),
    }
}

/// What to write instead of an unknown key: the same key has its place in another section, or one
/// of this section's is meant.
fn remedy(known: &Table, keys: &Table, key: &str) -> String {
    let home = known.iter().find(|(_, section)| section.get(key).is_some());
    match home {
        Some((section, _)) => format!("it belongs into the section \"[{section}]\""),
        None if keys.is_empty() => "keys belong into a section, as \"[camera]\"".to_owned(),
        None => instead(key, keys),
    }
}

fn instead(given: &str, known: &Table) -> String {
    let words: Vec<&str> = known.keys().map(String::as_str).collect();
    nearest(given, &words)
}

/// What to write instead of `given`: the word of `known` that was meant, or else all of them.
#[must_use]
pub fn nearest(given: &str, known: &[&str]) -> String {
    // Two slips at most, and less than half of the word: further away is another word.
    let meant = known
        .iter()
        .map(|word| (distance(given, word), word))
        .filter(|(slips, word)| *slips <= 2 && slips * 2 < word.len())
        .min();
    if let Some((_, word)) = meant {
        return format!("did you mean \"{word}\"?");
    }
    let all: Vec<_> = known.iter().map(|word| format!("\"{word}\"")).collect();
    format!("known are {}", all.join(", "))
}

/// Levenshtein distance: how many letters to insert, delete or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_slips() {
        let pairs = [
            ("", "abc"),
            ("rate", "rate"),
            ("kitten", "sitting"),
            ("sorce", "source"),
        ];
        assert_eq!(pairs.map(|(a, b)| distance(a, b)), [3, 0, 3, 1]);
    }

    #[test]
    fn the_default_configuration_has_the_right_shape() {
        assert_eq!(check(DEFAULT), Ok(()));
        assert_eq!(check(""), Ok(()));
    }
}
