//! `heartnet photos`

use super::output::{Format, Terminal};
use super::{Status, root, say};
use crate::build::{self, About, Note, Options};
use crate::diagnostic::Lang;
use crate::model::Day;
use clap::ArgMatches;
use serde_json::json;

/// What is said of each kind of note: its word for programs, its heading and what to do, in both languages.
fn words(about: About) -> (&'static str, [&'static str; 2], [&'static str; 2]) {
    match about {
        About::Consent => (
            "consent",
            ["掲載の同意が切れる写真", "consent ends"],
            [
                "本人に確かめて、consent_until を新しくするか、写真を外してください（×は、もう載せていません）。",
                "ask again, or take the photo away (× is no longer shown)",
            ],
        ),
        About::Alt => (
            "alt",
            ["説明がないか、伝わらない写真", "no description, or one that says nothing"],
            ["alt に、写っているものを書いてください。", "write what it shows into alt"],
        ),
        About::Blurred => (
            "blurred",
            ["ぼけている写真", "blurred"],
            ["ピントを合わせて撮りなおすと、よくなります。", "take it again in focus"],
        ),
        About::Small => (
            "small",
            ["小さい写真（幅 800 ピクセルより小さい）", "small (less than 800 pixels wide)"],
            [
                "LINE やメールで送った写真は小さくなります。撮ったままのファイルを使ってください。",
                "use the file as the camera made it",
            ],
        ),
        About::Unused => (
            "unused",
            ["使っていない写真", "not used"],
            ["いらなければ、消してかまいません。", "delete what is not needed"],
        ),
    }
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Status {
    let root = match root(matches, terminal) {
        Ok(root) => root,
        Err(status) => return status,
    };
    let options = Options {
        as_of: matches.get_one::<Day>("as-of").copied(),
        progress: Some(super::build::progress(terminal)),
        ..Options::default()
    };
    let (notes, count, outcome) = build::photo_report(&root, &options);
    let as_json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    if as_json {
        let one = |note: &Note| {
            let Note { about, photo, entry, detail } = note;
            json!({"about": words(*about).0, "photo": photo, "entry": entry, "detail": detail})
        };
        let notes: Vec<_> = notes.iter().map(one).collect();
        terminal.result(&json!({"photos": count, "notes": notes}).to_string());
    } else {
        terminal.result(&text(&notes, count, terminal.lang));
    }
    if outcome.failed() {
        terminal.problems(&outcome.diagnostics, Format::Text);
        return if outcome.settings_wrong { Status::Usage } else { Status::Failed };
    }
    Status::Done
}

fn text(notes: &[Note], count: usize, lang: Lang) -> String {
    let mut lines = Vec::new();
    let choose = |two: [&'static str; 2]| match lang {
        Lang::Ja => two[0],
        Lang::En => two[1],
    };
    for group in notes.chunk_by(|a, b| a.about == b.about) {
        let Some(first) = group.first() else { continue };
        let (_, heading, how) = words(first.about);
        lines.push(say(
            lang,
            format!("■ {}（{}）", heading[0], group.len()),
            format!("■ {} ({})", heading[1], group.len()),
        ));
        lines.extend(group.iter().map(|note| {
            let parts = [&note.photo, &note.detail, &note.entry];
            format!("  {}", parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("  "))
        }));
        lines.push(format!("  → {}\n", choose(how)));
    }
    lines.push(match notes.len() {
        0 => say(
            lang,
            format!("写真 {count}枚に、気になるところはありません。"),
            format!("{count} photos, nothing to do"),
        ),
        found => {
            say(lang, format!("写真 {count}枚のうち、{found}件です。"), format!("{found} notes on {count} photos"))
        }
    });
    lines.join("\n")
}
