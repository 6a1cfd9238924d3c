//! Months, and parts of them: 6月(調整中), 5・3月, 8月と12月の2回, 8月上旬, 9月末.

use super::super::{Part, ScheduleError, When, YearMonth};
use super::days::days;
use super::rules::one_number;
use super::tidy::{Signs, last_bracket};
use super::{COMMAS, Parsed, UNREADABLE};
use crate::model::day::{FiscalYear, split_number, split_year};

/// 6月(調整中), 5・3月, 8月と12月の2回, 令和8年6月, 8月上旬, 9月末, 6月～8月. `None`: days are named.
pub(super) fn months(text: &str, signs: Signs, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    const OPEN: [&str; 9] = [
        "調整中",
        "日程調整中",
        "日は調整中",
        "日程は調整中",
        "未定",
        "日程未定",
        "日は未定",
        "予定",
        "日にちは調整中",
    ];
    let bare = match last_bracket(text) {
        Some((bare, inside)) if OPEN.contains(&inside) => bare,
        _ => OPEN.iter().find_map(|end| text.strip_suffix(end)).filter(|bare| bare.ends_with('月')).unwrap_or(text),
    };
    if let Some(result) = iso_months(bare) {
        return Some(result);
    }
    if !signs.has(Signs::MONTH) {
        return None;
    }
    if signs.has(Signs::PART)
        && let Some(result) = parts_of_months(bare, fiscal_year)
    {
        return Some(result);
    }
    let (bare, said) = split_count(bare, &["回"]);
    let (bare, mut said) = match last_bracket(bare) {
        // 6月・12月（年2回）
        Some((before, inside)) if said.is_none() => match inside.strip_prefix('年').and_then(|n| n.strip_suffix('回'))
        {
            Some(count) => (before, Some(one_number(count)?)),
            None => (bare, said),
        },
        _ => (bare, said),
    };
    let bare = ["中", "頃", "ごろ", "中に", "に"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let list = bare.strip_suffix("まで").filter(|range| range.contains(['~', 'か'])).unwrap_or(bare);
    let list = list.strip_suffix('月')?;
    let mut fiscal_year = fiscal_year;
    let mut all: Vec<YearMonth> = Vec::new();
    for item in list.split(COMMAS) {
        let range = item.split_once(['~', '-', 'ー']).or_else(|| item.split_once("から"));
        // 7月～12月（全3回): a range is no list to be counted.
        said = said.filter(|_| range.is_none());
        let result = match range {
            Some((first, last)) => range_of_months(first, last, fiscal_year, all.last().copied()),
            None => one_month(item.strip_suffix('月').unwrap_or(item), fiscal_year, all.last().copied())
                .map(|month| month.map(|month| vec![month])),
        };
        match result? {
            Ok(months) => all.extend(months),
            Err(error) => return Some(Err(error)),
        }
        // Behind a year that is written, the months go on from it.
        fiscal_year = fiscal_year.filter(|_| !item.contains('年'));
    }
    Some(months_in_order(all, said))
}

fn months_in_order(mut all: Vec<YearMonth>, said: Option<i32>) -> Parsed<When> {
    let counted = all.len();
    all.sort_unstable();
    all.dedup();
    if all.len() != counted {
        // The same month twice: one of the two is a slip.
        return Err(UNREADABLE);
    }
    match said {
        Some(said) if usize::try_from(said) != Ok(counted) => {
            Err(ScheduleError::WrongCount { said: format!("{said}回"), counted })
        }
        _ => Ok(When::Months(all)),
    }
}

/// 2025-06, 2025-06・2026-03, 2025/6
pub(super) fn iso_months(text: &str) -> Option<Parsed<When>> {
    let mut all = Vec::new();
    for item in text.split('・') {
        let (year, rest) = split_year(item).filter(|(_, rest)| rest.len() < item.len())?;
        let (month, end) = split_number(rest)?;
        let separated = item[..item.len() - rest.len()].ends_with(['-', '/', '.', '年']);
        if !separated || !end.is_empty() {
            return None;
        }
        match i8::try_from(month).ok().filter(|month| (1..=12).contains(month)) {
            Some(month) => all.push(YearMonth { year, month }),
            None => return Some(Err(ScheduleError::ImpossibleDate { found: item.to_owned(), near: None })),
        }
    }
    Some(months_in_order(all, None))
}

fn range_of_months(
    first: &str,
    last: &str,
    fiscal_year: Option<FiscalYear>,
    before: Option<YearMonth>,
) -> Option<Parsed<Vec<YearMonth>>> {
    let written_year = first.contains('年');
    let first = match one_month(first.strip_suffix('月').unwrap_or(first), fiscal_year, before)? {
        Ok(first) => first,
        Err(error) => return Some(Err(error)),
    };
    let own_year = last.contains('年');
    let last = one_month(last, if written_year { None } else { fiscal_year }, Some(first))?;
    Some(last.and_then(|mut last| {
        // 3月～4月: the April behind, not the one before.
        if last < first && !own_year && first.month <= 3 && last.month >= 4 {
            last.year += 1;
        }
        let length = (last.year - first.year) * 12 + i32::from(last.month - first.month);
        // Without a year of its own the end lies in the same fiscal year, or a little behind its border.
        let natural = own_year || last.fiscal_year() == first.fiscal_year() || length <= 3;
        if length < 0 || !natural || length > 36 {
            return Err(ScheduleError::Reversed);
        }
        let all = std::iter::successors(Some(first), |month| Some(month.next()).filter(|month| *month <= last));
        Ok(all.collect())
    }))
}

/// 8月上旬, 9月末, 7月下旬～8月上旬, 6月上旬・12月中旬
fn parts_of_months(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    // 9月中頃 is 9月半ば; 9月中 alone is the whole month.
    let text = text.replace("中頃", "半ば").replace("から", "~");
    let range = text.contains('~');
    let text = text.strip_suffix("まで").filter(|_| range).unwrap_or(&text);
    let mut parts: Vec<(YearMonth, Part)> = Vec::new();
    for item in text.split(['・', '、', 'と', '~']) {
        match part_of_month(item, fiscal_year, parts.last().map(|(month, _)| *month))? {
            Ok(part) => parts.push(part),
            Err(error) => return Some(Err(error)),
        }
    }
    if range {
        let [(first, start), (last, end)] = parts.as_mut_slice() else { return None };
        // 3月下旬～4月上旬: the April behind, not the one before.
        if last < first && first.month <= 3 && last.month >= 4 {
            last.year += 1;
        }
        if (*last, end.begins()) < (*first, start.begins()) {
            return Some(Err(ScheduleError::Reversed));
        }
    }
    Some(Ok(When::PartOfMonth { parts, range }))
}

/// 8月上旬, and 中旬 alone behind it. `None`: this is no part of a month.
fn part_of_month(
    item: &str,
    fiscal_year: Option<FiscalYear>,
    before: Option<YearMonth>,
) -> Option<Parsed<(YearMonth, Part)>> {
    const WORDS: [(&str, Part); 14] = [
        ("上旬", Part::Early),
        ("初旬", Part::Early),
        ("中旬", Part::Middle),
        ("下旬", Part::Late),
        ("初め", Part::Beginning),
        ("始め", Part::Beginning),
        ("はじめ", Part::Beginning),
        ("頭", Part::Beginning),
        ("半ば", Part::Half),
        ("なかば", Part::Half),
        ("前半", Part::FirstHalf),
        ("後半", Part::SecondHalf),
        ("末", Part::End),
        ("終わり", Part::End),
    ];
    if let Some(found) = vague_day(item, fiscal_year) {
        return Some(found);
    }
    let ends = ["頃に", "ごろに", "頃", "ごろ", "に"];
    let item = ends.iter().find_map(|end| item.strip_suffix(end)).unwrap_or(item);
    let (head, part) = WORDS.iter().find_map(|(word, part)| Some((item.strip_suffix(word)?, *part)))?;
    let head = head.strip_suffix('の').unwrap_or(head);
    match head.strip_suffix('月') {
        Some(name) => one_month(name, fiscal_year, before).map(|month| month.map(|month| (month, part))),
        None if head.is_empty() => before.map(|month| Ok((month, part))),
        None => None,
    }
}

/// 9月10日頃, 7月第2週: near a day, but on none.
fn vague_day(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<(YearMonth, Part)>> {
    if let Some(day) = text.strip_suffix("頃").or_else(|| text.strip_suffix("ごろ")).filter(|day| day.ends_with('日'))
    {
        return Some(match days(day, fiscal_year) {
            Ok(days) => match days.as_slice() {
                [one] if one.start == one.end => Ok((YearMonth::of(one.start), Part::Around(one.start.0.day()))),
                _ => return None,
            },
            Err(ScheduleError::Unreadable(_)) => return None,
            Err(error) => Err(error),
        });
    }
    let (month, nth) =
        text.strip_suffix('週')?.split_once("月第").or_else(|| text.strip_suffix('週')?.split_once("月の第"))?;
    let nth = one_number(nth).and_then(|nth| u8::try_from(nth).ok()).filter(|nth| (1..=5).contains(nth))?;
    Some(one_month(month, fiscal_year, None)?.map(|month| (month, Part::Week(nth))))
}

/// 8月と12月の2回 → 8月と12月, 2
pub(super) fn split_count<'a>(text: &'a str, units: &[&str]) -> (&'a str, Option<i32>) {
    let (body, bracket) = match last_bracket(text) {
        Some((before, inside)) => (before, Some(inside)),
        None => (text, None),
    };
    let tail = bracket.unwrap_or(body);
    for unit in units {
        let Some(counted) = tail.strip_suffix(unit) else { continue };
        let start = counted.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(number) = counted[start..].parse::<i32>() else { continue };
        let before = &counted[..start];
        let lead = ["の年", "全", "計"].iter().find_map(|lead| before.strip_suffix(lead));
        if bracket.is_some() {
            if lead.unwrap_or(before).is_empty() {
                return (body, Some(number));
            }
        } else if let Some(rest) = lead.or_else(|| before.strip_suffix('の')) {
            return (rest.trim_end_matches(['の', '、']), Some(number));
        }
    }
    (text, None)
}

/// A month without its 月. `None`: this is no month at all.
pub(super) fn one_month(
    text: &str,
    fiscal_year: Option<FiscalYear>,
    before: Option<YearMonth>,
) -> Option<Parsed<YearMonth>> {
    let (year, rest) = match split_year(text) {
        Some((year, rest)) if !rest.is_empty() => (Some(year), rest),
        _ => (None, text),
    };
    let (month, rest) = split_number(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let Some(month) = i8::try_from(month).ok().filter(|month| (1..=12).contains(month)) else {
        return Some(Err(ScheduleError::ImpossibleDate { found: format!("{month}月"), near: None }));
    };
    let year = match (year, fiscal_year, before) {
        (Some(year), ..) => year,
        (None, Some(fiscal), None) => fiscal.year_of(month),
        // In a list each month may go back within the fiscal year: 5・3月 and 3・5月 are the same.
        (None, Some(fiscal), Some(before)) if before.fiscal_year() == fiscal => fiscal.year_of(month),
        (None, _, Some(before)) => before.year + i32::from(month < before.month),
        (None, None, None) => return Some(Err(ScheduleError::YearUnknown)),
    };
    Some(Ok(YearMonth { year, month }))
}
