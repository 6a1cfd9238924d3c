//! A month of events: a table of its weeks, and the same as a list of its days.

use super::facet::FacetView;
use super::list::{PagerView, page_title};
use super::meeting::MeetingView;
use super::meta::{Head, LinkView, Meta};
use super::{Value, Views};
use crate::catalog::{EventIx, MonthOfEvents, Occasion};
use crate::model::schedule::{Scheduled, YearMonth};
use crate::model::{Day, Kind, holiday};
use crate::site::plan::{CalendarOf, ROWS_OF_MONTH};
use crate::site::route::entry_address;
use serde::Serialize;

/// 月の予定表のページ。
#[derive(Serialize)]
pub struct MonthView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 見出し。「2026年12月の催し」
    pub heading: String,
    /// 年度。「令和8年度」
    pub year: String,
    /// 予定表。週の並びで、1つの週は日曜日からの7つのます。2ページ目からは空
    pub weeks: Vec<Vec<CellView>>,
    /// 催しのある日と、その日の催し。1ページに100件まで
    pub days: Vec<DayView>,
    /// 8日以上つづく催しと、注文の受付期間。1ページ目だけ
    pub long: Vec<MeetingView>,
    /// この月の、日が決まっていない催しのカードの一覧（[EventCard]）。1ページ目だけ
    pub open: Vec<Value>,
    /// この月の催しの数
    pub total: usize,
    /// ページ送り
    pub pager: PagerView,
    /// 催しのある、前の月。「2026年11月」
    pub previous: Option<LinkView>,
    /// 催しのある、次の月
    pub next: Option<LinkView>,
    /// 月・種類・年度のしぼりこみ。札のないものは入らない
    pub facets: Vec<FacetView>,
    /// この月。「2026-12」
    pub current: String,
    /// 全部の催しのカレンダー
    pub calendar: super::events::CalendarView,
}

/// 予定表のます。
#[derive(Default, Serialize)]
pub struct CellView {
    /// 日にち。「5」。ほかの月のますには、ない
    pub date: Option<i8>,
    /// その日。「2026-12-05」。ほかの月のますでは空の文字
    pub iso: String,
    /// 日と曜日。「12月5日(土)」。ほかの月のますでは空の文字
    pub label: String,
    /// 祝日の名前
    pub holiday: Option<&'static str>,
    /// `sun`（日曜日） `sat`（土曜日）。ほかの曜日は空の文字
    pub day: &'static str,
    /// この日の催し。4つまで
    pub items: Vec<CellItem>,
    /// 入りきらなかった数
    pub more: usize,
    /// 残りがある「日ごとの一覧」のページのアドレス。同じページなら空の文字
    pub list: String,
}

/// ますの中の催し。
#[derive(Serialize)]
pub struct CellItem {
    /// 催しのページ
    pub url: String,
    /// 題名
    pub title: String,
    /// 始まりの時刻。「10:00」
    pub time: Option<String>,
    /// 雨で延期になったときの予備日なら、はい
    pub reserve: bool,
    /// 状態。`scheduled` `tentative` `cancelled` `postponed` `moved_online` `full`
    pub status: &'static str,
    /// 状態を日本語で。「予定」「中止」「延期」など
    pub status_label: &'static str,
    /// この回の最後の日。「2026-12-06」
    pub until: String,
}

/// 日ごとの一覧の1日。
#[derive(Serialize)]
pub struct DayView {
    /// 日と曜日。「12月5日(土)」
    pub label: String,
    /// その日。「2026-12-05」
    pub iso: String,
    /// 祝日の名前
    pub holiday: Option<&'static str>,
    /// この日の催し。つづく催しは、どの日にも入る
    pub items: Vec<MeetingView>,
}

/// Events in one square at most; the list below has them all.
const IN_A_CELL: usize = 4;

