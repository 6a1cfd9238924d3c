//! The whole way from a folder of content to a folder of pages.
//!
//! Nothing reaches the output folder before everything is made: pages are rendered and written to a
//! stage inside it, and only when the last one is there are the changed files renamed into place. An
//! error, a full disk or a killed process before that leaves the old site untouched.

mod assets;
mod audit;
mod cache;
mod draw;
mod folder;
mod hosting;
mod html;
mod known;
mod live;
mod metadata;
mod og;
mod packed;
mod pages;
mod photo_report;
mod photos;
mod policy;
mod store;
mod unchanged;

use crate::catalog::{self, Catalog, Moment, Prints, Since};
use crate::diagnostic::{self, Diagnostic, Problem, Severity};
use crate::feeds;
use crate::model::Day;
use crate::order::terms;
use crate::render::{Paper, Renderer, Statics, Templates, Theme, Tokens};
use crate::search;
use crate::site::previews::is_drawing;
use crate::site::views::{Chrome, Shared, Sight, Views};
use crate::site::{self, Base, SitePlan};
use crate::source::stamp::{self, Stamp};
use crate::source::{self, Keep, Settings, settings};
use cache::Cache;
use folder::Folder;
pub use folder::With;
use hosting::Hosting;
pub use known::Why;
use known::{Earlier, Written};
pub use live::Live;
use packed::Packing;
use pages::Made;
pub use photo_report::{About, Note, photo_report};
pub use photos::Made as PhotosMade;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use store::Store;
use unchanged::Files;

/// What the command line says about a build or a check.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to write; `public/` of the site if not given.
    pub out: Option<PathBuf>,
    /// Instead of the settings' own.
    pub base_url: Option<String>,
    /// The site's today.
    pub as_of: Option<Day>,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Where slow work is kept; as the environment says if not given.
    pub cache: Option<PathBuf>,
    /// Leaves photos out, for a quick look.
    pub no_images: bool,
    /// Whether somebody wants to know which files changed.
    pub explain: bool,
    /// Is told how many of how many photos are done.
    pub progress: Option<Progress>,
}

/// Whom to tell how far it is.
#[derive(Clone)]
pub struct Progress(pub Arc<dyn Fn(usize, usize) + Send + Sync>);

impl std::fmt::Debug for Progress {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("Progress")
    }
}

/// How a build went.
#[derive(Debug, Default)]
pub struct Summary {
    /// Pages of the site.
    pub pages: usize,
    /// Addresses of the pages that were rendered, and why; the others lie there as they have to be.
    pub rendered: Vec<(Arc<str>, Why)>,
    /// Files that are not as the last build read them, if somebody wants to know.
    pub changed: Vec<String>,
    /// Whether something in the cache was damaged and therefore not used.
    pub cache_broken: bool,
    /// Files that are new or changed.
    pub written: usize,
    /// Files that were the same already.
    pub unchanged: usize,
    /// Files that an earlier build made and this one does not.
    pub removed: usize,
    /// The output folder.
    pub out: PathBuf,
    /// Time of each stage.
    pub stages: Vec<(&'static str, Duration)>,
    /// Pages and time of each template, over all threads.
    pub templates: BTreeMap<&'static str, (usize, Duration)>,
    /// Templates that could not be minified.
    pub left_alone: Vec<String>,
    /// Pictures for shared links that were drawn.
    pub drawn: usize,
    /// Those that an earlier build had drawn.
    pub drawn_cached: usize,
    /// Photos and their pictures.
    pub photos: photos::Made,
    /// The cache's folder, if something could not be kept there.
    pub cache_trouble: Option<PathBuf>,
}

/// What came of it. Problems are sorted; the summary is there when the site was written.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Everything that was found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the settings themselves are wrong.
    pub settings_wrong: bool,
    /// Only of a build that went through.
    pub summary: Option<Summary>,
    /// Entries that were read.
    pub entries: usize,
}

impl Outcome {
    /// Whether there is an error among the problems.
    pub fn failed(&self) -> bool {
        diagnostic::has_errors(&self.diagnostics)
    }

