//! What is searched of each entry, and what its line on a list of results shows.
//!
//! Texts are those a visitor sees on the entry's page: names first, then the words one could filter by, then
//! everything else. What stands in no list (`hidden`) is not here.

use crate::catalog::{Catalog, EventIx, FacilityIx, LinkedEvent, LinkedFacility, LinkedProduct, ProductIx};
use crate::model::vocabulary::Group;
use crate::model::{Allergens, Common, Day, Kind};
use crate::site::Base;
use crate::site::views::{EventCard, FacilityCard, ProductCard, event_card, facility_card, product_card};
use crate::source::Entry;
use crate::source::markdown::{Body, Piece};
use serde_json::{Value, json};

/// Kinds of documents: the first part of their ids, and what a visitor calls them. In the order of lists.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("products", "商品・仕事"),
    ("facilities", "事業所"),
    ("events", "催し"),
    ("news", "お知らせ"),
    ("reports", "報告"),
    ("pages", "ご案内"),
];

/// Letters of the text that a row shows.
const LEAD: usize = 32;

/// An entry that can be found.
#[derive(Debug)]
pub(super) struct Document {
    /// Place in [`KINDS`].
    pub kind: usize,
    /// Place in the catalog's list of its kind.
    pub at: usize,
    pub id: String,
    /// What documents of one kind are put together by.
    pub group: usize,
    /// Whether it cannot be ordered any more, or is over.
    pub closed: bool,
}

/// What is searched.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    pub name: &'a str,
    pub kana: Option<&'a str>,
    /// Words one could filter by; each is matched on its own.
    pub words: Vec<String>,
    /// Lines of text.
    pub lines: Vec<String>,
}

/// Every document of the site, in the order of the catalog.
pub(super) fn all(catalog: &Catalog) -> Vec<Document> {
    let mut all = Vec::new();
    let mut add = |kind: usize, at: usize, id: &str, meta: &Common, group: usize, closed: bool| {
        if !meta.hidden {
            all.push(Document { kind, at, id: id.to_owned(), group, closed });
        }
    };
    for (at, product) in catalog.products.iter().enumerate() {
        let entry = &product.entry;
        add(0, at, &entry.id, &entry.meta, product.category, !entry.data.status.can_be_ordered());
    }
    for (at, facility) in catalog.facilities.iter().enumerate() {
        add(1, at, &facility.entry.id, &facility.entry.meta, 0, false);
    }
    for (at, event) in catalog.events.iter().enumerate() {
        add(2, at, &event.entry.id, &event.entry.meta, 0, event.over);
    }
    for (at, entry) in catalog.news.iter().enumerate() {
        add(3, at, &entry.id, &entry.meta, 0, false);
    }
    for (at, entry) in catalog.reports.iter().enumerate() {
        add(4, at, &entry.id, &entry.meta, 0, false);
    }
    for (at, entry) in catalog.pages.iter().enumerate() {
        add(5, at, &entry.id, &entry.meta, 0, false);
    }
    all
}

