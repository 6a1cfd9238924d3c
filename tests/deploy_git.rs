//! Publishing to a branch, with real repositories: by path and by `git daemon`. Needs: apt `git`.

#![allow(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "deploy_shell/mod.rs"]
mod shell;

use heartnet::deploy::config::Config;
use heartnet::deploy::target::Lock;
use shell::{NAMES, Server, Then, failure, free_port, headers_of, noise, open, paths, proxy, put, run, signal, tool};
use std::fs;
use std::path::Path;
use std::process::Command;

fn git(at: &Path, arguments: &[&str]) -> String {
    let mut command = tool("git");
    command.arg("-C").arg(at).args(["-c", "user.name=t", "-c", "user.email=t@localhost"]).args(arguments);
    run(&mut command)
}

/// A bare repository whose branch `pages` holds what others put there.
fn repository(at: &Path) -> String {
    let bare = at.join("site.git");
    run(tool("git").args(["init", "--quiet", "--bare", "-b", "main"]).arg(&bare));
    git(&bare, &["config", "uploadpack.allowFilter", "true"]);
    bare.to_string_lossy().into_owned()
}

/// Somebody else's commit.
fn others(at: &Path, files: &[(&str, &str)]) {
    let clone = tempfile::tempdir().expect("is made");
    let bare = at.join("site.git");
    git(clone.path(), &["init", "--quiet", "-b", "pages"]);
    if git(&bare, &["branch", "--list", "pages"]).contains("pages") {
        git(clone.path(), &["pull", "--quiet", &bare.to_string_lossy(), "pages"]);
    }
    for (path, content) in files {
        let path = clone.path().join(path);
        fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
        fs::write(path, content).expect("is written");
    }
    git(clone.path(), &["add", "-A", "-f"]);
    git(clone.path(), &["commit", "--quiet", "-m", "others"]);
    git(clone.path(), &["push", "--quiet", &bare.to_string_lossy(), "HEAD:pages"]);
}

fn config(remote: &str) -> Config {
    Config { kind: "git".into(), remote: remote.into(), branch: "pages".into(), ..Config::default() }
}

fn count(at: &Path) -> usize {
    git(&at.join("site.git"), &["rev-list", "pages"]).lines().count()
}

#[test]
fn a_branch_that_is_not_there_is_made_and_then_changed_one_commit_at_a_time() {
    let room = tempfile::tempdir().expect("is made");
    let target =
        open("pages", &config(&repository(room.path())), &[("SOURCE_DATE_EPOCH", "1700000000")]).expect("opens");
    let mut way = target.connect().expect("connects");
    assert_eq!(way.read(".heartnet/manifest.json"), Ok(None));
    assert_eq!(way.list(), Ok(vec![]));
    way.commit("nothing").expect("is nothing to do");
    for name in NAMES {
        put(&mut *way, name, format!("first {name}"));
    }
    put(&mut *way, "line\nbreak.txt", "x");
    put(&mut *way, "empty.txt", "");
    assert_eq!(way.read("index.html"), Ok(Some(b"first index.html".to_vec())), "own changes are seen");
    way.commit("公開 1").expect("publishes");
    assert_eq!(count(room.path()), 1);
    let bare = room.path().join("site.git");
    assert_eq!(git(&bare, &["show", "pages:商品/クッキー/index.html"]), "first 商品/クッキー/index.html");
    assert_eq!(git(&bare, &["show", "pages:.nojekyll"]), "");
    assert_eq!(
        git(&bare, &["log", "-1", "--format=%s|%an|%ae|%ct", "pages"]).trim(),
        "公開 1|heartnet|heartnet@localhost|1700000000"
    );
    // A new connection to a new target sees the same.
    let again = open("pages", &config(&bare.to_string_lossy()), &[]).expect("opens");
    let mut way = again.connect().expect("connects");
    let mut expected: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    expected.extend(["line\nbreak.txt".into(), "empty.txt".into()]);
    expected.sort();
    assert_eq!(paths(&mut *way), expected);
    for name in NAMES {
        let content = format!("first {name}").into_bytes();
        assert_eq!(way.size(name), Ok(Some(content.len() as u64)));
        assert_eq!(way.read(name), Ok(Some(content)));
    }
    assert_eq!(way.size("empty.txt"), Ok(Some(0)));
    assert_eq!((way.read("no.txt"), way.size("no.txt"), way.read("商品")), (Ok(None), Ok(None), Ok(None)));
    put(&mut *way, "index.html", "second");
    way.delete("what?.txt").expect("deletes");
    way.delete("gone.txt").expect("is gone already");
    way.delete("商品").expect("a folder is no file, and stays");
    assert_eq!((way.read("what?.txt"), way.size("what?.txt")), (Ok(None), Ok(None)));
    way.commit("公開 2").expect("publishes");
    way.commit("公開 3").expect("has nothing to do");
    put(&mut *way, "index.html", "second");
    way.commit("公開 4").expect("has nothing to do, as all is equal");
    assert_eq!(count(room.path()), 2);
    assert_eq!(git(&bare, &["show", "pages:index.html"]), "second");
    assert!(!git(&bare, &["ls-tree", "-r", "--name-only", "pages"]).contains("what?"));
    assert_eq!(way.read("商品/クッキー/index.html").map(|read| read.is_some()), Ok(true));
    assert_eq!(git(&bare, &["fsck", "--full", "--strict"]), "");
}

