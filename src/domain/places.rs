//! Which of the person's profiles goes with what is seen: by the room behind them, and by where
//! their head is in it.

use std::time::Duration;

use super::baseline::{Baseline, Upright};
use super::camera::Shift;
use super::io::{CameraShift, Observation};
use super::measures::Quantity;
use super::outline::{Outline, outline};
use super::profile::{Profile, Stance};
use super::room;
use super::settings::Settings;
use super::time::Moment;

/// Ears this many centimetres over those of upright sitting are a standing person's. Who stands up
/// at a desk that stays rises by 20 or more; who stretches on the chair, by less than 5.
const STANDS_ABOVE_CM: f64 = 17.0;

/// A camera that has gone up with the desk sees the room lower by this part of the picture's
/// height...
const CAMERA_ROSE: f64 = 0.05;

/// ...while the eyes have moved by less than this part of that. A tilted camera moves both alike...
const EYES_STAYED: f64 = 0.4;

/// ...and the ears are higher in the room by this many centimetres, and the head about as large as
/// before: who slouches before a nudged camera can have their eyes where they were, too.
const ROSE_WITH_CAMERA_CM: f64 = 2.0;
const SAME_SIZE: f64 = 1.1;

/// A stance that was never learnt must be seen for this long, before it counts...
const SETTLED_AFTER: Duration = Duration::from_secs(20);

/// ...and one that was, for this long: there is something to judge it by.
const BACK_AFTER: Duration = Duration::from_secs(5);

/// The room must have been silent for this long, with somebody there, before profiles are chosen
/// without it.
const ROOM_SILENT: Duration = Duration::from_secs(5);

/// Without the room, a profile goes with somebody whose ears are within so many centimetres of its
/// upright's height...
const ALIKE_CM: f64 = 17.0;

/// ...and whose head is at most so many times larger or smaller.
const ALIKE_SIZE: f64 = 1.3;

/// What a head e times larger or smaller counts beside the ears' height, in centimetres, in
/// choosing the nearest profile.
const SIZE_WEIGHT_CM: f64 = 28.0;

/// Where the person is, as far as profiles tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where this profile was learnt.
    Known(usize),
    /// In the room of a profile, but in a stance that none was learnt for.
    OtherStance(Stance),
    /// In a room of none of the profiles.
    New,
}

/// What an observation says of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceNews {
    /// Nothing new.
    None,
    /// The person may be changing places: what is measured now means nothing.
    Unsettled,
    /// From now on the person is here.
    Changed(Place),
}

/// A place that does not count yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    place: Place,
    since: Moment,
    seen: Moment,
}

/// The profiles, and which of them counts.
#[derive(Clone, Debug, Default)]
pub struct Places {
    profiles: Vec<Profile>,
    now: Option<Place>,
    /// Where the person may be going.
    pending: Option<Pending>,
    /// Where the room was last.
    room: Option<CameraShift>,
    /// Since when somebody is there and the room has not told anything.
    silent_since: Option<Moment>,
}

impl Places {
    /// Nothing is known yet of where the person is.
    #[must_use]
    pub fn new(profiles: Vec<Profile>) -> Self {
        Self {
            profiles,
            ..Self::default()
        }
    }

