//! When something takes place, as councils write it.
//!
//! The seed documents are full of dates that no date type holds: 調整中, 随時, 年2回, ５・３月,
//! ７月17(木)～18日(金). Each certainty has its own variant of [`When`]; what was written is kept
//! beside the reading. What cannot be read is an error, never a guess.

mod parse;
mod print;
pub mod rule;

use super::time::TimeError;
use super::{Day, FiscalYear, TimeRange};
use rule::Rule;
use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// From a day to a day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DayRange {
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
}

impl DayRange {
    /// Whether a day lies in it.
    pub fn holds(self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }
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

    /// The month of a day.
    pub fn of(day: Day) -> Self {
        Self { year: i32::from(day.0.year()), month: day.0.month() }
    }

    /// The month after it.
    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    /// The fiscal year it lies in.
    pub fn fiscal_year(self) -> FiscalYear {
        FiscalYear(if self.month >= 4 { self.year } else { self.year - 1 })
    }

    /// Its first day.
    pub fn first_day(self) -> Option<Day> {
        Day::new(self.year, self.month, 1)
    }

    /// `2026年4月`
    pub fn label(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }
}

/// A part of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the label says it")]
pub enum Part {
    Early,
    Middle,
    Late,
    Beginning,
    Half,
    End,
    FirstHalf,
    SecondHalf,
    Week(u8),
    Around(i8),
}

impl Part {
    /// Its first day or nearly so, to tell which of two parts is the earlier one.
    fn begins(self) -> i8 {
        match self {
            Self::Early | Self::Beginning | Self::FirstHalf => 1,
            Self::Middle | Self::Half => 11,
            Self::SecondHalf => 16,
            Self::Late => 21,
            Self::End => 26,
            Self::Week(nth) => i8::try_from(nth).unwrap_or(1) * 7 - 6,
            Self::Around(day) => day,
        }
    }
}

impl fmt::Display for Part {
    /// 上旬
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Early => "上旬",
            Self::Middle => "中旬",
            Self::Late => "下旬",
            Self::Beginning => "初め",
            Self::Half => "半ば",
            Self::End => "末",
            Self::FirstHalf => "前半",
            Self::SecondHalf => "後半",
            Self::Week(nth) => return write!(f, "第{nth}週"),
            Self::Around(day) => return write!(f, "{day}日頃"),
        })
    }
}

/// How many times a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// At least; 0 where only 数回 is said.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// 中元・歳暮
    pub season: Option<String>,
}

/// Where what has no end begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// On a day.
    Day(Day),
    /// In a month.
    Month(YearMonth),
    /// In a year.
    Year(i32),
}

/// What is known about the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Certain days and ranges, in order.
    Days(Vec<DayRange>),
    /// Months whose days are open.
    Months(Vec<YearMonth>),
    /// 上旬, 中旬, 下旬 …
    PartOfMonth {
        /// Each with its month.
        parts: Vec<(YearMonth, Part)>,
        /// Whether these two are from and until.
        range: bool,
    },
    /// A rule.
    Recurring(Rule),
    /// 年2回
    TimesAYear(Times),
    /// 中元・歳暮, 上期, 障害者週間: a time of the year that has a name.
    Season(String),
    /// 随時
    AsNeeded,
    /// 通年, or since when.
    AllYear(Option<Since>),
    /// 調整中, or some time in a fiscal year.
    Undecided(Option<FiscalYear>),
}

/// A schedule: what was written, and its reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// The texts as written.
    pub text: Vec<String>,
    /// The reading. Of parts that are certain to different degrees, the most certain one.
    pub when: When,
    /// The fiscal year it was read against.
    pub fiscal_year: Option<FiscalYear>,
    /// The time of day that the text says.
    time: Option<TimeRange>,
    /// Every certain day or range, in order; for a rule, those within its year.
    days: Vec<DayRange>,
    /// The parts of a list of texts; empty for a single one.
    parts: Vec<Self>,
    /// Set where the parts are of several kinds or of several rules.
    mixed: bool,
}

