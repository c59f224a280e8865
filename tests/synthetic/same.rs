//! What is said does not hang on how often and how large a person is seen.

use backstay::domain::io::Fault;

use crate::camera::Desk;
use crate::posture::Posture;
use crate::scenes::Run;
use crate::setting::Setting;
use crate::tally::Tally;

/// Times of the same alert may differ by so much.
const WITHIN_S: f64 = 6.0;

/// A quarter of an hour with four faults in it; what was said, and when. A head that sank has one
/// name here: which of its two it gets hangs on a few millimetres.
fn morning(setting: Setting) -> Vec<(f64, Fault)> {
    let mut run = Run::begin(setting);
    let since = run.now;
    run.sit(Posture::SLUMP, 60.0)
        .sit(Posture::UPRIGHT, 120.0)
        .sit(Posture::leaning(15.0), 90.0)
        .sit(Posture::UPRIGHT, 120.0)
        .sit(Posture::tilted(-25.0), 90.0)
        .sit(Posture::UPRIGHT, 120.0)
        .sit(Posture::SLIDE, 60.0)
        .sit(Posture::UPRIGHT, 60.0);
    let alerts = run.alerts(since);
    let named = alerts.iter().map(|(at, alert)| {
        let fault = match alert.faults[0] {
            Fault::ForwardHead => Fault::Slouch,
            fault => fault,
        };
        (at - since, fault)
    });
    named.collect()
}

fn compare(tally: &mut Tally, one: Setting, other: Setting) {
    let (told, told_other) = (morning(one), morning(other));
    let same = told.len() == told_other.len()
        && told
            .iter()
            .zip(&told_other)
            .all(|(a, b)| a.1 == b.1 && (a.0 - b.0).abs() <= WITHIN_S);
    tally.count((!same).then(|| {
        let list = |alerts: &[(f64, Fault)]| {
            let one = |(at, fault): &(f64, Fault)| format!("{} {at:.0} s", fault.name());
            alerts.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        format!("{one}: {}\n    {other}: {}", list(&told), list(&told_other))
    }));
}

fn people() -> impl Iterator<Item = Setting> {
    (0..6).flat_map(|seed| Desk::BOTH.map(|desk| Setting::new(seed, desk)))
}

#[test]
fn alerts_are_the_same_at_one_three_and_ten_observations_a_second() {
    let mut tally = Tally::of("the same at 1, 3 and 10 observations a second");
    for setting in people() {
        for rate in [1.0, 10.0] {
            compare(&mut tally, setting, Setting { rate, ..setting });
        }
    }
    tally.to_all();
}

#[test]
fn alerts_are_the_same_in_pictures_of_every_size() {
    let mut tally = Tally::of("the same at 320, 640 and 1280 pixels");
    for setting in people() {
        for width in [320, 1280] {
            compare(&mut tally, setting, Setting { width, ..setting });
        }
    }
    tally.to_all();
}

#[test]
fn alerts_are_the_same_in_a_mirror() {
    let mut tally = Tally::of("the same in a mirror");
    for setting in people() {
        let mirrored = Setting {
            mirrored: true,
            ..setting
        };
        compare(&mut tally, setting, mirrored);
    }
    tally.to_all();
}

/// Each fault of the morning is told, or sameness would be worth nothing.
#[test]
fn the_morning_has_its_four_faults() {
    let mut tally = Tally::of("four faults in a morning");
    for setting in people() {
        for mirrored in [false, true] {
            let setting = Setting {
                mirrored,
                ..setting
            };
            let told: Vec<Fault> = morning(setting).iter().map(|(_, fault)| *fault).collect();
            let all = [
                Fault::Slouch,
                Fault::SideLean,
                Fault::HeadTilt,
                Fault::Slouch,
            ];
            tally.count((told != all).then(|| format!("{setting}: {told:?}")));
        }
    }
    tally.to_all();
}
