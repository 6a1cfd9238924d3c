//! The page of an event.

use super::cards::area_label;
use super::events::CalendarView;
use super::meeting::{range_label, venue_map};
use super::meta::{Head, LinkView, Meta};
use super::{Fact, Facts, MeetingView, PhotoView, Value, Views};
use crate::catalog::{EventIx, FacilityIx, Occasion};
use crate::feeds::json_ld;
use crate::model::{Audience, Event, EventStatus, Kind, Mode, TimeRange, Venue};
use crate::site::plan::CalendarOf;
use crate::site::route::entry_address;
use crate::source::assets::published_path;
use crate::source::document;
use serde::Serialize;

/// 催しのページ。
#[derive(Serialize)]
pub struct EventView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 記事の id
    pub id: String,
    /// 題名
    pub title: String,
    /// 種類の名前と、種類のページ
    pub kind: LinkView,
    /// 日程。「2026年12月5日(土)～6日(日)」「毎月第2土曜日」
    pub when: String,
    /// 書いたままの日程。`when` とちがうときだけ
    pub when_written: Option<String>,
    /// 日程の種類。`days` `months` `part_of_month` `recurring` `times_a_year` `as_needed` `all_year` `season`
    /// `undecided`
    pub when_kind: &'static str,
    /// 読みあげる言葉。「2026年12月5日、土曜日から、12月6日、日曜日まで」
    pub when_spoken: String,
    /// 最初の日。「2026-12-05」。`<time>` に使う
    pub start: Option<String>,
    /// 行われるかもしれない最後の日。過ぎたら終わり。終わりのないものには、ない
    pub until: Option<String>,
    /// 時間。「10:00～15:00」
    pub time: Option<String>,
    /// 読みあげる時間。「午前10時から午後3時まで」
    pub time_spoken: Option<String>,
    /// 行い方。`place` `online` `written`
    pub mode: &'static str,
    /// 行い方を日本語で
    pub mode_label: &'static str,
    /// 会場。`mode` が `place` のときだけ
    pub venue: Option<VenueView>,
    /// 回ごとの日程。回に分けて書いた催しだけ
    pub sessions: Vec<SessionView>,
    /// `time` とちがう時間の日があれば、はい
    pub time_differs: bool,
    /// `venue` とちがう会場の回があれば、はい
    pub venue_differs: bool,
    /// これからの日。日が2つ以上あって、`sessions` のない催しだけ。60まで
    pub days: Vec<MeetingView>,
    /// `days` に入りきらなかった数
    pub days_more: usize,
    /// 注文の受付期間
    pub orders: Vec<OrdersView>,
    /// 主催、参加費、対象など、書いてあるものだけ
    pub facts: Vec<Fact>,
    /// 状態。`scheduled` `tentative` `cancelled` `postponed` `moved_online` `full`
    pub status: &'static str,
    /// 状態を日本語で。「予定」「仮の予定」「中止」「延期」「オンラインに変更」「満席」
    pub status_label: &'static str,
    /// 状態の説明
    pub status_note: Option<String>,
    /// 変わる前の日程
    pub previous: Option<String>,
    /// 変更を知らせた日。「2026年10月1日(木)」。先の日なら、ない
    pub changed: Option<String>,
    /// 決まった日がある（あった）なら、はい
    pub dated: bool,
    /// 延期で、新しい日が決まっていなければ、はい
    pub put_off: bool,
    /// 終わっていれば、はい
    pub over: bool,
    /// 会員のみなら、はい
    pub members: bool,
    /// 申し込み
    pub apply: Option<ApplyView>,
    /// 出店する事業所のカードの一覧（[FacilityCard]）
    pub facilities: Vec<Value>,
    /// 並ぶ商品のカードの一覧（[ProductCard]）
    pub products: Vec<Value>,
    /// 資料。`label` に形式が付く。「チラシ（PDF）」
    pub files: Vec<LinkView>,
    /// この催しの報告
    pub reports: Vec<LinkView>,
    /// この催しのカレンダー。日が1つも決まっていなければ、ない
    pub calendar: Option<CalendarView>,
    /// この催しが果たす事業計画の行。「令和8年度の事業計画「ハートバザール」」
    pub plans: Vec<LinkView>,
    /// 同じシリーズのほかの催し。6つまで
    pub series: Vec<LinkView>,
    /// 写真
    pub photos: Vec<PhotoView>,
    /// 写真がないときの、種類の絵のアドレス。写真があっても入っている
    pub illustration: Option<String>,
    /// 本文の HTML。`safe` で出す。なければ空の文字
    pub html: String,
    /// やさしい日本語の HTML。`safe` で出す
    pub easy: Option<String>,
}

/// 会場。
#[derive(Serialize)]
pub struct VenueView {
    /// 名前
    pub name: String,
    /// 住所
    pub address: Option<String>,
    /// 市町村。なければ空の文字
    pub area: String,
    /// 行き方
    pub access: Option<String>,
    /// 階など
    pub floor: Option<String>,
    /// 地図（OpenStreetMap）のアドレス。位置がなければ、住所でさがすアドレス
    pub map: Option<String>,
}

/// 催しの回。
#[derive(Serialize)]
pub struct SessionView {
    /// 日程。「2026年12月5日(土)」
    pub when: String,
    /// 最初の日。「2026-12-05」
    pub start: Option<String>,
    /// 最後の日。「2026-12-06」
    pub until: Option<String>,
    /// 時間。この回の時間がなければ、催しの時間
    pub time: Option<String>,
    /// この回だけの会場
    pub venue: Option<VenueView>,
    /// この回に出店する事業所
    pub facilities: Vec<LinkView>,
    /// 並ぶ品。書いたままの言葉
    pub items: Vec<String>,
    /// 説明
    pub note: Option<String>,
}

/// 注文の受付期間。
#[derive(Serialize)]
pub struct OrdersView {
    /// 「2026年10月1日(木)～12月4日(金)」
    pub when: String,
    /// はじめの日。「2026-10-01」
    pub start: String,
    /// 終わりの日。「2026-12-04」
    pub until: String,
    /// `before`（これから） `open`（受付中） `closed`（終わった）
    pub state: &'static str,
}

/// 申し込み。
#[derive(Serialize)]
pub struct ApplyView {
    /// 締め切り。「2026年11月20日(金) 17:00まで」
    pub deadline: Option<String>,
    /// 締め切りの日。「2026-11-20」
    pub until: Option<String>,
    /// 締め切ったか、満席なら、はい
    pub closed: bool,
    /// 申し込み先
    pub contact: Option<String>,
    /// 申し込みのページのアドレス
    pub url: Option<String>,
    /// 定員
    pub places: Option<u64>,
    /// 申込用紙のアドレス
    pub file: Option<String>,
    /// 申込用紙の形式・大きさ・ページ数。「PDF・220KB・1ページ」
    pub file_note: Option<String>,
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
            facilities: event.facilities.iter().map(|ix| self.facility_card(*ix)).collect(),
            products: event.products.iter().map(|ix| self.product_card(*ix)).collect(),
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
            illustration: drawing.map(|source| self.drawing(source)),
            html: self.html(&entry.body, true),
            easy: self.easy(entry.easy.as_deref()),
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
            file_note: apply.file.as_ref().map(|file| document::words(file, self.catalog.files.get(file))),
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
        let others = self.lists().series.get(series).into_iter().flatten().filter(|other| **other != ix);
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
        let words = document::words(name, self.catalog.files.get(source));
        LinkView { label: format!("{}（{words}）", title.unwrap_or(name)), url: self.base.href(&path) }
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
