//! The process table of Linux, from /proc.

use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use super::holders::{Opener, ProcessTable};

/// `/proc`.
pub(super) struct ProcFs;

impl ProcessTable for ProcFs {
    fn openers(&self, node: &Path) -> Vec<Opener> {
        let Ok(wanted) = fs::metadata(node) else {
            return Vec::new();
        };
        let mut pids: Vec<u32> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        // The newest first: who opens a camera in vain ends soon.
        pids.sort_unstable_by(|a, b| b.cmp(a));
        pids.retain(|pid| has_open(*pid, node, &wanted));
        pids.into_iter().filter_map(opener).collect()
    }
}

/// Whether the process `pid` has `node` open, which is `wanted`. No when it cannot be looked into.
fn has_open(pid: u32, node: &Path, wanted: &Metadata) -> bool {
    let files = fs::read_dir(format!("/proc/{pid}/fd"));
    files.into_iter().flatten().flatten().any(|file| {
        // Only what has the right name is looked at closer: that can take for ever for a file on
        // another machine. Sandboxed programs see the node on another path, under the same name.
        fs::read_link(file.path()).is_ok_and(|target| target.file_name() == node.file_name())
            && fs::metadata(file.path()).is_ok_and(|found| is_same(&found, wanted))
    })
}

/// Whether both are the same device, or the same file.
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    if a.file_type().is_char_device() && b.file_type().is_char_device() {
        a.rdev() == b.rdev()
    } else {
        (a.dev(), a.ino()) == (b.dev(), b.ino())
    }
}

/// What is known of the process `pid`; `None` when it has ended.
fn opener(pid: u32) -> Option<Opener> {
    let read = |file| fs::read(format!("/proc/{pid}/{file}")).ok();
    let stat = String::from_utf8_lossy(&read("stat")?).into_owned();
    let name = String::from_utf8_lossy(&read("comm")?)
        .trim_end()
        .to_owned();
    let command = read("cmdline")?;
    Some(Opener {
        pid,
        parent: parent(&stat)?,
        name,
        command: command
            .split(|byte| *byte == 0)
            .filter(|word| !word.is_empty())
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect(),
    })
}

/// The parent in `PID (NAME) STATE PARENT …`, where NAME may have brackets and spaces of its own.
fn parent(stat: &str) -> Option<u32> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::process::{Command, Stdio};

    #[test]
    fn a_process_with_the_file_open_is_found_with_all_that_is_known_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let node = folder.path().join("video0");
        fs::write(&node, "").unwrap();
        assert!(ProcFs.openers(&node).is_empty());

        let mut child = Command::new("sleep")
            .arg("30")
            .stdin(Stdio::from(File::open(&node).unwrap()))
            .spawn()
            .unwrap();
        // For a moment after its start a program has no command line yet.
        let mut openers = ProcFs.openers(&node);
        for _ in 0..1000 {
            if openers.iter().all(|opener| !opener.command.is_empty()) {
                break;
            }
            std::thread::yield_now();
            openers = ProcFs.openers(&node);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let [opener] = &openers[..] else {
            panic!("{openers:?}");
        };
        assert_eq!(opener.pid, child.id());
        assert_eq!(opener.parent, std::process::id());
        assert_eq!(opener.name, "sleep");
        assert_eq!(opener.command, ["sleep", "30"]);
        assert!(ProcFs.openers(&node).is_empty());
    }

    #[test]
    fn another_file_of_the_same_name_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["a", "b"].map(|part| folder.path().join(part));
        for part in [&one, &other] {
            fs::create_dir(part).unwrap();
            fs::write(part.join("video0"), "").unwrap();
        }
        let _open = File::open(one.join("video0")).unwrap();
        assert_eq!(ProcFs.openers(&one.join("video0")).len(), 1);
        assert!(ProcFs.openers(&other.join("video0")).is_empty());
    }

    #[test]
    fn the_parent_is_read_behind_an_odd_name() {
        assert_eq!(parent("12 (a) b (c)) S 7 12 12 0"), Some(7));
        assert_eq!(parent("12 (a"), None);
    }
}
