//! The page of a product.

use super::meta::{Head, LinkView, Meta, tel_url};
use super::{Fact, Facts, MeetingView, PhotoView, PictureView, Value, Views, facility_card};
use crate::catalog::{FacilityIx, LinkedProduct, ProductIx};
use crate::feeds::json_ld;
use crate::model::text::with_commas;
use crate::model::vocabulary::Category;
use crate::model::{Kind, Period, Price, Product, ProductStatus};
use crate::order::terms::{self, States};
use crate::site::route::entry_address;
use serde::Serialize;
use std::sync::PoisonError;

/// 商品・仕事のページ。
#[derive(Serialize)]
pub struct ProductView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 記事の id
    pub id: String,
    /// 名前
    pub name: String,
    /// ふりがな
    pub kana: Option<String>,
    /// 分類。大きいほうから
    pub categories: Vec<LinkView>,
    /// 「物品」か「役務」。分からなければ空の文字
    pub group: String,
    /// 優先調達の区分の名前。「食料品・飲料」。分からなければ空の文字
    pub procurement: String,
    /// その区分のページ
    pub procurement_url: Option<String>,
    /// 価格。なければ見積り
    pub price: Option<PriceView>,
    /// 単位。「箱」
    pub unit: Option<String>,
    /// 種類ごとの価格
    pub variants: Vec<VariantView>,
    /// 単位、内容量、保存方法、注文先など、書いてあるものだけ
    pub facts: Vec<Fact>,
    /// はじめに依頼リストに入れる数。最小ロットか、1
    pub least: u64,
    /// 最小ロット。「10箱から」。`facts` にもある。販売終了なら、ない
    pub min_order: Option<String>,
    /// 最大ロット。「200箱まで」。`facts` にもある
    pub max_order: Option<String>,
    /// 納期。「注文から7日」「当日」。`facts` にもある。販売終了なら、ない
    pub lead: Option<String>,
    /// 作る季節。「10月～3月」「通年」
    pub season: Option<String>,
    /// 4月からの12か月の一覧（[SeasonMonth]）。1年じゅう作るものと、季節を書いていないものでは空
    pub months: Value,
    /// お渡しのしかた。「引き取り」「配達」「宅配便・郵送」「冷蔵・冷凍便」。`facts` にもある
    pub delivery: Vec<&'static str>,
    /// 贈答。「のし」「包装」「名入れ」。`facts` にもある
    pub gift: Vec<&'static str>,
    /// アレルギー。物質のない状態は入らない
    pub allergens: Vec<AllergenRow>,
    /// 作り手
    pub makers: Vec<MakerView>,
    /// 作れる量。「週500個まで」「2事業所合計で週500個まで」。販売終了なら、ない
    pub capacity: Option<String>,
    /// 買えるところ
    pub sold_at: Vec<SellerView>,
    /// 認証・受賞。「JAS（2024年、番号 123）」
    pub certs: Vec<String>,
    /// 自由な言葉
    pub tags: Vec<String>,
    /// 農福連携なら、はい
    pub noufuku: bool,
    /// 状態。`on_sale` `made_to_order` `one_off` `sold_out` `paused` `ended`
    pub status: &'static str,
    /// 状態を日本語で。「販売中」「受注生産」「一点もの」「売り切れ」「お休み中」「販売終了」
    pub status_label: &'static str,
    /// 今、注文できるなら、はい
    pub can_be_ordered: bool,
    /// 注文先。`desk`（窓口） `direct`（事業所へ直接） `none`（受けない）
    pub order: &'static str,
    /// 外部の販売ページのアドレス
    pub shop_url: Option<String>,
    /// 写真
    pub photos: Vec<PhotoView>,
    /// 写真がないときの、分類の絵のアドレス。写真があっても入っている
    pub illustration: Option<String>,
    /// 本文の HTML。`safe` で出す。なければ空の文字
    pub html: String,
    /// やさしい日本語の HTML。`safe` で出す
    pub easy: Option<String>,
    /// 次に会える日の一覧（[MeetingView]）。この商品が並ぶ催し。なければ、作り手が出る催し。近い順に12まで。販売終了なら空
    pub events: Value,
    /// この商品が並ぶ催しがなければ、はい（`events` は、あれば作り手が出る催し）
    pub events_of_makers: bool,
    /// 同じ作り手の、ほかの商品のカードの一覧（[ProductCard]）。4つまで
    pub neighbours: Vec<Value>,
    /// 同じ分類の、ほかの作り手の商品のカードの一覧（[ProductCard]）。今注文できるもの。4つまで
    pub similar: Vec<Value>,
    /// 情報を確かめた日。「2026年11月1日(日)」
    pub checked_on: Option<String>,
}

