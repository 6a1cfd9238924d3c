//! The index of the search, as files that a browser can ask for piece by piece: no server, no WebAssembly.
//!
//! Every text is folded ([`fold`]) and cut into pairs of letters; for each pair the documents that hold it are
//! listed. So any part of any word is found, and no dictionary decides what a word is. The lists lie in small
//! compressed files ([`shards`]), of which a query needs a handful.
//!
//! - [`document`]: what is searched of each entry, and what its line on a list of results shows
//! - [`order`]: the number of each document, which stays when others come and go
//! - [`kept`]: what is left to the next build
//! - [`postings`]: pairs of letters and who holds them
//! - [`shards`]: lists into files, and the way to the file of a pair
//! - [`columns`]: what filters and sorting need to know of each document
//!
//! `static/search/engine.js` is the other half; what is written here is read there and nowhere else.

mod columns;
mod document;
mod fold;
mod kept;
mod order;
mod pack;
mod postings;
mod shards;

pub use fold::fold;

use crate::catalog::Catalog;
use crate::feeds::Output;
use document::Document;
use kept::{Block, Leaf, Leaves, Row, row_path};
pub use kept::{Earlier, Store};
use pack::{Names, Packed, deflate};
use postings::{Part, Postings, Room};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// Where the index begins. Other sites name this address in `search.include`.
pub const ROOT: &str = "search/index.json";

/// The form of the files. A browser that knows another one says so.
const FORM: u32 = 1;

/// How rows lie in files and names of files in directories.
#[derive(Serialize)]
struct Rows {
    /// Documents in one file. A page of results mostly asks for neighbours.
    of: usize,
    /// Files of rows whose names stand in one directory.
    files: usize,
    /// The directories.
    names: Vec<String>,
}

impl Rows {
    /// On a small site small files, on a large one small directories.
    fn new(slots: usize) -> Self {
        let of = if slots < 4096 { 8 } else { 16 };
        Self { of, files: if slots.div_ceil(of) <= 1024 { 1024 } else { 128 }, names: Vec::new() }
    }
}

/// What the browser reads first.
#[derive(Serialize)]
struct Root<'a> {
    v: u32,
    title: &'a str,
    kinds: Vec<(&'static str, &'static str)>,
    /// Numbers go up to here; not each of them is a document's.
    slots: usize,
    /// Numbers below belong to what can be ordered or is still to come.
    open: usize,
    /// Where the directories of the lists are.
    dirs: String,
    rows: Rows,
    facets: String,
    columns: BTreeMap<&'static str, String>,
    /// Words that mean the same, folded.
    synonyms: Vec<Vec<String>>,
    /// Words that name an area, folded, and its place among the areas of the facets.
    places: Vec<(String, usize)>,
    /// Indexes of other sites to look into as well.
    include: &'a [String],
}

/// The files of an index.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that were made.
    pub made: Vec<Output>,
    /// Those that lie in the output as they have to be.
    pub left: Vec<String>,
    names: Names,
}

impl Files {
    /// A file named by its content.
    fn add(&mut self, packed: Packed) -> Leaf {
        let name = self.names.of(&packed);
        let size = packed.bytes.len() as u32;
        self.made.push((name.path(), packed.bytes));
        Leaf { name, size }
    }

    /// A file that lies there; not where another one has its name by now.
    fn leave(&mut self, leaf: Leaf) -> bool {
        let left = self.names.take(leaf.name);
        if left {
            self.left.push(leaf.name.path());
        }
        left
    }

    /// A file of compressed bytes.
    fn column(&mut self, bytes: &[u8], leaves: &mut Leaves<'_>) -> Leaf {
        let of = xxh3_128(bytes);
        let leaf = match leaves.column(of) {
            Some(leaf) if self.leave(leaf) => leaf,
            _ => self.add(deflate(bytes)),
        };
        leaves.keep_column(of, leaf);
        leaf
    }
}

/// Every file of the index.
pub fn index(catalog: &Catalog) -> Vec<Output> {
    index_since(catalog, None).made
}

