//! `backstay feedback`: what the person said of alerts, and taking it back.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use super::setup;
use crate::config::folders;
use crate::control::client::{Ask, ask};
use crate::domain::settings::easing;
use crate::runtime::stdio::print;

/// What to do with feedback.
#[derive(Clone, Debug, Args)]
pub struct FeedbackArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FeedbackCommand,
}

/// What can be done with feedback.
#[derive(Clone, Debug, Subcommand)]
pub enum FeedbackCommand {
    /// Say that the alert on show is wrong: that fault's limit is raised a little
    Wrong,
    /// Print what was said, the oldest first
    List {
        /// As JSON, one object a line
        #[arg(long)]
        json: bool,
    },
    /// Take back what was said last, or this
    Undo {
        /// Its name
        name: Option<String>,
    },
}

/// Runs `backstay feedback`.
///
/// # Errors
/// When there is no such feedback, nothing runs, or the system refuses.
pub fn run(args: &FeedbackArgs) -> anyhow::Result<()> {
    let folder = setup::feedback_folder()?;
    match &args.command {
        FeedbackCommand::Wrong => {
            let before = folder.list()?;
            ask(&folders::runtime()?, &Ask::Post("wrong", json!({})))?;
            if folder.list()? == before {
                bail!("no alert about your posture is on show, so none can be wrong");
            }
            print("noted; \"backstay feedback undo\" takes it back")
        }
        FeedbackCommand::List { json } => {
            let all = folder.list()?;
            if all.is_empty() && !json {
                return print("no feedback; it comes from the button \"That was wrong\"");
            }
            for (n, feedback) in all.iter().enumerate() {
                let so_far = all.iter().take(n + 1);
                let times = so_far.filter(|other| other.fault == feedback.fault).count();
                let percent = 100.0 * (easing(u8::try_from(times).unwrap_or(u8::MAX)) - 1.0);
                print(&if *json {
                    json!({
                        "name": feedback.name,
                        "fault": feedback.fault.name(),
                        "limit_raised_percent": percent.round(),
                    })
                    .to_string()
                } else {
                    format!(
                        "{}: an alert was wrong; the limit of \"{}\" is {percent:.0} % higher with it",
                        feedback.name,
                        feedback.fault.name().replace('_', " ")
                    )
                })?;
            }
            Ok(())
        }
        FeedbackCommand::Undo { name } => {
            let last = folder.list()?.pop().map(|last| last.name);
            let Some(name) = name.clone().or(last) else {
                return print("there is no feedback to take back");
            };
            folder.undo(&name)?;
            print(&format!("took back {name:?}"))
        }
    }
}
