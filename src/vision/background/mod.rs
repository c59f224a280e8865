//! How the camera has moved: the room in a picture held against a picture of the room taken before,
//! the person cut out of both.

mod fit;
mod mask;
mod plane;
mod points;
mod print;
mod room;
mod shot;
mod solve;
mod warp;

use std::time::Duration;

use self::mask::cut_out;
use self::plane::{Plane, block};
pub(in crate::vision) use self::print::RoomPrint;
use self::room::{Lay, Reference, Room, is_still};
use self::warp::Warp;
use super::movenet::round;
use super::picture::Rgb;
use crate::domain::baseline::{MIN_LIGHT, MIN_PRESENCE};
use crate::domain::io::CameraShift;
use crate::domain::pose::Pose;

/// A picture that shows another room for this long is a new scene: somebody who stands before the
/// camera, or a lid on its way, does not hold still as long.
const NEW_SCENE_AFTER: Duration = Duration::from_secs(10);

/// A reference is renewed when the room has become so much less like it that what is left over, and
/// with it the error of a fit, has twice the spread, four times the variance, of the best of times...
const FADED: f64 = 4.0;

/// ...which are not taken to be better than this: a camera that gives the same picture twice would
/// else make any other picture a faded one...
const UNCHANGED: f64 = 0.99;

/// ...when that has lasted as long as nobody takes who passes behind...
const FADED_FOR: Duration = Duration::from_secs(60);

/// ...and not more often than this, because each renewal adds its error to the shift.
const RENEW_AFTER: Duration = Duration::from_secs(600);

/// Follows the room from picture to picture.
#[derive(Debug, Default)]
pub struct Background {
    size: (u32, u32),
    scene: Option<Scene>,
    candidate: Option<Candidate>,
    /// Rooms known from before; their scenes are numbered from 0.
    known: Vec<Option<RoomPrint>>,
    /// How many scenes are new, not known from before.
    new: u32,
}

/// What is known of a room.
#[derive(Debug)]
struct Scene {
    number: u32,
    /// The print of its first reference; `None` when that has too few points for one.
    print: Option<RoomPrint>,
    reference: Reference,
    taken_at: Duration,
    /// From the scene's first reference to the present one, in pixels of the small picture.
    base: Warp,
    /// From the present reference to the last picture.
    last: Lay,
    /// The best that the present reference has fitted.
    best: f64,
    /// Since when the room has been less like its reference than it should.
    faded_since: Option<Duration>,
}

/// A room that may become the next scene if it holds still.
#[derive(Debug)]
struct Candidate {
    reference: Reference,
    taken_at: Duration,
}

/// What else is known of a picture, besides its pixels.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The joints of the person, in pixels of the picture.
    pub pose: &'a Pose,
    /// How surely a person is in the picture, 0 to 1.
    pub presence: f32,
    /// Mean brightness of the picture, 0 to 1.
    pub light: f32,
}

impl Background {
    /// A background that knows these rooms again: they are the scenes 0, 1 and so on, and shifts in
    /// them are told against the pictures that the prints were taken of. `None` keeps its number.
    #[must_use]
    pub(super) fn knowing(rooms: Vec<Option<RoomPrint>>) -> Self {
        Self {
            known: rooms,
            ..Self::default()
        }
    }

    /// The print of the present scene, if it is the one of this `number`.
    #[must_use]
    pub(super) fn print(&self, number: u32) -> Option<&RoomPrint> {
        let scene = self.scene.as_ref().filter(|scene| scene.number == number)?;
        scene.print.as_ref()
    }

