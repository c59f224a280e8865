//! The log on disk, for a run that nobody watches: two files of a megabyte at most, for their owner
//! alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::private;

/// The name of the log in its folder; the one before it has `.1` behind it.
pub const NAME: &str = "backstay.log";

/// A log this long is put aside, in bytes: some ten thousand lines, a month of working days.
const LONGEST: u64 = 1 << 20;

/// Lines that wait for a slow disk. What comes beyond is lost: nothing waits for a log.
const WAITING: usize = 256;

/// Takes lines and lets a thread of its own write them.
#[derive(Clone, Debug)]
pub struct LogFile {
    lines: SyncSender<String>,
}

impl LogFile {
    /// Writes behind what is in the log of `folder`, which is made where it is not there.
    ///
    /// # Errors
    /// When the log cannot be opened, or no thread started.
    pub fn start(folder: &Path) -> io::Result<Self> {
        private::make_folder(folder)?;
        let path = folder.join(NAME);
        let file = open(&path)?;
        let (lines, come) = sync_channel(WAITING);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write(&come, file, &path))?;
        Ok(Self { lines })
    }

    /// Adds a line. Does not block.
    pub fn add(&self, line: &str) {
        match self.lines.try_send(format!("{line}\n")) {
            // The disk is slow, or full: the thread has ended.
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }
}

/// Writes lines as they come, until nobody sends any more or the disk refuses.
fn write(lines: &Receiver<String>, mut file: File, path: &Path) {
    let mut length = file.metadata().map_or(0, |found| found.len());
    for line in lines {
        if LONGEST < length + line.len() as u64 {
            let Ok(next) = put_aside(path) else { return };
            (file, length) = (next, 0);
        }
        if file.write_all(line.as_bytes()).is_err() {
            return;
        }
        length += line.len() as u64;
    }
}

/// Puts the log aside, in place of the one before, and begins a new one.
fn put_aside(path: &Path) -> io::Result<File> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".1");
    fs::rename(path, PathBuf::from(aside))?;
    open(path)
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes all of `lines` at once.
    fn written(folder: &Path, lines: Vec<String>) {
        let path = folder.join(NAME);
        let (to, come) = sync_channel(lines.len());
        for line in lines {
            to.send(line).unwrap();
        }
        drop(to);
        write(&come, open(&path).unwrap(), &path);
    }

    #[test]
    fn a_log_goes_on_and_is_put_aside_when_it_is_long() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(NAME);
        written(home.path(), vec!["one\n".to_owned()]);
        written(home.path(), vec!["two\n".to_owned()]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        let long = |c: &str| format!("{}\n", c.repeat(LONGEST as usize / 2));
        written(home.path(), vec![long("a"), long("b"), long("c")]);
        let aside = home.path().join(format!("{NAME}.1"));
        // Each is longer than what is left beside the one before.
        assert_eq!(fs::read_to_string(&path).unwrap(), long("c"));
        assert_eq!(fs::read_to_string(aside).unwrap(), long("b"));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn it_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state");
        let log = LogFile::start(&folder).unwrap();
        log.add("a line");
        let mode = fs::metadata(folder.join(NAME))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
