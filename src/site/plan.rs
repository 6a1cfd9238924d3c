//! The list of all pages, checked before anything is rendered: no address twice, no link to nowhere.

use super::route::{ACCESSIBILITY, Route, file_of};
use crate::catalog::{Catalog, EventIx, FacilityIx, ProductIx};
use crate::diagnostic::{Diagnostic, Problem, nearest};
use crate::model::Kind;
use crate::photos::{Use, is_photo};
use crate::source::assets::published_path;
use crate::source::markdown::{Body, Target};
use crate::source::{At, locate_later};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Items on one page of a list.
pub const PER_PAGE: usize = 24;

/// Rows of a month's list on one page; they are short.
pub(super) const ROWS_OF_MONTH: usize = 100;

/// Names on one page of the index of readings; they are one line each.
pub(super) const NAMES_OF_ROW: usize = 200;

/// How many facilities the table of a kind has on one page.
pub(super) const SUPPLIERS: usize = 100;

/// A booklet of more products than this has a page of its own for each category.
pub(super) const PRODUCTS_OF_BOOKLET: usize = 600;

/// What is going to be made.
#[derive(Debug)]
pub struct SitePlan {
    /// Every page.
    pub routes: Vec<Route>,
    addresses: Addresses,
    /// Calendar files: output path, what is in them.
    pub calendars: BTreeMap<String, CalendarOf>,
    /// Files to publish: output path, source path.
    pub assets: BTreeMap<String, String>,
    /// Photos that are shown, and what for.
    pub photos: BTreeMap<String, BTreeSet<Use>>,
    /// Where each photo or file is named first, for what is wrong with it.
    pub places: BTreeMap<String, (String, At)>,
}

impl SitePlan {
    /// Every page with its address.
    pub fn pages(&self) -> impl Iterator<Item = (&Route, &Arc<str>)> {
        self.routes.iter().zip(&self.addresses.all)
    }

    /// The page at an address.
    pub fn page(&self, address: &str) -> Option<&Route> {
        self.routes.get(self.addresses.find(address)?)
    }
}

/// Addresses of pages.
#[derive(Debug)]
struct Addresses {
    /// Side by side with the pages.
    all: Vec<Arc<str>>,
    /// Places of pages in the order of their addresses, each address once.
    order: Vec<u32>,
}

impl Addresses {
    fn at(&self, place: u32) -> &str {
        self.all.get(place as usize).map_or("", |address| address)
    }

    /// Each once, ascending.
    fn ascending(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|place| self.at(*place))
    }

    /// The place of the page at an address.
    fn find(&self, address: &str) -> Option<usize> {
        let at = self.order.binary_search_by(|place| self.at(*place).cmp(address)).ok()?;
        self.order.get(at).map(|place| *place as usize)
    }
}

/// What a calendar file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarOf {
    /// Every listed event.
    All,
    /// The events of a kind, by its place in the vocabulary.
    Kind(usize),
    /// What a facility takes part in.
    Facility(FacilityIx),
    /// One event.
    Event(EventIx),
}

/// Where words have their pictures.
const VOCABULARY: &str = "content/vocabulary.yaml";

/// Folders of generated and published files, where no page may lie.
const RESERVED: [&str; 4] = ["assets", "data", "og", "static"];

/// Names of generated files that are no pages.
pub(crate) const FEEDS: [&str; 10] = [
    "feed.xml",
    "opensearch.xml",
    "sitemap.xml",
    "robots.txt",
    "data/products.json",
    "data/products.csv",
    "data/facilities.json",
    "data/facilities.csv",
    "data/events.json",
    "data/events.csv",
];

fn pages(items: usize) -> impl Iterator<Item = usize> {
    1..=items.div_ceil(PER_PAGE).max(1)
}

/// Whether the site has written its own policy on accessibility.
pub(super) fn has_policy(catalog: &Catalog) -> bool {
    catalog.find(Kind::Page, ACCESSIBILITY.trim_matches('/')).is_some()
}

