//! Single values: telephone numbers, dates, numbers written in full width, and the like.

use crate::diagnostic::Problem;
use crate::model::schedule::{Hint, ScheduleError};
use crate::model::time::TimeError;
use crate::model::{Day, FiscalYear, Scheduled, TimeRange, parse_fiscal_year, text};
use crate::schema::Shape;

/// Reads a text value of a shape; returns it in the form the model keeps.
pub(super) fn text(shape: &Shape, written: String) -> Result<String, Problem> {
    match shape {
        Shape::Kana => match text::not_kana(&written) {
            None => Ok(written),
            Some(bad) => Err(Problem::BadKana { found: written, bad: bad.to_string() }),
        },
        Shape::Id => match bad_id(&written) {
            None => Ok(written),
            Some(problem) => Err(problem),
        },
        Shape::Date => match Day::parse(&written) {
            Some(day) => Ok(day.to_string()),
            None => Err(Problem::BadDate { near: near_date(&written), found: written }),
        },
        Shape::FiscalYear => match parse_fiscal_year(&written) {
            Some(year) => Ok(year.0.to_string()),
            None => Err(Problem::BadFiscalYear { found: written }),
        },
        Shape::Time => match TimeRange::parse(&written) {
            Ok(_) => Ok(written),
            Err(TimeError::Reversed) => Err(Problem::TimeReversed { found: written }),
            Err(TimeError::Unreadable(near)) => Err(Problem::BadTime { found: written, near }),
        },
        Shape::Telephone => telephone(&written).ok_or(Problem::BadTelephone { found: written }),
        Shape::PostalCode => postal_code(&written).ok_or(Problem::BadPostalCode { found: written }),
        Shape::Email => email(&written).ok_or(Problem::BadEmail { found: written }),
        Shape::Url => url(&written).ok_or(Problem::BadUrl { found: written }),
        Shape::CorporateNumber => {
            let digits = digits(&written);
            match corporate_number(&digits) {
                Ok(()) => Ok(digits),
                Err((why, why_en)) => Err(Problem::BadCorporateNumber { found: written, why, why_en }),
            }
        }
        Shape::InvoiceNumber => {
            let folded = text::normalise(&written).trim().to_uppercase();
            let (Some(number), true) = (folded.strip_prefix('T'), folded.is_ascii()) else {
                let why = "「T」から始まっていません。".to_owned();
                return Err(Problem::BadInvoiceNumber {
                    found: written,
                    why,
                    why_en: "it must begin with T".to_owned(),
                });
            };
            // A sole proprietor's number has no public check digit, so only the form is looked at.
            let digits = digits(number);
            if digits.len() == 13 && digits.bytes().all(|b| b.is_ascii_digit()) {
                return Ok(format!("T{digits}"));
            }
            let (why, why_en) =
                ("「T」のあとが13けたの数字ではありません。".to_owned(), "T and 13 digits are needed".to_owned());
            Err(Problem::BadInvoiceNumber { found: written, why, why_en })
        }
        Shape::OfficeNumber => {
            let number = digits(&written);
            if number.len() == 10 { Ok(number) } else { Err(Problem::BadOfficeNumber { found: written }) }
        }
        Shape::AreaCode => {
            let number = digits(&written);
            if number.len() == 5 {
                Ok(number)
            } else {
                Err(Problem::OutOfRange { found: written, range: "01000～47999".to_owned() })
            }
        }
        _ => Ok(written),
    }
}

/// Why an id may not be used, with one that might.
pub(super) fn bad_id(id: &str) -> Option<Problem> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let sound = !id.is_empty() && id.len() <= 80 && id.chars().all(good) && !id.starts_with('-');
    if sound {
        return None;
    }
    let mut suggestion = String::new();
    for c in text::normalise(id).to_lowercase().chars().take(80) {
        if good(c) && !(c == '-' && suggestion.is_empty()) {
            suggestion.push(c);
        } else if matches!(c, ' ' | '_' | '.') && !suggestion.is_empty() && !suggestion.ends_with('-') {
            suggestion.push('-');
        }
    }
    let suggestion = suggestion.trim_matches('-').to_owned();
    let suggestion = if suggestion.is_empty() { "mihon-cookie".to_owned() } else { suggestion };
    Some(Problem::BadId { found: id.to_owned(), suggestion })
}

