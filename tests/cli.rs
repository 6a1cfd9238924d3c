//! Literate tests of the command line: every `tests/cli/*.md` is a story with commands and exactly what
//! they print. `HEARTNET_UPDATE=1 cargo test --test cli` writes what was printed into the files.
//!
//! A block ```` ```console ```` is run line by line in one fresh folder per file: `$ command`, then its
//! output (stdout and stderr together), then `? 1` where the exit status is not 0. `[..]` stands for
//! anything within a line. A folder `tests/cli/NAME.in/` is copied into the fresh folder first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn stories() {
    let mut stories: Vec<_> = fs::read_dir("tests/cli")
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    stories.sort();
    assert!(!stories.is_empty());
    let mut failures = String::new();
    for story in stories {
        let text = fs::read_to_string(&story).unwrap();
        let (played, differences) = play(&story, &text);
        if std::env::var_os("HEARTNET_UPDATE").is_some() {
            fs::write(&story, played).unwrap();
        } else if !differences.is_empty() {
            let _ = writeln!(failures, "{}:\n{differences}", story.display());
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Runs a story; returns it with what was really printed, and what differs.
fn play(story: &Path, text: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let input = story.with_extension("in");
    if input.is_dir() {
        copy(&input, folder.path());
    }
    let mut played = String::new();
    let mut differences = String::new();
    let mut lines = text.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        let _ = writeln!(played, "{line}");
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let mut wanted = Vec::new();
        while let Some(next) = lines.peek() {
            if next.starts_with("$ ") || next.starts_with("```") {
                break;
            }
            wanted.push(lines.next().unwrap());
        }
        let got = run(command, folder.path());
        let got: Vec<&str> = got.lines().collect();
        let alike = wanted.len() == got.len() && wanted.iter().zip(&got).all(|(wanted, got)| matches(wanted, got));
        if !alike {
            let _ =
                writeln!(differences, "$ {command}\n--- wanted\n{}\n--- got\n{}", wanted.join("\n"), got.join("\n"));
        }
        for line in if alike { &wanted } else { &got } {
            let _ = writeln!(played, "{}", if alike { (*line).to_owned() } else { timeless(line) });
        }
    }
    (played, differences)
}

/// What a build took is another number every time: an update writes `[..]` for it.
fn timeless(line: &str) -> String {
    match line.rsplit_once('　') {
        Some((said, laps)) if laps.contains("秒（") => format!("{said}　[..]"),
        _ => line.to_owned(),
    }
}

fn run(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_heartnet"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .args(["-c", &format!("{command} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("LANG")
        .env_remove("LC_ALL")
        .env("LC_MESSAGES", "C")
        .output()
        .unwrap();
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed = printed.replace(&folder.display().to_string(), "[ROOT]");
    let mut printed = printed.trim_end().to_owned();
    if !output.status.success() {
        let _ = write!(printed, "\n? {}", output.status.code().unwrap_or(-1));
    }
    printed.trim_start_matches('\n').to_owned()
}

/// `[..]` stands for anything.
fn matches(wanted: &str, got: &str) -> bool {
    let mut parts = wanted.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = got.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
