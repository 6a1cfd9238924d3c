//! iCalendar (RFC 5545): all events, those of a kind, of a facility, a single one.
//!
//! What has no certain day is not in it. A rule stays a rule (RRULE with its exceptions); every other day
//! is an event of its own. Nothing depends on the time of the build: DTSTAMP is the day on which the entry
//! says that it was announced or changed, and SEQUENCE grows with that day.

use super::atom::change;
use crate::catalog::{Catalog, EventIx, LinkedEvent, Occasion};
use crate::model::schedule::rule::{Every, Rule, Weekdays};
use crate::model::time::Clock;
use crate::model::{Day, EventStatus, Kind, Mode, TimeRange, Venue, When};
use crate::site::{Base, CalendarOf, entry_address};
use std::fmt::Write as _;

/// A line is at most so many octets long.
const FOLD: usize = 75;

/// A calendar file.
pub(super) fn calendar(catalog: &Catalog, base: &Base, of: CalendarOf) -> String {
    let settings = &catalog.settings;
    let title = &settings.title;
    let listed = |kind: &str| catalog.by_kind.get(kind).cloned().unwrap_or_default();
    let (name, events, facility) = match of {
        CalendarOf::All => (format!("{title} 催し"), catalog.listed_events().collect(), None),
        CalendarOf::Kind(at) => {
            let kind = catalog.vocabulary.event_kinds.get(at);
            let (id, label) = kind.map_or(("", ""), |kind| (kind.id.as_str(), kind.label.as_str()));
            (format!("{title} {label}"), listed(id), None)
        }
        CalendarOf::Facility(ix) => {
            let facility = catalog.facility(ix);
            (format!("{} {title}", facility.entry.data.name), facility.events.clone(), Some(ix))
        }
        CalendarOf::Event(ix) => (catalog.event(ix).entry.data.title.clone(), vec![ix], None),
    };
    let (zone, host) = (Zone::new(&settings.offset()), host(catalog));
    let mut out = Lines(String::with_capacity(1024 + events.len() * 700));
    out.plain("BEGIN:VCALENDAR");
    out.plain("VERSION:2.0");
    out.plain("PRODID:-//heartnet//heartnet//JA");
    out.plain("CALSCALE:GREGORIAN");
    out.text("NAME", &name);
    out.text("X-WR-CALNAME", &name);
    out.plain(&format!("X-WR-TIMEZONE:{}", zone.id));
    out.plain("REFRESH-INTERVAL;VALUE=DURATION:PT12H");
    zone.write(&mut out);
    for ix in events {
        let event = catalog.event(ix);
        let groups = groups(event);
        let alone = groups.len() == 1;
        for group in groups {
            let key = if alone { String::new() } else { key(event, &group) };
            let here = |o: &Occasion| facility.is_none_or(|facility| event.takes_part(facility, o));
            let occasions: Vec<Occasion> = group.into_iter().filter(here).collect();
            if !occasions.is_empty() {
                Writer { catalog, base, zone: &zone, host: &host, out: &mut out }.event(ix, &key, &occasions);
            }
        }
    }
    out.plain("END:VCALENDAR");
    out.0
}

/// Occasions that make one VEVENT: all days of a rule, and every other day alone.
fn groups(event: &LinkedEvent) -> Vec<Vec<Occasion>> {
    let mut groups: Vec<Vec<Occasion>> = Vec::new();
    for occasion in event.in_calendars() {
        let rule = rule_of(event, &occasion).is_some();
        // Several days a year with hours are each a VEVENT: one cannot have two rules.
        let rule = rule && (occasion.time.is_none() || occasion.range.start == occasion.range.end);
        let same = |group: &&mut Vec<Occasion>| {
            group.first().is_some_and(|first| {
                rule && (first.session, first.what, first.piece) == (occasion.session, occasion.what, occasion.piece)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(occasion),
            None => groups.push(vec![occasion]),
        }
    }
    groups
}

/// The rule an occasion comes from.
fn rule_of<'e>(event: &'e LinkedEvent, occasion: &Occasion) -> Option<&'e Rule> {
    let data = &event.entry.data;
    let schedule = match occasion.session {
        _ if occasion.orders() => data.order_period.as_ref(),
        Some(at) => data.sessions.get(at).map(|session| &session.on),
        None => data.schedule.as_ref(),
    };
    match schedule.and_then(|schedule| schedule.pieces().nth(occasion.piece)).map(|piece| &piece.when) {
        Some(When::Recurring(rule)) => Some(rule),
        _ => None,
    }
}

