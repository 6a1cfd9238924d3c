//! `heartnet schedule TEXT`: how a text is read, an editor's test bench.

use super::output::Terminal;
use super::{Status, say};
use crate::diagnostic::{Diagnostic, Lang};
use crate::model::schedule::{DayRange, YearMonth};
use crate::model::{FiscalYear, Scheduled, TimeRange, When, holiday};
use crate::source::schedule_problem;
use clap::ArgMatches;
use serde_json::json;

/// Days shown of a rule that has many.
const MOST: usize = 12;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let year = matches.get_one::<FiscalYear>("fiscal-year").copied();
    let as_json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    let mut status = Status::Done;
    for (at, text) in matches.get_many::<String>("text").into_iter().flatten().enumerate() {
        match Scheduled::parse(text, year) {
            Ok(schedule) if as_json => terminal.result(&machine(text, &schedule)),
            Ok(schedule) => {
                let gap = if at > 0 { "\n" } else { "" };
                terminal.result(&format!("{gap}{}", shown(text, &schedule, terminal.lang)));
            }
            Err(error) => {
                status = Status::Failed;
                let problem = schedule_problem(text, error);
                if as_json {
                    let (message, help) = (problem.message(terminal.lang), problem.help(terminal.lang));
                    let error = json!({"code": problem.code(), "message": message, "help": help});
                    terminal.result(&json!({"text": text, "error": error}).to_string());
                } else {
                    terminal.problem(&Diagnostic::at("TEXT", text, 0..text.len(), problem));
                }
            }
        }
    }
    status
}

fn machine(text: &str, schedule: &Scheduled) -> String {
    let days: Vec<_> = schedule.days().iter().map(|day| json!({"start": day.start, "end": day.end})).collect();
    let months: Vec<String> = schedule.months().into_iter().map(YearMonth::iso).collect();
    json!({
        "text": text,
        "kind": schedule.kind(),
        "label": schedule.label(),
        "short": schedule.short(),
        "spoken": schedule.spoken(),
        "machine": schedule.machine(),
        "time": schedule.time().map(TimeRange::machine),
        "fiscal_year": schedule.fiscal_year,
        "months": months,
        "days": days,
    })
    .to_string()
}

fn shown(text: &str, schedule: &Scheduled, lang: Lang) -> String {
    let mut lines = vec![text.trim().to_owned()];
    let mut row = |ja: &str, en: &str, value: String| {
        // Labels of four characters at most, so that the values stand below each other.
        let label = match lang {
            Lang::Ja => format!("{ja}{}", "　".repeat(5_usize.saturating_sub(ja.chars().count()))),
            Lang::En => format!("{en:<10}"),
        };
        lines.push(format!("  {label}{value}"));
    };
    let kind = schedule.kind();
    row("読み", "reading", schedule.label());
    row("種類", "kind", say(lang, format!("{}（{kind}）", kind_label(kind)), kind.to_owned()));
    if let Some(year) = schedule.fiscal_year {
        row("年度", "year", say(lang, year.label(), year.0.to_string()));
    }
    if !schedule.days().is_empty() {
        row("日にち", "days", list(schedule.days(), lang));
    }
    if let When::Recurring(rule) = &schedule.when
        && schedule.days().is_empty()
        && rule.is_definite()
    {
        let ja = "--fiscal-year を付けると、その年度の日にちが出ます".to_owned();
        row("日にち", "days", say(lang, ja, "give --fiscal-year to see its days".to_owned()));
    }
    if let Some(time) = schedule.time() {
        row("時間", "time", format!("{}（{}）", time.label(), time.spoken()));
    }
    row("短く", "short", schedule.short());
    row("読み上げ", "spoken", schedule.spoken());
    row("機械用", "machine", schedule.machine());
    let days = schedule.days().iter().take(MOST);
    let holidays: Vec<String> = days
        .flat_map(|range| holiday::between(range.start, range.end))
        .map(|(day, name)| format!("{} {name}", day.short()))
        .take(MOST)
        .collect();
    if !holidays.is_empty() {
        row("祝日", "holidays", holidays.join("、"));
    }
    lines.join("\n")
}

fn list(days: &[DayRange], lang: Lang) -> String {
    let one = |range: &DayRange| match range.start == range.end {
        true => range.start.to_string(),
        false => format!("{}/{}", range.start, range.end),
    };
    let mut all: Vec<String> = days.iter().take(MOST).map(one).collect();
    if days.len() > MOST {
        let more = days.len() - MOST;
        all.push(say(lang, format!("ほか{more}日"), format!("and {more} more")));
    }
    all.join(" ")
}

fn kind_label(kind: &str) -> &'static str {
    match kind {
        "days" => "日にちが決まっています",
        "months" => "月が決まっています",
        "part_of_month" => "月のいつごろかが決まっています",
        "recurring" => "くり返します",
        "times_a_year" => "年の回数が決まっています",
        "season" => "季節や時期が決まっています",
        "as_needed" => "必要なときに行います",
        "all_year" => "年を通して行います",
        _ => "まだ決まっていません",
    }
}
