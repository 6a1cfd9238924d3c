//! The pages that belong to no entry: home, search, order, 404.

use super::meta::{Head, Meta};
use super::{MeetingView, Value, Views, notice};
use crate::catalog::{EventIx, Occasion, ProductIx};
use crate::feeds::json_ld;
use crate::model::Kind;
use crate::order::terms;
use crate::site::route::entry_address;
use serde::Serialize;
use serde_json::json;

/// ホーム。
#[derive(Serialize)]
pub struct HomeView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 次のハートバザール（種類の id が `bazaar` の催し）。近い順に6つまで。2つ目からは、前のものが終わったときのため
    pub bazaars: Vec<MeetingView>,
    /// 次の農福連携マルシェ（種類の id が `marche` の催し）。近い順に6つまで
    pub marches: Vec<MeetingView>,
    /// これからの催しのカードの一覧（[EventCard]）。近い順に8つまで。会員のみの催しと、注文の受付だけのものは入らない
    pub events: Vec<Value>,
    /// 今月が季節の商品のカードの一覧（[ProductCard]）。8つまで。仕事は入らない
    pub seasonal: Vec<Value>,
    /// 新しい商品・仕事のカードの一覧（[ProductCard]）。4つまで。`seasonal` が空なら8つまで
    pub fresh: Vec<Value>,
    /// お知らせのカードの一覧（[NoticeCard]）。新しい順に5つまで
    pub news: Vec<Value>,
    /// 商品の、いちばん大きい分類の札の一覧（[FacetItem]）
    pub goods: Value,
    /// 仕事の、いちばん大きい分類の札の一覧（[FacetItem]）
    pub services: Value,
    /// 地域の札の一覧（[FacetItem]）。2段
    pub areas: Value,
    /// 今月。「11月」
    pub month: String,
    /// 商品の数。仕事は数えない
    pub product_count: usize,
    /// 仕事の数
    pub service_count: usize,
    /// 事業所の数
    pub facility_count: usize,
}

/// さがすページと、ページが見つからないときのページ。
#[derive(Serialize)]
pub struct SearchView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 商品の、いちばん大きい分類の札の一覧（[FacetItem]）
    pub goods: Value,
    /// 仕事の、いちばん大きい分類の札の一覧（[FacetItem]）
    pub services: Value,
    /// 地域の札の一覧（[FacetItem]）。2段
    pub areas: Value,
    /// 催しの種類の札の一覧（[FacetItem]）
    pub kinds: Value,
}

/// ご注文・お見積りのページ。
#[derive(Serialize)]
pub struct OrderView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 用紙の行の番号。1から8
    pub rows: Vec<usize>,
    /// 依頼リストのための JSON（`order/page.js` が読む）。`safe` で出す
    pub data: String,
    /// 送り先のアドレス。`heartnet.yaml` の `order: endpoint`。なければ送るボタンはない
    pub endpoint: Option<String>,
}

