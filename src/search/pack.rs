//! Numbers as bytes, bytes as files.

use miniz_oxide::deflate::compress_to_vec;
use std::collections::HashSet;

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

/// How hard to compress: higher gains half of a per cent and takes twice as long.
const LEVEL: u8 = 6;

/// As the browser's `DecompressionStream("deflate-raw")` reads it.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, LEVEL)
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
