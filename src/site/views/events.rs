//! Lists of events: what is to come, kinds, what has no day, what is over.

use super::facet::FacetView;
use super::list::PagerView;
use super::meta::{LinkView, Meta};
use super::{MeetingView, Value, Views};
use crate::catalog::EventIx;
use crate::model::FiscalYear;
use crate::site::plan::{CalendarOf, PER_PAGE, calendar_file};
use serde::Serialize;

/// 催しの一覧、種類ごと、日程調整中・随時、終わった催しのページ。
#[derive(Serialize)]
pub struct EventsView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 見出し
    pub heading: String,
    /// 見出しの下の一文
    pub lead: Option<String>,
    /// 全部のページを合わせた数。`/events/` では、これからの日がある催しだけの数
    pub total: usize,
    /// 次のハートバザール（種類の id が `bazaar`）と農福連携マルシェ（`marche`）。`/events/` の1ページ目だけ
    pub next: Vec<NextView>,
    /// このページのカードを、見出しごとに分けたもの
    pub groups: Vec<GroupView>,
    /// ページ送り
    pub pager: PagerView,
    /// 月・種類・年度のしぼりこみ。札のないものは入らない
    pub facets: Vec<FacetView>,
    /// 今選んでいる札の `key`。「kind:bazaar」「past:2026」。`/events/undated/` では `undated`。ほかでは空の文字
    pub current: String,
    /// カレンダー。`/events/` と、種類ごとの一覧だけ
    pub calendar: Option<CalendarView>,
    /// 日程調整中・随時の催しのページ。「日程調整中・随時の催し（3件）」。1つもなければ、ない
    pub undated: Option<LinkView>,
}

/// 見出しごとの催し。
#[derive(Serialize)]
pub struct GroupView {
    /// `coming`（これから） `undated`（日がない） `past`（終わった）
    pub id: &'static str,
    /// 見出し。「これからの催し」
    pub heading: &'static str,
    /// 催しのカードの一覧（[EventCard]）
    pub items: Vec<Value>,
    /// 残りを見るページ
    pub more: Option<LinkView>,
}

/// 次の催し。
#[derive(Serialize)]
pub struct NextView {
    /// 種類の名前。「ハートバザール」
    pub kind: String,
    /// 近い順に6つまで。1つ目を見せ、あとのものは、前のものが終わったときのために持っておく
    pub items: Vec<MeetingView>,
}

/// カレンダー。
#[derive(Serialize)]
pub struct CalendarView {
    /// ファイル（`.ics`）のアドレス
    pub file: String,
    /// カレンダーに登録するアドレス。「webcal://…」
    pub subscribe: String,
}

const COMING: (&str, &str) = ("coming", "これからの催し");
const UNDATED: (&str, &str) = ("undated", "日程調整中・随時の催し");
const PAST: (&str, &str) = ("past", "終わった催し");

/// What a list is before its page is cut out of it.
struct Listed<'a> {
    heading: &'a str,
    lead: Option<&'a str>,
    all: &'a [EventIx],
    page: usize,
    address: &'a str,
    crumbs: Vec<LinkView>,
    current: String,
    calendar: Option<CalendarOf>,
}

