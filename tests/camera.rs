//! The camera source against a fake camera, which exists for Linux only.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[cfg(target_os = "linux")]
#[path = "camera/linux.rs"]
mod linux;

#[cfg(not(target_os = "linux"))]
#[test]
fn the_fake_camera_needs_linux() {
    let demanded = std::env::var_os("BACKSTAY_RIGS").is_some_and(|value| value == "1");
    assert!(!demanded, "no fake camera: it needs Linux");
    eprintln!("skipped: no fake camera: it needs Linux");
}
