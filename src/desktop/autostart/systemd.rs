//! The systemd user unit: its file, and the link that has the graphical session start it.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::own_file::{self, Found, is_absent};
use super::{AutostartError, Places, unit};
use crate::private;

/// The unit's name.
const UNIT: &str = "backstay.service";

/// What a desktop starts when it is there.
const SESSION: &str = "graphical-session.target";

/// The unit of a person.
pub(super) struct UserUnit {
    file: PathBuf,
    link: PathBuf,
}

impl UserUnit {
    pub(super) fn new(places: &Places) -> Self {
        let folder = places.config_home.join("systemd/user");
        Self {
            file: folder.join(UNIT),
            link: folder.join(format!("{SESSION}.wants")).join(UNIT),
        }
    }

    pub(super) fn enable(&self, places: &Places) -> Result<Vec<String>, AutostartError> {
        own_file::write(&self.file, &unit::text(&places.program, places.network)?)?;
        // One from another home would be in systemd's way.
        if self.is_linked()? && !self.leads_here() {
            self.unlink()?;
        }
        let asked = systemctl(&["enable", UNIT]);
        // A manager that was started with another XDG_CONFIG_HOME links elsewhere, if at all.
        let linked = self.is_linked()?;
        if !linked {
            self.link()?;
        }
        let mut told = vec![format!(
            "starts with the session, by the systemd user unit \"{}\"",
            self.file.display()
        )];
        if asked && linked {
            told.push("to start it now: systemctl --user start backstay".to_owned());
        } else {
            told.push("systemd could not be asked and was told by a link; log in anew".to_owned());
        }
        told.extend(without_session(places));
        Ok(told)
    }

    pub(super) fn disable(&self) -> Result<Vec<String>, AutostartError> {
        let found = own_file::find(&self.file)?;
        if found == Found::Foreign {
            return Err(AutostartError::Foreign(self.file.clone()));
        }
        if found == Found::Nothing && !self.is_linked()? {
            return Ok(Vec::new());
        }
        // The manager may know links of its own to the unit, such as the person has made.
        systemctl(&["disable", UNIT]);
        let mut told = Vec::new();
        self.unlink()?;
        if own_file::remove(&self.file)? {
            told.push(format!("removed \"{}\"", self.file.display()));
        } else {
            told.push(format!("removed \"{}\"", self.link.display()));
        }
        systemctl(&["daemon-reload"]);
        if systemctl(&["is-active", UNIT]) {
            told.push("it still runs; to end it: systemctl --user stop backstay".to_owned());
        }
        Ok(told)
    }

    /// What there is to tell; nothing where there is no unit.
    pub(super) fn status(&self, places: &Places) -> Result<Vec<String>, AutostartError> {
        let linked = self.is_linked()?;
        let text = match own_file::find(&self.file)? {
            Found::Ours(text) => text,
            Found::Foreign => {
                return Ok(vec![AutostartError::Foreign(self.file.clone()).to_string()]);
            }
            Found::Nothing if linked => {
                return Ok(vec![format!(
                    "the link \"{}\" leads nowhere; \"backstay autostart disable\" removes it",
                    self.link.display()
                )]);
            }
            Found::Nothing => return Ok(Vec::new()),
        };
        let file = self.file.display();
        let mut told = vec![if linked && self.leads_here() {
            format!("starts with the session, by the systemd user unit \"{file}\"")
        } else {
            format!(
                "does not start with the session: the systemd user unit \"{file}\" is not enabled; \
                 \"backstay autostart enable\" does it"
            )
        }];
        let wanted = unit::text(&places.program, places.network)?;
        told.extend(super::session::difference(
            &text,
            &wanted,
            unit::exec_of,
            &places.program,
        ));
        if runs_here(places) {
            told.extend(without_session(places));
        } else {
            told.push("no systemd user manager runs here, so the unit is not heeded".to_owned());
        }
        Ok(told)
    }

    fn is_linked(&self) -> Result<bool, AutostartError> {
        match fs::symlink_metadata(&self.link) {
            Ok(found) if found.is_symlink() => Ok(true),
            Ok(_) => Err(AutostartError::Foreign(self.link.clone())),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(self.cannot("read", error)),
        }
    }

    /// Whether the link leads to the unit, by whatever way.
    fn leads_here(&self) -> bool {
        let ends = [&self.link, &self.file].map(fs::canonicalize);
        matches!(ends, [Ok(link), Ok(file)] if link == file)
    }

    fn link(&self) -> Result<(), AutostartError> {
        let folder = self.link.parent().unwrap_or(Path::new("/"));
        private::make_folder(folder)
            .and_then(|()| symlink(&self.file, &self.link))
            .map_err(|error| self.cannot("make link", error))
    }

    fn unlink(&self) -> Result<(), AutostartError> {
        if !self.is_linked()? {
            return Ok(());
        }
        fs::remove_file(&self.link).map_err(|error| self.cannot("remove", error))
    }

    fn cannot(&self, verb: &'static str, error: io::Error) -> AutostartError {
        AutostartError::File {
            verb,
            path: self.link.clone(),
            error,
        }
    }
}

/// Whether systemd manages the sessions of this person: its folder is there, or it answers.
pub(super) fn runs_here(places: &Places) -> bool {
    let folder = places.runtime.as_ref().map(|run| run.join("systemd"));
    folder.is_some_and(|folder| folder.is_dir()) || systemctl(&["show-environment"])
}

/// What to say on a screen whose desktop does not tell systemd that it is there.
fn without_session(places: &Places) -> Option<String> {
    let missing =
        places.screen && systemctl(&["show-environment"]) && !systemctl(&["is-active", SESSION]);
    missing.then(|| {
        format!(
            "this desktop does not start \"{SESSION}\", which the unit waits for; have it start \
             that, or run: systemctl --user add-wants default.target backstay"
        )
    })
}

/// Asks the user manager; whether it could be asked and did it.
fn systemctl(arguments: &[&str]) -> bool {
    let asked = Command::new("systemctl")
        .args(["--user", "--quiet", "--no-ask-password"])
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    match asked {
        Ok(answer) => {
            let said = String::from_utf8_lossy(&answer.stderr);
            tracing::debug!(
                "systemctl {arguments:?}: {}: {}",
                answer.status,
                said.trim()
            );
            answer.status.success()
        }
        Err(error) => {
            tracing::debug!("systemctl {arguments:?}: {error}");
            false
        }
    }
}
