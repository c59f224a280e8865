//! The one quiet line on a terminal, and the lines above it.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use super::stdio::{tell, tell_line};
use crate::domain::io::Status;
use crate::domain::measures::Quantity;
use crate::wording::{Texts, standing};

/// The line is drawn anew this often at most, unless the state changes.
const REDRAW: Duration = Duration::from_secs(1);

/// Holding still for less is what anybody does.
const STILL_WORTH_SHOWING: Duration = Duration::from_secs(5 * 60);

/// Takes the terminal's line away and goes to its beginning (ECMA-48: CR, EL 2).
const ERASE: &str = "\r\x1b[2K";

/// Writes to stderr: a line that is drawn over and over on a terminal, and lines that stay.
#[derive(Debug)]
pub struct Console {
    live: bool,
    drawn: String,
    drawn_at: Option<Duration>,
    width: usize,
}

impl Console {
    /// A console on stderr; its live line shows on a terminal only.
    #[must_use]
    pub fn stderr() -> Self {
        let live = std::io::stderr().is_terminal();
        let width = terminal_size::terminal_size_of(std::io::stderr());
        // The last column stays free: terminals differ in what they do with a full line.
        let width = width.map_or(79, |(width, _)| usize::from(width.0).saturating_sub(1));
        Self {
            live,
            drawn: String::new(),
            drawn_at: None,
            width,
        }
    }

    /// Whether the live line shows.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Writes a line that stays.
    pub fn say(&mut self, text: &str) {
        self.erase();
        tell_line(text);
        self.redraw();
    }

    /// Takes the live line away, so that others can write to stderr; [`Self::redraw`] brings it
    /// back.
    pub fn erase(&mut self) {
        if self.live && !self.drawn.is_empty() {
            tell(ERASE);
        }
    }

    /// Draws the live line again.
    pub fn redraw(&mut self) {
        if self.live && !self.drawn.is_empty() {
            tell(&format!("{ERASE}{}", self.drawn));
        }
    }

    /// Shows `text` as the live line, at most once a second unless `now` is set.
    pub fn show(&mut self, at: Duration, text: &str, now: bool) {
        let recent = self
            .drawn_at
            .is_some_and(|then| at.saturating_sub(then) < REDRAW);
        if !self.live || (recent && !now) {
            return;
        }
        self.drawn = text.chars().take(self.width).collect();
        self.drawn_at = Some(at);
        self.redraw();
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.erase();
    }
}

/// Stderr, for whoever writes there at a time of its own, such as the log and the thread that talks
/// to the notification daemon: on a terminal, what it writes takes the live line's place, and the
/// live line comes back below when it is drawn next. Whole lines must be written at once.
#[derive(Debug, Default)]
pub struct Aside;

/// What [`Aside`] is not to write yet; `None` while it writes at once.
static HELD_BACK: Mutex<Option<Vec<u8>>> = Mutex::new(None);

/// Keeps what [`Aside`] gets from now on off a terminal that shows a screen.
pub fn hold_back() {
    if let Ok(mut held) = HELD_BACK.lock() {
        held.get_or_insert_default();
    }
}

/// Writes what was held back, and the rest at once again.
pub fn let_out() {
    let held = HELD_BACK.lock().ok().and_then(|mut held| held.take());
    if let Some(lines) = held {
        tell(&String::from_utf8_lossy(&lines));
    }
}

