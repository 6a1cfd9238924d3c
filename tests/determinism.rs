//! Same input, same bytes; and only what an edit reaches is written again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::build::{Options, Outcome, Summary, build};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// A site of a few hundred entries. `backwards` writes its files in the opposite order, so that the
/// folder gives them in another one.
fn write_site(root: &Path, backwards: bool) {
    let mut files: Vec<(String, String)> = vec![
        (
            "heartnet.yaml".into(),
            "title: みほん\nbase_url: https://example.jp/\ndesk: {name: 窓口, tel: 027-000-0000}\n".into(),
        ),
        (
            "content/vocabulary.yaml".into(),
            "procurement: [{id: food, group: 物品, label: 食料品, kana: しょくりょうひん}]\n\
             categories: [{id: yaki, label: 焼き菓子, kana: やきがし, procurement: food, tax: 8}, {id: pan, label: パン, kana: ぱん, procurement: food, tax: 8}]\n\
             areas: [{id: maebashi, label: 前橋市, kana: まえばしし, code: \"10201\"}]\n\
             facility_kinds: [{id: b, label: B型, kana: びーがた}]\n\
             event_kinds: [{id: bazaar, label: バザール, kana: ばざーる}]\n\
             allergens: [{from: 2026-04-01, mandatory: [卵, 乳]}]\n\
             taxes: [{from: 2019-10-01, reduced: 8, standard: 10}]\n"
                .into(),
        ),
    ];
    for n in 0..20 {
        files.push((
            format!("content/facilities/f{n}.md"),
            format!("---\nname: 事業所{n}\nkana: じぎょうしょ\nkinds: [b]\narea: maebashi\ntel: 027-000-{n:04}\n---\n本文{n}。\n"),
        ));
        files.push((
            format!("content/events/e{n}.md"),
            format!("---\ntitle: バザール{n}\nkind: bazaar\nschedule: 2026-0{}-1{}\nfacilities: [f{n}]\nproducts: [p{n}]\n---\n", n % 6 + 3, n % 9),
        ));
        files.push((
            format!("content/news/n{n}.md"),
            format!("---\ndate: 2026-03-0{}\ntitle: お知らせ{n}\n---\n[品](product:p{n})\n", n % 9 + 1),
        ));
    }
    for n in 0..120 {
        let (maker, other) = (n % 20, (n * 7 + 1) % 20);
        let makers = if maker == other { format!("[f{maker}]") } else { format!("[f{maker}, f{other}]") };
        files.push((
            format!("content/products/{}/p{n}.md", ["a", "b"][n % 2]),
            format!(
                "---\nname: クッキー{n}\nkana: くっきー\nmakers: {makers}\ncategory: {}\nprice: {}\nallergens: {{free_of: mandatory}}\n---\n**「本文」**{n}です。\n",
                ["yaki", "pan"][n % 2],
                100 + n
            ),
        ));
    }
    if backwards {
        files.reverse();
    }
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn run(root: &Path, out: &Path, threads: usize) -> Outcome {
    let options = Options { out: Some(out.to_owned()), as_of: Day::new(2026, 4, 1), ..Options::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| build(root, &options))
}

/// What was drawn once is not drawn again, also for another folder; what the cache has lost or spoilt is.
#[test]
fn pictures_are_drawn_once() {
    let (site, cache, plain) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_site(site.path(), false);
    let run = |out: &Path, cache: &Path| {
        let options = Options {
            out: Some(out.to_owned()),
            as_of: Day::new(2026, 4, 1),
            cache: Some(cache.to_owned()),
            ..Options::default()
        };
        summary(build(site.path(), &options))
    };
    let (one, two, three) = (plain.path().join("1"), plain.path().join("2"), plain.path().join("3"));
    let first = run(&one, cache.path());
    assert!(first.drawn > 5 && first.drawn_cached == 0, "{first:?}");
    let second = run(&two, cache.path());
    assert_eq!((second.drawn, second.drawn_cached), (0, first.drawn));
    let again = run(&one, cache.path());
    assert_eq!((again.drawn, again.written), (0, 0));
    let mut kept = WalkDir::new(cache.path()).into_iter().flatten().filter(|e| e.file_type().is_file());
    let is_picture = |path: &Path| fs::read(path).unwrap().windows(4).take(64).any(|bytes| bytes == b"\x89PNG");
    let spoilt = kept.find(|entry| is_picture(entry.path())).unwrap();
    fs::write(spoilt.path(), "x").unwrap();
    let mended = run(&three, cache.path());
    assert!(mended.drawn == 1 && mended.cache_broken, "{mended:?}");
    assert_eq!(tree(&one), tree(&two));
    assert_eq!(tree(&one), tree(&three));
    // A folder that cannot be is no error.
    let file = plain.path().join("file");
    fs::write(&file, "x").unwrap();
    let without = run(&one, &file);
    assert!(without.drawn == first.drawn && without.written == 0 && without.cache_trouble.is_some());
}

fn summary(outcome: Outcome) -> Summary {
    assert!(!outcome.failed(), "{:?}", outcome.diagnostics);
    outcome.summary.unwrap()
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            (entry.path().strip_prefix(folder).unwrap().display().to_string(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn threads_and_the_order_of_the_folder_make_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    write_site(&a, false);
    write_site(&b, true);
    summary(run(&a, &folder.path().join("one"), 1));
    summary(run(&b, &folder.path().join("many"), 7));
    let (one, many) = (tree(&folder.path().join("one")), tree(&folder.path().join("many")));
    assert!(one.len() > 180);
    assert_eq!(one.keys().collect::<Vec<_>>(), many.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(many[name] == *bytes, "{name} differs");
    }
}

#[test]
fn only_what_changed_is_written_and_what_is_gone_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (root, out) = (folder.path().join("site"), folder.path().join("out"));
    write_site(&root, false);
    let first = summary(run(&root, &out, 2));
    assert_eq!((first.unchanged, first.removed), (0, 0));

    let again = summary(run(&root, &out, 2));
    assert_eq!((again.written, again.removed), (0, 0));
    assert_eq!(again.unchanged, first.written);

    // The text of one product: its own page and the booklet, and nothing that does not show it.
    let product = root.join("content/products/b/p5.md");
    let text = fs::read_to_string(&product).unwrap();
    fs::write(&product, text.replace("本文", "別の文")).unwrap();
    let before = tree(&out);
    let edited = summary(run(&root, &out, 2));
    let after = tree(&out);
    // Files of the search are named by their content: tests/search.rs looks at those.
    let page = |name: &&String| !name.starts_with("search/") && !name.starts_with(".heartnet/");
    let changed: Vec<&String> =
        after.keys().filter(page).filter(|name| before.get(*name) != after.get(*name)).collect();
    let new = after.keys().filter(|name| !page(name) && before.get(*name) != after.get(*name));
    assert_eq!(edited.written + 1, changed.len() + new.count(), "the list of files besides");
    assert_eq!(changed, ["catalog/index.html", "products/p5/index.html"]);

    // A product that goes takes its page with it, and the folder of the page.
    fs::remove_file(&product).unwrap();
    fs::remove_file(root.join("content/events/e5.md")).unwrap();
    fs::remove_file(root.join("content/news/n5.md")).unwrap();
    let before = tree(&out);
    let removed = summary(run(&root, &out, 2));
    let after = tree(&out);
    let gone: Vec<&String> = before.keys().filter(|name| !after.contains_key(*name)).collect();
    let pages = ["events/e5/event.ics", "events/e5/index.html", "news/n5/index.html", "products/p5/index.html"];
    assert!(pages.iter().all(|page| gone.iter().any(|name| name == page)), "{gone:?}");
    assert_eq!(removed.removed, gone.len(), "{gone:?}");
    assert_eq!(gone.iter().filter(|name| page(name)).count(), 4, "{gone:?}");
    assert!(!out.join("products/p5").exists());

    // What an incremental build leaves is what a clean one makes.
    let clean = folder.path().join("clean");
    summary(run(&root, &clean, 2));
    assert_eq!(tree(&out), tree(&clean));
}

#[test]
fn files_of_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (root, out) = (folder.path().join("site"), folder.path().join("out"));
    write_site(&root, false);
    fs::create_dir_all(out.join("products/mine")).unwrap();
    fs::write(out.join("products/mine/index.html"), "わたしの").unwrap();
    fs::write(out.join("CNAME"), "example.jp").unwrap();
    summary(run(&root, &out, 2));
    fs::remove_dir_all(root.join("content/products")).unwrap();
    fs::remove_dir_all(root.join("content/events")).unwrap();
    fs::remove_dir_all(root.join("content/news")).unwrap();
    summary(run(&root, &out, 2));
    assert_eq!(fs::read_to_string(out.join("products/mine/index.html")).unwrap(), "わたしの");
    assert_eq!(fs::read_to_string(out.join("CNAME")).unwrap(), "example.jp");
}

#[test]
fn a_build_that_fails_on_the_last_page_leaves_the_old_site() {
    let folder = tempfile::tempdir().unwrap();
    let (root, out) = (folder.path().join("site"), folder.path().join("out"));
    write_site(&root, false);
    summary(run(&root, &out, 2));
    let before = tree(&out);
    fs::create_dir_all(root.join("templates")).unwrap();
    let template = "{% extends \"base.html\" %}{% block content %}{{ name }}{% if id == \"p119\" %}{{ nothing }}{% endif %}{% endblock %}";
    fs::write(root.join("templates/product.html"), template).unwrap();
    let outcome = run(&root, &out, 2);
    let told: Vec<&str> = outcome.diagnostics.iter().map(|d| d.problem.code()).collect();
    assert_eq!(told, ["HN0702"], "{:?}", outcome.diagnostics);
    let place = outcome.diagnostics[0].span.unwrap().start;
    assert_eq!((outcome.diagnostics[0].file.as_str(), place.line), ("templates/product.html", 1));
    assert_eq!(tree(&out), before);
}

#[test]
fn two_builds_at_once_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (root, out) = (folder.path().join("site"), folder.path().join("out"));
    write_site(&root, false);
    summary(run(&root, &out, 2));
    let lock = fs::File::options().write(true).open(out.join(".heartnet/lock")).unwrap();
    lock.lock().unwrap();
    let outcome = run(&root, &out, 2);
    let told: Vec<&str> = outcome.diagnostics.iter().map(|d| d.problem.code()).collect();
    assert_eq!(told, ["HN0804"]);
    drop(lock);
    summary(run(&root, &out, 2));
}
