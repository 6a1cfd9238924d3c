//! The parser: NFKC first, then a few readers that each know one way of writing.

use super::{DayRange, ScheduleError, When, YearMonth};
use crate::model::day::{Day, FiscalYear, split_number, split_year};
use crate::model::text;

type Parsed<T> = Result<T, ScheduleError>;
const UNREADABLE: ScheduleError = ScheduleError::Unreadable;

/// Reads one schedule.
pub(super) fn parse(written: &str, fiscal_year: Option<FiscalYear>) -> Parsed<When> {
    let text = tidy(written);
    if text.is_empty() || text.chars().count() > 200 {
        return Err(UNREADABLE);
    }
    if let Some(when) = word(&text) {
        return Ok(when);
    }
    if let Some(when) = rule(&text, fiscal_year) {
        return Ok(when);
    }
    if let Some(result) = months(&text, fiscal_year) {
        return result;
    }
    days(&text, fiscal_year).map(When::Days)
}

/// One spelling for what means the same: width, blanks, dashes, brackets, and words around it.
fn tidy(written: &str) -> String {
    let normal = text::normalise(written);
    let text: String = without_blanks(&normal)
        .chars()
        .map(|c| match c {
            '〜' | '～' | '–' | '—' | '―' | '−' | '‐' | '‑' => '~',
            '隨' => '随',
            '〔' | '[' | '【' => '(',
            '〕' | ']' | '】' => ')',
            'ヵ' | 'ヶ' | 'ケ' | 'カ' | '箇' => 'か',
            '，' | '､' | ',' => '、',
            c => c,
        })
        .collect();
    let mut text = text.as_str();
    for end in ["(予定)", "予定", "(実施)", "実施", "開催"] {
        text = text.strip_suffix(end).unwrap_or(text);
    }
    text.to_owned()
}

/// Blanks mean nothing, but between two numbers they keep them apart.
fn without_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(out.chars().next_back()) && digit(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn word(text: &str) -> Option<When> {
    let bare = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    match bare {
        "調整中" | "日程調整中" | "未定" | "日程未定" | "検討中" => Some(When::Undecided),
        "随時" | "必要に応じて" | "その都度" | "都度" => Some(When::AsNeeded),
        "通年" | "年間を通して" | "一年中" | "年中" => Some(When::AllYear),
        _ => times_a_year(bare).map(When::TimesAYear).or_else(|| season(bare).then_some(When::Season)),
    }
}

fn times_a_year(text: &str) -> Option<u32> {
    let rest = text.strip_prefix("年に").or_else(|| text.strip_prefix('年')).or_else(|| text.strip_prefix("毎年"))?;
    let (times, rest) = split_number(rest)?;
    let rest = rest.strip_prefix(['回', '度'])?;
    matches!(rest, "" | "程度" | "ほど").then_some(u32::try_from(times).ok()?).filter(|times| *times > 0)
}

fn season(text: &str) -> bool {
    text.split(['・', '、', '/']).all(|name| {
        let name = name.strip_prefix('お').unwrap_or(name);
        let name = name.strip_suffix("の時期").or_else(|| name.strip_suffix("期")).unwrap_or(name);
        matches!(name, "中元" | "歳暮" | "春" | "夏" | "秋" | "冬" | "盆" | "年末" | "年始" | "年末年始")
    })
}

// ---------------------------------------------------------------------- rules

/// Rules that come again: 毎月第2土曜日, 毎週水曜日, 2か月に1回程度, 土日祝を除く毎日.
fn rule(text: &str, fiscal_year: Option<FiscalYear>) -> Option<When> {
    if matches!(text, "毎日" | "平日" | "平日毎日" | "土日祝を除く毎日" | "毎日(土日祝を除く)" | "毎週" | "毎月")
    {
        return Some(When::Recurring(Vec::new()));
    }
    if let Some(rest) = text.strip_prefix("毎週").or_else(|| text.strip_prefix("隔週")) {
        let weekdays = weekdays(rest)?;
        let every = if text.starts_with("毎週") { fiscal_year } else { None };
        return Some(When::Recurring(days_of_year(every, |day| weekdays.contains(&day.weekday()))));
    }
    if let Some(rest) = text.strip_prefix("毎月") {
        if let Some((number, "日")) = split_number(rest) {
            (1..=31).contains(&number).then_some(())?;
            return Some(When::Recurring(days_of_year(fiscal_year, |day| i32::from(day.0.day()) == number)));
        }
        return nth_weekday(rest, fiscal_year);
    }
    if text.starts_with('第') {
        return nth_weekday(text, fiscal_year);
    }
    frequency(text).then(|| When::Recurring(Vec::new()))
}

/// 水曜日, 水・金曜日, 火曜日・木曜日
fn weekdays(text: &str) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    for part in text.split(['・', '、', 'と']) {
        let name = part.strip_suffix("曜日").or_else(|| part.strip_suffix('曜')).unwrap_or(part);
        found.push(["月", "火", "水", "木", "金", "土", "日"].into_iter().find(|day| *day == name)?);
    }
    Some(found)
}

