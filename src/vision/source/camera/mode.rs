//! Which of the modes a camera offers to take.

use nokhwa::utils::{CameraFormat, FrameFormat};

/// The slowest stream worth opening, in frames a second.
///
/// Some drivers name 1 frame a second first. With it the exposure may last a second, which blurs
/// everything that moves, and the picture is a second old when it comes.
pub(super) const MIN_FPS: u32 = 5;

/// The narrowest picture the pose models can use: their input is 192 or 256 pixels wide, and a
/// person at a desk fills about two thirds of the picture.
const MIN_WIDTH: u32 = 320;

/// Formats in the order in which they are preferred at the same size.
///
/// MJPEG needs the least of the USB bandwidth and is what every webcam has; the raw ones differ in
/// how much they carry; grey comes last because the models were trained on colour.
pub(super) const FORMATS: [FrameFormat; 6] = [
    FrameFormat::MJPEG,
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
    FrameFormat::GRAY,
];

/// The best of `offered` for `rate_hz` observations a second at `size` (width, height in pixels).
///
/// First comes the frame rate: not below `rate_hz` and [`MIN_FPS`] where something offers it, else
/// not below [`MIN_FPS`], else the highest there is. Then the nearest size at least 320 pixels wide
/// (where there is one), then the format, then the lowest frame rate left. `None` when nothing is
/// offered.
pub(super) fn choose(
    offered: &[CameraFormat],
    size: (u32, u32),
    rate_hz: f64,
) -> Option<CameraFormat> {
    let fastest = offered.iter().map(CameraFormat::frame_rate).max()?;
    let need = f64::from(MIN_FPS).max(rate_hz);
    let floor = if need <= f64::from(fastest) {
        need
    } else {
        f64::from(MIN_FPS.min(fastest))
    };
    offered
        .iter()
        .filter(|mode| f64::from(mode.frame_rate()) >= floor)
        .min_by_key(|mode| {
            let narrow = mode.width() < MIN_WIDTH;
            let off = mode.width().abs_diff(size.0) + mode.height().abs_diff(size.1);
            let format = FORMATS.iter().position(|known| *known == mode.format());
            // Where everything is too narrow, the nearest size is the widest as well.
            (narrow, off, format, mode.frame_rate())
        })
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modes as `MJPG:640x480@30,15 ...`, the names being those of V4L2.
    fn modes(text: &str) -> Vec<CameraFormat> {
        let mut all = Vec::new();
        for part in text.split_whitespace() {
            let (format, rest) = part.split_once(':').unwrap();
            let (size, rates) = rest.split_once('@').unwrap();
            let (width, height) = size.split_once('x').unwrap();
            let format = match format {
                "MJPG" => FrameFormat::MJPEG,
                "YUYV" => FrameFormat::YUYV,
                "NV12" => FrameFormat::NV12,
                "GREY" => FrameFormat::GRAY,
                other => panic!("no such format: {other}"),
            };
            for rate in rates.split(',') {
                all.push(CameraFormat::new_from(
                    width.parse().unwrap(),
                    height.parse().unwrap(),
                    format,
                    rate.parse().unwrap(),
                ));
            }
        }
        all
    }

    #[track_caller]
    fn check(offered: &str, rate_hz: f64, wanted: &str) {
        let chosen = choose(&modes(offered), (640, 480), rate_hz);
        assert_eq!(chosen, modes(wanted).first().copied(), "of {offered}");
    }

    #[test]
    fn the_lowest_rate_that_serves_is_taken() {
        check("MJPG:640x480@30,15,10,5", 3.0, "MJPG:640x480@5");
        check("MJPG:640x480@30,15,10,5", 10.0, "MJPG:640x480@10");
        check("MJPG:640x480@30,15", 3.0, "MJPG:640x480@15");
    }

    #[test]
    fn one_frame_a_second_is_taken_only_when_nothing_else_is_offered() {
        check("YUYV:640x480@1,30", 0.5, "YUYV:640x480@30");
        check("YUYV:640x480@1 MJPG:800x600@15", 3.0, "MJPG:800x600@15");
        check("YUYV:640x480@1,2", 3.0, "YUYV:640x480@2");
    }

    #[test]
    fn a_rate_beyond_the_camera_falls_back_to_the_rates_it_has() {
        check("MJPG:640x480@5,15", 60.0, "MJPG:640x480@5");
    }

    #[test]
    fn the_nearest_size_wide_enough_wins_over_the_format() {
        check("MJPG:1280x720@30 YUYV:640x480@30", 3.0, "YUYV:640x480@30");
        check("MJPG:1280x720@30 YUYV:640x360@30", 3.0, "YUYV:640x360@30");
        check(
            "MJPG:1920x1080@30 MJPG:160x120@30",
            3.0,
            "MJPG:1920x1080@30",
        );
        check("MJPG:160x120@30 MJPG:176x144@30", 3.0, "MJPG:176x144@30");
    }

    #[test]
    fn at_the_same_size_the_preferred_format_wins() {
        check(
            "GREY:640x480@5 YUYV:640x480@5 MJPG:640x480@30",
            3.0,
            "MJPG:640x480@30",
        );
        check("NV12:640x480@30 YUYV:640x480@30", 3.0, "YUYV:640x480@30");
    }

    #[test]
    fn nothing_offered_is_nothing_chosen() {
        check("", 3.0, "");
    }
}
