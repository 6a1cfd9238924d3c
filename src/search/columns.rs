//! What filters, counts and sorting need to know of each document: a column for each question.
//!
//! A column has an entry for every number, in their order. It is loaded when somebody asks that question, so a
//! plain search pays nothing for it.

use super::document::Document;
use super::pack::varint;
use crate::catalog::{Catalog, LinkedEvent, LinkedFacility, LinkedProduct};
use crate::model::schedule::{YearMonth, months_between};
use crate::model::{Delivery, FreeOf, Period};
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Several values each.
const LISTS: [&str; 10] =
    ["category", "area", "maker", "class", "price", "delivery", "free", "month", "fkind", "ekind"];
/// One number each.
const NUMBERS: [&str; 10] = ["kind", "yen", "lot", "lead", "cap", "capdays", "since", "rank", "flags", "most"];

/// The choices that are not simply a list of the vocabulary.
pub(super) struct Choices {
    months: Vec<YearMonth>,
    allergens: Vec<String>,
}

/// What is known of a document, in the order of [`LISTS`] and [`NUMBERS`].
#[derive(Default)]
struct Known {
    lists: [Vec<usize>; LISTS.len()],
    numbers: [Option<u64>; NUMBERS.len()],
}

impl Choices {
    pub(super) fn new(catalog: &Catalog) -> Self {
        let words = &catalog.vocabulary;
        let listed = words.allergens_on(catalog.moment.today);
        let mut allergens: Vec<String> =
            listed.into_iter().flat_map(|list| list.mandatory.iter().chain(&list.recommended)).cloned().collect();
        for product in &catalog.products {
            if let Some(FreeOf::Named(names)) = product.entry.data.allergens.as_ref().map(|known| &known.free_of) {
                for name in names.iter().filter(|name| !allergens.contains(*name)).cloned().collect::<Vec<_>>() {
                    allergens.push(name);
                }
            }
        }
        Self { months: catalog.by_month.keys().copied().collect(), allergens }
    }

    /// The choices as the browser shows them.
    pub(super) fn json(&self, catalog: &Catalog) -> Vec<u8> {
        let words = &catalog.vocabulary;
        let up = |parent: Option<usize>| parent.map_or(json!(-1), |at| json!(at));
        let plain = |list: &[crate::model::vocabulary::Word]| {
            list.iter().map(|word| json!([word.id, word.label])).collect::<Vec<_>>()
        };
        let categories = words.categories.iter().enumerate();
        let all = json!({
            "today": catalog.moment.today.to_string(),
            "category": categories
                .map(|(at, c)| json!([c.word.id, c.word.label, up(c.parent), u8::from(words.is_work(at))]))
                .collect::<Vec<_>>(),
            "area": words.areas.iter().map(|a| json!([a.word.id, a.word.label, up(a.parent)])).collect::<Vec<_>>(),
            "class": words.procurement.iter().map(|class| json!([class.id, class.label])).collect::<Vec<_>>(),
            "maker": catalog
                .facilities
                .iter()
                .map(|facility| json!([facility.entry.id, facility.entry.data.name]))
                .collect::<Vec<_>>(),
            "price": (0..words.price_bands.len() + 2)
                .map(|at| json!([words.price_band_id(at), words.price_band_label(at)]))
                .collect::<Vec<_>>(),
            "delivery": Delivery::WORDS,
            "free": self.allergens,
            "month": self.months.iter().map(|month| json!([month.iso(), month.label()])).collect::<Vec<_>>(),
            "fkind": plain(&words.facility_kinds),
            "ekind": plain(&words.event_kinds),
        });
        serde_json::to_vec(&all).unwrap_or_default()
    }

