//! What of a catalog something was made of, noted while it is made.
//!
//! Every way into the catalog notes what it gives away: a single entry with its links, or all of a kind where somebody
//! looks through the whole list. What was made of parts that are all as they were need not be made again. Nobody has
//! to declare what a page depends on, so nobody can forget it; what is not noted here (settings, words, the day, photos)
//! counts as changed for everything when it changes.

use super::{Catalog, EventIx, FacilityIx, LinkedEvent, LinkedFacility, LinkedProduct, Moment, Named, ProductIx};
use crate::model::Kind;
use crate::source::Entry;
use rayon::prelude::*;
use rustc_hash::FxHashMap as HashMap;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Something of a catalog that can be read. Numbers are places in its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A product with its links.
    Product(u32),
    /// A facility with its links.
    Facility(u32),
    /// An event with its links.
    Event(u32),
    /// The beginning of a category's list.
    Head(u32),
    /// One of the lists of [`super::Facets`]: which, and its place.
    List(u8, u32),
    /// What the pages of lists share.
    Shared,
    /// Everything of a kind, and every list of it.
    All(Kind),
}

/// What something was made of, each part once.
pub type Reads = Vec<Part>;

thread_local! {
    static LOG: RefCell<Option<Reads>> = const { RefCell::new(None) };
}

/// Somebody reads a part.
pub(super) fn note(part: Part) {
    LOG.with_borrow_mut(|log| {
        if let Some(log) = log.as_mut().filter(|log| log.last() != Some(&part)) {
            log.push(part);
        }
    });
}

/// Makes something that is a part by itself: whoever uses it has read that part.
pub fn apart<T>(make: impl FnOnce() -> T) -> T {
    let outer = LOG.replace(None);
    let made = make();
    LOG.replace(outer);
    made
}

/// Somebody reads what the pages of lists share.
pub fn note_shared() {
    note(Part::Shared);
}

/// Whoever uses what was made earlier reads what it was made of.
pub fn again(reads: &[Part]) {
    LOG.with_borrow_mut(|log| {
        if let Some(log) = log {
            log.extend_from_slice(reads);
        }
    });
}

/// Makes something and says of what. It is made on this thread alone: what others read for it would not be noted.
pub fn watch<T>(make: impl FnOnce() -> T) -> (T, Reads) {
    let outer = LOG.replace(Some(Reads::new()));
    let made = make();
    let mut reads = LOG.replace(outer).unwrap_or_default();
    reads.sort_unstable();
    reads.dedup();
    // Whoever has read all of a kind has read each of it.
    let all = |kind: Kind| reads.binary_search(&Part::All(kind)).is_ok();
    let [products, facilities, events] = [Kind::Product, Kind::Facility, Kind::Event].map(all);
    reads.retain(|part| match part {
        Part::Product(_) | Part::Head(_) => !products,
        Part::Facility(_) => !facilities,
        Part::Event(_) => !events,
        Part::List(..) => !(products && facilities),
        Part::All(_) | Part::Shared => true,
    });
    again(&reads);
    (made, reads)
}

/// A list of the catalog: whoever looks into it has read all of its kinds.
#[derive(Debug)]
pub struct Noted<T> {
    kinds: &'static [Kind],
    inner: T,
}

impl<T> Noted<T> {
    pub(super) fn new(kinds: &'static [Kind], inner: T) -> Self {
        Self { kinds, inner }
    }

    /// Without a note: for whoever notes more exactly what was read.
    pub(super) fn quietly(&self) -> &T {
        &self.inner
    }
}

impl<T> Deref for Noted<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.kinds.iter().for_each(|kind| note(Part::All(*kind)));
        &self.inner
    }
}

/// Only the catalog itself changes its lists, while it is made.
impl<T> DerefMut for Noted<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<'a, T> IntoIterator for &'a Noted<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;
    fn into_iter(self) -> Self::IntoIter {
        (**self).into_iter()
    }
}

