//! News, reports, fixed pages and yearly plans.

use super::meta::{Head, LinkView, Meta, POLICY};
use super::{Fact, PhotoView, View, Views, value};
use crate::model::Kind;
use crate::site::route::{Route, entry_address};
use crate::source::Entry;
use serde::Serialize;
use tera::Value;

/// A page that is mostly text.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct ArticleView {
    pub meta: Meta,
    pub title: String,
    /// `news`, `report`, `page`, or `policy` where the program writes the page on accessibility
    pub kind: &'static str,
    /// 2026年4月1日(水)
    pub date: Option<String>,
    pub date_iso: Option<String>,
    /// 募集
    pub label: Option<String>,
    pub facts: Vec<Fact>,
    /// The event a report is about, who was there.
    pub related: Vec<LinkView>,
    pub photos: Vec<PhotoView>,
    pub html: String,
    pub easy: Option<String>,
    /// On the page about accessibility: what the build has looked at, on which pages, and what it found.
    pub audit: Option<AuditView>,
}

/// What the build's own checks of its pages have found.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct AuditView {
    pub pages: usize,
    /// 2026年11月21日(土)
    pub date: String,
    pub date_iso: String,
    pub checks: Vec<AuditRow>,
    /// Pages on which something was found.
    pub failing: Vec<LinkView>,
}

/// One thing that was looked at.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct AuditRow {
    pub what: &'static str,
    /// 1.1.1
    pub criterion: &'static str,
    /// How many there were to look at.
    pub seen: usize,
    pub failed: usize,
}

#[derive(Serialize)]
struct NoticeCard<'a> {
    url: String,
    title: &'a str,
    label: Option<&'a str>,
    date: Option<String>,
    date_iso: Option<String>,
    summary: &'a str,
}

/// Places of entries that stand on lists.
pub(super) fn listed<T>(entries: &[Entry<T>]) -> Vec<usize> {
    entries.iter().enumerate().filter(|(_, entry)| !entry.meta.hidden).map(|(at, _)| at).collect()
}

impl Views<'_> {
    pub(super) fn news_card(&self, at: usize) -> Value {
        self.catalog.news.get(at).map_or_else(Value::none, |entry| {
            value(&NoticeCard {
                url: self.base.href(&entry_address(Kind::News, &entry.id)),
                title: &entry.data.title,
                label: entry.data.kind.as_deref(),
                date: Some(entry.data.date.long()),
                date_iso: Some(entry.data.date.to_string()),
                summary: &entry.body.summary,
            })
        })
    }

    pub(super) fn report_card(&self, at: usize) -> Value {
        self.catalog.reports.get(at).map_or_else(Value::none, |entry| {
            value(&NoticeCard {
                url: self.base.href(&entry_address(Kind::Report, &entry.id)),
                title: &entry.data.title,
                label: entry.data.place.as_deref(),
                date: Some(entry.data.date.long()),
                date_iso: Some(entry.data.date.to_string()),
                summary: &entry.body.summary,
            })
        })
    }

    pub(super) fn plan_card(&self, at: usize) -> Value {
        self.catalog.plans.get(at).map_or_else(Value::none, |entry| {
            let label = entry.data.fiscal_year.label();
            value(&NoticeCard {
                url: self.base.href(&format!("/plans/{}/", entry.data.fiscal_year.0)),
                title: &entry.data.title,
                label: Some(&label),
                date: None,
                date_iso: None,
                summary: &entry.body.summary,
            })
        })
    }

    fn article<T>(
        &self,
        address: &str,
        entry: &Entry<T>,
        title: &str,
        kind: &'static str,
        crumbs: Vec<LinkView>,
    ) -> ArticleView {
        let description = entry.body.summary.clone();
        let head = Head {
            description: &description,
            og_type: "article",
            image: entry.meta.photos.first(),
            crumbs,
            noindex: entry.meta.hidden,
            ..Head::new(title)
        };
        ArticleView {
            meta: self.meta(address, head),
            title: title.to_owned(),
            kind,
            date: None,
            date_iso: None,
            label: None,
            facts: Vec::new(),
            related: Vec::new(),
            photos: self.photos(&entry.meta.photos),
            html: self.html(&entry.body),
            easy: self.easy(entry.easy.as_ref()),
            audit: None,
        }
    }

    /// The page about accessibility, the site's own or the program's, with what the build has found.
    pub fn policy_with(&self, route: &Route, audit: AuditView) -> View {
        let address = route.address(self.catalog);
        let mut view = match route {
            Route::Page(at) => self.page(*at, &address),
            _ => self.policy(&address),
        };
        view.audit = Some(audit);
        View { template: route.template(), value: value(&view) }
    }

    pub(super) fn policy(&self, address: &str) -> ArticleView {
        let head = Head { crumbs: self.crumbs(&[]), ..Head::new(POLICY) };
        ArticleView { meta: self.meta(address, head), title: POLICY.to_owned(), kind: "policy", ..self.empty(address) }
    }

    pub(super) fn news(&self, at: usize, address: &str) -> ArticleView {
        let Some(entry) = self.catalog.news.get(at) else { return self.empty(address) };
        let crumbs = self.crumbs(&[("お知らせ", "/news/")]);
        ArticleView {
            date: Some(entry.data.date.long()),
            date_iso: Some(entry.data.date.to_string()),
            label: entry.data.kind.clone(),
            ..self.article(address, entry, &entry.data.title, "news", crumbs)
        }
    }

    pub(super) fn report(&self, at: usize, address: &str) -> ArticleView {
        let Some(entry) = self.catalog.reports.get(at) else { return self.empty(address) };
        let crumbs = self.crumbs(&[("報告", "/reports/")]);
        let data = &entry.data;
        let mut related = Vec::new();
        if let Some(id) = &data.event
            && let Some(name) = self.catalog.name_of(Kind::Event, id)
        {
            related.push(self.link(name, &entry_address(Kind::Event, id)));
        }
        let mut texts = Vec::new();
        for attendee in &data.attendees {
            match self.catalog.name_of(Kind::Facility, attendee) {
                Some(name) => related.push(self.link(name, &entry_address(Kind::Facility, attendee))),
                None => texts.push(attendee.as_str()),
            }
        }
        let mut facts = Vec::new();
        facts.extend(data.place.clone().map(|value| Fact { label: "場所", value }));
        if !texts.is_empty() {
            facts.push(Fact { label: "参加", value: texts.join("、") });
        }
        ArticleView {
            date: Some(data.date.long()),
            date_iso: Some(data.date.to_string()),
            facts,
            related,
            ..self.article(address, entry, &data.title, "report", crumbs)
        }
    }

    pub(super) fn page(&self, at: usize, address: &str) -> ArticleView {
        let Some(entry) = self.catalog.pages.get(at) else { return self.empty(address) };
        self.article(address, entry, &entry.data.title, "page", self.crumbs(&[]))
    }

    fn empty(&self, address: &str) -> ArticleView {
        ArticleView {
            meta: self.meta(address, Head::new("")),
            title: String::new(),
            kind: "page",
            date: None,
            date_iso: None,
            label: None,
            facts: Vec::new(),
            related: Vec::new(),
            photos: Vec::new(),
            html: String::new(),
            easy: None,
            audit: None,
        }
    }
}
