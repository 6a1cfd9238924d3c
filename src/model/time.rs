//! Times of day, as `10:00-15:00` or 午前10時～午後3時.

use super::{day::split_number, text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A time of day in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

impl Clock {
    /// Since midnight.
    pub fn minutes(self) -> i32 {
        i32::from(self.0)
    }

    /// 午前10時 / 午後3時30分 / 正午
    pub fn spoken(self) -> String {
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        let minutes = if minute == 0 { String::new() } else { format!("{minute}分") };
        match hour {
            12 if minute == 0 => "正午".to_owned(),
            24 => "夜の12時".to_owned(),
            0..12 => format!("午前{hour}時{minutes}"),
            _ => format!("午後{}時{minutes}", hour - 12),
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From, and mostly until.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// When it begins.
    pub start: Clock,
    /// When it ends, where that is said.
    pub end: Option<Clock>,
}

/// Why a time was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    /// Not a time; where it can be guessed, what was meant.
    Unreadable(Option<String>),
    /// It ends before it begins.
    Reversed,
}

impl TimeRange {
    /// Reads a time or a range of times.
    pub fn parse(written: &str) -> Result<Self, TimeError> {
        let text: String = text::normalise(written).split_whitespace().collect();
        Self::read(&text)
    }

    /// The same for a text that is in its plain form already.
    pub(crate) fn read(text: &str) -> Result<Self, TimeError> {
        const UNREADABLE: TimeError = TimeError::Unreadable(None);
        let (start, half, mut rest) = clock(text, None)?;
        rest = without(rest, &["開始", "開会", "開演", "開場", "開店", "頃", "ごろ"]);
        let until = ["~", "～", "〜", "–", "—", "―", "−", "‐", "-", "ー", "から", "より"];
        let Some(mut second) = until.iter().find_map(|sign| rest.strip_prefix(sign)) else {
            // まで: a deadline is one time only.
            let end = without(rest, &["まで", "までに"]);
            return if end.is_empty() { Ok(Self { start, end: None }) } else { Err(UNREADABLE) };
        };
        second = without(second, &["、"]);
        if second.is_empty() {
            return Ok(Self { start, end: None });
        }
        // 午前 stands for the start only; 午後 holds on.
        let (end, said, rest) = clock(second, half.filter(|half| *half == Half::After))?;
        if !without(rest, &["頃", "ごろ", "終了", "閉会", "閉店", "閉場", "まで"]).is_empty() {
            return Err(UNREADABLE);
        }
        let (noon, evening) = (12 * 60, Clock(end.0 + 12 * 60));
        match half {
            _ if end > start => Ok(Self { start, end: Some(end) }),
            // 午前10時～3時: the end can only be in the afternoon.
            Some(Half::Before) if said.is_none() && end.0 < noon => Ok(Self { start, end: Some(evening) }),
            _ => Err(TimeError::Reversed),
        }
    }

    /// `10:00-15:00`, or `10:00` where the end is not said.
    pub fn machine(self) -> String {
        match self.end {
            Some(end) => format!("{}-{end}", self.start),
            None => self.start.to_string(),
        }
    }

    /// 午前10時から午後3時まで
    pub fn spoken(self) -> String {
        match self.end {
            Some(end) => format!("{}から{}まで", self.start.spoken(), end.spoken()),
            None => format!("{}から", self.start.spoken()),
        }
    }

    /// `10:00～15:00`
    pub fn label(self) -> String {
        match self.end {
            Some(end) => format!("{}～{end}", self.start),
            None => format!("{}～", self.start),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Before,
    After,
}

/// What is left behind any of these words, which may follow each other.
fn without<'a>(mut text: &'a str, words: &[&str]) -> &'a str {
    while let Some(rest) = words.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest;
    }
    text
}

/// A time of day, whether 午前 or 午後 was said, and what stands behind it.
fn clock(text: &str, carried: Option<Half>) -> Result<(Clock, Option<Half>, &str), TimeError> {
    const UNREADABLE: TimeError = TimeError::Unreadable(None);
    if let Some(rest) = text.strip_prefix("正午") {
        return Ok((Clock(12 * 60), None, rest));
    }
    let (half, rest) = if let Some(rest) = text.strip_prefix("午前").or_else(|| text.strip_prefix("AM")) {
        (Some(Half::Before), rest)
    } else if let Some(rest) = text.strip_prefix("午後").or_else(|| text.strip_prefix("PM")) {
        (Some(Half::After), rest)
    } else {
        (None, text)
    };
    let (hour, rest) = split_number(rest).ok_or(UNREADABLE)?;
    let (minute, rest) = if let Some(rest) = rest.strip_prefix('時') {
        if let Some(rest) = rest.strip_prefix('半') {
            (30, rest)
        } else {
            match split_number(rest) {
                Some((minute, rest)) => (minute, rest.strip_prefix('分').unwrap_or(rest)),
                None => (0, rest),
            }
        }
    } else if let Some(rest) = rest.strip_prefix([':', '：']) {
        split_number(rest).ok_or(UNREADABLE)?
    } else if rest.starts_with(['~', '～', '〜', '-', '−']) && rest.contains('時') {
        // 10～15時
        (0, rest)
    } else {
        return Err(UNREADABLE);
    };
    if !(0..=59).contains(&minute) || !(0..=24).contains(&hour) {
        return Err(UNREADABLE);
    }
    let carry = half.is_none() && carried == Some(Half::After) && (1..=11).contains(&hour);
    let hour = match half {
        // 午後17時: the two ways of counting are mixed.
        Some(_) if hour > 12 => {
            let minutes = if minute == 0 { String::new() } else { format!("{minute}分") };
            return Err(TimeError::Unreadable((hour < 24).then(|| format!("午後{}時{minutes}", hour - 12))));
        }
        // 午前12時 is noon in the law and midnight to others, 午後12時 likewise.
        Some(Half::Before) if hour == 12 => {
            let near = if minute == 0 { "正午".to_owned() } else { format!("午後0時{minute}分") };
            return Err(TimeError::Unreadable(Some(near)));
        }
        Some(Half::After) if hour == 12 && minute == 0 => {
            return Err(TimeError::Unreadable(Some("正午".to_owned())));
        }
        Some(Half::After) if hour < 12 => hour + 12,
        None if carry => hour + 12,
        _ => hour,
    };
    let minutes = u16::try_from(hour * 60 + minute).map_err(|_| UNREADABLE)?;
    if minutes > 24 * 60 {
        return Err(UNREADABLE);
    }
    Ok((Clock(minutes), half.or(if carry { carried } else { None }), rest))
}

impl Serialize for TimeRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.end {
            Some(end) => serializer.collect_str(&format_args!("{}-{end}", self.start)),
            None => serializer.collect_str(&self.start),
        }
    }
}

