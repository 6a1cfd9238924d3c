//! Japan's public holidays (国民の祝日に関する法律), computed.
//!
//! The days follow from the law: fixed days, the Mondays of Happy Monday, the equinoxes by the astronomers'
//! formula (the government announces them a year ahead; the formula has agreed with every announcement),
//! substitutes (振替休日) and the day between two holidays (国民の休日). The years of an enthronement and of
//! the Olympic games have their own days. Before 2007 the law was another one and after 2099 the formula
//! ends: outside those years nothing is said.

use super::Day;

/// Years that are known.
const FIRST: i32 = 2007;
const LAST: i32 = 2099;

/// Whether the holidays of a year are known.
pub fn known(year: i32) -> bool {
    (FIRST..=LAST).contains(&year)
}

/// The name of the holiday a day is, if it is one.
pub fn name(day: Day) -> Option<&'static str> {
    if !known(i32::from(day.0.year())) {
        return None;
    }
    if let Some(name) = own(day) {
        return Some(name);
    }
    // A holiday on a Sunday moves to the next day that is none.
    let mut before = day.plus(-1);
    while own(before).is_some() {
        if before.weekday_index() == 6 {
            return Some("振替休日");
        }
        before = before.plus(-1);
    }
    // A day between two holidays is one too.
    let between = own(day.plus(-1)).is_some() && own(day.plus(1)).is_some();
    between.then_some("国民の休日")
}

/// The holidays from a day to a day, both included.
pub fn between(first: Day, last: Day) -> impl Iterator<Item = (Day, &'static str)> {
    (first.number()..=last.number()).filter_map(Day::from_number).filter_map(|day| Some((day, name(day)?)))
}

/// A holiday by itself, neither substitute nor bridge.
fn own(day: Day) -> Option<&'static str> {
    let (year, month, date) = (i32::from(day.0.year()), day.0.month(), i32::from(day.0.day()));
    let monday = |nth: i32| day.weekday_index() == 0 && (date - 1) / 7 + 1 == nth;
    let games = year == 2020 || year == 2021;
    Some(match month {
        1 if date == 1 => "元日",
        1 if monday(2) => "成人の日",
        2 if date == 11 => "建国記念の日",
        2 if date == 23 && year >= 2020 => "天皇誕生日",
        3 if date == equinox(year, 208_431) => "春分の日",
        4 if date == 29 => "昭和の日",
        5 if date == 1 && year == 2019 => "天皇の即位の日",
        5 if date == 3 => "憲法記念日",
        5 if date == 4 => "みどりの日",
        5 if date == 5 => "こどもの日",
        7 if !games && monday(3) => "海の日",
        7 if year == 2020 && date == 23 || year == 2021 && date == 22 => "海の日",
        7 if year == 2020 && date == 24 || year == 2021 && date == 23 => "スポーツの日",
        8 if year == 2020 && date == 10 || year == 2021 && date == 8 => "山の日",
        8 if !games && date == 11 && year >= 2016 => "山の日",
        9 if monday(3) => "敬老の日",
        9 if date == equinox(year, 232_488) => "秋分の日",
        10 if !games && monday(2) => {
            if year >= 2020 {
                "スポーツの日"
            } else {
                "体育の日"
            }
        }
        10 if date == 22 && year == 2019 => "即位礼正殿の儀の行われる日",
        11 if date == 3 => "文化の日",
        11 if date == 23 => "勤労感謝の日",
        12 if date == 23 && year <= 2018 => "天皇誕生日",
        _ => return None,
    })
}

/// The day of the month of an equinox, 1980 to 2099; `base` in ten-thousandths of a day.
fn equinox(year: i32, base: i32) -> i32 {
    let years = year - 1980;
    (base * 100 + 242_194 * years) / 1_000_000 - years / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i32) -> Vec<String> {
        let (Some(first), Some(last)) = (Day::new(year, 1, 1), Day::new(year, 12, 31)) else { return Vec::new() };
        between(first, last).map(|(day, name)| format!("{}/{} {name}", day.0.month(), day.0.day())).collect()
    }

    /// As the Cabinet Office published them.
    #[test]
    fn holidays_as_the_government_published_them() {
        assert_eq!(
            year(2026),
            [
                "1/1 元日",
                "1/12 成人の日",
                "2/11 建国記念の日",
                "2/23 天皇誕生日",
                "3/20 春分の日",
                "4/29 昭和の日",
                "5/3 憲法記念日",
                "5/4 みどりの日",
                "5/5 こどもの日",
                "5/6 振替休日",
                "7/20 海の日",
                "8/11 山の日",
                "9/21 敬老の日",
                "9/22 国民の休日",
                "9/23 秋分の日",
                "10/12 スポーツの日",
                "11/3 文化の日",
                "11/23 勤労感謝の日",
            ]
        );
        let short =
            |y| year(y).iter().filter_map(|d| d.split(' ').next().map(str::to_owned)).collect::<Vec<_>>().join(" ");
        assert_eq!(
            short(2019),
            "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23"
        );
        assert_eq!(short(2021), "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23");
        assert_eq!(
            short(2024),
            "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23"
        );
        assert_eq!(
            short(2025),
            "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24"
        );
        assert_eq!(short(2027), "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23");
        assert_eq!(
            short(2030),
            "1/1 1/14 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 11/3 11/4 11/23"
        );
    }

    #[test]
    fn equinoxes_of_a_century() {
        // Years in which the day changes, from the almanac.
        for (y, spring, autumn) in
            [(2012, 20, 22), (2016, 20, 22), (2023, 21, 23), (2032, 20, 22), (2060, 20, 22), (2099, 20, 23)]
        {
            assert_eq!((equinox(y, 208_431), equinox(y, 232_488)), (spring, autumn), "{y}");
        }
    }
}
