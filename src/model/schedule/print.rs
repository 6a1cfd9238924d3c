//! The printer: a label, a short one, one to be read aloud, and a form for machines. Each can be read again.

use super::rule::{Every, Months, Rule, Weekdays};
use super::{DayRange, Scheduled, Since, Times, When, YearMonth};
use crate::model::Day;
use std::fmt::Write as _;

impl Scheduled {
    /// As shown: days with year and weekday, everything else in words that are always the same.
    pub fn label(&self) -> String {
        match self.mixed {
            true => self.pieces().map(Self::label).collect::<Vec<_>>().join("、"),
            false => label(&self.when),
        }
    }

    /// For narrow places: `7/17(木)～18(金)`.
    pub fn short(&self) -> String {
        match &self.when {
            When::Days(days) if !self.mixed => days_as(days, short_day),
            When::Months(months) if !self.mixed => months_label(months, false),
            _ => self.label(),
        }
    }

    /// To be read aloud and for the easy text: `2025年7月17日、木曜日から、7月18日、金曜日まで`.
    pub fn spoken(&self) -> String {
        if self.mixed {
            return self.pieces().map(Self::spoken).collect::<Vec<_>>().join("と、");
        }
        match &self.when {
            When::Days(days) => {
                let mut before = None;
                let parts: Vec<String> = days
                    .iter()
                    .map(|range| {
                        let start = spoken_day(range.start, before);
                        before = Some(range.start);
                        if range.start == range.end {
                            return start;
                        }
                        let end = spoken_day(range.end, before);
                        before = Some(range.end);
                        format!("{start}から、{end}まで")
                    })
                    .collect();
                parts.join("と、")
            }
            When::Months(months) => format!("{}。日にちは決まっていません", months_label(months, false)),
            When::AsNeeded => "決まった日はありません。いつでも相談できます".to_owned(),
            When::AllYear(None) => "一年中".to_owned(),
            When::Undecided(_) => "まだ決まっていません".to_owned(),
            _ => self.label(),
        }
    }

    /// For machines: ISO where there is one, else the label; with the time of day where the text said one.
    pub fn machine(&self) -> String {
        let mut out = match &self.when {
            _ if self.mixed => self.pieces().map(Self::machine).collect::<Vec<_>>().join("、"),
            When::Days(days) => {
                let days: Vec<String> = days
                    .iter()
                    .map(|range| match range.start == range.end {
                        true => range.start.to_string(),
                        false => format!("{}/{}", range.start, range.end),
                    })
                    .collect();
                days.join("・")
            }
            When::Months(months) => months.iter().map(|month| month.iso()).collect::<Vec<_>>().join("・"),
            when => label(when),
        };
        if let Some(time) = self.time().filter(|_| !self.mixed) {
            let _ = write!(out, " {}", time.machine());
        }
        out
    }
}

fn label(when: &When) -> String {
    match when {
        When::Days(days) => days_as(days, relative),
        When::Months(months) => format!("{}（日は調整中）", months_label(months, true)),
        When::PartOfMonth { parts, range } => {
            let mut before = None;
            let parts: Vec<String> = parts
                .iter()
                .map(|(month, part)| format!("{}{}", month_after(*month, &mut before, true), part))
                .collect();
            parts.join(if *range { "～" } else { "・" })
        }
        When::Recurring(rule) => rule.label(),
        When::TimesAYear(times) => times.label(),
        When::Season(name) => name.clone(),
        When::AsNeeded => "随時".to_owned(),
        When::AllYear(None) => "通年".to_owned(),
        When::AllYear(Some(Since::Day(day))) => format!("{}から", day.long()),
        When::AllYear(Some(Since::Year(year))) => format!("{year}年から"),
        When::AllYear(Some(Since::Month(month))) => format!("{}から", month.label()),
        When::Undecided(None) => "日程調整中".to_owned(),
        When::Undecided(Some(year)) => format!("{}中（日程調整中）", year.label()),
    }
}

impl Times {
    /// 年2回
    pub fn label(&self) -> String {
        let count = match (self.least, self.most) {
            (0, _) => "数".to_owned(),
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least}～{most}"),
        };
        match &self.season {
            Some(season) => format!("年{count}回（{season}）"),
            None => format!("年{count}回"),
        }
    }
}

fn days_as(days: &[DayRange], print: fn(Day, Option<Day>) -> String) -> String {
    let mut out = String::new();
    let mut before: Option<Day> = None;
    for range in days {
        if before.is_some() {
            out.push('・');
        }
        out.push_str(&print(range.start, before));
        before = Some(range.start);
        if range.end != range.start {
            out.push('～');
            out.push_str(&print(range.end, before));
            before = Some(range.end);
        }
    }
    out
}

fn same_month(day: Day, before: Option<Day>) -> bool {
    before.is_some_and(|b| b.0.year() == day.0.year() && b.0.month() == day.0.month())
}

