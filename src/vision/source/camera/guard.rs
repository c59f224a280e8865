//! Watching a camera's node: who opens it, who has it open.
//!
//! The kernel says that somebody has opened or closed the node (inotify), not who. So at each such
//! word the processes are looked through. Nothing is looked at while nothing happens.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, PipeReader, PipeWriter};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

use super::CameraInfo;
use super::holders::{self, Holders};
use super::procfs::ProcFs;
use super::yielding::Sighting;
use crate::runtime::clock;

/// The pause after a look through the processes, which takes milliseconds: a program that opens the
/// node again and again must not keep a core busy.
const PAUSE: Duration = Duration::from_millis(100);

/// How often holders are looked at anew without a word of the kernel: an open node can be handed
/// from one process to another, which is neither an opening nor a closing.
const REVIEW: Duration = Duration::from_secs(10);

/// The most sightings kept for somebody who does not ask. The first and the newest tell most.
const KEPT: usize = 32;

/// A watched node; dropping it ends the watch.
pub(super) struct Guard {
    seen: Arc<Mutex<VecDeque<Sighting>>>,
    /// Its end is heard by the watching thread.
    _end: PipeWriter,
}

impl Guard {
    /// Watches the node of `camera`. `None` when it cannot be watched, and when that makes no sense:
    /// cameras made up by a program may be read by many at once, and their maker has them open.
    pub(super) fn of(camera: &CameraInfo) -> Option<Self> {
        let class = format!("/sys/class/video4linux/video{}", camera.index);
        let is_virtual =
            fs::canonicalize(class).is_ok_and(|device| device.starts_with("/sys/devices/virtual"));
        if is_virtual {
            return None;
        }
        Self::start(&node(camera), std::process::id())
            .inspect_err(|error| tracing::debug!("{camera} cannot be watched: {error}"))
            .ok()
    }

    /// What was seen since the last call, the oldest first. The first sighting comes by itself.
    pub(super) fn take(&self) -> Vec<Sighting> {
        lock(&self.seen).drain(..).collect()
    }

    /// Watches `node`; processes of the program with the number `own` hold nothing.
    fn start(node: &Path, own: u32) -> io::Result<Self> {
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let events = WatchFlags::OPEN
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::CLOSE_NOWRITE
            // It is taken away: its holders hold it no more.
            | WatchFlags::ATTRIB;
        inotify::add_watch(&inotify, node, events)?;
        let (ended, end) = io::pipe()?;
        let seen = Arc::default();
        let watch = Watch {
            node: node.to_owned(),
            own,
            inotify,
            ended,
            seen: Arc::clone(&seen),
        };
        thread::Builder::new()
            .name("camera-guard".to_owned())
            .spawn(move || {
                if let Err(error) = watch.run() {
                    tracing::debug!("the camera's node cannot be watched any more: {error}");
                }
            })?;
        Ok(Self { seen, _end: end })
    }
}

/// Who has `camera` open.
pub(super) fn holders(camera: &CameraInfo) -> Holders {
    holders::holders(&ProcFs, &node(camera), std::process::id())
}

fn node(camera: &CameraInfo) -> PathBuf {
    PathBuf::from(format!("/dev/video{}", camera.index))
}

fn lock(seen: &Mutex<VecDeque<Sighting>>) -> std::sync::MutexGuard<'_, VecDeque<Sighting>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The watching thread.
struct Watch {
    node: PathBuf,
    own: u32,
    inotify: OwnedFd,
    ended: PipeReader,
    seen: Arc<Mutex<VecDeque<Sighting>>>,
}

/// What the kernel told of the node.
#[derive(Default)]
struct Word {
    opened: bool,
    closed: bool,
    /// Nothing will come any more.
    gone: bool,
}

impl Watch {
    /// Looks and listens until the guard is dropped or the node is gone.
    fn run(&self) -> io::Result<()> {
        let mut word = Word::default();
        loop {
            let holders = holders::holders(&ProcFs, &self.node, self.own);
            let is_held = !holders.users.is_empty();
            self.tell(Sighting {
                at: clock::elapsed_since_start(),
                opened: word.opened,
                closed: word.closed,
                holders,
            });
            if word.gone || self.ends(&[], Some(PAUSE))? {
                return Ok(());
            }
            if self.ends(&[&self.inotify], is_held.then_some(REVIEW))? {
                return Ok(());
            }
            word = self.hear()?;
        }
    }

    fn tell(&self, sighting: Sighting) {
        let mut seen = lock(&self.seen);
        if KEPT <= seen.len() {
            seen.pop_back();
        }
        seen.push_back(sighting);
    }

    /// Waits for one of `others` for `timeout` at most; whether the guard was dropped.
    fn ends(&self, others: &[&OwnedFd], timeout: Option<Duration>) -> io::Result<bool> {
        let timeout = timeout.map(|timeout| Timespec {
            tv_sec: timeout.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        });
        let mut waited = vec![PollFd::from_borrowed_fd(self.ended.as_fd(), PollFlags::IN)];
        waited.extend(
            others
                .iter()
                .map(|other| PollFd::from_borrowed_fd(other.as_fd(), PollFlags::IN)),
        );
        match poll(&mut waited, timeout.as_ref()) {
            // A look too many after a signal harms nobody.
            Ok(_) | Err(Errno::INTR) => Ok(!waited[0].revents().is_empty()),
            Err(error) => Err(error.into()),
        }
    }

