//! What a build leaves of the index to the next one.
//!
//! Neighbouring documents are a block: its lists, and the names of its files of rows. A block that was made of the same
//! documents, and of parts of the catalog that are as they were, is taken as it is. Of the others each key whose lists
//! differ is noted; a file of lists without such a key lies there already. Whatever cannot be read or does not fit is
//! made anew.

use super::document::Document;
use super::pack::Name;
use super::postings::{Key, Part, Postings, Weights};
use crate::catalog::{Since, reads};
use crate::raw::{self, Bytes};
use crate::source::Keep;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Where a build keeps things for the next one, and what it knows of its output.
pub trait Store: Keep {
    /// Whether the last build left a file in the output. Whether it is still there is looked at later, for all at once.
    fn has_left(&self, path: &str) -> bool;
}

/// A store with what tells whether a catalog is as it was.
pub struct Earlier<'a> {
    /// Where things are kept.
    pub store: &'a dyn Store,
    /// Of the catalog, and of everything around it.
    pub since: &'a Since<'a>,
}

/// What is kept of some neighbouring documents.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// Which documents they are, and everything around them.
    of: u128,
    /// Of the lists.
    print: u64,
    /// What they were made of: names and fingerprints.
    #[serde(with = "raw::prints")]
    reads: Vec<(u64, u64)>,
    rows: Vec<Row>,
    /// The lists.
    #[serde(borrow)]
    part: Bytes<'a>,
}

/// The number of a file of rows, and the beginning of its hash.
pub(super) type Row = (u32, [u8; 3]);

/// Some neighbouring documents.
pub(super) struct Block {
    number: u32,
    pub part: Arc<Part>,
    pub rows: Vec<Row>,
    /// Files of rows that are not there yet.
    pub files: Vec<(Row, Vec<u8>)>,
    /// Fingerprints of the lists that were kept before and of those that are kept now.
    before: u64,
    now: u64,
    /// Keys that are not as they were, and how much heavier they are; nothing where it is not known how they were.
    changed: Option<Vec<(Key, i64)>>,
}

/// Numbers of documents in one block: not so few that a large site has very many blocks.
pub(super) fn size(slots: usize) -> usize {
    (slots / 64).next_power_of_two().max(64)
}

type Rows = Vec<(Row, Vec<u8>)>;

impl Block {
    /// Made anew.
    pub(super) fn new(number: u32, part: Part, files: Rows) -> Self {
        let rows = files.iter().map(|(row, _)| *row).collect();
        Self { number, part: Arc::new(part), rows, files, before: 0, now: 0, changed: None }
    }
}

impl Earlier<'_> {
    /// The block of some documents: as it was kept, or made.
    pub(super) fn block(
        &self,
        number: u32,
        documents: &[(u32, &Document)],
        make: impl FnOnce() -> (Part, Rows),
    ) -> Block {
        let of = self.fingerprint(documents);
        let name = format!("search {number}");
        let bytes = self.store.get(&name).unwrap_or_default();
        let kept = postcard::from_bytes::<Kept<'_>>(&bytes).ok();
        let kept = kept.and_then(|kept| Some((postcard::from_bytes::<Part>(kept.part.0).ok()?, kept)));
        let before = kept.as_ref().map_or(0, |(_, kept)| kept.print);
        let fits = |kept: &Kept<'_>| kept.of == of && self.since.prints.has(&kept.reads);
        let lie_there = |kept: &Kept<'_>| kept.rows.iter().all(|row| self.store.has_left(&row_path(*row)));
        let earlier = match kept {
            Some((part, kept)) if fits(&kept) && lie_there(&kept) => {
                let (part, rows, files) = (Arc::new(part), kept.rows, Vec::new());
                return Block { number, part, rows, files, before, now: before, changed: Some(vec![]) };
            }
            kept => kept.map(|(part, _)| part),
        };
        let ((part, files), reads) = reads::watch(make);
        let rows: Vec<Row> = files.iter().map(|(row, _)| *row).collect();
        let reads = self.since.prints.names(&reads);
        let lists = postcard::to_stdvec(&part).unwrap_or_default();
        let now = xxh3_64(&lists);
        let kept = Kept { of, print: now, reads, rows, part: Bytes(&lists) };
        self.store.put(&name, &postcard::to_stdvec(&kept).unwrap_or_default());
        let changed = earlier.map(|earlier| earlier.differing(&part));
        Block { number, part: Arc::new(part), rows: kept.rows, files, before, now, changed }
    }

    fn fingerprint(&self, documents: &[(u32, &Document)]) -> u128 {
        let mut of = Xxh3::new();
        of.update(&self.since.around.to_le_bytes());
        for (slot, document) in documents {
            of.update(&slot.to_le_bytes());
            of.update(&(document.kind as u64).to_le_bytes());
            of.update(document.id.as_bytes());
        }
        of.digest128()
    }
}

/// The output path of a file of rows.
pub(super) fn row_path((at, [a, b, c]): Row) -> String {
    format!("search/rows/{at}-{a:02x}{b:02x}{c:02x}.bin")
}

/// A file of the index whose content is not to be known again while its name stays.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Leaf {
    pub name: Name,
    pub size: u32,
}

/// The files of lists that a build has made.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Written {
    /// Of which blocks: numbers and fingerprints.
    blocks: Vec<(u32, u64)>,
    /// By the first and the last of their keys.
    leaves: Vec<(Key, Key, Leaf)>,
    /// By what is compressed in them.
    columns: Vec<(u128, Leaf)>,
    /// Every key, and its weight.
    #[serde(with = "raw::numbers")]
    keys: Vec<Key>,
    #[serde(with = "raw::numbers")]
    weights: Vec<u32>,
}

