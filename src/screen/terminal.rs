//! The real terminal: taken for the break, and given back whatever happens.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Key, View, draw};

/// The fewest columns and rows that hold the screen.
pub const MIN_SIZE: (u16, u16) = (60, 16);

/// How long the keyboard is listened to before it is looked whether the break is over.
const LISTEN: Duration = Duration::from_millis(100);

/// Why there is no screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Keyboard or output is no terminal.
    NoTerminal,
    /// It is smaller than [`MIN_SIZE`].
    TooSmall,
}

/// A terminal that shows a break. Dropping it, and a panic, give it back as it was.
pub struct Terminal {
    inner: DefaultTerminal,
    stop: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Why the program's terminal cannot show a break, if so.
    #[must_use]
    pub fn objection() -> Option<Why> {
        if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
            return Some(Why::NoTerminal);
        }
        match ratatui::crossterm::terminal::size() {
            Ok((columns, rows)) if columns < MIN_SIZE.0 || rows < MIN_SIZE.1 => Some(Why::TooSmall),
            Ok(_) => None,
            Err(_) => Some(Why::NoTerminal),
        }
    }

    /// Takes the terminal, and gives it with the keys that are pressed.
    ///
    /// # Errors
    /// When the terminal refuses, or no thread can be started.
    pub fn open() -> anyhow::Result<(Self, Receiver<Key>)> {
        // From here on a panic gives the terminal back before it is told.
        let inner = ratatui::try_init().context("cannot use the terminal")?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut terminal = Self {
            inner,
            stop: Arc::clone(&stop),
            listener: None,
        };
        let (keys_in, keys) = channel(8);
        let thread = thread::Builder::new().name("keys".into());
        let listener = thread.spawn(move || listen(&stop, &keys_in));
        terminal.listener = Some(listener.context("cannot listen to the keyboard")?);
        Ok((terminal, keys))
    }

    /// Draws `view`.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, view: &View<'_>) -> anyhow::Result<()> {
        self.inner
            .draw(|frame| draw(frame, view))
            .context("cannot write to the terminal")?;
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        ratatui::restore();
    }
}

fn listen(stop: &AtomicBool, keys: &Sender<Key>) {
    while !stop.load(Ordering::Relaxed) {
        match event::poll(LISTEN) {
            Ok(false) => continue,
            Ok(true) => {}
            // The terminal has gone.
            Err(_) => return,
        }
        let Ok(event) = event::read() else {
            return;
        };
        if let Some(key) = key(&event)
            && keys.blocking_send(key).is_err()
        {
            return;
        }
    }
}

/// What a key means; `None` for those that mean nothing here.
fn key(event: &Event) -> Option<Key> {
    let Event::Key(key) = event else {
        return None;
    };
    // Raw mode gives Ctrl-C as a key.
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        _ if key.kind != KeyEventKind::Press => None,
        KeyCode::Char('c') if control => Some(Key::End),
        _ if control => None,
        KeyCode::Char('q' | 'Q') | KeyCode::Esc => Some(Key::End),
        KeyCode::Char('s' | 'S') => Some(Key::Skip),
        KeyCode::Char(' ') => Some(Key::Pause),
        _ => None,
    }
}
