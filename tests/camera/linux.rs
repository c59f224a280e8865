//! Real processes, faults on command.

#[path = "choice.rs"]
mod choice;
#[path = "../rig/fakecam/mod.rs"]
mod fakecam;
#[path = "modes.rs"]
mod modes;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use backstay::domain::io::CameraStatus;
use backstay::runtime::clock;
use backstay::vision::frame::{Frame, PixelFormat};
use backstay::vision::source::camera::{
    CameraError, CameraEvent, CameraInfo, CameraOptions, CameraSource, Listed, Offer, Which, list,
};
use fakecam::FakeCamera;

/// The program under test.
const BACKSTAY: &str = env!("CARGO_BIN_EXE_backstay");

/// The longest a test waits for what must come: above the 10 s that opening may take.
const LIMIT: Duration = Duration::from_secs(15);

fn s(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn at_rate(rate_hz: f64) -> CameraOptions {
    CameraOptions {
        rate_hz,
        ..CameraOptions::default()
    }
}

fn open(camera: &FakeCamera, rate_hz: f64) -> CameraSource {
    CameraSource::open(camera.program(), at_rate(rate_hz)).unwrap()
}

/// All events within `span`.
fn events(source: &mut CameraSource, span: Duration) -> Vec<CameraEvent> {
    let until = clock::elapsed_since_start() + span;
    let mut all = Vec::new();
    loop {
        let rest = until.saturating_sub(clock::elapsed_since_start());
        if rest.is_zero() {
            return all;
        }
        all.extend(source.next(rest));
    }
}

/// All frames within `span`, in which nothing else may happen.
#[track_caller]
fn frames(source: &mut CameraSource, span: Duration) -> Vec<Frame> {
    let only_frames = |event| match event {
        CameraEvent::Frame(frame) => frame,
        other => panic!("{other:?}"),
    };
    events(source, span).into_iter().map(only_frames).collect()
}

/// The next frame, before which nothing else may happen.
#[track_caller]
fn frame(source: &mut CameraSource) -> Frame {
    match source.next(LIMIT) {
        Some(CameraEvent::Frame(frame)) => frame,
        other => panic!("no frame: {other:?}"),
    }
}

/// Waits for a report, which must be of `status`, and returns its detail.
#[track_caller]
fn report(source: &mut CameraSource, status: CameraStatus) -> String {
    let until = clock::elapsed_since_start() + LIMIT;
    loop {
        let rest = until.saturating_sub(clock::elapsed_since_start());
        match source.next(rest) {
            Some(CameraEvent::Frame(_) | CameraEvent::Damaged(_)) => {}
            Some(CameraEvent::Report(report)) => {
                assert_eq!(report.status, status, "{}", report.detail);
                return report.detail;
            }
            None => panic!("no report within {LIMIT:?}"),
        }
    }
}

#[test]
fn frames_come_at_about_the_asked_rate_as_the_camera_made_them() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 3.0);
    frame(&mut source);
    let all = frames(&mut source, s(4.0));
    assert!((10..=14).contains(&all.len()), "{} in 4 s", all.len());
    let pictures = fakecam::pictures();
    for frame in &all {
        assert_eq!((frame.format, frame.size), (PixelFormat::Jpeg, (0, 0)));
        assert!(pictures.contains(&frame.bytes), "not one of the pictures");
    }
    assert!(all.is_sorted_by_key(|frame| frame.at));
    assert!(
        camera.log().contains("streamon MJPG:640x480@5/1"),
        "the slowest mode that serves: {}",
        camera.log()
    );
}

#[test]
fn the_rate_changes_without_a_break_unless_the_mode_is_too_slow() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 1.0);
    frame(&mut source);
    source.set_rate(5.0);
    frame(&mut source);
    let all = frames(&mut source, s(2.0));
    assert!((9..=11).contains(&all.len()), "{} at 5 Hz", all.len());
    assert_eq!(camera.log().matches("streamon").count(), 1);

    source.set_rate(10.0);
    frame(&mut source);
    frame(&mut source);
    let all = frames(&mut source, s(2.0));
    assert!((17..=22).contains(&all.len()), "{} at 10 Hz", all.len());
    assert!(camera.log().contains("streamon MJPG:640x480@15/1"));
}