/// 第2土曜日, 第1・第3水曜日, 第2、4金曜
fn nth_weekday(text: &str, fiscal_year: Option<FiscalYear>) -> Option<When> {
    let name = text.strip_suffix("曜日").or_else(|| text.strip_suffix('曜')).or_else(|| text.strip_suffix("日"))?;
    let weekday = ["月", "火", "水", "木", "金", "土", "日"].into_iter().find(|day| name.ends_with(day))?;
    let mut numbers = Vec::new();
    for part in name.strip_suffix(weekday)?.split(['・', '、', 'と']) {
        let (number, rest) = split_number(part.strip_prefix('第').unwrap_or(part))?;
        (rest.is_empty() && (1..=5).contains(&number)).then(|| numbers.push(number))?;
    }
    text.starts_with('第').then_some(())?;
    Some(When::Recurring(days_of_year(fiscal_year, |day| {
        day.weekday() == weekday && numbers.contains(&((i32::from(day.0.day()) - 1) / 7 + 1))
    })))
}

/// 月1回, 月に1度程度, 週2回, 2か月に1回程度
fn frequency(text: &str) -> bool {
    let text = text.trim_end_matches("程度").trim_end_matches("ほど");
    let Some(text) = text.strip_suffix(['回', '度']) else { return false };
    let (period, times) = match text.split_once('に') {
        Some(pair) => pair,
        None => match text.chars().next() {
            Some(first) => text.split_at(first.len_utf8()),
            None => return false,
        },
    };
    let number = |text: &str| matches!(split_number(text), Some((n, "")) if n > 0);
    let span = match split_number(period) {
        Some((n, unit)) => n > 0 && matches!(unit, "か月" | "週間" | "日"),
        None => matches!(period, "月" | "週" | "毎月" | "毎週" | "1か月"),
    };
    span && number(times)
}

fn days_of_year(fiscal_year: Option<FiscalYear>, keep: impl Fn(Day) -> bool) -> Vec<DayRange> {
    let Some((mut day, last)) = fiscal_year.and_then(|year| Some((year.first_day()?, year.last_day()?))) else {
        return Vec::new();
    };
    let mut days = Vec::new();
    while day <= last {
        if keep(day) {
            days.push(DayRange { start: day, end: day });
        }
        day = day.next();
    }
    days
}

// --------------------------------------------------------------------- months

