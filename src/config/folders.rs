//! The four folders of the program, and those they are in: XDG on Linux, their equals elsewhere.
//!
//! Nothing here makes a folder; whoever writes the first file does, readable by its owner only.

use std::path::PathBuf;

use directories::{BaseDirs, ProjectDirs};

/// Why there is no folder to name.
#[derive(Debug, thiserror::Error)]
pub enum FoldersError {
    /// Neither the environment nor the user database names a home folder.
    #[error("cannot find your home folder; set HOME to its absolute path")]
    NoHome,
}

/// Settings: `$XDG_CONFIG_HOME/backstay`, by default `~/.config/backstay`.
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn config() -> Result<PathBuf, FoldersError> {
    Ok(project()?.config_dir().to_owned())
}

/// Where all programs keep settings: `$XDG_CONFIG_HOME`, by default `~/.config`.
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn config_home() -> Result<PathBuf, FoldersError> {
    Ok(base()?.config_dir().to_owned())
}

/// The person's home folder.
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn home() -> Result<PathBuf, FoldersError> {
    Ok(base()?.home_dir().to_owned())
}

/// What the program gathers and would be missed: history, engine, models.
/// `$XDG_DATA_HOME/backstay`, by default `~/.local/share/backstay`.
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn data() -> Result<PathBuf, FoldersError> {
    Ok(project()?.data_dir().to_owned())
}

/// What the program notes for its own next run: `$XDG_STATE_HOME/backstay`, by default
/// `~/.local/state/backstay`; the local data folder where the system knows no such thing.
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn state() -> Result<PathBuf, FoldersError> {
    let project = project()?;
    Ok(project
        .state_dir()
        .unwrap_or_else(|| project.data_local_dir())
        .to_owned())
}

/// Sockets and locks of the running program: `$XDG_RUNTIME_DIR/backstay`, or `run` in the state
/// folder where there is none (never the shared temporary folder, where others could be first).
///
/// # Errors
/// [`FoldersError::NoHome`].
pub fn runtime() -> Result<PathBuf, FoldersError> {
    match project()?.runtime_dir() {
        Some(folder) => Ok(folder.to_owned()),
        None => Ok(state()?.join("run")),
    }
}

fn base() -> Result<BaseDirs, FoldersError> {
    BaseDirs::new().ok_or(FoldersError::NoHome)
}

fn project() -> Result<ProjectDirs, FoldersError> {
    ProjectDirs::from("", "", "backstay").ok_or(FoldersError::NoHome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_is_absolute_and_the_programs_own() {
        for folder in [config(), data(), state(), runtime()] {
            let folder = folder.unwrap();
            assert!(folder.is_absolute(), "{}", folder.display());
            assert!(
                folder.iter().any(|part| part == "backstay"),
                "{}",
                folder.display()
            );
        }
    }
}
