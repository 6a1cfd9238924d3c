//! Pairs of letters, and which documents hold them where.
//!
//! A pair is found in three places: in names, with its position, so that a part of a name is matched exactly and
//! a whole one is known as such; in words one could filter by; and in sentences. With each go the two letters that
//! follow, the second one roughly, so that four letters are matched at once wherever they stand. What follows a pair
//! is mostly the same, so the more usual has the smaller number and the column shrinks to a third of a byte for each
//! document: the number of the sentence instead, which says less, took three times as much. A single letter is
//! a key too, for queries of one letter.

use super::document::Texts;
use super::fold::{fold_into, is_letter, is_within};
use super::pack::{read_varint, varint};
use crate::raw;
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
    #[serde(with = "raw::numbers")]
    keys: Vec<Key>,
    /// Where the lists of each key end; they begin where those of the key before it end.
    #[serde(with = "raw::numbers")]
    ends: Vec<u32>,
    /// Of each key how many documents its lists have, how long the first two are, and what is in them.
    #[serde(with = "raw::bytes")]
    bytes: Vec<u8>,
}

/// Everything that can be found.
pub(super) struct Postings {
    /// In the order of the documents.
    parts: Vec<Arc<Part>>,
    /// Every key once, ascending.
    pub keys: Vec<Key>,
    /// About how many bytes the lists of each key have. It follows from their lengths alone: how many parts the work
    /// was cut into must not show.
    pub weights: Vec<u32>,
}