/// Decides which pages exist.
pub fn plan(root: &Path, catalog: &Catalog) -> (SitePlan, Vec<Diagnostic>) {
    let routes = routes(catalog);
    let mut diagnostics = Vec::new();
    let all = routes.par_iter().with_max_len(512).map(|route| route.address(catalog).into()).collect();
    let mut addresses = Addresses { all, order: Vec::new() };
    let mut order: Vec<u32> = (0..routes.len() as u32).collect();
    order.par_sort_by_key(|place| addresses.at(*place));
    order.dedup_by(|place, first| {
        let (address, route) = (addresses.at(*place), |place: u32| routes.get(place as usize));
        let taken = address == addresses.at(*first);
        if let (true, Some(route), Some(first)) = (taken, route(*place), route(*first)) {
            diagnostics.extend(address_twice(catalog, route, first, address));
        }
        taken
    });
    addresses.order = order;
    for page in catalog.pages.iter().filter(|page| RESERVED.contains(&page.id.as_str())) {
        let (address, other) = (format!("/{}/", page.id), "heartnet".to_owned());
        diagnostics.push(Diagnostic::of_file(page.origin.file.clone(), Problem::AddressTwice { address, other }));
    }
    let calendars = calendars(catalog);
    let mut assets = BTreeMap::new();
    let mut wanted = Shown::default();
    for source in catalog.vocabulary.images() {
        match is_photo(source) {
            true => wanted.add(source, [Use::CARD, Use::Page], (VOCABULARY.to_owned(), At::File)),
            false => {
                assets.insert(published_path(source), source.clone());
                wanted.place(source, (VOCABULARY.to_owned(), At::File));
            }
        }
    }
    let mut found = Vec::new();
    catalog.each_entry(&mut |files, photos, bodies, origin| {
        let file = origin.file.as_str();
        for source in files {
            assets.insert(published_path(source), source.clone());
            wanted.place(source, (file.to_owned(), At::File));
        }
        for (at, photo) in photos.iter().enumerate() {
            let place = At::Value(origin.path(&["photos", &at.to_string(), "file"]));
            if !is_photo(&photo.file) {
                assets.insert(published_path(&photo.file), photo.file.clone());
                wanted.place(&photo.file, (file.to_owned(), place));
                continue;
            }
            // The first one stands on cards.
            let card = (at == 0).then(|| Use::card_of(photo));
            wanted.add(&photo.file, card.into_iter().chain([Use::Page]), (file.to_owned(), place));
        }
        for body in bodies {
            for link in &body.links {
                if let Target::Photo(source) = &link.target {
                    wanted.add(source, [Use::Page], (file.to_owned(), link.at.clone()));
                }
            }
            dead_links(body, file, &addresses, &calendars, catalog, &mut found);
        }
    });
    diagnostics.extend(locate_later(root, found));
    let Shown { uses: photos, places } = wanted;
    (SitePlan { routes, addresses, calendars, assets, photos, places }, diagnostics)
}

/// That a page has the address of an earlier one. Two entries of one kind with one id have been told as such.
fn address_twice(catalog: &Catalog, route: &Route, first: &Route, address: &str) -> Option<Diagnostic> {
    let same_kind = std::mem::discriminant(first) == std::mem::discriminant(route);
    if same_kind && !matches!(route, Route::Plan(_)) {
        return None;
    }
    // The one that an editor can change is the place; the other one is named.
    let (file, other) = match route.source(catalog) {
        own if own.starts_with("content/") => (own, first.source(catalog)),
        own => (first.source(catalog), own),
    };
    Some(Diagnostic::of_file(file, Problem::AddressTwice { address: address.to_owned(), other }))
}

