//! What a theme's author may count on: a theme of one template, a site that changes one file, one token, one
//! picture. Each changes what it says and nothing else. And the manual names every part there is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::build::{Options, build};
use heartnet::diagnostic::{Lang, render_text};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use walkdir::WalkDir;

/// The site that `heartnet init` makes: an entry of each kind.
fn new_site(folder: &Path) -> std::path::PathBuf {
    let done =
        Command::new(env!("CARGO_BIN_EXE_heartnet")).args(["init", "site"]).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder.join("site")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    all.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// What comes out of a site about which there is nothing to say.
fn built(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let options = Options { out: Some(out.path().to_owned()), as_of: Day::new(2026, 11, 21), ..Options::default() };
    let outcome = build(root, &options);
    let told: Vec<String> = outcome.diagnostics.iter().map(|d| render_text(d, Lang::Ja, false)).collect();
    assert!(told.is_empty(), "{}", told.concat());
    let summary = outcome.summary.unwrap();
    assert!(summary.left_alone.is_empty(), "not minified: {:?}", summary.left_alone);
    let mut all = files(out.path());
    all.retain(|name, _| !name.starts_with(".heartnet/"));
    assert!(all.keys().filter(|name| name.ends_with(".html")).count() > 30);
    all
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn pages(all: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &str)> {
    all.iter().filter(|(name, _)| name.ends_with(".html")).map(|(name, bytes)| (name.as_str(), text(bytes)))
}

/// The one style sheet of a site.
fn style(all: &BTreeMap<String, Vec<u8>>) -> (&str, &str) {
    let mut styles = all.iter().filter(|(name, _)| name.ends_with(".css"));
    let (name, bytes) = styles.next().unwrap();
    assert!(styles.next().is_none(), "more than one style sheet");
    (name, text(bytes))
}

/// Names of the files that are not the same, or not in both.
fn different<'a>(a: &'a BTreeMap<String, Vec<u8>>, b: &'a BTreeMap<String, Vec<u8>>) -> Vec<&'a str> {
    let mut names: Vec<&str> = a.keys().chain(b.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| a.get(*name) != b.get(*name));
    names
}

fn set(root: &Path, line: &str) {
    let path = root.join("heartnet.yaml");
    let key = line.split(':').next().unwrap();
    let old = fs::read_to_string(&path).unwrap();
    let kept: String =
        old.lines().filter(|old| !old.starts_with(&format!("{key}:"))).map(|l| format!("{l}\n")).collect();
    fs::write(path, kept + line + "\n").unwrap();
}

#[test]
fn a_theme_of_one_template_frames_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let root = new_site(folder.path());
    let plain = built(&root);
    let shiro = Path::new("themes/shiro");
    let own = files(shiro);
    assert_eq!(own.keys().collect::<Vec<_>>(), ["static/site.css", "templates/base.html"]);
    for (name, bytes) in &own {
        let to = root.join(shiro).join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    set(&root, "theme: shiro");
    let all = built(&root);
    let (sheet, css) = style(&all);
    assert_ne!(style(&plain).0, sheet);
    assert!(!css.contains("site-header"));
    assert_eq!(
        pages(&all).map(|(name, _)| name).collect::<Vec<_>>(),
        pages(&plain).map(|(name, _)| name).collect::<Vec<_>>()
    );
    for (name, page) in pages(&plain) {
        assert!(page.contains("site-header") && page.contains("hn-display"), "{name}: how the default frame is known");
    }
    for (name, page) in pages(&all) {
        assert!(page.contains("class=shiro"), "{name} has another frame");
        assert_eq!(page.matches("rel=stylesheet").count(), 1, "{name}");
        assert!(page.contains(&format!("/{sheet}")), "{name} has another style sheet");
        for of_default in ["site-header", "site-footer", "site-nav", "hn-display", "display."] {
            assert!(!page.contains(of_default), "{name} has {of_default} of the default theme");
        }
    }
    // The rest falls back: the scripts that the default templates load are there.
    assert!(text(&all["events/index.html"]).contains("/static/events."));
}

#[test]
fn one_template_of_a_site_changes_one_page() {
    let folder = tempfile::tempdir().unwrap();
    let root = new_site(folder.path());
    let plain = built(&root);
    fs::create_dir_all(root.join("templates")).unwrap();
    // Words alone: how many headings and links were looked at stands on the page on accessibility.
    let template = fs::read_to_string("themes/heartnet/templates/404.html").unwrap();
    let own = template.replacen("ページが見つかりません", "ページが見あたりません", 1);
    assert_ne!(own, template);
    fs::write(root.join("templates/404.html"), own).unwrap();
    let changed = built(&root);
    assert!(text(&changed["404.html"]).contains("<h1>ページが見あたりません</h1>"));
    assert_eq!(different(&plain, &changed), ["404.html"]);
}

#[test]
fn what_an_editors_program_leaves_behind_is_no_part_of_a_theme() {
    let room = tempfile::tempdir().unwrap();
    let root = new_site(room.path());
    let before = built(&root);
    let parts = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/heartnet/templates/parts.html");
    for folder in ["templates", "static"] {
        fs::create_dir_all(root.join(folder)).unwrap();
        for name in ["parts.html~", "#parts.html#", ".parts.html.swp", "Thumbs.db"] {
            fs::copy(&parts, root.join(folder).join(name)).unwrap();
        }
    }
    assert_eq!(different(&before, &built(&root)), [""; 0]);
}

#[test]
fn one_token_of_a_site_changes_the_style_sheet_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = new_site(folder.path());
    let plain = built(&root);
    // The colour of links is in no picture.
    set(&root, "tokens: {link: \"light-dark(#0a4d68, #9ad5f0)\"}");
    let changed = built(&root);
    let ((old, before), (new, after)) = (style(&plain), style(&changed));
    assert_ne!(old, new);
    assert!(after.contains("#0a4d68") && after.contains("#9ad5f0") && !before.contains("#0a4d68"));
    let mut count = 0;
    for (name, page) in pages(&plain) {
        assert!(page.replace(old, new) == text(&changed[name]), "{name} has more than another style sheet");
        count += page.matches(old).count();
    }
    assert_eq!(count, pages(&plain).count());
    let others = different(&plain, &changed);
    assert!(others.iter().all(|name| name.ends_with(".html") || *name == old || *name == new), "{others:?}");
}

#[test]
fn a_sites_own_mark_takes_the_place_of_the_themes() {
    let folder = tempfile::tempdir().unwrap();
    let root = new_site(folder.path());
    let plain = built(&root);
    let mark = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8z\"/></svg>\n";
    fs::create_dir_all(root.join("static")).unwrap();
    fs::write(root.join("static/icon.svg"), mark).unwrap();
    let changed = built(&root);
    let icon = |all: &BTreeMap<String, Vec<u8>>| {
        let mut icons = all.keys().filter(|name| name.starts_with("static/icon."));
        let icon = icons.next().unwrap().clone();
        assert_eq!(icons.next(), None);
        icon
    };
    let (old, new) = (icon(&plain), icon(&changed));
    assert_ne!(old, new);
    assert_eq!(text(&changed[&new]), mark);
    for (name, page) in pages(&plain) {
        assert!(page.contains(&old), "{name} shows no mark");
        let same = without_cards(page).replace(&old, &new) == without_cards(text(&changed[name]));
        assert!(same, "{name} has more than another mark");
    }
    let others = different(&plain, &changed);
    let known = |name: &str| {
        name.ends_with(".html") || name.starts_with("og/") || name == "opensearch.xml" || name == old || name == new
    };
    assert!(others.iter().all(|name| known(name)), "{others:?}");
}

/// A page without the pictures for shared links: the mark is on them.
fn without_cards(page: &str) -> String {
    let mut parts = page.split("/og/");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |page, part| page + part.split_once(".png").unwrap().1)
}

