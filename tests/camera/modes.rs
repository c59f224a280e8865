//! Cameras in every mode: which is taken, and what is said of those that are not.

use super::*;

#[test]
fn a_camera_is_opened_whatever_mode_it_was_left_in() {
    for (initial, offered, size) in [
        ("GREY:640x480@30", "YUYV:640x480@30", (640, 480)),
        (
            "YUYV:640x480@15/2",
            "YUYV:640x480@15/2;YUYV:640x480@30",
            (640, 480),
        ),
        (
            "YUYV:640x480@15",
            "MJPG:1920x1080@1;YUYV:800x600@30;YUYV:320x240@30",
            (800, 600),
        ),
    ] {
        let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
            return;
        };
        camera.set("initial", initial);
        camera.set("formats", offered);
        let mut source = open(&camera, 10.0);
        let frame = frame(&mut source);
        assert_eq!((frame.format, frame.size), (PixelFormat::Yuyv, size));
        assert_eq!(frame.bytes.len() as u32, size.0 * size.1 * 2);
    }
}

#[test]
fn grey_pictures_and_rates_that_are_not_whole_are_taken() {
    for (offered, format, streamed) in [
        ("GREY:640x480@30", PixelFormat::Grey8, "GREY:640x480@30/1"),
        ("YUYV:640x480@15/2", PixelFormat::Yuyv, "YUYV:640x480@15/2"),
        (
            "YUYV:640x480@30;YUYV:640x480@15/2;YUYV:640x480@1",
            PixelFormat::Yuyv,
            "YUYV:640x480@15/2",
        ),
        (
            "NV12:640x480@30000/1001",
            PixelFormat::Nv12,
            "NV12:640x480@30000/1001",
        ),
    ] {
        let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
            return;
        };
        camera.set("formats", offered);
        let mut source = open(&camera, 5.0);
        let frame = frame(&mut source);
        assert_eq!((frame.format, frame.size), (format, (640, 480)));
        assert!(
            camera.log().contains(&format!("streamon {streamed}")),
            "{}",
            camera.log()
        );
    }
}

#[test]
fn a_format_that_is_not_understood_is_named() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.set("formats", "H264:640x480@30");
    let mut source = open(&camera, 5.0);
    let detail = report(&mut source, CameraStatus::Lost);
    assert!(detail.contains("(only: H264)"), "{detail}");
    camera.set("formats", "MJPG:640x480@30");
    report(&mut source, CameraStatus::Ok);
}

#[test]
fn a_size_adjusted_by_the_driver_is_taken() {
    let Some(mut camera) = FakeCamera::new(BACKSTAY) else {
        return;
    };
    camera.set("initial", "YUYV:160x120@30");
    camera.set("formats", "YUYV:640x480@30");
    camera.fault("rescale");
    let mut source = open(&camera, 5.0);
    assert_eq!(frame(&mut source).size, (320, 240));
}