/// Every key once, ascending, and its weight.
pub(super) type Weights = (Vec<Key>, Vec<u32>);

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
fn letters(folded: &[char], into: &mut Vec<u32>) {
    into.clear();
    into.extend(folded.iter().map(|letter| match *letter {
        letter if is_letter(letter) => half(letter),
        letter if is_within(letter) => half(letter) | SIGN,
        _ => 0,
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

/// Whether a key is one letter alone, which nothing follows.
fn is_single(key: Key) -> bool {
    key & 0xffff == 0
}

/// The number of each key, in the order in which they were found. Asked for each letter of a site, so it is small.
struct Numbers {
    /// The key (nought is none) and its number. At least twice as many places as keys.
    places: Vec<(Key, u32)>,
    count: u32,
}

impl Numbers {
    fn new() -> Self {
        Self { places: vec![(0, 0); 1 << 12], count: 0 }
    }

    /// The place of a key, or the one where it is to be.
    #[inline]
    fn place(places: &mut [(Key, u32)], key: Key) -> Option<&mut (Key, u32)> {
        let mask = places.len() - 1;
        // Keys are anything but evenly spread; a multiplication spreads them.
        let spread = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let mut at = spread as usize & mask;
        while places.get(at).is_some_and(|(other, _)| *other != 0 && *other != key) {
            at = (at + 1) & mask;
        }
        places.get_mut(at)
    }

    /// The number of a key.
    #[inline]
    fn of(&mut self, key: Key) -> u32 {
        match Self::place(&mut self.places, key) {
            Some((own, number)) if *own == key => *number,
            _ => self.add(key),
        }
    }

    /// The number of a key that is new.
    #[cold]
    fn add(&mut self, key: Key) -> u32 {
        if self.count as usize * 2 >= self.places.len() {
            let larger = vec![(0, 0); self.places.len() * 2];
            for known in std::mem::replace(&mut self.places, larger) {
                if let Some(place) = Self::place(&mut self.places, known.0).filter(|_| known.0 != 0) {
                    *place = known;
                }
            }
        }
        let Some((own, number)) = Self::place(&mut self.places, key) else { return 0 };
        (*own, *number) = (key, self.count);
        self.count += 1;
        *number
    }

    /// All of them, by key.
    fn all(&self) -> Vec<(Key, u32)> {
        let mut all: Vec<_> = self.places.iter().copied().filter(|(key, _)| *key != 0).collect();
        all.sort_unstable();
        all
    }

    fn clear(&mut self) {
        self.places.fill((0, 0));
        self.count = 0;
    }
}

/// Room for what some documents hold, to be used again for others.
pub(super) struct Room {
    folded: Vec<char>,
    kana: Vec<char>,
    letters: Vec<u32>,
    singles: Singles,
    numbers: Numbers,
    /// What was found: three times the number of its key, and the place; and what is to be kept there.
    found: Vec<(u32, u32)>,
    /// Where what was found in each document ends.
    documents: Vec<(u32, usize)>,
    /// Document and what is to be kept, sorted by key and place.
    sorted: Vec<u64>,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            folded: Vec::new(),
            kana: Vec::new(),
            letters: Vec::new(),
            singles: Singles::new(),
            numbers: Numbers::new(),
            found: Vec::new(),
            documents: Vec::new(),
            sorted: Vec::new(),
        }
    }

    /// All that is to be kept of a document.
    fn collect(&mut self, slot: u32, texts: &Texts<'_>) {
        let Self { folded, kana, letters: of, singles, numbers, found, .. } = self;
        singles.0.fill(0);
        let mut keep = |key: Key, place: u64, details: u64| {
            found.push((numbers.of(key) * 3 + place as u32, details as u32));
        };
        let mut name = |folded: &[char], field: u64| {
            letters(folded, of);
            let total = folded.len().try_into().unwrap_or(u32::MAX);
            pairs(of, NAME, singles, |key, at, next| {
                let (at, rest) = (at.min(LAST_PLACE), total.saturating_sub(at).min(LONGEST_REST));
                let details = field << 29 | u64::from(at) << 18 | u64::from(rest) << 11 | next;
                keep(key, NAME, if is_single(key) { 0 } else { details });
            });
        };
        fold_into(texts.name, folded);
        name(folded, 0);
        if let Some(reading) = texts.kana {
            fold_into(reading, kana);
            if kana != folded {
                name(kana, 1);
            }
        }
        for (texts, place) in [(&texts.words, WORD), (&texts.lines, LINE)] {
            for text in texts {
                fold_into(text, folded);
                letters(folded, of);
                pairs(of, place, singles, |key, _, next| keep(key, place, next));
            }
        }
        self.documents.push((slot, self.found.len()));
    }

    /// Calls back with each key, ascending, and with what was found of it in each place, document by document.
    fn each(&mut self, mut take: impl FnMut(Key, [&mut [u64]; 3])) {
        let keys = self.numbers.all();
        // There are far more entries than keys, and they come document by document: each goes to its place at once.
        let mut counts = vec![0u32; keys.len() * 3];
        for (number, _) in &self.found {
            if let Some(count) = counts.get_mut(*number as usize) {
                *count += 1;
            }
        }
        let mut ends = vec![0u32; counts.len()];
        let mut sum = 0;
        for (_, number) in &keys {
            for place in *number as usize * 3..*number as usize * 3 + 3 {
                if let (Some(end), Some(count)) = (ends.get_mut(place), counts.get(place)) {
                    *end = sum;
                    sum += *count;
                }
            }
        }
        self.sorted.resize(self.found.len(), 0);
        let mut rest = self.found.as_slice();
        let mut from = 0;
        for (slot, end) in self.documents.drain(..) {
            let (own, others) = rest.split_at((end - from).min(rest.len()));
            (rest, from) = (others, end);
            for (number, details) in own {
                if let Some(end) = ends.get_mut(*number as usize) {
                    if let Some(room) = self.sorted.get_mut(*end as usize) {
                        *room = u64::from(slot) << 30 | u64::from(*details);
                    }
                    *end += 1;
                }
            }
        }
        let mut rest = self.sorted.as_mut_slice();
        for (key, number) in keys {
            let mut own = |place: usize| {
                let count = counts.get(number as usize * 3 + place).copied().unwrap_or_default();
                let (own, others) = std::mem::take(&mut rest).split_at_mut(count as usize);
                rest = others;
                own
            };
            take(key, [own(0), own(1), own(2)]);
        }
        self.numbers.clear();
        self.found.clear();
    }
}

impl Part {
    /// Of some documents in the order of their numbers.
    pub(super) fn new<'a>(documents: impl Iterator<Item = (u32, Texts<'a>)>, room: &mut Room) -> Self {
        for (slot, texts) in documents {
            room.collect(slot, &texts);
        }
        let mut part = Self::default();
        let mut lists: [(u32, Vec<u8>); 3] = Default::default();
        room.each(|key, entries| {
            for (((count, bytes), entries), place) in lists.iter_mut().zip(entries).zip([NAME, WORD, LINE]) {
                bytes.clear();
                *count = write(place, key, entries, bytes);
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
        });
        // All of them are held at once.
        part.bytes.shrink_to_fit();
        part.keys.shrink_to_fit();
        part.ends.shrink_to_fit();
        part
    }

    /// What is kept of a key.
    fn kept(&self, at: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        self.bytes.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default()
    }

    /// How many documents the lists of a key have.
    fn counts(bytes: &mut &[u8]) -> [u32; 3] {
        let mut next = || read_varint(bytes).unwrap_or_default();
        [next(), next(), next()]
    }

    fn lists(&self, at: usize) -> Lists<'_> {
        let mut bytes = self.kept(at);
        let [first, second, third] = Self::counts(&mut bytes);
        let names = read_varint(&mut bytes).unwrap_or_default() as usize;
        let words = read_varint(&mut bytes).unwrap_or_default() as usize;
        let (names, rest) = bytes.split_at(names.min(bytes.len()));
        let (words, lines) = rest.split_at(words.min(rest.len()));
        [List { count: first, bytes: names }, List { count: second, bytes: words }, List { count: third, bytes: lines }]
    }

    fn of(&self, key: Key) -> Option<Lists<'_>> {
        Some(self.lists(self.keys.binary_search(&key).ok()?))
    }

    /// Keys whose lists are not the same in both, ascending, and how much heavier they are in the other one.
    pub(super) fn differing(&self, other: &Self) -> Vec<(Key, i64)> {
        let mut keys: Vec<Key> = self.keys.iter().chain(&other.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let weight = |key: Key, lists: &Option<Lists<'_>>| {
            lists.map_or(0, |lists| i64::from(weight(key, lists.map(|list| list.count))))
        };
        let differing = |key: Key| {
            let (own, others) = (self.of(key), other.of(key));
            (own != others).then(|| (key, weight(key, &others) - weight(key, &own)))
        };
        keys.into_iter().filter_map(differing).collect()
    }
}

