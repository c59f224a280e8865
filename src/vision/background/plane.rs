//! Small grey pictures of the room: shrunk, freed of lamps and daylight, and halved.

use crate::vision::picture::Rgb;

/// Longest side of the small picture. A pixel of it is 1 % of the picture: a nudge is found to a
/// fraction of that, and a person's breathing or a camera's noise is not seen.
pub(super) const LONGEST: usize = 96;

/// Rows added up for one small pixel, at most: of larger pictures some rows are passed over, which
/// costs no more time than a 640 by 480 picture does and leaves hundreds of pixels to a mean.
const MAX_ROWS: usize = 8;

/// Half the side of the square, in pixels, whose mean and spread a pixel is held against: small
/// beside a picture, so that light which differs from place to place falls out; large beside the
/// edge of a thing, so that it stays.
const REACH: usize = 4;

/// Spread in grey levels (of 255) below which there is no texture but a sensor's noise and the
/// picture's compression, which after averaging over a block are about one level.
const NOISE: f32 = 3.0;

/// Values on a grid, rows from the top. Not-a-number where the room is not seen.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The middle of the source picture, in pixels of this grid, whole numbers being the middles
    /// of pixels.
    pub(super) centre: (f64, f64),
    pub(super) values: Vec<f32>,
}

/// Pixels of the source picture that make one side of a small pixel.
pub(super) fn block(size: (u32, u32)) -> usize {
    (size.0.max(size.1) as usize).div_ceil(LONGEST).max(1)
}

impl Plane {
    /// `picture` in grey levels, 0 to 255, every pixel the mean of a [`block`]; what is left over
    /// at the right and lower edge is cut off.
    pub(super) fn shrink(picture: &Rgb) -> Self {
        let block = block((picture.width, picture.height));
        let (width, height) = (
            picture.width as usize / block,
            picture.height as usize / block,
        );
        let stride = block.div_ceil(MAX_ROWS);
        let rows = block.div_ceil(stride);
        let weight = 1.0 / (3 * rows * block) as f32;
        let row_bytes = 3 * picture.width as usize;
        let mut values = Vec::with_capacity(width * height);
        // Eight rows of bytes fit into 16 bits. The plain mean of the colours is grey enough, and
        // leaves the bytes in order, which processors add many at a time.
        let mut sums = vec![0_u16; 3 * width * block];
        for band in picture.pixels.chunks_exact(row_bytes * block).take(height) {
            sums.fill(0);
            for row in band.chunks_exact(row_bytes).step_by(stride) {
                for (sum, byte) in sums.iter_mut().zip(row) {
                    *sum += u16::from(*byte);
                }
            }
            values.extend(sums.chunks_exact(3 * block).map(|sums| {
                let sum: u32 = sums.iter().map(|sum| u32::from(*sum)).sum();
                sum as f32 * weight
            }));
        }
        let middle = |side: u32| f64::from(side) / block as f64 / 2.0 - 0.5;
        Self {
            width,
            height,
            centre: (middle(picture.width), middle(picture.height)),
            values,
        }
    }

    /// Blurred by 1-2-1 both ways: takes away what is finer than the grid can carry and would
    /// flicker as it moves.
    pub(super) fn soften(&mut self) {
        let width = self.width;
        let mut before = vec![0.0; width];
        let mut row = vec![0.0; width];
        for y in 0..self.height {
            row.copy_from_slice(&self.values[y * width..][..width]);
            let below = (y + 1).min(self.height - 1) * width;
            if y == 0 {
                before.copy_from_slice(&row);
            }
            for x in 0..width {
                let value = 0.25 * (before[x] + self.values[below + x]) + 0.5 * row[x];
                self.values[y * width + x] = value;
            }
            before.copy_from_slice(&row);
        }
        for row in self.values.chunks_exact_mut(width) {
            let mut before = row[0];
            for x in 0..width {
                let here = row[x];
                let after = row[(x + 1).min(width - 1)];
                row[x] = 0.25 * (before + after) + 0.5 * here;
                before = here;
            }
        }
    }

    /// Half as wide and high: means of four, of those that are seen, when two are.
    pub(super) fn halve(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at = 2 * (y * self.width + x);
                let four = [at, at + 1, at + self.width, at + self.width + 1];
                let (mut sum, mut count) = (0.0, 0.0);
                for value in four.map(|at| self.values[at]) {
                    if !value.is_nan() {
                        sum += value;
                        count += 1.0;
                    }
                }
                values.push(if count >= 2.0 { sum / count } else { f32::NAN });
            }
        }
        Self {
            width,
            height,
            centre: ((self.centre.0 - 0.5) / 2.0, (self.centre.1 - 0.5) / 2.0),
            values,
        }
    }

    /// Every pixel less the mean around it, over the spread around it: about -2 to 2, whatever the
    /// lamp. What is not seen takes no part; a pixel of whose surroundings less than
    /// this `share` is seen is not seen itself.
    pub(super) fn without_light(&self, share: f32) -> Self {
        let width = self.width;
        let side = 2 * REACH + 1;
        let enough = (side * side) as f32 * share;
        let mut columns = Columns::new(width);
        for y in 0..REACH.min(self.height) {
            columns.change(self.row(y), 1.0);
        }
        let mut values = Vec::with_capacity(self.values.len());
        for y in 0..self.height {
            if y + REACH < self.height {
                columns.change(self.row(y + REACH), 1.0);
            }
            if y > REACH {
                columns.change(self.row(y - REACH - 1), -1.0);
            }
            let row = self.row(y);
            let mut sums = [0.0; 3];
            for x in 0..REACH.min(width) {
                columns.add(x, 1.0, &mut sums);
            }
            for (x, value) in row.iter().enumerate() {
                if x + REACH < width {
                    columns.add(x + REACH, 1.0, &mut sums);
                }
                if x > REACH {
                    columns.add(x - REACH - 1, -1.0, &mut sums);
                }
                let [count, sum, square] = sums;
                let mean = sum / count;
                let spread = (square / count - mean * mean).max(0.0) + NOISE * NOISE;
                // A pixel that is not seen stays not-a-number through the arithmetic.
                values.push(if count >= enough {
                    (value - GREY - mean) / spread.sqrt()
                } else {
                    f32::NAN
                });
            }
        }
        Self { values, ..*self }
    }

    /// The value at a point given from the middle, bilinearly; not-a-number outside or where one
    /// of the four pixels around is not seen.
    pub(super) fn sample(&self, (x, y): (f64, f64)) -> f32 {
        let (x, y) = (x + self.centre.0, y + self.centre.1);
        let inside =
            x >= 0.0 && y >= 0.0 && x < (self.width - 1) as f64 && y < (self.height - 1) as f64;
        if !inside {
            return f32::NAN;
        }
        let (left, top) = (x as usize, y as usize);
        let (right, down) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let at = top * self.width + left;
        let (above, below) = (&self.values[at..], &self.values[at + self.width..]);
        let upper = above[0] + right * (above[1] - above[0]);
        let lower = below[0] + right * (below[1] - below[0]);
        upper + down * (lower - upper)
    }

    fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }
}

