//! Makes the pages: those whose view, templates or frame changed; the others stay where they are.

use super::audit::{Audit, Looker, Tally};
use super::folder::Folder;
use super::known::{Earlier, Found, Frame, Page, Values, Why};
use super::policy::{self, Seen};
use super::{Laps, Loaded, once_per_place};
use crate::catalog::{Prints, Since, reads};
use crate::diagnostic::{Diagnostic, Problem};
use crate::feeds;
use crate::render::{Paper, Renderer};
use crate::site::views::{Shared, Sight, View};
use crate::site::{self, CalendarOf, Route, is_policy};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use xxhash_rust::xxh3::xxh3_128;

/// Pages and time by template.
pub(super) type Times = BTreeMap<&'static str, (usize, Duration)>;

/// What came of the pages that went through.
pub(super) struct Made {
    pub templates: Times,
    /// Faults of pages that do not keep them from being published.
    pub told: Vec<Diagnostic>,
    /// What hosts must allow.
    pub seen: Seen,
    /// All pages, for the next build.
    pub pages: Vec<(Arc<str>, Page)>,
    /// All calendars with what they were made of, for the next build.
    pub calendars: Vec<(String, Vec<u32>)>,
    /// Those that were made, and why.
    pub why: Vec<(Arc<str>, Why)>,
}

/// What one thread has done.
#[derive(Default)]
struct Done {
    times: Times,
    failures: Vec<Diagnostic>,
    audit: Audit,
    seen: Seen,
    pages: Vec<(Arc<str>, Page)>,
    why: Vec<(Arc<str>, Why)>,
}

impl Done {
    fn join(mut self, other: Self) -> Self {
        for (template, (count, took)) in other.times {
            let entry = self.times.entry(template).or_default();
            entry.0 += count;
            entry.1 += took;
        }
        self.failures.extend(other.failures);
        self.audit.join(other.audit);
        self.seen.join(other.seen);
        self.pages.extend(other.pages);
        self.why.extend(other.why);
        self
    }

    /// A page that lies in the output.
    fn add(&mut self, address: &Arc<str>, template: &'static str, page: Page) {
        self.audit.page(&page.found.tally, template, address);
        self.seen.join(page.found.seen.clone().named(template, address));
        self.pages.push((Arc::clone(address), page));
    }
}

/// What all pages have in common.
pub(super) fn frame(loaded: &Loaded, chrome: &Sight, renderer: &Renderer, prints: &Prints) -> Frame {
    let Loaded { catalog, base, cards, .. } = loaded;
    let (program, hosting) = (env!("HEARTNET_SOURCES"), loaded.hosting());
    // A policy that stands in the pages says where they may send and ask.
    let said = hosting.in_page().then_some((&catalog.settings.order.endpoint, &catalog.settings.search.include));
    let around = format!("{:?}", (catalog.around(), base, &cards.previews, program));
    Frame {
        program: program.to_owned(),
        chrome: chrome.shown.clone(),
        address: base.absolute("/"),
        day: catalog.moment.today.to_string(),
        hosting: format!("{} {said:?}", hosting.wanted()),
        templates: renderer.reaches(),
        around: xxh3_128(around.as_bytes()),
        parts: prints.table.clone(),
    }
}

/// Makes pages one after the other.
struct Maker<'a> {
    loaded: &'a Loaded,
    renderer: &'a Renderer,
    folder: &'a Folder,
    earlier: &'a Earlier,
    looker: Looker,
    /// What was found on pages: many have the same.
    found: Mutex<BTreeSet<Arc<Found>>>,
}

impl Maker<'_> {
    /// The page that lies there, or why it has to be made.
    fn lies_there(&self, route: &Route, address: &str) -> Result<&Page, Why> {
        self.earlier.page(address, route.template(), || self.folder.is_whole(&site::file_of(address)))
    }

    /// Leaves a page where it is.
    fn leave(&self, address: &Arc<str>, template: &'static str, page: &Page, reads: Vec<u32>, done: &mut Done) {
        self.folder.leave(&site::file_of(address));
        done.add(address, template, Page { reads, ..page.clone() });
    }

    fn look(&self, paper: &Paper, view: &View, address: &str) -> (Tally, Seen) {
        let Ok(html) = simdutf8::basic::from_utf8(&paper.bytes) else { return Default::default() };
        let mut seen = Seen::default();
        if self.loaded.hosting().wanted() {
            seen.page(html, view.template, address);
        }
        (self.looker.look(html, &paper.parts), seen)
    }

    fn share(&self, found: Found) -> Arc<Found> {
        let mut all = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(&found) {
            return Arc::clone(known);
        }
        let found = Arc::new(found);
        all.insert(Arc::clone(&found));
        found
    }

    /// Renders a page and puts it aside.
    fn make(
        &self,
        address: &Arc<str>,
        (sight, view, reads): (Sight, &View, Vec<u32>),
        why: Why,
        paper: &mut Paper,
        done: &mut Done,
    ) -> Result<(), Box<Diagnostic>> {
        let started = Instant::now();
        self.renderer.render(view, address, paper)?;
        let (tally, seen) = self.look(paper, view, address);
        if self.loaded.hosting().in_page() {
            policy::insert(&mut paper.bytes, &seen.policy(&self.loaded.catalog.settings, true).0);
        }
        let entry = done.times.entry(view.template).or_default();
        entry.0 += 1;
        entry.1 += started.elapsed();
        self.folder.stage(&site::file_of(address), &paper.bytes).map_err(Box::new)?;
        done.why.push((Arc::clone(address), why));
        let found = self.share(Found { tally, seen: seen.nameless() });
        done.add(address, view.template, Page { shown: sight.shown, reads, found });
        Ok(())
    }
}

