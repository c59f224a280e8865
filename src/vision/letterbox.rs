//! The square that a model looks at: the whole picture, scaled, in the middle, black around.

use super::picture::Rgb;

/// How a picture of one size becomes a square of `side` pixels, and the way back.
///
/// With S the longer side of the picture and s = side / S, the square's pixel (u, v) is the
/// picture's point ((u - x0) / s, (v - y0) / s) with x0 = (S - width) / 2 · s and y0 likewise:
/// corner to corner, without a shift by half a pixel, as the models were trained.
#[derive(Clone, Debug)]
pub struct Letterbox {
    side: u32,
    size: (u32, u32),
    scale: f32,
    offset: (f32, f32),
    columns: Vec<Tap>,
    rows: Vec<Tap>,
}

/// Two neighbouring samples along one axis, and their weights. What lies outside the picture is
/// black: it has no weight, and an index inside, so that nothing need be asked while sampling.
#[derive(Clone, Copy, Debug)]
struct Tap {
    first: usize,
    second: usize,
    first_weight: f32,
    second_weight: f32,
}

impl Letterbox {
    /// The way of pictures of `size` = (width, height) pixels into squares of `side` pixels.
    #[must_use]
    pub fn new(size: (u32, u32), side: u32) -> Self {
        let longer = size.0.max(size.1) as f32;
        let scale = side as f32 / longer;
        let offset_of = |length: u32| (longer - length as f32) / 2.0 * scale;
        let offset = (offset_of(size.0), offset_of(size.1));
        let taps = |length: u32, offset: f32| {
            (0..side)
                .map(|u| Tap::at((u as f32 - offset) / scale, length))
                .collect()
        };
        Self {
            side,
            size,
            scale,
            offset,
            columns: taps(size.0, offset.0),
            rows: taps(size.1, offset.1),
        }
    }

    /// Whether this letterbox is for pictures of `size`.
    #[must_use]
    pub fn fits(&self, size: (u32, u32)) -> bool {
        self.size == size
    }

    /// Samples `picture` bilinearly into `square`: `side * side * 3` values, red, green, blue,
    /// 0 to 255, rounded to whole numbers, rows from the top.
    ///
    /// # Panics
    /// When the picture's size is not the one this letterbox was made for.
    pub fn fill(&self, picture: &Rgb, square: &mut Vec<u8>) {
        assert_eq!(
            self.size,
            (picture.width, picture.height),
            "a letterbox is for one size"
        );
        square.clear();
        square.resize((self.side * self.side * 3) as usize, 0);
        let row_bytes = 3 * picture.width as usize;
        let row_at = |index: usize| &picture.pixels[index * row_bytes..][..row_bytes];
        // Rows are blended first, whole and in order, which processors do many values at a time;
        // then the blended row is sampled.
        let mut blended = vec![0.0_f32; row_bytes];
        for (row, out) in self
            .rows
            .iter()
            .zip(square.chunks_exact_mut(3 * self.side as usize))
        {
            if row.first_weight == 0.0 && row.second_weight == 0.0 {
                continue;
            }
            let rows = row_at(row.first).iter().zip(row_at(row.second));
            for (value, (above, below)) in blended.iter_mut().zip(rows) {
                *value =
                    row.first_weight * f32::from(*above) + row.second_weight * f32::from(*below);
            }
            for (column, pixel) in self.columns.iter().zip(out.chunks_exact_mut(3)) {
                let first = &blended[3 * column.first..][..3];
                let second = &blended[3 * column.second..][..3];
                for c in 0..3 {
                    let value = column.first_weight * first[c] + column.second_weight * second[c];
                    // Rounded: values are 0 to 255, where adding a half and cutting off does it.
                    pixel[c] = (value + 0.5) as u8;
                }
            }
        }
    }

    /// The picture's point, in pixels, of a point of the square given in parts of its side.
    #[must_use]
    pub fn to_picture(&self, x: f32, y: f32) -> (f32, f32) {
        let side = self.side as f32;
        (
            (x * side - self.offset.0) / self.scale,
            (y * side - self.offset.1) / self.scale,
        )
    }
}

impl Tap {
    fn at(position: f32, length: u32) -> Self {
        let floor = position.floor();
        let weight = position - floor;
        let tap = |index: f32, weight: f32| {
            let inside = index >= 0.0 && index < length as f32;
            if inside {
                (index as usize, weight)
            } else {
                (0, 0.0)
            }
        };
        let (first, first_weight) = tap(floor, 1.0 - weight);
        let (second, second_weight) = tap(floor + 1.0, weight);
        Self {
            first,
            second,
            first_weight,
            second_weight,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red grows to the right, green downwards.
    fn gradient(width: u32, height: u32) -> Rgb {
        let pixels = (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| [(x % 256) as u8, (y % 256) as u8, 7]))
            .collect();
        Rgb {
            width,
            height,
            pixels,
        }
    }

    #[test]
    fn a_wide_picture_lies_in_the_middle_with_black_above_and_below() {
        let mut square = Vec::new();
        Letterbox::new((200, 100), 50).fill(&gradient(200, 100), &mut square);
        let pixel = |u: usize, v: usize| &square[3 * (50 * v + u)..][..3];
        assert_eq!(pixel(25, 5), [0, 0, 0]);
        // (u - 0) / 0.25 = 100 across; (v - 12.5) / 0.25 = 50 down.
        assert_eq!(pixel(25, 25), [100, 50, 7]);
        assert_eq!(pixel(25, 45), [0, 0, 0]);
    }

    #[test]
    fn the_way_back_undoes_the_way_in() {
        let letterbox = Letterbox::new((640, 480), 192);
        let (x, y) = letterbox.to_picture(96.0 / 192.0, 96.0 / 192.0);
        assert!(
            (x - 320.0).abs() < 1e-3 && (y - 240.0).abs() < 1e-3,
            "{x} {y}"
        );
        let (x, y) = letterbox.to_picture(0.0, 24.0 / 192.0);
        assert!(x.abs() < 1e-3 && y.abs() < 1e-3, "{x} {y}");
    }

    #[test]
    fn the_last_row_fades_into_the_border() {
        // Row 37 of the square is the picture's row 98, row 38 is 102, beyond the last (99).
        let mut square = Vec::new();
        let letterbox = Letterbox::new((200, 100), 50);
        letterbox.fill(&gradient(200, 100), &mut square);
        let green = |v: usize| square[3 * (50 * v + 10) + 1];
        assert_eq!((green(37), green(38)), (98, 0));
    }
}
