//! The icon as ksni asks for it.

use std::sync::OnceLock;

use ksni::menu::StandardItem;
use ksni::{Icon, MenuItem, OfflineReason, ToolTip};

use super::Wishes;
use super::glyph::{SIZES, draw};
use super::menu::{Entry, Wish, menu};
use super::view::{Look, View};
use crate::desktop::Voice;

/// What stands in the panel.
pub(super) struct Item {
    pub(super) view: View,
    pub(super) voice: Voice,
    pub(super) wishes: Wishes,
}

impl Item {
    fn grant(&self, wish: Wish) {
        match wish {
            Wish::Command(command) => self.wishes.buttons.command(command),
            Wish::Break => self.wishes.buttons.start_break(),
            Wish::Quit => self.wishes.quit.notify_one(),
        }
    }
}

impl ksni::Tray for Item {
    // There is no window that a click could bring up.
    const MENU_ON_ACTIVATE: bool = true;

    fn id(&self) -> String {
        "backstay".to_owned()
    }

    fn title(&self) -> String {
        format!("backstay: {}", self.view.headline)
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        pictures(self.view.look).to_vec()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.view.headline.clone(),
            description: self.view.sitting.clone(),
            ..ToolTip::default()
        }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let entries = menu(&self.view, self.voice).into_iter();
        entries.map(entry).collect()
    }

    /// The panel has gone: so does the item, and the next panel gets another.
    fn watcher_offline(&self, _: OfflineReason) -> bool {
        false
    }
}

fn entry(entry: Entry) -> MenuItem<Item> {
    match entry {
        Entry::Line => MenuItem::Separator,
        Entry::Words(label) => StandardItem {
            label,
            enabled: false,
            ..StandardItem::default()
        }
        .into(),
        Entry::Button {
            label,
            is_enabled,
            is_visible,
            wish,
        } => StandardItem {
            label,
            enabled: is_enabled,
            visible: is_visible,
            activate: Box::new(move |item: &mut Item| item.grant(wish)),
            ..StandardItem::default()
        }
        .into(),
    }
}

/// The pictures of `look`, drawn when it is first seen: ksni asks for them at every change.
fn pictures(look: Look) -> &'static [Icon] {
    static DRAWN: [OnceLock<Vec<Icon>>; 4] = [const { OnceLock::new() }; 4];
    DRAWN[look as usize].get_or_init(|| {
        let pictures = SIZES.iter().map(|side| {
            let picture = draw(look, *side);
            Icon {
                width: i32::from(picture.side),
                height: i32::from(picture.side),
                data: picture.argb,
            }
        });
        pictures.collect()
    })
}
