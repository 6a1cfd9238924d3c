//! Pictures for shared links: which cards there are, and drawing them.
//!
//! A card's name holds the hash of all that goes into it, so its address is known before anything is drawn, and
//! equal drawings share one. What the cache has is not drawn again.

use super::cache::Cache;
use super::draw::{self, Colours, Drawing};
use super::folder::Folder;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Problem};
use crate::model::Photo;
use crate::render::{Rgb, Theme, Tokens};
use crate::site::previews::{KINDS, Previews, is_drawing};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// All cards of a site.
#[derive(Debug, Default)]
pub(super) struct Cards {
    pub previews: Previews,
    /// By output path.
    jobs: BTreeMap<String, Job>,
    mark: Option<Vec<u8>>,
    colours: Option<Colours>,
}

#[derive(Debug)]
struct Job {
    key: String,
    drawing: Option<Vec<u8>>,
    /// The mark as the drawing itself needs no second one.
    marked: bool,
}

impl Job {
    /// Its bytes, and whether they had to be drawn.
    fn picture(&self, mark: Option<&Drawing>, colours: Colours, cache: &Cache) -> (Vec<u8>, bool) {
        if let Some(bytes) = cache.get(&self.key) {
            return (bytes, false);
        }
        let drawing = self.drawing.as_deref().and_then(|bytes| Drawing::read(bytes).ok());
        let bytes = draw::card(drawing.as_ref(), mark.filter(|_| self.marked), colours);
        cache.put(&self.key, &bytes);
        (bytes, true)
    }
}

/// How many were drawn, and how many were there.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Drawn {
    pub drawn: usize,
    pub cached: usize,
}

/// Bytes of an SVG that can be drawn; else it is told.
fn checked(file: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Diagnostic> {
    match Drawing::read(&bytes) {
        Ok(_) => Ok(bytes),
        Err(refused) => {
            let (why, why_en) = refused.words();
            Err(Diagnostic::of_file(file, Problem::DrawingRefused { why: why.to_owned(), why_en: why_en.to_owned() }))
        }
    }
}

/// Decides which cards there are.
pub(super) fn plan(root: &Path, catalog: &Catalog, theme: &Theme, tokens: &Tokens) -> (Cards, Vec<Diagnostic>) {
    let mut told = Vec::new();
    let mut of_theme = |name: &str| {
        let found = theme.statics.get(name)?;
        checked(&found.file, found.bytes.clone()).map_err(|refused| told.push(refused)).ok()
    };
    let colours = Colours {
        ground: tokens.light("key-tint").unwrap_or(Rgb([255, 238, 226])),
        band: tokens.light("key-line").or_else(|| tokens.light("key")).unwrap_or(Rgb([251, 91, 1])),
    };
    let mut cards = Cards { mark: of_theme("icon.svg"), colours: Some(colours), ..Cards::default() };
    for kind in KINDS {
        let drawing = of_theme(&format!("drawn/{kind}.svg"));
        let path = match drawing {
            Some(bytes) => cards.add(kind, Some(bytes), true),
            None => cards.add("site", cards.mark.clone(), false),
        };
        cards.previews.of_kind.insert(kind, path);
    }
    let read: Vec<(&str, Result<Vec<u8>, Diagnostic>)> = sources(catalog)
        .into_par_iter()
        // What is not there is told where files are published.
        .filter_map(|source| Some((source, checked(source, std::fs::read(root.join(source)).ok()?))))
        .collect();
    for (source, bytes) in read {
        match bytes {
            Ok(bytes) => {
                let path = cards.add(source, Some(bytes), true);
                cards.previews.of_source.insert(source.to_owned(), path);
            }
            Err(refused) => told.push(refused),
        }
    }
    (cards, told)
}

/// Drawings that stand for a page: those of the vocabulary, and first photos that are drawings.
fn sources(catalog: &Catalog) -> BTreeSet<&str> {
    let photos: [Box<dyn Iterator<Item = &[Photo]>>; 7] = [
        Box::new(catalog.products.iter().map(|linked| linked.entry.meta.photos.as_slice())),
        Box::new(catalog.facilities.iter().map(|linked| linked.entry.meta.photos.as_slice())),
        Box::new(catalog.events.iter().map(|linked| linked.entry.meta.photos.as_slice())),
        Box::new(catalog.news.iter().map(|entry| entry.meta.photos.as_slice())),
        Box::new(catalog.pages.iter().map(|entry| entry.meta.photos.as_slice())),
        Box::new(catalog.plans.iter().map(|entry| entry.meta.photos.as_slice())),
        Box::new(catalog.reports.iter().map(|entry| entry.meta.photos.as_slice())),
    ];
    let firsts = photos.into_iter().flatten().filter_map(|photos| photos.first()).map(|photo| photo.file.as_str());
    firsts.chain(catalog.vocabulary.images().map(String::as_str)).filter(|source| is_drawing(source)).collect()
}

impl Cards {
    fn add(&mut self, source: &str, drawing: Option<Vec<u8>>, marked: bool) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut feed = |bytes: &[u8]| _ = hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        feed(&draw::RECIPE.to_le_bytes());
        feed(&self.colours.map_or([0; 6], Colours::bytes));
        feed(drawing.as_deref().unwrap_or_default());
        feed(if marked { self.mark.as_deref().unwrap_or_default() } else { &[] });
        let key = hasher.finalize().to_hex().to_string();
        let file = source.rsplit('/').next().unwrap_or(source);
        let stem = file.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let plain = !stem.is_empty() && stem.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
        let path = format!("og/{}.{}.png", if plain { &stem } else { "card" }, key.get(..10).unwrap_or_default());
        let same = self.jobs.iter().find(|(_, job)| job.key == key).map(|(path, _)| path.clone());
        same.unwrap_or_else(|| {
            self.jobs.insert(path.clone(), Job { key, drawing, marked });
            path
        })
    }

    /// Output paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        self.jobs.keys().cloned()
    }

    /// The picture of one card: what the cache has, or drawn.
    pub(super) fn card(&self, path: &str, cache: &Cache) -> Option<Vec<u8>> {
        let (job, colours) = (self.jobs.get(path)?, self.colours?);
        Some(job.picture(self.mark().as_ref(), colours, cache).0)
    }

    fn mark(&self) -> Option<Drawing> {
        self.mark.as_deref().and_then(|bytes| Drawing::read(bytes).ok())
    }

    /// Puts every card into the stage.
    pub(super) fn publish(&self, folder: &Folder, cache: &Cache) -> Result<Drawn, Vec<Diagnostic>> {
        let drawn = AtomicUsize::new(0);
        let mark = self.mark();
        let Some(colours) = self.colours else { return Ok(Drawn::default()) };
        let jobs: Vec<(&String, &Job)> = self.jobs.iter().collect();
        let told: Vec<Diagnostic> = jobs
            .into_par_iter()
            .with_max_len(1)
            .filter_map(|(path, job)| {
                let (bytes, is_new) = job.picture(mark.as_ref(), colours, cache);
                drawn.fetch_add(usize::from(is_new), Ordering::Relaxed);
                folder.stage(path, &bytes).err()
            })
            .collect();
        let drawn = drawn.into_inner();
        if told.is_empty() { Ok(Drawn { drawn, cached: self.jobs.len() - drawn }) } else { Err(told) }
    }
}
