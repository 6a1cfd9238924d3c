//! Days and ranges: 7月27日(日)・29日(火・祝), 12月30日～1月3日, 2026-04-18/2026-04-19.

use super::super::{DayRange, Hint, ScheduleError};
use super::months::split_count;
use super::tidy::ends_in_weekday;
use super::{COMMAS, Parsed, UNREADABLE};
use crate::model::day::{Day, FiscalYear, WEEKDAYS, split_number, split_year};
use crate::model::holiday;

/// A list of days and ranges: 7月27日(日)・29日(火・祝), 12月30日～1月3日, 2026-04-18/2026-04-19.
pub(super) fn days(text: &str, fiscal_year: Option<FiscalYear>) -> Parsed<Vec<DayRange>> {
    let counted = text.ends_with([')', '回', '間']) && !ends_in_weekday(text);
    let (text, said) = if counted { split_count(text, &["回", "日間"]) } else { (text, None) };
    let text = text.strip_suffix("の両日").or_else(|| text.strip_suffix("両日")).unwrap_or(text);
    let mut reader = Reader { rest: text, fiscal_year, before: None, earlier: None, iso: false };
    let mut days: Vec<DayRange> = Vec::new();
    loop {
        let start = reader.day()?;
        let end = if reader.until() {
            let end = reader.end(start)?;
            if end.number() - start.number() > LONGEST {
                return Err(ScheduleError::Unreadable(Hint::TooLong));
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
        let slash = |rest: &&str| rest.starts_with('/') && text[..text.len() - rest.len()].ends_with([')', '日']);
        let rest = reader.rest;
        reader.rest = match Some(rest).filter(slash) {
            Some(rest) => &rest[1..],
            None => rest.strip_prefix(COMMAS).ok_or(UNREADABLE)?,
        };
    }
    days.sort_unstable();
    if let Some([_, second]) = days.array_windows().find(|[first, second]| second.start <= first.end) {
        return Err(ScheduleError::Twice { date: second.start });
    }
    if let Some(said) = said {
        let total: i32 = days.iter().map(|range| range.end.number() - range.start.number() + 1).sum();
        let fits = [i32::try_from(days.len()).unwrap_or_default(), total].contains(&said);
        if !fits {
            let counted = usize::try_from(total).unwrap_or_default();
            return Err(ScheduleError::WrongCount { said: said.to_string(), counted });
        }
    }
    Ok(days)
}

/// Three years; every month of a range has a page.
const LONGEST: i32 = 3 * 366;

/// The longest range whose end lies behind the fiscal year's border without saying its year.
const LONGEST_ACROSS: i32 = 92;

struct Reader<'a> {
    rest: &'a str,
    fiscal_year: Option<FiscalYear>,
    /// The day before this one in the text, and whether its year was written.
    before: Option<(Day, bool)>,
    /// The one before that.
    earlier: Option<Day>,
    /// Whether the last one was written as 2026-04-18.
    iso: bool,
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
            self.skip("、");
            return true;
        }
        // Between two ISO dates, a slash; between a day and a number, a hyphen.
        let hyphen = self.rest.strip_prefix(['-', 'ー']);
        let slash = self.rest.strip_prefix('/').filter(|rest| matches!(split_year(rest), Some((_, r)) if r != *rest));
        match hyphen.or(slash) {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || "令平昭RHS".contains(c)) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// The end of a range: it may lie behind the fiscal year's border.
    fn end(&mut self, start: Day) -> Parsed<Day> {
        let text = self.rest;
        let (end, year_written) = self.read(true)?;
        if end >= start {
            let natural = year_written
                || end.fiscal_year() == start.fiscal_year()
                || end.number() - start.number() <= LONGEST_ACROSS;
            return if natural { Ok(end) } else { Err(ScheduleError::Reversed) };
        }
        // 3月30日～4月2日: the April behind, not the one before.
        let over = start.0.month() <= 3 && (4..=6).contains(&end.0.month()) && !year_written;
        if over && start.fiscal_year() == end.fiscal_year() {
            let next = FiscalYear(start.fiscal_year().0 + 1);
            let mut again = Reader { rest: text, fiscal_year: Some(next), before: None, earlier: None, iso: false };
            let (end, _) = again.read(false)?;
            if end.number() - start.number() <= LONGEST_ACROSS {
                (self.rest, self.before) = (again.rest, again.before);
                return Ok(end);
            }
        }
        Err(ScheduleError::Reversed)
    }

    fn day(&mut self) -> Parsed<Day> {
        self.read(false).map(|(day, _)| day)
    }

    /// A day, and whether its year was written with it. The end of a range is told reversed before its
    /// weekday is looked at, since the weekday then tells nothing.
    fn read(&mut self, is_end: bool) -> Parsed<(Day, bool)> {
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
        let separated = rest
            .strip_prefix(['月', '/', '.'])
            .or_else(|| rest.strip_prefix('-').filter(|_| year.is_some() || (is_end && self.iso)));
        let (month, day) = match separated.map(|rest| (rest, split_number(rest))) {
            Some((_, Some((day, rest)))) => {
                self.rest = rest;
                (Some(first), Some(day))
            }
            // 9月末日
            Some((rest, None)) if rest.starts_with("末日") => {
                self.rest = &rest["末".len()..];
                (Some(first), None)
            }
            _ if rest.starts_with('月') => return Err(UNREADABLE),
            _ => {
                self.rest = rest;
                (None, Some(first))
            }
        };
        self.iso = all.len() >= 5 && all.as_bytes().get(4) == Some(&b'-');
        let day_said = self.skip("日");
        let found = &all[..all.len() - self.rest.len()];
        let impossible = |near| ScheduleError::ImpossibleDate { found: found.to_owned(), near };
        let written = year.is_some();
        let (year, month, known) = match (year, month, self.before) {
            (Some(year), Some(month), _) => (year, month, true),
            (Some(_), None, _) => return Err(UNREADABLE),
            (None, None, None) if ends_a_day(self.rest) && (day_said || self.rest.starts_with('(')) => {
                return Err(ScheduleError::MonthUnknown { near: None });
            }
            (None, None, None) => return Err(UNREADABLE),
            (None, None, Some((before, known))) => (i32::from(before.0.year()), i32::from(before.0.month()), known),
            (None, Some(month), Some((before, true))) => {
                (i32::from(before.0.year()) + i32::from(month < i32::from(before.0.month())), month, true)
            }
            (None, Some(month), _) => {
                let near = || ScheduleError::YearUnknown;
                let month8 =
                    i8::try_from(month).ok().filter(|m| (1..=12).contains(m)).ok_or_else(|| impossible(None))?;
                (self.fiscal_year.ok_or_else(near)?.year_of(month8), month, false)
            }
        };
        let month = i8::try_from(month).map_err(|_| impossible(None))?;
        let last = || Day::new(year, month, 1).map(Day::month_end);
        let read = match day {
            None => last(),
            Some(day) => i8::try_from(day).ok().and_then(|day| Day::new(year, month, day)),
        };
        let read = read.ok_or_else(|| {
            let near = last().filter(|_| day.is_some_and(|day| day > 0));
            impossible(near.map(|last| format!("{month}月{}日", last.0.day())))
        })?;
        if let Some(near) = written.then(|| era_before(found, read)).flatten() {
            return Err(ScheduleError::BeforeEra { found: found.to_owned(), near });
        }
        let start = self.before.map(|(day, _)| day);
        self.earlier = start;
        self.before = Some((read, known));
        let checked = self.weekday(read);
        if is_end && start.is_some_and(|start| read < start) {
            if !ends_a_day(self.rest) {
                return Err(UNREADABLE);
            }
            // The caller decides; a weekday of the wrong year would only confuse.
            if let Err(ScheduleError::Unreadable(hint)) = checked {
                return Err(ScheduleError::Unreadable(hint));
            }
            return Ok((read, written));
        }
        checked.map(|()| (read, written))
    }

    /// `(土)`, `(火・祝)`, `(土曜日)`, `(祝)`, 土曜日.
    fn weekday(&mut self, day: Day) -> Parsed<()> {
        if let Some(name) = WEEKDAYS.iter().find(|name| self.rest.starts_with(**name)) {
            let rest = &self.rest[name.len()..];
            if let Some(rest) = rest.strip_prefix("曜日").or_else(|| rest.strip_prefix('曜')) {
                self.rest = rest;
                return right_weekday(name, day);
            }
        }
        let mut all = [""; 2];
        let mut count = 0;
        let mut free = false;
        // 10月13日(月)(祝) has two brackets.
        while let Some(rest) = self.rest.strip_prefix('(') {
            let (inside, rest) = rest.split_once(')').ok_or(UNREADABLE)?;
            let known = count;
            let was_free = free;
            for part in inside.split(['・', '、', '/', ' ']) {
                // 11月3日(月・文化の日)
                if part.len() > 6 && holiday::name(day) == Some(part) {
                    free = true;
                    continue;
                }
                let mut name = part.strip_suffix("曜日").or_else(|| part.strip_suffix('曜')).unwrap_or(part);
                for holiday in ["祝日", "祝", "振休", "休日", "休"] {
                    if let Some(rest) = name.strip_suffix(holiday) {
                        free = true;
                        name = rest.strip_suffix("振替").unwrap_or(rest);
                        break;
                    }
                }
                let name = name.strip_suffix("曜日").or_else(|| name.strip_suffix('曜')).unwrap_or(name);
                if WEEKDAYS.contains(&name) {
                    *all.get_mut(count).ok_or(UNREADABLE)? = name;
                    count += 1;
                } else if !(name.is_empty() && free) {
                    if known > 0 || was_free {
                        return Err(UNREADABLE);
                    }
                    return Err(ScheduleError::Unreadable(Hint::Remark(inside.to_owned())));
                }
            }
            self.rest = rest;
        }
        let result = match (&all[..count], self.earlier) {
            ([], _) => Ok(()),
            ([one], _) => right_weekday(one, day),
            // 6日～7日(土・日): the last two days.
            ([first, second], Some(earlier)) if !free => {
                right_weekday(first, earlier).and_then(|()| right_weekday(second, day))
            }
            _ => Err(UNREADABLE),
        };
        result?;
        if free && holiday::known(i32::from(day.0.year())) && holiday::name(day).is_none() {
            let near = (1..=10).flat_map(|step| [step, -step]).find_map(|step| {
                let day = day.plus(step);
                holiday::name(day).map(|name| (day, name))
            });
            return Err(ScheduleError::NotAHoliday { date: day, near });
        }
        Ok(())
    }
}

