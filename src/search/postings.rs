//! Pairs of letters, and which documents hold them where.
//!
//! A pair is found in three places: in names, with its position, so that a part of a name is matched exactly and
//! a whole one is known as such; in words one could filter by; and in sentences. With each go the two letters that
//! follow, the second one roughly, so that four letters are matched at once wherever they stand. What follows a pair
//! is mostly the same, so the more usual has the smaller number and the column shrinks to a third of a byte for each
//! document: the number of the sentence instead, which says less, took three times as much. A single letter is
//! a key too, for queries of one letter.

use super::document::Texts;
use super::fold::{fold, is_letter, is_part};
use super::pack::{read_varint, varint};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Positions in names beyond are not told apart, nor is what follows at a greater length.
const LAST_PLACE: u32 = (1 << 11) - 1;
const LONGEST_REST: u32 = (1 << 7) - 1;
/// Bits for what follows a pair: eight for the first letter, above them three for the second.
const NEXT: u64 = (1 << 11) - 1;
/// Below the place: all that is kept of an occurrence.
const DETAILS: u64 = (1 << 30) - 1;
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
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct List<'a> {
    count: u32,
    bytes: &'a [u8],
}

/// The lists of a key: names, words, sentences.
type Lists<'a> = [List<'a>; 3];

/// What some neighbouring documents hold.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Part {
    /// Ascending.
    keys: Vec<Key>,
    /// Where the lists of each key end; they begin where those of the key before it end.
    ends: Vec<u32>,
    /// Of each key how many documents its lists have, how long the first two are, and what is in them.
    #[serde(with = "bytes")]
    bytes: Vec<u8>,
}

/// All at once; serde alone would take them one by one.
mod bytes {
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    struct All;

    impl Visitor<'_> for All {
        type Value = Vec<u8>;

        fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            to.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_bytes(All)
    }
}

/// Everything that can be found.
pub(super) struct Postings {
    /// In the order of the documents.
    parts: Vec<Arc<Part>>,
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

/// Calls back with each pair and with each letter that is new to the place: where it stands, and what follows the pair.
fn pairs(letters: &[u32], place: u64, singles: &mut Singles, mut found: impl FnMut(Key, u32, u64)) {
    for (letters, at) in letters.windows(4).zip(0u32..) {
        let &[first, second, third, fourth] = letters else { continue };
        if first == 0 {
            continue;
        }
        if first & SIGN == 0 && singles.is_new(first, place) {
            found(first << 16, at, 0);
        }
        if second != 0 {
            let fourth = if third == 0 { 0 } else { fourth };
            found((first & 0xffff) << 16 | second & 0xffff, at, follow(third & 0xffff, fourth & 0xffff));
        }
    }
}

/// Single letters that a document holds in each place: most come again and again.
struct Singles(Vec<u64>);

impl Singles {
    fn new() -> Self {
        Self(vec![0; (1 << 16) / 64 * 3])
    }

