//! Ways in that are no plain lists: work by task, the official classes, the index of readings.

use super::cards::{area_label, labels};
use super::facet::{category_item, class_item, facility_kind_item, filled};
use super::list::{PagerView, page_title};
use super::meta::{Head, LinkView, Meta};
use super::product::{capacity, months_text, price_text};
use super::{Value, Views};
use crate::catalog::{FacilityIx, INDEX, Named, ProductIx};
use crate::model::text::{reading_key, with_commas};
use crate::model::vocabulary::Group;
use crate::model::{Kind, Work};
use crate::site::plan::{NAMES_OF_ROW, PER_PAGE, SUPPLIERS};
use crate::site::route::entry_address;
use serde::Serialize;

/// 「頼める仕事」のページ。
#[derive(Serialize)]
pub struct WorksView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 仕事のまとまり。頼める仕事のない分類は入らない
    pub groups: Vec<WorkGroup>,
    /// 仕事を引き受ける事業所の数
    pub facilities: usize,
}

/// 仕事のまとまり。
#[derive(Serialize)]
pub struct WorkGroup {
    /// いちばん大きい分類の id
    pub id: String,
    /// その名前。「清掃・片付け」
    pub label: String,
    /// 分類のページ
    pub url: String,
    /// 分類の絵のアドレス
    pub image: Option<String>,
    /// 頼める仕事
    pub tasks: Vec<TaskView>,
}

/// 頼める仕事。
#[derive(Serialize)]
pub struct TaskView {
    /// 仕事の分類の名前。大きい分類そのものの仕事は「清掃（そのほか）」
    pub label: String,
    /// 分類のページ
    pub url: String,
    /// 引き受ける事業所の数
    pub facilities: usize,
    /// 仕事の例。事業所が書いた言葉のまま
    pub example: Option<String>,
    /// ページのある仕事（役務の商品）へのリンク。3つまで
    pub offers: Vec<LinkView>,
    /// 量のめやす。「月2,000通まで」
    pub amount: Option<String>,
    /// 引き受ける月。「4月～12月」「通年」
    pub months: String,
    /// いちばん安い価格。「500円から」
    pub price: Option<String>,
    /// その単位
    pub unit: Option<String>,
    /// お客さまの場所で行う事業所があれば、はい
    pub offsite: bool,
}

/// 「優先調達の区分からさがす」のページ。
#[derive(Serialize)]
pub struct ClassesView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 物品と役務。区分のないほうは入らない
    pub groups: Vec<ClassGroup>,
    /// 事業所の種別の札の一覧（[FacetItem]）
    pub kinds: Value,
    /// 官公庁の担当の方へのページ。`content/pages/for-government.md` があるときだけ
    pub guide: Option<LinkView>,
}

/// 物品か役務の区分。
#[derive(Serialize)]
pub struct ClassGroup {
    /// 「物品」か「役務」
    pub label: &'static str,
    /// 区分のカード
    pub classes: Vec<ClassCard>,
}

/// 区分のカード。
#[derive(Serialize)]
pub struct ClassCard {
    /// 区分の名前。「食料品・飲料」
    pub label: String,
    /// 区分のページ
    pub url: String,
    /// 商品・仕事の数
    pub products: usize,
    /// 事業所の数
    pub suppliers: usize,
    /// この区分に入る分類の名前
    pub categories: Vec<String>,
}

/// 優先調達の区分のページ。
#[derive(Serialize)]
pub struct ClassView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 区分の名前
    pub heading: String,
    /// 「物品」か「役務」
    pub group: &'static str,
    /// 全部のページを合わせた商品・仕事の数
    pub total: usize,
    /// 同じ数。3けたごとに「,」が入る。「10,000」
    pub total_text: String,
    /// このページの商品のカードの一覧（[ProductCard]）。24まで
    pub items: Vec<Value>,
    /// ページ送り
    pub pager: PagerView,
    /// この区分に入る分類の札の一覧（[FacetItem]）
    pub categories: Value,
    /// この区分の事業所。1ページ目だけ
    pub suppliers: Vec<SupplierView>,
    /// 官公庁の担当の方へのページ。`content/pages/for-government.md` があるときだけ
    pub guide: Option<LinkView>,
    /// ほかの区分の札の一覧（[FacetItem]）。商品も事業所もない区分は入らない
    pub others: Value,
}

