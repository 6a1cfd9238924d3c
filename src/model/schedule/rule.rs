//! Rules that come again: 毎月第2土曜日, 毎週水曜日（祝日を除く）, 2か月に1回程度.

use super::DayRange;
use crate::model::day::{Day, WEEKDAYS};
use crate::model::holiday;

/// A rule, and what it leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// How often.
    pub every: Every,
    /// The first day, and the last one, where a period is said.
    pub period: Option<(Day, Option<Day>)>,
    /// Only in these months; empty for all.
    pub months: Months,
    /// What is left out.
    pub without: Without,
}

/// How often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// On these weekdays of every week, or of every second one.
    Week {
        /// 1 or 2.
        step: u8,
        /// Which.
        weekdays: Weekdays,
        /// And on public holidays.
        holidays: bool,
    },
    /// On weekdays of the month: 第2・第4土曜日. 1 to 5; 6 is the last one.
    Nth(Vec<(u8, Weekdays)>),
    /// On days of the month; 0 is the last day.
    MonthDay(Vec<u8>),
    /// On a day of the year, for so many days.
    YearDay {
        /// Month.
        month: i8,
        /// Day.
        day: i8,
        /// 1 for a single day.
        length: i32,
    },
    /// 月2回, 2か月に1回: how often, but not when.
    Often(String),
}

/// What a rule leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Without {
    /// Public holidays.
    pub holidays: bool,
    /// 12-29 to 1-3, when offices are closed by law.
    pub new_year: bool,
    /// Months.
    pub months: Months,
    /// Days and ranges.
    pub days: Vec<DayRange>,
}

/// Days of the week, a bit each, Monday first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b001_1111);
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether a day is one of them.
    pub fn holds(self, day: Day) -> bool {
        self.0 & (1 << day.weekday_index()) != 0
    }

    /// 水・金
    pub fn label(self) -> String {
        self.each().map(|at| WEEKDAYS[at]).collect::<Vec<_>>().join("・")
    }

    /// Places in the week, Monday 0.
    pub fn each(self) -> impl Iterator<Item = usize> {
        (0..7).filter(move |at| self.0 & (1 << at) != 0)
    }
}

/// Months of the year, a bit each; none at all means that nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Months(pub u16);

impl Months {
    /// 1, 3, 5 …
    pub const ODD: Self = Self(0b0_1010_1010_1010);
    /// 2, 4, 6 …
    pub const EVEN: Self = Self(0b1_0101_0101_0100);

    /// Adds one, 1 to 12.
    pub fn add(&mut self, month: i8) {
        self.0 |= 1 << month.clamp(0, 15);
    }

    /// Whether a month is one of them.
    pub fn holds(self, month: i8) -> bool {
        self.0 & (1 << month.clamp(0, 15)) != 0
    }

    /// Whether nothing is said.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In the order of the fiscal year.
    pub fn each(self) -> impl Iterator<Item = i8> {
        (4..=12).chain(1..=3).filter(move |month| self.holds(*month))
    }

    /// 7・8月, 4月～12月, 奇数月
    pub fn label(self) -> String {
        match self {
            Self::ODD => return "奇数月".to_owned(),
            Self::EVEN => return "偶数月".to_owned(),
            _ => {}
        }
        let months: Vec<i8> = self.each().collect();
        let follows = |pair: &[i8; 2]| pair[0] % 12 + 1 == pair[1];
        match months.as_slice() {
            [first, .., last] if months.len() > 2 && months.array_windows().all(follows) => {
                format!("{first}月～{last}月")
            }
            _ => {
                let months: Vec<String> = months.iter().map(i8::to_string).collect();
                format!("{}月", months.join("・"))
            }
        }
    }
}

impl Rule {
    /// A rule that leaves nothing out.
    pub fn new(every: Every) -> Self {
        Self { every, period: None, months: Months::default(), without: Without::default() }
    }

    /// Whether it says on which days.
    pub fn is_definite(&self) -> bool {
        match &self.every {
            Every::Often(_) => false,
            // Which of the weeks is the first, nobody knows.
            Every::Week { step, .. } => *step == 1 || self.period.is_some(),
            _ => true,
        }
    }