#[test]
fn what_others_put_there_stays_with_history_and_without() {
    let room = tempfile::tempdir().expect("is made");
    let remote = repository(room.path());
    let bare = room.path().join("site.git");
    others(room.path(), &[("CNAME", "example.jp\n"), ("docs/theirs.txt", "theirs"), ("old/x.txt", "theirs")]);
    for squash in [false, true] {
        let target = open("pages", &Config { squash, ..config(&remote) }, &[]).expect("opens");
        let mut way = target.connect().expect("connects");
        put(&mut *way, "docs/ours.html", format!("{squash}"));
        way.commit("公開").expect("publishes");
        assert_eq!(count(room.path()), if squash { 1 } else { 2 });
        assert_eq!(git(&bare, &["show", "pages:CNAME"]), "example.jp\n");
        assert_eq!(git(&bare, &["show", "pages:docs/theirs.txt"]), "theirs");
        assert_eq!(git(&bare, &["show", "pages:docs/ours.html"]), format!("{squash}"));
        let mut found = way.list().expect("lists");
        found.sort();
        let found: Vec<(&str, u64)> = found.iter().map(|found| (found.path.as_str(), found.size)).collect();
        let ours = format!("{squash}").len() as u64;
        assert_eq!(
            found,
            [(".nojekyll", 0), ("CNAME", 11), ("docs/ours.html", ours), ("docs/theirs.txt", 6), ("old/x.txt", 6)]
        );
    }
    // A file where others have a folder, and the other way round.
    let target = open("pages", &config(&remote), &[]).expect("opens");
    for path in ["docs", "CNAME/index.html"] {
        let mut way = target.connect().expect("connects");
        put(&mut *way, path, "ours");
        let trouble = failure(way.commit("公開"));
        assert!(!trouble.passing && trouble.ja.contains("重なって"), "{trouble:?}");
        way.delete(path).expect("is taken back");
        way.delete(".nojekyll").expect("deletes");
    }
    // A page that became a folder is ours to change.
    let mut way = target.connect().expect("connects");
    put(&mut *way, "docs/ours.html/index.html", "ours");
    way.delete("docs/ours.html").expect("deletes");
    way.commit("公開").expect("publishes");
    assert_eq!(git(&bare, &["show", "pages:docs/ours.html/index.html"]), "ours");
    assert_eq!(git(&bare, &["show", "pages:old/x.txt"]), "theirs");
}

#[test]
fn a_push_in_between_is_built_upon_and_a_publication_in_between_stops() {
    let room = tempfile::tempdir().expect("is made");
    let remote = repository(room.path());
    let bare = room.path().join("site.git");
    others(room.path(), &[("a.txt", "theirs")]);
    let target = open("pages", &config(&remote), &[]).expect("opens");
    let mut way = target.connect().expect("connects");
    assert_eq!(way.lock("me"), Ok(Lock::Advisory));
    put(&mut *way, "index.html", "ours");
    others(room.path(), &[("b.txt", "theirs too")]);
    let trouble = failure(way.commit("公開"));
    assert!(trouble.passing && trouble.ja.contains("ほかの人"), "{trouble:?}");
    assert_eq!(count(room.path()), 2);
    // As the run does it: a new connection, and once more.
    let mut way = target.connect().expect("connects");
    way.commit("公開").expect("publishes");
    assert_eq!(git(&bare, &["ls-tree", "-r", "--name-only", "pages"]), ".nojekyll\na.txt\nb.txt\nindex.html\n");
    assert_eq!(count(room.path()), 3);

    put(&mut *way, "index.html", "ours 2");
    others(room.path(), &[(".heartnet/manifest.json", "{}")]);
    assert!(failure(way.commit("公開")).passing);
    let trouble = failure(target.connect());
    assert!(!trouble.passing && trouble.ja.contains("もう一度"), "{trouble:?}");
    assert_eq!(git(&bare, &["show", "pages:index.html"]), "ours");
    way.unlock().expect("unlocks");
}

#[test]
fn not_being_able_to_tell_is_never_an_empty_branch() {
    let room = tempfile::tempdir().expect("is made");
    let connect = |remote: &str| open("my-pages", &config(remote), &[]).and_then(|target| target.connect());
    let trouble = failure(connect(&room.path().join("missing.git").to_string_lossy()));
    assert!(!trouble.passing && trouble.ja.contains("見つかりません"), "{trouble:?}");
    for address in ["git://127.0.0.1:{}/x.git", "http://ghp_secret@127.0.0.1:{}/x.git", "ssh://me@127.0.0.1:{}/x.git"] {
        let trouble = failure(connect(&address.replace("{}", &free_port().to_string())));
        assert!(trouble.passing && trouble.ja.contains("つながりません"), "{trouble:?}");
        assert!(!format!("{trouble:?}").contains("ghp_secret"), "{trouble:?}");
    }
    let trouble = failure(connect("no-such-remote"));
    assert!(!trouble.passing && trouble.ja.contains("リモート"), "{trouble:?}");
    // It is a repository, but the branch cannot be read: not a first publication.
    let remote = repository(room.path());
    others(room.path(), &[("a.txt", "theirs")]);
    let objects = room.path().join("site.git/objects");
    run(Command::new("find").arg(&objects).args(["-type", "f", "-delete"]));
    let trouble = failure(connect(&remote));
    assert!(trouble.ja.contains("git"), "{trouble:?}");
}