/// Makes every page that is not there as it has to be, and every feed, on all cores.
pub(super) fn make(
    loaded: &Loaded,
    renderer: Renderer,
    folder: &Folder,
    (earlier, prints, since): (&Earlier, &Prints, Option<&Since<'_>>),
    shared: Arc<Shared>,
    laps: &mut Laps,
) -> Result<Made, Vec<Diagnostic>> {
    let Loaded { catalog, base, plan, .. } = loaded;
    let pairs = loaded.dress.tokens.pairs;
    let views = loaded.views(shared);
    let maker =
        Maker { loaded, renderer: &renderer, folder, earlier, looker: Looker::default(), found: Mutex::default() };
    let page = |(route, address): &(&Route, &Arc<str>), paper: &mut Paper, done: &mut Done| {
        let lies = maker.lies_there(route, address);
        if let Ok(page) = lies
            && let Some(reads) = earlier.untouched(&page.reads)
        {
            maker.leave(address, route.template(), page, reads, done);
            return Ok(());
        }
        let shown = lies.as_ref().ok().map(|page| &page.shown);
        let ((sight, view), reads) = reads::watch(|| views.view_unless(route, address, shown));
        let reads = prints.numbers(&reads);
        let (why, view) = match (lies, view) {
            (Ok(page), None) => {
                maker.leave(address, route.template(), page, reads, done);
                return Ok(());
            }
            (Ok(page), Some(view)) => {
                let entries = earlier.changed(&reads, prints, catalog);
                (Why::Values(Box::new(Values { names: sight.changed(&page.shown), entries })), view)
            }
            (Err(why), Some(view)) => (why, view),
            // What was not compared with anything is not the same.
            (Err(_), None) => return Ok(()),
        };
        maker.make(address, (sight, &view, reads), why, paper, done)
    };
    let (last, most): (Vec<_>, Vec<_>) = plan.pages().partition(|(_, address)| is_policy(address));
    let mut done = most
        .par_iter()
        .with_min_len(8)
        // rayon cuts a list into a few parts and a part further only when another thread asks for work before it is
        // begun: without this whoever got the last part would end alone, a sixth of a second later.
        .with_max_len(64)
        .fold(
            || (Done::default(), Paper::default()),
            |(mut done, mut paper), route| {
                match page(route, &mut paper, &mut done) {
                    Err(failure) if done.failures.len() < 20 => done.failures.push(*failure),
                    _ => {}
                }
                (done, paper)
            },
        )
        .map(|(done, _)| done)
        .reduce(Done::default, Done::join);
    // The page that says what was found on all others, and on itself.
    for (route, address) in last {
        let template = route.template();
        let with = |own: Option<&Tally>, earlier: Option<&Page>| {
            let mut audit = done.audit.clone();
            if let Some(own) = own {
                audit.page(own, template, address);
            }
            views.policy_with((route, address), audit.view(catalog, base, pairs), earlier.map(|page| &page.shown))
        };
        let lies = maker.lies_there(route, address);
        let why = match lies.map(|page| (page, with(Some(&page.found.tally), Some(page)))) {
            Ok((page, (_, None))) => {
                maker.leave(address, template, page, Vec::new(), &mut done);
                continue;
            }
            Ok((page, (sight, Some(_)))) => {
                Why::Values(Box::new(Values { names: sight.changed(&page.shown), entries: Vec::new() }))
            }
            Err(why) => why,
        };
        // Looked at before, so that it stands among them itself.
        let mut paper = Paper::default();
        let own = with(None, None).1.and_then(|view| {
            renderer.render(&view, address, &mut paper).ok()?;
            Some(maker.look(&paper, &view, address).0)
        });
        if let (sight, Some(view)) = with(own.as_ref(), None) {
            let told = maker.make(address, (sight, &view, Vec::new()), why, &mut paper, &mut done).err();
            done.failures.extend(told.map(|told| *told));
        }
    }
    // Cards and what was remembered of them are not to be held beside the feeds.
    rayon::join(|| drop(renderer), || drop(views));
    laps.lap("ページ");
    if !done.failures.is_empty() {
        return Err(once_per_place(done.failures));
    }
    let feeds = || -> Result<(), Diagnostic> {
        let outputs = loaded.feeds(since).into_par_iter().flat_map_iter(|job| job());
        outputs.try_for_each(|(path, bytes)| folder.stage(&path, &bytes))
    };
    let calendar = |(path, of): (&String, &CalendarOf)| {
        if let Some(reads) = earlier.calendar(path, || folder.is_whole(path)) {
            folder.leave(path);
            return Ok((path.clone(), reads));
        }
        let (bytes, reads) = reads::watch(|| feeds::calendar(catalog, base, *of));
        folder.stage(path, &bytes)?;
        Ok((path.clone(), prints.numbers(&reads)))
    };
    let calendars = || plan.calendars.par_iter().map(calendar).collect::<Result<Vec<_>, Diagnostic>>();
    let (feeds, calendars) = rayon::join(feeds, calendars);
    let calendars = feeds.and(calendars).map_err(|told| vec![told])?;
    laps.lap("配信とデータ");
    let templates = loaded.dress.templates()?;
    let file = |template: &str| templates.file_of(template);
    let mut told = done.audit.told(file);
    if let (_, Some((page, template))) = done.seen.policy(&catalog.settings, false)
        && loaded.hosting().wanted()
    {
        told.push(Diagnostic::of_file(file(template), Problem::InlineScripts { page: page.clone() }));
    }
    done.why.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Made { told, templates: done.times, seen: done.seen, pages: done.pages, calendars, why: done.why })
}
