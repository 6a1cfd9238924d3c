//! News, reports, fixed pages and yearly plans.

use super::meta::{Head, LinkView, Meta};
use super::{Fact, PhotoView, Views, value};
use crate::model::Kind;
use crate::site::route::entry_address;
use crate::source::Entry;
use serde::Serialize;
use tera::Value;

/// A page that is mostly text.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct ArticleView {
    pub meta: Meta,
    pub title: String,
    /// `news`, `report` or `page`
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
}

/// 事業計画
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct PlanView {
    pub meta: Meta,
    pub title: String,
    /// 令和8年度
    pub year: String,
    pub html: String,
    pub easy: Option<String>,
    pub sections: Vec<PlanSectionView>,
    /// Other years.
    pub others: Vec<LinkView>,
}

/// One table of a plan.
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct PlanSectionView {
    pub title: String,
    pub rows: Vec<PlanRowView>,
}

/// 内容・期日・備考
#[derive(Serialize)]
#[allow(missing_docs, reason = "docs/themes.md describes every value a template sees")]
pub struct PlanRowView {
    pub what: String,
    /// As the council wrote it, where that differs from the reading.
    pub written: Option<String>,
    /// As it is read; none where there is no date.
    pub reading: Option<String>,
    /// The first day, for `<time>`.
    pub start: Option<String>,
    pub note: Option<String>,
    pub event: Option<LinkView>,
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
            image: entry.meta.photos.first().map(|photo| photo.file.as_str()),
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
        }
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
        }
    }

    pub(super) fn plan(&self, at: usize, address: &str) -> PlanView {
        let Some(entry) = self.catalog.plans.get(at) else {
            let title = String::new();
            let meta = self.meta(address, Head::new(""));
            return PlanView {
                meta,
                year: title.clone(),
                html: title.clone(),
                easy: None,
                sections: Vec::new(),
                others: Vec::new(),
                title,
            };
        };
        let data = &entry.data;
        let head = Head {
            description: &entry.body.summary,
            og_type: "article",
            crumbs: self.crumbs(&[("事業計画", "/plans/")]),
            noindex: entry.meta.hidden,
            ..Head::new(&data.title)
        };
        let sections = data
            .sections
            .iter()
            .map(|section| PlanSectionView {
                title: section.title.clone(),
                rows: section
                    .rows
                    .iter()
                    .map(|row| PlanRowView {
                        what: row.what.clone(),
                        written: row.schedule.as_ref().and_then(crate::model::Scheduled::other_words),
                        reading: row.schedule.as_ref().map(crate::model::Scheduled::label),
                        start: row
                            .schedule
                            .as_ref()
                            .and_then(crate::model::Scheduled::first_day)
                            .map(|day| day.to_string()),
                        note: row.note.clone(),
                        event: row.event.as_ref().and_then(|id| {
                            let name = self.catalog.name_of(Kind::Event, id)?;
                            Some(self.link(name, &entry_address(Kind::Event, id)))
                        }),
                    })
                    .collect(),
            })
            .collect();
        let others = self
            .catalog
            .plans
            .iter()
            .filter(|other| other.id != entry.id && !other.meta.hidden)
            .map(|other| self.link(&other.data.title, &format!("/plans/{}/", other.data.fiscal_year.0)))
            .collect();
        PlanView {
            meta: self.meta(address, head),
            title: data.title.clone(),
            year: data.fiscal_year.label(),
            html: self.html(&entry.body),
            easy: self.easy(entry.easy.as_ref()),
            sections,
            others,
        }
    }
}
