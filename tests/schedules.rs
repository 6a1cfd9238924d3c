//! Schedules as councils write them: the hand-written table of readings, and what must hold for any text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use heartnet::model::schedule::ScheduleError;
use heartnet::model::{Day, FiscalYear, Scheduled, When};
use proptest::prelude::*;

fn refusal(error: &ScheduleError) -> &'static str {
    match error {
        ScheduleError::Unreadable(_) => "!unreadable",
        ScheduleError::WrongWeekday { .. } => "!weekday",
        ScheduleError::NotAHoliday { .. } => "!holiday",
        ScheduleError::ImpossibleDate { .. } => "!date",
        ScheduleError::BeforeEra { .. } => "!era",
        ScheduleError::Reversed => "!reversed",
        ScheduleError::YearUnknown => "!year",
        ScheduleError::MonthUnknown { .. } => "!month",
        ScheduleError::Twice { .. } => "!twice",
        ScheduleError::WrongCount { .. } => "!count",
        ScheduleError::Time { .. } => "!time",
    }
}

/// kind, days, time: as the table writes them.
fn reading(text: &str, year: Option<FiscalYear>) -> (String, String, String) {
    let dash = || "-".to_owned();
    let schedule = match Scheduled::parse(text, year) {
        Ok(schedule) => schedule,
        Err(error) => return (refusal(&error).to_owned(), dash(), dash()),
    };
    let open = matches!(schedule.when, When::Months(_) | When::PartOfMonth { .. });
    let days: Vec<String> = if open && schedule.days().is_empty() {
        schedule.months().into_iter().map(heartnet::model::schedule::YearMonth::iso).collect()
    } else {
        let range = |r: &heartnet::model::schedule::DayRange| match r.start == r.end {
            true => r.start.to_string(),
            false => format!("{}/{}", r.start, r.end),
        };
        schedule.days().iter().map(range).collect()
    };
    let days = if days.is_empty() { dash() } else { days.join(" ") };
    let time = schedule.time().map_or_else(dash, heartnet::model::TimeRange::machine);
    (schedule.kind().to_owned(), days, time)
}

