//! Schedules that are words, and counts: 調整中, 随時, 通年, 中元・歳暮, 年2回, 平成26年4月から.

use super::super::{Hint, ScheduleError, Since, Times, When};
use super::days::days;
use super::months::{iso_months, months, one_month};
use super::tidy::{Signs, last_bracket};
use super::{Parsed, UNREADABLE};
use crate::model::day::{FiscalYear, WEEKDAYS, split_number, split_year};

pub(super) fn word(text: &str, said: Option<FiscalYear>) -> Option<When> {
    let bare = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
    Some(match bare {
        "調整中"
        | "日程調整中"
        | "日時調整中"
        | "期日調整中"
        | "未定"
        | "日程未定"
        | "日時未定"
        | "期日未定"
        | "検討中"
        | "後日決定"
        | "後日連絡"
        | "後日お知らせ"
        | "後日お知らせします"
        | "追って連絡"
        | "追ってお知らせ"
        | "決まり次第お知らせ"
        | "決まり次第お知らせします"
        | "決定次第お知らせ"
        | "決まりしだいお知らせ"
        | "決定次第お知らせします"
        | "日程は調整中"
        | "日は調整中"
        | "調整中です"
        | "未定です" => When::Undecided(said),
        "開催日未定" | "時期未定" | "開催日調整中" | "時期調整中" | "年度内" | "年度中" | "今年度中" | "今年度内" => {
            When::Undecided(said)
        }
        "随時"
        | "必要に応じて随時"
        | "随時受付"
        | "随時受け付け"
        | "随時受付中"
        | "随時募集"
        | "必要に応じて"
        | "必要に応じ"
        | "必要時"
        | "その都度"
        | "都度"
        | "適宜"
        | "適時"
        | "不定期"
        | "いつでも"
        | "要相談"
        | "応相談"
        | "ご相談に応じて"
        | "ご希望に応じて"
        | "希望に応じて"
        | "ご希望の日" => When::AsNeeded,
        "通年" | "年間" | "年間を通して" | "年間を通じて" | "1年中" | "一年中" | "年中" | "常時" | "常設"
        | "年中無休" | "通年受付" | "通年販売" => When::AllYear(None),
        "" => return None,
        // 随時（必要に応じて）: the same in other words.
        _ if let Some(when) = twice(bare) => when,
        _ => {
            let of_year = || said.filter(|_| !bare.starts_with("年度")).and_then(|_| season(&format!("年度{bare}")));
            let in_year = || {
                // 令和7年秋
                let (year, rest) = split_year(bare).filter(|(_, rest)| !rest.is_empty() && bare.contains('年'))?;
                season(rest).map(|name| format!("{year}年{name}"))
            };
            return season(bare).or_else(of_year).or_else(in_year).map(When::Season);
        }
    })
}

/// The same word twice, the second time in brackets.
fn twice(text: &str) -> Option<When> {
    let (before, inside) = last_bracket(text).filter(|(before, _)| !before.is_empty())?;
    let when = word(before, None)?;
    (word(inside, None)? == when && !matches!(when, When::Season(_))).then_some(when)
}

/// Times of the year that have a name.
pub(super) fn season(text: &str) -> Option<String> {
    #[rustfmt::skip]
    const NAMES: [&str; 56] = [
        "中元", "歳暮", "春", "夏", "秋", "冬", "初夏", "初秋", "晩秋", "盆", "年末", "年始", "年末年始", "正月", "春季", "夏季",
        "秋季", "冬季", "夏休み", "冬休み", "春休み", "ゴールデンウィーク", "ゴールデンウイーク", "GW", "大型連休", "彼岸",
        "春の彼岸", "秋の彼岸", "上期", "下期", "上半期", "下半期", "前期", "後期", "障害者週間", "障がい者週間", "障害者雇用支援月間",
        "障がい者雇用支援月間", "ノウフクの日", "敬老の日", "バレンタイン", "クリスマス", "母の日", "父の日", "第1四半期", "第2四半期",
        "第3四半期", "第4四半期", "年度当初", "年度初め", "年度始め", "年度はじめ", "年度末", "年度最後", "年度途中", "年度後半",
    ];
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['・', '、', 'と', '/', '~']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let mut signs = behind.chars();
        let sign = signs.next();
        rest = signs.as_str();
        if sign.is_some() && rest.is_empty() {
            return None;
        }
        let mut bare = name.strip_prefix('お').or_else(|| name.strip_prefix('御')).unwrap_or(name);
        // 年度途中 is a name as it stands.
        if !NAMES.contains(&bare) {
            for end in ["に合わせて", "にあわせて", "の時期", "の頃", "頃", "ごろ", "期間中", "期間", "中", "に"]
            {
                bare = bare.strip_suffix(end).filter(|rest| !rest.is_empty()).unwrap_or(bare);
            }
            let shorter = bare.strip_suffix('期').unwrap_or(bare);
            if !NAMES.iter().any(|name| *name == bare || *name == shorter) {
                return None;
            }
        }
        out.push_str(name);
        match sign {
            Some('~') => out.push('～'),
            Some(_) => out.push('・'),
            None => {}
        }
    }
    (!out.is_empty()).then_some(out)
}