#[test]
fn a_rare_frame_is_no_stall() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 0.1);
    frame(&mut source);
    assert_eq!(frames(&mut source, s(7.0)).len(), 0);
    assert_eq!(frames(&mut source, s(4.0)).len(), 1);
}

#[test]
fn a_stall_is_reported_and_overcome() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    camera.fault("stall");
    let began = clock::elapsed_since_start();
    let detail = report(&mut source, CameraStatus::Stalled);
    let took = clock::elapsed_since_start() - began;
    assert!((s(4.5)..s(6.5)).contains(&took), "{took:?}");
    assert!(detail.contains("plug it in again"), "{detail}");
    camera.fault("none");
    report(&mut source, CameraStatus::Ok);
    frame(&mut source);
}

#[test]
fn empty_pictures_are_no_pictures() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.fault("empty");
    let mut source = open(&camera, 5.0);
    report(&mut source, CameraStatus::Stalled);
}

#[test]
fn an_unplugged_camera_is_lost_and_taken_up_again() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    let info = source.info().unwrap();
    assert_eq!(info.id, format!("name-{}", fakecam::NAME));
    camera.unplug();
    report(&mut source, CameraStatus::Lost);
    assert_eq!(source.info(), Some(info), "kept while it is lost");
    let quiet = events(&mut source, s(2.0));
    assert!(quiet.is_empty(), "lost is told once: {quiet:?}");
    assert!(!source.is_given_up());
    camera.replug();
    report(&mut source, CameraStatus::Ok);
    frame(&mut source);
}

#[test]
fn a_camera_lost_for_long_is_given_up_where_that_is_wanted() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let options = CameraOptions {
        give_up_after: Some(s(1.0)),
        ..at_rate(5.0)
    };
    let mut source = CameraSource::open(camera.program(), options).unwrap();
    frame(&mut source);
    camera.unplug();
    report(&mut source, CameraStatus::Lost);
    assert!(!source.is_given_up());
    events(&mut source, s(1.5));
    assert!(source.is_given_up());
    camera.replug();
    assert!(events(&mut source, s(1.5)).is_empty());
}

#[test]
fn a_failing_stream_is_opened_anew() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    camera.fault("eio");
    report(&mut source, CameraStatus::Lost);
    camera.fault("none");
    report(&mut source, CameraStatus::Ok);
    // A stream that cannot even be stopped must not hold anything up.
    camera.fault("eio_off");
    source.set_rate(0.0);
    assert!(camera.becomes(false, s(1.0)));
}

#[test]
fn damaged_pictures_are_never_whole() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    // What only a decoder can tell is handed on.
    for fault in ["corrupt", "truncate"] {
        camera.fault(fault);
        events(&mut source, s(0.4));
        let all = frames(&mut source, s(1.5));
        assert!(3 < all.len(), "{fault}: {} frames", all.len());
        let pictures = fakecam::pictures();
        assert!(
            all.iter().all(|one| !pictures.contains(&one.bytes)),
            "{fault}"
        );
    }
    // What the driver tells is not.
    for (fault, words) in [("errflag", "its driver says so"), ("empty", "it is empty")] {
        camera.fault(fault);
        events(&mut source, s(0.4));
        let all = events(&mut source, s(1.5));
        assert!(3 < all.len(), "{fault}: {} events", all.len());
        for event in all {
            assert!(
                matches!(&event, CameraEvent::Damaged(why) if why == words),
                "{fault}: {event:?}"
            );
        }
        camera.fault("none");
        source.accept(false);
        events(&mut source, s(0.5));
    }
    assert_eq!(camera.log().matches("streamon").count(), 1);
}

#[test]
fn damaged_pictures_alone_are_a_stall() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    camera.fault("errflag");
    let detail = report(&mut source, CameraStatus::Stalled);
    assert!(detail.contains("damaged pictures"), "{detail}");
    camera.fault("none");
    // Only whoever decodes can say that it is well again.
    frame(&mut source);
    source.accept(false);
    report(&mut source, CameraStatus::Ok);
}

