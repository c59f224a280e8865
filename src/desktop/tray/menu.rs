//! The icon's menu, as data.

use std::time::Duration;

use super::view::View;
use crate::desktop::text;
use crate::domain::io::Command;

/// What a click on an entry wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Command(Command),
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

/// The menu beside `view`, whose snooze is one of `snooze`.
///
/// It always has the same entries in the same order, some hidden: an open menu is then never laid
/// out anew under the pointer, and a click that comes late means what the person had read.
pub(super) fn menu(view: &View, snooze: Duration) -> Vec<Entry> {
    let button = |label: &str, is_enabled, is_visible, wish| Entry::Button {
        label: label.to_owned(),
        is_enabled,
        is_visible,
        wish,
    };
    let command = |label: &str, is_enabled, is_visible, command| {
        button(label, is_enabled, is_visible, Wish::Command(command))
    };
    let quiet = text::snooze(snooze);
    vec![
        Entry::Words(view.headline.clone()),
        Entry::Words(view.sitting.clone()),
        Entry::Line,
        command("Pause", true, !view.can_resume, Command::Pause(None)),
        command("Resume", true, view.can_resume, Command::Resume),
        command(&quiet, !view.can_resume, true, Command::Snooze(snooze)),
        command("Recalibrate", view.can_learn, true, Command::RECALIBRATE),
        Entry::Line,
        button("Quit", true, true, Wish::Quit),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calibration::SPAN;

    fn lines(view: &View) -> String {
        let lines: Vec<String> = menu(view, Duration::from_secs(900))
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
            ..View::default()
        };
        insta::assert_snapshot!(lines(&view), @r"
        (Bad: slouching)
        (Sitting for 12 min)
        -
        Pause
        Snooze 15 min
        Recalibrate
        -
        Quit
        ");
        view.can_resume = true;
        view.can_learn = false;
        insta::assert_snapshot!(lines(&view), @r"
        (Bad: slouching)
        (Sitting for 12 min)
        -
        Resume
        (Snooze 15 min)
        (Recalibrate)
        -
        Quit
        ");
    }

    #[test]
    fn each_button_has_its_wish() {
        let wishes: Vec<Wish> = menu(&View::default(), Duration::from_secs(60))
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
                Wish::Command(Command::Pause(None)),
                Wish::Command(Command::Resume),
                Wish::Command(Command::Snooze(Duration::from_secs(60))),
                Wish::Command(learn),
                Wish::Quit
            ]
        );
    }
}
