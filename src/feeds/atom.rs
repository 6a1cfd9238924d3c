//! The Atom feed: news, and events as they are announced.

use super::xml::{element, escape};
use crate::catalog::{Catalog, LinkedEvent};
use crate::model::{Day, Kind};
use crate::site::{Base, entry_address};

/// Entries in the feed at most.
const LONGEST: usize = 50;

struct Item<'a> {
    day: Day,
    title: String,
    address: String,
    summary: String,
    category: Option<&'a str>,
}

pub(super) fn feed(catalog: &Catalog, base: &Base) -> String {
    let mut items: Vec<Item<'_>> = catalog
        .news
        .iter()
        .filter(|news| !news.meta.hidden)
        .map(|news| Item {
            day: news.data.date,
            title: news.data.title.clone(),
            address: entry_address(Kind::News, &news.id),
            summary: news.body.summary.clone(),
            category: news.data.kind.as_deref(),
        })
        .collect();
    for ix in catalog.listed_events() {
        let event = catalog.event(ix);
        let kind = catalog.vocabulary.event_kinds.iter().find(|kind| kind.id == event.entry.data.kind);
        let venue = event.entry.data.venue.as_ref().map(|venue| format!("、{}", venue.name)).unwrap_or_default();
        items.push(Item {
            day: announced(event, catalog.moment.today),
            title: event.entry.data.title.clone(),
            address: entry_address(Kind::Event, &event.entry.id),
            summary: format!("{}{venue}。{}", event.when.label(), event.entry.body.summary),
            category: kind.map(|kind| kind.label.as_str()),
        });
    }
    items.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.address.cmp(&b.address)));
    items.truncate(LONGEST);

    let settings = &catalog.settings;
    let offset = settings.offset();
    let home = base.absolute("/");
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"");
    out.push_str(" xml:lang=\"");
    escape(&mut out, &settings.language);
    out.push_str("\">\n");
    element(&mut out, "id", &home);
    element(&mut out, "title", &settings.title);
    if !settings.description.is_empty() {
        element(&mut out, "subtitle", &settings.description);
    }
    link(&mut out, "alternate", &home);
    link(&mut out, "self", &base.absolute("/feed.xml"));
    let newest = items.first().map_or(catalog.moment.today, |item| item.day);
    element(&mut out, "updated", &stamp(newest, &offset));
    out.push_str("<author>\n");
    element(&mut out, "name", &settings.desk.name);
    out.push_str("</author>\n");
    for item in &items {
        let url = base.absolute(&item.address);
        out.push_str("<entry>\n");
        element(&mut out, "id", &url);
        element(&mut out, "title", &item.title);
        link(&mut out, "alternate", &url);
        element(&mut out, "updated", &stamp(item.day, &offset));
        if let Some(category) = item.category {
            out.push_str("<category term=\"");
            escape(&mut out, category);
            out.push_str("\"/>\n");
        }
        element(&mut out, "summary", &item.summary);
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

fn link(out: &mut String, rel: &str, url: &str) {
    out.push_str(&format!("<link rel=\"{rel}\" href=\""));
    escape(out, url);
    out.push_str("\"/>\n");
}

/// Midnight at the site: a day is all that entries say, and the same build must give the same bytes.
fn stamp(day: Day, offset: &str) -> String {
    format!("{day}T00:00:00{offset}")
}

/// When an event became known: `published`, else the day it was last made sure of, else the beginning
/// of its fiscal year, when yearly plans come out. Never the day of the build, which would make it new
/// every day, and never the future.
fn announced(event: &LinkedEvent, today: Day) -> Day {
    let meta = &event.entry.meta;
    let year = event.when.first_day().map(Day::fiscal_year).or(event.when.fiscal_year).unwrap_or(today.fiscal_year());
    let begins = year.first_day().unwrap_or(today);
    let begins = if begins > today { today.fiscal_year().first_day().unwrap_or(today) } else { begins };
    meta.published.or(meta.checked_on).filter(|day| *day <= today).unwrap_or(begins)
}
