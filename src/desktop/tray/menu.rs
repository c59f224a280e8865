//! The icon's menu, as data.

use super::view::View;
use crate::desktop::Voice;
use crate::domain::io::Command;

/// What a click on an entry wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Command(Command),
    /// A break.
    Break,
    /// The end of the program.
    Quit,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Something to read.
    Words(String),
    /// A line between.
    Line,
    /// Something to click.
    Button {
        label: String,
        is_enabled: bool,
        is_visible: bool,
        wish: Wish,
    },
}

/// The menu beside `view`, spoken with `voice`.
///
/// It always has the same entries in the same order, some hidden: an open menu is then never laid
/// out anew under the pointer, and a click that comes late means what the person had read.
pub(super) fn menu(view: &View, voice: Voice) -> Vec<Entry> {
    let button = |label: &str, is_enabled, is_visible, wish| Entry::Button {
        label: label.to_owned(),
        is_enabled,
        is_visible,
        wish,
    };
    let command = |label: &str, is_enabled, is_visible, command| {
        button(label, is_enabled, is_visible, Wish::Command(command))
    };
    let (texts, quiet) = (voice.texts(), voice.snooze_button());
    let snooze = Command::Snooze(voice.snooze);
    vec![
        Entry::Words(view.headline.clone()),
        Entry::Words(view.sitting.clone()),
        Entry::Line,
        button(texts.start_break(), true, true, Wish::Break),
        command(
            texts.pause_button(),
            true,
            !view.can_resume,
            Command::Pause(None),
        ),
        command(texts.resume(), true, view.can_resume, Command::Resume),
        command(&quiet, !view.can_resume, true, snooze),
        command(
            texts.recalibrate(),
            view.can_learn,
            true,
            Command::RECALIBRATE,
        ),
        Entry::Line,
        button(texts.quit(), true, true, Wish::Quit),
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wording::{ENGLISH, Language};

    fn voice(language: Language) -> Voice {
        Voice {
            language,
            snooze: Duration::from_secs(900),
        }
    }
    use crate::domain::calibration::SPAN;

    fn lines(view: &View, language: Language) -> String {
        let lines: Vec<String> = menu(view, voice(language))
            .iter()
            .filter_map(|entry| match entry {
                Entry::Words(words) => Some(format!("({words})")),
                Entry::Line => Some("-".to_owned()),
                Entry::Button {
                    is_visible: false, ..
                } => None,
                Entry::Button {
                    label,
                    is_enabled: true,
                    ..
                } => Some(label.clone()),
                Entry::Button { label, .. } => Some(format!("({label})")),
            })
            .collect();
        lines.join("\n")
    }

    #[test]
    fn what_can_be_done_is_offered() {
        let mut view = View {
            headline: "Bad: slouching".to_owned(),
            sitting: "Sitting for 12 min".to_owned(),
            can_learn: true,
            ..View::starting(ENGLISH)
        };
        insta::assert_snapshot!(lines(&view, Language::English), @r"
        (Bad: slouching)
        (Sitting for 12 min)
        -
        Start a break
        Pause
        Snooze 15 min
        Recalibrate
        -
        Quit
        ");
        view.can_resume = true;
        view.can_learn = false;
        insta::assert_snapshot!(lines(&view, Language::English), @r"
        (Bad: slouching)
        (Sitting for 12 min)
        -
        Start a break
        Resume
        (Snooze 15 min)
        (Recalibrate)
        -
        Quit
        ");
        insta::assert_snapshot!(lines(&view, Language::German), @r"
        (Bad: slouching)
        (Sitting for 12 min)
        -
        Pause beginnen
        Fortsetzen
        (15 min Ruhe)
        (Neu kalibrieren)
        -
        Beenden
        ");
    }

    #[test]
    fn each_button_has_its_wish() {
        let wishes: Vec<Wish> = menu(&View::starting(ENGLISH), voice(Language::English))
            .iter()
            .filter_map(|entry| match entry {
                Entry::Button { wish, .. } => Some(*wish),
                Entry::Words(_) | Entry::Line => None,
            })
            .collect();
        let learn = Command::CalibrateGuided {
            span: SPAN,
            limits: false,
            stance: None,
        };
        assert_eq!(
            wishes,
            [
                Wish::Break,
                Wish::Command(Command::Pause(None)),
                Wish::Command(Command::Resume),
                Wish::Command(Command::Snooze(Duration::from_secs(900))),
                Wish::Command(learn),
                Wish::Quit
            ]
        );
    }
}
