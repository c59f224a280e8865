//! A short, soft tone: two notes, a fifth apart, that swell and fade.

use std::f32::consts::TAU;
use std::io;
use std::path::{Path, PathBuf};

use crate::private;

/// Samples a second: enough for notes below a kilohertz.
const RATE: u32 = 22_050;

/// Length in seconds.
const LENGTH: f32 = 0.6;

/// The notes in hertz and when they begin, in seconds: E5 and B5.
const NOTES: [(f32, f32); 2] = [(659.26, 0.0), (987.77, 0.15)];

/// Loudness of a note against the loudest there is: an alert is a word, not a siren.
const LOUDNESS: f32 = 0.12;

/// Writes the tone into `folder` as a WAV file, for its owner alone, and gives its path.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join("tone.wav");
    private::write(&path, &wav())?;
    Ok(path)
}

/// The tone as a WAV file: one channel of 16 bits (RIFF, Multimedia Programming Interface 1.0).
fn wav() -> Vec<u8> {
    let samples = samples();
    let bytes = (samples.len() * 2) as u32;
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    for number in [16_u32, 1 << 16 | 1, RATE, RATE * 2, 16 << 16 | 2] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(b"data");
    file.extend_from_slice(&bytes.to_le_bytes());
    for sample in samples {
        let whole = (sample * f32::from(i16::MAX)) as i16;
        file.extend_from_slice(&whole.to_le_bytes());
    }
    file
}

/// The tone's samples, -1 to 1.
fn samples() -> Vec<f32> {
    let count = (LENGTH * RATE as f32) as u32;
    let note = |t: f32, (hz, from): (f32, f32)| {
        let t = t - from;
        if t < 0.0 {
            return 0.0;
        }
        // Swells within 10 ms, which does not click, and fades to a twentieth by the end.
        let swell = (t / 0.01).min(1.0) * (-6.0 * t).exp();
        let end = ((LENGTH - from - t) / 0.02).clamp(0.0, 1.0);
        LOUDNESS * swell * end * ((TAU * hz * t).sin() + 0.3 * (2.0 * TAU * hz * t).sin())
    };
    (0..count)
        .map(|n| n as f32 / RATE as f32)
        .map(|t| NOTES.into_iter().map(|of| note(t, of)).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_soft_and_begins_and_ends_in_silence() {
        let samples = samples();
        let loudest = samples.iter().fold(0.0_f32, |most, s| most.max(s.abs()));
        assert!((0.05..0.3).contains(&loudest), "{loudest}");
        assert!(samples[0].abs() < 1e-3);
        assert!(samples.last().unwrap().abs() < 1e-3);
        let step = samples.windows(2).map(|w| (w[1] - w[0]).abs());
        assert!(step.fold(0.0, f32::max) < 0.1, "it clicks");
    }

    #[test]
    fn the_file_says_how_long_it_is() {
        let file = wav();
        let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        assert_eq!(&file[..4], b"RIFF");
        assert_eq!(number(4) as usize, file.len() - 8);
        assert_eq!(number(24), RATE);
        assert_eq!(number(40) as usize, file.len() - 44);
    }
}
