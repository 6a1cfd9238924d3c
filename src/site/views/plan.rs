//! The page of a yearly plan: its rows, the events that fulfil them, and what is new since the year before.

use super::Views;
use super::meta::{Head, LinkView, Meta};
use crate::catalog::{LinkedEvent, Occasion};
use crate::model::schedule::Since;
use crate::model::schedule::rule::Rule;
use crate::model::text::fold;
use crate::model::{EventStatus, FiscalYear, Kind, Plan, PlanRow, Scheduled, When};
use crate::site::route::entry_address;
use crate::source::Entry;
use serde::Serialize;
use std::sync::Arc;

/// 事業計画のページ。
#[derive(Serialize)]
pub struct PlanView {
    /// ページの題名や説明など
    pub meta: Meta,
    /// 題名
    pub title: String,
    /// 年度。「令和8年度」
    pub year: String,
    /// 本文の HTML。`safe` で出す。なければ空の文字
    pub html: String,
    /// やさしい日本語の HTML。`safe` で出す
    pub easy: Option<String>,
    /// 計画の表
    pub sections: Vec<PlanSectionView>,
    /// 前の年度の計画。「令和7年度」。なければ `changes` も空
    pub before: Option<LinkView>,
    /// 前の年度から変わったところ
    pub changes: Vec<ChangeView>,
    /// ほかの年度の計画
    pub others: Vec<LinkView>,
}

/// 計画の表。
#[derive(Serialize)]
pub struct PlanSectionView {
    /// 表の題。なければ空の文字
    pub title: String,
    /// 計画の行
    pub rows: Vec<PlanRowView>,
}

/// 計画の行。
#[derive(Serialize)]
pub struct PlanRowView {
    /// 内容
    pub what: String,
    /// 書いたままの期日。`reading` とちがうときだけ
    pub written: Option<String>,
    /// 読んだ期日。「2026年12月上旬」。期日がなければ、ない
    pub reading: Option<String>,
    /// 最初の日。「2026-12-05」。日が決まっているときだけ
    pub start: Option<String>,
    /// 備考
    pub note: Option<String>,
    /// この行を果たす催し
    pub events: Vec<PlanEventView>,
    /// 決まった回数。回数の分かる行で、催しが書いてあるときだけ
    pub progress: Option<ProgressView>,
    /// 前の年度の計画になければ、はい
    pub new: bool,
}

/// 行を果たす催し。
#[derive(Serialize)]
pub struct PlanEventView {
    /// 題名
    pub label: String,
    /// 催しのページ
    pub url: String,
    /// 日程
    pub when: String,
    /// 最初の日。「2026-12-05」
    pub start: Option<String>,
    /// 最後の日。日の決まった催しだけ
    pub until: Option<String>,
    /// 終わっていれば、はい
    pub over: bool,
    /// 状態。`scheduled` `tentative` `cancelled` `postponed` `moved_online` `full`
    pub status: &'static str,
    /// 状態を日本語で。「予定」「中止」「延期」など
    pub status_label: &'static str,
}

/// 決まった回数。
#[derive(Serialize)]
pub struct ProgressView {
    /// 決まった数
    pub settled: usize,
    /// 計画の数
    pub planned: usize,
}

/// 前の年度とのちがい。
#[derive(Serialize)]
pub struct ChangeView {
    /// `added`（加わった） `removed`（なくなった） `schedule`（期日） `note`（備考）
    pub kind: &'static str,
    /// それを日本語で。「新しく加わりました」
    pub label: &'static str,
    /// 行の内容
    pub what: String,
    /// 前の年度の期日か備考
    pub before: Option<String>,
    /// この年度の期日か備考
    pub after: Option<String>,
}

