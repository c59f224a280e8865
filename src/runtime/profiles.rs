//! The profiles of a live run: which are kept for its camera, and keeping what is learnt.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use crate::domain::profile::{Learnt, Stance};
use crate::session::NamedProfile;
use crate::session::profile_file::{KeptProfile, ProfileError, ProfileFolder};
use crate::vision::source::camera::CameraInfo;

/// The prints of the rooms seen so far, by scene, in vision's own writing.
pub type Rooms = Rc<RefCell<BTreeMap<u32, String>>>;

/// The profiles of one camera.
pub struct Profiles {
    folder: ProfileFolder,
    camera: CameraInfo,
    known: Vec<NamedProfile>,
    /// Names by number, of those that have one.
    names: Vec<Option<String>>,
    rooms: Rooms,
}

impl Profiles {
    /// Those of `kept` that are for `camera`; further ones go into `folder`. A file that cannot be
    /// read is warned of and passed over: the others are of use without it.
    #[must_use]
    pub fn new(
        folder: ProfileFolder,
        kept: &[Result<KeptProfile, ProfileError>],
        camera: CameraInfo,
    ) -> Self {
        let mut rooms: Vec<String> = Vec::new();
        let mut known = Vec::new();
        for kept in kept {
            let kept = match kept {
                Ok(kept) => kept,
                Err(error) => {
                    tracing::warn!("passed over a profile: {error}");
                    continue;
                }
            };
            if kept.camera != camera.id {
                continue;
            }
            let scene = kept.room.as_ref().map(|print| {
                let there = rooms.iter().position(|room| room == print);
                there.unwrap_or_else(|| {
                    rooms.push(print.clone());
                    rooms.len() - 1
                })
            });
            let mut profile = kept.profile;
            profile.place = scene.zip(profile.place).map(|(scene, mut place)| {
                place.scene = scene as u32;
                place
            });
            let name = kept.name.clone();
            known.push(NamedProfile { name, profile });
        }
        Self {
            folder,
            camera,
            names: known
                .iter()
                .map(|named: &NamedProfile| Some(named.name.clone()))
                .collect(),
            known,
            rooms: Rc::new(RefCell::new((0..).zip(rooms).collect())),
        }
    }

    /// The profiles as they were at the start, by number.
    #[must_use]
    pub fn known(&self) -> &[NamedProfile] {
        &self.known
    }

    /// The prints of their rooms, by scene; those of further rooms are to be put there.
    #[must_use]
    pub fn rooms(&self) -> Rooms {
        Rc::clone(&self.rooms)
    }

    /// The name of the profile of this number.
    #[must_use]
    pub fn name(&self, number: usize) -> Option<&str> {
        self.names.get(number)?.as_deref()
    }

    /// Keeps what was learnt: over the profile that it replaces, else under a new name. Gives the
    /// name and the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, learnt: &Learnt) -> Result<(String, PathBuf), ProfileError> {
        let name = match self.name(learnt.number) {
            Some(name) => name.to_owned(),
            None => self.folder.free_name(match learnt.profile.stance {
                Stance::Sitting => "desk",
                Stance::Standing => "standing",
            })?,
        };
        let scene = learnt.profile.place.map(|place| place.scene);
        let room = scene.and_then(|scene| self.rooms.borrow().get(&scene).cloned());
        let mut profile = learnt.profile;
        // Without a print the place says nothing to the next run.
        profile.place = profile.place.filter(|_| room.is_some());
        let path = self.folder.save(&KeptProfile {
            name: name.clone(),
            camera: self.camera.id.clone(),
            camera_name: self.camera.name.clone(),
            room,
            profile,
        })?;
        if self.names.len() <= learnt.number {
            self.names.resize(learnt.number + 1, None);
        }
        self.names[learnt.number] = Some(name.clone());
        Ok((name, path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::baseline::{Baseline, SideUpright, Spread, Upright};
    use crate::domain::io::CameraShift;
    use crate::domain::profile::Profile;

    fn camera(id: &str) -> CameraInfo {
        CameraInfo {
            index: 0,
            name: "Cam".to_owned(),
            id: id.to_owned(),
        }
    }

    fn load(folder: &ProfileFolder, of: &str) -> Profiles {
        Profiles::new(folder.clone(), &folder.all().unwrap(), camera(of))
    }

    fn learnt(number: usize, stance: Stance, scene: Option<u32>) -> Learnt {
        let of = |median| Spread { median, sigma: 0.1 };
        Learnt {
            profile: Profile {
                stance,
                baseline: Baseline {
                    frame: (640, 480),
                    samples: 30,
                    upright: Upright::Side(SideUpright {
                        looks_right: true,
                        neck: of(20.0),
                        torso: None,
                        pitch: of(1.0),
                        nose_length: of(40.0),
                        neck_length: of(60.0),
                    }),
                    slouch_limit: None,
                },
                place: scene.map(|scene| CameraShift {
                    scene,
                    right: 1.0,
                    down: 2.0,
                    turn: 0.0,
                    zoom: 1.0,
                }),
            },
            number,
            kept: true,
        }
    }

    #[test]
    fn what_is_kept_is_there_in_the_next_run_of_that_camera_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = ProfileFolder::new(folder.path().to_owned());
        let mut first = load(&folder, "a");
        first.rooms().borrow_mut().insert(4, "10".to_owned());
        first.rooms().borrow_mut().insert(5, "20".to_owned());
        let kept = [
            learnt(0, Stance::Sitting, Some(4)),
            learnt(1, Stance::Standing, Some(4)),
            learnt(2, Stance::Sitting, Some(5)),
            // A scene without a print.
            learnt(3, Stance::Sitting, Some(6)),
        ];
        let names = kept.map(|learnt| first.keep(&learnt).unwrap().0);
        assert_eq!(names, ["desk", "standing", "desk 2", "desk 3"]);
        // Learnt anew, it takes the place of the old one.
        assert_eq!(first.keep(&kept[1]).unwrap().0, "standing");

        let next = load(&folder, "a");
        let scenes: Vec<_> = next
            .known()
            .iter()
            .map(|named| {
                (
                    named.name.as_str(),
                    named.profile.place.map(|place| place.scene),
                )
            })
            .collect();
        let expected = [
            ("desk", Some(0)),
            ("desk 2", Some(1)),
            ("desk 3", None),
            ("standing", Some(0)),
        ];
        assert_eq!(scenes, expected);
        assert_eq!(next.rooms().borrow().len(), 2);
        assert!(load(&folder, "b").known().is_empty());
    }

    #[test]
    fn a_broken_profile_is_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let folder = ProfileFolder::new(place.path().to_owned());
        let mut profiles = load(&folder, "a");
        profiles.keep(&learnt(0, Stance::Sitting, None)).unwrap();
        std::fs::write(place.path().join("other.json"), "{}").unwrap();
        let next = load(&folder, "a");
        assert_eq!(next.known().len(), 1);
    }
}
