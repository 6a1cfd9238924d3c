//! Pictures without metadata: a phone writes where a photo was taken, and that must not be published.
//!
//! Only the containers are taken apart, no pixel is touched. What browsers need stays: the colour
//! profile, and of the Exif data the one number that says which way is up. A file that is not what it
//! seems is copied as it is; the photo pipeline judges it.

/// The file without Exif, XMP, IPTC, comments and the like.
pub(super) fn strip(bytes: Vec<u8>) -> Vec<u8> {
    let stripped = if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        jpeg(&bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(&bytes)
    } else if bytes.starts_with(b"GIF8") {
        gif(&bytes)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
        webp(&bytes)
    } else {
        None
    };
    stripped.unwrap_or(bytes)
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at + 1)?))
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(bytes.get(..2)?);
    let mut at = 2;
    let mut orientation = None;
    let mut kept = Vec::new();
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            // The picture itself begins; nothing is left out of it.
            0xda => break,
            0x01 | 0xd0..=0xd7 => {
                at += 2;
                continue;
            }
            _ => {}
        }
        let end = at + 2 + be16(bytes, at + 2)?;
        let segment = bytes.get(at..end)?;
        let keep = match marker {
            0xe1 => {
                orientation = orientation.or_else(|| exif_orientation(segment.get(10..)?));
                false
            }
            // JFIF, the colour profile, and Adobe's note on the colour space.
            0xe0 | 0xee => true,
            0xe2 => segment.get(4..15) == Some(b"ICC_PROFILE".as_slice()),
            0xe3..=0xef | 0xfe => false,
            _ => true,
        };
        if keep {
            kept.extend_from_slice(segment);
        }
        at = end;
    }
    if let Some(value @ 2..=8) = orientation {
        out.extend_from_slice(&minimal_exif(value));
    }
    out.extend_from_slice(&kept);
    out.extend_from_slice(picture(bytes.get(at..)?));
    Some(out)
}

/// The picture up to its end: phones hang videos and depth maps behind it.
fn picture(rest: &[u8]) -> &[u8] {
    let mut at = 2;
    while let Some(pair) = rest.get(at..at + 2) {
        if pair == [0xff, 0xd9] {
            return &rest[..at + 2];
        }
        at += 1;
    }
    rest
}

/// The orientation in a TIFF structure.
fn exif_orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let read16 = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let high = if little { usize::from(read16(6)?) << 16 } else { usize::from(read16(4)?) << 16 };
    let low = usize::from(if little { read16(4)? } else { read16(6)? });
    let start = high | low;
    let count = usize::from(read16(start)?);
    (0..count.min(200)).map(|index| start + 2 + index * 12).find_map(|entry| {
        (read16(entry)? == 0x0112).then(|| read16(entry + 8)).flatten().and_then(|value| u8::try_from(value).ok())
    })
}

/// An Exif segment that says which way is up, and nothing else.
fn minimal_exif(orientation: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    segment
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    while at < bytes.len() {
        let length = be16(bytes, at)? << 16 | be16(bytes, at + 2)?;
        let name = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let chunk = bytes.get(at..end)?;
        if !matches!(name, b"tEXt" | b"zTXt" | b"iTXt" | b"eXIf" | b"tIME") {
            out.extend_from_slice(chunk);
        }
        at = end;
        if name == b"IEND" {
            break;
        }
    }
    Some(out)
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at + 8 <= bytes.len() {
        let name = bytes.get(at..at + 4)?;
        let length = usize::try_from(u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?)).ok()?;
        let end = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
        let chunk = bytes.get(at..end.min(bytes.len()))?;
        match name {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let first = out.len();
                out.extend_from_slice(chunk);
                // The flags of what was left out.
                if let Some(flags) = out.get_mut(first + 8) {
                    *flags &= !0b0000_1100;
                }
            }
            _ => out.extend_from_slice(chunk),
        }
        at = end;
    }
    let size = u32::try_from(out.len().checked_sub(8)?).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    Some(out)
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    // A table of colours stands behind what says that it does.
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut out = bytes.get(..at)?.to_vec();
    loop {
        let start = at;
        let keep = match *bytes.get(at)? {
            0x21 => {
                at += 2;
                // When each picture is shown, and how often all of them are.
                let kind = (*bytes.get(start + 1)?, bytes.get(start + 3..start + 14));
                matches!(kind, (0xf9, _) | (0xff, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")))
            }
            0x2c => {
                at += 11 + table(*bytes.get(at + 9)?);
                true
            }
            _ => break,
        };
        // Parts of at most 255 bytes up to an empty one.
        while let size @ 1.. = usize::from(*bytes.get(at)?) {
            at += size + 1;
        }
        at += 1;
        if keep {
            out.extend_from_slice(bytes.get(start..at)?);
        }
    }
    out.push(0x3b);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo() -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        let mut tiff = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
        tiff.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        tiff.extend_from_slice(b"\x25\x88\x04\0\x01\0\0\0\x00\0\0\0GPS HERE");
        let length = u8::try_from(tiff.len() + 8).unwrap_or_default();
        bytes.extend_from_slice(&[0xff, 0xe1, 0, length]);
        bytes.extend_from_slice(b"Exif\0\0");
        bytes.extend_from_slice(&tiff);
        bytes.extend_from_slice(b"\xff\xfe\0\x09comment");
        bytes.extend_from_slice(b"\xff\xdb\0\x04qq\xff\xda\0\x02pixels\xff\xd9trailer");
        bytes
    }

    #[test]
    fn a_photo_keeps_its_pixels_and_which_way_is_up() {
        let out = strip(photo());
        let text = String::from_utf8_lossy(&out);
        for gone in ["GPS", "comment", "trailer"] {
            assert!(!text.contains(gone), "{gone}");
        }
        assert!(text.contains("pixels") && text.contains("qq"));
        assert_eq!(exif_orientation(&out[12..]), Some(6));
    }

    fn moving() -> Vec<u8> {
        let mut bytes = b"GIF89a\x01\0\x01\0\x80\0\0qqqqqq".to_vec();
        bytes.extend_from_slice(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0\x21\xfe\x07comment\x03GPS\0");
        bytes.extend_from_slice(b"\x21\xff\x0bXMP DataXMP\x04here\0\x21\xf9\x04\0\x0a\0\0\0");
        bytes.extend_from_slice(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3btrailer");
        bytes
    }

    #[test]
    fn a_gif_keeps_its_pictures_and_when_they_are_shown() {
        let out = strip(moving());
        let text = String::from_utf8_lossy(&out);
        for gone in ["comment", "GPS", "XMP", "trailer"] {
            assert!(!text.contains(gone), "{gone}");
        }
        assert!(text.contains("NETSCAPE2.0") && out.ends_with(b"\x02\x02\x44\x01\0\x3b"));
        assert!(out.windows(4).any(|part| part == b"\x21\xf9\x04\0"));
    }

    #[test]
    fn cut_and_odd_files_are_no_panic() {
        for whole in [photo(), moving()] {
            for end in 0..whole.len() {
                let _ = strip(whole[..end].to_vec());
            }
        }
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend_from_slice(b"\xff\xff\xff\xffIDAT");
        let _ = strip(png);
        let _ = strip(b"RIFF\xff\xff\xff\xffWEBPEXIF\xff\xff\xff\xff".to_vec());
    }
}