    /// How many errors and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
        (errors, self.diagnostics.len() - errors)
    }

    fn end(mut self, more: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(more);
        diagnostic::sort(&mut self.diagnostics);
        self
    }
}

/// Everything that is known before the first page is rendered.
struct Loaded {
    catalog: Catalog,
    base: Base,
    plan: SitePlan,
    dress: Arc<Dress>,
    /// Furigana of this site's words: output path and bytes.
    readings: (String, Vec<u8>),
    cards: og::Cards,
    photos: photos::Survey,
    cache: Arc<Cache>,
}

/// A theme with a site's own files, ready to be used.
#[derive(Debug)]
struct Dress {
    theme: Theme,
    tokens: Tokens,
    statics: Statics,
    told: Vec<Diagnostic>,
    /// Read when the first page is to be made.
    templates: OnceLock<Result<Arc<Templates>, Vec<Diagnostic>>>,
}

impl Dress {
    /// With what an earlier build has kept, for one that will make pages: its templates are read at once.
    fn new(root: &Path, settings: &Settings, keep: Option<&dyn Keep>) -> Result<Self, Vec<Diagnostic>> {
        let theme = Theme::load(root, &settings.theme)?;
        let (tokens, mut told) = Tokens::new(root, &theme, &settings.tokens);
        let (statics, more) = match keep {
            Some(keep) => Statics::since(&theme, &tokens, keep),
            None => Statics::new(&theme, &tokens),
        };
        told.extend(more);
        let templates = keep.map(|_| Templates::new(&theme, keep).map(Arc::new));
        Ok(Self { theme, tokens, statics, told, templates: templates.map_or_else(OnceLock::new, OnceLock::from) })
    }

    fn templates(&self) -> Result<Arc<Templates>, Vec<Diagnostic>> {
        self.templates.get_or_init(|| Templates::new(&self.theme, None).map(Arc::new)).clone()
    }
}

/// What an earlier build of the same site left in memory.
#[derive(Debug, Default)]
pub struct Memory {
    /// Its entries.
    pub sources: source::Memory,
    dress: Dressed,
}

/// The theme of an earlier build.
#[derive(Debug, Default)]
struct Dressed {
    known: Option<(blake3::Hash, Arc<Dress>)>,
    /// Whether a page of each of its templates was made.
    tried: bool,
}

impl Dressed {
    /// The theme, made anew only if one of its files or the settings changed.
    fn get(&mut self, root: &Path, settings: &Settings) -> Result<Arc<Dress>, Vec<Diagnostic>> {
        let key = dress_key(root, &settings.theme);
        if let Some((_, dress)) = self.known.as_ref().filter(|(earlier, _)| *earlier == key) {
            return Ok(Arc::clone(dress));
        }
        let dress = Arc::new(Dress::new(root, settings, None)?);
        *self = Self { known: Some((key, Arc::clone(&dress))), tried: false };
        Ok(dress)
    }
}

/// Where a build may begin.
enum From<'a> {
    Nothing,
    /// With what this process has in memory.
    Memory(&'a mut Memory),
    /// With what an earlier one has kept.
    Kept(&'a dyn Keep),
}

/// Of the settings and of every file that a theme may be made of.
fn dress_key(root: &Path, theme: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&stamp::bytes_of(&root.join(settings::FILE)).unwrap_or_default());
    let now = stamp::now();
    let own = root.join("themes").join(theme);
    for (folder, links) in [(own, 1), (root.join("templates"), 0), (root.join("static"), 0)] {
        let mut files = stamp::below(&folder, links);
        files.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, stamp) in files {
            let Stamp { size, time, node } = stamp.unwrap_or_default().kept(now);
            hasher.update(path.as_os_str().as_encoded_bytes());
            hasher.update(&size.to_le_bytes()).update(&time.to_le_bytes()).update(&node.to_le_bytes());
            // What was changed a moment ago is known by what is in it.
            if time == 0 {
                hasher.update(&stamp::bytes_of(&path).unwrap_or_default());
            }
        }
    }
    hasher.finalize()
}

