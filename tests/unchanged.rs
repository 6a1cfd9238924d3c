//! A second build does nothing where nothing changed, and everything as ever where anything did; what it believes of
//! its output and its cache.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use heartnet::build::{self, Options, Outcome};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

const COOKIE: &str = "content/products/mihon-cookie.md";

struct Site {
    root: PathBuf,
    options: Options,
}

impl Site {
    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn build(&self) -> Outcome {
        build::build(&self.root, &self.options)
    }

    /// What a build into an empty folder gives, with what it tells.
    fn clean(&self) -> (Files, Outcome) {
        let out = self.root.with_extension("clean");
        let outcome = build::build(&self.root, &Options { out: Some(out.clone()), ..self.options.clone() });
        let files = files(&out);
        let _ = fs::remove_dir_all(out);
        (files, outcome)
    }

    fn edit(&self, name: &str, change: impl Fn(String) -> String) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        fs::write(self.path(name), change(text)).unwrap();
    }
}

type Files = BTreeMap<String, Vec<u8>>;

fn files(out: &Path) -> Files {
    let all = walkdir::WalkDir::new(out).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
    let all = all.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap()));
    all.filter(|(name, _)| !name.starts_with(".heartnet/")).collect()
}

/// Whether it only compared.
fn rested(outcome: &Outcome) -> bool {
    outcome.summary.as_ref().unwrap().stages.len() == 1
}

