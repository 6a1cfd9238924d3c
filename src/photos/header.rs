//! What a file says of itself: its format, its size, which way is up, and whether it is whole.
//!
//! Sizes are believed before anything is decoded: a file of a kilobyte may claim a picture that fills the memory.

use super::WIDEST;
use image::codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use std::io::Cursor;

/// Pixels that a picture may have: phones take 108 million at most that are of use.
const MOST_PIXELS: u64 = 120_000_000;
/// WebP knows no longer side.
const LONGEST_SIDE: u64 = 16_000;
/// GIFs are decoded with all their colours at once, several times over.
const MOST_PIXELS_OF_GIF: u64 = 20_000_000;
/// Bytes that a colour profile or a text may have in a PNG: they are packed, and unpacked without a question.
const LARGEST_PROFILE: usize = 4 << 20;
/// Bytes that it may have once it is decoded.
const MOST_BYTES: u64 = 600 << 20;
/// Bytes of the file.
const MOST_OF_FILE: usize = 100 << 20;

/// Formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Photos.
    Jpeg,
    /// Drawings and screens.
    Png,
    /// Either.
    WebP,
    /// Old, or moving.
    Gif,
}

/// What a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its format.
    pub kind: Kind,
    /// Pixels, as stored.
    pub width: u32,
    /// Pixels, as stored.
    pub height: u32,
    /// How it is turned upright.
    pub orientation: Orientation,
    /// Whether something may show through.
    pub alpha: bool,
    /// Whether it moves.
    pub moves: bool,
    /// Bytes that it takes when it is decoded.
    pub bytes: u64,
}

/// Why a file is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing in it.
    Empty,
    /// The format of iPhones.
    Heic,
    /// AVIF, TIFF, BMP, RAW …
    Foreign,
    /// None that we know.
    NoPicture,
    /// Pixels that it claims to have.
    TooLarge(u32, u32),
    /// The file is heavier than any picture for a site.
    TooHeavy,
    /// It ends before it is whole.
    CutOff,
    /// It cannot be decoded.
    Broken,
    /// A JPEG with a scan for each colour, which its decoder reads wrong.
    Scans,
}

impl Header {
    /// Pixels when it stands upright.
    pub fn upright(&self) -> (u32, u32) {
        if is_turned(self.orientation) { (self.height, self.width) } else { (self.width, self.height) }
    }
}

/// Whether width and height change places.
pub(super) fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// What a file is, by its first bytes.
fn kind(bytes: &[u8]) -> Result<Kind, Fault> {
    if bytes.is_empty() {
        return Err(Fault::Empty);
    }
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(Kind::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"GIF8") {
        return Ok(Kind::Gif);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
        return Ok(Kind::WebP);
    }
    if bytes.get(4..8) == Some(b"ftyp".as_slice()) {
        let brand = bytes.get(8..12).unwrap_or_default();
        return Err(if matches!(brand, b"avif" | b"avis") { Fault::Foreign } else { Fault::Heic });
    }
    let foreign: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"BM", b"8BPS"];
    Err(if foreign.iter().any(|start| bytes.starts_with(start)) { Fault::Foreign } else { Fault::NoPicture })
}

/// Reads what a file says, and looks whether it is whole.
pub fn read(bytes: &[u8]) -> Result<Header, Fault> {
    let kind = kind(bytes)?;
    if bytes.len() > MOST_OF_FILE {
        return Err(Fault::TooHeavy);
    }
    let (width, height, bytes_of_pixel, orientation, alpha) = match kind {
        Kind::Jpeg => facts(JpegDecoder::new(Cursor::new(bytes)))?,
        Kind::Png if !is_modest(bytes) => return Err(Fault::Broken),
        Kind::Png => facts(PngDecoder::new(Cursor::new(bytes)))?,
        Kind::WebP => facts(WebPDecoder::new(Cursor::new(bytes)))?,
        Kind::Gif => facts(GifDecoder::new(Cursor::new(bytes)))?,
    };
    let pixels = u64::from(width) * u64::from(height);
    let decoded = pixels * u64::from(bytes_of_pixel);
    // A GIF's pictures have sizes of their own.
    let frame = if kind == Kind::Gif { frames(bytes) } else { Some(0) };
    if pixels > MOST_PIXELS || decoded > MOST_BYTES || frame.is_none_or(|frame| frame > MOST_PIXELS_OF_GIF) {
        return Err(Fault::TooLarge(width, height));
    }
    if pixels == 0 {
        return Err(Fault::Broken);
    }
    let (w, h) = if is_turned(orientation) { (height, width) } else { (width, height) };
    if u64::from(h) * u64::from(w.min(WIDEST)) / u64::from(w) > LONGEST_SIDE {
        return Err(Fault::TooLarge(width, height));
    }
    if kind == Kind::Jpeg {
        if scans(bytes).ok_or(Fault::CutOff)? {
            return Err(Fault::Scans);
        }
    } else if !is_whole(kind, bytes) {
        return Err(Fault::CutOff);
    }
    Ok(Header { kind, width, height, orientation, alpha, moves: moves(kind, bytes), bytes: decoded })
}

