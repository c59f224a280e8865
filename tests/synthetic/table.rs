//! What postures measure against where the head went: where the model of the room errs.

use backstay::domain::measures::{Measures, Quantity};

use crate::camera::Desk;
use crate::posture::Posture;
use crate::scenes::{Run, median};
use crate::setting::Setting;

const PEOPLE: u64 = 50;

type Measure = (&'static str, fn(&Measures) -> Option<f64>);

const MEASURES: [Measure; 7] = [
    ("sink_cm", |m| m.value(Quantity::SinkCm)),
    ("shoulder_sink_cm", |m| m.value(Quantity::ShoulderSinkCm)),
    ("forward_cm", |m| m.value(Quantity::ForwardCm)),
    ("head_drop", |m| m.value(Quantity::HeadDrop)),
    ("head_to_shoulder", |m| m.value(Quantity::HeadToShoulder)),
    ("pitch", |m| m.value(Quantity::Pitch)),
    ("eye_sink", |m| m.value(Quantity::EyeSink)),
];

fn postures() -> Vec<(&'static str, Posture)> {
    vec![
        ("upright", Posture::UPRIGHT),
        ("slump", Posture::SLUMP),
        ("slide down", Posture::SLIDE),
        ("head forward 4", Posture::FORWARD_4),
        ("head forward 7", Posture::FORWARD_7),
        ("lean in 20", Posture::LEAN_IN),
        ("keys", Posture::KEYS),
        ("phone", Posture::PHONE),
        ("shrug 3", Posture::SHRUG),
        ("side lean 10", Posture::leaning(10.0)),
        ("side lean 15", Posture::leaning(15.0)),
        ("head tilt 15", Posture::tilted(15.0)),
        ("head tilt 25", Posture::tilted(25.0)),
        ("head turned 20", Posture::turned(20.0)),
        ("head turned 35", Posture::turned(35.0)),
        ("trunk turned 20", Posture::trunk_turned(20.0)),
        ("recline 15", Posture::RECLINE),
        ("hand at chin", Posture::HAND_AT_CHIN),
        ("chair back 10", Posture::rolled(0.0, -10.0)),
        ("chair forward 10", Posture::rolled(0.0, 10.0)),
        ("chair aside 10", Posture::rolled(10.0, 0.0)),
    ]
}

/// Median and half the way between the sixth parts at each end: a standard deviation, were it
/// normal.
fn spread(values: Vec<f64>) -> (f64, f64) {
    let mut values = values;
    values.sort_by(f64::total_cmp);
    let at = |part: f64| values[(part * (values.len() - 1) as f64) as usize];
    let middle = median(values.clone()).unwrap();
    (middle, (at(0.84) - at(0.16)) / 2.0)
}

/// Prints the table, and holds the postures that the slouch score rests on to their true ways,
/// roughly: on the middle of all people a room model may not err by half.
#[test]
fn the_room_model_is_right_on_average() {
    for desk in Desk::BOTH {
        println!("\n{desk:?}: median and spread over {PEOPLE} people");
        print!("{:18}{:>15}{:>15}", "", "true sink", "true forward");
        MEASURES.iter().for_each(|(name, _)| print!("{name:>18}"));
        println!();
        for (name, posture) in postures() {
            let mut rows: Vec<Vec<f64>> = vec![Vec::new(); 2 + MEASURES.len()];
            for seed in 0..PEOPLE {
                let setting = Setting {
                    drift: 0.0,
                    ..Setting::new(seed, desk)
                };
                let mut run = Run::begin(setting);
                let upright = run.body().ears();
                run.sit(posture, 15.0);
                let way = run.body().ears() - upright;
                rows[0].push(-way.y);
                rows[1].push(way.z);
                for ((_, of), row) in MEASURES.iter().zip(&mut rows[2..]) {
                    row.extend(run.median(8.0, *of));
                }
            }
            let rows: Vec<(f64, f64)> = rows.into_iter().map(spread).collect();
            print!("{name:18}");
            for (index, (middle, spread)) in rows.iter().enumerate() {
                let wide = if index < 2 { 15 } else { 18 };
                print!("{:>wide$}", format!("{middle:.2} ± {spread:.2}"));
            }
            println!();
            if matches!(name, "upright" | "slump" | "slide down") {
                let (truly, measured) = (rows[0].0, rows[2].0);
                let off = (measured - truly).abs();
                assert!(
                    off <= 0.5 * truly.max(1.0),
                    "{name}: {measured}, truly {truly}"
                );
            }
        }
    }
}
