//! Publishing: the plan against every state of a host, with a host that fails; and the command as an editor uses it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use heartnet::deploy::headers::Headers;
use heartnet::deploy::plan::is_kept;
use heartnet::deploy::target::{Answer, Connection, Found, Lock, Target, Trouble};
use heartnet::deploy::{Limit, Options, Site, Watch};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

type Files = BTreeMap<String, Vec<u8>>;

/// A host in memory that fails when it is told to.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: Files,
    /// Changes until it fails for good; none: it never does.
    fails_after: Option<usize>,
    /// What was changed, in order.
    log: Vec<String>,
    requests: usize,
}

impl Memory {
    fn change(&self, what: String, act: impl FnOnce(&mut Files)) -> Answer<()> {
        let mut state = self.0.lock().unwrap();
        state.requests += 1;
        if let Some(left) = &mut state.fails_after {
            if *left == 0 {
                return Err(Trouble::lasting("こわれました", "broke"));
            }
            *left -= 1;
        }
        act(&mut state.files);
        state.log.push(what);
        Ok(())
    }

    fn look<T>(&self, act: impl FnOnce(&Files) -> T) -> Answer<T> {
        let mut state = self.0.lock().unwrap();
        state.requests += 1;
        Ok(act(&state.files))
    }
}

impl Target for Memory {
    fn connect(&self) -> Answer<Box<dyn Connection>> {
        Ok(Box::new(self.clone()))
    }
    fn jobs(&self) -> usize {
        3
    }
}

impl Connection for Memory {
    fn read(&mut self, path: &str) -> Answer<Option<Vec<u8>>> {
        self.look(|files| files.get(path).cloned())
    }
    fn size(&mut self, path: &str) -> Answer<Option<u64>> {
        self.look(|files| files.get(path).map(|content| content.len() as u64))
    }
    fn list(&mut self) -> Answer<Vec<Found>> {
        self.look(|files| files.iter().map(|(path, c)| Found { path: path.clone(), size: c.len() as u64 }).collect())
    }
    fn put(&mut self, path: &str, content: &[u8], _: &Headers) -> Answer<()> {
        self.change(format!("put {path}"), |files| drop(files.insert(path.to_owned(), content.to_vec())))
    }
    fn delete(&mut self, path: &str) -> Answer<()> {
        self.change(format!("delete {path}"), |files| drop(files.remove(path)))
    }
    fn lock(&mut self, text: &str) -> Answer<Lock> {
        let mut state = self.0.lock().unwrap();
        match state.files.get(".heartnet/lock") {
            Some(there) => Ok(Lock::Taken(String::from_utf8_lossy(there).into_owned())),
            None => {
                state.files.insert(".heartnet/lock".to_owned(), text.as_bytes().to_vec());
                Ok(Lock::Held)
            }
        }
    }
    fn unlock(&mut self) -> Answer<()> {
        self.0.lock().unwrap().files.remove(".heartnet/lock");
        Ok(())
    }
}

struct Silent;
impl Watch for Silent {
    fn progress(&self, _: usize, _: usize, _: u64, _: u64) {}
}

fn write(folder: &Path, files: &Files) {
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Publishes a tree; what went wrong.
fn publish(host: &Memory, files: &Files, now: &str) -> Result<(), u8> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("public");
    write(&out, files);
    let site = Site {
        name: "x",
        root: folder.path(),
        out: &out,
        address: "https://example.jp/",
        place: "memory",
        target: host,
        now,
        zone: jiff::tz::TimeZone::UTC,
        cache: folder.path().join("cache"),
    };
    let options = Options { max_delete: Some(Limit::Count(1000)), ..Options::default() };
    let ready = site.prepare(&options, &Silent).map_err(|stop| stop.status)?;
    if ready.is_done() {
        return Ok(());
    }
    ready.publish(&Silent).map(|_| ()).map_err(|stop| stop.status)
}

/// What visitors see: without our own folder.
fn seen(host: &Memory) -> Files {
    host.0
        .lock()
        .unwrap()
        .files
        .iter()
        .filter(|(path, _)| !path.starts_with(".heartnet/"))
        .map(|(p, c)| (p.clone(), c.clone()))
        .collect()
}

