//! Rules that come again: 毎月第2土曜日, 毎週水曜日（祝日を除く）, 4月～9月の毎週水曜日, 2か月に1回程度.

use super::super::rule::{Every, Months, Rule, Weekdays, Without};
use super::super::{DayRange, ScheduleError, When};
use super::days::days;
use super::months::one_month;
use super::tidy::last_bracket;
use super::{COMMAS, Parsed};
use crate::model::day::{Day, FiscalYear, WEEKDAYS, split_number};

/// 毎月第2土曜日, 毎週水曜日（祝日を除く）, 4月～9月の毎週水曜日, 2か月に1回程度
pub(super) fn rule(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    if text.ends_with("日間") {
        return None;
    }
    let (left_out, core, inside) = match exceptions(text, fiscal_year)? {
        Ok(found) => found,
        Err(error) => return Some(Err(error)),
    };
    let begins = ["毎", "隔週", "隔月", "第", "最終", "平日", "土日祝"].iter().filter_map(|word| core.find(word)).min();
    // 12月1日～25日（土日を除く）: every day of it.
    if begins.is_none()
        && left_out != LeftOut::default()
        && inside.is_none()
        && let Ok([range]) = days(core, fiscal_year).as_deref()
        && range.start != range.end
    {
        let weekdays = Weekdays(Weekdays::ALL.0 & !left_out.weekdays.0);
        let every = Every::Week { step: 1, weekdays, holidays: false };
        let period = Some((range.start, Some(range.end)));
        return Some(Ok(When::Recurring(Rule { period, without: left_out.without, ..Rule::new(every) })));
    }
    // 奇数月の20日
    if begins.is_none()
        && inside.is_none()
        && let Some((months, date)) = core.split_once("数月の")
        && let "奇" | "偶" = months
        && let Some(every) = monthly(&format!("毎月{date}"))
    {
        let months = if months == "奇" { Months::ODD } else { Months::EVEN };
        return Some(Ok(When::Recurring(Rule { months, without: left_out.without, ..Rule::new(every) })));
    }
    let (period, core) = core.split_at(begins.unwrap_or(0));
    // 毎年12月第1土曜日: every year in these months.
    let (yearly, period, core) = match core.strip_prefix("毎年").and_then(|rest| Some((rest, rest.find("第")?))) {
        Some((rest, at)) if period.is_empty() => (true, &rest[..at], &rest[at..]),
        _ => (false, period, core),
    };
    let named = nth(core);
    let odd = period.starts_with("奇数月") || period.starts_with("偶数月");
    if let Some(every) = &named
        && !core.starts_with('毎')
        && !period.is_empty()
        && !(yearly || odd || period.contains('~') || period.contains("から"))
        && left_out == LeftOut::default()
    {
        if inside.is_some() {
            return None;
        }
        return days_of_months(text, period, every, fiscal_year);
    }
    let mut every = match named.or_else(|| weekly(core)).or_else(|| monthly(core)) {
        Some(every) => every,
        None => often(core)?,
    };
    let mut without = left_out.without;
    if matches!(core, "平日" | "平日毎日" | "毎平日" | "平日のみ") {
        without.holidays = true;
    }
    if left_out.weekdays.0 != 0 {
        match &mut every {
            Every::Week { weekdays, .. } if *weekdays == Weekdays::ALL => weekdays.0 &= !left_out.weekdays.0,
            _ => return None,
        }
    }
    let mut rule = Rule { without, ..Rule::new(every) };
    // 4月8日から、毎週水曜日 is one rule; 8月、毎月 are two schedules.
    let period = match period.strip_suffix('、') {
        Some(start) if start.ends_with("から") || start.ends_with("より") => start,
        Some(_) => return None,
        None => period,
    };
    let mut periods = vec![period.trim_end_matches(['の', 'に', 'は', '間'])];
    if let Some(inside) = inside {
        // 月2回（第2・第4火曜日）, 週1回（水曜日）, 隔週金曜日（10月3日から）
        match within(&rule.every, inside) {
            Some(Ok(every)) => rule.every = every,
            Some(Err(error)) => return Some(Err(error)),
            None => periods.push(inside),
        }
    }
    for period in periods.into_iter().filter(|period| !period.is_empty()) {
        match bounds(period, &mut rule, fiscal_year)? {
            Ok(()) => {}
            Err(error) => return Some(Err(error)),
        }
    }
    if let Some(error) = never_met(&rule) {
        return Some(Err(error));
    }
    if matches!(rule.every, Every::Often(_)) && rule != Rule::new(rule.every.clone()) {
        return None;
    }
    Some(Ok(When::Recurring(rule)))
}

