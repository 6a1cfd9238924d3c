//! `heartnet serve`: what a browser is given, and what happens while somebody writes.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DAY: &str = "2026-04-01";

fn heartnet() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heartnet"));
    command.env("LANG", "ja_JP.UTF-8").env_remove("LC_ALL");
    command
}

struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Self {
        let room = tempfile::tempdir().unwrap();
        assert!(heartnet().args(["init", "site"]).current_dir(room.path()).output().unwrap().status.success());
        Self(room)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("site").join(name)
    }

    /// As an editor saves: another file, renamed over the first.
    fn save(&self, name: &str, text: &str) {
        let other = self.path(&format!("{name}.new~"));
        fs::write(&other, text).unwrap();
        fs::rename(other, self.path(name)).unwrap();
    }

    fn serve(&self, more: &[&str]) -> Server {
        let mut command = heartnet();
        command.arg("serve").arg("--root").arg(self.path("")).args(["--as-of", DAY]).args(more);
        command.env("HEARTNET_CACHE", self.0.path().join("cache"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let rest = line.strip_prefix("http://").unwrap_or_else(|| panic!("{line}"));
        let (host, rest) = rest.split_once('/').unwrap();
        let base = format!("/{}", rest.split(' ').next().unwrap());
        Server { child, host: host.to_owned(), base }
    }
}

struct Server {
    child: Child,
    host: String,
    base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    fn send(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: all.split_off(end + 4) }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}", self.host), "")
    }

    /// What the pages are told, once it is as wanted.
    fn told(&self, wanted: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(format!("GET /_heartnet/live HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).as_bytes()).unwrap();
        let mut last = String::new();
        let begun = Instant::now();
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap_or_else(|error| panic!("{error}: {last}"));
            if let Some(data) = line.strip_prefix("data: ") {
                let state = serde_json::from_str(data).unwrap();
                if wanted(&state) {
                    return state;
                }
                last = line;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{last}");
        }
        panic!("the server hung up: {last}");
    }

    /// Waits until a page says something.
    fn says(&self, path: &str, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let text = self.get(path).text();
            if text.contains(words) {
                return text;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{path} never says {words}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A page without what only the server puts into it.
fn without_script(page: &[u8]) -> String {
    let text = String::from_utf8_lossy(page).into_owned();
    let end = "src=\"/_heartnet/live.js\"></script>";
    match (text.find("<script data-site="), text.find(end)) {
        (Some(from), Some(to)) => format!("{}{}", &text[..from], &text[to + end.len()..]),
        _ => text,
    }
}

fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = walkdir::WalkDir::new(out).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
    let all = all.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap()));
    all.filter(|(name, _)| !name.starts_with(".heartnet/")).collect()
}

#[test]
fn every_file_is_what_a_build_writes() {
    let site = Site::new();
    let photo: Vec<u8> = (0..900 * 700 * 3).map(|at| (at / 7 % 251) as u8).collect();
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 90).encode(&photo, 900, 700, jpeg_encoder::ColorType::Rgb).unwrap();
    fs::write(site.path("assets/plate.jpg"), jpeg).unwrap();
    let entry = fs::read_to_string(site.path("content/products/mihon-cookie.md")).unwrap();
    site.save("content/products/mihon-cookie.md", &format!("{entry}\n![白い皿のクッキー](plate.jpg)\n"));
    for base in ["https://example.jp/", "https://example.jp/heartnet/"] {
        let out = site.0.path().join("out");
        let mut build = heartnet();
        build
            .arg("build")
            .arg("--root")
            .arg(site.path(""))
            .args(["--as-of", DAY, "--base-url", base, "--out"])
            .arg(&out);
        assert!(build.env("HEARTNET_CACHE", site.0.path().join("cache")).output().unwrap().status.success());
        let built = files(&out);
        // Photos are looked at, but of none is known what the build knew: its pages have the tint from the cache.
        let server = site.serve(&["--base-url", base]);
        assert!(built.len() > 100 && built.keys().any(|name| name.ends_with(".webp")), "{}", built.len());
        for (name, bytes) in &built {
            // It counts what is wrong on all pages, which only a build has seen.
            if name == "accessibility/index.html" {
                continue;
            }
            let path = name.strip_suffix("index.html").unwrap_or(name);
            let answer = server.get(&format!("{}{}", server.base, path));
            let status = if name == "404.html" { 200 } else { answer.status };
            assert_eq!(status, 200, "{name}");
            if name.ends_with(".html") {
                assert_eq!(without_script(&answer.body), String::from_utf8_lossy(bytes), "{name}");
            } else {
                assert!(answer.body == *bytes, "{name} differs");
            }
        }
        fs::remove_dir_all(out).unwrap();
    }
}

