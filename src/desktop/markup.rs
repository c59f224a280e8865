//! Texts for notification daemons.

/// `text` for daemons that take bodies for markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