    /// Whether it is the first time that it is found there.
    fn is_new(&mut self, letter: u32, place: u64) -> bool {
        let at = (place << 16) as usize | letter as usize;
        let Some(bits) = self.0.get_mut(at / 64) else { return true };
        let bit = 1 << (at % 64);
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }
}

/// All that is to be kept of a document, as numbers that sort as they are written: key, where, details.
fn collect(texts: &Texts<'_>, singles: &mut Singles, into: &mut Vec<u64>) {
    into.clear();
    singles.0.fill(0);
    let mut of = Vec::new();
    let mut name = |text: &str, field: u64| {
        letters(text, &mut of);
        let total = text.chars().count().try_into().unwrap_or(u32::MAX);
        pairs(&of, NAME, singles, |key, at, next| {
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
            pairs(&of, place, singles, |key, _, next| into.push(u64::from(key) << 32 | place << 30 | next));
        }
    }
    into.sort_unstable();
    into.dedup();
}

/// Whether a key is one letter alone, which nothing follows.
fn is_single(key: Key) -> bool {
    key & 0xffff == 0
}

/// What is to be kept of a document under a key and in a place, in the order in which it is written.
pub(super) type Entry = (u64, u32, u32);

impl Part {
    /// Of some documents in the order of their numbers. `all` is only room, to be used again for others.
    pub(super) fn new<'a>(documents: impl Iterator<Item = (u32, Texts<'a>)>, all: &mut Vec<Entry>) -> Self {
        all.clear();
        let (mut found, mut singles) = (Vec::with_capacity(4096), Singles::new());
        for (slot, texts) in documents {
            collect(&texts, &mut singles, &mut found);
            all.extend(found.iter().map(|entry| (entry >> 30, slot, (entry & DETAILS) as u32)));
        }
        // Lists of one key side by side: cheaper than to look for the list of each entry. Each document's are in order
        // already, and a sort that keeps the order of equals merges them.
        all.sort_by_key(|entry| entry.0);
        let mut part = Self::default();
        let mut lists: [(u32, Vec<u8>); 3] = Default::default();
        for of_key in all.chunk_by(|a, b| a.0 >> 2 == b.0 >> 2) {
            let Some(key) = of_key.first().map(|entry| (entry.0 >> 2) as Key) else { continue };
            let mut rest = of_key;
            for ((count, bytes), place) in lists.iter_mut().zip([NAME, WORD, LINE]) {
                let (own, others) = rest.split_at(rest.partition_point(|entry| entry.0 & 3 == place));
                rest = others;
                bytes.clear();
                *count = write(place, key, own, bytes);
                varint(*count, &mut part.bytes);
            }
            for (_, bytes) in lists.iter().take(2) {
                varint(bytes.len() as u32, &mut part.bytes);
            }
            for (_, bytes) in &lists {
                part.bytes.extend_from_slice(bytes);
            }
            part.keys.push(key);
            part.ends.push(part.bytes.len() as u32);
        }
        // All of them are held at once.
        part.bytes.shrink_to_fit();
        part.keys.shrink_to_fit();
        part.ends.shrink_to_fit();
        part
    }

    fn lists(&self, at: usize) -> Lists<'_> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let mut bytes = self.bytes.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default();
        let [first, second, third] = [(); 3].map(|()| read_varint(&mut bytes).unwrap_or_default());
        let [names, words] = [(); 2].map(|()| read_varint(&mut bytes).unwrap_or_default() as usize);
        let (names, rest) = bytes.split_at(names.min(bytes.len()));
        let (words, lines) = rest.split_at(words.min(rest.len()));
        [(first, names), (second, words), (third, lines)].map(|(count, bytes)| List { count, bytes })
    }

    fn of(&self, key: Key) -> Option<Lists<'_>> {
        Some(self.lists(self.keys.binary_search(&key).ok()?))
    }

    /// Keys whose lists are not the same in both.
    pub(super) fn differing(&self, other: &Self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.keys.iter().chain(&other.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| self.of(*key) != other.of(*key));
        keys
    }
}

/// Writes the list of a key in one place, and tells how long it is.
fn write(place: u64, key: Key, entries: &[Entry], bytes: &mut Vec<u8>) -> u32 {
    let next = |entry: &Entry| ((u64::from(entry.2) & NEXT) as u16).to_be_bytes();
    let (mut last, mut count) = (0, 0);
    let mut number = |slot: u32, bytes: &mut Vec<u8>| {
        varint(slot - last, bytes);
        last = slot;
        count += 1;
    };
    for entries in entries.chunk_by(|a, b| a.1 == b.1) {
        let slot = entries.first().map_or(0, |entry| entry.1);
        if is_single(key) {
            number(slot, bytes);
        } else if place == NAME {
            for entry in entries {
                number(slot, bytes);
                let (field, at) = (entry.2 >> 29 & 1, entry.2 >> 18 & LAST_PLACE);
                varint(at << 1 | field, bytes);
                varint(entry.2 >> 11 & LONGEST_REST, bytes);
                bytes.push(1);
                bytes.extend(next(entry));
            }
        } else {
            number(slot, bytes);
            // How many, and which.
            bytes.push(entries.len().min(255) as u8);
            bytes.extend(entries.iter().take(255).flat_map(next));
        }
    }
    count
}

