//! Every page that is a list: of products, facilities, events, news, reports, plans.

use super::facet::{FacetView, category_item, filled};
use super::meta::{Head, LinkView, Meta};
use super::{Value, Views, notice};
use crate::model::text::with_commas;
use crate::site::plan::PER_PAGE;
use serde::Serialize;

/// 商品・事業所・お知らせ・報告・事業計画の一覧のページ。
#[derive(Serialize)]
pub struct ListView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 見出し
    pub heading: String,
    /// 見出しの下の一文
    pub lead: Option<String>,
    /// 何の一覧か。`products` `facilities` `news` `reports` `plans`
    pub kind: &'static str,
    /// 全部のページを合わせた数
    pub total: usize,
    /// 同じ数。3けたごとに「,」が入る。「10,000」
    pub total_text: String,
    /// このページのカードの一覧。24まで。`kind` が `products` なら [ProductCard]、`facilities` なら [FacilityCard]、
    /// ほかは [NoticeCard]
    pub items: Vec<Value>,
    /// この分類の仕事を引き受ける事業所のカードの一覧（[FacilityCard]）。分類の1ページ目だけ
    pub workers: Vec<Value>,
    /// ページ送り
    pub pager: PagerView,
    /// しぼりこみ。札のないものは入らない
    pub facets: Vec<FacetView>,
    /// 今選んでいる札の `key`。「category:cookie」。なければ空の文字
    pub current: String,
}

/// ページ送り。
#[derive(Debug, Clone, Serialize)]
pub struct PagerView {
    /// 今のページの番号。1から
    pub current: usize,
    /// 最後のページの番号
    pub last: usize,
    /// 前のページのアドレス
    pub previous: Option<String>,
    /// 次のページのアドレス
    pub next: Option<String>,
    /// 番号の並び
    pub pages: Vec<PagerLink>,
}

/// ページ送りの番号。
#[derive(Debug, Clone, Serialize)]
pub struct PagerLink {
    /// ページの番号
    pub number: usize,
    /// そのページのアドレス。なければ、番号を飛ばした所（「…」）
    pub url: Option<String>,
}

/// The heading, with the number of a further page.
pub(super) fn page_title(heading: &str, page: usize) -> String {
    match page {
        1 => heading.to_owned(),
        page => format!("{heading}（{page}ページ目）"),
    }
}

/// What a list is, before its page is cut out of it.
struct Listed<'a, T> {
    heading: &'a str,
    lead: Option<String>,
    kind: &'static str,
    all: &'a [T],
    page: usize,
    address: &'a str,
    crumbs: Vec<LinkView>,
    facets: Vec<FacetView>,
    current: String,
}

