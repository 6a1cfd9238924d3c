//! The small form of every entry, made once, when a page first shows it, and shared by all pages that do.
//!
//! A template value is a counted reference inside: putting the same card on forty lists copies nothing.

use super::picture::{PictureView, address, picture};
use super::{Kept, Value, Views};
use crate::catalog::{Catalog, EventIx, FacilityIx, LinkedEvent, LinkedFacility, LinkedProduct, Occasion, ProductIx};
use crate::model::text::with_commas;
use crate::model::vocabulary::Word;
use crate::model::{Kind, Photo};
use crate::photos::Use;
use crate::site::base::Base;
use crate::site::route::entry_address;
use serde::Serialize;

/// Every card, in the order of the catalog.
pub(super) struct Cards {
    products: Vec<Kept<Value>>,
    facilities: Vec<Kept<Value>>,
    events: Vec<Kept<Value>>,
}

/// 商品のカード。
#[derive(Serialize)]
pub(crate) struct ProductCard<'a> {
    /// 商品のページ
    pub url: String,
    /// 記事の id
    pub id: &'a str,
    /// 名前
    pub name: &'a str,
    /// 今、注文できるなら、はい
    pub can_be_ordered: bool,
    /// はじめに依頼リストに入れる数。最小ロットか、1
    pub least: u64,
    /// 価格の円。見積りなら空の文字
    pub amount: String,
    /// 分類の名前。「クッキー・ビスケット」
    pub category: &'a str,
    /// 分類のページ
    pub category_url: String,
    /// 「物品」か「役務」。分からなければ空の文字
    pub group: &'static str,
    /// 価格。「300円」「500円から」「無料」。なければ見積り
    pub price: Option<String>,
    /// 単位。「箱」
    pub unit: Option<&'a str>,
    /// 最小ロット。「10箱から」
    pub min_order: Option<String>,
    /// 納期。「7日」「当日」
    pub lead: Option<String>,
    /// 作り手。「みほん工房 ほか1事業所」。なければ空の文字
    pub makers: String,
    /// 1つ目の作り手の市町村。なければ空の文字
    pub area: &'a str,
    /// 状態。`on_sale` `made_to_order` `one_off` `sold_out` `paused` `ended`
    pub status: &'static str,
    /// 状態を日本語で。「販売中」「受注生産」「一点もの」「売り切れ」「お休み中」「販売終了」
    pub status_label: &'static str,
    /// 農福連携なら、はい
    pub noufuku: bool,
    /// 作り手が2つ以上なら、はい
    pub joint: bool,
    /// 1枚目の写真か、写真がないときは分類の絵のアドレス
    pub image: Option<String>,
    /// カードの形（4:3）に切った写真。SVG の絵や、写真がないときは、なし
    pub picture: Option<PictureView>,
    /// 写真の説明。写真がないときは空の文字
    pub image_alt: &'a str,
    /// 写真でなければ、はい。`image` がないときも、はい
    pub drawn: bool,
}

/// 事業所のカード。
#[derive(Serialize)]
pub(crate) struct FacilityCard<'a> {
    /// 事業所のページ
    pub url: String,
    /// 名前
    pub name: &'a str,
    /// ふりがな
    pub kana: &'a str,
    /// 市町村
    pub area: &'a str,
    /// 地域のページ
    pub area_url: String,
    /// 種別。「就労継続支援B型」
    pub kinds: Vec<&'a str>,
    /// 電話
    pub tel: Option<&'a str>,
    /// つくる商品・仕事の数
    pub products: usize,
    /// 引き受ける仕事の分類の名前。5つまで
    pub works: Vec<&'a str>,
    /// 1枚目の写真か、写真がないときは種別の絵のアドレス
    pub image: Option<String>,
    /// カードの形（4:3）に切った写真。SVG の絵や、写真がないときは、なし
    pub picture: Option<PictureView>,
    /// 写真の説明。写真がないときは空の文字
    pub image_alt: &'a str,
    /// 写真でなければ、はい。`image` がないときも、はい
    pub drawn: bool,
}