impl Views<'_> {
    pub(super) fn home(&self, address: &str) -> HomeView {
        let catalog = self.catalog;
        let settings = &catalog.settings;
        let today = catalog.moment.today;
        let month = u8::try_from(today.0.month()).unwrap_or(1);
        let coming = |ix: &EventIx| {
            let event = catalog.event(*ix);
            let public = event.entry.data.audience == crate::model::Audience::Public;
            // What has only an order period is no place to go to.
            public && event.coming(today).any(Occasion::meets)
        };
        let goods = |ix: &ProductIx| !catalog.vocabulary.is_work(catalog.product(*ix).category);
        let service_count = self.lists().products.iter().filter(|ix| !goods(ix)).count();
        let orderable = |ix: &ProductIx| catalog.product(*ix).entry.data.status.can_be_ordered();
        let of_month = |ix: &ProductIx| {
            let season = &catalog.product(*ix).entry.data.season;
            season.contains(&month) && season.len() < 12
        };
        let in_season = self.lists().products.iter().copied().filter(|ix| goods(ix) && orderable(ix) && of_month(ix));
        let seasonal = self.varied(in_season.collect(), 8);
        let since = |ix: &ProductIx| catalog.product(*ix).entry.data.since.filter(|day| *day <= today);
        let mut fresh: Vec<ProductIx> = self.lists().products.iter().copied().filter(orderable).collect();
        fresh.sort_by_key(|ix| std::cmp::Reverse(since(ix)));
        fresh.retain(|ix| (since(ix).is_some() || seasonal.is_empty()) && !seasonal.contains(ix));
        fresh.truncate(if seasonal.is_empty() { 8 } else { 4 });
        let head = Head { json_ld: Some(json_ld::website(settings, self.base)), ..Head::new(&settings.title) };
        let (bazaars, marches) = (self.next_of_kind("bazaar", 6), self.next_of_kind("marche", 6));
        // What stands there to be read from afar need not stand below it again.
        let shown = |ix: &EventIx| {
            let url = self.base.href(&entry_address(Kind::Event, &catalog.event(*ix).entry.id));
            [bazaars.first(), marches.first()].into_iter().flatten().any(|meeting| meeting.url == url)
        };
        HomeView {
            meta: self.meta(address, head),
            events: catalog
                .coming_events()
                .filter(coming)
                .filter(|ix| !shown(ix))
                .take(8)
                .map(|ix| self.event_card(ix))
                .collect(),
            bazaars,
            marches,
            seasonal: seasonal.into_iter().map(|ix| self.product_card(ix)).collect(),
            fresh: fresh.into_iter().map(|ix| self.product_card(ix)).collect(),
            news: notice::listed(&catalog.news).into_iter().take(5).map(|at| self.news_card(at)).collect(),
            goods: self.lists().goods.clone(),
            services: self.lists().services.clone(),
            areas: self.lists().areas.clone(),
            month: format!("{month}月"),
            product_count: self.lists().products.len() - service_count,
            service_count,
            facility_count: catalog.listed_facilities().count(),
        }
    }

    pub(super) fn search(&self, address: &str) -> SearchView {
        SearchView {
            meta: self.meta(address, Head { crumbs: self.crumbs(&[]), ..Head::new("さがす") }),
            goods: self.lists().goods.clone(),
            services: self.lists().services.clone(),
            areas: self.lists().areas.clone(),
            kinds: self.lists().kinds.clone(),
        }
    }

    pub(super) fn order(&self, address: &str) -> OrderView {
        let head = Head { crumbs: self.crumbs(&[]), ..Head::new("ご注文・お見積り・ご相談") };
        let settings = &self.catalog.settings;
        let desk = &settings.desk;
        let endpoint = settings.order.endpoint.clone();
        let data = json!({
            "title": settings.title,
            "base": self.base.href("/data/order/"),
            "files": terms::count(self.catalog),
            "today": self.catalog.moment.today,
            "holidays": terms::holidays(self.catalog),
            "endpoint": endpoint,
            "desk": {"name": desk.name, "tel": desk.tel, "fax": desk.fax, "email": desk.email},
        });
        // Within a page no text may end the script.
        let data = data.to_string().replace('<', "\\u003c");
        OrderView { meta: self.meta(address, head), rows: (1..=8).collect(), data, endpoint }
    }

    pub(super) fn not_found(&self, address: &str) -> SearchView {
        let head = Head { noindex: true, ..Head::new("ページが見つかりません") };
        SearchView {
            meta: self.meta(address, head),
            goods: self.lists().goods.clone(),
            services: self.lists().services.clone(),
            areas: self.lists().areas.clone(),
            kinds: self.lists().kinds.clone(),
        }
    }

    /// Some of many, those with a photo first and no category twice before each has been seen.
    fn varied(&self, mut all: Vec<ProductIx>, most: usize) -> Vec<ProductIx> {
        all.sort_by_key(|ix| self.catalog.product(*ix).entry.meta.photos.is_empty());
        let top = |ix: &ProductIx| {
            let path = self.catalog.vocabulary.category_path(self.catalog.product(*ix).category);
            path.first().copied()
        };
        let mut chosen: Vec<ProductIx> = Vec::new();
        for again in [false, true] {
            for ix in &all {
                if chosen.len() < most && !chosen.contains(ix) && (again || !chosen.iter().any(|c| top(c) == top(ix))) {
                    chosen.push(*ix);
                }
            }
        }
        chosen
    }
}
