//! The words of all messages that the rows provoke.

use super::told;
use heartnet::diagnostic::{Lang, render_github, render_json, render_text};

/// Words of the parsers and of the system that mean nothing to an editor.
const ENGLISH: [&str; 16] = [
    "expected",
    "found ",
    "while ",
    "error",
    "invalid",
    "line ",
    "column ",
    "did not",
    "could not",
    "cannot",
    "failed",
    "mapping",
    "sequence",
    "scalar",
    "unknown",
    "directory",
];

/// What the template engine says about a template stays in its own words: whoever writes templates
/// reads its manual too.
const ITS_OWN: [&str; 2] = ["HN0701", "HN0702"];

#[test]
fn no_blank_of_a_message_is_left_open() {
    for (row, diagnostic) in told() {
        for lang in [Lang::Ja, Lang::En] {
            let text = diagnostic.problem.message(lang) + " " + &diagnostic.problem.help(lang).unwrap_or_default();
            let open = text.match_indices('{').any(|(at, _)| {
                let inside = text[at + 1..].split('}').next().unwrap_or_default();
                !inside.is_empty() && inside.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            });
            assert!(!open && !text.contains("「」") && !text.contains("``"), "{}: {text}", row.title);
        }
    }
}

#[test]
fn japanese_messages_are_japanese() {
    let mut fell = String::new();
    for (row, diagnostic) in told().filter(|(_, diagnostic)| !ITS_OWN.contains(&diagnostic.problem.code())) {
        let text = diagnostic.problem.message(Lang::Ja) + " " + &diagnostic.problem.help(Lang::Ja).unwrap_or_default();
        if let Some(word) = ENGLISH.iter().find(|word| text.contains(*word)) {
            fell.push_str(&format!("{}: {word:?} in: {text}\n", row.title));
        }
    }
    assert!(fell.is_empty(), "{fell}");
}

#[test]
fn english_messages_are_there() {
    for (row, diagnostic) in told() {
        let text = diagnostic.problem.message(Lang::En);
        assert!(text.is_ascii() || text.chars().any(|c| c.is_ascii_alphabetic()), "{}: {text}", row.title);
    }
}

#[test]
fn every_rendering_is_sound() {
    for (row, diagnostic) in told() {
        for lang in [Lang::Ja, Lang::En] {
            let json: serde_json::Value = serde_json::from_str(&render_json(diagnostic, lang)).unwrap();
            assert!(json["line"].as_u64() >= Some(1) && json["column"].as_u64() >= Some(1), "{}: {json}", row.title);
            assert!(json["end_line"].as_u64() >= json["line"].as_u64(), "{}: {json}", row.title);
            let github = render_github(diagnostic, lang);
            assert!(github.starts_with("::") && !github.contains('\n'), "{}: {github}", row.title);
            for line in render_text(diagnostic, lang, false).lines() {
                assert!(line.chars().count() < 500, "{}: {line}", row.title);
                assert!(!line.chars().any(char::is_control), "{}: {line:?}", row.title);
            }
        }
    }
}
