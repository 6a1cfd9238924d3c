//! The page of an event.

use super::cards::area_label;
use super::meta::{Head, LinkView, Meta};
use super::{Fact, Facts, PhotoView, Views, map_url};
use crate::catalog::{EventIx, FacilityIx};
use crate::feeds::json_ld;
use crate::model::{Audience, Event, EventStatus, Kind, Mode, TimeRange, Venue};
use crate::site::route::entry_address;
use crate::source::assets::published_path;
use serde::Serialize;
use tera::Value;

/// The page of an event.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct EventView {
    pub meta: Meta,
    pub id: String,
    pub title: String,
    pub kind: LinkView,
    pub when: String,
    /// As the council wrote it, where that differs.
    pub when_written: Option<String>,
    pub when_kind: &'static str,
    pub start: Option<String>,
    pub time: Option<String>,
    /// 午前10時から午後3時まで
    pub time_spoken: Option<String>,
    pub mode: &'static str,
    pub mode_label: &'static str,
    pub venue: Option<VenueView>,
    pub sessions: Vec<SessionView>,
    pub facts: Vec<Fact>,
    pub status: &'static str,
    pub status_label: &'static str,
    pub status_note: Option<String>,
    pub previous: Option<String>,
    pub over: bool,
    pub members: bool,
    pub apply: Option<ApplyView>,
    pub facilities: Vec<Value>,
    pub products: Vec<Value>,
    pub files: Vec<LinkView>,
    pub reports: Vec<LinkView>,
    pub photos: Vec<PhotoView>,
    /// A drawing that stands for a missing photo.
    pub illustration: Option<String>,
    pub html: String,
    pub easy: Option<String>,
}

/// A place.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct VenueView {
    pub name: String,
    pub address: Option<String>,
    pub area: String,
    pub access: Option<String>,
    pub floor: Option<String>,
    pub map: Option<String>,
}

/// A day of an event with its own hours, place or sellers.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct SessionView {
    pub when: String,
    /// The first day, for `<time>`.
    pub start: Option<String>,
    pub time: Option<String>,
    pub venue: Option<String>,
    pub facilities: Vec<LinkView>,
    pub items: Vec<String>,
    pub note: Option<String>,
}

/// How to take part.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct ApplyView {
    pub deadline: Option<String>,
    pub closed: bool,
    pub contact: Option<String>,
    pub url: Option<String>,
    pub places: Option<u64>,
    pub file: Option<String>,
}

