//! Cuts the person out of a small picture, so that only the room is left.

use super::plane::{Plane, block};
use crate::domain::outline::MIN_CONFIDENCE;
use crate::domain::pose::{Joint, Keypoint, Pose};

const FACE: [Joint; 5] = [
    Joint::Nose,
    Joint::LeftEye,
    Joint::RightEye,
    Joint::LeftEar,
    Joint::RightEar,
];

const ARMS: [[Joint; 3]; 2] = [
    [Joint::LeftShoulder, Joint::LeftElbow, Joint::LeftWrist],
    [Joint::RightShoulder, Joint::RightElbow, Joint::RightWrist],
];

// In widths between the shoulder joints. What is cut out too much costs a little of the room; what
// is cut out too little moves with the person.

/// Half the width of a head with its hair, from the middle of the face: a head is half a shoulder
/// width wide and two thirds high.
const HEAD: f32 = 0.5;

/// Half the width of a neck with its collar or the hair around it.
const NECK: f32 = 0.4;

/// Half the width of the trunk at the shoulder joints: clothes and the deltoids reach out further
/// than the joints.
const SHOULDERS: f32 = 0.7;

/// Half the width of trunk and arms with the elbows out, from one width below the shoulders on.
const ELBOWS: f32 = 1.2;

/// Half the width of an arm in a sleeve.
const ARM: f32 = 0.25;

/// Reach of a hand around its wrist.
const HAND: f32 = 0.45;

/// Shoulders seen narrower than this part of the picture's width are no person at a desk.
const MIN_SHOULDERS: f32 = 0.08;

/// When the person is not plain to see: the part of the width to either side of the middle that is
/// given up, and around any joint that is seen.
const MIDDLE: f32 = 0.3;
const AROUND: f32 = 0.15;

/// Marks the person of `pose`, found in a picture of `size` pixels, as not seen in `plane`, which
/// was shrunk from it.
pub(super) fn cut_out(plane: &mut Plane, pose: &Pose, size: (u32, u32)) {
    let seen = |joint: &Joint| Some(pose.get(*joint)).filter(|k| k.confidence >= MIN_CONFIDENCE);
    let mut cut = Cut {
        plane,
        block: block(size) as f32,
    };
    let face: Vec<Keypoint> = FACE.iter().filter_map(seen).collect();
    let shoulders = seen(&Joint::LeftShoulder).zip(seen(&Joint::RightShoulder));
    let wide = |(left, right): &(Keypoint, Keypoint)| {
        (left.x - right.x).hypot(left.y - right.y) >= MIN_SHOULDERS * size.0 as f32
    };
    let (Some((left, right)), false) = (shoulders.filter(wide), face.is_empty()) else {
        let width = size.0 as f32;
        cut.rows(0.0, |_| ((0.5 - MIDDLE) * width, (0.5 + MIDDLE) * width));
        for joint in Joint::ALL.iter().filter_map(seen) {
            cut.disc((joint.x, joint.y), AROUND * width);
        }
        return;
    };
    let width = (left.x - right.x).hypot(left.y - right.y);
    let middle = (
        f32::midpoint(left.x, right.x),
        f32::midpoint(left.y, right.y),
    );
    let parts = face.len() as f32;
    let head = (
        face.iter().map(|k| k.x).sum::<f32>() / parts,
        face.iter().map(|k| k.y).sum::<f32>() / parts,
    );
    // A trunk turned to the side shows narrow shoulders under a face as large as ever.
    let (from, to) = face.iter().fold((f32::MAX, f32::MIN), |(from, to), k| {
        (from.min(k.x), to.max(k.x))
    });
    let width = width.max(2.0 * (to - from));
    cut.disc(head, HEAD * width);
    cut.limb(head, middle, NECK * width);
    let top = left.y.min(right.y) - ARM * width;
    cut.rows(top, |y| {
        let down = ((y - middle.1) / width).clamp(0.0, 1.0);
        let half = (SHOULDERS + (ELBOWS - SHOULDERS) * down) * width;
        (middle.0 - half, middle.0 + half)
    });
    for [shoulder, elbow, wrist] in ARMS {
        let at = |joint: Joint| seen(&joint).map(|k| (k.x, k.y));
        let (shoulder, elbow, wrist) = (at(shoulder), at(elbow), at(wrist));
        for (from, to) in [(shoulder, elbow), (elbow, wrist)] {
            if let (Some(from), Some(to)) = (from, to) {
                cut.limb(from, to, ARM * width);
            }
        }
        if let Some(wrist) = wrist {
            cut.disc(wrist, HAND * width);
        }
    }
}