impl<'de> Deserialize<'de> for TimeRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_councils_write_them() {
        for (written, read) in [
            ("10:00-15:00", "10:00～15:00"),
            ("午前10時～午後3時", "10:00～15:00"),
            ("午前９時３０分～１１時００分", "09:30～11:00"),
            ("１０時から１５時まで", "10:00～15:00"),
            ("午前10時～12時", "10:00～12:00"),
            ("午後1時～3時半", "13:00～15:30"),
            ("13:30", "13:30～"),
            ("午前10時～正午", "10:00～12:00"),
            ("10～15時", "10:00～15:00"),
            ("午後1時開会～3時閉会", "13:00～15:00"),
            ("午前11時半〜午後1時半", "11:30～13:30"),
            ("午後0時30分～2時", "12:30～14:00"),
            ("午前10時～3時", "10:00～15:00"),
            ("AM10:00~PM3:00", "10:00～15:00"),
            ("午前10時～午前3時", ""),
            ("15:00必着", ""),
            ("17時まで", "17:00～"),
        ] {
            if read.is_empty() {
                assert!(TimeRange::parse(written).is_err(), "{written}");
                continue;
            }
            assert_eq!(TimeRange::parse(written).map(TimeRange::label), Ok(read.to_owned()), "{written}");
        }
        assert_eq!(TimeRange::parse("15:00-10:00"), Err(TimeError::Reversed));
        assert_eq!(TimeRange::parse("午後17時"), Err(TimeError::Unreadable(Some("午後5時".into()))));
        for written in ["朝", "25:00", "10:75", "", "10"] {
            assert!(TimeRange::parse(written).is_err(), "{written}");
        }
    }
}
