//! The stick figure.

use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::symbols::Marker;
use ratatui::widgets::canvas::{Canvas, Circle, Context, Line};

use crate::domain::io::Observation;
use crate::domain::pose::{Joint, Pose};

/// Joints below this confidence, 0 to 1, are left out: they are guesses.
const MIN_CONFIDENCE: f32 = 0.3;

/// The head's radius in halves of the way from ear to ear: a face is higher than it is wide.
const HEAD: f64 = 1.3;

/// The head's radius in shoulder widths, where no ear is seen.
const HEAD_OF_SHOULDERS: f64 = 0.25;

/// The bones that are lines.
const BONES: [(Joint, Joint); 11] = [
    // The slope of the eyes shows how the head is bent.
    (Joint::LeftEye, Joint::RightEye),
    (Joint::LeftShoulder, Joint::RightShoulder),
    (Joint::LeftShoulder, Joint::LeftElbow),
    (Joint::LeftElbow, Joint::LeftWrist),
    (Joint::RightShoulder, Joint::RightElbow),
    (Joint::RightElbow, Joint::RightWrist),
    (Joint::LeftShoulder, Joint::LeftHip),
    (Joint::RightShoulder, Joint::RightHip),
    (Joint::LeftHip, Joint::RightHip),
    (Joint::LeftHip, Joint::LeftKnee),
    (Joint::RightHip, Joint::RightKnee),
];

/// The figure of `seen` for `area`, as in a mirror: the person's left is on the left.
pub(super) fn figure(
    seen: &Observation,
    area: Rect,
    color: Color,
) -> impl ratatui::widgets::Widget {
    let (width, height) = (f64::from(seen.frame.0), f64::from(seen.frame.1));
    // A cell of braille has two dots across and four down, about as far apart both ways.
    let dots = (2.0 * f64::from(area.width), 4.0 * f64::from(area.height));
    let pixels = (width / dots.0).max(height / dots.1);
    let half = (pixels * dots.0 / 2.0, pixels * dots.1 / 2.0);
    let pose = seen.pose;
    Canvas::default()
        .marker(Marker::Braille)
        .x_bounds([width / 2.0 - half.0, width / 2.0 + half.0])
        .y_bounds([height / 2.0 - half.1, height / 2.0 + half.1])
        .paint(move |canvas| paint(canvas, &pose, (width, height), color))
}

fn paint(canvas: &mut Context<'_>, pose: &Pose, (width, height): (f64, f64), color: Color) {
    let at = |joint: Joint| {
        let keypoint = pose.get(joint);
        let seen = keypoint.confidence >= MIN_CONFIDENCE;
        seen.then(|| {
            (
                width - f64::from(keypoint.x),
                height - f64::from(keypoint.y),
            )
        })
    };
    for (from, to) in BONES {
        if let (Some(from), Some(to)) = (at(from), at(to)) {
            canvas.draw(&Line::new(from.0, from.1, to.0, to.1, color));
        }
    }
    let Some((nose_x, nose_y)) = at(Joint::Nose) else {
        return;
    };
    let shoulders = at(Joint::LeftShoulder).zip(at(Joint::RightShoulder));
    let ears = [at(Joint::LeftEar), at(Joint::RightEar)];
    let seen: Vec<(f64, f64)> = ears.into_iter().flatten().collect();
    let (x, y, radius) = match (&seen[..], shoulders) {
        ([left, right], _) => {
            let middle = ((left.0 + right.0) / 2.0, (left.1 + right.1) / 2.0);
            let across = (left.0 - right.0).hypot(left.1 - right.1) / 2.0;
            (middle.0, middle.1, HEAD * across)
        }
        ([ear], _) => {
            let radius = (ear.0 - nose_x).hypot(ear.1 - nose_y);
            ((ear.0 + nose_x) / 2.0, (ear.1 + nose_y) / 2.0, radius)
        }
        (_, Some((left, right))) => {
            let across = (left.0 - right.0).hypot(left.1 - right.1);
            (nose_x, nose_y, HEAD_OF_SHOULDERS * across)
        }
        _ => return,
    };
    if let Some((left, right)) = shoulders {
        let neck = ((left.0 + right.0) / 2.0, (left.1 + right.1) / 2.0);
        let way = (neck.0 - x).hypot(neck.1 - y);
        if way > radius {
            let chin = (
                x + (neck.0 - x) * radius / way,
                y + (neck.1 - y) * radius / way,
            );
            canvas.draw(&Line::new(neck.0, neck.1, chin.0, chin.1, color));
        }
    }
    canvas.draw(&Circle {
        x,
        y,
        radius,
        color,
    });
    // Where the face looks.
    canvas.draw(&Circle {
        x: nose_x,
        y: nose_y,
        radius: radius / 8.0,
        color,
    });
}
