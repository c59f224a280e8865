//! Linux and its kin: systemd where it manages the session, else the autostart folder.

use std::path::{Path, PathBuf};

use super::own_file::{self, Found};
use super::systemd::{self, UserUnit};
use super::{AutostartError, OFF, Places, entry};

/// Leaves one way only: two would start the program twice.
pub(super) fn enable(places: &Places) -> Result<Vec<String>, AutostartError> {
    let unit = UserUnit::new(places);
    if systemd::runs_here(places) {
        let mut told = unit.enable(places)?;
        told.extend(other_way(disable_entry(places))?);
        return Ok(told);
    }
    let file = entry_file(places);
    own_file::write(&file, &entry::text(&places.program)?)?;
    let mut told = vec![format!(
        "starts with the session, by the autostart file \"{}\"",
        file.display()
    )];
    told.extend(other_way(unit.disable())?);
    Ok(told)
}

/// What came of taking back the other way; somebody else's file there is none of ours.
fn other_way(removed: Result<Vec<String>, AutostartError>) -> Result<Vec<String>, AutostartError> {
    match removed {
        Err(foreign @ AutostartError::Foreign(_)) => Ok(vec![foreign.to_string()]),
        done => done,
    }
}

pub(super) fn disable(places: &Places) -> Result<Vec<String>, AutostartError> {
    // Each is tried, whatever becomes of the other.
    let (unit, entry) = (UserUnit::new(places).disable(), disable_entry(places));
    let mut told = unit?;
    told.extend(entry?);
    if told.is_empty() {
        told.push("does not start with the session; nothing to remove".to_owned());
    }
    Ok(told)
}

pub(super) fn status(places: &Places) -> Result<Vec<String>, AutostartError> {
    let mut told = UserUnit::new(places).status(places)?;
    told.extend(entry_status(places)?);
    if told.is_empty() {
        told.push(OFF.to_owned());
    }
    Ok(told)
}

fn entry_file(places: &Places) -> PathBuf {
    places.config_home.join("autostart/backstay.desktop")
}

fn disable_entry(places: &Places) -> Result<Vec<String>, AutostartError> {
    let file = entry_file(places);
    let removed = own_file::remove(&file)?;
    let told = removed.then(|| format!("removed \"{}\"", file.display()));
    Ok(told.into_iter().collect())
}

fn entry_status(places: &Places) -> Result<Vec<String>, AutostartError> {
    let path = entry_file(places);
    let text = match own_file::find(&path)? {
        Found::Nothing => return Ok(Vec::new()),
        Found::Foreign => return Ok(vec![AutostartError::Foreign(path).to_string()]),
        Found::Ours(text) => text,
    };
    let file = path.display();
    if entry::is_off(&text) {
        return Ok(vec![format!(
            "does not start with the session: the autostart file \"{file}\" is switched off in the \
             desktop's settings; \"backstay autostart enable\" writes it anew"
        )]);
    }
    let mut told = vec![format!(
        "starts with the session, by the autostart file \"{file}\""
    )];
    let wanted = entry::text(&places.program)?;
    told.extend(difference(&text, &wanted, entry::exec_of, &places.program));
    Ok(told)
}

/// What is to be said when a file of ours is not what would be written for `program` today.
pub(super) fn difference(
    there: &str,
    wanted: &str,
    exec_of: impl Fn(&str) -> Option<&str>,
    program: &Path,
) -> Option<String> {
    let started = exec_of(there);
    if started != exec_of(wanted) {
        return Some(format!(
            "it starts another program, {}, than this one, \"{}\"; \"backstay autostart enable\" \
             sets this one",
            started.unwrap_or("none"),
            program.display()
        ));
    }
    (there != wanted).then(|| {
        "it was written by another version or for another configuration; \"backstay autostart \
         enable\" writes it anew"
            .to_owned()
    })
}
