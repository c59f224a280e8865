//! Profiles kept in a folder, a file each, from one run to the next. A profile's name is the name
//! of its file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::profile::ProfileRecord;
use crate::domain::profile::Profile;
use crate::private;

/// The version of the file this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// A profile is some three thousand bytes; anything this large is another kind of file.
const MAX_BYTES: u64 = 1 << 16;

/// The longest name, in characters.
const MAX_NAME: usize = 40;

/// The ending of the files' names.
const ENDING: &str = "json";

/// A profile as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptProfile {
    /// The name the person knows it by.
    pub name: String,
    /// The stable id of the camera it was learnt with.
    pub camera: String,
    /// The camera's name, for people.
    pub camera_name: String,
    /// What the room is known by again, in vision's own writing; the profile's place is told
    /// against it. `None` where the room left no print.
    pub room: Option<String>,
    /// The profile; the scene of its place has no meaning here.
    pub profile: Profile,
}

/// Why a profile cannot be read, kept, renamed or removed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The system refuses.
    #[error("cannot {what} {path:?}")]
    System {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path:?} is not a profile of version {VERSION}: {why}; remove it with \"backstay profile \
         remove\" and run \"backstay calibrate\" to make a new one"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It cannot be a name.
    #[error(
        "{0:?} cannot be the name of a profile; use 1 to {MAX_NAME} letters, digits, spaces, - or _"
    )]
    Name(String),
    /// There is none of that name.
    #[error("there is no profile {name:?}; there are: {}", if .there.is_empty() { "none" } else { .there })]
    Missing {
        /// The name.
        name: String,
        /// Those there are.
        there: String,
    },
    /// There is one of that name already.
    #[error("there is a profile {0:?} already; remove it, or choose another name")]
    Taken(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    backstay_profile: u32,
    camera: String,
    camera_name: String,
    room: Option<String>,
    profile: ProfileRecord,
}

/// The folder that profiles are kept in.
#[derive(Clone, Debug)]
pub struct ProfileFolder(PathBuf);

