//! The presence detector (the person detector of MediaPipe's BlazePose): is somebody there, and
//! where.

use ndarray::Array4;

use super::engine::{Engine, EngineError, ImageView};
use super::letterbox::Letterbox;
use super::model::Model;
use super::picture::Rgb;

/// Cells a side of the three grids of anchors, and anchors a cell, in the order of the outputs.
const GRIDS: [(u32, u32); 3] = [(28, 2), (14, 2), (7, 6)];

/// Numbers a box has in the output: centre, size and four keypoints.
const BOX_VALUES: usize = 12;

/// Boxes that overlap the best one by more than this are averaged with it.
const SAME_PERSON_OVERLAP: f32 = 0.3;

/// Below this score a box does not count.
const MIN_SCORE: f32 = 0.5;

/// What the detector saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// How surely a person is there, 0 to 1. With a person 0.73 to 0.98, with an empty chair at
    /// most 0.37; 0.06 to 0.2 in the dark.
    pub score: f32,
    /// The head and shoulders' box in pixels of the picture: left, top, right, bottom; `None`
    /// when the score is below a half.
    pub area: Option<[f32; 4]>,
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
        let found: Vec<(f32, [f32; 4])> = scores
            .iter()
            .map(|raw| probability(*raw))
            .zip(boxes.chunks_exact(BOX_VALUES))
            .zip(&self.anchors)
            .filter(|((score, _), _)| *score >= MIN_SCORE)
            .map(|((score, values), anchor)| (score, self.corners(values, *anchor)))
            .collect();
        let Some((score, best)) = found.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0)) else {
            let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            return Detection {
                score: probability(best),
                area: None,
            };
        };
        let mut area = [0.0; 4];
        let mut weight = 0.0;
        for (score, corners) in &found {
            if overlap(&best, corners) > SAME_PERSON_OVERLAP {
                weight += score;
                area.iter_mut()
                    .zip(corners)
                    .for_each(|(sum, c)| *sum += score * c);
            }
        }
        let area = area.map(|sum| sum / weight);
        let (left, top) = self.letterbox.to_picture(area[0], area[1]);
        let (right, bottom) = self.letterbox.to_picture(area[2], area[3]);
        Detection {
            score,
            area: Some([left, top, right, bottom]),
        }
    }

    /// Left, top, right, bottom in parts of the square's side.
    fn corners(&self, values: &[f32], (x, y): (f32, f32)) -> [f32; 4] {
        let [dx, dy, w, h] = [0, 1, 2, 3].map(|n| values[n] / self.side as f32);
        let (x, y) = (x + dx, y + dy);
        [x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0]
    }
}

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

/// Intersection over union of two boxes.
fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let area = |c: &[f32; 4]| (c[2] - c[0]).max(0.0) * (c[3] - c[1]).max(0.0);
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
        let a = [0.0, 0.0, 2.0, 2.0];
        assert!((overlap(&a, &a) - 1.0).abs() < 1e-6);
        assert!(overlap(&a, &[5.0, 5.0, 6.0, 6.0]).abs() < 1e-6);
        assert!((overlap(&a, &[1.0, 0.0, 3.0, 2.0]) - 1.0 / 3.0).abs() < 1e-6);
    }
}
