//! Numbers as bytes, bytes as files.

use libdeflater::{CompressionLvl, Compressor};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::HashSet;

/// Seven bits a byte, the last one without the eighth. Nearly all numbers are small.
#[inline]
pub(super) fn varint(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`varint`] has written.
#[inline]
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

/// Of twelve: files of a kilobyte or two become 2 % larger than at the library's own level, six, in half the time.
const LEVEL: i32 = 1;

thread_local! {
    /// Its tables and the room for what it writes are used again and again.
    static PACKER: RefCell<(Compressor, Vec<u8>)> =
        RefCell::new((Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()), Vec::new()));
}

/// Packed bytes, and what they are called: the beginning of their hash.
pub(super) struct Packed {
    pub bytes: Vec<u8>,
    pub short: u32,
}

/// As the browser's `DecompressionStream("deflate-raw")` reads it.
pub(super) fn deflate(bytes: &[u8]) -> Packed {
    PACKER.with_borrow_mut(|(packer, room)| {
        let most = packer.deflate_compress_bound(bytes.len());
        if room.len() < most {
            room.resize(most, 0);
        }
        // It cannot fail in so much room.
        let length = packer.deflate_compress(bytes, room).unwrap_or_default();
        let bytes = room.get(..length).unwrap_or_default().to_vec();
        Packed { short: short(&bytes, &[]), bytes }
    })
}

fn short(bytes: &[u8], salt: &[u8]) -> u32 {
    let hash = blake3::Hasher::new().update(bytes).update(salt).finalize();
    hash.as_bytes().first_chunk().copied().map_or(0, u32::from_be_bytes)
}

/// Names by content, each for one content only.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<u32>,
}

impl Names {
    /// The name of a content: what it is called, unless another content has that name.
    pub(super) fn of(&mut self, packed: &Packed) -> Name {
        let (mut number, mut salt) = (packed.short, 0);
        // Two contents with the same four bytes: seldom, and then the later one takes another name.
        while !self.taken.insert(number) && salt < u8::MAX {
            salt += 1;
            number = short(&packed.bytes, &[salt]);
        }
        Name { number, salted: salt > 0 }
    }

    /// Takes a name that an earlier build gave to a content; not where another content has it by now.
    pub(super) fn take(&mut self, name: Name) -> bool {
        !name.salted && self.taken.insert(name.number)
    }
}

/// The name of a file by its content.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Name {
    pub number: u32,
    /// Whether another content had the name that it should have.
    salted: bool,
}

impl Name {
    /// The eight digits by which the browser knows it.
    pub(super) fn hex(self) -> String {
        format!("{:08x}", self.number)
    }

    /// Its output path.
    pub(super) fn path(self) -> String {
        let hex = self.hex();
        ["search/", &hex[..2], "/", &hex[2..], ".bin"].concat()
    }
}
