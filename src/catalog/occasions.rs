//! When events take place, day by day: sessions, schedules, order periods; what is next and what is over.

use super::{Catalog, EventIx, FacilityIx, LinkedEvent, Moment};
use crate::model::schedule::{DayRange, YearMonth};
use crate::model::{Day, Event, EventStatus, FiscalYear, Mode, Rain, Scheduled, Session, TimeRange, Venue, When};
use std::collections::{BTreeMap, BTreeSet};

/// A certain day or range of an event, with what holds on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// From, until.
    pub range: DayRange,
    /// The time of day.
    pub time: Option<TimeRange>,
    /// Place of its session in the entry, if it has one.
    pub session: Option<usize>,
    /// Which of the texts of its schedule it comes from.
    pub piece: usize,
    /// What happens.
    pub what: What,
}

/// What happens on an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The event itself.
    Event,
    /// Orders are taken; nobody meets.
    Orders,
    /// The reserve day: only if it rained.
    Reserve,
}

impl Occasion {
    /// Whether the event itself takes place.
    pub fn meets(&self) -> bool {
        self.what == What::Event
    }

    /// Whether orders are taken.
    pub fn orders(&self) -> bool {
        self.what == What::Orders
    }

    /// Whether it goes on for so long that it is no matter of single days.
    pub fn is_long(&self) -> bool {
        self.orders() || self.range.end.number() - self.range.start.number() >= LONGEST
    }

    /// Whether it is the day for rain.
    pub fn reserve(&self) -> bool {
        self.what == What::Reserve
    }
}

/// What a month has.
#[derive(Debug, Default)]
pub struct MonthOfEvents {
    /// Each day with the events on it and the place of their occasion, by day and time.
    pub rows: Vec<(Day, EventIx, usize)>,
    /// What goes on for more than a week.
    pub long: Vec<(EventIx, usize)>,
    /// Events of this month whose day is open.
    pub open: Vec<EventIx>,
    /// How many events it has in one way or another.
    pub count: usize,
}

/// What is longer does not stand in each of its days.
const LONGEST: i32 = 7;

/// How far rules without a year run: this fiscal year, and a year ahead.
pub(super) fn horizon(today: Day) -> (Day, Day) {
    let first = today.fiscal_year().first_day().unwrap_or(today);
    (first, today.plus(365).month_end())
}

/// Every certain day of an event, in order.
pub(super) fn of(event: &Event, moment: Moment) -> Vec<Occasion> {
    let (first, last) = horizon(moment.today);
    let run = |schedule: &Scheduled| {
        let mut schedule = schedule.clone();
        schedule.run(first, last);
        schedule
    };
    let mut all: Vec<Occasion> = Vec::new();
    for (at, session) in event.sessions.iter().enumerate() {
        for (of, piece) in run(&session.on).pieces().enumerate() {
            let time = session.time.or(piece.time()).or(event.time);
            // A rule of a session holds within the days of its event.
            let within = |day: Day| {
                let of = event.schedule.as_ref().filter(|schedule| matches!(schedule.when, When::Days(_)));
                of.is_none_or(|schedule| schedule.days().iter().any(|range| range.holds(day)))
            };
            let holds = |range: &&DayRange| !matches!(piece.when, When::Recurring(_)) || within(range.start);
            let occasion =
                |range: &DayRange| Occasion { range: *range, time, session: Some(at), piece: of, what: What::Event };
            all.extend(piece.days().iter().filter(holds).map(occasion));
        }
    }
    // 27日～29日, and 「29日 最終日のみ」: the single day speaks for itself.
    let single = |o: &Occasion| o.range.start == o.range.end;
    let alone: Vec<Occasion> = all.iter().filter(|occasion| single(occasion)).copied().collect();
    let venue = |o: &Occasion| {
        o.session.and_then(|at| event.sessions.get(at)).and_then(|session| session.venue.as_ref()).map(|v| &v.name)
    };
    all = all
        .into_iter()
        .flat_map(|occasion| {
            let other = |o: &&Occasion| !single(&occasion) && venue(o) == venue(&occasion);
            let taken: Vec<DayRange> = alone.iter().filter(other).map(|o| o.range).collect();
            without(occasion.range, &taken).into_iter().map(move |range| Occasion { range, ..occasion })
        })
        .collect();
    if let Some(schedule) = &event.schedule {
        // Days that a session speaks of are the session's.
        let mut spoken: Vec<DayRange> = all.iter().map(|occasion| occasion.range).collect();
        spoken.sort_unstable();
        for (of, piece) in run(schedule).pieces().enumerate() {
            let time = piece.time().or(event.time);
            for range in piece.days().iter().flat_map(|range| without(*range, &spoken)) {
                all.push(Occasion { range, time, session: None, piece: of, what: What::Event });
            }
        }
    }
    if let Some(period) = &event.order_period {
        for (of, piece) in period.pieces().enumerate() {
            let days = piece.days().iter();
            all.extend(days.map(|range| Occasion {
                range: *range,
                time: None,
                session: None,
                piece: of,
                what: What::Orders,
            }));
        }
    }
    if event.rain == Some(Rain::Postpone)
        && let Some(reserve) = &event.rain_date
    {
        let occasion = |range: &DayRange| Occasion {
            range: *range,
            time: event.time,
            session: None,
            piece: 0,
            what: What::Reserve,
        };
        all.extend(reserve.days().iter().map(occasion));
    }
    all.sort_by_key(|occasion| (occasion.range, occasion.time.map(|time| time.start), occasion.session));
    all.dedup();
    all
}