/// Names and arguments as `docs/themes.md` writes them: "| `day` | `text` `start` | …".
#[test]
fn the_manual_names_every_part_with_its_arguments() {
    let parts = fs::read_to_string("themes/heartnet/templates/parts.html").unwrap();
    let manual = fs::read_to_string("docs/themes.md").unwrap();
    let mut names = Vec::new();
    for line in parts.split("{%- component ").skip(1) {
        let (name, rest) = line.split_once('(').unwrap();
        let (arguments, _) = rest.split_once(")").unwrap();
        let argument = |text: &str| {
            let (of, default) = text.split_once('=').map_or((text, None), |(of, default)| (of, Some(default.trim())));
            let name = of.split(':').next().unwrap().trim();
            default.map_or_else(|| format!("`{name}`"), |default| format!("`{name} = {default}`"))
        };
        let arguments: Vec<String> =
            arguments.split(',').filter(|text| !text.trim().is_empty()).map(argument).collect();
        let arguments = if arguments.is_empty() { "なし".to_owned() } else { arguments.join(" ") };
        let row = format!("| `{name}` | {arguments} | ");
        assert!(manual.contains(&row), "docs/themes.md has no row {row}");
        names.push(name);
    }
    assert!(names.len() > 30, "{names:?}");
    let after = manual.split_once("| 部品 |").unwrap().1;
    let rows = after.lines().skip(2).take_while(|line| line.starts_with('|'));
    let told: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    let gone: Vec<&&str> = told.iter().filter(|name| !names.contains(name)).collect();
    assert!(gone.is_empty(), "docs/themes.md has parts that are not there: {gone:?}");
}
