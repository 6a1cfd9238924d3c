//! What every page has: its head, its way back, and the frame around it.

use super::Views;
use super::picture::picture;
use crate::catalog::Catalog;
use crate::feeds::json_ld;
use crate::model::{Kind, Photo};
use crate::photos::{Use, is_photo};
use crate::site::base::Base;
use crate::site::plan::has_policy;
use crate::site::previews::{Preview, SIZE};
use crate::site::route::{ACCESSIBILITY, entry_address};
use serde::Serialize;
use std::collections::BTreeMap;
use tera::Value;

/// リンク。
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// 言葉
    pub label: String,
    /// アドレス
    pub url: String,
}

/// ページの題名や説明など。
#[derive(Debug, Clone, Serialize)]
pub struct Meta {
    /// ページの題名
    pub title: String,
    /// `<title>` に使う題名。うしろにサイトの名前が付く。「クッキー | 見本県のハートネット」
    pub full_title: String,
    /// 検索サイトなどに出す一文
    pub description: String,
    /// 正式なアドレス。「https://…」
    pub canonical: String,
    /// 検索サイトにのせないなら、はい。隠した記事、空の一覧、404 のページ
    pub noindex: bool,
    /// 種類。`website` `article` `product`
    pub og_type: &'static str,
    /// 共有のときの絵のアドレス。「https://…」
    pub og_image: String,
    /// その絵の幅。heartnet がかいた絵だけ。「1200」
    pub og_image_width: Option<u32>,
    /// その絵の高さ。heartnet がかいた絵だけ。「630」
    pub og_image_height: Option<u32>,
    /// その絵に何が写っているか
    pub og_image_alt: String,
    /// はじめに見える大きな絵のアドレス。先に読みこむ（商品と事業所のページだけ）
    pub preload: Option<String>,
    /// ホームから、今のページの1つ手前まで。ホームと 404 のページでは空
    pub crumbs: Vec<LinkView>,
    /// 構造化データ。1つずつ `<script type="application/ld+json">` の中に `safe` で出す
    pub json_ld: Vec<String>,
    /// アドレスの最初の部分。「products」。ホームでは空の文字
    pub section: String,
}

/// 全部のページに共通の値。
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// サイトの名前
    pub title: String,
    /// サイトの説明。なければ空の文字
    pub description: String,
    /// 言語。「ja」か「en」
    pub language: String,
    /// ホームのアドレス。`/` で終わるので、`{{ chrome.home }}products/` のように使える
    pub home: String,
    /// 全ページのお知らせ
    pub notice: Option<String>,
    /// 主なメニュー。商品を買う、仕事を頼む、催しに行く、事業所を知る、お知らせ
    pub nav: Vec<NavView>,
    /// メニューに入れると書いてあるページ（`nav: true`）
    pub guides: Vec<NavView>,
    /// ほかのさがし方。五十音索引、優先調達の区分、商品カタログ
    pub ways: Vec<LinkView>,
    /// メニューに入らないページ、アクセシビリティ方針、事業計画、報告
    pub footer: Vec<LinkView>,
    /// 共同受注窓口の連絡先
    pub desk: ContactView,
    /// CSS のアドレス。名前の順
    pub styles: Vec<String>,
    /// `static/` の全部のファイルのアドレス。もとの名前で引く。`chrome.files['drawn/home.svg']`
    pub files: BTreeMap<String, String>,
    /// 全部の催しのカレンダーのファイル（`/events.ics`）のアドレス
    pub calendar: String,
    /// サイトの時刻のずれ。「+09:00」
    pub offset: String,
    /// `static/icon.svg` のアドレス
    pub icon: Option<String>,
    /// 更新情報（Atom フィード）のアドレス
    pub feed: String,
    /// 注文のページのアドレス
    pub order: String,
    /// さがすページのアドレス
    pub search: String,
    /// サイトの今日。「2026年11月21日(土)」
    pub today: String,
    /// 同じ日を「2026-11-21」の形で
    pub today_iso: String,
}

