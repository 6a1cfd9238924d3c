//! What every page has: its head, its way back, and the frame around it.

use super::Views;
use crate::catalog::Catalog;
use crate::feeds::json_ld;
use crate::model::{Kind, Photo};
use crate::site::base::Base;
use crate::site::plan::has_policy;
use crate::site::previews::{Preview, SIZE};
use crate::site::route::{ACCESSIBILITY, entry_address};
use serde::Serialize;
use std::collections::BTreeMap;
use tera::Value;

/// A link with its words.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// Shown.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// The head of a page.
#[derive(Debug, Clone, Serialize)]
pub struct Meta {
    /// The page's own heading.
    pub title: String,
    /// For `<title>`: with the site's name behind it.
    pub full_title: String,
    /// One sentence for search engines and shared links.
    pub description: String,
    /// The absolute address.
    pub canonical: String,
    /// Not for search engines: hidden entries, empty lists, the 404 page.
    pub noindex: bool,
    /// `website`, `article` or `product`.
    pub og_type: &'static str,
    /// Absolute address of a picture for shared links.
    pub og_image: String,
    /// Its width and height where it is one of ours.
    pub og_image_width: Option<u32>,
    /// See [`Meta::og_image_width`].
    pub og_image_height: Option<u32>,
    /// What it shows.
    pub og_image_alt: String,
    /// The way from the home page, without the page itself.
    pub crumbs: Vec<LinkView>,
    /// Structured data, each a whole JSON text that is safe inside a script element.
    pub json_ld: Vec<String>,
    /// Which entry of the navigation is the current one: the first part of the address.
    pub section: String,
}

/// The frame around every page, the same for all.
#[derive(Debug, Clone, Serialize)]
pub struct Chrome {
    /// The site's name.
    pub title: String,
    /// What the site is.
    pub description: String,
    /// `ja`
    pub language: String,
    /// The home page.
    pub home: String,
    /// Shown above every page.
    pub notice: Option<String>,
    /// The main navigation: what one can do here.
    pub nav: Vec<NavView>,
    /// Pages that the site puts into the navigation.
    pub guides: Vec<NavView>,
    /// Further ways in: by reading, by class, on paper.
    pub ways: Vec<LinkView>,
    /// Pages that are not in the navigation.
    pub footer: Vec<LinkView>,
    /// The joint order desk.
    pub desk: ContactView,
    /// Addresses of style sheets.
    pub styles: Vec<String>,
    /// Addresses of the theme's static files by their own name: the address has a fingerprint.
    pub files: BTreeMap<String, String>,
    /// The calendar of all events, for `webcal:` and for a link.
    pub calendar: String,
    /// The site's offset, `+09:00`: what day it is where the site is.
    pub offset: String,
    /// Address of the icon.
    pub icon: Option<String>,
    /// The Atom feed.
    pub feed: String,
    /// The order page.
    pub order: String,
    /// The search page.
    pub search: String,
    /// The day the site shows, 2026年11月21日(土).
    pub today: String,
    /// The same for `<time>`.
    pub today_iso: String,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Serialize)]
pub struct NavView {
    /// Shown.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// Matches [`Meta::section`].
    pub section: String,
}

/// Whom to call.
#[derive(Debug, Clone, Serialize)]
pub struct ContactView {
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: Option<String>,
    /// 〒371-0000
    pub postal_code: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone as shown.
    pub tel: Option<String>,
    /// `tel:` address.
    pub tel_url: Option<String>,
    /// FAX as shown.
    pub fax: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// When it answers.
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
            Preview::Photo(source) => (self.base.asset(source), None),
            Preview::Card(path) => (self.base.href(path), Some(SIZE)),
        };
        Meta {
            title: head.title.to_owned(),
            full_title,
            description,
            canonical,
            noindex: head.noindex,
            og_type: head.og_type,
            og_image: format!("{}{picture}", self.base.origin),
            og_image_width: size.map(|size| size.0),
            og_image_height: size.map(|size| size.1),
            og_image_alt: head.image.map_or_else(|| site.clone(), |photo| photo.alt.clone()),
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
