//! The page of a facility.

use super::cards::{area_label, first_word, labels};
use super::meta::{ContactView, Head, LinkView, Meta, tel_url};
use super::product::{cert_text, months_text};
use super::{Fact, Facts, MeetingView, PhotoView, Value, Views, map_url};
use crate::catalog::{FacilityIx, ProductIx};
use crate::feeds::json_ld;
use crate::model::{Facility, Kind};
use crate::schema::kinds::ACCESS;
use crate::site::plan::CalendarOf;
use crate::site::route::entry_address;
use serde::Serialize;

/// 事業所のページ。
#[derive(Serialize)]
pub struct FacilityView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 記事の id
    pub id: String,
    /// 名前
    pub name: String,
    /// ふりがな
    pub kana: String,
    /// 種別。「就労継続支援B型」
    pub kinds: Vec<String>,
    /// 地域。大きいほうから
    pub areas: Vec<LinkView>,
    /// 連絡先
    pub contact: ContactView,
    /// 事業所のサイトのアドレス
    pub url: Option<String>,
    /// 運営、営業時間、定員など、書いてあるものだけ
    pub facts: Vec<Fact>,
    /// 地図（OpenStreetMap）のアドレス
    pub map: Option<String>,
    /// バリアフリー。書いてあるものだけ
    pub accessibility: Vec<AccessView>,
    /// つくるものの分類
    pub makes: Vec<LinkView>,
    /// 引き受ける仕事
    pub works: Vec<WorkView>,
    /// 見学ができれば、はい
    pub tour: bool,
    /// 体験実習ができれば、はい
    pub trial: bool,
    /// 募集していること。「ボランティア」「プロボノ」
    pub wanted: Vec<&'static str>,
    /// 共同受注に参加していれば、はい
    pub joint: bool,
    /// 営業時間。`facts` にもある
    pub hours: Option<String>,
    /// 休み。`facts` にもある
    pub closed: Option<String>,
    /// つくる商品のカードの一覧（[ProductCard]）
    pub products: Vec<Value>,
    /// ここで買える、ほかの商品のカードの一覧（[ProductCard]）
    pub sells: Vec<Value>,
    /// 次に会える日。近い順に12まで、1つの催しから4つまで
    pub events: Vec<MeetingView>,
    /// この事業所が出る催しのカレンダー。日の決まった催しがなければ、ない
    pub calendar: Option<super::CalendarView>,
    /// この事業所が参加した催しの報告
    pub reports: Vec<LinkView>,
    /// 写真
    pub photos: Vec<PhotoView>,
    /// 写真がないときの、種別の絵のアドレス。写真があっても入っている
    pub illustration: Option<String>,
    /// 本文の HTML。`safe` で出す。なければ空の文字
    pub html: String,
    /// やさしい日本語の HTML。`safe` で出す
    pub easy: Option<String>,
    /// 情報を確かめた日。「2026年11月1日(日)」
    pub checked_on: Option<String>,
}

/// バリアフリーの行。
#[derive(Serialize)]
pub struct AccessView {
    /// 設備など。「スロープ」
    pub label: String,
    /// ようす。`yes` `partly` `no` `ask`
    pub word: String,
    /// それを日本語で。「あり」「一部」「なし」「お問い合わせください」
    pub state: String,
}

/// 引き受ける仕事。
#[derive(Serialize)]
pub struct WorkView {
    /// 仕事の分類の名前
    pub label: String,
    /// 分類のページ
    pub url: String,
    /// 内容
    pub detail: Option<String>,
    /// 量
    pub amount: Option<String>,
    /// 月。「4月～12月」。書いていなければ空の文字
    pub months: String,
    /// お客さまの場所で行うなら、はい
    pub offsite: bool,
}

