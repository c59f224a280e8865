//! What a front end asks for on stdin: a word or a JSON object a line.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::thread;

use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::domain::exercise::event::CoachCommand;

/// The longest line that is read, in bytes; the longest that means something has 20.
const LONGEST_LINE: u64 = 1024;

/// How much of a line that means nothing is told again, in characters.
const TOLD: usize = 60;

/// What a front end asks for, or what is wrong with what it says.
pub type Asked = Result<CoachCommand, String>;

/// What comes on stdin; `None` where that is a terminal: who reads there in the background is stopped.
///
/// # Errors
/// When no thread can be started.
pub fn on_stdin() -> io::Result<Option<Receiver<Asked>>> {
    if io::stdin().is_terminal() {
        return Ok(None);
    }
    let (to, asked) = channel(8);
    // It may wait for a line for ever: it is left behind when the program ends.
    thread::Builder::new()
        .name("asked".into())
        .spawn(move || read(io::stdin(), &to))?;
    Ok(Some(asked))
}

/// Reads to the end of `from`, or until nobody asks any more.
fn read(from: impl Read, to: &Sender<Asked>) {
    let mut from = BufReader::new(from);
    loop {
        let mut line = Vec::new();
        let length = from
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        match length {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if !line.ends_with(b"\n") && from.skip_until(b'\n').is_err() {
            return;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if !line.is_empty() && to.blocking_send(command(line)).is_err() {
            return;
        }
    }
}

/// What a line asks for.
fn command(line: &str) -> Asked {
    let object: Option<Value> = serde_json::from_str(line).ok();
    let word = object.as_ref().and_then(|it| it["command"].as_str());
    match word.unwrap_or(line) {
        "pause" => Ok(CoachCommand::Pause),
        "resume" => Ok(CoachCommand::Resume),
        "skip" => Ok(CoachCommand::Skip),
        "end" => Ok(CoachCommand::End),
        _ => {
            let line: String = line.chars().take(TOLD).collect();
            Err(format!(
                "{line:?} is not understood; send pause, resume, skip or end"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &[u8]) -> Vec<Asked> {
        let (to, mut asked) = channel(8);
        read(text, &to);
        std::iter::from_fn(|| asked.try_recv().ok()).collect()
    }

    #[test]
    fn words_and_objects_are_understood() {
        let all = asked(b"pause\n  resume\r\n\n{\"command\": \"skip\", \"id\": 7}\nend");
        let commands = [
            CoachCommand::Pause,
            CoachCommand::Resume,
            CoachCommand::Skip,
            CoachCommand::End,
        ];
        assert_eq!(all, commands.map(Ok));
    }

    #[test]
    fn what_means_nothing_is_told_and_the_next_line_counts() {
        let long = "x".repeat(3 * LONGEST_LINE as usize);
        let text = format!("jump\n{{\"command\":1}}\n[\"pause\"]\n{long}\nskip\n");
        let mut all = asked(&[b"\xff\n", text.as_bytes()].concat());
        assert_eq!(all.pop(), Some(Ok(CoachCommand::Skip)));
        let told: Vec<_> = all.into_iter().map(Result::unwrap_err).collect();
        assert_eq!(told.len(), 5);
        assert_eq!(
            told[1],
            "\"jump\" is not understood; send pause, resume, skip or end"
        );
        assert!(told.iter().all(|it| it.len() < 200), "{told:?}");
    }
}