impl Views<'_> {
    pub(super) fn event(&self, ix: EventIx, address: &str) -> EventView {
        let event = self.catalog.event(ix);
        let (entry, data) = (&event.entry, &event.entry.data);
        let kind = self.catalog.vocabulary.event_kinds.iter().find(|kind| kind.id == data.kind);
        let drawing = kind.and_then(|kind| kind.image.as_deref());
        let kind = self.link(kind.map_or("", |kind| kind.label.as_str()), &format!("/events/kind/{}/", data.kind));
        let mut crumbs = self.crumbs(&[("催し", "/events/")]);
        crumbs.push(kind.clone());
        let when = event.when.label();
        let place = data.venue.as_ref().map(|venue| format!("、{}", venue.name)).unwrap_or_default();
        let description = format!("{when}{place}。{}", entry.body.summary);
        let canonical = self.base.absolute(address);
        let head = Head {
            description: &description,
            og_type: "article",
            image: entry.meta.photos.first().map(|photo| photo.file.as_str()),
            crumbs,
            json_ld: json_ld::event(self.catalog, self.base, event, &canonical, &description),
            noindex: entry.meta.hidden,
            ..Head::new(&data.title)
        };
        EventView {
            meta: self.meta(address, head),
            id: entry.id.clone(),
            title: data.title.clone(),
            kind,
            when,
            when_written: event.when.other_words(),
            when_kind: event.when.kind(),
            start: event.when.first_day().map(|day| day.to_string()),
            time: data.time.map(TimeRange::label),
            time_spoken: data.time.map(TimeRange::spoken),
            mode: data.mode.word(),
            mode_label: data.mode.label(),
            venue: data.venue.as_ref().filter(|_| data.mode == Mode::Place).map(|venue| self.venue(venue)),
            sessions: self.sessions(data),
            facts: facts(data),
            status: data.status.word(),
            status_label: data.status.label(),
            status_note: data.status_note.clone(),
            previous: data.previous.as_ref().map(crate::model::Scheduled::label),
            over: event.over,
            members: data.audience == Audience::Members,
            apply: self.apply(data),
            facilities: event.facilities.iter().map(|ix| self.cards.facility(*ix)).collect(),
            products: event.products.iter().map(|ix| self.cards.product(*ix)).collect(),
            files: data.files.iter().map(|file| self.file(&file.file, file.title.as_deref())).collect(),
            reports: event
                .reports
                .iter()
                .filter_map(|at| self.catalog.reports.get(*at))
                .filter(|report| !report.meta.hidden)
                .map(|report| self.link(&report.data.title, &entry_address(Kind::Report, &report.id)))
                .collect(),
            photos: self.photos(&entry.meta.photos),
            illustration: drawing.map(|source| self.base.asset(source)),
            html: self.html(&entry.body),
            easy: self.easy(entry.easy.as_ref()),
        }
    }

    fn venue(&self, venue: &Venue) -> VenueView {
        let area = venue.area.as_deref().and_then(|id| self.catalog.vocabulary.area(id));
        VenueView {
            name: venue.name.clone(),
            address: venue.address.clone(),
            area: area.map_or_else(String::new, |at| area_label(self.catalog, at).to_owned()),
            access: venue.access.clone(),
            floor: venue.floor.clone(),
            map: venue.geo.map(map_url),
        }
    }

    fn sessions(&self, data: &Event) -> Vec<SessionView> {
        data.sessions
            .iter()
            .map(|session| SessionView {
                when: session.on.label(),
                start: session.on.first_day().map(|day| day.to_string()),
                time: session.time.map(TimeRange::label),
                venue: session.venue.as_ref().map(|venue| venue.name.clone()),
                facilities: session
                    .facilities
                    .iter()
                    .filter_map(|id| self.catalog.find(Kind::Facility, id))
                    .map(|at| &self.catalog.facility(FacilityIx(at)).entry)
                    .map(|entry| self.link(&entry.data.name, &entry_address(Kind::Facility, &entry.id)))
                    .collect(),
                items: session.items.clone(),
                note: session.note.clone(),
            })
            .collect()
    }

    fn apply(&self, data: &Event) -> Option<ApplyView> {
        let apply = data.apply.as_ref()?;
        Some(ApplyView {
            deadline: apply.deadline.map(crate::model::Day::long),
            closed: apply.deadline.is_some_and(|day| day < self.catalog.moment.today)
                || data.status == EventStatus::Full,
            contact: apply.contact.clone(),
            url: apply.url.clone(),
            places: apply.places,
            file: apply.file.as_ref().map(|file| self.base.asset(file)),
        })
    }

    fn file(&self, source: &str, title: Option<&str>) -> LinkView {
        let path = published_path(source);
        let name = path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit('.').next().unwrap_or_default().to_uppercase();
        LinkView { label: format!("{}（{ending}）", title.unwrap_or(name)), url: self.base.href(&path) }
    }
}

fn facts(data: &Event) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("主催", data.host.clone());
    facts.add("後援・協力", Some(data.support.join("、")));
    facts.add("参加費", data.fee.clone());
    facts.add("シリーズ", data.series.clone());
    facts.add("対象", (data.audience == Audience::Members).then(|| data.audience.label().to_owned()));
    facts.add("来場の方へ", data.gifts.clone());
    facts.add("雨のとき", data.rain.map(|rain| rain.label().to_owned()));
    facts.add("予備日", data.rain_date.as_ref().map(crate::model::Scheduled::label));
    facts.0
}