/// A whole number in any width, with commas, a yen sign or a counter.
pub(super) fn integer(written: &str) -> Result<i64, Problem> {
    const COUNTERS: [&str; 21] = [
        "円",
        "人",
        "名",
        "日",
        "個",
        "食",
        "枚",
        "本",
        "箱",
        "袋",
        "セット",
        "通",
        "件",
        "回",
        "点",
        "冊",
        "部",
        "kg",
        "%",
        "年",
        "歳",
    ];
    let normal = text::normalise(written);
    let mut number = normal.trim().trim_start_matches(['¥', '\\']).trim();
    for counter in COUNTERS {
        if let Some(rest) = number.strip_suffix(counter) {
            number = rest.trim();
            break;
        }
    }
    let (sign, bare) = match number.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let grouped = bare.contains([',', '，', '、']);
    let plain: String = bare.chars().filter(|c| !matches!(c, ',' | '，' | '、')).collect();
    if grouped && !bare.split([',', '，', '、']).skip(1).all(|group| group.len() == 3) {
        return Err(Problem::NotANumber { found: written.to_owned() });
    }
    if let Some((whole, part)) = plain.split_once('.')
        && [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(Problem::NotAnInteger { found: written.to_owned() });
    }
    if plain.is_empty() || plain.len() > 15 || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::NotANumber { found: written.to_owned() });
    }
    plain.parse::<i64>().map(|n| n * sign).map_err(|_| Problem::NotANumber { found: written.to_owned() })
}

/// One month: 4, 4月.
pub(super) fn month(written: &str) -> Option<u8> {
    let text = text::normalise(written);
    let number: u8 = text.trim().strip_suffix('月').unwrap_or(text.trim()).parse().ok()?;
    (1..=12).contains(&number).then_some(number)
}

/// Months in one text: `10-3`, `4`, `4・5・6`, 10月～3月, 通年.
pub(super) fn months(written: &str) -> Option<Vec<u8>> {
    let text: String = text::normalise(written).split_whitespace().collect();
    if text == "通年" {
        return Some((1..=12).collect());
    }
    let text = text.replace(['～', '〜', '~', '–', '—', '―', '−', '‐', 'ー'], "-");
    if let Some((first, last)) = text.split_once('-') {
        let (first, last) = (month(first)?, month(last)?);
        let count = (12 + last - first) % 12;
        return Some((0..=count).map(|step| (first + step - 1) % 12 + 1).collect());
    }
    text.split(['・', '、', ',']).map(month).collect()
}

/// A schedule, or why it cannot be read.
pub(super) fn schedule(written: &str, fiscal_year: Option<FiscalYear>) -> Result<Scheduled, Problem> {
    Scheduled::parse(written, fiscal_year).map_err(|error| schedule_problem(written, error))
}

/// 「12月10日(木)まで」 has no first day, which a deadline does not need.
pub(super) fn without_until(written: &str) -> &str {
    let text = written.trim();
    text.strip_suffix("まで").or_else(|| text.strip_suffix("までに")).unwrap_or(text)
}