fn routes(catalog: &Catalog) -> Vec<Route> {
    let mut routes = vec![Route::Home];
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let listed = |hidden: bool| usize::from(!hidden);
    let products: usize = catalog.products.iter().map(|p| listed(p.entry.meta.hidden)).sum();
    let facilities: usize = catalog.facilities.iter().map(|f| listed(f.entry.meta.hidden)).sum();
    let events = catalog.coming_events().count();
    let news = catalog.news.iter().map(|e| listed(e.meta.hidden)).sum();
    let reports = catalog.reports.iter().map(|e| listed(e.meta.hidden)).sum();

    routes.extend(pages(products).map(|page| Route::Products { page }));
    routes.extend((0..catalog.products.len()).map(|at| Route::Product(ProductIx(index(at)))));
    let by = &catalog.by;
    for (at, list) in by.category.iter().enumerate() {
        routes.extend(pages(list.len()).map(|page| Route::Category { at, page }));
    }
    for (at, list) in by.products_of_area.iter().enumerate() {
        routes.extend(pages(list.len()).map(|page| Route::AreaProducts { at, page }));
    }
    for (at, list) in by.price.iter().enumerate() {
        routes.extend(pages(list.len()).map(|page| Route::PriceBand { at, page }));
    }
    routes.extend([Route::Works, Route::Classes, Route::Kana, Route::Booklet]);
    for (at, list) in by.class.iter().enumerate() {
        routes.extend(pages(list.len()).map(|page| Route::Class { at, page }));
    }
    for (at, list) in by.facility_kind.iter().enumerate().filter(|(_, list)| !list.is_empty()) {
        routes.extend((1..=list.len().div_ceil(SUPPLIERS)).map(|page| Route::Suppliers { at, page }));
    }
    for (at, list) in by.kana.iter().enumerate() {
        routes.extend((1..=list.len().div_ceil(NAMES_OF_ROW).max(1)).map(|page| Route::KanaRow { at, page }));
    }
    if products > PRODUCTS_OF_BOOKLET {
        let tops = catalog.vocabulary.categories.iter().enumerate().filter(|(_, category)| category.parent.is_none());
        let filled = tops.filter(|(at, _)| by.category.get(*at).is_some_and(|list| !list.is_empty()));
        routes.extend(filled.map(|(at, _)| Route::BookletPart(at)));
    }
    routes.extend(pages(facilities).map(|page| Route::Facilities { page }));
    routes.extend((0..catalog.facilities.len()).map(|at| Route::Facility(FacilityIx(index(at)))));
    for (at, list) in by.area.iter().enumerate() {
        routes.extend(pages(list.len()).map(|page| Route::Area { at, page }));
    }
    routes.extend(pages(events).map(|page| Route::Events { page }));
    routes.extend((0..catalog.events.len()).map(|at| Route::Event(EventIx(index(at)))));
    for (at, kind) in catalog.vocabulary.event_kinds.iter().enumerate() {
        let count = catalog.by_kind.get(&kind.id).map_or(0, Vec::len);
        routes.extend(pages(count).map(|page| Route::EventKind { at, page }));
    }
    for (month, of) in &catalog.by_month {
        let rows = of.rows.len().div_ceil(ROWS_OF_MONTH).max(1);
        routes.extend((1..=rows).map(|page| Route::EventMonth { month: *month, page }));
    }
    routes.extend(pages(catalog.undated_events().count()).map(|page| Route::EventsUndated { page }));
    for (year, list) in &catalog.past {
        routes.extend(pages(list.len()).map(|page| Route::EventsPast { year: *year, page }));
    }
    routes.push(Route::Plans);
    routes.extend((0..catalog.plans.len()).map(Route::Plan));
    routes.extend(pages(news).map(|page| Route::NewsList { page }));
    routes.extend((0..catalog.news.len()).map(Route::News));
    routes.extend(pages(reports).map(|page| Route::Reports { page }));
    routes.extend((0..catalog.reports.len()).map(Route::Report));
    // Pages come after the program's own, so that a page named `products` is the one that is told.
    routes.extend([Route::Search, Route::Order, Route::NotFound]);
    if !has_policy(catalog) {
        routes.push(Route::Access);
    }
    routes.extend((0..catalog.pages.len()).map(Route::Page));
    routes
}

