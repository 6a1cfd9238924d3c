//! Calendar days and fiscal years (April to March), with the Japanese era names.

use super::text;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Day {
    /// A day, if there is one of that name.
    pub fn new(year: i32, month: i8, day: i8) -> Option<Self> {
        Date::new(i16::try_from(year).ok()?, month, day).ok().map(Self)
    }

    /// `2026-04-18`, `2026/4/18`, `令和8年4月18日`, `R8.4.18`.
    pub fn parse(written: &str) -> Option<Self> {
        let text: String = text::normalise(written).split_whitespace().collect();
        let (year, rest) = split_year(&text)?;
        let mut numbers = rest.split(['-', '/', '.', '月', '日', '‐', '−', '–']).filter(|part| !part.is_empty());
        let month = numbers.next()?.parse().ok()?;
        let day = numbers.next()?.parse().ok()?;
        if numbers.next().is_some() {
            return None;
        }
        Self::new(year, month, day)
    }

    /// The fiscal year it lies in.
    pub fn fiscal_year(self) -> FiscalYear {
        let year = i32::from(self.0.year());
        FiscalYear(if self.0.month() >= 4 { year } else { year - 1 })
    }

    /// The day of the week as one kanji.
    pub fn weekday(self) -> &'static str {
        weekday_ja(self.0.weekday())
    }

    /// `2026年4月18日(土)`.
    pub fn long(self) -> String {
        format!("{}年{}", self.0.year(), self.short())
    }

    /// `4月18日(土)`.
    pub fn short(self) -> String {
        format!("{}月{}日({})", self.0.month(), self.0.day(), self.weekday())
    }

    /// The next day; the calendar does not end in practice.
    pub fn next(self) -> Self {
        self.0.tomorrow().map_or(self, Self)
    }

    /// Days since 0000-03-01, for counting with days: leap days stand at the end of such years.
    pub fn number(self) -> i32 {
        let (year, month) = (i32::from(self.0.year()), i32::from(self.0.month()));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + i32::from(self.0.day())
            - 1
    }

    /// The day of a number; the other way round than [`Day::number`].
    pub fn from_number(number: i32) -> Option<Self> {
        let (era, day) = (number.div_euclid(146_097), number.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let of_month = i8::try_from(day - (153 * month + 2) / 5 + 1).ok()?;
        let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
        Self::new(year + 400 * era, i8::try_from(month).ok()?, of_month)
    }

    /// So many days later, or earlier.
    pub fn plus(self, days: i32) -> Self {
        Self::from_number(self.number() + days).unwrap_or(self)
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday_index(self) -> u8 {
        // 0000-03-01 was a Wednesday.
        u8::try_from((self.number() + 2).rem_euclid(7)).unwrap_or_default()
    }

    /// Another day of its month.
    pub fn in_month(self, date: i32) -> Option<Self> {
        Date::new(self.0.year(), self.0.month(), i8::try_from(date).ok()?).ok().map(Self)
    }

    /// The last day of its month.
    pub fn month_end(self) -> Self {
        Self(self.0.last_of_month())
    }
}

/// The days of the week, Monday first, as one kanji.
pub(crate) const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// A year in front of a date, by era or by the common calendar, and what is behind it.
pub(crate) fn split_year(text: &str) -> Option<(i32, &str)> {
    let era = match text.as_bytes() {
        [b'0'..=b'9', ..] => None,
        [b'R' | b'r', ..] => Some((2018, &text[1..])),
        [b'H' | b'h', ..] => Some((1988, &text[1..])),
        [b'S' | b's', ..] => Some((1925, &text[1..])),
        _ => [("令和", 2018), ("平成", 1988), ("昭和", 1925)]
            .into_iter()
            .find_map(|(era, base)| Some((base, text.strip_prefix(era)?))),
    };
    if let Some((base, rest)) = era {
        let (number, rest) = match rest.strip_prefix('元') {
            Some(rest) => (1, rest),
            None => split_number(rest)?,
        };
        return (1..=99).contains(&number).then(|| (base + number, strip_separator(rest)));
    }
    let (number, rest) = split_number(text)?;
    (1900..=2200).contains(&number).then(|| (number, strip_separator(rest)))
}

fn strip_separator(rest: &str) -> &str {
    rest.strip_prefix(['年', '-', '/', '.', '‐', '−', '–']).unwrap_or(rest)
}

pub(crate) fn split_number(text: &str) -> Option<(i32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// The day of the week as one kanji.
pub fn weekday_ja(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// A fiscal year: 2025 runs from April 2025 to March 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FiscalYear(pub i32);

impl FiscalYear {
    /// The calendar year in which a month of this fiscal year lies.
    pub fn year_of(self, month: i8) -> i32 {
        if month >= 4 { self.0 } else { self.0 + 1 }
    }

    /// April 1st.
    pub fn first_day(self) -> Option<Day> {
        Day::new(self.0, 4, 1)
    }

    /// March 31st.
    pub fn last_day(self) -> Option<Day> {
        Day::new(self.0 + 1, 3, 31)
    }

    /// `令和8年度`.
    pub fn label(self) -> String {
        match self.0 {
            2019 => "令和元年度".to_owned(),
            year @ 2020..=2117 => format!("令和{}年度", year - 2018),
            1989 => "平成元年度".to_owned(),
            year @ 1990..=2018 => format!("平成{}年度", year - 1988),
            year => format!("{year}年度"),
        }
    }
}

/// `2025`, `令和7`, `令和7年度`, `R7`.
pub fn parse_fiscal_year(written: &str) -> Option<FiscalYear> {
    let text: String = text::normalise(written).split_whitespace().collect();
    let (year, rest) = split_year(&text)?;
    (matches!(rest, "" | "度") && (1989..=2150).contains(&year)).then_some(FiscalYear(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        let day = Day::new(2026, 4, 18);
        for written in ["2026-04-18", "2026/4/18", "令和8年4月18日", "Ｒ８．４．１８", "R8/4/18", "2026年4月18日"]
        {
            assert_eq!(Day::parse(written), day, "{written}");
        }
        for written in ["2026-02-30", "令和0年5月1日", "18日", "", "2026-4", "2026-4-1-1"] {
            assert_eq!(Day::parse(written), None, "{written}");
        }
        assert_eq!(Day::parse("令和元年5月1日"), Day::new(2019, 5, 1));
    }

    #[test]
    fn days_are_counted_as_the_calendar_library_counts_them() {
        let first = Day::new(1899, 12, 25).unwrap_or(Day(Date::ZERO));
        let mut day = first;
        for number in first.number()..first.number() + 100_000 {
            assert_eq!(day.number(), number);
            assert_eq!(Day::from_number(number), Some(day));
            assert_eq!(WEEKDAYS[usize::from(day.weekday_index())], day.weekday());
            day = day.next();
        }
        assert_eq!(day.plus(-100_000).to_string(), "1899-12-25");
    }

    #[test]
    fn a_fiscal_year_runs_from_april() {
        for written in ["令和7", "2025", "R7", "令和７年度"] {
            assert_eq!(parse_fiscal_year(written), Some(FiscalYear(2025)), "{written}");
        }
        assert_eq!(FiscalYear(2025).year_of(2), 2026);
        assert_eq!(FiscalYear(2019).label(), "令和元年度");
        assert_eq!(Day::new(2026, 3, 31).map(Day::fiscal_year), Some(FiscalYear(2025)));
    }
}
