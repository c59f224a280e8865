//! Videos, through the program `ffmpeg`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use common::{Home, named};

/// Makes the video `name` of the sample's pictures, `options` between source and target.
fn video(home: &Home, name: &str, options: &str) {
    let pictures = common::sample().join("%05d.jpg");
    let done = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-framerate", "2", "-i"])
        .arg(pictures)
        .args(options.split(' '))
        .arg(format!("file:{}", home.path(name).display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_video_is_judged_like_its_pictures() {
    if common::ffmpeg("a_video_is_judged_like_its_pictures").is_none() {
        return;
    }
    let home = Home::new();
    // 52 s: upright, then the slouch until it is bad.
    video(&home, "-i.mp4", "-t 52 -c:v mpeg4 -q:v 2");
    let events = home.events("replay --fps 2 --json --engine rten ./-i.mp4");
    let calibrated = named(&events, "calibrated");
    assert!((10.0..11.0).contains(&calibrated[0].0), "{calibrated:?}");
    let alerts = named(&events, "alert");
    assert_eq!(alerts.len(), 1, "{events:?}");
    assert!((15.0..52.0).contains(&alerts[0].0), "{alerts:?}");
    let summary = events.last().unwrap();
    assert_eq!(
        (&summary["observations"], &summary["bad_frames"]),
        (&104.into(), &0.into())
    );
}

#[test]
fn names_that_look_like_something_else_are_names() {
    if common::ffmpeg("names_that_look_like_something_else_are_names").is_none() {
        return;
    }
    let home = Home::new();
    for name in [
        "-i.mp4",
        "-version",
        "http:x.mp4",
        "%05d.mp4",
        "concat:a|b.mp4",
    ] {
        video(&home, "short.mp4", "-t 2 -c:v mpeg4 -y");
        fs::rename(home.path("short.mp4"), home.path(name)).unwrap();
        let mut replay = home.program();
        replay.args([
            "replay", "--fps", "2", "--json", "--engine", "rten", "--", name,
        ]);
        let done = snapbox::cmd::Command::from_std(replay)
            .assert()
            .success()
            .stderr_eq("");
        let events = common::events(&done.get_output().stdout);
        assert_eq!(events.last().unwrap()["observations"], 4, "{name}");
    }
    // Without the "--" it is an option, and an unknown one.
    home.backstay("replay -i.mp4").assert().code(2);
    assert_eq!(fs::read_dir(home.path("")).unwrap().count(), 5);
}

/// A file that is a list of addresses must not make the program ask the network.
#[test]
fn a_playlist_reaches_no_network() {
    if common::ffmpeg("a_playlist_reaches_no_network").is_none() {
        return;
    }
    let home = Home::new();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut first = [0];
        // The test's own knock at the end sends this; anything else is ffmpeg.
        std::io::Read::read(&mut stream, &mut first).unwrap();
        first[0] != b'!'
    });
    let hls = format!(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://{address}/a.ts\n#EXT-X-ENDLIST\n"
    );
    let concat = format!("ffconcat version 1.0\nfile http://{address}/a.mp4\n");
    for (name, playlist) in [
        ("list.m3u8", &hls),
        ("list.mp4", &hls),
        ("list.ffconcat", &concat),
        ("list.txt", &concat),
    ] {
        fs::write(home.path(name), playlist).unwrap();
        let done = home
            .backstay(&format!("replay {name} --engine rten"))
            .assert()
            .code(1);
        let told = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        let start = format!("backstay: cannot read \"{name}\" as a video: ");
        assert!(told.starts_with(&start), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    let mut knock = std::net::TcpStream::connect(address).unwrap();
    std::io::Write::write_all(&mut knock, b"!").unwrap();
    assert!(!asked.join().unwrap(), "ffmpeg asked the network");
}

/// What ffmpeg complains of must not fill a pipe that nobody empties, which would stop it.
#[test]
fn a_badly_damaged_video_comes_to_its_end() {
    if common::ffmpeg("a_badly_damaged_video_comes_to_its_end").is_none() {
        return;
    }
    let home = Home::new();
    // Small pictures, many a second, so that there is much to complain of and little to look at.
    let many = "-vf fps=100,scale=64:48 -c:v mjpeg -q:v 2 -f mjpeg";
    video(&home, "whole.mjpeg", many);
    let mut bytes = fs::read(home.path("whole.mjpeg")).unwrap();
    for at in (3000..bytes.len()).step_by(97) {
        bytes[at] = 0x55;
    }
    fs::write(home.path("damaged.mjpeg"), bytes).unwrap();
    let said = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(home.path("damaged.mjpeg"))
        .args(["-f", "null", "-"])
        .output()
        .unwrap();
    // More than a pipe holds, or the test would show nothing.
    assert!(said.stderr.len() > 1 << 17, "{}", said.stderr.len());
    let replay = home.backstay("replay damaged.mjpeg --fps 1 --json --engine rten");
    replay
        .timeout(std::time::Duration::from_secs(60))
        .assert()
        .code(0);
}
