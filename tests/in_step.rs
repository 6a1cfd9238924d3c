//! Things that stand in two places are alike: schema and types, reference page and codes, skeletons and
//! what `check` takes, minified templates and minified pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::diagnostic::reference_page;
use heartnet::model::{Day, Kind};
use heartnet::schema::{self, Shape};
use std::fs;
use std::process::Command;

/// Compares a file of the repository with what the program says, or writes it.
fn in_step(path: &str, wanted: &str) {
    if std::env::var_os("HEARTNET_UPDATE").is_some() {
        fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
        fs::write(path, wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{path} is behind: run HEARTNET_UPDATE=1 cargo test --test in_step");
}

#[test]
fn the_reference_page_is_that_of_the_codes() {
    in_step("docs/problems.md", &reference_page());
}

#[test]
fn json_schemas_are_those_of_the_kinds() {
    for kind in Kind::ALL {
        let text = serde_json::to_string_pretty(&schema::json_schema(kind)).unwrap() + "\n";
        in_step(&format!("docs/schema/{}.json", kind.word()), &text);
    }
}

fn heartnet(root: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_heartnet")).args(arguments).current_dir(root).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// `new` gives every kind; its blanks filled with their own examples, and its comments with them, `check`
/// has nothing to say. So every example of every field is right, and every field of a kind is read.
#[test]
fn skeletons_pass_once_they_are_filled() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let (done, text) = heartnet(folder.path(), &["init", "site"]);
    assert!(done, "{text}");
    for name in ["cookie.jpg", "chirashi.pdf", "form.xlsx"] {
        fs::write(root.join("assets").join(name), "x").unwrap();
    }
    // A plan of the same year would be a second page at one address.
    fs::remove_file(root.join("content/plans/this-year.md")).unwrap();
    for kind in Kind::ALL {
        let id = format!("new-{}", kind.word());
        assert!(heartnet(&root, &["new", kind.word(), &id]).0);
        let path = root.join(format!("content/{}/{id}.md", kind.folder()));
        let blank = fs::read_to_string(&path).unwrap();
        for all in [false, true] {
            let mut filled = String::new();
            for line in blank.lines() {
                let field = line.trim_start_matches("# ").split(':').next().unwrap_or_default();
                let known = schema::fields(kind).find(|known| known.name == field && line.contains(':'));
                let required = line.contains("# 必須");
                match known {
                    Some(known) if required && line.starts_with(&format!("{field}:  #")) => {
                        filled.push_str(&format!("{field}: {}\n", known.example));
                    }
                    // These hide the entry or repeat what another example says.
                    Some(known)
                        if all
                            && line.starts_with("# ")
                            && !matches!(field, "draft" | "hidden" | "expires" | "sessions") =>
                    {
                        if line.starts_with(&format!("# {field}: ")) {
                            filled.push_str(&format!("{field}: {}\n", known.example));
                        }
                    }
                    _ => filled.push_str(&format!("{line}\n")),
                }
            }
            fs::write(&path, &filled).unwrap();
            let (done, text) = heartnet(&root, &["check", "--as-of", "2026-04-01"]);
            assert!(done && !text.contains("error["), "{} (all: {all}):\n{filled}\n{text}", kind.word());
        }
        fs::remove_file(&path).unwrap();
    }
}

/// Every field's example is itself, and every list of fields has each name once.
#[test]
fn fields_are_named_once_and_have_examples() {
    fn walk(fields: &'static [schema::Field]) {
        let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for field in fields {
            match &field.shape {
                Shape::Object(inner) | Shape::Short(inner) => walk(inner),
                Shape::List(Shape::Object(inner) | Shape::Short(inner)) => walk(inner),
                _ => {}
            }
        }
    }
    for kind in Kind::ALL {
        walk(schema::own_fields(kind));
        assert!(schema::fields(kind).all(|field| !field.example.is_empty()));
    }
}

/// Minifying templates instead of pages loses at most 2 % over a whole site.
#[test]
fn pages_are_as_small_as_if_each_had_been_minified() {
    let folder = tempfile::tempdir().unwrap();
    let options = heartnet::build::Options {
        out: Some(folder.path().join("out")),
        as_of: Day::new(2026, 11, 21),
        ..Default::default()
    };
    let outcome = heartnet::build::build(std::path::Path::new("."), &options);
    let summary = outcome.summary.expect("the portal builds");
    assert!(summary.left_alone.is_empty(), "{:?}", summary.left_alone);
    let config = minify_html::Cfg {
        keep_closing_tags: true,
        keep_html_and_head_opening_tags: true,
        keep_input_type_text_attr: true,
        ..Default::default()
    };
    let (mut ours, mut theirs) = (0usize, 0usize);
    for entry in walkdir::WalkDir::new(folder.path().join("out")).into_iter().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "html") {
            let page = fs::read(entry.path()).unwrap();
            ours += page.len();
            theirs += minify_html::minify(&page, &config).len();
        }
    }
    assert!(ours > 0 && ours as f64 <= theirs as f64 * 1.02, "{ours} bytes, minified page by page {theirs}");
}