/// An exception that is no day of the rule: its date or its weekday is a slip.
fn never_met(rule: &Rule) -> Option<ScheduleError> {
    let weekdays = match &rule.every {
        Every::Week { weekdays, holidays: false, .. } => *weekdays,
        Every::Nth(nths) => Weekdays(nths.iter().fold(0, |all, (_, days)| all | days.0)),
        _ => return None,
    };
    let single = rule.without.days.iter().filter(|range| range.start == range.end);
    let date = single.map(|range| range.start).find(|day| !weekdays.holds(*day))?;
    let written = weekdays.each().next().and_then(|at| WEEKDAYS.get(at)).map(|name| (*name).to_owned())?;
    Some(ScheduleError::WrongWeekday { date, written })
}

/// 月2回 with the days in brackets: the rule they make, if their number fits.
fn within(every: &Every, inside: &str) -> Option<Parsed<Every>> {
    let Every::Often(text) = every else { return None };
    let said = text.strip_suffix(['回', '度']).map(|text| {
        let start = text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        text[start..].parse::<usize>().ok()
    })?;
    let (found, counted) = if text.contains('月') {
        match nth(inside).or_else(|| monthly(&format!("毎月{}", inside.trim_start_matches("毎月"))))? {
            Every::Nth(nths) => {
                let counted = nths.iter().map(|(_, weekdays)| weekdays.each().count()).sum();
                (Every::Nth(nths), counted)
            }
            Every::MonthDay(dates) => {
                let counted = dates.len();
                (Every::MonthDay(dates), counted)
            }
            _ => return None,
        }
    } else if text.contains('週') {
        let weekdays = weekdays(inside)?;
        (Every::Week { step: 1, weekdays, holidays: false }, weekdays.each().count())
    } else {
        return None;
    };
    match said {
        Some(said) if said != counted => Some(Err(ScheduleError::WrongCount { said: format!("{said}回"), counted })),
        _ => Some(Ok(found)),
    }
}

/// What a text leaves out.
#[derive(Default, PartialEq)]
struct LeftOut {
    without: Without,
    weekdays: Weekdays,
}

/// 「土日祝を除く」 in front, 「（8月を除く）」 behind; what is left, and what else stands in brackets.
type Exceptions<'a> = (LeftOut, &'a str, Option<&'a str>);

fn exceptions(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<Exceptions<'_>>> {
    let mut left_out = LeftOut::default();
    let mut core = text;
    let mut other = None;
    let mut lists: Vec<&str> = Vec::new();
    if let Some((before, inside)) = last_bracket(core).filter(|(before, _)| !before.is_empty()) {
        let list = inside.strip_prefix("ただし").unwrap_or(inside).trim_start_matches('、');
        let ends = ["を除く", "は除く", "除く", "以外", "はお休み", "は休み", "お休み", "休み"];
        match ends.iter().find_map(|end| list.strip_suffix(end)) {
            Some(list) => lists.push(list),
            None => other = Some(inside),
        }
        core = before;
    }
    if let Some((list, rest)) = core.split_once("を除く").or_else(|| core.split_once("以外の")) {
        if rest.is_empty() {
            // 毎週水曜日、祝日を除く
            let (before, list) = list.rsplit_once('、')?;
            lists.push(list.strip_prefix("ただし").unwrap_or(list));
            core = before;
        } else {
            lists.push(list);
            core = rest.trim_start_matches(['、', 'の']);
        }
    }
    // Days are read together: 8月12日・19日.
    let mut dates: Vec<&str> = Vec::new();
    lists.retain(|list| match list.strip_suffix('月').filter(|list| !list.contains(['日', '月'])) {
        // 7～9月, 8・1月
        Some(months) => match some_months(months) {
            Some(months) => {
                left_out.without.months.0 |= months.0;
                false
            }
            None => true,
        },
        None => true,
    });
    for item in lists.iter().flat_map(|list| list.split(['・', '、', 'と'])) {
        match item {
            "祝" | "祝日" | "祝祭日" | "祝休日" => left_out.without.holidays = true,
            "土日祝" | "土日祝日" | "土日祝祭日" | "週末と祝日" => {
                left_out.without.holidays = true;
                left_out.weekdays.0 |= 0b110_0000;
            }
            "週末" => left_out.weekdays.0 |= 0b110_0000,
            "年末年始" => left_out.without.new_year = true,
            item => {
                if let Some(month) = item.strip_suffix('月').and_then(one_number) {
                    left_out.without.months.add(i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?);
                    continue;
                }
                if let Some(weekdays) = weekdays(item) {
                    left_out.weekdays.0 |= weekdays.0;
                    continue;
                }
                dates.push(item);
            }
        }
    }
    if !dates.is_empty() {
        match days(&dates.join("・"), fiscal_year) {
            Ok(days) => left_out.without.days = days,
            Err(ScheduleError::Unreadable(_) | ScheduleError::MonthUnknown { .. }) => return None,
            Err(error) => return Some(Err(error)),
        }
    }
    left_out.without.days.sort_unstable();
    Some(Ok((left_out, core, other)))
}

