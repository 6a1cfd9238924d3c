//! Times of day, as `10:00-15:00` or 午前10時～午後3時.

use super::{day::split_number, text};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A time of day in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

impl Clock {
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
        let text = text.trim_end_matches("まで").replace("から", "~");
        let text = text.replace(['～', '〜', '–', '—', '―', '−', '‐', '-', 'ー'], "~");
        let (first, second) = match text.split_once('~') {
            Some((first, second)) => (first, (!second.is_empty()).then_some(second)),
            None => (text.as_str(), None),
        };
        let (start, half) = parse_clock(first, None)?;
        let end = match second {
            // 午前 stands for the start only where the end would lie before it; 午後 holds on.
            Some(second) => Some(parse_clock(second, half.filter(|half| *half == Half::After))?.0),
            None => None,
        };
        match end {
            Some(end) if end <= start => Err(TimeError::Reversed),
            end => Ok(Self { start, end }),
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

fn parse_clock(text: &str, carried: Option<Half>) -> Result<(Clock, Option<Half>), TimeError> {
    const UNREADABLE: TimeError = TimeError::Unreadable(None);
    if text == "正午" {
        return Ok((Clock(12 * 60), None));
    }
    let (half, rest) = if let Some(rest) = text.strip_prefix("午前") {
        (Some(Half::Before), rest)
    } else if let Some(rest) = text.strip_prefix("午後") {
        (Some(Half::After), rest)
    } else {
        (None, text)
    };
    let (hour, rest) = split_number(rest).ok_or(UNREADABLE)?;
    let minute = match rest.strip_prefix([':', '時']).ok_or(UNREADABLE)? {
        "" if rest.starts_with('時') => 0,
        "半" => 30,
        rest => {
            let (minute, rest) = split_number(rest).ok_or(UNREADABLE)?;
            if !matches!(rest, "" | "分") {
                return Err(UNREADABLE);
            }
            minute
        }
    };
    if !(0..=59).contains(&minute) {
        return Err(UNREADABLE);
    }
    let carry = half.is_none() && carried == Some(Half::After) && (1..=11).contains(&hour);
    let hour = match half {
        Some(half) if hour > 12 => {
            let word = if half == Half::Before { "午前" } else { "午後" };
            return Err(TimeError::Unreadable((hour < 24).then(|| format!("{word}{}時", hour - 12))));
        }
        Some(Half::After) if hour < 12 => hour + 12,
        None if carry => hour + 12,
        _ => hour,
    };
    let minutes = u16::try_from(hour * 60 + minute).map_err(|_| UNREADABLE)?;
    if minutes > 24 * 60 {
        return Err(UNREADABLE);
    }
    Ok((Clock(minutes), half.or(if carry { carried } else { None })))
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
        ] {
            assert_eq!(TimeRange::parse(written).map(TimeRange::label), Ok(read.to_owned()), "{written}");
        }
        assert_eq!(TimeRange::parse("15:00-10:00"), Err(TimeError::Reversed));
        assert_eq!(TimeRange::parse("午後17時"), Err(TimeError::Unreadable(Some("午後5時".into()))));
        for written in ["朝", "25:00", "10:75", "", "10"] {
            assert!(TimeRange::parse(written).is_err(), "{written}");
        }
    }
}