impl Views<'_> {
    pub(super) fn facility(&self, ix: FacilityIx, address: &str) -> FacilityView {
        let facility = self.catalog.facility(ix);
        let (entry, data) = (&facility.entry, &facility.entry.data);
        let vocabulary = &self.catalog.vocabulary;
        let areas: Vec<LinkView> = vocabulary
            .area_path(facility.area)
            .into_iter()
            .filter_map(|at| vocabulary.areas.get(at))
            .map(|area| self.link(&area.word.label, &format!("/facilities/area/{}/", area.word.id)))
            .collect();
        let mut crumbs = self.crumbs(&[("事業所", "/facilities/")]);
        crumbs.extend(areas.iter().cloned());
        let kinds: Vec<String> =
            labels(&vocabulary.facility_kinds, &data.kinds).into_iter().map(str::to_owned).collect();
        let description = if entry.body.summary.is_empty() {
            format!("{}（{}・{}）", data.name, area_label(self.catalog, facility.area), kinds.join("・"))
        } else {
            entry.body.summary.clone()
        };
        let canonical = self.base.absolute(address);
        let head = Head {
            description: &description,
            image: entry.meta.photos.first(),
            instead: first_word(&vocabulary.facility_kinds, &data.kinds).and_then(|word| word.image.as_deref()),
            crumbs,
            json_ld: Some(json_ld::facility(self.catalog, self.base, facility, &canonical, &description)),
            noindex: entry.meta.hidden,
            picture_first: true,
            ..Head::new(&data.name)
        };
        FacilityView {
            meta: self.meta(address, head),
            id: entry.id.clone(),
            name: data.name.clone(),
            kana: data.kana.clone(),
            kinds,
            areas,
            contact: ContactView {
                name: data.name.clone(),
                operator: data.operator.clone(),
                postal_code: data.postal_code.clone(),
                address: data.address.clone(),
                tel: data.tel.clone(),
                tel_url: data.tel.as_deref().map(tel_url),
                fax: data.fax.clone(),
                email: data.email.clone(),
                hours: data.hours.clone(),
            },
            url: data.url.clone(),
            facts: facts(data),
            map: data.geo.map(map_url),
            accessibility: vocabulary
                .accessibility
                .iter()
                .filter_map(|point| {
                    let word = data.accessibility.get(&point.id)?;
                    let state = ACCESS.iter().find(|(known, _)| known == word).map_or("", |(_, label)| *label);
                    Some(AccessView { label: point.label.clone(), word: word.clone(), state: state.to_owned() })
                })
                .collect(),
            makes: self.makes(&facility.products),
            works: self.works(data),
            tour: data.visits.tour,
            trial: data.visits.trial,
            wanted: data.wanted.iter().map(|wanted| wanted.label()).collect(),
            joint: data.joint_orders,
            hours: data.hours.clone(),
            closed: data.closed.clone(),
            products: facility.products.iter().map(|ix| self.product_card(*ix)).collect(),
            sells: facility
                .sells
                .iter()
                .filter(|ix| !facility.products.contains(ix))
                .map(|ix| self.product_card(*ix))
                .collect(),
            events: self.meetings(ix).to_vec(),
            calendar: (!self.meetings(ix).is_empty()
                && facility.events.iter().any(|ix| !self.catalog.event(*ix).occasions.is_empty()))
            .then(|| self.calendar(CalendarOf::Facility(ix))),
            reports: facility
                .reports
                .iter()
                .filter_map(|at| self.catalog.reports.get(*at))
                .filter(|report| !report.meta.hidden)
                .map(|report| self.link(&report.data.title, &entry_address(Kind::Report, &report.id)))
                .collect(),
            photos: self.photos(&entry.meta.photos),
            illustration: first_word(&vocabulary.facility_kinds, &data.kinds)
                .and_then(|word| word.image.as_deref())
                .map(|source| self.drawing(source)),
            html: self.html(&entry.body, entry.meta.photos.is_empty()),
            easy: self.easy(entry.easy.as_deref()),
            checked_on: entry.meta.checked_on.map(crate::model::Day::long),
        }
    }

    /// The categories of its products, each once.
    fn makes(&self, products: &[ProductIx]) -> Vec<LinkView> {
        let vocabulary = &self.catalog.vocabulary;
        let mut seen: Vec<usize> = products.iter().map(|ix| self.catalog.product(*ix).category).collect();
        seen.sort_unstable();
        seen.dedup();
        let category = |at: usize| {
            let word = &vocabulary.categories.get(at)?.word;
            Some(self.link(&word.label, &format!("/products/category/{}/", word.id)))
        };
        seen.into_iter().filter_map(category).collect()
    }

    fn works(&self, data: &Facility) -> Vec<WorkView> {
        data.works
            .iter()
            .filter_map(|work| {
                let at = self.catalog.vocabulary.category(&work.category)?;
                let category = self.catalog.vocabulary.categories.get(at)?;
                Some(WorkView {
                    label: category.word.label.clone(),
                    url: self.base.href(&format!("/products/category/{}/", category.word.id)),
                    detail: work.detail.clone(),
                    amount: work.amount.clone(),
                    months: months_text(&work.months),
                    offsite: work.offsite,
                })
            })
            .collect()
    }
}

fn facts(data: &Facility) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.add("運営", data.operator.clone());
    facts.add("営業時間", data.hours.clone());
    facts.add("休み", data.closed.clone());
    facts.add("定員", data.capacity.map(|n| format!("{n}人")));
    facts.add("共同受注", data.joint_orders.then(|| "参加しています".to_owned()));
    let certs: Vec<String> = data.certs.iter().map(cert_text).collect();
    facts.add("認証・受賞", Some(certs.join("、")));
    facts.add("事業所番号", data.office_number.clone());
    facts.add("法人番号", data.corporate_number.clone());
    facts.add("登録番号", data.invoice_number.clone());
    facts.0
}
