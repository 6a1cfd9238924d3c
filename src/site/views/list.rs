//! Every page that is a list: of products, facilities, events, news, reports, plans.

use super::meta::{Head, LinkView, Meta};
use super::{Views, notice};
use crate::catalog::{Catalog, EventIx, FacilityIx, ProductIx};
use crate::model::schedule::YearMonth;
use crate::site::base::Base;
use crate::site::plan::PER_PAGE;
use serde::Serialize;
use std::collections::BTreeMap;
use tera::Value;

/// A list.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct ListView {
    pub meta: Meta,
    pub heading: String,
    /// Said below the heading.
    pub lead: Option<String>,
    /// `products`, `facilities`, `events`, `news`, `reports` or `plans`: which cards these are.
    pub kind: &'static str,
    /// How many there are on all pages.
    pub total: usize,
    /// The cards of this page.
    pub items: Vec<Value>,
    /// A second list: who takes on the work of this category.
    pub workers: Vec<Value>,
    pub pager: PagerView,
    /// Ways to narrow the list, as plain links.
    pub facets: Vec<FacetView>,
    /// The id of the chosen facet, to be marked.
    pub current: String,
}

/// A group of links that narrow a list.
#[derive(Debug, Clone, Serialize)]
pub struct FacetView {
    /// 分類
    pub label: String,
    /// The choices; a shared value.
    pub items: Value,
}

#[derive(Serialize)]
struct FacetItem<'a> {
    id: &'a str,
    label: &'a str,
    url: String,
    count: usize,
}

/// The pages of a list.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct PagerView {
    pub current: usize,
    pub last: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub pages: Vec<PagerLink>,
}

/// A page of a list; without an address it is a gap.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct PagerLink {
    pub number: usize,
    pub url: Option<String>,
}

/// What the pages of lists share, made once: the facets, and what stands on the widest lists.
pub(super) struct Shared {
    categories: Value,
    areas: Value,
    kinds: Value,
    months: Value,
    old_months: Value,
    years: Value,
    products: Vec<ProductIx>,
    facilities: Vec<FacilityIx>,
    pub(super) events: Vec<EventIx>,
    pub(super) undated: Vec<EventIx>,
    /// Events by series, in the catalog's order.
    pub(super) series: BTreeMap<String, Vec<EventIx>>,
}

impl Shared {
    pub(super) fn new(catalog: &Catalog, base: &Base) -> Self {
        let value = |items: Vec<FacetItem<'_>>| Value::try_from_serializable(&items).unwrap_or_else(|_| Value::none());
        let vocabulary = &catalog.vocabulary;
        let categories = vocabulary.categories.iter().enumerate().filter(|(_, c)| c.parent.is_none());
        let areas = vocabulary.areas.iter().enumerate();
        let count = |lists: &[Vec<ProductIx>], at: usize| lists.get(at).map_or(0, Vec::len);
        let today = YearMonth::of(catalog.moment.today);
        let months = |past: bool| -> Vec<(String, String, String, usize)> {
            let months = catalog.by_month.iter().filter(|(month, _)| (**month < today) == past);
            let mut months: Vec<_> = months
                .map(|(month, of)| {
                    let iso = month.iso();
                    (format!("/events/{iso}/"), iso, month.label(), of.count)
                })
                .collect();
            if past {
                months.reverse();
            }
            months
        };
        let years: Vec<(String, String, String, usize)> = catalog
            .past
            .iter()
            .rev()
            .map(|(year, list)| {
                (format!("/events/past/{}/", year.0), format!("past-{}", year.0), year.label(), list.len())
            })
            .collect();
        let links = |all: &[(String, String, String, usize)]| {
            let item = |(address, id, label, count): &(String, String, String, usize)| {
                let url = base.href(address);
                serde_json::json!({"id": id, "label": label, "url": url, "count": count})
            };
            Value::try_from_serializable(&all.iter().map(item).collect::<Vec<_>>()).unwrap_or_else(|_| Value::none())
        };
        let mut series: BTreeMap<String, Vec<EventIx>> = BTreeMap::new();
        for ix in catalog.listed_events() {
            if let Some(name) = &catalog.event(ix).entry.data.series {
                series.entry(name.clone()).or_default().push(ix);
            }
        }
        Self {
            series,
            products: catalog.listed_products().collect(),
            facilities: catalog.listed_facilities().collect(),
            events: catalog.coming_events().collect(),
            undated: catalog.undated_events().collect(),
            categories: value(
                categories
                    .map(|(at, c)| FacetItem {
                        id: &c.word.id,
                        label: &c.word.label,
                        url: base.href(&format!("/products/category/{}/", c.word.id)),
                        count: count(&catalog.by_category, at) + catalog.workers.get(at).map_or(0, Vec::len),
                    })
                    .filter(|item| item.count > 0)
                    .collect(),
            ),
            areas: value(
                areas
                    .map(|(at, area)| FacetItem {
                        id: &area.word.id,
                        label: &area.word.label,
                        url: base.href(&format!("/facilities/area/{}/", area.word.id)),
                        count: catalog.by_area.get(at).map_or(0, Vec::len),
                    })
                    .filter(|item| item.count > 0)
                    .collect(),
            ),
            kinds: value(
                vocabulary
                    .event_kinds
                    .iter()
                    .map(|kind| FacetItem {
                        id: &kind.id,
                        label: &kind.label,
                        url: base.href(&format!("/events/kind/{}/", kind.id)),
                        count: catalog.by_kind.get(&kind.id).map_or(0, Vec::len),
                    })
                    .filter(|item| item.count > 0)
                    .collect(),
            ),
            months: links(&months(false)),
            old_months: links(&months(true)),
            years: links(&years),
        }
    }
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
    current: &'a str,
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
            items,
            workers: Vec::new(),
            pager,
            facets: list.facets,
            current: list.current.to_owned(),
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

