//! Windows: a value of the registry's run key, by `reg.exe`.

use std::process::{Command, Stdio};

use super::{AutostartError, OFF, Places};

const KEY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";
const NAME: &str = "backstay";

pub(super) fn enable(places: &Places) -> Result<Vec<String>, AutostartError> {
    let wanted = command(places)?;
    // The key has no room for a mark; what starts a program of another name is not ours.
    if value()?.is_some_and(|there| !is_ours(&there)) {
        return Err(AutostartError::Foreign(format!(r"{KEY}\{NAME}").into()));
    }
    let add = ["add", KEY, "/v", NAME, "/t", "REG_SZ", "/d", &wanted, "/f"];
    let done = reg(&add)?;
    if done.is_none() {
        return Err(AutostartError::Program {
            program: "reg.exe",
            error: "the run key is not to be written".to_owned(),
        });
    }
    Ok(vec![format!(
        r#"starts at the next log-in, by the value "{NAME}" of "{KEY}""#
    )])
}

pub(super) fn disable(_places: &Places) -> Result<Vec<String>, AutostartError> {
    let told = match value()? {
        None => "does not start with the session; nothing to remove".to_owned(),
        Some(there) if !is_ours(&there) => {
            return Err(AutostartError::Foreign(format!(r"{KEY}\{NAME}").into()));
        }
        Some(_) => {
            reg(&["delete", KEY, "/v", NAME, "/f"])?;
            format!(r#"removed the value "{NAME}" of "{KEY}""#)
        }
    };
    Ok(vec![told])
}

pub(super) fn status(places: &Places) -> Result<Vec<String>, AutostartError> {
    let Some(there) = value()? else {
        return Ok(vec![OFF.to_owned()]);
    };
    let mut told = vec![format!(
        r#"starts with the session, by the value "{NAME}" of "{KEY}""#
    )];
    if there != command(places)? {
        told.push(format!(
            "it starts another program, {there}; \"backstay autostart enable\" sets this one"
        ));
    }
    Ok(told)
}

fn command(places: &Places) -> Result<String, AutostartError> {
    match places.program.to_str() {
        Some(path) => Ok(format!("\"{path}\" run")),
        None => Err(AutostartError::Path(places.program.clone())),
    }
}

fn is_ours(command: &str) -> bool {
    command.ends_with("backstay.exe\" run")
}

/// What the value holds, if it is there.
fn value() -> Result<Option<String>, AutostartError> {
    let told = reg(&["query", KEY, "/v", NAME])?;
    Ok(told.and_then(|told| {
        let (_, value) = told.split_once("REG_SZ")?;
        Some(value.trim().to_owned())
    }))
}

/// What `reg.exe` says when it does well.
fn reg(arguments: &[&str]) -> Result<Option<String>, AutostartError> {
    let answer = Command::new("reg.exe")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| AutostartError::Program {
            program: "reg.exe",
            error: error.to_string(),
        })?;
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    Ok(answer.status.success().then_some(said))
}
