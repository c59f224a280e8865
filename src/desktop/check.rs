//! Whether notifications can be shown, for `backstay doctor`.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a daemon may take to say its name. One that the bus must start first takes about a
/// second.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why no notification daemon can be asked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The session bus or the daemon refuses.
    #[error("cannot reach a notification daemon: {0}")]
    Unreachable(String),
    /// Nothing answers.
    #[error("the notification daemon does not answer within {} s", PATIENCE.as_secs())]
    Silent,
}

/// The notification daemon's name and version. Blocks for three seconds at most.
///
/// # Errors
/// When there is no session bus, no daemon, or no answer.
pub fn check() -> Result<String, CheckError> {
    let (say, heard) = mpsc::channel();
    // The call has no time limit of its own, so its thread may be left behind.
    let asking = thread::Builder::new()
        .name("notification check".into())
        .spawn(move || {
            let _ = say.send(ask());
        });
    asking.map_err(|e| CheckError::Unreachable(e.to_string()))?;
    match heard.recv_timeout(PATIENCE) {
        Ok(Ok(name)) => Ok(name),
        Ok(Err(e)) => Err(CheckError::Unreachable(e)),
        Err(_) => Err(CheckError::Silent),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn ask() -> Result<String, String> {
    let server = notify_rust::get_server_information().map_err(|e| e.to_string())?;
    Ok(format!("{} {}", server.name, server.version))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn ask() -> Result<String, String> {
    // The system's own centre is always there.
    Ok("the system's notification centre".to_owned())
}