fn a_tree() -> impl Strategy<Value = Files> {
    let names = prop::sample::select(vec![
        "a/index.html",
        "a/b/index.html",
        "c/index.html",
        "404.html",
        "search/index.json",
        "search/ab/cdef01.bin",
        "static/site.0123456789.css",
        "static/ruby.abcdef0123.js",
        "files/チラシ 1%#.pdf",
        "photos/x.jpg",
        "data/products.json",
    ]);
    prop::collection::btree_map(names.prop_map(str::to_owned), prop::collection::vec(any::<u8>(), 0..6), 0..9).prop_map(
        |mut files| {
            files.insert("index.html".to_owned(), b"home".to_vec());
            files
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_host_becomes_the_site_and_keeps_what_is_not_ours(
        trees in prop::collection::vec((a_tree(), prop::option::of(0usize..14)), 1..5),
        foreign in prop::collection::btree_map("(old|img)/[a-c]\\.(html|png)", prop::collection::vec(any::<u8>(), 0..4), 0..4),
    ) {
        let host = Memory::default();
        for (round, (tree, fails_after)) in trees.iter().enumerate() {
            let now = format!("2026112{round}T000000Z");
            host.0.lock().unwrap().fails_after = *fails_after;
            let before = seen(&host);
            let first = publish(&host, tree, &now);
            for (path, content) in seen(&host) {
                // Whatever happened, every file is an old one or a whole new one.
                let whole = before.get(&path) == Some(&content) || tree.get(&path) == Some(&content);
                prop_assert!(whole, "{path} is torn");
            }
            if first.is_err() {
                prop_assert_eq!(first, Err(if before == seen(&host) && first != Err(6) { 1 } else { 6 }));
            }
            host.0.lock().unwrap().fails_after = None;
            prop_assert_eq!(publish(&host, tree, &now), Ok(()), "going on");
            if round == 0 {
                // Somebody else uses the same place.
                host.0.lock().unwrap().files.extend(foreign.clone());
            }
            let mut wanted = tree.clone();
            wanted.extend(foreign.clone());
            prop_assert_eq!(seen(&host), wanted);
            prop_assert!(!host.0.lock().unwrap().files.contains_key(".heartnet/lock"));
        }
        let requests = host.0.lock().unwrap().requests;
        prop_assert_eq!(publish(&host, &trees.last().unwrap().0, "20261130T000000Z"), Ok(()));
        prop_assert_eq!(host.0.lock().unwrap().requests, requests + 1, "nothing changed: the list is asked for, no more");
    }
}

fn tree(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec())).collect()
}

#[test]
fn parts_come_before_pages_ways_in_come_last_and_deletions_after_everything() {
    let host = Memory::default();
    publish(
        &host,
        &tree(&[("index.html", "1"), ("gone/index.html", "1"), ("static/a.0123456789.css", "1")]),
        "20261101T000000Z",
    )
    .unwrap();
    host.0.lock().unwrap().log.clear();
    let next = tree(&[
        ("index.html", "2"),
        ("products/index.html", "2"),
        ("products/x/index.html", "2"),
        ("photos/x.jpg", "2"),
        ("static/b.0123456789.css", "2"),
    ]);
    publish(&host, &next, "20261102T000000Z").unwrap();
    let log = host.0.lock().unwrap().log.clone();
    let at = |what: &str| log.iter().position(|line| line == what).unwrap_or_else(|| panic!("{what} in {log:?}"));
    let order = [
        "put .heartnet/manifest.json",
        "put static/b.0123456789.css",
        "put photos/x.jpg",
        "put products/x/index.html",
        "put products/index.html",
        "put index.html",
        "delete gone/index.html",
        "delete static/a.0123456789.css",
    ];
    let places: Vec<usize> = order.iter().map(|what| at(what)).collect();
    assert!(places.is_sorted(), "{log:?}");
    assert_eq!(log.last().map(String::as_str), Some("put .heartnet/manifest.json"));
}

