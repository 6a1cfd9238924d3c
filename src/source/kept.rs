//! What was read of files that did not change, from one build to the next.
//!
//! Entries lie in packs of some hundred files, each with the file's size and time, a fingerprint of its text, and what
//! reading gave: the checked values as JSON, the rendered texts as pieces. A file with the same stamp is not opened; one
//! with another stamp but the same text (a fresh checkout) is not parsed. Files that have anything to tell are not kept:
//! they are few, and are read again until they are mended.

use super::entry::{AnyEntry, FileEntries, Parts, Reader};
use super::files::{self, EntryFile};
use super::stamp::Stamp;
use crate::model::Kind;
use crate::raw::Bytes;
use crate::schema;
use rayon::prelude::*;
use rustc_hash::FxHashMap as HashMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Where a build keeps things for the next one.
pub trait Keep: Sync {
    /// Bytes that were kept.
    fn get(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps bytes.
    fn put(&self, name: &str, bytes: &[u8]);
    /// How a file was when it was looked at first.
    fn stamp(&self, path: &Path) -> Stamp;
}

/// Files in one pack, about.
const FILES: usize = 128;

/// Some files, whichever.
#[derive(Serialize, Deserialize)]
struct Pack<'a> {
    /// The program, the words and the names of files that the entries were read against.
    against: &'a [u8],
    #[serde(borrow)]
    files: Vec<KeptFile<'a>>,
}

#[derive(Serialize, Deserialize)]
struct KeptFile<'a> {
    name: &'a str,
    stamp: Stamp,
    print: u64,
    /// Each as [`pack`] makes it.
    #[serde(borrow)]
    entries: Vec<Bytes<'a>>,
}

/// An entry as bytes: its parts, and its checked values as JSON. Those that every entry may have are apart from those of
/// its kind: who reads the ones need not walk over the others.
pub(super) fn pack(parts: &Parts, values: &Value) -> Vec<u8> {
    let is_common = |(name, _): &(&String, &Value)| schema::kinds::COMMON.iter().any(|field| field.name == *name);
    let values = values.as_object().into_iter().flatten();
    let (common, own): (BTreeMap<_, _>, BTreeMap<_, _>) = values.partition(is_common);
    // Plain structs of strings, numbers and lists; what could not be written could not be read, and is made anew.
    let [common, own] = [common, own].map(|values| serde_json::to_vec(&values).unwrap_or_default());
    postcard::to_stdvec(&(parts, Bytes(&common), Bytes(&own))).unwrap_or_default()
}

fn unpack(bytes: &[u8], kind: Kind) -> Option<AnyEntry> {
    let (mut parts, Bytes(common), Bytes(own)): (Parts, Bytes<'_>, Bytes<'_>) = postcard::from_bytes(bytes).ok()?;
    let text = |json| simdutf8::basic::from_utf8(json).ok();
    parts.meta = serde_json::from_str(text(common)?).ok()?;
    parts.entry(kind, &mut serde_json::Deserializer::from_str(text(own)?)).ok()
}

impl KeptFile<'_> {
    fn read(&self, kind: Kind) -> Option<FileEntries> {
        let entries = self.entries.iter().map(|Bytes(bytes)| unpack(bytes, kind)).collect::<Option<Vec<_>>>()?;
        Some(FileEntries { entries, ..FileEntries::default() })
    }
}

/// Reads files, as far as they are not kept.
pub(super) fn read(
    found: &[EntryFile],
    reader: &Reader<'_>,
    against: &blake3::Hash,
    keep: &dyn Keep,
) -> Vec<FileEntries> {
    let count = (found.len() / FILES).next_power_of_two();
    let mut packs: Vec<Vec<(usize, &EntryFile)>> = vec![Vec::new(); count];
    for (at, file) in found.iter().enumerate() {
        // By the name, so that a new file changes one pack only.
        if let Some(pack) = packs.get_mut(xxh3_64(file.name.as_bytes()) as usize % count) {
            pack.push((at, file));
        }
    }
    let against = [against.as_bytes(), env!("HEARTNET_SOURCES").as_bytes()].concat();
    let one = |(number, files): (usize, &Vec<(usize, &EntryFile)>)| {
        of_pack(files, reader, &against, &format!("entries {number} of {count}"), keep)
    };
    let mut all: Vec<(usize, FileEntries)> = packs.par_iter().enumerate().with_max_len(1).flat_map_iter(one).collect();
    all.par_sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, file)| file).collect()
}

/// A file that can be kept.
struct Made<'a> {
    name: &'a str,
    stamp: Stamp,
    print: u64,
    /// Its entries, if it was read; else the pack has them already.
    read: Option<Vec<Vec<u8>>>,
}

/// One pack: what fits is taken from it, the rest is read, and it is written anew if anything changed.
fn of_pack(
    files: &[(usize, &EntryFile)],
    reader: &Reader<'_>,
    against: &[u8],
    name: &str,
    keep: &dyn Keep,
) -> Vec<(usize, FileEntries)> {
    let bytes = keep.get(name).unwrap_or_default();
    let earlier = postcard::from_bytes::<Pack<'_>>(&bytes).ok().filter(|pack| pack.against == against);
    let earlier = earlier.map(|pack| pack.files).unwrap_or_default();
    let mut changed = earlier.len() != files.len();
    // Only ever asked, never walked.
    let known: HashMap<&str, &KeptFile<'_>> = earlier.iter().map(|file| (file.name, file)).collect();
    let mut made: Vec<Made<'_>> = Vec::with_capacity(files.len());
    let mut all = Vec::with_capacity(files.len());
    for (at, file) in files {
        let stamp = keep.stamp(&file.path);
        let kept = known.get(file.name.as_str());
        let same = kept.filter(|kept| stamp.time != 0 && kept.stamp == stamp);
        if let Some(kept) = same
            && let Some(entries) = kept.read(file.kind)
        {
            made.push(Made { name: &file.name, stamp, print: kept.print, read: None });
            all.push((*at, entries));
            continue;
        }
        changed = true;
        let (text, told) = files::read_text(&file.path, &file.name);
        let print = text.as_ref().map_or(0, |text| xxh3_64(text.as_bytes()));
        let kept = kept.filter(|kept| told.is_empty() && text.is_some() && kept.print == print);
        if let Some(entries) = kept.and_then(|kept| kept.read(file.kind)) {
            made.push(Made { name: &file.name, stamp, print, read: None });
            all.push((*at, entries));
            continue;
        }
        let mut entries = reader.read_text(file, text, told);
        let kept = std::mem::take(&mut entries.kept);
        if entries.broken.is_empty() && entries.diagnostics.is_empty() {
            made.push(Made { name: &file.name, stamp, print, read: Some(kept) });
        }
        all.push((*at, entries));
    }
    if changed {
        let files = made.iter().filter_map(|Made { name, stamp, print, read }| {
            let entries = match read {
                Some(read) => read.iter().map(|bytes| Bytes(bytes)).collect(),
                None => known.get(name)?.entries.clone(),
            };
            Some(KeptFile { name, stamp: *stamp, print: *print, entries })
        });
        let pack = Pack { against, files: files.collect() };
        keep.put(name, &postcard::to_stdvec(&pack).unwrap_or_default());
    }
    all
}
