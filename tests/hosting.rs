//! What `hosting:` writes, on the servers that read it.
//!
//! apt: apache2-bin nginx

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Killed when the test ends, however it ends.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Reply {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Server {
    fn start(name: &str, settings: impl Fn(u16) -> String, at: &Path, arguments: &[&str]) -> Self {
        for _ in 0..3 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            fs::write(at.join("conf"), settings(port)).unwrap();
            let log = fs::File::create(at.join("log")).unwrap();
            let mut child = Command::new(Path::new("/usr/sbin").join(name))
                .args(arguments)
                .arg(at.join("conf"))
                .stdin(Stdio::null())
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap_or_else(|error| {
                    panic!("{name} does not start ({error}): run ./test, it installs what is missing")
                });
            let until = Instant::now() + Duration::from_secs(20);
            while Instant::now() < until && child.try_wait().unwrap().is_none() {
                if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Self { child, port };
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("{name}: {}", fs::read_to_string(at.join("log")).unwrap());
    }

    fn get(&self, path: &str, accept: &str) -> Reply {
        let mut wire = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            wire,
            "GET {path} HTTP/1.1\r\nHost: example.jp\r\nConnection: close\r\nAccept-Encoding: {accept}\r\n\r\n"
        )
        .unwrap();
        let mut all = Vec::new();
        wire.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let headers: BTreeMap<String, String> = lines.filter_map(pair).collect();
        let mut body = all.split_off(end + 4);
        if headers.get("transfer-encoding").is_some_and(|how| how == "chunked") {
            body = whole(&body);
        }
        Reply { status, headers, body }
    }
}

/// What came in chunks.
fn whole(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).unwrap(), 16).unwrap();
        body.extend_from_slice(&chunks[end + 2..end + 2 + size]);
        chunks = &chunks[end + 4 + size..];
    }
    body
}

fn unpacked(reply: &Reply) -> Vec<u8> {
    match reply.header("content-encoding") {
        "br" => {
            let mut out = Vec::new();
            brotli::BrotliDecompress(&mut reply.body.as_slice(), &mut out).unwrap();
            out
        }
        "gzip" => miniz_oxide::inflate::decompress_to_vec(&reply.body[10..reply.body.len() - 8]).unwrap(),
        _ => reply.body.clone(),
    }
}

/// A site with all that is said to hosts; its folder, and the room for the server beside it.
fn site(folder: &Path) -> std::path::PathBuf {
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let heartnet = |words: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_heartnet"))
            .args(words)
            .current_dir(folder)
            .env("HEARTNET_CACHE", folder.join("cache"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    heartnet(&["init", "site"]);
    let settings = folder.join("site/heartnet.yaml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\nhosting: [apache, nginx, gzip, brotli]\n")).unwrap();
    heartnet(&["build", "--root", "site", "--as-of", "2026-04-01"]);
    folder.join("site/public")
}

/// What every host must say, and that who takes packed texts gets the same.
fn holds(server: &Server, public: &Path, packed: &[&str]) {
    let named = |folder: &str, start: &str| {
        let names = fs::read_dir(public.join(folder)).unwrap().flatten();
        let name = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        name.filter(|name| name.starts_with(start) && !name.ends_with(".br") && !name.ends_with(".gz")).min().unwrap()
    };
    let style = format!("/static/{}", named("static", "site."));
    let drawing = format!("/static/{}", named("static", "icon."));
    const ASK: &str = "no-cache";
    const KEEP: &str = "max-age=31536000, immutable";
    for (path, file, kind, cache) in [
        ("/", "index.html", "text/html; charset=utf-8", ASK),
        ("/products/", "products/index.html", "text/html; charset=utf-8", ASK),
        (style.as_str(), &style[1..], "text/css; charset=utf-8", KEEP),
        (drawing.as_str(), &drawing[1..], "image/svg+xml; charset=utf-8", KEEP),
        ("/feed.xml", "feed.xml", "application/atom+xml; charset=utf-8", ASK),
        ("/opensearch.xml", "opensearch.xml", "application/opensearchdescription+xml; charset=utf-8", ASK),
        ("/events.ics", "events.ics", "text/calendar; charset=utf-8", ASK),
        ("/data/products.csv", "data/products.csv", "text/csv; charset=utf-8", ASK),
        ("/search/index.json", "search/index.json", "application/json; charset=utf-8", ASK),
    ] {
        let content = fs::read(public.join(file)).unwrap();
        for accept in ["identity", "gzip", "gzip, deflate, br, zstd"] {
            let reply = server.get(path, accept);
            let said = format!("{path} ({accept}): {:?}", reply.headers);
            assert_eq!(reply.status, 200, "{said}");
            let wanted = packed.iter().find(|way| accept.contains(*way)).copied().unwrap_or_default();
            assert_eq!(reply.header("content-encoding"), wanted, "{said}");
            assert!(unpacked(&reply) == content, "{said}");
            assert!(wanted.is_empty() || reply.header("vary").contains("Accept-Encoding"), "{said}");
            assert_eq!(reply.header("content-type").to_lowercase(), kind, "{said}");
            assert!(reply.header("cache-control").contains(cache), "{said}");
            let policy = reply.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'") && policy.contains("script-src") == (path != drawing),
                "{said}"
            );
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{said}");
            assert_eq!(reply.header("access-control-allow-origin"), "*", "{said}");
        }
    }
    let missing = server.get("/ありません/".replace('あ', "%E3%81%82").as_str(), "identity");
    assert_eq!(missing.status, 404);
    assert!(missing.body == fs::read(public.join("404.html")).unwrap(), "the site's own page");
    assert_eq!(server.get("/.heartnet/files.json", "identity").status, 404);
}

#[test]
fn apache_reads_the_htaccess() {
    let folder = tempfile::tempdir().unwrap();
    let public = site(folder.path());
    let at = folder.path().display().to_string();
    let settings = |port: u16| {
        let modules = ["mpm_event", "authz_core", "dir", "mime", "alias", "setenvif", "headers", "rewrite"];
        let load =
            modules.map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")).concat();
        format!(
            "ServerRoot {at}\nServerName example.jp\nListen 127.0.0.1:{port}\nPidFile {at}/pid\nErrorLog {at}/errors\n\
             User www-data\nGroup www-data\n{load}TypesConfig /dev/null\nAddType application/x-gzip .gz\nDocumentRoot {0}\n\
             <Directory {0}>\nRequire all granted\nAllowOverride FileInfo\nOptions FollowSymLinks\nDirectoryIndex index.html\n</Directory>\n",
            public.display()
        )
    };
    let server = Server::start("apache2", settings, folder.path(), &["-X", "-f"]);
    holds(&server, &public, &["br", "gzip"]);
}

#[test]
fn nginx_reads_the_snippet() {
    let folder = tempfile::tempdir().unwrap();
    let public = site(folder.path());
    let at = folder.path().display().to_string();
    let settings = |port: u16| {
        let rooms = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let rooms = rooms.map(|name| format!("{name}_temp_path {at}/{name};\n")).concat();
        format!(
            "daemon off;\nmaster_process off;\npid {at}/pid;\nerror_log {at}/errors;\nevents {{}}\nhttp {{\naccess_log off;\n{rooms}\
             server {{\nlisten 127.0.0.1:{port};\nroot {0};\ninclude {0}/.heartnet/nginx.conf;\n}}\n}}\n",
            public.display()
        )
    };
    let server = Server::start("nginx", settings, folder.path(), &["-p", &at, "-c"]);
    holds(&server, &public, &["gzip"]);
}
