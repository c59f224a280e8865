//! The room in one picture, and how it lies against the room in another.

use std::cell::OnceCell;
use std::iter::once;

use super::fit::Fit;
use super::plane::{LONGEST, Plane};
use super::points::Points;
use super::print::RoomPrint;
use super::warp::{Cause, Warp};

/// Grids a picture is looked at on, each half as fine as the one before.
const LEVELS: usize = 3;

/// The share of a pixel's surroundings that must be seen. What is hidden by the person shifts the
/// mean of the rest, and moves with the person: on the finest grid little of it is let in. The
/// coarser ones only point the way, and would have little room left.
const SHARES: [f32; LEVELS] = [0.8, 0.5, 0.5];

/// How far shifts are looked for from nothing, in pixels of the coarsest grid: 4 of 24 are a sixth
/// of the width, well past the tenth that must be found.
const SEARCH: i32 = 4;

/// Turns (degrees) and zooms that the search tries. Between two of them no corner of the coarsest
/// grid moves by more than a pixel or so, from which the closer look finds the way.
const TURNS: [f64; 3] = [0.0, -4.0, 4.0];
const ZOOMS: [f64; 3] = [1.0, 0.93, 1.07];

/// So many of the places found get the closest look: the coarser grids often rank the right one
/// second.
const CLOSEST: usize = 3;

/// A fit this alike needs no search for a better one. Noise, and light from elsewhere, keep two
/// pictures of one room from being the same; a wrong place that is this alike is hardly in any.
pub(super) const SURELY: f64 = 0.85;

/// A fit less alike than this is none: its square, half of what is seen, is all that agrees.
pub(super) const MIN_LIKENESS: f64 = 0.7;

/// A fit that may be off by more than this part of the width is none: three of it are the 0.3 %
/// that a shift is to be known to.
const MAX_ERROR: f64 = 0.001;

/// Of a room that lies where it lay, two do: that a camera stands still needs less proof than that
/// it moved.
const MAX_STILL_ERROR: f64 = 0.0015;

/// A shift by less than this, in pixels of the small picture, is standing still: 1 % of the width.
const STILL: f64 = 1.0;

/// Spread of the residuals of a good fit, to foretell from one picture how well another will fit.
const USUAL_SPREAD: f64 = 0.1;

/// What is left over by the other cause must be this much less to change one's mind: the two differ
/// little, and to go to and fro between them would only add noise.
const PLAINLY: f64 = 0.8;

/// Beyond these a fit found is chance: in parts of the longer side, degrees, and times larger
/// or smaller. About twice what must be found; the search does not reach as far.
const MAX_SHIFT: f64 = 0.25;
const MAX_TURN: f64 = 12.0;
const MAX_ZOOM: f64 = 1.25;

/// The room in a picture, to be held against a [`Reference`].
pub(super) struct Room {
    /// Grey levels on ever coarser grids, as far as needed so far.
    grey: [OnceCell<Plane>; LEVELS],
    /// The same without light.
    plain: [OnceCell<Plane>; LEVELS],
}

/// How a room lies against a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lay {
    /// From the reference to the picture, in pixels of the small picture.
    pub(super) warp: Warp,
    /// What made it.
    pub(super) cause: Cause,
}

impl Lay {
    /// As in the reference.
    pub(super) const SAME: Self = Self {
        warp: Warp::NONE,
        cause: Cause::Turned,
    };
}

/// The room in a picture, to hold others against.
#[derive(Debug)]
pub(super) struct Reference {
    levels: [Points; LEVELS],
}

impl Room {
    /// The room in `grey`, a small picture in grey levels out of which the person is cut.
    pub(super) fn new(grey: Plane) -> Self {
        Self {
            grey: [OnceCell::from(grey), OnceCell::new(), OnceCell::new()],
            plain: Default::default(),
        }
    }

    /// This room as a reference; `None` when it has too little texture to tell a shift.
    pub(super) fn reference(&self) -> Option<Reference> {
        let finest = Points::new(self.plain(0));
        (finest.error(USUAL_SPREAD) <= MAX_ERROR).then(|| Reference {
            levels: [
                finest,
                Points::new(self.plain(1)),
                Points::new(self.plain(2)),
            ],
        })
    }

    fn grey(&self, level: usize) -> &Plane {
        self.grey[level].get_or_init(|| self.grey(level - 1).halve())
    }

    pub(super) fn plain(&self, level: usize) -> &Plane {
        self.plain[level].get_or_init(|| self.grey(level).without_light(SHARES[level]))
    }
}

