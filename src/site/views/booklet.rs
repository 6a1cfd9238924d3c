//! 商品カタログ: everything on paper, category by category, for a council to hand out.
//!
//! A browser cannot say on which printed page something stands, so products are numbered and the index of
//! readings names numbers: that holds on any paper size.

use super::cards::area_label;
use super::meta::{Head, LinkView, Meta};
use super::product::{months_text, price_text};
use super::{PhotoView, Views};
use crate::catalog::{FacilityIx, ProductIx};
use crate::model::text::{index_row, reading_key, with_commas};
use crate::model::{OrderRoute, ProductStatus};
use crate::site::plan::PRODUCTS_OF_BOOKLET;
use serde::Serialize;

/// The booklet.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletView {
    pub meta: Meta,
    pub heading: String,
    /// 2026年11月21日(土)
    pub date: String,
    pub sections: Vec<BookletSection>,
    /// Where it is too long for one page: one booklet for each category.
    pub parts: Vec<BookletPartLink>,
    pub index: Vec<BookletLetter>,
    pub facilities: Vec<BookletFacility>,
    pub total: usize,
}

/// A category of the booklet.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletSection {
    pub id: String,
    pub label: String,
    pub image: Option<String>,
    /// The numbers of its products: 1–16.
    pub first: usize,
    pub last: usize,
    pub items: Vec<BookletItem>,
}

/// A booklet of its own.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletPartLink {
    pub link: LinkView,
    pub count: usize,
}

/// A product in the booklet.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletItem {
    pub number: usize,
    pub name: String,
    pub kana: Option<String>,
    pub photo: Option<PhotoView>,
    pub illustration: Option<String>,
    pub summary: String,
    pub price: Option<String>,
    pub unit: Option<String>,
    pub min_order: Option<String>,
    pub lead: Option<String>,
    pub season: String,
    pub contains: Vec<String>,
    pub makers: Vec<String>,
    pub area: String,
    pub noufuku: bool,
    /// 受注生産, 売り切れ …, where it is not simply on sale.
    pub status: Option<&'static str>,
    /// Whom to call where it is not the desk.
    pub direct: Option<String>,
}

/// A letter of the index of readings.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletLetter {
    pub letter: &'static str,
    pub items: Vec<BookletName>,
}

/// A name with its number.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletName {
    pub name: String,
    pub number: usize,
}

/// A facility in the booklet's list of addresses.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct BookletFacility {
    pub name: String,
    pub area: String,
    pub address: Option<String>,
    pub tel: Option<String>,
    pub fax: Option<String>,
    /// The numbers of what it makes.
    pub numbers: Vec<usize>,
}

const HEADING: &str = "商品カタログ";

