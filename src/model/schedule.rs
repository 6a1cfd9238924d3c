//! When something takes place, as councils write it.
//!
//! The seed documents are full of dates that no date type holds: 調整中, 随時, 年2回, ５・３月,
//! ７月17(木)～18日(金). Each certainty has its own variant of [`When`]; what was written is kept
//! beside the reading. What cannot be read is an error, never a guess.

mod parse;

use super::{Day, FiscalYear};
use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// From a day to a day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DayRange {
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: i8,
}

impl YearMonth {
    /// `2026-04`, as in the address of a month's page.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// `2026年4月`
    pub fn label(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }
}

/// What is known about the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Certain days and ranges, in order.
    Days(Vec<DayRange>),
    /// Months whose days are open.
    Months(Vec<YearMonth>),
    /// 上旬, 中旬, 下旬 …
    PartOfMonth(YearMonth, String),
    /// A rule, and the days it gives within the fiscal year where that can be said.
    Recurring(Vec<DayRange>),
    /// 年2回
    TimesAYear(u32),
    /// 中元・歳暮
    Season,
    /// 随時
    AsNeeded,
    /// 通年
    AllYear,
    /// 調整中
    Undecided,
}

/// A schedule: what was written, and its reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// The texts as written.
    pub text: Vec<String>,
    /// The reading.
    pub when: When,
    /// The fiscal year it was read against.
    pub fiscal_year: Option<FiscalYear>,
    /// The label of parts that are certain to different degrees.
    mixed: Option<String>,
}

/// Why a schedule was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleError {
    /// Not a schedule.
    Unreadable,
    /// The weekday does not fit.
    WrongWeekday {
        /// The day.
        date: Day,
        /// The weekday that was written.
        written: String,
    },
    /// A day that does not exist, and what may have been meant.
    ImpossibleDate {
        /// As written.
        found: String,
        /// The last day of that month.
        near: Option<String>,
    },
    /// The end lies before the start.
    Reversed,
    /// A day or month without a year, and no fiscal year to read it against.
    YearUnknown,
}

impl Scheduled {
    /// Reads one text.
    pub fn parse(text: &str, fiscal_year: Option<FiscalYear>) -> Result<Self, ScheduleError> {
        Ok(Self {
            text: vec![text.trim().to_owned()],
            when: parse::parse(text, fiscal_year)?,
            fiscal_year,
            mixed: None,
        })
    }