/// A fingerprint of every part of a catalog, by a name that stays from build to build.
#[derive(Debug, Default)]
pub struct Prints {
    /// Name and fingerprint, by the number of the part.
    pub table: Vec<(u64, u64)>,
    /// Only ever asked, never walked.
    numbers: HashMap<(u64, u64), u32>,
    facilities: u32,
    events: u32,
    heads: u32,
    kinds: u32,
    /// Where the lists of each facet begin, and behind them what is shared.
    lists: Vec<u32>,
}

/// How far into the list of a category somebody looks who wants a few.
const HEAD: usize = 60;

/// Hashes what it is given, with the ends.
#[derive(Default)]
struct Print(Xxh3);

impl Print {
    fn with(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    fn number(mut self, number: u64) -> Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    fn all(self, numbers: impl IntoIterator<Item = u64>) -> Self {
        let list: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
        self.with(&list)
    }

    fn end(self) -> u64 {
        self.0.digest()
    }
}

fn of_entry<T>(entry: &Entry<T>) -> Print {
    // The file says all but the photos that were left out since.
    let photos = entry.meta.photos.iter().map(|photo| xxh3_64(photo.file.as_bytes()));
    Print::default().number(entry.origin.print).with(entry.id.as_bytes()).all(photos)
}

fn name(kind: Kind, id: &str) -> u64 {
    Print::default().with(kind.word().as_bytes()).with(id.as_bytes()).end()
}

impl Prints {
    /// Of everything.
    pub fn new(catalog: &Catalog) -> Self {
        let products = catalog.products.quietly();
        let facilities = catalog.facilities.quietly();
        let events = catalog.events.quietly();
        let ids = |kind: Kind, all: Vec<&str>| all.into_iter().map(|id| name(kind, id)).collect::<Vec<u64>>();
        let product_names = ids(Kind::Product, products.iter().map(|of| of.entry.id.as_str()).collect());
        let facility_names = ids(Kind::Facility, facilities.iter().map(|of| of.entry.id.as_str()).collect());
        let event_names = ids(Kind::Event, events.iter().map(|of| of.entry.id.as_str()).collect());
        let report_names = ids(Kind::Report, catalog.reports.quietly().iter().map(|of| of.id.as_str()).collect());
        let at = |names: &[u64], at: u32| names.get(at as usize).copied().unwrap_or_default();
        let products_of = |all: &[ProductIx]| all.iter().map(|ix| at(&product_names, ix.0)).collect::<Vec<_>>();
        let facilities_of = |all: &[FacilityIx]| all.iter().map(|ix| at(&facility_names, ix.0)).collect::<Vec<_>>();
        let events_of = |all: &[EventIx]| all.iter().map(|ix| at(&event_names, ix.0)).collect::<Vec<_>>();
        let reports = |all: &[usize]| all.iter().filter_map(|at| report_names.get(*at).copied()).collect::<Vec<_>>();
        let product = |of: &LinkedProduct| {
            let makers = of.makers.iter().map(|(ix, _)| at(&facility_names, ix.0));
            of_entry(&of.entry).all(makers).all(events_of(&of.events)).end()
        };
        let facility = |of: &LinkedFacility| {
            of_entry(&of.entry)
                .all(products_of(&of.products))
                .all(products_of(&of.sells))
                .all(events_of(&of.events))
                .all(reports(&of.reports))
                .end()
        };
        let event = |of: &LinkedEvent| {
            of_entry(&of.entry)
                .all(facilities_of(&of.facilities))
                .all(products_of(&of.products))
                .all(reports(&of.reports))
                .end()
        };
        let product_prints: Vec<u64> = products.par_iter().with_min_len(256).map(product).collect();
        let head = |list: &Vec<ProductIx>| {
            let of = |ix: &ProductIx| {
                let head = catalog.head_of(*ix);
                let maker = head.maker.map_or(0, |maker| at(&facility_names, maker.0));
                [at(&product_names, ix.0), maker, u64::from(head.open)]
            };
            Print::default().all(list.iter().take(HEAD).flat_map(of)).end()
        };
        let categories = &catalog.vocabulary.categories;
        let heads = categories.iter().zip(catalog.by.category.quietly());
        let heads: Vec<(u64, u64)> = heads
            .map(|(category, list)| {
                (Print::default().with(b"head").with(category.word.id.as_bytes()).end(), head(list))
            })
            .collect();
        let facility_prints: Vec<u64> = facilities.iter().map(facility).collect();
        let event_prints: Vec<u64> = events.iter().map(event).collect();
        let plain = |kind: Kind| -> Vec<u64> {
            fn of<T>(all: &[std::sync::Arc<Entry<T>>]) -> Vec<u64> {
                all.iter().map(|entry| of_entry(entry).end()).collect()
            }
            match kind {
                Kind::Product => product_prints.clone(),
                Kind::Facility => facility_prints.clone(),
                Kind::Event => event_prints.clone(),
                Kind::News => of(catalog.news.quietly()),
                Kind::Page => of(catalog.pages.quietly()),
                Kind::Plan => of(catalog.plans.quietly()),
                Kind::Report => of(catalog.reports.quietly()),
            }
        };
        let kinds = Kind::ALL.map(|kind| (name(kind, ""), Print::default().all(plain(kind)).end()));
        let (facilities, events) = (products.len() as u32, (products.len() + facilities.len()) as u32);
        let heads_from = events + event_prints.len() as u32;
        let kinds_from = heads_from + heads.len() as u32;
        let mut lists_from = vec![kinds_from + kinds.len() as u32];
        let mut lists: Vec<(u64, u64)> = Vec::new();
        let mut add = |of: Vec<Vec<u64>>| {
            let which = lists_from.len() as u64;
            lists_from.push(lists_from.last().copied().unwrap_or_default() + of.len() as u32);
            lists.extend(of.into_iter().enumerate().map(|(at, names)| {
                let name = Print::default().with(b"list").number(which).number(at as u64).end();
                (name, Print::default().all(names).end())
            }));
        };
        let named = |named: &Named| match named {
            Named::Product(ix) => at(&product_names, ix.0),
            Named::Facility(ix) => at(&facility_names, ix.0),
        };
        let by = &catalog.by;
        add(by.category.quietly().iter().map(|list| products_of(list)).collect());
        add(by.workers.quietly().iter().map(|list| facilities_of(list)).collect());
        add(by.area.quietly().iter().map(|list| facilities_of(list)).collect());
        add(by.products_of_area.quietly().iter().map(|list| products_of(list)).collect());
        add(by.class.quietly().iter().map(|list| products_of(list)).collect());
        add(by.suppliers.quietly().iter().map(|list| facilities_of(list)).collect());
        add(by.facility_kind.quietly().iter().map(|list| facilities_of(list)).collect());
        add(by.price.quietly().iter().map(|list| products_of(list)).collect());
        add(by.kana.quietly().iter().map(|list| list.iter().map(named).collect()).collect());
        let shared = (Print::default().with(b"shared").end(), 0);
        let table = product_names.into_iter().zip(product_prints);
        let table = table.chain(facility_names.into_iter().zip(facility_prints));
        let table = table
            .chain(event_names.into_iter().zip(event_prints))
            .chain(heads)
            .chain(kinds)
            .chain(lists)
            .chain([shared]);
        let table: Vec<(u64, u64)> = table.collect();
        let numbers = table.iter().copied().zip(0..).collect();
        Self { table, numbers, facilities, events, heads: heads_from, kinds: kinds_from, lists: lists_from }
    }