/// The site's zone. Japan has had one offset since 1951.
struct Zone {
    id: String,
    /// `+0900`
    offset: String,
    minutes: i32,
}

impl Zone {
    fn new(offset: &str) -> Self {
        let digits: String = offset.chars().filter(|c| *c != ':').collect();
        let number = |range| digits.get(range).and_then(|text: &str| text.parse::<i32>().ok()).unwrap_or_default();
        let minutes = number(1..3) * 60 + number(3..5);
        Self {
            // Without a colon, which would have to stand in quotes.
            id: if offset == "+09:00" { "Asia/Tokyo".to_owned() } else { format!("UTC{digits}") },
            minutes: if digits.starts_with('-') { -minutes } else { minutes },
            offset: digits,
        }
    }

    fn write(&self, out: &mut Lines) {
        out.plain("BEGIN:VTIMEZONE");
        out.plain(&format!("TZID:{}", self.id));
        out.plain("BEGIN:STANDARD");
        out.plain("DTSTART:19700101T000000");
        out.plain(&format!("TZOFFSETFROM:{}", self.offset));
        out.plain(&format!("TZOFFSETTO:{}", self.offset));
        out.plain(&format!("TZNAME:{}", if self.id == "Asia/Tokyo" { "JST" } else { &self.id }));
        out.plain("END:STANDARD");
        out.plain("END:VTIMEZONE");
    }

    /// A moment of a day at the site, in minutes since midnight, as UTC.
    fn utc(&self, day: Day, minutes: i32) -> String {
        let moment = minutes - self.minutes;
        format!("{}Z", local(day.plus(moment.div_euclid(24 * 60)), moment.rem_euclid(24 * 60)))
    }
}

fn date(day: Day) -> String {
    format!("{:04}{:02}{:02}", day.0.year(), day.0.month(), day.0.day())
}

/// 24:00 is the next day's midnight.
fn local(day: Day, minutes: i32) -> String {
    let day = day.plus(minutes / (24 * 60));
    let minutes = minutes % (24 * 60);
    format!("{}T{:02}{:02}00", date(day), minutes / 60, minutes % 60)
}

struct Writer<'a> {
    catalog: &'a Catalog,
    base: &'a Base,
    zone: &'a Zone,
    host: &'a str,
    out: &'a mut Lines,
}

