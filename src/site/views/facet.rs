//! Ways to narrow a list, as plain links, made once and shared by all pages that show them.

use super::picture_address;
use super::{Value, Views};
use crate::catalog::{Catalog, EventIx, FacilityIx, INDEX, Listed, ProductIx};
use crate::model::schedule::YearMonth;
use crate::model::vocabulary::Word;
use crate::photos::Use;
use crate::site::base::Base;
use serde::Serialize;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// しぼりこみ。
#[derive(Serialize)]
pub struct FacetView {
    /// `category` `goods` `services` `price` `product-area` `class` `area` `month` `kind` `past` `old-month` のどれか
    pub id: &'static str,
    /// 名前。「商品の分類」
    pub label: &'static str,
    /// 札の一覧（[FacetItem]）
    pub items: Value,
}

/// しぼりこみの札。件数が0のものは、一覧に入らない。
#[derive(Debug, Clone, Serialize)]
pub struct FacetItem {
    /// どのしぼりこみの、どの札か。「category:cookie」
    pub key: String,
    /// 言葉。「クッキー・ビスケット」
    pub label: String,
    /// その一覧のアドレス
    pub url: String,
    /// 件数。分類では、商品と、仕事を引き受ける事業所を合わせた数
    pub count: usize,
    /// 言葉の絵のアドレス。分類だけ
    pub image: Option<String>,
    /// 2段目の札。地域だけにあり、ほかでは空
    pub children: Vec<FacetItem>,
}

/// What the pages of lists share: the facets, and what stands on the widest lists.
pub(super) struct Lists {
    /// Categories by the official group of their class.
    pub goods: Value,
    pub services: Value,
    /// The same without their drawings, which no filter shows.
    pub plain_goods: Value,
    pub plain_services: Value,
    pub areas: Value,
    pub product_areas: Value,
    pub prices: Value,
    pub classes: Value,
    pub kana: Value,
    pub kinds: Value,
    pub months: Value,
    pub old_months: Value,
    pub years: Value,
    pub products: Vec<ProductIx>,
    pub facilities: Vec<FacilityIx>,
    pub events: Vec<EventIx>,
    pub undated: Vec<EventIx>,
    /// Events by series, in the catalog's order.
    pub series: BTreeMap<String, Vec<EventIx>>,
}

/// Choices that lead somewhere.
pub(super) fn filled(items: impl IntoIterator<Item = FacetItem>) -> Value {
    let items: Vec<FacetItem> = items.into_iter().filter(|item| item.count > 0).collect();
    Value::of(&items)
}

fn item(base: &Base, facet: &str, id: &str, label: &str, address: &str, count: usize) -> FacetItem {
    FacetItem {
        key: format!("{facet}:{id}"),
        label: label.to_owned(),
        url: base.href(address),
        count,
        image: None,
        children: Vec::new(),
    }
}

/// A category with what is in it: products, and facilities that take on its work.
pub(super) fn category_item(catalog: &Catalog, base: &Base, at: usize) -> Option<FacetItem> {
    let word = &catalog.vocabulary.categories.get(at)?.word;
    let count = catalog.by.category.length(at) + catalog.by.workers.length(at);
    let address = format!("/products/category/{}/", word.id);
    Some(FacetItem {
        image: word.image.as_deref().map(|image| picture_address(catalog, base, image, Use::CARD)),
        ..item(base, "category", &word.id, &word.label, &address, count)
    })
}

/// An official class with how many products belong to it, or facilities where there is none.
pub(super) fn class_item(catalog: &Catalog, base: &Base, at: usize) -> Option<FacetItem> {
    let class = catalog.vocabulary.procurement.get(at)?;
    let count = match catalog.by.class.length(at) {
        0 => catalog.by.suppliers.length(at),
        count => count,
    };
    Some(item(base, "class", &class.id, &class.label, &format!("/procurement/{}/", class.id), count))
}

/// A kind of facilities with how many are of it.
pub(super) fn facility_kind_item(catalog: &Catalog, base: &Base, at: usize) -> Option<FacetItem> {
    let kind = catalog.vocabulary.facility_kinds.get(at)?;
    let address = format!("/procurement/kind/{}/", kind.id);
    Some(item(base, "kind", &kind.id, &kind.label, &address, catalog.by.facility_kind.length(at)))
}

/// Top-level areas with their municipalities, leading to `folder`.
fn areas<T>(catalog: &Catalog, base: &Base, facet: &str, folder: &str, lists: &Listed<T>) -> Value {
    let all = &catalog.vocabulary.areas;
    let one = |at: usize, word: &Word| {
        item(base, facet, &word.id, &word.label, &format!("{folder}{}/", word.id), lists.length(at))
    };
    let tops = all.iter().enumerate().filter(|(_, area)| area.parent.is_none());
    filled(tops.map(|(top, area)| {
        FacetItem {
            children: all
                .iter()
                .enumerate()
                .filter(|(_, child)| child.parent == Some(top))
                .map(|(at, child)| one(at, &child.word))
                .filter(|child| child.count > 0)
                .collect(),
            ..one(top, &area.word)
        }
    }))
}

/// Who comes to buy wants goods; works have a page of their own.
fn goods_first(catalog: &Catalog) -> Vec<ProductIx> {
    let mut all: Vec<ProductIx> = catalog.listed_products().collect();
    all.sort_by_key(|ix| catalog.vocabulary.is_work(catalog.product(*ix).category));
    all
}

