//! The Atom feed: news, and events as they are announced.

use super::xml::{element, escape};
use crate::catalog::{Catalog, LinkedEvent};
use crate::model::{Day, EventStatus, Kind};
use crate::site::{Base, entry_address};

/// Entries in the feed at most.
const LONGEST: usize = 50;

struct Item<'a> {
    day: Day,
    title: String,
    address: String,
    /// Tells a change from the announcement.
    mark: String,
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
            mark: String::new(),
            summary: news.body.summary.clone(),
            category: news.data.kind.as_deref(),
        })
        .collect();
    let today = catalog.moment.today;
    for ix in catalog.listed_events() {
        let event = catalog.event(ix);
        let data = &event.entry.data;
        let kind = catalog.vocabulary.event_kind(&data.kind);
        let venue = data.venue.as_ref().map(|venue| format!("、{}", venue.name)).unwrap_or_default();
        let announced = Item {
            day: event.announced(today),
            title: data.title.clone(),
            address: entry_address(Kind::Event, &event.entry.id),
            mark: String::new(),
            summary: format!("{}{venue}。{}", event.when.label(), event.entry.body.summary),
            category: kind.map(|kind| kind.label.as_str()),
        };
        // A change is news of its own; a reader who knows the event already would not see it else.
        let mark = change(event);
        match event.changed(today) {
            Some(day) => {
                let note = data.status_note.as_deref().map(|note| format!("{note} ")).unwrap_or_default();
                let before =
                    data.previous.as_ref().map(|p| format!("はじめの予定: {}。", p.history())).unwrap_or_default();
                items.push(Item {
                    day,
                    title: format!("{}{}", if mark.is_empty() { "【変更】" } else { mark }, data.title),
                    mark: format!("#changed-{day}"),
                    summary: format!("{note}{before}{}", announced.summary),
                    address: announced.address.clone(),
                    ..announced
                });
                items.push(announced);
            }
            None => items.push(Item { title: format!("{mark}{}", data.title), ..announced }),
        }
    }
    items.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| (&a.address, &a.mark).cmp(&(&b.address, &b.mark))));
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
        element(&mut out, "id", &format!("{url}{}", item.mark));
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

/// What is otherwise than it was, for the head of a title.
pub(super) fn change(event: &LinkedEvent) -> &'static str {
    match event.entry.data.status {
        EventStatus::Cancelled => "【中止】",
        EventStatus::Postponed if event.entry.data.is_put_off() => "【延期】",
        EventStatus::Postponed => "【日程変更】",
        EventStatus::MovedOnline => "【オンラインに変更】",
        EventStatus::Full => "【満席】",
        EventStatus::Scheduled | EventStatus::Tentative if event.entry.data.previous.is_some() => "【日程変更】",
        EventStatus::Scheduled | EventStatus::Tentative => "",
    }
}