    /// Says what the pages of lists share, which is made of the catalog before any page.
    pub fn share(&mut self, print: u64) {
        if let Some(shared) = self.table.last_mut() {
            self.numbers.remove(shared);
            shared.1 = print;
            self.numbers.insert(*shared, self.table.len() as u32 - 1);
        }
    }

    /// The numbers of parts.
    pub fn numbers(&self, reads: &[Part]) -> Vec<u32> {
        let number = |part: &Part| match *part {
            Part::Product(at) => at,
            Part::Facility(at) => self.facilities + at,
            Part::Event(at) => self.events + at,
            Part::Head(at) => self.heads + at,
            Part::List(which, at) => self.lists.get(usize::from(which)).map_or(0, |from| from + at),
            Part::Shared => self.table.len() as u32 - 1,
            Part::All(kind) => {
                self.kinds + Kind::ALL.iter().position(|known| *known == kind).unwrap_or_default() as u32
            }
        };
        reads.iter().map(number).collect()
    }

    /// The entry that a part is, as a text names it: `product:akagi-cookie`.
    pub fn entry(&self, number: u32, catalog: &Catalog) -> Option<String> {
        let at = |from: u32| number.checked_sub(from).map(|at| at as usize);
        let (kind, id) = match number {
            number if number < self.facilities => (Kind::Product, &catalog.products.quietly().get(at(0)?)?.entry.id),
            number if number < self.events => {
                (Kind::Facility, &catalog.facilities.quietly().get(at(self.facilities)?)?.entry.id)
            }
            number if number < self.heads => (Kind::Event, &catalog.events.quietly().get(at(self.events)?)?.entry.id),
            _ => return None,
        };
        Some(format!("{}:{id}", kind.word()))
    }

