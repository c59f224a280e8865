//! An hour of slumping is an hour of slumping: what is good is never learnt from it.

use crate::camera::Desk;
use crate::noise::Noise;
use crate::posture::Posture;
use crate::scenes::Run;
use crate::setting::Setting;
use crate::tally::Tally;

const HOUR: f64 = 3600.0;

#[test]
fn the_measures_of_a_slump_do_not_fade() {
    let mut tally = Tally::of("an hour's slump measures the same");
    for desk in Desk::BOTH {
        for seed in 0..3 {
            let setting = Setting {
                noise: Noise::NONE,
                drift: 0.0,
                rate: 1.0,
                ..Setting::new(seed, desk)
            };
            let mut run = Run::begin(setting);
            run.sit(Posture::SLUMP, 60.0);
            let first = run.seen.last().unwrap().2;
            run.sit(Posture::SLUMP, HOUR);
            let last = run.seen.last().unwrap().2;
            let faded: Vec<String> = first
                .iter()
                .zip(last.iter())
                .filter_map(|((quantity, first), (_, last))| {
                    let (first, last) = (first.ok()?.value, last.map_or(f64::NAN, |e| e.value));
                    let name = quantity.name();
                    let same = (first - last).abs() <= 0.01 * first.abs() + 1e-3;
                    (!same).then(|| format!("{name} {first:.3} to {last:.3}"))
                })
                .collect();
            tally.count((!faded.is_empty()).then(|| format!("{setting}: {faded:?}")));
        }
    }
    tally.to_all();
}

#[test]
fn the_alert_of_a_slump_stays_for_an_hour() {
    let mut tally = Tally::of("an hour's slump stays told");
    for desk in Desk::BOTH {
        for setting in Setting::all(1, desk) {
            let mut run = Run::begin(setting);
            run.sit(Posture::SLUMP, 60.0);
            let since = run.now;
            run.sit(Posture::SLUMP, HOUR);
            let cleared = run.cleared(0.0);
            let stayed = cleared.is_empty() && !run.alerts(0.0).is_empty();
            let figures = run.figures();
            tally.count((!stayed).then(|| {
                let after: Vec<f64> = cleared.iter().map(|at| at - since).collect();
                format!("{setting}: taken back after {after:.0?} s; {figures}")
            }));
        }
    }
    tally.to_all();
}