    fn product(&self, catalog: &Catalog, product: &LinkedProduct) -> Known {
        let words = &catalog.vocabulary;
        let data = &product.entry.data;
        let category = words.categories.get(product.category);
        let price = data.lowest_price();
        let band = price.map_or(words.price_bands.len() + 1, |yen| words.price_band(yen));
        let free: Vec<usize> = match data.allergens.as_ref().map(|known| &known.free_of) {
            Some(FreeOf::Named(names)) => places(&self.allergens, names),
            Some(FreeOf::Mandatory(_)) => words
                .allergens_on(catalog.moment.today)
                .map(|list| places(&self.allergens, &list.mandatory))
                .unwrap_or_default(),
            None => Vec::new(),
        };
        let delivery =
            data.delivery.iter().filter_map(|way| Delivery::WORDS.iter().position(|(id, _)| *id == way.word()));
        let capacity = data.capacity.or_else(|| shared_capacity(product));
        let days = |per: Period| match per {
            Period::Day => 1,
            Period::Week => 7,
            Period::Month => 30,
        };
        let open = data.status.can_be_ordered();
        let since = data.since.and_then(|day| u64::try_from(day.number()).ok());
        Known {
            lists: [
                vec![product.category],
                product.makers.iter().map(|(ix, _)| catalog.facility(*ix).area).collect(),
                product.makers.iter().map(|(ix, _)| ix.0 as usize).collect(),
                category.and_then(|category| category.procurement).into_iter().collect(),
                vec![band],
                delivery.collect(),
                free,
                Vec::new(),
                Vec::new(),
                Vec::new(),
            ],
            numbers: [
                Some(0),
                price,
                Some(data.min_order.unwrap_or(1)),
                data.lead_days,
                capacity.map(|capacity| capacity.amount),
                capacity.map(|capacity| days(capacity.per)),
                since,
                None,
                Some(u64::from(data.noufuku) | u64::from(open) << 2 | u64::from(product.makers.len() > 1) << 3),
                data.max_order,
            ],
        }
    }

    fn event(&self, catalog: &Catalog, event: &LinkedEvent) -> Known {
        let data = &event.entry.data;
        let venues = data.venue.iter().chain(data.sessions.iter().filter_map(|session| session.venue.as_ref()));
        let areas = venues.filter_map(|venue| catalog.vocabulary.area(venue.area.as_deref()?));
        let days = event.occasions.iter().flat_map(|occasion| months_between(occasion.range.start, occasion.range.end));
        let months = days.chain(event.when.months());
        let kind = catalog.vocabulary.event_kinds.iter().position(|kind| kind.id == data.kind);
        let mut known = Known::default();
        known.lists[1] = areas.collect();
        known.lists[2] = event.facilities.iter().map(|ix| ix.0 as usize).collect();
        known.lists[7] = months.filter_map(|month| self.months.binary_search(&month).ok()).collect();
        known.lists[9] = kind.into_iter().collect();
        known.numbers[6] = u64::try_from(event.announced(catalog.moment.today).number()).ok();
        known.numbers[8] = Some(u64::from(!event.over) << 2);
        known
    }
}

/// What all makers can do together, if they count in the same time.
fn shared_capacity(product: &LinkedProduct) -> Option<crate::model::Capacity> {
    let mut all = product.makers.iter().filter_map(|(_, capacity)| *capacity);
    let first = all.next()?;
    all.try_fold(first, |sum, next| {
        let amount = sum.amount.checked_add(next.amount)?;
        (sum.per == next.per).then_some(crate::model::Capacity { amount, per: sum.per })
    })
}

fn facility(catalog: &Catalog, at: usize, facility: &LinkedFacility) -> Known {
    let words = &catalog.vocabulary;
    let data = &facility.entry.data;
    let works = data.works.iter().filter_map(|work| words.category(&work.category));
    let made = facility.products.iter().map(|ix| catalog.product(*ix).category);
    let categories: Vec<usize> = works.chain(made).collect();
    let classes = categories.iter().filter_map(|at| words.categories.get(*at)?.procurement).collect();
    let kinds = words.facility_kinds.iter().enumerate().filter(|(_, kind)| data.kinds.contains(&kind.id));
    let noufuku = facility.products.iter().any(|ix| catalog.product(*ix).entry.data.noufuku);
    let flags = [noufuku, data.visits.tour, true, data.joint_orders];
    let mut known = Known::default();
    known.lists[1] = vec![facility.area];
    known.lists[2] = vec![at];
    known.lists[3] = classes;
    known.lists[8] = kinds.map(|(at, _)| at).collect();
    known.lists[0] = categories;
    known.numbers[8] = Some(flags.iter().enumerate().map(|(bit, set)| u64::from(*set) << bit).sum());
    known
}