/// The calendar file of an event, a facility or a kind lies below its page.
pub(crate) fn calendar_file(catalog: &Catalog, of: CalendarOf) -> String {
    match of {
        CalendarOf::All => "events.ics".to_owned(),
        CalendarOf::Kind(at) => {
            let kind = catalog.vocabulary.event_kinds.get(at).map_or("", |kind| kind.id.as_str());
            format!("events/kind/{kind}/events.ics")
        }
        CalendarOf::Facility(ix) => format!("facilities/{}/events.ics", catalog.facility(ix).entry.id),
        CalendarOf::Event(ix) => format!("events/{}/event.ics", catalog.event(ix).entry.id),
    }
}

/// Those that one can subscribe to are there even when they are empty: an address stays. A single event
/// without a certain day has none.
fn calendars(catalog: &Catalog) -> BTreeMap<String, CalendarOf> {
    let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let kinds = (0..catalog.vocabulary.event_kinds.len()).map(CalendarOf::Kind);
    let dated = |ix: &EventIx| !catalog.event(*ix).in_calendars().is_empty();
    let facilities = (0..catalog.facilities.len()).map(|at| CalendarOf::Facility(FacilityIx(index(at))));
    let events = (0..catalog.events.len()).map(|at| EventIx(index(at))).filter(dated).map(CalendarOf::Event);
    let all = std::iter::once(CalendarOf::All).chain(kinds).chain(facilities).chain(events);
    all.map(|of| (calendar_file(catalog, of), of)).collect()
}

/// Photos that are shown.
#[derive(Default)]
struct Shown {
    uses: BTreeMap<String, BTreeSet<Use>>,
    places: BTreeMap<String, (String, At)>,
}

impl Shown {
    fn add(&mut self, source: &str, uses: impl IntoIterator<Item = Use>, place: (String, At)) {
        self.uses.entry(source.to_owned()).or_default().extend(uses);
        self.place(source, place);
    }

    fn place(&mut self, source: &str, place: (String, At)) {
        self.places.entry(source.to_owned()).or_insert(place);
    }
}

/// Links of a text to an address of this site that does not exist.
fn dead_links(
    body: &Body,
    file: &str,
    addresses: &Addresses,
    calendars: &BTreeMap<String, CalendarOf>,
    catalog: &Catalog,
    found: &mut Vec<(String, At, Problem)>,
) {
    let is_page = |address: &str| addresses.find(address).is_some();
    for link in &body.links {
        let Target::Local(target) = &link.target else { continue };
        let path = target.split(['#', '?']).next().unwrap_or_default();
        let file_path = path.trim_start_matches('/');
        let exists = is_page(path) || FEEDS.contains(&file_path) || calendars.contains_key(file_path);
        let unread = || {
            let mut broken = catalog.broken.iter();
            broken.any(|(kind, id)| {
                crate::site::entry_address(*kind, id).trim_end_matches('/') == path.trim_end_matches('/')
            })
        };
        if exists || unread() {
            continue;
        }
        let slashed = format!("{path}/");
        let near = if is_page(&slashed) {
            Some(slashed)
        } else {
            nearest(path, addresses.all.iter().map(|address| &**address)).map(str::to_owned)
        };
        found.push((file.to_owned(), link.at.clone(), Problem::DeadLink { target: target.clone(), near }));
    }
}

/// The file of every page and feed, for the build.
pub fn planned_files(plan: &SitePlan) -> Vec<String> {
    // Nearly in order, which whoever sorts them is glad of.
    let pages = plan.addresses.ascending().map(file_of);
    let feeds = FEEDS.into_iter().map(str::to_owned);
    pages.chain(feeds).chain(plan.calendars.keys().cloned()).collect()
}
