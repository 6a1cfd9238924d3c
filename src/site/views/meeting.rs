//! Where and when one can meet somebody next: the certain days of events, one by one.

use super::cards::area_label;
use super::{Views, map_url};
use crate::catalog::{EventIx, FacilityIx, Occasion};
use crate::model::schedule::{DayRange, Scheduled};
use crate::model::{Kind, TimeRange, Venue};
use crate::site::route::entry_address;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// 催しの1日。日の決まった1回で、同じ会場で毎日つづく回は1つにまとめることがある。
#[derive(Debug, Clone, Serialize)]
pub struct MeetingView {
    /// 催しのページ
    pub url: String,
    /// 題名
    pub title: String,
    /// 種類の名前。「ハートバザール」
    pub kind: String,
    /// 日にち。「2026年12月5日(土)」。`month.html` の `days` の中では、1日だけのものは空の文字、
    /// つづくものは「12/5(土)～6(日)」
    pub when: String,
    /// はじめの日。「2026-12-05」
    pub start: String,
    /// はじめの日を、日めくりの形で
    pub leaf: LeafView,
    /// 終わりの日。「2026-12-06」。過ぎたら終わり
    pub until: String,
    /// 時間。「10:00～15:00」。まとめた日で時間がちがえば「10:00～17:00（日によってちがいます）」
    pub time: Option<String>,
    /// 会場の名前
    pub venue: Option<String>,
    /// 会場の市町村。なければ空の文字
    pub area: String,
    /// 地図（OpenStreetMap）のアドレス
    pub map: Option<String>,
    /// 同じ催しの、このあとの回数。多くて入りきらないときだけで、ほかは0
    pub more: usize,
    /// 注文の受付期間なら、はい
    pub orders: bool,
    /// 雨で延期になったときの予備日なら、はい
    pub reserve: bool,
    /// 状態。`scheduled` `tentative` `cancelled` `postponed` `moved_online` `full`
    pub status: &'static str,
    /// 状態を日本語で。「予定」「中止」「延期」など
    pub status_label: &'static str,
    /// 会員のみなら、はい
    pub members: bool,
}

/// 日めくり。
#[derive(Debug, Clone, Serialize)]
pub struct LeafView {
    /// 月。「12」
    pub month: u8,
    /// 日。「5」
    pub day: u8,
    /// 曜日。「土」
    pub weekday: &'static str,
    /// 何日もあるとき、終わりの日。「6日(日)」。月が変わるときは「1月3日(日)」
    pub end: Option<String>,
}

impl LeafView {
    pub(super) fn new(range: DayRange) -> Self {
        let number = |n: i8| u8::try_from(n).unwrap_or_default();
        let (start, end) = (range.start.0, range.end.0);
        let end_text = match (end == start, end.month() == start.month()) {
            (true, _) => None,
            (false, true) => Some(format!("{}日({})", end.day(), range.end.weekday())),
            (false, false) => Some(format!("{}月{}日({})", end.month(), end.day(), range.end.weekday())),
        };
        Self { month: number(start.month()), day: number(start.day()), weekday: range.start.weekday(), end: end_text }
    }
}

/// A range of days as shown.
pub(super) fn range_label(range: DayRange) -> String {
    Scheduled::of_days(vec![range]).label()
}

/// What may not stand in a value of a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// A place on a map: by its position, else by its address.
pub(super) fn venue_map(venue: &Venue) -> Option<String> {
    let search = |address: &String| {
        let mut url = "https://www.openstreetmap.org/search?query=".to_owned();
        url.extend(utf8_percent_encode(address, QUERY));
        url
    };
    venue.geo.map(map_url).or_else(|| venue.address.as_ref().map(search))
}

/// Where each facility can be met next, the same for its own page and for those of its products.
pub(super) const MOST: usize = 12;
/// Days of one event among them.
const EACH: usize = 4;

impl Views<'_> {
    /// Occasions of an event with those that follow day by day at the same place taken together.
    pub(super) fn stretches(&self, ix: EventIx, occasions: &[&Occasion]) -> Vec<(DayRange, MeetingView)> {
        let event = self.catalog.event(ix);
        let place = |occasion: &Occasion| event.venue_of(occasion).map(|venue| &venue.name);
        let follows = |a: &&Occasion, b: &&Occasion| {
            a.range.end.next() == b.range.start && place(a) == place(b) && a.what == b.what
        };
        occasions
            .chunk_by(follows)
            .filter_map(|days| {
                let (first, last) = (days.first()?, days.last()?);
                let range = DayRange { start: first.range.start, end: last.range.end };
                let mut meeting = self.meeting(ix, first);
                if days.len() > 1 {
                    meeting.when = range_label(range);
                    meeting.until = range.end.to_string();
                    meeting.leaf = LeafView::new(range);
                    if days.iter().any(|day| day.time != first.time) {
                        meeting.time = meeting.time.map(|time| format!("{time}（日によってちがいます）"));
                    }
                }
                Some((range, meeting))
            })
            .collect()
    }

    /// One occasion of an event.
    pub(super) fn meeting(&self, ix: EventIx, occasion: &Occasion) -> MeetingView {
        let event = self.catalog.event(ix);
        let data = &event.entry.data;
        let venue = event.venue_of(occasion);
        let area = venue.and_then(|v| v.area.as_deref()).and_then(|id| self.catalog.vocabulary.area(id));
        let kind = self.catalog.vocabulary.event_kind(&data.kind);
        MeetingView {
            url: self.base.href(&entry_address(Kind::Event, &event.entry.id)),
            title: data.title.clone(),
            kind: kind.map_or_else(String::new, |kind| kind.label.clone()),
            when: range_label(occasion.range),
            start: occasion.range.start.to_string(),
            leaf: LeafView::new(occasion.range),
            until: occasion.range.end.to_string(),
            time: occasion.time.map(TimeRange::label),
            venue: venue.map(|venue| venue.name.clone()),
            area: area.map_or_else(String::new, |at| area_label(self.catalog, at).to_owned()),
            map: venue.and_then(venue_map),
            more: 0,
            orders: occasion.orders(),
            reserve: occasion.reserve(),
            status: data.status.word(),
            status_label: data.status.label(),
            members: data.audience == crate::model::Audience::Members,
        }
    }

    /// The next days of some events at which a facility is, or all of them. More than a page shows: the further
    /// ones wait for those before them to be over.
    pub(super) fn meetings_of(
        &self,
        events: &[EventIx],
        facility: Option<FacilityIx>,
        most: usize,
    ) -> Vec<MeetingView> {
        let today = self.catalog.moment.today;
        let mut all = Vec::new();
        for ix in events {
            let event = self.catalog.event(*ix);
            let here =
                |occasion: &&Occasion| occasion.meets() && facility.is_none_or(|f| event.takes_part(f, occasion));
            let coming: Vec<&Occasion> = event.coming(today).filter(here).collect();
            let stretches = self.stretches(*ix, &coming);
            let more = stretches.len().saturating_sub(EACH);
            let shown = stretches.len().min(EACH);
            for (at, (range, mut meeting)) in stretches.into_iter().take(EACH).enumerate() {
                meeting.more = if at + 1 == shown { more } else { 0 };
                all.push((range, meeting.time.clone(), meeting));
            }
        }
        all.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        all.into_iter().map(|(_, _, meeting)| meeting).take(most).collect()
    }
}