/// What is left of a range when others, in order, are taken out.
fn without(range: DayRange, taken: &[DayRange]) -> Vec<DayRange> {
    let mut left = Vec::new();
    let mut start = range.start;
    for other in taken.iter().filter(|other| other.start <= range.end && range.start <= other.end) {
        if start < other.start {
            left.push(DayRange { start, end: other.start.plus(-1) });
        }
        start = start.max(other.end.next());
    }
    if start <= range.end {
        left.push(DayRange { start, end: range.end });
    }
    left
}

/// The last day on which an event may still take place; `None` where it has no end.
pub(super) fn last_possible(event: &Event, when: &Scheduled, occasions: &[Occasion]) -> Option<Day> {
    // An event that is put off without a new day is still to come.
    if event.is_put_off() {
        return None;
    }
    let certain = occasions.iter().map(|occasion| occasion.range.end).max();
    let open = when.pieces().filter(|piece| piece.days().is_empty()).map(|piece| match &piece.when {
        When::Months(_) | When::PartOfMonth { .. } => {
            piece.months().last().and_then(|month| month.first_day()).map(Day::month_end)
        }
        // What a plan says of a year ends with it.
        When::Recurring(_) if piece.fiscal_year.is_none() => None,
        When::AllYear(Some(_)) => None,
        When::Undecided(Some(year)) => year.last_day(),
        _ => piece.fiscal_year.and_then(FiscalYear::last_day),
    });
    let mut last = certain;
    // With an order period, a season needs no other end.
    if certain.is_none() || event.order_period.is_none() {
        for end in open {
            last = Some(last.map_or(end?, |last| end.map_or(last, |end| last.max(end))));
        }
    }
    last
}

impl LinkedEvent {
    /// The next occasion on or after a day.
    pub fn next(&self, today: Day) -> Option<&Occasion> {
        self.occasions.iter().find(|occasion| occasion.range.end >= today)
    }

    /// Those on or after a day.
    pub fn coming(&self, today: Day) -> impl Iterator<Item = &Occasion> {
        self.occasions.iter().filter(move |occasion| occasion.range.end >= today)
    }

    /// What calendar programs are told: no reserve days, and of an event that is put off the days that fell
    /// through, so that they vanish from calendars too.
    pub fn in_calendars(&self) -> Vec<Occasion> {
        let certain: Vec<Occasion> = self.occasions.iter().filter(|occasion| !occasion.reserve()).copied().collect();
        let data = &self.entry.data;
        match &data.previous {
            Some(previous) if certain.is_empty() && data.is_put_off() => {
                let last = previous.pieces().last().into_iter().flat_map(Scheduled::days);
                let occasion = |range: &DayRange| Occasion {
                    range: *range,
                    time: data.time,
                    session: None,
                    piece: 0,
                    what: What::Event,
                };
                last.map(occasion).collect()
            }
            _ => certain,
        }
    }

