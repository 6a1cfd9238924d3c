//! News, reports, fixed pages and yearly plans.

use super::meta::{Head, LinkView, Meta, POLICY};
use super::{Fact, PhotoView, Shown, Sight, Take, Unless, Value, View, Views};
use crate::model::Kind;
use crate::site::route::{Route, entry_address};
use crate::source::Entry;
use serde::Serialize;
use std::sync::Arc;

/// お知らせ・報告・ページと、アクセシビリティ方針のページ。
#[derive(Serialize)]
pub struct ArticleView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 題名
    pub title: String,
    /// `news` `report` `page`。アクセシビリティ方針の記事がないサイトの方針のページは `policy`
    pub kind: &'static str,
    /// 日付。「2026年12月1日(火)」。お知らせと報告だけ
    pub date: Option<String>,
    /// 同じ日を「2026-12-01」の形で
    pub date_iso: Option<String>,
    /// お知らせの種類。「募集」
    pub label: Option<String>,
    /// 報告の場所と、事業所でない参加者
    pub facts: Vec<Fact>,
    /// 報告の催しと、参加した事業所
    pub related: Vec<LinkView>,
    /// 写真
    pub photos: Vec<PhotoView>,
    /// 本文の HTML。`safe` で出す。なければ空の文字
    pub html: String,
    /// やさしい日本語の HTML。`safe` で出す
    pub easy: Option<String>,
    /// 機械による試験の結果。`/accessibility/` だけ
    pub audit: Option<AuditView>,
}

/// 機械による試験の結果。
#[derive(Serialize)]
pub struct AuditView {
    /// 調べたページの数
    pub pages: usize,
    /// 書き出した日。「2026年11月21日(土)」
    pub date: String,
    /// 同じ日を「2026-11-21」の形で
    pub date_iso: String,
    /// 調べたこと
    pub checks: Vec<AuditRow>,
    /// 満たさないところのあるページ。50まで
    pub failing: Vec<LinkView>,
}

/// 試験で調べたこと。
#[derive(Serialize)]
pub struct AuditRow {
    /// 調べたこと。「画像に代わりの文がある（飾りは空）」
    pub what: &'static str,
    /// 達成基準の番号。「1.1.1」
    pub criterion: &'static str,
    /// 調べた数。「4,176」
    pub seen: String,
    /// 満たさなかった数
    pub failed: usize,
}

/// お知らせのカード。報告と事業計画のカードも、同じ形。
#[derive(Serialize)]
struct NoticeCard<'a> {
    /// ページのアドレス
    url: String,
    /// 題名
    title: &'a str,
    /// お知らせの種類、報告の場所、計画の年度
    label: Option<&'a str>,
    /// 日付。「2026年12月1日(火)」。計画にはない
    date: Option<String>,
    /// 同じ日を「2026-12-01」の形で
    date_iso: Option<String>,
    /// 本文のはじめ。110字まで。なければ空の文字
    summary: &'a str,
}

/// Places of entries that stand on lists.
pub(super) fn listed<T>(entries: &[Arc<Entry<T>>]) -> Vec<usize> {
    entries.iter().enumerate().filter(|(_, entry)| !entry.meta.hidden).map(|(at, _)| at).collect()
}

impl Views<'_> {
    pub(super) fn news_card(&self, at: usize) -> Value {
        self.catalog.news.get(at).map_or_else(Value::none, |entry| {
            Value::of(&NoticeCard {
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
            Value::of(&NoticeCard {
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
            Value::of(&NoticeCard {
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
            html: self.html(&entry.body, true),
            easy: self.easy(entry.easy.as_deref()),
            audit: None,
        }
    }

    /// The page about accessibility, the site's own or the program's, with what the build has found.
    pub fn policy_with(
        &self,
        (route, address): (&Route, &str),
        audit: AuditView,
        earlier: Option<&Shown>,
    ) -> (Sight, Option<View>) {
        let mut view = match route {
            Route::Page(at) => self.page(*at, address),
            _ => self.policy(address),
        };
        view.audit = Some(audit);
        let (seen, value) = Unless(earlier).take(&view);
        (seen, value.map(|value| View { template: route.template(), value }))
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
