//! Which languages there are.

use super::{Texts, english, german};

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its code (ISO 639-1).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its texts.
    #[must_use]
    pub fn texts(self) -> Texts {
        match self {
            Self::English => &english::English,
            Self::German => &german::German,
        }
    }

    /// The language that the system asks for: the first of its locales that there are texts for,
    /// else English. On Unix it asks with `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and `LANG`.
    #[must_use]
    pub fn of_system() -> Self {
        Self::first_of(sys_locale::get_locales())
    }

    /// The first language among `locales` (BCP 47, as "de-AT").
    fn first_of(locales: impl Iterator<Item = String>) -> Self {
        let known = |locale: String| {
            let code = locale.split(['-', '_']).next()?.to_ascii_lowercase();
            Self::ALL.into_iter().find(|known| known.code() == code)
        };
        locales.filter_map(known).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_locale_with_texts_counts() {
        for (locales, language) in [
            (&["de-AT"][..], Language::German),
            (&["DE"], Language::German),
            (&["fr-FR", "de-DE", "en-GB"], Language::German),
            (&["en-US", "de-DE"], Language::English),
            (&["den"], Language::English),
            (&[""], Language::English),
            (&[], Language::English),
        ] {
            let locales = locales.iter().map(|locale| (*locale).to_owned());
            assert_eq!(Language::first_of(locales), language);
        }
    }
}