    /// Whether it will take place as far as is known.
    pub fn stands(&self) -> bool {
        self.entry.data.status != EventStatus::Cancelled && !self.entry.data.is_put_off()
    }

    /// The fiscal year under which it is kept when it is over.
    pub fn fiscal_year(&self) -> Option<FiscalYear> {
        let last =
            self.occasions.iter().rfind(|occasion| occasion.meets()).map(|occasion| occasion.range.end.fiscal_year());
        let month = || self.when.months().last().copied().map(YearMonth::fiscal_year);
        last.or_else(month).or(self.when.fiscal_year).or(self.entry.data.fiscal_year)
    }

    /// When it became known: `published`, else the day it was last made sure of, else the beginning
    /// of its fiscal year, when yearly plans come out. Never the day of the build, which would make it new
    /// every day, and never the future.
    pub fn announced(&self, today: Day) -> Day {
        let meta = &self.entry.meta;
        let year = self.when.first_day().map(Day::fiscal_year).or(self.when.fiscal_year).unwrap_or(today.fiscal_year());
        let begins = year.first_day().unwrap_or(today);
        let begins = if begins > today { today.fiscal_year().first_day().unwrap_or(today) } else { begins };
        meta.published.or(meta.checked_on).filter(|day| *day <= today).unwrap_or(begins)
    }

    /// When a cancellation, a postponement or a move was made known.
    pub fn changed(&self, today: Day) -> Option<Day> {
        self.entry.data.changed.filter(|day| *day <= today)
    }

    /// The session an occasion belongs to.
    pub fn session_of(&self, occasion: &Occasion) -> Option<&Session> {
        self.entry.data.sessions.get(occasion.session?)
    }

    /// The place of an occasion: its session's, else the event's; none online, in writing or for orders.
    pub fn venue_of(&self, occasion: &Occasion) -> Option<&Venue> {
        let data = &self.entry.data;
        let own = self.session_of(occasion).and_then(|session| session.venue.as_ref());
        own.or(data.venue.as_ref()).filter(|_| data.mode_now() == Mode::Place && !occasion.orders())
    }

    /// Whether a facility takes part in an occasion. A day with sellers of its own has only those.
    pub fn takes_part(&self, facility: FacilityIx, occasion: &Occasion) -> bool {
        let session = occasion.session.and_then(|at| self.sellers.get(at));
        session.filter(|sellers| !sellers.is_empty()).unwrap_or(&self.whole).contains(&facility)
    }
}

/// The months of all listed events.
pub(super) fn by_month(catalog: &Catalog) -> BTreeMap<YearMonth, MonthOfEvents> {
    let mut months: BTreeMap<YearMonth, MonthOfEvents> = BTreeMap::new();
    for ix in catalog.listed_events() {
        let event = catalog.event(ix);
        for (at, occasion) in event.occasions.iter().enumerate() {
            if occasion.is_long() {
                for month in crate::model::schedule::months_between(occasion.range.start, occasion.range.end) {
                    months.entry(month).or_default().long.push((ix, at));
                }
            } else {
                let days = occasion.range.start.number()..=occasion.range.end.number();
                for day in days.filter_map(Day::from_number) {
                    months.entry(YearMonth::of(day)).or_default().rows.push((day, ix, at));
                }
            }
        }
        for piece in event.when.pieces().filter(|piece| piece.days().is_empty()) {
            for month in piece.months() {
                let open = &mut months.entry(month).or_default().open;
                if open.last() != Some(&ix) {
                    open.push(ix);
                }
            }
        }
    }
    for month in months.values_mut() {
        month.rows.sort_by_key(|(day, ix, at)| {
            let time = catalog.event(*ix).occasions.get(*at).and_then(|occasion| occasion.time);
            (*day, time.map(|time| time.start), *ix, *at)
        });
        month.long.sort_by_key(|(ix, at)| (catalog.event(*ix).occasions.get(*at).map(|o| o.range), *ix));
        let dated = month.rows.iter().map(|(_, ix, _)| *ix).chain(month.long.iter().map(|(ix, _)| *ix));
        month.count = dated.chain(month.open.iter().copied()).collect::<BTreeSet<EventIx>>().len();
    }
    months
}