impl Loaded {
    /// Looks at photos and other files without decoding any.
    fn look_at_photos(&mut self, root: &Path, options: &Options, laps: &mut Laps, outcome: &mut Outcome) {
        let wanted = if options.no_images { BTreeSet::new() } else { self.plan.photos.keys().cloned().collect() };
        self.photos = photos::survey(root, &wanted, &self.cache);
        outcome.diagnostics.extend(self.photos.told(root, &self.plan.places));
        let (sizes, told) = photos::drawings(root, &self.plan);
        self.catalog.drawings = sizes;
        outcome.diagnostics.extend(told);
        let to_take_home: Vec<&String> = self.plan.assets.values().filter(|source| !is_drawing(source)).collect();
        let facts = |source: &String| Some((source.clone(), source::document::facts(&root.join(source))?));
        self.catalog.files = to_take_home.into_par_iter().filter_map(facts).collect();
        laps.lap("写真を見る");
    }

    /// Looks at photos and other files, makes what the cache does not have, and lets the pages know what was seen.
    fn make_photos(&mut self, root: &Path, options: &Options, laps: &mut Laps, outcome: &mut Outcome) -> photos::Made {
        self.look_at_photos(root, options, laps, outcome);
        let tell = |done: usize, of: usize| {
            if let Some(progress) = &options.progress {
                (progress.0)(done, of);
            }
        };
        let made = self.photos.make(root, &self.plan.photos, &self.cache, &tell);
        outcome.diagnostics.extend(self.photos.told_late(root, &self.plan.places));
        self.catalog.photos = self.photos.photos.clone();
        laps.lap("写真");
        made
    }

    fn views(&self, shared: Arc<Shared>) -> Views<'_> {
        Views::new(&self.catalog, &self.base, &self.cards.previews, shared)
    }

    fn feeds<'a>(&'a self, since: Option<&'a Since<'a>>) -> Vec<feeds::Job<'a>> {
        let icon = self.dress.statics.paths.get("icon.svg").map(String::as_str);
        feeds::jobs(&self.catalog, &self.base, &self.plan, icon, since)
    }

    /// What hosts are told.
    fn hosting(&self) -> Hosting<'_> {
        Hosting { settings: &self.catalog.settings, base: &self.base, today: self.catalog.moment.today }
    }

    /// What all pages show.
    fn chrome(&self) -> Chrome {
        let statics = &self.dress.statics;
        Chrome::new(&self.catalog, &self.base, &statics.styles(), &statics.paths)
    }

    /// What makes the pages: the templates, with the frame of all of them.
    fn renderer(&self) -> Result<Renderer, Vec<Diagnostic>> {
        Ok(Renderer::new(self.dress.templates()?, self.chrome().value()))
    }
}

