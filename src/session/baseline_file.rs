//! A baseline kept in a file: a person's own upright, from one run to the next.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::BaselineRecord;
use crate::domain::baseline::Baseline;
use crate::private;

/// The version of the file this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// A baseline file is a few hundred bytes; anything this large is another kind of file.
const MAX_BYTES: u64 = 1 << 16;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    backstay_baseline: u32,
    baseline: BaselineRecord,
}

/// Why a baseline file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineFileError {
    /// It cannot be read.
    #[error("cannot read baseline file {path:?}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not a baseline file of this version.
    #[error(
        "{path:?} is not a baseline file of version {VERSION}: {why}; run \"backstay calibrate\" to make a new one"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It cannot be written.
    #[error("cannot write baseline file {path:?}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Reads the baseline in the file at `path`.
///
/// # Errors
/// When it cannot be read or holds something else.
pub fn load(path: &Path) -> Result<Baseline, BaselineFileError> {
    let read = |source| BaselineFileError::Read {
        path: path.to_owned(),
        source,
    };
    let broken = |why: String| BaselineFileError::Broken {
        path: path.to_owned(),
        why,
    };
    if fs::metadata(path).map_err(read)?.len() > MAX_BYTES {
        return Err(broken("it is too large".to_owned()));
    }
    let text = fs::read(path).map_err(read)?;
    let file: BaselineFile = serde_json::from_slice(&text).map_err(|e| broken(e.to_string()))?;
    if file.backstay_baseline != VERSION {
        return Err(broken(format!("it has version {}", file.backstay_baseline)));
    }
    let baseline = Baseline::from(file.baseline);
    if !baseline.is_plausible() {
        return Err(broken(
            "its sizes are not above zero, or its limit is out of range".to_owned(),
        ));
    }
    Ok(baseline)
}

/// Writes `baseline` to `path`, readable by its owner only, at once or not at all. The folder is
/// made where it is missing.
///
/// # Errors
/// When it cannot be written.
pub fn save(path: &Path, baseline: &Baseline) -> Result<(), BaselineFileError> {
    let write = |source| BaselineFileError::Write {
        path: path.to_owned(),
        source,
    };
    let file = BaselineFile {
        backstay_baseline: VERSION,
        baseline: (*baseline).into(),
    };
    let json = serde_json::to_string(&file).map_err(|e| write(e.into()))?;
    private::write(path, format!("{json}\n").as_bytes()).map_err(write)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::baseline::{FrontUpright, Spread, Upright};
    use crate::domain::room::EyeLink;

    fn baseline(width: f64) -> Baseline {
        let of = |median| Spread {
            median,
            sigma: 0.01,
        };
        Baseline {
            frame: (640, 480),
            samples: 30,
            upright: Upright::Front(FrontUpright {
                ear_height: of(0.5),
                head_width: of(width),
                shoulder_width: of(232.8),
                eye_y: of(131.0),
                ear_y: of(169.0),
                shoulder_y: of(274.0),
                pitch: of(-0.23),
                yaw: of(-1.7),
                tilt: of(0.2),
                roll: of(0.3),
                aside: of(0.01),
                eyes: EyeLink {
                    span: 2.5,
                    drop: 0.35,
                    pitch: 0.3,
                    turn: 0.0,
                },
            }),
            slouch_limit: Some(1.25),
        }
    }

    #[test]
    fn a_baseline_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/baseline.json");
        save(&path, &baseline(106.0)).unwrap();
        assert_eq!(load(&path).unwrap(), baseline(106.0));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.json");
        fs::write(&path, "hello").unwrap();
        assert!(matches!(load(&path), Err(BaselineFileError::Broken { .. })));
        let unlimited = Baseline {
            slouch_limit: Some(9.0),
            ..baseline(106.0)
        };
        for implausible in [baseline(0.0), unlimited] {
            save(&path, &implausible).unwrap();
            assert!(matches!(load(&path), Err(BaselineFileError::Broken { .. })));
        }
        assert!(matches!(
            load(&folder.path().join("y")),
            Err(BaselineFileError::Read { .. })
        ));
    }
}