impl Views<'_> {
    /// Where a calendar lies, if there is one.
    pub(super) fn calendar(&self, of: CalendarOf) -> CalendarView {
        let file = calendar_file(self.catalog, of);
        let absolute = self.base.absolute(&file);
        let subscribe = match absolute.split_once("://") {
            Some((_, rest)) => format!("webcal://{rest}"),
            None => absolute,
        };
        CalendarView { file: self.base.href(&file), subscribe }
    }

    fn events_list(&self, list: Listed<'_>) -> EventsView {
        let today = self.catalog.moment.today;
        let mut groups: Vec<GroupView> = Vec::new();
        for ix in list.all.iter().skip((list.page - 1) * PER_PAGE).take(PER_PAGE) {
            let event = self.catalog.event(*ix);
            let (id, heading) = match (event.over, event.next(today).is_some()) {
                (true, _) => PAST,
                (false, true) => COMING,
                (false, false) => UNDATED,
            };
            if groups.last().is_none_or(|group| group.id != id) {
                groups.push(GroupView { id, heading, items: Vec::new(), more: None });
            }
            if let Some(group) = groups.last_mut() {
                group.items.push(self.event_card(*ix));
            }
        }
        let (meta, pager) = self.frame(list.heading, list.all.len(), list.page, list.address, list.crumbs);
        let undated = self.lists().undated.len();
        EventsView {
            meta,
            heading: list.heading.to_owned(),
            lead: list.lead.map(str::to_owned),
            total: list.all.len(),
            next: Vec::new(),
            groups,
            pager,
            facets: self.event_facets(),
            current: list.current,
            calendar: list.calendar.map(|of| self.calendar(of)),
            undated: (undated > 0).then(|| self.link(&format!("{}（{undated}件）", UNDATED.1), "/events/undated/")),
        }
    }

    /// The next days of the events of a kind that stand, several, so that the page stays right when the first is over.
    pub(super) fn next_of_kind(&self, kind: &str, most: usize) -> Vec<MeetingView> {
        let today = self.catalog.moment.today;
        let public = |ix: &&EventIx| {
            let event = self.catalog.event(**ix);
            event.stands() && !event.over && event.entry.data.audience == crate::model::Audience::Public
        };
        let of_kind = self.catalog.by_kind.get(kind).map(Vec::as_slice).unwrap_or_default();
        let mut all = Vec::new();
        for ix in of_kind.iter().filter(public) {
            let coming = self.catalog.event(*ix).coming(today).filter(|occasion| occasion.meets());
            let coming: Vec<_> = coming.take(most * 4).collect();
            all.extend(self.stretches(*ix, &coming).into_iter().take(most));
        }
        all.sort_by_key(|(range, _)| *range);
        all.into_iter().map(|(_, meeting)| meeting).take(most).collect()
    }

    pub(super) fn events(&self, page: usize, address: &str) -> EventsView {
        let coming = &self.lists().events;
        let list = Listed {
            heading: "催し",
            lead: None,
            all: coming,
            page,
            address,
            crumbs: self.crumbs(&[]),
            current: String::new(),
            calendar: Some(CalendarOf::All),
        };
        let mut view = self.events_list(list);
        if page == 1 {
            let next = |kind| {
                let items = self.next_of_kind(kind, 6);
                let kind = items.first()?.kind.clone();
                Some(NextView { kind, items })
            };
            view.next = ["bazaar", "marche"].into_iter().filter_map(next).collect();
            // What has no day is not lost below many days.
            let undated = &self.lists().undated;
            if !undated.is_empty() {
                let more =
                    (undated.len() > 6).then(|| self.link("日程調整中・随時の催しをすべて見る", "/events/undated/"));
                let items = undated.iter().take(6).map(|ix| self.event_card(*ix)).collect();
                view.groups.push(GroupView { id: UNDATED.0, heading: UNDATED.1, items, more });
            }
            view.meta.noindex = coming.is_empty() && undated.is_empty() && self.catalog.past.is_empty();
        }
        view
    }

    pub(super) fn event_kind(&self, at: usize, page: usize, address: &str) -> EventsView {
        let kind = self.catalog.vocabulary.event_kinds.get(at);
        let id = kind.map_or("", |kind| kind.id.as_str());
        self.events_list(Listed {
            heading: kind.map_or("", |kind| kind.label.as_str()),
            lead: None,
            all: self.catalog.by_kind.get(id).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs: self.crumbs(&[("催し", "/events/")]),
            current: format!("kind:{id}"),
            calendar: Some(CalendarOf::Kind(at)),
        })
    }

    pub(super) fn events_undated(&self, page: usize, address: &str) -> EventsView {
        self.events_list(Listed {
            heading: UNDATED.1,
            lead: Some(
                "日にちが決まっていない催しと、ご希望に合わせて行うものです。決まりしだい、このサイトでお知らせします。",
            ),
            all: &self.lists().undated,
            page,
            address,
            crumbs: self.crumbs(&[("催し", "/events/")]),
            current: "undated".to_owned(),
            calendar: None,
        })
    }

    pub(super) fn events_past(&self, year: FiscalYear, page: usize, address: &str) -> EventsView {
        self.events_list(Listed {
            heading: &format!("{}に終わった催し", year.label()),
            lead: None,
            all: self.catalog.past.get(&year).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs: self.crumbs(&[("催し", "/events/")]),
            current: format!("past:{}", year.0),
            calendar: None,
        })
    }
}
