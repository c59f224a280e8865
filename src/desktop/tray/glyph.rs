//! The icons, drawn: somebody on a seat, seen from the side. Upright, leaning, bent, or upright and
//! hollow where nothing is judged: they differ by shape, the colour only helps.

use super::view::Look;

/// The sizes that panels ask for most, in pixels; they scale the nearest for the rest.
pub(super) const SIZES: [u16; 3] = [22, 32, 48];

/// The drawing is laid out on a square of this many units a side.
const GRID: f64 = 24.0;

/// Samples a pixel has in each direction.
const SAMPLES: u16 = 4;

/// Half the width of back and thighs, in units.
const HALF_WIDTH: f64 = 2.1;

/// The same of a hollow figure, which must have room within.
const HOLLOW_HALF_WIDTH: f64 = 2.7;

/// The radius of the head, in units.
const HEAD: f64 = 3.5;

/// The width of the line that a hollow figure is made of, in units.
const LINE: f64 = 1.35;

/// The width of the dark rim around the figure, in units: it parts the figure from a light panel,
/// and is not seen on a dark one.
const RIM: f64 = 0.8;

/// How dark the rim is, 0 to 1.
const RIM_ALPHA: f64 = 0.55;

/// A point or a way, in units to the right and down.
type Point = (f64, f64);

/// A picture in the ARGB32 of StatusNotifierItem: four bytes a pixel, alpha first (the network's
/// order), colours not multiplied by it, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Pixels a side.
    pub(super) side: u16,
    pub(super) argb: Vec<u8>,
}

/// A seated person: back (a quadratic Bézier curve from the hip over a point it bends towards to the
/// neck) and head; the thighs are always there.
struct Figure {
    hip: Point,
    bend: Point,
    neck: Point,
    head: Point,
    is_hollow: bool,
    /// Red, green, blue.
    colour: [u8; 3],
}

fn figure(look: Look) -> Figure {
    // Colours of middling brightness, which stand out from light and dark alike.
    let upright = Figure {
        hip: (8.0, 20.0),
        bend: (8.0, 15.0),
        neck: (8.0, 10.5),
        head: (8.6, 5.0),
        is_hollow: false,
        colour: [0x2e, 0xb0, 0x58],
    };
    match look {
        Look::Good => upright,
        Look::AtRisk => Figure {
            hip: (6.0, 20.0),
            bend: (9.0, 15.5),
            neck: (12.0, 11.0),
            head: (15.4, 6.4),
            colour: [0xf0, 0xa0, 0x10],
            ..upright
        },
        Look::Bad => Figure {
            hip: (6.0, 20.0),
            bend: (3.6, 9.4),
            neck: (11.4, 8.0),
            head: (16.8, 10.2),
            colour: [0xe8, 0x3e, 0x34],
            ..upright
        },
        Look::Unsure => Figure {
            hip: (7.6, 19.6),
            bend: (7.6, 15.0),
            neck: (7.6, 11.5),
            head: (8.4, 5.2),
            is_hollow: true,
            colour: [0x9c, 0xa2, 0xa8],
        },
    }
}

/// The picture of `look`, `side` pixels wide and high.
pub(super) fn draw(look: Look, side: u16) -> Picture {
    let figure = figure(look);
    let back = figure.back();
    let mut argb = Vec::with_capacity(usize::from(side).pow(2) * 4);
    let unit = GRID / f64::from(side * SAMPLES);
    for y in 0..side {
        for x in 0..side {
            let (mut body, mut rim) = (0.0, 0.0);
            for sample in 0..SAMPLES.pow(2) {
                let right = f64::from(x * SAMPLES + sample % SAMPLES) + 0.5;
                let down = f64::from(y * SAMPLES + sample / SAMPLES) + 0.5;
                let outside = figure.outside(&back, (right * unit, down * unit));
                if figure.is_body(outside) {
                    body += 1.0;
                } else if 0.0 < outside && outside <= RIM {
                    rim += 1.0;
                }
            }
            let samples = f64::from(SAMPLES.pow(2));
            argb.extend(pixel(figure.colour, body / samples, rim / samples));
        }
    }
    Picture { side, argb }
}

/// A pixel that the figure covers by the part `body`, and its rim by the part `rim`.
fn pixel(colour: [u8; 3], body: f64, rim: f64) -> [u8; 4] {
    let rim = rim * RIM_ALPHA;
    let alpha = body + rim;
    // The rim is black, so it only takes from the colour.
    let part = if alpha > 0.0 { body / alpha } else { 0.0 };
    let [red, green, blue] = colour.map(|value| byte(f64::from(value) * part));
    [byte(255.0 * alpha), red, green, blue]
}

