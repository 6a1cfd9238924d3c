//! Whether anything has changed since the last build, without reading a file of it.
//!
//! A build leaves a record in the cache: what was asked for, size and time of every file that a site may be made
//! of, as they were before the first was read, size and time of every file that it made, and what it told. Where all of
//! it is still so, the next build has nothing to do and says the same. Any doubt (a file changed a moment before, a
//! record that cannot be read, another program) and everything is done as ever, so the record can only save work.

use super::cache::Cache;
use super::folder::{self, Folder};
use super::known::{Known, Written};
use super::{Options, Outcome, Summary, photos};
use crate::diagnostic::Diagnostic;
use crate::source::stamp::{self, Stamp};
use crate::source::{self, Settings, settings};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// How files are, by path. A list in order: it is read and written as it is, which a tree is not.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Files(Vec<(String, Seen)>);

impl Files {
    /// Of files in any order.
    pub(super) fn new(mut all: Vec<(String, Seen)>) -> Self {
        all.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Self(all)
    }

    /// How a file is.
    pub(super) fn get(&self, path: &str) -> Option<&Seen> {
        let at = self.0.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok()?;
        self.0.get(at).map(|(_, seen)| seen)
    }

    /// How each of some files is that ascend, if it is among these.
    pub(super) fn beside(&self, paths: &[String]) -> Vec<Option<Seen>> {
        let mut all = self.0.iter().peekable();
        let of = |path: &String| {
            while all.next_if(|(other, _)| other < path).is_some() {}
            all.peek().filter(|(other, _)| other == path).map(|(_, seen)| *seen)
        };
        paths.iter().map(of).collect()
    }

    /// Every path, ascending.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(path, _)| path)
    }
}

/// How a file is: its stamp, and a fingerprint of what is in it where that is known, else 0. Whoever restores a folder
/// from an archive (CI) restores no times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub stamp: Stamp,
    pub print: u64,
}

/// Files that are larger are photos; they have a list of their own.
const LARGEST: u64 = 1024 * 1024;

/// What a build leaves.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    asked: String,
    inputs: Files,
    pub(super) outputs: Files,
    /// A fingerprint of what is known of its pages, which is read and written beside it.
    pages: u128,
    /// As JSON: problems come in many forms.
    told: String,
    entries: usize,
    page_count: usize,
    pictures: usize,
    cards: usize,
    left_alone: Vec<String>,
}

/// What is to be built, before anything of it is read.
pub(super) struct Before {
    /// What the record is called.
    key: String,
    asked: String,
    inputs: Files,
}

/// A fingerprint of what is in a file, 0 if it cannot be read.
pub(super) fn print_of(path: &Path) -> u64 {
    stamp::bytes_of(path).map_or(0, |bytes| xxh3_64(&bytes))
}

/// What the cache calls the record of an output.
fn key_of(out: &Path) -> Option<String> {
    let place = std::path::absolute(out).ok()?;
    Some(blake3::hash(&[b"record ", place.as_os_str().as_encoded_bytes()].concat()).to_hex().to_string())
}

/// What the cache calls something of a site and an output.
fn name_of(key: &str, name: &str) -> String {
    blake3::hash(format!("{key} {name}").as_bytes()).to_hex().to_string()
}

/// What is known of the pages.
const PAGES: &str = "pages";

/// Looks at all files of a site, and for what the last build left: its record and what it knew of its pages. What another
/// program wrote may have another form.
pub(super) fn look(
    root: &Path,
    out: &Path,
    options: &Options,
    cache: &Cache,
) -> (Option<Before>, Option<(Record, Known)>) {
    let key = key_of(out);
    let record = || postcard::from_bytes::<Record>(&cache.get(key.as_deref()?)?).ok();
    let pages = || {
        let bytes = cache.get(&name_of(key.as_deref()?, PAGES))?;
        Some((xxh3_128(&bytes), postcard::from_bytes::<Written>(&bytes).ok()?.known()))
    };
    let kept = || rayon::join(record, pages);
    let (before, (record, pages)) = rayon::join(|| Before::look(root, out, options), kept);
    // Without settings nothing may be believed.
    let record = record.filter(|_| before.is_some()).zip(pages);
    let record = record.filter(|(record, (print, _))| record.pages == *print);
    (before, record.map(|(record, (_, known))| (record, known)))
}