impl ProfileFolder {
    /// Profiles in this folder, which need not be there yet.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The names of the profiles there are, in order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, ProfileError> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(refused("read", &self.0)(error)),
        };
        let mut names: Vec<String> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| is_name(name))
            .collect();
        names.sort();
        Ok(names)
    }

    /// All profiles in the order of their names, or what is wrong with their files.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all(&self) -> Result<Vec<Result<KeptProfile, ProfileError>>, ProfileError> {
        Ok(self.names()?.iter().map(|name| self.load(name)).collect())
    }

    /// The profile of this name.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn load(&self, name: &str) -> Result<KeptProfile, ProfileError> {
        self.find(name)?;
        let path = self.path(name);
        let broken = |why: String| ProfileError::Broken {
            path: path.clone(),
            why,
        };
        let length = fs::metadata(&path).map_err(refused("read", &path))?.len();
        if length > MAX_BYTES {
            return Err(broken("it is too large".to_owned()));
        }
        let text = fs::read(&path).map_err(refused("read", &path))?;
        let file: ProfileFile =
            serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
        if file.backstay_profile != VERSION {
            return Err(broken(format!("it has version {}", file.backstay_profile)));
        }
        let profile = Profile::from(file.profile);
        if !profile.baseline.is_plausible() {
            return Err(broken(
                "its sizes are not above zero, or its limit is out of range".to_owned(),
            ));
        }
        Ok(KeptProfile {
            name: name.to_owned(),
            camera: file.camera,
            camera_name: file.camera_name,
            room: file.room,
            profile,
        })
    }

    /// Keeps `kept` under its name, in place of one of the same name, readable by its owner only,
    /// at once or not at all. Gives the file.
    ///
    /// # Errors
    /// When the name cannot be one, or the file cannot be written.
    pub fn save(&self, kept: &KeptProfile) -> Result<PathBuf, ProfileError> {
        check_name(&kept.name)?;
        let path = self.path(&kept.name);
        private::make_folder(&self.0).map_err(refused("make", &self.0))?;
        let file = ProfileFile {
            backstay_profile: VERSION,
            camera: kept.camera.clone(),
            camera_name: kept.camera_name.clone(),
            room: kept.room.clone(),
            profile: kept.profile.into(),
        };
        let write = || -> io::Result<()> {
            let json = serde_json::to_string(&file)?;
            private::write(&path, format!("{json}\n").as_bytes())
        };
        write().map_err(refused("write", &path))?;
        Ok(path)
    }

    /// Gives the profile another name.
    ///
    /// # Errors
    /// When there is none, the new name cannot be one or is taken, or the system refuses.
    pub fn rename(&self, name: &str, to: &str) -> Result<(), ProfileError> {
        self.find(name)?;
        check_name(to)?;
        if self.names()?.iter().any(|there| there == to) {
            return Err(ProfileError::Taken(to.to_owned()));
        }
        let path = self.path(name);
        fs::rename(&path, self.path(to)).map_err(refused("rename", &path))
    }

    /// Removes the profile.
    ///
    /// # Errors
    /// When there is none, or the system refuses.
    pub fn remove(&self, name: &str) -> Result<(), ProfileError> {
        self.find(name)?;
        let path = self.path(name);
        fs::remove_file(&path).map_err(refused("remove", &path))
    }

    /// A name like `wanted` that no profile has.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn free_name(&self, wanted: &str) -> Result<String, ProfileError> {
        let names = self.names()?;
        let is_free = |name: &String| !names.contains(name);
        let numbered = (2..).map(|n: u32| format!("{wanted} {n}"));
        let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
        Ok(all.find(is_free).unwrap_or_default())
    }

    fn find(&self, name: &str) -> Result<(), ProfileError> {
        let names = self.names()?;
        if names.iter().any(|there| there == name) {
            return Ok(());
        }
        let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
        Err(ProfileError::Missing {
            name: name.to_owned(),
            there: quoted.join(", "),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.{ENDING}"))
    }
}

fn refused(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ProfileError {
    let path = path.to_owned();
    move |source| ProfileError::System { what, path, source }
}

/// Whether `name` can be one.
///
/// # Errors
/// When it cannot.
pub fn check_name(name: &str) -> Result<(), ProfileError> {
    if is_name(name) {
        Ok(())
    } else {
        Err(ProfileError::Name(name.to_owned()))
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == ' ' || c == '-' || c == '_';
    (1..=MAX_NAME).contains(&name.chars().count()) && name.chars().all(fits) && name.trim() == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::baseline::{Baseline, SideUpright, Spread, Upright};
    use crate::domain::io::CameraShift;
    use crate::domain::profile::Stance;

    fn baseline() -> Baseline {
        let of = |median| Spread { median, sigma: 0.5 };
        Baseline {
            frame: (640, 480),
            samples: 30,
            upright: Upright::Side(SideUpright {
                looks_right: true,
                neck: of(20.0),
                torso: Some(of(4.0)),
                pitch: of(1.0),
                nose_length: of(40.0),
                neck_length: of(60.0),
            }),
            slouch_limit: Some(1.25),
        }
    }

    fn kept(name: &str) -> KeptProfile {
        KeptProfile {
            name: name.to_owned(),
            camera: "usb-046d:0825".to_owned(),
            camera_name: "Cam".to_owned(),
            room: Some("00ff".to_owned()),
            profile: Profile {
                stance: Stance::Standing,
                baseline: baseline(),
                place: Some(CameraShift {
                    scene: 0,
                    right: 1.5,
                    down: -2.25,
                    turn: 0.5,
                    zoom: 1.0,
                }),
            },
        }
    }

    fn folder() -> (tempfile::TempDir, ProfileFolder) {
        let folder = tempfile::tempdir().unwrap();
        let profiles = ProfileFolder::new(folder.path().join("profiles"));
        (folder, profiles)
    }

    #[test]
    fn a_profile_comes_back_as_it_was_and_is_its_owners_alone() {
        let (_folder, profiles) = folder();
        assert_eq!(profiles.names().unwrap(), [""; 0]);
        let path = profiles.save(&kept("Büro 2")).unwrap();
        profiles.save(&kept("desk")).unwrap();
        assert_eq!(profiles.names().unwrap(), ["Büro 2", "desk"]);
        assert_eq!(profiles.load("Büro 2").unwrap(), kept("Büro 2"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
    }

    #[test]
    fn profiles_are_renamed_and_removed_and_nothing_is_lost_by_it() {
        let (_folder, profiles) = folder();
        profiles.save(&kept("desk")).unwrap();
        profiles.save(&kept("home")).unwrap();
        let error = profiles.rename("desk", "home").unwrap_err();
        assert!(matches!(error, ProfileError::Taken(_)), "{error}");
        profiles.rename("desk", "office").unwrap();
        let error = profiles.load("desk").unwrap_err().to_string();
        assert_eq!(
            error,
            r#"there is no profile "desk"; there are: "home", "office""#
        );
        profiles.remove("home").unwrap();
        assert_eq!(profiles.names().unwrap(), ["office"]);
        assert_eq!(profiles.free_name("office").unwrap(), "office 2");
        assert_eq!(profiles.free_name("desk").unwrap(), "desk");
    }

    #[test]
    fn names_that_would_leave_the_folder_are_none() {
        let (_folder, profiles) = folder();
        for name in ["", "../x", "a/b", "a.b", " a", "a\nb", &"x".repeat(41)] {
            let error = profiles.save(&kept(name)).unwrap_err();
            assert!(matches!(error, ProfileError::Name(_)), "{name:?}: {error}");
        }
    }

    #[test]
    fn what_is_no_profile_is_refused_by_name() {
        let (_folder, profiles) = folder();
        let path = profiles.save(&kept("desk")).unwrap();
        let whole = fs::read_to_string(&path).unwrap();
        for wrong in [
            "hello".to_owned(),
            whole.replace("\"backstay_profile\":1", "\"backstay_profile\":9"),
            whole.replace("\"nose_length\":[40.0", "\"nose_length\":[0.0"),
            whole.replace("standing", "lying"),
            format!("{whole}{}", " ".repeat(70_000)),
        ] {
            fs::write(&path, &wrong).unwrap();
            let error = profiles.load("desk").unwrap_err();
            assert!(matches!(error, ProfileError::Broken { .. }), "{wrong:.80}");
            assert!(error.to_string().contains("desk.json"), "{error}");
        }
    }
}