/// 1つの種別（就労継続支援B型など）の事業所のページ。
#[derive(Serialize)]
pub struct SuppliersView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 種別の名前
    pub heading: String,
    /// 全部のページを合わせた事業所の数。3けたごとに「,」が入る
    pub total: String,
    /// このページの事業所。100まで
    pub suppliers: Vec<SupplierView>,
    /// ページ送り
    pub pager: PagerView,
    /// ほかの種別の札の一覧（[FacetItem]）
    pub others: Value,
}

/// 区分の事業所。
#[derive(Serialize)]
pub struct SupplierView {
    /// 名前
    pub name: String,
    /// 事業所のページ
    pub url: String,
    /// 種別。「就労継続支援B型」
    pub kinds: Vec<String>,
    /// 市町村。なければ空の文字
    pub area: String,
    /// 運営する法人
    pub operator: Option<String>,
    /// 事業所番号
    pub office_number: Option<String>,
    /// 適格請求書の登録番号。「T1234567890123」
    pub invoice_number: Option<String>,
}

/// 五十音索引のページ。
#[derive(Serialize)]
pub struct KanaView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 見出し。「五十音索引」「五十音索引 か行」
    pub heading: String,
    /// 五十音の行の札の一覧（[FacetItem]）。`label` は「あ」「か」… と「他」
    pub rows: Value,
    /// この行の札の `key`。「kana:ka」。`/kana/` では空の文字
    pub current: String,
    /// 文字ごとの名前。`/kana/` では、全部で400より多いとき空
    pub letters: Vec<LetterView>,
    /// ページ送り
    pub pager: PagerView,
}

/// 索引の文字。
#[derive(Serialize)]
pub struct LetterView {
    /// 読みのはじめの文字。濁点は取ってある。「か」
    pub letter: String,
    /// その文字で始まる名前
    pub items: Vec<NameView>,
}

/// 索引の名前。
#[derive(Serialize)]
pub struct NameView {
    /// 名前
    pub name: String,
    /// 読み
    pub kana: String,
    /// ページのアドレス
    pub url: String,
    /// 「商品」「仕事」「事業所」
    pub kind: &'static str,
    /// 商品と仕事は1つ目の作り手、事業所は市町村。なければ空の文字
    pub note: String,
}

/// The page that a site may have for government buyers.
const GUIDE: &str = "for-government";