/// Why a schedule cannot be read, as it is told.
pub(crate) fn schedule_problem(written: &str, error: ScheduleError) -> Problem {
    let found = written.trim().to_owned();
    let date = |day: Day| format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day());
    match error {
        ScheduleError::Unreadable(hint) => {
            let (how, how_en) = advice(hint);
            Problem::ScheduleUnreadable { found, how, how_en }
        }
        ScheduleError::WrongWeekday { date: day, written } => Problem::WrongWeekday {
            date: date(day),
            right: day.weekday().to_owned(),
            day: format!("{}月{}日", day.0.month(), day.0.day()),
            other: {
                let near = [1, -1, 2, -2, 3, -3].map(|step| day.plus(step));
                let near = near.into_iter().find(|near| near.weekday() == written).unwrap_or(day);
                format!("{}月{}日", near.0.month(), near.0.day())
            },
            written,
        },
        ScheduleError::NotAHoliday { date: day, near } => Problem::NotAHoliday {
            date: date(day),
            near: near.map_or_else(|| "ありません".to_owned(), |(day, name)| format!("{}（{name}）", day.short())),
        },
        ScheduleError::ImpossibleDate { found, near } => Problem::ImpossibleDate { found, near },
        ScheduleError::BeforeEra { found, near } => Problem::BeforeEra { found, near: Some(near) },
        ScheduleError::Reversed => Problem::ScheduleReversed { found },
        ScheduleError::YearUnknown => Problem::YearUnknown { found },
        ScheduleError::MonthUnknown { near } => Problem::MonthUnknown { found, near },
        ScheduleError::Twice { date: day } => Problem::DayTwice { date: day.short() },
        ScheduleError::WrongCount { said, counted } => Problem::WrongCount { said, counted: counted.to_string() },
        ScheduleError::Time { found, error: TimeError::Reversed } => Problem::TimeReversed { found },
        ScheduleError::Time { found, error: TimeError::Unreadable(near) } => Problem::BadTime { found, near },
    }
}

/// What to do about a text that is no schedule, before the list of those that are.
fn advice(hint: Hint) -> (String, String) {
    let (ja, en) = match hint {
        Hint::None => return (String::new(), String::new()),
        Hint::Relative(word) => (
            format!("「{word}」は読む日によって変わります。日付で書いてください。"),
            format!("{word} depends on the day of reading: write the date; "),
        ),
        Hint::Status(word) => (
            format!("「{word}」は日程ではなく status（開催の状態）に書きます。"),
            format!("{word} belongs into `status`; "),
        ),
        Hint::StartMissing => (
            "始まりの日も書いてください（例: 6月1日～7月31日）。".to_owned(),
            "write the first day too (6月1日～7月31日); ".to_owned(),
        ),
        Hint::TooLong => (
            "期間が3年より長くなっています。年を確かめてください。".to_owned(),
            "the range is longer than three years: check the years; ".to_owned(),
        ),
        Hint::Remark(remark) => (
            format!(
                "「（{remark}）」は日程には書けません。会場は venue、予備日は rain_date、そのほかは note か本文に書いてください。"
            ),
            format!("({remark}) belongs into `venue`, `note` or the text; "),
        ),
    };
    (ja, en)
}

fn digits(written: &str) -> String {
    text::normalise(written).chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// The day that is probably meant: with a weekday behind it, without anything between its numbers, or
/// the last one of a month that is shorter than that.
fn near_date(written: &str) -> Option<String> {
    let normal = text::normalise(written);
    let bare = normal.split('(').next().unwrap_or_default().trim();
    if let Some(day) = Day::parse(bare) {
        return Some(day.to_string());
    }
    if bare.len() == 8 && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Day::parse(&format!("{}-{}-{}", &bare[..4], &bare[4..6], &bare[6..])).map(|day| day.to_string());
    }
    let cut = bare.trim_end_matches('日').rfind(|c: char| !c.is_ascii_digit())?;
    let (month, day) = bare.split_at(cut + bare[cut..].chars().next().map_or(0, char::len_utf8));
    let day: u8 = day.trim_end_matches('日').parse().ok()?;
    if !(1..=31).contains(&day) {
        return None;
    }
    (28..=31).rev().find_map(|last| Day::parse(&format!("{month}{last}"))).map(|day| day.to_string())
}

fn telephone(written: &str) -> Option<String> {
    let text: String = text::normalise(written)
        .trim()
        .chars()
        .map(|c| match c {
            '‐' | '−' | '–' | '—' | '―' | 'ー' | '~' => '-',
            c => c,
        })
        .collect();
    let text = text.replace(['(', ')', ' '], "-");
    let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
    let number: String = parts.concat();
    let sound = number.bytes().all(|b| b.is_ascii_digit())
        && number.starts_with('0')
        && matches!(number.len(), 10 | 11)
        && parts.len() <= 4;
    sound.then(|| parts.join("-"))
}

