//! Folder in, folder out: every `tests/sites/CASE/` has a `site/` and an `expected/` with the files that
//! must come out of it, byte for byte but for the fingerprints of static files. Files that are not in `expected/` are not looked at.
//! `HEARTNET_UPDATE=1 cargo test --test sites` writes what came out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::build::{Options, build};
use heartnet::diagnostic::{Lang, render_text};
use heartnet::model::Day;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

#[test]
fn folders() {
    let mut cases: Vec<_> = fs::read_dir("tests/sites").unwrap().flatten().map(|entry| entry.path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut failures = Vec::new();
    for case in cases {
        let out = tempfile::tempdir().unwrap();
        let base_url = fs::read_to_string(case.join("base-url")).ok().map(|text| text.trim().to_owned());
        let options = Options {
            out: Some(out.path().to_owned()),
            base_url,
            as_of: Day::new(2026, 4, 1),
            drafts: case.join("drafts").exists(),
            ..Options::default()
        };
        let outcome = build(&case.join("site"), &options);
        let told: Vec<String> = outcome.diagnostics.iter().map(|d| render_text(d, Lang::Ja, false)).collect();
        assert!(outcome.summary.is_some(), "{}: {}", case.display(), told.concat());
        let expected = case.join("expected");
        let mut files = 0;
        for entry in WalkDir::new(&expected).sort_by_file_name().into_iter().flatten() {
            if !entry.file_type().is_file() {
                continue;
            }
            files += 1;
            let name = entry.path().strip_prefix(&expected).unwrap();
            let wanted = fs::read(entry.path()).unwrap();
            let got = without_fingerprints(name, fs::read(out.path().join(name)).unwrap_or_default());
            if wanted == got {
                continue;
            }
            if std::env::var_os("HEARTNET_UPDATE").is_some() {
                fs::write(entry.path(), &got).unwrap();
            } else {
                failures.push(format!("{}: {}", case.display(), first_difference(name, &wanted, &got)));
            }
        }
        assert!(files > 0, "{} expects nothing", case.display());
        for name in fs::read_to_string(case.join("absent")).unwrap_or_default().lines() {
            assert!(!out.path().join(name).exists(), "{}: {name} should not be there", case.display());
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// `site.5cd8707ac8.css` is `site.*.css`: the pages are looked at here, not the theme's static files.
fn without_fingerprints(name: &Path, bytes: Vec<u8>) -> Vec<u8> {
    if name.extension().is_none_or(|ending| ending != "html") {
        return bytes;
    }
    let text = String::from_utf8(bytes).unwrap();
    let is_print = |part: &str| part.len() == 10 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let parts = text.split('.').map(|part| if is_print(part) { "*" } else { part });
    parts.collect::<Vec<_>>().join(".").into_bytes()
}

fn first_difference(name: &Path, wanted: &[u8], got: &[u8]) -> String {
    let at = wanted.iter().zip(got).position(|(a, b)| a != b).unwrap_or(wanted.len().min(got.len()));
    let around = |bytes: &[u8]| {
        let part = &bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("{} differs at byte {at}\n  wanted …{}…\n  got    …{}…", name.display(), around(wanted), around(got))
}
