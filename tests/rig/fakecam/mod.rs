//! A fake camera for tests: a library loaded in front of a program that answers for `/dev/videoN`.
//!
//! Each [`FakeCamera`] is a folder of its own, seen only by the program it names. Needs Linux and a
//! C compiler (`cc`).

#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use backstay::runtime::clock;
use tempfile::TempDir;

/// The name the fake camera gives itself.
pub(crate) const NAME: &str = "Fake HD Webcam";

/// A folder that plays a camera, `/dev/video0`, and its metadata device, `/dev/video1`.
pub(crate) struct FakeCamera {
    folder: TempDir,
    /// N of the camera's `/dev/videoN`.
    node: u32,
    settings: BTreeMap<String, Vec<u8>>,
    program: PathBuf,
}

impl FakeCamera {
    /// A camera that plays the pictures of the sample sequence in several modes, and a program
    /// that is `target` in front of it. `None`, said on standard error, when it cannot be had here.
    ///
    /// # Panics
    ///
    /// When it cannot be had and `BACKSTAY_RIGS=1` demands it, or a file cannot be written.
    pub(crate) fn new(target: &str) -> Option<Self> {
        let library = match library() {
            Ok(library) => library,
            Err(why) => {
                let demanded = std::env::var_os("BACKSTAY_RIGS").is_some_and(|value| value == "1");
                assert!(!demanded, "no fake camera: {why}");
                eprintln!("skipped: no fake camera: {why}");
                return None;
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for part in ["dev", "sys/video0", "sys/video1", "state", "set/MJPG"] {
            fs::create_dir_all(root.join(part)).unwrap();
        }
        for (n, picture) in pictures().iter().enumerate() {
            fs::write(root.join(format!("set/MJPG/{n:05}.jpg")), picture).unwrap();
        }
        for node in ["video0", "video1"] {
            fs::write(root.join("sys").join(node).join("name"), NAME).unwrap();
            fs::write(root.join("dev").join(node), "").unwrap();
        }
        fs::write(
            root.join("video1.conf"),
            format!("card={NAME}\nnode=meta\n"),
        )
        .unwrap();
        let program = wrapper(root, &library, target);
        let mut camera = Self {
            folder,
            node: 0,
            settings: BTreeMap::new(),
            program,
        };
        camera.set("card", NAME);
        camera.set("frames", "set");
        camera.set("sfmt_resets_fps", "1");
        camera.set(
            "formats",
            "MJPG:1280x720@30;MJPG:640x480@30;MJPG:640x480@15;MJPG:640x480@5;YUYV:640x480@30",
        );
        Some(camera)
    }

    /// The program that sees the camera.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// Sets a key of the camera, which takes effect at once (the keys: head of `fakecam.c`).
    pub(crate) fn set(&mut self, key: &str, value: impl AsRef<[u8]>) {
        self.settings
            .insert(key.to_owned(), value.as_ref().to_vec());
        let mut text = Vec::new();
        for (key, value) in &self.settings {
            text.extend(key.as_bytes());
            text.push(b'=');
            text.extend(value);
            text.push(b'\n');
        }
        let root = self.folder.path();
        let written = root.join("conf.new");
        fs::write(&written, text).unwrap();
        fs::rename(written, root.join(format!("video{}.conf", self.node))).unwrap();
    }

    /// Adds another camera, `/dev/videoN`, with the same pictures.
    pub(crate) fn add(&self, number: u32, name: &str) {
        let root = self.folder.path();
        let node = format!("video{number}");
        let sysfs = root.join("sys").join(&node);
        fs::create_dir_all(&sysfs).unwrap();
        fs::write(sysfs.join("name"), name).unwrap();
        let settings = format!("card={name}\nframes=set\nformats=MJPG:640x480@30\n");
        fs::write(root.join(format!("{node}.conf")), settings).unwrap();
        fs::write(root.join("dev").join(node), "").unwrap();
    }

    /// Begins a fault; `"none"` ends it.
    pub(crate) fn fault(&mut self, name: &str) {
        self.set("fault", name);
    }

    /// Plays the pictures of `folder` from now on, those of the next streams included.
    pub(crate) fn play(&mut self, folder: &Path) {
        let set = self.folder.path().join("played");
        fs::create_dir(&set).unwrap();
        std::os::unix::fs::symlink(folder, set.join("MJPG")).unwrap();
        self.set("frames", "played");
    }

    /// Gives the camera another name.
    pub(crate) fn rename(&mut self, name: &[u8]) {
        let told = format!("sys/video{}/name", self.node);
        fs::write(self.folder.path().join(told), name).unwrap();
        self.set("card", name);
    }

    /// Takes the camera away.
    pub(crate) fn unplug(&self) {
        for node in [self.node, 1] {
            fs::remove_file(self.folder.path().join(format!("dev/video{node}"))).unwrap();
        }
    }

    /// Brings the camera back as the node it was.
    pub(crate) fn replug(&self) {
        for node in [1, self.node] {
            fs::write(self.folder.path().join(format!("dev/video{node}")), "").unwrap();
        }
    }

    /// Brings the camera back as `/dev/videoN` with N = `node`, which is not 1.
    pub(crate) fn replug_as(&mut self, node: u32) {
        let root = self.folder.path();
        let place = root.join(format!("sys/video{node}"));
        fs::create_dir_all(&place).unwrap();
        fs::copy(
            root.join(format!("sys/video{}/name", self.node)),
            place.join("name"),
        )
        .unwrap();
        self.node = node;
        // Writes the settings of the new node.
        self.set("node", "video");
        self.replug();
    }

    /// The file that stands for the camera's node.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join(format!("dev/video{}", self.node))
    }

    /// What happened to the camera: one line `TIME PID PROGRAM video0 EVENT` an event.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("events.log")).unwrap_or_default()
    }