/// 催しのカード。
#[derive(Serialize)]
pub(crate) struct EventCard<'a> {
    /// 催しのページ
    pub url: String,
    /// 題名
    pub title: &'a str,
    /// 種類の名前。「ハートバザール」
    pub kind: &'a str,
    /// 種類のページ
    pub kind_url: String,
    /// 日程。「2026年12月5日(土)」「毎月第2土曜日」
    pub when: String,
    /// 日程の種類。`days` `months` `part_of_month` `recurring` `times_a_year` `as_needed` `all_year` `season`
    /// `undecided`
    pub when_kind: &'static str,
    /// 次の日。これからの日がなければ最初の日。「2026-12-05」
    pub start: Option<String>,
    /// 行われるかもしれない最後の日。過ぎたら終わり。終わりのないものには、ない
    pub until: Option<String>,
    /// いくつもある日のうち、次の日。「2026年12月12日(土)」。`when` にもう出ているときは、ない
    pub next: Option<String>,
    /// 次の日の最後の日。「2026-12-12」
    pub next_until: Option<String>,
    /// `next` が雨のときの予備日なら、はい
    pub reserve: bool,
    /// 次が注文の受付なら、その期間。「2026年10月1日(木)～12月4日(金)」
    pub orders: Option<String>,
    /// 時間。「10:00～15:00」
    pub time: Option<String>,
    /// 会場の名前
    pub venue: Option<&'a str>,
    /// 会場の市町村。なければ空の文字
    pub area: &'a str,
    /// 状態。`scheduled` `tentative` `cancelled` `postponed` `moved_online` `full`
    pub status: &'static str,
    /// 状態を日本語で。「予定」「仮の予定」「中止」「延期」「オンラインに変更」「満席」
    pub status_label: &'static str,
    /// 終わっていれば、はい
    pub over: bool,
    /// 決まった日がある（あった）なら、はい
    pub dated: bool,
    /// 会員のみなら、はい
    pub members: bool,
    /// 1枚目の写真か、写真がないときは種類の絵のアドレス
    pub image: Option<String>,
    /// カードの形（4:3）に切った写真。SVG の絵や、写真がないときは、なし
    pub picture: Option<PictureView>,
    /// 写真の説明。写真がないときは空の文字
    pub image_alt: &'a str,
    /// 写真でなければ、はい。`image` がないときも、はい
    pub drawn: bool,
}

impl Cards {
    /// Places for them; none is made yet.
    pub(super) fn new(catalog: &Catalog) -> Self {
        Self {
            products: places(catalog.products.len()),
            facilities: places(catalog.facilities.len()),
            events: places(catalog.events.len()),
        }
    }
}

/// Places for what is made when it is first asked for.
pub(super) fn places<T>(count: usize) -> Vec<Kept<T>> {
    (0..count).map(|_| Kept::new()).collect()
}

impl Views<'_> {
    /// A product's card.
    pub(super) fn product_card(&self, ix: ProductIx) -> Value {
        let make = || Value::of(&product_card(self.catalog, self.base, self.catalog.product(ix)));
        get(&self.shared.cards.products, ix.0, make)
    }

    /// A facility's card.
    pub(super) fn facility_card(&self, ix: FacilityIx) -> Value {
        let make = || Value::of(&facility_card(self.catalog, self.base, self.catalog.facility(ix)));
        get(&self.shared.cards.facilities, ix.0, make)
    }

    /// An event's card.
    pub(super) fn event_card(&self, ix: EventIx) -> Value {
        get(&self.shared.cards.events, ix.0, || Value::of(&event_card(self.catalog, self.base, self.catalog.event(ix))))
    }
}

fn get(cards: &[Kept<Value>], at: u32, make: impl FnOnce() -> Value) -> Value {
    cards.get(at as usize).map_or_else(Value::none, |card| card.get(make).clone())
}