fn postal_code(written: &str) -> Option<String> {
    let text = text::normalise(written).replace(['‐', '−', '–', '—', '―', 'ー'], "-");
    let text = text.trim().trim_start_matches('〒').trim();
    let number: String = text.split('-').collect();
    let sound = number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit()) && text.matches('-').count() <= 1;
    let split_right = text.find('-').is_none_or(|at| at == 3);
    (sound && split_right).then(|| format!("{}-{}", &number[..3], &number[3..]))
}

pub(super) fn email(written: &str) -> Option<String> {
    let text = text::normalise(written).trim().to_owned();
    let (user, host) = text.split_once('@')?;
    let user_ok =
        !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let host_ok = host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    (user_ok && host_ok && text.len() <= 254).then_some(text)
}

/// A web address that is safe to stand in `href`.
pub(super) fn url(written: &str) -> Option<String> {
    let text = written.trim();
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host_ok = !host.is_empty() && !host.starts_with('.') && (host.contains('.') || host.starts_with("localhost"));
    let sound = host_ok && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c));
    sound.then(|| text.to_owned())
}

/// 法人番号: the first digit checks the twelve behind it.
fn corporate_number(digits: &str) -> Result<(), (String, String)> {
    if digits.len() != 13 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let count = digits.chars().count();
        return Err((format!("13けたの数字ですが、{count}文字あります。"), "it needs 13 digits".to_owned()));
    }
    let numbers: Vec<u32> = digits.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 =
        numbers.iter().skip(1).rev().zip([1, 2].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let check = 9 - sum % 9;
    if numbers.first() == Some(&check) {
        Ok(())
    } else {
        Err((
            "1けた目の検査用の数字が合いません。どこかの数字を写し間違えています。".to_owned(),
            "its check digit does not fit".to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_editors_write_them() {
        for (written, number) in
            [("５００", 500), ("500円", 500), ("￥1,200", 1200), (" ３個 ", 3), ("20名", 20), ("-5", -5)]
        {
            assert_eq!(integer(written), Ok(number), "{written}");
        }
        for written in ["千円", "3千", "1,20", "", "300.5", "5-6", "１２３４５６７８９０１２３４５６７"]
        {
            assert!(integer(written).is_err(), "{written}");
        }
    }

    #[test]
    fn corporate_numbers_are_checked() {
        // The National Tax Agency's own number.
        assert_eq!(corporate_number("7000012050002"), Ok(()));
        assert!(corporate_number("7000012050003").is_err());
        assert!(corporate_number("123").is_err());
    }

    #[test]
    fn telephones_mails_and_addresses() {
        assert_eq!(telephone("０２７（０００）０００２").as_deref(), Some("027-000-0002"));
        assert_eq!(telephone("0271234567").as_deref(), Some("0271234567"));
        for written in ["まだない", "27-000-0002", "027-000-00022222", "027-0000-000x"] {
            assert_eq!(telephone(written), None, "{written}");
        }
        assert_eq!(postal_code("〒３７１−００００").as_deref(), Some("371-0000"));
        assert_eq!(postal_code("37-10000"), None);
        assert_eq!(email("info＠example.jp").as_deref(), Some("info@example.jp"));
        assert_eq!(email("info@example"), None);
        assert_eq!(url("https://例え.jp/a?b=1").as_deref(), Some("https://例え.jp/a?b=1"));
        for written in ["javascript:alert(1)", "example.jp", "https://", "https://a b.jp", "https://a.jp/\"x"] {
            assert_eq!(url(written), None, "{written}");
        }
    }

    #[test]
    fn months_may_pass_the_year() {
        assert_eq!(months("10-3"), Some(vec![10, 11, 12, 1, 2, 3]));
        assert_eq!(months("４～６月"), Some(vec![4, 5, 6]));
        assert_eq!(months("13"), None);
        assert_eq!(months("夏"), None);
    }
}
