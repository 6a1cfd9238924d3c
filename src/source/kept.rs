//! What was read of files that did not change, from one build to the next.
//!
//! Entries lie in packs of some hundred files, each with the file's size and time, a fingerprint of its text, and what
//! reading gave: the checked values as JSON, the rendered texts as pieces. A file with the same stamp is not opened; one
//! with another stamp but the same text (a fresh checkout) is not parsed. Files that have anything to tell are not kept:
//! they are few, and are read again until they are mended.

use super::Reference;
use super::entry::{AnyEntry, Entry, FileEntries, Origin, Reader};
use super::files::{self, EntryFile};
use super::markdown::Body;
use super::place::Path;
use super::stamp::{self, Stamp};
use crate::model::{Common, Kind};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use xxhash_rust::xxh3::xxh3_64;

/// Where a build keeps things for the next one.
pub trait Keep: Sync {
    /// Bytes that were kept.
    fn get(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps bytes.
    fn put(&self, name: &str, bytes: &[u8]);
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
    size: u64,
    time: u64,
    print: u64,
    /// The entries, as they are written below.
    entries: &'a [u8],
}

/// An entry while it is read back.
#[derive(Deserialize)]
struct KeptEntry<'a> {
    id: String,
    key: String,
    value: &'a str,
    body: Body,
    easy: Option<Body>,
    prefix: Path,
    gaps: Vec<Path>,
    references: Vec<Reference>,
    files: BTreeSet<String>,
    sound: bool,
}

/// The same while it is written: fields in the same order.
#[derive(Serialize)]
struct Written<'a> {
    id: &'a str,
    key: &'a str,
    value: &'a str,
    body: &'a Body,
    easy: &'a Option<Body>,
    prefix: &'a Path,
    gaps: &'a Vec<Path>,
    references: &'a Vec<Reference>,
    files: &'a BTreeSet<String>,
    sound: bool,
}

fn written<'a, T>(entry: &'a Entry<T>, value: &'a str) -> Written<'a> {
    let Entry { id, key, body, easy, origin, references, files, sound, .. } = entry;
    let Origin { prefix, gaps, .. } = origin;
    Written { id, key, value, body, easy, prefix, gaps, references, files, sound: *sound }
}

/// The entries of a file as bytes; nothing where there is something to tell.
fn pack(file: &FileEntries) -> Option<Vec<u8>> {
    if !file.broken.is_empty() || !file.diagnostics.is_empty() || file.checked.len() != file.entries.len() {
        return None;
    }
    let entries: Vec<Written<'_>> = file
        .entries
        .iter()
        .zip(&file.checked)
        .map(|(entry, value)| match entry {
            AnyEntry::Facility(entry) => written(entry, value),
            AnyEntry::Product(entry) => written(entry, value),
            AnyEntry::Event(entry) => written(entry, value),
            AnyEntry::News(entry) => written(entry, value),
            AnyEntry::Page(entry) => written(entry, value),
            AnyEntry::Plan(entry) => written(entry, value),
            AnyEntry::Report(entry) => written(entry, value),
        })
        .collect();
    postcard::to_stdvec(&entries).ok()
}

fn unpack(bytes: &[u8], kind: Kind, name: &str, print: u64) -> Option<FileEntries> {
    fn one<T: DeserializeOwned>(kept: KeptEntry<'_>, file: &str, print: u64) -> Option<Arc<Entry<T>>> {
        let KeptEntry { id, key, value, body, easy, prefix, gaps, references, files, sound } = kept;
        let meta: Common = serde_json::from_str(value).ok()?;
        let data = serde_json::from_str(value).ok()?;
        let origin = Origin { file: file.to_owned(), prefix, gaps, print };
        Some(Arc::new(Entry { id, key, meta, data, body, easy, origin, references, files, sound }))
    }
    let kept: Vec<KeptEntry<'_>> = postcard::from_bytes(bytes).ok()?;
    let any = |kept: KeptEntry<'_>| {
        Some(match kind {
            Kind::Facility => AnyEntry::Facility(one(kept, name, print)?),
            Kind::Product => AnyEntry::Product(one(kept, name, print)?),
            Kind::Event => AnyEntry::Event(one(kept, name, print)?),
            Kind::News => AnyEntry::News(one(kept, name, print)?),
            Kind::Page => AnyEntry::Page(one(kept, name, print)?),
            Kind::Plan => AnyEntry::Plan(one(kept, name, print)?),
            Kind::Report => AnyEntry::Report(one(kept, name, print)?),
        })
    };
    let entries = kept.into_iter().map(any).collect::<Option<Vec<_>>>()?;
    Some(FileEntries { entries, ..FileEntries::default() })
}