#[test]
fn what_others_have_put_there_is_neither_replaced_nor_taken_for_an_empty_place() {
    let host = Memory::default();
    host.0.lock().unwrap().files = tree(&[("index.html", "theirs"), (".htaccess", "theirs")]);
    let ours = tree(&[("index.html", "ours")]);
    assert_eq!(publish(&host, &ours, "20261101T000000Z"), Err(3));
    assert_eq!(seen(&host).get("index.html").map(Vec::as_slice), Some("theirs".as_bytes()));
    // The settings of the host alone are not a site.
    host.0.lock().unwrap().files.remove("index.html");
    publish(&host, &ours, "20261101T000000Z").unwrap();
    // A new page where somebody has put a file in the meantime.
    host.0.lock().unwrap().files.insert("new/index.html".to_owned(), b"theirs".to_vec());
    assert_eq!(
        publish(&host, &tree(&[("index.html", "ours"), ("new/index.html", "ours")]), "20261102T000000Z"),
        Err(3)
    );
    assert_eq!(seen(&host)["new/index.html"], b"theirs");
    assert!(is_kept(".htaccess") && is_kept("cgi-bin/form.cgi") && !is_kept("index.html"));
}

#[test]
fn a_list_that_cannot_be_read_is_not_a_first_publication() {
    let host = Memory::default();
    publish(&host, &tree(&[("index.html", "1")]), "20261101T000000Z").unwrap();
    host.0.lock().unwrap().files.insert(".heartnet/manifest.json".to_owned(), b"{\"version\":1,".to_vec());
    assert_eq!(publish(&host, &tree(&[("index.html", "2")]), "20261102T000000Z"), Err(1));
    assert_eq!(seen(&host)["index.html"], b"1");
}

// ---- the command

struct Editor {
    folder: tempfile::TempDir,
}

impl Editor {
    fn new(targets: &str) -> Self {
        let editor = Self { folder: tempfile::tempdir().unwrap() };
        assert!(editor.run(&["init", "site"]).status.success());
        let settings = editor.folder.path().join("site/heartnet.yaml");
        let text = fs::read_to_string(&settings).unwrap();
        fs::write(&settings, format!("{text}\ndeploy:\n{targets}")).unwrap();
        editor.build();
        editor
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heartnet"));
        command.args(words).current_dir(self.folder.path()).env("HEARTNET_CACHE", self.folder.path().join("cache"));
        command.env("LANG", "ja_JP.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES").output().unwrap()
    }

    fn build(&self) {
        let built = self.run(&["build", "--root", "site", "--as-of", "2026-04-01"]);
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    }

    /// `heartnet deploy …`: its exit status and what it said.
    fn deploy(&self, words: &[&str]) -> (i32, String) {
        let out = self.run(&[&["deploy", "--root", "site"], words].concat());
        let said = [out.stdout, out.stderr].concat();
        (out.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
    }

    /// `heartnet deploy --yes`, to be killed.
    fn begin(&self) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_heartnet"))
            .args(["deploy", "--root", "site", "--yes"])
            .current_dir(self.folder.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .env("HEARTNET_CACHE", self.path("cache"))
            .spawn()
            .unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.path("site").join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} in {name}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    fn differs(&self, folder: &str) -> String {
        let diff = Command::new("diff")
            .args(["-rq", "-x", ".heartnet", "site/public", folder])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        String::from_utf8_lossy(&diff.stdout).into_owned()
    }
}

const PREVIEW: &str = "  preview: {kind: folder, path: ../preview}\n";

#[test]
fn an_editor_publishes_to_a_folder_changes_something_and_goes_back() {
    let editor = Editor::new(PREVIEW);
    let (status, said) = editor.deploy(&["preview"]);
    assert_eq!(status, 2, "nobody can be asked: {said}");
    let (status, said) = editor.deploy(&["preview", "--dry-run"]);
    assert!(status == 0 && said.contains("追加") && !editor.path("preview").exists(), "{said}");
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 0 && said.contains("更新0・削除0・変更なし0") && said.contains("公開しました"), "{said}");
    assert_eq!(editor.differs("preview"), "");
    let (status, said) = editor.deploy(&["preview", "--yes"]);
    assert!(status == 0 && said.contains("することはありません"), "{said}");

