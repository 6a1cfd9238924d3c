//! Entries → what belongs together.
//!
//! Links become indices that cannot miss, lists are in the order of readings, every reverse reference
//! is there. `rules` says what is wrong between entries; after it the content is known to be whole.

mod facets;
mod occasions;
mod published;
pub mod reads;
mod rules;
pub mod since;

pub use facets::{Facets, INDEX, Listed, Named};
pub use occasions::{MonthOfEvents, Occasion, What};

pub use reads::{Part, Prints, Reads};
pub use since::Since;

use crate::diagnostic::Diagnostic;
use crate::model::schedule::YearMonth;
use crate::model::{Day, Event, Facility, FiscalYear, Kind, News, Page, Photo, Plan, Product, Report, Vocabulary};
use crate::photos::Photos;
use crate::source::document;
use crate::source::markdown::Body;
use crate::source::{AnyEntry, Entry, Origin, Settings, Sources};
use rayon::prelude::*;
use reads::{Noted, note};
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What the site is built for.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The site's today.
    pub today: Day,
    /// Whether drafts are shown.
    pub drafts: bool,
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    };
}
index!(
    /// A facility's place in the catalog.
    FacilityIx
);
index!(
    /// A product's place in the catalog.
    ProductIx
);
index!(
    /// An event's place in the catalog.
    EventIx
);

/// A product with what it is linked to.
#[derive(Debug)]
pub struct LinkedProduct {
    /// The entry.
    pub entry: Arc<Entry<Product>>,
    /// Its makers that are published, with their own capacity, in the entry's order.
    pub makers: Vec<(FacilityIx, Option<crate::model::Capacity>)>,
    /// Its category's place in the vocabulary.
    pub category: usize,
    /// Events where it is sold, the next first.
    pub events: Vec<EventIx>,
}

/// A facility with what it is linked to.
#[derive(Debug)]
pub struct LinkedFacility {
    /// The entry.
    pub entry: Arc<Entry<Facility>>,
    /// Its area's place in the vocabulary.
    pub area: usize,
    /// What it makes, by reading.
    pub products: Vec<ProductIx>,
    /// What is sold there, by reading.
    pub sells: Vec<ProductIx>,
    /// Events it takes part in, the next first.
    pub events: Vec<EventIx>,
    /// Reports that name it, the newest first.
    pub reports: Vec<usize>,
}

/// An event with what it is linked to.
#[derive(Debug)]
pub struct LinkedEvent {
    /// The entry.
    pub entry: Arc<Entry<Event>>,
    /// When it is.
    pub when: crate::model::Scheduled,
    /// Its certain days with their hours and sessions, and its order periods, in order.
    pub occasions: Vec<Occasion>,
    /// The last day on which it may still take place, if there is one.
    pub until: Option<Day>,
    /// Who takes part, of the event and its sessions, in the entry's order.
    pub facilities: Vec<FacilityIx>,
    /// Who takes part in all of it.
    whole: Vec<FacilityIx>,
    /// Who takes part in each session; empty for those of the whole event.
    sellers: Vec<Vec<FacilityIx>>,
    /// What is sold, in the entry's order.
    pub products: Vec<ProductIx>,
    /// Reports about it.
    pub reports: Vec<usize>,
    /// Whether [`LinkedEvent::until`] lies before today.
    pub over: bool,
}

/// Everything that is published on a day, linked.
#[derive(Debug)]
pub struct Catalog {
    /// The settings.
    pub settings: Settings,
    /// The words.
    pub vocabulary: Vocabulary,
    /// Today, and whether drafts are shown.
    pub moment: Moment,
    /// By reading.
    pub facilities: Noted<Vec<LinkedFacility>>,
    /// By reading.
    pub products: Noted<Vec<LinkedProduct>>,
    /// What is to come first, then what has no day, then what is over, the latest first.
    pub events: Noted<Vec<LinkedEvent>>,
    /// The newest first.
    pub news: Noted<Vec<Arc<Entry<News>>>>,
    /// In the order of the navigation.
    pub pages: Noted<Vec<Arc<Entry<Page>>>>,
    /// The newest year first.
    pub plans: Noted<Vec<Arc<Entry<Plan>>>>,
    /// The newest first.
    pub reports: Noted<Vec<Arc<Entry<Report>>>>,
    /// Products, facilities and works by what one can ask for.
    pub by: Facets,
    /// Events of each kind.
    pub by_kind: Noted<BTreeMap<String, Vec<EventIx>>>,
    /// Events of each month that has something.
    pub by_month: Noted<BTreeMap<YearMonth, MonthOfEvents>>,
    /// Events that are over, by fiscal year, the latest first.
    pub past: Noted<BTreeMap<FiscalYear, Vec<EventIx>>>,
    /// Photos of entries that can be shown in several sizes; the build fills it.
    pub photos: Photos,
    /// How large drawings are, by source path; the build fills it.
    pub drawings: BTreeMap<String, (u32, u32)>,
    /// What is known of files to take home, by source path; the build fills it.
    pub files: BTreeMap<String, document::Facts>,
    /// A fingerprint of the words and of the names of all files: entries were read against them.
    pub against: blake3::Hash,
    /// Entries that exist but could not be read: a link to one of them is not dead.
    pub broken: Vec<(Kind, String)>,
    /// Only ever asked for one id, never walked.
    ids: Ids,
}