#[test]
fn it_answers_as_a_host_does_and_nobody_else() {
    let site = Site::new();
    let server = site.serve(&["--base-url", "https://example.jp/heartnet/"]);
    assert_eq!(server.base, "/heartnet/");
    let root = server.get("/");
    assert!(root.status == 302 && root.head.contains("Location: /heartnet/"), "{}", root.head);
    let folder = server.get("/heartnet/products");
    assert!(folder.status == 302 && folder.head.contains("Location: /heartnet/products/"), "{}", folder.head);
    let asked = server.get("/heartnet/search?q=a%20b");
    assert!(asked.head.contains("Location: /heartnet/search/?q=a%20b"), "{}", asked.head);
    let missing = server.get("/heartnet/products/none/");
    assert!(missing.status == 404 && missing.text().contains("見つかりません"), "{}", missing.text());
    assert_eq!(server.get("/products/").status, 404);
    for path in ["/heartnet/../heartnet.yaml", "/heartnet/%2e%2e/heartnet.yaml", "/heartnet/..%2fheartnet.yaml", "/%00"]
    {
        let answer = server.get(path);
        assert!(answer.status == 400 && !answer.text().contains("base_url:"), "{path}: {}", answer.status);
    }
    for host in ["example.jp", "127.0.0.1.example.jp", ""] {
        assert_eq!(server.send(&format!("GET /heartnet/ HTTP/1.1\r\nHost: {host}"), "").status, 403, "{host}");
        let live = server.send(&format!("GET /_heartnet/live HTTP/1.1\r\nHost: {host}"), "");
        assert_eq!(live.status, 403, "{host}");
    }
    let asked = |origin: &str| {
        let head =
            format!("POST /_heartnet/ask HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nContent-Length: 0", server.host);
        server.send(&head, "").status
    };
    assert_eq!((asked("https://example.jp"), asked(&format!("http://{}", server.host))), (403, 302));
    assert_eq!(server.send("nonsense", "").status, 400);
    assert_eq!(server.send(&format!("GET /{} HTTP/1.1", "x".repeat(40_000)), "").status, 400);
    // It has outlived all of it.
    let page = server.get("/heartnet/");
    assert!(!page.head.contains("Content-Security-Policy"), "{}", page.head);
    let tag = page.head.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap().to_owned();
    let again = server.send(&format!("GET /heartnet/ HTTP/1.1\r\nHost: {}\r\nIf-None-Match: {tag}", server.host), "");
    assert!(again.status == 304 && again.body.is_empty());
}

