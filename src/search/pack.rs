//! Numbers as bytes, bytes as files.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::collections::HashSet;
use std::io::Write as _;

/// Seven bits a byte, the last one without the eighth.
pub(super) fn varint(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`varint`] has written.
pub(super) fn read_varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// As the browser's `DecompressionStream("deflate-raw")` reads it.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2 + 16), Compression::new(8));
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Names by content, each for one content only.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<[u8; 4]>,
}

impl Names {
    /// Output path, and the eight digits by which the browser knows it.
    pub(super) fn of(&mut self, bytes: &[u8]) -> (String, String) {
        let mut salt = 0u8;
        loop {
            let mut hasher = blake3::Hasher::new();
            hasher.update(bytes);
            if salt > 0 {
                hasher.update(&[salt]);
            }
            let [a, b, c, d, ..] = *hasher.finalize().as_bytes();
            // Two contents with the same four bytes: seldom, and then the later one takes another name.
            if self.taken.insert([a, b, c, d]) || salt == u8::MAX {
                let name = format!("{a:02x}{b:02x}{c:02x}{d:02x}");
                return (format!("search/{}/{}.bin", &name[..2], &name[2..]), name);
            }
            salt += 1;
        }
    }
}