impl Postings {
    /// Of parts in the order of their documents.
    pub(super) fn new(parts: Vec<Arc<Part>>) -> Self {
        let mut keys: Vec<Key> = parts.iter().flat_map(|part| part.keys.iter().copied()).collect();
        keys.par_sort_unstable();
        keys.dedup();
        Self { parts, keys }
    }

    fn of(&self, key: Key) -> Vec<Lists<'_>> {
        self.parts.iter().filter_map(|part| part.of(key)).collect()
    }

    /// About how many bytes the lists of each key have. It follows from their lengths alone: how many parts the work
    /// was cut into must not show.
    pub(super) fn weights(&self) -> Vec<usize> {
        self.keys.par_chunks(4096).flat_map_iter(|keys| self.weights_of(keys)).collect()
    }

    fn weights_of(&self, keys: &[Key]) -> Vec<usize> {
        let mut weights = vec![0; keys.len()];
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return weights };
        for part in &self.parts {
            // Both are ascending, and every key of a part is among all.
            let mut at = 0;
            let from = part.keys.partition_point(|key| key < first);
            for (own, key) in part.keys.iter().enumerate().skip(from).take_while(|(_, key)| *key <= last) {
                while keys.get(at).is_some_and(|other| other < key) {
                    at += 1;
                }
                let each = if is_single(*key) { [1, 1, 1] } else { [7, 5, 5] };
                if let Some(weight) = weights.get_mut(at) {
                    let of = |(list, each): (&List<'_>, usize)| list.count as usize * each;
                    *weight += part.lists(own).iter().zip(each).map(of).sum::<usize>();
                }
            }
        }
        weights
    }

    /// Calls back with each document of a key in one place: what it has to add to the number before, where in the
    /// name, and what follows.
    fn each(all: &[Lists<'_>], key: Key, place: usize, mut found: impl FnMut(u32, [u32; 2], &[[u8; 2]])) {
        let mut last = 0;
        for list in all.iter().filter_map(|lists| lists.get(place)) {
            let mut bytes = list.bytes;
            // The first number of a part counts from the beginning, not from the part before.
            let mut slot = 0;
            for _ in 0..list.count {
                slot += read_varint(&mut bytes).unwrap_or_default();
                let number = slot - last;
                last = slot;
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
        }
    }

    /// The lists of a key into the columns of a file: how many documents each has, the letters that follow, the
    /// most usual first, then what is in the lists.
    pub(super) fn write(&self, key: Key, columns: &mut Columns) {
        let all = self.of(key);
        for place in 0..3 {
            let count = all.iter().filter_map(|lists| lists.get(place)).map(|list| list.count).sum();
            varint(count, &mut columns.head);
        }
        // What follows, the most usual first.
        let mut order: Vec<(u32, usize)> = Vec::new();
        if !is_single(key) {
            let mut following: Vec<usize> = Vec::new();
            for place in 0..3 {
                Self::each(&all, key, place, |_, _, next| following.extend(next.iter().map(|next| number_of(*next))));
            }
            following.sort_unstable();
            let runs = following.chunk_by(|a, b| a == b);
            order.extend(runs.filter_map(|run| Some((run.len() as u32, *run.first()?))));
        }
        order.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        order.truncate(SEVERAL);
        let mut ranks = [ANY; NEXT as usize + 1];
        for ((_, next), rank) in order.iter().zip(0..SEVERAL as u8) {
            ranks[*next] = rank;
        }
        if !is_single(key) {
            varint(order.len() as u32, &mut columns.head);
            for (_, next) in order {
                columns.head.extend((next as u16).to_be_bytes());
            }
        }
        for place in 0..3 {
            Self::each(&all, key, place, |number, [position, rest], next| {
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