impl Document {
    /// What is searched of it.
    pub(super) fn texts<'a>(&self, catalog: &'a Catalog) -> Texts<'a> {
        let mut texts = match self.kind {
            0 => product(catalog, catalog.product(ProductIx(self.at as u32))),
            1 => facility(catalog, catalog.facility(FacilityIx(self.at as u32))),
            2 => event(catalog, catalog.event(EventIx(self.at as u32))),
            3 => {
                let entry = &catalog.news[self.at];
                let words = [Some(entry.data.date.to_string()), entry.data.kind.clone()];
                text(entry, catalog, &entry.data.title, words)
            }
            4 => {
                let entry = &catalog.reports[self.at];
                let names = entry.data.attendees.iter().map(|who| name(catalog, Kind::Facility, who));
                let words = [Some(entry.data.date.to_string()), entry.data.place.clone()];
                text(entry, catalog, &entry.data.title, words.into_iter().chain(names.map(Some)))
            }
            _ => {
                let entry = &catalog.pages[self.at];
                text(entry, catalog, &entry.data.title, [])
            }
        };
        texts.words.retain(|word| !word.is_empty());
        texts
    }

    /// What its line on a list shows, as JSON. `static/search/engine.js` gives the places their names.
    pub(super) fn row(&self, catalog: &Catalog) -> Vec<u8> {
        // Another site that shows the row knows where this one is; the row does not.
        let base = &Base::nowhere();
        let (title, body, more) = match self.kind {
            0 => {
                let product = catalog.product(ProductIx(self.at as u32));
                let card = product_card(catalog, base, product);
                (product.entry.data.name.as_str(), &product.entry.body, product_row(&card))
            }
            1 => {
                let facility = catalog.facility(FacilityIx(self.at as u32));
                let card = facility_card(catalog, base, facility);
                (facility.entry.data.name.as_str(), &facility.entry.body, facility_row(&card))
            }
            2 => {
                let event = catalog.event(EventIx(self.at as u32));
                let card = event_card(catalog, base, event);
                (event.entry.data.title.as_str(), &event.entry.body, event_row(&card))
            }
            3 => {
                let entry = &catalog.news[self.at];
                (entry.data.title.as_str(), &entry.body, dated(entry.data.date))
            }
            4 => {
                let entry = &catalog.reports[self.at];
                (entry.data.title.as_str(), &entry.body, dated(entry.data.date))
            }
            _ => (catalog.pages[self.at].data.title.as_str(), &catalog.pages[self.at].body, Vec::new()),
        };
        let mut lead: String = body.summary.chars().take(LEAD).collect();
        if lead.len() < body.summary.len() && !lead.ends_with('…') {
            lead.push('…');
        }
        let mut row = vec![json!(self.kind), json!(self.id), json!(title), json!(lead)];
        row.extend(more);
        // What is empty at the end need not be said.
        while row.last().is_some_and(is_nothing) {
            row.pop();
        }
        serde_json::to_vec(&row).unwrap_or_default()
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Picture, what it shows, and whether it is a drawing.
fn image(href: Option<&str>, alt: &str, drawn: bool) -> [Value; 3] {
    [json!(href.map_or("", |href| href.trim_start_matches('/'))), json!(alt), json!(u8::from(drawn))]
}

fn product_row(card: &ProductCard<'_>) -> Vec<Value> {
    let status = if card.status == "on_sale" { ["", ""] } else { [card.status, card.status_label] };
    let mut row = image(card.image.as_deref(), card.image_alt, card.drawn).to_vec();
    row.extend([
        json!(card.price.as_deref().unwrap_or("")),
        json!(card.unit.unwrap_or("")),
        json!(card.min_order.as_deref().unwrap_or("")),
        json!(card.lead.as_deref().unwrap_or("")),
        json!(card.makers),
        json!(card.area),
        json!(status[0]),
        json!(status[1]),
        json!(u8::from(card.noufuku)),
        json!(u8::from(card.joint)),
        json!(u8::from(card.group == Group::Services.label())),
        json!(card.amount),
        json!(if card.can_be_ordered { card.least } else { 0 }),
    ]);
    row
}

fn facility_row(card: &FacilityCard<'_>) -> Vec<Value> {
    let mut row = image(card.image.as_deref(), card.image_alt, card.drawn).to_vec();
    row.extend([
        json!(card.area),
        json!(card.kinds),
        json!(card.works),
        json!(card.tel.unwrap_or("")),
        json!(card.products),
    ]);
    row
}

fn event_row(card: &EventCard<'_>) -> Vec<Value> {
    let status = if card.status == "scheduled" { ["", ""] } else { [card.status, card.status_label] };
    let mut row = image(card.image.as_deref(), card.image_alt, card.drawn).to_vec();
    row.extend([
        json!(card.when),
        json!(card.time.as_deref().unwrap_or("")),
        json!(card.venue.unwrap_or("")),
        json!(card.area),
        json!(card.kind),
        json!(status[0]),
        json!(status[1]),
        json!(card.until.as_deref().unwrap_or("")),
        json!(card.start.as_deref().unwrap_or("")),
    ]);
    row
}

fn dated(day: Day) -> Vec<Value> {
    vec![json!(day.long()), json!(day.to_string())]
}

/// What all entries have: their text, and the same in やさしい日本語.
fn text<'a, T>(
    entry: &'a Entry<T>,
    catalog: &Catalog,
    name: &'a str,
    words: impl IntoIterator<Item = Option<String>>,
) -> Texts<'a> {
    let mut lines = Vec::new();
    for body in [Some(&entry.body), entry.easy.as_deref()].into_iter().flatten() {
        lines_of(body, catalog, &mut lines);
    }
    lines.extend(entry.meta.photos.iter().filter_map(|photo| photo.caption.clone()));
    Texts { name, kana: None, words: words.into_iter().flatten().collect(), lines }
}