/// メニューの1つ。
#[derive(Debug, Clone, Serialize)]
pub struct NavView {
    /// 言葉
    pub label: String,
    /// アドレス
    pub url: String,
    /// ページの `meta.section` と同じなら、今いる所
    pub section: String,
}

/// 連絡先。
#[derive(Debug, Clone, Serialize)]
pub struct ContactView {
    /// 名前
    pub name: String,
    /// 運営
    pub operator: Option<String>,
    /// 郵便番号。「371-0000」
    pub postal_code: Option<String>,
    /// 住所
    pub address: Option<String>,
    /// 電話
    pub tel: Option<String>,
    /// 電話をかけるアドレス。「tel:0270000000」
    pub tel_url: Option<String>,
    /// FAX の番号
    pub fax: Option<String>,
    /// メール
    pub email: Option<String>,
    /// 受付時間。事業所では営業時間
    pub hours: Option<String>,
}

/// What the page about accessibility is called.
pub(super) const POLICY: &str = "アクセシビリティ方針";

/// `tel:` with digits only.
pub(super) fn tel_url(tel: &str) -> String {
    format!("tel:{}", tel.chars().filter(char::is_ascii_digit).collect::<String>())
}

impl Chrome {
    /// The frame for a catalog. `styles` are output paths, `files` those of all static files by name.
    pub fn new(catalog: &Catalog, base: &Base, styles: &[String], files: &BTreeMap<String, String>) -> Self {
        let settings = &catalog.settings;
        let desk = &settings.desk;
        let nav: Vec<NavView> = [
            ("商品を買う", "/products/", "products"),
            ("仕事を頼む", "/works/", "works"),
            ("催しに行く", "/events/", "events"),
            ("事業所を知る", "/facilities/", "facilities"),
            ("お知らせ", "/news/", "news"),
        ]
        .into_iter()
        .map(|(label, address, section)| NavView {
            label: label.to_owned(),
            url: base.href(address),
            section: section.to_owned(),
        })
        .collect();
        let mut guides = Vec::new();
        let mut footer = Vec::new();
        for page in catalog.pages.iter().filter(|page| !page.meta.hidden) {
            let url = base.href(&entry_address(Kind::Page, &page.id));
            let label = page.data.title.clone();
            if page.data.nav {
                guides.push(NavView { label, url, section: page.id.clone() });
            } else {
                footer.push(LinkView { label, url });
            }
        }
        if !has_policy(catalog) {
            footer.push(LinkView { label: POLICY.to_owned(), url: base.href(ACCESSIBILITY) });
        }
        if !catalog.plans.is_empty() {
            footer.push(LinkView { label: "事業計画".to_owned(), url: base.href("/plans/") });
        }
        if !catalog.reports.is_empty() {
            footer.push(LinkView { label: "報告".to_owned(), url: base.href("/reports/") });
        }
        Self {
            title: settings.title.clone(),
            description: settings.description.clone(),
            language: settings.language.clone(),
            home: base.href("/"),
            notice: settings.notice.clone(),
            nav,
            guides,
            ways: [
                ("五十音索引", "/kana/"),
                ("優先調達の区分からさがす", "/procurement/"),
                ("商品カタログ（印刷用）", "/catalog/"),
            ]
            .into_iter()
            .map(|(label, address)| LinkView { label: label.to_owned(), url: base.href(address) })
            .collect(),
            footer,
            desk: ContactView {
                name: desk.name.clone(),
                operator: desk.operator.clone(),
                postal_code: desk.postal_code.clone(),
                address: desk.address.clone(),
                tel: desk.tel.clone(),
                tel_url: desk.tel.as_deref().map(tel_url),
                fax: desk.fax.clone(),
                email: desk.email.clone(),
                hours: desk.hours.clone(),
            },
            styles: styles.iter().map(|path| base.href(path)).collect(),
            files: files.iter().map(|(name, path)| (name.clone(), base.href(path))).collect(),
            calendar: base.href("/events.ics"),
            offset: settings.offset(),
            icon: files.get("icon.svg").map(|path| base.href(path)),
            feed: base.href("/feed.xml"),
            order: base.href("/order/"),
            search: base.href("/search/"),
            today: catalog.moment.today.long(),
            today_iso: catalog.moment.today.to_string(),
        }
    }

