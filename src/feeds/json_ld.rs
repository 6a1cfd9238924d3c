//! Structured data (schema.org) of a page.
//!
//! Only what the entry says: no rating, no stock, no merchant listing, since nothing is sold on the page.

use crate::catalog::{Catalog, LinkedEvent, LinkedFacility, LinkedProduct, Occasion};
use crate::model::time::Clock;
use crate::model::{Day, EventStatus, Kind, Mode, ProductStatus, Scheduled, Venue};
use crate::photos::Use;
use crate::site::views::LinkView;
use crate::site::views::picture_address;
use crate::site::{Base, entry_address};
use crate::source::Settings;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The JSON as it may stand inside a script element: no content can close the element.
pub(crate) fn safe<T: Serialize>(value: &T) -> String {
    // Strings, numbers and lists: there is nothing that could fail.
    let text = serde_json::to_string(value).unwrap_or_default();
    if memchr::memchr3(b'<', b'>', b'&', text.as_bytes()).is_none() {
        return text;
    }
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn put(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(name.to_owned(), value.into());
    }
}

fn object(kind: &str) -> Map<String, Value> {
    Map::from_iter([("@context".to_owned(), "https://schema.org".into()), ("@type".to_owned(), kind.into())])
}

/// The way to a page: every page has one, so it is written at once.
#[derive(Serialize)]
struct Breadcrumbs<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Breadcrumb<'a>>,
}

/// A step of it.
#[derive(Serialize)]
struct Breadcrumb<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: &'a str,
    item: Cow<'a, str>,
}

/// The way from the home page to the page itself.
pub(crate) fn breadcrumbs(origin: &str, crumbs: &[LinkView], title: &str, canonical: &str) -> String {
    let above = crumbs.iter().map(|link| (link.label.as_str(), Cow::Owned(format!("{origin}{}", link.url))));
    let steps = above.chain([(title, Cow::Borrowed(canonical))]).zip(1..);
    let items = steps.map(|((name, item), position)| Breadcrumb { kind: "ListItem", position, name, item }).collect();
    safe(&Breadcrumbs { context: "https://schema.org", kind: "BreadcrumbList", items })
}

/// The site, on its home page.
pub(crate) fn website(settings: &Settings, base: &Base) -> Value {
    let mut site = object("WebSite");
    site.insert("name".to_owned(), settings.title.clone().into());
    site.insert("url".to_owned(), base.absolute("/").into());
    site.insert("inLanguage".to_owned(), settings.language.clone().into());
    let desk = &settings.desk;
    let mut publisher =
        Map::from_iter([("@type".to_owned(), "Organization".into()), ("name".to_owned(), desk.name.clone().into())]);
    put(&mut publisher, "telephone", desk.tel.clone());
    put(&mut publisher, "faxNumber", desk.fax.clone());
    put(&mut publisher, "email", desk.email.clone());
    site.insert("publisher".to_owned(), publisher.into());
    Value::Object(site)
}

