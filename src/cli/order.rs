//! `heartnet order read` and `heartnet order allocate`: for the desk.

use super::output::Terminal;
use super::{Status, root, say};
use crate::build;
use crate::model::{Day, Geo};
use crate::order::code::Order;
use crate::order::{desk, read, split, workbook};
use clap::ArgMatches;
use serde_json::json;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let Some((action, matches)) = matches.subcommand() else { return Status::Usage };
    match act(action, matches, terminal) {
        Ok(()) => Status::Done,
        Err((status, told)) => {
            terminal.note(&told);
            status
        }
    }
}

type Told = (Status, String);

fn act(action: &str, matches: &ArgMatches, terminal: &Terminal) -> Result<(), Told> {
    let lang = terminal.lang;
    let root = root(matches, terminal).map_err(|status| (status, String::new()))?;
    let order = order(matches).map_err(|told| (Status::Failed, told))?;
    let as_json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    let (catalog, base) = build::catalog(&root, &build::Options::default()).map_err(|told| {
        told.iter().for_each(|problem| terminal.problem(problem));
        let ja = "記事にエラーがあるので、商品の名前や価格が分かりません。「heartnet check」で見て、直してください。";
        (Status::Failed, say(lang, ja.into(), "the entries have errors; see `heartnet check`".into()))
    })?;
    if action == "read" {
        let receivers = desk::receivers(&catalog, &base, &order);
        if let Some(out) = matches.get_one::<PathBuf>("out") {
            write(out, &workbook::workbook(&desk::sheets(&order, &receivers)))?;
        }
        terminal.result(&if as_json {
            json!({"order": order, "receivers": receivers}).to_string()
        } else {
            desk::text(&order, &receivers)
        });
        return Ok(());
    }
    let until = until(matches, &order, catalog.moment.today)?;
    let history = match matches.get_one::<PathBuf>("history") {
        None => split::History::default(),
        Some(path) => {
            let rows = fs::read(path).map_err(|error| unreadable(path, &error))?;
            let rows = read::rows(&rows).map_err(|told| (Status::Failed, told))?;
            split::history(&rows, catalog.moment.today).map_err(|told| (Status::Failed, told))?
        }
    };
    let strangers = split::strangers(&catalog, &history);
    if !strangers.is_empty() && !as_json {
        let names = strangers.join("」「");
        terminal.note(&say(
            lang,
            format!("履歴の「{names}」という事業所は、カタログにありません。数に入れていません。カタログの名前か番号に直してください。"),
            format!("no facility of the catalog is called “{names}”: their rows of the history do not count"),
        ));
    }
    let given = matches.get_one::<Geo>("near").copied().map(|geo| ("お届け先".to_owned(), geo));
    let near = given.or_else(|| split::place_of(&catalog, &order.who.address));
    let splits = split::split(&catalog, &order, until, &history, near.as_ref().map(|(_, geo)| *geo));
    terminal.result(&if as_json {
        json!({"until": until, "lines": splits, "unknown": strangers}).to_string()
    } else {
        split::text(&splits, until, near.as_ref().map(|(place, _)| place.as_str()))
    });
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Told {
    (Status::Failed, format!("{} を読めません（{}）。", path.display(), crate::source::in_words(error)))
}

/// What came in: a file, a text, or what is piped.
fn order(matches: &ArgMatches) -> Result<Order, String> {
    let words: Vec<&str> = matches.get_many::<String>("order").into_iter().flatten().map(String::as_str).collect();
    let mut bytes = Vec::new();
    let several = words.len() > 1;
    for word in words {
        let before = bytes.len();
        if word == "-" {
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|error| format!("入力を読めません（{error}）。"))?;
        } else if Path::new(word).is_file() {
            bytes.extend(fs::read(word).map_err(|error| unreadable(Path::new(word), &error).1)?);
        } else if word.starts_with("HN1") || word.contains(['{', '#', '\n']) {
            bytes.extend(word.as_bytes());
        } else {
            return Err(format!("「{word}」というファイルはありません。"));
        }
        let part = bytes.get(before..).unwrap_or_default();
        if several && !String::from_utf8_lossy(part).contains("HN1:") {
            return Err("一度に読めるのは、1つの注文です（2つ以上書けるのは、1つの注文の QR コードの文字だけです）。"
                .to_owned());
        }
        // Codes of several sheets stand in lines of their own.
        if !bytes.starts_with(b"PK") {
            bytes.push(b'\n');
        }
    }
    read::read(&bytes)
}

/// Until when: as it is told, else as the buyer wishes.
fn until(matches: &ArgMatches, order: &Order, today: Day) -> Result<Day, Told> {
    let day = matches.get_one::<Day>("by").copied().or_else(|| Day::parse(&order.who.wish));
    let Some(day) = day else {
        let ja = "いつまでか、分かりません。「--by 2026-12-20」のように書いてください。";
        return Err((Status::Usage, ja.to_owned()));
    };
    if day < today {
        return Err((
            Status::Failed,
            format!("希望日（{}）は、もう過ぎています。「--by」で日を書いてください。", day.long()),
        ));
    }
    Ok(day)
}

fn write(out: &Path, bytes: &[u8]) -> Result<(), Told> {
    let new = out.with_extension("xlsx.new");
    fs::write(&new, bytes).and_then(|()| fs::rename(&new, out)).map_err(|error| {
        let _ = fs::remove_file(&new);
        (Status::Failed, format!("{} に書けません（{}）。", out.display(), crate::source::in_words(&error)))
    })
}