    /// The process that owns the camera.
    pub(crate) fn owner(&self) -> Option<u32> {
        // Looked up, not tried: trying would take the lock for a moment.
        let lock = format!("state/video{}.lock", self.node);
        let lock = self.folder.path().join(lock);
        let inode = fs::metadata(&lock).ok()?.ino();
        let locks = fs::read_to_string("/proc/locks").unwrap();
        let held = locks
            .lines()
            .any(|line| line.contains("FLOCK") && line.contains(&format!(":{inode} ")));
        let owner = fs::read_to_string(lock).ok()?;
        owner.trim().parse().ok().filter(|_| held)
    }

    /// Whether somebody owns the camera (`owned`), or nobody, within `limit`.
    pub(crate) fn becomes(&self, owned: bool, limit: Duration) -> bool {
        let until = clock::elapsed_since_start() + limit;
        while self.owner().is_some() != owned {
            if until < clock::elapsed_since_start() {
                return false;
            }
            clock::sleep(Duration::from_millis(20));
        }
        true
    }
}

/// The pictures the camera plays, as they are in the sample sequence: one second of them at 20 a second.
pub(crate) fn pictures() -> Vec<Vec<u8>> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    (1..=20)
        .map(|n| fs::read(sample.join(format!("{n:05}.jpg"))).unwrap())
        .collect()
}

/// The library, compiled once for each run of the tests.
fn library() -> Result<PathBuf, String> {
    static LIBRARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    LIBRARY
        .get_or_init(|| {
            let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rig/fakecam/fakecam.c");
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
            let fresh = folder.join(format!("fakecam-{}.so", std::process::id()));
            let made = Command::new("cc")
                .args(["-O2", "-shared", "-fPIC", "-o"])
                .arg(&fresh)
                .args([source, "-ldl", "-lpthread"])
                .output()
                .map_err(|error| format!("cc cannot be started: {error}"))?;
            if !made.status.success() {
                return Err(String::from_utf8_lossy(&made.stderr).into_owned());
            }
            // Several test programs may do this at the same time.
            let library = folder.join("fakecam.so");
            fs::rename(fresh, &library).map_err(|error| error.to_string())?;
            Ok(library)
        })
        .clone()
}

/// A script that runs `target` with `library` in front of it and the camera in `root`.
fn wrapper(root: &Path, library: &Path, target: &str) -> PathBuf {
    let path = root.join("program");
    let text = format!(
        "#!/bin/sh\nFAKECAM='{}' LD_PRELOAD='{}' exec '{target}' \"$@\"\n",
        root.display(),
        library.display()
    );
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.set_permissions(fs::Permissions::from_mode(0o700))
        .unwrap();
    path
}