    /// Several schedules as one. Parts of one kind become one reading; of mixed parts the certain days
    /// count, and the label says them all, so that no part is lost.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let parts: Vec<&Self> = parts.into_iter().collect();
        let mut days: Vec<DayRange> = parts.iter().flat_map(|part| part.days()).copied().collect();
        days.sort_unstable();
        days.dedup();
        let all = |wanted: fn(&When) -> bool| parts.iter().all(|part| wanted(&part.when));
        let first = parts.first().map_or(When::Undecided, |part| part.when.clone());
        let (when, mixed) = if all(|when| matches!(when, When::Days(_))) && !days.is_empty() {
            (When::Days(days), None)
        } else if all(|when| matches!(when, When::Recurring(_))) && !parts.is_empty() {
            (When::Recurring(days), None)
        } else if all(|when| matches!(when, When::Months(_))) && !parts.is_empty() {
            let mut months: Vec<YearMonth> = parts.iter().flat_map(|part| part.months()).collect();
            months.sort_unstable();
            months.dedup();
            (When::Months(months), None)
        } else if parts.len() > 1 {
            let labels: Vec<String> = parts.iter().map(|part| part.label()).collect();
            (if days.is_empty() { first } else { When::Days(days) }, Some(labels.join("、")))
        } else {
            (first, None)
        };
        Self {
            text: parts.iter().flat_map(|part| part.text.iter().cloned()).collect(),
            when,
            fiscal_year: parts.iter().find_map(|part| part.fiscal_year),
            mixed,
        }
    }

    /// Every day or range that is certain, in order.
    pub fn days(&self) -> &[DayRange] {
        match &self.when {
            When::Days(days) | When::Recurring(days) => days,
            _ => &[],
        }
    }

    /// The first certain day.
    pub fn first_day(&self) -> Option<Day> {
        self.days().first().map(|range| range.start)
    }

    /// The last certain day.
    pub fn last_day(&self) -> Option<Day> {
        self.days().iter().map(|range| range.end).max()
    }

    /// The months it touches, for the month pages.
    pub fn months(&self) -> Vec<YearMonth> {
        let mut months = match &self.when {
            When::Months(months) => months.clone(),
            When::PartOfMonth(month, _) => vec![*month],
            _ => self.days().iter().flat_map(|range| months_between(range.start, range.end)).collect(),
        };
        months.sort_unstable();
        months.dedup();
        months
    }

    /// The word of the open data and of the templates.
    pub fn kind(&self) -> &'static str {
        match self.when {
            When::Days(_) => "days",
            When::Months(_) => "months",
            When::PartOfMonth(..) => "part_of_month",
            When::Recurring(_) => "recurring",
            When::TimesAYear(_) => "times_a_year",
            When::Season => "season",
            When::AsNeeded => "as_needed",
            When::AllYear => "all_year",
            When::Undecided => "undecided",
        }
    }

    /// As shown: days with year and weekday, everything else as written.
    pub fn label(&self) -> String {
        if let Some(label) = &self.mixed {
            return label.clone();
        }
        match &self.when {
            When::Days(days) => {
                let mut out = String::new();
                let mut before: Option<Day> = None;
                for range in days {
                    if before.is_some() {
                        out.push('・');
                    }
                    out.push_str(&relative(range.start, before));
                    before = Some(range.start);
                    if range.end != range.start {
                        out.push('～');
                        out.push_str(&relative(range.end, before));
                        before = Some(range.end);
                    }
                }
                out
            }
            When::Months(months) => {
                let mut labels: Vec<String> = Vec::new();
                let mut before = None;
                for month in months {
                    let year = if before == Some(month.year) { String::new() } else { format!("{}年", month.year) };
                    before = Some(month.year);
                    labels.push(format!("{year}{}月", month.month));
                }
                format!("{}（日は調整中）", labels.join("・"))
            }
            When::PartOfMonth(month, part) => format!("{}{part}", month.label()),
            When::Undecided => "日程調整中".to_owned(),
            When::AllYear => "通年".to_owned(),
            When::AsNeeded => "随時".to_owned(),
            When::TimesAYear(times) => format!("年{times}回"),
            When::Recurring(_) | When::Season => self.written(),
        }
    }

    /// What was written, where it says it in other words than the label: an ISO date does not.
    pub fn other_words(&self) -> Option<String> {
        let written = self.written();
        let iso = written.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'));
        (!iso && written != self.label()).then_some(written)
    }

    /// What was written.
    pub fn written(&self) -> String {
        self.text.join("、")
    }
}

/// A day, saying only what the day before it has not said.
fn relative(day: Day, before: Option<Day>) -> String {
    match before {
        Some(b) if b.0.year() == day.0.year() && b.0.month() == day.0.month() => {
            format!("{}日({})", day.0.day(), day.weekday())
        }
        Some(b) if b.0.year() == day.0.year() => day.short(),
        _ => day.long(),
    }
}

fn months_between(start: Day, end: Day) -> Vec<YearMonth> {
    let mut month = YearMonth { year: i32::from(start.0.year()), month: start.0.month() };
    let last = YearMonth { year: i32::from(end.0.year()), month: end.0.month() };
    let mut months = Vec::new();
    while month <= last {
        months.push(month);
        month = if month.month == 12 {
            YearMonth { year: month.year + 1, month: 1 }
        } else {
            YearMonth { month: month.month + 1, ..month }
        };
    }
    months
}

impl Serialize for Scheduled {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("when", 4)?;
        out.serialize_field("text", &self.written())?;
        out.serialize_field("label", &self.label())?;
        out.serialize_field("kind", self.kind())?;
        out.serialize_field("days", self.days())?;
        out.end()
    }
}

/// The checked form that `source` hands over: the texts and the year to read them against.
#[derive(Serialize, Deserialize)]
pub struct CheckedSchedule {
    /// As written.
    pub text: Vec<String>,
    /// The entry's or the plan's.
    pub fiscal_year: Option<FiscalYear>,
}

impl<'de> Deserialize<'de> for Scheduled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let checked = CheckedSchedule::deserialize(deserializer)?;
        let parts: Result<Vec<Self>, _> =
            checked.text.iter().map(|text| Self::parse(text, checked.fiscal_year)).collect();
        match parts.map_err(|_| D::Error::custom("not a schedule"))?.as_slice() {
            [one] => Ok(one.clone()),
            parts => Ok(Self::join(parts)),
        }
    }
}
