//! 催し: bazaars, marchés, meetings, calls.

use super::product::words;
use super::time::Clock;
use super::{Day, FiscalYear, Geo, Scheduled, TimeRange, When};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An event.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Event {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<String>,
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<FiscalYear>,
    #[serde(skip_serializing)]
    pub schedule: Option<Scheduled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    pub mode: Mode,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facilities: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub support: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    pub audience: Audience,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gifts: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileLink>,
    pub status: EventStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Scheduled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rain: Option<Rain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rain_date: Option<Scheduled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_period: Option<Scheduled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply: Option<Apply>,
}

impl Event {
    /// How it is held as things stand: what has moved online is online.
    pub fn mode_now(&self) -> Mode {
        if self.status == EventStatus::MovedOnline { Mode::Online } else { self.mode }
    }

    /// Postponed, and the new day is not known: without a schedule before, its own is the one that fell through.
    pub fn is_put_off(&self) -> bool {
        let when = self.when();
        let same = self.previous.as_ref().is_none_or(|previous| previous.days() == when.days());
        self.status == EventStatus::Postponed && (when.days().is_empty() || same)
    }

    /// When it is: its own schedule, or its sessions' taken together.
    pub fn when(&self) -> Scheduled {
        match &self.schedule {
            Some(schedule) => schedule.clone(),
            None => Scheduled::join(self.sessions.iter().map(|session| &session.on)),
        }
    }
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Venue {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
}

/// A day, a place or a set of sellers of its own within an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Session {
    pub on: Scheduled,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facilities: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A file to take home, such as a チラシ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileLink {
    /// As written.
    pub file: String,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The last day, and where it is said the last moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The day.
    pub day: Day,
    /// Until when on that day.
    pub time: Option<Clock>,
}

impl Deadline {
    /// Of a schedule that is one day.
    pub fn of(schedule: &Scheduled) -> Option<Self> {
        match (&schedule.when, schedule.days()) {
            (When::Days(_), [one]) if one.start == one.end => {
                Some(Self { day: one.start, time: schedule.time().map(|time| time.end.unwrap_or(time.start)) })
            }
            _ => None,
        }
    }

    /// `2026年4月10日(金) 17:00まで`
    pub fn label(self) -> String {
        match self.time {
            Some(time) => format!("{} {time}まで", self.day.long()),
            None => format!("{}まで", self.day.long()),
        }
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{time}", self.day),
            None => self.day.fmt(f),
        }
    }
}

impl Serialize for Deadline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Deadline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?.replace('T', " ");
        let schedule = Scheduled::parse(&text, None).ok();
        schedule.as_ref().and_then(Self::of).ok_or_else(|| serde::de::Error::custom("not a deadline"))
    }
}

/// How to take part.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the contract; schema::kinds documents each")]
pub struct Apply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

words! {
    /// Where it takes place.
    #[derive(Default)]
    Mode {
        #[default]
        Place = "place" "会場",
        Online = "online" "オンライン",
        Written = "written" "書面",
    }
}

words! {
    /// Who may come.
    #[derive(Default)]
    Audience {
        #[default]
        Public = "public" "どなたでも",
        Members = "members" "会員のみ",
    }
}

words! {
    /// Whether it takes place.
    #[derive(Default)]
    EventStatus {
        #[default]
        Scheduled = "scheduled" "予定",
        Tentative = "tentative" "仮の予定",
        Cancelled = "cancelled" "中止",
        Postponed = "postponed" "延期",
        MovedOnline = "moved_online" "オンラインに変更",
        Full = "full" "満席",
    }
}

words! {
    /// What happens when it rains.
    Rain { Go = "go" "雨でも行います", Cancel = "cancel" "雨のときは中止", Postpone = "postpone" "雨のときは延期" }
}
