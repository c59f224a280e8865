//! macOS: a launch agent in the person's library.

use std::path::PathBuf;

use super::own_file::{self, Found};
use super::{AutostartError, OFF, Places, launchd_text};

fn file(places: &Places) -> PathBuf {
    places.home.join("Library/LaunchAgents/backstay.plist")
}

pub(super) fn enable(places: &Places) -> Result<Vec<String>, AutostartError> {
    let file = file(places);
    own_file::write(&file, &launchd_text::text(&places.program)?)?;
    Ok(vec![format!(
        "starts at the next log-in, by the launch agent \"{}\"",
        file.display()
    )])
}

pub(super) fn disable(places: &Places) -> Result<Vec<String>, AutostartError> {
    let file = file(places);
    Ok(vec![if own_file::remove(&file)? {
        format!("removed \"{}\"", file.display())
    } else {
        "does not start with the session; nothing to remove".to_owned()
    }])
}

pub(super) fn status(places: &Places) -> Result<Vec<String>, AutostartError> {
    let path = file(places);
    let text = match own_file::find(&path)? {
        Found::Nothing => return Ok(vec![OFF.to_owned()]),
        Found::Foreign => return Ok(vec![AutostartError::Foreign(path).to_string()]),
        Found::Ours(text) => text,
    };
    let mut told = vec![format!(
        "starts with the session, by the launch agent \"{}\"",
        path.display()
    )];
    if text != launchd_text::text(&places.program)? {
        told.push(
            "it starts another program or was written by another version; \"backstay autostart \
             enable\" writes it anew"
                .to_owned(),
        );
    }
    Ok(told)
}