    /// How the camera has moved in `picture`, taken at `at`; `None` where the room does not tell:
    /// it is dark, the person fills the picture, the room has no texture, or it is not the one of
    /// the last pictures.
    pub fn look(&mut self, at: Duration, picture: &Rgb, known: Known) -> Option<CameraShift> {
        if f64::from(known.light) < MIN_LIGHT {
            return None;
        }
        let size = (picture.width, picture.height);
        if self.size != size {
            self.size = size;
            self.scene = None;
            self.candidate = None;
        }
        let mut grey = Plane::shrink(picture);
        grey.soften();
        // An empty chair belongs to the room.
        if known.presence >= MIN_PRESENCE {
            cut_out(&mut grey, known.pose, size);
        }
        let room = Room::new(grey);
        let seen = self.scene.as_mut().and_then(|scene| scene.look(at, &room));
        if seen.is_some() {
            self.candidate = None;
        }
        let (number, shift) = seen.or_else(|| self.look_for_scene(at, &room))?;
        Some(shift_of(number, &shift, block(size) as f64))
    }

    /// Whether a room that is none of the scene's holds still, and is one of its own.
    fn look_for_scene(&mut self, at: Duration, room: &Room) -> Option<(u32, Warp)> {
        let reference = room.reference()?;
        let held = self.candidate.take_if(|candidate| {
            let fit = candidate.reference.fit(room, &Lay::SAME);
            fit.is_some_and(|fit| is_still(&fit.warp))
        });
        let Some(candidate) = held else {
            self.candidate = Some(Candidate {
                reference,
                taken_at: at,
            });
            return None;
        };
        // The first of all waits for nothing but a second picture like it: noise is like nothing.
        if self.scene.is_some() && at.saturating_sub(candidate.taken_at) < NEW_SCENE_AFTER {
            self.candidate = Some(candidate);
            return None;
        }
        let (number, print, base) = self.recognise(room).unwrap_or_else(|| {
            let number = self.known.len() as u32 + self.new;
            self.new += 1;
            (number, reference.print(room, self.size), Warp::NONE)
        });
        self.scene = Some(Scene {
            number,
            print,
            reference,
            taken_at: at,
            base,
            last: Lay::SAME,
            best: 0.0,
            faded_since: None,
        });
        Some((number, base))
    }

    /// Which of the known rooms `room` is, and how it lies against it.
    fn recognise(&self, room: &Room) -> Option<(u32, Option<RoomPrint>, Warp)> {
        let lays = self.known.iter().zip(0..).filter_map(|(print, number)| {
            let print = print.as_ref()?;
            Some((print.lay(room, self.size)?, number, print))
        });
        let (fit, number, print) = lays.max_by(|a, b| a.0.likeness.total_cmp(&b.0.likeness))?;
        Some((number, Some(print.clone()), fit.warp))
    }
}

impl Scene {
    fn look(&mut self, at: Duration, room: &Room) -> Option<(u32, Warp)> {
        let fit = self.reference.fit(room, &self.last)?;
        self.last = Lay {
            warp: fit.warp,
            cause: fit.cause,
        };
        let shift = self.base.then(&fit.warp);
        self.best = self.best.max(fit.likeness);
        if 1.0 - fit.likeness <= FADED * (1.0 - self.best.min(UNCHANGED)) {
            self.faded_since = None;
        } else {
            let since = *self.faded_since.get_or_insert(at);
            let due = at.saturating_sub(since) >= FADED_FOR
                && at.saturating_sub(self.taken_at) >= RENEW_AFTER;
            if let Some(reference) = due.then(|| room.reference()).flatten() {
                self.reference = reference;
                self.taken_at = at;
                self.base = shift;
                self.last = Lay::SAME;
                self.best = 0.0;
                self.faded_since = None;
            }
        }
        Some((self.number, shift))
    }
}

