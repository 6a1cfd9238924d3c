//! One spelling for what means the same: width, blanks, dashes, brackets, old characters; and the parts of a
//! text that stand before and behind the schedule itself.

use super::super::ScheduleError;
use super::{Parsed, UNREADABLE};
use crate::model::day::{FiscalYear, split_number, split_year};
use crate::model::text;
use crate::model::time::TimeRange;
use std::borrow::Cow;

/// 第1回 5月30日、第2回 11月28日: the days are the schedule, the ordinals only number them.
fn without_ordinals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('第') {
        out.push_str(before);
        let day = split_number(behind)
            .and_then(|(_, rest)| rest.strip_prefix('回'))
            .map(|rest| rest.trim_start_matches([':', '、', ' ']));
        match day.filter(|day| day.starts_with(|c: char| c.is_ascii_digit() || "令平RH".contains(c))) {
            Some(day) => {
                if !out.is_empty() && !out.ends_with(['・', '、', 'と']) {
                    out.push('・');
                }
                rest = day;
            }
            None => {
                out.push('第');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Which signs a text has, gathered in one walk, so that most readers need not look.
#[derive(Clone, Copy)]
pub(super) struct Signs(u8);

impl Signs {
    /// A time of day may be in it.
    pub(super) const TIME: u8 = 1;
    /// Something comes again, or is counted.
    pub(super) const RULE: u8 = 2;
    /// 回 or 度.
    pub(super) const COUNT: u8 = 4;
    /// 月.
    pub(super) const MONTH: u8 = 8;
    /// 旬, 末, 頃 and the like.
    pub(super) const PART: u8 = 16;
    /// 及び, 翌年, 自 … 至.
    const AND: u8 = 32;
    /// A number in kanji.
    const KANJI: u8 = 64;

    /// For a part of a text.
    pub(super) fn all() -> Self {
        Self(u8::MAX)
    }

    fn of(text: &str) -> Self {
        let mut signs = 0;
        for c in text.chars() {
            signs |= match c {
                '時' | ':' | '午' | 'A' | 'P' => Self::TIME,
                '毎' | '隔' | '平' | '定' | '除' | '休' => Self::RULE,
                // 第2週, 最終
                '第' | '土' | '各' | '奇' | '偶' => Self::RULE,
                '最' | '週' => Self::RULE | Self::PART,
                'ご' => Self::RULE | Self::PART,
                'お' => Self::RULE | Self::AND,
                '回' | '度' => Self::COUNT | Self::RULE,
                '月' => Self::MONTH,
                '旬' | '末' | '頃' | '頭' | '始' | 'は' | '終' | '後' | '前' => Self::PART,
                '初' | '半' => Self::PART,
                'な' => Self::PART | Self::AND,
                '及' | '並' | '自' | '至' | '翌' | '同' => Self::AND,
                c if KANJI_NUMBERS.contains(&c) => Self::KANJI,
                _ => 0,
            };
        }
        Self(signs)
    }

    pub(super) fn has(self, sign: u8) -> bool {
        self.0 & sign != 0
    }
}

/// One spelling for what means the same, and the signs it has.
pub(super) fn tidy(written: &str) -> (String, Signs) {
    let mut out = String::with_capacity(written.len());
    if tidy_into(written, &mut out).is_none() {
        out.clear();
        // Rare characters (half-width kana, ㈪, ㍻) go the long way.
        let _ = tidy_into(&text::normalise(written), &mut out);
    }
    let signs = Signs::of(&out);
    if signs.has(Signs::AND) {
        for (word, sign) in [
            ("及び", "・"),
            ("並びに", "・"),
            ("および", "・"),
            ("ならびに", "・"),
            ("同月", ""),
            ("同年", ""),
            ("翌年", ""),
            ("翌1", "1"),
            ("翌2", "2"),
            ("翌3", "3"),
        ] {
            if out.contains(word) {
                out = out.replace(word, sign);
            }
        }
        if let Some(rest) = out.strip_prefix('自') {
            out = rest.replacen('至', "~", 1);
        }
    }
    if signs.has(Signs::KANJI) {
        out = arabic(&out);
    }
    if signs.has(Signs::COUNT) && out.contains('第') {
        out = without_ordinals(&out);
    }
    (out, signs)
}

const KANJI_NUMBERS: [char; 11] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/// 十二月三日 → 12月3日: numbers before a counter or behind 第. 四半期 is a word.
fn arabic(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(KANJI_NUMBERS) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.find(|c| !KANJI_NUMBERS.contains(&c)).unwrap_or(from.len());
        let (number, behind) = from.split_at(end);
        let counted = behind
            .starts_with(['年', '月', '日', '回', '度', '時', '分', '週', '、', '・', '~', 'か', '土', '水'])
            || out.ends_with('第');
        match value_of(number).filter(|_| counted) {
            Some(value) => out.push_str(&value.to_string()),
            None => out.push_str(number),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// 二十七 → 27, 二〇二五 → 2025
fn value_of(number: &str) -> Option<usize> {
    let digit = |c: char| KANJI_NUMBERS.iter().position(|k| *k == c);
    if !number.contains('十') {
        // 年二三回 is two or three times, not 23.
        if !matches!(number.chars().count(), 1 | 4) {
            return None;
        }
        return number.chars().try_fold(0, |value: usize, c| value.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (tens, ones) = number.split_once('十')?;
    let one = |text: &str, empty: usize| match text.chars().collect::<Vec<_>>().as_slice() {
        [] => Some(empty),
        [c] => digit(*c).filter(|value| *value < 10),
        _ => None,
    };
    Some(one(tens, 1)? * 10 + one(ones, 0)?)
}

/// 令和7(2025)年 and 令和7年(2025年) say the year twice; once is enough, if both are the same.
pub(super) fn one_year(text: String) -> Parsed<String> {
    let Some(open) = text.find('(').filter(|at| *at > 0) else { return Ok(text) };
    let (before, rest) = text.split_at(open);
    let Some((inside, behind)) = rest[1..].split_once(')') else { return Ok(text) };
    let whole = |text: &str| split_year(text).filter(|(_, rest)| rest.is_empty()).map(|(year, _)| year);
    match (whole(before), whole(inside)) {
        (Some(a), Some(b)) if a == b => {
            let year = if before.ends_with('年') { "" } else { "年" };
            Ok(format!("{before}{year}{}", behind.strip_prefix('年').unwrap_or(behind)))
        }
        (Some(_), Some(_)) => Err(UNREADABLE),
        _ => Ok(text),
    }
}

/// `None` where a character needs to be normalised first.
fn tidy_into(written: &str, out: &mut String) -> Option<()> {
    let mut blank = false;
    for c in written.chars() {
        let c = match c {
            ' ' | '\u{3000}' | '\t' | '\n' | '\r' | '\u{a0}' => {
                blank = true;
                continue;
            }
            // Invisible.
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => continue,
            // ① ② are marks of a list, no digits of what follows.
            '\u{2460}'..='\u{249b}' => {
                if !out.is_empty() {
                    out.push('・');
                }
                continue;
            }
            // Full width.
            '\u{ff01}'..='\u{ff5d}' => char::from_u32(u32::from(c) - 0xfee0)?,
            c => c,
        };
        let c = match c {
            '〜' | '～' | '∼' | '˜' | '–' | '—' | '―' | '−' | '‐' | '‑' | '─' | '~' => '~',
            // What OCR and old type make of it.
            '隨' => '随',
            '豫' => '予',
            '每' => '毎',
            '應' => '応',
            '〔' | '[' | '【' | '{' => '(',
            '〕' | ']' | '】' | '}' => ')',
            '\u{2160}'..='\u{217f}' => return None,
            'ヵ' | 'ヶ' | 'ケ' | '箇' | 'ゖ' => 'か',
            ',' | '､' => '、',
            '･' | '·' | '•' => '・',
            '+' | '＆' => '&',
            c if c.is_ascii_graphic() => c,
            '\u{3001}'..='\u{3093}' | '\u{30a1}'..='\u{30fe}' | '\u{4e00}'..='\u{9fff}' => c,
            c if c == '\u{3094}' || c == '※' => c,
            // Half-width kana, circled numbers, compatibility forms: only NFKC knows them.
            c if text::normalise(c.encode_utf8(&mut [0; 4])) != c.to_string() => return None,
            c if ('\u{ff61}'..='\u{ff9f}').contains(&c) => return None,
            c => c,
        };
        // Blanks mean nothing, but between two numbers they keep them apart.
        if blank && c.is_ascii_digit() && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    Some(())
}

/// 令和7年度 in front of the rest: which year counts, whether the text said it, and the rest.
pub(super) fn year_in_front(text: &str, given: Option<FiscalYear>) -> (Option<FiscalYear>, bool, &str) {
    let Some((year, rest)) = split_year(text) else { return (given, false, text) };
    // The separator 年 has been taken.
    let Some(rest) = rest.strip_prefix('度').filter(|_| text[..text.len() - rest.len()].ends_with('年')) else {
        return (given, false, text);
    };
    let rest = match rest {
        "中" | "内" | "中に" | "内に" | "中(日程調整中)" => "",
        rest => rest.trim_start_matches(['の', '、', '・', ':', 'は', 'に', ' ']),
    };
    (Some(FiscalYear(year)), true, rest)
}

/// The part before a time of day, and the time.
pub(super) fn split_time(text: &str) -> Parsed<(Cow<'_, str>, Option<TimeRange>)> {
    let Some(at) = time_begins(text) else { return Ok((text.into(), None)) };
    let (before, mut time) = text.split_at(at);
    let before = match before.strip_suffix('(') {
        Some(before) => {
            time = time.strip_suffix(')').unwrap_or(time);
            before
        }
        None => before,
    };
    let before = before.trim_end_matches(['、', '・', ' ', 'の', ':', '~']);
    let mut time = without_remarks(time);
    let mut rest = Cow::from(before);
    // 毎週水曜日 10:00～14:00（祝日を除く）: the bracket is the schedule's.
    if let Some((bare, inside)) = last_bracket(time) {
        rest = format!("{before}({inside})").into();
        time = bare;
    }
    let read = TimeRange::read(time);
    Ok((rest, Some(read.map_err(|error| ScheduleError::Time { found: time.to_owned(), error })?)))
}

/// Where 午前, 10:00 or 10時 begins.
fn time_begins(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let word = ["午前", "午後", "正午", "AM", "PM"].into_iter().filter_map(|word| text.find(word)).min();
    let mut digits = None;
    let mut found = None;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_digit() {
            digits = digits.or(Some(at));
            continue;
        }
        if let Some(start) = digits.take()
            && (begins_hours(text, start, at)
                || (*byte == b':' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
                || (text[at..].starts_with('時') && !text[at..].starts_with("時間")))
        {
            found = Some(start);
            break;
        }
    }
    match (word, found) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// 10～15時: the hours of which only the last says so.
fn begins_hours(text: &str, start: usize, end: usize) -> bool {
    let behind = text[end..].strip_prefix(['~', '-']).and_then(split_number);
    let hours = behind.is_some_and(|(_, rest)| rest.starts_with('時') && !rest.starts_with("時間"));
    hours && !text[..start].ends_with(['月', '/', '.'])
}

/// Words at the end that change nothing; what was written is shown beside the reading.
pub(super) fn without_remarks(mut text: &str) -> &str {
    const WORDS: [&str; 22] = [
        "雨天順延",
        "雨天中止",
        "雨天決行",
        "小雨決行",
        "荒天中止",
        "に実施",
        "予定",
        "実施",
        "開催",
        "必着",
        "締切",
        "締め切り",
        "〆切",
        "消印有効",
        "厳守",
        "開始",
        "開会",
        "開演",
        "なくなり次第終了",
        "無くなり次第終了",
        "売り切れ次第終了",
        "を予定",
    ];
    const BRACKETS: [&str; 19] = [
        "要予約",
        "要申込",
        "予約制",
        "予定",
        "仮",
        "実施",
        "実施予定",
        "開催予定",
        "雨天順延",
        "雨天中止",
        "雨天決行",
        "小雨決行",
        "荒天中止",
        "小雨決行・荒天中止",
        "小雨決行、荒天中止",
        "荒天順延",
        "必着",
        "締切",
        "先着順",
    ];
    // Most texts end in a day, a weekday or a number.
    const ENDS: [char; 22] = [
        '、', '。', ' ', ';', '延', '止', '行', '施', '定', '催', '着', '切', 'り', '効', '守', '始', '会', '演', '了',
        ')', '仮', '順',
    ];
    loop {
        let before = text.len();
        if !text.ends_with(ENDS) || ends_in_weekday(text) {
            return text;
        }
        text = text.trim_end_matches(['、', '。', ' ', ';']);
        for word in WORDS {
            // 令和5年度実施予定 is all remark behind the year, 予定 alone is nothing.
            text = text.strip_suffix(word).unwrap_or(text);
        }
        if let Some((rest, inside)) = last_bracket(text)
            && (BRACKETS.contains(&inside) || inside.ends_with("次第終了"))
        {
            text = rest;
        }
        if text.len() == before {
            return text;
        }
    }
}

/// `7月17日(木)`, `29日(火・祝)`: most texts that end in a bracket.
pub(super) fn ends_in_weekday(text: &str) -> bool {
    let inside = text.strip_suffix(')');
    inside.is_some_and(|text| text.ends_with(['月', '火', '水', '木', '金', '土', '日', '祝', '休']))
}

/// `before(inside)` → before, inside; brackets may be nested.
pub(super) fn last_bracket(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(')')?;
    let mut depth = 1;
    for (at, byte) in inner.bytes().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + 1..]));
        }
    }
    None
}