#[test]
fn what_is_saved_is_seen_and_what_is_wrong_is_told_until_it_is_mended() {
    for more in [&[][..], &["--poll"]] {
        let site = Site::new();
        let name = "content/products/mihon-cookie.md";
        let text = fs::read_to_string(site.path(name)).unwrap();
        let title = text.lines().find_map(|line| line.strip_prefix("name: ")).unwrap().to_owned();
        let server = site.serve(more);
        let first = server.told(|_| true);
        assert_eq!(first["problems"].as_array().unwrap().len(), 0);
        site.save(name, &text.replace(&format!("name: {title}"), "name: 名前をかえた品"));
        // On its own page, on lists, in the open data.
        for path in ["/products/mihon-cookie/", "/products/", "/data/products.json"] {
            server.says(path, "名前をかえた品");
        }
        // What is wrong is told, with file, line and the way to mend it; the last good page stays.
        site.save(name, &text.replace(&format!("name: {title}"), "nmae: 名前"));
        let state = server.told(|state| {
            state["problems"].as_array().unwrap().iter().any(|p| p["place"].as_str().unwrap().contains("2行目"))
        });
        let problem = state["problems"].as_array().unwrap().iter().find(|p| p["line"] == "nmae: 名前").unwrap();
        assert!(
            problem["place"].as_str().unwrap().starts_with(name)
                && problem["message"].as_str().unwrap().contains("nmae"),
            "{problem}"
        );
        assert!(problem["help"].as_str().unwrap().contains("name"), "{problem}");
        assert!(server.get("/products/mihon-cookie/").text().contains("名前をかえた品"));
        assert!(server.get("/_heartnet/").text().contains("nmae"));
        site.save(name, &text);
        server.told(|state| state["problems"].as_array().unwrap().is_empty());
        server.says("/products/mihon-cookie/", &title);
        // A new entry, and one that went.
        let other = text.replace(&format!("name: {title}"), "name: あとから足した品");
        fs::create_dir_all(site.path("content/products/later")).unwrap();
        site.save("content/products/later/atokara.md", &other);
        server.says("/products/atokara/", "あとから足した品");
        fs::remove_dir_all(site.path("content/products/later")).unwrap();
        server.told(|_| server.get("/products/atokara/").status == 404);
        // The folder goes, with everything, and comes back.
        fs::rename(site.path("content"), site.0.path().join("away")).unwrap();
        server.told(|state| !state["problems"].as_array().unwrap().is_empty());
        assert_eq!(server.get("/products/mihon-cookie/").status, 200);
        fs::rename(site.0.path().join("away"), site.path("content")).unwrap();
        server.told(|state| state["problems"].as_array().unwrap().is_empty());
        // Another one takes its place at once: from then on that one is watched.
        let (new, old) = (site.0.path().join("new"), site.0.path().join("old"));
        assert!(Command::new("cp").arg("-r").args([&site.path("content"), &new]).status().unwrap().success());
        fs::rename(site.path("content"), old).unwrap();
        fs::rename(new, site.path("content")).unwrap();
        for later in ["入れかえたあとの品", "そのあとの品"] {
            site.save(name, &text.replace(&format!("name: {title}"), &format!("name: {later}")));
            server.says("/products/mihon-cookie/", later);
        }
    }
}

