//! Who of those whom the detector sees the joints belong to, and how large the others are.

use super::detector::Person;
use crate::domain::outline::MIN_CONFIDENCE;
use crate::domain::pose::{Joint, Pose};

/// How large the largest of `people` (the surest first) is whom `pose` is not of, against the one
/// whom it is of. `None` when there is nobody else.
#[must_use]
pub fn other_person(people: &[Person], pose: &Pose) -> Option<f32> {
    let nose = pose.get(Joint::Nose);
    let away = |person: &Person| {
        let [left, top, right, bottom] = person.head;
        ((left + right) / 2.0 - nose.x).hypot((top + bottom) / 2.0 - nose.y)
    };
    // Without a face the joints tell nothing: the surest one it is.
    let own = if nose.confidence < MIN_CONFIDENCE {
        0
    } else {
        let nearer = |a: &usize, b: &usize| away(&people[*a]).total_cmp(&away(&people[*b]));
        (0..people.len()).min_by(nearer)?
    };
    let reach = people.get(own)?.reach;
    let others = people.iter().enumerate().filter(|(n, _)| *n != own);
    let largest = others
        .map(|(_, person)| person.reach)
        .max_by(f32::total_cmp)?;
    (reach > 0.0).then(|| largest / reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pose::Keypoint;

    const NEAR: Person = Person {
        head: [250.0, 150.0, 350.0, 250.0],
        reach: 200.0,
    };
    const FAR: Person = Person {
        head: [20.0, 40.0, 120.0, 140.0],
        reach: 100.0,
    };

    fn with_nose(x: f32, y: f32, confidence: f32) -> Pose {
        Pose::default().with(Joint::Nose, Keypoint { x, y, confidence })
    }

    #[test]
    fn the_joints_are_of_whom_the_nose_is_nearest_to() {
        let of_near = with_nose(300.0, 200.0, 0.9);
        let of_far = with_nose(70.0, 90.0, 0.9);
        assert_eq!(other_person(&[NEAR, FAR], &of_near), Some(0.5));
        assert_eq!(other_person(&[FAR, NEAR], &of_near), Some(0.5));
        assert_eq!(other_person(&[NEAR, FAR], &of_far), Some(2.0));
    }

    #[test]
    fn without_a_face_the_joints_are_the_surest_persons() {
        let hidden = with_nose(70.0, 90.0, 0.1);
        assert_eq!(other_person(&[NEAR, FAR], &hidden), Some(0.5));
    }

    #[test]
    fn one_person_or_none_has_no_other() {
        let pose = with_nose(300.0, 200.0, 0.9);
        assert_eq!(other_person(&[NEAR], &pose), None);
        assert_eq!(other_person(&[], &pose), None);
        assert_eq!(other_person(&[], &Pose::default()), None);
    }

    #[test]
    fn a_person_of_no_reach_compares_with_nobody() {
        let flat = Person { reach: 0.0, ..NEAR };
        let pose = with_nose(300.0, 200.0, 0.9);
        assert_eq!(other_person(&[flat, FAR], &pose), None);
    }
}
