//! Writing to stdout and stderr. `println!` and `eprintln!` panic when nobody reads; a monitor
//! must outlive its terminal.

use std::io::Write;

use anyhow::Context;

/// Writes a line to stdout at once, so that a reader gets events as they happen.
///
/// # Errors
/// When it cannot be written: the disk is full, or the reader has gone.
pub fn print(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .context("cannot write to stdout")
}

/// Writes `text` to stderr as it is, without a new line. A closed stderr leaves nobody to tell.
pub fn tell(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a line to stderr; as [`tell`].
pub fn tell_line(line: &str) {
    tell(&format!("{line}\n"));
}
