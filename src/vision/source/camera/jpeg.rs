//! Where a JPEG picture ends inside the buffer that holds it.

/// The part of `buffer` that is the picture.
///
/// Cameras write each picture over an older one, so behind the end marker may stand zeros or the
/// tail of a longer picture, with an end marker of its own. A picture without an end (cut short) is
/// returned up to its last byte that is not zero.
pub(super) fn picture(buffer: &[u8]) -> &[u8] {
    let length = end(buffer).unwrap_or_else(|| {
        let zeros = buffer.iter().rev().take_while(|byte| **byte == 0).count();
        buffer.len() - zeros
    });
    &buffer[..length]
}

/// The number of bytes up to and with the end marker; `None` where the markers do not lead there.
///
/// Markers and their segments: ITU-T T.81, annex B.
fn end(bytes: &[u8]) -> Option<usize> {
    const START_OF_IMAGE: u8 = 0xd8;
    const END_OF_IMAGE: u8 = 0xd9;
    const START_OF_SCAN: u8 = 0xda;

    if bytes.get(..2)? != [0xff, START_OF_IMAGE] {
        return None;
    }
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            // Any number of fill bytes may stand before a marker.
            0xff => at += 1,
            END_OF_IMAGE => return Some(at + 2),
            marker => {
                let length = u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]);
                at += 2 + usize::from(length);
                if marker == START_OF_SCAN {
                    at = scan_end(bytes, at)?;
                }
            }
        }
    }
}

/// The place of the first marker at or after `from` that ends a scan's data.
///
/// Inside the data, 0xff is followed by 0 (a data byte of 0xff) or by a restart marker.
fn scan_end(bytes: &[u8], mut from: usize) -> Option<usize> {
    loop {
        from += bytes.get(from..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(from + 1)? {
            0x00 | 0xd0..=0xd7 => from += 2,
            _ => return Some(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture in outline: an application segment that holds an end marker (as a thumbnail has),
    /// a scan with a stuffed 0xff and a restart marker, and the end marker.
    const PICTURE: [u8; 26] = [
        0xff, 0xd8, // start
        0xff, 0xe1, 0, 6, 0xff, 0xd8, 0xff, 0xd9, // application segment
        0xff, 0xda, 0, 3, 1, // scan header
        9, 0xff, 0x00, 8, 0xff, 0xd3, 7, 0xff, 0x00, // scan data
        0xff, 0xd9, // end
    ];

    fn with(tail: &[u8]) -> Vec<u8> {
        [&PICTURE[..], tail].concat()
    }

    #[test]
    fn what_stands_behind_the_end_is_left_out() {
        assert_eq!(picture(&PICTURE), PICTURE);
        assert_eq!(picture(&with(&[0; 40])), PICTURE);
        assert_eq!(picture(&with(&[5, 0xff, 0xd9, 4, 0, 0])), PICTURE);
    }

    #[test]
    fn a_picture_cut_short_ends_with_its_last_byte() {
        let mut cut = PICTURE;
        cut[19..].fill(0);
        assert_eq!(picture(&cut), &PICTURE[..19]);
    }

    #[test]
    fn any_input_gives_a_part_of_itself() {
        assert_eq!(picture(&[]), [0_u8; 0]);
        assert_eq!(picture(&[0; 9]), [0_u8; 0]);
        for length in 0..PICTURE.len() {
            let part = &PICTURE[..length];
            assert!(picture(part).len() <= length);
        }
        assert_eq!(picture(&[0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]).len(), 6);
    }
}
