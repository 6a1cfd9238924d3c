//! The number of each document.
//!
//! Neighbours are alike, so that lists of numbers and pages of results are small: first what can be had, then
//! what is over; within that by kind and category. A number must not change because another document came or
//! went, or every file would change with it. So each group has a table with room to spare, in which a document's
//! place follows from its id. Only when a group outgrows its table do its places change.

use super::document::Document;
use rayon::prelude::*;

/// Which document has which number.
pub(super) struct Order {
    /// Number and place in the list of documents, ascending.
    pub places: Vec<(u32, usize)>,
    /// One more than the largest number a document could have.
    pub slots: usize,
    /// Where what is over begins.
    pub open: usize,
}

/// Room for some documents: an eighth to spare, in steps of a quarter of a power of two.
fn room(documents: usize) -> usize {
    let least = (documents + documents / 8 + 1).max(4);
    let step = (least.next_power_of_two() / 8).max(1);
    least.div_ceil(step) * step
}

impl Order {
    pub(super) fn new(documents: &[Document]) -> Self {
        let key = |document: &Document| {
            let hash = blake3::hash(document.id.as_bytes());
            let [a, b, c, d, ..] = *hash.as_bytes();
            (document.closed, document.kind, document.group, u32::from_be_bytes([a, b, c, d]))
        };
        let mut sorted: Vec<_> = documents.par_iter().map(key).zip(0..documents.len()).collect();
        sorted.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| documents[a.1].id.cmp(&documents[b.1].id)));
        let mut new = Self { places: Vec::with_capacity(documents.len()), slots: 0, open: 0 };
        let mut closed = false;
        for group in sorted.chunk_by(|a, b| (a.0.0, a.0.1, a.0.2) == (b.0.0, b.0.1, b.0.2)) {
            if let Some(((over, ..), _)) = group.first()
                && *over
                && !closed
            {
                closed = true;
                new.open = new.slots;
            }
            new.group(group.iter().map(|((.., hash), at)| (*hash, *at)), group.len());
        }
        if !closed {
            new.open = new.slots;
        }
        new.places.sort_unstable();
        new
    }

    /// Puts a group into its table: each at the place its hash names, or the next free one.
    fn group(&mut self, documents: impl Iterator<Item = (u32, usize)>, count: usize) {
        let room = room(count);
        let mut taken = vec![false; room];
        for (hash, at) in documents {
            let mut place = ((u64::from(hash) * room as u64) >> 32) as usize;
            while taken.get(place).copied().unwrap_or(false) {
                place = (place + 1) % room;
            }
            if let Some(place) = taken.get_mut(place) {
                *place = true;
            }
            self.places.push((u32::try_from(self.slots + place).unwrap_or(u32::MAX), at));
        }
        self.slots += room;
    }
}