impl Views<'_> {
    pub(super) fn plan(&self, at: usize, address: &str) -> PlanView {
        let Some(entry) = self.catalog.plans.get(at) else {
            return PlanView {
                meta: self.meta(address, Head::new("")),
                title: String::new(),
                year: String::new(),
                html: String::new(),
                easy: None,
                sections: Vec::new(),
                before: None,
                changes: Vec::new(),
                others: Vec::new(),
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
        let listed = |plan: &&Arc<Entry<Plan>>| plan.id != entry.id && !plan.meta.hidden;
        let last_year = FiscalYear(data.fiscal_year.0 - 1);
        let before = self.catalog.plans.iter().filter(listed).find(|plan| plan.data.fiscal_year == last_year);
        let link = |plan: &Entry<Plan>, label: &str| self.link(label, &format!("/plans/{}/", plan.data.fiscal_year.0));
        let own = rows_of(data);
        let same = before.map(|plan| same_rows(&own, &rows_of(&plan.data)));
        let is_new = |row: &PlanRow| {
            let at = own.iter().position(|(_, other)| std::ptr::eq(*other, row));
            same.as_ref().zip(at).is_some_and(|(same, at)| same.get(at).is_some_and(Option::is_none))
        };
        let sections = data
            .sections
            .iter()
            .map(|section| PlanSectionView {
                title: section.title.clone(),
                rows: section.rows.iter().map(|row| self.plan_row(row, data.fiscal_year, is_new(row))).collect(),
            })
            .collect();
        PlanView {
            meta: self.meta(address, head),
            title: data.title.clone(),
            year: data.fiscal_year.label(),
            html: self.html(&entry.body, entry.meta.photos.is_empty()),
            easy: self.easy(entry.easy.as_deref()),
            sections,
            changes: before.map(|plan| changes(&plan.data, data)).unwrap_or_default(),
            before: before.map(|plan| link(plan, &plan.data.fiscal_year.label())),
            others: self.catalog.plans.iter().filter(listed).map(|plan| link(plan, &plan.data.title)).collect(),
        }
    }

    fn plan_row(&self, row: &PlanRow, year: FiscalYear, new: bool) -> PlanRowView {
        let schedule = row.schedule.as_ref();
        let found: Vec<_> = row
            .events
            .iter()
            .filter_map(|id| self.catalog.find(Kind::Event, id))
            .map(|at| self.catalog.event(crate::catalog::EventIx(at)))
            .collect();
        let planned = match schedule.map(|schedule| &schedule.when) {
            Some(When::TimesAYear(times)) => times.most as usize,
            // 8月～9月 is one time; 5・3月 are two.
            Some(When::Months(months)) if months.array_windows().all(|[a, b]| a.next() != *b) => months.len(),
            _ => 0,
        };
        let settled: usize = found.iter().map(|event| settled_times(event, year)).sum();
        PlanRowView {
            what: row.what.clone(),
            written: schedule.and_then(Scheduled::other_words),
            reading: schedule.map(Scheduled::label),
            start: schedule.and_then(Scheduled::first_day).map(|day| day.to_string()),
            note: row.note.clone(),
            // Of a year that is over, what never had a day is no longer to be settled.
            progress: (planned > 0 && !found.is_empty() && (settled > 0 || found.iter().any(|event| !event.over)))
                .then(|| ProgressView { settled: settled.min(planned), planned }),
            events: found
                .iter()
                .map(|event| PlanEventView {
                    label: event.entry.data.title.clone(),
                    url: self.base.href(&entry_address(Kind::Event, &event.entry.id)),
                    when: event.when.label(),
                    start: event.when.first_day().map(|day| day.to_string()),
                    until: event.when.last_day().and(event.until).map(|day| day.to_string()),
                    over: event.over,
                    status: event.entry.data.status.word(),
                    status_label: event.entry.data.status.label(),
                })
                .collect(),
            new,
        }
    }
}

/// By what a row is known from year to year: without the year, and without what stands in brackets.
fn name(what: &str) -> String {
    let mut depth = 0;
    let bare: String = what
        .chars()
        .filter(|c| {
            match c {
                '(' | '（' => depth += 1,
                ')' | '）' => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth <= 0
        })
        .collect();
    let bare = fold(&bare);
    let year = bare.strip_prefix("令和").or_else(|| bare.strip_prefix("平成"));
    let rest = year.and_then(|rest| rest.split_once("年度")).filter(|(year, _)| year.chars().count() <= 2);
    rest.map_or(bare.as_str(), |(_, rest)| rest).to_owned()
}

/// Every row with the title of its section.
fn rows_of(plan: &Plan) -> Vec<(&str, &PlanRow)> {
    plan.sections.iter().flat_map(|s| s.rows.iter().map(move |row| (s.title.as_str(), row))).collect()
}

/// For every row of a plan the same one of the plan before: by its whole name, then without what stands in
/// brackets; in the section of the same title, then anywhere. No row is taken twice.
fn same_rows<'p>(new: &[(&str, &PlanRow)], old: &[(&str, &'p PlanRow)]) -> Vec<Option<&'p PlanRow>> {
    let whole = |row: &PlanRow| name(&row.what.replace(['(', ')', '（', '）'], " "));
    let bare = |row: &PlanRow| name(&row.what);
    let mut taken = vec![false; old.len()];
    let mut found: Vec<Option<&PlanRow>> = vec![None; new.len()];
    for pass in 0..4 {
        for (at, (section, row)) in new.iter().enumerate() {
            let Some(slot) = found.get_mut(at).filter(|slot| slot.is_none()) else { continue };
            let same = |(title, other): &(&str, &PlanRow)| {
                let names = if pass < 2 { whole(row) == whole(other) } else { bare(row) == bare(other) };
                names && (pass % 2 == 1 || name(title) == name(section))
            };
            let mut free = old.iter().zip(&mut taken).filter(|(pair, taken)| !**taken && same(pair));
            if let Some(((_, row), mark)) = free.next() {
                *slot = Some(row);
                *mark = true;
            }
        }
    }
    found
}

