//! The small form of every entry, made once and shared by all pages that show it.
//!
//! A template value is a counted reference inside: putting the same card on forty lists copies nothing.

use super::value;
use crate::catalog::{Catalog, EventIx, FacilityIx, LinkedEvent, LinkedFacility, LinkedProduct, Occasion, ProductIx};
use crate::model::text::with_commas;
use crate::model::vocabulary::Word;
use crate::model::{Kind, Photo};
use crate::site::base::Base;
use crate::site::route::entry_address;
use rayon::prelude::*;
use serde::Serialize;
use tera::Value;

/// Every card, in the order of the catalog.
pub struct Cards {
    products: Vec<Value>,
    facilities: Vec<Value>,
    events: Vec<Value>,
}

/// A product on a list.
#[derive(Serialize)]
struct ProductCard<'a> {
    url: String,
    name: &'a str,
    category: &'a str,
    category_url: String,
    group: &'static str,
    price: Option<String>,
    unit: Option<&'a str>,
    /// 10箱から
    min_order: Option<String>,
    /// 7日
    lead: Option<String>,
    makers: String,
    area: &'a str,
    status: &'static str,
    status_label: &'static str,
    noufuku: bool,
    joint: bool,
    image: Option<String>,
    image_alt: &'a str,
    /// Whether the picture is a drawing that stands for a missing photo.
    drawn: bool,
}

/// A facility on a list.
#[derive(Serialize)]
struct FacilityCard<'a> {
    url: String,
    name: &'a str,
    kana: &'a str,
    area: &'a str,
    area_url: String,
    kinds: Vec<&'a str>,
    tel: Option<&'a str>,
    products: usize,
    works: Vec<&'a str>,
    image: Option<String>,
    image_alt: &'a str,
    /// Whether the picture is a drawing that stands for a missing photo.
    drawn: bool,
}

/// An event on a list.
#[derive(Serialize)]
struct EventCard<'a> {
    url: String,
    title: &'a str,
    kind: &'a str,
    kind_url: String,
    when: String,
    when_kind: &'static str,
    start: Option<String>,
    /// The last day on which it may take place: after it, it is over.
    until: Option<String>,
    /// The next of several days, or the reserve day where that is next.
    next: Option<String>,
    /// The last day of the next one.
    next_until: Option<String>,
    /// Whether the next one is the reserve day.
    reserve: bool,
    /// Orders are taken: 2026年10月1日(木)～12月4日(金)
    orders: Option<String>,
    time: Option<String>,
    venue: Option<&'a str>,
    area: &'a str,
    status: &'static str,
    status_label: &'static str,
    over: bool,
    /// Whether a day of it is or was certain.
    dated: bool,
    members: bool,
    image: Option<String>,
    image_alt: &'a str,
    /// Whether the picture is a drawing that stands for a missing photo.
    drawn: bool,
}

impl Cards {
    pub(super) fn new(catalog: &Catalog, base: &Base) -> Self {
        Self {
            products: all(&catalog.products, |product| value(&product_card(catalog, base, product))),
            facilities: all(&catalog.facilities, |facility| value(&facility_card(catalog, base, facility))),
            events: all(&catalog.events, |event| value(&event_card(catalog, base, event))),
        }
    }

    /// A product's card.
    pub fn product(&self, ix: ProductIx) -> Value {
        get(&self.products, ix.0)
    }

    /// A facility's card.
    pub fn facility(&self, ix: FacilityIx) -> Value {
        get(&self.facilities, ix.0)
    }

    /// An event's card.
    pub fn event(&self, ix: EventIx) -> Value {
        get(&self.events, ix.0)
    }
}

fn all<T: Sync>(items: &[T], card: impl Fn(&T) -> Value + Sync + Send) -> Vec<Value> {
    items.par_iter().with_min_len(64).map(card).collect()
}

fn get(cards: &[Value], at: u32) -> Value {
    cards.get(at as usize).cloned().unwrap_or_else(Value::none)
}