/// Is shown an entry: files, photos, texts, origin.
pub type Visit<'a> = dyn FnMut(&BTreeSet<String>, &[Photo], &[&Body], &Origin) + 'a;

impl Catalog {
    /// What every entry has, whatever its kind: the files it names, its photos, its texts, and where it stands.
    pub fn each_entry(&self, visit: &mut Visit<'_>) {
        fn one<T>(entry: &Entry<T>, visit: &mut Visit<'_>) {
            let bodies: Vec<&Body> = std::iter::once(&entry.body).chain(entry.easy.as_deref()).collect();
            visit(&entry.files, &entry.meta.photos, &bodies, &entry.origin);
        }
        self.products.iter().for_each(|linked| one(&linked.entry, visit));
        self.facilities.iter().for_each(|linked| one(&linked.entry, visit));
        self.events.iter().for_each(|linked| one(&linked.entry, visit));
        self.news.iter().for_each(|entry| one(entry, visit));
        self.pages.iter().for_each(|entry| one(entry, visit));
        self.plans.iter().for_each(|entry| one(entry, visit));
        self.reports.iter().for_each(|entry| one(entry, visit));
    }

    /// Leaves photos out, wherever they are named.
    pub fn leave_out(&mut self, out: &dyn Fn(&str) -> bool) {
        fn clear<T: Clone>(entry: &mut Arc<Entry<T>>, out: &dyn Fn(&str) -> bool) {
            if entry.meta.photos.iter().any(|photo| out(&photo.file)) {
                Arc::make_mut(entry).meta.photos.retain(|photo| !out(&photo.file));
            }
        }
        self.products.iter_mut().for_each(|linked| clear(&mut linked.entry, out));
        self.facilities.iter_mut().for_each(|linked| clear(&mut linked.entry, out));
        self.events.iter_mut().for_each(|linked| clear(&mut linked.entry, out));
        self.news.iter_mut().for_each(|entry| clear(entry, out));
        self.pages.iter_mut().for_each(|entry| clear(entry, out));
        self.plans.iter_mut().for_each(|entry| clear(entry, out));
        self.reports.iter_mut().for_each(|entry| clear(entry, out));
    }

    /// The facility at an index. Indices come from the catalog itself, so there is one.
    pub fn facility(&self, ix: FacilityIx) -> &LinkedFacility {
        note(Part::Facility(ix.0));
        &self.facilities.quietly()[ix.0 as usize]
    }

    /// The product at an index.
    pub fn product(&self, ix: ProductIx) -> &LinkedProduct {
        note(Part::Product(ix.0));
        &self.products.quietly()[ix.0 as usize]
    }

    /// The event at an index.
    pub fn event(&self, ix: EventIx) -> &LinkedEvent {
        note(Part::Event(ix.0));
        &self.events.quietly()[ix.0 as usize]
    }

    /// The place of an entry in the list of its kind, if it is published.
    pub fn find(&self, kind: Kind, id: &str) -> Option<u32> {
        let at = self.ids.get(kind, id);
        note(match (kind, at) {
            (Kind::Product, Some(at)) => Part::Product(at),
            (Kind::Facility, Some(at)) => Part::Facility(at),
            (Kind::Event, Some(at)) => Part::Event(at),
            // What is not there may come.
            _ => Part::All(kind),
        });
        at
    }

    /// The name or title of an entry.
    pub fn name_of(&self, kind: Kind, id: &str) -> Option<&str> {
        let at = self.find(kind, id)? as usize;
        Some(match kind {
            Kind::Facility => &self.facilities.quietly().get(at)?.entry.data.name,
            Kind::Product => &self.products.quietly().get(at)?.entry.data.name,
            Kind::Event => &self.events.quietly().get(at)?.entry.data.title,
            Kind::News => &self.news.get(at)?.data.title,
            Kind::Page => &self.pages.get(at)?.data.title,
            Kind::Plan => &self.plans.get(at)?.data.title,
            Kind::Report => &self.reports.get(at)?.data.title,
        })
    }