impl Reference {
    /// The print of `room`, whose reference this is, in pictures of `size` pixels; `None` when it
    /// has too few points for one.
    pub(super) fn print(&self, room: &Room, size: (u32, u32)) -> Option<RoomPrint> {
        RoomPrint::new(&self.levels[0], room.plain(0), size)
    }

    /// How `room` lies against this one, in pixels of the small picture; `last` is how it lay a
    /// moment ago. `None` when the two are not alike, or what is seen of both does not tell.
    pub(super) fn fit(&self, room: &Room, last: &Lay) -> Option<Fit> {
        let near = self.closest(room, &last.warp, last.cause).filter(|fit| {
            let still = is_still(&last.warp.inverse().then(&fit.warp));
            is_sound(fit, if still { MAX_STILL_ERROR } else { MAX_ERROR })
        });
        if let Some(near) = near.filter(|fit| fit.likeness >= SURELY) {
            return Some(self.by_likelier_cause(room, near));
        }
        let mut best = near;
        for start in self.search(room) {
            for cause in Cause::ALL {
                let Some(fit) = self.closest(room, &start, cause) else {
                    continue;
                };
                let better = best.is_none_or(|best| fit.likeness > best.likeness);
                if better && is_sound(&fit, MAX_ERROR) {
                    best = Some(fit);
                }
            }
        }
        best.filter(|fit| fit.likeness >= MIN_LIKENESS)
    }

    /// `near`, or a fit by the other cause where that is plainly likelier. A shift by next to
    /// nothing is the same by either.
    fn by_likelier_cause(&self, room: &Room, near: Fit) -> Fit {
        let other = Cause::ALL
            .into_iter()
            .find(|cause| *cause != near.cause && !is_still(&near.warp));
        other
            .and_then(|cause| self.closest(room, &near.warp, cause))
            .filter(|fit| is_sound(fit, MAX_ERROR))
            .filter(|fit| 1.0 - fit.likeness < PLAINLY * (1.0 - near.likeness))
            .unwrap_or(near)
    }

    /// The fit on the finest grid, from `start` on.
    fn closest(&self, room: &Room, start: &Warp, cause: Cause) -> Option<Fit> {
        let plane = room.plain(0);
        let start = start.bent(cause.bend(plane.width as f64));
        self.levels[0].fit(plane, &start, cause)
    }

    /// Where `room` may lie, in pixels of the finest grid: for every turn and zoom of a few the
    /// shift that fits best on the coarsest grid, and none at all, after a closer look on the
    /// middle one.
    fn search(&self, room: &Room) -> Vec<Warp> {
        let [_, middle, coarsest] = &self.levels;
        let shifts = || (-SEARCH..=SEARCH).flat_map(|x| (-SEARCH..=SEARCH).map(move |y| (x, y)));
        let best = |turn: f64, zoom: f64| {
            shifts()
                .map(|(x, y)| Warp::new(turn, zoom, (x.into(), y.into())))
                .map(|warp| (coarsest.difference(room.plain(2), &warp), warp))
                .filter(|(difference, _)| difference.is_finite())
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let mut found: Vec<Fit> = TURNS
            .iter()
            .flat_map(|turn| ZOOMS.iter().filter_map(|zoom| best(*turn, *zoom)))
            .map(|(_, warp)| warp.in_pixels_of(0.5))
            .chain(once(Warp::NONE))
            .filter_map(|warp| middle.fit(room.plain(1), &warp, Cause::Slid))
            .collect();
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
        found.truncate(CLOSEST);
        let finer = |fit: Fit| fit.warp.in_pixels_of(0.5);
        found.into_iter().map(finer).collect()
    }
}

/// Whether `warp`, in pixels of the small picture, is about none.
pub(super) fn is_still(warp: &Warp) -> bool {
    let (right, down) = warp.shift();
    right.hypot(down) < STILL
}

fn is_sound(fit: &Fit, most: f64) -> bool {
    fit.error <= most && is_within_reach(fit)
}

/// Whether `fit` lies no further off than is looked for.
pub(super) fn is_within_reach(fit: &Fit) -> bool {
    let (right, down) = fit.warp.shift();
    right.hypot(down) <= MAX_SHIFT * LONGEST as f64
        && fit.warp.turn().abs() <= MAX_TURN
        && (1.0 / MAX_ZOOM..=MAX_ZOOM).contains(&fit.warp.zoom())
}