/// Why a schedule was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleError {
    /// Not a schedule; what it seems to be instead.
    Unreadable(Hint),
    /// The weekday does not fit.
    WrongWeekday {
        /// The day.
        date: Day,
        /// The weekday that was written.
        written: String,
    },
    /// 祝 on a day that is no public holiday, and the nearest one.
    NotAHoliday {
        /// The day.
        date: Day,
        /// The nearest public holiday.
        near: Option<(Day, &'static str)>,
    },
    /// A day that does not exist, and what may have been meant.
    ImpossibleDate {
        /// As written.
        found: String,
        /// The last day of that month.
        near: Option<String>,
    },
    /// A day before its era began, by the era of that time.
    BeforeEra {
        /// As written.
        found: String,
        /// The same day in the era before.
        near: String,
    },
    /// The end lies before the start.
    Reversed,
    /// A day or month without a year, and no fiscal year to read it against.
    YearUnknown,
    /// A day without a month, and the days of the fiscal year that fit the weekdays.
    MonthUnknown {
        /// 4月27日
        near: Option<String>,
    },
    /// A day that is named twice.
    Twice {
        /// The day.
        date: Day,
    },
    /// 「の3回」 behind a list of two.
    WrongCount {
        /// 3回
        said: String,
        /// How many there are.
        counted: usize,
    },
    /// The time of day cannot be read.
    Time {
        /// The part of the text that is the time.
        found: String,
        /// Why.
        error: TimeError,
    },
}

