//! The page of an event.

use super::cards::area_label;
use super::events::CalendarView;
use super::meeting::{range_label, venue_map};
use super::meta::{Head, LinkView, Meta};
use super::{Fact, Facts, MeetingView, PhotoView, Views};
use crate::catalog::{EventIx, FacilityIx, Occasion};
use crate::feeds::json_ld;
use crate::model::{Audience, Event, EventStatus, Kind, Mode, TimeRange, Venue};
use crate::site::plan::CalendarOf;
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
    /// To be read aloud: 2026年12月5日、土曜日から、12月6日、日曜日まで
    pub when_spoken: String,
    pub start: Option<String>,
    /// The last day on which it may take place: after it, it is over.
    pub until: Option<String>,
    pub time: Option<String>,
    /// 午前10時から午後3時まで
    pub time_spoken: Option<String>,
    pub mode: &'static str,
    pub mode_label: &'static str,
    pub venue: Option<VenueView>,
    pub sessions: Vec<SessionView>,
    /// Whether some days have other hours than the whole.
    pub time_differs: bool,
    /// Whether some days are elsewhere.
    pub venue_differs: bool,
    /// The next days of an event that has many and no sessions.
    pub days: Vec<MeetingView>,
    /// How many more there are.
    pub days_more: usize,
    /// When orders are taken.
    pub orders: Vec<OrdersView>,
    pub facts: Vec<Fact>,
    pub status: &'static str,
    pub status_label: &'static str,
    pub status_note: Option<String>,
    pub previous: Option<String>,
    /// When the change was made known: 2026年10月1日(木)
    pub changed: Option<String>,
    /// Whether a day of it is or was certain.
    pub dated: bool,
    /// Postponed, and the new day is not known.
    pub put_off: bool,
    pub over: bool,
    pub members: bool,
    pub apply: Option<ApplyView>,
    pub facilities: Vec<Value>,
    pub products: Vec<Value>,
    pub files: Vec<LinkView>,
    pub reports: Vec<LinkView>,
    /// For calendar programs; none where no day is certain.
    pub calendar: Option<CalendarView>,
    /// Rows of yearly plans that it fulfils.
    pub plans: Vec<LinkView>,
    /// Others of its series, the next first.
    pub series: Vec<LinkView>,
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
    pub until: Option<String>,
    pub time: Option<String>,
    pub venue: Option<VenueView>,
    pub facilities: Vec<LinkView>,
    pub items: Vec<String>,
    pub note: Option<String>,
}

/// A period in which orders are taken.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct OrdersView {
    pub when: String,
    pub start: String,
    pub until: String,
    /// `before`, `open` or `closed`
    pub state: &'static str,
}