    fn facet(&self, label: &str, items: &Value) -> FacetView {
        FacetView { label: label.to_owned(), items: items.clone() }
    }

    fn product_facets(&self) -> Vec<FacetView> {
        vec![self.facet("分類でさがす", &self.shared.categories)]
    }

    pub(super) fn event_facets(&self) -> Vec<FacetView> {
        let shared = &self.shared;
        vec![
            self.facet("月の予定表", &shared.months),
            self.facet("種類でさがす", &shared.kinds),
            self.facet("終わった催し（年度）", &shared.years),
            self.facet("これまでの月", &shared.old_months),
        ]
        .into_iter()
        .filter(|facet| facet.items.as_array().is_some_and(|items| !items.is_empty()))
        .collect()
    }

    pub(super) fn category_facet(&self) -> Value {
        self.shared.categories.clone()
    }

    pub(super) fn area_facet(&self) -> Value {
        self.shared.areas.clone()
    }

    pub(super) fn kind_facet(&self) -> Value {
        self.shared.kinds.clone()
    }

    pub(super) fn products(&self, page: usize, address: &str) -> ListView {
        let list = Listed {
            heading: "商品・仕事",
            lead: Some(
                "事業所がつくる商品と、お引き受けできる仕事です。ここにないものも、窓口へご相談ください。".to_owned(),
            ),
            kind: "products",
            all: &self.shared.products,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: self.product_facets(),
            current: "",
        };
        self.list(list, |ix| self.cards.product(ix))
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
        let children: Vec<FacetItem<'_>> = vocabulary
            .categories
            .iter()
            .enumerate()
            .filter(|(_, child)| child.parent.is_some() && child.parent == path.first().copied())
            .map(|(at, child)| FacetItem {
                id: &child.word.id,
                label: &child.word.label,
                url: self.base.href(&format!("/products/category/{}/", child.word.id)),
                count: self.catalog.by_category.get(at).map_or(0, Vec::len)
                    + self.catalog.workers.get(at).map_or(0, Vec::len),
            })
            .filter(|item| item.count > 0)
            .collect();
        let mut facets = self.product_facets();
        if !children.is_empty() {
            let items = Value::try_from_serializable(&children).unwrap_or_else(|_| Value::none());
            facets.insert(0, FacetView { label: "さらにしぼりこむ".to_owned(), items });
        }
        let class = vocabulary.categories.get(at).and_then(|category| vocabulary.class_of(category));
        let list = Listed {
            heading: word.map_or("", |word| word.label.as_str()),
            lead: class.map(|class| format!("優先調達の区分: {}（{}）", class.label, class.group.label())),
            kind: "products",
            all: self.catalog.by_category.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs,
            facets,
            current: word.map_or("", |word| word.id.as_str()),
        };
        let mut view = self.list(list, |ix| self.cards.product(ix));
        if page == 1 {
            let workers = self.catalog.workers.get(at).into_iter().flatten();
            view.workers = workers.map(|ix| self.cards.facility(*ix)).collect();
            view.meta.noindex &= view.workers.is_empty();
        }
        view
    }

    pub(super) fn facilities(&self, page: usize, address: &str) -> ListView {
        let list = Listed {
            heading: "事業所",
            lead: None,
            kind: "facilities",
            all: &self.shared.facilities,
            page,
            address,
            crumbs: self.crumbs(&[]),
            facets: vec![self.facet("地域でさがす", &self.shared.areas)],
            current: "",
        };
        self.list(list, |ix| self.cards.facility(ix))
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
            all: self.catalog.by_area.get(at).map(Vec::as_slice).unwrap_or_default(),
            page,
            address,
            crumbs,
            facets: vec![self.facet("地域でさがす", &self.shared.areas)],
            current: word.map_or("", |word| word.id.as_str()),
        };
        self.list(list, |ix| self.cards.facility(ix))
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
            current: "",
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
            current: "",
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
            current: "",
        };
        self.list(list, |at| self.plan_card(at))
    }
}