#[test]
fn what_a_host_refuses_is_told() {
    let room = tempfile::tempdir().expect("is made");
    let remote = repository(room.path());
    let hook = room.path().join("site.git/hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho 'GH006: Protected branch update failed' >&2\nexit 1\n").expect("is written");
    run(Command::new("chmod").arg("+x").arg(&hook));
    let target = open("pages", &config(&remote), &[]).expect("opens");
    let mut way = target.connect().expect("connects");
    put(&mut *way, "index.html", "ours");
    let trouble = failure(way.commit("公開"));
    assert!(!trouble.passing && trouble.ja.contains("決まり"), "{trouble:?}");
    fs::remove_file(&hook).expect("is removed");
    target.connect().expect("connects").commit("公開").expect("publishes what was put before");
    assert_eq!(count(room.path()), 1);
    for bad in ["../x", ".git/config", "a//b", "a\0b"] {
        assert!(!failure(way.put(bad, b"", &headers_of(bad))).passing);
    }
}

fn daemon(at: &Path) -> Server {
    let port = free_port();
    let mut command = tool("git");
    command
        .args(["daemon", "--listen=127.0.0.1", "--export-all", "--enable=receive-pack", "--reuseaddr"])
        .arg(format!("--port={port}"))
        .arg(format!("--base-path={}", at.display()))
        .arg(at);
    Server::start(command, port)
}

#[test]
fn a_server_that_dies_hangs_or_cuts_leaves_the_old_site_and_the_next_try_works() {
    let room = tempfile::tempdir().expect("is made");
    repository(room.path());
    others(room.path(), &[("index.html", "old"), ("CNAME", "example.jp")]);
    let big = noise(6 << 20);
    for (round, kind) in ["KILL", "STOP", "cut"].into_iter().enumerate() {
        let server = daemon(room.path());
        let group = server.group();
        let proxy = proxy(server.port, 2 << 20, move || {
            if kind == "cut" {
                return Then::Cut;
            }
            signal(group, kind);
            Then::Goon
        });
        let remote = format!("git://127.0.0.1:{}/site.git", proxy.port);
        let target = open("pages", &config(&remote), &[("HEARTNET_DEPLOY_TIMEOUT", "3")]).expect("opens");
        let mut way = target.connect().expect("connects");
        put(&mut *way, "index.html", format!("new {round}"));
        let mut content = big.clone();
        content.push(u8::try_from(round).expect("is small"));
        put(&mut *way, "big.bin", &content);
        let trouble = failure(way.commit("公開"));
        assert!(proxy.done.load(std::sync::atomic::Ordering::SeqCst), "{kind} {trouble:?}");
        assert!(trouble.passing, "{kind} {trouble:?}");
        let bare = room.path().join("site.git");
        assert_eq!(git(&bare, &["show", "pages:index.html"]), "old", "{kind}");
        if kind == "STOP" {
            assert!(failure(target.connect()).passing, "still stopped");
            signal(group, "CONT");
        }
        if kind == "cut" {
            target.connect().expect("connects").commit("公開").expect("publishes what was put before");
            assert_eq!(git(&bare, &["show", "pages:index.html"]), format!("new {round}"));
            assert_eq!(git(&bare, &["show", "pages:CNAME"]), "example.jp");
            assert_eq!(git(&bare, &["cat-file", "-s", "pages:big.bin"]).trim(), content.len().to_string());
        }
    }
}

#[test]
fn many_files_go_in_one_commit() {
    let room = tempfile::tempdir().expect("is made");
    let server = {
        repository(room.path());
        daemon(room.path())
    };
    let remote = format!("git://127.0.0.1:{}/site.git", server.port);
    let target = open("pages", &config(&remote), &[]).expect("opens");
    assert_eq!(target.jobs(), 1);
    let (mut first, mut second) = (target.connect().expect("connects"), target.connect().expect("connects"));
    for number in 0..300 {
        let way = if number % 2 == 0 { &mut first } else { &mut second };
        put(&mut **way, &format!("p/{}/{number}.html", number % 7), format!("page {number}"));
    }
    first.commit("公開").expect("publishes what both put");
    second.commit("公開").expect("has nothing to do");
    assert_eq!(count(room.path()), 1);
    assert_eq!(paths(&mut *second).len(), 300);
    let other = open("pages", &config(&remote), &[]).expect("opens");
    let mut way = other.connect().expect("connects");
    assert_eq!(way.read("p/3/3.html"), Ok(Some(b"page 3".to_vec())));
    assert_eq!(paths(&mut *way).len(), 300);
}
