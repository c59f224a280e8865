//! `backstay camera`: which cameras there are.

use anyhow::Context;
use serde_json::json;

use super::setup;
use crate::cli::CommonArgs;
use crate::runtime::stdio::print;
use crate::vision::source::camera::{self, CameraError, Listed, holders::Holders};

/// The options of camera.
#[derive(Debug, clap::Args)]
pub struct CameraArgs {
    /// What to do.
    #[command(subcommand)]
    command: CameraCommand,
}

/// What can be done with cameras.
#[derive(Debug, clap::Subcommand)]
enum CameraCommand {
    /// Say which cameras there are, what they offer, and who holds them; none is disturbed
    List {
        /// Print JSON, one object a camera and line
        #[arg(long)]
        json: bool,
        /// The options every subcommand takes.
        #[command(flatten)]
        common: CommonArgs,
    },
}

/// Runs `backstay camera`.
///
/// # Errors
/// When there is no camera, or the cameras cannot be listed.
pub fn run(args: &CameraArgs) -> anyhow::Result<()> {
    let CameraCommand::List { json, common } = &args.command;
    setup::start_log(common.verbose);
    let program = std::env::current_exe().context("cannot find the program's own file")?;
    let cameras = camera::list(&program)?;
    if cameras.is_empty() {
        return Err(CameraError::NoCamera(camera::none_found().to_owned()).into());
    }
    for camera in &cameras {
        let holders = camera::holders(&camera.info);
        print(&if *json {
            as_json(camera, &holders)
        } else {
            as_text(camera, &holders)
        })?;
    }
    Ok(())
}

fn as_text(camera: &Listed, holders: &Holders) -> String {
    let mut text = format!("{}\n  id: {}", camera.info, camera.info.id);
    for offer in &camera.offers {
        text += &format!("\n  {}: {}", offer.format, offer.sizes.join(", "));
    }
    for holder in holders.all() {
        text += &format!("\n  held by {holder}");
    }
    text
}

fn as_json(camera: &Listed, holders: &Holders) -> String {
    let formats: Vec<_> = camera
        .offers
        .iter()
        .map(|offer| json!({"format": offer.format, "sizes": offer.sizes}))
        .collect();
    let holders: Vec<_> = holders
        .all()
        .map(|holder| json!({"pid": holder.pid, "name": holder.name}))
        .collect();
    json!({
        "number": camera.info.index,
        "name": camera.info.name,
        "id": camera.info.id,
        "node": camera.info.node(),
        "formats": formats,
        "holders": holders,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::source::camera::holders::Holder;
    use crate::vision::source::camera::{CameraInfo, Offer};

    fn listed() -> (Listed, Holders) {
        let info = CameraInfo {
            index: 2,
            name: "Cam \"X\"".to_owned(),
            id: "usb-046d:0825".to_owned(),
        };
        let offers = vec![Offer {
            format: "MJPG".to_owned(),
            sizes: vec!["640x480".to_owned(), "1280x720".to_owned()],
        }];
        let holder = |pid, name: &str| Holder {
            pid,
            name: name.to_owned(),
        };
        let holders = Holders {
            users: vec![holder(7, "zoom")],
            servers: vec![holder(5, "pipewire")],
        };
        (Listed { info, offers }, holders)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_camera_is_told_with_all_that_is_known_of_it() {
        let (camera, holders) = listed();
        insta::assert_snapshot!(as_text(&camera, &holders), @r#"
        camera "Cam "X"" (/dev/video2)
          id: usb-046d:0825
          MJPG: 640x480, 1280x720
          held by 7 zoom
          held by 5 pipewire
        "#);
        insta::assert_snapshot!(as_json(&camera, &holders), @r#"{"number":2,"name":"Cam \"X\"","id":"usb-046d:0825","node":"/dev/video2","formats":[{"format":"MJPG","sizes":["640x480","1280x720"]}],"holders":[{"pid":7,"name":"zoom"},{"pid":5,"name":"pipewire"}]}"#);
    }
}
