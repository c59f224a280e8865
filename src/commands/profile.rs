//! `backstay profile`: the uprights that are kept, one for each camera, desk and stance.

use clap::{Args, Subcommand};
use serde_json::json;

use super::setup;
use crate::domain::baseline::Upright;
use crate::runtime::stdio::print;
use crate::session::profile_file::{KeptProfile, ProfileError};

/// What to do with profiles.
#[derive(Clone, Debug, Args)]
pub struct ProfileArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ProfileCommand,
}

/// What can be done with profiles.
#[derive(Clone, Debug, Subcommand)]
pub enum ProfileCommand {
    /// Print the profiles there are
    List {
        /// As JSON, one object a line
        #[arg(long)]
        json: bool,
    },
    /// Give a profile another name
    Rename {
        /// Its name
        name: String,
        /// Its new name
        new: String,
    },
    /// Remove a profile
    Remove {
        /// Its name
        name: String,
    },
}

/// Runs `backstay profile`.
///
/// # Errors
/// When there is no such profile, the new name cannot be one, or the system refuses.
pub fn run(args: &ProfileArgs) -> anyhow::Result<()> {
    let folder = setup::profile_folder()?;
    match &args.command {
        ProfileCommand::List { json } => {
            let names = folder.names()?;
            if names.is_empty() && !json {
                return print("no profiles yet; \"backstay calibrate\" learns one");
            }
            for name in names {
                print(&match (folder.load(&name), json) {
                    (Ok(kept), true) => as_json(&kept),
                    (Ok(kept), false) => as_line(&kept),
                    (Err(error), true) => {
                        json!({"name": name, "error": error.to_string()}).to_string()
                    }
                    (Err(error @ ProfileError::Missing { .. }), false) => return Err(error.into()),
                    (Err(error), false) => format!("{name}: {error}"),
                })?;
            }
            Ok(())
        }
        ProfileCommand::Rename { name, new } => {
            folder.rename(name, new)?;
            print(&format!("profile {name:?} is now {new:?}"))
        }
        ProfileCommand::Remove { name } => {
            folder.remove(name)?;
            print(&format!("removed profile {name:?}"))
        }
    }
}

fn as_line(kept: &KeptProfile) -> String {
    let baseline = &kept.profile.baseline;
    let (width, height) = baseline.frame;
    let room = if kept.room.is_some() {
        "room known"
    } else {
        "room not known again"
    };
    format!(
        "{}: {}, from the {}, camera {:?}, {width}x{height}, {room}, {} observations",
        kept.name,
        kept.profile.stance.name(),
        view(kept),
        kept.camera_name,
        baseline.samples,
    )
}

fn as_json(kept: &KeptProfile) -> String {
    let baseline = &kept.profile.baseline;
    json!({
        "name": kept.name,
        "stance": kept.profile.stance.name(),
        "view": view(kept),
        "camera": kept.camera_name,
        "camera_id": kept.camera,
        "frame": [baseline.frame.0, baseline.frame.1],
        "room": kept.room.is_some(),
        "samples": baseline.samples,
        "slouch_limit": baseline.slouch_limit,
    })
    .to_string()
}

fn view(kept: &KeptProfile) -> &'static str {
    match kept.profile.baseline.upright {
        Upright::Front(_) => "front",
        Upright::Side(_) => "side",
    }
}