impl Views<'_> {
    pub(super) fn works_page(&self, address: &str) -> WorksView {
        let vocabulary = &self.catalog.vocabulary;
        let groups: Vec<WorkGroup> = vocabulary
            .categories
            .iter()
            .enumerate()
            .filter(|(_, category)| category.parent.is_none())
            .filter_map(|(top, category)| {
                let inside = vocabulary.categories.iter().enumerate().filter(|(_, child)| child.parent == Some(top));
                let tasks: Vec<TaskView> =
                    inside.map(|(at, _)| at).chain([top]).filter_map(|at| self.task(at, top)).collect();
                (!tasks.is_empty()).then(|| WorkGroup {
                    id: category.word.id.clone(),
                    label: category.word.label.clone(),
                    url: self.base.href(&format!("/products/category/{}/", category.word.id)),
                    image: category.word.image.as_deref().map(|image| self.drawing(image)),
                    tasks,
                })
            })
            .collect();
        let head = Head {
            description: "清掃、封入、印刷、農作業など、事業所に頼める仕事を、例・量・時期といっしょにまとめました。",
            crumbs: self.crumbs(&[]),
            noindex: groups.is_empty(),
            ..Head::new("頼める仕事")
        };
        let facilities = self.catalog.facilities.iter().filter(|f| !f.entry.data.works.is_empty()).count();
        WorksView { meta: self.meta(address, head), groups, facilities }
    }

    /// What is in a category itself, not in those below it.
    fn task(&self, at: usize, top: usize) -> Option<TaskView> {
        let catalog = self.catalog;
        let vocabulary = &catalog.vocabulary;
        let category = vocabulary.categories.get(at)?;
        let works: Vec<(FacilityIx, &Work)> = catalog
            .by
            .workers
            .get(at)
            .into_iter()
            .flatten()
            .flat_map(|ix| catalog.facility(*ix).entry.data.works.iter().map(move |work| (*ix, work)))
            .filter(|(_, work)| vocabulary.category(&work.category) == Some(at))
            .collect();
        let products = catalog.by.category.get(at).into_iter().flatten().copied();
        let offers: Vec<ProductIx> =
            products.filter(|ix| vocabulary.is_work(at) && catalog.product(*ix).category == at).collect();
        if works.is_empty() && offers.is_empty() {
            return None;
        }
        let mut facilities: Vec<FacilityIx> = works.iter().map(|(ix, _)| *ix).collect();
        facilities.extend(offers.iter().flat_map(|ix| &catalog.product(*ix).makers).map(|(ix, _)| *ix));
        facilities.sort_unstable();
        facilities.dedup();
        let amounts = works.iter().filter_map(|(_, work)| work.amount.clone());
        let cheapest = offers
            .iter()
            .map(|ix| &catalog.product(*ix).entry.data)
            .filter(|data| data.price.is_some())
            .min_by_key(|data| data.lowest_price());
        let mut months: Vec<u8> = Vec::new();
        let seasons = works.iter().map(|(_, work)| &work.months);
        for season in seasons.chain(offers.iter().map(|ix| &catalog.product(*ix).entry.data.season)) {
            // Nothing said is all the year.
            months.extend(if season.is_empty() { (1..=12).collect() } else { season.clone() });
        }
        months.sort_unstable();
        months.dedup();
        // A season over the turn of the year begins in autumn.
        if let Some(gap) = months.windows(2).position(|two| two[1] > two[0] + 1)
            && months.first() == Some(&1)
            && months.last() == Some(&12)
        {
            months.rotate_left(gap + 1);
        }
        Some(TaskView {
            label: if at == top {
                format!("{}（そのほか）", category.word.label)
            } else {
                category.word.label.clone()
            },
            url: self.base.href(&format!("/products/category/{}/", category.word.id)),
            facilities: facilities.len(),
            example: works.iter().find_map(|(_, work)| work.detail.clone()),
            amount: amounts.chain(offers.iter().filter_map(|ix| capacity(catalog.product(*ix)))).next(),
            months: months_text(&months),
            price: cheapest.and_then(|data| data.price.as_ref()).map(price_text),
            unit: cheapest.and_then(|data| data.unit.clone()),
            offsite: works.iter().any(|(_, work)| work.offsite),
            offers: offers
                .iter()
                .take(3)
                .map(|ix| &catalog.product(*ix).entry)
                .map(|entry| self.link(&entry.data.name, &entry_address(Kind::Product, &entry.id)))
                .collect(),
        })
    }

    /// The widest categories that belong to an official class.
    fn widest(&self, class: usize) -> Vec<usize> {
        let all = &self.catalog.vocabulary.categories;
        let belongs = |at: usize| all.get(at).is_some_and(|category| category.procurement == Some(class));
        let inside = all.iter().enumerate().filter(|(at, _)| belongs(*at));
        inside.filter(|(_, category)| !category.parent.is_some_and(belongs)).map(|(at, _)| at).collect()
    }

    fn guide(&self) -> Option<LinkView> {
        let title = self.catalog.name_of(Kind::Page, GUIDE)?;
        Some(self.link(title, &entry_address(Kind::Page, GUIDE)))
    }

    pub(super) fn classes(&self, address: &str) -> ClassesView {
        let vocabulary = &self.catalog.vocabulary;
        let by = &self.catalog.by;
        let card = |at: usize| -> Option<ClassCard> {
            let class = vocabulary.procurement.get(at)?;
            Some(ClassCard {
                label: class.label.clone(),
                url: self.base.href(&format!("/procurement/{}/", class.id)),
                products: by.class.get(at).map_or(0, Vec::len),
                suppliers: by.suppliers.get(at).map_or(0, Vec::len),
                categories: self
                    .widest(at)
                    .into_iter()
                    .filter_map(|at| vocabulary.categories.get(at))
                    .map(|category| category.word.label.clone())
                    .collect(),
            })
        };
        let group = |group: Group| ClassGroup {
            label: group.label(),
            classes: (0..vocabulary.procurement.len())
                .filter(|at| vocabulary.procurement.get(*at).is_some_and(|class| class.group == group))
                .filter_map(card)
                .collect(),
        };
        let head = Head {
            description: "障害者優先調達推進法の区分ごとに、物品と役務、引き受ける事業所をまとめました。官公庁の調達担当の方へ。",
            crumbs: self.crumbs(&[]),
            ..Head::new("優先調達の区分からさがす")
        };
        ClassesView {
            meta: self.meta(address, head),
            groups: [Group::Goods, Group::Services].map(group).into_iter().filter(|g| !g.classes.is_empty()).collect(),
            kinds: self.facility_kinds(usize::MAX),
            guide: self.guide(),
        }
    }

    /// The kinds of facilities that there are, without one.
    fn facility_kinds(&self, without: usize) -> Value {
        let all = 0..self.catalog.vocabulary.facility_kinds.len();
        filled(all.filter(|at| *at != without).filter_map(|at| facility_kind_item(self.catalog, self.base, at)))
    }

    pub(super) fn suppliers(&self, at: usize, page: usize, address: &str) -> SuppliersView {
        let heading = self.catalog.vocabulary.facility_kinds.get(at).map_or("", |kind| kind.label.as_str());
        let all = self.catalog.by.facility_kind.get(at).map(Vec::as_slice).unwrap_or_default();
        let title = page_title(&format!("{heading}の事業所"), page);
        let head = Head {
            description: &format!("{heading}の事業所の、運営法人・事業所番号・適格請求書の登録番号の一覧です。"),
            crumbs: self.crumbs(&[("優先調達の区分からさがす", "/procurement/")]),
            ..Head::new(&title)
        };
        let first = if page == 1 { address } else { address.trim_end_matches(&format!("page/{page}/")) };
        SuppliersView {
            meta: self.meta(address, head),
            heading: heading.to_owned(),
            total: with_commas(all.len() as u64),
            suppliers: all.iter().skip((page - 1) * SUPPLIERS).take(SUPPLIERS).map(|ix| self.supplier(*ix)).collect(),
            pager: self.pager(first, page, all.len().div_ceil(SUPPLIERS).max(1)),
            others: self.facility_kinds(at),
        }
    }

    pub(super) fn class(&self, at: usize, page: usize, address: &str) -> ClassView {
        let vocabulary = &self.catalog.vocabulary;
        let class = vocabulary.procurement.get(at);
        let heading = class.map_or("", |class| class.label.as_str());
        let all = self.catalog.by.class.get(at).map(Vec::as_slice).unwrap_or_default();
        let crumbs = self.crumbs(&[("優先調達の区分からさがす", "/procurement/")]);
        let (mut meta, pager) = self.frame(heading, all.len(), page, address, crumbs);
        let suppliers = self.catalog.by.suppliers.get(at).map(Vec::as_slice).unwrap_or_default();
        meta.noindex &= suppliers.is_empty();
        // They stand on the first page only, as do its categories and the way to the guide.
        let is_first = page == 1;
        let suppliers = if is_first { suppliers } else { &[] };
        let widest = if is_first { self.widest(at) } else { Vec::new() };
        ClassView {
            meta,
            heading: heading.to_owned(),
            group: class.map_or("", |class| class.group.label()),
            total: all.len(),
            total_text: with_commas(all.len() as u64),
            items: all.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(|ix| self.product_card(*ix)).collect(),
            pager,
            categories: filled(widest.into_iter().filter_map(|at| category_item(self.catalog, self.base, at))),
            suppliers: suppliers.iter().map(|ix| self.supplier(*ix)).collect(),
            guide: is_first.then(|| self.guide()).flatten(),
            others: self.other_classes(at),
        }
    }

    /// The classes that somebody serves, without this one.
    fn other_classes(&self, own: usize) -> Value {
        let all = self.catalog.vocabulary.procurement.iter().enumerate();
        filled(all.filter(|(at, _)| *at != own).filter_map(|(at, _)| class_item(self.catalog, self.base, at)))
    }

    fn supplier(&self, ix: FacilityIx) -> SupplierView {
        let facility = self.catalog.facility(ix);
        let data = &facility.entry.data;
        SupplierView {
            name: data.name.clone(),
            url: self.base.href(&entry_address(Kind::Facility, &facility.entry.id)),
            kinds: labels(&self.catalog.vocabulary.facility_kinds, &data.kinds)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            area: area_label(self.catalog, facility.area).to_owned(),
            operator: data.operator.clone(),
            office_number: data.office_number.clone(),
            invoice_number: data.invoice_number.clone(),
        }
    }

    /// The whole index where it is short, else only the way to its rows.
    pub(super) fn kana(&self, address: &str) -> KanaView {
        let rows = &self.catalog.by.kana;
        let all: Vec<Named> = rows.iter().flatten().copied().collect();
        let shown = if all.len() <= 2 * NAMES_OF_ROW { all.as_slice() } else { &[] };
        let head = Head {
            description: "商品・仕事・事業所を、読みの五十音順に並べました。",
            crumbs: self.crumbs(&[]),
            ..Head::new("五十音索引")
        };
        KanaView {
            meta: self.meta(address, head),
            heading: "五十音索引".to_owned(),
            rows: self.lists().kana.clone(),
            current: String::new(),
            letters: self.letters(shown),
            pager: self.pager(address, 1, 1),
        }
    }

    pub(super) fn kana_row(&self, at: usize, page: usize, address: &str) -> KanaView {
        let (letter, id) = INDEX.get(at).copied().unwrap_or_default();
        let all = self.catalog.by.kana.get(at).map(Vec::as_slice).unwrap_or_default();
        let heading = if id == "other" { "そのほか".to_owned() } else { format!("{letter}行") };
        let crumbs = self.crumbs(&[("五十音索引", "/kana/")]);
        let (meta, _) = self.frame(&heading, all.len(), page, address, crumbs);
        let first = address.split("page/").next().unwrap_or(address);
        let start = (page - 1) * NAMES_OF_ROW;
        let shown: Vec<Named> = all.iter().skip(start).take(NAMES_OF_ROW).copied().collect();
        KanaView {
            meta,
            heading: format!("五十音索引 {heading}"),
            rows: self.lists().kana.clone(),
            current: format!("kana:{id}"),
            letters: self.letters(&shown),
            pager: self.pager(first, page, all.len().div_ceil(NAMES_OF_ROW).max(1)),
        }
    }

    fn letters(&self, names: &[Named]) -> Vec<LetterView> {
        let mut letters: Vec<LetterView> = Vec::new();
        for named in names {
            let item = self.name(*named);
            let letter = reading_key(&item.kana).chars().next().map_or_else(String::new, String::from);
            if letters.last().is_none_or(|last| last.letter != letter) {
                letters.push(LetterView { letter, items: Vec::new() });
            }
            if let Some(last) = letters.last_mut() {
                last.items.push(item);
            }
        }
        letters
    }

    fn name(&self, named: Named) -> NameView {
        match named {
            Named::Product(ix) => {
                let product = self.catalog.product(ix);
                let entry = &product.entry;
                let maker = product.makers.first().map(|(ix, _)| self.catalog.facility(*ix).entry.data.name.clone());
                NameView {
                    name: entry.data.name.clone(),
                    kana: entry.data.reading().to_owned(),
                    url: self.base.href(&entry_address(Kind::Product, &entry.id)),
                    kind: if self.catalog.vocabulary.is_work(product.category) { "仕事" } else { "商品" },
                    note: maker.unwrap_or_default(),
                }
            }
            Named::Facility(ix) => {
                let facility = self.catalog.facility(ix);
                NameView {
                    name: facility.entry.data.name.clone(),
                    kana: facility.entry.data.kana.clone(),
                    url: self.base.href(&entry_address(Kind::Facility, &facility.entry.id)),
                    kind: "事業所",
                    note: area_label(self.catalog, facility.area).to_owned(),
                }
            }
        }
    }
}