pub(crate) fn product_card<'a>(catalog: &'a Catalog, base: &Base, product: &'a LinkedProduct) -> ProductCard<'a> {
    let data = &product.entry.data;
    let category = catalog.vocabulary.categories.get(product.category);
    let names: Vec<&str> =
        product.makers.iter().map(|(ix, _)| catalog.facility(*ix).entry.data.name.as_str()).collect();
    let makers = match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} ほか{}事業所", rest.len()),
    };
    let area = match product.makers.first() {
        Some((ix, _)) => area_label(catalog, catalog.facility(*ix).area),
        None => "",
    };
    let photo = product.entry.meta.photos.first();
    ProductCard {
        url: base.href(&entry_address(Kind::Product, &product.entry.id)),
        id: &product.entry.id,
        name: &data.name,
        can_be_ordered: data.can_be_ordered(),
        least: data.min_order.unwrap_or(1),
        amount: data.price.as_ref().map(|price| price.amount.to_string()).unwrap_or_default(),
        category: category.map_or("", |category| category.word.label.as_str()),
        category_url: base.href(&format!("/products/category/{}/", data.category)),
        group: category.and_then(|c| catalog.vocabulary.class_of(c)).map_or("", |class| class.group.label()),
        price: data.price.as_ref().map(super::product::price_text),
        unit: data.unit.as_deref(),
        min_order: data.min_order.map(|n| format!("{}{}から", with_commas(n), data.unit.as_deref().unwrap_or(""))),
        lead: data.lead_days.map(|days| if days == 0 { "当日".to_owned() } else { format!("{days}日") }),
        makers,
        area,
        status: data.status.word(),
        status_label: data.status.label(),
        noufuku: data.noufuku,
        joint: product.makers.len() > 1,
        image: image(catalog, base, photo, category.map(|category| &category.word)),
        picture: photo.and_then(|photo| picture(catalog, base, &photo.file, Use::card_of(photo))),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

pub(crate) fn facility_card<'a>(catalog: &'a Catalog, base: &Base, facility: &'a LinkedFacility) -> FacilityCard<'a> {
    let data = &facility.entry.data;
    let photo = facility.entry.meta.photos.first();
    FacilityCard {
        url: base.href(&entry_address(Kind::Facility, &facility.entry.id)),
        name: &data.name,
        kana: &data.kana,
        area: area_label(catalog, facility.area),
        area_url: base.href(&format!("/facilities/area/{}/", data.area)),
        kinds: labels(&catalog.vocabulary.facility_kinds, &data.kinds),
        tel: data.tel.as_deref(),
        products: facility.products.len(),
        works: data
            .works
            .iter()
            .filter_map(|work| catalog.vocabulary.category(&work.category))
            .filter_map(|at| catalog.vocabulary.categories.get(at))
            .map(|category| category.word.label.as_str())
            .take(5)
            .collect(),
        image: image(catalog, base, photo, first_word(&catalog.vocabulary.facility_kinds, &data.kinds)),
        picture: photo.and_then(|photo| picture(catalog, base, &photo.file, Use::card_of(photo))),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

pub(crate) fn event_card<'a>(catalog: &'a Catalog, base: &Base, event: &'a LinkedEvent) -> EventCard<'a> {
    let data = &event.entry.data;
    let kind = catalog.vocabulary.event_kind(&data.kind);
    let photo = event.entry.meta.photos.first();
    let today = catalog.moment.today;
    let next = event.next(today).or_else(|| event.occasions.first());
    let several = event.occasions.iter().filter(|occasion| occasion.meets()).count() > 1;
    let venue = data.venue.as_ref().or_else(|| {
        let session = next.and_then(|next| data.sessions.get(next.session?));
        session.and_then(|session| session.venue.as_ref())
    });
    let area = venue.and_then(|venue| venue.area.as_deref()).and_then(|id| catalog.vocabulary.area(id));
    let shown_next = next.filter(|next| next.range.end >= today && !event.over).filter(|next| {
        // The first of a few days is said already.
        let first = event.when.kind() == "days" && Some(next.range.start) == event.when.first_day();
        next.reserve() || (several && next.meets() && !first)
    });
    EventCard {
        url: base.href(&entry_address(Kind::Event, &event.entry.id)),
        title: &data.title,
        kind: kind.map_or("", |kind| kind.label.as_str()),
        kind_url: base.href(&format!("/events/kind/{}/", data.kind)),
        when: event.when.label(),
        when_kind: event.when.kind(),
        start: next.map(|next| next.range.start.to_string()),
        until: event.until.map(|day| day.to_string()),
        next: shown_next.map(|next| super::meeting::range_label(next.range)),
        next_until: shown_next.map(|next| next.range.end.to_string()),
        reserve: shown_next.is_some_and(Occasion::reserve),
        orders: next.filter(|next| next.orders()).map(|next| super::meeting::range_label(next.range)),
        time: data.time.or(next.and_then(|next| next.time)).map(crate::model::TimeRange::label),
        venue: venue.map(|venue| venue.name.as_str()),
        area: area.map_or("", |at| area_label(catalog, at)),
        status: data.status.word(),
        status_label: data.status.label(),
        over: event.over,
        dated: event.occasions.iter().any(|occasion| !occasion.reserve()),
        members: data.audience == crate::model::Audience::Members,
        image: image(catalog, base, photo, kind),
        picture: photo.and_then(|photo| picture(catalog, base, &photo.file, Use::card_of(photo))),
        image_alt: photo.map_or("", |photo| photo.alt.as_str()),
        drawn: photo.is_none(),
    }
}

/// The photo, or the drawing of a word.
fn image(catalog: &Catalog, base: &Base, photo: Option<&Photo>, word: Option<&Word>) -> Option<String> {
    let drawing = || word.and_then(|word| word.image.as_ref()).map(|source| address(catalog, base, source, Use::CARD));
    photo.map(|photo| address(catalog, base, &photo.file, Use::card_of(photo))).or_else(drawing)
}

/// The first of an entry's kinds.
pub(super) fn first_word<'a>(words: &'a [Word], ids: &[String]) -> Option<&'a Word> {
    ids.iter().find_map(|id| words.iter().find(|word| word.id == *id))
}

pub(super) fn area_label(catalog: &Catalog, at: usize) -> &str {
    catalog.vocabulary.areas.get(at).map_or("", |area| area.word.label.as_str())
}

pub(super) fn labels<'a>(words: &'a [Word], ids: &[String]) -> Vec<&'a str> {
    ids.iter().filter_map(|id| words.iter().find(|word| word.id == *id)).map(|word| word.label.as_str()).collect()
}
