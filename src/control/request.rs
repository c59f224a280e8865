//! What can be asked of a run.

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::oneshot;

use crate::domain::breaks::{BreakKind, TakenBreak};
use crate::domain::calibration::SPAN;
use crate::domain::io::Command;
use crate::domain::profile::Stance;

/// The longest pause or snooze: beyond a week, whoever asks means something else.
pub const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is asked of a run from outside.
#[derive(Debug)]
pub struct Request {
    /// What.
    pub what: Wish,
    /// Is told when it has been seen to.
    pub done: oneshot::Sender<()>,
}

/// What can be asked of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To look how things stand.
    Look,
    /// Something for the monitor.
    Command(Command),
    /// To know of a break that the person was led through.
    Break(TakenBreak),
    /// To end.
    Stop,
}

impl Wish {
    /// What is asked before the answer: whether there is a run that hears, where the wish itself
    /// would leave none to answer.
    #[must_use]
    pub fn first(self) -> Self {
        match self {
            Self::Stop => Self::Look,
            wish => wish,
        }
    }

    /// The wish that the path's last part and the request's body stand for; `None` when there is no
    /// such path.
    ///
    /// # Errors
    /// What is wrong with the body, in words.
    pub fn parse(name: &str, body: &[u8]) -> Option<Result<Self, String>> {
        Some(match name {
            "pause" => read(body).and_then(|Pause { seconds }| {
                let span = seconds.map(span).transpose()?;
                Ok(Self::Command(Command::Pause(span)))
            }),
            "resume" => read(body).map(|Nothing {}| Self::Command(Command::Resume)),
            "snooze" => read(body)
                .and_then(|Snooze { seconds }| Ok(Self::Command(Command::Snooze(span(seconds)?)))),
            "recalibrate" => read(body).map(|Recalibrate { limits, standing }| {
                let stance = standing.map(|standing| {
                    if standing {
                        Stance::Standing
                    } else {
                        Stance::Sitting
                    }
                });
                Self::Command(Command::CalibrateGuided {
                    span: SPAN,
                    limits,
                    stance,
                })
            }),
            "answer" => read(body).map(|Answer { yes }| Self::Command(Command::Answer(yes))),
            "wrong" => read(body).map(|Nothing {}| Self::Command(Command::Wrong)),
            "break" => read(body).and_then(|taken: Taken| taken.read().map(Self::Break)),
            "stop" => read(body).map(|Nothing {}| Self::Stop),
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pause {
    #[serde(default)]
    seconds: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Snooze {
    seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Recalibrate {
    limits: bool,
    standing: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    yes: bool,
}

/// A break that is over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Taken {
    kind: String,
    lasted: f64,
    walked: f64,
    planned: u32,
    done: u32,
    verified: u32,
}

impl Taken {
    fn read(&self) -> Result<TakenBreak, String> {
        let guided = BreakKind::ALL
            .into_iter()
            .filter(|kind| *kind != BreakKind::Away);
        let kind = guided.clone().find(|kind| kind.name() == self.kind);
        let kind = kind.ok_or_else(|| {
            let names: Vec<_> = guided.map(BreakKind::name).collect();
            format!(
                "\"kind\" is {:?}; it must be one of {}",
                self.kind,
                names.join(", ")
            )
        })?;
        if self.planned < self.done || self.done < self.verified {
            return Err("\"verified\", \"done\" and \"planned\" must not go down".to_owned());
        }
        let length = |name: &str, seconds: f64| match Duration::try_from_secs_f64(seconds) {
            Ok(span) if span <= LONGEST => Ok(span),
            _ => Err(format!(
                "{name:?} is {seconds}; it must be from 0 to {} (a week)",
                LONGEST.as_secs()
            )),
        };
        Ok(TakenBreak {
            kind,
            lasted: length("lasted", self.lasted)?,
            planned: self.planned,
            done: self.done,
            verified: self.verified,
            walked: length("walked", self.walked)?,
        })
    }
}

/// The fields that `body` gives; without one, it is an object without fields.
fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    let body = if body.trim_ascii().is_empty() {
        b"{}"
    } else {
        body
    };
    serde_json::from_slice(body).map_err(|e| format!("the body is not understood: {e}"))
}

fn span(seconds: f64) -> Result<Duration, String> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(span) if Duration::from_secs(1) <= span && span <= LONGEST => Ok(span),
        _ => Err(format!(
            "\"seconds\" is {seconds}; it must be from 1 to {} (a week)",
            LONGEST.as_secs()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, body: &str) -> Result<Wish, String> {
        Wish::parse(name, body.as_bytes()).unwrap()
    }

    #[test]
    fn wishes_are_understood() {
        let command = |command| Ok(Wish::Command(command));
        let quarter = Duration::from_secs(900);
        assert_eq!(parse("pause", ""), command(Command::Pause(None)));
        assert_eq!(
            parse("pause", r#"{"seconds": 900}"#),
            command(Command::Pause(Some(quarter)))
        );
        assert_eq!(parse("resume", " {} "), command(Command::Resume));
        assert_eq!(
            parse("snooze", r#"{"seconds": 900.0}"#),
            command(Command::Snooze(quarter))
        );
        assert_eq!(
            parse("answer", r#"{"yes": false}"#),
            command(Command::Answer(false))
        );
        assert_eq!(
            parse("recalibrate", r#"{"standing": true}"#),
            command(Command::CalibrateGuided {
                span: SPAN,
                limits: false,
                stance: Some(Stance::Standing)
            })
        );
        assert_eq!(parse("stop", ""), Ok(Wish::Stop));
        let walked =
            r#"{"kind":"walked","lasted":150.5,"walked":125,"planned":2,"done":2,"verified":1}"#;
        let taken = TakenBreak {
            kind: BreakKind::Walked,
            lasted: Duration::from_millis(150_500),
            planned: 2,
            done: 2,
            verified: 1,
            walked: Duration::from_secs(125),
        };
        assert_eq!(parse("break", walked), Ok(Wish::Break(taken)));
        assert_eq!(Wish::parse("dance", b""), None);
    }

    #[test]
    fn a_break_that_cannot_be_is_told() {
        let with = |key: &str, value: &str| {
            let mut body = serde_json::json!({
                "kind": "timed", "lasted": 60.0, "walked": 0.0, "planned": 3, "done": 2, "verified": 0,
            });
            body[key] = serde_json::from_str(value).unwrap();
            parse("break", &body.to_string())
        };
        assert!(with("verified", "2").is_ok());
        for (key, value, part) in [
            ("kind", "\"away\"", "one of walked, stretched, timed"),
            ("verified", "3", "must not go down"),
            ("planned", "1", "must not go down"),
            ("lasted", "-1", "from 0 to 604800"),
            ("walked", "1e300", "from 0 to 604800"),
        ] {
            let error = with(key, value).unwrap_err();
            assert!(error.contains(part), "{key} {value}: {error}");
        }
    }

    #[test]
    fn a_wrong_body_is_told() {
        for (name, body, part) in [
            ("snooze", "", "missing field `seconds`"),
            ("snooze", r#"{"seconds": 0}"#, "from 1 to 604800"),
            ("pause", r#"{"seconds": -5}"#, "from 1 to 604800"),
            ("pause", r#"{"seconds": 1e300}"#, "from 1 to 604800"),
            ("pause", r#"{"minutes": 5}"#, "unknown field `minutes`"),
            ("resume", "5", "not understood"),
            ("stop", "{", "not understood"),
            ("break", "{}", "missing field `kind`"),
            ("answer", "\u{0}", "not understood"),
        ] {
            let error = parse(name, body).unwrap_err();
            assert!(error.contains(part), "{name} {body}: {error}");
        }
    }
}