/// The index, without making what an earlier build has made of the same.
pub fn index_since(catalog: &Catalog, earlier: Option<&Earlier<'_>>) -> Files {
    let documents = document::all(catalog);
    let order = order::Order::new(&documents);
    let placed: Vec<(u32, &Document)> = order.places.iter().map(|(slot, at)| (*slot, &documents[*at])).collect();
    let mut files = Files::default();
    let mut rows = Rows::new(order.slots);

    let size = kept::size(order.slots);
    let number = |slot: u32| slot / size as u32;
    let groups: Vec<&[(u32, &Document)]> = placed.chunk_by(|a, b| number(a.0) == number(b.0)).collect();
    let block = |room: &mut Room, group: &&[(u32, &Document)]| {
        let number = group.first().map_or(0, |(slot, _)| number(*slot));
        let mut make = || {
            let texts = group.iter().map(|(slot, document)| (*slot, document.texts(catalog)));
            (Part::new(texts, room), row_files(catalog, group, rows.of))
        };
        match earlier {
            Some(earlier) => earlier.block(number, group, make),
            None => {
                let (part, rows) = make();
                Block::new(number, part, rows)
            }
        }
    };
    let facets = columns::Choices::new(catalog);
    let (mut blocks, columns): (Vec<Block>, _) = rayon::join(
        || groups.par_iter().with_max_len(4).map_init(Room::new, block).collect(),
        || columns::columns(catalog, &facets, &placed, order.slots),
    );
    let mut leaves = Leaves::new(earlier, &blocks);
    let parts = blocks.iter().map(|block| Arc::clone(&block.part)).collect();
    let postings = Postings::new(parts, leaves.weights());
    let dirs = shards::write(&postings, &mut leaves, &mut files);
    leaves.keep_weights(postings);

    let mut directories = vec![vec![0; rows.files * 3]; order.slots.div_ceil(rows.of * rows.files).max(1)];
    for block in &mut blocks {
        for (at, short) in &block.rows {
            let (at, from) = (*at as usize, *at as usize % rows.files * 3);
            if let Some(place) = directories.get_mut(at / rows.files).and_then(|names| names.get_mut(from..from + 3)) {
                place.copy_from_slice(short);
            }
        }
        if block.files.is_empty() {
            files.left.extend(block.rows.iter().map(|row| row_path(*row)));
        }
        files.made.extend(std::mem::take(&mut block.files).into_iter().map(|(row, bytes)| (row_path(row), bytes)));
    }
    let mut keep = |bytes: Vec<u8>| files.column(&bytes, &mut leaves).name.hex();
    rows.names = directories.into_iter().map(&mut keep).collect();
    let columns = columns.into_iter().map(|(name, bytes)| (name, keep(bytes))).collect();
    let root = Root {
        v: FORM,
        title: &catalog.settings.title,
        kinds: document::KINDS.to_vec(),
        slots: order.slots,
        open: order.open,
        dirs,
        rows,
        facets: keep(facets.json(catalog)),
        columns,
        synonyms: synonyms(catalog),
        places: places(catalog),
        include: &catalog.settings.search.include,
    };
    // A plain struct of strings, numbers and lists cannot fail.
    files.made.push((ROOT.to_owned(), serde_json::to_vec(&root).unwrap_or_default()));
    leaves.end();
    files
}

/// Rows of neighbours in one file, by its number.
fn row_files(catalog: &Catalog, placed: &[(u32, &Document)], of_file: usize) -> Vec<(Row, Vec<u8>)> {
    let of = |slot: u32| slot / of_file as u32;
    let groups = placed.chunk_by(|a, b| of(a.0) == of(b.0));
    groups
        .filter_map(|group| {
            let at = of(group.first()?.0);
            let mut bytes = Vec::new();
            for (slot, document) in group {
                // A line each: the place in the file, and the row.
                bytes.extend_from_slice(format!("{}\t", *slot as usize % of_file).as_bytes());
                bytes.extend_from_slice(&document.row(catalog));
                bytes.push(b'\n');
            }
            let Packed { bytes, short } = deflate(&bytes);
            let [a, b, c, _] = short.to_be_bytes();
            Some(((at, [a, b, c]), bytes))
        })
        .collect()
}

/// Families of words, folded, each word once.
fn synonyms(catalog: &Catalog) -> Vec<Vec<String>> {
    let family = |family: &Vec<String>| {
        let mut words: Vec<String> = family.iter().map(|word| fold(word)).filter(|word| !word.is_empty()).collect();
        words.sort();
        words.dedup();
        words
    };
    catalog.vocabulary.synonyms.iter().map(family).filter(|words| words.len() > 1).collect()
}

/// What people call a place: 前橋市 and 前橋.
fn places(catalog: &Catalog) -> Vec<(String, usize)> {
    let mut places = Vec::new();
    for (at, area) in catalog.vocabulary.areas.iter().enumerate() {
        let label = fold(&area.word.label);
        let kana = fold(&area.word.kana);
        let short = label.strip_suffix(['市', '町', '村', '区', '郡']).filter(|short| short.chars().count() > 1);
        if let Some(short) = short {
            let ends = ["し", "ちよう", "まち", "むら", "そん", "く", "ぐん"];
            let read = ends.iter().find_map(|end| kana.strip_suffix(end)).filter(|read| read.chars().count() > 1);
            places.extend([Some(short), read].into_iter().flatten().map(|name| (name.to_owned(), at)));
        }
        places.extend([label, kana].into_iter().filter(|name| !name.is_empty()).map(|name| (name, at)));
    }
    places
}
