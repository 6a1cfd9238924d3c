//! お知らせ, 固定ページ, 報告, 事業計画.

use super::{Day, FiscalYear, Scheduled};
use serde::{Deserialize, Serialize};

/// お知らせ
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// When it was said.
    pub date: Day,
    /// What.
    pub title: String,
    /// Free word such as 募集.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// 固定ページ
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its heading.
    pub title: String,
    /// Whether the navigation shows it.
    #[serde(default)]
    pub nav: bool,
    /// Its place in the navigation; small numbers first.
    #[serde(default)]
    pub order: Option<i64>,
}

/// 報告
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The day it reports about.
    pub date: Day,
    /// What.
    pub title: String,
    /// The event it reports about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Facility ids or texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// 事業計画
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its year.
    pub fiscal_year: FiscalYear,
    /// Its heading.
    pub title: String,
    /// Its tables.
    #[serde(default)]
    pub sections: Vec<PlanSection>,
}

/// One table of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanSection {
    /// Its heading.
    pub title: String,
    /// Its rows.
    #[serde(default)]
    pub rows: Vec<PlanRow>,
}

/// 内容・期日・備考
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// 内容
    pub what: String,
    /// 期日
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Scheduled>,
    /// 備考
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The events that fulfil it.
    #[serde(default, rename = "event", skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}