    /// Products that stand on lists.
    pub fn listed_products(&self) -> impl Iterator<Item = ProductIx> + '_ {
        (0u32..).map(ProductIx).zip(&self.products).filter(|(_, p)| !p.entry.meta.hidden).map(|(ix, _)| ix)
    }

    /// Facilities that stand on lists.
    pub fn listed_facilities(&self) -> impl Iterator<Item = FacilityIx> + '_ {
        (0u32..).map(FacilityIx).zip(&self.facilities).filter(|(_, f)| !f.entry.meta.hidden).map(|(ix, _)| ix)
    }

    /// Events to come that have a day, the next first.
    pub fn coming_events(&self) -> impl Iterator<Item = EventIx> + '_ {
        let today = self.moment.today;
        self.listed_events().filter(move |ix| !self.event(*ix).over && self.event(*ix).next(today).is_some())
    }

    /// Events that may come, but have no day: 調整中, 随時, 年2回.
    pub fn undated_events(&self) -> impl Iterator<Item = EventIx> + '_ {
        let today = self.moment.today;
        self.listed_events().filter(move |ix| !self.event(*ix).over && self.event(*ix).next(today).is_none())
    }

    /// Events that stand on lists.
    pub fn listed_events(&self) -> impl Iterator<Item = EventIx> + '_ {
        (0u32..).map(EventIx).zip(&self.events).filter(|(_, e)| !e.entry.meta.hidden).map(|(ix, _)| ix)
    }
}

/// Only the rules, for a site whose settings cannot be read.
pub fn check(root: &Path, sources: Sources, moment: Moment) -> Vec<Diagnostic> {
    let Sources { vocabulary, entries, broken, mut diagnostics, .. } = sources;
    let problems = rules::check(&Kinds::new(entries), &broken, &vocabulary, moment);
    diagnostics.extend(crate::source::locate_later(root, problems));
    diagnostics
}

/// Everything entries can be wrong about is told. The catalog is made of what could be read even then, so
/// that what is wrong with addresses can be told in the same run; it is fit to be built only without errors.
pub fn link(root: &Path, settings: Settings, sources: Sources, moment: Moment) -> (Catalog, Vec<Diagnostic>) {
    let Sources { vocabulary, entries, broken, mut diagnostics, against } = sources;
    let kinds = Kinds::new(entries);
    let own = kinds.clone();
    let (told, catalog) = rayon::join(
        || crate::source::locate_later(root, rules::check(&own, &broken, &vocabulary, moment)),
        || build(settings, vocabulary.clone(), kinds, broken.clone(), moment, against),
    );
    diagnostics.extend(told);
    (catalog, diagnostics)
}

/// Entries sorted by kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kinds {
    pub facilities: Vec<Arc<Entry<Facility>>>,
    pub products: Vec<Arc<Entry<Product>>>,
    pub events: Vec<Arc<Entry<Event>>>,
    pub news: Vec<Arc<Entry<News>>>,
    pub pages: Vec<Arc<Entry<Page>>>,
    pub plans: Vec<Arc<Entry<Plan>>>,
    pub reports: Vec<Arc<Entry<Report>>>,
}

impl Kinds {
    fn new(entries: Vec<AnyEntry>) -> Self {
        let mut kinds = Kinds::default();
        for entry in entries {
            match entry {
                AnyEntry::Facility(entry) => kinds.facilities.push(entry),
                AnyEntry::Product(entry) => kinds.products.push(entry),
                AnyEntry::Event(entry) => kinds.events.push(entry),
                AnyEntry::News(entry) => kinds.news.push(entry),
                AnyEntry::Page(entry) => kinds.pages.push(entry),
                AnyEntry::Plan(entry) => kinds.plans.push(entry),
                AnyEntry::Report(entry) => kinds.reports.push(entry),
            }
        }
        kinds
    }
}

/// The place of each entry by its id. Only ever asked, never walked.
#[derive(Debug, Default)]
struct Ids(BTreeMap<Kind, HashMap<String, u32>>);

