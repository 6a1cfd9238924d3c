//! 商品カタログ: everything on paper, category by category, for a council to hand out.
//!
//! A browser cannot say on which printed page something stands, so products are numbered and the index of
//! readings names numbers: that holds on any paper size.

use super::cards::area_label;
use super::meta::{Head, LinkView, Meta};
use super::product::{months_text, price_text};
use super::{PhotoView, Views};
use crate::catalog::{FacilityIx, ProductIx};
use crate::model::text::{index_row, with_commas};
use crate::model::{OrderRoute, ProductStatus};
use crate::site::plan::PRODUCTS_OF_BOOKLET;
use serde::Serialize;

/// 商品カタログ（印刷する冊子）のページ。全体が1つに入らないときは、分類ごとの冊子のページもできる。
#[derive(Serialize)]
pub struct BookletView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 見出し。「商品カタログ」「商品カタログ 菓子・スイーツ」
    pub heading: String,
    /// 書き出した日。「2026年11月21日(土)」
    pub date: String,
    /// 冊子の分類。分類ごとの冊子に分かれているときの `/catalog/` では空
    pub sections: Vec<BookletSection>,
    /// 分類ごとの冊子へのリンク。商品が600件より多いときの `/catalog/` だけにあり、ほかでは空
    pub parts: Vec<BookletPartLink>,
    /// 商品の名前を読みの順に並べた索引
    pub index: Vec<BookletLetter>,
    /// この冊子にのせた商品の作り手の連絡先
    pub facilities: Vec<BookletFacility>,
    /// この冊子にのせた商品の数
    pub total: usize,
}

/// 冊子の分類。
#[derive(Serialize)]
pub struct BookletSection {
    /// 分類の id。目次から飛ぶ先の印に使える。「cookie」
    pub id: String,
    /// 分類の名前。「菓子・スイーツ」
    pub label: String,
    /// 分類の絵のアドレス
    pub image: Option<String>,
    /// はじめの商品の番号。「1」
    pub first: usize,
    /// 終わりの商品の番号。「16」
    pub last: usize,
    /// この分類の商品
    pub items: Vec<BookletItem>,
}

/// 分類ごとの冊子。
#[derive(Serialize)]
pub struct BookletPartLink {
    /// 分類の名前と、その冊子のアドレス
    pub link: LinkView,
    /// 分類の商品の数。販売終了のものも数える
    pub count: usize,
}

/// 冊子の商品。
#[derive(Serialize)]
pub struct BookletItem {
    /// 冊子の中の番号。1から
    pub number: usize,
    /// 名前
    pub name: String,
    /// ふりがな
    pub kana: Option<String>,
    /// 1枚目の写真
    pub photo: Option<PhotoView>,
    /// 写真がないときの、分類の絵のアドレス。写真があっても入っている
    pub illustration: Option<String>,
    /// 本文のはじめ。110字まで
    pub summary: String,
    /// 価格。「300円」「500円から」「無料」。なければ見積り
    pub price: Option<String>,
    /// 単位。「箱」
    pub unit: Option<String>,
    /// 最小ロット。「10箱から」
    pub min_order: Option<String>,
    /// 納期。「注文から7日」「当日」
    pub lead: Option<String>,
    /// 作る季節。「10月～3月」「通年」。書いていなければ空の文字
    pub season: String,
    /// 含むアレルギー物質の名前
    pub contains: Vec<String>,
    /// 作り手の名前
    pub makers: Vec<String>,
    /// 1つ目の作り手の市町村。なければ空の文字
    pub area: String,
    /// 農福連携なら、はい
    pub noufuku: bool,
    /// 販売中のほかの状態を日本語で。「受注生産」「売り切れ」
    pub status: Option<&'static str>,
    /// 窓口でなく作り手に注文するとき、その名前と電話。「みほん工房 電話 027-000-0000」
    pub direct: Option<String>,
}

/// 冊子の索引の行。
#[derive(Serialize)]
pub struct BookletLetter {
    /// 五十音の行。「あ」「か」… と「他」
    pub letter: &'static str,
    /// その行の名前
    pub items: Vec<BookletName>,
}

/// 冊子の索引の名前。
#[derive(Serialize)]
pub struct BookletName {
    /// 商品の名前
    pub name: String,
    /// 冊子の中の番号
    pub number: usize,
}

/// 冊子の事業所。
#[derive(Serialize)]
pub struct BookletFacility {
    /// 名前
    pub name: String,
    /// 市町村。なければ空の文字
    pub area: String,
    /// 住所
    pub address: Option<String>,
    /// 電話
    pub tel: Option<String>,
    /// FAX の番号
    pub fax: Option<String>,
    /// つくる商品の、冊子の中の番号
    pub numbers: Vec<usize>,
}

const HEADING: &str = "商品カタログ";

impl Views<'_> {
    pub(super) fn booklet(&self, address: &str) -> BookletView {
        let tops = self.filled_tops();
        if self.lists().products.len() <= PRODUCTS_OF_BOOKLET {
            let crumbs = self.crumbs(&[]);
            return self.booklet_of(HEADING, &tops, crumbs, address);
        }
        let parts = tops.iter().filter_map(|at| {
            let word = &self.catalog.vocabulary.categories.get(*at)?.word;
            let link = self.link(&word.label, &format!("/catalog/{}/", word.id));
            let count = self.booklet_products(*at).count();
            (count > 0).then_some(BookletPartLink { link, count })
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

    /// What of a category can still be had some day.
    fn booklet_products(&self, category: usize) -> impl Iterator<Item = ProductIx> + '_ {
        let all = self.catalog.by.category.get(category).into_iter().flatten().copied();
        all.filter(|ix| self.catalog.product(*ix).entry.data.status != ProductStatus::Ended)
    }

    fn booklet_of(&self, heading: &str, categories: &[usize], crumbs: Vec<LinkView>, address: &str) -> BookletView {
        let catalog = self.catalog;
        let mut numbered: Vec<(ProductIx, usize)> = Vec::new();
        let mut sections = Vec::new();
        for at in categories {
            let Some(category) = catalog.vocabulary.categories.get(*at) else { continue };
            let before = numbered.len();
            let mut items = Vec::new();
            for ix in self.booklet_products(*at) {
                let number = numbered.len() + 1;
                numbered.push((ix, number));
                items.push(self.booklet_item(ix, number));
            }
            if !items.is_empty() {
                sections.push(BookletSection {
                    id: category.word.id.clone(),
                    label: category.word.label.clone(),
                    image: category.word.image.as_deref().map(|image| self.drawing(image)),
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
            illustration: category.and_then(|c| c.word.image.as_deref()).map(|image| self.drawing(image)),
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
            let entry = &self.catalog.product(*ix).entry;
            (entry.key.clone(), index_row(&entry.key), entry.data.name.clone(), *number)
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