/// 年2回, 年に１～２回程度, 年2回（中元・歳暮）, 年2回(6月・12月)
pub(super) fn times_a_year(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    let (bare, inside) = match last_bracket(text) {
        Some((bare, inside)) => (bare, Some(inside)),
        None => (text, None),
    };
    let turned = bare.strip_suffix("/年").map(|count| format!("年{count}"));
    let bare = turned.as_deref().unwrap_or(bare);
    let rest = ["年間に", "年間", "年度に", "年に", "1年に", "毎年度", "毎年", "年"]
        .iter()
        .find_map(|start| bare.strip_prefix(start))?;
    let (least, most, rest) = match rest.strip_prefix('数') {
        Some(rest) => (0, 0, rest),
        None => {
            let (least, rest) = split_number(rest)?;
            match rest.strip_prefix('~').and_then(split_number) {
                Some((most, rest)) => (least, most, rest),
                None => (least, least, rest),
            }
        }
    };
    let rest = rest.strip_prefix(['回', '度'])?;
    let sound = (least > 0 || bare.contains('数')) && least <= most && most <= 366;
    if !matches!(rest, "" | "程度" | "ほど" | "以上" | "位" | "くらい" | "ぐらい") || !sound {
        return None;
    }
    let counts = (u32::try_from(least).ok()?, u32::try_from(most).ok()?);
    let times = |season| Some(Ok(When::TimesAYear(Times { least: counts.0, most: counts.1, season })));
    let Some(inside) = inside else { return times(None) };
    if let Some(name) = season(inside) {
        return times(Some(name));
    }
    let inside = inside.strip_suffix("予定").unwrap_or(inside);
    match months(inside, Signs::all(), fiscal_year)? {
        Ok(When::Months(months)) if months.len() == counts.0 as usize => Some(Ok(When::Months(months))),
        Ok(When::Months(months)) => {
            Some(Err(ScheduleError::WrongCount { said: format!("{least}回"), counted: months.len() }))
        }
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    }
}

/// 平成26年4月から, 令和5年5月8日から: an open end.
pub(super) fn since(text: &str, fiscal_year: Option<FiscalYear>) -> Option<Parsed<When>> {
    let start = text.strip_suffix("から").or_else(|| text.strip_suffix('~')).or_else(|| text.strip_suffix("より"))?;
    if let Some((year, "")) = split_year(start).filter(|_| start.ends_with('年')) {
        return Some(Ok(When::AllYear(Some(Since::Year(year)))));
    }
    if let Some(Ok(When::Months(months))) = iso_months(start)
        && let [month] = months.as_slice()
    {
        return Some(Ok(When::AllYear(Some(Since::Month(*month)))));
    }
    if let Some(month) = start.strip_suffix('月') {
        let month = one_month(month, fiscal_year, None)?;
        return Some(month.map(|month| When::AllYear(Some(Since::Month(month)))));
    }
    Some(match days(start, fiscal_year) {
        Ok(days) => match days.as_slice() {
            [one] if one.start == one.end => Ok(When::AllYear(Some(Since::Day(one.start)))),
            _ => Err(UNREADABLE),
        },
        Err(ScheduleError::Unreadable(_)) => return None,
        Err(error) => Err(error),
    })
}

/// What an unreadable text seems to be.
pub(super) fn hint(text: &str) -> Hint {
    const RELATIVE: [&str; 14] = [
        "来月",
        "今月",
        "先月",
        "再来月",
        "来週",
        "今週",
        "先週",
        "明日",
        "今日",
        "本日",
        "来年",
        "今年",
        "近日",
        "今度",
    ];
    const STATUS: [&str; 3] = ["中止", "延期", "満席"];
    if let Some(word) = RELATIVE.into_iter().find(|word| text.starts_with(word)) {
        return Hint::Relative(word);
    }
    if let Some(word) = STATUS.into_iter().find(|word| text.contains(word)) {
        return Hint::Status(word);
    }
    if text.ends_with("まで") || text.starts_with('~') {
        return Hint::StartMissing;
    }
    if let Some((before, inside)) = last_bracket(text)
        && !before.is_empty()
        && !inside.is_empty()
        && !before.ends_with('(')
        && !WEEKDAYS.iter().any(|day| inside.starts_with(day))
    {
        return Hint::Remark(inside.to_owned());
    }
    Hint::None
}