pub(super) fn one_number(text: &str) -> Option<i32> {
    split_number(text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

/// The days or months during which a rule holds.
fn bounds(period: &str, rule: &mut Rule, fiscal_year: Option<FiscalYear>) -> Option<Parsed<()>> {
    let (start, open) = match period.strip_suffix("から").or_else(|| period.strip_suffix("より")) {
        Some(start) => (start, true),
        // 6月まで alone has no start.
        None => {
            (period.strip_suffix("まで").filter(|p| p.contains('~') || p.contains("から")).unwrap_or(period), false)
        }
    };
    if let "奇数月" | "偶数月" = start {
        let odd = start.starts_with('奇');
        (1..=12).filter(|month| (month % 2 == 1) == odd).for_each(|month| rule.months.add(month));
        return Some(Ok(()));
    }
    if let Some(list) = start.strip_suffix('月').filter(|_| !start.contains('年')) {
        if open {
            let month = one_month(list, fiscal_year, None)?;
            return Some(month.map(|month| rule.period = month.first_day().map(|day| (day, None))));
        }
        // Months without a year hold in every year.
        let months = some_months(list)?;
        rule.months = months;
        return Some(Ok(()));
    }
    Some(match days(start, fiscal_year) {
        Ok(days) => match days.as_slice() {
            [one] if open && one.start == one.end => {
                rule.period = Some((one.start, None));
                Ok(())
            }
            [one] if !open && one.start != one.end => {
                rule.period = Some((one.start, Some(one.end)));
                Ok(())
            }
            _ => return None,
        },
        Err(ScheduleError::Unreadable(_)) => return None,
        Err(error) => Err(error),
    })
}

/// 4月～9, 7・8: months without their year; the last 月 has been taken.
fn some_months(list: &str) -> Option<Months> {
    let number = |text: &str| one_number(text.strip_suffix('月').unwrap_or(text)).filter(|n| (1..=12).contains(n));
    let mut months = Months::default();
    match list.split_once(['~', '-', 'ー']).or_else(|| list.split_once("から")) {
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            let count = (12 + last - first) % 12;
            (0..=count).for_each(|step| months.add(i8::try_from((first + step - 1) % 12 + 1).unwrap_or(1)));
        }
        None => {
            for item in list.split(COMMAS) {
                months.add(i8::try_from(number(item)?).ok()?);
            }
        }
    }
    Some(months)
}

/// 7月第2土曜日 is a day of a year.
fn days_of_months(text: &str, period: &str, every: &Every, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    let list = period.trim_end_matches('の').strip_suffix('月')?;
    let mut days = Vec::new();
    let mut before = None;
    for item in list.split(COMMAS) {
        let month = match one_month(item.strip_suffix('月').unwrap_or(item), fiscal_year, before)? {
            Ok(month) => month,
            Err(error) => return Some(Err(error)),
        };
        before = Some(month);
        let first = month.first_day()?;
        let found = Rule::new(every.clone()).days(first, first.month_end());
        if found.is_empty() {
            return Some(Err(ScheduleError::ImpossibleDate { found: text.to_owned(), near: None }));
        }
        days.extend(found.into_iter().map(|day| DayRange { start: day, end: day }));
    }
    days.sort_unstable();
    Some(Ok(When::Days(days)))
}

/// 毎日, 平日, 毎週水曜日, 毎週月～金曜日, 隔週水曜日, 毎週日曜日・祝日
fn weekly(text: &str) -> Option<Every> {
    let week = |weekdays, holidays| Some(Every::Week { step: 1, weekdays, holidays });
    match text {
        "毎日" => return week(Weekdays::ALL, false),
        "平日" | "平日毎日" | "毎平日" | "平日のみ" => return week(Weekdays::WORKING, false),
        "土日祝" | "土日祝日" | "毎週土日祝" | "毎週土日祝日" | "土日祝のみ" => {
            return week(Weekdays(0b110_0000), true);
        }
        _ => {}
    }
    let (step, rest) = match text.strip_prefix("毎週") {
        Some(rest) => (1, rest),
        None => match text.strip_prefix("隔週") {
            Some(rest) => (2, rest),
            None => match text.strip_prefix('毎').filter(|rest| rest.ends_with("曜日") || rest.ends_with("曜")) {
                Some(rest) => (1, rest),
                // 月～金曜日, 土・日・祝日: several weekdays come again, a single one may be a slip.
                None => (1, Some(text).filter(|text| text.contains(['~', '・', '、', 'と']))?),
            },
        },
    };
    let rest = rest.strip_prefix('の').unwrap_or(rest);
    let plain =
        ["・祝日", "、祝日", "と祝日", "・祝", "、祝", "及び祝日"].iter().find_map(|end| rest.strip_suffix(end));
    let holidays = plain.is_some() && step == 1;
    Some(Every::Week { step, weekdays: weekdays(plain.unwrap_or(rest))?, holidays })
}

/// 水曜日, 水・金曜日, 火曜日・木曜日, 月～金曜日, 土日
fn weekdays(text: &str) -> Option<Weekdays> {
    let index = |name: &str| {
        let name = name.strip_suffix("曜日").or_else(|| name.strip_suffix('曜')).unwrap_or(name);
        WEEKDAYS.iter().position(|day| *day == name)
    };
    let mut found = Weekdays::default();
    let range = text.split_once('~').or_else(|| text.split_once("から"));
    if let Some((first, last)) = range {
        let (first, last) = (index(first)?, index(last)?);
        (0..=(7 + last - first) % 7).for_each(|step| found.0 |= 1 << ((first + step) % 7));
        return Some(found);
    }
    for part in text.split(COMMAS) {
        match index(part) {
            Some(at) if found.0 & (1 << at) == 0 => found.0 |= 1 << at,
            Some(_) => return None,
            // 土日, 月水金
            None => {
                let part = part.strip_suffix("曜日").unwrap_or(part);
                if part.chars().count() < 2 {
                    return None;
                }
                for c in part.chars() {
                    found.0 |= 1 << WEEKDAYS.iter().position(|day| day.starts_with(c))?;
                }
            }
        }
    }
    (found.0 != 0).then_some(found)
}

/// 毎月第2土曜日, 第1・第3水曜日, 第2、4金曜, 最終金曜日, 第2土・日曜日, 第1水曜日と第3金曜日
pub(super) fn nth(text: &str) -> Option<Every> {
    let rest = text.strip_prefix("毎月").unwrap_or(text);
    let rest = rest.strip_prefix('の').unwrap_or(rest);
    if !rest.starts_with(['第', '最']) {
        return None;
    }
    let mut found: Vec<(u8, Weekdays)> = Vec::new();
    // Those before this place have their weekday.
    let mut done = 0;
    for item in rest.split(COMMAS) {
        let (number, name) = if let Some(name) = item.strip_prefix("最終").or_else(|| item.strip_prefix("最後の"))
        {
            (Some(6), name)
        } else if let Some((number, name)) = split_number(item.strip_prefix('第').unwrap_or(item)) {
            (Some(u8::try_from(number).ok().filter(|number| (1..=5).contains(number))?), name)
        } else {
            (None, item)
        };
        let name = name.strip_prefix('の').unwrap_or(name);
        match number {
            Some(number) => {
                if found.iter().any(|(nth, days)| *nth == number && days.0 == 0) {
                    return None;
                }
                found.push((number, Weekdays::default()));
                if !name.is_empty() {
                    let days = weekdays(name)?;
                    found[done..].iter_mut().for_each(|(_, of)| *of = days);
                    done = found.len();
                }
            }
            // 第2土・日曜日: one more weekday for those before it.
            None => {
                let more = weekdays(name)?;
                let same = found.last().map(|(_, days)| *days).filter(|days| days.0 & more.0 == 0)?;
                found.iter_mut().rev().take_while(|(_, days)| *days == same).for_each(|(_, days)| days.0 |= more.0);
            }
        }
    }
    if found.is_empty() || found.iter().any(|(_, days)| days.0 == 0) {
        return None;
    }
    found.sort_unstable_by_key(|(nth, days)| (*nth, days.0));
    // The same nth with two weekdays is one item.
    let mut merged: Vec<(u8, Weekdays)> = Vec::new();
    for (nth, days) in found {
        match merged.last_mut().filter(|(last, _)| *last == nth) {
            Some((_, of)) if of.0 & days.0 != 0 => return None,
            Some((_, of)) => of.0 |= days.0,
            None => merged.push((nth, days)),
        }
    }
    Some(Every::Nth(merged))
}

/// 毎月15日, 毎月1日・15日, 毎月末日, 毎年12月3日
fn monthly(text: &str) -> Option<Every> {
    if let Some(rest) = text.strip_prefix("毎年") {
        let date = |text: &str| {
            let (month, rest) = split_number(text)?;
            let (day, rest) = split_number(rest.strip_prefix('月')?)?;
            Day::new(2024, i8::try_from(month).ok()?, i8::try_from(day).ok()?).filter(|_| rest == "日")
        };
        let (first, last) = rest.split_once('~').unwrap_or((rest, rest));
        let last = match last.contains('月') {
            true => last.to_owned(),
            // 毎年12月3日～9日
            false => format!("{}月{last}", first.split_once('月')?.0),
        };
        let (first, last) = (date(first)?, date(&last)?);
        // Counted over the turn of a common year.
        let common = |day: Day, year| Day::new(year, day.0.month(), day.0.day());
        let length = match common(last, 2025).zip(common(first, 2025)) {
            Some((last, first)) if last >= first => last.number() - first.number() + 1,
            Some((last, first)) => last.number() + 365 - first.number() + 1,
            None => 1,
        };
        return Some(Every::YearDay { month: first.0.month(), day: first.0.day(), length });
    }
    let rest = text.strip_prefix("毎月")?;
    let mut dates = Vec::new();
    for part in rest.split(COMMAS) {
        if part == "末日" || part == "月末日" {
            dates.push(0);
        } else {
            let (number, end) = split_number(part)?;
            if !matches!(end, "日" | "") || !(1..=31).contains(&number) {
                return None;
            }
            dates.push(u8::try_from(number).ok()?);
        }
    }
    if !rest.ends_with('日') {
        return None;
    }
    // The last day comes last.
    dates.sort_unstable_by_key(|date| if *date == 0 { 99 } else { *date });
    dates.dedup();
    Some(Every::MonthDay(dates))
}

/// 月1回, 月に1度程度, 週2回, 2か月に1回程度, 隔月, 定例
fn often(text: &str) -> Option<Every> {
    let bare =
        ["程度", "ほど", "くらい", "ぐらい", "以上"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let said = || Some(Every::Often(bare.replace('~', "～")));
    const WORDS: [&str; 18] = [
        "毎週",
        "毎月",
        "毎年",
        "毎年度",
        "隔月",
        "隔週",
        "隔年",
        "定例",
        "定例会",
        "定期",
        "定期的",
        "定期的に",
        "月例",
        "毎月下旬",
        "毎月上旬",
        "毎月中旬",
        "毎月月末",
        "毎月末",
    ];
    let yearly = bare.strip_prefix("毎年").and_then(|rest| rest.strip_suffix('月')).and_then(one_number);
    if WORDS.contains(&bare) || yearly.is_some_and(|month| (1..=12).contains(&month)) {
        return said();
    }
    // Which months, nobody knows.
    if bare.strip_prefix("隔月").is_some_and(|rest| nth(rest.strip_prefix('の').unwrap_or(rest)).is_some()) {
        return said();
    }
    if let Some((times, span)) = bare.split_once("回/")
        && one_number(times).is_some()
        && matches!(span, "月" | "週" | "日" | "年度")
    {
        return said();
    }
    if let Some(span) = bare.strip_suffix("ごと").or_else(|| bare.strip_suffix("おき"))
        && span_of_time(span)
    {
        return said();
    }
    let counted = bare.strip_suffix(['回', '度'])?;
    let (span, times) = match counted.split_once('に') {
        Some(pair) => pair,
        None => {
            let at = ["毎月", "各月", "毎週", "毎日", "四半期", "半年", "月", "週", "日"]
                .into_iter()
                .find(|w| counted.starts_with(w))?;
            counted.split_at(at.len())
        }
    };
    let number = |text: &str| one_number(text).is_some_and(|n| n > 0);
    let times = match times.split_once('~') {
        Some((least, most)) => number(least) && number(most),
        None => number(times) || times == "数",
    };
    let plain = ["月", "各月", "週", "毎月", "毎週", "毎日", "日"].contains(&span);
    if times && (plain || span_of_time(span)) { said() } else { None }
}

/// 2か月, 3週間, 四半期
fn span_of_time(text: &str) -> bool {
    let unit = |text: &str| matches!(text, "か月" | "カ月" | "週間" | "週" | "日" | "年" | "月" | "年度");
    match text {
        "四半期" | "半年" | "半期" | "年度" | "1年" | "一年" | "数か月" | "数カ月" => true,
        text => match split_number(text) {
            Some((number, rest)) if number > 0 => {
                unit(rest) || rest.strip_prefix('~').and_then(split_number).is_some_and(|(_, rest)| unit(rest))
            }
            _ => false,
        },
    }
}