/// 価格。税込。
#[derive(Serialize)]
pub struct PriceView {
    /// 「1,200円」「1,200円から」「無料」
    pub text: String,
    /// 円。「1200」
    pub amount: u64,
    /// 「税込・軽減税率8%」「税込・税率10%」「税込」
    pub tax: String,
    /// 説明
    pub note: Option<String>,
}

/// 季節の月。
#[derive(Serialize)]
pub struct SeasonMonth {
    /// 月。「4」
    pub number: u8,
    /// 作る月なら、はい
    pub on: bool,
    /// サイトの今月なら、はい
    pub now: bool,
}

/// 商品の種類。
#[derive(Serialize)]
pub struct VariantView {
    /// 種類の id
    pub id: String,
    /// 名前。「大（20枚入り）」
    pub name: String,
    /// 価格。商品の価格とちがうときだけ
    pub price: Option<PriceView>,
}

/// アレルギーの状態。
#[derive(Serialize)]
pub struct AllergenRow {
    /// 「含む」「混入の可能性」「含まない」「不明」
    pub state: &'static str,
    /// 同じものを `contains` `may_contain` `free_of` `unknown` で
    pub word: &'static str,
    /// 物質の名前
    pub names: Vec<String>,
}

/// 作り手。
#[derive(Serialize)]
pub struct MakerView {
    /// 事業所のページ
    pub url: String,
    /// 名前
    pub name: String,
    /// 市町村
    pub area: String,
    /// 種別。「就労継続支援B型」
    pub kinds: Vec<String>,
    /// 1枚目の写真か、写真がないときは種別の絵のアドレス
    pub image: Option<String>,
    /// カードの形（4:3）に切った写真。SVG の絵や、写真がないときは、なし
    pub picture: Option<PictureView>,
    /// その事業所が作れる量。「週300個まで」
    pub capacity: Option<String>,
    /// 電話
    pub tel: Option<String>,
    /// 電話をかけるアドレス。「tel:0270000000」
    pub tel_url: Option<String>,
    /// FAX の番号
    pub fax: Option<String>,
    /// メール
    pub email: Option<String>,
}

/// 買えるところ。
#[derive(Serialize)]
pub struct SellerView {
    /// 名前
    pub label: String,
    /// 事業所のページ。このサイトの事業所のときだけ
    pub url: Option<String>,
}

fn amount(data: &Product, n: u64) -> String {
    format!("{}{}", with_commas(n), data.unit.as_deref().unwrap_or(""))
}

/// 「注文から7日」
pub(super) fn lead_text(days: u64) -> String {
    if days == 0 { "当日".to_owned() } else { format!("注文から{days}日") }
}

fn gift_options(gift: crate::model::Gift) -> Vec<&'static str> {
    let options = [(gift.noshi, "のし"), (gift.wrapping, "包装"), (gift.name_printing, "名入れ")];
    options.iter().filter(|(on, _)| *on).map(|(_, label)| *label).collect()
}

/// 「300円」「500円から」
pub(super) fn price_text(price: &Price) -> String {
    if price.amount == 0 && !price.from {
        return "無料".to_owned();
    }
    format!("{}円{}", with_commas(price.amount), if price.from { "から" } else { "" })
}

/// 「10月～3月」「2～5月・9月」「通年」
pub(super) fn months_text(months: &[u8]) -> String {
    if months.len() >= 12 {
        return "通年".to_owned();
    }
    // Runs of months that follow each other, over the turn of the year too.
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for &month in months {
        match runs.last_mut() {
            Some((_, last)) if month == *last % 12 + 1 => *last = month,
            _ => runs.push((month, month)),
        }
    }
    let words = runs.iter().map(|(first, last)| match first == last {
        true => format!("{first}月"),
        false if *last == first % 12 + 1 => format!("{first}月・{last}月"),
        false => format!("{first}月～{last}月"),
    });
    words.collect::<Vec<_>>().join("・")
}