fn same_year(day: Day, before: Option<Day>) -> bool {
    before.is_some_and(|b| b.0.year() == day.0.year())
}

/// A day, saying only what the day before it has not said.
fn relative(day: Day, before: Option<Day>) -> String {
    if same_month(day, before) {
        format!("{}日({})", day.0.day(), day.weekday())
    } else if same_year(day, before) {
        day.short()
    } else {
        day.long()
    }
}

fn short_day(day: Day, before: Option<Day>) -> String {
    if same_month(day, before) {
        format!("{}({})", day.0.day(), day.weekday())
    } else if before.is_none() || same_year(day, before) {
        format!("{}/{}({})", day.0.month(), day.0.day(), day.weekday())
    } else {
        format!("{}/{}/{}({})", day.0.year(), day.0.month(), day.0.day(), day.weekday())
    }
}

fn spoken_day(day: Day, before: Option<Day>) -> String {
    let date = if same_month(day, before) {
        format!("{}日", day.0.day())
    } else if same_year(day, before) {
        format!("{}月{}日", day.0.month(), day.0.day())
    } else {
        format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day())
    };
    format!("{date}、{}曜日", day.weekday())
}

fn month_after(month: YearMonth, before: &mut Option<i32>, with_year: bool) -> String {
    let known = !with_year || *before == Some(month.year);
    *before = Some(month.year);
    if known { format!("{}月", month.month) } else { month.label() }
}

fn months_label(months: &[YearMonth], with_year: bool) -> String {
    let mut before = None;
    let labels: Vec<String> = months.iter().map(|month| month_after(*month, &mut before, with_year)).collect();
    labels.join("・")
}

impl Rule {
    /// 4・5月の毎週水・金曜日（祝日を除く）
    pub fn label(&self) -> String {
        let mut out = String::new();
        if let Some((from, until)) = self.period {
            match until {
                Some(until) => {
                    let _ = write!(out, "{}の", days_as(&[DayRange { start: from, end: until }], relative));
                }
                None => {
                    let _ = write!(out, "{}から", from.long());
                }
            }
        }
        // 12月の毎月第1土曜日 would be odd.
        let yearly = self.months.each().count() == 1 && matches!(self.every, Every::Nth(_));
        if !self.months.is_empty() {
            let _ = write!(out, "{}{}の", if yearly { "毎年" } else { "" }, self.months.label());
        }
        let mut holidays = self.without.holidays;
        match &self.every {
            Every::Week { step: 1, weekdays: Weekdays::ALL, .. } => out.push_str("毎日"),
            // 平日 are the days that are neither weekend nor holiday.
            Every::Week { step: 1, weekdays: Weekdays::WORKING, .. } if holidays => {
                out.push_str("平日");
                holidays = false;
            }
            Every::Week { step, weekdays, holidays } => {
                let _ = write!(out, "{}{}曜日", if *step == 1 { "毎週" } else { "隔週" }, weekdays.label());
                out.push_str(if *holidays { "・祝日" } else { "" });
            }
            Every::Nth(nths) => {
                let every_other = matches!(self.months, Months::ODD | Months::EVEN);
                out.push_str(if yearly || every_other { "" } else { "毎月" });
                for (at, (nth, weekdays)) in nths.iter().enumerate() {
                    out.push_str(if at > 0 { "・" } else { "" });
                    match nth {
                        6 => out.push_str("最終"),
                        nth => {
                            let _ = write!(out, "第{nth}");
                        }
                    }
                    // 第1・第3水曜日: the weekday once, where it is the same.
                    if nths.get(at + 1).is_none_or(|(_, next)| next != weekdays) {
                        let _ = write!(out, "{}曜日", weekdays.label());
                    }
                }
            }
            Every::MonthDay(dates) => {
                let names: Vec<String> =
                    dates.iter().map(|date| if *date == 0 { "末日".to_owned() } else { format!("{date}日") }).collect();
                let _ = write!(out, "毎月{}", names.join("・"));
            }
            Every::YearDay { month, day, length } => {
                let _ = write!(out, "毎年{month}月{day}日");
                // Any common year will do to count the days.
                if let Some(last) = Day::new(2025, *month, *day).filter(|_| *length > 1) {
                    let last = last.plus(length - 1);
                    let _ = write!(out, "～{}月{}日", last.0.month(), last.0.day());
                }
            }
            Every::Often(text) => out.push_str(text),
        }
        let mut without: Vec<String> = Vec::new();
        if holidays {
            without.push("祝日".to_owned());
        }
        if self.without.new_year {
            without.push("年末年始".to_owned());
        }
        if !self.without.months.is_empty() {
            without.extend(self.without.months.each().map(|month| format!("{month}月")));
        }
        without.extend(self.without.days.iter().map(|range| days_as(&[*range], relative)));
        if !without.is_empty() {
            let _ = write!(out, "（{}を除く）", without.join("・"));
        }
        out
    }
}
