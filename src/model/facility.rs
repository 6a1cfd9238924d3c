//! 事業所: who makes things and takes on work.

use super::{Cert, Day};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A workshop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Facility {
    pub name: String,
    pub kana: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporate_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<String>,
    pub kinds: Vec<String>,
    pub area: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accessibility: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Visits::is_none")]
    pub visits: Visits,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<Wanted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub works: Vec<Work>,
    pub joint_orders: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certs: Vec<Cert>,
}

/// A position on the map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Geo {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

/// 見学 and 体験実習.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visits {
    /// 見学
    pub tour: bool,
    /// 体験実習
    pub trial: bool,
}

impl Visits {
    fn is_none(&self) -> bool {
        !self.tour && !self.trial
    }
}

/// Whom the facility looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wanted {
    /// ボランティア
    Volunteer,
    /// プロボノ
    Probono,
}

impl Wanted {
    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Volunteer => "ボランティア",
            Self::Probono => "プロボノ",
        }
    }
}

/// Work that a facility takes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// A category of services.
    pub category: String,
    /// What exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How much: free text such as 1日3,000通まで.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// In which months.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<u8>,
    /// 施設外就労: at the customer's place.
    #[serde(default)]
    pub offsite: bool,
}

/// Whether a `checked_on` is older than a year.
pub(crate) fn is_stale(checked: Day, today: Day) -> bool {
    use jiff::ToSpan as _;
    checked.0.checked_add(1.year()).is_ok_and(|limit| limit < today.0)
}
