//! The whole command against a real server of each protocol, and what goes wrong on the way: the server is killed,
//! stopped, refuses a file, the client is killed. Never a torn page, what others put there stays, running it again
//! ends well.
//!
//! Needs what the other tests of publishing need: `./test` installs it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "deploy_shell/mod.rs"]
mod shell;

use shell::{Server, free_port, run, signal, tool};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use walkdir::WalkDir;

/// A server that can be started again at the same place.
struct Host {
    room: TempDir,
    port: u16,
    command: Box<dyn Fn() -> Command>,
    /// Where the site's files lie.
    site: PathBuf,
    /// The target, as it stands in `heartnet.yaml`.
    target: String,
    /// Programs that go with the client (rsync's ssh) inherit these.
    environment: Vec<(&'static str, String)>,
    server: Option<Server>,
}

impl Host {
    fn new(make: impl FnOnce(&Path, u16) -> (Box<dyn Fn() -> Command>, &'static str, String)) -> Self {
        let room = tempfile::tempdir().expect("is made");
        fs::set_permissions(room.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let port = free_port();
        fs::create_dir_all(room.path().join("root/site")).unwrap();
        let (command, below, target) = make(room.path(), port);
        let site = room.path().join(below);
        let mut host = Self { room, port, command, site, target, environment: Vec::new(), server: None };
        host.start();
        host
    }

    fn root(&self) -> PathBuf {
        self.room.path().join("root")
    }

    fn start(&mut self) {
        self.server = None;
        self.server = Some(Server::start((self.command)(), self.port));
    }

    fn rclone(kind: &'static str, more: &'static [&'static str], target: impl Fn(u16) -> String) -> Self {
        Self::new(|room, port| {
            let root = room.join("root");
            let command = move || {
                let mut command = tool("rclone");
                command.args(["serve", kind, "--config", "/dev/null", "--addr", &format!("127.0.0.1:{port}")]);
                command.args(more).arg(&root);
                command
            };
            (Box::new(command), "root/site", target(port))
        })
    }

    fn s3() -> Self {
        let mut host = Self::rclone("s3", &["--auth-key", "AKID,SECRETKEY"], |port| {
            format!("{{kind: s3, endpoint: \"http://127.0.0.1:{port}\", bucket: site, region: auto}}")
        });
        host.environment = vec![("AWS_ACCESS_KEY_ID", "AKID".into()), ("AWS_SECRET_ACCESS_KEY", "SECRETKEY".into())];
        host
    }

    fn webdav() -> Self {
        Self::rclone("webdav", &["--user", "u", "--pass", "pw"], |port| {
            format!("{{kind: webdav, url: \"http://127.0.0.1:{port}/site/\", user: u}}")
        })
    }

    fn ftp() -> Self {
        Self::rclone("ftp", &["--user", "u", "--pass", "pw"], |port| {
            format!("{{kind: ftp, host: 127.0.0.1, port: {port}, user: u, path: site, allow_plaintext: true}}")
        })
    }

    fn sftp(releases: bool) -> Self {
        Self::new(|room, port| {
            for name in ["host", "key"] {
                run(tool("ssh-keygen").args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(room.join(name)));
            }
            fs::copy(room.join("key.pub"), room.join("authorized")).unwrap();
            let at = room.display();
            let settings = format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host\nAuthorizedKeysFile {at}/authorized\nPidFile none\n\
                 UsePAM no\nStrictModes no\nPermitRootLogin yes\nMaxStartups 100\nLogLevel ERROR\nSubsystem sftp internal-sftp\n"
            );
            fs::write(room.join("config"), settings).unwrap();
            let _ = fs::create_dir_all("/run/sshd");
            let told = run(tool("ssh-keygen").args(["-l", "-f"]).arg(room.join("host.pub")));
            let pin = told.split(' ').nth(1).unwrap();
            let user = run(tool("id").arg("-un"));
            let (more, below) = if releases { (", releases: true", "root/site/current") } else { ("", "root/site") };
            let target = format!(
                "{{kind: sftp, host: 127.0.0.1, port: {port}, user: {}, path: {at}/root/site, host_key: \"{pin}\", key: {at}/key{more}}}",
                user.trim()
            );
            let config = room.join("config");
            let command = move || {
                let mut command = tool("sshd");
                command.args(["-D", "-e", "-f"]).arg(&config);
                command
            };
            (Box::new(command), below, target)
        })
    }

    fn rsync() -> Self {
        Self::new(|room, port| {
            let owner = if run(tool("id").arg("-u")).trim() == "0" { "uid = root\ngid = root\n" } else { "" };
            let settings = format!(
                "use chroot = no\n{owner}[site]\npath = {}\nread only = no\n",
                room.join("root/site").display()
            );
            fs::write(room.join("conf"), settings).unwrap();
            let config = room.join("conf");
            let command = move || {
                let mut command = tool("rsync");
                command.args(["--daemon", "--no-detach", "--address=127.0.0.1", "--log-file=/dev/null"]);
                command.arg(format!("--port={port}")).arg(format!("--config={}", config.display()));
                command
            };
            (Box::new(command), "root/site", format!("{{kind: rsync, to: \"rsync://127.0.0.1:{port}/site\"}}"))
        })
    }
}

/// Whoever publishes.
struct Editor {
    folder: TempDir,
    environment: Vec<(&'static str, String)>,
    /// Where the site's files lie on the host.
    there: PathBuf,
}

const PAGES: usize = 120;
const FOREIGN: &str = "ほかの人の/写真 100%#1.txt";

fn page(number: usize, version: &str) -> (String, Vec<u8>) {
    let folder = ["商品/クッキー", "a b", "50%", "c#d", "plain"][number % 5];
    let line = format!("{version} {number} ");
    (format!("bulk/{folder}/ページ {number}.html"), line.repeat(8_000 / line.len()).into_bytes())
}

impl Editor {
    fn new(host: &Host) -> Self {
        let environment = host.environment.clone();
        let editor = Self { folder: tempfile::tempdir().unwrap(), environment, there: host.site.clone() };
        assert!(editor.heartnet(&["init", "site"]).output().unwrap().status.success());
        let settings = editor.path("site/heartnet.yaml");
        let text = fs::read_to_string(&settings).unwrap();
        fs::write(&settings, format!("{text}\ndeploy:\n  host: {}\n", host.target)).unwrap();
        let built = editor.heartnet(&["build", "--root", "site", "--as-of", "2026-04-01"]).output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        editor
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn heartnet(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heartnet"));
        command.args(words).current_dir(self.folder.path()).env("HEARTNET_CACHE", self.path("cache"));
        command.env("LANG", "ja_JP.UTF-8").env("HEARTNET_DEPLOY_TIMEOUT", "3").env("HEARTNET_HOST_PASSWORD", "pw");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    fn write(&self, version: &str) {
        for number in 0..PAGES {
            let (path, content) = page(number, version);
            let path = self.path("site/public").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    fn deploy(&self) -> Output {
        self.heartnet(&["deploy", "--root", "site", "--yes", "--max-delete", "200"]).output().unwrap()
    }

    fn begin(&self) -> Child {
        let mut command = self.heartnet(&["deploy", "--root", "site", "--yes"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Publishes, and has to get through.
    fn publish(&self) -> String {
        let done = self.deploy();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        assert_eq!(done.status.code(), Some(0), "{said}");
        let (there, here) = (files(&self.there), files(&self.path("site/public")));
        let other: Vec<&String> =
            there.keys().chain(here.keys()).filter(|path| there.get(*path) != here.get(*path)).collect();
        assert!(other.is_empty(), "not the same as the site: {other:?}; {said}");
        self.foreign();
        said
    }

    fn foreign(&self) {
        let theirs = self.there.join(FOREIGN);
        assert!(!theirs.exists() || fs::read(&theirs).unwrap() == b"theirs");
    }

    /// Every page is the old one or the new one, whole; so many may be missing.
    fn nothing_torn(&self, versions: [&str; 2], may_miss: usize) {
        let mut missing = 0;
        for number in 0..PAGES {
            let path = page(number, "").0;
            let Ok(there) = fs::read(self.there.join(&path)) else {
                missing += 1;
                continue;
            };
            assert!(versions.iter().any(|version| page(number, version).1 == there), "{path} is torn");
        }
        assert!(missing <= may_miss, "{missing} pages are missing");
        self.foreign();
    }
}

/// What lies there, without what is ours alone, half or theirs.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let root = fs::canonicalize(root).unwrap();
    for entry in WalkDir::new(&root).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        if !path.starts_with(".heartnet/") && path != FOREIGN {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    files
}

/// Waits until some pages have arrived; hosts that show everything at the end are given a moment.
fn under_way(editor: &Editor, child: &mut Child, version: &str) {
    let until = Instant::now() + Duration::from_millis(700);
    let arrived = || {
        let is_new = |number: &usize| {
            fs::read(editor.there.join(page(*number, "").0)).is_ok_and(|there| there == page(*number, version).1)
        };
        (0..PAGES).filter(is_new).take(20).count()
    };
    while arrived() < 20 && Instant::now() < until && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(5));
    }
}

fn holds(mut host: Host) {
    let editor = Editor::new(&host);
    editor.write("v0");
    editor.publish();
    let theirs = host.site.join(FOREIGN);
    fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    fs::write(&theirs, "theirs").unwrap();
    let said = editor.publish();
    assert!(said.contains("することはありません"), "{said}");
    for (round, fault) in ["client killed", "server killed", "server stopped"].into_iter().enumerate() {
        let (old, new) = (format!("v{round}"), format!("v{}", round + 1));
        editor.write(&new);
        let group = host.server.as_ref().unwrap().group();
        let mut child = editor.begin();
        under_way(&editor, &mut child, &new);
        match fault {
            "client killed" => child.kill().unwrap(),
            "server killed" => signal(group, "KILL"),
            _ => signal(group, "STOP"),
        }
        let status = child.wait().unwrap().code();
        assert!(matches!(status, None | Some(0 | 1 | 6)), "{fault}: {status:?}");
        // rclone deletes a file before it renames another to its name, and may be killed or stopped in between (or we
        // look just then), once for each connection; the promise that the command makes for WebDAV says so.
        let gap = ["kind: ftp", "kind: webdav"].iter().any(|kind| host.target.contains(kind));
        editor.nothing_torn([&old, &new], if gap { 8 } else { 0 });
        signal(group, "CONT");
        if fault == "server killed" {
            host.start();
        }
        // The lock of a client that could not give it back is told, and taken away by hand.
        if editor.deploy().status.code() == Some(5) {
            let unlocked = editor.heartnet(&["deploy", "--root", "site", "unlock", "host"]).output().unwrap();
            assert!(unlocked.status.success(), "{}", String::from_utf8_lossy(&unlocked.stderr));
        }
        editor.publish();
    }
    // A folder of somebody else's stands where a page is about to be: nothing of it goes, and the rest is whole.
    editor.write("v4");
    let new = editor.path("site/public/bulk/plain/zz new.html");
    fs::write(&new, "new").unwrap();
    let taken = host.site.join("bulk/plain/zz new.html");
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join("theirs.txt"), "theirs").unwrap();
    // rclone believes what it has seen of its folders before.
    host.start();
    let refused = editor.deploy();
    // S3 has no folders, and rclone behind it only notices on its disk.
    let expected = if host.target.contains("kind: s3") { 6 } else { 3 };
    assert_eq!(refused.status.code(), Some(expected), "{}", String::from_utf8_lossy(&refused.stderr));
    editor.nothing_torn(["v3", "v4"], 0);
    assert_eq!(fs::read(taken.join("theirs.txt")).unwrap(), b"theirs");
    // A release that was begun has it, too, and says so.
    for entry in WalkDir::new(host.root()).contents_first(true).into_iter().flatten() {
        if entry.file_name() == "zz new.html" && entry.file_type().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
    host.start();
    editor.publish();

    for number in (0..PAGES).filter(|number| number % 3 == 0) {
        fs::remove_file(editor.path("site/public").join(page(number, "").0)).unwrap();
    }
    fs::create_dir_all(editor.path("site/public/solo/deep")).unwrap();
    fs::write(editor.path("site/public/solo/deep/a.html"), "a").unwrap();
    editor.publish();
    fs::remove_dir_all(editor.path("site/public/solo")).unwrap();
    editor.publish();
    assert!(!host.site.join("solo").exists(), "an empty folder stays");
    assert_eq!(fs::read(host.site.join(FOREIGN)).unwrap(), b"theirs");
}

#[test]
fn s3() {
    holds(Host::s3());
}

#[test]
fn webdav() {
    holds(Host::webdav());
}

#[test]
fn ftp() {
    holds(Host::ftp());
}

#[test]
fn sftp() {
    holds(Host::sftp(false));
}

#[test]
fn sftp_with_releases() {
    holds(Host::sftp(true));
}

#[test]
fn rsync() {
    holds(Host::rsync());
}