#[test]
fn a_broken_theme_or_setting_is_told_and_the_site_stays() {
    let site = Site::new();
    let settings = fs::read_to_string(site.path("heartnet.yaml")).unwrap();
    // It cannot even be read at first.
    fs::write(site.path("heartnet.yaml"), "title: [").unwrap();
    let server = site.serve(&[]);
    let first = server.get("/");
    assert!(
        first.status == 500 && first.text().contains("heartnet.yaml") && first.text().contains("直し方"),
        "{}",
        first.text()
    );
    site.save("heartnet.yaml", &settings);
    server.told(|state| state["problems"].as_array().unwrap().is_empty());
    assert_eq!(server.get("/").status, 200);
    fs::create_dir_all(site.path("templates")).unwrap();
    fs::write(site.path("templates/product.html"), "{% if %}").unwrap();
    let state = server.told(|state| !state["problems"].as_array().unwrap().is_empty());
    assert!(state["problems"][0]["place"].as_str().unwrap().contains("templates/product.html"), "{state}");
    assert_eq!(server.get("/products/mihon-cookie/").status, 200);
    // Nor are the good pages gone when it fails on its pages only.
    fs::write(site.path("templates/product.html"), "{{ no_such.thing }}").unwrap();
    let state =
        server.told(|now| !now["problems"].as_array().unwrap().is_empty() && now["problems"] != state["problems"]);
    assert!(state["problems"][0]["place"].as_str().unwrap().contains("templates/product.html"), "{state}");
    assert!(server.get("/products/mihon-cookie/").text().contains("</article>"));
    fs::remove_file(site.path("templates/product.html")).unwrap();
    // What fails on some of its pages stands in their place.
    let fails = |when: &str| format!("{{% if {when} %}}{{{{ no_such.thing }}}}{{% endif %}}");
    fs::write(site.path("templates/list.html"), fails("kind == \"facilities\"")).unwrap();
    let page = server.says("/facilities/", "templates/list.html");
    assert!(page.contains("/_heartnet/live.js"), "{page}");
    assert_eq!(server.get("/products/").status, 200);
    // Nor does the page for what is not there hide why it cannot be made.
    let before = server.told(|_| true);
    fs::write(site.path("templates/404.html"), fails(&format!("chrome.today_iso != \"{DAY}\""))).unwrap();
    server.told(|state| state["problems"].as_array().unwrap().is_empty() && state["site"] != before["site"]);
    let body = "day=2026-05-01&drafts=";
    let head = format!("POST /_heartnet/ask HTTP/1.1\r\nHost: {}\r\nContent-Length: {}", server.host, body.len());
    server.send(&head, body);
    server.says("/none/", "templates/404.html");
    assert_eq!(server.get("/none/").status, 404);
    fs::remove_dir_all(site.path("templates")).unwrap();
    server.says("/facilities/", "</section>");
    // Only a style sheet: pages need not be loaded again.
    let before = server.told(|_| true);
    fs::create_dir_all(site.path("static")).unwrap();
    server.told(|state| state["site"] != before["site"]);
    let between = server.told(|_| true);
    fs::write(site.path("static/own.css"), "body { outline: 1px solid red }").unwrap();
    let after =
        server.told(|state| state["styles"].as_array().unwrap().len() > between["styles"].as_array().unwrap().len());
    assert!(after["site"].as_u64() > between["site"].as_u64(), "{after}");
    // There was none in whose place it could come; for the next one there is.
    assert_eq!(after["same"], after["site"]);
    site.save("static/own.css", "body { outline: 2px solid red }");
    let other = server.told(|state| state["styles"] != after["styles"]);
    assert_eq!(other["same"], after["same"]);
    // What was written while it was broken is no less new when it is mended.
    site.save("static/own.css", "body { outline: 3px solid red");
    server.told(|state| !state["problems"].as_array().unwrap().is_empty());
    let name = "content/products/mihon-cookie.md";
    let text = fs::read_to_string(site.path(name)).unwrap();
    site.save(name, &format!("{text}\nあとから書いた文。\n"));
    std::thread::sleep(Duration::from_millis(300));
    site.save("static/own.css", "body { outline: 3px solid red }");
    let mended = server.told(|state| state["problems"].as_array().unwrap().is_empty());
    assert_eq!(mended["same"], mended["site"]);
}

#[test]
fn a_site_that_is_taken_away_is_seen_when_it_is_back() {
    let site = Site::new();
    let (here, copy) = (site.path(""), site.0.path().join("copy"));
    let duplicate =
        |from: &Path, to: &Path| assert!(Command::new("cp").arg("-r").args([from, to]).status().unwrap().success());
    duplicate(&here, &copy);
    let server = site.serve(&[]);
    let name = "content/products/mihon-cookie.md";
    let text = fs::read_to_string(site.path(name)).unwrap();
    let edit = |words: &str| {
        site.save(name, &format!("{text}\n{words}\n"));
        server.says("/products/mihon-cookie/", words);
    };
    fs::remove_dir_all(&here).unwrap();
    server.told(|state| !state["problems"].as_array().unwrap().is_empty());
    duplicate(&copy, &here);
    server.told(|state| state["problems"].as_array().unwrap().is_empty());
    edit("もどったあとの文。");
    // Another one in its place, at once.
    fs::rename(&here, site.0.path().join("old")).unwrap();
    duplicate(&copy, &here);
    server.told(|state| state["problems"].as_array().unwrap().is_empty());
    edit("入れかえたあとの文。");
}

#[cfg(unix)]
#[test]
fn an_entry_that_is_a_link_is_as_new_as_what_it_leads_to() {
    let site = Site::new();
    let name = "content/products/mihon-cookie.md";
    let text = fs::read_to_string(site.path(name)).unwrap();
    fs::create_dir_all(site.path("assets/entries")).unwrap();
    fs::rename(site.path(name), site.path("assets/entries/cookie.md")).unwrap();
    std::os::unix::fs::symlink("../../assets/entries/cookie.md", site.path(name)).unwrap();
    let server = site.serve(&[]);
    site.save("assets/entries/cookie.md", &format!("{text}\nリンクの先の文。\n"));
    server.says("/products/mihon-cookie/", "リンクの先の文。");
}