/// What an unreadable text seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// Nothing that is known.
    None,
    /// 来月, 明日: it depends on the day of reading.
    Relative(&'static str),
    /// 中止, 延期: it belongs into `status`.
    Status(&'static str),
    /// 7月31日まで: the first day is missing.
    StartMissing,
    /// A range of more than three years, which is a slip in a year.
    TooLong,
    /// A remark that belongs into another field.
    Remark(String),
}

impl Scheduled {
    /// Reads one text.
    pub fn parse(text: &str, fiscal_year: Option<FiscalYear>) -> Result<Self, ScheduleError> {
        match parse::parse(text, fiscal_year) {
            Ok((when, time, year)) => Ok(Self::read(text, when, time, year)),
            // 7月17日(木)、9月(調整中): each part is certain to another degree.
            Err(ScheduleError::Unreadable(_) | ScheduleError::Time { .. }) if text.contains(['、', '\n']) => {
                let parts: Result<Vec<Self>, _> = text
                    .split(['、', '\n'])
                    .map(|part| {
                        let (when, time, year) = parse::parse(part, fiscal_year)?;
                        Ok(Self::read(part, when, time, year))
                    })
                    .collect();
                let mut whole = Self::join(&parts?);
                whole.text = vec![text.trim().to_owned()];
                Ok(whole)
            }
            Err(error) => Err(error),
        }
    }

    fn read(text: &str, when: When, time: Option<TimeRange>, fiscal_year: Option<FiscalYear>) -> Self {
        let mut schedule = Self {
            text: vec![text.trim().to_owned()],
            days: match &when {
                When::Days(days) => days.clone(),
                _ => Vec::new(),
            },
            when,
            fiscal_year,
            time,
            parts: Vec::new(),
            mixed: false,
        };
        if let When::Recurring(rule) = &schedule.when {
            // Without a year a rule has no last day; a period says its own.
            let year = fiscal_year.or(rule.period.map(|(from, _)| from.fiscal_year()));
            let whole = rule.period.and_then(|(from, until)| Some((from, until?)));
            let bounds = whole.or_else(|| year.and_then(|year| Some((year.first_day()?, year.last_day()?))));
            if let Some((first, last)) = bounds {
                schedule.days = ranges(rule, first, last);
            }
        }
        schedule
    }

    /// Days that are known already.
    pub fn of_days(days: Vec<DayRange>) -> Self {
        Self {
            text: Vec::new(),
            days: days.clone(),
            when: When::Days(days),
            fiscal_year: None,
            time: None,
            parts: Vec::new(),
            mixed: false,
        }
    }

    /// Several schedules as one. Parts of one kind become one reading; of mixed parts the certain days
    /// count, and the label says them all, so that no part is lost.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut parts: Vec<Self> = parts.into_iter().cloned().collect();
        if let [_] = parts.as_slice()
            && let Some(one) = parts.pop()
        {
            return one;
        }
        let mut days: Vec<DayRange> = parts.iter().flat_map(|part| part.days.iter().copied()).collect();
        days.sort_unstable();
        days.dedup();
        let all = |wanted: fn(&When) -> bool| !parts.is_empty() && parts.iter().all(|part| wanted(&part.when));
        let first = parts.first().map_or(When::Undecided(None), |part| part.when.clone());
        let (when, mixed) = if all(|when| matches!(when, When::Days(_))) {
            (When::Days(days.clone()), false)
        } else if all(|when| matches!(when, When::Months(_))) {
            let mut months: Vec<YearMonth> = parts.iter().flat_map(Self::months).collect();
            months.sort_unstable();
            months.dedup();
            (When::Months(months), false)
        } else if parts.is_empty() {
            // A schedule that could not be read has been told.
            (first, false)
        } else if days.is_empty() || all(|when| matches!(when, When::Recurring(_))) {
            (first, true)
        } else {
            (When::Days(days.clone()), true)
        };
        let time = parts.first().and_then(|part| part.time).filter(|time| parts.iter().all(|p| p.time == Some(*time)));
        Self {
            text: parts.iter().flat_map(|part| part.text.iter().cloned()).collect(),
            when,
            fiscal_year: parts.iter().find_map(|part| part.fiscal_year),
            time,
            days,
            mixed,
            parts,
        }
    }

    /// The parts of a list, or itself.
    pub fn pieces(&self) -> impl Iterator<Item = &Self> {
        let itself = self.parts.is_empty().then_some(self);
        self.parts.iter().chain(itself)
    }

    /// Of a list of schedules that followed each other: the oldest first.
    pub fn history(&self) -> String {
        self.pieces().map(Self::label).collect::<Vec<_>>().join(" → ")
    }

    /// The time of day that the text says, if it says one for all of it.
    pub fn time(&self) -> Option<TimeRange> {
        self.time
    }

    /// Lets rules that have no year of their own run from a day to a day.
    pub fn run(&mut self, first: Day, last: Day) {
        for part in &mut self.parts {
            part.run(first, last);
        }
        match &self.when {
            When::Recurring(rule) if self.parts.is_empty() && self.fiscal_year.is_none() && rule.period.is_none() => {
                self.days = ranges(rule, first, last);
            }
            _ if !self.parts.is_empty() => {
                self.days = self.parts.iter().flat_map(|part| part.days.iter().copied()).collect();
                self.days.sort_unstable();
                self.days.dedup();
            }
            _ => {}
        }
    }

    /// Every day or range that is certain, in order.
    pub fn days(&self) -> &[DayRange] {
        &self.days
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
        let mut months: Vec<YearMonth> = match &self.when {
            _ if !self.parts.is_empty() => self.parts.iter().flat_map(Self::months).collect(),
            When::Months(months) => months.clone(),
            When::PartOfMonth { parts, .. } => parts.iter().map(|(month, _)| *month).collect(),
            _ => self.days.iter().flat_map(|range| months_between(range.start, range.end)).collect(),
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
            When::PartOfMonth { .. } => "part_of_month",
            When::Recurring(_) => "recurring",
            When::TimesAYear(_) => "times_a_year",
            When::Season(_) => "season",
            When::AsNeeded => "as_needed",
            When::AllYear(_) => "all_year",
            When::Undecided(_) => "undecided",
        }
    }

    /// What was written, where it says it in other words than the label: an ISO date does not.
    pub fn other_words(&self) -> Option<String> {
        let written = self.written();
        let iso = self.text.iter().all(|text| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/')));
        // Another width or dash is not another word.
        let plain = |text: &str| -> String {
            let dash = |c| if matches!(c, '〜' | '–' | '—' | '―' | '−' | '‐' | '～') { '~' } else { c };
            super::text::normalise(text).chars().filter(|c| !c.is_whitespace()).map(dash).collect()
        };
        (!iso && plain(&written) != plain(&self.label())).then_some(written)
    }

    /// What was written.
    pub fn written(&self) -> String {
        self.text.join("、")
    }
}

fn ranges(rule: &Rule, first: Day, last: Day) -> Vec<DayRange> {
    let more = rule.length() - 1;
    rule.days(first, last).into_iter().map(|day| DayRange { start: day, end: day.plus(more) }).collect()
}

/// Every month from a day to a day.
pub fn months_between(start: Day, end: Day) -> Vec<YearMonth> {
    let (mut month, last) = (YearMonth::of(start), YearMonth::of(end));
    let mut months = Vec::new();
    while month <= last {
        months.push(month);
        month = month.next();
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