/// 6月(調整中), 5・3月, 8月と12月, 令和8年6月, 8月上旬, 9月末, 6月～8月. `None`: days are named.
fn months(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    let open = ["(調整中)", "(日程調整中)", "(未定)"];
    let bare = open.iter().find_map(|words| text.strip_suffix(words)).unwrap_or(text);
    for part in ["上旬", "中旬", "下旬", "初旬", "初め", "末", "末頃", "頃", "ごろ", "半ば", "前半", "後半", "中"]
    {
        if let Some(month) = bare.strip_suffix(part).and_then(|rest| rest.strip_suffix('月')) {
            let found = one_month(month, fiscal_year, None)?;
            return Some(found.map(|month| When::PartOfMonth(month, part.to_owned())));
        }
    }
    let bare = bare.strip_suffix("の2回").unwrap_or(bare);
    let list = bare.strip_suffix('月')?;
    if let Some((first, last)) = list.split_once('~') {
        let first = one_month(first.strip_suffix('月').unwrap_or(first), fiscal_year, None)?;
        return Some(first.and_then(|first| {
            let last = one_month(last, fiscal_year, Some(first)).ok_or(UNREADABLE)??;
            let mut all = vec![first];
            while let Some(&month) = all.last().filter(|month| **month < last) {
                if all.len() > 24 {
                    return Err(UNREADABLE);
                }
                all.push(if month.month == 12 {
                    YearMonth { year: month.year + 1, month: 1 }
                } else {
                    YearMonth { month: month.month + 1, ..month }
                });
            }
            if last < first { Err(ScheduleError::Reversed) } else { Ok(When::Months(all)) }
        }));
    }
    let mut all: Vec<YearMonth> = Vec::new();
    for part in list.split(['・', '、', 'と']) {
        let month = one_month(part.strip_suffix('月').unwrap_or(part), fiscal_year, all.last().copied())?;
        match month {
            Ok(month) => all.push(month),
            Err(error) => return Some(Err(error)),
        }
    }
    all.sort_unstable();
    all.dedup();
    Some(Ok(When::Months(all)))
}

/// A month without its 月. `None`: this is no month at all.
fn one_month(text: &str, fiscal_year: Option<FiscalYear>, before: Option<YearMonth>) -> Option<Parsed<YearMonth>> {
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
        (None, Some(fiscal), _) => fiscal.year_of(month),
        (None, None, Some(before)) => before.year + i32::from(month < before.month),
        (None, None, None) => return Some(Err(ScheduleError::YearUnknown)),
    };
    Some(Ok(YearMonth { year, month }))
}

// ----------------------------------------------------------------------- days

