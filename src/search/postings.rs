//! Pairs of letters, and which documents hold them where.
//!
//! A pair is found in three places: in names, with its position, so that a part of a name is matched exactly and
//! a whole one is known as such; in words one could filter by; and in sentences. With each go the two letters that
//! follow, the second one roughly, so that four letters are matched at once wherever they stand. What follows a pair
//! is mostly the same, so the more usual has the smaller number and the column shrinks to a third of a byte for each
//! document: the number of the sentence instead, which says less, took three times as much. A single letter is
//! a key too, for queries of one letter.

use super::document::{Document, Texts};
use super::fold::{fold, is_letter, is_part};
use super::pack::{read_varint, varint};
use crate::catalog::Catalog;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Positions in names beyond are not told apart, nor is what follows at a greater length.
const LAST_PLACE: u32 = (1 << 11) - 1;
const LONGEST_REST: u32 = (1 << 7) - 1;
/// Bits for what follows a pair: eight for the first letter, above them three for the second.
const NEXT: u64 = (1 << 11) - 1;
/// Where a pair was found: the order in which its lists are written.
const NAME: u64 = 0;
const WORD: u64 = 1;
const LINE: u64 = 2;
/// Codes of what follows: below it the place of the one letter among those that follow the pair, above it how many
/// places come.
const SEVERAL: usize = 200;
/// Too many letters to name: any of them may follow.
const ANY: u8 = u8::MAX;

/// Two letters, the first in the upper half. The lower half is empty for a letter alone.
pub(super) type Key = u32;

/// Documents of a key in one place: the number of each as the difference to the one before, and what is known.
#[derive(Debug, Default, Clone)]
pub(super) struct List {
    bytes: Vec<u8>,
    last: u32,
    pub count: u32,
}

/// The lists of a key: names, words, sentences.
pub(super) type Lists = [List; 3];