/// Of this program: another one may write the same lists in another way.
const WRITTEN: &str = concat!("search ", env!("HEARTNET_SOURCES"));

/// What keys weigh after some became heavier or lighter: those that weigh nothing are gone. Both ascend.
fn weigh_again((keys, weights): (&[Key], &[u32]), changed: &[(Key, i64)]) -> Weights {
    let mut now: Weights = (Vec::with_capacity(keys.len()), Vec::with_capacity(keys.len()));
    let mut add = |key: Key, weight: i64| {
        if let Some(weight) = u32::try_from(weight).ok().filter(|weight| *weight > 0) {
            now.0.push(key);
            now.1.push(weight);
        }
    };
    let mut before = keys.iter().copied().zip(weights.iter().copied().map(i64::from)).peekable();
    for of_key in changed.chunk_by(|a, b| a.0 == b.0) {
        let Some((key, _)) = of_key.first().copied() else { continue };
        while let Some((key, weight)) = before.next_if(|before| before.0 < key) {
            add(key, weight);
        }
        let had = before.next_if(|before| before.0 == key).map_or(0, |(_, weight)| weight);
        add(key, had + of_key.iter().map(|(_, more)| more).sum::<i64>());
    }
    before.for_each(|(key, weight)| add(key, weight));
    now
}

/// Files that need not be made again.
#[derive(Default)]
pub(super) struct Leaves<'a> {
    earlier: Option<&'a Earlier<'a>>,
    /// Keys that are not as they were, ascending.
    changed: Vec<Key>,
    /// What keys weigh now, if it was known before.
    weights: Option<Weights>,
    /// Only ever asked, never walked.
    leaves: HashMap<(Key, Key), Leaf>,
    columns: HashMap<u128, Leaf>,
    now: Written,
}

impl<'a> Leaves<'a> {
    /// Those of an earlier build, as far as its blocks are those that are known.
    pub(super) fn new(earlier: Option<&'a Earlier<'a>>, blocks: &[Block]) -> Self {
        let now =
            Written { blocks: blocks.iter().map(|block| (block.number, block.now)).collect(), ..Written::default() };
        let mut new = Self { earlier, now, ..Self::default() };
        let bytes = earlier.and_then(|earlier| earlier.store.get(WRITTEN));
        let Some(written) = bytes.and_then(|bytes| postcard::from_bytes::<Written>(&bytes).ok()) else { return new };
        new.columns = written.columns.into_iter().collect();
        let same = blocks.iter().map(|block| (block.number, block.before)).eq(written.blocks.iter().copied());
        let changed: Option<Vec<&Vec<(Key, i64)>>> = blocks.iter().map(|block| block.changed.as_ref()).collect();
        if let Some(changed) = changed.filter(|_| same) {
            let mut changed: Vec<(Key, i64)> = changed.into_iter().flatten().copied().collect();
            changed.sort_unstable();
            new.changed = changed.iter().map(|(key, _)| *key).collect();
            new.weights = Some(weigh_again((&written.keys, &written.weights), &changed));
            new.leaves = written.leaves.into_iter().map(|(first, last, leaf)| ((first, last), leaf)).collect();
        }
        new
    }

    /// What keys weigh, if it was known before.
    pub(super) fn weights(&mut self) -> Option<Weights> {
        self.weights.take()
    }

    /// Notes for the next build what keys weigh.
    pub(super) fn keep_weights(&mut self, postings: Postings) {
        (self.now.keys, self.now.weights) = (postings.keys, postings.weights);
    }

    fn lies_there(&self, leaf: Leaf) -> bool {
        self.earlier.is_some_and(|earlier| earlier.store.has_left(&leaf.name.path()))
    }

    /// The file of some keys, if it lies there.
    pub(super) fn leaf(&self, keys: &[Key]) -> Option<Leaf> {
        let (first, last) = (*keys.first()?, *keys.last()?);
        let leaf = *self.leaves.get(&(first, last))?;
        let next = self.changed.partition_point(|key| *key < first);
        let changed = self.changed.get(next).is_some_and(|key| *key <= last);
        (!changed && self.lies_there(leaf)).then_some(leaf)
    }

    /// The file of a compressed text, if it lies there.
    pub(super) fn column(&self, of: u128) -> Option<Leaf> {
        self.columns.get(&of).copied().filter(|leaf| self.lies_there(*leaf))
    }

    /// Notes a file for the next build.
    pub(super) fn keep_leaf(&mut self, keys: &[Key], leaf: Leaf) {
        if let (Some(first), Some(last)) = (keys.first(), keys.last()) {
            self.now.leaves.push((*first, *last, leaf));
        }
    }

    /// Notes the file of a compressed text for the next build.
    pub(super) fn keep_column(&mut self, of: u128, leaf: Leaf) {
        self.now.columns.push((of, leaf));
    }

    /// Leaves all of it to the next build.
    pub(super) fn end(self) {
        if let Some(earlier) = self.earlier {
            earlier.store.put(WRITTEN, &postcard::to_stdvec(&self.now).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_weighed_again_only_where_they_changed() {
        let before: Weights = (vec![2, 4, 6, 8], vec![10, 20, 30, 40]);
        let again = |changed: &[(Key, i64)]| weigh_again((&before.0, &before.1), changed);
        assert_eq!(again(&[]), before);
        let changed = [(1, 5), (4, -20), (6, 1), (6, 2), (8, 0), (9, 7)];
        assert_eq!(again(&changed), (vec![1, 2, 6, 8, 9], vec![5, 10, 33, 40, 7]));
    }
}
