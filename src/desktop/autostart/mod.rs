//! Starting with the person's session.
//!
//! Under Linux a systemd user unit where systemd manages the session, else a file in the desktop's
//! autostart folder; under macOS a launch agent; under Windows a value of the registry's run key.
//! What bears our mark is ours to change and remove; nothing else is touched.

#[cfg(all(unix, not(target_os = "macos")))]
mod entry;
#[cfg(target_os = "macos")]
mod launchd;
#[cfg(any(target_os = "macos", test))]
mod launchd_text;
#[cfg(unix)]
mod own_file;
#[cfg(windows)]
mod run_key;
#[cfg(all(unix, not(target_os = "macos")))]
mod session;
#[cfg(all(unix, not(target_os = "macos")))]
mod systemd;
#[cfg(all(unix, not(target_os = "macos")))]
mod unit;

#[cfg(target_os = "macos")]
use launchd as here;
#[cfg(windows)]
use run_key as here;
#[cfg(all(unix, not(target_os = "macos")))]
use session as here;

use std::io;
use std::path::PathBuf;

/// What this depends on.
#[derive(Clone, Debug)]
pub struct Places {
    /// The program that is to be started, by its absolute path.
    pub program: PathBuf,
    /// The person's home.
    pub home: PathBuf,
    /// Where programs keep their settings: `$XDG_CONFIG_HOME`.
    pub config_home: PathBuf,
    /// Where sockets of the session are: `$XDG_RUNTIME_DIR`, if there is one.
    pub runtime: Option<PathBuf>,
    /// Whether this is a session with a screen.
    pub screen: bool,
    /// Whether the configuration has the program use the network.
    pub network: bool,
}

/// Why the start with the session cannot be changed or looked at.
#[derive(Debug, thiserror::Error)]
pub enum AutostartError {
    /// Somebody else's file has the name.
    #[error("\"{}\" was not written by backstay; move it away and try again", .0.display())]
    Foreign(PathBuf),
    /// The system refuses a file.
    #[error("cannot {verb} \"{}\": {error}; make its folder yours to read and write", path.display())]
    File {
        /// What was tried.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The program's own path cannot be written into a file of settings.
    #[error("{0:?}, the program's path, is not plain text; move the program to another folder")]
    Path(PathBuf),
    /// A program of the system that is needed fails.
    #[error("cannot run \"{program}\": {error}; see that it is installed and allowed")]
    Program {
        /// The program.
        program: &'static str,
        /// What it or the system says.
        error: String,
    },
}

/// Has the session start the program, and gives what to tell the person, by lines.
///
/// # Errors
/// [`AutostartError`].
pub fn enable(places: &Places) -> Result<Vec<String>, AutostartError> {
    here::enable(places)
}

/// Takes back all that [`enable`] may have done, and gives what to tell, by lines.
///
/// # Errors
/// [`AutostartError`]; what could be removed has been.
pub fn disable(places: &Places) -> Result<Vec<String>, AutostartError> {
    here::disable(places)
}

/// Whether and how the session starts the program, by lines.
///
/// # Errors
/// [`AutostartError`].
pub fn status(places: &Places) -> Result<Vec<String>, AutostartError> {
    here::status(places)
}

/// What to say where nothing starts the program.
const OFF: &str = "does not start with the session; \"backstay autostart enable\" makes it";