    fs::write(editor.path("preview/foreign.txt"), "mine").unwrap();
    let news = fs::read_dir(editor.path("site/content/news")).unwrap().flatten().next().unwrap().path();
    fs::remove_file(news).unwrap();
    let (status, said) = editor.deploy(&["preview", "--yes"]);
    assert!(status == 4 && said.contains("news"), "what was deleted shows in its folder: {said}");
    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    let (status, said) = editor.deploy(&["preview", "--yes"]);
    assert!(status == 4 && said.contains("heartnet build"), "{said}");
    editor.build();
    let (status, said) = editor.deploy(&["preview", "--dry-run=json"]);
    let plan: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(status == 0 && plan["deleted"].as_u64() > Some(0) && plan["changed"].as_u64() > Some(5), "{plan}");
    let (status, said) = editor.deploy(&["preview", "--yes", "-v"]);
    assert!(
        status == 0 && said.contains("~ index.html（内容が変わった）") && said.contains("サイトからなくなった"),
        "{said}"
    );
    assert_eq!(editor.differs("preview").trim(), "Only in preview: foreign.txt");

    let (status, said) = editor.deploy(&["status"]);
    assert!(status == 0 && said.contains("公開中") && said.contains("もどせる公開"), "{said}");
    let (status, said) = editor.deploy(&["rollback", "preview", "--yes"]);
    assert_eq!(status, 0, "{said}");
    let home = fs::read_to_string(editor.path("preview/index.html")).unwrap();
    assert!(!home.contains("新しい") && editor.path("preview/foreign.txt").exists());
}

#[test]
fn going_back_twice_goes_back_twice() {
    let editor = Editor::new(PREVIEW);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    for title in ["二番", "三番"] {
        // Names of publications begin with their second.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        editor.edit("heartnet.yaml", "title: ", &format!("title: {title}"));
        editor.build();
        assert_eq!(editor.deploy(&["--yes"]).0, 0);
    }
    let home = || fs::read_to_string(editor.path("preview/index.html")).unwrap();
    let back = || {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        editor.deploy(&["rollback", "preview", "--yes"])
    };
    assert!(back().0 == 0 && home().contains("二番") && !home().contains("三番"));
    assert!(back().0 == 0 && !home().contains("二番"));
    let (status, said) = back();
    assert!(status == 1 && said.contains("もどせる公開が"), "{said}");
    // Forward by its name.
    let (_, said) = editor.deploy(&["status"]);
    let newest = said.lines().find_map(|line| line.strip_prefix("もどせる公開: ")).unwrap();
    let (status, said) = editor.deploy(&["rollback", "preview", newest.split('（').next().unwrap(), "--yes"]);
    assert!(status == 0 && home().contains("三番"), "{said}");
}

#[test]
fn a_trial_for_programs_says_what_would_stop_it() {
    let editor = Editor::new(PREVIEW);
    let trial = || {
        let out = editor.run(&["deploy", "--root", "site", "--dry-run=json"]);
        let plan: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        (out.status.code().unwrap(), plan)
    };
    let (status, plan) = trial();
    assert!(status == 0 && plan["errors"] == 0 && plan["foreign"] == 0, "{plan}");
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    // Nobody has looked.
    assert!(trial().1["foreign"].is_null());
    let page = walkdir::WalkDir::new(editor.path("site/content/products")).into_iter().flatten();
    let page = page.map(walkdir::DirEntry::into_path).find(|path| path.is_file()).unwrap();
    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    editor.build();
    fs::write(&page, "---\nprice: x\n---\n").unwrap();
    let (status, plan) = trial();
    let why = plan["stop"]["why"].as_str().unwrap();
    assert!(status == 4 && why.contains("書き出したあとに"), "{plan}");
    // As if it were built after that; errors may also come with the day.
    let list = fs::File::options().write(true).open(editor.path("site/public/.heartnet/files.json")).unwrap();
    list.set_modified(std::time::SystemTime::now()).unwrap();
    let (status, plan) = trial();
    let why = plan["stop"]["why"].as_str().unwrap();
    assert!(
        status == 4
            && why.contains("エラー")
            && plan["errors"].as_u64() > Some(0)
            && plan["changed"].as_u64() > Some(0),
        "{plan}"
    );
}