    /// All that the kernel has told since the last call.
    fn hear(&self) -> io::Result<Word> {
        let mut buffer = [MaybeUninit::uninit(); 1024];
        let mut reader = inotify::Reader::new(&self.inotify, &mut buffer);
        let mut word = Word::default();
        loop {
            let event = match reader.next() {
                Ok(event) => event.events(),
                Err(Errno::WOULDBLOCK) => return Ok(word),
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            word.opened |= event.contains(ReadFlags::OPEN);
            word.closed |= event.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE);
            word.gone |= event.contains(ReadFlags::IGNORED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::process::{Command, Stdio};

    /// No process has it: those of the test are others'.
    const NOBODY: u32 = u32::MAX;

    /// The longest a test waits for what must come.
    const LIMIT: Duration = Duration::from_secs(10);

    /// The next sighting that `wanted` accepts, and how long it took to come.
    #[track_caller]
    fn next(guard: &Guard, wanted: impl Fn(&Sighting) -> bool) -> (Sighting, Duration) {
        let began = clock::elapsed_since_start();
        loop {
            let took = clock::elapsed_since_start() - began;
            if let Some(found) = guard.take().into_iter().find(&wanted) {
                return (found, took);
            }
            assert!(took < LIMIT, "nothing seen");
            clock::sleep(Duration::from_millis(5));
        }
    }

    fn node() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let node = folder.path().join("video0");
        fs::write(&node, "").unwrap();
        (folder, node)
    }

    #[test]
    fn a_process_is_seen_when_it_opens_the_node_and_when_it_ends() {
        let (_folder, node) = node();
        let guard = Guard::start(&node, NOBODY).unwrap();
        let (first, _) = next(&guard, |_| true);
        assert!(!first.opened && !first.closed);
        assert_eq!(first.holders, Holders::default());

        // Opened by the child itself, as another program would.
        let mut child = Command::new("sh")
            .args(["-c", "exec sleep 60 < \"$0\""])
            .arg(&node)
            .spawn()
            .unwrap();
        let (opened, took) = next(&guard, |seen| !seen.holders.users.is_empty());
        assert_eq!(opened.holders.users[0].pid, child.id());
        assert!(took < Duration::from_secs(1), "{took:?}");

        child.kill().unwrap();
        child.wait().unwrap();
        let (closed, took) = next(&guard, |seen| seen.closed);
        assert_eq!(closed.holders, Holders::default());
        assert!(took < Duration::from_secs(1), "{took:?}");
    }

    #[test]
    fn who_has_it_open_already_is_in_the_first_sighting() {
        let (_folder, node) = node();
        let mut child = Command::new("sleep")
            .arg("60")
            .stdin(Stdio::from(File::open(&node).unwrap()))
            .spawn()
            .unwrap();
        let guard = Guard::start(&node, NOBODY).unwrap();
        let (first, _) = next(&guard, |_| true);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!first.opened);
        let names: Vec<_> = first.holders.users.iter().map(|one| &one.name).collect();
        assert_eq!(names, ["sleep"]);
    }

    #[test]
    fn a_short_opening_by_one_of_its_own_is_a_word_without_a_holder() {
        let (_folder, node) = node();
        let guard = Guard::start(&node, std::process::id()).unwrap();
        next(&guard, |_| true);
        drop(File::open(&node).unwrap());
        let (seen, _) = next(&guard, |seen| seen.opened);
        assert_eq!(seen.holders, Holders::default());
    }

    #[test]
    fn a_node_that_is_taken_away_is_held_by_nobody() {
        let (_folder, node) = node();
        let open = File::open(&node).unwrap();
        let guard = Guard::start(&node, NOBODY).unwrap();
        next(&guard, |seen| !seen.holders.users.is_empty());
        fs::remove_file(&node).unwrap();
        next(&guard, |seen| seen.holders.users.is_empty());
        drop(open);
        next(&guard, |seen| seen.closed || seen.holders.users.is_empty());
    }

    #[test]
    fn what_is_not_there_cannot_be_watched() {
        assert!(Guard::start(Path::new("/nowhere/video0"), NOBODY).is_err());
    }

    #[test]
    fn a_dropped_guard_ends_its_thread() {
        let (_folder, node) = node();
        let guard = Guard::start(&node, NOBODY).unwrap();
        let seen = Arc::downgrade(&guard.seen);
        drop(guard);
        let until = clock::elapsed_since_start() + LIMIT;
        while 0 < seen.strong_count() {
            assert!(clock::elapsed_since_start() < until, "it goes on");
            clock::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn sightings_nobody_asks_for_do_not_pile_up() {
        let (_folder, node) = node();
        let guard = Guard::start(&node, NOBODY).unwrap();
        next(&guard, |_| true);
        let watch = Watch {
            node: node.clone(),
            own: NOBODY,
            inotify: inotify::init(CreateFlags::CLOEXEC).unwrap(),
            ended: io::pipe().unwrap().0,
            seen: Arc::clone(&guard.seen),
        };
        for at in 0..100 {
            watch.tell(Sighting {
                at: Duration::from_secs(at),
                ..Sighting::default()
            });
        }
        let kept = guard.take();
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept[0].at, Duration::from_secs(0));
        assert_eq!(kept[KEPT - 1].at, Duration::from_secs(99));
    }
}