impl Writer<'_> {
    fn event(&mut self, ix: EventIx, key: &str, occasions: &[Occasion]) {
        let Some(first) = occasions.first() else { return };
        let event = self.catalog.event(ix);
        let data = &event.entry.data;
        let today = self.catalog.moment.today;
        let said = event.changed(today).unwrap_or_else(|| event.announced(today));
        let url = self.base.absolute(&entry_address(Kind::Event, &event.entry.id));
        self.out.plain("BEGIN:VEVENT");
        // An id has no dot, so a key behind it is nobody else's.
        self.out.plain(&format!("UID:{}{key}@{}", event.entry.id, self.host));
        self.out.plain(&format!("DTSTAMP:{}T000000Z", date(said)));
        self.out.plain(&format!("LAST-MODIFIED:{}T000000Z", date(said)));
        self.out.plain(&format!("SEQUENCE:{}", sequence(event, today)));
        self.out.text("SUMMARY", &summary(event, first));
        self.when(event, occasions);
        if data.mode_now() == Mode::Online && !first.orders() {
            self.out.text("LOCATION", "オンライン");
        } else if let Some(venue) = event.venue_of(first) {
            self.out.text("LOCATION", &place(venue));
            if let Some(geo) = venue.geo {
                self.out.plain(&format!("GEO:{};{}", geo.lat, geo.lon));
            }
        }
        self.out.text("DESCRIPTION", &self.description(event, first, &url));
        self.out.plain(&format!("URL:{url}"));
        if let Some(kind) = self.catalog.vocabulary.event_kind(&data.kind) {
            self.out.text("CATEGORIES", &kind.label);
        }
        let desk = &self.catalog.settings.desk;
        let contact: Vec<&str> = [Some(desk.name.as_str()), desk.tel.as_deref()].into_iter().flatten().collect();
        self.out.text("CONTACT", &contact.join(" "));
        let status = match data.status {
            // Put off without a new day: on that day nothing takes place.
            _ if !event.stands() => "CANCELLED",
            EventStatus::Tentative => "TENTATIVE",
            _ => "CONFIRMED",
        };
        self.out.plain(&format!("STATUS:{status}"));
        // A whole day in a calendar does not make anybody busy.
        self.out.plain(if first.time.is_none() { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" });
        self.out.plain("END:VEVENT");
    }

    /// DTSTART, DTEND, and what makes it come again.
    fn when(&mut self, event: &LinkedEvent, occasions: &[Occasion]) {
        let Some(first) = occasions.first() else { return };
        let zone = self.zone.id.clone();
        let days = first.range.end.number() - first.range.start.number();
        match first.time {
            None => {
                self.out.plain(&format!("DTSTART;VALUE=DATE:{}", date(first.range.start)));
                self.out.plain(&format!("DTEND;VALUE=DATE:{}", date(first.range.end.next())));
            }
            Some(time) => {
                let (start, end) = minutes(time);
                self.out.plain(&format!("DTSTART;TZID={zone}:{}", local(first.range.start, start)));
                if let Some(end) = end {
                    self.out.plain(&format!("DTEND;TZID={zone}:{}", local(first.range.start, end)));
                }
                if days > 0 {
                    // The same hours on each of the days.
                    self.out.plain(&format!("RRULE:FREQ=DAILY;COUNT={}", days + 1));
                }
            }
        }
        let Some(rule) = rule_of(event, first).filter(|_| occasions.len() > 1) else { return };
        let actual: Vec<Day> = occasions.iter().map(|occasion| occasion.range.start).collect();
        let Some(last) = actual.last() else { return };
        let start = first.time.map(|time| minutes(time).0);
        let list = |days: &[Day]| -> String {
            let value = |day: &Day| start.map_or_else(|| date(*day), |start| local(*day, start));
            days.iter().map(value).collect::<Vec<_>>().join(",")
        };
        let kind = if start.is_some() { format!("TZID={zone}") } else { "VALUE=DATE".to_owned() };
        // Holidays are no rule that calendars know: then the days are listed, the first one too, since not
        // every reader counts DTSTART in when there is no rule.
        let Some(text) = rrule(rule) else {
            self.out.plain(&format!("RDATE;{kind}:{}", list(&actual)));
            return;
        };
        let until = start.map_or_else(|| date(*last), |start| self.zone.utc(*last, start));
        self.out.plain(&format!("RRULE:{text};UNTIL={until}"));
        let named = rule.named(first.range.start, *last);
        let left_out: Vec<Day> = named
            .into_iter()
            .filter(|day| rule.months.is_empty() || rule.months.holds(day.0.month()))
            .filter(|day| actual.binary_search(day).is_err())
            .collect();
        if !left_out.is_empty() {
            self.out.plain(&format!("EXDATE;{kind}:{}", list(&left_out)));
        }
    }

    fn description(&self, event: &LinkedEvent, occasion: &Occasion, url: &str) -> String {
        let data = &event.entry.data;
        let mut lines: Vec<String> = Vec::new();
        lines.extend(data.status_note.clone());
        if let Some(previous) = &data.previous {
            lines.push(format!("はじめの予定: {}", previous.history()));
        }
        if !event.entry.body.summary.is_empty() {
            lines.push(event.entry.body.summary.clone());
        }
        let session = event.session_of(occasion);
        let own = session.map(|session| session.facilities.as_slice()).filter(|own| !own.is_empty());
        let names: Vec<&str> =
            own.unwrap_or(&data.facilities).iter().filter_map(|id| self.catalog.name_of(Kind::Facility, id)).collect();
        if !names.is_empty() && !occasion.orders() {
            lines.push(format!("参加: {}", names.join("、")));
        }
        if let Some(session) = session {
            if !session.items.is_empty() {
                lines.push(format!("品目: {}", session.items.join("、")));
            }
            lines.extend(session.note.clone());
        }
        if let Some(host) = &data.host {
            lines.push(format!("主催: {host}"));
        }
        if let Some(rain) = data.rain {
            lines.push(rain.label().to_owned());
        }
        if let Some(date) = &data.rain_date {
            lines.push(format!("予備日: {}", date.label()));
        }
        if let Some(deadline) = data.apply.as_ref().and_then(|apply| apply.deadline) {
            lines.push(format!("申し込み: {}", deadline.label()));
        }
        lines.push(url.to_owned());
        lines.join("\n")
    }
}

/// The end of every UID: the settings' host, never that of `--base-url`, so that a UID is stable wherever the
/// site is built.
fn host(catalog: &Catalog) -> String {
    Base::new(&catalog.settings.base_url)
        .and_then(|base| base.origin.split_once("://").map(|(_, host)| host.to_owned()))
        .unwrap_or_else(|| "heartnet".to_owned())
}

/// Tells the VEVENTs of one event apart by what they are, not by their place: a day that is added or taken
/// away leaves the others alone.
fn key(event: &LinkedEvent, group: &[Occasion]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let session = first.session.map(|at| format!(".s{at}")).unwrap_or_default();
    match rule_of(event, first) {
        Some(_) if group.len() > 1 => format!("{session}.rule{}", first.piece),
        _ => {
            let same = |other: &&Occasion| other.range.start == first.range.start && other.session != first.session;
            // The session is only named where two of them begin on one day.
            let session = if event.occasions.iter().any(|o| same(&o)) { session } else { String::new() };
            format!("{session}.{}", date(first.range.start))
        }
    }
}

/// Grows with every change that is made known: by its day where one is said.
fn sequence(event: &LinkedEvent, today: Day) -> i32 {
    let data = &event.entry.data;
    let epoch = Day::new(2020, 1, 1).map_or(0, Day::number);
    if let Some(changed) = event.changed(today) {
        return (changed.number() - epoch).max(1);
    }
    let moves = data.previous.as_ref().map_or(0, |previous| previous.pieces().count());
    let status = !matches!(data.status, EventStatus::Scheduled | EventStatus::Tentative);
    i32::try_from(moves).unwrap_or_default() + i32::from(status)
}

fn summary(event: &LinkedEvent, occasion: &Occasion) -> String {
    let data = &event.entry.data;
    let mark = if data.status == EventStatus::Tentative { "【仮】" } else { change(event) };
    let orders = if occasion.orders() { "（注文の受付）" } else { "" };
    format!("{mark}{}{orders}", data.title)
}

fn place(venue: &Venue) -> String {
    let parts = [Some(&venue.name), venue.floor.as_ref(), venue.address.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn minutes(time: TimeRange) -> (i32, Option<i32>) {
    (time.start.minutes(), time.end.map(Clock::minutes))
}

/// The rule as calendars know it, without its end; none for rules with public holidays.
fn rrule(rule: &Rule) -> Option<String> {
    const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let names = |days: Weekdays, nth: &str| -> Vec<String> {
        days.each().filter_map(|at| NAMES.get(at)).map(|name| format!("{nth}{name}")).collect()
    };
    let mut text = match &rule.every {
        Every::Week { holidays: true, .. } | Every::Often(_) => return None,
        Every::Week { step, weekdays, .. } => {
            let step = if *step > 1 { format!(";INTERVAL={step}") } else { String::new() };
            format!("FREQ=WEEKLY{step};BYDAY={};WKST=MO", names(*weekdays, "").join(","))
        }
        Every::Nth(nths) => {
            let days: Vec<String> = nths
                .iter()
                .flat_map(|(nth, weekdays)| {
                    names(*weekdays, &if *nth == 6 { "-1".to_owned() } else { nth.to_string() })
                })
                .collect();
            format!("FREQ=MONTHLY;BYDAY={}", days.join(","))
        }
        Every::MonthDay(dates) => {
            let days: Vec<String> =
                dates.iter().map(|date| if *date == 0 { "-1".to_owned() } else { date.to_string() }).collect();
            format!("FREQ=MONTHLY;BYMONTHDAY={}", days.join(","))
        }
        Every::YearDay { month, day, .. } => format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"),
    };
    if !rule.months.is_empty() {
        let mut months: Vec<i8> = rule.months.each().collect();
        months.sort_unstable();
        let months: Vec<String> = months.iter().map(i8::to_string).collect();
        let _ = write!(text, ";BYMONTH={}", months.join(","));
    }
    Some(text)
}

/// Content lines, folded.
struct Lines(String);

impl Lines {
    /// A line that needs no escaping.
    fn plain(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars().filter(|c| !c.is_control()) {
            let length = c.len_utf8();
            if used + length > FOLD {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += length;
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is text.
    fn text(&mut self, name: &str, value: &str) {
        let mut line = format!("{name}:");
        for c in value.chars() {
            match c {
                '\\' => line.push_str("\\\\"),
                ';' => line.push_str("\\;"),
                ',' => line.push_str("\\,"),
                '\n' => line.push_str("\\n"),
                c => line.push(c),
            }
        }
        self.plain(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scheduled;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = Lines(String::new());
        out.text("SUMMARY", &"農福連携マルシェ、".repeat(20));
        for line in out.0.split("\r\n") {
            assert!(line.len() <= FOLD, "{} octets: {line}", line.len());
        }
        assert_eq!(out.0.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "農福連携マルシェ、".repeat(20)));
    }

    #[test]
    fn what_has_a_meaning_is_escaped() {
        let mut out = Lines(String::new());
        out.text("SUMMARY", "a,b;c\\d\ne\rf");
        assert_eq!(out.0, "SUMMARY:a\\,b\\;c\\\\d\\nef\r\n");
    }

    #[test]
    fn rules_end_in_universal_time() {
        let zone = Zone::new("+09:00");
        let day = Day::new(2027, 1, 1).map(|day| (zone.utc(day, 8 * 60), zone.utc(day, 10 * 60)));
        assert_eq!(day, Some(("20261231T230000Z".to_owned(), "20270101T010000Z".to_owned())));
        let rule = |text: &str| match Scheduled::parse(text, None).map(|schedule| schedule.when) {
            Ok(When::Recurring(rule)) => rrule(&rule).unwrap_or_default(),
            _ => String::new(),
        };
        assert_eq!(rule("毎月第2・最終土曜日"), "FREQ=MONTHLY;BYDAY=2SA,-1SA");
        assert_eq!(rule("4月～6月の毎週水・金曜日"), "FREQ=WEEKLY;BYDAY=WE,FR;WKST=MO;BYMONTH=4,5,6");
        assert_eq!(rule("毎月末日"), "FREQ=MONTHLY;BYMONTHDAY=-1");
        assert_eq!(rule("毎年12月3日"), "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=3");
        assert_eq!(rule("毎週日曜日・祝日"), "");
    }
}