/// `shift` in pixels of the source picture, of which `block` make one of the small picture. Digits
/// beyond those kept are noise that would only lengthen recorded sessions.
fn shift_of(scene: u32, shift: &Warp, block: f64) -> CameraShift {
    // Nothing added to a negative zero makes it a plain one.
    let round = |value: f64, parts: f32| round(value as f32, parts) + 0.0;
    let (right, down) = shift.shift();
    CameraShift {
        scene,
        right: round(right * block, 100.0),
        down: round(down * block, 100.0),
        turn: round(shift.turn(), 100.0),
        zoom: round(shift.zoom(), 10_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::shot::*;
    use super::warp::Cause;
    use super::*;
    use crate::domain::pose::Keypoint;

    #[test]
    fn nudges_are_found_with_and_without_a_person() {
        let nudges = [
            (0.0, 1.0, (0.02, 0.0)),
            (0.0, 1.0, (0.1, 0.0)),
            (0.0, 1.0, (-0.1, 0.02)),
            (0.0, 1.0, (0.0, 0.075)),
            (0.0, 1.0, (0.03, -0.075)),
            (5.0, 1.0, (0.0, 0.0)),
            (-5.0, 1.0, (0.02, 0.01)),
            (0.0, 1.1, (0.0, 0.0)),
            (0.0, 0.9, (0.01, -0.02)),
            (-3.0, 1.03, (0.05, -0.05)),
        ];
        for room in [ROOM, seated()] {
            for (turn, zoom, shift) in nudges {
                let warp = Warp::new(turn, zoom, shift);
                // The camera moves the person as well.
                let person = room.person.map(|at| warp.apply(at));
                let nudged = Shot {
                    warp,
                    person,
                    ..room.clone()
                };
                let shift = nudged.shown_to(&mut knowing(&room), 0.6);
                assert_found(shift, &warp, &format!("{:?}", room.person));
            }
        }
    }

    #[test]
    fn a_camera_that_turns_is_told_by_where_the_middle_goes() {
        for room in [ROOM, seated()] {
            for shift in [(0.02, 0.0), (0.0, 0.06), (0.0, -0.06), (0.08, 0.03)] {
                let warp = Warp::new(1.0, 1.0, shift).bent(Cause::Turned.bend(1.0));
                let person = room.person.map(|at| warp.apply(at));
                let turned = Shot {
                    warp,
                    person,
                    ..room.clone()
                };
                let mut background = knowing(&room);
                for second in 1..3 {
                    let shift = turned.shown_to(&mut background, second.into());
                    assert_found(shift, &warp, &format!("{:?} {second}", room.person));
                }
            }
        }
    }

    #[test]
    fn a_nudge_back_is_found_from_where_the_room_lay() {
        let mut background = knowing(&ROOM);
        let warp = Warp::new(2.0, 1.02, (0.06, -0.03));
        let nudged = Shot { warp, ..ROOM };
        assert_found(nudged.shown_to(&mut background, 1.0), &warp, "there");
        assert_found(nudged.shown_to(&mut background, 2.0), &warp, "still there");
        let back = ROOM.shown_to(&mut background, 3.0);
        assert_found(back, &Warp::NONE, "back");
    }

    #[test]
    fn other_light_is_no_shift() {
        let lights: [(&str, Light); 5] = [
            ("dim", |grey, _| 0.45 * grey),
            ("bright", |grey, _| 1.3 * grey + 10.0),
            ("hazy", |grey, _| 0.6 * grey + 80.0),
            ("overexposed", |grey, _| (1.5 * grey + 40.0).min(255.0)),
            ("a lamp on the left", |grey, x| grey * (1.0 - 0.8 * x)),
        ];
        let mut background = knowing(&seated());
        for (what, light) in lights {
            let lit = Shot { light, ..seated() };
            let shift = lit.shown_to(&mut background, 1.0);
            assert_found(shift, &Warp::NONE, what);
        }
    }

    #[test]
    fn a_person_who_moves_is_no_shift() {
        let mut background = knowing(&seated());
        for (index, at) in [(0.04, 0.0), (-0.1, 0.02), (0.0, 0.12), (0.15, -0.1)]
            .iter()
            .enumerate()
        {
            let moved = Shot {
                person: Some(*at),
                ..ROOM
            };
            let shift = moved.shown_to(&mut background, 1.0 + index as f64);
            assert_found(shift, &Warp::NONE, &format!("{at:?}"));
        }
        let left = ROOM.shown_to(&mut background, 9.0);
        assert_found(left, &Warp::NONE, "the chair is empty");
    }

    #[test]
    fn somebody_who_passes_is_no_shift_and_hides_none() {
        let mut background = knowing(&seated());
        let warp = Warp::new(1.0, 1.0, (0.03, 0.03));
        for step in 0..10 {
            let passed = Shot {
                passer: Some(0.1 * f64::from(step) - 0.5),
                warp: if step < 5 { Warp::NONE } else { warp },
                ..seated()
            };
            let shift = passed.shown_to(&mut background, 1.0 + f64::from(step));
            assert_found(shift, &passed.warp, &format!("step {step}"));
        }
    }

    #[test]
    fn walls_that_do_not_tell_are_no_scene() {
        for walls in [Walls::Blank, Walls::Lines] {
            let mut background = Background::default();
            let room = Shot { walls, ..seated() };
            for second in 0..15 {
                assert_eq!(room.shown_to(&mut background, second.into()), None);
            }
        }
    }

    #[test]
    fn in_the_dark_and_behind_a_person_nothing_is_told_and_the_scene_stays() {
        let mut background = knowing(&seated());
        let close = Shot {
            person: Some((0.0, -0.3)),
            ..ROOM
        };
        for second in 1..15 {
            // Joints of somebody who fills the picture: shoulders wider than it.
            let mut pose = close.pose();
            let wide = pose.keypoints().map(|k| Keypoint {
                x: (k.x - 160.0) * 3.5 + 160.0,
                ..k
            });
            pose = Pose::new(wide);
            let at = Duration::from_secs(second);
            let picture = close.picture((WIDTH, HEIGHT));
            let mut look = |light: f32| {
                let known = Known {
                    pose: &pose,
                    presence: 0.9,
                    light,
                };
                background.look(at, &picture, known)
            };
            assert_eq!(look(0.5), None);
            assert_eq!(look(0.05), None);
        }
        let again = seated().shown_to(&mut background, 20.0);
        assert_eq!(again.unwrap().scene, 0);
        assert_found(again, &Warp::NONE, "again");
    }

    #[test]
    fn a_camera_put_elsewhere_makes_a_new_scene_when_it_has_stood_still() {
        let mut background = knowing(&ROOM);
        let place = |right: f64| Shot {
            warp: Warp::new(0.0, 1.0, (right, 0.0)),
            ..ROOM
        };
        // While it is carried there is no scene.
        for step in 0..20 {
            let shift =
                place(2.0 + 0.1 * f64::from(step)).shown_to(&mut background, f64::from(1 + step));
            assert_eq!(shift, None, "step {step}");
        }
        for second in 21..31 {
            let shift = place(5.0).shown_to(&mut background, second.into());
            assert_eq!(shift, None, "second {second}");
        }
        let new = place(5.0).shown_to(&mut background, 31.0);
        assert_eq!(new.unwrap().scene, 1);
        let warp = Warp::new(0.0, 1.0, (0.04, 0.0));
        let nudged = place(5.04).shown_to(&mut background, 32.0);
        assert_eq!(nudged.unwrap().scene, 1);
        assert_found(nudged, &warp, "in the new scene");
    }

    #[test]
    fn a_room_that_changes_slowly_stays_the_scene_and_keeps_its_shift() {
        let mut background = knowing(&seated());
        let warp = Warp::new(1.5, 1.02, (0.05, 0.02));
        let renewed = background.scene.as_ref().unwrap().taken_at;
        for step in 1..=120 {
            let changed = Shot {
                warp,
                changed: f64::from(step) / 120.0,
                ..seated()
            };
            let shift = changed.shown_to(&mut background, 30.0 * f64::from(step));
            assert_eq!(shift.unwrap().scene, 0, "step {step}");
            assert_found(shift, &warp, &format!("step {step}"));
        }
        assert!(background.scene.unwrap().taken_at > renewed, "not renewed");
    }

    #[test]
    fn pictures_of_another_size_are_a_new_scene() {
        let mut background = knowing(&ROOM);
        let known = Known {
            pose: &Pose::default(),
            presence: 0.0,
            light: 0.5,
        };
        let picture = ROOM.picture((400, 300));
        assert_eq!(
            background.look(Duration::from_secs(1), &picture, known),
            None
        );
        let shift = background.look(Duration::from_secs(2), &picture, known);
        assert_eq!(shift.unwrap().scene, 1);
    }
}