/// How many of the planned times an event settles: one for days that belong together, one for each period of a
/// campaign that only takes orders. What is not certain, or lies in another year, settles nothing.
fn settled_times(event: &LinkedEvent, year: FiscalYear) -> usize {
    if !event.stands() || event.entry.data.status == EventStatus::Tentative {
        return 0;
    }
    let in_year = |occasion: &&Occasion| !occasion.reserve() && occasion.range.start.fiscal_year() == year;
    let all: Vec<&Occasion> = event.occasions.iter().filter(in_year).collect();
    if all.iter().all(|occasion| occasion.orders()) {
        return all.len();
    }
    // 5月と3月 of one entry are two; the days of one bazaar are one.
    let days: Vec<&&Occasion> = all.iter().filter(|occasion| occasion.meets()).collect();
    days.chunk_by(|a, b| b.range.start.number() - a.range.end.number() <= TOGETHER).count()
}

/// Days that are no further apart are one time of several days.
const TOGETHER: i32 = 14;

/// What is otherwise, in the order of the new plan; what is gone comes last.
fn changes(before: &Plan, now: &Plan) -> Vec<ChangeView> {
    let (old, new) = (rows_of(before), rows_of(now));
    let change = |kind, label, row: &PlanRow, before: Option<String>, after: Option<String>| ChangeView {
        kind,
        label,
        what: row.what.clone(),
        before,
        after,
    };
    let written = |row: &PlanRow| row.schedule.as_ref().map(Scheduled::written);
    let mut changes = Vec::new();
    for ((_, row), was) in new.iter().zip(same_rows(&new, &old)) {
        let Some(was) = was else {
            changes.push(change("added", "新しく加わりました", row, None, written(row)));
            continue;
        };
        if certainty(was.schedule.as_ref()) != certainty(row.schedule.as_ref()) {
            changes.push(change("schedule", "期日が変わりました", row, written(was), written(row)));
        }
        let note = |row: &PlanRow| row.note.as_deref().map(fold);
        if note(was) != note(row) {
            changes.push(change("note", "備考が変わりました", row, was.note.clone(), row.note.clone()));
        }
    }
    for ((_, row), now) in old.iter().zip(same_rows(&old, &new)) {
        if now.is_none() {
            changes.push(change("removed", "なくなりました", row, written(row), None));
        }
    }
    changes
}

/// How a date is settled, without its year. Days are others every year, which is no change of the plan.
fn certainty(schedule: Option<&Scheduled>) -> String {
    let Some(schedule) = schedule else { return String::new() };
    let parts: Vec<String> = schedule
        .pieces()
        .map(|piece| match &piece.when {
            When::Days(_) => "days".to_owned(),
            When::Months(months) => months.iter().map(|month| format!("{}月", month.month)).collect(),
            When::PartOfMonth { parts, .. } => {
                parts.iter().map(|(month, part)| format!("{}月{part}", month.month)).collect()
            }
            When::Recurring(rule) => {
                let short = |day: crate::model::Day| format!("{}/{}", day.0.month(), day.0.day());
                let period = rule.period.map(|(from, until)| (short(from), until.map(short)));
                format!("{period:?}{}", Rule { period: None, ..rule.clone() }.label())
            }
            When::AllYear(Some(Since::Day(day))) => format!("{}/{}から", day.0.month(), day.0.day()),
            When::AllYear(Some(Since::Month(month))) => format!("{}月から", month.month),
            When::Undecided(_) => "undecided".to_owned(),
            _ => piece.label(),
        })
        .collect();
    parts.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_name_are_kept_apart() {
        let row = |what: &str| PlanRow { what: what.to_owned(), schedule: None, note: None, events: Vec::new() };
        let (food, cloth, chairs) = (row("専門部会（食品）"), row("専門部会（縫製）"), row("総会(東京大会)"));
        let (other, chairs_now) = (row("専門部会（食品）"), row("総会(大阪大会)"));
        let old = [("会議", &food), ("会議", &chairs)];
        let new = [("会議", &cloth), ("会議", &other), ("会議", &chairs_now)];
        let found: Vec<Option<&str>> = same_rows(&new, &old).iter().map(|r| r.map(|row| row.what.as_str())).collect();
        assert_eq!(found, [None, Some("専門部会（食品）"), Some("総会(東京大会)")]);
    }

    #[test]
    fn rows_are_known_from_year_to_year() {
        assert_eq!(
            name("令和6年度全国セルプ協総合研究大会(富山大会)"),
            name("令和７年度全国セルプ協総合研究大会（大阪大会）")
        );
        assert_ne!(name("役員会"), name("理事会"));
    }
}
