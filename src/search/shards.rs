//! Lists into small files, and the way from a pair of letters to its file.
//!
//! Keys are split by their bits, one after the other, until what is left fits a file: which keys share a file
//! depends on their own size alone, so an edit changes the files of its own pairs and no others. The tree of the
//! splits is the way. Its upper part stands in `index.json`, the rest in directories of a few dozen files, so that
//! a query reads the names of few files though each has its content in its name.

use super::Files;
use super::kept::{Leaf, Leaves};
use super::pack::{Packed, deflate, varint};
use super::postings::{Columns, Key, Postings};
use rayon::prelude::*;
use std::fmt::Write as _;

/// Bytes of lists in one file, before they are compressed, on a small site and on a large one. A key that has more
/// is alone in its file.
const LARGEST: [usize; 2] = [8 * 1024, 14 * 1024];
/// Bytes of all lists of a large site.
const LARGE_SITE: usize = 12 * 1024 * 1024;
/// Files that one directory names.
const FILES_OF_DIRECTORY: usize = 64;

/// A tree of keys.
enum Tree {
    /// A file of some keys.
    Leaf(std::ops::Range<usize>),
    /// By a bit, counted from the highest: those without, those with.
    Split(u8, Box<Tree>, Box<Tree>),
}

/// A key's weight adds up to that of any range of keys.
struct Weights(Vec<usize>);

impl Weights {
    fn of(&self, range: &std::ops::Range<usize>) -> usize {
        let at = |at: usize| self.0.get(at).copied().unwrap_or_default();
        at(range.end) - at(range.start)
    }
}

/// What a file may hold: the less there is, the smaller the files. In steps, so that it seldom changes.
fn largest(all: usize) -> usize {
    if all < LARGE_SITE { LARGEST[0] } else { LARGEST[1] }
}

fn split(keys: &[Key], weights: &Weights, largest: usize, range: std::ops::Range<usize>) -> Tree {
    let (Some(first), Some(last)) = (keys.get(range.start), range.end.checked_sub(1).and_then(|at| keys.get(at)))
    else {
        return Tree::Leaf(range);
    };
    if first == last || weights.of(&range) <= largest {
        return Tree::Leaf(range);
    }
    // The first bit in which they differ.
    let bit = (first ^ last).leading_zeros() as u8;
    let mask = 0x8000_0000 >> bit;
    let middle = range.start + keys.get(range.clone()).unwrap_or_default().partition_point(|key| key & mask == 0);
    let [low, high] =
        [range.start..middle, middle..range.end].map(|half| Box::new(split(keys, weights, largest, half)));
    Tree::Split(bit, low, high)
}

impl Tree {
    fn leaves(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Split(_, low, high) => low.leaves() + high.leaves(),
        }
    }

    fn ranges<'a>(&'a self, into: &mut Vec<&'a std::ops::Range<usize>>) {
        match self {
            Self::Leaf(range) => into.push(range),
            Self::Split(_, low, high) => {
                low.ranges(into);
                high.ranges(into);
            }
        }
    }

    /// Subtrees that make a directory each.
    fn directories<'a>(&'a self, into: &mut Vec<&'a Tree>) {
        match self {
            Self::Split(_, low, high) if self.leaves() > FILES_OF_DIRECTORY => {
                low.directories(into);
                high.directories(into);
            }
            tree => into.push(tree),
        }
    }

    /// The splits of the upper part in front of everything below them, with a name in the place of each part
    /// that is `small` enough to be named.
    fn write(&self, named: &mut impl Iterator<Item = Vec<u8>>, small: &impl Fn(&Tree) -> bool, out: &mut Vec<u8>) {
        match self {
            Self::Split(bit, low, high) if !small(self) => {
                out.push(*bit);
                low.write(named, small, out);
                high.write(named, small, out);
            }
            _ => out.extend(named.next().unwrap_or_default()),
        }
    }
}

/// How large a file is, in one byte: eight steps for each doubling. The browser chooses by it what to ask for.
fn size(bytes: usize) -> u8 {
    let steps = (bytes.max(64) as f64 / 64.0).log2() * 8.0;
    0x80 | (steps.round() as u8).min(0x7f)
}

/// A leaf of a directory: the size and the name of a file.
fn leaf(of: Leaf) -> Vec<u8> {
    let mut leaf = vec![size(of.size as usize)];
    leaf.extend(of.name.number.to_be_bytes());
    leaf
}

/// The lists of some keys in one file.
fn file(postings: &Postings, keys: &[Key]) -> Packed {
    let mut columns = Columns::default();
    let mut last = 0;
    varint(u32::try_from(keys.len()).unwrap_or(u32::MAX), &mut columns.head);
    let mut walk = postings.from(keys.first().copied().unwrap_or_default());
    for key in keys {
        varint(key - last, &mut columns.head);
        last = *key;
        walk.write(*key, &mut columns);
    }
    let Columns { mut head, numbers, positions, rests, next } = columns;
    // Each column is read at once, from where the one before it ends.
    for column in [&numbers, &positions, &rests, &next] {
        head.extend_from_slice(column);
    }
    deflate(&head)
}

/// Writes all files of lists and their directories; returns the upper part of the way.
pub(super) fn write(postings: &Postings, leaves: &mut Leaves<'_>, files: &mut Files) -> String {
    let keys = &postings.keys;
    let mut sums = Vec::with_capacity(keys.len() + 1);
    sums.push(0);
    let mut sum = 0;
    sums.extend(postings.weights.iter().map(|weight| {
        sum += *weight as usize;
        sum
    }));
    let tree = split(keys, &Weights(sums), largest(sum), 0..keys.len());
    let mut ranges = Vec::new();
    tree.ranges(&mut ranges);
    let of = |range: &std::ops::Range<usize>| keys.get(range.clone()).unwrap_or_default();
    let make = |range: &&std::ops::Range<usize>| match leaves.leaf(of(range)) {
        Some(leaf) => Err(leaf),
        None => Ok(file(postings, of(range))),
    };
    let packed: Vec<Result<Packed, Leaf>> = ranges.par_iter().with_max_len(16).map(make).collect();
    let mut named = Vec::with_capacity(packed.len());
    for (range, packed) in ranges.iter().zip(packed) {
        let made = match packed {
            Ok(packed) => files.add(packed),
            Err(leaf) if files.leave(leaf) => leaf,
            // Another file has its name by now.
            Err(_) => files.add(file(postings, of(range))),
        };
        leaves.keep_leaf(of(range), made);
        named.push(leaf(made));
    }
    let mut named = named.into_iter();
    let mut directories = Vec::new();
    tree.directories(&mut directories);
    let small = |tree: &Tree| tree.leaves() <= FILES_OF_DIRECTORY;
    let mut way_in = Vec::new();
    for directory in directories {
        let mut bytes = Vec::new();
        directory.write(&mut named, &|tree| matches!(tree, Tree::Leaf(_)), &mut bytes);
        way_in.push(leaf(files.column(&bytes, leaves)));
    }
    let mut way = Vec::new();
    tree.write(&mut way_in.into_iter(), &small, &mut way);
    let mut hex = String::with_capacity(way.len() * 2);
    for byte in way {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
