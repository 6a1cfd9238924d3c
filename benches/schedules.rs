//! How many schedules are read in a second on one core: every accepted expression of the hand-written
//! table, and those of councils' yearly plans alone. `cargo bench --bench schedules`.
#![allow(clippy::print_stdout, reason = "a bench reports to the terminal")]

use heartnet::model::{FiscalYear, Scheduled};
use mimalloc::MiMalloc;
use std::hint::black_box;
use std::time::Instant;

// As the program itself has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PLANS: [&str; 12] = [
    "調整中",
    "6月4日(火)",
    "７月17(木)～18日(金)",
    "10月21~22日",
    "６月(調整中)",
    "２月26(木)～27日(金)",
    "5月30日",
    "５・３月",
    "随時",
    "年２回",
    "通年",
    "中元・歳暮",
];

fn rate(name: &str, texts: &[(&str, Option<FiscalYear>)]) {
    let mut best = 0.0_f64;
    for _ in 0..7 {
        let started = Instant::now();
        let mut read = 0;
        while started.elapsed().as_millis() < 300 {
            for (text, year) in texts {
                let _ = black_box(Scheduled::parse(black_box(text), *year));
            }
            read += texts.len();
        }
        #[allow(clippy::cast_precision_loss, reason = "a count of a few millions")]
        let rate = read as f64 / started.elapsed().as_secs_f64();
        best = best.max(rate);
    }
    println!("{name}: {:.0} schedules a second ({} expressions)", best, texts.len());
}

fn main() {
    let table = include_str!("../tests/schedules/expressions.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let pick = |wanted: fn(&str) -> bool| -> Vec<(&str, Option<FiscalYear>)> {
        rows.iter()
            .filter_map(|row| match row.as_slice() {
                [text, year, kind, ..] if wanted(kind) => Some((*text, year.parse().ok().map(FiscalYear))),
                _ => None,
            })
            .collect()
    };
    let plans: Vec<(&str, Option<FiscalYear>)> = PLANS.iter().map(|text| (*text, Some(FiscalYear(2025)))).collect();
    rate("yearly plans", &plans);
    rate("days", &pick(|kind| kind == "days"));
    rate("rules with all their days", &pick(|kind| kind == "recurring"));
    rate("all that are accepted", &pick(|kind| !kind.starts_with('!')));
    rate("all that are refused", &pick(|kind| kind.starts_with('!')));
}
