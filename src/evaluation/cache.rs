//! Kept observations: looking at pictures is what an evaluation costs, judging is next to nothing.
//!
//! They are a session file like any other, of observations alone.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use crate::domain::io::{Input, Observation};
use crate::domain::time::Moment;
use crate::private;
use crate::runtime::replay::NO_WALL;
use crate::session::{Header, Line, Model, SessionReader, SessionWriter};
use crate::vision::observer::REVISION;

/// The name of kept observations in the folder of their pictures.
pub const KEPT: &str = "observations.jsonl.zst";

/// Observations with their times since the recording began.
pub type Observations = Vec<(Duration, Observation)>;

/// Where observations are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nowhere: they are made anew each time.
    Nowhere,
    /// In the folder of the pictures.
    Beside,
    /// In this folder, one file for each recording.
    In(PathBuf),
}

impl Keep {
    /// The file for the observations of the pictures in `folder`.
    #[must_use]
    pub fn place(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Self::Nowhere => None,
            Self::Beside => Some(folder.join(KEPT)),
            Self::In(kept) => {
                let whole = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
                let name = whole.file_name().unwrap_or(OsStr::new("folder"));
                let digest = Sha256::digest(whole.as_os_str().as_encoded_bytes());
                let mark: String = digest.iter().take(4).map(|b| format!("{b:02x}")).collect();
                let name = format!("{}-{mark}.jsonl.zst", name.to_string_lossy());
                Some(kept.join(name))
            }
        }
    }
}

/// The header of observations by `model` on `engine`, at most `cap_hz` a second. Kept observations
/// are used when theirs is the same, but for the size of the pictures.
#[must_use]
pub fn header(model: Model, engine: String, cap_hz: f64) -> Header {
    // Where a session tells the rate of a calibration, this tells the same: how often was looked.
    let rate = ("rate_calibrating_hz".to_owned(), json!(cap_hz));
    Header {
        program: format!("{}+observer.{REVISION}", env!("CARGO_PKG_VERSION")),
        model,
        engine,
        frame: (0, 0),
        started: NO_WALL,
        settings: Map::from_iter([rate]),
        baseline: None,
        profiles: Vec::new(),
    }
}

/// The observations kept at `path`, when they were made as `wanted` says and after everything in
/// `folder` that they come from.
#[must_use]
pub fn read(path: &Path, wanted: &Header, folder: &Path) -> Option<Observations> {
    let made = fs::metadata(path).ok()?.modified().ok()?;
    if newest(folder, path)? > made {
        tracing::info!("{path:?} is older than its pictures");
        return None;
    }
    match restore(path, wanted) {
        Ok(Some(observations)) => Some(observations),
        Ok(None) => {
            tracing::info!("{path:?} was made in another way");
            None
        }
        Err(error) => {
            tracing::info!("{error:#}");
            None
        }
    }
}

fn restore(path: &Path, wanted: &Header) -> anyhow::Result<Option<Observations>> {
    let mut reader = SessionReader::open(path)?;
    let header = Header {
        frame: wanted.frame,
        ..reader.header().clone()
    };
    if header != *wanted {
        return Ok(None);
    }
    let mut observations = Vec::new();
    for line in reader.by_ref() {
        if let Line::Input(at, Input::Observation(seen)) = line? {
            observations.push((at.elapsed, seen));
        }
    }
    // A file that lost its end would be taken for a shorter recording.
    Ok(reader.notice().is_none().then_some(observations))
}

/// When the newest file in `folder` was changed, leaving out `kept`.
fn newest(folder: &Path, kept: &Path) -> Option<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let metadata = entry.metadata().ok()?;
        if metadata.is_file() && entry.path() != kept && entry.file_name() != KEPT {
            newest = newest.max(metadata.modified().ok()?);
        }
    }
    Some(newest)
}

/// Keeps `observations` at `path`, in place of what was there: all of them or nothing.
///
/// # Errors
/// When they cannot be written.
pub fn write(path: &Path, header: &Header, observations: &Observations) -> anyhow::Result<()> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    private::make_folder(folder).with_context(|| format!("cannot make folder {folder:?}"))?;
    let unfinished = tempfile::Builder::new()
        .prefix(".observations")
        .tempdir_in(folder)
        .with_context(|| format!("cannot write into folder {folder:?}"))?;
    let whole = unfinished.path().join(KEPT);
    let header = Header {
        frame: observations.first().map_or((0, 0), |(_, seen)| seen.frame),
        ..header.clone()
    };
    let mut writer = SessionWriter::create(&whole, &header)?;
    for (at, seen) in observations {
        writer.input(Moment::after(NO_WALL, *at), &Input::Observation(*seen))?;
    }
    writer.finish()?;
    fs::rename(&whole, path).with_context(|| format!("cannot write {path:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pose::Pose;

    fn some() -> Observations {
        let seen = |n: u64| Observation {
            frame: (640, 480),
            pose: Pose::default(),
            presence: 0.9,
            light: n as f32 / 8.0,
            camera: None,
            other_person: None,
        };
        (0..5)
            .map(|n| (Duration::from_millis(333 * n), seen(n)))
            .collect()
    }

    fn made(engine: &str, cap_hz: f64) -> Header {
        let model = Model {
            name: "lightning".to_owned(),
            sha256: "00".repeat(32),
        };
        header(model, engine.to_owned(), cap_hz)
    }

    #[test]
    fn what_was_kept_comes_back_when_made_the_same_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = Keep::Beside.place(folder.path()).unwrap();
        let kept = made("rten", 10.0);
        assert_eq!(read(&path, &kept, folder.path()), None);
        write(&path, &kept, &some()).unwrap();
        write(&path, &kept, &some()).unwrap();
        assert_eq!(read(&path, &kept, folder.path()), Some(some()));
        let mut others = [made("ort", 10.0), made("rten", 12.0), made("rten", 10.0)];
        others[2].program = "0.0.1+observer.1".to_owned();
        for other in &others {
            assert_eq!(read(&path, other, folder.path()), None);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_older_than_a_picture_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = Keep::Beside.place(folder.path()).unwrap();
        let kept = made("rten", 10.0);
        write(&path, &kept, &some()).unwrap();
        let picture = fs::File::create(folder.path().join("1.jpg")).unwrap();
        let made = fs::metadata(&path).unwrap().modified().unwrap();
        picture.set_modified(made + Duration::from_secs(1)).unwrap();
        assert_eq!(read(&path, &kept, folder.path()), None);
        picture.set_modified(made - Duration::from_secs(1)).unwrap();
        assert_eq!(read(&path, &kept, folder.path()), Some(some()));
    }

    #[test]
    fn a_broken_file_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = Keep::Beside.place(folder.path()).unwrap();
        write(&path, &made("rten", 10.0), &some()).unwrap();
        let whole = fs::read(&path).unwrap();
        for keep in [0, 10, whole.len() - 4] {
            fs::write(&path, &whole[..keep]).unwrap();
            assert_eq!(read(&path, &made("rten", 10.0), folder.path()), None);
        }
    }

    #[test]
    fn folders_of_one_name_have_files_of_their_own() {
        let keep = Keep::In(PathBuf::from("kept"));
        let [a, b] = ["/x/same", "/y/same"].map(|f| keep.place(Path::new(f)).unwrap());
        assert_ne!(a, b);
        let name = a.file_name().unwrap().to_str().unwrap();
        assert!(
            name.starts_with("same-") && name.ends_with(".jsonl.zst"),
            "{name}"
        );
        assert_eq!(Keep::Nowhere.place(Path::new("/x/same")), None);
    }
}
