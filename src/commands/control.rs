//! `backstay status`, `pause`, `resume`, `snooze`, `recalibrate`, `stop`, `log`: a word with the run
//! that there is.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use crate::config::folders;
use crate::config::settings::Settings;
use crate::control::client::{Ask, ask, follow};
use crate::control::place::is_taken;
use crate::domain::calibration::Phase;
use crate::domain::hindrance::Hindrance;
use crate::domain::io::{CameraStatus, Doubt, Fault, State};
use crate::domain::pauses::PauseReason;
use crate::runtime::clock::{self, parse_span};
use crate::runtime::status_line::minutes;
use crate::runtime::stdio::print;
use crate::wording::Texts;

/// The snooze of who says nothing.
const SNOOZE: Duration = Duration::from_secs(15 * 60);

/// How often it is looked whether the run has ended, and how many times: 5 s in all.
const ENDING_LOOK: Duration = Duration::from_millis(20);
const ENDING_LOOKS: u32 = 250;

/// `backstay status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// As JSON, one object a line
    #[arg(long)]
    json: bool,
    /// Go on telling until stopped
    #[arg(long)]
    watch: bool,
}

/// `backstay pause`.
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// For how long, as 45m or "1h 30m"; without it until "backstay resume"
    #[arg(value_name = "FOR", value_parser = parse_span)]
    span: Option<Duration>,
}

/// `backstay snooze`.
#[derive(Debug, Args)]
pub struct SnoozeArgs {
    /// For how long, as 30m; without it 15 minutes
    #[arg(value_name = "FOR", value_parser = parse_span)]
    span: Option<Duration>,
}

/// `backstay recalibrate`.
#[derive(Debug, Args)]
pub struct RecalibrateArgs {
    /// Learn your own slouch afterwards
    #[arg(long)]
    limits: bool,
    /// You stand; without it, as the run knows
    #[arg(long)]
    standing: bool,
}

/// `backstay log`.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// How many lines, the latest last
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50)]
    lines: usize,
}

/// Tells how the run is.
///
/// # Errors
/// When nothing runs, or it does not answer.
pub fn status(args: &StatusArgs) -> anyhow::Result<()> {
    let (folder, texts) = (folders::runtime()?, texts());
    let say = |status: &Value| {
        print(&if args.json {
            status.to_string()
        } else {
            line(texts, status)
        })
    };
    if !args.watch {
        return say(&ask(&folder, &Ask::Get("status".to_owned()))?);
    }
    let mut said = Ok(());
    let mut last = String::new();
    follow(&folder, &Ask::Get("events".to_owned()), None, |event| {
        // In words the line says all that events change.
        if args.json || event["event"] == "status" {
            let text = line(texts, &event);
            if args.json || text != last {
                said = say(&event);
                last = text;
            }
        }
        said.is_ok()
    })?;
    said
}

/// Closes the camera for a while, or until told otherwise.
///
/// # Errors
/// When nothing runs, or it refuses.
pub fn pause(args: &PauseArgs) -> anyhow::Result<()> {
    command(
        "pause",
        json!({"seconds": args.span.map(|span| span.as_secs_f64())}),
    )
}

/// Ends a pause or a snooze.
///
/// # Errors
/// When nothing runs, or it refuses.
pub fn resume() -> anyhow::Result<()> {
    command("resume", json!({}))
}

/// Closes the camera for a while, for the sake of quiet.
///
/// # Errors
/// When nothing runs, or it refuses.
pub fn snooze(args: &SnoozeArgs) -> anyhow::Result<()> {
    command(
        "snooze",
        json!({"seconds": args.span.unwrap_or(SNOOZE).as_secs_f64()}),
    )
}

/// Has the run learn the upright anew.
///
/// # Errors
/// When nothing runs, or it refuses.
pub fn recalibrate(args: &RecalibrateArgs) -> anyhow::Result<()> {
    command(
        "recalibrate",
        json!({"limits": args.limits, "standing": args.standing.then_some(true)}),
    )
}

/// Ends the run.
///
/// # Errors
/// When nothing runs, or it refuses.
pub fn stop() -> anyhow::Result<()> {
    let folder = folders::runtime()?;
    ask(&folder, &Ask::Post("stop", json!({})))?;
    // It closes its session and the camera first; the next run can begin when it has gone.
    for _ in 0..ENDING_LOOKS {
        if !is_taken(&folder) {
            return print("stopped");
        }
        clock::sleep(ENDING_LOOK);
    }
    bail!("backstay has not ended yet; if this lasts, end it with \"kill\"")
}

/// Tells what the run has logged last.
///
/// # Errors
/// When nothing runs, or it does not answer.
pub fn log(args: &LogArgs) -> anyhow::Result<()> {
    let name = format!("log?lines={}", args.lines);
    let answer = ask(&folders::runtime()?, &Ask::Get(name))?;
    for line in answer["lines"].as_array().into_iter().flatten() {
        print(line.as_str().unwrap_or_default())?;
    }
    Ok(())
}

/// Asks for something and tells how things stand then.
fn command(name: &'static str, body: Value) -> anyhow::Result<()> {
    let status = ask(&folders::runtime()?, &Ask::Post(name, body))?;
    print(&line(texts(), &status))
}