impl Views<'_> {
    fn list<T: Copy>(&self, list: Listed<'_, T>, card: impl Fn(T) -> Value) -> ListView {
        let start = (list.page - 1) * PER_PAGE;
        let items = list.all.iter().skip(start).take(PER_PAGE).map(|item| card(*item)).collect();
        let (meta, pager) = self.frame(list.heading, list.all.len(), list.page, list.address, list.crumbs);
        ListView {
            meta,
            heading: list.heading.to_owned(),
            lead: list.lead,
            kind: list.kind,
            total: list.all.len(),
            total_text: with_commas(list.all.len() as u64),
            items,
            workers: Vec::new(),
            pager,
            facets: list.facets,
            current: list.current,
        }
    }

    /// The head of a page of a list, and the way to its other pages.
    pub(super) fn frame(
        &self,
        heading: &str,
        count: usize,
        page: usize,
        address: &str,
        crumbs: Vec<LinkView>,
    ) -> (Meta, PagerView) {
        let first = match page {
            1 => address,
            page => address.trim_end_matches(&format!("page/{page}/")),
        };
        let title = page_title(heading, page);
        let head = Head {
            description: &format!("{heading}の一覧です（{count}件）。"),
            crumbs,
            noindex: count == 0,
            ..Head::new(&title)
        };
        (self.meta(address, head), self.pager(first, page, count.div_ceil(PER_PAGE).max(1)))
    }

    pub(super) fn pager(&self, base: &str, current: usize, last: usize) -> PagerView {
        let url = |page: usize| self.base.href(&if page > 1 { format!("{base}page/{page}/") } else { base.to_owned() });
        let mut pages: Vec<PagerLink> = Vec::new();
        for number in 1..=last {
            let near = number == 1 || number == last || number.abs_diff(current) <= 2;
            if near {
                pages.push(PagerLink { number, url: Some(url(number)) });
            } else if pages.last().is_some_and(|link| link.url.is_some()) {
                pages.push(PagerLink { number, url: None });
            }
        }
        PagerView {
            current,
            last,
            previous: (current > 1).then(|| url(current - 1)),
            next: (current < last).then(|| url(current + 1)),
            pages,
        }
    }

    pub(super) fn products(&self, page: usize, address: &str) -> ListView {
        let list = Listed {
            heading: "商品・仕事",
            lead: Some(
                "事業所がつくる商品と、お引き受けできる仕事です。ここにないものも、窓口へご相談ください。".to_owned(),
            ),
            kind: "products",
            all: &self.lists().products,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: self.product_facets(),
            current: String::new(),
        };
        self.list(list, |ix| self.product_card(ix))
    }

    pub(super) fn category(&self, at: usize, page: usize, address: &str) -> ListView {
        let vocabulary = &self.catalog.vocabulary;
        let path = vocabulary.category_path(at);
        let word = vocabulary.categories.get(at).map(|category| &category.word);
        let mut crumbs = self.crumbs(&[("商品・仕事", "/products/")]);
        crumbs.extend(
            path.iter()
                .filter(|step| **step != at)
                .filter_map(|step| vocabulary.categories.get(*step))
                .map(|c| self.link(&c.word.label, &format!("/products/category/{}/", c.word.id))),
        );
        let top = path.first().copied();
        let children =
            vocabulary.categories.iter().enumerate().filter(|(_, child)| top.is_some() && child.parent == top);
        let children = filled(children.filter_map(|(at, _)| category_item(self.catalog, self.base, at)));
        let mut facets = self.facets(&[("category", "さらにしぼりこむ", &children)]);
        facets.extend(self.product_facets());
        let class = vocabulary.categories.get(at).and_then(|category| vocabulary.class_of(category));
        let list = Listed {
            heading: word.map_or("", |word| word.label.as_str()),
            lead: class.map(|class| format!("優先調達の区分: {}（{}）", class.label, class.group.label())),
            kind: "products",
            all: self.catalog.by.category.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs,
            facets,
            current: word.map_or_else(String::new, |word| format!("category:{}", word.id)),
        };
        let mut view = self.list(list, |ix| self.product_card(ix));
        if page == 1 {
            let workers = self.catalog.by.workers.get(at).into_iter().flatten();
            view.workers = workers.map(|ix| self.facility_card(*ix)).collect();
            view.meta.noindex &= view.workers.is_empty();
        }
        view
    }

    /// What is made in an area.
    pub(super) fn area_products(&self, at: usize, page: usize, address: &str) -> ListView {
        let word = self.catalog.vocabulary.areas.get(at).map(|area| &area.word);
        let name = word.map_or("", |word| word.label.as_str());
        let list = Listed {
            heading: &format!("{name}の商品・仕事"),
            lead: None,
            kind: "products",
            all: self.catalog.by.products_of_area.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs: self.crumbs(&[("商品・仕事", "/products/")]),
            facets: self.product_facets(),
            current: word.map_or_else(String::new, |word| format!("product-area:{}", word.id)),
        };
        self.list(list, |ix| self.product_card(ix))
    }

    /// What costs so much.
    pub(super) fn price_band(&self, at: usize, page: usize, address: &str) -> ListView {
        let vocabulary = &self.catalog.vocabulary;
        let list = Listed {
            heading: &format!("{}の商品・仕事", vocabulary.price_band_label(at)),
            lead: Some("税込の価格です。種類のある商品は、いちばん安いもので分けています。".to_owned()),
            kind: "products",
            all: self.catalog.by.price.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs: self.crumbs(&[("商品・仕事", "/products/")]),
            facets: self.product_facets(),
            current: format!("price:{}", vocabulary.price_band_id(at)),
        };
        self.list(list, |ix| self.product_card(ix))
    }

    pub(super) fn facilities(&self, page: usize, address: &str) -> ListView {
        let list = Listed {
            heading: "事業所",
            lead: None,
            kind: "facilities",
            all: &self.lists().facilities,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: self.facility_facets(),
            current: String::new(),
        };
        self.list(list, |ix| self.facility_card(ix))
    }

    pub(super) fn area(&self, at: usize, page: usize, address: &str) -> ListView {
        let vocabulary = &self.catalog.vocabulary;
        let word = vocabulary.areas.get(at).map(|area| &area.word);
        let mut crumbs = self.crumbs(&[("事業所", "/facilities/")]);
        crumbs.extend(
            vocabulary
                .area_path(at)
                .iter()
                .filter(|step| **step != at)
                .filter_map(|step| vocabulary.areas.get(*step))
                .map(|area| self.link(&area.word.label, &format!("/facilities/area/{}/", area.word.id))),
        );
        let heading = format!("{}の事業所", word.map_or("", |word| word.label.as_str()));
        let list = Listed {
            heading: &heading,
            lead: None,
            kind: "facilities",
            all: self.catalog.by.area.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs,
            facets: self.facility_facets(),
            current: word.map_or_else(String::new, |word| format!("area:{}", word.id)),
        };
        self.list(list, |ix| self.facility_card(ix))
    }

    pub(super) fn news_list(&self, page: usize, address: &str) -> ListView {
        let all: Vec<usize> = notice::listed(&self.catalog.news);
        let list = Listed {
            heading: "お知らせ",
            lead: None,
            kind: "news",
            all: &all,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: Vec::new(),
            current: String::new(),
        };
        self.list(list, |at| self.news_card(at))
    }

    pub(super) fn reports(&self, page: usize, address: &str) -> ListView {
        let all: Vec<usize> = notice::listed(&self.catalog.reports);
        let list = Listed {
            heading: "報告",
            lead: None,
            kind: "reports",
            all: &all,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: Vec::new(),
            current: String::new(),
        };
        self.list(list, |at| self.report_card(at))
    }

    pub(super) fn plans(&self, address: &str) -> ListView {
        let all: Vec<usize> = notice::listed(&self.catalog.plans);
        let list = Listed {
            heading: "事業計画",
            lead: None,
            kind: "plans",
            all: &all,
            page: 1,
            address,
            crumbs: self.crumbs(&[]),
            facets: Vec::new(),
            current: String::new(),
        };
        self.list(list, |at| self.plan_card(at))
    }
}
