//! The presence detector (the person detector of MediaPipe's BlazePose): is somebody there, and
//! where, and who else.

use ndarray::Array4;

use super::engine::{Engine, EngineError, ImageView};
use super::letterbox::Letterbox;
use super::model::Model;
use super::picture::Rgb;

/// Cells a side of the three grids of anchors, and anchors a cell, in the order of the outputs.
const GRIDS: [(u32, u32); 3] = [(28, 2), (14, 2), (7, 6)];

/// Numbers a box has in the output: centre, size and four keypoints.
const BOX_VALUES: usize = 12;

/// What is used of them: the box, and from these on the points of the upper body, which are the
/// middle of the shoulders and one on the circle around it.
const POINTS: usize = 8;

/// Boxes that overlap a person's best one by more than this are averaged with it.
const SAME_PERSON_OVERLAP: f32 = 0.3;

/// Below this score a box does not count.
const MIN_SCORE: f32 = 0.5;

/// What the detector saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// How surely a person is there, 0 to 1. With a person 0.73 to 0.98, with an empty chair at
    /// most 0.37; 0.06 to 0.2 in the dark.
    pub score: f32,
    /// Who is there, the surest first; empty when the score is below a half.
    pub people: Vec<Person>,
}

/// Somebody in the picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Person {
    /// The head's box: left, top, right, bottom. It has the same size for everybody, and tells
    /// only where they are.
    pub head: [f32; 4],
    /// The radius of the circle around the upper body, which is larger the nearer they are.
    pub reach: f32,
}

/// The detector with its engine and its buffers.
pub struct Detector {
    engine: Box<dyn Engine>,
    letterbox: Letterbox,
    square: Vec<u8>,
    /// [1, side, side, 3], red, green, blue, -1 to 1.
    input: Array4<f32>,
    anchors: Vec<(f32, f32)>,
    side: u32,
}

impl Detector {
    /// Runs `model` on `engine`, which must have loaded it.
    #[must_use]
    pub fn new(model: &Model, engine: Box<dyn Engine>) -> Self {
        let side = super::movenet::side_of(model);
        Self {
            engine,
            letterbox: Letterbox::new((side, side), side),
            square: Vec::new(),
            input: Array4::zeros((1, side as usize, side as usize, 3)),
            anchors: anchors(),
            side,
        }
    }

    /// Looks for a person in `picture`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn detect(&mut self, picture: &Rgb) -> Result<Detection, EngineError> {
        let size = (picture.width, picture.height);
        if !self.letterbox.fits(size) {
            self.letterbox = Letterbox::new(size, self.side);
        }
        self.letterbox.fill(picture, &mut self.square);
        for (value, byte) in self.input.iter_mut().zip(&self.square) {
            *value = f32::from(*byte) / 127.5 - 1.0;
        }
        let outputs = self.engine.run(ImageView::F32(self.input.view()))?;
        let values: [Vec<f32>; 2] = [0, 1].map(|n| outputs[n].iter().copied().collect());
        Ok(self.decode(&values[0], &values[1]))
    }

    fn decode(&self, boxes: &[f32], scores: &[f32]) -> Detection {
        let probability = |raw: f32| 1.0 / (1.0 + (-raw.clamp(-100.0, 100.0)).exp());
        let mut found: Vec<(f32, Shape)> = scores
            .iter()
            .map(|raw| probability(*raw))
            .zip(boxes.chunks_exact(BOX_VALUES))
            .zip(&self.anchors)
            .filter(|((score, _), _)| *score >= MIN_SCORE)
            .map(|((score, values), anchor)| (score, self.shape(values, *anchor)))
            .collect();
        let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut people = Vec::new();
        while let Some((_, best)) = found.first().copied() {
            let (same, others): (Vec<_>, Vec<_>) = found
                .into_iter()
                .partition(|(_, shape)| overlap(&best, shape) > SAME_PERSON_OVERLAP);
            people.push(self.person(mean(&same)));
            found = others;
        }
        Detection {
            score: probability(best),
            people,
        }
    }

    /// What is at `shape`, in pixels of the picture.
    fn person(&self, shape: Shape) -> Person {
        let at = |n: usize| self.letterbox.to_picture(shape[n], shape[n + 1]);
        let [(left, top), (right, bottom), shoulders, circle] = [0, 2, 4, 6].map(at);
        Person {
            head: [left, top, right, bottom],
            reach: (circle.0 - shoulders.0).hypot(circle.1 - shoulders.1),
        }
    }

    fn shape(&self, values: &[f32], (x, y): (f32, f32)) -> Shape {
        let part = |n: usize| values[n] / self.side as f32;
        let [dx, dy, w, h] = [0, 1, 2, 3].map(part);
        let (left, top) = (x + dx - w / 2.0, y + dy - h / 2.0);
        let points = [0, 1, 2, 3].map(|n| part(POINTS + n) + if n % 2 == 0 { x } else { y });
        let [sx, sy, cx, cy] = points;
        [left, top, left + w, top + h, sx, sy, cx, cy]
    }
}

/// Left, top, right and bottom of a box, the middle of the shoulders, and a point on the circle
/// around the upper body, in parts of the square's side.
type Shape = [f32; 8];

/// The cell centres that boxes are relative to, in parts of the square's side.
fn anchors() -> Vec<(f32, f32)> {
    let mut anchors = Vec::new();
    for (cells, each) in GRIDS {
        let centre = |cell: u32| (cell as f32 + 0.5) / cells as f32;
        for y in 0..cells {
            for x in 0..cells {
                anchors.extend((0..each).map(|_| (centre(x), centre(y))));
            }
        }
    }
    anchors
}

/// The mean of shapes, each as heavy as its score.
fn mean(shapes: &[(f32, Shape)]) -> Shape {
    let weight: f32 = shapes.iter().map(|(score, _)| score).sum();
    std::array::from_fn(|n| {
        let sum: f32 = shapes.iter().map(|(score, shape)| score * shape[n]).sum();
        sum / weight
    })
}

/// Intersection over union of two boxes.
fn overlap(a: &Shape, b: &Shape) -> f32 {
    let area = |c: &[f32]| (c[2] - c[0]).max(0.0) * (c[3] - c[1]).max(0.0);
    let shared = [
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ];
    let shared = area(&shared);
    shared / (area(a) + area(b) - shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_an_anchor_for_every_box_of_the_model() {
        assert_eq!(anchors().len(), 2254);
        assert_eq!(anchors()[0], (0.5 / 28.0, 0.5 / 28.0));
        assert_eq!(anchors()[2253], (6.5 / 7.0, 6.5 / 7.0));
    }

    #[test]
    fn overlap_of_a_box_with_itself_is_whole_and_with_a_far_one_none() {
        let at = |x: f32, y: f32, side: f32| [x, y, x + side, y + side, 0.0, 0.0, 0.0, 0.0];
        let a = at(0.0, 0.0, 2.0);
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-6);
        assert!(overlap(&a, &at(5.0, 5.0, 1.0)).abs() < 1e-6);
        assert!((overlap(&a, &at(1.0, 0.0, 2.0)) - 1.0 / 3.0).abs() < 1e-6);
    }
}
