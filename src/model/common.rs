//! What every entry may have, and small types that several kinds share.

use super::Day;
use serde::{Deserialize, Serialize};

/// The kinds of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// 事業所
    Facility,
    /// 商品・役務
    Product,
    /// 催し
    Event,
    /// お知らせ
    News,
    /// 固定ページ
    Page,
    /// 事業計画
    Plan,
    /// 報告
    Report,
}

impl Kind {
    /// All of them, in the order in which folders are read and problems are told.
    pub const ALL: [Self; 7] =
        [Self::Facility, Self::Product, Self::Event, Self::News, Self::Page, Self::Plan, Self::Report];

    /// The folder below `content/`, which is also the first part of the addresses.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Facility => "facilities",
            Self::Product => "products",
            Self::Event => "events",
            Self::News => "news",
            Self::Page => "pages",
            Self::Plan => "plans",
            Self::Report => "reports",
        }
    }

    /// The word on the command line and in links (`product:akagi-cookie`).
    pub fn word(self) -> &'static str {
        match self {
            Self::Facility => "facility",
            Self::Product => "product",
            Self::Event => "event",
            Self::News => "news",
            Self::Page => "page",
            Self::Plan => "plan",
            Self::Report => "report",
        }
    }

    /// What an editor calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Facility => "事業所",
            Self::Product => "商品",
            Self::Event => "催し",
            Self::News => "お知らせ",
            Self::Page => "ページ",
            Self::Plan => "事業計画",
            Self::Report => "報告",
        }
    }

    /// `product` or `products`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word || kind.folder() == word)
    }
}

/// The fields that every entry may have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Common {
    /// Only with `--drafts`.
    #[serde(default, skip_serializing)]
    pub draft: bool,
    /// A page, but on no list and in no search.
    #[serde(default, skip_serializing)]
    pub hidden: bool,
    /// First day on the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Day>,
    /// Last day on the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
    /// The same in やさしい日本語.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easy: Option<String>,
    /// When someone last made sure that it is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_on: Option<Day>,
    /// Pictures, the first one stands for the entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
}

/// A picture of an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    /// As written; where the file lies is the assets' matter.
    pub file: String,
    /// What it shows.
    pub alt: String,
    /// Shown below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The point that stays when it is cut for cards: parts of a hundred from the left and from the top.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "as_written")]
    pub focus: Option<[u8; 2]>,
    /// The people in it agreed to be shown until this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_until: Option<Day>,
}

/// Parts of one, as an entry writes them.
fn as_written<S: serde::Serializer>(focus: &Option<[u8; 2]>, to: S) -> Result<S::Ok, S::Error> {
    focus.map(|point| point.map(|part| f64::from(part) / 100.0)).serialize(to)
}

/// How much can be made in a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// Pieces, in the product's unit.
    pub amount: u64,
    /// In which time.
    pub per: Period,
}

/// The time of a capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// 1日
    Day,
    /// 1週間
    Week,
    /// 1か月
    Month,
}

impl Period {
    /// As in 「週1,200個まで」.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "1日",
            Self::Week => "週",
            Self::Month => "月",
        }
    }

    /// As written in an entry.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// A certificate or an award.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cert {
    /// ノウフクJAS, or the name of the award.
    pub name: String,
    /// Year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// Number of the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}
