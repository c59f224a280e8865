//! What stands in the body of a message.

use super::super::{CameraInfo, Listed, Offer};

pub(super) fn put_text(body: &mut Vec<u8>, text: &str) {
    // A text is a camera's name or one line for a person: 64 KiB are beyond both.
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let length = u16::try_from(end).unwrap_or(u16::MAX);
    body.extend(length.to_le_bytes());
    body.extend(&text.as_bytes()[..end]);
}

pub(super) fn put_camera(body: &mut Vec<u8>, camera: &CameraInfo) {
    body.extend(camera.index.to_le_bytes());
    put_text(body, &camera.name);
    put_text(body, &camera.id);
}

pub(super) fn put_listed(body: &mut Vec<u8>, camera: &Listed) {
    put_camera(body, &camera.info);
    put_count(body, camera.offers.len());
    for offer in &camera.offers {
        put_text(body, &offer.format);
        put_count(body, offer.sizes.len());
        for size in &offer.sizes {
            put_text(body, size);
        }
    }
}

fn put_count(body: &mut Vec<u8>, count: usize) {
    // So many do not fit into a body, which is refused when it is written.
    body.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

/// What is left of a body.
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl Body<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub(super) fn text(&mut self) -> Option<String> {
        let length = usize::from(u16::from_le_bytes(self.take()?));
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    pub(super) fn camera(&mut self) -> Option<CameraInfo> {
        let index = self.number()?;
        let name = self.text()?;
        let id = self.text()?;
        Some(CameraInfo { index, name, id })
    }

    pub(super) fn listed(&mut self) -> Option<Listed> {
        let info = self.camera()?;
        // Each entry takes bytes of the body, so that a wrong count ends with it.
        let mut offers = Vec::new();
        for _ in 0..self.number()? {
            let format = self.text()?;
            let mut sizes = Vec::new();
            for _ in 0..self.number()? {
                sizes.push(self.text()?);
            }
            offers.push(Offer { format, sizes });
        }
        Some(Listed { info, offers })
    }
}
