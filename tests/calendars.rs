//! The addresses of days in people's calendars: a day that is added, moved or over leaves the others alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use heartnet::build::{Options, build};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// DTSTART by UID of the calendar of all events.
fn uids(site: &Path, schedule: &str, more: &str, as_of: (i32, i8, i8)) -> BTreeMap<String, String> {
    let events = site.join("content/events");
    fs::create_dir_all(&events).unwrap();
    for file in ["heartnet.yaml", "content/vocabulary.yaml"] {
        fs::copy(Path::new("tests/sites/schedules/site").join(file), site.join(file)).unwrap();
    }
    let entry = format!("---\ntitle: 会\nkind: meeting\nfiscal_year: 令和8\nschedule: {schedule}\n{more}---\n");
    fs::write(events.join("fair.md"), entry).unwrap();
    let out = site.join("public");
    let options = Options { out: Some(out.clone()), as_of: Day::new(as_of.0, as_of.1, as_of.2), ..Options::default() };
    let outcome = build(site, &options);
    assert!(outcome.summary.is_some(), "{:?}", outcome.diagnostics);
    let text = fs::read_to_string(out.join("events.ics")).unwrap().replace("\r\n ", "");
    let value = |event: &str, name: &str| {
        let line = event.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.rsplit(':').next().unwrap_or_default().to_owned()
    };
    text.split("BEGIN:VEVENT").skip(1).map(|event| (value(event, "UID"), value(event, "DTSTART"))).collect()
}

#[test]
fn a_day_keeps_its_name_when_others_come_and_go() {
    let site = tempfile::tempdir().unwrap();
    let today = (2026, 4, 1);
    let two = uids(site.path(), "[5月16日, 12月12日]", "", today);
    let three = uids(site.path(), "[5月9日, 5月16日, 12月12日]", "", today);
    assert_eq!((two.len(), three.len()), (2, 3));
    for (uid, start) in &two {
        assert_eq!(three.get(uid), Some(start), "{three:?}");
    }
}

#[test]
fn a_single_day_keeps_its_name_when_it_moves() {
    let site = tempfile::tempdir().unwrap();
    let before = uids(site.path(), "5月16日", "", (2026, 4, 1));
    let after = uids(site.path(), "5月23日", "previous: 5月16日\nchanged: 2026-05-01\n", (2026, 5, 2));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert_ne!(before, after);
}

#[test]
fn the_day_of_the_build_makes_no_difference() {
    let site = tempfile::tempdir().unwrap();
    let schedule = "[毎月第2土曜日, 2026-12-20, 調整中]";
    let first = uids(site.path(), schedule, "", (2026, 12, 7));
    assert_eq!(first, uids(site.path(), schedule, "", (2027, 4, 1)));
    assert_eq!(first.len(), 2);
}

#[test]
fn hours_of_several_days_a_year_are_no_second_rule() {
    let site = tempfile::tempdir().unwrap();
    let all = uids(site.path(), "毎年12月3日～9日", "time: 10:00-15:00\n", (2026, 4, 1));
    assert_eq!(all.len(), 1);
    let text = fs::read_to_string(site.path().join("public/events.ics")).unwrap();
    assert_eq!(text.matches("RRULE:").count(), 1, "{text}");
}

#[test]
fn a_put_off_day_is_told_as_cancelled() {
    let site = tempfile::tempdir().unwrap();
    let before = uids(site.path(), "5月16日", "", (2026, 4, 1));
    let more = "status: postponed\nprevious: 5月16日\nchanged: 2026-05-01\n";
    let after = uids(site.path(), "調整中", more, (2026, 5, 2));
    assert_eq!(before, after);
    let text = fs::read_to_string(site.path().join("public/events.ics")).unwrap();
    assert!(text.contains("STATUS:CANCELLED"), "{text}");
}