/// How to take part.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct ApplyView {
    pub deadline: Option<String>,
    /// The last day: after it, it is closed.
    pub until: Option<String>,
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
        let kind = self.catalog.vocabulary.event_kind(&data.kind);
        let drawing = kind.and_then(|kind| kind.image.as_deref());
        let kind = self.link(kind.map_or("", |kind| kind.label.as_str()), &format!("/events/kind/{}/", data.kind));
        let mut crumbs = self.crumbs(&[("催し", "/events/")]);
        crumbs.push(kind.clone());
        let when = event.when.label();
        let today = self.catalog.moment.today;
        let all = event.occasions.iter().filter(|occasion| occasion.meets()).count();
        // A single day has been said above, and sessions have their own table.
        let coming: Vec<_> = match data.sessions.is_empty() && all > 1 {
            true => event.coming(today).filter(|occasion| occasion.meets()).collect(),
            false => Vec::new(),
        };
        let place = data.venue.as_ref().map(|venue| format!("、{}", venue.name)).unwrap_or_default();
        let description = format!("{when}{place}。{}", entry.body.summary);
        let canonical = self.base.absolute(address);
        let head = Head {
            description: &description,
            og_type: "article",
            image: entry.meta.photos.first(),
            instead: drawing,
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
            when_spoken: event.when.spoken(),
            start: event.when.first_day().map(|day| day.to_string()),
            until: event.until.map(|day| day.to_string()),
            time: data.time.map(TimeRange::label),
            time_spoken: data.time.map(TimeRange::spoken),
            mode: data.mode_now().word(),
            mode_label: data.mode_now().label(),
            venue: data.venue.as_ref().filter(|_| data.mode_now() == Mode::Place).map(|venue| self.venue(venue)),
            sessions: self.sessions(data),
            time_differs: event.occasions.iter().any(|o| o.meets() && o.time != data.time),
            venue_differs: data.sessions.iter().any(|s| {
                s.venue.as_ref().is_some_and(|own| data.venue.as_ref().is_none_or(|venue| own.name != venue.name))
            }),
            days_more: coming.len().saturating_sub(DAYS),
            days: coming.iter().take(DAYS).map(|occasion| self.meeting(ix, occasion)).collect(),
            orders: event
                .occasions
                .iter()
                .filter(|o| o.orders())
                .map(|o| orders(o, self.catalog.moment.today))
                .collect(),
            facts: facts(data),
            status: data.status.word(),
            status_label: data.status.label(),
            status_note: data.status_note.clone(),
            previous: data.previous.as_ref().map(crate::model::Scheduled::history),
            changed: event.changed(self.catalog.moment.today).map(crate::model::Day::long),
            dated: event.occasions.iter().any(Occasion::meets),
            put_off: data.is_put_off(),
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
            calendar: event.occasions.iter().any(|o| !o.reserve()).then(|| self.calendar(CalendarOf::Event(ix))),
            plans: self.plans_of(&entry.id),
            series: self.series_of(ix, data),
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
            map: venue_map(venue),
        }
    }

    fn sessions(&self, data: &Event) -> Vec<SessionView> {
        data.sessions
            .iter()
            .map(|session| SessionView {
                when: session.on.label(),
                start: session.on.first_day().map(|day| day.to_string()),
                until: session.on.last_day().map(|day| day.to_string()),
                time: session.time.or(session.on.time()).or(data.time).map(TimeRange::label),
                venue: session.venue.as_ref().map(|venue| self.venue(venue)),
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
            deadline: apply.deadline.map(crate::model::Deadline::label),
            until: apply.deadline.map(|deadline| deadline.day.to_string()),
            closed: apply.deadline.is_some_and(|deadline| deadline.day < self.catalog.moment.today)
                || data.status == EventStatus::Full,
            contact: apply.contact.clone(),
            url: apply.url.clone(),
            places: apply.places,
            file: apply.file.as_ref().map(|file| self.base.asset(file)),
        })
    }

    /// The rows of yearly plans that an event fulfils.
    fn plans_of(&self, id: &str) -> Vec<LinkView> {
        let mut links = Vec::new();
        for plan in self.catalog.plans.iter().filter(|plan| !plan.meta.hidden) {
            let rows = plan.data.sections.iter().flat_map(|section| &section.rows);
            for row in rows.filter(|row| row.events.iter().any(|event| event == id)) {
                let label = format!("{}の事業計画「{}」", plan.data.fiscal_year.label(), row.what);
                links.push(self.link(&label, &format!("/plans/{}/", plan.data.fiscal_year.0)));
            }
        }
        links
    }

    /// The others of its series.
    fn series_of(&self, ix: EventIx, data: &Event) -> Vec<LinkView> {
        let Some(series) = &data.series else { return Vec::new() };
        let others = self.shared.series.get(series).into_iter().flatten().filter(|other| **other != ix);
        others
            .take(6)
            .map(|other| {
                let event = self.catalog.event(*other);
                let label = format!("{}（{}）", event.entry.data.title, event.when.label());
                self.link(&label, &entry_address(Kind::Event, &event.entry.id))
            })
            .collect()
    }

    fn file(&self, source: &str, title: Option<&str>) -> LinkView {
        let path = published_path(source);
        let name = path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit('.').next().unwrap_or_default().to_uppercase();
        LinkView { label: format!("{}（{ending}）", title.unwrap_or(name)), url: self.base.href(&path) }
    }
}

/// Days of an event that has many: a dozen are shown, the others wait for them to be over.
const DAYS: usize = 60;

fn orders(occasion: &Occasion, today: crate::model::Day) -> OrdersView {
    OrdersView {
        when: range_label(occasion.range),
        start: occasion.range.start.to_string(),
        until: occasion.range.end.to_string(),
        state: match today {
            today if today < occasion.range.start => "before",
            today if today > occasion.range.end => "closed",
            _ => "open",
        },
    }
}

fn facts(data: &Event) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("主催", data.host.clone());
    facts.add("後援・協力", Some(data.support.join("、")));
    facts.add("参加費", data.fee.clone());
    let open = data.order_period.as_ref().filter(|period| period.days().is_empty());
    facts.add("注文の受付", open.map(crate::model::Scheduled::label));
    facts.add("シリーズ", data.series.clone());
    facts.add("対象", (data.audience == Audience::Members).then(|| data.audience.label().to_owned()));
    facts.add("来場の方へ", data.gifts.clone());
    facts.add("雨のとき", data.rain.map(|rain| rain.label().to_owned()));
    facts.add("予備日", data.rain_date.as_ref().map(crate::model::Scheduled::label));
    facts.0
}
