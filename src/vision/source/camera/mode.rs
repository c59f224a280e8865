//! Which of the modes a camera offers to take.

use std::fmt;

/// The slowest stream worth opening, in frames a second.
///
/// Some drivers name 1 frame a second first. With it the exposure may last a second, which blurs
/// everything that moves, and the picture is a second old when it comes.
pub(super) const MIN_FPS: u32 = 5;

/// The narrowest picture the pose models can use: their input is 192 or 256 pixels wide, and a
/// person at a desk fills about two thirds of the picture.
const MIN_WIDTH: u32 = 320;

/// How a camera codes its pictures, in the order of preference at the same size.
///
/// MJPEG needs the least of the USB bandwidth and is what every webcam has; the raw ones differ in
/// how much they carry; grey comes last because the models were trained on colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Coding {
    /// One JPEG file after the other.
    Mjpeg,
    /// 4:2:2, luma and chroma in turn.
    Yuyv,
    /// 4:2:0, a plane of luma and one of chroma.
    Nv12,
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// Luma alone, as infrared cameras have it.
    Grey,
}

impl Coding {
    /// All of them, the preferred ones first.
    pub(super) const ALL: [Self; 6] = [
        Self::Mjpeg,
        Self::Yuyv,
        Self::Nv12,
        Self::Rgb,
        Self::Bgr,
        Self::Grey,
    ];
}

/// A frame rate: so many frames in so many seconds, as drivers tell it (15/2 is 7.5 a second).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// Frames.
    pub(super) frames: u32,
    /// Seconds, above zero.
    pub(super) seconds: u32,
}

impl Rate {
    /// So many frames a second.
    pub(super) fn whole(fps: u32) -> Self {
        Self {
            frames: fps,
            seconds: 1,
        }
    }

    /// Frames a second.
    pub(super) fn fps(self) -> f64 {
        f64::from(self.frames) / f64::from(self.seconds)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Two digits: 29.97 frames a second are 30000 in 1001 seconds.
        write!(f, "{}", (self.fps() * 100.0).round() / 100.0)
    }
}

/// What a camera can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    /// How pictures are coded.
    pub(super) coding: Coding,
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    /// The frame rate.
    pub(super) rate: Rate,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { coding, size, rate } = self;
        write!(f, "{coding:?} {}x{} at {rate} fps", size.0, size.1)
    }
}

/// The best of `offered` for `rate_hz` observations a second at `size` (width, height in pixels).
///
/// First comes the frame rate: not below `rate_hz` and [`MIN_FPS`] where something offers it, else
/// not below [`MIN_FPS`], else the highest there is. Then the nearest size at least 320 pixels wide
/// (where there is one), then the format, then the lowest frame rate left. `None` when nothing is
/// offered.
pub(super) fn choose(offered: &[Mode], size: (u32, u32), rate_hz: f64) -> Option<Mode> {
    let rates = || offered.iter().map(|mode| mode.rate.fps());
    let fastest = rates().max_by(f64::total_cmp)?;
    let need = f64::from(MIN_FPS).max(rate_hz);
    let floor = if need <= fastest {
        need
    } else {
        f64::from(MIN_FPS).min(fastest)
    };
    offered
        .iter()
        .filter(|mode| mode.rate.fps() >= floor)
        .min_by(|one, other| {
            let order = |mode: &Mode| {
                let narrow = mode.size.0 < MIN_WIDTH;
                let off = mode.size.0.abs_diff(size.0) + mode.size.1.abs_diff(size.1);
                // Where everything is too narrow, the nearest size is the widest as well.
                (narrow, off, mode.coding)
            };
            let rates = || one.rate.fps().total_cmp(&other.rate.fps());
            order(one).cmp(&order(other)).then_with(rates)
        })
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Modes as `MJPG:640x480@30,15/2 ...`, the names being those of V4L2.
    fn modes(text: &str) -> Vec<Mode> {
        let mut all = Vec::new();
        for part in text.split_whitespace() {
            let (coding, rest) = part.split_once(':').unwrap();
            let (size, rates) = rest.split_once('@').unwrap();
            let (width, height) = size.split_once('x').unwrap();
            let coding = match coding {
                "MJPG" => Coding::Mjpeg,
                "YUYV" => Coding::Yuyv,
                "NV12" => Coding::Nv12,
                "GREY" => Coding::Grey,
                other => panic!("no such format: {other}"),
            };
            for rate in rates.split(',') {
                let (frames, seconds) = rate.split_once('/').unwrap_or((rate, "1"));
                all.push(Mode {
                    coding,
                    size: (width.parse().unwrap(), height.parse().unwrap()),
                    rate: Rate {
                        frames: frames.parse().unwrap(),
                        seconds: seconds.parse().unwrap(),
                    },
                });
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
        check("MJPG:640x480@30,15,15/2", 3.0, "MJPG:640x480@15/2");
        check("MJPG:640x480@30,15,15/2", 10.0, "MJPG:640x480@15");
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
        check("GREY:640x480@30", 3.0, "GREY:640x480@30");
    }

    #[test]
    fn nothing_offered_is_nothing_chosen() {
        check("", 3.0, "");
    }

    #[test]
    fn a_mode_is_told_in_words() {
        let told = |text| modes(text)[0].to_string();
        assert_eq!(told("MJPG:640x480@15/2"), "Mjpeg 640x480 at 7.5 fps");
        assert_eq!(told("GREY:640x480@30000/1001"), "Grey 640x480 at 29.97 fps");
    }
}