fn product_card<'a>(catalog: &'a Catalog, base: &Base, product: &'a LinkedProduct) -> ProductCard<'a> {
    let data = &product.entry.data;
    let category = catalog.vocabulary.categories.get(product.category);
    let names: Vec<&str> =
        product.makers.iter().map(|(ix, _)| catalog.facility(*ix).entry.data.name.as_str()).collect();
    let makers = match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} ほか{}事業所", rest.len()),
    };
    let area = match product.makers.first() {
        Some((ix, _)) => area_label(catalog, catalog.facility(*ix).area),
        None => "",
    };
    let photo = product.entry.meta.photos.first();
    ProductCard {
        url: base.href(&entry_address(Kind::Product, &product.entry.id)),
        name: &data.name,
        category: category.map_or("", |category| category.word.label.as_str()),
        category_url: base.href(&format!("/products/category/{}/", data.category)),
        group: category.and_then(|c| catalog.vocabulary.class_of(c)).map_or("", |class| class.group.label()),
        price: data.price.as_ref().map(super::product::price_text),
        unit: data.unit.as_deref(),
        min_order: data.min_order.map(|n| format!("{}{}から", with_commas(n), data.unit.as_deref().unwrap_or(""))),
        lead: data.lead_days.map(|days| if days == 0 { "当日".to_owned() } else { format!("{days}日") }),
        makers,
        area,
        status: data.status.word(),
        status_label: data.status.label(),
        noufuku: data.noufuku,
        joint: product.makers.len() > 1,
        image: image(base, photo, category.map(|category| &category.word)),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

fn facility_card<'a>(catalog: &'a Catalog, base: &Base, facility: &'a LinkedFacility) -> FacilityCard<'a> {
    let data = &facility.entry.data;
    let photo = facility.entry.meta.photos.first();
    FacilityCard {
        url: base.href(&entry_address(Kind::Facility, &facility.entry.id)),
        name: &data.name,
        kana: &data.kana,
        area: area_label(catalog, facility.area),
        area_url: base.href(&format!("/facilities/area/{}/", data.area)),
        kinds: labels(&catalog.vocabulary.facility_kinds, &data.kinds),
        tel: data.tel.as_deref(),
        products: facility.products.len(),
        works: data
            .works
            .iter()
            .filter_map(|work| catalog.vocabulary.category(&work.category))
            .filter_map(|at| catalog.vocabulary.categories.get(at))
            .map(|category| category.word.label.as_str())
            .take(5)
            .collect(),
        image: image(base, photo, first_word(&catalog.vocabulary.facility_kinds, &data.kinds)),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

fn event_card<'a>(catalog: &'a Catalog, base: &Base, event: &'a LinkedEvent) -> EventCard<'a> {
    let data = &event.entry.data;
    let kind = catalog.vocabulary.event_kind(&data.kind);
    let photo = event.entry.meta.photos.first();
    let today = catalog.moment.today;
    let next = event.next(today).or_else(|| event.occasions.first());
    let several = event.occasions.iter().filter(|occasion| occasion.meets()).count() > 1;
    let venue = data.venue.as_ref().or_else(|| {
        let session = next.and_then(|next| data.sessions.get(next.session?));
        session.and_then(|session| session.venue.as_ref())
    });
    let area = venue.and_then(|venue| venue.area.as_deref()).and_then(|id| catalog.vocabulary.area(id));
    let shown_next = next.filter(|next| next.range.end >= today && !event.over).filter(|next| {
        // The first of a few days is said already.
        let first = event.when.kind() == "days" && Some(next.range.start) == event.when.first_day();
        next.reserve() || (several && next.meets() && !first)
    });
    EventCard {
        url: base.href(&entry_address(Kind::Event, &event.entry.id)),
        title: &data.title,
        kind: kind.map_or("", |kind| kind.label.as_str()),
        kind_url: base.href(&format!("/events/kind/{}/", data.kind)),
        when: event.when.label(),
        when_kind: event.when.kind(),
        start: next.map(|next| next.range.start.to_string()),
        until: event.until.map(|day| day.to_string()),
        next: shown_next.map(|next| super::meeting::range_label(next.range)),
        next_until: shown_next.map(|next| next.range.end.to_string()),
        reserve: shown_next.is_some_and(Occasion::reserve),
        orders: next.filter(|next| next.orders()).map(|next| super::meeting::range_label(next.range)),
        time: data.time.or(next.and_then(|next| next.time)).map(crate::model::TimeRange::label),
        venue: venue.map(|venue| venue.name.as_str()),
        area: area.map_or("", |at| area_label(catalog, at)),
        status: data.status.word(),
        status_label: data.status.label(),
        over: event.over,
        dated: event.occasions.iter().any(|occasion| !occasion.reserve()),
        members: data.audience == crate::model::Audience::Members,
        image: image(base, photo, kind),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

/// The photo, or the drawing of a word.
fn image(base: &Base, photo: Option<&Photo>, word: Option<&Word>) -> Option<String> {
    let source = photo.map(|photo| &photo.file).or_else(|| word.and_then(|word| word.image.as_ref()))?;
    Some(base.asset(source))
}

/// The first of an entry's kinds.
pub(super) fn first_word<'a>(words: &'a [Word], ids: &[String]) -> Option<&'a Word> {
    ids.iter().find_map(|id| words.iter().find(|word| word.id == *id))
}

pub(super) fn area_label(catalog: &Catalog, at: usize) -> &str {
    catalog.vocabulary.areas.get(at).map_or("", |area| area.word.label.as_str())
}

pub(super) fn labels<'a>(words: &'a [Word], ids: &[String]) -> Vec<&'a str> {
    ids.iter().filter_map(|id| words.iter().find(|word| word.id == *id)).map(|word| word.label.as_str()).collect()
}