fn facts(decoder: image::ImageResult<impl image::ImageDecoder>) -> Result<(u32, u32, u8, Orientation, bool), Fault> {
    let mut decoder = decoder.map_err(|error| match error {
        image::ImageError::Limits(_) => Fault::TooLarge(0, 0),
        _ => Fault::Broken,
    })?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    Ok((width, height, colour.bytes_per_pixel(), orientation, colour.has_alpha()))
}

/// Whether the end is there. Half a JPEG is decoded by everybody, the rest of it grey.
fn is_whole(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Png => chunks_end(bytes).unwrap_or(false),
        Kind::WebP => {
            let size = bytes.get(4..8).and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
            bytes.len() as u64 >= u64::from(size) + 8
        }
        // `scans` and the decoder tell.
        Kind::Jpeg | Kind::Gif => true,
    }
}

/// How many scans stand before the end, and whether that is more than a plain JPEG has; nothing without an end. Phones
/// hang a video or a second picture behind it.
fn scans(bytes: &[u8]) -> Option<bool> {
    let be16 = |at: usize| Some(usize::from(*bytes.get(at)?) << 8 | usize::from(*bytes.get(at + 1)?));
    let (mut at, mut plain, mut scans) = (2, false, 0);
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        at += match marker {
            0xff => 1,
            0x01 | 0xd0..=0xd7 => 2,
            0xd9 => return Some(plain && scans > 1),
            0xda => {
                scans += 1;
                // A scan: in it, 0xff is followed by zero or a restart.
                let mut end = at + 2 + be16(at + 2)?;
                loop {
                    end += memchr::memchr(0xff, bytes.get(end..)?)?;
                    match *bytes.get(end + 1)? {
                        0 | 0xd0..=0xd7 => end += 2,
                        0xff => end += 1,
                        _ => break,
                    }
                }
                end - at
            }
            _ => {
                plain |= matches!(marker, 0xc0 | 0xc1);
                2 + be16(at + 2)?
            }
        };
    }
}

/// Chunk after chunk up to the last one.
fn chunks_end(bytes: &[u8]) -> Option<bool> {
    let mut at = 8_usize;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let name = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(usize::try_from(length).ok()?)?.checked_add(12)?;
        if name == b"IEND" {
            return Some(at <= bytes.len());
        }
    }
}

/// Whether no part of a PNG besides the picture unpacks to more than any profile has.
fn is_modest(bytes: &[u8]) -> bool {
    let mut at = 8_usize;
    while let Some(head) = bytes.get(at..at + 8) {
        let (length, name) = head.split_at(4);
        let length = length.try_into().map_or(0, u32::from_be_bytes) as usize;
        let Some(data) = bytes.get(at + 8..).map(|rest| rest.get(..length).unwrap_or(rest)) else { return true };
        if name == b"iCCP" {
            let packed =
                data.iter().position(|byte| *byte == 0).and_then(|end| data.get(end + 2..)).unwrap_or_default();
            let limit = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, LARGEST_PROFILE);
            if limit.is_err_and(|error| error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput) {
                return false;
            }
        }
        if name == b"IDAT" {
            return true;
        }
        at = at.saturating_add(length).saturating_add(12);
    }
    true
}

/// Pixels of the screen or the first picture of a GIF, whichever has more.
fn frames(bytes: &[u8]) -> Option<u64> {
    let le16 = |at: usize| Some(u64::from(*bytes.get(at)?) | u64::from(*bytes.get(at + 1)?) << 8);
    let screen = le16(6)? * le16(8)?;
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        match *bytes.get(at)? {
            0x2c => return Some(screen.max(le16(at + 5)? * le16(at + 7)?)),
            0x21 => {
                at += 2;
                while *bytes.get(at)? != 0 {
                    at += 1 + usize::from(*bytes.get(at)?);
                }
                at += 1;
            }
            _ => return None,
        }
    }
}

fn moves(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Jpeg => false,
        Kind::Png => memchr::memmem::find(bytes.get(..4_096.min(bytes.len())).unwrap_or_default(), b"acTL").is_some(),
        Kind::WebP => {
            bytes.get(12..16) == Some(b"VP8X".as_slice()) && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
        }
        Kind::Gif => {
            let has = |sign: &[u8], at: usize| memchr::memmem::find_iter(bytes, sign).nth(at).is_some();
            has(b"NETSCAPE2.0", 0) || has(b"\x21\xf9\x04", 1)
        }
    }
}