    /// Whether there is no profile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty()
    }

    /// The profile that counts now.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        match self.now? {
            Place::Known(number) => self.profiles.get(number),
            Place::OtherStance(_) | Place::New => None,
        }
    }

    /// Whether the person sits or stands, as far as is known.
    #[must_use]
    pub fn stance(&self) -> Stance {
        match self.now {
            Some(Place::Known(number)) => self.profiles.get(number).map(|p| p.stance),
            Some(Place::OtherStance(stance)) => Some(stance),
            Some(Place::New) | None => None,
        }
        .unwrap_or_default()
    }

    /// Takes a profile that was learnt here; gives its number. It replaces one for the same stance
    /// in the same room.
    pub fn learn(&mut self, profile: Profile) -> usize {
        let scene = |profile: &Profile| profile.place.map(|place| place.scene);
        let same =
            |known: &Profile| known.stance == profile.stance && scene(known) == scene(&profile);
        let number = self.profiles.iter().position(same);
        let number = number.unwrap_or(self.profiles.len());
        if number == self.profiles.len() {
            self.profiles.push(profile);
        } else {
            self.profiles[number] = profile;
        }
        self.now = Some(Place::Known(number));
        self.pending = None;
        number
    }

    /// The profile that counts has this baseline from now on.
    pub fn adapt(&mut self, baseline: Baseline) {
        if let Some(Place::Known(number)) = self.now {
            self.profiles[number].baseline = baseline;
        }
    }

    /// Takes what was seen of somebody who is there.
    pub fn push(&mut self, at: Moment, seen: &Observation, settings: &Settings) -> PlaceNews {
        if self.profiles.is_empty() {
            return PlaceNews::None;
        }
        self.follow_room(at, seen.camera);
        let Some(place) = self.look(at, seen, settings.focal_px(seen.frame.0)) else {
            return PlaceNews::None;
        };
        if self.now == Some(place) {
            self.pending = None;
            return PlaceNews::None;
        }
        let since = self
            .pending
            .filter(|it| it.place == place && at.since(it.seen) <= settings.longest_step())
            .map_or(at, |it| it.since);
        self.pending = Some(Pending {
            place,
            since,
            seen: at,
        });
        let patience = match place {
            Place::Known(_) => BACK_AFTER,
            Place::OtherStance(_) | Place::New => SETTLED_AFTER,
        };
        // Nothing has counted so far, or the room itself is another: there is nothing to wait for.
        let at_once = self.now.is_none() || self.is_elsewhere(place);
        if !at_once && at.since(since) < patience {
            return PlaceNews::Unsettled;
        }
        self.now = Some(place);
        self.pending = None;
        PlaceNews::Changed(place)
    }

    fn follow_room(&mut self, at: Moment, room: Option<CameraShift>) {
        match room {
            Some(room) => {
                self.room = Some(room);
                self.silent_since = None;
                // The room begins to tell where the person is: here.
                if let Some(Place::Known(number)) = self.now {
                    self.profiles[number].place.get_or_insert(room);
                }
            }
            None if self.room.is_none() => {
                self.silent_since.get_or_insert(at);
            }
            None => {}
        }
    }

    /// Whether `place` is in another room than the one that counts.
    fn is_elsewhere(&self, place: Place) -> bool {
        let scene = |place| match place {
            Place::Known(number) => self.profiles[number].place.map(|room| room.scene),
            Place::OtherStance(_) | Place::New => None,
        };
        match (self.now, place) {
            (_, Place::New) | (Some(Place::New), _) => true,
            (Some(now @ Place::Known(_)), Place::Known(_)) => scene(now) != scene(place),
            _ => false,
        }
    }

    /// Where the person is; `None` when this picture does not tell.
    fn look(&self, at: Moment, seen: &Observation, focal_px: f64) -> Option<Place> {
        let silent = |since| at.since(since) >= ROOM_SILENT;
        if self.room.is_none() && !self.silent_since.is_some_and(silent) {
            return None;
        }
        let scene = self.room.map(|room| room.scene);
        let mut here = self.learnt_in(scene);
        // Some rooms leave no print, and are not known again.
        let by_room = !here.is_empty() && scene.is_some();
        if here.is_empty() {
            here = self.learnt_in(None);
        }
        if here.is_empty() {
            return Some(Place::New);
        }
        let outline = outline(&seen.pose, seen.frame).ok()?;
        let nearest = here
            .into_iter()
            .filter_map(|n| {
                Some((
                    n,
                    self.compare(&self.profiles[n], seen, &outline, focal_px)?,
                ))
            })
            .min_by(|(_, a), (_, b)| a.distance().total_cmp(&b.distance()));
        let Some((number, framing)) = nearest else {
            // Turned to the side before a camera that learnt the front, or the other way round.
            return self.now.is_none().then_some(Place::New);
        };
        let stance = self.profiles[number].stance;
        if !by_room && self.now.is_none() && !framing.is_alike() {
            return Some(Place::New);
        }
        Some(if framing.is_of_other_stance(stance) {
            Place::OtherStance(stance.other())
        } else {
            Place::Known(number)
        })
    }

    /// The numbers of the profiles that were learnt in this scene.
    fn learnt_in(&self, scene: Option<u32>) -> Vec<usize> {
        let profiles = self.profiles.iter().enumerate();
        profiles
            .filter(|(_, profile)| profile.place.map(|place| place.scene) == scene)
            .map(|(number, _)| number)
            .collect()
    }

    /// How somebody with this outline compares with the upright of `profile`; `None` when they
    /// cannot be compared: pictures of another size, or seen from another side.
    fn compare(
        &self,
        profile: &Profile,
        seen: &Observation,
        now: &Outline,
        focal_px: f64,
    ) -> Option<Framing> {
        if profile.baseline.frame != seen.frame {
            return None;
        }
        let (front, upright) = match (now, &profile.baseline.upright) {
            (Outline::Front(front), Upright::Front(upright)) => (front, upright),
            // From the side angles are compared, which need no place.
            (Outline::Side(_), Upright::Side(_)) => return Some(Framing::SAME),
            _ => return None,
        };
        let moved = match (self.room, profile.place) {
            (Some(room), Some(place)) if room.scene == place.scene => {
                Shift::from(room).since(place.into())
            }
            _ => Shift::NONE,
        };
        let pose = moved.undo_pose(&seen.pose, seen.frame);
        let values = room::measure(&pose, upright, focal_px);
        let of = |quantity: Quantity| values[quantity as usize].ok();
        let eyes_rose = front.eyes.middle.y - upright.eye_y.median;
        Some(Framing {
            rose_cm: -of(Quantity::SinkCm)?,
            size: (1.0 + of(Quantity::HeadSize)?).max(f64::MIN_POSITIVE).ln(),
            room_sank: moved.down / f64::from(seen.frame.1),
            eyes_stayed: eyes_rose.abs() < EYES_STAYED * moved.down.abs(),
        })
    }
}