fn image(catalog: &Catalog, base: &Base, photos: &[crate::model::Photo]) -> Option<Value> {
    let all: Vec<Value> = photos
        .iter()
        .map(|photo| format!("{}{}", base.origin, picture_address(catalog, base, &photo.file, Use::Page)).into())
        .collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

fn maker(catalog: &Catalog, base: &Base, product: &LinkedProduct) -> Vec<Value> {
    product
        .makers
        .iter()
        .map(|(ix, _)| &catalog.facility(*ix).entry)
        .map(|entry| {
            let url = base.absolute(&entry_address(Kind::Facility, &entry.id));
            json!({"@type": "Organization", "name": entry.data.name, "url": url})
        })
        .collect()
}

/// Product or, for work, Service.
pub(crate) fn product(catalog: &Catalog, base: &Base, product: &LinkedProduct, url: &str, description: &str) -> Value {
    let data = &product.entry.data;
    let category = catalog.vocabulary.categories.get(product.category);
    let class = category.and_then(|category| catalog.vocabulary.class_of(category));
    let service = class.is_some_and(|class| class.group == crate::model::vocabulary::Group::Services);
    let mut out = object(if service { "Service" } else { "Product" });
    out.insert("name".to_owned(), data.name.clone().into());
    out.insert("url".to_owned(), url.into());
    out.insert("description".to_owned(), description.into());
    put(&mut out, "image", image(catalog, base, &product.entry.meta.photos));
    put(&mut out, "category", category.map(|category| category.word.label.clone()));
    let makers = maker(catalog, base, product);
    let seller = json!({"@type": "Organization", "name": catalog.settings.desk.name});
    out.insert(if service { "provider" } else { "manufacturer" }.to_owned(), makers.into());
    if let Some(price) = &data.price {
        let availability = match data.status {
            ProductStatus::OnSale => "InStock",
            ProductStatus::MadeToOrder => "PreOrder",
            ProductStatus::OneOff => "LimitedAvailability",
            ProductStatus::SoldOut => "SoldOut",
            ProductStatus::Paused => "OutOfStock",
            ProductStatus::Ended => "Discontinued",
        };
        let mut offer = Map::from_iter([
            ("@type".to_owned(), "Offer".into()),
            ("priceCurrency".to_owned(), "JPY".into()),
            ("availability".to_owned(), format!("https://schema.org/{availability}").into()),
            ("url".to_owned(), url.into()),
            ("seller".to_owned(), seller),
        ]);
        if price.from {
            offer.insert(
                "priceSpecification".to_owned(),
                json!({"@type": "PriceSpecification", "minPrice": price.amount, "priceCurrency": "JPY", "valueAddedTaxIncluded": true}),
            );
        } else {
            offer.insert("price".to_owned(), price.amount.into());
        }
        out.insert("offers".to_owned(), offer.into());
    }
    Value::Object(out)
}

/// LocalBusiness where there is an address, Organization elsewhere.
pub(crate) fn facility(
    catalog: &Catalog,
    base: &Base,
    facility: &LinkedFacility,
    url: &str,
    description: &str,
) -> Value {
    let data = &facility.entry.data;
    let mut out = object(if data.address.is_some() { "LocalBusiness" } else { "Organization" });
    out.insert("name".to_owned(), data.name.clone().into());
    out.insert("alternateName".to_owned(), data.kana.clone().into());
    out.insert("url".to_owned(), url.into());
    out.insert("description".to_owned(), description.into());
    put(&mut out, "image", image(catalog, base, &facility.entry.meta.photos));
    put(&mut out, "telephone", data.tel.clone());
    put(&mut out, "faxNumber", data.fax.clone());
    put(&mut out, "email", data.email.clone());
    put(&mut out, "sameAs", data.url.clone());
    if data.address.is_some() || data.postal_code.is_some() {
        let mut address =
            Map::from_iter([("@type".to_owned(), "PostalAddress".into()), ("addressCountry".to_owned(), "JP".into())]);
        put(&mut address, "postalCode", data.postal_code.clone());
        put(&mut address, "streetAddress", data.address.clone());
        put(
            &mut address,
            "addressLocality",
            catalog.vocabulary.areas.get(facility.area).map(|area| area.word.label.clone()),
        );
        out.insert("address".to_owned(), address.into());
    }
    put(
        &mut out,
        "geo",
        data.geo.map(|geo| json!({"@type": "GeoCoordinates", "latitude": geo.lat, "longitude": geo.lon})),
    );
    put(
        &mut out,
        "parentOrganization",
        data.operator.as_ref().map(|name| json!({"@type": "Organization", "name": name})),
    );
    let identifiers: Vec<Value> = [("法人番号", &data.corporate_number), ("事業所番号", &data.office_number)]
        .into_iter()
        .filter_map(|(name, number)| {
            number.as_ref().map(|number| json!({"@type": "PropertyValue", "name": name, "value": number}))
        })
        .collect();
    put(&mut out, "identifier", (!identifiers.is_empty()).then_some(identifiers));
    Value::Object(out)
}

/// Event, only where a day is certain.
pub(crate) fn event(
    catalog: &Catalog,
    base: &Base,
    event: &LinkedEvent,
    url: &str,
    description: &str,
) -> Option<Value> {
    let data = &event.entry.data;
    let all = event.in_calendars();
    let certain: Vec<&Occasion> = all.iter().filter(|occasion| occasion.meets()).collect();
    let last = certain.last()?;
    let today = catalog.moment.today;
    let mut out = object("Event");
    out.insert("name".to_owned(), data.title.clone().into());
    out.insert("url".to_owned(), url.into());
    out.insert("description".to_owned(), description.into());
    put(&mut out, "image", image(catalog, base, &event.entry.meta.photos));
    // Days that follow each other are one; of days apart, the next are the event and the others its parts.
    let follows = |a: &&Occasion, b: &&Occasion| b.range.start.number() - a.range.end.number() <= 1;
    let stretch = certain.chunk_by(follows).find(|days| days.last().is_some_and(|day| day.range.end >= today));
    let stretch = stretch.or_else(|| certain.chunk_by(follows).last())?;
    let (main, end) = (stretch.first()?, stretch.last()?);
    let offset = catalog.settings.offset();
    out.insert("startDate".to_owned(), moment(main.range.start, main.time.map(|time| time.start), &offset).into());
    out.insert("endDate".to_owned(), moment(end.range.end, end.time.and_then(|time| time.end), &offset).into());
    let status = match data.status {
        EventStatus::Cancelled => "EventCancelled",
        EventStatus::Postponed if data.is_put_off() => "EventPostponed",
        // With its new day it is no longer put off.
        EventStatus::Postponed => "EventRescheduled",
        EventStatus::MovedOnline => "EventMovedOnline",
        EventStatus::Scheduled | EventStatus::Tentative | EventStatus::Full => {
            if data.previous.is_some() {
                "EventRescheduled"
            } else {
                "EventScheduled"
            }
        }
    };
    out.insert("eventStatus".to_owned(), format!("https://schema.org/{status}").into());
    let mut previous: Vec<Value> = data
        .previous
        .iter()
        .flat_map(Scheduled::pieces)
        .filter_map(Scheduled::first_day)
        .map(|day| day.to_string().into())
        .collect();
    // Put off without a new day: the day it had is the one before.
    if data.status == EventStatus::Postponed && previous.is_empty() {
        previous.push(main.range.start.to_string().into());
    }
    put(&mut out, "previousStartDate", (previous.len() > 1).then(|| Value::Array(previous.clone())));
    put(&mut out, "previousStartDate", (previous.len() == 1).then(|| previous.remove(0)));
    let online = data.mode_now() == Mode::Online;
    let attendance = if online { "OnlineEventAttendanceMode" } else { "OfflineEventAttendanceMode" };
    out.insert("eventAttendanceMode".to_owned(), format!("https://schema.org/{attendance}").into());
    let here = |occasion: &Occasion| -> Option<Value> {
        if online {
            return Some(json!({"@type": "VirtualLocation", "url": url}));
        }
        event.venue_of(occasion).map(|venue| place(catalog, venue))
    };
    // Without a place it would be no event to search engines; a meeting in writing has none.
    out.insert("location".to_owned(), here(main)?);
    let organizer = data.host.clone().unwrap_or_else(|| catalog.settings.desk.name.clone());
    out.insert("organizer".to_owned(), json!({"@type": "Organization", "name": organizer, "url": base.absolute("/")}));
    if certain.len() > 1 {
        // Those to come, or all where none is.
        let any = last.range.end >= today;
        let parts: Vec<Value> = certain
            .iter()
            .filter(|o| !any || o.range.end >= today)
            .take(PARTS)
            .map(|occasion| {
                let mut part = Map::from_iter([
                    ("@type".to_owned(), "Event".into()),
                    ("name".to_owned(), data.title.clone().into()),
                ]);
                let start = moment(occasion.range.start, occasion.time.map(|time| time.start), &offset);
                let end = moment(occasion.range.end, occasion.time.and_then(|time| time.end), &offset);
                part.insert("startDate".to_owned(), start.into());
                part.insert("endDate".to_owned(), end.into());
                part.insert("eventStatus".to_owned(), format!("https://schema.org/{status}").into());
                put(&mut part, "location", here(occasion));
                part.into()
            })
            .collect();
        put(&mut out, "subEvent", (!parts.is_empty()).then_some(parts));
    }
    Some(Value::Object(out))
}

/// Days of one event in its structured data at most.
const PARTS: usize = 24;

fn moment(day: Day, clock: Option<Clock>, offset: &str) -> String {
    match clock {
        // There is no 24 o'clock in ISO 8601 any more.
        Some(clock) if clock.minutes() >= 24 * 60 => format!("{}T00:00:00{offset}", day.next()),
        Some(clock) => format!("{day}T{clock}:00{offset}"),
        None => day.to_string(),
    }
}

fn place(catalog: &Catalog, venue: &Venue) -> Value {
    let mut place =
        Map::from_iter([("@type".to_owned(), "Place".into()), ("name".to_owned(), venue.name.clone().into())]);
    let area = venue.area.as_deref().and_then(|id| catalog.vocabulary.area(id));
    let locality = area.and_then(|at| catalog.vocabulary.areas.get(at)).map(|area| area.word.label.clone());
    if venue.address.is_some() || locality.is_some() {
        let mut address =
            Map::from_iter([("@type".to_owned(), "PostalAddress".into()), ("addressCountry".to_owned(), "JP".into())]);
        put(&mut address, "streetAddress", venue.address.clone());
        put(&mut address, "addressLocality", locality);
        place.insert("address".to_owned(), address.into());
    }
    let geo = venue.geo.map(|geo| json!({"@type": "GeoCoordinates", "latitude": geo.lat, "longitude": geo.lon}));
    put(&mut place, "geo", geo);
    Value::Object(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_closes_the_script_element() {
        let text = safe(&json!({"name": "</script><script>alert(1)</script>&"}));
        assert!(!text.contains('<') && !text.contains('>'));
        let back: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!(back["name"], "</script><script>alert(1)</script>&");
    }
}