#[test]
fn what_a_host_forbids_is_forbidden_here() {
    let site = Site::new();
    let settings = fs::read_to_string(site.path("heartnet.yaml")).unwrap();
    site.save("heartnet.yaml", &format!("{settings}\nhosting: [netlify]\n"));
    fs::create_dir_all(site.path("templates")).unwrap();
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/heartnet/templates/product.html");
    let text = fs::read_to_string(theme).unwrap();
    let other = "<script>own()</script><iframe title=\"地図\" src=\"https://maps.example.com/\"></iframe></h1>";
    fs::write(site.path("templates/product.html"), text.replacen("</h1>", other, 1)).unwrap();
    let server = site.serve(&[]);
    let policy = |path: &str| {
        let head = server.get(path).head;
        head.lines().find_map(|line| line.strip_prefix("Content-Security-Policy: ")).unwrap_or_default().to_owned()
    };
    let (home, product) = (policy("/"), policy("/products/mihon-cookie/"));
    let scripts = |policy: &str| policy.matches("'sha256-").count();
    assert!(scripts(&home) + 1 == scripts(&product) && !home.contains("frame-src"), "{home}\n{product}");
    assert!(product.contains("frame-src https://maps.example.com"), "{product}");
    assert!(policy("/none/").contains("default-src 'none'"));
    assert_eq!(policy("/_heartnet/"), "", "our own pages are ours");
}

#[test]
fn a_photo_that_is_broken_within_is_told_when_it_is_asked_for() {
    let site = Site::new();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", &b"\0\0\x02\0\0\0\x02\0\x08\x02\0\0\0"[..]), (b"IDAT", b"no pixels"), (b"IEND", b"")]
    {
        let body = [name, data].concat();
        let sum = crc32fast::hash(&body);
        png.extend([&u32::try_from(data.len()).unwrap().to_be_bytes(), body.as_slice(), &sum.to_be_bytes()].concat());
    }
    fs::write(site.path("assets/broken.png"), png).unwrap();
    let name = "content/products/mihon-cookie.md";
    let text = fs::read_to_string(site.path(name)).unwrap();
    site.save(name, &format!("{text}\n![白い皿のクッキー](broken.png)\n"));
    let server = site.serve(&[]);
    let page = server.get("/products/mihon-cookie/").text();
    let picture = page.split("src=\"").map(|rest| rest.split('"').next().unwrap()).find(|src| src.contains("broken"));
    assert_eq!(server.get(picture.unwrap()).status, 500);
    let state = server.told(|state| !state["problems"].as_array().unwrap().is_empty());
    assert!(state["problems"][0]["place"].as_str().unwrap().starts_with(name), "{state}");
    site.save(name, &text);
    server.told(|state| state["problems"].as_array().unwrap().is_empty());
}

#[test]
fn another_day_and_drafts_can_be_asked_for() {
    let site = Site::new();
    let name = "content/products/mihon-cookie.md";
    let text = fs::read_to_string(site.path(name)).unwrap();
    fs::write(site.path("content/products/shitagaki.md"), text.replacen("---\n", "---\ndraft: true\n", 1)).unwrap();
    let server = site.serve(&[]);
    assert_eq!(server.get("/products/shitagaki/").status, 404);
    assert!(server.get("/_heartnet/").text().contains("content/products/shitagaki.md"));
    let body = "day=2027-01-05&drafts=yes";
    let head = format!("POST /_heartnet/ask HTTP/1.1\r\nHost: {}\r\nContent-Length: {}", server.host, body.len());
    assert_eq!(server.send(&head, body).status, 302);
    let state = server.told(|state| state["day"] == "2027-01-05");
    assert_eq!(state["drafts"], true);
    assert_eq!(server.get("/products/shitagaki/").status, 200);
    assert!(server.get("/").text().contains("data-hn-built=\"2027-01-05\""));
    let bad = "day=yesterday";
    let head = format!("POST /_heartnet/ask HTTP/1.1\r\nHost: {}\r\nContent-Length: {}", server.host, bad.len());
    assert_eq!(server.send(&head, bad).status, 400);
}
