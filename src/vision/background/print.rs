//! A room's print: what of a room is kept from one run to the next, to know it again and to tell
//! how the camera has moved meanwhile.
//!
//! It is no picture. Of the reference picture, 96 pixels wide, it keeps some three hundred scattered
//! points on edges, freed of light, the person cut out: a twentieth of the pixels, chosen so that
//! each part of the room has a few.

use super::fit::Fit;
use super::plane::{LONGEST, Plane};
use super::points::{Point, Points, UNLIKE};
use super::room::{MIN_LIKENESS, Room, SURELY, is_within_reach};
use super::warp::{Cause, Warp};

/// Points of each of the two kinds. With so many, half of them hidden, a room is found to 0.2 % of the
/// width.
const MOST: usize = 150;

/// Fewer points of a kind than this, of which the next person may hide half, tell no room for sure.
const LEAST: usize = 40;

/// Cells that the points are taken from in turn, so that they lie all over the room.
const CELLS: (usize, usize) = (8, 6);

/// Values and slopes are kept in steps of this many parts of the spread around a point; sensor
/// noise is about as large.
const STEPS: f32 = 24.0;

/// How far apart the places are that are tried, in pixels of the small picture. A fit finds its way
/// from twice as far.
const STRIDE: usize = 2;

/// How far shifts are tried, in pixels of the small picture: a quarter of the width, as far as a
/// fit may lie.
const REACH: i32 = LONGEST as i32 / 4;

/// Turns (degrees) and zooms that are tried: what a camera does that was put up again by hand.
/// Between two of them no corner moves by more than three pixels or so.
const TURNS: [f64; 5] = [0.0, -3.0, 3.0, -6.0, 6.0];
const ZOOMS: [f64; 5] = [1.0, 0.95, 1.05, 0.9, 1.1];

/// So many of the places tried get a closer look: between two of them a point's surroundings may
/// differ so much that the right one ranks no better than thirtieth.
const CLOSEST: usize = 64;

/// What a point counts, in spreads, that is hidden or outside where it should lie: as much as one
/// that lies there by chance.
const UNSEEN: f64 = 1.0;

/// A fit that may be off by more than this part of the width is none. Three in a thousand are
/// about three millimetres at the head, a sixth of the smallest fault; a fit by chance is off by
/// five or more.
const MAX_ERROR: f64 = 0.003;

/// A room's print.
#[derive(Clone, Debug)]
pub(in crate::vision) struct RoomPrint {
    /// Size of the source picture in pixels.
    size: (u32, u32),
    points: Points,
}

/// Why a text is no print.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not the print of a room")]
pub(in crate::vision) struct NoPrint;

impl RoomPrint {
    /// The print of the room whose points these are, in a small picture like `plane` of a source of
    /// `size` pixels; `None` when it has too few.
    pub(super) fn new(points: &Points, plane: &Plane, size: (u32, u32)) -> Option<Self> {
        let kinds = [0, 1].map(|kind| scattered(&points.kinds[kind], plane));
        kinds
            .iter()
            .all(|kind| LEAST <= kind.len())
            .then_some(Self {
                size,
                points: Points {
                    kinds,
                    half: points.half,
                },
            })
    }

    /// How `room`, in a picture of `size` pixels, lies against the one of this print, in pixels of
    /// the small picture; `None` when it is another.
    pub(super) fn lay(&self, room: &Room, size: (u32, u32)) -> Option<Fit> {
        if size != self.size {
            return None;
        }
        let plane = room.plain(0);
        let mut places: Vec<(f64, Warp)> = starts()
            .map(|warp| (self.difference(plane, &warp), warp))
            .collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best: Option<Fit> = None;
        for (_, warp) in places.iter().take(CLOSEST) {
            best = self.better(best, plane, warp);
            if best.is_some_and(|best| SURELY <= best.likeness) {
                break;
            }
        }
        // From near by, each cause shows its best.
        best = self.better(best, plane, &best?.warp);
        best.filter(|fit| MIN_LIKENESS <= fit.likeness)
    }

    /// The best of `best` and the fits from `start` on.
    fn better(&self, best: Option<Fit>, plane: &Plane, start: &Warp) -> Option<Fit> {
        let fits = Cause::ALL.into_iter().filter_map(|cause| {
            let start = start.bent(cause.bend(plane.width as f64));
            self.points.fit(plane, &start, cause)
        });
        fits.filter(|fit| is_within_reach(fit) && fit.error <= MAX_ERROR)
            .chain(best)
            .max_by(|a, b| a.likeness.total_cmp(&b.likeness))
    }

    /// How far `plane` is from the points as `warp` lays them, in spreads.
    fn difference(&self, plane: &Plane, warp: &Warp) -> f64 {
        let all = self.points.kinds.iter().flatten();
        all.map(|point| {
            let there = plane.sample(warp.apply(point.at));
            if there.is_nan() {
                UNSEEN
            } else {
                f64::from((there - point.value).abs().min(UNLIKE))
            }
        })
        .sum()
    }