/// Keys are pairs of letters already; this only spreads them.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }
    fn write_u32(&mut self, key: u32) {
        self.0 = (self.0 ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
}

/// What some neighbouring documents hold. The map is only asked, never walked.
#[derive(Default)]
struct Part {
    places: HashMap<Key, u32, BuildHasherDefault<Spread>>,
    keys: Vec<Key>,
    lists: Vec<Lists>,
}

/// Everything that can be found.
pub(super) struct Postings {
    /// In the order of the documents.
    parts: Vec<Part>,
    /// Every key once, ascending.
    pub keys: Vec<Key>,
}

fn half(letter: char) -> u32 {
    let code = u32::from(letter);
    // Seldom letters beyond the first plane share places of their own.
    if code > 0xffff { 0xe000 + (code & 0x0fff) } else { code }
}

/// What follows a pair, in eleven bits. Nought stands for the end of the word.
fn follow(next: u32, second: u32) -> u64 {
    u64::from((next ^ next >> 8) & 0xff | ((second ^ second >> 3 ^ second >> 6) & 7) << 8)
}

/// Above a letter's code: a sign within a word, which is no key when it stands alone.
const SIGN: u32 = 1 << 16;

/// The letters of a folded text, nought for what stands between words, and at the end so many that the last
/// letter can be asked for what follows it.
fn letters(folded: &str, into: &mut Vec<u32>) {
    into.clear();
    into.extend(folded.chars().map(|letter| match () {
        () if is_letter(letter) => half(letter),
        () if is_part(letter) => half(letter) | SIGN,
        () => 0,
    }));
    into.extend([0; 3]);
}

/// Calls back with each pair and each letter, its place, and what follows the pair.
fn pairs(letters: &[u32], mut found: impl FnMut(Key, u32, u64)) {
    for (letters, at) in letters.windows(4).zip(0u32..) {
        let &[first, second, third, fourth] = letters else { continue };
        if first == 0 {
            continue;
        }
        if first & SIGN == 0 {
            found(first << 16, at, 0);
        }
        if second != 0 {
            let fourth = if third == 0 { 0 } else { fourth };
            found((first & 0xffff) << 16 | second & 0xffff, at, follow(third & 0xffff, fourth & 0xffff));
        }
    }
}

/// All that is to be kept of a document, as numbers that sort as they are written: key, where, details.
fn collect(texts: &Texts<'_>, into: &mut Vec<u64>) {
    into.clear();
    let mut of = Vec::new();
    let mut name = |text: &str, field: u64| {
        letters(text, &mut of);
        let total = text.chars().count().try_into().unwrap_or(u32::MAX);
        pairs(&of, |key, at, next| {
            if is_single(key) {
                into.push(u64::from(key) << 32 | NAME << 30);
                return;
            }
            let (at, rest) = (at.min(LAST_PLACE), total.saturating_sub(at).min(LONGEST_REST));
            let detail = NAME << 30 | field << 29 | u64::from(at) << 18 | u64::from(rest) << 11 | next;
            into.push(u64::from(key) << 32 | detail);
        });
    };
    let folded = fold(texts.name);
    name(&folded, 0);
    if let Some(kana) = texts.kana.map(fold).filter(|kana| *kana != folded) {
        name(&kana, 1);
    }
    for (texts, place) in [(&texts.words, WORD), (&texts.lines, LINE)] {
        for text in texts {
            letters(&fold(text), &mut of);
            pairs(&of, |key, _, next| into.push(u64::from(key) << 32 | place << 30 | next));
        }
    }
    into.sort_unstable();
    into.dedup();
}

/// Whether a key is one letter alone, which nothing follows.
fn is_single(key: Key) -> bool {
    key & 0xffff == 0
}

impl Part {
    fn new(catalog: &Catalog, documents: &[(u32, &Document)]) -> Self {
        let mut part = Self::default();
        let mut found = Vec::with_capacity(4096);
        for (slot, document) in documents {
            collect(&document.texts(catalog), &mut found);
            for of_key in found.chunk_by(|a, b| a >> 32 == b >> 32) {
                let Some(first) = of_key.first() else { continue };
                let lists = part.lists_of((first >> 32) as Key);
                for entries in of_key.chunk_by(|a, b| a >> 30 == b >> 30) {
                    let place = (entries.first().map_or(0, |entry| entry >> 30) & 3) as usize;
                    if let Some(list) = lists.get_mut(place) {
                        list.add(*slot, place as u64, (first >> 32) as Key, entries);
                    }
                }
            }
        }
        part
    }

    fn lists_of(&mut self, key: Key) -> &mut Lists {
        let next = self.keys.len();
        let at = *self.places.entry(key).or_insert(next as u32) as usize;
        if at == next {
            self.keys.push(key);
            self.lists.push(Lists::default());
        }
        &mut self.lists[at]
    }
}

impl List {
    fn add(&mut self, slot: u32, place: u64, key: Key, entries: &[u64]) {
        let next = |entry: &u64| ((entry & NEXT) as u16).to_be_bytes();
        if place == NAME && !is_single(key) {
            for entry in entries {
                self.number(slot);
                let (field, at) = (entry >> 29 & 1, entry >> 18 & u64::from(LAST_PLACE));
                varint((at << 1 | field) as u32, &mut self.bytes);
                varint((entry >> 11 & u64::from(LONGEST_REST)) as u32, &mut self.bytes);
                self.bytes.push(1);
                self.bytes.extend(next(entry));
            }
            return;
        }
        self.number(slot);
        if !is_single(key) {
            // How many, and which.
            self.bytes.push(entries.len().min(255) as u8);
            self.bytes.extend(entries.iter().take(255).flat_map(next));
        }
    }

    fn number(&mut self, slot: u32) {
        varint(slot - self.last, &mut self.bytes);
        self.last = slot;
        self.count += 1;
    }
}

impl Postings {
    /// Of documents in the order of their numbers.
    pub(super) fn new(catalog: &Catalog, documents: &[(u32, &Document)]) -> Self {
        let size = documents.len().div_ceil(rayon::current_num_threads()).max(64);
        let parts: Vec<Part> = documents.par_chunks(size).map(|part| Part::new(catalog, part)).collect();
        let mut keys: Vec<Key> = parts.iter().flat_map(|part| part.keys.iter().copied()).collect();
        keys.par_sort_unstable();
        keys.dedup();
        Self { parts, keys }
    }

    fn of(&self, key: Key) -> impl Iterator<Item = &Lists> {
        self.parts.iter().filter_map(move |part| part.lists.get(*part.places.get(&key)? as usize))
    }

    /// About how many bytes the lists of a key have. It follows from their lengths alone: how many parts the work was
    /// cut into must not show.
    pub(super) fn weight(&self, key: Key) -> usize {
        let each = if is_single(key) { [1, 1, 1] } else { [7, 5, 5] };
        self.of(key).flat_map(|lists| lists.iter().zip(each)).map(|(list, each)| list.count as usize * each).sum()
    }

    /// Calls back with each document of a key in one place: what it has to add to the number before, where in the
    /// name, and what follows.
    fn each(&self, key: Key, place: usize, mut found: impl FnMut(u32, [u32; 2], &[[u8; 2]])) {
        let mut last = 0;
        for list in self.of(key).filter_map(|lists| lists.get(place)).filter(|list| list.count > 0) {
            let mut bytes = list.bytes.as_slice();
            for at in 0..list.count {
                // The first number of a part counts from the beginning, not from the part before.
                let number = read_varint(&mut bytes).unwrap_or_default() - if at == 0 { last } else { 0 };
                let mut position = [0, 0];
                if place == NAME as usize && !is_single(key) {
                    position = [(); 2].map(|()| read_varint(&mut bytes).unwrap_or_default());
                }
                let mut next: &[u8] = &[];
                if !is_single(key)
                    && let Some((count, rest)) = bytes.split_first()
                {
                    (next, bytes) = rest.split_at((usize::from(*count) * 2).min(rest.len()));
                }
                found(number, position, next.as_chunks().0);
            }
            last = list.last;
        }
    }

    /// The lists of a key into the columns of a file: how many documents each has, the letters that follow, the
    /// most usual first, then what is in the lists.
    pub(super) fn write(&self, key: Key, columns: &mut Columns) {
        for place in 0..3 {
            let count = self.of(key).filter_map(|lists| lists.get(place)).map(|list| list.count).sum();
            varint(count, &mut columns.head);
        }
        let mut usual = [0u32; NEXT as usize + 1];
        if !is_single(key) {
            for place in 0..3 {
                self.each(key, place, |_, _, next| next.iter().for_each(|next| usual[number_of(*next)] += 1));
            }
        }
        let mut order: Vec<usize> = (0..usual.len()).filter(|next| usual[*next] > 0).collect();
        order.sort_by_key(|next| std::cmp::Reverse(usual[*next]));
        order.truncate(SEVERAL);
        let mut ranks = [ANY; NEXT as usize + 1];
        for (next, rank) in order.iter().zip(0..SEVERAL as u8) {
            ranks[*next] = rank;
        }
        if !is_single(key) {
            varint(order.len() as u32, &mut columns.head);
            for next in order {
                columns.head.extend((next as u16).to_be_bytes());
            }
        }
        for place in 0..3 {
            self.each(key, place, |number, [position, rest], next| {
                varint(number, &mut columns.numbers);
                if place == NAME as usize && !is_single(key) {
                    varint(position, &mut columns.positions);
                    varint(rest, &mut columns.rests);
                }
                columns.follow(next, &ranks);
            });
        }
    }
}

fn number_of(next: [u8; 2]) -> usize {
    usize::from(u16::from_be_bytes(next) & NEXT as u16)
}

/// Equal things side by side, which are compressed better so.
#[derive(Default)]
pub(super) struct Columns {
    /// Keys and how many documents they have.
    pub head: Vec<u8>,
    pub numbers: Vec<u8>,
    pub positions: Vec<u8>,
    pub rests: Vec<u8>,
    pub next: Vec<u8>,
}

impl Columns {
    fn follow(&mut self, next: &[[u8; 2]], ranks: &[u8]) {
        let mut own: Vec<u8> = next.iter().map(|next| ranks[number_of(*next)]).collect();
        own.sort_unstable();
        match own.as_slice() {
            [] => {}
            [one] => self.next.push(*one),
            // So many that it need not be told apart.
            several if several.len() > 12 || several.contains(&ANY) => self.next.push(ANY),
            several => {
                self.next.push(SEVERAL as u8 + several.len() as u8);
                self.next.extend_from_slice(several);
            }
        }
    }
}
