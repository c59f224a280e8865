//! Joints drawn on their picture, for a person to look at.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};

use super::picture::Rgb;
use crate::domain::io::State;
use crate::domain::outline::MIN_CONFIDENCE;
use crate::domain::pose::{Joint, Keypoint, Pose};

/// Lines drawn between joints: the face, the neck's two sides, the shoulders and the arms.
const BONES: [(Joint, Joint); 12] = [
    (Joint::LeftEar, Joint::LeftEye),
    (Joint::LeftEye, Joint::Nose),
    (Joint::Nose, Joint::RightEye),
    (Joint::RightEye, Joint::RightEar),
    (Joint::LeftEar, Joint::RightEar),
    (Joint::LeftEar, Joint::LeftShoulder),
    (Joint::RightEar, Joint::RightShoulder),
    (Joint::LeftShoulder, Joint::RightShoulder),
    (Joint::LeftShoulder, Joint::LeftElbow),
    (Joint::LeftElbow, Joint::LeftWrist),
    (Joint::RightShoulder, Joint::RightElbow),
    (Joint::RightElbow, Joint::RightWrist),
];

/// Draws the joints that are seen, the lines between them, and a border in the colour of `state`.
pub fn annotate(picture: &mut Rgb, pose: &Pose, state: State) {
    let colour = colour_of(state);
    // Lines of the same look on pictures of any size: two pixels at 640 across.
    let radius = (picture.width as f32 / 320.0).max(1.0);
    for (a, b) in BONES {
        let (a, b) = (pose.get(a), pose.get(b));
        if seen(a) && seen(b) {
            line(picture, (a.x, a.y), (b.x, b.y), radius, [255, 255, 255]);
        }
    }
    for k in pose.keypoints().iter().filter(|k| seen(**k)) {
        disc(picture, (k.x, k.y), 2.5 * radius, colour);
    }
    let (width, height) = (picture.width, picture.height);
    let border = (3.0 * radius) as u32;
    for y in 0..height {
        for x in 0..width {
            let edge = x.min(y).min(width - 1 - x).min(height - 1 - y);
            if edge < border {
                put(picture, x, y, colour);
            }
        }
    }
}

/// The picture as a PNG file.
///
/// # Errors
/// When the encoder refuses the picture.
pub fn png(picture: &Rgb) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(
            &picture.pixels,
            picture.width,
            picture.height,
            ExtendedColorType::Rgb8,
        )?;
    Ok(bytes)
}

/// Colours that differ in brightness too, for eyes that do not tell red from green.
fn colour_of(state: State) -> [u8; 3] {
    match state {
        State::Good => [60, 190, 110],
        State::AtRisk => [250, 200, 60],
        State::Bad => [215, 50, 40],
        State::Unsure => [150, 150, 160],
        State::Away => [90, 90, 100],
    }
}

fn seen(k: Keypoint) -> bool {
    k.confidence >= MIN_CONFIDENCE
}

fn line(picture: &mut Rgb, from: (f32, f32), to: (f32, f32), radius: f32, colour: [u8; 3]) {
    let steps = (to.0 - from.0)
        .hypot(to.1 - from.1)
        .ceil()
        .clamp(1.0, 20_000.0) as u32;
    for step in 0..=steps {
        let part = step as f32 / steps as f32;
        let at = (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        );
        disc(picture, at, radius / 2.0, colour);
    }
}

fn disc(picture: &mut Rgb, centre: (f32, f32), radius: f32, colour: [u8; 3]) {
    let reach = radius.ceil() as i32;
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            if (dx as f32).hypot(dy as f32) <= radius {
                let (x, y) = (centre.0 as i32 + dx, centre.1 as i32 + dy);
                if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
                    put(picture, x, y, colour);
                }
            }
        }
    }
}

fn put(picture: &mut Rgb, x: u32, y: u32, colour: [u8; 3]) {
    if x < picture.width && y < picture.height {
        let at = 3 * (y as usize * picture.width as usize + x as usize);
        picture.pixels[at..at + 3].copy_from_slice(&colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints_beyond_the_picture_are_cut_and_the_border_has_the_states_colour() {
        let mut picture = Rgb {
            width: 64,
            height: 48,
            pixels: vec![0; 64 * 48 * 3],
        };
        let mut joints = [Keypoint {
            x: 1e4,
            y: -1e4,
            confidence: 0.9,
        }; Joint::COUNT];
        joints[0] = Keypoint {
            x: 32.0,
            y: 24.0,
            confidence: 0.9,
        };
        annotate(&mut picture, &Pose::new(joints), State::Bad);
        let pixel = |x: usize, y: usize| &picture.pixels[3 * (64 * y + x)..][..3];
        assert_eq!(pixel(0, 0), colour_of(State::Bad));
        assert_eq!(pixel(32, 24), colour_of(State::Bad));
        assert_eq!(pixel(50, 40), [0, 0, 0]);
    }
}
