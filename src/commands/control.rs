//! `backstay status`, `pause`, `resume`, `snooze`, `recalibrate`, `stop`, `log`: a word with the run
//! that there is.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use crate::config::folders;
use crate::control::client::{Ask, ask, follow};
use crate::control::place::is_taken;
use crate::runtime::clock::{self, parse_span};
use crate::runtime::status_line::minutes;
use crate::runtime::stdio::print;

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
    let folder = folders::runtime()?;
    let say = |status: &Value| {
        print(&if args.json {
            status.to_string()
        } else {
            line(status)
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
            let text = line(&event);
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
    print(&line(&status))
}

/// How things stand, in a line.
fn line(status: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().replace('_', " ");
    let list = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(text).collect()
    };
    let span = |value: &Value| {
        let seconds = value.as_f64().unwrap_or_default();
        minutes(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    };
    let pauses: Vec<String> = status["pauses"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|pause| match &pause["left_s"] {
            Value::Null => text(&pause["reason"]),
            left => format!("{} for {}", text(&pause["reason"]), span(left)),
        })
        .collect();
    let calibrating = &status["calibrating"];
    let mut parts = vec![if !pauses.is_empty() {
        format!("paused: {}", pauses.join(", "))
    } else if !calibrating.is_null() {
        let part = 100.0 * calibrating["part"].as_f64().unwrap_or_default();
        let way = match text(&calibrating["hindrance"]) {
            hindrance if hindrance.is_empty() => String::new(),
            hindrance => format!(" ({hindrance})"),
        };
        format!("calibrating {part:.0} %{way}")
    } else {
        match (text(&status["reason"]), list(&status["faults"])) {
            (reason, _) if !reason.is_empty() => format!("unsure: {reason}"),
            (_, faults) if !faults.is_empty() => {
                format!("{}: {}", text(&status["state"]), faults.join(", "))
            }
            _ => text(&status["state"]),
        }
    }];
    parts.push(format!("sitting {}", span(&status["sitting_s"])));
    if status["camera"]["status"] != "ok" {
        parts.push(format!(
            "camera {}: {}",
            text(&status["camera"]["status"]),
            status["camera"]["detail"].as_str().unwrap_or_default()
        ));
    }
    parts.push(format!("{} alerts", status["alerts"]));
    parts.push(status["source"].as_str().unwrap_or_default().to_owned());
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(change: impl Fn(&mut Value)) -> String {
        let mut status = json!({
            "state": "good", "faults": [], "reason": null, "pauses": [], "calibrating": null,
            "camera": {"status": "ok", "detail": ""}, "sitting_s": 760.4, "alerts": 2,
            "source": "sample",
        });
        change(&mut status);
        line(&status)
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
        assert!(bad.starts_with("bad: slouch, head tilt · "), "{bad}");
        let paused = standing(|status| {
            status["reason"] = json!("paused");
            status["pauses"] = json!([
                {"reason": "user", "left_s": null},
                {"reason": "snoozed", "left_s": 899.5},
            ]);
        });
        assert!(
            paused.starts_with("paused: user, snoozed for 14:59 min · "),
            "{paused}"
        );
        let unsure = standing(|status| status["reason"] = json!("too_dark"));
        assert!(unsure.starts_with("unsure: too dark · "), "{unsure}");
        let learning = standing(|status| {
            status["calibrating"] = json!({"part": 0.4, "hindrance": "two_people"});
        });
        assert!(
            learning.starts_with("calibrating 40 % (two people) · "),
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