impl Views<'_> {
    pub(super) fn event_month(&self, month: YearMonth, page: usize, address: &str) -> MonthView {
        let empty = MonthOfEvents::default();
        let of = self.catalog.by_month.get(&month).unwrap_or(&empty);
        let heading = format!("{}の催し", month.label());
        let title = page_title(&heading, page);
        let total = of.count;
        let head = Head {
            description: &format!("{heading}の予定表です（{total}件）。"),
            crumbs: self.crumbs(&[("催し", "/events/")]),
            ..Head::new(&title)
        };
        let first = format!("/events/{}/", month.iso());
        let months = &self.catalog.by_month;
        let neighbour = |month: Option<&YearMonth>| {
            month.map(|other| self.link(&other.label(), &format!("/events/{}/", other.iso())))
        };
        MonthView {
            meta: self.meta(address, head),
            year: month.fiscal_year().label(),
            weeks: if page == 1 { self.weeks(month, &of.rows) } else { Vec::new() },
            days: self.days(of.rows.get((page - 1) * ROWS_OF_MONTH..).unwrap_or_default()),
            long: if page == 1 { self.long(&of.long) } else { Vec::new() },
            open: if page == 1 { of.open.iter().map(|ix| self.event_card(*ix)).collect() } else { Vec::new() },
            total,
            pager: self.pager(&first, page, of.rows.len().div_ceil(ROWS_OF_MONTH).max(1)),
            previous: neighbour(months.range(..month).next_back().map(|(month, _)| month)),
            next: neighbour(months.range(month.next()..).next().map(|(month, _)| month)),
            facets: self.event_facets(),
            current: format!("month:{}", month.iso()),
            calendar: self.calendar(CalendarOf::All),
            heading,
        }
    }

    fn occasion(&self, ix: EventIx, at: usize) -> Option<&Occasion> {
        self.catalog.event(ix).occasions.get(at)
    }

    fn long(&self, long: &[(EventIx, usize)]) -> Vec<MeetingView> {
        long.iter().filter_map(|(ix, at)| Some(self.meeting(*ix, self.occasion(*ix, *at)?))).collect()
    }

    fn weeks(&self, month: YearMonth, rows: &[Row]) -> Vec<Vec<CellView>> {
        let Some(first) = month.first_day() else { return Vec::new() };
        // Sunday is the first column.
        let lead = usize::from((first.weekday_index() + 1) % 7);
        let mut cells: Vec<CellView> = (0..lead).map(|_| CellView::default()).collect();
        let mut day = first;
        while YearMonth::of(day) == month {
            let begins = rows.partition_point(|(other, ..)| *other < day);
            let on = rows.get(begins..rows.partition_point(|(other, ..)| *other <= day)).unwrap_or_default();
            let more = on.len().saturating_sub(IN_A_CELL);
            let item = |(_, ix, at): &Row| Some(self.cell_item(*ix, self.occasion(*ix, *at)?));
            let items = on.iter().take(IN_A_CELL).filter_map(item).collect();
            // On which page of the list below they are.
            let list = match begins / ROWS_OF_MONTH {
                0 => String::new(),
                page => self.base.href(&format!("/events/{}/page/{}/", month.iso(), page + 1)),
            };
            cells.push(CellView {
                date: Some(day.0.day()),
                iso: day.to_string(),
                label: day.short(),
                holiday: holiday::name(day),
                day: match day.weekday_index() {
                    6 => "sun",
                    5 => "sat",
                    _ => "",
                },
                items,
                more,
                list,
            });
            day = day.next();
        }
        cells.resize_with(cells.len().next_multiple_of(7), CellView::default);
        let mut weeks = Vec::new();
        let mut cells = cells.into_iter();
        loop {
            let week: Vec<CellView> = cells.by_ref().take(7).collect();
            if week.is_empty() {
                return weeks;
            }
            weeks.push(week);
        }
    }

    fn cell_item(&self, ix: EventIx, occasion: &Occasion) -> CellItem {
        let event = self.catalog.event(ix);
        let data = &event.entry.data;
        CellItem {
            url: self.base.href(&entry_address(Kind::Event, &event.entry.id)),
            title: data.title.clone(),
            time: occasion.time.map(|time| time.start.to_string()),
            reserve: occasion.reserve(),
            status: data.status.word(),
            status_label: data.status.label(),
            until: occasion.range.end.to_string(),
        }
    }

    /// One page of rows, under their days.
    fn days(&self, rows: &[Row]) -> Vec<DayView> {
        let page = rows.get(..ROWS_OF_MONTH).unwrap_or(rows);
        page.chunk_by(|a, b| a.0 == b.0)
            .filter_map(|on| {
                let (day, ..) = on.first()?;
                let meeting = |(_, ix, at): &Row| {
                    let occasion = self.occasion(*ix, *at)?;
                    let mut meeting = self.meeting(*ix, occasion);
                    // The heading says the day; only what goes on says from when until when.
                    meeting.when = match occasion.range.start == occasion.range.end {
                        true => String::new(),
                        false => Scheduled::of_days(vec![occasion.range]).short(),
                    };
                    Some(meeting)
                };
                let items = on.iter().filter_map(meeting).collect();
                Some(DayView { label: day.short(), iso: day.to_string(), holiday: holiday::name(*day), items })
            })
            .collect()
    }
}

/// A day, an event on it, and which of its occasions.
type Row = (Day, EventIx, usize);
