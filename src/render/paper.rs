//! What a page is written on. It notes where a text lies that was made once for many pages (`once`), so that whoever
//! looks at the page need not look at that text again.

use super::once;
use std::io;
use std::ops::Range;

/// Shorter ones are looked at as fast as they are looked up.
const SHORTEST: usize = 64;

/// A page, or the last one until the next is written.
#[derive(Debug, Default)]
pub struct Paper {
    /// The page.
    pub bytes: Vec<u8>,
    /// In the order in which they lie there.
    pub parts: Vec<Part>,
}

/// A text that was made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it lies in the page.
    pub at: Range<usize>,
    /// Of this text alone, as long as its renderer is there.
    pub key: usize,
}

impl Paper {
    /// Empty, with its room.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.parts.clear();
        once::forget_given();
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() >= SHORTEST {
            let from = self.bytes.len();
            once::parts_of(bytes, |Part { at, key }| {
                if at.len() >= SHORTEST {
                    self.parts.push(Part { at: from + at.start..from + at.end, key: *key });
                }
            });
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
