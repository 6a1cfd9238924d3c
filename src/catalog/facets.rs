//! Products and facilities by what one can ask for: category, task, area, official class, price, reading.
//!
//! Every list is in the order of readings, and holds only what stands on lists.

use super::reads::note;
use super::{Catalog, FacilityIx, Part, ProductIx};
use crate::model::text::index_row;
use crate::model::vocabulary::Category;
use crate::model::{Kind, Vocabulary};
use rayon::prelude::*;
use std::ops::{Deref, DerefMut};

/// The lists. Places are those of the vocabulary's own lists.
#[derive(Debug)]
pub struct Facets {
    /// Products of each category, those of its children included.
    pub category: Listed<ProductIx>,
    /// Facilities that take on the work of each category, those of its children included.
    pub workers: Listed<FacilityIx>,
    /// Facilities of each area, those of its municipalities included.
    pub area: Listed<FacilityIx>,
    /// What is made in each area, that of its municipalities included.
    pub products_of_area: Listed<ProductIx>,
    /// Products of each official class of 優先調達.
    pub class: Listed<ProductIx>,
    /// Facilities that sell something of each official class, or take on its work.
    pub suppliers: Listed<FacilityIx>,
    /// Facilities by kind (就労継続支援B型).
    pub facility_kind: Listed<FacilityIx>,
    /// Products of each price band; behind the bands those without a price.
    pub price: Listed<ProductIx>,
    /// Everything with a name, by the first sound of its reading, in the order of [`INDEX`].
    pub kana: Listed<Named>,
}

/// Lists of one kind, a place each. Whoever asks for one list has read that one only.
#[derive(Debug)]
pub struct Listed<T> {
    /// Its place among the fields of [`Facets`].
    which: u8,
    lists: Vec<Vec<T>>,
}

impl<T: Clone> Listed<T> {
    fn new(which: u8, count: usize) -> Self {
        Self { which, lists: vec![Vec::new(); count] }
    }
}

impl<T> Listed<T> {
    /// One of the lists.
    pub fn get(&self, at: usize) -> Option<&Vec<T>> {
        note(Part::List(self.which, at as u32));
        self.lists.get(at)
    }

    /// How many one of the lists has.
    pub fn length(&self, at: usize) -> usize {
        self.get(at).map_or(0, Vec::len)
    }

    /// Without a note: for whoever notes more exactly what was read.
    pub(super) fn quietly(&self) -> &[Vec<T>] {
        &self.lists
    }
}

impl<T> Deref for Listed<T> {
    type Target = Vec<Vec<T>>;
    fn deref(&self) -> &Vec<Vec<T>> {
        note(Part::All(Kind::Product));
        note(Part::All(Kind::Facility));
        &self.lists
    }
}

/// Only while they are made.
impl<T> DerefMut for Listed<T> {
    fn deref_mut(&mut self) -> &mut Vec<Vec<T>> {
        &mut self.lists
    }
}

/// What the index of readings lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// A product or a work.
    Product(ProductIx),
    /// A facility.
    Facility(FacilityIx),
}

/// The parts of the index: the letter as shown, the id in its address.
pub const INDEX: [(&str, &str); 11] = [
    ("あ", "a"),
    ("か", "ka"),
    ("さ", "sa"),
    ("た", "ta"),
    ("な", "na"),
    ("は", "ha"),
    ("ま", "ma"),
    ("や", "ya"),
    ("ら", "ra"),
    ("わ", "wa"),
    ("他", "other"),
];

/// The place of `kana` among the fields.
const KANA: u8 = 8;

fn add<T: PartialEq>(lists: &mut [Vec<T>], at: usize, item: T) {
    // Items come in order, so one that is there already is the last.
    if let Some(list) = lists.get_mut(at).filter(|list| list.last() != Some(&item)) {
        list.push(item);
    }
}

impl Facets {
    /// As many lists as there are words.
    pub(super) fn empty(words: &Vocabulary) -> Self {
        Self {
            category: Listed::new(0, words.categories.len()),
            workers: Listed::new(1, words.categories.len()),
            area: Listed::new(2, words.areas.len()),
            products_of_area: Listed::new(3, words.areas.len()),
            class: Listed::new(4, words.procurement.len()),
            suppliers: Listed::new(5, words.procurement.len()),
            facility_kind: Listed::new(6, words.facility_kinds.len()),
            price: Listed::new(7, words.price_bands.len() + 2),
            kana: Listed::new(KANA, INDEX.len()),
        }
    }

    pub(super) fn new(catalog: &Catalog) -> Self {
        let by_word = || {
            let mut new = Self::empty(&catalog.vocabulary);
            for ix in catalog.listed_products() {
                new.product(catalog, ix);
            }
            for ix in catalog.listed_facilities() {
                new.facility(catalog, ix);
            }
            new
        };
        let (new, sorted) = rayon::join(by_word, || by_reading(catalog));
        Self { kana: sorted, ..new }
    }

    fn product(&mut self, catalog: &Catalog, ix: ProductIx) {
        let words = &catalog.vocabulary;
        let product = catalog.product(ix);
        for at in words.category_path(product.category) {
            add(&mut self.category, at, ix);
        }
        for (maker, _) in &product.makers {
            for at in words.area_path(catalog.facility(*maker).area) {
                add(&mut self.products_of_area, at, ix);
            }
        }
        if let Some(class) = words.categories.get(product.category).and_then(|category| category.procurement) {
            add(&mut self.class, class, ix);
        }
        let band = product.entry.data.lowest_price().map_or(words.price_bands.len() + 1, |yen| words.price_band(yen));
        add(&mut self.price, band, ix);
    }

    fn facility(&mut self, catalog: &Catalog, ix: FacilityIx) {
        let words = &catalog.vocabulary;
        let facility = catalog.facility(ix);
        for at in words.area_path(facility.area) {
            add(&mut self.area, at, ix);
        }
        for kind in &facility.entry.data.kinds {
            if let Some(at) = words.facility_kinds.iter().position(|word| word.id == *kind) {
                add(&mut self.facility_kind, at, ix);
            }
        }
        let works = facility.entry.data.works.iter().filter_map(|work| words.category(&work.category));
        for at in works.clone().flat_map(|at| words.category_path(at)) {
            add(&mut self.workers, at, ix);
        }
        let sold = facility.products.iter().map(|product| catalog.product(*product).category);
        let class = |at: usize| words.categories.get(at).and_then(|category: &Category| category.procurement);
        for at in sold.chain(works).filter_map(class) {
            add(&mut self.suppliers, at, ix);
        }
    }
}

fn by_reading(catalog: &Catalog) -> Listed<Named> {
    let products = catalog.listed_products().map(|ix| (catalog.product(ix).entry.key.as_str(), Named::Product(ix)));
    let facilities =
        catalog.listed_facilities().map(|ix| (catalog.facility(ix).entry.key.as_str(), Named::Facility(ix)));
    let mut all: Vec<(&str, Named)> = products.chain(facilities).collect();
    all.sort();
    let mut lists = Listed::new(KANA, INDEX.len());
    let row = |(key, _): &(&str, Named)| {
        let row = index_row(key);
        INDEX.iter().position(|(letter, _)| *letter == row).unwrap_or(INDEX.len() - 1)
    };
    let rows: Vec<usize> = all.par_iter().with_min_len(256).map(row).collect();
    for (at, (_, named)) in rows.into_iter().zip(all) {
        add(&mut lists, at, named);
    }
    lists
}