/// The document of an entry.
fn slot(entry: u64) -> u32 {
    (entry >> 30) as u32
}

/// What one document has of a key, in order and once.
fn distinct(of_document: &mut [u64]) -> &[u64] {
    if of_document.len() < 2 {
        return of_document;
    }
    of_document.sort_unstable();
    let mut count = 1;
    for at in 1..of_document.len() {
        if of_document[at] != of_document[count - 1] {
            of_document[count] = of_document[at];
            count += 1;
        }
    }
    &of_document[..count]
}

/// Writes the list of a key in one place, and tells how long it is.
fn write(place: u64, key: Key, entries: &mut [u64], bytes: &mut Vec<u8>) -> u32 {
    // Two calls: as an array or a slice it takes ten times as long.
    let next = |entry: &u64, bytes: &mut Vec<u8>| {
        let [high, low] = ((entry & NEXT) as u16).to_be_bytes();
        bytes.push(high);
        bytes.push(low);
    };
    let (mut last, mut count) = (0, 0);
    let mut number = |slot: u32, bytes: &mut Vec<u8>| {
        varint(slot - last, bytes);
        last = slot;
        count += 1;
    };
    for of_document in entries.chunk_by_mut(|a, b| slot(*a) == slot(*b)) {
        let entries = distinct(of_document);
        let slot = entries.first().map_or(0, |entry| slot(*entry));
        if is_single(key) {
            number(slot, bytes);
        } else if place == NAME {
            for entry in entries {
                number(slot, bytes);
                let details = (entry & DETAILS) as u32;
                let (field, at) = (details >> 29, details >> 18 & LAST_PLACE);
                varint(at << 1 | field, bytes);
                varint(details >> 11 & LONGEST_REST, bytes);
                bytes.push(1);
                next(entry, bytes);
            }
        } else {
            number(slot, bytes);
            // How many, and which.
            bytes.push(entries.len().min(255) as u8);
            for entry in entries.iter().take(255) {
                next(entry, bytes);
            }
        }
    }
    count
}

/// What keys weigh in all parts together.
fn weights_of(parts: &[Arc<Part>], keys: &[Key]) -> Vec<u32> {
    let mut weights = vec![0; keys.len()];
    let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return weights };
    for part in parts {
        // Both are ascending, and every key of a part is among all.
        let mut at = 0;
        let from = part.keys.partition_point(|key| key < first);
        for (own, key) in part.keys.iter().enumerate().skip(from).take_while(|(_, key)| *key <= last) {
            while keys.get(at).is_some_and(|other| other < key) {
                at += 1;
            }
            if let Some(sum) = weights.get_mut(at) {
                *sum += weight(*key, Part::counts(&mut part.kept(own)));
            }
        }
    }
    weights
}

/// What a key's lists weigh in one part.
fn weight(key: Key, counts: [u32; 3]) -> u32 {
    let [names, words, lines] = counts;
    if is_single(key) { names + words + lines } else { names * 7 + (words + lines) * 5 }
}

impl Postings {
    /// Of parts in the order of their documents. The weights are theirs, where they are known.
    pub(super) fn new(parts: Vec<Arc<Part>>, known: Option<Weights>) -> Self {
        let (keys, weights) = known.unwrap_or_else(|| {
            let mut keys: Vec<Key> = parts.iter().flat_map(|part| part.keys.iter().copied()).collect();
            keys.par_sort_unstable();
            keys.dedup();
            let weights =
                keys.par_chunks(4096).with_max_len(1).flat_map_iter(|keys| weights_of(&parts, keys)).collect();
            (keys, weights)
        });
        Self { parts, keys, weights }
    }