/// A list of days and ranges: 7月27日(日)・29日(火・祝), 12月30日～1月3日, 2026-04-18/2026-04-19.
fn days(text: &str, fiscal_year: Option<FiscalYear>) -> Parsed<Vec<DayRange>> {
    let mut reader = Reader { rest: text, fiscal_year, before: None };
    let mut days = Vec::new();
    loop {
        let start = reader.day()?;
        let end = if reader.until() {
            let end = reader.day()?;
            if end < start {
                return Err(ScheduleError::Reversed);
            }
            reader.skip("まで");
            end
        } else {
            start
        };
        days.push(DayRange { start, end });
        if reader.rest.is_empty() {
            break;
        }
        let next = reader.rest.strip_prefix(['・', '、', 'と']).ok_or(UNREADABLE)?;
        reader.rest = next;
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

struct Reader<'a> {
    rest: &'a str,
    fiscal_year: Option<FiscalYear>,
    /// The day before this one in the text, and whether its year was written.
    before: Option<(Day, bool)>,
}

impl Reader<'_> {
    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// What stands between the two days of a range.
    fn until(&mut self) -> bool {
        if self.skip("~") || self.skip("から") || self.skip("より") {
            return true;
        }
        // Between two ISO dates, a slash; between a day and a number, a hyphen.
        let hyphen = self.rest.strip_prefix(['-', 'ー']);
        let slash = self.rest.strip_prefix('/').filter(|rest| matches!(split_year(rest), Some((_, r)) if r != *rest));
        match hyphen.or(slash) {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn day(&mut self) -> Parsed<Day> {
        let all = self.rest;
        let mut year = None;
        if let Some((found, rest)) = split_year(self.rest)
            && rest.len() < self.rest.len()
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            year = Some(found);
            self.rest = rest;
        } else if self.rest.starts_with(['令', '平', '昭', 'R', 'H', 'S', 'r', 'h', 's']) {
            return Err(UNREADABLE);
        }
        let (first, rest) = split_number(self.rest).ok_or(UNREADABLE)?;
        let separated =
            rest.strip_prefix(['月', '/', '.']).or_else(|| rest.strip_prefix('-').filter(|_| year.is_some()));
        let (month, day) = match separated.and_then(split_number) {
            Some((day, rest)) => {
                self.rest = rest;
                (Some(first), day)
            }
            None if rest.starts_with('月') => return Err(UNREADABLE),
            None => {
                self.rest = rest;
                (None, first)
            }
        };
        self.skip("日");
        let found: String = all[..all.len() - self.rest.len()].to_owned();
        let impossible = |near| ScheduleError::ImpossibleDate { found: found.clone(), near };
        let (year, month, year_known) = match (year, month, self.before) {
            (Some(year), Some(month), _) => (year, month, true),
            (Some(_), None, _) | (None, None, None) => return Err(UNREADABLE),
            (None, None, Some((before, known))) => (i32::from(before.0.year()), i32::from(before.0.month()), known),
            (None, Some(month), Some((before, true))) => {
                (i32::from(before.0.year()) + i32::from(month < i32::from(before.0.month())), month, true)
            }
            (None, Some(month), _) => {
                let fiscal = self.fiscal_year.ok_or(ScheduleError::YearUnknown)?;
                let month8 = i8::try_from(month).map_err(|_| impossible(None))?;
                (fiscal.year_of(month8), month, false)
            }
        };
        let month = i8::try_from(month).map_err(|_| impossible(None))?;
        let read = i8::try_from(day).ok().and_then(|day| Day::new(year, month, day)).ok_or_else(|| {
            let last = (28..=31).rev().find(|last| Day::new(year, month, *last).is_some());
            impossible(last.filter(|_| day > 0).map(|last| format!("{month}月{last}日")))
        })?;
        self.before = Some((read, year_known));
        self.weekday(read)?;
        Ok(read)
    }

    /// `(土)`, `(火・祝)`, `(土曜日)`, `(祝)`.
    fn weekday(&mut self, day: Day) -> Parsed<()> {
        let Some(rest) = self.rest.strip_prefix('(') else { return Ok(()) };
        let (inside, rest) = rest.split_once(')').ok_or(UNREADABLE)?;
        for part in inside.split(['・', '、', '/']) {
            let name = part.strip_suffix("曜日").or_else(|| part.strip_suffix('曜')).unwrap_or(part);
            let name = name.strip_suffix("祝").filter(|name| !name.is_empty()).unwrap_or(name);
            match name {
                "祝" | "祝日" | "休" | "振休" | "休日" | "振替休日" => {}
                "月" | "火" | "水" | "木" | "金" | "土" | "日" if name == day.weekday() => {}
                "月" | "火" | "水" | "木" | "金" | "土" | "日" => {
                    return Err(ScheduleError::WrongWeekday { date: day, written: name.to_owned() });
                }
                _ => return Err(UNREADABLE),
            }
        }
        self.rest = rest;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scheduled;

    fn read(text: &str, fiscal_year: i32) -> String {
        match Scheduled::parse(text, (fiscal_year > 0).then_some(FiscalYear(fiscal_year))) {
            Err(error) => format!("{error:?}"),
            Ok(schedule) => {
                let days: Vec<String> =
                    schedule.days().iter().take(3).map(|range| format!("{}/{}", range.start, range.end)).collect();
                format!("{} {}", schedule.kind(), days.join(" ")).trim_end().to_owned()
            }
        }
    }

    #[test]
    fn expressions_of_the_contract() {
        for (text, year, wanted) in [
            ("2025-07-17", 0, "days 2025-07-17/2025-07-17"),
            ("2025-07-17/2025-07-18", 0, "days 2025-07-17/2025-07-18"),
            ("令和7年7月17日(木)～18日(金)", 0, "days 2025-07-17/2025-07-18"),
            ("７月17(木)～18日(金)", 2025, "days 2025-07-17/2025-07-18"),
            ("R7.7.17", 0, "days 2025-07-17/2025-07-17"),
            ("R8/3/4", 0, "days 2026-03-04/2026-03-04"),
            ("2025/7/17", 0, "days 2025-07-17/2025-07-17"),
            ("10月21~22日", 2024, "days 2024-10-21/2024-10-22"),
            ("２月26(木)～27日(金)", 2025, "days 2026-02-26/2026-02-27"),
            ("12月30日～1月3日", 2025, "days 2025-12-30/2026-01-03"),
            ("令和7年12月30日～1月3日", 0, "days 2025-12-30/2026-01-03"),
            ("7月27日(日)・29日(火)", 2025, "days 2025-07-27/2025-07-27 2025-07-29/2025-07-29"),
            ("11月3日(月・祝)", 2025, "days 2025-11-03/2025-11-03"),
            ("6月5日から6日まで", 2025, "days 2025-06-05/2025-06-06"),
            ("　６月　５日（木）　", 2025, "days 2025-06-05/2025-06-05"),
            ("６月(調整中)", 2025, "months"),
            ("５・３月", 2025, "months"),
            ("8月と12月の2回", 2025, "months"),
            ("調整中", 0, "undecided"),
            ("(調整中)", 0, "undecided"),
            ("随時", 0, "as_needed"),
            ("隨時", 0, "as_needed"),
            ("通年", 0, "all_year"),
            ("年2回", 0, "times_a_year"),
            ("年に２回程度", 0, "times_a_year"),
            ("中元・歳暮", 0, "season"),
            ("5月上旬", 2025, "part_of_month"),
            ("9月末", 2025, "part_of_month"),
            ("毎月第2土曜日", 2025, "recurring 2025-04-12/2025-04-12 2025-05-10/2025-05-10 2025-06-14/2025-06-14"),
            ("毎週水曜日", 0, "recurring"),
            ("2か月に1回程度", 2025, "recurring"),
            ("土日祝を除く毎日", 2025, "recurring"),
            ("月に1度程度", 2025, "recurring"),
        ] {
            assert_eq!(read(text, year), wanted, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_is_an_error() {
        for (text, year, wanted) in [
            ("7月17日(金)", 2025, "WrongWeekday"),
            ("13月1日", 2025, "ImpossibleDate"),
            ("7月32日", 2025, "ImpossibleDate"),
            ("2026-02-29", 0, "ImpossibleDate"),
            ("来月", 2025, "Unreadable"),
            ("令和0年5月1日", 0, "Unreadable"),
            ("2026-04-19/2026-04-18", 0, "Reversed"),
            ("5月28日", 0, "YearUnknown"),
            ("", 2025, "Unreadable"),
            ("5月", 0, "YearUnknown"),
            ("2026-04-18/04-19", 0, "Unreadable"),
            ("2026-04-18/19", 0, "Unreadable"),
            ("2026-04-18 2026-04-19", 0, "Unreadable"),
        ] {
            assert!(read(text, year).starts_with(wanted), "{text}: {}", read(text, year));
        }
    }

    #[test]
    fn lists_lose_no_part() {
        let join = |texts: [&str; 2]| {
            let parts: Vec<Scheduled> =
                texts.iter().filter_map(|text| Scheduled::parse(text, Some(FiscalYear(2026))).ok()).collect();
            let joined = Scheduled::join(&parts);
            format!("{} {}", joined.kind(), joined.label())
        };
        assert_eq!(join(["6月", "9月"]), "months 2026年6月・9月（日は調整中）");
        assert_eq!(join(["2026-12-05", "調整中"]), "days 2026年12月5日(土)、日程調整中");
        assert_eq!(join(["5月上旬", "10月"]), "part_of_month 2026年5月上旬、2026年10月（日は調整中）");
        assert_eq!(join(["毎月1日", "毎月15日"]), "recurring 毎月1日、毎月15日");
    }

    #[test]
    fn labels_say_year_and_weekday_once() {
        let label = |text: &str| Scheduled::parse(text, Some(FiscalYear(2025))).map(|s| s.label()).unwrap_or_default();
        assert_eq!(label("7月17(木)～18日(金)"), "2025年7月17日(木)～18日(金)");
        assert_eq!(label("12月30日～1月3日"), "2025年12月30日(火)～2026年1月3日(土)");
        assert_eq!(label("5・3月"), "2025年5月・2026年3月（日は調整中）");
    }
}