    /// As a template value.
    pub fn value(&self) -> Value {
        Value::try_from_serializable(self).unwrap_or_else(|_| Value::none())
    }
}

/// What a page says of itself before the shared parts are added.
pub(super) struct Head<'a> {
    pub title: &'a str,
    pub description: &'a str,
    pub og_type: &'static str,
    /// The first photo.
    pub image: Option<&'a Photo>,
    /// The drawing that stands for a photo.
    pub instead: Option<&'a str>,
    pub crumbs: Vec<LinkView>,
    pub json_ld: Option<serde_json::Value>,
    pub noindex: bool,
    /// Whether the picture stands at the head of the page.
    pub picture_first: bool,
}

impl<'a> Head<'a> {
    pub(super) fn new(title: &'a str) -> Self {
        Self {
            title,
            description: "",
            og_type: "website",
            image: None,
            instead: None,
            crumbs: Vec::new(),
            json_ld: None,
            noindex: false,
            picture_first: false,
        }
    }
}

impl Views<'_> {
    pub(super) fn meta(&self, address: &str, head: Head<'_>) -> Meta {
        let site = &self.catalog.settings.title;
        let canonical = self.base.absolute(address);
        let full_title = if address == "/" { site.clone() } else { format!("{} | {site}", head.title) };
        let mut json_ld = Vec::new();
        if !head.crumbs.is_empty() {
            json_ld.push(json_ld::breadcrumbs(&self.base.origin, &head.crumbs, head.title, &canonical));
        }
        json_ld.extend(head.json_ld.as_ref().map(json_ld::safe));
        let description = if head.description.is_empty() {
            if self.catalog.settings.description.is_empty() {
                head.title.to_owned()
            } else {
                self.catalog.settings.description.clone()
            }
        } else {
            head.description.to_owned()
        };
        let section = address.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        let photo = head.image.map(|photo| photo.file.as_str());
        let (picture, size) = match self.previews.of(&section, photo, head.instead) {
            Preview::Photo(source) => match picture(self.catalog, self.base, source, Use::Page) {
                Some(picture) => (picture.src, Some((picture.width, picture.height))),
                None => (self.base.asset(source), None),
            },
            Preview::Card(path) => (self.base.href(path), Some(SIZE)),
        };
        let first = photo.or(head.instead).filter(|_| head.picture_first);
        Meta {
            // Of a photo the browser chooses a size, which it does soon enough by itself.
            preload: first.filter(|source| !is_photo(source)).map(|source| self.base.asset(source)),
            title: head.title.to_owned(),
            full_title,
            description,
            canonical,
            noindex: head.noindex,
            og_type: head.og_type,
            og_image: format!("{}{picture}", self.base.origin),
            og_image_width: size.map(|size| size.0),
            og_image_height: size.map(|size| size.1),
            og_image_alt: head.image.map_or_else(|| head.title.to_owned(), |photo| photo.alt.clone()),
            crumbs: head.crumbs,
            json_ld,
            section,
        }
    }

    pub(super) fn link(&self, label: &str, address: &str) -> LinkView {
        LinkView { label: label.to_owned(), url: self.base.href(address) }
    }

    /// The way back: the home page, then the given pages.
    pub(super) fn crumbs(&self, steps: &[(&str, &str)]) -> Vec<LinkView> {
        let home = [("ホーム", "/")];
        home.iter().chain(steps).map(|(label, address)| self.link(label, address)).collect()
    }
}