impl Lists {
    /// A fingerprint of all of it.
    pub(super) fn print(&self, catalog: &Catalog) -> u64 {
        let Self {
            goods, services, areas, product_areas, prices, classes, kana, kinds, months, old_months, years, ..
        } = self;
        let values = [goods, services, areas, product_areas, prices, classes, kana, kinds, months, old_months, years];
        let mut text = serde_json::to_string(&values).unwrap_or_default();
        let mut add = |id: &str| {
            text.push('\n');
            text.push_str(id);
        };
        self.products.iter().for_each(|ix| add(&catalog.product(*ix).entry.id));
        self.facilities.iter().for_each(|ix| add(&catalog.facility(*ix).entry.id));
        for (name, events) in [("", &self.events), ("", &self.undated)]
            .into_iter()
            .chain(self.series.iter().map(|(name, all)| (name.as_str(), all)))
        {
            add("");
            add(name);
            events.iter().for_each(|ix| add(&catalog.event(*ix).entry.id));
        }
        xxh3_64(text.as_bytes())
    }

    pub(super) fn new(catalog: &Catalog, base: &Base) -> Self {
        let vocabulary = &catalog.vocabulary;
        let tops = |work: bool, plain: bool| {
            let tops = vocabulary.categories.iter().enumerate().filter(|(_, category)| category.parent.is_none());
            let tops = tops.filter(|(at, _)| vocabulary.is_work(*at) == work);
            let tops = tops.filter_map(|(at, _)| category_item(catalog, base, at));
            filled(tops.map(|item| FacetItem { image: item.image.clone().filter(|_| !plain), ..item }))
        };
        let today = YearMonth::of(catalog.moment.today);
        let months = |past: bool| {
            let months = catalog.by_month.iter().filter(|(month, _)| (**month < today) == past);
            let mut months: Vec<FacetItem> = months
                .map(|(month, of)| {
                    let iso = month.iso();
                    item(base, "month", &iso, &month.label(), &format!("/events/{iso}/"), of.count.max(1))
                })
                .collect();
            if past {
                months.reverse();
            }
            filled(months)
        };
        let mut series: BTreeMap<String, Vec<EventIx>> = BTreeMap::new();
        for ix in catalog.listed_events() {
            if let Some(name) = &catalog.event(ix).entry.data.series {
                series.entry(name.clone()).or_default().push(ix);
            }
        }
        Self {
            series,
            goods: tops(false, false),
            services: tops(true, false),
            plain_goods: tops(false, true),
            plain_services: tops(true, true),
            areas: areas(catalog, base, "area", "/facilities/area/", &catalog.by.area),
            product_areas: areas(catalog, base, "product-area", "/products/area/", &catalog.by.products_of_area),
            prices: filled(catalog.by.price.iter().enumerate().map(|(at, list)| {
                let id = vocabulary.price_band_id(at);
                let address = format!("/products/price/{id}/");
                item(base, "price", &id, &vocabulary.price_band_label(at), &address, list.len())
            })),
            classes: filled((0..vocabulary.procurement.len()).filter_map(|at| class_item(catalog, base, at))),
            kana: filled(
                INDEX
                    .iter()
                    .zip(catalog.by.kana.iter())
                    .map(|((letter, id), list)| item(base, "kana", id, letter, &format!("/kana/{id}/"), list.len())),
            ),
            kinds: filled(vocabulary.event_kinds.iter().map(|kind| {
                let count = catalog.by_kind.get(&kind.id).map_or(0, Vec::len);
                item(base, "kind", &kind.id, &kind.label, &format!("/events/kind/{}/", kind.id), count)
            })),
            months: months(false),
            old_months: months(true),
            years: filled(catalog.past.iter().rev().map(|(year, list)| {
                let address = format!("/events/past/{}/", year.0);
                item(base, "past", &year.0.to_string(), &year.label(), &address, list.len())
            })),
            products: goods_first(catalog),
            facilities: catalog.listed_facilities().collect(),
            events: catalog.coming_events().collect(),
            undated: catalog.undated_events().collect(),
        }
    }
}

impl Views<'_> {
    /// Facets with their choices; those without any are left out.
    pub(super) fn facets(&self, all: &[(&'static str, &'static str, &Value)]) -> Vec<FacetView> {
        all.iter()
            .filter(|(.., items)| !items.is_empty())
            .map(|(id, label, items)| FacetView { id, label, items: (*items).clone() })
            .collect()
    }

    pub(super) fn product_facets(&self) -> Vec<FacetView> {
        let shared = self.lists();
        self.facets(&[
            ("goods", "商品の分類", &shared.plain_goods),
            ("services", "仕事の分類", &shared.plain_services),
            ("price", "価格", &shared.prices),
            ("product-area", "つくる地域", &shared.product_areas),
            ("class", "優先調達の区分", &shared.classes),
        ])
    }

    pub(super) fn facility_facets(&self) -> Vec<FacetView> {
        self.facets(&[("area", "地域", &self.lists().areas)])
    }

    pub(super) fn event_facets(&self) -> Vec<FacetView> {
        let shared = self.lists();
        self.facets(&[
            ("month", "月の予定表", &shared.months),
            ("kind", "催しの種類", &shared.kinds),
            ("past", "終わった催し（年度）", &shared.years),
            ("old-month", "これまでの月", &shared.old_months),
        ])
    }
}