impl Views<'_> {
    pub(super) fn price(&self, price: &Price, category: Option<&Category>) -> PriceView {
        let rate = price.tax.or_else(|| category.and_then(|category| category.tax));
        let rates = self.catalog.vocabulary.taxes_on(self.catalog.moment.today);
        let reduced = rates.is_some_and(|rates| rate == Some(rates.reduced) && rates.reduced != rates.standard);
        let tax = match rate {
            Some(rate) if reduced => format!("税込・軽減税率{rate}%"),
            Some(rate) => format!("税込・税率{rate}%"),
            None => "税込".to_owned(),
        };
        PriceView { text: price_text(price), amount: price.amount, tax, note: price.note.clone() }
    }

    pub(super) fn product(&self, ix: ProductIx, address: &str) -> ProductView {
        let product = self.catalog.product(ix);
        let (entry, data) = (&product.entry, &product.entry.data);
        let vocabulary = &self.catalog.vocabulary;
        let category = vocabulary.categories.get(product.category);
        let class = category.and_then(|category| vocabulary.class_of(category));
        let categories: Vec<LinkView> = vocabulary
            .category_path(product.category)
            .into_iter()
            .filter_map(|at| vocabulary.categories.get(at))
            .map(|c| self.link(&c.word.label, &format!("/products/category/{}/", c.word.id)))
            .collect();
        let mut crumbs = self.crumbs(&[("商品・仕事", "/products/")]);
        crumbs.extend(categories.iter().cloned());
        let price = data.price.as_ref().map(|price| self.price(price, category));
        let description = match (&price, entry.body.summary.as_str()) {
            (Some(price), "") => format!("{}（{}）", data.name, price.text),
            (_, summary) => summary.to_owned(),
        };
        let canonical = self.base.absolute(address);
        let json = json_ld::product(self.catalog, self.base, product, &canonical, &description);
        let head = Head {
            description: &description,
            og_type: "product",
            image: entry.meta.photos.first(),
            instead: category.and_then(|category| category.word.image.as_deref()),
            crumbs,
            json_ld: Some(json),
            noindex: entry.meta.hidden,
            picture_first: true,
            ..Head::new(&data.name)
        };
        // Nobody waits for it any more, nor looks for it anywhere.
        let there = data.status != ProductStatus::Ended;
        let own = if there { self.meetings_of(&product.events, None, super::meeting::MOST) } else { Vec::new() };
        ProductView {
            meta: self.meta(address, head),
            id: entry.id.clone(),
            name: data.name.clone(),
            kana: data.kana.clone(),
            categories,
            group: class.map_or_else(String::new, |class| class.group.label().to_owned()),
            procurement: class.map_or_else(String::new, |class| class.label.clone()),
            procurement_url: class.map(|class| self.base.href(&format!("/procurement/{}/", class.id))),
            price,
            unit: data.unit.clone(),
            variants: data
                .variants
                .iter()
                .map(|variant| VariantView {
                    id: variant.id.clone(),
                    name: variant.name.clone(),
                    price: variant.price.as_ref().map(|price| self.price(price, category)),
                })
                .collect(),
            facts: facts(data),
            least: data.min_order.unwrap_or(1),
            min_order: data.min_order.filter(|_| there).map(|n| format!("{}から", amount(data, n))),
            max_order: data.max_order.map(|n| format!("{}まで", amount(data, n))),
            lead: data.lead_days.filter(|_| there).map(lead_text),
            season: (!data.season.is_empty()).then(|| months_text(&data.season)),
            months: self.months(&data.season),
            delivery: data.delivery.iter().map(|way| way.label()).collect(),
            gift: data.gift.map(gift_options).unwrap_or_default(),
            allergens: self.allergens(product),
            makers: self.makers(product),
            capacity: capacity(product).filter(|_| there),
            sold_at: data.sold_at.iter().map(|place| self.seller(place)).collect(),
            certs: data.certs.iter().map(cert_text).collect(),
            tags: data.tags.clone(),
            noufuku: data.noufuku,
            status: data.status.word(),
            status_label: data.status.label(),
            can_be_ordered: data.can_be_ordered(),
            order: data.order.word(),
            shop_url: data.shop_url.clone(),
            photos: self.photos(&entry.meta.photos),
            illustration: category
                .and_then(|category| category.word.image.as_deref())
                .map(|source| self.drawing(source)),
            html: self.html(&entry.body, entry.meta.photos.is_empty()),
            easy: self.easy(entry.easy.as_deref()),
            events_of_makers: there && own.is_empty(),
            events: if there && own.is_empty() { self.meetings_of_makers(product) } else { Value::of(&own) },
            neighbours: self.neighbours(ix, product),
            similar: self.similar(ix, product),
            checked_on: entry.meta.checked_on.map(crate::model::Day::long),
        }
    }

    fn makers(&self, product: &LinkedProduct) -> Vec<MakerView> {
        product
            .makers
            .iter()
            .map(|(ix, capacity)| {
                let linked = self.catalog.facility(*ix);
                let facility = &linked.entry.data;
                let card = facility_card(self.catalog, self.base, linked);
                let unit = product.entry.data.unit.as_deref().unwrap_or("個");
                MakerView {
                    url: card.url,
                    name: facility.name.clone(),
                    area: card.area.to_owned(),
                    kinds: card.kinds.into_iter().map(str::to_owned).collect(),
                    image: card.image,
                    picture: card.picture,
                    capacity: capacity.map(|c| format!("{}{}{unit}まで", c.per.label(), with_commas(c.amount))),
                    tel: facility.tel.clone(),
                    tel_url: facility.tel.as_deref().map(tel_url),
                    fax: facility.fax.clone(),
                    email: facility.email.clone(),
                }
            })
            .collect()
    }

    fn seller(&self, place: &str) -> SellerView {
        match self.catalog.find(Kind::Facility, place) {
            Some(_) => SellerView {
                label: self.catalog.name_of(Kind::Facility, place).unwrap_or(place).to_owned(),
                url: Some(self.base.href(&entry_address(Kind::Facility, place))),
            },
            None => SellerView { label: place.to_owned(), url: None },
        }
    }

    /// What must be declared, each in one of four states; what is not named is unknown.
    fn allergens(&self, product: &LinkedProduct) -> Vec<AllergenRow> {
        let Some(States { contains, may_contain, free_of }) = terms::allergens(self.catalog, product) else {
            return Vec::new();
        };
        let list = self.catalog.vocabulary.allergens_on(self.catalog.moment.today);
        let mandatory = list.map(|list| list.mandatory.as_slice()).unwrap_or_default();
        let named = |name: &&String| [&contains, &may_contain, &free_of].iter().any(|names| names.contains(*name));
        let unknown: Vec<String> = mandatory.iter().filter(|name| !named(name)).cloned().collect();
        [
            ("含む", "contains", contains),
            ("混入の可能性", "may_contain", may_contain),
            ("含まない", "free_of", free_of),
            ("不明", "unknown", unknown),
        ]
        .into_iter()
        .filter(|(.., names)| !names.is_empty())
        .map(|(state, word, names)| AllergenRow { state, word, names })
        .collect()
    }

    /// Where its makers can be met next: for all products of one maker the same.
    fn meetings_of_makers(&self, product: &LinkedProduct) -> Value {
        let makers: Vec<FacilityIx> = product.makers.iter().map(|(ix, _)| *ix).collect();
        let make = || Value::of(&self.meetings_of_all(&makers));
        match makers.as_slice() {
            [alone] => self.shared.of_maker.get(alone.0 as usize).map_or_else(make, |kept| kept.get(make).clone()),
            _ => make(),
        }
    }

    fn meetings_of_all(&self, makers: &[FacilityIx]) -> Vec<MeetingView> {
        let mut all: Vec<MeetingView> = Vec::new();
        for meeting in makers.iter().flat_map(|ix| self.meetings(*ix)) {
            if !all.iter().any(|other| other.url == meeting.url && other.start == meeting.start) {
                all.push(meeting.clone());
            }
        }
        all.sort_by(|a, b| a.start.cmp(&b.start));
        all.truncate(super::meeting::MOST);
        all
    }

    /// In the order of the fiscal year, as councils think. Many products have the same season.
    fn months(&self, season: &[u8]) -> Value {
        let bit = |month: &u8| 1u16.checked_shl((*month).into()).unwrap_or(0);
        let set = if season.len() >= 12 { 0 } else { season.iter().fold(0, |set, month| set | bit(month)) };
        let mut seasons = self.shared.seasons.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let today = u8::try_from(self.catalog.moment.today.0.month()).unwrap_or_default();
            let month = |number: u8| SeasonMonth { number, on: set & 1 << number != 0, now: number == today };
            let months: Vec<SeasonMonth> = (4..=12).chain(1..=3).filter(|_| set != 0).map(month).collect();
            Value::of(&months)
        };
        seasons.entry(set).or_insert_with(make).clone()
    }

    /// What others offer of the same category, what can be ordered first.
    fn similar(&self, ix: ProductIx, product: &LinkedProduct) -> Vec<Value> {
        let path = self.catalog.vocabulary.category_path(product.category);
        let maker = product.makers.first().map(|(ix, _)| *ix);
        let mut found: Vec<ProductIx> = Vec::new();
        for at in path.iter().rev() {
            // A look at the beginning of a long list is enough.
            for (other, of) in self.catalog.first_of(*at) {
                let fits = other != ix && of.maker != maker && of.open;
                if fits && found.len() < 4 && !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        found.into_iter().map(|ix| self.product_card(ix)).collect()
    }

    fn neighbours(&self, ix: ProductIx, product: &LinkedProduct) -> Vec<Value> {
        let Some((maker, _)) = product.makers.first() else { return Vec::new() };
        let others = self.catalog.facility(*maker).products.iter().filter(|other| **other != ix);
        others.take(4).map(|other| self.product_card(*other)).collect()
    }
}

pub(super) fn cert_text(cert: &crate::model::Cert) -> String {
    let year = cert.year.map(|year| format!("{year}年")).unwrap_or_default();
    let number = cert.number.as_ref().map(|number| format!("番号 {number}")).unwrap_or_default();
    match [year, number].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("、") {
        rest if rest.is_empty() => cert.name.clone(),
        rest => format!("{}（{rest}）", cert.name),
    }
}

/// The product's own capacity, or the sum of its makers'.
pub(super) fn capacity(product: &LinkedProduct) -> Option<String> {
    let unit = product.entry.data.unit.as_deref().unwrap_or("個");
    let own: Vec<crate::model::Capacity> = product.makers.iter().filter_map(|(_, capacity)| *capacity).collect();
    let text = |per: Period, amount: u64| format!("{}{}{unit}まで", per.label(), with_commas(amount));
    match own.as_slice() {
        [] => product.entry.data.capacity.map(|c| text(c.per, c.amount)),
        [one] => Some(text(one.per, one.amount)),
        [first, ..] => {
            let sum: u64 = own.iter().map(|c| c.amount).sum();
            Some(format!("{}事業所合計で{}", own.len(), text(first.per, sum)))
        }
    }
}

fn facts(data: &Product) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("単位", data.unit.clone());
    facts.add("最小ロット", data.min_order.map(|n| format!("{}から", amount(data, n))));
    facts.add("最大ロット", data.max_order.map(|n| format!("{}まで", amount(data, n))));
    facts.add("納期", data.lead_days.map(lead_text));
    facts.add("内容量", data.net.clone());
    facts.add("期限", data.shelf_life.clone());
    facts.add("保存方法", data.storage.clone());
    facts.add("原材料", data.ingredients.clone());
    facts.add("お渡し", Some(data.delivery.iter().map(|way| way.label()).collect::<Vec<_>>().join("・")));
    facts.add("贈答", Some(data.gift.map(gift_options).unwrap_or_default().join("・")));
    facts.add("発売", data.since.map(crate::model::Day::long));
    facts.add("注文先", Some(data.order.label().to_owned()));
    facts.0
}

#[cfg(test)]
mod tests {
    use super::months_text;

    #[test]
    fn months_in_words() {
        assert_eq!(months_text(&[10, 11, 12, 1, 2, 3]), "10月～3月");
        assert_eq!(months_text(&[4, 6]), "4月・6月");
        assert_eq!(months_text(&[2, 3, 4, 5, 9, 10]), "2月～5月・9月・10月");
        assert_eq!(months_text(&(1..=12).collect::<Vec<u8>>()), "通年");
        assert_eq!(months_text(&[5]), "5月");
    }
}