/// Whether a day may end here.
fn ends_a_day(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['(', '~', 'か', 'ま', 'よ', '・', '、', 'と', '&', '-', 'ー', '/'])
}

fn right_weekday(name: &str, day: Day) -> Parsed<()> {
    if name == day.weekday() {
        return Ok(());
    }
    Err(ScheduleError::WrongWeekday { date: day, written: name.to_owned() })
}

/// 令和元年4月1日 was still 平成: the right name, where an era had not begun.
fn era_before(found: &str, day: Day) -> Option<String> {
    if found.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Names, the first day, the era before, and the year before that one's first.
    type Era = ([&'static str; 3], (i32, i8, i8), &'static str, i32);
    const ERAS: [Era; 3] = [
        (["令和", "R", "r"], (2019, 5, 1), "平成", 1988),
        (["平成", "H", "h"], (1989, 1, 8), "昭和", 1925),
        (["昭和", "S", "s"], (1926, 12, 25), "大正", 1911),
    ];
    let (_, (year, month, date), before, base) =
        ERAS.iter().find(|(names, ..)| names.iter().any(|n| found.starts_with(n)))?;
    let begins = Day::new(*year, *month, *date)?;
    let year = i32::from(day.0.year()) - base;
    (day < begins).then(|| format!("{before}{year}年{}月{}日", day.0.month(), day.0.day()))
}

/// The months of the fiscal year in which the days and weekdays of a text without a month would be right.
pub(super) fn month_that_fits(text: &str, fiscal_year: Option<FiscalYear>) -> Option<String> {
    fiscal_year?;
    let fits: Vec<String> = (4..=12)
        .chain(1..=3)
        .map(|month| format!("{month}月{text}"))
        .filter(|candidate| days(candidate, fiscal_year).is_ok())
        .collect();
    (fits.len() <= 2).then(|| fits.join("」か「")).filter(|near| !near.is_empty())
}