impl Before {
    /// Looks at all files. Nothing where the settings cannot be read: then it is not known which day it is.
    fn look(root: &Path, out: &Path, options: &Options) -> Option<Self> {
        let now = stamp::now();
        let settings = settings::read(root).0?;
        let today = options.as_of.unwrap_or_else(|| Settings::today(&settings));
        let Options { base_url, drafts, no_images, .. } = options;
        let asked = format!("{} {root:?} {base_url:?} {today} {drafts} {no_images}", env!("HEARTNET_SOURCES"));
        let one = |(path, stamp): (PathBuf, Option<Stamp>)| {
            let stamp = stamp.unwrap_or_default().kept(now);
            // Of a file that was changed a moment ago only its content says what it is.
            let print = if stamp.time == 0 && stamp.size <= LARGEST { print_of(&path) } else { 0 };
            (path.to_string_lossy().into_owned(), Seen { stamp, print })
        };
        let inputs = stamp::of_site(root).into_par_iter().with_max_len(512).map(one).collect();
        Some(Self { key: key_of(out)?, asked, inputs: Files::new(inputs) })
    }

    /// How a file of the site was when it was looked at. One that has come since says nothing.
    pub(super) fn stamp(&self, path: &Path) -> Stamp {
        self.inputs.get(&path.to_string_lossy()).map(|seen| seen.stamp).unwrap_or_default()
    }

    /// What the cache calls things of this site and this output.
    pub(super) fn key_of(&self, name: &str) -> String {
        name_of(&self.key, name)
    }

    /// Whether there is nothing to do.
    pub(super) fn is_done(&self, record: &Record, out: &Path) -> bool {
        // A file that was changed a moment ago says nothing by its time.
        if self.inputs.0.iter().any(|(_, seen)| seen.stamp.time == 0) {
            return false;
        }
        let Ok(Some(_lock)) = folder::lock(out) else { return false };
        let there = |(path, seen): &(String, Seen)| Stamp::of(&out.join(path)).unwrap_or_default() == seen.stamp;
        record.asked == self.asked
            && record.inputs == self.inputs
            && record.outputs.0.par_iter().with_max_len(512).all(there)
    }

    /// Files that are not as they were, are new or gone. Where the content is not known, another time counts.
    pub(super) fn changed(&self, record: &Record, root: &Path) -> Vec<String> {
        let differs = |(path, now): &&(String, Seen)| match record.inputs.get(path) {
            None => true,
            Some(then) if then.stamp.size != now.stamp.size => true,
            Some(then) if then.stamp == now.stamp && now.stamp.time != 0 => false,
            Some(then) if then.print == 0 => true,
            Some(then) => then.print != if now.print == 0 { print_of(Path::new(path)) } else { now.print },
        };
        let changed = self.inputs.0.iter().filter(differs).map(|(path, _)| path);
        let gone = record.inputs.paths().filter(|path| self.inputs.get(path).is_none());
        let mut all: Vec<String> = changed.chain(gone).map(|path| source::name_of(root, Path::new(path))).collect();
        all.sort();
        all
    }

    /// Takes the record of the last build away, before its files are touched.
    pub(super) fn forget(&self, cache: &Cache) {
        cache.put(&self.key, b"");
    }

    /// Leaves the record of a build. If it cannot be written there is none.
    pub(super) fn keep(
        self,
        (cache, folder): (&Cache, &Folder),
        pages: Written,
        (summary, outcome): (&Summary, &Outcome),
    ) {
        let key = self.key_of(PAGES);
        let pages = move || {
            let bytes = postcard::to_stdvec(&pages).unwrap_or_default();
            drop(pages);
            let kept = cache.put(&key, &bytes);
            kept.then(|| xxh3_128(&bytes))
        };
        let (outputs, Some(pages)) = rayon::join(|| folder.stamps(), pages) else { return };
        let photos::Made { made, cached, .. } = summary.photos;
        let record = Record {
            asked: self.asked,
            inputs: self.inputs,
            outputs,
            pages,
            told: serde_json::to_string(&outcome.diagnostics).unwrap_or_default(),
            entries: outcome.entries,
            page_count: summary.pages,
            pictures: made + cached,
            cards: summary.drawn + summary.drawn_cached,
            left_alone: summary.left_alone.clone(),
        };
        cache.put(&self.key, &postcard::to_stdvec(&record).unwrap_or_default());
    }
}

impl Record {
    /// What the last build told, how many entries it read, and how this one went.
    pub(super) fn summary(&self, out: &Path) -> Option<(Vec<Diagnostic>, usize, Summary)> {
        let summary = Summary {
            pages: self.page_count,
            unchanged: self.outputs.paths().filter(|path| !folder::is_own(path)).count(),
            out: out.to_owned(),
            left_alone: self.left_alone.clone(),
            drawn_cached: self.cards,
            photos: photos::Made { cached: self.pictures, ..photos::Made::default() },
            ..Summary::default()
        };
        Some((serde_json::from_str(&self.told).ok()?, self.entries, summary))
    }
}