    /// The print as text: hexadecimal digits.
    #[must_use]
    pub(in crate::vision) fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        for side in [self.size.0, self.size.1] {
            bytes.extend(side.to_be_bytes());
        }
        let (x, y) = middle(self.size);
        for kind in &self.points.kinds {
            bytes.push(kind.len() as u8);
            for point in kind {
                // Whole pixels of a picture of 96 at most, counted from its corner.
                bytes.push((point.at.0 + x).round() as u8);
                bytes.push((point.at.1 + y).round() as u8);
                let brief = |value: f32| (STEPS * value).round().clamp(-128.0, 127.0) as i8;
                let numbers = [point.value, point.slope.0, point.slope.1].map(brief);
                bytes.extend(numbers.map(|number| number.cast_unsigned()));
            }
        }
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The print that `text` holds.
    ///
    /// # Errors
    /// When it is none.
    pub(in crate::vision) fn parse(text: &str) -> Result<Self, NoPrint> {
        let mut bytes = bytes(text)?.into_iter();
        let mut side = || {
            let four = [bytes.next()?, bytes.next()?, bytes.next()?, bytes.next()?];
            Some(u32::from_be_bytes(four))
        };
        let size = side().zip(side()).ok_or(NoPrint)?;
        if !(16..=8192).contains(&size.0) || !(16..=8192).contains(&size.1) {
            return Err(NoPrint);
        }
        let (x, y) = middle(size);
        let mut kind = || {
            let count = bytes.next().ok_or(NoPrint)?;
            if usize::from(count) < LEAST {
                return Err(NoPrint);
            }
            let mut point = || {
                let (column, row) = (bytes.next()?, bytes.next()?);
                let mut number = || Some(f32::from(bytes.next()?.cast_signed()) / STEPS);
                Some(Point {
                    at: (f64::from(column) - x, f64::from(row) - y),
                    value: number()?,
                    slope: (number()?, number()?),
                })
            };
            (0..count).map(|_| point().ok_or(NoPrint)).collect()
        };
        let kinds: [Vec<Point>; 2] = [kind()?, kind()?];
        if bytes.next().is_some() {
            return Err(NoPrint);
        }
        let half = (size.0 as usize / super::plane::block(size)) as f64 / 2.0;
        Ok(Self {
            size,
            points: Points { kinds, half },
        })
    }
}

/// Where a room may lie that is known again.
fn starts() -> impl Iterator<Item = Warp> {
    let shifts = || (-REACH..=REACH).step_by(STRIDE);
    TURNS.into_iter().flat_map(move |turn| {
        ZOOMS.into_iter().flat_map(move |zoom| {
            shifts().flat_map(move |right| {
                shifts().map(move |down| Warp::new(turn, zoom, (right.into(), down.into())))
            })
        })
    })
}

/// Up to [`MOST`] of `points`: of each cell the steepest, then of each the next.
fn scattered(points: &[Point], plane: &Plane) -> Vec<Point> {
    let cell = |point: &Point| {
        let part = |at: f64, middle: f64, side: usize, cells: usize| {
            ((at + middle).max(0.0) as usize * cells / side).min(cells - 1)
        };
        let column = part(point.at.0, plane.centre.0, plane.width, CELLS.0);
        let row = part(point.at.1, plane.centre.1, plane.height, CELLS.1);
        row * CELLS.0 + column
    };
    let mut cells = vec![Vec::new(); CELLS.0 * CELLS.1];
    for point in points {
        cells[cell(point)].push(*point);
    }
    let steepness = |point: &Point| point.slope.0.hypot(point.slope.1);
    for cell in &mut cells {
        cell.sort_by(|a, b| steepness(b).total_cmp(&steepness(a)));
    }
    let deepest = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..deepest)
        .flat_map(|rank| cells.iter().filter_map(move |cell| cell.get(rank)))
        .take(MOST)
        .copied()
        .collect()
}

/// The middle of a source picture of `size` pixels, in pixels of the small picture.
fn middle(size: (u32, u32)) -> (f64, f64) {
    let block = super::plane::block(size) as f64;
    let of = |side: u32| f64::from(side) / block / 2.0 - 0.5;
    (of(size.0), of(size.1))
}