/// Shapes are given in pixels of the source picture.
struct Cut<'a> {
    plane: &'a mut Plane,
    block: f32,
}

impl Cut<'_> {
    /// From `top` to the lower edge, as far to the left and right as `span` tells of a height.
    fn rows(&mut self, top: f32, span: impl Fn(f32) -> (f32, f32)) {
        let first = (top / self.block).max(0.0) as usize;
        for row in first..self.plane.height {
            let (from, to) = span((row as f32 + 0.5) * self.block);
            self.blank(row, from, to);
        }
    }

    fn disc(&mut self, (x, y): (f32, f32), radius: f32) {
        let first = ((y - radius) / self.block).max(0.0) as usize;
        let last = ((y + radius) / self.block).max(0.0) as usize;
        for row in first..(last + 1).min(self.plane.height) {
            let down = (row as f32 + 0.5) * self.block - y;
            let half = (radius * radius - down * down).max(0.0).sqrt();
            self.blank(row, x - half, x + half);
        }
    }

    /// Discs from one point to another.
    fn limb(&mut self, from: (f32, f32), to: (f32, f32), radius: f32) {
        const STEPS: u8 = 6;
        for step in 0..=STEPS {
            let part = f32::from(step) / f32::from(STEPS);
            let at = (
                from.0 + (to.0 - from.0) * part,
                from.1 + (to.1 - from.1) * part,
            );
            self.disc(at, radius);
        }
    }

    fn blank(&mut self, row: usize, from: f32, to: f32) {
        let width = self.plane.width;
        let first = ((from / self.block).max(0.0) as usize).min(width);
        let end = ((to / self.block).ceil().max(0.0) as usize).min(width);
        if first < end {
            self.plane.values[row * width..][first..end].fill(f32::NAN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::picture::Rgb;

    const SIZE: (u32, u32) = (640, 480);

    /// What `pose` leaves of a picture.
    fn left_by(pose: &[(Joint, f32, f32)]) -> Plane {
        let mut joints = [Keypoint::default(); Joint::COUNT];
        for (joint, x, y) in pose {
            joints[*joint as usize] = Keypoint {
                x: *x,
                y: *y,
                confidence: 0.8,
            };
        }
        let mut plane = Plane::shrink(&Rgb {
            width: SIZE.0,
            height: SIZE.1,
            pixels: vec![100; 640 * 480 * 3],
        });
        cut_out(&mut plane, &Pose::new(joints), SIZE);
        plane
    }

    fn is_room(plane: &Plane, x: usize, y: usize) -> bool {
        let block = block(SIZE);
        !plane.values[y / block * plane.width + x / block].is_nan()
    }

    const UPRIGHT: [(Joint, f32, f32); 5] = [
        (Joint::Nose, 320.0, 146.0),
        (Joint::LeftEar, 376.0, 169.0),
        (Joint::RightEar, 271.0, 171.0),
        (Joint::LeftShoulder, 441.0, 275.0),
        (Joint::RightShoulder, 209.0, 276.0),
    ];

    #[test]
    fn head_trunk_and_elbows_are_cut_out_and_the_room_is_left() {
        let plane = left_by(&UPRIGHT);
        for (x, y) in [
            (320, 60),
            (262, 170),
            (320, 230),
            (185, 280),
            (90, 470),
            (560, 470),
        ] {
            assert!(!is_room(&plane, x, y), "{x} {y}");
        }
        for (x, y) in [(320, 10), (100, 150), (540, 150), (20, 300), (620, 300)] {
            assert!(is_room(&plane, x, y), "{x} {y}");
        }
    }

    #[test]
    fn an_arm_that_is_seen_is_cut_out() {
        let arm = [
            (Joint::LeftElbow, 560.0, 330.0),
            (Joint::LeftWrist, 580.0, 120.0),
        ];
        let plane = left_by(&[&UPRIGHT[..], &arm[..]].concat());
        assert!(!is_room(&plane, 570, 200) && !is_room(&plane, 590, 50));
        assert!(is_room(&left_by(&UPRIGHT), 570, 200));
    }

    #[test]
    fn of_somebody_hardly_seen_the_middle_is_given_up() {
        for pose in [&UPRIGHT[..3], &UPRIGHT[3..], &[]] {
            let plane = left_by(pose);
            assert!(!is_room(&plane, 320, 20) && !is_room(&plane, 200, 400));
            assert!(is_room(&plane, 40, 200) && is_room(&plane, 600, 200));
        }
    }
}
