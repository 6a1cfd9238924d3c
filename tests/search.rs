//! The index of the search: what an edit changes in it, and what it holds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::build::{Options, build};
use heartnet::model::Day;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

const SETTINGS: &str = "title: みほん\nbase_url: https://example.jp/\ndesk: {name: 窓口, tel: 027-000-0000}\n";
const VOCABULARY: &str = "procurement: [{id: food, group: 物品, label: 食料品, kana: しょくりょうひん}]\n\
    categories: [{id: yaki, label: 焼き菓子, kana: やきがし, procurement: food, tax: 8}, {id: pan, label: パン, kana: ぱん, procurement: food, tax: 8}]\n\
    areas: [{id: maebashi, label: 前橋市, kana: まえばしし, code: \"10201\"}]\n\
    facility_kinds: [{id: b, label: B型, kana: びーがた}]\n\
    event_kinds: [{id: bazaar, label: バザール, kana: ばざーる}]\n\
    allergens: [{from: 2026-04-01, mandatory: [卵, 乳]}]\n\
    taxes: [{from: 2019-10-01, reduced: 8, standard: 10}]\n";

/// Words enough for texts that differ.
const WORDS: [&str; 40] = [
    "りんご",
    "みかん",
    "小麦",
    "米粉",
    "赤城山",
    "榛名湖",
    "手作業",
    "季節",
    "朝採れ",
    "職員",
    "利用者",
    "工房",
    "焼きたて",
    "素朴",
    "香ばしい",
    "袋詰め",
    "詰め合わせ",
    "贈り物",
    "記念品",
    "会議",
    "配達",
    "前橋",
    "高崎",
    "木の実",
    "はちみつ",
    "黒糖",
    "抹茶",
    "大豆",
    "玄米",
    "牛乳",
    "水車",
    "石臼",
    "薪窯",
    "仲間",
    "家族",
    "地域",
    "学校",
    "給食",
    "売店",
    "評判",
];

fn text(of: usize) -> String {
    (0..30).map(|at| WORDS[(of * 7 + at * at * 3 + of * at) % WORDS.len()]).collect::<Vec<_>>().join("と")
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn product(root: &Path, id: usize, name: &str, text: &str) {
    let category = ["yaki", "pan"][id % 2];
    let entry = format!(
        "---\nname: {name}\nkana: よみ\nmakers: [f]\ncategory: {category}\nprice: {}\nallergens: {{free_of: mandatory}}\n---\n{text}。\n",
        100 + id
    );
    write(root, &format!("content/products/p{id}.md"), &entry);
}

fn site(root: &Path, products: usize) {
    write(root, "heartnet.yaml", SETTINGS);
    write(root, "content/vocabulary.yaml", VOCABULARY);
    write(
        root,
        "content/facilities/f.md",
        "---\nname: 工房\nkana: こうぼう\nkinds: [b]\narea: maebashi\ntel: 027-000-0001\n---\n本文。\n",
    );
    for id in 0..products {
        product(root, id, &format!("{}の品{id}", WORDS[id % WORDS.len()]), &text(id));
    }
}

/// Builds, and gives the files of the index: all, and those that are lists or rows.
fn index(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = root.join("public");
    let options = Options {
        out: Some(out.clone()),
        as_of: Day::new(2026, 4, 1),
        cache: Some(root.join("cache")),
        ..Options::default()
    };
    let outcome = build(root, &options);
    assert!(!outcome.failed(), "{:?}", outcome.diagnostics);
    WalkDir::new(out.join("search"))
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "bin"))
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// How many files are new.
fn new(before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) -> usize {
    for (name, bytes) in after {
        assert!(before.get(name).is_none_or(|old| old == bytes), "{name} has another content under the same name");
    }
    after.keys().filter(|name| !before.contains_key(*name)).count()
}

#[test]
fn an_edit_changes_the_files_of_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path(), 400);
    let first = index(folder.path());
    assert!(first.len() > 100, "{}", first.len());
    assert_eq!(new(&first, &index(folder.path())), 0);

    // Another price: the row, its directory, the columns of prices, and the words it is found by.
    let same = |name: &str| product(folder.path(), 17, name, &text(17));
    let path = folder.path().join("content/products/p17.md");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replace("price: 117", "price: 118")).unwrap();
    let second = index(folder.path());
    let price = new(&first, &second);
    assert!((1..20).contains(&price), "{price} of {} for a price", second.len());

    // A word more in its text.
    product(folder.path(), 17, "抹茶の品17", &format!("{}。今日も薪で焼きます", text(17)));
    let third = index(folder.path());
    let word = new(&second, &third);
    assert!((1..third.len() / 3).contains(&word), "{word} of {} for a sentence", third.len());
    same("抹茶の品17");

    // One more product leaves the numbers of the others alone.
    let fourth = index(folder.path());
    product(folder.path(), 400, "新しい石けん", "泡がよく立ちます");
    let fifth = index(folder.path());
    let added = new(&fourth, &fifth);
    assert!((1..fifth.len() / 3).contains(&added), "{added} of {} for a product", fifth.len());
}

#[test]
fn what_is_hidden_is_not_searched_and_an_empty_site_has_an_index() {
    let folder = tempfile::tempdir().unwrap();
    site(folder.path(), 0);
    let without = index(folder.path());
    write(
        folder.path(),
        "content/products/p.md",
        "---\nname: 秘密の品\nmakers: [f]\ncategory: yaki\nhidden: true\n---\nだれにも見せない文。\n",
    );
    assert_eq!(index(folder.path()), without);
    fs::remove_dir_all(folder.path().join("content/facilities")).unwrap();
    fs::remove_dir_all(folder.path().join("content/products")).unwrap();
    assert!(!index(folder.path()).is_empty());
}