/// How things stand, in a line.
fn line(texts: Texts, status: &Value) -> String {
    let span = |value: &Value| {
        let seconds = value.as_f64().unwrap_or_default();
        minutes(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    };
    let each = |list: &Value, word: &dyn Fn(&Value) -> String| {
        let words = list.as_array().into_iter().flatten().map(word);
        words.collect::<Vec<_>>().join(", ")
    };
    let pauses = each(&status["pauses"], &|pause| {
        let reason = in_words(
            &pause["reason"],
            &PauseReason::ALL,
            PauseReason::name,
            |it| texts.pause(it),
        );
        match &pause["left_s"] {
            Value::Null => reason,
            left => texts.for_another(&reason, &span(left)),
        }
    });
    let faults = each(&status["faults"], &|fault| {
        in_words(fault, &Fault::ALL, Fault::name, |it| texts.fault(it))
    });
    let calibrating = &status["calibrating"];
    let mut parts = vec![if !pauses.is_empty() {
        texts.paused(&pauses)
    } else if !calibrating.is_null() {
        let part = 100.0 * calibrating["part"].as_f64().unwrap_or_default();
        let hindrance = &calibrating["hindrance"];
        let what = if hindrance.is_null() {
            let phase = &calibrating["phase"];
            in_words(phase, &Phase::ALL, Phase::name, |it| texts.phase(it))
        } else {
            let all = &Hindrance::ALL;
            in_words(hindrance, all, Hindrance::name, |it| texts.hindrance(it))
        };
        texts.calibrating_part(&format!("{part:.0}"), &what)
    } else if !status["reason"].is_null() {
        let doubt = &status["reason"];
        texts.unsure(&in_words(doubt, &Doubt::ALL, Doubt::name, |it| {
            texts.doubt(it)
        }))
    } else {
        let state = &status["state"];
        let state = in_words(state, &State::ALL, State::name, |it| texts.state(it));
        match faults.is_empty() {
            true => state,
            false => format!("{state}: {faults}"),
        }
    }];
    parts.push(texts.sitting(&span(&status["sitting_s"])));
    let camera = &status["camera"];
    if camera["status"] != "ok" {
        let all = &CameraStatus::ALL;
        let words = in_words(&camera["status"], all, CameraStatus::name, |it| {
            texts.camera(it)
        });
        parts.push(texts.camera_is(&words, camera["detail"].as_str().unwrap_or_default()));
    }
    parts.push(texts.alerts(status["alerts"].as_u64().unwrap_or_default()));
    parts.push(status["source"].as_str().unwrap_or_default().to_owned());
    parts.join(" · ")
}

/// The words for a name that the run gives; the name itself where this program does not know it, as
/// when the run is a newer one.
fn in_words<T: Copy>(
    name: &Value,
    all: &[T],
    name_of: fn(T) -> &'static str,
    words: impl Fn(T) -> &'static str,
) -> String {
    let name = name.as_str().unwrap_or_default();
    let known = all.iter().find(|it| name_of(**it) == name);
    known.map_or_else(|| name.replace('_', " "), |it| words(*it).to_owned())
}

/// The texts in the language of who asks. A mistake in the configuration is the run's to tell.
fn texts() -> Texts {
    let settings = Settings::load(None).unwrap_or_default();
    settings.desktop.language().texts()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::ENGLISH;

    fn standing(change: impl Fn(&mut Value)) -> String {
        let mut status = json!({
            "state": "good", "faults": [], "reason": null, "pauses": [], "calibrating": null,
            "camera": {"status": "ok", "detail": ""}, "sitting_s": 760.4, "alerts": 2,
            "source": "sample",
        });
        change(&mut status);
        line(ENGLISH, &status)
    }

    #[test]
    fn how_things_stand_in_a_line() {
        assert_eq!(
            standing(|_| {}),
            "good · sitting 12:40 min · 2 alerts · sample"
        );
        let bad = standing(|status| {
            status["state"] = json!("bad");
            status["faults"] = json!(["slouch", "head_tilt"]);
        });
        assert!(bad.starts_with("bad: slouching, head tilted · "), "{bad}");
        let paused = standing(|status| {
            status["reason"] = json!("paused");
            status["pauses"] = json!([
                {"reason": "user", "left_s": null},
                {"reason": "snoozed", "left_s": 899.5},
            ]);
        });
        assert!(
            paused.starts_with("paused: you asked for it, snoozed for another 14:59 min · "),
            "{paused}"
        );
        let unsure = standing(|status| status["reason"] = json!("too_dark"));
        assert!(unsure.starts_with("unsure: too dark · "), "{unsure}");
        let learning = standing(|status| {
            status["calibrating"] =
                json!({"part": 0.4, "phase": "upright", "hindrance": "too_dark"});
        });
        assert!(
            learning.starts_with("calibrating 40 %: too dark: switch on a light · "),
            "{learning}"
        );
        let lost = standing(|status| {
            status["camera"] = json!({"status": "lost", "detail": "it was unplugged"});
        });
        assert!(
            lost.contains(" · camera lost: it was unplugged · "),
            "{lost}"
        );
    }
}