#[test]
fn copies_of_another_place_are_not_gone_back_to() {
    let editor = Editor::new(PREVIEW);
    for title in ["一番", "二番"] {
        std::thread::sleep(std::time::Duration::from_millis(1100));
        editor.edit("heartnet.yaml", "title: ", &format!("title: {title}"));
        editor.build();
        assert_eq!(editor.deploy(&["--yes"]).0, 0);
    }
    editor.edit("heartnet.yaml", "../preview", "../other");
    editor.build();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let (status, said) = editor.deploy(&["rollback", "preview", "--yes"]);
    assert!(status == 1 && said.contains("もどせる公開が"), "{said}");
    // Times are told in the site's zone, which is nine hours before the names'.
    let (_, said) = editor.deploy(&["status"]);
    let hour = |text: &str, at: usize| text.get(at..at + 2).and_then(|hour| hour.parse::<u32>().ok());
    let name = said.split('（').nth(1).unwrap();
    let time = name.split('・').nth(1).unwrap();
    assert_eq!(hour(name, 9).map(|hour| (hour + 9) % 24), hour(time, 11), "{said}");
}

#[cfg(unix)]
#[test]
fn what_others_have_closed_stays_closed_in_the_next_release() {
    use std::os::unix::fs::PermissionsExt as _;
    let editor = Editor::new(RELEASES);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let closed = editor.path("preview/current/closed");
    fs::create_dir(&closed).unwrap();
    fs::write(closed.join("theirs.txt"), "theirs").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o750)).unwrap();
    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert_eq!(status, 0, "{said}");
    assert!(fs::read_link(editor.path("preview/current")).unwrap().ends_with("2"));
    assert_eq!(fs::read(closed.join("theirs.txt")).unwrap(), b"theirs");
    assert_eq!(closed.metadata().unwrap().permissions().mode() & 0o777, 0o750);
}

#[test]
fn what_looks_like_an_accident_is_not_published() {
    let editor = Editor::new(PREVIEW);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let lock = editor.path("preview/.heartnet/lock");
    fs::write(&lock, r#"{"id":"x","host":"another","process":1,"since":"20991128T000000Z"}"#).unwrap();
    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 5 && said.contains("another") && said.contains("unlock"), "{said}");
    let (status, said) = editor.deploy(&["unlock", "preview"]);
    assert!(status == 0 && said.contains("another") && !lock.exists(), "{said}");
    // Nobody publishes for days.
    fs::write(&lock, r#"{"id":"x","host":"another","process":1,"since":"20200101T000000Z"}"#).unwrap();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    // A built site with a key in it.
    fs::write(editor.path("site/public/note.txt"), "-----BEGIN PRIVATE KEY-----").unwrap();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 4 && said.contains("秘密鍵"), "{said}");
    fs::remove_file(editor.path("site/public/note.txt")).unwrap();
    // A built site that lost most of itself.
    for folder in ["products", "facilities", "events", "data", "kana"] {
        fs::remove_dir_all(editor.path("site/public").join(folder)).unwrap();
    }
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 4 && said.contains("--max-delete"), "{said}");
    fs::remove_file(editor.path("site/public/index.html")).unwrap();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 4 && said.contains("index.html"), "{said}");
    assert!(editor.path("preview/products").exists());
    for words in [
        ["preview", "rollback", "--yes"],
        ["preview", "previw", "--yes"],
        ["adopt", "preview", "--dry-run"],
        ["unlock", "preview", "--dry-run"],
    ] {
        assert_eq!(editor.deploy(&words).0, 2, "{words:?}");
    }
    let (status, said) = editor.deploy(&["previw", "--yes"]);
    assert!(status == 2 && said.contains("「preview」のことですか"), "{said}");
}

#[test]
fn a_place_that_is_not_empty_is_taken_over_only_when_told() {
    let editor = Editor::new(PREVIEW);
    write(&editor.path("preview"), &tree(&[("index.html", "old"), ("old.html", "old")]));
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 3 && said.contains("adopt"), "{said}");
    let (status, said) = editor.deploy(&["adopt", "preview"]);
    assert!(status == 0 && said.contains("1件"), "{said}");
    let (status, said) = editor.deploy(&["--yes", "-v"]);
    assert!(status == 0 && said.contains("~ index.html"), "{said}");
    assert_eq!(editor.differs("preview").trim(), "Only in preview: old.html");
}