impl Write for Aside {
    fn write(&mut self, lines: &[u8]) -> std::io::Result<usize> {
        if let Ok(mut held) = HELD_BACK.lock()
            && let Some(held) = held.as_mut()
        {
            held.extend_from_slice(lines);
            return Ok(lines.len());
        }
        let mut stderr = std::io::stderr().lock();
        let terminal = stderr.is_terminal();
        write_aside(&mut stderr, terminal, lines)?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// In one piece, as another process may share the terminal.
fn write_aside(to: &mut impl Write, terminal: bool, lines: &[u8]) -> std::io::Result<()> {
    let erase: &[u8] = if terminal { ERASE.as_bytes() } else { b"" };
    to.write_all(&[erase, lines].concat())
}

/// The live line of a run.
#[must_use]
pub fn line(texts: Texts, status: &Status, engine: &str, cpu_percent: Option<f64>) -> String {
    let mut parts = vec![match status.calibrating {
        Some(progress) => {
            let what = match progress.hindrance {
                Some(hindrance) => texts.hindrance(hindrance),
                None => texts.phase(progress.phase),
            };
            texts.calibrating_part(&format!("{:.0}", 100.0 * progress.part), what)
        }
        None => standing(texts, status.state, &status.faults, status.doubt),
    }];
    let decimal = |number: String| number.replace('.', &texts.decimal_mark().to_string());
    if status.doubt.is_none() {
        let value = |quantity| status.measures.value(quantity);
        for (name, cm) in [
            (texts.sunk(), value(Quantity::SinkCm)),
            (texts.forward(), value(Quantity::ForwardCm)),
        ] {
            parts.extend(cm.map(|cm| format!("{name} {} cm", decimal(format!("{cm:+.1}")))));
        }
        for (name, degrees) in [
            (texts.lean(), value(Quantity::Tilt)),
            (texts.neck(), value(Quantity::NeckInclination)),
        ] {
            parts.extend(degrees.map(|degrees| format!("{name} {degrees:+.0}°")));
        }
    }
    parts.push(texts.sitting(&minutes(status.sitting)));
    if status.still >= STILL_WORTH_SHOWING {
        parts.push(texts.still(&minutes(status.still)));
    }
    parts.extend(status.shifts_per_hour.map(|shifts| texts.shifts(shifts)));
    parts.push(engine.to_owned());
    parts.extend(cpu_percent.map(|cpu| texts.of_a_core(&decimal(format!("{cpu:.1}")))));
    parts.join(" · ")
}

/// Minutes and seconds below an hour, hours and minutes above.
#[must_use]
pub fn minutes(span: Duration) -> String {
    let s = span.as_secs();
    if s < 3600 {
        format!("{}:{:02} min", s / 60, s % 60)
    } else {
        format!("{}:{:02} h", s / 3600, s / 60 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calibration::{Phase, Progress};
    use crate::domain::hindrance::Hindrance;
    use crate::domain::io::{Doubt, State};
    use crate::domain::measures::Measures;
    use crate::wording::ENGLISH;

    #[test]
    fn a_calibration_says_what_to_do() {
        let line = |phase, hindrance| {
            let status = Status {
                state: State::Unsure,
                faults: Vec::new(),
                doubt: Some(Doubt::NotCalibrated),
                measures: Measures::default(),
                sitting: Duration::ZERO,
                still: Duration::ZERO,
                shifts_per_hour: None,
                calibrating: Some(Progress {
                    phase,
                    part: 0.4,
                    hindrance,
                }),
                pauses: Vec::new(),
            };
            line(ENGLISH, &status, "rten", None)
        };
        assert_eq!(
            line(Phase::Upright, None),
            "calibrating 40 %: sit upright and still · sitting 0:00 min · rten"
        );
        assert_eq!(
            line(Phase::Upright, Some(Hindrance::TooDark)),
            "calibrating 40 %: too dark: switch on a light · sitting 0:00 min · rten"
        );
        assert!(line(Phase::Slouch, None).starts_with("calibrating 40 %: now slouch as you do"));
        // A terminal has 80 columns.
        for hindrance in Hindrance::ALL {
            let told = line(Phase::Slouch, Some(hindrance));
            let what = told.split(" · ").next().unwrap();
            assert!(what.chars().count() < 80, "{what}");
        }
    }

    #[test]
    fn a_line_aside_takes_the_live_lines_place_on_a_terminal_only() {
        let written = |terminal| {
            let mut written = Vec::new();
            write_aside(&mut written, terminal, b"one\n").unwrap();
            String::from_utf8(written).unwrap()
        };
        assert_eq!(written(true), "\r\x1b[2Kone\n");
        assert_eq!(written(false), "one\n");
    }
}