fn byte(value: f64) -> u8 {
    // A float becomes the nearest that fits.
    value.round() as u8
}

impl Figure {
    /// The back as short straight pieces.
    fn back(&self) -> Vec<Point> {
        const PIECES: u8 = 10;
        let at = |part: f64, a: f64, b: f64, c: f64| {
            let rest = 1.0 - part;
            rest * rest * a + 2.0 * rest * part * b + part * part * c
        };
        let points = (0..=PIECES).map(|piece| {
            let part = f64::from(piece) / f64::from(PIECES);
            let ((ax, ay), (bx, by), (cx, cy)) = (self.hip, self.bend, self.neck);
            (at(part, ax, bx, cx), at(part, ay, by, cy))
        });
        points.collect()
    }

    /// How far `point` is from the figure, in units; negative within it.
    fn outside(&self, back: &[Point], point: Point) -> f64 {
        let knee = (self.hip.0 + 9.5, self.hip.1);
        let half_width = if self.is_hollow {
            HOLLOW_HALF_WIDTH
        } else {
            HALF_WIDTH
        };
        let pieces = back.windows(2).map(|piece| (piece[0], piece[1]));
        let limbs = pieces
            .chain([(self.hip, knee)])
            .map(|(from, to)| distance(point, from, to) - half_width);
        let head = distance(point, self.head, self.head) - HEAD;
        limbs.fold(head, f64::min)
    }

    fn is_body(&self, outside: f64) -> bool {
        outside <= 0.0 && (!self.is_hollow || outside > -LINE)
    }
}

/// How far `point` is from the straight line that goes `from` there `to` there.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let way = (to.0 - from.0, to.1 - from.1);
    let off = (point.0 - from.0, point.1 - from.1);
    let length = way.0 * way.0 + way.1 * way.1;
    let along = if length > 0.0 {
        ((off.0 * way.0 + off.1 * way.1) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (off.0 - along * way.0).hypot(off.1 - along * way.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOKS: [Look; 4] = [Look::Good, Look::AtRisk, Look::Bad, Look::Unsure];

    /// Where the figure is, colours aside.
    fn shape(look: Look, side: u16) -> Vec<bool> {
        let picture = draw(look, side);
        picture.argb.chunks(4).map(|p| p[0] > 160).collect()
    }

    #[test]
    fn every_picture_has_its_size_and_free_corners() {
        for side in SIZES {
            for look in LOOKS {
                let picture = draw(look, side);
                let side = usize::from(side);
                assert_eq!(picture.argb.len(), side * side * 4);
                let alphas: Vec<u8> = picture.argb.chunks(4).map(|p| p[0]).collect();
                for corner in [0, side - 1, side * (side - 1), side * side - 1] {
                    assert_eq!(alphas[corner], 0, "{look:?} {side}");
                }
                assert!(alphas.contains(&255));
                let rim = byte(255.0 * RIM_ALPHA);
                for n in 0..side {
                    for at in [n, side * (side - 1) + n, side * n, side * n + side - 1] {
                        assert!(alphas[at] <= rim, "{look:?} {side} is cut off");
                    }
                }
            }
        }
    }

    #[test]
    fn the_looks_differ_by_shape_and_not_by_colour_alone() {
        for side in SIZES {
            for (n, one) in LOOKS.into_iter().enumerate() {
                for other in &LOOKS[n + 1..] {
                    let (a, b) = (shape(one, side), shape(*other, side));
                    let differing = a.iter().zip(&b).filter(|(a, b)| a != b).count();
                    let covered = a.iter().filter(|is| **is).count();
                    assert!(
                        differing * 5 > covered,
                        "{one:?} and {other:?} at {side}: {differing} of {covered}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_half_covered_pixel_keeps_its_colour() {
        assert_eq!(pixel([10, 20, 30], 1.0, 0.0), [255, 10, 20, 30]);
        assert_eq!(pixel([10, 20, 30], 0.5, 0.0), [128, 10, 20, 30]);
        assert_eq!(pixel([10, 20, 30], 0.0, 0.0), [0, 0, 0, 0]);
        assert_eq!(pixel([10, 20, 30], 0.0, 1.0), [140, 0, 0, 0]);
    }
}
