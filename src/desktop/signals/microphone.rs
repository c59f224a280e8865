//! Whether a microphone is in use, by what ALSA shows of the sound cards.
//!
//! PipeWire and PulseAudio are not on D-Bus, but they too record through the kernel, which keeps
//! the state of each stream in `/proc/asound/card*/pcm*c/sub*/status`: one line `closed`, or
//! `state: RUNNING` with more (Linux, "ALSA proc files":
//! <https://docs.kernel.org/sound/designs/procfile.html>). This program never records, so whoever
//! does is somebody else. What it cannot tell:
//!
//! - Bluetooth headsets, and microphones of other machines, are no ALSA devices.
//! - A program that listens all day (noise suppression, a voice assistant) looks like a call
//!   without end; `call = false` under `[pauses]` is for those.
//! - Sound servers keep a device open for some seconds after the last program has gone.
//! - A call in which the microphone is switched off at the device is none.

use std::fs;
use std::path::{Path, PathBuf};

/// Where Linux shows its sound cards.
pub(super) const ASOUND: &str = "/proc/asound";

/// What is seen of the microphones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Microphones {
    /// How many streams there are to record from.
    pub(super) streams: usize,
    /// Whether one of them records.
    pub(super) in_use: bool,
}

/// The microphones below `asound`; `None` where there is no such folder.
pub(super) fn look(asound: &Path) -> Option<Microphones> {
    let cards = below(asound, "card", "")?;
    let devices = cards.iter().filter_map(|card| below(card, "pcm", "c"));
    let streams = devices
        .flatten()
        .filter_map(|device| below(&device, "sub", ""));
    let mut microphones = Microphones::default();
    for stream in streams.flatten() {
        // A device that is unplugged between two looks is no microphone any more.
        if let Ok(status) = fs::read_to_string(stream.join("status")) {
            microphones.streams += 1;
            microphones.in_use |= records(&status);
        }
    }
    Some(microphones)
}

fn records(status: &str) -> bool {
    let state = status.lines().find_map(|line| line.strip_prefix("state:"));
    state.is_some_and(|state| state.trim() == "RUNNING")
}

/// The entries of `folder` that are called `before`, a number, `after`.
fn below(folder: &Path, before: &str, after: &str) -> Option<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let named = |name: &str| {
        let number = name.strip_prefix(before)?.strip_suffix(after)?;
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(())
    };
    let wanted = entries.filter(|entry| entry.file_name().to_str().and_then(named).is_some());
    Some(wanted.map(|entry| entry.path()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNNING: &str = "state: RUNNING\nowner_pid   : 4242\ntrigger_time: 81.5\n";

    /// What is seen of cards whose files are these.
    fn see(files: &[(&str, &str)]) -> Option<Microphones> {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        look(root.path())
    }

    fn seen(streams: usize, in_use: bool) -> Option<Microphones> {
        Some(Microphones { streams, in_use })
    }

    #[test]
    fn a_stream_that_runs_is_in_use() {
        let closed = ("card0/pcm0c/sub0/status", "closed\n");
        let second = ("card1/pcm6c/sub0/status", RUNNING);
        assert_eq!(see(&[closed]), seen(1, false));
        assert_eq!(see(&[closed, second]), seen(2, true));
        let stopped = ("card0/pcm0c/sub0/status", "state: SETUP\nowner_pid : 7\n");
        assert_eq!(see(&[stopped]), seen(1, false));
    }

    #[test]
    fn what_plays_is_no_microphone_nor_is_what_is_called_otherwise() {
        let others = [
            ("card0/pcm0p/sub0/status", RUNNING),
            ("card0/pcmc/sub0/status", RUNNING),
            ("card0/pcm0c/info", RUNNING),
            ("cards/pcm0c/sub0/status", RUNNING),
            ("PCH/pcm0c/sub0/status", RUNNING),
        ];
        assert_eq!(see(&others), seen(0, false));
    }

    #[test]
    fn without_alsa_nothing_is_known() {
        assert_eq!(look(Path::new("/nonexistent/asound")), None);
        assert_eq!(see(&[]), seen(0, false));
    }
}