/// How a person in the picture compares with an upright.
#[derive(Clone, Copy, Debug)]
struct Framing {
    /// By how many centimetres the ears are higher in the room.
    rose_cm: f64,
    /// Logarithm of how many times larger the head is.
    size: f64,
    /// By which part of the picture's height the room is lower.
    room_sank: f64,
    /// The eyes are where they were in the picture, whatever the room did.
    eyes_stayed: bool,
}

impl Framing {
    const SAME: Self = Self {
        rose_cm: 0.0,
        size: 0.0,
        room_sank: 0.0,
        eyes_stayed: true,
    };

    fn distance(&self) -> f64 {
        self.rose_cm.abs() + SIZE_WEIGHT_CM * self.size.abs()
    }

    fn is_alike(&self) -> bool {
        self.rose_cm.abs() < ALIKE_CM && self.size.abs() < ALIKE_SIZE.ln()
    }

    /// Whether it is somebody who stands where `stance` is sitting, or the other way round.
    fn is_of_other_stance(&self, stance: Stance) -> bool {
        let (up_cm, sank) = match stance {
            Stance::Sitting => (self.rose_cm, self.room_sank),
            Stance::Standing => (-self.rose_cm, -self.room_sank),
        };
        let with_camera = CAMERA_ROSE <= sank
            && self.eyes_stayed
            && ROSE_WITH_CAMERA_CM <= up_cm
            && self.size.abs() < SAME_SIZE.ln();
        STANDS_ABOVE_CM <= up_cm || with_camera
    }
}
