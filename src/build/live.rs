//! A site in memory, for whoever works on it: each file is made when somebody asks for it.
//!
//! The same functions make it as in a build, from the same catalog, so a page is what a build would write; nothing is
//! kept from one state of the sources to the next but what was read of files that did not change ([`Memory`]).

use super::policy::Seen;
use super::{From, Laps, Loaded, Memory, Options, Outcome, load, metadata, photos, try_templates};
use crate::diagnostic::{self, Diagnostic, Problem};
use crate::feeds;
use crate::model::Day;
use crate::order::terms;
use crate::photos::Rendition;
use crate::render::{Paper, Renderer};
use crate::search;
use crate::site::FEEDS;
use crate::site::views::Shared;
use crate::source::in_words;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// One state of a site.
pub struct Live {
    root: PathBuf,
    /// Whether nobody asked for a day.
    of_today: bool,
    loaded: Loaded,
    renderer: Renderer,
    shared: Arc<Shared>,
    /// Pictures of photos by output path.
    pictures: BTreeMap<String, (String, Rendition)>,
    /// The search and what orders are made of.
    index: OnceLock<BTreeMap<String, Vec<u8>>>,
    feeds: OnceLock<BTreeMap<String, Vec<u8>>>,
}

impl Live {
    /// Reads a site, or tells why it cannot be shown. Photos are looked at, none is made.
    pub fn load(root: &Path, options: &Options, memory: &mut Memory) -> (Option<Self>, Outcome) {
        let mut outcome = Outcome::default();
        let mut laps = Laps(Instant::now(), Vec::new());
        let Some(mut loaded) = load(root, options, From::Memory(memory), &mut laps, &mut outcome) else {
            return (None, outcome.end([]));
        };
        loaded.look_at_photos(root, options, &mut laps, &mut outcome);
        loaded.catalog.photos = loaded.photos.photos.clone();
        if outcome.failed() {
            return (None, outcome.end([]));
        }
        // A template that can be read may still fail on its pages: told before the last good ones are gone.
        if !memory.dress.tried {
            let told = try_templates(&loaded);
            if diagnostic::has_errors(&told) {
                return (None, outcome.end(told));
            }
            memory.dress.tried = true;
        }
        let renderer = match loaded.renderer() {
            Ok(renderer) => renderer,
            Err(told) => return (None, outcome.end(told)),
        };
        let live = Self {
            root: root.to_owned(),
            of_today: options.as_of.is_none(),
            pictures: photos::pictures(&loaded.catalog.photos, &loaded.plan.photos),
            shared: Shared::new(&loaded.catalog),
            index: OnceLock::new(),
            feeds: OnceLock::new(),
            renderer,
            loaded,
        };
        (Some(live), outcome.end([]))
    }

    /// The path below which the site lies: `/` or `/heartnet/`.
    pub fn base_path(&self) -> &str {
        &self.loaded.base.path
    }

    /// The day that the site is shown at.
    pub fn today(&self) -> Day {
        self.loaded.catalog.moment.today
    }

    /// Whether the day it is shown at was today and is not any more.
    pub fn is_over(&self) -> bool {
        self.of_today && self.today() != self.loaded.catalog.settings.today()
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.loaded.plan.routes.len()
    }

    /// The bytes of a file by its output path, or what keeps it from being made. Nothing if there is no such file.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
        let Loaded { catalog, base, plan, dress, readings, cards, photos, cache } = &self.loaded;
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        if let Some(route) = plan.page(&address) {
            let mut paper = Paper::default();
            let views = self.loaded.views(Arc::clone(&self.shared));
            self.renderer.render(&views.view(route, &address), &address, &mut paper)?;
            return Ok(Some(paper.bytes));
        }
        let statics = dress.statics.files.iter().chain([readings]);
        if let Some((_, bytes)) = statics.into_iter().find(|(name, _)| name == path) {
            return Ok(Some(bytes.clone()));
        }
        if let Some(source) = plan.assets.get(path) {
            let bytes = std::fs::read(self.root.join(source)).map_err(|error| {
                Box::new(Diagnostic::of_file(source, Problem::CannotRead { why: in_words(&error) }))
            })?;
            return Ok(Some(metadata::strip(bytes)));
        }
        if let Some(picture) = self.pictures.get(path) {
            return photos.picture(&self.root, &plan.places, picture, cache);
        }
        if path.starts_with("og/") {
            return Ok(cards.card(path, cache));
        }
        let index = || search::index(catalog).into_iter().chain(terms::files(catalog, base, None)).collect();
        if path.starts_with("search/") || path.starts_with("data/order/") {
            return Ok(self.index.get_or_init(index).get(path).cloned());
        }
        if let Some(of) = plan.calendars.get(path) {
            return Ok(Some(feeds::calendar(catalog, base, *of)));
        }
        // Whoever asks for what is not there must not have all of them made.
        if !FEEDS.contains(&path) {
            return Ok(None);
        }
        let feeds = || self.loaded.feeds(None).into_iter().flat_map(|job| job()).collect();
        Ok(self.feeds.get_or_init(feeds).get(path).cloned())
    }

    /// What a host would let a page load and run, if its settings are asked for. On a host that is said for all pages
    /// together; here they are not all made, so each has what it needs itself.
    pub fn policy(&self, page: &[u8]) -> Option<String> {
        let hosting = self.loaded.hosting();
        let mut seen = Seen::default();
        seen.page(std::str::from_utf8(page).ok().filter(|_| hosting.wanted())?, "", "");
        Some(seen.policy(hosting.settings, hosting.in_page()).0)
    }

    /// Names of the style sheets, whatever is in them.
    pub fn style_names(&self) -> impl Iterator<Item = &String> {
        self.loaded.dress.statics.style_names()
    }

    /// Output paths of the style sheets.
    pub fn styles(&self) -> Vec<String> {
        self.loaded.dress.statics.styles().iter().map(|path| self.loaded.base.file(path)).collect()
    }
}