    /// How many days it takes each time.
    pub fn length(&self) -> i32 {
        match self.every {
            Every::YearDay { length, .. } => length,
            _ => 1,
        }
    }

    /// Whether a day that the rule names is left out of it.
    pub fn leaves_out(&self, day: Day) -> bool {
        let (month, date) = (day.0.month(), day.0.day());
        let new_year = (month == 12 && date >= 29) || (month == 1 && date <= 3);
        (!self.months.is_empty() && !self.months.holds(month))
            || self.without.months.holds(month)
            || (self.without.new_year && new_year)
            || self.without.days.iter().any(|range| range.holds(day))
            || (self.without.holidays && holiday::name(day).is_some())
    }

    /// Its days between two days, both included, with those it leaves out.
    pub fn named(&self, first: Day, last: Day) -> Vec<Day> {
        if !self.is_definite() {
            return Vec::new();
        }
        let (from, until) = self.period.unwrap_or((first, None));
        let (first, last) = (first.max(from), until.map_or(last, |until| last.min(until)));
        let mut days = Vec::new();
        match &self.every {
            Every::Week { step, weekdays, holidays } => {
                // Weeks are counted from that of the first day that is one of them.
                let begins = (0..7).map(|step| from.plus(step)).find(|day| weekdays.holds(*day)).unwrap_or(from);
                let monday = begins.number() - i32::from(begins.weekday_index());
                days.reserve(64);
                for (start, length) in months(first, last) {
                    let offset = start.number() - monday;
                    for date in 0..length {
                        let (week, at) = ((offset + date).div_euclid(7), (offset + date).rem_euclid(7));
                        let wanted = weekdays.0 & (1 << at) != 0 && week.rem_euclid(i32::from(*step)) == 0;
                        if wanted || *holidays {
                            let day = start.in_month(date + 1);
                            days.extend(day.filter(|day| wanted || holiday::name(*day).is_some()));
                        }
                    }
                }
                days.retain(|day| first <= *day && *day <= last);
            }
            every => {
                for (start, _) in months(first, last) {
                    every.days_of(start, &mut days);
                }
                days.sort_unstable();
                days.dedup();
                days.retain(|day| first <= *day && *day <= last);
            }
        }
        days
    }

    /// Its days between two days, both included.
    pub fn days(&self, first: Day, last: Day) -> Vec<Day> {
        let mut days = self.named(first, last);
        days.retain(|day| !self.leaves_out(*day));
        days
    }
}

/// The first day and the length of every month that two days touch.
fn months(first: Day, last: Day) -> impl Iterator<Item = (Day, i32)> {
    std::iter::successors(first.in_month(1), |start| Some(start.month_end().next()))
        .take_while(move |start| *start <= last)
        .map(|start| (start, i32::from(start.month_end().0.day())))
}

impl Every {
    /// The days of one month.
    fn days_of(&self, first: Day, days: &mut Vec<Day>) {
        let (year, month) = (i32::from(first.0.year()), first.0.month());
        let length = i32::from(first.month_end().0.day());
        match self {
            Self::Nth(nths) => {
                for (nth, weekday) in nths.iter().flat_map(|(nth, days)| days.each().map(move |day| (*nth, day))) {
                    let weekday = i32::try_from(weekday).unwrap_or_default();
                    let offset = (weekday - i32::from(first.weekday_index())).rem_euclid(7);
                    let date = match nth {
                        6 => offset + 1 + (length - offset - 1) / 7 * 7,
                        nth => offset + 1 + (i32::from(nth) - 1) * 7,
                    };
                    if date <= length {
                        days.extend(first.in_month(date));
                    }
                }
            }
            Self::MonthDay(dates) => {
                for date in dates {
                    let date = if *date == 0 { length } else { i32::from(*date) };
                    if date <= length {
                        days.extend(first.in_month(date));
                    }
                }
            }
            Self::YearDay { month: of, day, .. } if *of == month => {
                days.extend(Day::new(year, month, *day));
            }
            Self::YearDay { .. } | Self::Week { .. } | Self::Often(_) => {}
        }
    }
}