    /// To go through keys that are not below this one, ascending.
    pub(super) fn from(&self, key: Key) -> Walk<'_> {
        let at = |part: &Arc<Part>| part.keys.partition_point(|own| *own < key);
        Walk { parts: &self.parts, at: self.parts.iter().map(at).collect(), ..Walk::default() }
    }
}

/// A way through ascending keys: every part is gone through once.
#[derive(Default)]
pub(super) struct Walk<'a> {
    parts: &'a [Arc<Part>],
    /// Where each part is.
    at: Vec<usize>,
    all: Vec<Lists<'a>>,
    /// What follows the key, of one document after the other, and how many each has.
    following: Vec<u16>,
    runs: Vec<u8>,
    /// How often each of what may follow does so, and which do.
    counts: Vec<u32>,
    order: Vec<u16>,
}

impl Walk<'_> {
    fn go(&mut self, key: Key) {
        self.all.clear();
        for (part, at) in self.parts.iter().zip(&mut self.at) {
            while part.keys.get(*at).is_some_and(|own| *own < key) {
                *at += 1;
            }
            if part.keys.get(*at) == Some(&key) {
                self.all.push(part.lists(*at));
            }
        }
    }

    /// The lists of a key into the columns of a file: how many documents each has, the letters that follow, the
    /// most usual first, then what is in the lists.
    pub(super) fn write(&mut self, key: Key, columns: &mut Columns) {
        self.go(key);
        self.following.clear();
        self.runs.clear();
        self.order.clear();
        self.counts.resize(NEXT as usize + 1, 0);
        let single = is_single(key);
        for place in 0..3 {
            let lists = || self.all.iter().filter_map(|lists| lists.get(place));
            varint(lists().map(|list| list.count).sum(), &mut columns.head);
            let mut last = 0;
            for list in lists() {
                let mut bytes = list.bytes;
                // The first number of a part counts from the beginning, not from the part before.
                let mut slot = 0;
                for _ in 0..list.count {
                    slot += read_varint(&mut bytes).unwrap_or_default();
                    varint(slot - last, &mut columns.numbers);
                    last = slot;
                    if single {
                        continue;
                    }
                    if place == NAME as usize {
                        varint(read_varint(&mut bytes).unwrap_or_default(), &mut columns.positions);
                        varint(read_varint(&mut bytes).unwrap_or_default(), &mut columns.rests);
                    }
                    if let Some((count, rest)) = bytes.split_first() {
                        let (next, rest) = rest.split_at((usize::from(*count) * 2).min(rest.len()));
                        for next in next.as_chunks().0 {
                            let next = u16::from_be_bytes(*next) & NEXT as u16;
                            self.following.push(next);
                            let count = &mut self.counts[usize::from(next)];
                            if *count == 0 {
                                self.order.push(next);
                            }
                            *count += 1;
                        }
                        self.runs.push(*count);
                        bytes = rest;
                    }
                }
            }
        }
        if single {
            return;
        }
        // What follows, the most usual first.
        let Self { counts, order, .. } = self;
        order.sort_unstable_by_key(|next| (std::cmp::Reverse(counts[usize::from(*next)]), *next));
        order.iter().for_each(|next| counts[usize::from(*next)] = 0);
        order.truncate(SEVERAL);
        let mut ranks = [ANY; NEXT as usize + 1];
        varint(order.len() as u32, &mut columns.head);
        for (next, rank) in order.iter().zip(0..SEVERAL as u8) {
            ranks[usize::from(*next)] = rank;
            columns.head.extend(next.to_be_bytes());
        }
        let mut rest = self.following.as_slice();
        for count in &self.runs {
            let (own, others) = rest.split_at(usize::from(*count).min(rest.len()));
            rest = others;
            columns.follow(own, &ranks);
        }
    }
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
    fn follow(&mut self, next: &[u16], ranks: &[u8]) {
        let rank = |next: &u16| ranks[usize::from(*next)];
        match next {
            [] => {}
            [one] => self.next.push(rank(one)),
            // So many that it need not be told apart.
            several if several.len() > 12 || several.iter().any(|next| rank(next) == ANY) => self.next.push(ANY),
            several => {
                self.next.push(SEVERAL as u8 + several.len() as u8);
                let from = self.next.len();
                self.next.extend(several.iter().map(rank));
                self.next[from..].sort_unstable();
            }
        }
    }
}