#[test]
fn what_was_ours_stays_ours_and_what_is_another_sites_is_not_touched() {
    let editor = Editor::new(PREVIEW);
    for number in 0..40 {
        let file = editor.path("site/static").join(format!("{number}.pdf"));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{number}")).unwrap();
    }
    editor.build();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    // Files named by content are a loss, too, when nothing takes their place.
    fs::remove_dir_all(editor.path("site/static")).unwrap();
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 4 && said.contains("40件"), "{said}");
    assert_eq!(editor.deploy(&["--yes", "--max-delete", "40"]).0, 0);

    let news = fs::read_dir(editor.path("site/content/news")).unwrap().flatten().next().unwrap().path();
    let page = format!("preview/news/{}/index.html", news.file_stem().unwrap().to_string_lossy());
    assert!(editor.path(&page).exists());
    fs::remove_file(news).unwrap();
    editor.build();
    let (status, said) = editor.deploy(&["adopt", "preview"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    assert!(!editor.path(&page).exists(), "a page that was ours goes after all");
    assert_eq!(editor.differs("preview"), "");

    // Damage behind our back is seen when one looks, and mended.
    fs::write(editor.path("preview/index.html"), "hacked").unwrap();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let (status, said) = editor.deploy(&["--yes", "--verify", "full"]);
    assert!(status == 7 && said.contains("index.html") && said.contains("adopt"), "{said}");
    assert_eq!(editor.deploy(&["adopt", "preview"]).0, 0);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    assert_eq!(editor.differs("preview"), "");

    // A trial sees what would stop it.
    fs::create_dir_all(editor.path("site/public/extra")).unwrap();
    fs::write(editor.path("site/public/extra/ours.txt"), "ours").unwrap();
    fs::create_dir_all(editor.path("preview/extra")).unwrap();
    fs::write(editor.path("preview/extra/ours.txt"), "theirs").unwrap();
    let (status, said) = editor.deploy(&["--dry-run"]);
    assert!(status == 3 && said.contains("extra/ours.txt"), "{said}");
    fs::remove_dir_all(editor.path("preview/extra")).unwrap();
    fs::remove_dir_all(editor.path("site/public/extra")).unwrap();

    editor.edit("heartnet.yaml", "example.jp", "other.example.jp");
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 3 && said.contains("別のサイト"), "{said}");
    assert_eq!(editor.deploy(&["adopt", "preview"]).0, 0);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
}

const RELEASES: &str = "  preview: {kind: folder, path: ../preview, releases: true}\n";