/// Every expression of `schedules/expressions.tsv`, written by hand, is read as it says.
#[test]
fn every_expression_is_read_as_a_person_reads_it() {
    let table = include_str!("schedules/expressions.tsv");
    let (mut lines, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, year, kind, days, time] = columns.as_slice() else { panic!("five columns: {line}") };
        lines += 1;
        let (is_kind, is_days, is_time) = reading(text, year.parse().ok().map(FiscalYear));
        let same_days = match days.strip_prefix("N=") {
            Some(count) => is_days.split(' ').count().to_string() == count,
            None => is_days == *days,
        };
        if is_kind != *kind || !same_days || is_time != *time {
            wrong.push(format!(
                "{text} ({year})\n   wanted {kind} {days} {time}\n   read   {is_kind} {is_days} {is_time}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {lines} are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
    assert!(lines >= 300, "only {lines} expressions");
}

/// What is printed for people and for machines is read back as the same value.
#[test]
fn every_reading_of_the_table_is_read_back_from_its_print() {
    let table = include_str!("schedules/expressions.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let year: Option<FiscalYear> = columns[1].parse().ok().map(FiscalYear);
        let Ok(first) = Scheduled::parse(columns[0], year) else { continue };
        // A year that the text itself named is not part of a rule's print.
        let year = first.fiscal_year;
        for print in [first.label(), first.machine()] {
            let again = Scheduled::parse(&print, year).unwrap_or_else(|e| panic!("{line}: 「{print}」: {e:?}"));
            assert_eq!(again.days(), first.days(), "{line}: 「{print}」");
            assert_eq!(again.kind(), first.kind(), "{line}: 「{print}」");
            assert_eq!(again.label(), first.label(), "{line}: 「{print}」");
        }
        let again = Scheduled::parse(&first.machine(), year).unwrap();
        assert_eq!((again.when.clone(), again.time()), (first.when.clone(), first.time()), "{line}");
    }
}

fn any_day() -> impl Strategy<Value = Day> {
    (1990i32..2080, 1i8..=12, 1i8..=31).prop_filter_map("no such day", |(y, m, d)| Day::new(y, m, d))
}

/// Words and signs that schedules are made of, in any order.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "令和",
        "平成",
        "R",
        "元",
        "年",
        "年度",
        "月",
        "日",
        "7",
        "17",
        "２",
        "31",
        "2025",
        "（",
        "）",
        "(木)",
        "（火・祝）",
        "祝",
        "～",
        "-",
        "ー",
        "/",
        ".",
        "・",
        "、",
        "と",
        "から",
        "まで",
        "毎月",
        "毎週",
        "隔週",
        "第",
        "第2",
        "土曜日",
        "水",
        "曜",
        "を除く",
        "の",
        "回",
        "2回",
        "調整中",
        "随時",
        "上旬",
        "末",
        "末日",
        "午前",
        "午後",
        "10時",
        "30分",
        ":00",
        "10:00",
        "予定",
        "\u{3000}",
        " ",
        "中元",
        "通年",
        "8月",
        "年末年始",
        "日間",
        "全3回",
        "㈪",
        "ﾊﾞｻﾞｰ",
        "か月に",
        "程度",
        "に",
        "年2",
    ]);
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in any::<String>(), year in prop::option::of(1990i32..2100)) {
        let _ = Scheduled::parse(&text, year.map(FiscalYear));
    }

    /// Whatever is read can be printed, and the print is read as the same.
    #[test]
    fn what_is_read_is_read_back(text in any_text(), year in prop::option::of(2000i32..2060)) {
        let year = year.map(FiscalYear);
        if let Ok(first) = Scheduled::parse(&text, year) {
            for print in [first.label(), first.machine()] {
                let again = Scheduled::parse(&print, first.fiscal_year);
                prop_assert!(again.is_ok(), "{text}: {print}: {again:?}");
                let again = again.unwrap();
                prop_assert_eq!(again.days(), first.days(), "{}: {}", &text, &print);
                prop_assert_eq!(again.kind(), first.kind(), "{}: {}", &text, &print);
            }
            prop_assert!(first.days().iter().all(|range| range.start <= range.end));
            prop_assert!(!first.spoken().is_empty() && !first.short().is_empty());
        }
    }

    /// Days are read back from every form, with and without their year.
    #[test]
    fn days_are_read_back(start in any_day(), length in 0i32..40, more in prop::option::of(50i32..80)) {
        let end = start.plus(length);
        let later = more.map(|more| start.plus(more));
        let mut days = vec![(start, end)];
        days.extend(later.map(|day| (day, day)));
        let iso: Vec<String> = days.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}/{b}") }).collect();
        let schedule = Scheduled::parse(&iso.join("・"), None).unwrap();
        let found: Vec<(Day, Day)> = schedule.days().iter().map(|r| (r.start, r.end)).collect();
        prop_assert_eq!(&found, &days);
        let year = Some(start.fiscal_year());
        for print in [schedule.label(), schedule.short(), schedule.label().replace(['(', ')'], ""), schedule.machine()] {
            // Without brackets a weekday is only one with 曜 behind it.
            if print.contains("日月") || print.contains("日火") || !print.contains('(') && !print.contains('-') {
                continue;
            }
            if print == schedule.short() && (length > 0 || later.is_some()) {
                continue;
            }
            let again = Scheduled::parse(&print, year);
            prop_assert!(again.is_ok(), "{print}: {again:?}");
            let again = again.unwrap();
            prop_assert_eq!(again.days(), schedule.days(), "{}", print);
        }
    }

    /// Only the right weekday is taken.
    #[test]
    fn the_weekday_is_always_right(day in any_day()) {
        let right = jiff::civil::Date::new(day.0.year(), day.0.month(), day.0.day()).unwrap().weekday();
        for (at, name) in ["月", "火", "水", "木", "金", "土", "日"].into_iter().enumerate() {
            let text = format!("{}年{}月{}日({name})", day.0.year(), day.0.month(), day.0.day());
            let read = Scheduled::parse(&text, None);
            if at == usize::from(u8::try_from(right.to_monday_zero_offset()).unwrap()) {
                prop_assert_eq!(read.unwrap().days().first().map(|range| range.start), Some(day));
            } else {
                prop_assert!(matches!(read, Err(ScheduleError::WrongWeekday { .. })), "{}", text);
            }
        }
    }
}