/// Clock of the stages.
struct Laps(Instant, Vec<(&'static str, Duration)>);

impl Laps {
    fn lap(&mut self, name: &'static str) {
        self.1.push((name, self.0.elapsed()));
        self.0 = Instant::now();
    }
}

fn load(root: &Path, options: &Options, earlier: From<'_>, laps: &mut Laps, outcome: &mut Outcome) -> Option<Loaded> {
    let (settings, told) = settings::read(root);
    outcome.settings_wrong = diagnostic::has_errors(&told);
    outcome.diagnostics.extend(told);
    let (earlier, dressed, keep) = match earlier {
        From::Nothing => (source::Earlier::None, None, None),
        From::Kept(keep) => (source::Earlier::Kept(keep), None, Some(keep)),
        From::Memory(memory) => (source::Earlier::Memory(&mut memory.sources), Some(&mut memory.dress), None),
    };
    let dress = |settings: &Settings| match dressed {
        Some(dressed) => dressed.get(root, settings),
        None => Dress::new(root, settings, keep).map(Arc::new),
    };
    let (sources, dress) = rayon::join(|| source::read(root, earlier), || settings.as_ref().map(dress));
    outcome.entries = sources.entries.len();
    laps.lap("読む");
    // Without settings there is no today; the entries are still checked, against a day that makes no difference.
    let today = options.as_of.or_else(|| settings.as_ref().map(Settings::today));
    let moment = Moment { today: today.or_else(|| Day::new(2026, 4, 1))?, drafts: options.drafts };
    let (Some(settings), Some(dress)) = (settings, dress) else {
        outcome.diagnostics.extend(catalog::check(root, sources, moment));
        return None;
    };
    let dress = match dress {
        Ok(dress) => Some(dress),
        Err(told) => {
            outcome.settings_wrong |= told.iter().any(|d| d.file == settings::FILE);
            outcome.diagnostics.extend(told);
            None
        }
    };
    let base = Base::new(options.base_url.as_deref().unwrap_or(&settings.base_url));
    if base.is_none() && options.base_url.is_some() {
        outcome.settings_wrong = true;
        let found = options.base_url.clone().unwrap_or_default();
        outcome.diagnostics.push(Diagnostic::of_file("--base-url", Problem::BadBaseUrl { found }));
    }
    let (mut catalog, told) = catalog::link(root, settings, sources, moment);
    outcome.diagnostics.extend(told);
    // Whose consent has run out is not shown, wherever else the photo is named.
    let expired: BTreeSet<String> = outcome.diagnostics.iter().filter_map(Diagnostic::expired_photo).collect();
    catalog.leave_out(&|source| expired.contains(source) || options.no_images && crate::photos::is_photo(source));
    laps.lap("つなぐ");
    let (base, dress) = (base?, dress?);
    outcome.diagnostics.extend(dress.told.iter().cloned());
    let beside = || {
        let readings = site::readings::readings(&dress.theme.readings, &catalog.vocabulary);
        (og::plan(root, &catalog, &dress.theme, &dress.tokens), (site::readings::FILE.to_owned(), readings))
    };
    let ((mut plan, told), ((cards, more), readings)) = rayon::join(|| site::plan(root, &catalog), beside);
    outcome.diagnostics.extend(more);
    plan.photos.retain(|source, _| !expired.contains(source));
    plan.assets.retain(|_, source| !expired.contains(source));
    outcome.diagnostics.extend(told);
    laps.lap("決める");
    let out = options.out.clone().unwrap_or_else(|| root.join("public"));
    let cache = Arc::new(Cache::open(&cache::place(options.cache.as_deref(), &out)));
    let photos = photos::Survey::default();
    Some(Loaded { catalog, base, plan, dress, readings, cards, photos, cache })
}

/// When a folder was last written by a build.
pub fn written_at(out: &Path) -> std::io::Result<std::time::SystemTime> {
    folder::list(out).metadata()?.modified()
}

/// How a folder was last written by a build.
pub fn written_with(out: &Path) -> With {
    folder::with(out)
}

/// Where what is slow to make is kept between builds.
pub fn cache_folder(out: &Path) -> PathBuf {
    cache::place(None, out)
}

/// The catalog of a site, if nothing is wrong with it, and where its pages lie.
pub fn catalog(root: &Path, options: &Options) -> Result<(Catalog, Base), Vec<Diagnostic>> {
    let mut outcome = Outcome::default();
    let loaded = load(root, options, From::Nothing, &mut Laps(Instant::now(), Vec::new()), &mut outcome);
    match loaded.filter(|_| !outcome.failed()) {
        Some(Loaded { catalog, base, .. }) => Ok((catalog, base)),
        None => Err(outcome.end([]).diagnostics),
    }
}

/// Reads everything and tells every problem; writes nothing but the cache.
pub fn check(root: &Path, options: &Options) -> Outcome {
    let mut outcome = Outcome::default();
    let mut laps = Laps(Instant::now(), Vec::new());
    let Some(mut loaded) = load(root, options, From::Nothing, &mut laps, &mut outcome) else {
        return outcome.end([]);
    };
    // What is broken shows when it is opened; the build after it finds the pictures in the cache.
    loaded.make_photos(root, options, &mut laps, &mut outcome);
    let told = try_templates(&loaded);
    outcome.end(told)
}

/// Whether every template can be read and makes a page: one of each kind is rendered.
fn try_templates(loaded: &Loaded) -> Vec<Diagnostic> {
    let renderer = match loaded.renderer() {
        Ok(renderer) => renderer,
        Err(told) => return told,
    };
    let views = loaded.views(Shared::new(&loaded.catalog));
    let mut tried: Vec<&str> = Vec::new();
    let mut told = Vec::new();
    for (route, address) in loaded.plan.pages() {
        let template = route.template();
        if !tried.contains(&template) {
            tried.push(template);
            told.extend(
                renderer.render(&views.view(route, address), address, &mut Paper::default()).err().map(|told| *told),
            );
        }
    }
    told
}

/// Builds the site into its folder.
pub fn build(root: &Path, options: &Options) -> Outcome {
    let mut outcome = Outcome::default();
    let mut laps = Laps(Instant::now(), Vec::new());
    let out = options.out.clone().unwrap_or_else(|| root.join("public"));
    let cache = Arc::new(Cache::open(&cache::place(options.cache.as_deref(), &out)));
    let (before, record) = unchanged::look(root, &out, options, &cache);
    let changed = match (&before, &record) {
        (Some(before), Some((record, _))) if options.explain => before.changed(record, root),
        _ => Vec::new(),
    };
    let done = record.as_ref().map(|(record, _)| record);
    let done = done.filter(|record| before.as_ref().is_some_and(|before| before.is_done(record, &out)));
    let done = done.and_then(|record| record.summary(&out));
    laps.lap("見くらべる");
    if let Some((told, entries, summary)) = done {
        outcome.entries = entries;
        outcome.summary = Some(Summary { stages: laps.1, ..summary });
        return outcome.end(told);
    }
    let (left, known) = record.map_or_else(Default::default, |(record, known)| (record.outputs, Some(known)));
    // Where all of it is gone nothing need be looked for.
    let left = Arc::new(if out.is_dir() { left } else { Files::default() });
    let store = before.as_ref().map(|before| Store { cache: &cache, before, left: &left });
    let from = store.as_ref().map_or(From::Nothing, |store| From::Kept(store));
    let Some(mut loaded) = load(root, options, from, &mut laps, &mut outcome) else { return outcome.end([]) };
    loaded.cache = Arc::clone(&cache);
    let photos_made = loaded.make_photos(root, options, &mut laps, &mut outcome);
    if outcome.failed() {
        return outcome.end([]);
    }
    let renderer = match loaded.renderer() {
        Ok(renderer) => renderer,
        Err(told) => return outcome.end(told),
    };
    let chrome = Sight::of(&loaded.chrome());
    let share = || {
        let shared = Shared::new(&loaded.catalog);
        let print = loaded.views(Arc::clone(&shared)).shared_print();
        (shared, print)
    };
    let (mut prints, (shared, print)) = rayon::join(|| Prints::new(&loaded.catalog), share);
    prints.share(print);
    let frame = pages::frame(&loaded, &chrome, &renderer, &prints);
    let since = store.as_ref().map(|store| Since { keep: store, prints: &prints, around: frame.around });
    let kept = store.as_ref().zip(since.as_ref()).map(|(store, since)| search::Earlier { store, since });
    let beside = || {
        let terms = terms::files(&loaded.catalog, &loaded.base, since.as_ref());
        (terms, site::planned_files(&loaded.plan))
    };
    let (mut index, (terms, mut planned)) = rayon::join(|| search::index_since(&loaded.catalog, kept.as_ref()), beside);
    laps.lap("索引");
    planned.extend(loaded.plan.assets.keys().cloned());
    planned.extend(loaded.cards.paths());
    planned.extend(
        loaded
            .dress
            .statics
            .files
            .iter()
            .chain([&loaded.readings])
            .chain(&index.made)
            .chain(&terms)
            .map(|(path, _)| path.clone()),
    );
    planned.extend(index.left.iter().cloned());
    planned.extend(loaded.hosting().planned());
    let pictures = photos::paths(&loaded.catalog.photos, &loaded.plan.photos);
    planned.extend(pictures.keys().cloned());
    let with = With { address: loaded.base.absolute("/"), drafts: options.drafts, without_photos: options.no_images };
    let packing = Packing::new(&loaded.catalog.settings, Arc::clone(&cache));
    // Only hosts want to know them once more.
    let all = if loaded.hosting().wanted() { planned.clone() } else { Vec::new() };
    let folder = match Folder::open(root, &out, planned, packing, with, Arc::clone(&left)) {
        Ok(folder) => folder,
        Err(told) => return outcome.end(told),
    };
    laps.lap("用意する");
    let Loaded { plan, dress, readings, cards, .. } = &loaded;
    // Somebody may have touched what the last build left.
    if !index.left.iter().all(|path| folder.is_whole(path)) {
        index = search::index_since(&loaded.catalog, None);
    }
    let earlier = Earlier::new(known, &frame, &chrome, &prints);
    // The index first: it need not be held while pages are made.
    let staged = stage(&folder, &index.made);
    index.left.iter().for_each(|path| folder.leave(path));
    drop(index);
    let make = |()| pages::make(&loaded, renderer, &folder, (&earlier, &prints, since.as_ref()), shared, &mut laps);
    let made = staged.and_then(make).and_then(|made| {
        stage(&folder, &dress.statics.files)?;
        stage(&folder, std::slice::from_ref(readings))?;
        stage(&folder, &terms)?;
        stage(&folder, &loaded.hosting().files(&all, &made.seen))?;
        folder.keep("nginx.conf", loaded.hosting().snippet(&made.seen))?;
        assets::publish(root, plan, &folder)?;
        laps.lap("ファイル");
        photos::publish(root, plan, &pictures, &loaded.photos, &folder, &cache)?;
        laps.lap("写真を置く");
        let drawn = cards.publish(&folder, &cache)?;
        cache.prune();
        laps.lap("絵");
        Ok((made, drawn))
    });
    match made {
        // The stage goes, the site stays as it was.
        Err(told) => {
            folder.abandon();
            outcome.end(told)
        }
        Ok((Made { templates, told, pages, calendars, why, .. }, drawn)) => {
            if let Some(before) = &before {
                before.forget(&cache);
            }
            let pages_in_all = plan.routes.len();
            let left_alone = dress.templates().map(|templates| templates.left_alone.clone()).unwrap_or_default();
            // Letting go of it takes a while, and nobody waits for it: a process that ends first need not.
            rayon::spawn(move || drop((loaded, prints, earlier)));
            let done = match folder.commit() {
                Ok(done) => done,
                Err(told) => return outcome.end([told]),
            };
            laps.lap("置きかえる");
            let summary = Summary {
                pages: pages_in_all,
                rendered: why,
                changed,
                cache_broken: cache.was_damaged(),
                written: done.written,
                unchanged: done.unchanged,
                removed: done.removed,
                out,
                stages: laps.1,
                templates,
                left_alone,
                drawn: drawn.drawn,
                drawn_cached: drawn.cached,
                photos: photos_made,
                cache_trouble: cache.trouble(),
            };
            let mut outcome = outcome.end(told);
            if let Some(before) = before {
                let pages = Written::new(frame, pages, calendars);
                before.keep((&cache, &folder), pages, (&summary, &outcome));
            }
            outcome.summary = Some(summary);
            outcome
        }
    }
}

/// Puts files aside whose bytes are known already.
fn stage(folder: &Folder, files: &[(String, Vec<u8>)]) -> Result<(), Vec<Diagnostic>> {
    let told: Vec<Diagnostic> =
        files.par_iter().with_max_len(16).filter_map(|(path, bytes)| folder.stage(path, bytes).err()).collect();
    if told.is_empty() { Ok(()) } else { Err(told) }
}

/// A fault of a template shows on every page that uses it; once is enough.
fn once_per_place(mut failures: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut failures);
    failures.dedup_by(|a, b| a.file == b.file && a.span == b.span && a.problem.code() == b.problem.code());
    failures
}