/// Taken off before squaring, so that sums of squares keep their digits.
const GREY: f32 = 128.0;

/// For every column the number, sum and sum of squares of some rows' values, of those seen.
struct Columns {
    count: Vec<f32>,
    sum: Vec<f32>,
    square: Vec<f32>,
}

impl Columns {
    fn new(width: usize) -> Self {
        Self {
            count: vec![0.0; width],
            sum: vec![0.0; width],
            square: vec![0.0; width],
        }
    }

    /// Adds a row, or takes it away again with a `sign` of -1.
    fn change(&mut self, row: &[f32], sign: f32) {
        let columns = self.count.iter_mut().zip(&mut self.sum);
        for (((count, sum), square), value) in columns.zip(&mut self.square).zip(row) {
            let (one, value) = if value.is_nan() {
                (0.0, 0.0)
            } else {
                (sign, value - GREY)
            };
            *count += one;
            *sum += one * value;
            *square += one * value * value;
        }
    }

    fn add(&self, x: usize, sign: f32, sums: &mut [f32; 3]) {
        sums[0] += sign * self.count[x];
        sums[1] += sign * self.sum[x];
        sums[2] += sign * self.square[x];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Plane {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Plane {
            width,
            height,
            centre: (width as f64 / 2.0 - 0.5, height as f64 / 2.0 - 0.5),
            values: places.map(|(x, y)| value(x, y)).collect(),
        }
    }

    fn steps(x: usize, y: usize) -> f32 {
        if (x / 7 + y / 5).is_multiple_of(2) {
            60.0
        } else {
            150.0
        }
    }

    #[test]
    fn a_small_pixel_is_the_mean_of_its_block() {
        for (width, height) in [(640, 480), (1280, 720), (1920, 1080)] {
            let block = block((width, height));
            let pixels = (0..height)
                .flat_map(|_| (0..width).map(|x| x as usize / block))
                .flat_map(|column| [column as u8, 2 * column as u8, 0])
                .collect();
            let small = Plane::shrink(&Rgb {
                width,
                height,
                pixels,
            });
            assert!((84..=96).contains(&small.width), "{}", small.width);
            assert_eq!(small.values.len(), small.width * small.height);
            for (x, value) in small.row(small.height - 1).iter().enumerate() {
                assert!((value - x as f32).abs() < 1e-3, "{value} at {x}");
            }
        }
    }

    #[test]
    fn gain_and_offset_fall_out_and_what_is_hidden_takes_no_part() {
        let hidden = |x: usize, y: usize| x > 20 && y > 10;
        let see = |light: &dyn Fn(f32) -> f32, behind: f32| {
            let mut plane = plane(48, 36, |x, y| light(steps(x, y)));
            for y in 0..36 {
                for x in 0..48 {
                    if hidden(x, y) {
                        plane.values[y * 48 + x] = behind;
                    }
                }
            }
            plane.without_light(0.5).values
        };
        let usual = see(&|v| v, f32::NAN);
        let other = see(&|v| 0.6 * v + 50.0, f32::NAN);
        assert!(usual.iter().any(|v| v.abs() > 0.8));
        for ((index, one), two) in usual.iter().enumerate().zip(&other) {
            if hidden(index % 48, index / 48) {
                assert!(one.is_nan());
            }
            assert!(one.is_nan() == two.is_nan());
            assert!(one.is_nan() || (one - two).abs() < 0.02, "{one} {two}");
        }
    }

    #[test]
    fn between_pixels_and_on_the_coarser_grid_places_stay_where_they_are() {
        let ramp = plane(48, 36, |x, y| (3 * x + 2 * y) as f32);
        for grid in [ramp.halve(), ramp.halve().halve(), ramp.clone()] {
            let zoom = 48.0 / grid.width as f64;
            let at = grid.sample((2.3 / zoom, -1.6 / zoom));
            let expected = 3.0 * (2.3 + 23.5) + 2.0 * (17.5 - 1.6);
            assert!((f64::from(at) - expected).abs() < 1e-3, "{at} {expected}");
        }
        assert!(ramp.sample((24.0, 0.0)).is_nan());
    }
}