/// A change, and whether the next build may find nothing to do.
type Change = (&'static str, fn(&mut Site), bool);

const CHANGES: &[Change] = &[
    ("nothing", |_| {}, true),
    ("the same day, said", |site| site.options.as_of = Day::new(2026, 4, 1), true),
    ("a file of others in the output", |site| fs::write(site.path("public/own.txt"), "x").unwrap(), true),
    ("a text", |site| site.edit(COOKIE, |text| text + "\nもっと。\n"), false),
    ("a price of as many letters", |site| site.edit(COOKIE, |text| text.replacen("300", "310", 1)), false),
    ("a new entry", |site| _ = fs::copy(site.path(COOKIE), site.path("content/products/other.md")).unwrap(), false),
    ("an entry that goes", |site| fs::remove_file(site.path("content/products/cleaning-service.md")).unwrap(), false),
    (
        "an entry of another name",
        |site| {
            fs::rename(site.path("content/products/cleaning-service.md"), site.path("content/products/n.md")).unwrap();
        },
        false,
    ),
    ("a word", |site| site.edit("content/vocabulary.yaml", |text| text + "\n# x\n"), false),
    ("a setting", |site| site.edit("heartnet.yaml", |text| text.replacen("title: ", "title: 新", 1)), false),
    (
        "a style sheet",
        |site| {
            fs::create_dir_all(site.path("static")).unwrap();
            fs::write(site.path("static/own.css"), "p { color: #000 }").unwrap();
        },
        false,
    ),
    ("another day", |site| site.options.as_of = Day::new(2026, 12, 1), false),
    ("another address", |site| site.options.base_url = Some("https://example.jp/x/".to_owned()), false),
    ("drafts", |site| site.options.drafts = true, false),
    ("a page that somebody deleted", |site| fs::remove_file(site.path("public/index.html")).unwrap(), false),
    (
        "a page that somebody wrote into",
        |site| {
            let page = fs::read(site.path("public/index.html")).unwrap();
            fs::write(site.path("public/index.html"), page.iter().rev().copied().collect::<Vec<_>>()).unwrap();
        },
        false,
    ),
];

#[test]
fn a_build_after_any_change_is_a_clean_build() {
    let room = tempfile::tempdir().unwrap();
    let cache = room.path().join("cache");
    let mut sites = Vec::new();
    for (at, _) in CHANGES.iter().enumerate() {
        let root = room.path().join(format!("site{at}"));
        let program = env!("CARGO_BIN_EXE_heartnet");
        assert!(Command::new(program).arg("init").arg(&root).output().unwrap().status.success());
        // Something to warn of, which is told each time.
        let site = Site {
            root,
            options: Options { as_of: Day::new(2026, 4, 1), cache: Some(cache.clone()), ..Options::default() },
        };
        site.edit(COOKIE, |text| text + "\n![IMG_1234](plate.svg)\n");
        fs::write(site.path("assets/plate.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        sites.push(site);
    }
    // Files that were changed a moment ago are not believed. However long a build takes here, this one was.
    let cookie = File::options().write(true).open(sites[0].path(COOKIE)).unwrap();
    cookie.set_modified(SystemTime::now() + Duration::from_secs(3600)).unwrap();
    assert!(!rested(&sites[0].build()) && !rested(&sites[0].build()));
    cookie.set_modified(SystemTime::now()).unwrap();
    std::thread::sleep(Duration::from_millis(2_100));
    for (site, (name, change, may_rest)) in sites.iter_mut().zip(CHANGES) {
        let first = site.build();
        assert!(first.summary.is_some(), "{name}: {:?}", first.diagnostics);
        change(site);
        let second = site.build();
        let (wanted, clean) = site.clean();
        assert_eq!(second.diagnostics, clean.diagnostics, "{name}");
        assert!(
            second.diagnostics.iter().any(|told| told.problem.code() == "HN0306"),
            "{name}: {:?}",
            second.diagnostics
        );
        assert_eq!(second.entries, clean.entries, "{name}");
        let mut found = files(&site.path("public"));
        found.remove("own.txt");
        assert!(found == wanted, "{name}: the output is not that of a clean build");
        assert_eq!(rested(&second), *may_rest, "{name}");
        let (first, second) = (first.summary.unwrap(), second.summary.unwrap());
        if *may_rest {
            let all = (first.pages, first.written + first.unchanged);
            assert_eq!((second.pages, second.written + second.unchanged), all, "{name}");
            assert_eq!((second.written, second.removed), (0, 0), "{name}");
        }
    }
}

fn new_site(root: PathBuf) -> Site {
    let cache = root.with_extension("cache");
    assert!(Command::new(env!("CARGO_BIN_EXE_heartnet")).arg("init").arg(&root).output().unwrap().status.success());
    Site { root, options: Options { as_of: Day::new(2026, 4, 1), cache: Some(cache), ..Options::default() } }
}

/// Files that were written together are of one time and size, and whoever renames their folders changes nothing of them.
#[test]
fn folders_that_change_their_names_are_seen() {
    let room = tempfile::tempdir().unwrap();
    let site = new_site(room.path().join("site"));
    let text = fs::read_to_string(site.path(COOKIE)).unwrap();
    let line = text.lines().find(|line| line.starts_with("name:")).unwrap();
    let [aa, bb] = ["aa", "bb"].map(|id| site.path("content/products").join(id));
    [&aa, &bb].into_iter().for_each(|folder| fs::create_dir_all(folder).unwrap());
    // Mostly the clock has not gone on between the two.
    for _ in 0..200 {
        let times = [(&aa, "りんごの品"), (&bb, "みかんの品")].map(|(folder, name)| {
            fs::write(folder.join("index.md"), text.replace(line, &format!("name: {name}"))).unwrap();
            fs::metadata(folder.join("index.md")).unwrap().modified().unwrap()
        });
        if times[0] == times[1] {
            break;
        }
    }
    std::thread::sleep(Duration::from_millis(2100));
    assert!(!site.build().failed());
    fs::rename(&aa, room.path().join("away")).unwrap();
    fs::rename(&bb, &aa).unwrap();
    fs::rename(room.path().join("away"), &bb).unwrap();
    site.build();
    assert!(files(&site.path("public")) == site.clean().0);
}

/// A theme may lie elsewhere.
#[cfg(unix)]
#[test]
fn a_theme_behind_a_link_is_looked_at() {
    use std::os::unix::fs::symlink;
    let room = tempfile::tempdir().unwrap();
    let mut site = new_site(room.path().join("site"));
    let shared = room.path().join("shared");
    fs::create_dir_all(shared.join("templates")).unwrap();
    fs::create_dir_all(site.path("themes/near")).unwrap();
    symlink(&shared, site.path("themes/far")).unwrap();
    symlink(shared.join("templates"), site.path("themes/near/templates")).unwrap();
    for theme in ["far", "near"] {
        site.edit("heartnet.yaml", |text| {
            let others = text.lines().filter(|line| !line.starts_with("theme:"));
            others.chain([format!("theme: {theme}").as_str()]).map(|line| format!("{line}\n")).collect()
        });
        site.options.out = Some(room.path().join(theme));
        for words in ["はじめ", "つぎ"] {
            let template =
                format!("{{% extends \"base.html\" %}}{{% block content %}}<h1>{words}</h1>{{% endblock %}}");
            fs::write(shared.join("templates/404.html"), template).unwrap();
            site.build();
            assert!(fs::read_to_string(room.path().join(theme).join("404.html")).unwrap().contains(words));
            std::thread::sleep(Duration::from_millis(2100));
            site.build();
            assert!(rested(&site.build()));
        }
    }
}

/// Whoever reads a pipe waits without end.
#[cfg(unix)]
#[test]
fn a_pipe_is_told_and_not_waited_for() {
    let room = tempfile::tempdir().unwrap();
    let site = new_site(room.path().join("site"));
    assert!(Command::new("mkfifo").arg(site.path("content/news/pipe.md")).status().unwrap().success());
    fs::create_dir_all(site.path("static")).unwrap();
    assert!(Command::new("mkfifo").arg(site.path("static/pipe.css")).status().unwrap().success());
    let outcome = site.build();
    assert!(outcome.diagnostics.iter().any(|told| told.file == "content/news/pipe.md"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_taken_away_through_links() {
    let room = tempfile::tempdir().unwrap();
    let site = new_site(room.path().join("site"));
    assert!(site.build().summary.is_some());
    let (own, outside) = (site.path("public/products"), room.path().join("outside"));
    fs::rename(&own, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &own).unwrap();
    let before = files(&outside);
    site.edit(COOKIE, |text| text + "\nもっと。\n");
    let refused = site.build();
    assert!(refused.diagnostics.iter().any(|told| told.problem.code() == "HN0803"), "{:?}", refused.diagnostics);
    fs::remove_file(site.path(COOKIE)).unwrap();
    fs::remove_file(site.path("content/events/spring-bazaar.md")).unwrap();
    assert!(site.build().summary.is_none());
    assert!(files(&outside) == before);
}

#[test]
fn pages_of_entries_that_went_go_even_when_the_list_of_files_is_lost() {
    let room = tempfile::tempdir().unwrap();
    let site = new_site(room.path().join("site"));
    site.build();
    let page = site.path("public/products/cleaning-service/index.html");
    assert!(page.exists());
    fs::remove_file(site.path("public/.heartnet/files.json")).unwrap();
    fs::remove_file(site.path("content/products/cleaning-service.md")).unwrap();
    assert!(site.build().summary.is_some() && !page.exists());
}

#[test]
fn files_are_named_that_changed_and_no_others() {
    let room = tempfile::tempdir().unwrap();
    let mut site = new_site(room.path().join("site"));
    site.options.explain = true;
    let changed = |site: &Site| site.build().summary.unwrap().changed;
    changed(&site);
    // Nothing of it is two seconds old, so no time says anything.
    assert_eq!(changed(&site), Vec::<String>::new());
    site.edit(COOKIE, |text| text.replacen("300", "310", 1));
    assert_eq!(changed(&site), [COOKIE]);
    site.edit(COOKIE, |text| text.replacen("310", "320", 1));
    fs::remove_file(site.path("content/news/open.md")).unwrap();
    assert_eq!(changed(&site), ["content/news/open.md", COOKIE]);
}

#[test]
fn a_damaged_cache_is_said_and_not_used() {
    let room = tempfile::tempdir().unwrap();
    let site = new_site(room.path().join("site"));
    let first = site.build().summary.unwrap();
    assert!(!first.cache_broken);
    for entry in walkdir::WalkDir::new(site.options.cache.clone().unwrap()).into_iter().flatten() {
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            fs::write(entry.path(), &bytes[..bytes.len() / 2]).unwrap();
        }
    }
    let again = site.build().summary.unwrap();
    assert!(again.cache_broken && again.rendered.len() == first.pages && again.written == 0);
    assert!(files(&site.path("public")) == site.clean().0);
}