impl Ids {
    /// Of everything but the events, whose places follow from their days.
    fn of(
        facilities: &[Arc<Entry<Facility>>],
        products: &[Arc<Entry<Product>>],
        news: &[Arc<Entry<News>>],
        pages: &[Arc<Entry<Page>>],
        plans: &[Arc<Entry<Plan>>],
        reports: &[Arc<Entry<Report>>],
    ) -> Self {
        let mut ids = Self::default();
        ids.add(Kind::Facility, facilities.iter().map(|entry| entry.id.as_str()));
        ids.add(Kind::Product, products.iter().map(|entry| entry.id.as_str()));
        ids.add(Kind::News, news.iter().map(|entry| entry.id.as_str()));
        ids.add(Kind::Page, pages.iter().map(|entry| entry.id.as_str()));
        ids.add(Kind::Plan, plans.iter().map(|entry| entry.id.as_str()));
        ids.add(Kind::Report, reports.iter().map(|entry| entry.id.as_str()));
        ids
    }

    fn add<'a>(&mut self, kind: Kind, list: impl Iterator<Item = &'a str>) {
        self.0.insert(kind, list.enumerate().map(|(at, id)| (id.to_owned(), index(at))).collect());
    }

    fn get(&self, kind: Kind, id: &str) -> Option<u32> {
        self.0.get(&kind)?.get(id).copied()
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Events with their days: those to come by day, then what has no day by title, then what is over backwards.
fn dated(mut events: Vec<Arc<Entry<Event>>>, moment: Moment) -> Vec<LinkedEvent> {
    for event in &mut events {
        // 「7月17日 10:00～15:00」 says the time as well.
        let time = event.data.time.or(event.data.schedule.as_ref().and_then(crate::model::Scheduled::time));
        if time != event.data.time {
            Arc::make_mut(event).data.time = time;
        }
    }
    let today = moment.today;
    let (first, last) = occasions::horizon(today);
    let mut linked: Vec<LinkedEvent> = events
        .into_iter()
        .map(|entry| {
            let mut when = entry.data.when();
            when.run(first, last);
            let occasions = occasions::of(&entry.data, moment);
            let until = occasions::last_possible(&entry.data, &when, &occasions);
            LinkedEvent {
                over: until.is_some_and(|day| day < today),
                until,
                when,
                occasions,
                products: Vec::new(),
                facilities: Vec::new(),
                whole: Vec::new(),
                sellers: Vec::new(),
                entry,
                reports: Vec::new(),
            }
        })
        .collect();
    linked.sort_by_cached_key(|event| {
        let next = event.next(today).filter(|_| !event.over).map(|occasion| occasion.range.start.max(today));
        let begins = event.next(today).map(|occasion| occasion.range.start);
        let back = event.until.filter(|_| event.over).map(std::cmp::Reverse);
        let month = event.when.months().first().copied();
        (
            event.over,
            next.is_none(),
            next,
            begins,
            back,
            month.is_none(),
            month,
            event.entry.key.clone(),
            event.entry.id.clone(),
        )
    });
    linked
}

fn build(
    settings: Settings,
    vocabulary: Vocabulary,
    kinds: Kinds,
    broken: Vec<(Kind, String)>,
    moment: Moment,
    against: blake3::Hash,
) -> Catalog {
    let Kinds { mut facilities, mut products, events, mut news, mut pages, mut plans, mut reports } =
        published::only(kinds, moment);
    facilities.par_sort_by(|a, b| (&a.key, &a.id).cmp(&(&b.key, &b.id)));
    products.par_sort_by(|a, b| (&a.key, &a.id).cmp(&(&b.key, &b.id)));
    news.sort_by(|a, b| b.data.date.cmp(&a.data.date).then_with(|| a.id.cmp(&b.id)));
    pages.sort_by(|a, b| (a.data.order.unwrap_or(i64::MAX), &a.id).cmp(&(b.data.order.unwrap_or(i64::MAX), &b.id)));
    plans.sort_by(|a, b| b.data.fiscal_year.cmp(&a.data.fiscal_year).then_with(|| a.id.cmp(&b.id)));
    reports.sort_by(|a, b| b.data.date.cmp(&a.data.date).then_with(|| a.id.cmp(&b.id)));
    let (mut linked, mut ids) =
        rayon::join(|| dated(events, moment), || Ids::of(&facilities, &products, &news, &pages, &plans, &reports));
    ids.add(Kind::Event, linked.iter().map(|event| event.entry.id.as_str()));
    let find = |kind: Kind, id: &str| ids.get(kind, id);

    let facilities: Vec<LinkedFacility> = facilities
        .into_iter()
        .map(|entry| LinkedFacility {
            area: vocabulary.area(&entry.data.area).unwrap_or_default(),
            entry,
            products: Vec::new(),
            sells: Vec::new(),
            events: Vec::new(),
            reports: Vec::new(),
        })
        .collect();
    let products: Vec<LinkedProduct> = products
        .into_par_iter()
        .with_min_len(256)
        .map(|entry| LinkedProduct {
            makers: entry
                .data
                .makers
                .iter()
                .filter_map(|maker| Some((FacilityIx(find(Kind::Facility, &maker.facility)?), maker.capacity)))
                .collect(),
            category: vocabulary.category(&entry.data.category).unwrap_or_default(),
            entry,
            events: Vec::new(),
        })
        .collect();
    for event in &mut linked {
        let data = &event.entry.data;
        let those = |ids: &[String]| -> Vec<FacilityIx> {
            ids.iter().filter_map(|id| find(Kind::Facility, id)).map(FacilityIx).collect()
        };
        event.whole = those(&data.facilities);
        event.sellers = data.sessions.iter().map(|session| those(&session.facilities)).collect();
        for ix in event.whole.iter().chain(event.sellers.iter().flatten()) {
            if !event.facilities.contains(ix) {
                event.facilities.push(*ix);
            }
        }
        event.products = data.products.iter().filter_map(|id| find(Kind::Product, id)).map(ProductIx).collect();
    }

    let mut catalog = Catalog {
        by: Facets::empty(&vocabulary),
        by_kind: Noted::new(&[Kind::Event], BTreeMap::new()),
        by_month: Noted::new(&[Kind::Event], BTreeMap::new()),
        past: Noted::new(&[Kind::Event], BTreeMap::new()),
        settings,
        vocabulary,
        moment,
        facilities: Noted::new(&[Kind::Facility], facilities),
        products: Noted::new(&[Kind::Product], products),
        events: Noted::new(&[Kind::Event], linked),
        news: Noted::new(&[Kind::News], news),
        pages: Noted::new(&[Kind::Page], pages),
        plans: Noted::new(&[Kind::Plan], plans),
        reports: Noted::new(&[Kind::Report], reports),
        against,
        photos: Photos::default(),
        drawings: BTreeMap::new(),
        files: BTreeMap::new(),
        broken,
        ids,
    };
    catalog.reverse();
    catalog.by = Facets::new(&catalog);
    catalog.sort_events();
    catalog
}

impl Catalog {
    /// What points to whom, the other way round. The outer loops are in list order, so the lists are too.
    fn reverse(&mut self) {
        for (at, product) in self.products.iter().enumerate() {
            let ix = ProductIx(index(at));
            if product.entry.meta.hidden {
                continue;
            }
            for (maker, _) in &product.makers {
                if let Some(facility) = self.facilities.get_mut(maker.0 as usize) {
                    facility.products.push(ix);
                }
            }
            for place in &product.entry.data.sold_at {
                let seller = self.ids.get(Kind::Facility, place);
                if let Some(facility) = seller.and_then(|at| self.facilities.get_mut(at as usize)) {
                    facility.sells.push(ix);
                }
            }
        }
        for (at, event) in self.events.iter().enumerate() {
            let ix = EventIx(index(at));
            if event.entry.meta.hidden {
                continue;
            }
            for facility in &event.facilities {
                if let Some(facility) = self.facilities.get_mut(facility.0 as usize) {
                    facility.events.push(ix);
                }
            }
            for product in &event.products {
                if let Some(product) = self.products.get_mut(product.0 as usize) {
                    product.events.push(ix);
                }
            }
        }
        for (at, report) in self.reports.iter().enumerate() {
            let about = report.data.event.as_ref().and_then(|id| self.ids.get(Kind::Event, id));
            if let Some(event) = about.and_then(|at| self.events.get_mut(at as usize)) {
                event.reports.push(at);
            }
            for id in &report.data.attendees {
                let there = self.ids.get(Kind::Facility, id);
                if let Some(facility) = there.and_then(|at| self.facilities.get_mut(at as usize)) {
                    facility.reports.push(at);
                }
            }
        }
    }

    fn sort_events(&mut self) {
        for ix in self.listed_events().collect::<Vec<_>>() {
            let event = self.event(ix);
            let (kind, over) = (event.entry.data.kind.clone(), event.over);
            let year = event.fiscal_year();
            self.by_kind.entry(kind).or_default().push(ix);
            if let Some(year) = year.filter(|_| over) {
                self.past.entry(year).or_default().push(ix);
            }
        }
        *self.by_month = occasions::by_month(self);
    }
}
