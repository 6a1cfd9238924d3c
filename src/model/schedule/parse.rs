//! The parser: one spelling for what means the same, then a few readers that each know one way of writing.
//!
//! The order is: words, rules, months, days. Each reader takes the whole text or none of it; what nobody
//! takes is an error.

mod days;
mod months;
mod rules;
mod tidy;
mod words;

use super::{Hint, ScheduleError, When};
use crate::model::day::{FiscalYear, WEEKDAYS};
use crate::model::time::TimeRange;
use tidy::Signs;

type Parsed<T> = Result<T, ScheduleError>;
const UNREADABLE: ScheduleError = ScheduleError::Unreadable(Hint::None);
/// What stands between the items of a list.
const COMMAS: [char; 4] = ['・', '、', 'と', '&'];

/// Reads one schedule, with the time of day behind it.
pub(super) fn parse(
    written: &str,
    fiscal_year: Option<FiscalYear>,
) -> Parsed<(When, Option<TimeRange>, Option<FiscalYear>)> {
    if written.len() > 600 {
        return Err(UNREADABLE);
    }
    let (tidied, signs) = tidy::tidy(written);
    let tidied = tidy::one_year(tidied)?;
    let (fiscal_year, said, text) = tidy::year_in_front(&tidied, fiscal_year);
    let (text, time) = if signs.has(Signs::TIME) { tidy::split_time(text)? } else { (text.into(), None) };
    let text = tidy::without_remarks(&text);
    if text.is_empty() {
        return match said {
            // 令和5年度(実施予定): some time in that year.
            true if time.is_none() => Ok((When::Undecided(fiscal_year), None, fiscal_year)),
            _ => Err(UNREADABLE),
        };
    }
    Ok((when(text, signs, fiscal_year, said)?, time, fiscal_year))
}

fn when(text: &str, signs: Signs, fiscal_year: Option<FiscalYear>, said: bool) -> Parsed<When> {
    // Most texts are days, and days begin with a number or an era.
    let number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '令' | '平' | '昭' | 'R' | 'H' | 'S'))
        && text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '日' | '月' | ')'));
    if !number && let Some(when) = words::word(text, said.then_some(fiscal_year).flatten()) {
        return Ok(when);
    }
    if signs.has(Signs::COUNT)
        && let Some(result) = words::times_a_year(text, fiscal_year)
    {
        return result;
    }
    if let Some(result) = words::since(text, fiscal_year) {
        return result;
    }
    // 月～金曜日 is a rule, too.
    let weekdays = || WEEKDAYS.iter().any(|day| text.starts_with(day));
    if (signs.has(Signs::RULE) || weekdays())
        && let Some(result) = rules::rule(text, fiscal_year)
    {
        return result;
    }
    if !text.ends_with('日')
        && !tidy::ends_in_weekday(text)
        && let Some(result) = months::months(text, signs, fiscal_year)
    {
        return result;
    }
    days::days(text, fiscal_year).map(When::Days).map_err(|error| match error {
        ScheduleError::Unreadable(Hint::None) => ScheduleError::Unreadable(words::hint(text)),
        ScheduleError::MonthUnknown { .. } => {
            ScheduleError::MonthUnknown { near: days::month_that_fits(text, fiscal_year) }
        }
        error => error,
    })
}