    /// Names and fingerprints of parts.
    pub fn names(&self, reads: &[Part]) -> Vec<(u64, u64)> {
        self.numbers(reads).into_iter().filter_map(|at| self.table.get(at as usize).copied()).collect()
    }

    /// Whether parts are all as they were.
    pub fn has(&self, parts: &[(u64, u64)]) -> bool {
        parts.iter().all(|part| self.numbers.contains_key(part))
    }

    /// Where the parts of an earlier catalog are in this one, by their numbers there; nothing for those that are gone or
    /// not as they were.
    pub fn same_as(&self, earlier: &[(u64, u64)]) -> Vec<Option<u32>> {
        earlier.iter().map(|part| self.numbers.get(part).copied()).collect()
    }
}

/// What is looked at of a product to choose a few of a category.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Whether it can be ordered.
    pub open: bool,
    /// Its first maker.
    pub maker: Option<FacilityIx>,
}

impl Catalog {
    fn head_of(&self, ix: ProductIx) -> Head {
        let product = &self.products.quietly()[ix.0 as usize];
        let maker = product.makers.first().map(|(ix, _)| *ix);
        Head { open: product.entry.data.status.can_be_ordered(), maker }
    }

    /// The first products of a category, as far as it takes to choose a few of them.
    pub fn first_of(&self, category: usize) -> impl Iterator<Item = (ProductIx, Head)> + '_ {
        note(Part::Head(category as u32));
        let list = self.by.category.quietly().get(category).into_iter().flatten();
        list.take(HEAD).map(|ix| (*ix, self.head_of(*ix)))
    }

    /// A fingerprint of what is not noted when it is read.
    pub fn around(&self) -> u128 {
        let Moment { today, drafts } = self.moment;
        let text = format!(
            "{:?} {} {today} {drafts} {:?} {:?} {:?}",
            self.settings, self.against, self.photos, self.drawings, self.files
        );
        xxhash_rust::xxh3::xxh3_128(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_within_is_read_without() {
        let ((), outer) = watch(|| {
            note(Part::Product(2));
            let ((), inner) = watch(|| {
                note(Part::Event(1));
                note(Part::Event(1));
            });
            assert_eq!(inner, [Part::Event(1)]);
            note(Part::Product(1));
        });
        assert_eq!(outer, [Part::Product(1), Part::Product(2), Part::Event(1)]);
        note(Part::Product(3));
        assert_eq!(watch(|| ()).1, []);
        let all = watch(|| [Part::Product(3), Part::All(Kind::Product), Part::Event(1)].map(note)).1;
        assert_eq!(all, [Part::Event(1), Part::All(Kind::Product)]);
    }
}