/// Reads files, as far as they are not kept. Also how many were parsed.
pub(super) fn read(
    found: &[EntryFile],
    reader: &Reader<'_>,
    against: &blake3::Hash,
    keep: &dyn Keep,
) -> (Vec<FileEntries>, usize) {
    let count = (found.len() / FILES).next_power_of_two();
    let mut packs: Vec<Vec<(usize, &EntryFile)>> = vec![Vec::new(); count];
    for (at, file) in found.iter().enumerate() {
        // By the name, so that a new file changes one pack only.
        if let Some(pack) = packs.get_mut(xxh3_64(file.name.as_bytes()) as usize % count) {
            pack.push((at, file));
        }
    }
    let against = [against.as_bytes(), env!("HEARTNET_SOURCES").as_bytes()].concat();
    let parsed = AtomicUsize::new(0);
    let one = |(number, files): (usize, &Vec<(usize, &EntryFile)>)| {
        let name = format!("entries {number} of {count}");
        of_pack(files, reader, &against, &name, keep, &parsed)
    };
    let mut all: Vec<(usize, FileEntries)> = packs.par_iter().enumerate().flat_map_iter(one).collect();
    all.par_sort_unstable_by_key(|(at, _)| *at);
    (all.into_iter().map(|(_, file)| file).collect(), parsed.into_inner())
}

/// One pack: what fits is taken from it, the rest is read, and it is written anew if anything changed.
fn of_pack(
    files: &[(usize, &EntryFile)],
    reader: &Reader<'_>,
    against: &[u8],
    name: &str,
    keep: &dyn Keep,
    parsed: &AtomicUsize,
) -> Vec<(usize, FileEntries)> {
    let bytes = keep.get(name).unwrap_or_default();
    let earlier = postcard::from_bytes::<Pack<'_>>(&bytes).ok().filter(|pack| pack.against == against);
    let earlier = earlier.map(|pack| pack.files).unwrap_or_default();
    let mut changed = earlier.len() != files.len();
    // Only ever asked, never walked.
    let known: HashMap<&str, &KeptFile<'_>> = earlier.iter().map(|file| (file.name, file)).collect();
    let now = stamp::now();
    let mut made: Vec<(&EntryFile, Stamp, u64, Option<Vec<u8>>)> = Vec::with_capacity(files.len());
    let mut all = Vec::with_capacity(files.len());
    for (at, file) in files {
        let stamp = Stamp::of(&file.path).map_or(Stamp { size: 0, time: 0 }, |stamp| stamp.kept(now));
        let kept = known.get(file.name.as_str());
        let same = kept.filter(|kept| stamp.time != 0 && (kept.size, kept.time) == (stamp.size, stamp.time));
        if let Some(kept) = same
            && let Some(entries) = unpack(kept.entries, file.kind, &file.name, kept.print)
        {
            made.push((file, stamp, kept.print, None));
            all.push((*at, entries));
            continue;
        }
        changed = true;
        let (text, told) = files::read_text(&file.path, &file.name);
        let print = text.as_ref().map_or(0, |text| xxh3_64(text.as_bytes()));
        let kept = kept.filter(|kept| told.is_empty() && text.is_some() && kept.print == print);
        if let Some(entries) = kept.and_then(|kept| unpack(kept.entries, file.kind, &file.name, print)) {
            made.push((file, stamp, print, None));
            all.push((*at, entries));
            continue;
        }
        parsed.fetch_add(1, Ordering::Relaxed);
        let mut entries = reader.read_text(file, text, told);
        if let Some(bytes) = pack(&entries) {
            made.push((file, stamp, print, Some(bytes)));
        }
        entries.checked = Vec::new();
        all.push((*at, entries));
    }
    if changed {
        let files = made
            .iter()
            .filter_map(|(file, stamp, print, bytes)| {
                let entries = match bytes {
                    Some(bytes) => bytes.as_slice(),
                    None => known.get(file.name.as_str())?.entries,
                };
                Some(KeptFile { name: &file.name, size: stamp.size, time: stamp.time, print: *print, entries })
            })
            .collect();
        keep.put(name, &postcard::to_stdvec(&Pack { against, files }).unwrap_or_default());
    }
    all
}