fn places(all: &[String], names: &[String]) -> Vec<usize> {
    names.iter().filter_map(|name| all.iter().position(|known| known == name)).collect()
}

/// The reading by which a document is put in order.
fn reading<'a>(catalog: &'a Catalog, document: &Document) -> &'a str {
    match document.kind {
        0 => &catalog.products[document.at].entry.key,
        1 => &catalog.facilities[document.at].entry.key,
        2 => &catalog.events[document.at].entry.key,
        3 => &catalog.news[document.at].key,
        4 => &catalog.reports[document.at].key,
        _ => &catalog.pages[document.at].key,
    }
}

/// Every column, by its name. A list is its length and its values, a number is one more than it is, or nought.
pub(super) fn columns(
    catalog: &Catalog,
    choices: &Choices,
    placed: &[(u32, &Document)],
    slots: usize,
) -> Vec<(&'static str, Vec<u8>)> {
    let known = |(_, document): &(u32, &Document)| {
        let mut known = match document.kind {
            0 => choices.product(catalog, &catalog.products[document.at]),
            1 => facility(catalog, document.at, &catalog.facilities[document.at]),
            2 => choices.event(catalog, &catalog.events[document.at]),
            _ => {
                let mut known = Known::default();
                known.numbers[8] = Some(1 << 2);
                known
            }
        };
        known.numbers[0] = Some(document.kind as u64);
        let dated = match document.kind {
            3 => Some(catalog.news[document.at].data.date),
            4 => Some(catalog.reports[document.at].data.date),
            _ => None,
        };
        if let Some(date) = dated {
            known.numbers[6] = u64::try_from(date.number()).ok();
        }
        known.lists.iter_mut().for_each(|list| {
            list.sort_unstable();
            list.dedup();
        });
        known
    };
    let all: Vec<Known> = placed.par_iter().map(known).collect();
    let mut readings: Vec<(&str, &str, u32)> =
        placed.par_iter().map(|(slot, document)| (reading(catalog, document), document.id.as_str(), *slot)).collect();
    readings.par_sort();
    let ranks: BTreeMap<u32, u64> = readings.iter().zip(0u64..).map(|((.., slot), rank)| (*slot, rank)).collect();
    let number = |value: usize, out: &mut Vec<u8>| varint(u32::try_from(value).unwrap_or(u32::MAX), out);
    let column = |write: &(dyn Fn(u32, &Known, &mut Vec<u8>) + Sync)| {
        let mut bytes = Vec::with_capacity(slots * 2);
        let mut next = 0;
        for ((slot, _), known) in placed.iter().zip(&all) {
            bytes.resize(bytes.len() + (*slot as usize - next), 0);
            write(*slot, known, &mut bytes);
            next = *slot as usize + 1;
        }
        bytes.resize(bytes.len() + (slots - next), 0);
        bytes
    };
    let lists = LISTS.par_iter().enumerate().map(|(at, name)| {
        let bytes = column(&|_, known, out| {
            number(known.lists[at].len(), out);
            known.lists[at].iter().for_each(|value| number(*value, out));
        });
        (*name, bytes)
    });
    let numbers = NUMBERS.par_iter().enumerate().map(|(at, name)| {
        let bytes = column(&|slot, known, out| {
            let value = if *name == "rank" { ranks.get(&slot).copied() } else { known.numbers[at] };
            // Beyond four thousand million nobody tells amounts apart.
            let value = value.map_or(0, |value| value.min(u64::from(u32::MAX) - 1) + 1);
            varint(value as u32, out);
        });
        (*name, bytes)
    });
    lists.chain(numbers).collect()
}
