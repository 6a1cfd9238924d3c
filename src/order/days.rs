//! Business days, and what can be made until a day.
//!
//! `static/order/check.js` counts the same for the visitor; the two are held together by `tests/browser/order.test.mjs`.

use crate::model::{Capacity, Day, Period, holiday};

/// Whether workshops are at work: no weekend, no holiday, not the days around New Year.
pub fn is_business(day: Day) -> bool {
    let new_year = matches!((day.0.month(), day.0.day()), (12, 29..=31) | (1, 1..=3));
    day.weekday_index() < 5 && holiday::name(day).is_none() && !new_year
}

/// So many business days later; the next business day for none.
pub fn after(day: Day, business: u64) -> Day {
    let mut day = day;
    let mut left = business;
    // Nobody waits ten years: a number beyond all reason ends here, too.
    for _ in 0..3_660 {
        if left == 0 && is_business(day) {
            return day;
        }
        day = day.next();
        if is_business(day) {
            left = left.saturating_sub(1);
        }
    }
    day
}

/// How much is made from the day after an order until a day, both included, in the months of its season.
pub fn makes(capacity: Capacity, season: &[u8], ordered: Day, until: Day) -> u64 {
    let in_season =
        |day: &Day| season.is_empty() || u8::try_from(day.0.month()).is_ok_and(|month| season.contains(&month));
    let all = || (ordered.number() + 1..=until.number()).filter_map(Day::from_number).filter(in_season);
    let days = || all().count() as u64;
    let most = |amount: u64, times: u64, of: u64| {
        let all = u128::from(amount) * u128::from(times) / u128::from(of);
        u64::try_from(all).unwrap_or(u64::MAX)
    };
    match capacity.per {
        Period::Day => most(capacity.amount, all().filter(|day| is_business(*day)).count() as u64, 1),
        Period::Week => most(capacity.amount, days(), 7),
        Period::Month => most(capacity.amount, days(), 30),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("is a day")
    }

    #[test]
    fn holidays_and_new_year_are_no_business_days() {
        // Golden week and the turn of the year.
        assert_eq!(after(day("2026-04-28"), 1), day("2026-04-30"));
        assert_eq!(after(day("2026-05-01"), 1), day("2026-05-07"));
        assert_eq!(after(day("2026-12-28"), 1), day("2027-01-04"));
        assert_eq!((after(day("2026-11-28"), 0), after(day("2026-11-27"), 0)), (day("2026-11-30"), day("2026-11-27")));
    }

    #[test]
    fn what_is_made_grows_with_the_days() {
        let per = |per| Capacity { amount: 300, per };
        let (from, until) = (day("2026-11-30"), day("2026-12-14"));
        assert_eq!(makes(per(Period::Day), &[], from, until), 300 * 10);
        assert_eq!(makes(per(Period::Week), &[], from, until), 600);
        assert_eq!(makes(per(Period::Month), &[], from, until), 140);
        assert_eq!(makes(per(Period::Week), &[], until, from), 0);
        // Nothing is made outside of its season.
        let may = |capacity| makes(capacity, &[5, 6], from, day("2027-05-06"));
        assert_eq!(may(Capacity { amount: 10, per: Period::Day }), 10);
        assert_eq!(may(Capacity { amount: 70, per: Period::Week }), 60);
        assert_eq!(makes(Capacity { amount: u64::MAX, per: Period::Day }, &[], from, until), u64::MAX);
    }
}