fn product<'a>(catalog: &'a Catalog, product: &'a LinkedProduct) -> Texts<'a> {
    let data = &product.entry.data;
    let vocabulary = &catalog.vocabulary;
    let categories = vocabulary.category_path(product.category).into_iter();
    let categories = categories.filter_map(|at| vocabulary.categories.get(at)).map(|c| c.word.label.clone());
    let makers = product.makers.iter().map(|(ix, _)| catalog.facility(*ix).entry.data.name.clone());
    let mut words: Vec<String> = categories.chain(makers).chain(data.tags.iter().cloned()).collect();
    if let Some(Allergens { contains, may_contain, .. }) = &data.allergens {
        words.extend(contains.iter().chain(may_contain).cloned());
    }
    words.extend(data.noufuku.then(|| "農福連携".to_owned()));
    if data.season.len() < 12 {
        words.extend(data.season.iter().map(|month| format!("{month}月")));
    }
    words.extend(data.variants.iter().map(|variant| variant.name.clone()));
    words.extend(data.certs.iter().map(|cert| cert.name.clone()));
    words.extend(data.price.as_ref().map(|price| {
        let unit = data.unit.as_deref().map(|unit| format!("／{unit}")).unwrap_or_default();
        format!("{}円{unit}", price.amount)
    }));
    let mut texts =
        Texts { kana: data.kana.as_deref(), ..text(&product.entry, catalog, &data.name, words.into_iter().map(Some)) };
    texts.lines.extend([&data.ingredients, &data.net, &data.shelf_life, &data.storage].into_iter().flatten().cloned());
    texts.lines.extend(data.sold_at.iter().map(|place| name(catalog, Kind::Facility, place)));
    texts
}

fn facility<'a>(catalog: &'a Catalog, facility: &'a LinkedFacility) -> Texts<'a> {
    let data = &facility.entry.data;
    let vocabulary = &catalog.vocabulary;
    let areas = vocabulary.area_path(facility.area).into_iter().filter_map(|at| vocabulary.areas.get(at));
    let kinds = vocabulary.facility_kinds.iter().filter(|kind| data.kinds.contains(&kind.id));
    let works = data.works.iter().flat_map(|work| {
        let at = vocabulary.category(&work.category);
        let label = at.and_then(|at| vocabulary.categories.get(at)).map(|category| category.word.label.clone());
        [label, work.detail.clone(), work.amount.clone()]
    });
    let words = areas
        .map(|area| Some(area.word.label.clone()))
        .chain(kinds.map(|kind| Some(kind.label.clone())))
        .chain([data.address.clone(), data.operator.clone()])
        .chain(works)
        .chain(data.certs.iter().map(|cert| Some(cert.name.clone())));
    Texts { kana: Some(&data.kana), ..text(&facility.entry, catalog, &data.name, words) }
}