#[cfg(unix)]
#[test]
fn a_site_with_releases_is_replaced_as_a_whole() {
    use std::os::unix::fs::MetadataExt as _;
    let editor = Editor::new(RELEASES);
    let leads = || fs::read_link(editor.path("preview/current")).unwrap().to_string_lossy().into_owned();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 0 && leads() == "releases/1", "{said}");
    assert_eq!(editor.differs("preview/current"), "");
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 0 && said.contains("することはありません"), "{said}");
    fs::create_dir_all(editor.path("preview/current/uploads")).unwrap();
    fs::write(editor.path("preview/current/uploads/foreign.txt"), "mine").unwrap();
    let (status, said) = editor.deploy(&["--dry-run"]);
    assert!(status == 0 && !editor.path("preview/releases/.2").exists(), "{said}");

    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 0 && leads() == "releases/2", "{said}");
    assert_eq!(editor.differs("preview/current").trim(), "Only in preview/current: uploads");
    assert_eq!(fs::read_to_string(editor.path("preview/current/uploads/foreign.txt")).unwrap(), "mine");
    assert!(!fs::read_to_string(editor.path("preview/releases/1/index.html")).unwrap().contains("新しい"));
    let file = |release: &str| fs::metadata(editor.path(&format!("preview/releases/{release}/robots.txt"))).unwrap();
    assert_eq!(file("1").ino(), file("2").ino(), "what did not change is there once");

    let (status, said) = editor.deploy(&["rollback", "preview", "--yes"]);
    assert!(status == 0 && leads() == "releases/3", "{said}");
    assert!(!fs::read_to_string(editor.path("preview/current/index.html")).unwrap().contains("新しい"));
    for round in 4..9 {
        editor.edit("heartnet.yaml", "title: ", "title: あ");
        editor.build();
        let (status, said) = editor.deploy(&["--yes", "--max-delete", "99"]);
        assert!(status == 0 && leads() == format!("releases/{round}"), "{said}");
    }
    let mut kept: Vec<_> =
        fs::read_dir(editor.path("preview/releases")).unwrap().flatten().map(|e| e.file_name()).collect();
    kept.sort();
    assert_eq!(kept, ["4", "5", "6", "7", "8"]);
    // What somebody else has made is not touched.
    fs::remove_file(editor.path("preview/current")).unwrap();
    fs::create_dir(editor.path("preview/current")).unwrap();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status != 0 && said.contains("リンクではない"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_release_that_was_cut_off_is_never_seen_and_goes_on() {
    let editor = Editor::new(RELEASES);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let before = fs::read(editor.path("preview/current/index.html")).unwrap();
    editor.edit("heartnet.yaml", "title: ", "title: 新しい");
    editor.build();
    for number in 0..1500 {
        let page = editor.path("site/public/bulk").join(format!("{:02}/{number}.html", number % 40));
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(page, format!("{number}{}", "x".repeat(10_000))).unwrap();
    }
    let being_made = editor.path("preview/releases/.2");
    let count =
        |folder: &Path| walkdir::WalkDir::new(folder).into_iter().flatten().filter(|e| e.file_type().is_file()).count();
    let mut there = 0;
    for more in [20usize, 400] {
        let mut child = editor.begin();
        while count(&being_made.join("bulk")) < there + more && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(fs::read(editor.path("preview/current/index.html")).unwrap() == before, "visitors see the old site");
        assert!(count(&being_made.join("bulk")) >= there, "what is there stays");
        there = count(&being_made.join("bulk"));
    }
    // What others do meanwhile goes along.
    fs::write(editor.path("preview/current/theirs.txt"), "theirs").unwrap();
    fs::create_dir_all(editor.path("preview/releases/99/theirs")).unwrap();
    let (status, said) = editor.deploy(&["--yes"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(editor.differs("preview/current").trim(), "Only in preview/current: theirs.txt");
    assert!(!being_made.exists() && editor.path("preview/releases/99/theirs").exists());
}

#[test]
fn killed_on_the_way_it_goes_on_and_no_page_is_torn() {
    let editor = Editor::new(PREVIEW);
    for number in 0..2000 {
        let page = editor.path("site/public/bulk").join(format!("{:02}/{number}.html", number % 40));
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(page, format!("{number}{}", "x".repeat(10_000))).unwrap();
    }
    for files in [1usize, 300, 900] {
        let mut child = editor.begin();
        let there = || {
            walkdir::WalkDir::new(editor.path("preview/bulk"))
                .into_iter()
                .flatten()
                .filter(|e| e.file_type().is_file())
                .count()
        };
        while there() < files && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for entry in walkdir::WalkDir::new(editor.path("preview")).into_iter().flatten() {
            let path = entry.path().strip_prefix(editor.path("preview")).unwrap().to_owned();
            if entry.file_type().is_file()
                && !path.starts_with(".heartnet")
                && !path.to_string_lossy().contains(".hn-tmp")
            {
                assert!(
                    fs::read(entry.path()).unwrap() == fs::read(editor.path("site/public").join(&path)).unwrap(),
                    "{path:?} is torn"
                );
            }
        }
    }
    // The lock of a dead process of this machine is no lock.
    let (status, said) = editor.deploy(&["--yes"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(editor.differs("preview"), "");
    let left = walkdir::WalkDir::new(editor.path("preview"))
        .into_iter()
        .flatten()
        .filter(|e| e.path().to_string_lossy().contains(".hn-tmp"))
        .count();
    assert_eq!(left, 0, "leavings");
}

/// A copy of the site's page with another text, as an editor saves it.
fn retitle(editor: &Editor, title: &str) {
    editor.edit("heartnet.yaml", "title: ", &format!("title: {title}"));
    editor.build();
}

#[test]
fn texts_and_what_is_packed_of_them_are_counted_once() {
    let editor = Editor::new(PREVIEW);
    editor.edit("heartnet.yaml", "deploy:", "hosting: [apache, gzip, brotli]\ndeploy:");
    editor.build();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    retitle(&editor, "新しい");
    let (status, said) = editor.deploy(&["--yes"]);
    assert_eq!(status, 0, "{said}");
    // What somebody adds to the host's settings is not lost.
    let settings = editor.path("preview/.htaccess");
    let ours = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{ours}\nRequire valid-user\n")).unwrap();
    editor.edit("heartnet.yaml", "hosting: [apache, gzip, brotli]", "hosting: [apache]");
    editor.build();
    let (status, said) = editor.deploy(&["--yes", "--max-delete", "9999"]);
    assert!(status == 3 && said.contains(".htaccess"), "{said}");
    assert!(fs::read_to_string(&settings).unwrap().contains("valid-user"));
    fs::remove_file(&settings).unwrap();
    let (status, said) = editor.deploy(&["--yes", "--max-delete", "9999"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(editor.differs("preview"), "");
}

#[test]
fn what_was_built_for_a_look_is_not_published() {
    let editor = Editor::new(PREVIEW);
    for (more, says) in [(&["--drafts"][..], "下書き"), (&["--base-url", "http://127.0.0.1:8000/"], "127.0.0.1:8000")]
    {
        let built = editor.run(&[&["build", "--root", "site", "--as-of", "2026-04-01"], more].concat());
        assert!(built.status.success());
        let (status, said) = editor.deploy(&["--yes"]);
        assert!(status == 4 && said.contains(says) && said.contains("追加"), "{said}");
        assert!(!editor.path("preview").exists());
    }
    editor.build();
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
}

#[test]
fn places_in_the_settings_begin_where_the_settings_are() {
    let editor = Editor::new("  pages: {kind: git, remote: ../x.git, branch: pages}\n");
    let git = |words: &[&str]| {
        let done = Command::new("git").args(words).current_dir(editor.folder.path()).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    for name in ["x.git", "other.git"] {
        git(&["init", "-q", "--bare", name]);
    }
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    assert!(git(&["-C", "x.git", "branch"]).contains("pages"));
    // The name of a remote is that of the site's repository, not of the one in which somebody stands.
    for (at, remote) in [(".", "other.git"), ("site", "x.git")] {
        git(&["init", "-q", at]);
        let remote = editor.path(remote);
        git(&["-C", at, "remote", "add", "origin", &remote.to_string_lossy()]);
    }
    editor.edit("heartnet.yaml", "../x.git", "origin");
    retitle(&editor, "新しい");
    let (status, said) = editor.deploy(&["--yes"]);
    assert_eq!(status, 0, "{said}");
    assert!(git(&["-C", "other.git", "branch"]).is_empty());
    // A folder within what is published would be published with it.
    editor.edit("heartnet.yaml", "{kind: git, remote: origin, branch: pages}", "{kind: folder, path: public/sub}");
    editor.build();
    let (status, said) = editor.deploy(&["--yes"]);
    assert!(status == 2 && said.contains("重なって"), "{said}");
}

#[test]
fn what_is_kept_does_not_change_with_what_was_built() {
    let editor = Editor::new(PREVIEW);
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let page = editor.path("site/public/index.html");
    let before = fs::read(&page).unwrap();
    let mut file = fs::File::options().append(true).open(&page).unwrap();
    std::io::Write::write_all(&mut file, b"<!-- x -->").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    retitle(&editor, "新しい");
    assert_eq!(editor.deploy(&["--yes"]).0, 0);
    let (status, said) = editor.deploy(&["rollback", "--yes"]);
    assert_eq!(status, 0, "{said}");
    assert!(fs::read(editor.path("preview/index.html")).unwrap() == before);
    // To what is there nobody goes back, and what is newer goes by its name.
    let (_, said) = editor.deploy(&["status"]);
    assert_eq!(said.matches("もどせる公開").count(), 1, "{said}");
    let (status, said) = editor.deploy(&["rollback", "--yes"]);
    assert!(status == 1 && said.contains("heartnet deploy rollback preview 20"), "{said}");
}