#[test]
fn a_frozen_picture_is_given_once_and_is_a_stall() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    camera.fault("freeze");
    let began = clock::elapsed_since_start();
    events(&mut source, s(0.4));
    assert_eq!(frames(&mut source, s(3.0)).len(), 0);
    let detail = report(&mut source, CameraStatus::Stalled);
    let took = clock::elapsed_since_start() - began;
    assert!((s(4.5)..s(6.5)).contains(&took), "{took:?}");
    assert!(detail.contains("is frozen"), "{detail}");
    // Frozen still, if at another picture: nothing is given and nothing is well.
    let quiet = events(&mut source, s(3.0));
    assert!(quiet.is_empty(), "{quiet:?}");
    camera.fault("none");
    report(&mut source, CameraStatus::Ok);
    frame(&mut source);
}

#[test]
fn a_camera_in_use_is_reported_and_taken_when_it_is_free() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut first = open(&camera, 5.0);
    frame(&mut first);
    let mut second = open(&camera, 5.0);
    let detail = report(&mut second, CameraStatus::Busy);
    assert!(detail.contains("in use by another program"), "{detail}");
    frame(&mut first);
    drop(first);
    report(&mut second, CameraStatus::Ok);
    frame(&mut second);
}

#[test]
fn errors_of_opening_say_what_to_do() {
    for (fault, status, words) in [
        ("busy_open", CameraStatus::Busy, "close it there"),
        ("eacces_open", CameraStatus::Denied, "the group \"video\""),
        ("busy_fmt", CameraStatus::Busy, "close it there"),
        ("busy_on", CameraStatus::Busy, "close it there"),
        ("nospace_on", CameraStatus::Lost, "another port"),
    ] {
        let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
            return;
        };
        camera.fault(fault);
        let mut source = open(&camera, 5.0);
        let detail = report(&mut source, status);
        assert!(detail.contains(words), "{fault}: {detail}");
        assert!(detail.contains(fakecam::NAME), "{fault}: {detail}");
        camera.fault("none");
        report(&mut source, CameraStatus::Ok);
    }
}

#[test]
fn a_panic_of_the_library_is_a_report() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    // The V4L2 bindings take for granted that what a driver calls a format is UTF-8.
    camera.set("formats", b"A\xc3BC:640x480@30;MJPG:640x480@5");
    let mut source = open(&camera, 5.0);
    let detail = report(&mut source, CameraStatus::Lost);
    assert!(detail.contains("library failed"), "{detail}");
    camera.set("formats", "MJPG:640x480@5");
    report(&mut source, CameraStatus::Ok);
}

#[test]
fn a_camera_with_an_odd_name_works() {
    let names: [(&[u8], &str); 4] = [
        // Cameras cut theirs after 31 bytes, also inside a character.
        (b"Cam\xc3", "Cam\u{fffd}"),
        (b"", ""),
        (b"\x1b[2JCam\x07", "\u{fffd}[2JCam\u{fffd}"),
        (
            b"A very long name of a camera ..",
            "A very long name of a camera ..",
        ),
    ];
    for (name, told) in names {
        let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
            return;
        };
        camera.rename(name);
        let mut source = open(&camera, 5.0);
        frame(&mut source);
        assert_eq!(list(camera.program()).unwrap()[0].info.name, told);
    }
}

#[test]
fn a_killed_camera_process_is_replaced() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    let before = camera.owner().unwrap();
    kill(before);
    report(&mut source, CameraStatus::Lost);
    report(&mut source, CameraStatus::Ok);
    assert_ne!(camera.owner().unwrap(), before);
    assert!(!exists(before), "it was not collected");
}

#[test]
fn rate_zero_releases_the_camera_until_there_is_a_rate_again() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    let process = camera.owner().unwrap();
    source.set_rate(0.0);
    assert!(camera.becomes(false, s(0.2)));
    assert!(!exists(process));
    let quiet = events(&mut source, s(1.0));
    assert!(quiet.is_empty(), "{quiet:?}");
    assert_eq!(camera.owner(), None);
    source.set_rate(5.0);
    frame(&mut source);
}