fn bytes(text: &str) -> Result<Vec<u8>, NoPrint> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return Err(NoPrint);
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| NoPrint))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::shot::*;
    use super::super::{Background, Known};
    use super::*;

    /// The print of `shot`, as it comes back from its text.
    fn print_of(shot: &Shot) -> RoomPrint {
        let background = knowing(shot);
        let text = background.print(0).unwrap().to_text();
        RoomPrint::parse(&text).unwrap()
    }

    /// What a background that knows these prints says of `shot`.
    fn recognised(prints: Vec<RoomPrint>, shot: &Shot) -> Option<(u32, Warp)> {
        let mut background = Background::knowing(prints.into_iter().map(Some).collect());
        shot.shown_to(&mut background, 0.0);
        let shift = shot.shown_to(&mut background, 0.3)?;
        let width = f64::from(WIDTH);
        let lies = (
            f64::from(shift.right) / width,
            f64::from(shift.down) / width,
        );
        let warp = Warp::new(shift.turn.into(), shift.zoom.into(), lies);
        Some((shift.scene, warp))
    }

    #[test]
    fn a_room_is_known_again_wherever_the_person_sits_and_however_the_camera_stands() {
        let prints = vec![print_of(&seated())];
        for (turn, zoom, shift) in [
            (0.0, 1.0, (0.0, 0.0)),
            (2.0, 1.02, (0.05, -0.04)),
            (-5.0, 0.96, (-0.1, 0.08)),
            (0.0, 1.0, (0.0, 0.16)),
            (0.0, 1.0, (0.07, -0.07)),
        ] {
            for person in [None, Some((0.1, 0.05)), Some((-0.12, -0.1))] {
                let shot = Shot {
                    warp: Warp::new(turn, zoom, shift),
                    person,
                    ..ROOM
                };
                let (scene, warp) = recognised(prints.clone(), &shot).unwrap();
                let what = format!("{turn} {zoom} {shift:?} {person:?}: {warp:?}");
                assert_eq!(scene, 0, "{what}");
                let (right, down) = warp.shift();
                let off = (right - shift.0).hypot(down - shift.1);
                assert!(off < 0.004, "{what}: {off}");
                assert!((warp.turn() - turn).abs() < 0.5, "{what}");
                assert!((warp.zoom() / zoom - 1.0).abs() < 0.01, "{what}");
            }
        }
    }

    #[test]
    fn a_room_is_known_again_in_other_light_and_with_a_third_of_its_things_moved() {
        let prints = vec![print_of(&seated())];
        let dim = Shot {
            light: |grey, x| 0.4 * grey * (1.0 - 0.5 * x),
            ..seated()
        };
        let moved = Shot {
            changed: 0.6,
            ..seated()
        };
        for shot in [dim, moved] {
            assert_eq!(
                recognised(prints.clone(), &shot).map(|(scene, _)| scene),
                Some(0)
            );
        }
    }

    #[test]
    fn of_several_rooms_the_right_one_is_known_and_a_new_one_is_new() {
        let elsewhere = |way: f64| Shot {
            warp: Warp::new(0.0, 1.0, (way, 0.0)),
            ..seated()
        };
        let prints = vec![print_of(&seated()), print_of(&elsewhere(5.0))];
        for (way, scene) in [(0.03, 0), (5.02, 1), (9.0, 2), (13.0, 2), (-7.0, 2)] {
            let known = recognised(prints.clone(), &elsewhere(way));
            assert_eq!(known.map(|(scene, _)| scene), Some(scene), "{way}");
        }
    }

    #[test]
    fn a_camera_carried_from_one_known_room_to_another_is_known_there() {
        let elsewhere = Shot {
            warp: Warp::new(0.0, 1.0, (5.0, 0.0)),
            ..seated()
        };
        let mut background = Background::knowing(vec![
            Some(print_of(&seated())),
            None,
            Some(print_of(&elsewhere)),
        ]);
        for second in 0..3 {
            let shift = seated().shown_to(&mut background, second.into());
            assert!(shift.is_none_or(|shift| shift.scene == 0));
        }
        let scenes: Vec<_> = (3..20)
            .filter_map(|second| elsewhere.shown_to(&mut background, second.into()))
            .map(|shift| shift.scene)
            .collect();
        assert_eq!(scenes.first(), Some(&2), "{scenes:?}");
        assert_eq!(scenes.last(), Some(&2));
    }

    #[test]
    fn a_print_of_pictures_of_another_size_is_not_known() {
        let mut background = Background::knowing(vec![Some(print_of(&ROOM))]);
        let known = Known {
            pose: &crate::domain::pose::Pose::default(),
            presence: 0.0,
            light: 0.5,
        };
        let picture = ROOM.picture((400, 300));
        background.look(Duration::ZERO, &picture, known);
        let shift = background.look(Duration::from_secs(1), &picture, known);
        assert_eq!(shift.unwrap().scene, 1);
    }

    #[test]
    fn what_is_no_print_is_refused() {
        let text = print_of(&ROOM).to_text();
        let longer = format!("{text}00");
        for wrong in ["", "zz", "0", "00", &text[..40], &text[2..], &longer, "ü"] {
            assert_eq!(RoomPrint::parse(wrong).err(), Some(NoPrint), "{wrong:.20}");
        }
        assert_eq!(RoomPrint::parse(&text).unwrap().to_text(), text);
    }
}