impl Views<'_> {
    pub(super) fn booklet(&self, address: &str) -> BookletView {
        let tops = self.filled_tops();
        if self.shared.products.len() <= PRODUCTS_OF_BOOKLET {
            let crumbs = self.crumbs(&[]);
            return self.booklet_of(HEADING, &tops, crumbs, address);
        }
        let parts = tops.iter().filter_map(|at| {
            let word = &self.catalog.vocabulary.categories.get(*at)?.word;
            let link = self.link(&word.label, &format!("/catalog/{}/", word.id));
            Some(BookletPartLink { link, count: self.catalog.by.category.get(*at).map_or(0, Vec::len) })
        });
        BookletView { parts: parts.collect(), ..self.booklet_of(HEADING, &[], self.crumbs(&[]), address) }
    }

    pub(super) fn booklet_part(&self, at: usize, address: &str) -> BookletView {
        let label = self.catalog.vocabulary.categories.get(at).map_or("", |category| category.word.label.as_str());
        let crumbs = self.crumbs(&[(HEADING, "/catalog/")]);
        self.booklet_of(&format!("{HEADING} {label}"), &[at], crumbs, address)
    }

    fn filled_tops(&self) -> Vec<usize> {
        let tops = self.catalog.vocabulary.categories.iter().enumerate().filter(|(_, c)| c.parent.is_none());
        tops.map(|(at, _)| at).filter(|at| self.catalog.by.category.get(*at).is_some_and(|l| !l.is_empty())).collect()
    }

    fn booklet_of(&self, heading: &str, categories: &[usize], crumbs: Vec<LinkView>, address: &str) -> BookletView {
        let catalog = self.catalog;
        let mut numbered: Vec<(ProductIx, usize)> = Vec::new();
        let mut sections = Vec::new();
        for at in categories {
            let Some(category) = catalog.vocabulary.categories.get(*at) else { continue };
            let list = catalog.by.category.get(*at).map(Vec::as_slice).unwrap_or_default();
            let before = numbered.len();
            let ended = |ix: &ProductIx| catalog.product(*ix).entry.data.status == ProductStatus::Ended;
            let mut items = Vec::new();
            for ix in list.iter().filter(|ix| !ended(ix)) {
                let number = numbered.len() + 1;
                numbered.push((*ix, number));
                items.push(self.booklet_item(*ix, number));
            }
            if !items.is_empty() {
                sections.push(BookletSection {
                    id: category.word.id.clone(),
                    label: category.word.label.clone(),
                    image: category.word.image.as_deref().map(|image| self.base.asset(image)),
                    first: before + 1,
                    last: numbered.len(),
                    items,
                });
            }
        }
        let head = Head {
            description: "事業所の商品と仕事を分類ごとにまとめた、印刷できるカタログです。",
            crumbs,
            noindex: numbered.is_empty() && categories.is_empty() && !self.catalog.products.is_empty(),
            ..Head::new(heading)
        };
        BookletView {
            meta: self.meta(address, head),
            heading: heading.to_owned(),
            date: catalog.moment.today.long(),
            total: numbered.len(),
            index: self.booklet_index(&numbered),
            facilities: self.booklet_facilities(&numbered),
            sections,
            parts: Vec::new(),
        }
    }

    fn booklet_item(&self, ix: ProductIx, number: usize) -> BookletItem {
        let product = self.catalog.product(ix);
        let (entry, data) = (&product.entry, &product.entry.data);
        let unit = data.unit.as_deref().unwrap_or("");
        let makers: Vec<_> = product.makers.iter().map(|(ix, _)| self.catalog.facility(*ix)).collect();
        let category = self.catalog.vocabulary.categories.get(product.category);
        let direct = makers.first().filter(|_| data.order == OrderRoute::Direct).map(|maker| &maker.entry.data);
        BookletItem {
            number,
            name: data.name.clone(),
            kana: data.kana.clone(),
            photo: self.photos(&entry.meta.photos).into_iter().next(),
            illustration: category.and_then(|c| c.word.image.as_deref()).map(|image| self.base.asset(image)),
            summary: entry.body.summary.clone(),
            price: data.price.as_ref().map(price_text),
            unit: data.unit.clone(),
            min_order: data.min_order.map(|n| format!("{}{unit}から", with_commas(n))),
            lead: data.lead_days.map(super::product::lead_text),
            season: months_text(&data.season),
            contains: data.allergens.as_ref().map(|a| a.contains.clone()).unwrap_or_default(),
            makers: makers.iter().map(|maker| maker.entry.data.name.clone()).collect(),
            area: makers.first().map_or("", |maker| area_label(self.catalog, maker.area)).to_owned(),
            noufuku: data.noufuku,
            status: (data.status != ProductStatus::OnSale).then(|| data.status.label()),
            direct: direct.and_then(|maker| maker.tel.as_ref().map(|tel| format!("{} 電話 {tel}", maker.name))),
        }
    }

    fn booklet_index(&self, numbered: &[(ProductIx, usize)]) -> Vec<BookletLetter> {
        let name = |(ix, number): &(ProductIx, usize)| {
            let data = &self.catalog.product(*ix).entry.data;
            (reading_key(data.reading()), index_row(data.reading()), data.name.clone(), *number)
        };
        let mut names: Vec<_> = numbered.iter().map(name).collect();
        names.sort();
        let mut letters: Vec<BookletLetter> = Vec::new();
        for (_, letter, name, number) in names {
            if letters.last().is_none_or(|last| last.letter != letter) {
                letters.push(BookletLetter { letter, items: Vec::new() });
            }
            if let Some(last) = letters.last_mut() {
                last.items.push(BookletName { name, number });
            }
        }
        letters
    }

    fn booklet_facilities(&self, numbered: &[(ProductIx, usize)]) -> Vec<BookletFacility> {
        let mut numbers: std::collections::BTreeMap<FacilityIx, Vec<usize>> = std::collections::BTreeMap::new();
        for (ix, number) in numbered {
            for (maker, _) in &self.catalog.product(*ix).makers {
                numbers.entry(*maker).or_default().push(*number);
            }
        }
        numbers
            .into_iter()
            .map(|(ix, numbers)| {
                let facility = self.catalog.facility(ix);
                let data = &facility.entry.data;
                BookletFacility {
                    name: data.name.clone(),
                    area: area_label(self.catalog, facility.area).to_owned(),
                    address: data.address.clone(),
                    tel: data.tel.clone(),
                    fax: data.fax.clone(),
                    numbers,
                }
            })
            .collect()
    }
}