fn event<'a>(catalog: &'a Catalog, event: &'a LinkedEvent) -> Texts<'a> {
    let data = &event.entry.data;
    let vocabulary = &catalog.vocabulary;
    let venues = data.venue.iter().chain(data.sessions.iter().filter_map(|session| session.venue.as_ref()));
    let venues = venues.flat_map(|venue| {
        let at = venue.area.as_deref().and_then(|id| vocabulary.area(id));
        let area = at.and_then(|at| vocabulary.areas.get(at)).map(|area| area.word.label.clone());
        [Some(venue.name.clone()), venue.address.clone(), area]
    });
    let kind = vocabulary.event_kind(&data.kind).map(|kind| kind.label.clone());
    let words = [kind, Some(event.when.label()), Some(event.when.written()), data.host.clone(), data.series.clone()]
        .into_iter()
        .chain(venues)
        .chain(event.facilities.iter().map(|ix| Some(catalog.facility(*ix).entry.data.name.clone())));
    let mut texts = Texts { kana: data.kana.as_deref(), ..text(&event.entry, catalog, &data.title, words) };
    texts.lines.extend(event.products.iter().map(|ix| catalog.product(*ix).entry.data.name.clone()));
    for session in &data.sessions {
        texts.lines.extend(session.items.iter().chain(&session.note).cloned());
    }
    texts.lines.extend([&data.gifts, &data.fee, &data.status_note].into_iter().flatten().cloned());
    texts.lines.extend(data.support.iter().cloned());
    texts
}

/// The name of an entry, or the text that stands in its place.
fn name(catalog: &Catalog, kind: Kind, id: &str) -> String {
    catalog.name_of(kind, id).unwrap_or(id).to_owned()
}

/// A rendered text as lines, without its tags. A reading of `{漢字|かんじ}` is a line of its own.
fn lines_of(body: &Body, catalog: &Catalog, lines: &mut Vec<String>) {
    let mut plain = Plain::default();
    for piece in body.pieces.iter() {
        match piece {
            Piece::Html(html) => plain.html(html, lines),
            Piece::Name(kind, id) => plain.line.push_str(catalog.name_of(*kind, id).unwrap_or(id)),
            Piece::Entry(..) | Piece::Local(_) | Piece::Asset(_) | Piece::Picture { .. } => {}
        }
    }
    plain.end(lines);
}

/// What a reader reads of HTML that we have written.
#[derive(Default)]
struct Plain {
    line: String,
    /// A tag that goes on in the next piece: an address stands in the middle of it.
    in_tag: bool,
    /// Between the words that a reading belongs to and their end.
    reading: Option<String>,
}

impl Plain {
    fn end(&mut self, lines: &mut Vec<String>) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            lines.push(line);
        }
    }

    fn html(&mut self, html: &str, lines: &mut Vec<String>) {
        let mut rest = html;
        while !rest.is_empty() {
            let (part, after) = rest.split_at(rest.find(if self.in_tag { '>' } else { '<' }).unwrap_or(rest.len()));
            if self.in_tag {
                self.tag(part, lines);
            } else {
                entities(part, self.reading.as_mut().unwrap_or(&mut self.line));
            }
            if !after.is_empty() {
                self.in_tag = !self.in_tag;
            }
            rest = after.get(1..).unwrap_or_default();
        }
    }

    fn tag(&mut self, tag: &str, lines: &mut Vec<String>) {
        let name: String = tag.chars().take_while(|c| *c == '/' || c.is_ascii_alphanumeric()).collect();
        match name.as_str() {
            // Emphasis and links are within a line.
            "a" | "/a" | "b" | "/b" | "em" | "/em" | "strong" | "/strong" | "i" | "/i" | "code" | "/code" | "span"
            | "/span" | "del" | "/del" | "s" | "/s" | "sub" | "/sub" | "sup" | "/sup" | "ruby" | "/ruby" | "mark"
            | "/mark" | "small" | "/small" | "" => {}
            "rt" | "rp" => self.reading = Some(String::new()),
            "/rt" | "/rp" => {
                let reading = self.reading.take().unwrap_or_default();
                if name == "/rt" && !reading.is_empty() {
                    lines.push(reading);
                }
            }
            _ => self.end(lines),
        }
    }
}

/// Text of HTML as it is read.
fn entities(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        const KNOWN: [(&str, char); 4] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"')];
        let found = KNOWN.iter().find(|(entity, _)| rest.starts_with(entity));
        let (length, sign) = found.map_or((1, '&'), |(entity, sign)| (entity.len(), *sign));
        out.push(sign);
        rest = &rest[length..];
    }
    out.push_str(rest);
}