#[test]
fn a_source_opened_with_rate_zero_leaves_the_camera_alone() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 0.0);
    assert!(events(&mut source, s(0.5)).is_empty());
    assert!(!camera.log().contains("streamon"), "{}", camera.log());
    source.set_rate(5.0);
    frame(&mut source);
}

#[test]
fn a_dropped_source_leaves_no_process_behind() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    let process = camera.owner().unwrap();
    drop(source);
    assert!(!exists(process));
}

/// The environment variable that tells [`monitor_to_be_killed`] its program.
const PROGRAM: &str = "BACKSTAY_TEST_PROGRAM";

#[test]
fn the_camera_process_ends_when_the_monitor_is_killed() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut monitor = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "linux::monitor_to_be_killed", "--ignored"])
        .env(PROGRAM, camera.program())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert!(camera.becomes(true, LIMIT));
    // A process that has nothing to send does not notice by itself that nobody reads.
    camera.fault("stall");
    clock::sleep(s(0.5));
    let process = camera.owner().unwrap();
    monitor.kill().unwrap();
    monitor.wait().unwrap();
    assert!(camera.becomes(false, s(2.0)));
    // Nobody collects it but the init process, which a container may lack.
    let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
}

#[test]
#[ignore = "started by the_camera_process_ends_when_the_monitor_is_killed"]
fn monitor_to_be_killed() {
    let Some(program) = std::env::var_os(PROGRAM) else {
        return;
    };
    let mut source = CameraSource::open(Path::new(&program), at_rate(5.0)).unwrap();
    events(&mut source, LIMIT);
}

#[test]
fn without_a_camera_opening_fails_quickly() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.unplug();
    let began = clock::elapsed_since_start();
    let error = CameraSource::open(camera.program(), at_rate(3.0)).err();
    let took = clock::elapsed_since_start() - began;
    assert!(took < s(2.0), "{took:?}");
    let Some(CameraError::NoCamera(text)) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("no camera was found"), "{text}");
    assert_eq!(list(camera.program()).unwrap(), []);
}

#[test]
fn a_camera_is_chosen_by_number_or_name() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let open = |which| {
        let options = CameraOptions {
            which,
            ..at_rate(0.0)
        };
        CameraSource::open(camera.program(), options).map(|_| ())
    };
    open(Which::Index(0)).unwrap();
    open(Which::Name(fakecam::NAME.to_owned())).unwrap();
    open(Which::Name("hd web".to_owned())).unwrap();
    let others = [
        Which::Index(1),
        Which::Index(7),
        Which::Name("-other".to_owned()),
    ];
    for which in others {
        let error = open(which).unwrap_err();
        let CameraError::NoCamera(text) = error else {
            panic!("{error:?}");
        };
        assert!(text.contains("0 \"Fake HD Webcam\""), "{text}");
    }
}

#[test]
fn the_list_leaves_metadata_devices_out_and_the_camera_as_it_is() {
    let Some(camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    let cameras = list(camera.program()).unwrap();
    let offer = |format: &str, sizes: &[&str]| Offer {
        format: format.to_owned(),
        sizes: sizes.iter().map(|size| (*size).to_owned()).collect(),
    };
    let expected = Listed {
        info: CameraInfo {
            index: 0,
            name: fakecam::NAME.to_owned(),
            id: format!("name-{}", fakecam::NAME),
        },
        offers: vec![
            offer("MJPG", &["1280x720", "640x480"]),
            offer("YUYV", &["640x480"]),
        ],
    };
    assert_eq!(cameras, [expected]);
    frame(&mut source);
}

#[test]
fn a_camera_that_comes_back_as_another_node_is_found() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    let mut source = open(&camera, 5.0);
    frame(&mut source);
    camera.unplug();
    report(&mut source, CameraStatus::Lost);
    camera.replug_as(2);
    report(&mut source, CameraStatus::Ok);
    frame(&mut source);
}

fn kill(process: u32) {
    let killed = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(killed.unwrap().success());
}

fn exists(process: u32) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}
