//! Whatever stands in a file: something is told or nothing, but nobody panics.
//! `HEARTNET_CASES=20000` looks longer than the few seconds of every day.

use super::{options, site, sound, write};
use heartnet::build;
use proptest::prelude::*;
use proptest::sample::Index;
use std::fs;

/// The files that are mutated, with where the mutant goes.
const VICTIMS: [(&str, usize); 8] = [
    (site::JAM, 4),
    (site::COASTER, 5),
    (site::LIST, 6),
    (site::FAIR, 7),
    (site::RINGO, 2),
    (site::PLAN, 10),
    (site::WORDS, 1),
    (site::SETTINGS, 0),
];

/// What editors' hands and programs put into texts.
const INSERTS: [&str; 24] = [
    ":", "：", "\"", "'", "[", "]", "{", "}", "- ", "-", "\t", "　", "\n", "\r", "---\n", "#", "&a", "*a", "!", "|",
    "\u{feff}", "あ", "<b>", "\0",
];

#[derive(Debug, Clone)]
enum Change {
    Delete(Index, usize),
    Insert(Index, Index),
    RepeatLine(Index),
    DropLine(Index),
    SwapLines(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 1usize..6).prop_map(|(at, count)| Change::Delete(at, count)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, what)| Change::Insert(at, what)),
        any::<Index>().prop_map(Change::RepeatLine),
        any::<Index>().prop_map(Change::DropLine),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::SwapLines(a, b)),
    ]
}

fn mutate(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_owned();
    for change in changes {
        let mut chars: Vec<char> = text.chars().collect();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if chars.is_empty() {
            return text;
        }
        match change {
            Change::Delete(at, count) => {
                let from = at.index(chars.len());
                chars.drain(from..(from + count).min(chars.len()));
                text = chars.into_iter().collect();
            }
            Change::Insert(at, what) => {
                let at = at.index(chars.len());
                chars.splice(at..at, INSERTS[what.index(INSERTS.len())].chars());
                text = chars.into_iter().collect();
            }
            Change::RepeatLine(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at].clone());
                text = lines.concat();
            }
            Change::DropLine(at) => {
                lines.remove(at.index(lines.len()));
                text = lines.concat();
            }
            Change::SwapLines(a, b) => {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
                text = lines.concat();
            }
        }
    }
    text
}

/// Checks a site in which one file is different; every place that is told lies in its file.
fn check_with(changed: &[(&str, Vec<u8>)]) {
    let mut files = sound();
    files.extend(changed.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone())));
    let folder = write(&files);
    for diagnostic in build::check(folder.path(), &options()).diagnostics {
        assert_ne!(diagnostic.problem.code(), "HN0901", "{diagnostic:?}");
        let Some(span) = diagnostic.span else { continue };
        let bytes = fs::read(folder.path().join(&diagnostic.file)).unwrap();
        let breaks = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        assert!(span.start.line <= breaks + 1 && span.start <= span.end, "{diagnostic:?}");
        let _ = super::render_text(&diagnostic, super::Lang::Ja, true);
    }
}

fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("HEARTNET_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn any_bytes_are_survived(
        entry in prop::collection::vec(any::<u8>(), 0..400),
        front in "\\PC{0,200}",
        list in "[ -~\n]{0,200}",
        words in prop::collection::vec(any::<u8>(), 0..400),
        settings in "[ -~あ：　\n\t]{0,200}",
    ) {
        check_with(&[
            ("content/news/bytes.md", entry),
            ("content/news/front.md", format!("---\n{front}\n---\n{front}").into_bytes()),
            ("content/news/list.yaml", list.into_bytes()),
            (site::WORDS, words),
            (site::SETTINGS, settings.into_bytes()),
        ]);
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn mutants_are_survived(
        victim in any::<Index>(),
        mutants in prop::collection::vec(prop::collection::vec(change(), 1..5), 1..12),
    ) {
        // Several mutants at once: the settings and the vocabulary have one place, entries have many.
        let (path, at) = VICTIMS[victim.index(VICTIMS.len())];
        let text = site::FILES[at].1;
        let (stem, ending) = path.rsplit_once('.').unwrap();
        let single = path == site::WORDS || path == site::SETTINGS;
        let changed: Vec<(String, Vec<u8>)> = mutants
            .iter()
            .take(if single { 1 } else { 12 })
            .enumerate()
            .map(|(number, changes)| {
                let name = if number == 0 { path.to_owned() } else { format!("{stem}-{number}.{ending}") };
                (name, mutate(text, changes).into_bytes())
            })
            .collect();
        let changed: Vec<(&str, Vec<u8>)> = changed.iter().map(|(path, bytes)| (path.as_str(), bytes.clone())).collect();
        check_with(&changed);
    }
}

#[test]
fn the_victims_are_where_they_are_said_to_be() {
    for (path, at) in VICTIMS {
        assert_eq!(site::FILES[at].0, path);
    }
}
